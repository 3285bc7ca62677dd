//! Uploads of takes that a browser kept. How much of one is there is told by its file.

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{TakeId, TenantId, UploadId};
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The uploads of a transaction.
pub struct TakeUploads<'t>(pub(crate) &'t mut Tx);

/// An upload.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeUpload {
    /// Its id.
    pub id: UploadId,
    /// Whose.
    pub tenant: TenantId,
    /// Of which take.
    pub take: TakeId,
    /// The browser's own name for it, unique per tenant.
    pub local_id: String,
    /// `video/mp4` or `video/webm`.
    pub content_type: String,
    /// So many bytes are to come.
    pub length_bytes: u64,
    /// How long the browser says that it plays.
    pub duration_ms: u64,
    /// Its SHA-256, as announced or, once it is there, as found.
    pub sha256: Option<[u8; 32]>,
    /// Where its bytes are.
    pub object_key: String,
    /// When it was begun.
    pub created_at: OffsetDateTime,
    /// By when it must be finished.
    pub ends_at: OffsetDateTime,
    /// When the last byte came.
    pub finished_at: Option<OffsetDateTime>,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT id, tenant_id, take_id, local_id, content_type, length_bytes, duration_ms, sha256, object_key, \
             created_at, ends_at, finished_at FROM take_uploads ",
            $tail
        )
    };
}

impl TakeUploads<'_> {
    /// Adds an upload.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the tenant has one of that local id; [`Error::Fault`].
    pub async fn insert(&mut self, upload: &TakeUpload) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO take_uploads (id, tenant_id, take_id, local_id, content_type, length_bytes, duration_ms, \
                 sha256, object_key, created_at, ends_at, finished_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                args![
                    upload.id,
                    upload.tenant,
                    upload.take,
                    &upload.local_id,
                    &upload.content_type,
                    upload.length_bytes,
                    upload.duration_ms,
                    upload.sha256,
                    &upload.object_key,
                    upload.created_at,
                    upload.ends_at,
                    upload.finished_at,
                ],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(upload.local_id.clone()), "adding an upload")?;
        Ok(())
    }

    /// The tenant's upload of that id.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, id: UploadId) -> Result<Option<TakeUpload>> {
        self.0
            .optional(select!("WHERE tenant_id = $1 AND id = $2"), args![tenant, id], read)
            .await
            .or_fault("reading an upload")
    }

    /// The tenant's upload that a browser calls by that name.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_local_id(&mut self, tenant: TenantId, local_id: &str) -> Result<Option<TakeUpload>> {
        self.0
            .optional(select!("WHERE tenant_id = $1 AND local_id = $2"), args![tenant, local_id], read)
            .await
            .or_fault("reading an upload")
    }

    /// Notes that all of it is there, and what it is.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never added or is finished; [`Error::Fault`].
    pub async fn finish(&mut self, id: UploadId, sha256: [u8; 32], now: OffsetDateTime) -> Result<()> {
        let changed = self
            .0
            .execute(
                "UPDATE take_uploads SET sha256 = $2, finished_at = $3 WHERE id = $1 AND finished_at IS NULL",
                args![id, sha256, now],
            )
            .await
            .or_fault("finishing an upload")?;
        if changed == 0 { Err(Error::Missing(Noun::Upload)) } else { Ok(()) }
    }

    /// Every tenant's uploads that were not finished in their time, at most so many: for the server itself.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list_expired(&mut self, now: OffsetDateTime, limit: u16) -> Result<Vec<TakeUpload>> {
        self.0
            .all(
                select!("WHERE finished_at IS NULL AND ends_at <= $1 ORDER BY ends_at LIMIT $2"),
                args![now, limit],
                read,
            )
            .await
            .or_fault("listing the expired uploads")
    }

    /// Forgets an upload.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn delete(&mut self, id: UploadId) -> Result<()> {
        self.0.execute("DELETE FROM take_uploads WHERE id = $1", args![id]).await.or_fault("forgetting an upload")?;
        Ok(())
    }
}

fn read(row: &Row) -> sqlx::Result<TakeUpload> {
    Ok(TakeUpload {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        take: row.get("take_id")?,
        local_id: row.get("local_id")?,
        content_type: row.get("content_type")?,
        length_bytes: row.get("length_bytes")?,
        duration_ms: row.get("duration_ms")?,
        sha256: row.get_opt("sha256")?,
        object_key: row.get("object_key")?,
        created_at: row.get("created_at")?,
        ends_at: row.get("ends_at")?,
        finished_at: row.get_opt("finished_at")?,
    })
}
