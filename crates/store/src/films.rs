//! The composed films of recordings: asked for when a recording stops, filled in when the film is whole.

use mingjian_domain::error::Result;
use mingjian_domain::id::{JobId, RecordingId, TenantId};
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The films of a transaction.
pub struct Films<'t>(pub(crate) &'t mut Tx);

/// A film that is whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Film {
    /// Of what.
    pub recording: RecordingId,
    /// Its key in the object store.
    pub key: String,
    /// How long it plays.
    pub duration_ms: u64,
    /// Its size.
    pub size_bytes: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// When it was whole.
    pub composed_at: OffsetDateTime,
}

impl Films<'_> {
    /// Notes which job draws the film. A film that is there stays until the new one is.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault), also when the recording is another tenant's.
    pub async fn ask(&mut self, tenant: TenantId, recording: RecordingId, job: JobId) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO films (recording_id, tenant_id, job_id) VALUES ($1, $2, $3) \
                 ON CONFLICT (recording_id) DO UPDATE SET job_id = excluded.job_id",
                args![recording, tenant, job],
            )
            .await
            .or_fault("asking for a film")?;
        Ok(())
    }

    /// The film is whole, in place of an older one.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn put(&mut self, film: &Film) -> Result<()> {
        self.0
            .execute(
                "UPDATE films SET object_key = $2, duration_ms = $3, size_bytes = $4, sha256 = $5, composed_at = $6 \
                 WHERE recording_id = $1",
                args![film.recording, &film.key, film.duration_ms, film.size_bytes, film.sha256, film.composed_at],
            )
            .await
            .or_fault("listing a film")?;
        Ok(())
    }

    /// The film of a recording; none before it is whole. Whoever asks has found the recording first, and with it the tenant.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, recording: RecordingId) -> Result<Option<Film>> {
        self.0
            .optional(
                "SELECT recording_id, object_key, duration_ms, size_bytes, sha256, composed_at FROM films \
                 WHERE recording_id = $1 AND object_key IS NOT NULL",
                args![recording],
                read,
            )
            .await
            .or_fault("reading a film")
    }

    /// Takes the film off the list, and tells which it was; its bytes are the caller's to delete.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn delete(&mut self, recording: RecordingId) -> Result<Option<Film>> {
        let film = self.lookup(recording).await?;
        self.0
            .execute("DELETE FROM films WHERE recording_id = $1", args![recording])
            .await
            .or_fault("deleting a film")?;
        Ok(film)
    }
}

fn read(row: &Row) -> sqlx::Result<Film> {
    Ok(Film {
        recording: row.get("recording_id")?,
        key: row.get("object_key")?,
        duration_ms: row.get("duration_ms")?,
        size_bytes: row.get("size_bytes")?,
        sha256: row.get("sha256")?,
        composed_at: row.get("composed_at")?,
    })
}
