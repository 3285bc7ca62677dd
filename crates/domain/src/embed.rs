//! One-time tokens with which a business system lets one of its people in: it has checked who they are.

use time::{Duration, OffsetDateTime};

use crate::id::{TenantId, UserId};

/// A one-time token. Only its SHA-256 is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EmbedToken {
    /// SHA-256 of the token.
    pub hash: [u8; 32],
    /// Whose.
    pub tenant: TenantId,
    /// Who may come in; none for a statement that was only to be believed once.
    pub user: Option<UserId>,
    /// Where the page leads back to.
    pub return_url: Option<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it ends unused.
    pub expires_at: OffsetDateTime,
    /// When it was used.
    pub used_at: Option<OffsetDateTime>,
}

impl EmbedToken {
    /// Long enough to follow a link, too short to be passed on.
    pub const LIFETIME: Duration = Duration::minutes(5);
}

/// Scheme, host and port of an absolute http or https URL, in lower case. None for anything else, and for a URL with
/// an account, a backslash or a control character in it, which browsers and programs read differently.
#[must_use]
pub fn origin_of(url: &str) -> Option<String> {
    if url.chars().any(|letter| letter.is_control() || letter.is_whitespace() || letter == '\\') {
        return None;
    }
    let (scheme, rest) = url.split_once("://")?;
    let scheme = scheme.to_ascii_lowercase();
    if scheme != "http" && scheme != "https" {
        return None;
    }
    let authority = rest.split(['/', '?', '#']).next().filter(|authority| !authority.is_empty())?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte);
    authority.bytes().all(plain).then(|| format!("{scheme}://{}", authority.to_ascii_lowercase()))
}

/// Whether a URL leads to one of the listed origins. A listed loopback without a port stands for every port of it.
#[must_use]
pub fn leads_to_listed(url: &str, listed: &[String]) -> bool {
    let Some(origin) = origin_of(url) else { return false };
    listed.iter().filter_map(|listed| origin_of(listed)).any(|listed| {
        let is_loopback = listed == "http://127.0.0.1" || listed == "http://localhost";
        let port = origin.strip_prefix(&listed);
        port == Some("") || (is_loopback && port.is_some_and(|port| port.starts_with(':')))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_leads_back_to_listed_origins_alone() {
        let listed = ["https://bank.example", "http://127.0.0.1"].map(str::to_owned);
        for (url, leads) in [
            ("https://bank.example", true),
            ("https://bank.example/done?order=1", true),
            ("HTTPS://Bank.Example/done", true),
            ("http://127.0.0.1:9000/done", true),
            ("https://bank.example:8443/done", false),
            ("https://bank.example.evil.example/", false),
            ("https://bank.example@evil.example/", false),
            ("https://bank.example\\@evil.example/", false),
            ("https://evil.example/https://bank.example", false),
            ("//bank.example/", false),
            ("/done", false),
            ("javascript://bank.example/%0aalert(1)", false),
            ("http://bank.example/", false),
            ("http://127.0.0.1.evil.example/", false),
            ("https://bank.example/\nx", false),
            ("", false),
        ] {
            assert_eq!(leads_to_listed(url, &listed), leads, "{url}");
        }
    }
}
