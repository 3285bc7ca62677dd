//! What was recorded: the recording with its tracks, gaps and marks, and the journal that indexes the fragments.
//!
//! The database knows recordings, tracks, gaps and marks; fragments are in the journal beside the media.
//! Every `_ms` counts from the recording's `started_at`.

pub mod journal;

use time::{Duration, OffsetDateTime};

use crate::id::{InterviewId, ParticipantId, RecordingId, RoomId, TenantId, TrackId};
use journal::{GapReason, Source};

/// What was recorded of one interview or meeting.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recording {
    /// Its id.
    pub id: RecordingId,
    /// Whose.
    pub tenant: TenantId,
    /// The interview, where it is one's.
    pub interview: Option<InterviewId>,
    /// The room.
    pub room: RoomId,
    /// Folder of its files below the object root.
    pub folder: String,
    /// Time zero.
    pub started_at: OffsetDateTime,
    /// How far it is.
    pub state: State,
}

/// How far a recording is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It grows.
    Recording,
    /// It is whole.
    Stopped {
        /// From `started_at` to the last media.
        duration_ms: u64,
    },
    /// The disk refused it; what was written before is whole.
    Failed {
        /// From `started_at` to the last media.
        duration_ms: u64,
    },
}

impl State {
    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Recording => "recording",
            Self::Stopped { .. } => "stopped",
            Self::Failed { .. } => "failed",
        }
    }

    /// How long it is, once it does not grow any more.
    #[must_use]
    pub const fn duration_ms(self) -> Option<u64> {
        match self {
            Self::Recording => None,
            Self::Stopped { duration_ms } | Self::Failed { duration_ms } => Some(duration_ms),
        }
    }
}

impl Recording {
    /// When its last media was, once it does not grow any more.
    #[must_use]
    pub fn stopped_at(&self) -> Option<OffsetDateTime> {
        let duration_ms = i64::try_from(self.state.duration_ms()?).ok()?;
        Some(self.started_at + Duration::milliseconds(duration_ms))
    }

    /// Folder of a new recording: `rec/{tenant code}/{yyyy}/{mm}/{dd}/{id}`, the day in UTC.
    #[must_use]
    pub fn folder_for(tenant_code: &str, id: RecordingId, started_at: OffsetDateTime) -> String {
        let day = started_at.to_offset(time::UtcOffset::UTC).date();
        format!("rec/{tenant_code}/{:04}/{:02}/{:02}/{id}", day.year(), u8::from(day.month()), day.day())
    }
}

/// One track file of a recording.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Track {
    /// Its id.
    pub id: TrackId,
    /// Of what.
    pub recording: RecordingId,
    /// Whose picture and sound.
    pub participant: ParticipantId,
    /// What it shows.
    pub source: Source,
    /// File name inside the recording's folder.
    pub file: String,
    /// Where its time zero lies in the recording.
    pub from_ms: u64,
    /// What is known once it does not grow any more.
    pub closed: Option<Closed>,
}

/// What is known of a finished track file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closed {
    /// How long it plays.
    pub duration_ms: u64,
    /// Its size.
    pub size_bytes: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
}

/// Somebody who is in the recording, as the reviewer reads it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// Of what.
    pub recording: RecordingId,
    /// Who.
    pub participant: ParticipantId,
    /// The name.
    pub name: String,
    /// What it is to the interview or meeting.
    pub role: SpeakerRole,
}

/// What somebody in a room is to the interview or meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SpeakerRole {
    /// A person of the order.
    Customer,
    /// The seat.
    Seat,
    /// A third party.
    Guest,
    /// A supervisor.
    Supervisor,
    /// Who hosts a meeting.
    Host,
}

impl SpeakerRole {
    /// Every role.
    pub const ALL: [Self; 5] = [Self::Customer, Self::Seat, Self::Guest, Self::Supervisor, Self::Host];

    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Seat => "seat",
            Self::Guest => "guest",
            Self::Supervisor => "supervisor",
            Self::Host => "host",
        }
    }

    /// The role of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// A stretch of a participant's track without received picture or sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Gap {
    /// Of what.
    pub recording: RecordingId,
    /// Whose.
    pub participant: ParticipantId,
    /// Which picture.
    pub source: Source,
    /// First moment without.
    pub from_ms: u64,
    /// First moment with.
    pub to_ms: u64,
    /// Why.
    pub reason: GapReason,
}

/// An event on the recording's timeline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// Of what.
    pub recording: RecordingId,
    /// When.
    pub at_ms: u64,
    /// The word of the event, such as `joined`, `left`, `verdict`.
    pub kind: String,
    /// What people read.
    pub text: String,
}
