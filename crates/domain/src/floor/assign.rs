//! Bringing a waiting customer and a free seat together, and ending a ring.

use std::cmp::Reverse;

use time::OffsetDateTime;

use super::line::Line;
use super::seat::Doing;
use super::ticket::Ticket;
use super::{Command, Floor, NotReadyWhy, RingOver, Timer};
use crate::id::{InterviewId, UserId};

impl Floor {
    /// Rings seats for customers until no more pair can be made.
    pub(super) fn assign(&mut self, now: OffsetDateTime) {
        self.resume_call_backs(now);
        while let Some((interview, seat)) = self.next_pair(now) {
            self.ring(interview, seat, now);
        }
    }

    /// Higher queue priority first, then longest wait; in a queue, the first customer for whom a free seat may be rung.
    fn next_pair(&self, now: OffsetDateTime) -> Option<(InterviewId, UserId)> {
        let mut lines: Vec<&Line> =
            self.lines.values().filter(|line| !line.free.is_empty() && !line.callable.is_empty()).collect();
        lines.sort_by_key(|line| (Reverse(line.priority), line.callable.first().copied()));
        lines.into_iter().find_map(|line| {
            line.callable.iter().find_map(|&(_, interview)| {
                let ticket = self.tickets.get(&interview)?;
                Some((interview, pick_seat(line, ticket, now)?))
            })
        })
    }

    fn ring(&mut self, interview: InterviewId, seat: UserId, now: OffsetDateTime) {
        let until = now + self.rules.ring;
        if let Some(ticket) = self.tickets.get_mut(&interview) {
            ticket.rings = Some(seat);
        }
        self.relist_ticket(interview);
        self.change_seat(seat, |state| state.doing = Doing::Ringing(interview));
        self.timers.set(Timer::Ring(interview), until);
        self.commands.push_back(Command::Ring { interview, seat, until });
    }

    pub(super) fn ring_ran_out(&mut self, interview: InterviewId, now: OffsetDateTime) {
        let Some(seat) = self.tickets.get(&interview).and_then(|ticket| ticket.rings) else { return };
        self.stop_ringing(interview, RingOver::Unanswered, now);
        if self.seats.get(&seat).is_some_and(|state| state.misses >= self.rules.misses) {
            self.set_not_ready(seat, NotReadyWhy::MissedRings);
        }
    }

    /// Ends a ring, if there is one, and tells it. The seat keeps its turn: it has been idle all the while.
    pub(super) fn stop_ringing(&mut self, interview: InterviewId, why: RingOver, now: OffsetDateTime) {
        let Some(ticket) = self.tickets.get_mut(&interview) else { return };
        let Some(seat) = ticket.rings.take() else { return };
        match why {
            RingOver::Unanswered => {
                ticket.missed_by.insert(seat);
            }
            RingOver::Refused => {
                let until = now + self.rules.refusal_rest;
                ticket.refused_by.insert(seat, until);
                self.timers.set(Timer::Refusal, until);
            }
            RingOver::SeatGone | RingOver::CustomerGone => {}
        }
        self.timers.clear(Timer::Ring(interview));
        self.relist_ticket(interview);
        self.change_seat(seat, |state| {
            state.doing = Doing::Nothing;
            if why == RingOver::Unanswered {
                state.misses += 1;
            }
        });
        self.commands.push_back(Command::RingOver { interview, seat, why });
    }
}

/// Highest priority, then longest idle; seats that let this customer ring out come last, seats that refused it rest.
fn pick_seat(line: &Line, ticket: &Ticket, now: OffsetDateTime) -> Option<UserId> {
    let may = |seat: &UserId| ticket.refused_by.get(seat).is_none_or(|&until| until <= now);
    let mut free = line.free.iter().map(|&(_, _, seat)| seat).filter(may);
    let mut second = None;
    free.find(|seat| {
        let missed = ticket.missed_by.contains(seat);
        if missed {
            second.get_or_insert(*seat);
        }
        !missed
    })
    .or(second)
}
