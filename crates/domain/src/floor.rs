//! The floor: everybody who waits, every seat, every ring and every call, as one machine without I/O.
//!
//! What happens goes in through the verbs, each with `now`; what must be done comes out of [`Floor::poll_command`], and
//! [`Floor::poll_timeout`] says when [`Floor::handle_timeout`] wants to be called next. The rules:
//!
//! - a customer is in one queue at a time; the place is the moment of joining, and it is kept for 60 s without a connection;
//! - higher queue priority first, then longest wait; among ready seats the highest priority in that queue, then longest idle;
//! - a ring lasts 30 s, then the next seat is rung; three unanswered rings in a row set a seat to not ready;
//! - a seat that refused a customer is not rung for the same one again for a minute;
//! - in a call, somebody who is away for 30 s is given up: the interview is abandoned when no seat or no customer is left;
//! - a call-back waits ten minutes for the customer's page.
//!
//! The verbs are spread by who acts: [`ticket`] (customers who wait), [`seat`], [`call`]; [`assign`] brings ticket and seat together.

mod assign;
mod call;
mod line;
mod seat;
mod ticket;
mod timer;

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use time::{Duration, OffsetDateTime};

pub use call::Presence;
pub use line::Standing;

use crate::id::{InterviewId, ParticipantId, QueueId, UserId};
use call::{CallBack, CallPeople};
use line::Line;
use seat::Seat;
use ticket::Ticket;
use timer::{Timer, Timers};

/// The floor's times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How long one seat is rung.
    pub ring: Duration,
    /// How long a waiting customer keeps the place without a connection.
    pub keep_place: Duration,
    /// How long a call waits for somebody who is away, and how long a seat stays ready without its page.
    pub come_back: Duration,
    /// How many unanswered rings in a row set a seat to not ready.
    pub misses: u8,
    /// How long a seat that refused a customer is not rung for the same one.
    pub refusal_rest: Duration,
    /// How long a call-back waits for the customer.
    pub call_back: Duration,
    /// The service time that is assumed before the first call has ended.
    pub first_service: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            ring: Duration::seconds(30),
            keep_place: Duration::seconds(60),
            come_back: Duration::seconds(30),
            misses: 3,
            refusal_rest: Duration::seconds(60),
            call_back: Duration::minutes(10),
            first_service: Duration::minutes(5),
        }
    }
}

/// Why a ring is over without an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RingOver {
    /// Nobody answered in time.
    Unanswered,
    /// The seat refused.
    Refused,
    /// The seat's page is gone.
    SeatGone,
    /// The customer left or lost the connection.
    CustomerGone,
}

/// Why a seat is not ready without having said so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotReadyWhy {
    /// Three rings in a row were not answered.
    MissedRings,
    /// Its page was away too long.
    Reconnected,
}

/// What must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Ring a seat.
    Ring {
        /// For whom.
        interview: InterviewId,
        /// Which seat.
        seat: UserId,
        /// Until when.
        until: OffsetDateTime,
    },
    /// A ring is over; the customer waits on at the same place, unless it was the one who went.
    RingOver {
        /// Whose ring.
        interview: InterviewId,
        /// Which seat.
        seat: UserId,
        /// Why.
        why: RingOver,
    },
    /// A seat was set to not ready.
    SeatNotReady {
        /// Which seat.
        seat: UserId,
        /// Why.
        why: NotReadyWhy,
    },
    /// A waiting customer was away too long and has lost the place.
    Drop {
        /// Whose.
        interview: InterviewId,
    },
    /// Somebody in a call was away too long; others of the same side go on.
    GiveUp {
        /// Which call.
        interview: InterviewId,
        /// Who.
        participant: ParticipantId,
    },
    /// A side of the call is gone: the interview is abandoned. The call is already off the floor.
    Abandon {
        /// Which call.
        interview: InterviewId,
    },
    /// The called-back customer is there and the seat is free: the abandoned call goes on. It is already on the floor.
    Resume {
        /// Which interview.
        interview: InterviewId,
        /// Whose call.
        seat: UserId,
    },
    /// The customer did not come within the time of a call-back.
    CallBackOver {
        /// Which interview.
        interview: InterviewId,
        /// Whose call-back.
        seat: UserId,
    },
}

/// Everybody who waits, every seat, every ring and every call.
#[derive(Debug, Default)]
pub struct Floor {
    rules: Rules,
    lines: BTreeMap<QueueId, Line>,
    tickets: BTreeMap<InterviewId, Ticket>,
    seats: BTreeMap<UserId, Seat>,
    calls: BTreeMap<InterviewId, CallPeople>,
    call_backs: BTreeMap<InterviewId, CallBack>,
    timers: Timers,
    commands: VecDeque<Command>,
    changed: BTreeSet<QueueId>,
}

impl Floor {
    /// An empty floor with these rules.
    #[must_use]
    pub fn new(rules: Rules) -> Self {
        Self { rules, ..Self::default() }
    }

    /// The next thing to be done.
    pub fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// When [`Floor::handle_timeout`] is wanted next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<OffsetDateTime> {
        self.timers.next()
    }

    /// Lets every timer that is due fire.
    pub fn handle_timeout(&mut self, now: OffsetDateTime) {
        while let Some(timer) = self.timers.pop_due(now) {
            match timer {
                Timer::Ring(interview) => self.ring_ran_out(interview, now),
                Timer::Place(interview) => self.place_ran_out(interview),
                Timer::SeatPage(seat) => self.seat_page_ran_out(seat),
                Timer::Refusal => {}
                Timer::Person(interview, participant) => self.person_ran_out(interview, participant, now),
                Timer::CallBack(interview) => self.call_back_ran_out(interview),
            }
        }
        self.assign(now);
    }

    /// The queues whose tickets or seats changed since the last call.
    pub fn take_changed(&mut self) -> BTreeSet<QueueId> {
        std::mem::take(&mut self.changed)
    }
}

#[cfg(test)]
mod tests;
