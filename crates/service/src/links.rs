//! Signed links: whoever holds one may fetch one file until it expires, and needs nothing else.
//!
//! `/d/{file}?e=<unix seconds>&k=<key id>&s=<64 lower-case hex>`, where `s` is HMAC-SHA256 over path, `e` and `k`, one a line.
//! Taking a key away takes back every link that was signed with it.

mod fetches;

use mingjian_domain::error::{Conflict, Denied, Error, Result};
use time::OffsetDateTime;

pub use fetches::Fetches;

use crate::Service;
use crate::tokens::{hmac_hex, same};

/// The keys of signed links: the first signs, all are accepted.
#[derive(Clone)]
pub struct LinkKeys(Vec<LinkKey>);

#[derive(Clone)]
struct LinkKey {
    id: String,
    bytes: [u8; 32],
}

impl LinkKeys {
    /// The key that signs, by an id of a few letters and digits.
    #[must_use]
    pub fn new(id: &str, bytes: [u8; 32]) -> Self {
        Self(vec![LinkKey { id: id.to_owned(), bytes }])
    }

    /// Accepts links of an earlier key as well.
    #[must_use]
    pub fn and_accept(mut self, id: &str, bytes: [u8; 32]) -> Self {
        self.0.push(LinkKey { id: id.to_owned(), bytes });
        self
    }

    fn signature(key: &LinkKey, path: &str, expires: i64) -> String {
        hmac_hex(&key.bytes, format!("{path}\n{expires}\n{}", key.id).as_bytes())
    }

    /// `path` with its signature, as it stands behind scheme and host.
    #[must_use]
    pub fn sign(&self, path: &str, expires_at: OffsetDateTime) -> String {
        let key = self.0.first().expect("there is always a key that signs");
        let expires = expires_at.unix_timestamp();
        format!("{path}?e={expires}&k={}&s={}", key.id, Self::signature(key, path, expires))
    }

    /// Checks a link and tells when it expires.
    ///
    /// # Errors
    /// [`Denied::NotEntitled`] when path, expiry or key are not those that were signed; [`Conflict::LinkExpired`].
    pub fn check(&self, path: &str, link: &LinkQuery, now: OffsetDateTime) -> Result<OffsetDateTime> {
        let key = self.0.iter().find(|key| key.id == link.key).ok_or(Denied::NotEntitled)?;
        // The signature first: only who was given a link may learn that it has expired.
        if !same(&Self::signature(key, path, link.expires), &link.signature) {
            return Err(Denied::NotEntitled.into());
        }
        let expires_at = OffsetDateTime::from_unix_timestamp(link.expires).map_err(|_| Denied::NotEntitled)?;
        if now >= expires_at { Err(Conflict::LinkExpired.into()) } else { Ok(expires_at) }
    }
}

impl std::fmt::Debug for LinkKeys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.0.iter().map(|key| &key.id)).finish()
    }
}

/// The query of a signed link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LinkQuery {
    /// `e`: when it ends, in Unix seconds.
    pub expires: i64,
    /// `k`: which key signed it.
    pub key: String,
    /// `s`: the signature.
    pub signature: String,
}

impl LinkQuery {
    /// Reads `e=…&k=…&s=…`; the order does not matter, further parts are refused.
    ///
    /// # Errors
    /// [`Denied::NotEntitled`]: what is not such a query was not signed by us.
    pub fn parse(query: &str) -> Result<Self> {
        let (mut expires, mut key, mut signature) = (None, None, None);
        for part in query.split('&') {
            let (name, value) = part.split_once('=').ok_or(Denied::NotEntitled)?;
            let slot = match name {
                "e" => &mut expires,
                "k" => &mut key,
                "s" => &mut signature,
                _ => return Err(Denied::NotEntitled.into()),
            };
            if slot.replace(value).is_some() {
                return Err(Denied::NotEntitled.into());
            }
        }
        let (Some(expires), Some(key), Some(signature)) = (expires, key, signature) else {
            return Err(Error::Denied(Denied::NotEntitled));
        };
        let expires = expires.parse().map_err(|_| Denied::NotEntitled)?;
        Ok(Self { expires, key: key.to_owned(), signature: signature.to_owned() })
    }
}

/// Signs links that all end at one moment.
#[derive(Debug, Clone, Copy)]
pub struct Signer<'a> {
    keys: &'a LinkKeys,
    expires_at: OffsetDateTime,
}

impl Signer<'_> {
    /// `path` with its signature.
    #[must_use]
    pub fn sign(&self, path: &str) -> String {
        self.keys.sign(path, self.expires_at)
    }
}

impl Service {
    /// Signs links that end at that moment.
    #[must_use]
    pub const fn signer(&self, expires_at: OffsetDateTime) -> Signer<'_> {
        Signer { keys: &self.settings.link_keys, expires_at }
    }

    /// Checks a link and tells when it expires.
    ///
    /// # Errors
    /// As [`LinkKeys::check`].
    pub fn check_link(&self, path: &str, query: &str) -> Result<OffsetDateTime> {
        self.settings.link_keys.check(path, &LinkQuery::parse(query)?, self.now())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    fn query_of(link: &str) -> LinkQuery {
        LinkQuery::parse(link.split_once('?').expect("a link has a query").1).expect("our own query reads back")
    }

    #[test]
    fn a_link_opens_its_own_path_until_it_expires() {
        let keys = LinkKeys::new("a", [7; 32]);
        let link = keys.sign("/d/x/index.m3u8", NOON);
        let query = query_of(&link);
        assert_eq!(query.signature.len(), 64);
        assert!(matches!(keys.check("/d/x/index.m3u8", &query, NOON - Duration::seconds(1)), Ok(at) if at == NOON));
        let late = keys.check("/d/x/index.m3u8", &query, NOON);
        assert!(matches!(late, Err(Error::Conflict(Conflict::LinkExpired))));
        let elsewhere = keys.check("/d/y/index.m3u8", &query, NOON - Duration::seconds(1));
        assert!(matches!(elsewhere, Err(Error::Denied(Denied::NotEntitled))));
    }

    #[test]
    fn a_later_expiry_or_another_key_breaks_the_signature() {
        let keys = LinkKeys::new("a", [7; 32]).and_accept("b", [8; 32]);
        let query = query_of(&keys.sign("/d/x", NOON));
        for forged in [
            LinkQuery { expires: query.expires + 1, ..query.clone() },
            LinkQuery { key: "b".into(), ..query.clone() },
            LinkQuery { key: "c".into(), ..query.clone() },
            LinkQuery { signature: query.signature.to_uppercase(), ..query.clone() },
            LinkQuery { signature: String::new(), ..query.clone() },
        ] {
            assert!(
                matches!(keys.check("/d/x", &forged, NOON - Duration::days(1)), Err(Error::Denied(_))),
                "{forged:?}"
            );
        }
        assert!(keys.check("/d/x", &query, NOON - Duration::days(1)).is_ok());
    }

    #[test]
    fn links_of_an_earlier_key_go_on_until_it_is_taken_away() {
        let link = query_of(&LinkKeys::new("old", [1; 32]).sign("/d/x", NOON));
        let renewed = LinkKeys::new("new", [2; 32]).and_accept("old", [1; 32]);
        assert!(renewed.check("/d/x", &link, NOON - Duration::days(1)).is_ok());
        assert!(LinkKeys::new("new", [2; 32]).check("/d/x", &link, NOON - Duration::days(1)).is_err());
    }

    #[test]
    fn a_query_of_other_parts_is_refused() {
        for query in ["", "e=1&k=a", "e=1&k=a&s=b&x=1", "e=1&e=2&k=a&s=b", "e=one&k=a&s=b", "e&k&s"] {
            assert!(LinkQuery::parse(query).is_err(), "{query}");
        }
    }
}
