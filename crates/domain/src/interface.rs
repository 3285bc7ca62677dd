//! What a tenant's business systems prove themselves with at the faces, and what each face may do for the tenant.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};
use crate::file::RetentionDays;
use crate::id::TenantId;
use crate::secret::Secret;

/// A set of interfaces that callers of one document know.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaceName {
    /// 双录系统 1.0: `/video`.
    Video,
    /// 录像管理: `/CLOUDROOM-API`.
    Netdisk,
    /// 影像归档: `/crm`.
    Crm,
    /// 远程视频面签: `/api/blade-system`.
    Signing,
    /// 会中管理: `/meeting`.
    Meeting,
    /// Our own: `/api/v1`.
    Native,
}

impl FaceName {
    /// Every face.
    pub const ALL: [Self; 6] = [Self::Video, Self::Netdisk, Self::Crm, Self::Signing, Self::Meeting, Self::Native];

    /// The word that stands in stores, logs and configs.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Video => "video",
            Self::Netdisk => "netdisk",
            Self::Crm => "crm",
            Self::Signing => "signing",
            Self::Meeting => "meeting",
            Self::Native => "native",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|face| face.word() == word)
    }
}

/// The credentials of one tenant's business systems. Numbers and names are unique per installation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interface {
    /// Whose.
    pub tenant: TenantId,
    /// `entId`, the number that the meeting face prints.
    pub ent_id: i64,
    /// `CompID` of the netdisk face.
    pub comp_id: i64,
    /// `CompSecret`: callers send the MD5 of it with the number, so it must be readable.
    pub comp_secret: Secret,
    /// `AppId`, which the netdisk face also calls `UserName`.
    pub app_id: String,
    /// `AppSecret`, which also signs calls of the video face.
    pub app_secret: Secret,
    /// The literal key of the meeting face, such as `800`; none where only the MD5 form is to be taken.
    pub meeting_auth: Option<Secret>,
    /// `API ID` of the meeting face.
    pub api_id: String,
    /// `API KEY` of the meeting face.
    pub api_key: Secret,
    /// What the faces may do.
    pub switches: Switches,
}

/// What the faces may do for a tenant.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Switches {
    /// Faces that are off.
    pub off: BTreeSet<FaceName>,
    /// Networks from which the video face takes calls without a signature; none: from nowhere.
    pub video_unsigned_from: Vec<Network>,
    /// Origins whose pages may ask the netdisk face by GET and JSONP; none: GET is off.
    pub netdisk_get_from: Option<Vec<String>>,
    /// Schemes with hosts that `getRecords` may put in front of its links.
    pub meeting_origins: Vec<String>,
    /// Where the events of the netdisk face go (`ROOM_*`, `RECORD_FINISH`).
    pub netdisk_callback_url: Option<String>,
    /// Where pages that a business system opens may lead back to, such as `https://bank.example`.
    pub return_origins: Vec<String>,
    /// Text messages of a day; none: [`crate::message::Message::QUOTA`].
    pub messages_a_day: Option<u32>,
    /// The shape in which results are sent.
    pub results_as: ResultsAs,
    /// Bytes of files that the tenant may keep beside its recordings; none: as much as the disk holds.
    pub quota_bytes: Option<u64>,
    /// How long files of each kind must stay, in days; a kind that is not there has no date.
    pub file_retention_days: RetentionDays,
}

/// The shape in which a tenant wants its results.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ResultsAs {
    /// Our own: `interview_ended`.
    #[default]
    Native,
    /// The signing document's: `INTERVIEW_PASS`, `INTERVIEW_REFUSE`, `INTERVIEW_SUPPLEMENT`.
    Signing,
}

impl ResultsAs {
    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Native => "native",
            Self::Signing => "signing",
        }
    }

    /// The shape of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Native, Self::Signing].into_iter().find(|shape| shape.word() == word)
    }
}

impl Switches {
    /// Whether a face is on.
    #[must_use]
    pub fn is_on(&self, face: FaceName) -> bool {
        !self.off.contains(&face)
    }

    /// The switches as a tenant admin may set them, blanks trimmed off.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field and what is wanted.
    pub fn check(mut self) -> Result<Self> {
        let origins = [
            ("netdisk_get_from", self.netdisk_get_from.as_mut()),
            ("meeting_origins", Some(&mut self.meeting_origins)),
            ("return_origins", Some(&mut self.return_origins)),
        ];
        for (field, list) in origins {
            let Some(list) = list else { continue };
            if list.len() > MOST_ENTRIES {
                return Err(Error::Invalid(format!("{field}:最多 {MOST_ENTRIES} 项")));
            }
            for origin in list {
                *origin = origin.trim().trim_end_matches('/').to_ascii_lowercase();
                if !is_origin(origin) {
                    return Err(Error::Invalid(format!("{field}:应为协议加域名，例如 https://bank.example:8443")));
                }
            }
        }
        if self.video_unsigned_from.len() > MOST_ENTRIES {
            return Err(Error::Invalid(format!("video_unsigned_from:最多 {MOST_ENTRIES} 项")));
        }
        if self.file_retention_days.values().any(|days| !(1..=LONGEST_RETENTION_DAYS).contains(days)) {
            return Err(Error::Invalid(format!("file_retention_days:应为 1 至 {LONGEST_RETENTION_DAYS} 天")));
        }
        self.netdisk_callback_url =
            self.netdisk_callback_url.map(|url| url.trim().to_owned()).filter(|url| !url.is_empty());
        if let Some(url) = &self.netdisk_callback_url {
            let (origin, _) = split_origin(url);
            if url.len() > LONGEST_URL
                || !is_origin(&origin.to_ascii_lowercase())
                || url.chars().any(|c| c.is_whitespace() || c.is_control())
            {
                return Err(Error::Invalid(
                    "netdisk_callback_url:应为完整的网址，例如 https://bank.example/hook".into(),
                ));
            }
        }
        Ok(self)
    }

    /// Whether the video face takes calls without a signature from that address.
    #[must_use]
    pub fn takes_unsigned_from(&self, address: IpAddr) -> bool {
        self.video_unsigned_from.iter().any(|network| network.holds(address))
    }
}

/// Entries of a list of networks or origins.
const MOST_ENTRIES: usize = 50;
const LONGEST_URL: usize = 2000;
/// A hundred years.
const LONGEST_RETENTION_DAYS: u32 = 36_525;

/// Scheme and host of an address, and what follows.
fn split_origin(url: &str) -> (&str, &str) {
    let host = url.find("://").map_or(0, |at| at + 3);
    url.split_at(url[host..].find(['/', '?', '#']).map_or(url.len(), |at| host + at))
}

/// `http` or `https`, a host, and perhaps a port; no path and no credentials.
fn is_origin(text: &str) -> bool {
    let Some(host) = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://")) else { return false };
    let (name, port) = match host.rsplit_once(':') {
        Some((name, port)) if !port.contains(']') => (name, Some(port)),
        _ => (host, None),
    };
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._[]:".contains(&byte);
    !name.is_empty()
        && name.len() <= 255
        && name.bytes().all(plain)
        && port.is_none_or(|port| port.parse::<u16>().is_ok())
}

/// An address with the length of its prefix, such as `10.1.0.0/16` (RFC 4632).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Network {
    address: IpAddr,
    prefix_bits: u8,
}

/// The text was no network.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("应为网络地址，例如 10.1.0.0/16 或 192.0.2.7")]
pub struct NotANetwork;

impl Network {
    /// Whether the address is in it. An IPv4 address that is written as IPv6 counts as IPv4.
    #[must_use]
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.address, address.to_canonical()) {
            (IpAddr::V4(own), IpAddr::V4(other)) => {
                let rest = 32_u32.saturating_sub(u32::from(self.prefix_bits));
                (own.to_bits() ^ other.to_bits()).checked_shr(rest).unwrap_or(0) == 0
            }
            (IpAddr::V6(own), IpAddr::V6(other)) => {
                let rest = 128_u32.saturating_sub(u32::from(self.prefix_bits));
                (own.to_bits() ^ other.to_bits()).checked_shr(rest).unwrap_or(0) == 0
            }
            (IpAddr::V4(_), IpAddr::V6(_)) | (IpAddr::V6(_), IpAddr::V4(_)) => false,
        }
    }
}

impl FromStr for Network {
    type Err = NotANetwork;

    fn from_str(text: &str) -> std::result::Result<Self, NotANetwork> {
        let (address, bits) = text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let address: IpAddr = address.trim().parse().map_err(|_| NotANetwork)?;
        let most = if address.is_ipv4() { 32 } else { 128 };
        let prefix_bits = match bits {
            Some(bits) => bits.trim().parse().ok().filter(|&bits| bits <= most).ok_or(NotANetwork)?,
            None => most,
        };
        Ok(Self { address, prefix_bits })
    }
}

impl TryFrom<String> for Network {
    type Error = NotANetwork;

    fn try_from(text: String) -> std::result::Result<Self, NotANetwork> {
        text.parse()
    }
}

impl From<Network> for String {
    fn from(network: Network) -> Self {
        format!("{}/{}", network.address, network.prefix_bits)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn network(text: &str) -> Network {
        text.parse().expect("a network")
    }

    fn address(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn a_network_holds_what_begins_like_it() {
        assert!(network("10.1.0.0/16").holds(address("10.1.200.3")));
        assert!(network("10.1.0.0/16").holds(address("::ffff:10.1.200.3")));
        assert!(!network("10.1.0.0/16").holds(address("10.2.0.1")));
        assert!(network("0.0.0.0/0").holds(address("203.0.113.9")));
        assert!(!network("0.0.0.0/0").holds(address("2001:db8::1")));
        assert!(network("192.0.2.7").holds(address("192.0.2.7")));
        assert!(!network("192.0.2.7").holds(address("192.0.2.6")));
        assert!(network("2001:db8::/32").holds(address("2001:db8:1::1")));
        assert!(!network("2001:db8::/32").holds(address("2001:db9::1")));
        for broken in ["", "10.1.0.0/33", "bank.example", "10.1/16", "::/129"] {
            assert_eq!(broken.parse::<Network>(), Err(NotANetwork), "{broken}");
        }
    }

    #[test]
    fn switches_of_an_older_version_read_back_with_what_is_new_off() {
        let switches: Switches = serde_json::from_str(r#"{"off":["crm"],"later":1}"#).expect("switches");
        assert!(!switches.is_on(FaceName::Crm) && switches.is_on(FaceName::Video));
        assert!(!switches.takes_unsigned_from(address("127.0.0.1")));
        assert_eq!(switches.netdisk_get_from, None);
    }

    #[test]
    fn switches_are_tidied_and_what_is_no_address_is_named() {
        let good = Switches {
            netdisk_get_from: Some(vec![" HTTPS://Bank.example:8443/ ".into(), "http://[::1]:80".into()]),
            meeting_origins: vec!["http://10.0.0.1".into()],
            netdisk_callback_url: Some(" https://bank.example/hook?a=1 ".into()),
            ..Switches::default()
        };
        let checked = good.check().expect("good switches");
        assert_eq!(checked.netdisk_get_from, Some(vec!["https://bank.example:8443".into(), "http://[::1]:80".into()]));
        assert_eq!(checked.netdisk_callback_url.as_deref(), Some("https://bank.example/hook?a=1"));
        for wrong in [
            "bank.example",
            "ftp://bank.example",
            "https://",
            "https://a b",
            "https://u:p@bank.example",
            "https://a/b",
            "https://a:99999",
        ] {
            let switches = Switches { meeting_origins: vec![wrong.into()], ..Switches::default() };
            let told = switches.check().expect_err("it is no origin").to_string();
            assert!(told.starts_with("meeting_origins:"), "{wrong}: {told}");
        }
        let switches = Switches { netdisk_callback_url: Some("bank.example/hook".into()), ..Switches::default() };
        assert!(switches.check().is_err());
        for days in [0, 36_526] {
            let file_retention_days = RetentionDays::from([(crate::file::FileKind::Meeting, days)]);
            assert!(Switches { file_retention_days, ..Switches::default() }.check().is_err(), "{days}");
        }
    }
}
