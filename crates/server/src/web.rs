//! Every request that this server sends to somebody else's: https unless the host is listed, each name resolved once per
//! connection, and never to this machine, its own link or a private network that the operator did not list.
//!
//! An address in a tenant's settings is a way for that tenant to make this server speak to others. So redirects are not
//! followed, proxies of the environment are not used, and the addresses that a name resolves to are checked where the
//! connection is made: a name that answers differently the second time gains nothing. Answers are read up to a limit and
//! within a time.

use std::error::Error as StdError;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use mingjian_service::ports::{Errand, Method, Returned, SendFailure, Web, Went};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Url, redirect};

/// No errand may take longer, whatever its tenant wants.
const LONGEST: Duration = Duration::from_secs(15);
/// Before the second try, and twice as long before each further one.
const PAUSE: Duration = Duration::from_millis(200);

/// Sends requests over HTTP.
pub struct HttpWeb {
    client: Client,
    rules: Rules,
}

#[derive(Debug, Clone)]
struct Rules {
    /// Hosts that may be called in the clear, and in private networks.
    listed: Arc<[String]>,
    /// In the demo this machine may be called, and anybody in the clear.
    demo: bool,
}

/// The name leads to where nobody may be called.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
struct ForbiddenAddress(&'static str);

/// Where an address leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The internet.
    Public,
    /// An institution's own network: for hosts that the operator lists.
    Private,
    /// This machine, its link, or nobody in particular: never.
    Own,
}

impl HttpWeb {
    /// Calls `listed` hosts also in the clear and in private networks.
    ///
    /// # Errors
    /// The TLS library cannot be set up.
    pub fn new(listed: Vec<String>, demo: bool) -> Result<Self, reqwest::Error> {
        let rules = Rules { listed: listed.into(), demo };
        let client = Client::builder()
            .redirect(redirect::Policy::none())
            .no_proxy()
            .referer(false)
            .user_agent(concat!("Mingjian/", env!("CARGO_PKG_VERSION")))
            .dns_resolver(Arc::new(rules.clone()))
            .build()?;
        Ok(Self { client, rules })
    }

    async fn try_once(&self, url: Url, errand: &Errand) -> Result<Returned, SendFailure> {
        let method = match errand.method {
            Method::Get => reqwest::Method::GET,
            Method::Post => reqwest::Method::POST,
            Method::Put => reqwest::Method::PUT,
        };
        let time = errand.time.min(LONGEST);
        let mut request = self.client.request(method, url).timeout(time).body(errand.body.clone());
        for (name, value) in &errand.headers {
            request = request.header(name, value.expose());
        }
        let mut answer = request.send().await.map_err(|error| failure(error, time))?;
        let status = answer.status().as_u16();
        let mut body = Vec::new();
        // Where nothing of the answer counts but its status, its body is not read.
        if errand.most_bytes == 0 {
            return Ok(Returned { status, body });
        }
        while let Some(piece) = answer.chunk().await.map_err(|error| failure(error, time))? {
            if body.len() + piece.len() > errand.most_bytes {
                return Err(SendFailure::Unreachable(format!("对方的应答超过 {} KB", errand.most_bytes / 1024)));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Returned { status, body })
    }
}

impl Rules {
    fn lists(&self, host: &str) -> bool {
        self.listed.iter().any(|listed| listed.eq_ignore_ascii_case(host))
    }

    /// Whether the URL may be called, as far as it tells; names are checked when they are resolved.
    fn check(&self, url: &str) -> Result<Url, SendFailure> {
        let forbidden = |why: &str| SendFailure::Forbidden(why.to_owned());
        let url = Url::parse(url).map_err(|_| forbidden("对方地址不是有效的 URL,请在租户设置中更正"))?;
        let host = url.host_str().ok_or_else(|| forbidden("对方地址缺少主机名，请在租户设置中更正"))?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(forbidden("对方地址不能带账号和密码，请改用请求头"));
        }
        match url.scheme() {
            "https" => {}
            "http" if self.demo || self.lists(host) => {}
            "http" => return Err(forbidden("对方地址应使用 https;确需 http 时请管理员登记该主机")),
            _ => return Err(forbidden("对方地址应以 https:// 开头，请在租户设置中更正")),
        }
        if let Ok(address) = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() {
            self.admit(host, address).map_err(|ForbiddenAddress(why)| forbidden(why))?;
        }
        Ok(url)
    }

    /// Whether a host at that address may be called.
    fn admit(&self, host: &str, address: IpAddr) -> Result<(), ForbiddenAddress> {
        match reach(address) {
            Reach::Public => Ok(()),
            Reach::Private if self.demo || self.lists(host) => Ok(()),
            Reach::Private => Err(ForbiddenAddress("对方地址指向内部网络，确需访问时请管理员登记该主机")),
            Reach::Own if self.demo => Ok(()),
            Reach::Own => Err(ForbiddenAddress("对方地址指向本机或链路本地地址，不允许访问")),
        }
    }
}

fn reach(address: IpAddr) -> Reach {
    match address.to_canonical() {
        IpAddr::V4(address) => reach_v4(address),
        IpAddr::V6(address) => {
            let segments = address.segments();
            // NAT64 (RFC 6052) and 6to4 (RFC 3056) carry an IPv4 address, and so does the deprecated form ::a.b.c.d (RFC 4291).
            let [a, b] = match segments {
                [0x64, 0xff9b, 0, 0, 0, 0, a, b] | [0, 0, 0, 0, 0, 0, a, b] | [0x2002, a, b, ..] => [a, b],
                [first, ..] if first & 0xfe00 == 0xfc00 => return Reach::Private,
                _ if address.is_unicast_link_local() || address.is_multicast() => return Reach::Own,
                _ => return Reach::Public,
            };
            reach_v4(Ipv4Addr::from_bits(u32::from(a) << 16 | u32::from(b)))
        }
    }
}

fn reach_v4(address: Ipv4Addr) -> Reach {
    // 0.0.0.0/8 is "this host on this network" (RFC 1122 section 3.2.1.3), 100.64.0.0/10 is shared (RFC 6598).
    match address.octets() {
        [0, ..] => Reach::Own,
        _ if address.is_loopback() || address.is_link_local() || address.is_multicast() || address.is_broadcast() => {
            Reach::Own
        }
        [100, second, ..] if second & 0xc0 == 64 => Reach::Private,
        _ if address.is_private() => Reach::Private,
        _ => Reach::Public,
    }
}

impl Resolve for Rules {
    fn resolve(&self, name: Name) -> Resolving {
        let rules = self.clone();
        Box::pin(async move {
            let found: Vec<SocketAddr> = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            // One forbidden address is enough: which one is tried first is not ours to say.
            for address in &found {
                rules.admit(name.as_str(), address.ip())?;
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl Web for HttpWeb {
    fn run(&self, errand: Errand) -> Went<'_> {
        Box::pin(async move {
            let url = self.rules.check(&errand.url)?;
            let mut pause = PAUSE;
            for _ in 1..errand.tries {
                match self.try_once(url.clone(), &errand).await {
                    Ok(answer) if answer.status < 500 => return Ok(answer),
                    Err(failure @ SendFailure::Forbidden(_)) => return Err(failure),
                    Ok(_) | Err(SendFailure::Unreachable(_)) => {}
                }
                tokio::time::sleep(pause).await;
                pause *= 2;
            }
            self.try_once(url, &errand).await
        })
    }
}

fn failure(error: reqwest::Error, time: Duration) -> SendFailure {
    let timed_out = error.is_timeout();
    let error = error.without_url();
    let mut deepest: &(dyn StdError + 'static) = &error;
    while let Some(source) = deepest.source() {
        if let Some(ForbiddenAddress(why)) = source.downcast_ref() {
            return SendFailure::Forbidden((*why).to_owned());
        }
        deepest = source;
    }
    SendFailure::Unreachable(if timed_out {
        format!("对方在 {} 秒内没有应答", time.as_secs_f32())
    } else {
        format!("无法连接对方：{deepest}")
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingjian_domain::secret::Secret;
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpListener;

    fn rules(demo: bool) -> Rules {
        let listed = ["inner.bank.example", "127.0.0.1", "10.9.9.9"].map(str::to_owned);
        Rules { listed: listed.to_vec().into(), demo }
    }

    fn web(demo: bool) -> HttpWeb {
        // The program does this in main; whichever test comes first does it here.
        rustls::crypto::aws_lc_rs::default_provider().install_default().ok();
        HttpWeb::new(Vec::new(), demo).expect("a client")
    }

    fn errand(url: String) -> Errand {
        Errand {
            method: Method::Post,
            url,
            headers: vec![("Mingjian-Signature".to_owned(), Secret::new("t=1,v1=beef".into()))],
            body: b"{\"a\":1}".to_vec(),
            time: Duration::from_secs(5),
            tries: 1,
            most_bytes: 0,
        }
    }

    /// Answers one request after the other and hands out what it read.
    async fn receiver(answers: &'static [&'static str]) -> (SocketAddr, tokio::task::JoinHandle<Vec<String>>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        let heard = tokio::spawn(async move {
            let mut all = Vec::new();
            for answer in answers {
                let (mut socket, _) = listener.accept().await.expect("a connection");
                let mut heard = String::new();
                while !heard.ends_with("{\"a\":1}") {
                    let mut piece = [0; 1024];
                    let read = socket.read(&mut piece).await.expect("a request");
                    heard.push_str(std::str::from_utf8(&piece[..read]).expect("text"));
                }
                socket.write_all(answer.as_bytes()).await.expect("an answer");
                all.push(heard);
            }
            all
        });
        (address, heard)
    }

    #[test]
    fn https_is_asked_for_unless_the_host_is_listed() {
        for (url, allowed) in [
            ("https://bank.example/hook", true),
            ("http://inner.bank.example/hook", true),
            ("https://10.9.9.9/hook", true),
            ("http://10.9.9.9/hook", true),
            ("http://10.1.2.3/hook", false),
            ("http://bank.example/hook", false),
            ("ftp://bank.example/hook", false),
            ("https://inner.bank.example@evil.example/hook", false),
            ("https://user:pass@bank.example/hook", false),
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
            "[::]",
            "[fe80::1]",
            "[::ffff:127.0.0.1]",
            "[::7f00:1]",
            "[64:ff9b::7f00:1]",
            "[2002:7f00:1::]",
            "2130706433",
            "0x7f.1",
        ] {
            let url = format!("https://{host}/hook");
            assert!(matches!(rules(false).check(&url), Err(SendFailure::Forbidden(_))), "{url}");
            assert!(rules(true).check(&url).is_ok(), "{url} in the demo");
        }
    }

    #[test]
    fn a_private_network_is_called_where_the_operator_lists_the_host() {
        for host in ["10.1.2.3", "172.16.0.1", "192.168.1.1", "100.64.0.1", "[fd00::1]", "[64:ff9b::a01:203]"] {
            let url = format!("https://{host}/hook");
            assert!(matches!(rules(false).check(&url), Err(SendFailure::Forbidden(_))), "{url}");
        }
        let private: IpAddr = "10.1.2.3".parse().expect("an address");
        assert!(rules(false).admit("inner.bank.example", private).is_ok());
        assert!(rules(false).admit("bank.example", private).is_err());
        assert!(rules(false).check("https://93.184.216.34/hook").is_ok());
        assert!(rules(false).check("https://[2606:2800:220:1::1]/hook").is_ok());
    }

    #[tokio::test]
    async fn a_name_that_leads_home_is_refused_when_it_is_resolved() {
        let sent = web(false).run(errand("https://localhost:1/hook".to_owned())).await;
        assert!(matches!(sent, Err(SendFailure::Forbidden(_))), "{sent:?}");
    }

    #[tokio::test]
    async fn the_demo_sends_body_and_headers_to_this_machine() {
        let (address, heard) = receiver(&["HTTP/1.1 204 No Content\r\n\r\n"]).await;
        let answer = web(true).run(errand(format!("http://{address}/hook"))).await;
        assert_eq!(answer, Ok(Returned { status: 204, body: Vec::new() }));
        let heard = heard.await.expect("the receiver ran").remove(0);
        assert!(heard.starts_with("POST /hook HTTP/1.1\r\n"), "{heard}");
        assert!(heard.to_ascii_lowercase().contains("mingjian-signature: t=1,v1=beef\r\n"), "{heard}");
    }

    #[tokio::test]
    async fn a_redirect_is_an_answer_and_not_followed() {
        let (address, _heard) =
            receiver(&["HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"]).await;
        let answer = web(true).run(errand(format!("http://{address}/hook"))).await;
        assert_eq!(answer.map(|answer| answer.status), Ok(302));
    }

    #[tokio::test]
    async fn an_answer_is_read_up_to_its_limit() {
        const ANSWER: &str = "HTTP/1.1 200 OK\r\nContent-Length: 12\r\nConnection: close\r\n\r\nhello, world";
        let (address, _heard) = receiver(&[ANSWER, ANSWER]).await;
        let url = format!("http://{address}/order");
        let fits = web(true).run(Errand { most_bytes: 12, ..errand(url.clone()) }).await;
        assert_eq!(fits.map(|answer| answer.body), Ok(b"hello, world".to_vec()));
        let large = web(true).run(Errand { most_bytes: 11, ..errand(url) }).await;
        assert!(matches!(large, Err(SendFailure::Unreachable(_))), "{large:?}");
    }

    #[tokio::test]
    async fn what_fails_over_there_is_tried_as_often_as_wanted() {
        const DOWN: &str = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        const UP: &str = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        let (address, heard) = receiver(&[DOWN, UP]).await;
        let answer = web(true).run(Errand { tries: 2, ..errand(format!("http://{address}/order")) }).await;
        assert_eq!(answer.map(|answer| answer.status), Ok(200));
        assert_eq!(heard.await.expect("the receiver ran").len(), 2);
    }

    #[tokio::test]
    async fn nobody_there_is_worth_another_try() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("a bound port");
        drop(listener);
        let sent = web(true).run(errand(format!("http://{address}/hook"))).await;
        assert!(matches!(sent, Err(SendFailure::Unreachable(_))), "{sent:?}");
    }
}
