//! Where a request comes from and by which name it called us. Forwarding headers are believed from trusted proxies alone.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use mingjian_domain::error::Error;

use crate::problems::{Kind, Problem};
use crate::{ApiSettings, Shared};

/// Where a request comes from and by which name it called us.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The caller's address.
    pub address: IpAddr,
    /// Whether the caller speaks HTTPS.
    pub secure: bool,
    /// Host and port as the caller wrote them, in lower case.
    pub host: Option<String>,
}

/// The listener speaks TLS.
#[derive(Debug, Clone, Copy)]
struct OverTls;

/// The router behind a TLS listener.
pub fn over_tls(router: Router) -> Router {
    router.layer(Extension(OverTls))
}

/// Finds the origin out, leaves it for the handlers, and refuses foreign hosts in the demo: a page of another site whose name
/// was pointed at this address (DNS rebinding) must not reach a server with published passwords.
pub(crate) async fn find_out(State(api): State<Shared>, mut request: Request, next: Next) -> Response {
    let Some(origin) = of_request(&api.settings, &request) else {
        let error = Error::fault("finding the caller's address", "the listener does not tell it");
        return Problem::from(error).into_response();
    };
    if api.settings.demo && !origin.host.as_deref().is_some_and(|host| is_ours(&api.settings, host)) {
        return Problem::of(Kind::ForeignHost).into_response();
    }
    request.extensions_mut().insert(origin);
    next.run(request).await
}

/// The origin of a request, where the listener tells the caller's address.
pub(crate) fn of_request(settings: &ApiSettings, request: &Request) -> Option<Origin> {
    let ConnectInfo(peer) = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    let secure = request.extensions().get::<OverTls>().is_some();
    let authority = request.uri().authority().map(|authority| authority.as_str().to_owned());
    Some(read(settings, peer.ip(), secure, authority, request.headers()))
}

fn read(settings: &ApiSettings, peer: IpAddr, secure: bool, authority: Option<String>, headers: &HeaderMap) -> Origin {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    // HTTP/2 names the host in the request line.
    let host = text(header::HOST.as_str()).map(str::to_owned).or(authority);
    let peer = peer.to_canonical();
    let direct = Origin { address: peer, secure, host: host.map(|host| host.to_ascii_lowercase()) };
    if !settings.trusted_proxies.contains(&peer) {
        return direct;
    }
    // Each proxy appends whom it heard: the last one that is no proxy of ours is the caller, what stands before it is hearsay.
    let chain: Vec<&str> = headers.get_all("x-forwarded-for").iter().filter_map(|value| value.to_str().ok()).collect();
    let chain = chain.join(",");
    let hops = chain.rsplit(',').map_while(|hop| hop.trim().parse::<IpAddr>().ok()).map(|hop| hop.to_canonical());
    let mut address = peer;
    for hop in hops {
        address = hop;
        if !settings.trusted_proxies.contains(&hop) {
            break;
        }
    }
    Origin {
        address,
        secure: text("x-forwarded-proto").map_or(direct.secure, |scheme| scheme.eq_ignore_ascii_case("https")),
        host: text("x-forwarded-host").map(str::to_ascii_lowercase).or(direct.host),
    }
}

/// Loopback, a listed host, or the public URL's.
fn is_ours(settings: &ApiSettings, host: &str) -> bool {
    let name = name_of(host);
    let is_loopback = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
    let public = settings.public_url.as_deref().and_then(|url| url.split_once("://")).map(|(_, host)| host);
    is_loopback
        || settings
            .hosts
            .iter()
            .map(String::as_str)
            .chain(public)
            .any(|listed| listed.eq_ignore_ascii_case(host) || listed.eq_ignore_ascii_case(name))
}

/// The host without its port, an IPv6 address without its brackets.
fn name_of(host: &str) -> &str {
    if let Some(rest) = host.strip_prefix('[') {
        return rest.split(']').next().unwrap_or(rest);
    }
    host.rsplit_once(':').map_or(host, |(name, _)| name)
}

impl Origin {
    /// Scheme and host for absolute links; none where the request named a host that is not known to be ours, since then
    /// whoever sent the request would choose where the links lead.
    #[must_use]
    pub fn base(&self, settings: &ApiSettings) -> Option<String> {
        if let Some(url) = &settings.public_url {
            return Some(url.trim_end_matches('/').to_owned());
        }
        let host = self.host.as_deref().filter(|host| is_ours(settings, host))?;
        Some(format!("{}://{host}", if self.secure { "https" } else { "http" }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Origin {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let missing =
            || Problem::from(Error::fault("reading the request's origin", "the layer that finds it out did not run"));
        parts.extensions.get().cloned().ok_or_else(missing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PROXY: &str = "10.0.0.2";

    fn settings() -> ApiSettings {
        ApiSettings {
            hosts: vec!["Video.Bank.example".into()],
            trusted_proxies: vec![PROXY.parse().expect("an address"), "10.0.0.3".parse().expect("an address")],
            ..ApiSettings::default()
        }
    }

    fn seen(peer: &str, headers: &[(&'static str, &str)]) -> Origin {
        let headers = headers
            .iter()
            .map(|(name, value)| (axum::http::HeaderName::from_static(name), value.parse().expect("a header value")));
        read(&settings(), peer.parse().expect("an address"), false, None, &headers.collect())
    }

    #[test]
    fn a_stranger_cannot_choose_its_own_address() {
        let headers =
            [("x-forwarded-for", "1.2.3.4"), ("x-forwarded-proto", "https"), ("x-forwarded-host", "evil.example")];
        let origin = seen("203.0.113.9", &headers);
        assert_eq!(origin, Origin { address: "203.0.113.9".parse().expect("an address"), secure: false, host: None });
    }

    #[test]
    fn behind_trusted_proxies_the_last_stranger_is_the_caller() {
        let origin =
            seen(PROXY, &[("x-forwarded-for", "6.6.6.6, 198.51.100.7, 10.0.0.3"), ("x-forwarded-proto", "https")]);
        assert_eq!(origin.address.to_string(), "198.51.100.7");
        assert!(origin.secure);
        assert_eq!(seen(PROXY, &[("x-forwarded-for", "nonsense")]).address.to_string(), PROXY);
        assert_eq!(seen("::ffff:10.0.0.2", &[("x-forwarded-for", "1.2.3.4")]).address.to_string(), "1.2.3.4");
    }

    #[test]
    fn links_lead_to_known_hosts_alone() {
        let base = |host| seen("203.0.113.9", &[("host", host)]).base(&settings());
        assert_eq!(base("video.bank.example:8443").as_deref(), Some("http://video.bank.example:8443"));
        assert_eq!(base("127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(base("[::1]:8080").as_deref(), Some("http://[::1]:8080"));
        assert_eq!(base("LOCALHOST").as_deref(), Some("http://localhost"));
        assert_eq!(base("evil.example"), None);
        assert_eq!(base("127.0.0.1.evil.example"), None);
        let public = ApiSettings { public_url: Some("https://bank.example/".into()), ..settings() };
        assert_eq!(
            seen("203.0.113.9", &[("host", "evil.example")]).base(&public).as_deref(),
            Some("https://bank.example")
        );
    }
}
