//! The open pages: connections, and who is behind them.

use std::collections::{BTreeMap, HashMap};

use mingjian_domain::id::{InterviewId, OrderId, ParticipantId, PersonId, QueueId, TenantId, UserId};
use mingjian_domain::order::Invitation;
use tokio::sync::mpsc;

use super::handle::ConnectionId;
use super::words::{CheckResult, CloseCode, EndView, RecentView, State, Tell};

/// Who is behind a connection, once it has said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Who {
    Customer(PersonId),
    Seat(UserId),
}

#[derive(Debug)]
struct Page {
    outbox: mpsc::Sender<Tell>,
    who: Option<Who>,
    /// The newest state that was sent, so that the same one is not sent twice.
    shown: Option<Box<State>>,
}

/// The open connections.
#[derive(Debug, Default)]
pub(super) struct Pages(HashMap<ConnectionId, Page>);

impl Pages {
    pub(super) fn open(&mut self, connection: ConnectionId, outbox: mpsc::Sender<Tell>) {
        self.0.insert(connection, Page { outbox, who: None, shown: None });
    }

    pub(super) fn introduce(&mut self, connection: ConnectionId, who: Who) {
        if let Some(page) = self.0.get_mut(&connection) {
            page.who = Some(who);
        }
    }

    pub(super) fn who(&self, connection: ConnectionId) -> Option<Who> {
        self.0.get(&connection)?.who
    }

    pub(super) fn remove(&mut self, connection: ConnectionId) -> Option<Who> {
        self.0.remove(&connection)?.who
    }

    /// Tells a page. One that does not read is not waited for: its outbox is dropped, which closes the connection.
    pub(super) fn tell(&mut self, connection: ConnectionId, tell: Tell) {
        let Some(page) = self.0.get(&connection) else { return };
        if page.outbox.try_send(tell).is_err()
            && let Some(page) = self.0.get_mut(&connection)
        {
            let (closed, _) = mpsc::channel(1);
            page.outbox = closed;
        }
    }

    /// Shows a state unless the page shows it already.
    pub(super) fn show(&mut self, connection: ConnectionId, state: State) {
        let Some(page) = self.0.get_mut(&connection) else { return };
        if page.shown.as_deref() == Some(&state) {
            return;
        }
        page.shown = Some(Box::new(state.clone()));
        self.tell(connection, Tell::State(Box::new(state)));
    }

    pub(super) fn close(&mut self, connection: ConnectionId, code: CloseCode) {
        self.tell(connection, Tell::Close(code));
        self.0.remove(&connection);
    }

    pub(super) fn close_all(&mut self, code: CloseCode) {
        for (_, page) in self.0.drain() {
            // A page whose outbox is full learns it from the closed socket.
            let _ = page.outbox.try_send(Tell::Close(code));
        }
    }
}

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

/// What somebody's sources are, by whom.
pub(super) type Off = BTreeMap<ParticipantId, std::collections::BTreeSet<super::words::Switched>>;
