//! Where the monotonic clock meets the wall clock: one pair, taken once when the media thread starts.

use std::time::{Duration, Instant};

use time::OffsetDateTime;

/// The same moment on both clocks. Every wall time of a recording is `unix` plus the distance from `instant`,
/// so a step of the system's clock during a call never bends a recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Epoch {
    /// The moment on the monotonic clock.
    pub instant: Instant,
    /// The same moment on the wall clock.
    pub unix: OffsetDateTime,
}

impl Epoch {
    /// The wall time of `at`, which may lie before or after the epoch.
    #[must_use]
    pub fn unix_at(&self, at: Instant) -> OffsetDateTime {
        match at.checked_duration_since(self.instant) {
            Some(after) => self.unix + after,
            None => self.unix - self.instant.duration_since(at),
        }
    }

    /// The monotonic time of the wall time `at`; none when the monotonic clock cannot express a moment that early.
    #[must_use]
    pub fn instant_at(&self, at: OffsetDateTime) -> Option<Instant> {
        let distance = at - self.unix;
        let size = Duration::try_from(distance.abs()).unwrap_or(Duration::MAX);
        if distance.is_negative() { self.instant.checked_sub(size) } else { self.instant.checked_add(size) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wall_time_runs_with_the_monotonic_clock_in_both_directions() {
        let epoch = Epoch { instant: Instant::now() + Duration::from_secs(10), unix: OffsetDateTime::UNIX_EPOCH };
        assert_eq!(epoch.unix_at(epoch.instant + Duration::from_millis(1500)).unix_timestamp_nanos(), 1_500_000_000);
        assert_eq!(epoch.unix_at(epoch.instant - Duration::from_millis(1500)).unix_timestamp_nanos(), -1_500_000_000);
        let later = epoch.unix + Duration::from_secs(2);
        assert_eq!(epoch.instant_at(later), Some(epoch.instant + Duration::from_secs(2)));
    }
}
