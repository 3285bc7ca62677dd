//! Between pages and rooms: offers, answers, and what the media threads tell.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Conflict, Error, Result};
use mingjian_domain::id::{InterviewId, ParticipantId, RecordingId, RoomId};
use mingjian_domain::interview::Outcome;
use mingjian_domain::recording::{Closed, Gap, Track};
use mingjian_domain::room::{ConnectionQuality, JoinId, RoomCommand, RoomEvent};
use time::OffsetDateTime;

use super::Hall;
use super::live::Recorder;
use super::pages::{Who, participant_customer};
use super::rings::log_fault;
use super::words::{MediaAsk, QualityLine, Switched, Tell};
use crate::pages::ConnectionId;
use crate::tapes;

impl Hall {
    pub(super) fn media_asks(
        &mut self,
        connection: ConnectionId,
        re: u64,
        interview: Option<InterviewId>,
        participant: ParticipantId,
        ask: MediaAsk,
    ) {
        let room = interview
            .filter(|&interview| self.floor.is_call(interview))
            .and_then(|interview| self.live.get(&interview))
            .map(|live| live.interview.room);
        let Some((interview, room)) = interview.zip(room) else {
            self.reply(connection, re, Err(Conflict::NotInCall.into()));
            return;
        };
        match ask {
            MediaAsk::Offer { sdp } => {
                let join = self.next_join();
                if self.command(RoomCommand::Join { room, participant, join, offer: sdp }) {
                    self.offers.insert(join, (connection, re));
                } else {
                    self.reply(connection, re, Err(Error::Busy { until: None }));
                }
            }
            MediaAsk::Answer { sdp } => {
                self.command(RoomCommand::Answer { room, participant, answer: sdp });
            }
            MediaAsk::Switch { source, on } => {
                self.switch(interview, room, participant, source, on);
                self.reply(connection, re, Ok(()));
            }
        }
    }

    fn switch(&mut self, interview: InterviewId, room: RoomId, participant: ParticipantId, source: Switched, on: bool) {
        if let Some(live) = self.live.get_mut(&interview) {
            let off = live.off.entry(participant).or_default();
            if on {
                off.remove(&source)
            } else {
                off.insert(source)
            };
        }
        if let Some(source) = source.picture() {
            self.command(RoomCommand::Switch { room, participant, source, on });
        }
        self.stale_call(interview);
    }

    /// A room tells. What cannot be written down is logged; the files on disk are the truth, and a restart reads them again.
    pub(super) async fn room_tells(&mut self, event: RoomEvent, now: OffsetDateTime) {
        if let Err(error) = self.note(event, now).await {
            log_fault("noting what a room told", &error);
        }
    }

    async fn note(&mut self, event: RoomEvent, now: OffsetDateTime) -> Result<()> {
        match event {
            RoomEvent::Opened { .. } | RoomEvent::Publishing { .. } => Ok(()),
            RoomEvent::Answer { room, participant: _, join, answer } => {
                self.answer(room, join, answer);
                Ok(())
            }
            RoomEvent::Offer { room, participant, offer } => {
                if !self.checks.contains_key(&room)
                    && let Some(connection) = self.connection_of(participant)
                {
                    self.pages.tell(connection, Tell::Offer { sdp: offer });
                }
                Ok(())
            }
            RoomEvent::Refused { room, participant: _, join: Some(join), refusal } => {
                let asked = self.checks.get(&room).map(|check| (check.connection, check.re));
                if let Some((connection, re)) = asked.or_else(|| self.offers.remove(&join)) {
                    self.pages.tell(connection, Tell::negotiation_refusal(Some(re), &refusal));
                }
                self.end_check(room);
                Ok(())
            }
            // An answer is no request and waits for no reply: the room offers afresh.
            RoomEvent::Refused { room, participant, join: None, refusal } => {
                tracing::debug!(room.id = %room, participant.id = %participant, %refusal, "an answer was refused");
                Ok(())
            }
            RoomEvent::Connected { room, participant } => self.connected(room, participant, now).await,
            RoomEvent::Disconnected { room, participant } => {
                if let Some(interview) = self.interview_in(room) {
                    self.floor.person_lost(interview, participant, now);
                    self.stale_call(interview);
                }
                Ok(())
            }
            RoomEvent::RecordingStarted { room, .. } => {
                let Some(interview) = self.interview_in(room) else { return Ok(()) };
                if let Some(live) = self.live.get_mut(&interview) {
                    live.recording = Recorder::On;
                }
                self.stale_call(interview);
                self.connect_if_whole(interview, now).await
            }
            RoomEvent::RecordingFailed { room, recording, fault } => {
                tracing::error!(recording.id = %recording, error = %fault, "a recording failed");
                self.recording_failed(room, recording, now).await
            }
            RoomEvent::RecordingStopped { room, recording, duration_ms } => {
                self.recording_stopped(room, recording, duration_ms).await
            }
            RoomEvent::TrackOpened { recording, track, participant, source, file, from_ms } => {
                let track = Track { id: track, recording, participant, source, file, from_ms, closed: None };
                tapes::track_opened(&self.service, &track).await
            }
            RoomEvent::TrackClosed { recording: _, track, size_bytes, duration_ms, sha256 } => {
                tapes::track_closed(&self.service, track, &Closed { duration_ms, size_bytes, sha256 }).await
            }
            RoomEvent::Gap { recording, participant, source, from_ms, to_ms, reason } => {
                tapes::gap(&self.service, &Gap { recording, participant, source, from_ms, to_ms, reason }).await
            }
            RoomEvent::Quality { room, participant, quality } => {
                self.tell_quality(room, participant, quality);
                Ok(())
            }
            RoomEvent::Limit { room, participant, video_kbps } => {
                if !self.checks.contains_key(&room)
                    && let Some(connection) = self.connection_of(participant)
                {
                    self.pages.tell(connection, Tell::Limit { video_kbps });
                }
                Ok(())
            }
            RoomEvent::Closed { room } => {
                self.of_room.remove(&room);
                Ok(())
            }
        }
    }

    fn answer(&mut self, room: RoomId, join: JoinId, answer: String) {
        if let Some(check) = self.checks.get(&room) {
            let tell = Tell::CheckAnswer { re: check.re, sdp: answer };
            let connection = check.connection;
            self.pages.tell(connection, tell);
        } else if let Some((connection, re)) = self.offers.remove(&join) {
            self.pages.tell(connection, Tell::Answer { re, sdp: answer });
        }
    }

    async fn connected(&mut self, room: RoomId, participant: ParticipantId, now: OffsetDateTime) -> Result<()> {
        let Some(interview) = self.interview_in(room) else { return Ok(()) };
        // Media without a page is not a presence: the page's own connection must be there too.
        if self.connection_of(participant).is_some() {
            self.floor.person_here(interview, participant);
        }
        self.stale_call(interview);
        self.connect_if_whole(interview, now).await
    }

    /// Nobody talks unrecorded: the call ends at once, and everybody is told why.
    async fn recording_failed(&mut self, room: RoomId, recording: RecordingId, now: OffsetDateTime) -> Result<()> {
        let Some(interview) = self.interview_in(room) else { return Ok(()) };
        if let Some(live) = self.live.get_mut(&interview) {
            live.recording = Recorder::Failed;
        }
        tapes::failed(&self.service, recording, now).await?;
        let ended = self.finish(interview, Outcome::RecordingFailed, Actor::Server, now).await;
        self.floor.end_call(interview, now);
        self.forget(interview, "recording_failed", now);
        ended
    }

    async fn recording_stopped(&mut self, room: RoomId, recording: RecordingId, duration_ms: u64) -> Result<()> {
        // A call that was resumed meanwhile has the recording growing again.
        if self.interview_in(room).is_some_and(|interview| self.floor.is_call(interview)) {
            return Ok(());
        }
        tapes::stopped(&self.service, recording, duration_ms).await
    }

    fn tell_quality(&mut self, room: RoomId, participant: ParticipantId, quality: ConnectionQuality) {
        let Some(interview) = self.interview_in(room) else { return };
        let line = QualityLine {
            participant,
            round_trip_ms: quality.round_trip_ms,
            loss_up: quality.loss_up,
            loss_down: quality.loss_down,
            down_kbps: quality.down_kbps,
        };
        for connection in self.connections_in(interview) {
            self.pages.tell(connection, Tell::Quality { people: vec![line] });
        }
    }

    fn interview_in(&self, room: RoomId) -> Option<InterviewId> {
        self.of_room.get(&room).copied().filter(|interview| self.live.contains_key(interview))
    }

    fn connections_in(&self, interview: InterviewId) -> Vec<ConnectionId> {
        self.floor.people(interview).filter_map(|(participant, _)| self.connection_of(participant)).collect()
    }

    /// The open page of a participant, whichever side it is on.
    pub(super) fn connection_of(&self, participant: ParticipantId) -> Option<ConnectionId> {
        let customer = self.guests.get(&participant_customer(participant)).and_then(|guest| guest.connection);
        let seat = mingjian_domain::id::UserId::from_uuid(participant.as_uuid());
        customer.or_else(|| self.desks.get(&seat).and_then(|desk| desk.connection))
    }

    /// A page's connection is gone: whoever waits keeps the place for a while, whoever talks may come back.
    pub(super) fn page_gone(&mut self, connection: ConnectionId, now: OffsetDateTime) {
        let checks: Vec<RoomId> =
            self.checks.iter().filter(|(_, check)| check.connection == connection).map(|(&room, _)| room).collect();
        for room in checks {
            self.end_check(room);
        }
        self.offers.retain(|_, &mut (asker, _)| asker != connection);
        match self.pages.remove(connection) {
            Some(Who::Customer(person)) => self.customer_gone(person, connection, now),
            Some(Who::Seat(seat)) => {
                let Some(desk) = self.desks.get_mut(&seat).filter(|desk| desk.connection == Some(connection)) else {
                    return;
                };
                desk.connection = None;
                if let Some(interview) = self.floor.call_of(seat) {
                    self.floor.person_lost(interview, super::pages::seat_participant(seat), now);
                    self.stale_call(interview);
                }
                self.floor.seat_offline(seat, now);
            }
            None => {}
        }
    }

    fn customer_gone(&mut self, person: mingjian_domain::id::PersonId, connection: ConnectionId, now: OffsetDateTime) {
        let Some(guest) = self.guests.get_mut(&person).filter(|guest| guest.connection == Some(connection)) else {
            return;
        };
        guest.connection = None;
        let Some(interview) = guest.interview else {
            self.guests.remove(&person);
            return;
        };
        let participant = super::pages::customer_participant(person);
        self.floor.person_lost(interview, participant, now);
        self.floor.called_back_customer_gone(interview, participant);
        let others_wait = self.live.get(&interview).is_some_and(|live| {
            live.customers.iter().any(|other| self.guests.get(other).is_some_and(|guest| guest.connection.is_some()))
        });
        if !others_wait {
            self.floor.ticket_lost(interview, now);
        }
        self.stale_call(interview);
    }
}
