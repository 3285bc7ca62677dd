//! Sends callbacks over HTTP: https unless the host is listed, each name resolved once, and never to this machine or its own link.
//!
//! An address in a tenant's settings is a way for that tenant to make this server speak to others. So redirects are not
//! followed, proxies of the environment are not used, and the addresses that a name resolves to are checked where the
//! connection is made: a name that answers differently the second time gains nothing.

use std::error::Error as StdError;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use mingjian_service::ports::{Answered, CallbackSender, Delivery, SendFailure};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::CONTENT_TYPE;
use reqwest::{Client, Url, redirect};

/// For the whole of a try, from the name to the status.
const TIMEOUT: Duration = Duration::from_secs(10);

/// Sends callbacks over HTTP.
pub struct HttpCallbacks {
    client: Client,
    rules: Rules,
}

#[derive(Debug, Clone)]
struct Rules {
    /// Hosts that may be called in the clear.
    listed: Arc<[String]>,
    /// In the demo this machine may be called, and anybody in the clear.
    demo: bool,
}

/// The name leads to this machine or its own link.
#[derive(Debug, thiserror::Error)]
#[error("the address is this machine's or link-local")]
struct ForbiddenAddress;

impl HttpCallbacks {
    /// A sender that may call `listed` hosts in the clear.
    ///
    /// # Errors
    /// The TLS library cannot be set up.
    pub fn new(listed: Vec<String>, demo: bool) -> Result<Self, reqwest::Error> {
        let rules = Rules { listed: listed.into(), demo };
        let client = Client::builder()
            .timeout(TIMEOUT)
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("Mingjian/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(rules.clone()))
            .build()?;
        Ok(Self { client, rules })
    }
}

impl Rules {
    /// Whether the URL may be called, as far as it tells; names are checked when they are resolved.
    fn check(&self, url: &str) -> Result<Url, SendFailure> {
        let forbidden = |why: &str| SendFailure::Forbidden(why.to_owned());
        let url = Url::parse(url).map_err(|_| forbidden("回调地址不是有效的 URL,请在租户设置中更正"))?;
        let host = url.host_str().ok_or_else(|| forbidden("回调地址缺少主机名，请在租户设置中更正"))?;
        match url.scheme() {
            "https" => {}
            "http" if self.demo || self.listed.iter().any(|listed| listed.eq_ignore_ascii_case(host)) => {}
            "http" => return Err(forbidden("回调地址应使用 https;确需 http 时请管理员登记该主机")),
            _ => return Err(forbidden("回调地址应以 https:// 开头，请在租户设置中更正")),
        }
        let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        if literal.is_ok_and(|address| !self.allows(address)) {
            return Err(forbidden("回调地址指向本机或链路本地地址，不允许回调"));
        }
        Ok(url)
    }

    fn allows(&self, address: IpAddr) -> bool {
        let is_own = match address.to_canonical() {
            IpAddr::V4(address) => {
                // 0.0.0.0/8 is "this host on this network" (RFC 1122 section 3.2.1.3).
                address.octets()[0] == 0
                    || address.is_loopback()
                    || address.is_link_local()
                    || address.is_multicast()
                    || address.is_broadcast()
            }
            IpAddr::V6(address) => {
                address.is_unspecified()
                    || address.is_loopback()
                    || address.is_unicast_link_local()
                    || address.is_multicast()
            }
        };
        self.demo || !is_own
    }
}

impl Resolve for Rules {
    fn resolve(&self, name: Name) -> Resolving {
        let rules = self.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One forbidden address is enough: which one is tried first is not ours to say.
            if found.iter().any(|address| !rules.allows(address.ip())) {
                return Err(Box::new(ForbiddenAddress) as Box<dyn StdError + Send + Sync>);
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl CallbackSender for HttpCallbacks {
    fn send(&self, delivery: Delivery) -> Answered<'_> {
        Box::pin(async move {
            let url = self.rules.check(&delivery.url)?;
            let request = self
                .client
                .post(url)
                .header(CONTENT_TYPE, "application/json")
                .header("Mingjian-Signature", delivery.signature)
                .header("Mingjian-Delivery", delivery.id)
                .body(delivery.body);
            // The answer's body is not read: its status is all that counts.
            request.send().await.map(|answer| answer.status().as_u16()).map_err(failure)
        })
    }
}

fn failure(error: reqwest::Error) -> SendFailure {
    let timed_out = error.is_timeout();
    let error = error.without_url();
    let mut deepest: &(dyn StdError + 'static) = &error;
    while let Some(source) = deepest.source() {
        if source.is::<ForbiddenAddress>() {
            return SendFailure::Forbidden("回调地址指向本机或链路本地地址，不允许回调".to_owned());
        }
        deepest = source;
    }
    SendFailure::Unreachable(if timed_out {
        format!("对方在 {} 秒内没有应答", TIMEOUT.as_secs())
    } else {
        format!("无法连接对方：{deepest}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    fn rules(demo: bool) -> Rules {
        Rules { listed: vec!["inner.bank.example".to_owned(), "127.0.0.1".to_owned()].into(), demo }
    }

    fn sender(demo: bool) -> HttpCallbacks {
        // The program does this in main; whichever test comes first does it here.
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        HttpCallbacks::new(Vec::new(), demo).expect("a client")
    }

    fn delivery(url: String) -> Delivery {
        Delivery { url, body: "{\"a\":1}".into(), signature: "t=1,v1=beef".into(), id: "0190".into() }
    }

    /// Answers one request and hands out what it read.
    async fn receiver(answer: &'static str) -> (SocketAddr, tokio::task::JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let heard = tokio::spawn(async move {
            let (mut socket, _) = listener.accept().await.expect("a connection");
            let mut heard = String::new();
            while !heard.ends_with("{\"a\":1}") {
                let mut piece = [0; 1024];
                let read = socket.read(&mut piece).await.expect("a request");
                heard.push_str(std::str::from_utf8(&piece[..read]).expect("text"));
            }
            socket.write_all(answer.as_bytes()).await.expect("an answer");
            heard
        });
        (address, heard)
    }

    #[test]
    fn https_is_asked_for_unless_the_host_is_listed() {
        for (url, allowed) in [
            ("https://bank.example/hook", true),
            ("http://inner.bank.example/hook", true),
            ("http://10.1.2.3/hook", false),
            ("http://bank.example/hook", false),
            ("ftp://bank.example/hook", false),
            ("bank.example/hook", false),
        ] {
            assert_eq!(rules(false).check(url).is_ok(), allowed, "{url}");
        }
    }

    #[test]
    fn this_machine_and_its_link_are_never_called() {
        for host in [
            "127.0.0.1",
            "127.9.9.9",
            "0.0.0.0",
            "169.254.169.254",
            "[::1]",
            "[fe80::1]",
            "[::ffff:127.0.0.1]",
            "2130706433",
            "0x7f.1",
        ] {
            let url = format!("https://{host}/hook");
            assert!(matches!(rules(false).check(&url), Err(SendFailure::Forbidden(_))), "{url}");
        }
        assert!(rules(false).check("https://10.1.2.3/hook").is_ok(), "an institution's own network is its own affair");
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused_when_it_is_resolved() {
        let sent = sender(false).send(delivery("https://localhost:1/hook".to_owned())).await;
        assert!(matches!(sent, Err(SendFailure::Forbidden(_))), "{sent:?}");
    }

    #[tokio::test]
    async fn the_demo_sends_body_and_signature_to_this_machine() {
        let (address, heard) = receiver("HTTP/1.1 204 No Content\r\n\r\n").await;
        assert_eq!(sender(true).send(delivery(format!("http://{address}/hook"))).await, Ok(204));
        let heard = heard.await.expect("the receiver ran");
        assert!(heard.starts_with("POST /hook HTTP/1.1\r\n"), "{heard}");
        assert!(heard.to_ascii_lowercase().contains("mingjian-signature: t=1,v1=beef\r\n"), "{heard}");
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_not_followed() {
        let (address, _heard) =
            receiver("HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n").await;
        assert_eq!(sender(true).send(delivery(format!("http://{address}/hook"))).await, Ok(302));
    }

    #[tokio::test]
    async fn nobody_there_is_worth_another_try() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        drop(listener);
        let sent = sender(true).send(delivery(format!("http://{address}/hook"))).await;
        assert!(matches!(sent, Err(SendFailure::Unreachable(_))), "{sent:?}");
    }
}
