//! What each page shows, drawn afresh from the floor and the running interviews.

use mingjian_domain::floor::{Presence, Standing};
use mingjian_domain::id::{InterviewId, PersonId, QueueId, UserId};
use mingjian_domain::interview;
use mingjian_store::InterviewRow;
use time::OffsetDateTime;

use super::Hall;
use super::live::Live;
use super::pages::{customer_participant, seat_participant};
use super::rings::log_fault;
use super::words::{
    CallView, ConsentView, CustomerState, DeskState, IceServer, Me, OrderPersonView, OrderView, PersonView, QueueView,
    RecentView, RingView, State, TicketView, WaitView,
};
use crate::mask;

/// Customers who are told their position before the hall looks at its mailbox again: with thousands waiting, a ring must
/// not wait until all of them know.
const TOLD_AT_ONCE: usize = 100;
/// Tickets of a queue that a desk lists.
const TICKETS_SHOWN: usize = 50;
/// Interviews of a seat that a desk lists.
const RECENT_SHOWN: u16 = 10;

impl Hall {
    /// Shows everybody whose page is out of date what it has to show now.
    pub(super) async fn tell_states(&mut self, now: OffsetDateTime) {
        if !self.stale_queues.is_empty() && self.round.is_empty() && now - self.queues_told_at >= Self::QUEUES_EVERY {
            self.queues_told_at = now;
            for queue in std::mem::take(&mut self.stale_queues) {
                self.round.extend(self.floor.standings(queue));
                let at_it = self.desks.iter().filter(|(_, desk)| desk.queues.contains(&queue)).map(|(&seat, _)| seat);
                self.stale_desks.extend(at_it);
            }
        }
        for _ in 0..TOLD_AT_ONCE {
            let Some((interview, standing)) = self.round.pop_front() else { break };
            self.tell_standing(interview, standing, now);
        }
        for person in std::mem::take(&mut self.stale_people) {
            let wait = self.wait_of(person, now);
            self.show_customer(person, wait, now);
        }
        for seat in std::mem::take(&mut self.stale_desks) {
            self.refresh_recent(seat).await;
            self.show_desk(seat, now);
        }
    }

    /// Those who wait on one ticket learn their position, unless they have been answered or left meanwhile.
    fn tell_standing(&mut self, interview: InterviewId, standing: Standing, now: OffsetDateTime) {
        if !self.floor.waits(interview) {
            return;
        }
        let people = self.live.get(&interview).map(|live| live.customers.clone()).unwrap_or_default();
        for person in people {
            let wait = self.wait_view(interview, standing, now);
            self.show_customer(person, wait, now);
        }
    }

    fn wait_of(&self, person: PersonId, now: OffsetDateTime) -> Option<WaitView> {
        let interview = self.guests.get(&person)?.interview?;
        self.wait_view(interview, self.floor.standing(interview)?, now)
    }

    fn wait_view(&self, interview: InterviewId, standing: Standing, now: OffsetDateTime) -> Option<WaitView> {
        let live = self.live.get(&interview)?;
        Some(WaitView {
            name: live.queue_name.clone(),
            position: standing.position,
            waiting: standing.waiting,
            estimated_wait_s: standing.estimate.map(time::Duration::whole_seconds),
            joined_at: live.interview.joined_at,
            open: self.queues.get(&live.interview.queue).is_some_and(|queue| queue.is_open(now)),
            ringing: standing.ringing,
        })
    }

    fn show_customer(&mut self, person: PersonId, queue: Option<WaitView>, now: OffsetDateTime) {
        let Some(guest) = self.guests.get(&person) else { return };
        let Some(connection) = guest.connection else { return };
        let participant = customer_participant(person);
        let call = guest
            .interview
            .filter(|&interview| self.floor.is_call(interview))
            .and_then(|interview| self.live.get(&interview))
            .map(|live| self.call_view(live, "in_call"));
        let state = CustomerState {
            me: Me { participant, name: guest.name.clone(), login: None },
            consent: ConsentView {
                recording_at: guest.invitation.consent.recording_at,
                face_at: guest.invitation.consent.face_at,
            },
            ice_servers: self.ice_servers(participant, now),
            queue,
            call,
            end: guest.end.clone(),
        };
        let state = if state.call.is_some() {
            State::Call(state)
        } else if state.queue.is_some() {
            State::Waiting(state)
        } else if state.end.is_some() {
            State::Ended(state)
        } else {
            State::Welcome(state)
        };
        self.pages.show(connection, state);
    }

    fn ice_servers(&self, participant: mingjian_domain::id::ParticipantId, now: OffsetDateTime) -> Vec<IceServer> {
        self.settings.turn.iter().map(|turn| turn.credentials(participant, now)).collect()
    }

    fn call_view(&self, live: &Live, state: &'static str) -> CallView {
        let seat = live.seat.as_ref().map(|(seat, name)| (seat_participant(*seat), name.clone(), "seat"));
        let customers = live
            .customers
            .iter()
            .filter_map(|&person| live.order.person(person))
            .map(|person| (customer_participant(person.id), person.name.clone(), "customer"));
        let presences: std::collections::BTreeMap<_, _> = self.floor.people(live.interview.id).collect();
        let people = seat.into_iter().chain(customers).map(|(participant, name, role)| {
            let (presence, lost_at) = match presences.get(&participant) {
                Some(Presence::Joining) => ("joining", None),
                Some(Presence::Here) => ("here", None),
                Some(Presence::Lost { since }) => ("lost", Some(*since)),
                Some(Presence::Left) | None => ("left", None),
            };
            let off = live.off.get(&participant).map(|off| off.iter().copied().collect()).unwrap_or_default();
            PersonView { participant, name, role, presence, lost_at, off }
        });
        CallView {
            interview: live.interview.id,
            room: live.interview.room,
            number: live.interview.number.clone(),
            state,
            recording: live.recording.word(),
            connected_at: live.interview.state.call().and_then(|call| call.connected_at),
            people: people.collect(),
            order: None,
            check: None,
        }
    }

    fn show_desk(&mut self, seat: UserId, now: OffsetDateTime) {
        let Some(desk) = self.desks.get(&seat) else { return };
        let Some(connection) = desk.connection else { return };
        let participant = seat_participant(seat);
        let in_call = self.floor.call_of(seat).map(|interview| (interview, "in_call"));
        let abandoned = || self.floor.wrapping_up(seat).map(|interview| (interview, "abandoned"));
        let call = in_call.or_else(abandoned).and_then(|(interview, state)| {
            let live = self.live.get(&interview)?;
            let view = self.call_view(live, state);
            Some(CallView { order: Some(order_view(live)), check: live.check.clone(), ..view })
        });
        let state = DeskState {
            me: Me { participant, name: desk.name.clone(), login: Some(desk.login.clone()) },
            ice_servers: self.ice_servers(participant, now),
            ready: self.floor.is_ready(seat),
            not_ready_why: desk.not_ready_why,
            queues: desk.queues.iter().filter_map(|&queue| self.queue_view(queue, now)).collect(),
            ringing: self.floor.rings_for(seat).and_then(|interview| self.ring_view(interview)),
            call,
            recent: desk.recent.clone(),
        };
        self.pages.show(connection, State::Desk(state));
    }

    fn queue_view(&self, queue: QueueId, now: OffsetDateTime) -> Option<QueueView> {
        let open = self.queues.get(&queue)?;
        let (waiting, since) = self.floor.load(queue);
        let tickets = self.floor.standings(queue).take(TICKETS_SHOWN).filter_map(|(interview, _)| {
            let live = self.live.get(&interview)?;
            Some(TicketView {
                interview,
                name: live.customer_name().to_owned(),
                product: live.order.product_name.clone(),
                business_no: live.order.business_no.clone(),
                waiting_since: live.interview.joined_at,
                lost: self.floor.is_lost(interview),
            })
        });
        Some(QueueView {
            id: open.queue.number.clone(),
            name: open.queue.name.clone(),
            open: open.is_open(now),
            waiting,
            longest_wait_ms: since.and_then(|since| i64::try_from((now - since).whole_milliseconds()).ok()),
            tickets: tickets.collect(),
        })
    }

    fn ring_view(&self, interview: InterviewId) -> Option<RingView> {
        let live = self.live.get(&interview)?;
        Some(RingView {
            interview,
            queue: live.queue_name.clone(),
            name: live.customer_name().to_owned(),
            product: live.order.product_name.clone(),
            business_no: live.order.business_no.clone(),
            waiting_since: live.interview.joined_at,
            rings_until: live.rings_until?,
        })
    }

    async fn refresh_recent(&mut self, seat: UserId) {
        if !self.desks.get(&seat).is_some_and(|desk| desk.recent_is_old && desk.connection.is_some()) {
            return;
        }
        let rows = async {
            let mut tx = self.service.store.read().await?;
            tx.interviews().recent_of_seat(seat, RECENT_SHOWN).await
        };
        match rows.await {
            Ok(rows) => {
                if let Some(desk) = self.desks.get_mut(&seat) {
                    desk.recent = rows.into_iter().filter_map(recent_view).collect();
                    desk.recent_is_old = false;
                }
            }
            Err(error) => log_fault("reading a seat's recent interviews", &error),
        }
    }
}

fn recent_view(row: InterviewRow) -> Option<RecentView> {
    let (verdict, ended_at, may_call_back) = match &row.interview.state {
        interview::State::Abandoned { at, .. } => (None, Some(*at), true),
        interview::State::Ended { outcome: interview::Outcome::Verdict { verdict, .. }, at, .. } => {
            (Some(verdict.word()), Some(*at), false)
        }
        interview::State::Ended { at, .. } => (None, Some(*at), false),
        // The one that runs is on the desk itself.
        interview::State::Waiting | interview::State::Ringing { .. } | interview::State::InCall(_) => return None,
    };
    Some(RecentView {
        interview: row.interview.id,
        name: row.customer_name,
        business_no: row.business_no,
        state: row.interview.state.word(),
        verdict,
        ended_at,
        may_call_back,
    })
}

fn order_view(live: &Live) -> OrderView {
    OrderView {
        business_no: live.order.business_no.clone(),
        product_name: live.order.product_name.clone(),
        people: live
            .order
            .people
            .iter()
            .map(|person| OrderPersonView {
                role: person.role.word(),
                name: person.name.clone(),
                id_type: person.id_type.clone(),
                id_no: mask::id_no(&person.id_no),
                mobile: mask::mobile(&person.mobile),
            })
            .collect(),
        details: live.order.details.clone(),
    }
}
