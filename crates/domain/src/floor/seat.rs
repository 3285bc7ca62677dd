//! Seats: their page, the ready switch, and what they are doing.

use std::cmp::Reverse;
use std::collections::BTreeSet;

use time::OffsetDateTime;

use super::{Command, Floor, NotReadyWhy, RingOver, Timer};
use crate::error::Conflict;
use crate::id::{InterviewId, QueueId, UserId};

#[derive(Debug)]
pub(super) struct Seat {
    /// Whether its page is connected.
    pub(super) online: bool,
    /// Whether it takes calls.
    pub(super) ready: bool,
    /// Since when it has been doing nothing.
    pub(super) idle_since: OffsetDateTime,
    /// Unanswered rings in a row.
    pub(super) misses: u8,
    pub(super) doing: Doing,
    pub(super) queues: BTreeSet<QueueId>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doing {
    Nothing,
    Ringing(InterviewId),
    InCall(InterviewId),
    /// The call was abandoned and its card is still open: to be decided, called back or closed.
    WrappingUp(InterviewId),
}

impl Default for Seat {
    fn default() -> Self {
        Self {
            online: false,
            ready: false,
            idle_since: OffsetDateTime::UNIX_EPOCH,
            misses: 0,
            doing: Doing::Nothing,
            queues: BTreeSet::new(),
        }
    }
}

impl Seat {
    /// Whether it may be rung now.
    fn is_free(&self) -> bool {
        self.online && self.ready && self.doing == Doing::Nothing
    }

    /// Whether it counts among those who serve.
    pub(super) fn serves(&self) -> bool {
        self.online && (self.ready || matches!(self.doing, Doing::InCall(_)))
    }
}

impl Floor {
    /// The seat's page is connected. It is as ready as it was if it comes back in time.
    pub fn seat_online(&mut self, seat: UserId, now: OffsetDateTime) {
        self.timers.clear(Timer::SeatPage(seat));
        self.change_seat(seat, |state| {
            state.online = true;
            state.idle_since = now;
        });
        self.assign(now);
    }

    /// The seat's page is gone: a ring passes on at once.
    pub fn seat_offline(&mut self, seat: UserId, now: OffsetDateTime) {
        if let Some(Doing::Ringing(interview)) = self.seats.get(&seat).map(|seat| seat.doing) {
            self.stop_ringing(interview, RingOver::SeatGone, now);
        }
        self.timers.set(Timer::SeatPage(seat), now + self.rules.come_back);
        self.change_seat(seat, |state| state.online = false);
        self.assign(now);
    }

    /// The seat turns its switch. Turning it off while being rung refuses the ring.
    pub fn set_ready(&mut self, seat: UserId, ready: bool, now: OffsetDateTime) {
        if let (false, Some(Doing::Ringing(interview))) = (ready, self.seats.get(&seat).map(|seat| seat.doing)) {
            self.stop_ringing(interview, RingOver::Refused, now);
        }
        self.change_seat(seat, |state| {
            if ready && !state.ready {
                state.idle_since = now;
            }
            state.ready = ready;
            state.misses = 0;
        });
        self.assign(now);
    }

    /// The seat refuses the customer; another seat is rung.
    ///
    /// # Errors
    /// [`Conflict::RingOver`] when this seat is not being rung for it.
    pub fn refuse(&mut self, seat: UserId, interview: InterviewId, now: OffsetDateTime) -> Result<(), Conflict> {
        self.expect_ring(seat, interview)?;
        self.stop_ringing(interview, RingOver::Refused, now);
        self.change_seat(seat, |state| state.misses = 0);
        self.assign(now);
        Ok(())
    }

    /// Whether the seat takes calls.
    #[must_use]
    pub fn is_ready(&self, seat: UserId) -> bool {
        self.seats.get(&seat).is_some_and(|seat| seat.ready)
    }

    /// Whom the seat is being rung for.
    #[must_use]
    pub fn rings_for(&self, seat: UserId) -> Option<InterviewId> {
        match self.seats.get(&seat)?.doing {
            Doing::Ringing(interview) => Some(interview),
            Doing::Nothing | Doing::InCall(_) | Doing::WrappingUp(_) => None,
        }
    }

    /// The abandoned call whose card the seat has still open.
    #[must_use]
    pub fn wrapping_up(&self, seat: UserId) -> Option<InterviewId> {
        match self.seats.get(&seat)?.doing {
            Doing::WrappingUp(interview) => Some(interview),
            Doing::Nothing | Doing::Ringing(_) | Doing::InCall(_) => None,
        }
    }

    /// The seat closes the card of an abandoned call, decided or not, and may be rung again.
    pub fn wrapped_up(&mut self, seat: UserId, now: OffsetDateTime) {
        if self.wrapping_up(seat).is_some() {
            self.change_seat(seat, |state| {
                state.doing = Doing::Nothing;
                state.idle_since = now;
            });
            self.assign(now);
        }
    }

    /// The call that the seat is in.
    #[must_use]
    pub fn call_of(&self, seat: UserId) -> Option<InterviewId> {
        match self.seats.get(&seat)?.doing {
            Doing::InCall(interview) => Some(interview),
            Doing::Nothing | Doing::Ringing(_) | Doing::WrappingUp(_) => None,
        }
    }

    pub(super) fn expect_ring(&self, seat: UserId, interview: InterviewId) -> Result<(), Conflict> {
        if self.rings_for(seat) == Some(interview) { Ok(()) } else { Err(Conflict::RingOver) }
    }

    pub(super) fn seat_page_ran_out(&mut self, seat: UserId) {
        if self.seats.get(&seat).is_some_and(|state| state.ready && !state.online) {
            self.set_not_ready(seat, NotReadyWhy::Reconnected);
        }
        if self.wrapping_up(seat).is_some() {
            self.change_seat(seat, |state| state.doing = Doing::Nothing);
        }
    }

    pub(super) fn set_not_ready(&mut self, seat: UserId, why: NotReadyWhy) {
        self.change_seat(seat, |state| {
            state.ready = false;
            state.misses = 0;
        });
        self.commands.push_back(Command::SeatNotReady { seat, why });
    }

    /// Changes a seat and keeps the lines' lists of free seats true.
    pub(super) fn change_seat(&mut self, seat: UserId, change: impl FnOnce(&mut Seat)) {
        self.unlist_seat(seat);
        change(self.seats.entry(seat).or_default());
        self.list_seat(seat);
    }

    pub(super) fn unlist_seat(&mut self, seat: UserId) {
        self.each_turn(seat, |line, turn| {
            line.free.remove(&turn);
        });
    }

    pub(super) fn list_seat(&mut self, seat: UserId) {
        if self.seats.get(&seat).is_some_and(Seat::is_free) {
            self.each_turn(seat, |line, turn| {
                line.free.insert(turn);
            });
        }
    }

    fn each_turn(&mut self, seat: UserId, act: impl Fn(&mut super::Line, super::line::Turn)) {
        let Some(state) = self.seats.get(&seat) else { return };
        for queue in &state.queues {
            if let Some(line) = self.lines.get_mut(queue)
                && let Some(&priority) = line.members.get(&seat)
            {
                act(line, (Reverse(priority), state.idle_since, seat));
                self.changed.insert(*queue);
            }
        }
    }
}
