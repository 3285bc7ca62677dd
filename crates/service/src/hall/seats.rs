//! What a seat's page asks.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{InterviewId, ParticipantId, UserId};
use mingjian_domain::interview::{Outcome, Verdict};
use time::OffsetDateTime;

use super::Hall;
use super::calls::line;
use super::pages::{Desk, Who, seat_participant};
use super::words::{CloseCode, SeatAsk};
use crate::pages::ConnectionId;

impl Hall {
    pub(super) async fn hello_seat(
        &mut self,
        connection: ConnectionId,
        seat: UserId,
        now: OffsetDateTime,
    ) -> Result<()> {
        let mut tx = self.service.store.read().await?;
        let user = tx.users().lookup_any(seat).await?.ok_or(Error::Missing(Noun::User))?;
        let mut memberships = tx.memberships().list_of_seat(seat).await?;
        drop(tx);
        memberships.sort_by_key(|membership| std::cmp::Reverse(membership.priority));
        let before = self.desks.remove(&seat);
        if let Some(other) = before.as_ref().and_then(|desk| desk.connection) {
            self.pages.close(other, CloseCode::TakenOver);
        }
        for membership in &memberships {
            self.floor.add_member(membership.queue, seat, membership.priority);
        }
        let desk = Desk {
            tenant: user.tenant,
            name: user.name,
            login: user.login,
            connection: Some(connection),
            queues: memberships.iter().map(|membership| membership.queue).collect(),
            not_ready_why: before.and_then(|desk| desk.not_ready_why),
            recent: Vec::new(),
            recent_is_old: true,
        };
        self.desks.insert(seat, desk);
        self.pages.introduce(connection, Who::Seat(seat));
        self.floor.seat_online(seat, now);
        self.stale_desks.insert(seat);
        Ok(())
    }

    pub(super) async fn seat_asks(&mut self, connection: ConnectionId, re: u64, ask: SeatAsk, now: OffsetDateTime) {
        let Some(Who::Seat(seat)) = self.pages.who(connection) else { return };
        self.stale_desks.insert(seat);
        let outcome = match ask {
            SeatAsk::Ready { on } => self.set_ready(seat, on, now),
            SeatAsk::Accept { interview } => self.accept(seat, interview, now).await,
            SeatAsk::Refuse { interview } => self.floor.refuse(seat, interview, now).map_err(Error::from),
            SeatAsk::Verdict { interview, verdict, reason } => self.decide(seat, interview, verdict, reason, now).await,
            SeatAsk::HangUp { interview } => self.seat_hangs_up(seat, interview, now).await,
            SeatAsk::CallBack { interview } => self.call_back(seat, interview, now).await,
            SeatAsk::Media(ask) => {
                let interview = self.floor.call_of(seat);
                self.media_asks(connection, re, interview, seat_participant(seat), ask);
                return;
            }
        };
        self.reply(connection, re, outcome);
    }

    fn set_ready(&mut self, seat: UserId, on: bool, now: OffsetDateTime) -> Result<()> {
        if on && self.floor.call_of(seat).is_some() {
            return Err(Conflict::InCall.into());
        }
        if let Some(desk) = self.desks.get_mut(&seat) {
            desk.not_ready_why = None;
        }
        self.floor.set_ready(seat, on, now);
        Ok(())
    }

    async fn accept(&mut self, seat: UserId, interview: InterviewId, now: OffsetDateTime) -> Result<()> {
        if self.floor.rings_for(seat) != Some(interview) {
            return Err(Conflict::RingOver.into());
        }
        let customers = self.live.get(&interview).ok_or(Conflict::RingOver)?.customer_participants();
        self.begin_recorded_call(seat, interview, now).await?;
        self.floor.answer((seat, seat_participant(seat)), interview, &customers, now)?;
        self.stale_call(interview);
        Ok(())
    }

    async fn decide(
        &mut self,
        seat: UserId,
        interview: InterviewId,
        verdict: Verdict,
        reason: Option<String>,
        now: OffsetDateTime,
    ) -> Result<()> {
        self.load(seat, interview).await?;
        let live = self.live.get(&interview).ok_or(Error::Missing(Noun::Interview))?;
        let decided = live.interview.state.clone().decide(seat, verdict, reason, now)?;
        self.save_end(interview, decided, Actor::User(seat), "decide", now).await?;
        self.floor.end_call(interview, now);
        self.floor.forget_call_back(interview);
        self.floor.wrapped_up(seat, now);
        self.forget(interview, "verdict", now);
        Ok(())
    }

    async fn seat_hangs_up(&mut self, seat: UserId, interview: InterviewId, now: OffsetDateTime) -> Result<()> {
        if self.floor.call_of(seat) != Some(interview) && self.floor.wrapping_up(seat) != Some(interview) {
            return Err(Conflict::NotInCall.into());
        }
        self.finish(interview, Outcome::HungUp, Actor::User(seat), now).await?;
        self.floor.end_call(interview, now);
        self.floor.wrapped_up(seat, now);
        self.forget(interview, "hung_up", now);
        Ok(())
    }

    async fn call_back(&mut self, seat: UserId, interview: InterviewId, now: OffsetDateTime) -> Result<()> {
        if self.floor.call_of(seat).is_some() {
            return Err(Conflict::InCall.into());
        }
        self.load(seat, interview).await?;
        let live = self.live.get(&interview).ok_or(Error::Missing(Noun::Interview))?;
        live.interview.state.clone().resume(seat)?;
        if self.of_order.get(&live.order.id).is_some_and(|&other| other != interview) {
            return Err(Conflict::CustomerElsewhere.into());
        }
        let tenant = live.interview.tenant;
        let here: Vec<ParticipantId> = live
            .order
            .people
            .iter()
            .filter(|person| self.guests.get(&person.id).is_some_and(|guest| guest.connection.is_some()))
            .map(|person| super::pages::customer_participant(person.id))
            .collect();
        let mut tx = self.service.store.begin().await?;
        tx.audit().append(&line(&self.service, tenant, Actor::User(seat), "call_back", "interview", interview)).await?;
        tx.commit().await?;
        self.floor.call_back((seat, seat_participant(seat)), interview, here, now)?;
        self.stale_call(interview);
        Ok(())
    }
}
