//! Calls: who is in them, who is away, what ends them, and calling back.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use super::seat::Doing;
use super::{Command, Floor, Timer};
use crate::error::Conflict;
use crate::id::{InterviewId, ParticipantId, QueueId, UserId};

/// Whether somebody of a call is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// On the way in.
    Joining,
    /// Seen and heard.
    Here,
    /// Away since then.
    Lost {
        /// Since when.
        since: OffsetDateTime,
    },
    /// Gone for good.
    Left,
}

#[derive(Debug)]
pub(super) struct CallPeople {
    seat: UserId,
    queue: Option<QueueId>,
    answered_at: OffsetDateTime,
    people: BTreeMap<ParticipantId, Member>,
}

#[derive(Debug, Clone, Copy)]
struct Member {
    side: Side,
    presence: Presence,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Seat,
    Customer,
}

#[derive(Debug)]
pub(super) struct CallBack {
    seat: UserId,
    /// The participant of the seat, then those of the customers who are there.
    seat_participant: ParticipantId,
    customers: Vec<ParticipantId>,
}

impl Floor {
    /// The seat that is being rung answers: the customer leaves the queue and both are on their way into the room.
    ///
    /// # Errors
    /// [`Conflict::RingOver`] when this seat is not being rung for it.
    pub fn answer(
        &mut self,
        (seat, seat_participant): (UserId, ParticipantId),
        interview: InterviewId,
        customers: &[ParticipantId],
        now: OffsetDateTime,
    ) -> Result<(), Conflict> {
        self.expect_ring(seat, interview)?;
        let queue = self.remove_ticket(interview).map(|ticket| ticket.queue);
        self.change_seat(seat, |state| state.misses = 0);
        self.begin_call(interview, (seat, seat_participant), queue, customers, now);
        Ok(())
    }

    /// Puts a call on the floor whose people are all on their way in: an answered one, a resumed one, or one that a restart cut.
    pub fn begin_call(
        &mut self,
        interview: InterviewId,
        (seat, seat_participant): (UserId, ParticipantId),
        queue: Option<QueueId>,
        customers: &[ParticipantId],
        now: OffsetDateTime,
    ) {
        self.call_backs.remove(&interview);
        self.timers.clear(Timer::CallBack(interview));
        self.change_seat(seat, |state| state.doing = Doing::InCall(interview));
        self.calls.insert(interview, CallPeople { seat, queue, answered_at: now, people: BTreeMap::new() });
        self.enter(interview, seat_participant, Side::Seat, now);
        for &customer in customers {
            self.enter(interview, customer, Side::Customer, now);
        }
    }

    /// A further customer of the same order comes into the call.
    ///
    /// # Errors
    /// [`Conflict::NotInCall`] when there is no such call.
    pub fn add_customer(
        &mut self,
        interview: InterviewId,
        customer: ParticipantId,
        now: OffsetDateTime,
    ) -> Result<(), Conflict> {
        if !self.calls.contains_key(&interview) {
            return Err(Conflict::NotInCall);
        }
        self.enter(interview, customer, Side::Customer, now);
        Ok(())
    }

    fn enter(&mut self, interview: InterviewId, participant: ParticipantId, side: Side, now: OffsetDateTime) {
        if let Some(call) = self.calls.get_mut(&interview) {
            call.people.insert(participant, Member { side, presence: Presence::Joining });
            self.timers.set(Timer::Person(interview, participant), now + self.rules.come_back);
        }
    }

    /// Somebody of a call is seen and heard.
    pub fn person_here(&mut self, interview: InterviewId, participant: ParticipantId) {
        if let Some(member) = self.member(interview, participant) {
            member.presence = Presence::Here;
            self.timers.clear(Timer::Person(interview, participant));
        }
    }

    /// Somebody of a call is away. The time runs from the first loss.
    pub fn person_lost(&mut self, interview: InterviewId, participant: ParticipantId, now: OffsetDateTime) {
        let come_back = self.rules.come_back;
        let Some(member) = self.member(interview, participant) else { return };
        match member.presence {
            Presence::Here => {
                member.presence = Presence::Lost { since: now };
                self.timers.set(Timer::Person(interview, participant), now + come_back);
            }
            Presence::Joining | Presence::Lost { .. } | Presence::Left => {}
        }
    }

    /// A side is gone for good: takes the call off the floor. A seat that is there keeps its card to wrap up.
    pub fn abandon_call(&mut self, interview: InterviewId, now: OffsetDateTime) {
        let Some(seat) = self.calls.get(&interview).map(|call| call.seat) else { return };
        self.remove_call(interview, now);
        self.change_seat(seat, |state| {
            state.doing = if state.online { Doing::WrappingUp(interview) } else { Doing::Nothing };
            state.idle_since = now;
        });
        self.assign(now);
    }

    /// Takes a call off the floor: decided, hung up, or failed. The seat is free again, its idle time begins.
    pub fn end_call(&mut self, interview: InterviewId, now: OffsetDateTime) {
        let Some(seat) = self.calls.get(&interview).map(|call| call.seat) else { return };
        self.remove_call(interview, now);
        self.change_seat(seat, |state| {
            state.doing = Doing::Nothing;
            state.idle_since = now;
        });
        self.assign(now);
    }

    fn remove_call(&mut self, interview: InterviewId, now: OffsetDateTime) {
        let Some(call) = self.calls.remove(&interview) else { return };
        for &participant in call.people.keys() {
            self.timers.clear(Timer::Person(interview, participant));
        }
        if let Some(line) = call.queue.and_then(|queue| self.lines.get_mut(&queue)) {
            line.served_in(now - call.answered_at);
        }
    }

    /// The seat calls an abandoned customer back. It goes on at once when the customer is there and the seat is free,
    /// else as soon as both are, within ten minutes.
    ///
    /// # Errors
    /// [`Conflict::InCall`] while the seat is in a call, [`Conflict::CustomerElsewhere`] when the interview is on the floor already.
    pub fn call_back(
        &mut self,
        (seat, seat_participant): (UserId, ParticipantId),
        interview: InterviewId,
        customers: Vec<ParticipantId>,
        now: OffsetDateTime,
    ) -> Result<(), Conflict> {
        if self.call_of(seat).is_some() {
            return Err(Conflict::InCall);
        }
        if self.calls.contains_key(&interview) || self.tickets.contains_key(&interview) {
            return Err(Conflict::CustomerElsewhere);
        }
        self.call_backs.insert(interview, CallBack { seat, seat_participant, customers });
        self.timers.set(Timer::CallBack(interview), now + self.rules.call_back);
        self.assign(now);
        Ok(())
    }

    /// A customer who is being called back has opened the page.
    pub fn called_back_customer_here(&mut self, interview: InterviewId, customer: ParticipantId, now: OffsetDateTime) {
        if let Some(call_back) = self.call_backs.get_mut(&interview) {
            if !call_back.customers.contains(&customer) {
                call_back.customers.push(customer);
            }
            self.assign(now);
        }
    }

    /// A customer who is being called back has closed the page again.
    pub fn called_back_customer_gone(&mut self, interview: InterviewId, customer: ParticipantId) {
        if let Some(call_back) = self.call_backs.get_mut(&interview) {
            call_back.customers.retain(|&other| other != customer);
        }
    }

    /// Somebody leaves the call for good by the own wish. Tells whether the side goes on without.
    pub fn person_left(&mut self, interview: InterviewId, participant: ParticipantId) -> bool {
        self.timers.clear(Timer::Person(interview, participant));
        let Some(call) = self.calls.get_mut(&interview) else { return false };
        let Some(member) = call.people.get_mut(&participant) else { return false };
        member.presence = Presence::Left;
        let side = member.side;
        call.people.values().any(|member| member.side == side && member.presence != Presence::Left)
    }

    /// Drops a call-back whose interview got its verdict.
    pub fn forget_call_back(&mut self, interview: InterviewId) {
        self.call_backs.remove(&interview);
        self.timers.clear(Timer::CallBack(interview));
    }

    /// Whether the customer of this interview is being called back.
    #[must_use]
    pub fn is_called_back(&self, interview: InterviewId) -> bool {
        self.call_backs.contains_key(&interview)
    }

    /// Whether the interview is a call on the floor.
    #[must_use]
    pub fn is_call(&self, interview: InterviewId) -> bool {
        self.calls.contains_key(&interview)
    }

    /// The people of a call and whether they are there.
    pub fn people(&self, interview: InterviewId) -> impl Iterator<Item = (ParticipantId, Presence)> + '_ {
        self.calls
            .get(&interview)
            .into_iter()
            .flat_map(|call| call.people.iter().map(|(&id, member)| (id, member.presence)))
    }

    /// Whether the seat and at least one customer are there.
    #[must_use]
    pub fn both_sides_here(&self, interview: InterviewId) -> bool {
        self.calls.get(&interview).is_some_and(|call| {
            [Side::Seat, Side::Customer]
                .into_iter()
                .all(|side| call.people.values().any(|member| member.side == side && member.presence == Presence::Here))
        })
    }

    pub(super) fn resume_call_backs(&mut self, now: OffsetDateTime) {
        let due: Vec<InterviewId> = self
            .call_backs
            .iter()
            .filter(|(_, call_back)| !call_back.customers.is_empty())
            .filter(|&(&interview, call_back)| self.may_resume(call_back.seat, interview))
            .map(|(&interview, _)| interview)
            .collect();
        for interview in due {
            // The same seat may call two customers back; the first one makes it busy.
            let Some(call_back) = self.call_backs.get(&interview) else { continue };
            if self.call_of(call_back.seat).is_some() {
                continue;
            }
            let Some(CallBack { seat, seat_participant, customers }) = self.call_backs.remove(&interview) else {
                continue;
            };
            self.begin_call(interview, (seat, seat_participant), None, &customers, now);
            self.commands.push_back(Command::Resume { interview, seat });
        }
    }

    pub(super) fn person_ran_out(&mut self, interview: InterviewId, participant: ParticipantId, now: OffsetDateTime) {
        if self.person_left(interview, participant) {
            self.commands.push_back(Command::GiveUp { interview, participant });
        } else {
            self.abandon_call(interview, now);
            self.commands.push_back(Command::Abandon { interview });
        }
    }

    pub(super) fn call_back_ran_out(&mut self, interview: InterviewId) {
        if let Some(call_back) = self.call_backs.remove(&interview) {
            self.commands.push_back(Command::CallBackOver { interview, seat: call_back.seat });
        }
    }

    fn may_resume(&self, seat: UserId, interview: InterviewId) -> bool {
        self.seats.get(&seat).is_some_and(|seat| {
            seat.online && (seat.doing == Doing::Nothing || seat.doing == Doing::WrappingUp(interview))
        })
    }

    fn member(&mut self, interview: InterviewId, participant: ParticipantId) -> Option<&mut Member> {
        self.calls.get_mut(&interview)?.people.get_mut(&participant)
    }
}
