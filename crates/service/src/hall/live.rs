//! An interview that waits or runs.

use mingjian_domain::id::{ParticipantId, PersonId, UserId};
use mingjian_domain::interview::Interview;
use mingjian_domain::order::Order;
use time::OffsetDateTime;

use super::words::{CheckResult, Off};

/// An interview that waits or runs, or whose abandoned card a seat still has open.
#[derive(Debug)]
pub(super) struct Live {
    pub(super) interview: Interview,
    pub(super) order: Order,
    pub(super) queue_name: String,
    /// The people of the order who are in it.
    pub(super) customers: Vec<PersonId>,
    /// Who answered.
    pub(super) seat: Option<(UserId, String)>,
    pub(super) rings_until: Option<OffsetDateTime>,
    pub(super) recording: Recorder,
    /// Time zero of the recording.
    pub(super) recording_since: Option<OffsetDateTime>,
    /// Whose media flows.
    pub(super) off: Off,
    pub(super) check: Option<CheckResult>,
}

/// What everybody in the call is told about the recording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Recorder {
    Starting,
    On,
    Failed,
    Stopped,
}

impl Recorder {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Starting => "starting",
            Self::On => "on",
            Self::Failed => "failed",
            Self::Stopped => "stopped",
        }
    }
}

impl Live {
    pub(super) fn waits(interview: Interview, order: Order, queue_name: String, customers: Vec<PersonId>) -> Self {
        Self {
            interview,
            order,
            queue_name,
            customers,
            seat: None,
            rings_until: None,
            recording: Recorder::Starting,
            recording_since: None,
            off: Off::new(),
            check: None,
        }
    }

    /// The name that a seat reads on the ticket: that of the first customer who is in it.
    pub(super) fn customer_name(&self) -> &str {
        self.customers
            .first()
            .and_then(|&person| self.order.person(person))
            .or(self.order.people.first())
            .map_or("", |person| person.name.as_str())
    }

    /// Where a moment lies in the recording.
    pub(super) fn recording_ms(&self, at: OffsetDateTime) -> Option<u64> {
        u64::try_from((at - self.recording_since?).whole_milliseconds()).ok()
    }

    pub(super) fn customer_participants(&self) -> Vec<ParticipantId> {
        self.customers.iter().map(|&person| super::pages::customer_participant(person)).collect()
    }
}
