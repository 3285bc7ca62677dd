//! What the recorder asks of the disk, and what the disk answers.
//!
//! A writer thread carries the commands out in order. Paths are below the object root, with `/` between their parts.

use mingjian_domain::id::{ParticipantId, RecordingId};
use mingjian_domain::recording::journal::Source;
use mingjian_domain::room::RecordingFault;

/// One step of writing a recording. Within a recording the order is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiskCommand {
    /// Makes the folder and an empty journal in it, durably (folder and parent synced), and answers [`DiskReport::Begun`].
    /// When the recording goes on after a restart, both exist already and that is no error.
    Begin {
        /// The recording.
        recording: RecordingId,
        /// Its folder.
        folder: String,
    },
    /// Appends to a file of the recording, which is created when it is not there.
    Append {
        /// The recording.
        recording: RecordingId,
        /// File name inside the folder.
        file: String,
        /// What to append.
        bytes: Vec<u8>,
    },
    /// Syncs every file of the recording, closes them and answers [`DiskReport::Ended`].
    End {
        /// The recording.
        recording: RecordingId,
    },
}

/// Where an earlier life of the server left the tracks of one source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Earlier {
    /// Whose.
    pub participant: ParticipantId,
    /// Which source.
    pub source: Source,
    /// Where its last fragment ends, in milliseconds from the recording's `started_at`.
    pub end_ms: u64,
}

/// What became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiskReport {
    /// The folder is there and writable: recording is on.
    Begun {
        /// The recording.
        recording: RecordingId,
        /// What an earlier life of the server left in the folder; empty for a new recording.
        earlier: Vec<Earlier>,
    },
    /// Everything is on disk.
    Ended {
        /// The recording.
        recording: RecordingId,
    },
    /// A command failed; no later command of this recording will be carried out, but for `End`.
    Failed {
        /// The recording.
        recording: RecordingId,
        /// Why.
        fault: RecordingFault,
    },
}

impl DiskReport {
    /// The recording it is about.
    #[must_use]
    pub const fn recording(&self) -> RecordingId {
        match self {
            Self::Begun { recording, .. } | Self::Ended { recording } | Self::Failed { recording, .. } => *recording,
        }
    }
}
