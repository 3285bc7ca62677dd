//! Which fetches are in the audit log already: a player asks for a file in hundreds of pieces, and an auditor wants
//! to read one line of it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use time::{Duration, OffsetDateTime};

/// Fetches of one link from one address within this time are one line.
const ONE_LINE: Duration = Duration::minutes(10);
/// About 5 MB when full; beyond it the worst is a line too many.
const MOST: usize = 50_000;

/// What was fetched lately, by link and address.
#[derive(Default)]
pub struct Fetches(Mutex<HashMap<(String, String), OffsetDateTime>>);

impl Fetches {
    /// Whether this fetch needs a line of its own.
    pub fn is_new(&self, link: &str, address: &str, now: OffsetDateTime) -> bool {
        let mut fetches = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (link.to_owned(), address.to_owned());
        if fetches.get(&key).is_some_and(|&noted| now < noted + ONE_LINE) {
            return false;
        }
        if fetches.len() >= MOST {
            fetches.retain(|_, &mut noted| now < noted + ONE_LINE);
            if fetches.len() >= MOST {
                fetches.clear();
            }
        }
        fetches.insert(key, now);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    #[test]
    fn the_pieces_of_one_fetch_are_one_line() {
        let fetches = Fetches::default();
        assert!(fetches.is_new("/d/x", "10.0.0.1", NOON));
        assert!(!fetches.is_new("/d/x", "10.0.0.1", NOON + Duration::minutes(9)));
        assert!(fetches.is_new("/d/x", "10.0.0.1", NOON + Duration::minutes(10)));
    }

    #[test]
    fn another_address_or_link_is_a_line_of_its_own() {
        let fetches = Fetches::default();
        assert!(fetches.is_new("/d/x", "10.0.0.1", NOON));
        assert!(fetches.is_new("/d/x", "10.0.0.2", NOON));
        assert!(fetches.is_new("/d/y", "10.0.0.1", NOON));
    }
}
