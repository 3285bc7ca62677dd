//! The journal of a recording: one JSON line per fact, appended beside the media while it is being recorded.
//!
//! The journal is an index, never the truth: after a crash it is rebuilt from the track files, whose fragments are
//! self-contained. Every `_ms` counts from the recording's `started_at`.

use serde::{Deserialize, Serialize};

use crate::id::{ParticipantId, TrackId};

/// What a track shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A person's camera, with the sound of the microphone.
    Camera,
    /// A shared screen; silent.
    Screen,
}

/// Why a stretch of a track holds no received picture or sound.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GapReason {
    /// Packets were lost and not repaired in time.
    Loss,
    /// The participant turned the camera off.
    CameraOff,
    /// The participant's page reloaded or its network changed.
    Reconnect,
    /// The server was stopped or killed, and came back.
    Restart,
}

/// One line of the journal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "fact", rename_all = "snake_case")]
pub enum Entry {
    /// A track file was begun; its first `init_bytes` bytes are the initialisation segment.
    Open {
        /// The track file.
        track: TrackId,
        /// Whose picture and sound it holds.
        participant: ParticipantId,
        /// What it shows.
        source: Source,
        /// File name inside the recording's folder.
        file: String,
        /// Where the file's own time zero lies in the recording.
        from_ms: u64,
        /// Length of the initialisation segment.
        init_bytes: u64,
        /// RFC 6381 codec string, such as `avc1.42e01f,opus`.
        codecs: String,
        /// Width and height in pixels; none while there is no picture.
        size: Option<(u16, u16)>,
    },
    /// A fragment is whole in its file.
    Fragment {
        /// The track file.
        track: TrackId,
        /// First byte in the file.
        offset: u64,
        /// Length in bytes.
        bytes: u64,
        /// Where it begins in the recording.
        from_ms: u64,
        /// How long it plays.
        duration_ms: u64,
        /// Whether its first picture can be decoded without an earlier one.
        key: bool,
        /// SHA-256 over the previous fragment's hash of this file (32 zero bytes before the first) and this fragment's bytes, lower-case hex.
        chain: String,
    },
    /// A stretch without received picture or sound.
    Gap {
        /// Whose.
        participant: ParticipantId,
        /// Which picture.
        source: Source,
        /// First moment without.
        from_ms: u64,
        /// First moment with.
        to_ms: u64,
        /// Why.
        reason: GapReason,
    },
    /// The track file is finished and will not grow.
    Close {
        /// The track file.
        track: TrackId,
        /// Its size.
        bytes: u64,
        /// SHA-256 of the whole file, lower-case hex; none when recovery closed it.
        sha256: Option<String>,
    },
}
