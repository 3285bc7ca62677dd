//! Rooms without media: each recording begins and ends at once, as on a disk that is never busy.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use mingjian_domain::id::{RecordingId, RoomId};
use mingjian_domain::room::{RoomCommand, RoomEvent};
use mingjian_service::gathering::GatheringHandle;
use mingjian_service::ports::{MailboxFull, Media};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// What every recording is said to last.
const LASTS_MS: u64 = 1_500;

/// Media threads that only answer.
pub struct EchoRooms {
    events: UnboundedSender<RoomEvent>,
    tapes: Mutex<HashMap<RoomId, RecordingId>>,
}

impl EchoRooms {
    pub fn new() -> (Self, UnboundedReceiver<RoomEvent>) {
        let (events, told) = unbounded_channel();
        (Self { events, tapes: Mutex::default() }, told)
    }

    fn tell(&self, event: RoomEvent) {
        self.events.send(event).expect("somebody listens");
    }

    fn begin(&self, room: RoomId, recording: RecordingId) {
        self.tapes.lock().unwrap_or_else(PoisonError::into_inner).insert(room, recording);
        self.tell(RoomEvent::RecordingStarted { room, recording });
    }

    fn end(&self, room: RoomId) {
        let tape = self.tapes.lock().unwrap_or_else(PoisonError::into_inner).remove(&room);
        if let Some(recording) = tape {
            self.tell(RoomEvent::RecordingStopped { room, recording, duration_ms: LASTS_MS });
        }
    }
}

impl Media for EchoRooms {
    fn send(&self, command: RoomCommand) -> Result<(), MailboxFull> {
        match command {
            RoomCommand::Open { room, record } => {
                self.tell(RoomEvent::Opened { room });
                if let Some(plan) = record {
                    self.begin(room, plan.recording);
                }
            }
            RoomCommand::StartRecording { room, plan } => self.begin(room, plan.recording),
            RoomCommand::StopRecording { room } => self.end(room),
            RoomCommand::Close { room } => {
                self.end(room);
                self.tell(RoomEvent::Closed { room });
            }
            RoomCommand::Join { .. }
            | RoomCommand::Answer { .. }
            | RoomCommand::Switch { .. }
            | RoomCommand::Leave { .. } => {}
        }
        Ok(())
    }
}

/// Carries what the rooms tell to the gathering.
pub async fn tell(mut events: UnboundedReceiver<RoomEvent>, gathering: GatheringHandle) {
    while let Some(event) = events.recv().await {
        gathering.room(event).await;
    }
}
