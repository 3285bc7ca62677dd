//! `mingjian doctor`: looks at everything that must be right and says what is wrong and what to do.

use std::net::{TcpListener, UdpSocket};

use reqwest::Url;

use crate::compose::{self, Found};
use crate::config::Config;
use crate::parts::{self, Failure};

/// One thing that was looked at.
struct Finding {
    what: &'static str,
    wrong: Option<String>,
}

/// Looks at the installation.
///
/// # Errors
/// How many things are wrong; each was printed.
pub async fn examine(config: &Config) -> Result<(), Failure> {
    let findings = [
        Finding { what: "the data folder can be written", wrong: data_folder(config).err() },
        Finding { what: "there is space for recordings", wrong: space(config).err() },
        Finding { what: "the database answers and is up to date", wrong: database(config).await.err() },
        Finding { what: "nobody on the way to the database reads along", wrong: database_link(&config.database).err() },
        Finding { what: "calls of the video interface are signed", wrong: signed_calls(config).await.err() },
        Finding { what: "HTTP can listen", wrong: listens(config).err() },
        Finding { what: "media can listen on UDP and TCP", wrong: media_listens(config).err() },
        Finding { what: "the kernel holds media for a short stall", wrong: udp_buffer().err() },
        Finding { what: "browsers are told a reachable media address", wrong: media_address(config).err() },
        Finding { what: "ffmpeg can make the film of a recording", wrong: films().err() },
        Finding { what: "films can carry Chinese names and the clock", wrong: letters().err() },
        Finding { what: "phones can use the camera: HTTPS is served", wrong: https(config).err() },
    ];
    let mut wrong = 0;
    for finding in findings {
        match finding.wrong {
            None => println!("ok      {}", finding.what),
            Some(why) => {
                wrong += 1;
                println!("WRONG   {}\n        {why}", finding.what);
            }
        }
    }
    if wrong == 0 { Ok(()) } else { Err(format!("{wrong} of the checks failed").into()) }
}

fn data_folder(config: &Config) -> Result<(), String> {
    let probe = config.data.join(".doctor");
    std::fs::create_dir_all(&config.data)
        .and_then(|()| std::fs::write(&probe, b"ok"))
        .and_then(|()| std::fs::remove_file(&probe))
        .map_err(|error| {
            format!(
                "{}: {error}; give the server's user the right to write there, or name another folder with --data",
                config.data.display()
            )
        })
}

fn space(config: &Config) -> Result<(), String> {
    let free = crate::drive::disk::free_bytes(&config.data).map_err(|error| format!("cannot be asked: {error}"))?;
    let needed = config.reserve_bytes();
    if free > needed {
        Ok(())
    } else {
        Err(format!(
            "{} MiB are free: uploads and films need more than {} MiB, recordings {} MiB; make room or set min_free_mb",
            free >> 20,
            needed >> 20,
            config.min_free_bytes >> 20
        ))
    }
}

async fn database(config: &Config) -> Result<(), String> {
    parts::open_store(config).await.map(|_| ()).map_err(|error| error.to_string())
}

/// Names and numbers of people go to the database: in clear over a network that is not this machine's, anybody there reads them.
fn database_link(address: &str) -> Result<(), String> {
    let Some(url) = Url::parse(address).ok().filter(|url| url.scheme().starts_with("postgres")) else { return Ok(()) };
    let asked = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
    let host = asked("host").or_else(|| url.host_str().map(str::to_owned)).unwrap_or_default();
    let here = host.is_empty() || host.starts_with('/') || host == "localhost";
    let loopback = host.trim_matches(['[', ']']).parse().is_ok_and(|address: std::net::IpAddr| address.is_loopback());
    let mode = asked("sslmode").or_else(|| asked("ssl-mode")).unwrap_or_else(|| "prefer".to_owned());
    if here || loopback || matches!(mode.as_str(), "require" | "verify-ca" | "verify-full") {
        return Ok(());
    }
    Err(format!(
        "the database on {host} may be spoken to without TLS (sslmode={mode}); add ?sslmode=verify-full&sslrootcert=… to its address"
    ))
}

/// The document's own bare calls are for trying things out: whoever is in the listed network may open the recording page.
async fn signed_calls(config: &Config) -> Result<(), String> {
    if config.demo {
        return Ok(());
    }
    let store = parts::open_store(config).await.map_err(|_| "the database does not answer".to_owned())?;
    let told = |error| parts::told(error).to_string();
    let mut tx = store.read().await.map_err(told)?;
    let mut tenants = Vec::new();
    for interface in tx.interfaces().list_all().await.map_err(told)? {
        if !interface.switches.video_unsigned_from.is_empty() {
            tenants.extend(tx.tenants().lookup(interface.tenant).await.map_err(told)?.map(|tenant| tenant.code));
        }
    }
    if tenants.is_empty() {
        return Ok(());
    }
    Err(format!(
        "{} may call without a signature from listed networks; clear video_unsigned_from once the business systems sign their calls",
        tenants.join(", ")
    ))
}

fn listens(config: &Config) -> Result<(), String> {
    [Some(config.http), config.https].into_iter().flatten().try_for_each(|address| {
        TcpListener::bind(address).map(drop).map_err(|error| {
            format!("{address}: {error}; is a server running already? Else name another address with --http or --https")
        })
    })
}

fn media_listens(config: &Config) -> Result<(), String> {
    let told =
        |error| format!("{}: {error}; is a server running already? Else name another address with --rtc", config.rtc);
    UdpSocket::bind(config.rtc).map_err(told)?;
    TcpListener::bind(config.rtc).map(drop).map_err(told)
}

/// Bytes of UDP buffer that a socket may ask for: below this a stall of some milliseconds at fifty rooms loses packets.
const UDP_BUFFER: u64 = 8 << 20;

fn udp_buffer() -> Result<(), String> {
    const KEY: &str = "/proc/sys/net/core/rmem_max";
    // Where the system does not tell, there is nothing to advise.
    let most = std::fs::read_to_string(KEY).ok().and_then(|text| text.trim().parse::<u64>().ok());
    match most {
        Some(most) if most < UDP_BUFFER => Err(format!(
            "net.core.rmem_max is {most}; set it with `sysctl -w net.core.rmem_max={UDP_BUFFER}` and in /etc/sysctl.d, so that a busy moment loses no packets"
        )),
        _ => Ok(()),
    }
}

fn media_address(config: &Config) -> Result<(), String> {
    if config.rtc_public.is_empty() {
        return Err(crate::config::NO_ADDRESS.to_owned());
    }
    let hidden = config.rtc_public.iter().find(|address| address.ip().is_loopback() || address.ip().is_unspecified());
    match hidden {
        Some(address) if !config.demo => {
            Err(format!("{} is reachable from this machine alone; name the public one with --rtc-public", address.ip()))
        }
        _ => Ok(()),
    }
}

fn https(config: &Config) -> Result<(), String> {
    if config.https.is_some() || config.public_url.as_deref().is_some_and(|url| url.starts_with("https://")) {
        Ok(())
    } else {
        Err("browsers give the camera to https pages only; serve --https or set --public-url to the https address of your proxy".into())
    }
}

fn films() -> Result<(), String> {
    match compose::find() {
        Found::Whole => Ok(()),
        Found::None => Err("ffmpeg cannot be started; install it (Debian: apt install ffmpeg). Until then recordings play, but no single MP4 is made".into()),
        Found::Lacks(encoders) => {
            Err(format!("this ffmpeg lacks {}; install one that is built with them (Debian's is)", encoders.join(" and ")))
        }
    }
}

fn letters() -> Result<(), String> {
    compose::font().map(drop).ok_or_else(|| {
        "no font with Chinese letters was found; install one (Debian: apt install fonts-noto-cjk), else films have no names and no clock".into()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_database_elsewhere_is_reached_by_tls() {
        for good in [
            "mingjian.db",
            "/var/lib/mingjian/mingjian.db",
            "postgres://user:secret@localhost/mingjian",
            "postgres://user@127.0.0.1:5433/mingjian",
            "postgresql://user@[::1]/mingjian?sslmode=disable",
            "postgres:///mingjian?host=/run/postgresql",
            "postgres://user@db.bank.example/mingjian?sslmode=verify-full",
            "postgres://user@10.0.0.7/mingjian?sslmode=require",
        ] {
            assert_eq!(database_link(good), Ok(()), "{good}");
        }
        for bad in [
            "postgres://user:secret@db.bank.example/mingjian",
            "postgres://user:secret@10.0.0.7/mingjian?sslmode=prefer",
            "postgresql:///mingjian?host=db.bank.example",
        ] {
            let said = database_link(bad).expect_err(bad);
            assert!(said.contains("verify-full") && !said.contains("secret"), "{said}");
        }
    }
}
