//! A room: what may be asked of it and what it tells.
//!
//! Commands and events are values that cross threads; nobody outside the media thread holds a handle into a room.
//! The room itself, with its transports and its recorder, lives in the `media` crate.

use time::OffsetDateTime;

use crate::id::{ParticipantId, RecordingId, RoomId, TrackId};
use crate::recording::journal::{GapReason, Source};

/// A recording that a room is to make.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecordingPlan {
    /// The recording.
    pub recording: RecordingId,
    /// Folder of its files, as a path below the object root with `/` between its parts.
    pub folder: String,
    /// Time zero of the recording. When a recording goes on after a restart this lies in the past.
    pub started_at: OffsetDateTime,
    /// Why nothing was recorded between its earlier files and now: `Restart` of the server, or `Reconnect` when a seat called
    /// back. A new recording has no earlier files.
    pub paused_by: GapReason,
}

/// Names a [`RoomCommand::Join`] in what the room says to it, so that an answer can never be taken for that to another offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct JoinId(pub u64);

/// What a room is asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RoomCommand {
    /// Opens the room. With a plan nobody is shown to anybody before the recorder runs, and a recorder that fails ends the forwarding at once.
    Open {
        /// The room.
        room: RoomId,
        /// What must be recorded, if anything must.
        record: Option<RecordingPlan>,
    },
    /// Begins a recording in an open room.
    StartRecording {
        /// The room.
        room: RoomId,
        /// What to record.
        plan: RecordingPlan,
    },
    /// Ends the recording and leaves the room open.
    StopRecording {
        /// The room.
        room: RoomId,
    },
    /// Ends the recording, parts everybody, forgets the room.
    Close {
        /// The room.
        room: RoomId,
    },
    /// Lets a participant in with its SDP offer, or back in: an earlier connection of the same participant is replaced.
    Join {
        /// The room.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
        /// By which the room's answer or refusal names this.
        join: JoinId,
        /// The browser's SDP offer (RFC 8829).
        offer: String,
    },
    /// The browser's SDP answer to the latest [`RoomEvent::Offer`].
    Answer {
        /// The room.
        room: RoomId,
        /// Who answers.
        participant: ParticipantId,
        /// The SDP answer.
        answer: String,
    },
    /// A participant turned a source on or off at its own end; it names the reason of the gap that follows.
    Switch {
        /// The room.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
        /// Which source.
        source: Source,
        /// Whether it is on now.
        on: bool,
    },
    /// Parts a participant for good.
    Leave {
        /// The room.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
    },
}

/// Why an SDP offer or answer was not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NegotiationRefusal {
    /// The room is not open here.
    #[error("the room is not open")]
    RoomNotOpen,
    /// As many people as the room holds are in it.
    #[error("the room is full")]
    RoomFull,
    /// The browser cannot send or receive H.264 Constrained Baseline.
    #[error("the offer has no H.264 Constrained Baseline video")]
    NoH264,
    /// The browser cannot send or receive Opus.
    #[error("the offer has no Opus audio")]
    NoOpus,
    /// The text is not SDP, or not an answer to the offer that is open.
    #[error("the session description cannot be used: {0}")]
    Malformed(String),
}

/// Why a recording had to end.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RecordingFault {
    /// No space is left.
    #[error("the disk is full")]
    DiskFull,
    /// The disk refused a write or a sync.
    #[error("the disk refused a write: {0}")]
    Write(String),
    /// The disk could not keep up and the mailbox of the writer is full.
    #[error("the disk cannot keep up")]
    TooSlow,
}

/// Measured of one participant's connection over the last two seconds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConnectionQuality {
    /// Round trip in milliseconds, where reports have told it.
    pub round_trip_ms: Option<u32>,
    /// Share of the participant's packets that did not reach the server at first, 0 to 1.
    pub loss_up: f32,
    /// Share of the server's packets that did not reach the participant, 0 to 1.
    pub loss_down: f32,
    /// Estimated bandwidth towards the participant, in kbit/s, where there is an estimate.
    pub down_kbps: Option<u32>,
}

/// What a room tells.
#[derive(Debug, Clone, PartialEq)]
pub enum RoomEvent {
    /// The room is open. Recording, if planned, is told by `RecordingStarted`.
    Opened {
        /// The room.
        room: RoomId,
    },
    /// The SDP answer to a [`RoomCommand::Join`].
    Answer {
        /// The room.
        room: RoomId,
        /// For whom.
        participant: ParticipantId,
        /// What is answered.
        join: JoinId,
        /// The SDP answer.
        answer: String,
    },
    /// The set of people or sources changed: an SDP offer that the browser must answer.
    /// Each media line's stream id is the publisher's participant id, its track id `microphone`, `camera` or `screen`.
    Offer {
        /// The room.
        room: RoomId,
        /// For whom.
        participant: ParticipantId,
        /// The SDP offer.
        offer: String,
    },
    /// An offer or answer was refused; an existing connection of the participant is untouched.
    Refused {
        /// The room.
        room: RoomId,
        /// Whose.
        participant: ParticipantId,
        /// What was refused; none when it was a browser's answer. That is met with a fresh offer, up to a limit.
        join: Option<JoinId>,
        /// Why.
        refusal: NegotiationRefusal,
    },
    /// Media can flow both ways.
    Connected {
        /// The room.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
    },
    /// The transport is gone or has been silent for five seconds. The participant stays in the room until `Leave`.
    Disconnected {
        /// The room.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
    },
    /// A source is being received.
    Publishing {
        /// The room.
        room: RoomId,
        /// Who.
        participant: ParticipantId,
        /// Which source.
        source: Source,
    },
    /// The recorder's files exist and are on disk; from now on people see and hear each other.
    RecordingStarted {
        /// The room.
        room: RoomId,
        /// The recording.
        recording: RecordingId,
    },
    /// The recorder had to give up; what was written is whole. Forwarding has stopped in a room whose recording is a must.
    RecordingFailed {
        /// The room.
        room: RoomId,
        /// The recording.
        recording: RecordingId,
        /// Why.
        fault: RecordingFault,
    },
    /// The last fragment is on disk.
    RecordingStopped {
        /// The room.
        room: RoomId,
        /// The recording.
        recording: RecordingId,
        /// From `started_at` to the last media, in milliseconds.
        duration_ms: u64,
    },
    /// A track file was begun.
    TrackOpened {
        /// The recording.
        recording: RecordingId,
        /// The track.
        track: TrackId,
        /// Whose.
        participant: ParticipantId,
        /// What it shows.
        source: Source,
        /// File name inside the recording's folder.
        file: String,
        /// Where its time zero lies in the recording.
        from_ms: u64,
    },
    /// A track file is finished.
    TrackClosed {
        /// The recording.
        recording: RecordingId,
        /// The track.
        track: TrackId,
        /// Size of the file.
        size_bytes: u64,
        /// How long it plays.
        duration_ms: u64,
        /// SHA-256 of the file.
        sha256: [u8; 32],
    },
    /// A stretch without received media has ended.
    Gap {
        /// The recording.
        recording: RecordingId,
        /// Whose.
        participant: ParticipantId,
        /// Which source.
        source: Source,
        /// First moment without.
        from_ms: u64,
        /// First moment with.
        to_ms: u64,
        /// Why.
        reason: GapReason,
    },
    /// Told every two seconds for each connected participant.
    Quality {
        /// The room.
        room: RoomId,
        /// Whose connection.
        participant: ParticipantId,
        /// What was measured.
        quality: ConnectionQuality,
    },
    /// How much a participant's pictures together may be from now on, so that the weakest of those who get them can take it.
    Limit {
        /// The room.
        room: RoomId,
        /// Whose pictures.
        participant: ParticipantId,
        /// In kbit/s; none when there is no limit any more.
        video_kbps: Option<u32>,
    },
    /// The room is gone, its files are closed.
    Closed {
        /// The room.
        room: RoomId,
    },
}
