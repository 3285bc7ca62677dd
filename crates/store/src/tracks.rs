//! Track files of recordings. Whoever asks for them has found the recording first, and with it the tenant.

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{RecordingId, TrackId};
use mingjian_domain::recording::{Closed, Track};

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;
use crate::words;

/// The tracks of a transaction.
pub struct Tracks<'t>(pub(crate) &'t mut Tx);

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT id, recording_id, participant_id, source, file, from_ms, duration_ms, size_bytes, sha256 \
             FROM tracks ",
            $tail
        )
    };
}

impl Tracks<'_> {
    /// Adds a track.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the recording has a file of that name, or the track is there already;
    /// [`Error::Fault`].
    pub async fn insert(&mut self, track: &Track) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO tracks (id, recording_id, participant_id, source, file, from_ms, duration_ms, \
                 size_bytes, sha256) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                args![
                    track.id,
                    track.recording,
                    track.participant,
                    words::of_source(track.source),
                    &track.file,
                    track.from_ms,
                    track.closed.map(|closed| closed.duration_ms),
                    track.closed.map(|closed| closed.size_bytes),
                    track.closed.map(|closed| closed.sha256),
                ],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(track.file.clone()), "adding a track")?;
        Ok(())
    }

    /// The track does not grow any more. A second time replaces what was known.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never added; [`Error::Fault`].
    pub async fn close(&mut self, id: TrackId, closed: &Closed) -> Result<()> {
        let changed = self
            .0
            .execute(
                "UPDATE tracks SET duration_ms = $2, size_bytes = $3, sha256 = $4 WHERE id = $1",
                args![id, closed.duration_ms, closed.size_bytes, closed.sha256],
            )
            .await
            .or_fault("closing a track")?;
        if changed == 0 { Err(Error::Missing(Noun::Recording)) } else { Ok(()) }
    }

    /// Forgets a track whose file holds nothing: recovery found no whole fragment in it. A second time changes nothing.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn delete(&mut self, id: TrackId) -> Result<()> {
        self.0.execute("DELETE FROM tracks WHERE id = $1", args![id]).await.or_fault("forgetting an empty track")?;
        Ok(())
    }

    /// The recording's tracks, in the order of their beginnings.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list(&mut self, recording: RecordingId) -> Result<Vec<Track>> {
        self.0
            .all(select!("WHERE recording_id = $1 ORDER BY from_ms, id"), args![recording], read)
            .await
            .or_fault("listing the tracks of a recording")
    }

    /// The track of that id, of whichever tenant: for the server itself and for signed links.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_any(&mut self, id: TrackId) -> Result<Option<Track>> {
        self.0.optional(select!("WHERE id = $1"), args![id], read).await.or_fault("reading a track")
    }
}

fn read(row: &Row) -> sqlx::Result<Track> {
    let closed = match row.get_opt("duration_ms")? {
        Some(duration_ms) => {
            Some(Closed { duration_ms, size_bytes: row.get("size_bytes")?, sha256: row.get("sha256")? })
        }
        None => None,
    };
    Ok(Track {
        id: row.get("id")?,
        recording: row.get("recording_id")?,
        participant: row.get("participant_id")?,
        source: row.word("source", words::source)?,
        file: row.get("file")?,
        from_ms: row.get("from_ms")?,
        closed,
    })
}
