//! How often somebody may ask: a token bucket per tenant and face, per key, per session and per address. Time is an argument.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

use mingjian_domain::error::{Error, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::interface::FaceName;
use time::{Duration, OffsetDateTime};

/// About 10 MB when full.
const MOST: usize = 100_000;

/// So many a second in the long run, and so many at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// In the long run.
    pub per_second: u32,
    /// At once, after a rest.
    pub burst: u32,
}

/// The rates.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Of one native API key.
    pub key: Rate,
    /// Of one tenant's business systems through one face.
    pub face: Rate,
    /// Of one logged-in page.
    pub session: Rate,
    /// Of one address that has not proved anything: logins, links, wrong keys.
    pub stranger: Rate,
    /// Of one address that fetches by signed links; a player asks for each segment of each picture.
    pub download: Rate,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            key: Rate { per_second: 100, burst: 100 },
            face: Rate { per_second: 200, burst: 400 },
            session: Rate { per_second: 50, burst: 200 },
            // A branch that logs in at nine, or the customers of one mobile network, share an address.
            stranger: Rate { per_second: 20, burst: 300 },
            download: Rate { per_second: 200, burst: 1_000 },
        }
    }
}

/// Who is counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Whose {
    /// A tenant's business systems through one face.
    Tenant(FaceName, TenantId),
    /// An API key, by its hash.
    Key([u8; 32]),
    /// A session, by its hash.
    Session([u8; 32]),
    /// An address that has proved nothing.
    Stranger(Network),
    /// An address that fetches by signed links.
    Downloader(Network),
}

/// An IPv4 address, or the /64 of an IPv6 address: what one subscriber has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network(u128);

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        match address {
            IpAddr::V4(address) => Self(u128::from(address.to_bits())),
            IpAddr::V6(address) => Self(address.to_bits() >> 64 << 64),
        }
    }
}

#[derive(Debug, Clone, Copy)]
struct Bucket {
    /// In thousandths.
    tokens: i128,
    at: OffsetDateTime,
}

/// The buckets of everybody.
pub struct Buckets {
    limits: Limits,
    buckets: Mutex<HashMap<Whose, Bucket>>,
}

impl Buckets {
    /// Full buckets for everybody.
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, buckets: Mutex::default() }
    }

    const fn rate(&self, whose: Whose) -> Rate {
        match whose {
            Whose::Tenant(..) => self.limits.face,
            Whose::Key(_) => self.limits.key,
            Whose::Session(_) => self.limits.session,
            Whose::Stranger(_) => self.limits.stranger,
            Whose::Downloader(_) => self.limits.download,
        }
    }

    /// Takes one token.
    ///
    /// # Errors
    /// [`Error::Busy`] with the moment of the next token when there is none.
    pub fn take(&self, whose: Whose, now: OffsetDateTime) -> Result<()> {
        let rate = self.rate(whose);
        let full = i128::from(rate.burst) * 1_000;
        let mut buckets = self.buckets.lock().unwrap_or_else(PoisonError::into_inner);
        if buckets.len() >= MOST && !buckets.contains_key(&whose) {
            // Who has rested long enough has a full bucket, which is what nobody's is.
            buckets.retain(|&whose, bucket| {
                refilled(*bucket, self.rate(whose), now) < i128::from(self.rate(whose).burst) * 1_000
            });
            if buckets.len() >= MOST {
                return Err(Error::Busy { until: None });
            }
        }
        let bucket = buckets.entry(whose).or_insert(Bucket { tokens: full, at: now });
        let tokens = refilled(*bucket, rate, now);
        if tokens < 1_000 {
            let missing_ms = (1_000 - tokens).div_euclid(i128::from(rate.per_second.max(1))) + 1;
            let wait = Duration::milliseconds(i64::try_from(missing_ms).unwrap_or(1_000));
            return Err(Error::Busy { until: Some(now + wait) });
        }
        *bucket = Bucket { tokens: tokens - 1_000, at: now };
        Ok(())
    }
}

fn refilled(bucket: Bucket, rate: Rate, now: OffsetDateTime) -> i128 {
    let rested_ms = (now - bucket.at).whole_milliseconds().max(0);
    (bucket.tokens + rested_ms * i128::from(rate.per_second)).min(i128::from(rate.burst) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);
    const ME: Whose = Whose::Key([1; 32]);

    fn buckets() -> Buckets {
        Buckets::new(Limits { key: Rate { per_second: 10, burst: 3 }, ..Limits::default() })
    }

    #[test]
    fn a_burst_is_allowed_and_then_the_rate() {
        let buckets = buckets();
        for _ in 0..3 {
            assert!(buckets.take(ME, NOON).is_ok());
        }
        let Err(Error::Busy { until: Some(until) }) = buckets.take(ME, NOON) else { panic!("the bucket is empty") };
        assert!(until - NOON <= Duration::milliseconds(101));
        assert!(buckets.take(ME, until).is_ok());
        assert!(buckets.take(ME, until).is_err());
        assert!(buckets.take(Whose::Key([2; 32]), NOON).is_ok(), "others have buckets of their own");
    }

    #[test]
    fn a_long_rest_fills_the_bucket_and_no_more() {
        let buckets = buckets();
        for _ in 0..3 {
            buckets.take(ME, NOON).expect("a full bucket");
        }
        let later = NOON + Duration::hours(1);
        let taken = (0..10).filter(|_| buckets.take(ME, later).is_ok()).count();
        assert_eq!(taken, 3);
    }

    #[test]
    fn neighbours_in_one_ipv6_network_share_a_bucket() {
        let network = |text: &str| Network::from(text.parse::<IpAddr>().expect("an address"));
        assert_eq!(network("2001:db8::1"), network("2001:db8::ffff"));
        assert_ne!(network("2001:db8::1"), network("2001:db8:0:1::1"));
        assert_ne!(network("10.0.0.1"), network("10.0.0.2"));
    }

    #[test]
    fn memory_is_bounded() {
        let buckets = buckets();
        let other = |n: usize| Whose::Stranger(Network(n as u128));
        for n in 0..MOST {
            buckets.take(other(n), NOON).expect("a full bucket");
        }
        assert!(buckets.take(other(MOST), NOON).is_err(), "a flood from everywhere is refused");
        assert!(buckets.take(other(MOST), NOON + Duration::seconds(10)).is_ok(), "and forgotten");
    }
}
