//! What a crash leaves behind, and how it is made whole: the part that only reads and decides.
//!
//! The driver holds the files. For one folder it
//!
//! 1. reads the journal into an [`Index`],
//! 2. asks [`examine`] about each track file: how much of it is whole, and what the journal lacks of it,
//! 3. cuts the files, removes those without a fragment, and
//! 4. writes the journal anew with [`rewrite`] and puts it in the old one's place.
//!
//! Each step can be repeated after another crash: files are only ever cut where they were not whole, and the journal is
//! replaced in one move. Nothing is held in memory but the index, which has one entry per track.

mod journal;
mod scan;

pub use journal::{Index, Indexed, earlier, rewrite};
pub use scan::{Examined, Whole, examine};

use mingjian_domain::id::{ParticipantId, TrackId};
use mingjian_domain::recording::journal::Source;

/// A track file after recovery.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RecoveredTrack {
    /// The track.
    pub track: TrackId,
    /// Whose.
    pub participant: ParticipantId,
    /// What it shows.
    pub source: Source,
    /// File name inside the recording's folder.
    pub file: String,
    /// Where its time zero lies in the recording.
    pub from_ms: u64,
    /// How long it plays.
    pub duration_ms: u64,
    /// Size of the file.
    pub size_bytes: u64,
    /// SHA-256 of the file.
    pub sha256: [u8; 32],
}

/// A folder after recovery.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Recovered {
    /// Its tracks, in the order in which they were begun.
    pub tracks: Vec<RecoveredTrack>,
    /// Where the last of them ends, in milliseconds from the recording's `started_at`.
    pub end_ms: u64,
}

/// Reads `{participant}-{number}.mp4` and `{participant}-screen-{number}.mp4`: whose file it is, what it shows, and about when it began.
#[must_use]
pub fn read_name(file: &str) -> Option<(ParticipantId, Source, u64)> {
    let (rest, number) = file.strip_suffix(".mp4")?.rsplit_once('-')?;
    let from_ms = number.parse().ok()?;
    let (participant, source) = match rest.strip_suffix("-screen") {
        Some(participant) => (participant, Source::Screen),
        None => (rest, Source::Camera),
    };
    Some((participant.parse().ok()?, source, from_ms))
}
