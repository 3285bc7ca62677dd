//! What happens in rooms and to recordings, told to tenants that know the netdisk's family of interfaces: enqueued in the
//! transaction in which it happens, sent as [`callbacks`](crate::callbacks) are, listed in the same outbox.

use mingjian_domain::error::Result;
use mingjian_domain::file::File;
use mingjian_domain::id::{JobId, RecordingId, TenantId};
use mingjian_domain::interface::FaceName;
use mingjian_domain::job::{Job, JobState, Work};
use mingjian_store::Tx;
use serde_json::json;

use crate::Service;

/// Something that happened. Rooms go by their number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// A room was made.
    RoomMade(i64),
    /// A room was deleted.
    RoomDeleted(i64),
    /// Somebody came into a room.
    Joined {
        /// The room.
        room: i64,
        /// Who.
        participant: String,
    },
    /// Somebody left it.
    Left {
        /// The room.
        room: i64,
        /// Who.
        participant: String,
    },
    /// The file of a recording is whole.
    RecordingFinished {
        /// The room's number; none for what was recorded in a room without one.
        room: Option<String>,
        /// The recording, as the meeting's document counts them.
        recording: String,
        /// The file's folder, such as `/2026-11-25/`.
        folder: String,
        /// Its name.
        name: String,
    },
}

impl Event {
    /// The file of a recording that is whole now.
    #[must_use]
    pub fn of_file(file: &File, recording: RecordingId, room: Option<String>) -> Self {
        let (folder, name) = (file.path.folder.to_string(), file.path.name.to_string());
        Self::RecordingFinished { room, recording: recording.to_string(), folder, name }
    }

    const fn word(&self) -> &'static str {
        match self {
            Self::RoomMade(_) => "ROOM_CREATE",
            Self::RoomDeleted(_) => "ROOM_DELETE",
            Self::Joined { .. } => "ROOM_JOIN",
            Self::Left { .. } => "ROOM_LEAVE",
            Self::RecordingFinished { .. } => "RECORD_FINISH",
        }
    }

    fn details(&self) -> serde_json::Value {
        match self {
            Self::RoomMade(room) | Self::RoomDeleted(room) => json!({ "RoomId": room }),
            Self::Joined { room, participant } | Self::Left { room, participant } => {
                json!({ "RoomId": room, "UID": participant })
            }
            Self::RecordingFinished { room, recording, folder, name } => {
                let number = room.as_deref().and_then(|room| room.parse::<i64>().ok()).unwrap_or(0);
                let mut details = json!({ "RoomId": number, "DirPath": folder, "FileName": name });
                if let Some(room) = room {
                    details["RecordId"] = json!(recording);
                    details["ConferenceKey"] = json!(room);
                }
                details
            }
        }
    }

    /// What it is about, for the outbox.
    fn about(&self) -> String {
        match self {
            Self::RoomMade(room) | Self::RoomDeleted(room) | Self::Joined { room, .. } | Self::Left { room, .. } => {
                room.to_string()
            }
            Self::RecordingFinished { folder, name, .. } => format!("{folder}{name}"),
        }
    }
}

/// Tells what happens in this transaction. A tenant without an address for it, or without the interface, wants none.
///
/// # Errors
/// [`Fault`](mingjian_domain::error::Error::Fault).
pub async fn enqueue(service: &Service, tx: &mut Tx, tenant: TenantId, event: &Event) -> Result<()> {
    let switches = tx.interfaces().lookup(tenant).await?.map(|row| row.switches);
    let Some(switches) = switches.filter(|switches| switches.is_on(FaceName::Netdisk)) else { return Ok(()) };
    let Some(url) = switches.netdisk_callback_url else { return Ok(()) };
    let now = service.now();
    let work = Work::DeliverEvent {
        url,
        event: event.word().to_owned(),
        details: event.details().to_string(),
        business_no: event.about(),
    };
    let state = JobState::Pending { run_at: now };
    let id = service.draw(|random| JobId::mint(now, random));
    tx.jobs()
        .enqueue(&Job { id, tenant, work, created_at: now, state, attempts: 0, last_status: None, last_error: None })
        .await
}
