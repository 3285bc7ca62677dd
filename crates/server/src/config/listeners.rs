//! What each listener serves, as an operator writes it: `netdisk,meeting`, `pages`, `10.0.0.5:8090=native,pages`.

use std::net::SocketAddr;
use std::str::FromStr;

use mingjian_api::mounts::Mounts;
use mingjian_domain::interface::FaceName;
use serde::Deserialize;

/// A face, or the pages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mounted {
    /// The paths of a face.
    Face(FaceName),
    /// The pages.
    Pages,
}

/// A further listener.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listener {
    /// Where.
    pub address: SocketAddr,
    /// What it serves.
    pub mounts: Mounts,
}

impl FromStr for Mounted {
    type Err = String;

    fn from_str(word: &str) -> Result<Self, String> {
        if word == "pages" {
            return Ok(Self::Pages);
        }
        let words = FaceName::ALL.map(FaceName::word).join(", ");
        FaceName::from_word(word).map(Self::Face).ok_or_else(|| format!("{word:?} is none of {words}, pages"))
    }
}

impl FromStr for Listener {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = || format!("{text:?} is not ADDRESS=FACE,FACE, such as 10.0.0.5:8090=netdisk,meeting");
        let (address, words) = text.split_once('=').ok_or_else(wanted)?;
        let address = address.trim().parse().map_err(|_| wanted())?;
        let mounted = words.split(',').map(|word| word.trim().parse()).collect::<Result<Vec<_>, _>>()?;
        Ok(Self { address, mounts: mounts(&mounted) })
    }
}

macro_rules! deserialize_from_text {
    ($($kind:ty)+) => {$(
        impl<'de> Deserialize<'de> for $kind {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}
deserialize_from_text!(Mounted Listener);

/// A listener's mounts.
pub fn mounts(mounted: &[Mounted]) -> Mounts {
    let face = |one: &Mounted| match one {
        Mounted::Face(face) => Some(*face),
        Mounted::Pages => None,
    };
    Mounts { faces: mounted.iter().filter_map(face).collect(), pages: mounted.contains(&Mounted::Pages) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listener_is_an_address_with_what_it_serves() {
        let listener: Listener = "127.0.0.1:8090=netdisk, meeting".parse().expect("a listener");
        assert_eq!(listener.address, SocketAddr::from(([127, 0, 0, 1], 8090)));
        assert_eq!(listener.mounts, Mounts { faces: [FaceName::Netdisk, FaceName::Meeting].into(), pages: false });
        let pages: Listener = "[::1]:1=pages,native".parse().expect("a listener");
        assert_eq!(pages.mounts, Mounts { faces: [FaceName::Native].into(), pages: true });
        for wrong in ["127.0.0.1:8090", "8090=pages", "127.0.0.1:8090=", "127.0.0.1:8090=netdisk,disk"] {
            assert!(wrong.parse::<Listener>().is_err(), "{wrong}");
        }
    }
}
