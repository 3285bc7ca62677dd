//! The open pages: connections, and who is behind them.

use mingjian_domain::id::{InterviewId, OrderId, ParticipantId, PersonId, QueueId, TenantId, UserId};
use mingjian_domain::order::Invitation;

use super::words::{CheckResult, EndView, RecentView};
use crate::pages::ConnectionId;

/// Who is behind a connection, once it has said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Customer(PersonId),
    Seat(UserId),
}

/// The open connections.
pub(super) type Pages = crate::pages::Pages<Who>;

/// A seat's desk.
#[derive(Debug)]
pub(super) struct Desk {
    pub(super) tenant: TenantId,
    pub(super) name: String,
    pub(super) login: String,
    pub(super) connection: Option<ConnectionId>,
    /// The seat's queues, the ones of higher priority for the seat first.
    pub(super) queues: Vec<QueueId>,
    pub(super) not_ready_why: Option<&'static str>,
    pub(super) recent: Vec<RecentView>,
    /// Whether `recent` must be read anew.
    pub(super) recent_is_old: bool,
}

/// A customer's page, there or gone.
#[derive(Debug)]
pub(super) struct Guest {
    pub(super) invitation: Invitation,
    pub(super) order: OrderId,
    pub(super) name: String,
    pub(super) device: String,
    pub(super) connection: Option<ConnectionId>,
    pub(super) interview: Option<InterviewId>,
    pub(super) check: Option<CheckResult>,
    pub(super) end: Option<EndView>,
}

/// A customer is the same participant in every room, so that a reload is the same one.
pub(super) const fn customer_participant(person: PersonId) -> ParticipantId {
    ParticipantId::from_uuid(person.as_uuid())
}

/// The person behind a customer's participant id.
pub(super) const fn participant_customer(participant: ParticipantId) -> PersonId {
    PersonId::from_uuid(participant.as_uuid())
}

/// A seat is the same participant in every room.
pub(super) const fn seat_participant(seat: UserId) -> ParticipantId {
    ParticipantId::from_uuid(seat.as_uuid())
}
