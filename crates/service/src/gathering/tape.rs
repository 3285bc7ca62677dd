//! Recording a room: wanted, begun, refused by the disk, ended.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Conflict, Error, Result};
use mingjian_domain::gathering::Command;
use mingjian_domain::id::{RecordingId, RoomId};
use mingjian_domain::recording::Speaker;
use mingjian_domain::recording::journal::GapReason;
use mingjian_domain::room::{RecordingFault, RecordingPlan, RoomCommand};
use time::OffsetDateTime;

use super::handle::Notice;
use super::place::{Asker, Until, Waiter};
use super::{Gatherings, Who};
use crate::hall::rings::log_fault;
use crate::tapes;

impl Gatherings {
    pub(super) async fn start_recording(
        &mut self,
        room: RoomId,
        recording: RecordingId,
        actor: Actor,
        asker: Asker,
        now: OffsetDateTime,
    ) {
        match self.begin_recording(room, recording, actor, now).await {
            Ok(()) => self.wait_for(room, Waiter { recording, until: Until::Started, asker }),
            Err(error) => self.answer(asker, Err(error)),
        }
    }

    /// Written down first, then asked of the disk.
    async fn begin_recording(
        &mut self,
        room: RoomId,
        recording: RecordingId,
        actor: Actor,
        now: OffsetDateTime,
    ) -> Result<()> {
        let service = self.service.clone();
        let place = self.place_mut(room)?;
        if place.machine.recording().is_some() {
            return Err(Conflict::AlreadyRecording.into());
        }
        let mut row = place.row.clone();
        row.recording = Some(recording);
        let people = place.people.iter().map(|(&participant, attendee)| Speaker {
            recording,
            participant,
            name: attendee.name.clone(),
            role: attendee.role,
        });
        let people: Vec<Speaker> = people.collect();
        let mut tx = service.store.begin().await?;
        let made = tapes::draft(&mut tx, recording, row.tenant, None, room, now).await?;
        tx.recordings().insert(&made).await?;
        for speaker in &people {
            tx.speakers().upsert(speaker).await?;
        }
        tx.gatherings().put(&row).await?;
        tx.audit().append(&self.recording_line(&row, actor, "start_recording", recording)).await?;
        tx.commit().await?;
        let place = self.place_mut(room)?;
        place.row = row;
        place.plan = Some(tapes::plan(&made, GapReason::Restart));
        place.machine.start_recording(recording, now)?;
        self.stale.insert(room);
        Ok(())
    }

    pub(super) async fn stop_recording(&mut self, room: RoomId, actor: Actor, asker: Asker, now: OffsetDateTime) {
        match self.end_recording(room, actor, now).await {
            Ok(recording) => self.wait_for(room, Waiter { recording, until: Until::Stopped, asker }),
            Err(error) => self.answer(asker, Err(error)),
        }
    }

    async fn end_recording(&mut self, room: RoomId, actor: Actor, now: OffsetDateTime) -> Result<RecordingId> {
        let spare = self.mint_recording(now);
        let place = self.place_mut(room)?;
        let recording = place.machine.recording().ok_or(Conflict::NotRecording)?;
        self.note_end(room, recording, actor).await?;
        self.stale.insert(room);
        Ok(self.place_mut(room)?.machine.stop_recording(spare)?)
    }

    /// The recording is not wanted any more: a restart does not take it up.
    async fn note_end(&mut self, room: RoomId, recording: RecordingId, actor: Actor) -> Result<()> {
        let service = self.service.clone();
        let Some(place) = self.places.get_mut(&room) else { return Ok(()) };
        place.row.recording = None;
        let row = place.row.clone();
        let mut tx = service.store.begin().await?;
        tx.gatherings().put(&row).await?;
        tx.audit().append(&self.recording_line(&row, actor, "stop_recording", recording)).await?;
        tx.commit().await
    }

    fn recording_line(
        &self,
        row: &mingjian_store::GatheringRow,
        actor: Actor,
        action: &'static str,
        recording: RecordingId,
    ) -> mingjian_domain::audit::AuditLine {
        let mut line = self.line(row.tenant, actor, action, row.room);
        line.detail = Some(serde_json::json!({ "recording": recording.to_string() }).to_string());
        line
    }

    pub(super) fn wait_for(&mut self, room: RoomId, waiter: Waiter) {
        if let Some(place) = self.places.get_mut(&room) {
            place.waiters.push(waiter);
        }
    }

    /// Tells those who wait for it.
    fn resolve(
        &mut self,
        room: RoomId,
        recording: RecordingId,
        until: Until,
        outcome: std::result::Result<(), fn() -> Error>,
    ) {
        let Some(place) = self.places.get_mut(&room) else { return };
        let waiters = std::mem::take(&mut place.waiters);
        let (done, wait): (Vec<_>, Vec<_>) = waiters.into_iter().partition(|waiter| waiter.waits_for(recording, until));
        place.waiters = wait;
        for waiter in done {
            self.answer(waiter.asker, outcome.map(|()| recording).map_err(|why| why()));
        }
    }

    pub(super) fn answer(&mut self, asker: Asker, outcome: Result<RecordingId>) {
        match asker {
            // Whoever asked may have given up.
            Asker::Server(done) => drop(done.send(outcome)),
            Asker::Page(connection, re) => self.reply(connection, re, outcome.map(|_| ())),
        }
    }

    /// Carries out what a room's machine decided.
    pub(super) async fn carry_out(&mut self, room: RoomId, command: Command, now: OffsetDateTime) {
        let outcome = match command {
            Command::StartTape { recording, kept } => self.start_tape(room, recording, kept, now).await,
            Command::StopTape => {
                self.stop_tape(room);
                Ok(())
            }
            Command::Part { participant } => {
                self.part(Who { room, participant }, "away", now);
                Ok(())
            }
            Command::RecordingOver { recording } => self.note_end(room, recording, Actor::Server).await,
            Command::Close => self.close_room(room, Actor::Server, "empty").await,
        };
        if let Err(error) = outcome {
            log_fault("carrying out what a room decided", &error);
        }
    }

    async fn start_tape(
        &mut self,
        room: RoomId,
        recording: RecordingId,
        kept: bool,
        now: OffsetDateTime,
    ) -> Result<()> {
        let plan = if kept {
            self.places.get(&room).and_then(|place| place.plan.clone()).filter(|plan| plan.recording == recording)
        } else {
            Some(self.plan_for_viewers(room, recording, now).await?)
        };
        let Some(plan) = plan else { return Ok(()) };
        self.add_to_broadcast(room, &plan, kept, 0).await?;
        let sent = self.begin_tape(room, plan);
        if let Err(error) = sent {
            log_fault("asking a room to record", &error);
            self.tape_failed(room, recording, || Error::Busy { until: None }, now).await;
            // Nothing was begun, so nothing will be told of its end.
            if let Some(place) = self.places.get_mut(&room) {
                place.has_media &= !place.row.must_record;
                place.machine.tape_stopped(recording);
            }
        }
        Ok(())
    }

    fn begin_tape(&mut self, room: RoomId, plan: RecordingPlan) -> Result<()> {
        self.owned.add_recording(plan.recording);
        let place = self.place_mut(room)?;
        let opens = place.row.must_record;
        place.has_media = true;
        if opens {
            self.command(RoomCommand::Open { room, record: Some(plan) })
        } else {
            self.command(RoomCommand::StartRecording { room, plan })
        }
    }

    fn stop_tape(&mut self, room: RoomId) {
        let Some(place) = self.places.get_mut(&room) else { return };
        let (must, failed, tape) = (place.row.must_record, place.machine.has_failed(), place.machine.tape());
        if must {
            place.has_media = false;
        }
        let sent = self.command(if must { RoomCommand::Close { room } } else { RoomCommand::StopRecording { room } });
        if let Err(error) = sent {
            log_fault("asking a room to stop recording", &error);
        }
        // A tape that the disk has refused is gone with the command: nothing more is told of it.
        if let (true, false, Some(tape), Some(place)) = (failed, must, tape, self.places.get_mut(&room)) {
            place.machine.tape_stopped(tape.recording);
        }
    }

    pub(super) fn tape_started(&mut self, room: RoomId, recording: RecordingId) {
        let Some(place) = self.places.get_mut(&room) else { return };
        place.machine.tape_started(recording);
        self.stale.insert(room);
        self.resolve(room, recording, Until::Started, Ok(()));
        if !self.unkept.contains(&recording) {
            // Nobody may be listening.
            let _ = self.notices.send(Notice::RecordingStarted { room, recording });
        }
    }

    pub(super) async fn tape_refused(
        &mut self,
        room: RoomId,
        recording: RecordingId,
        fault: &RecordingFault,
        now: OffsetDateTime,
    ) {
        tracing::error!(recording.id = %recording, error = %fault, "a recording failed");
        let why: fn() -> Error = match fault {
            RecordingFault::DiskFull => || Error::Full,
            RecordingFault::TooSlow => || Error::Busy { until: None },
            RecordingFault::Write(_) => || Error::fault("recording a room", "the disk refused a write"),
        };
        self.tape_failed(room, recording, why, now).await;
    }

    async fn tape_failed(&mut self, room: RoomId, recording: RecordingId, why: fn() -> Error, now: OffsetDateTime) {
        let kept = !self.unkept.remove(&recording);
        if kept {
            if let Err(error) = tapes::failed(&self.service, recording, now).await {
                log_fault("noting that a recording failed", &error);
            }
            if let Err(error) = self.note_end(room, recording, Actor::Server).await {
                log_fault("noting that a recording is over", &error);
            }
        }
        if let Err(error) = self.end_broadcast(room, Actor::Server, now).await {
            log_fault("ending a broadcast", &error);
        }
        if let Some(place) = self.places.get_mut(&room) {
            place.machine.tape_failed(recording);
        }
        self.stale.insert(room);
        for until in [Until::Started, Until::Stopped] {
            self.resolve(room, recording, until, Err(why));
        }
        if kept {
            // Nobody may be listening.
            let _ = self.notices.send(Notice::RecordingFailed { room, recording });
        }
    }

    pub(super) async fn tape_stopped(&mut self, room: RoomId, recording: RecordingId, duration_ms: u64) -> Result<()> {
        let kept = !self.unkept.remove(&recording);
        if kept {
            tapes::stopped(&self.service, recording, duration_ms).await?;
        } else {
            self.sweep().await;
        }
        self.owned.remove_recording(recording);
        self.stale.insert(room);
        if let Some(place) = self.places.get_mut(&room).filter(|place| !place.row.must_record) {
            place.machine.tape_stopped(recording);
        }
        // Whoever still waits for its beginning waits in vain.
        self.resolve(room, recording, Until::Started, Err(|| Conflict::NotRecording.into()));
        self.resolve(room, recording, Until::Stopped, Ok(()));
        if kept {
            // Nobody may be listening.
            let _ = self.notices.send(Notice::RecordingStopped { room, recording, duration_ms });
        }
        Ok(())
    }
}
