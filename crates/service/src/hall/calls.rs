//! The steps of an interview from the answer to the end: first written to the store, then told.

use mingjian_domain::audit::{Actor, AuditLine};
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{InterviewId, ParticipantId, RecordingId, TenantId, UserId};
use mingjian_domain::interview::{Interview, Outcome, State};
use mingjian_domain::recording::journal::GapReason;
use mingjian_domain::recording::{self, Mark, Recording, Speaker, SpeakerRole};
use mingjian_domain::room::RoomCommand;
use mingjian_store::Tx;
use time::OffsetDateTime;

use super::Hall;
use super::live::{Live, Recorder};
use super::pages::{customer_participant, seat_participant};
use super::words::EndView;
use crate::audit::{Act, Subject};
use crate::{Service, callbacks, tapes};

impl Hall {
    /// The answer: the interview is in a call, its recording exists, its room is opened with the recorder as a must.
    pub(super) async fn begin_recorded_call(
        &mut self,
        seat: UserId,
        interview: InterviewId,
        now: OffsetDateTime,
    ) -> Result<()> {
        let service = self.service.clone();
        let live = self.live.get_mut(&interview).ok_or(Error::Missing(Noun::Interview))?;
        let tenant = live.interview.tenant;
        let mut tx = service.store.begin().await?;
        let user = tx.users().lookup(tenant, seat).await?.ok_or(Error::Missing(Noun::User))?;
        let id = service.draw(|random| RecordingId::mint(now, random));
        let made = tapes::draft(&mut tx, id, tenant, Some(interview), live.interview.room, now).await?;
        let answered = Interview {
            state: live.interview.state.clone().answer(seat, now)?,
            wait_ms: i64::try_from((now - live.interview.joined_at).whole_milliseconds()).ok(),
            recording: Some(id),
            ..live.interview.clone()
        };
        tx.recordings().insert(&made).await?;
        tx.interviews().save(&answered).await?;
        for speaker in speakers(live, id, seat, &user.name) {
            tx.speakers().upsert(&speaker).await?;
        }
        tx.audit().append(&line(&service, tenant, Actor::User(seat), "answer", "interview", interview)).await?;
        tx.commit().await?;
        live.interview = answered;
        live.seat = Some((seat, user.name));
        live.rings_until = None;
        self.open_room(interview, &made, GapReason::Restart);
        Ok(())
    }

    /// A call-back that succeeded, or a call that a restart cut: the same interview and the same recording go on.
    /// The recorder marks the stretch in between as a gap.
    pub(super) async fn resume_recorded_call(&mut self, seat: UserId, interview: InterviewId) -> Result<()> {
        let service = self.service.clone();
        let live = self.live.get_mut(&interview).ok_or(Error::Missing(Noun::Interview))?;
        let tenant = live.interview.tenant;
        let resumed = Interview { state: live.interview.state.clone().resume(seat)?, ..live.interview.clone() };
        let recording = live.interview.recording.ok_or(Error::Missing(Noun::Recording))?;
        let mut tx = service.store.begin().await?;
        let made = tx.recordings().lookup(tenant, recording).await?.ok_or(Error::Missing(Noun::Recording))?;
        tx.recordings().set_state(recording, recording::State::Recording).await?;
        tx.interviews().save(&resumed).await?;
        tx.audit().append(&line(&service, tenant, Actor::User(seat), "resume", "interview", interview)).await?;
        tx.commit().await?;
        live.interview = resumed;
        let order = live.order.id;
        let people = live.order.people.clone();
        live.customers = people
            .iter()
            .map(|person| person.id)
            .filter(|person| self.floor.people(interview).any(|(there, _)| there == customer_participant(*person)))
            .collect();
        let customers = live.customers.clone();
        self.of_order.insert(order, interview);
        for person in customers {
            if let Some(guest) = self.guests.get_mut(&person) {
                guest.interview = Some(interview);
                guest.end = None;
            }
        }
        self.open_room(interview, &made, GapReason::Reconnect);
        Ok(())
    }

    pub(super) fn open_room(&mut self, interview: InterviewId, made: &Recording, paused_by: GapReason) {
        let Some(live) = self.live.get_mut(&interview) else { return };
        live.recording = Recorder::Starting;
        live.recording_since = Some(made.started_at);
        live.off.clear();
        let room = live.interview.room;
        self.of_room.insert(room, interview);
        self.command(RoomCommand::Open { room, record: Some(tapes::plan(made, paused_by)) });
    }

    /// Somebody joined after the answer.
    pub(super) async fn add_speaker(&mut self, interview: InterviewId, participant: ParticipantId) -> Result<()> {
        let Some(live) = self.live.get(&interview) else { return Ok(()) };
        let (Some(recording), Some((seat, name))) = (live.interview.recording, live.seat.clone()) else {
            return Ok(());
        };
        let mut tx = self.service.store.begin().await?;
        for speaker in speakers(live, recording, seat, &name) {
            if speaker.participant == participant {
                tx.speakers().upsert(&speaker).await?;
            }
        }
        tx.commit().await
    }

    /// One small step of the state that no page waits for.
    pub(super) async fn step(
        &mut self,
        interview: InterviewId,
        step: impl FnOnce(State) -> std::result::Result<State, Conflict>,
    ) -> Result<()> {
        let Some(live) = self.live.get_mut(&interview) else { return Ok(()) };
        live.interview.state = step(live.interview.state.clone())?;
        let mut tx = self.service.store.begin().await?;
        tx.interviews().save(&live.interview).await?;
        tx.commit().await
    }

    /// Both sides are there and the recorder runs.
    pub(super) async fn connect_if_whole(&mut self, interview: InterviewId, now: OffsetDateTime) -> Result<()> {
        let Some(live) = self.live.get(&interview) else { return Ok(()) };
        let connected = live.interview.state.call().is_some_and(|call| call.connected_at.is_some());
        if live.recording != Recorder::On || connected || !self.floor.both_sides_here(interview) {
            return Ok(());
        }
        self.step(interview, |state| state.connect(now)).await?;
        self.mark(interview, "connected", "双方已接通", now).await?;
        self.stale_call(interview);
        Ok(())
    }

    /// A mark on the recording's timeline.
    pub(super) async fn mark(
        &mut self,
        interview: InterviewId,
        kind: &str,
        text: &str,
        now: OffsetDateTime,
    ) -> Result<()> {
        let Some(live) = self.live.get(&interview) else { return Ok(()) };
        let (Some(recording), Some(at_ms)) = (live.interview.recording, live.recording_ms(now)) else { return Ok(()) };
        let mut tx = self.service.store.begin().await?;
        tx.marks().insert(&Mark { recording, at_ms, kind: kind.to_owned(), text: text.to_owned() }).await?;
        tx.commit().await
    }

    /// A side of the call is gone. The room is closed, which ends the recording; the seat keeps the card.
    pub(super) async fn abandon(&mut self, interview: InterviewId, now: OffsetDateTime) -> Result<()> {
        self.mark(interview, "abandoned", "一方离开，通话中断", now).await?;
        self.step(interview, |state| state.abandon(now)).await?;
        let Some(live) = self.live.get_mut(&interview) else { return Ok(()) };
        live.recording = Recorder::Stopped;
        let (room, order, customers) = (live.interview.room, live.order.id, live.customers.clone());
        let seat = live.seat.as_ref().map(|&(seat, _)| seat);
        self.of_order.remove(&order);
        self.command(RoomCommand::Close { room });
        let end = self.end_view(interview, "abandoned", None, None, now);
        for person in customers {
            self.take_out(person, end.clone());
        }
        if let Some(desk) = seat.and_then(|seat| self.desks.get_mut(&seat)) {
            desk.recent_is_old = true;
        }
        self.stale_call(interview);
        Ok(())
    }

    /// Ends an interview without a verdict, in the store.
    pub(super) async fn finish(
        &mut self,
        interview: InterviewId,
        outcome: Outcome,
        actor: Actor,
        now: OffsetDateTime,
    ) -> Result<()> {
        let Some(live) = self.live.get(&interview) else { return Ok(()) };
        let action = outcome.word();
        let ended = live.interview.state.clone().end(outcome, now)?;
        self.save_end(interview, ended, actor, action, now).await
    }

    /// Writes the end down: the state, the links that have done their work, the callback, the audit line, all or nothing.
    pub(super) async fn save_end(
        &mut self,
        interview: InterviewId,
        ended: State,
        actor: Actor,
        action: &'static str,
        now: OffsetDateTime,
    ) -> Result<()> {
        let service = self.service.clone();
        let live = self.live.get_mut(&interview).ok_or(Error::Missing(Noun::Interview))?;
        let tenant = live.interview.tenant;
        let ended = Interview { state: ended, ..live.interview.clone() };
        let State::Ended { outcome, .. } = &ended.state else { return Err(Conflict::WrongState.into()) };
        let mut tx = service.store.begin().await?;
        tx.interviews().save(&ended).await?;
        if let Outcome::Verdict { verdict, .. } = outcome {
            if verdict.is_final() {
                tx.invitations().mark_used_of_order(live.order.id, now).await?;
            }
            if let (Some(recording), Some(at_ms)) = (ended.recording, live.recording_ms(now)) {
                let text = match verdict {
                    mingjian_domain::interview::Verdict::Pass => "结论：通过",
                    mingjian_domain::interview::Verdict::Refuse => "结论：拒绝",
                    mingjian_domain::interview::Verdict::Supplement => "结论：待补充",
                };
                tx.marks()
                    .insert(&Mark { recording, at_ms, kind: "verdict".to_owned(), text: text.to_owned() })
                    .await?;
            }
        }
        callbacks::enqueue_result(&service, &mut tx, &ended).await?;
        tx.audit().append(&line(&service, tenant, actor, action, "interview", interview)).await?;
        tx.commit().await?;
        live.interview = ended;
        Ok(())
    }

    /// Takes an ended interview out of the hall and tells everybody in it how it ended.
    pub(super) fn forget(&mut self, interview: InterviewId, why: &'static str, now: OffsetDateTime) {
        self.stale_call(interview);
        let Some(live) = self.live.get(&interview) else { return };
        let (verdict, reason) = match &live.interview.state {
            State::Ended { outcome: Outcome::Verdict { verdict, reason }, .. } => (Some(*verdict), reason.clone()),
            State::Ended { .. }
            | State::Waiting
            | State::Ringing { .. }
            | State::InCall(_)
            | State::Abandoned { .. } => (None, None),
        };
        let may_return = verdict.is_none_or(|verdict| !verdict.is_final());
        let end = self.end_view(interview, why, verdict.map(mingjian_domain::interview::Verdict::word), reason, now);
        let Some(live) = self.live.remove(&interview) else { return };
        if live.recording_since.is_some() {
            self.command(RoomCommand::Close { room: live.interview.room });
        }
        if self.of_order.get(&live.order.id) == Some(&interview) {
            self.of_order.remove(&live.order.id);
        }
        // People whose page shows an earlier end of this interview get the verdict too.
        for person in live.order.people.iter().map(|person| person.id) {
            let shows_it = self.guests.get(&person).is_some_and(|guest| {
                guest.interview == Some(interview)
                    || guest.end.as_ref().is_some_and(|end| end.number == live.interview.number)
            });
            if shows_it {
                self.take_out(person, end.clone());
            }
            if let Some(guest) = self.guests.get_mut(&person)
                && !may_return
            {
                guest.invitation.used_at = Some(now);
            }
        }
        if let Some(desk) = live.seat.and_then(|(seat, _)| self.desks.get_mut(&seat)) {
            desk.recent_is_old = true;
        }
    }

    /// Parts one participant from the room; the others go on.
    pub(super) fn part(&mut self, interview: InterviewId, participant: ParticipantId) {
        if let Some(live) = self.live.get(&interview) {
            self.command(RoomCommand::Leave { room: live.interview.room, participant });
        }
    }

    /// Brings an abandoned interview of the seat back into the hall, if it is not there.
    pub(super) async fn load(&mut self, seat: UserId, interview: InterviewId) -> Result<()> {
        if self.live.contains_key(&interview) {
            return Ok(());
        }
        let desk = self.desks.get(&seat).ok_or(Error::Missing(Noun::User))?;
        let mut tx = self.service.store.read().await?;
        let found = tx.interviews().lookup(desk.tenant, interview).await?.ok_or(Error::Missing(Noun::Interview))?;
        match &found.state {
            State::Abandoned { call, .. } if call.seat == seat => {}
            State::Ended { .. } => return Err(Conflict::AlreadyDecided.into()),
            State::Abandoned { .. } | State::Waiting | State::Ringing { .. } | State::InCall(_) => {
                return Err(Error::Missing(Noun::Interview));
            }
        }
        let live = self.read_live(&mut tx, found).await?;
        self.live.insert(interview, live);
        Ok(())
    }

    /// An interview with all that the hall keeps of it.
    pub(super) async fn read_live(&self, tx: &mut Tx, interview: Interview) -> Result<Live> {
        let order = tx.orders().lookup_any(interview.order).await?.ok_or(Error::Missing(Noun::Order))?;
        let queue_name = self.queues.get(&interview.queue).map(|open| open.queue.name.clone()).unwrap_or_default();
        let recording = match interview.recording {
            Some(recording) => tx.recordings().lookup_any(recording).await?,
            None => None,
        };
        let seat = match interview.state.call() {
            Some(call) => tx.users().lookup_any(call.seat).await?.map(|user| (user.id, user.name)),
            None => None,
        };
        let mut live = Live::waits(interview, order, queue_name, Vec::new());
        live.check = live.interview.check.as_deref().and_then(|text| serde_json::from_str(text).ok());
        live.recording_since = recording.map(|recording| recording.started_at);
        live.recording = if live.recording_since.is_some() { Recorder::Stopped } else { Recorder::Starting };
        live.seat = seat;
        Ok(live)
    }

    pub(super) fn end_view(
        &self,
        interview: InterviewId,
        why: &'static str,
        verdict: Option<&'static str>,
        reason: Option<String>,
        now: OffsetDateTime,
    ) -> Option<EndView> {
        let live = self.live.get(&interview)?;
        let may_return = !matches!(verdict, Some("pass" | "refuse"));
        Some(EndView { why, verdict, reason, number: live.interview.number.clone(), ended_at: now, may_return })
    }

    /// Everybody in the interview has something new to show.
    pub(super) fn stale_call(&mut self, interview: InterviewId) {
        let Some(live) = self.live.get(&interview) else { return };
        self.stale_people.extend(live.customers.iter().copied());
        self.stale_desks.extend(live.seat.as_ref().map(|&(seat, _)| seat));
    }
}

/// Everybody of the interview, as the reviewer will read them.
fn speakers(live: &Live, recording: RecordingId, seat: UserId, seat_name: &str) -> Vec<Speaker> {
    let customers = live.customers.iter().filter_map(|&person| live.order.person(person)).map(|person| Speaker {
        recording,
        participant: customer_participant(person.id),
        name: person.name.clone(),
        role: SpeakerRole::Customer,
    });
    let seat =
        Speaker { recording, participant: seat_participant(seat), name: seat_name.to_owned(), role: SpeakerRole::Seat };
    customers.chain([seat]).collect()
}

/// An audit line of the hall.
pub(super) fn line(
    service: &Service,
    tenant: TenantId,
    actor: Actor,
    action: &'static str,
    noun: &'static str,
    id: impl std::fmt::Display,
) -> AuditLine {
    let act = Act { tenant: Some(tenant), actor, address: None };
    service.audit_line(act, action, Subject { noun, id: id.to_string() }, None)
}
