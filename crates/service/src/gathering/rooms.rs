//! Opening and closing rooms, and what the media threads tell of them.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::Result;
use mingjian_domain::gathering::Gathering;
use mingjian_domain::id::{ParticipantId, RoomId};
use mingjian_domain::recording::{Closed, Gap, Track};
use mingjian_domain::room::{ConnectionQuality, JoinId, RoomCommand, RoomEvent};
use mingjian_store::GatheringRow;
use time::OffsetDateTime;
use tokio::sync::oneshot;

use super::handle::{Notice, RoomSpec};
use super::place::Place;
use super::{Gatherings, Who};
use crate::hall::rings::log_fault;
use crate::hall::words::{QualityLine, Tell};
use crate::netdisk_events::Event;
use crate::pages::ConnectionId;
use crate::tapes;

impl Gatherings {
    pub(super) async fn open_room(
        &mut self,
        spec: RoomSpec,
        actor: Actor,
        done: oneshot::Sender<Result<()>>,
        now: OffsetDateTime,
    ) {
        // One that is just being closed is opened again as soon as its files are.
        if let Some(place) = self.places.get_mut(&spec.room).filter(|place| place.closing) {
            place.reopen.push((spec, actor, done));
            return;
        }
        let opened = self.put_room(spec, actor, now).await;
        // Whoever asked may not wait for the answer.
        let _ = done.send(opened);
    }

    async fn put_room(&mut self, spec: RoomSpec, actor: Actor, now: OffsetDateTime) -> Result<()> {
        let service = self.service.clone();
        let room = spec.room;
        let before = self.places.get(&room).map(|place| place.row.clone());
        let row = GatheringRow {
            room,
            tenant: spec.tenant,
            number: spec.number,
            name: spec.name,
            must_record: before.as_ref().map_or(spec.must_record, |row| row.must_record),
            stays_open: spec.stays_open,
            may_record: spec.may_record,
            opened_at: before.as_ref().map_or(now, |row| row.opened_at),
            locked_at: before.as_ref().and_then(|row| row.locked_at),
            recording: before.as_ref().and_then(|row| row.recording),
        };
        let mut tx = service.store.begin().await?;
        tx.gatherings().put(&row).await?;
        if before.is_none() {
            tx.audit().append(&self.line(row.tenant, actor, "open_room", room)).await?;
        }
        tx.commit().await?;
        self.stale.insert(room);
        if let Some(place) = self.places.get_mut(&room) {
            place.machine.set_stays_open(row.stays_open);
            place.row = row;
            return Ok(());
        }
        self.make_place(row, now)
    }

    /// An open room with nobody in it, and its media unless it has them only on tape.
    pub(super) fn make_place(&mut self, row: GatheringRow, now: OffsetDateTime) -> Result<()> {
        let (room, must_record) = (row.room, row.must_record);
        let machine = Gathering::new(self.rules, row.stays_open, now);
        let mut place = Place::new(row, machine);
        self.owned.add_room(room);
        if !must_record {
            self.command(RoomCommand::Open { room, record: None })?;
            place.has_media = true;
        }
        self.places.insert(room, place);
        Ok(())
    }

    pub(super) async fn close_room(&mut self, room: RoomId, actor: Actor, why: &'static str) -> Result<()> {
        let service = self.service.clone();
        let now = service.now();
        let place = self.place_mut(room)?;
        let (tenant, has_media) = (place.row.tenant, place.has_media);
        let mut tx = service.store.begin().await?;
        tx.gatherings().delete(room).await?;
        tx.audit().append(&self.line(tenant, actor, "close_room", room)).await?;
        tx.commit().await?;
        self.end_broadcast(room, Actor::Server, now).await?;
        let place = self.place_mut(room)?;
        place.closing = true;
        place.machine.close();
        let people = std::mem::take(&mut place.people);
        for (participant, attendee) in people {
            self.announce(room, |room| Event::Left { room, participant: participant.to_string() });
            self.show_left(Who { room, participant }, &attendee, why, now);
        }
        if !has_media {
            self.room_closed(room, now).await;
        } else if let Err(error) = self.command(RoomCommand::Close { room }) {
            log_fault("asking a room to close", &error);
        }
        Ok(())
    }

    /// The media of a room are gone, and its files closed.
    async fn room_closed(&mut self, room: RoomId, now: OffsetDateTime) {
        let Some(place) = self.places.get_mut(&room) else { return };
        if !place.closing {
            // A room that has media only on tape: the tape is over.
            place.has_media = false;
            if let Some(tape) = place.machine.tape() {
                place.machine.tape_stopped(tape.recording);
            }
            self.stale.insert(room);
            return;
        }
        let Some(place) = self.places.remove(&room) else { return };
        self.owned.remove_room(room);
        // Nobody may be listening.
        let _ = self.notices.send(Notice::Closed { room });
        for (spec, actor, done) in place.reopen {
            let opened = self.put_room(spec, actor, now).await;
            // Whoever asked may not wait for the answer.
            let _ = done.send(opened);
        }
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
            RoomEvent::Answer { room, participant, join, answer } => {
                if let Some((connection, re)) = self.take_offer(room, participant, join) {
                    self.pages.tell(connection, Tell::Answer { re, sdp: answer });
                }
                Ok(())
            }
            RoomEvent::Offer { room, participant, offer } => {
                if let Some(connection) = self.connection_of(room, participant) {
                    self.pages.tell(connection, Tell::Offer { sdp: offer });
                }
                Ok(())
            }
            RoomEvent::Refused { room, participant, join: Some(join), refusal } => {
                if let Some((connection, re)) = self.take_offer(room, participant, join) {
                    self.pages.tell(connection, Tell::negotiation_refusal(Some(re), &refusal));
                }
                Ok(())
            }
            // An answer is no request and waits for no reply: the room offers afresh.
            RoomEvent::Refused { room, participant, join: None, refusal } => {
                tracing::debug!(room.id = %room, participant.id = %participant, %refusal, "an answer was refused");
                Ok(())
            }
            RoomEvent::Connected { room, participant } => {
                // Media without a page is not a presence: the page's own connection must be there too.
                if self.connection_of(room, participant).is_some()
                    && let Some(place) = self.places.get_mut(&room)
                {
                    place.machine.here(participant);
                    self.stale.insert(room);
                }
                Ok(())
            }
            RoomEvent::Disconnected { room, participant } => {
                if let Some(place) = self.places.get_mut(&room) {
                    place.machine.lost(participant, now);
                    self.stale.insert(room);
                }
                Ok(())
            }
            RoomEvent::RecordingStarted { room, recording } => {
                self.tape_started(room, recording);
                Ok(())
            }
            RoomEvent::RecordingFailed { room, recording, fault } => {
                self.tape_refused(room, recording, &fault, now).await;
                Ok(())
            }
            RoomEvent::RecordingStopped { room, recording, duration_ms } => {
                self.tape_stopped(room, recording, duration_ms).await
            }
            // A tape for viewers alone is no recording: nothing of it is written down.
            RoomEvent::TrackOpened { recording, .. }
            | RoomEvent::TrackClosed { recording, .. }
            | RoomEvent::Gap { recording, .. }
                if self.unkept.contains(&recording) =>
            {
                Ok(())
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
                if let Some(connection) = self.connection_of(room, participant) {
                    self.pages.tell(connection, Tell::Limit { video_kbps });
                }
                Ok(())
            }
            RoomEvent::Closed { room } => {
                self.room_closed(room, now).await;
                Ok(())
            }
        }
    }

    /// Who asked for this, if it is still the newest that was asked for.
    fn take_offer(&mut self, room: RoomId, participant: ParticipantId, join: JoinId) -> Option<(ConnectionId, u64)> {
        let attendee = self.places.get_mut(&room)?.people.get_mut(&participant)?;
        let (_, connection, re) = attendee.offer.take_if(|&mut (asked, ..)| asked == join)?;
        Some((connection, re))
    }

    fn connection_of(&self, room: RoomId, participant: ParticipantId) -> Option<ConnectionId> {
        self.places.get(&room)?.people.get(&participant)?.connection
    }

    fn tell_quality(&mut self, room: RoomId, participant: ParticipantId, quality: ConnectionQuality) {
        let Some(place) = self.places.get(&room) else { return };
        let line = QualityLine {
            participant,
            round_trip_ms: quality.round_trip_ms,
            loss_up: quality.loss_up,
            loss_down: quality.loss_down,
            down_kbps: quality.down_kbps,
        };
        for connection in place.connections().collect::<Vec<_>>() {
            self.pages.tell(connection, Tell::Quality { people: vec![line] });
        }
    }
}
