//! The options as an operator gives them: each one a flag, a variable and a key of the config file.

use std::collections::BTreeMap;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use serde::Deserialize;

use super::Failure;
use super::listeners::{Listener, Mounted};

/// When recordings are synced to disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, clap::ValueEnum)]
#[serde(rename_all = "snake_case")]
#[value(rename_all = "snake_case")]
pub enum Sync {
    /// When a file is closed. A power loss may cost what the kernel had not written.
    Never,
    /// Once a second, all files together: a power loss costs at most two seconds.
    #[default]
    EachSecond,
    /// After every fragment, of half a second at most.
    EachFragment,
}

/// An address, or `off`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MaybeAddress {
    /// Not served.
    Off,
    /// Served there.
    At(SocketAddr),
}

impl MaybeAddress {
    pub(super) const fn address(self) -> Option<SocketAddr> {
        match self {
            Self::Off => None,
            Self::At(address) => Some(address),
        }
    }
}

impl FromStr for MaybeAddress {
    type Err = std::net::AddrParseError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text == "off" { Ok(Self::Off) } else { text.parse().map(Self::At) }
    }
}

impl<'de> Deserialize<'de> for MaybeAddress {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Paths by the number of a call. As a flag `1=/login,4=/accounts`, in the config file a table `crm_paths`.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(transparent)]
pub struct NumberedPaths(pub BTreeMap<String, String>);

impl FromStr for NumberedPaths {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let pair = |part: &str| {
            let (number, path) = part.split_once('=').ok_or_else(|| format!("{part:?} is not NUMBER=PATH"))?;
            Ok((number.trim().to_owned(), path.trim().to_owned()))
        };
        text.split(',').map(pair).collect::<Result<_, _>>().map(Self)
    }
}

macro_rules! options {
    ($($(#[$doc:meta])* $([$($clap:tt)*])? $name:ident: $type:ty, $env:literal;)+) => {
        /// What an operator may set.
        #[derive(Debug, Clone, Default, clap::Args, Deserialize)]
        #[serde(deny_unknown_fields, default)]
        pub struct Options {
            /// Serve the demo: fixtures with published passwords, loopback only.
            #[arg(long, env = "MINGJIAN_DEMO")]
            pub demo: bool,
            /// Open the demo to the local network, with random passwords, printed.
            #[arg(long, env = "MINGJIAN_LAN")]
            pub lan: bool,
            $($(#[$doc])* #[arg(long, env = $env, $($($clap)*)?)] pub $name: Option<$type>,)+
        }

        impl Options {
            /// These options, with `file`'s where there are none.
            fn or(self, file: Self) -> Self {
                Self { demo: self.demo || file.demo, lan: self.lan || file.lan, $($name: self.$name.or(file.$name),)+ }
            }
        }
    };
}

options! {
    /// Folder of everything that is kept [default: ./data].
    data: PathBuf, "MINGJIAN_DATA";
    /// `postgres://…`, or the path of the SQLite file [default: mingjian.db in the data folder].
    [hide_env_values = true] database: String, "MINGJIAN_DATABASE";
    /// Where HTTP is served [default: port 8080].
    http: SocketAddr, "MINGJIAN_HTTP";
    /// Where HTTPS is served, or `off` [default: port 8443, with a certificate of our own unless one is given].
    https: MaybeAddress, "MINGJIAN_HTTPS";
    /// What the HTTP listener serves: faces (video, netdisk, crm, signing, meeting, native) and `pages` [default: everything].
    [value_delimiter = ','] http_faces: Vec<Mounted>, "MINGJIAN_HTTP_FACES";
    /// What the HTTPS listener serves [default: everything].
    [value_delimiter = ','] https_faces: Vec<Mounted>, "MINGJIAN_HTTPS_FACES";
    /// A further HTTP listener with what it serves, such as `10.0.0.5:8090=netdisk,meeting`; may be repeated.
    [value_delimiter = ';'] listen: Vec<Listener>, "MINGJIAN_LISTEN";
    /// Where media comes in, on UDP and TCP [default: port 8100].
    rtc: SocketAddr, "MINGJIAN_RTC";
    /// The address that browsers reach media at, IP or IP:PORT; may be repeated [default: the one of the default route].
    [value_delimiter = ','] rtc_public: Vec<String>, "MINGJIAN_RTC_PUBLIC";
    /// Scheme and host of absolute links, such as `https://video.bank.example` [default: those of the request].
    public_url: String, "MINGJIAN_PUBLIC_URL";
    /// Further host names that this server answers to.
    [value_delimiter = ','] hosts: Vec<String>, "MINGJIAN_HOSTS";
    /// Proxies whose X-Forwarded headers are read.
    [value_delimiter = ','] trusted_proxies: Vec<IpAddr>, "MINGJIAN_TRUSTED_PROXIES";
    /// Hosts that callbacks, text message gateways and other servers of tenants may have in private networks and be reached at over plain http.
    [value_delimiter = ','] callback_hosts: Vec<String>, "MINGJIAN_CALLBACK_HOSTS";
    /// Certificate chain for HTTPS, PEM.
    tls_cert: PathBuf, "MINGJIAN_TLS_CERT";
    /// Its private key, PEM.
    tls_key: PathBuf, "MINGJIAN_TLS_KEY";
    /// URLs of the TURN server, such as `turn:turn.bank.example:3478?transport=udp`.
    [value_delimiter = ','] turn: Vec<String>, "MINGJIAN_TURN";
    /// coturn's `static-auth-secret`.
    [hide_env_values = true] turn_secret: String, "MINGJIAN_TURN_SECRET";
    /// Paths of the image archive's calls where they are not ours, such as `1=/login,4=/accounts`; the numbers are the document's.
    crm_paths: NumberedPaths, "MINGJIAN_CRM_PATHS";
    /// Threads for media [default: 1].
    media_threads: usize, "MINGJIAN_MEDIA_THREADS";
    /// When recordings are synced to disk [default: each_second].
    sync: Sync, "MINGJIAN_SYNC";
    /// A recording does not start, and ends, with less free space than this, in MiB [default: 1024].
    min_free_mb: u64, "MINGJIAN_MIN_FREE_MB";
    /// What secrets of the interfaces are sealed under in the database, 64 hex digits: the same on every machine of an
    /// installation [default: one in the data folder].
    [hide_env_values = true] secret_key: String, "MINGJIAN_SECRET_KEY";
    /// Requests a second of one native key [default: 100].
    [value_parser = clap::value_parser!(u32).range(1..)] rate_per_key: u32, "MINGJIAN_RATE_PER_KEY";
    /// Requests a second of one tenant's business systems through one face [default: 200].
    [value_parser = clap::value_parser!(u32).range(1..)] rate_per_face: u32, "MINGJIAN_RATE_PER_FACE";
    /// Requests a second of one address that has proved nothing [default: 20].
    [value_parser = clap::value_parser!(u32).range(1..)] rate_per_address: u32, "MINGJIAN_RATE_PER_ADDRESS";
    /// Keys of signed links as ID:TEXT, the text of 32 characters at least: the first signs, links of all are accepted
    /// [default: `1:` and the one in the data folder].
    [value_delimiter = ',', hide_env_values = true] link_keys: Vec<String>, "MINGJIAN_LINK_KEYS";
    /// What `/metrics` asks for as a bearer token [default: one in the data folder].
    [hide_env_values = true] metrics_token: String, "MINGJIAN_METRICS_TOKEN";
}

impl Options {
    /// These options completed from the config file, if one is named.
    ///
    /// # Errors
    /// A file that cannot be read or has an unknown key, in a sentence for the operator.
    pub fn with_file(self, file: Option<&Path>) -> Result<Self, Failure> {
        let Some(path) = file else { return Ok(self) };
        let text =
            std::fs::read_to_string(path).map_err(|error| format!("the config file {}: {error}", path.display()))?;
        let file: Self =
            toml::from_str(&text).map_err(|error| format!("the config file {}: {error}", path.display()))?;
        Ok(self.or(file))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flag_wins_over_the_file() {
        let folder = std::env::temp_dir().join(format!("mingjian-options-{}", std::process::id()));
        std::fs::write(&folder, "http = \"127.0.0.1:1\"\nhttps = \"off\"\nsync = \"each_fragment\"\n")
            .expect("a temporary file");
        let flags = Options { http: Some(SocketAddr::from(([127, 0, 0, 1], 2))), ..Options::default() };
        let options = flags.with_file(Some(&folder)).expect("a good file");
        assert_eq!(options.http, Some(SocketAddr::from(([127, 0, 0, 1], 2))));
        assert_eq!(options.https, Some(MaybeAddress::Off));
        assert_eq!(options.sync, Some(Sync::EachFragment));
        std::fs::write(&folder, "htttp = \"127.0.0.1:1\"\n").expect("a temporary file");
        assert!(Options::default().with_file(Some(&folder)).is_err());
        std::fs::remove_file(&folder).expect("the file is there");
    }
}
