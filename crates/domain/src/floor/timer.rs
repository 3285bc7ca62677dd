//! Timers by moment; setting one again moves it.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use crate::id::{InterviewId, ParticipantId, UserId};

/// What is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Timer {
    /// The end of a ring.
    Ring(InterviewId),
    /// The end of a place that is kept.
    Place(InterviewId),
    /// A seat's page to come back.
    SeatPage(UserId),
    /// The end of some refusal's rest: time to look again.
    Refusal,
    /// Somebody in a call to come back.
    Person(InterviewId, ParticipantId),
    /// A called-back customer to come.
    CallBack(InterviewId),
}

#[derive(Debug, Default)]
pub(super) struct Timers {
    due: BTreeSet<(OffsetDateTime, Timer)>,
    at: BTreeMap<Timer, OffsetDateTime>,
}

impl Timers {
    pub(super) fn set(&mut self, timer: Timer, at: OffsetDateTime) {
        self.clear(timer);
        self.due.insert((at, timer));
        self.at.insert(timer, at);
    }

    pub(super) fn clear(&mut self, timer: Timer) {
        if let Some(at) = self.at.remove(&timer) {
            self.due.remove(&(at, timer));
        }
    }

    pub(super) fn next(&self) -> Option<OffsetDateTime> {
        self.due.first().map(|&(at, _)| at)
    }

    pub(super) fn pop_due(&mut self, now: OffsetDateTime) -> Option<Timer> {
        let &(at, timer) = self.due.first()?;
        if at > now {
            return None;
        }
        self.clear(timer);
        Some(timer)
    }
}
