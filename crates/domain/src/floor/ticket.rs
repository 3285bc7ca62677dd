//! Customers who wait: joining, losing the connection, coming back, leaving.

use std::collections::{BTreeMap, BTreeSet};

use time::OffsetDateTime;

use super::line::Place;
use super::{Command, Floor, RingOver, Timer};
use crate::error::Conflict;
use crate::id::{InterviewId, QueueId, UserId};

#[derive(Debug)]
pub(super) struct Ticket {
    pub(super) queue: QueueId,
    pub(super) joined_at: OffsetDateTime,
    /// The seat that is being rung.
    pub(super) rings: Option<UserId>,
    /// Without a connection.
    pub(super) lost: bool,
    /// Seats that did not answer: others come first.
    pub(super) missed_by: BTreeSet<UserId>,
    /// Seats that refused, and until when they are not rung again.
    pub(super) refused_by: BTreeMap<UserId, OffsetDateTime>,
}

impl Ticket {
    pub(super) fn place(&self, interview: InterviewId) -> Place {
        (self.joined_at, interview)
    }
}

impl Floor {
    /// A customer joins a queue, or is put back at the old place after a restart (then `joined_at` lies in the past).
    ///
    /// # Errors
    /// [`Conflict::AlreadyWaiting`] for an interview that is on the floor, [`Conflict::WrongState`] for an unknown queue.
    pub fn join(
        &mut self,
        interview: InterviewId,
        queue: QueueId,
        joined_at: OffsetDateTime,
        now: OffsetDateTime,
    ) -> Result<(), Conflict> {
        if self.tickets.contains_key(&interview)
            || self.calls.contains_key(&interview)
            || self.call_backs.contains_key(&interview)
        {
            return Err(Conflict::AlreadyWaiting);
        }
        let line = self.lines.get_mut(&queue).ok_or(Conflict::WrongState)?;
        let ticket = Ticket {
            queue,
            joined_at,
            rings: None,
            lost: false,
            missed_by: BTreeSet::new(),
            refused_by: BTreeMap::new(),
        };
        line.order.insert(ticket.place(interview));
        line.callable.insert(ticket.place(interview));
        self.tickets.insert(interview, ticket);
        self.changed.insert(queue);
        self.assign(now);
        Ok(())
    }

    /// A waiting customer's connection is gone: nobody is rung for it, and the place is kept for a while.
    pub fn ticket_lost(&mut self, interview: InterviewId, now: OffsetDateTime) {
        let Some(ticket) = self.tickets.get_mut(&interview) else { return };
        if std::mem::replace(&mut ticket.lost, true) {
            return;
        }
        self.timers.set(Timer::Place(interview), now + self.rules.keep_place);
        self.stop_ringing(interview, RingOver::CustomerGone, now);
        self.relist_ticket(interview);
        self.assign(now);
    }

    /// A waiting customer is back.
    pub fn ticket_back(&mut self, interview: InterviewId, now: OffsetDateTime) {
        let Some(ticket) = self.tickets.get_mut(&interview) else { return };
        ticket.lost = false;
        self.timers.clear(Timer::Place(interview));
        self.relist_ticket(interview);
        self.assign(now);
    }

    /// A customer leaves the queue.
    ///
    /// # Errors
    /// [`Conflict::WrongState`] when it does not wait.
    pub fn leave(&mut self, interview: InterviewId, now: OffsetDateTime) -> Result<(), Conflict> {
        if !self.tickets.contains_key(&interview) {
            return Err(Conflict::WrongState);
        }
        self.stop_ringing(interview, RingOver::CustomerGone, now);
        self.remove_ticket(interview);
        self.assign(now);
        Ok(())
    }

    /// Whether the customer waits, rung for or not.
    #[must_use]
    pub fn waits(&self, interview: InterviewId) -> bool {
        self.tickets.contains_key(&interview)
    }

    /// Whether a seat is being rung for the ticket.
    #[must_use]
    pub fn is_ringing(&self, interview: InterviewId) -> bool {
        self.tickets.get(&interview).is_some_and(|ticket| ticket.rings.is_some())
    }

    /// Whether a waiting customer has no connection.
    #[must_use]
    pub fn is_lost(&self, interview: InterviewId) -> bool {
        self.tickets.get(&interview).is_some_and(|ticket| ticket.lost)
    }

    pub(super) fn place_ran_out(&mut self, interview: InterviewId) {
        if self.tickets.get(&interview).is_some_and(|ticket| ticket.lost) {
            self.remove_ticket(interview);
            self.commands.push_back(Command::Drop { interview });
        }
    }

    pub(super) fn remove_ticket(&mut self, interview: InterviewId) -> Option<Ticket> {
        let ticket = self.tickets.remove(&interview)?;
        if let Some(line) = self.lines.get_mut(&ticket.queue) {
            line.order.remove(&ticket.place(interview));
            line.callable.remove(&ticket.place(interview));
        }
        self.timers.clear(Timer::Place(interview));
        self.timers.clear(Timer::Ring(interview));
        self.changed.insert(ticket.queue);
        Some(ticket)
    }

    /// Brings the set of callable tickets in line with the ticket.
    pub(super) fn relist_ticket(&mut self, interview: InterviewId) {
        let Some(ticket) = self.tickets.get(&interview) else { return };
        let Some(line) = self.lines.get_mut(&ticket.queue) else { return };
        if ticket.lost || ticket.rings.is_some() {
            line.callable.remove(&ticket.place(interview));
        } else {
            line.callable.insert(ticket.place(interview));
        }
        self.changed.insert(ticket.queue);
    }
}
