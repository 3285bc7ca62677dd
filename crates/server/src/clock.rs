//! The server's clock: wall time at the start, carried on by the monotonic clock, so that it never runs backwards.

use std::time::Instant;

use mingjian_service::ports::Clock;
use time::OffsetDateTime;

/// Wall time that never runs backwards.
#[derive(Debug, Clone, Copy)]
pub struct ServerClock {
    started: Instant,
    started_at: OffsetDateTime,
}

impl ServerClock {
    /// Reads both clocks once.
    #[expect(clippy::disallowed_methods, reason = "the one place where the server reads its clocks")]
    pub fn start() -> Self {
        Self { started: Instant::now(), started_at: OffsetDateTime::now_utc() }
    }
}

impl Clock for ServerClock {
    fn now(&self) -> OffsetDateTime {
        self.started_at + self.started.elapsed()
    }
}
