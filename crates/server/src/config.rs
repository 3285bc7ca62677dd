//! What the server is set up with: flags and environment first, then the config file, then the defaults.
//!
//! [`Options`] is one struct for all three, so that every flag is also a config key and a variable `MINGJIAN_*`.

pub mod folder;
pub mod listeners;
mod options;

use std::net::{IpAddr, Ipv4Addr, SocketAddr, UdpSocket};
use std::path::PathBuf;

use mingjian_api::CrmPaths;
use mingjian_api::limits::{Limits, Rate};
use mingjian_api::mounts::Mounts;
use mingjian_domain::secret::Secret;

pub use options::{Options, Sync};

type Failure = Box<dyn std::error::Error + Send + std::marker::Sync>;

/// The settings of a running server, every default filled in.
#[derive(Debug, Clone)]
pub struct Config {
    /// Whether the demo fixtures exist and only loopback is served.
    pub demo: bool,
    /// Whether the demo is open to phones on the same network, with random secrets.
    pub lan: bool,
    /// Where everything is kept.
    pub data: PathBuf,
    /// A `postgres://` URL or the path of the SQLite file.
    pub database: String,
    /// Where HTTP is served.
    pub http: SocketAddr,
    /// Where HTTPS is served, if it is.
    pub https: Option<SocketAddr>,
    /// What the HTTP listener serves.
    pub http_mounts: Mounts,
    /// What the HTTPS listener serves.
    pub https_mounts: Mounts,
    /// Further HTTP listeners.
    pub listen: Vec<listeners::Listener>,
    /// How often somebody may ask.
    pub limits: Limits,
    /// Where media comes in, on UDP and on TCP.
    pub rtc: SocketAddr,
    /// The addresses that browsers are told; port 0 means the one that was bound. Empty where none is given and there is no
    /// default route to take one from: then nobody can be served.
    pub rtc_public: Vec<SocketAddr>,
    /// Makes absolute links.
    pub public_url: Option<String>,
    /// Hosts that may be named in a request besides loopback and the public URL's.
    pub hosts: Vec<String>,
    /// From whom forwarding headers are believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Hosts that callbacks may reach over plain http.
    pub callback_hosts: Vec<String>,
    /// Certificate chain and key in PEM; a self-signed pair is made without.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// coturn's URLs and shared secret.
    pub turn: Option<(Vec<String>, Secret)>,
    /// Threads for media.
    pub media_threads: usize,
    /// When recordings are synced to disk.
    pub sync: Sync,
    /// A recording does not start, and ends, with less free space than this.
    pub min_free_bytes: u64,
    /// What secrets in the database are sealed under; none takes the one in the data folder.
    pub secret_key: Option<[u8; 32]>,
    /// Keys of signed links by their id, the one that signs first; empty takes the one in the data folder.
    pub link_keys: Vec<(String, Secret)>,
    /// What `/metrics` asks for outside the demo.
    pub metrics_token: Option<Secret>,
    /// Other addresses for the calls of the image archive.
    pub crm_paths: CrmPaths,
}

/// What to do where no address for media is known.
pub const NO_ADDRESS: &str =
    "there is no default route to take the address of media from; name it with --rtc-public IP";

const HTTP_PORT: u16 = 8080;
const HTTPS_PORT: u16 = 8443;
const RTC_PORT: u16 = 8100;
/// An hour of a two-party call is about 0.75 GB: with this much left there is time to end cleanly and to call the operator.
const MIN_FREE_BYTES: u64 = 1 << 30;

impl Config {
    /// Fills the defaults in.
    ///
    /// # Errors
    /// Options that contradict each other, in a sentence for the operator.
    pub fn from_options(options: Options) -> Result<Self, Failure> {
        let demo = options.demo || options.lan;
        let lan = options.lan;
        let loopback = demo && !lan;
        let any =
            |port| SocketAddr::new(if loopback { Ipv4Addr::LOCALHOST } else { Ipv4Addr::UNSPECIFIED }.into(), port);
        let data = options.data.unwrap_or_else(|| PathBuf::from("data"));
        let rtc = options.rtc.unwrap_or_else(|| any(RTC_PORT));
        let http = options.http.unwrap_or_else(|| any(HTTP_PORT));
        let https = options.https.map_or_else(|| Some(any(HTTPS_PORT)), options::MaybeAddress::address);
        let listen = options.listen.unwrap_or_default();
        if loopback {
            let own = [("--http", Some(http)), ("--https", https), ("--rtc", Some(rtc))];
            let further = listen.iter().map(|listener| ("--listen", Some(listener.address)));
            for (flag, address) in own.into_iter().chain(further) {
                if address.is_some_and(|address| !address.ip().is_loopback()) {
                    return Err(format!(
                        "{flag}: --demo has published passwords and listens on loopback only; use --lan for random ones"
                    )
                    .into());
                }
            }
        }
        let rtc_public = match options.rtc_public {
            Some(addresses) if !addresses.is_empty() => {
                addresses.iter().map(|text| parse_public(text)).collect::<Result<Vec<_>, _>>()?
            }
            _ if loopback => vec![SocketAddr::new(Ipv4Addr::LOCALHOST.into(), 0)],
            _ => default_route().map(|ip| SocketAddr::new(ip, 0)).into_iter().collect(),
        };
        let tls = match (options.tls_cert, options.tls_key) {
            (Some(cert), Some(key)) => Some((cert, key)),
            (None, None) => None,
            _ => return Err("tls_cert and tls_key go together: give both or none".into()),
        };
        let turn = match (options.turn, options.turn_secret) {
            (Some(urls), Some(secret)) if !urls.is_empty() => Some((urls, Secret::new(secret))),
            (None, None) => None,
            _ => return Err("turn and turn_secret go together: give both or none".into()),
        };
        Ok(Self {
            demo,
            lan,
            database: options.database.unwrap_or_else(|| data.join("mingjian.db").to_string_lossy().into_owned()),
            data,
            http,
            https,
            http_mounts: options.http_faces.map_or_else(Mounts::all, |mounted| listeners::mounts(&mounted)),
            https_mounts: options.https_faces.map_or_else(Mounts::all, |mounted| listeners::mounts(&mounted)),
            listen,
            limits: limits(options.rate_per_key, options.rate_per_face, options.rate_per_address),
            rtc,
            rtc_public,
            public_url: options.public_url.map(|url| url.trim_end_matches('/').to_owned()),
            hosts: options.hosts.unwrap_or_default(),
            trusted_proxies: options.trusted_proxies.unwrap_or_default(),
            callback_hosts: options.callback_hosts.unwrap_or_default(),
            tls,
            turn,
            media_threads: options.media_threads.unwrap_or(1).max(1),
            sync: options.sync.unwrap_or_default(),
            min_free_bytes: options.min_free_mb.map_or(MIN_FREE_BYTES, |mb| mb << 20),
            secret_key: options.secret_key.map(|text| read_key(&text)).transpose()?,
            link_keys: read_link_keys(&options.link_keys.unwrap_or_default())?,
            metrics_token: options.metrics_token.map(Secret::new),
            crm_paths: CrmPaths::read(&options.crm_paths.unwrap_or_default().0)?,
        })
    }
}

impl Config {
    /// The names that this server answers to: the listed ones, and the addresses that browsers reach it at.
    #[must_use]
    pub fn own_hosts(&self) -> Vec<String> {
        self.hosts.iter().cloned().chain(self.rtc_public.iter().map(|address| address.ip().to_string())).collect()
    }

    /// What uploads and films leave free, in bytes: twice what a recording ends at, so that they stop long before they could end one.
    #[must_use]
    pub const fn reserve_bytes(&self) -> u64 {
        self.min_free_bytes.saturating_mul(2)
    }
}

/// The usual limits with other rates in the long run, and as much at once in proportion.
fn limits(key: Option<u32>, face: Option<u32>, address: Option<u32>) -> Limits {
    let usual = Limits::default();
    let rate = |usual: Rate, wanted: Option<u32>| match wanted {
        Some(per_second) => {
            Rate { per_second, burst: per_second.saturating_mul(usual.burst.div_ceil(usual.per_second)) }
        }
        None => usual,
    };
    Limits { key: rate(usual.key, key), face: rate(usual.face, face), stranger: rate(usual.stranger, address), ..usual }
}

/// 64 hex digits.
///
/// # Errors
/// Anything else, in a sentence for the operator that does not repeat it.
pub fn read_key(text: &str) -> Result<[u8; 32], Failure> {
    let mut key = [0; 32];
    hex::decode_to_slice(text.trim(), &mut key)
        .map_err(|_| "secret_key: 64 hex digits are wanted, such as `openssl rand -hex 32` prints")?;
    Ok(key)
}

/// Shorter texts could be guessed.
const LINK_KEY_CHARS: usize = 32;

/// `ID:TEXT`, each id once: letters and digits, since it stands in every link.
fn read_link_keys(texts: &[String]) -> Result<Vec<(String, Secret)>, Failure> {
    let mut keys: Vec<(String, Secret)> = Vec::new();
    for text in texts {
        let (id, key) = text.split_once(':').unwrap_or((text, ""));
        let is_id = (1..=16).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !is_id || key.len() < LINK_KEY_CHARS || keys.iter().any(|(other, _)| other == id) {
            return Err(
                "link_keys: each is ID:TEXT, with an id of its own of 1 to 16 letters and digits and a text of 32 \
                        characters at least, such as `openssl rand -hex 32` prints"
                    .into(),
            );
        }
        keys.push((id.to_owned(), Secret::new(key.to_owned())));
    }
    Ok(keys)
}

/// `IP` or `IP:PORT`.
fn parse_public(text: &str) -> Result<SocketAddr, Failure> {
    text.parse()
        .or_else(|_| text.parse::<IpAddr>().map(|ip| SocketAddr::new(ip, 0)))
        .map_err(|_| format!("rtc_public: {text:?} is not IP or IP:PORT").into())
}

/// The address that the default route would send from, if there is such a route. Connecting a UDP socket sends nothing.
fn default_route() -> Option<IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    // TEST-NET-1 (RFC 5737): no such host, but the routing table knows which way it would be.
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    socket.local_addr().ok().map(|address| address.ip())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_demo_refuses_to_listen_on_other_than_loopback() {
        let open = Options { demo: true, http: Some(SocketAddr::from(([0, 0, 0, 0], 8080))), ..Options::default() };
        assert!(Config::from_options(open).is_err());
        let closed = Options { demo: true, ..Options::default() };
        let config = Config::from_options(closed).expect("the demo's own defaults");
        assert!(config.http.ip().is_loopback() && config.rtc.ip().is_loopback());
        assert_eq!(config.rtc_public, [SocketAddr::from(([127, 0, 0, 1], 0))]);
    }

    #[test]
    fn a_further_listener_of_the_demo_stays_on_this_machine_too() {
        let listening = |listener: &str| Options {
            demo: true,
            listen: Some(vec![listener.parse().expect("a listener")]),
            ..Options::default()
        };
        assert!(Config::from_options(listening("0.0.0.0:8090=native")).is_err());
        let config = Config::from_options(listening("127.0.0.1:8090=native")).expect("loopback");
        assert_eq!(config.listen.len(), 1);
        assert_eq!(config.http_mounts, Mounts::all());
    }

    #[test]
    fn a_rate_takes_its_burst_with_it() {
        let limits = limits(Some(10), None, Some(2));
        assert_eq!(limits.key, Rate { per_second: 10, burst: 10 });
        assert_eq!(limits.stranger, Rate { per_second: 2, burst: 30 });
        assert_eq!(limits.face, Limits::default().face);
    }

    #[test]
    fn link_keys_have_ids_of_their_own_and_texts_that_cannot_be_guessed() {
        let long = "x".repeat(32);
        let keys = read_link_keys(&[format!("2:{long}"), format!("1:{long}y")]).expect("two keys");
        assert_eq!(keys.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["2", "1"]);
        assert!(read_link_keys(&[]).expect("none").is_empty());
        for broken in [long.clone(), format!(":{long}"), format!("a b:{long}"), "1:hunter2".into(), "1".into()] {
            let told = read_link_keys(std::slice::from_ref(&broken)).expect_err("it is no key").to_string();
            assert!(told.contains("ID:TEXT") && !told.contains("hunter2"), "{told}");
        }
        assert!(read_link_keys(&[format!("1:{long}"), format!("1:{long}")]).is_err(), "twice the same id");
    }

    #[test]
    fn a_secret_key_is_64_hex_digits() {
        assert_eq!(read_key(&"07".repeat(32)).ok(), Some([7; 32]));
        let told = read_key("hunter2").expect_err("it is too short").to_string();
        assert!(told.contains("64 hex digits") && !told.contains("hunter2"), "{told}");
    }

    #[test]
    fn a_public_address_may_name_its_port() {
        assert_eq!(parse_public("10.0.0.7").ok(), Some(SocketAddr::from(([10, 0, 0, 7], 0))));
        assert_eq!(parse_public("10.0.0.7:9000").ok(), Some(SocketAddr::from(([10, 0, 0, 7], 9000))));
        assert!(parse_public("bank.example").is_err());
    }
}
