//! Wrong passwords of names that nobody has. Such a name is locked out like a real one, so that the answer to a
//! wrong password never tells which names exist. Kept in memory: nothing real hangs on it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mingjian_domain::user::Lockout;
use time::OffsetDateTime;

use crate::tokens::sha256;

/// About 1 MB when full.
const MOST: usize = 10_000;

/// Wrong passwords per unknown name.
#[derive(Default)]
pub(crate) struct Strangers(Mutex<HashMap<[u8; 32], (Lockout, OffsetDateTime)>>);

impl Strangers {
    /// The wrong passwords of an unknown name so far.
    pub(crate) fn lockout(&self, name: &str) -> Lockout {
        let strangers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        strangers.get(&sha256(name)).map_or_else(Lockout::default, |(lockout, _)| *lockout)
    }

    /// Counts one more. When it is full, the name that was tried longest ago is forgotten.
    pub(crate) fn failed(&self, name: &str, now: OffsetDateTime) -> Lockout {
        let mut strangers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let hash = sha256(name);
        if strangers.len() >= MOST && !strangers.contains_key(&hash) {
            let oldest = strangers.iter().min_by_key(|(_, (_, at))| *at).map(|(hash, _)| *hash);
            oldest.and_then(|oldest| strangers.remove(&oldest));
        }
        let entry = strangers.entry(hash).or_insert((Lockout::default(), now));
        *entry = (entry.0.failed(now), now);
        entry.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::Duration;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    #[test]
    fn an_unknown_name_is_locked_like_a_known_one() {
        let strangers = Strangers::default();
        for _ in 0..Lockout::PATIENCE {
            assert!(strangers.lockout("nobody").check(NOON).is_ok());
            strangers.failed("nobody", NOON);
        }
        assert!(strangers.lockout("nobody").check(NOON).is_err());
        assert!(strangers.lockout("somebody").check(NOON).is_ok());
    }

    #[test]
    fn memory_is_bounded_and_the_oldest_goes_first() {
        let strangers = Strangers::default();
        for n in 0..=MOST {
            strangers.failed(&format!("name{n}"), NOON + Duration::seconds(i64::try_from(n).expect("small")));
        }
        assert_eq!(strangers.0.lock().expect("nobody panicked").len(), MOST);
        assert_eq!(strangers.lockout("name0"), Lockout::default());
        assert_eq!(strangers.lockout("name1").failures, 1);
    }
}
