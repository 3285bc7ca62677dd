//! Files. [`listing`](mingjian_domain::file::listing) tells how their pages are found.

mod page;
mod tombstones;

pub use page::FilesPage;
pub use tombstones::Tombstones;

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::file::listing::BLOCK;
use mingjian_domain::file::{
    Content, File, FileKind, FileName, FilePath, FolderPath, Hold, MediaType, NewFile, Retention, Whole,
};
use mingjian_domain::id::{FileId, RecordingId, TenantId};
use time::OffsetDateTime;

use crate::Tx;
use crate::dialect::{Lockable, lockable};
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The files of a transaction.
pub struct Files<'t>(pub(crate) &'t mut Tx);

/// Bytes of a tenant's files that are not deleted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct FileUsage {
    /// Of uploads.
    pub uploaded_bytes: u64,
    /// Of what was made from recordings.
    pub recorded_bytes: u64,
}

macro_rules! columns {
    () => {
        "f.id, f.tenant_id, f.folder_id, d.path, f.name, f.kind, f.recording_id, f.business_no, f.created_at, f.ordinal, \
         f.listed_at, f.object_key, f.size_bytes, f.sha256, f.media_type, f.retain_until, f.retain_reason, f.held_at, \
         f.hold_reason, f.link_revision, f.deleted_at"
    };
}
use columns;

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT ", columns!(), " FROM files f JOIN folders d ON d.id = f.folder_id ", $tail)
    };
}

const BY_ID: Lockable = lockable!(select!("WHERE f.tenant_id = $1 AND f.id = $2"); "f");

impl Files<'_> {
    /// Adds a file whose bytes are still to come, and gives it its number. Its name is then taken. On PostgreSQL this holds the
    /// folder's row first, as everything does that adds to a folder: so nobody waits for a name while holding the folder.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the folder has a file of that name, or the recording a file; [`Error::Missing`] when the
    /// folder was never added; [`Error::Fault`], also when the recording is another tenant's.
    pub async fn insert(&mut self, file: &NewFile) -> Result<FileId> {
        self.0.folders().lookup(file.folder.tenant, file.folder.id).await?.ok_or(Error::Missing(Noun::Folder))?;
        let (until, reason) = file.retention.as_ref().map(|own| (own.until, own.reason.as_str())).unzip();
        let id = self
            .0
            .optional(
                "INSERT INTO files (tenant_id, folder_id, name, kind, recording_id, business_no, created_at, \
                 retain_until, retain_reason, link_revision) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0) \
                 RETURNING id",
                args![
                    file.folder.tenant,
                    file.folder.id,
                    file.name.as_str(),
                    file.kind.word(),
                    file.recording,
                    &file.business_no,
                    file.created_at,
                    until,
                    reason,
                ],
                |row| row.get("id"),
            )
            .await
            .or_conflict(|| Conflict::NameTaken(file.name.to_string()), "adding a file")?;
        id.ok_or_else(|| Error::fault("adding a file", "no number came back"))
    }

    /// The file's bytes are there: it is listed from now on, as the newest of its folder. Tells since when.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never added, or was deleted; [`Conflict::WrongState`] when it is whole already;
    /// [`Error::Fault`].
    pub async fn make_whole(&mut self, file: &File, content: &Content, now: OffsetDateTime) -> Result<OffsetDateTime> {
        let (ordinal, listed_at) = self.next_change(file, true, now).await?;
        let changed = self
            .0
            .execute(
                "UPDATE files SET ordinal = $2, listed_at = $3, object_key = $4, size_bytes = $5, sha256 = $6, \
                 media_type = $7 WHERE id = $1 AND ordinal IS NULL AND deleted_at IS NULL",
                args![
                    file.id,
                    ordinal,
                    listed_at,
                    &content.object_key,
                    content.size_bytes,
                    content.sha256,
                    content.media_type.name(),
                ],
            )
            .await
            .or_fault("listing a file")?;
        if changed == 0 {
            let there = self.lookup(file.tenant, file.id).await?;
            return Err(match there {
                Some(there) if there.deleted_at.is_none() => Conflict::WrongState.into(),
                _ => Error::Missing(Noun::File),
            });
        }
        self.0
            .execute(
                "INSERT INTO file_blocks (folder_id, block, present) VALUES ($1, $2, 1) \
                 ON CONFLICT (folder_id, block) DO UPDATE SET present = file_blocks.present + 1",
                args![file.folder, ordinal / BLOCK],
            )
            .await
            .or_fault("counting a file")?;
        self.use_bytes(file, content.size_bytes).await?;
        Ok(listed_at)
    }

    /// Other bytes stand in the place of the file's own: it keeps its place in every listing.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never whole, or was deleted; [`Error::Fault`].
    pub async fn replace(&mut self, file: &File, content: &Content) -> Result<()> {
        let Some(whole) = &file.whole else { return Err(Error::Missing(Noun::File)) };
        let changed = self
            .0
            .execute(
                "UPDATE files SET object_key = $2, size_bytes = $3, sha256 = $4, media_type = $5 \
                 WHERE id = $1 AND ordinal IS NOT NULL AND deleted_at IS NULL",
                args![file.id, &content.object_key, content.size_bytes, content.sha256, content.media_type.name(),],
            )
            .await
            .or_fault("replacing a file's bytes")?;
        if changed == 0 {
            return Err(Error::Missing(Noun::File));
        }
        self.free_bytes(file, whole.content.size_bytes).await?;
        self.use_bytes(file, content.size_bytes).await
    }

    /// Deletes the file and tells when. The row stays, and so does its place in earlier listings.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never added, or was deleted before; [`Error::Fault`].
    pub async fn delete(&mut self, file: &File, now: OffsetDateTime) -> Result<OffsetDateTime> {
        let (_, deleted_at) = self.next_change(file, false, now).await?;
        let ordinal: Option<Option<i64>> = self
            .0
            .optional(
                "UPDATE files SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL RETURNING ordinal",
                args![file.id, deleted_at],
                |row| row.get_opt("ordinal"),
            )
            .await
            .or_fault("deleting a file")?;
        let ordinal = ordinal.ok_or(Error::Missing(Noun::File))?;
        if let Some(ordinal) = ordinal.and_then(|ordinal| u64::try_from(ordinal).ok()) {
            self.0
                .execute(
                    "UPDATE file_blocks SET present = present - 1 WHERE folder_id = $1 AND block = $2",
                    args![file.folder, ordinal / BLOCK],
                )
                .await
                .or_fault("discounting a file")?;
        }
        if let Some(whole) = &file.whole {
            self.free_bytes(file, whole.content.size_bytes).await?;
        }
        Ok(deleted_at)
    }

    /// Takes the folder's next moment, and its next ordinal where something is `listed`. On PostgreSQL this holds the folder's row,
    /// so that moments are in the order of commits; on SQLite the one writer does.
    async fn next_change(&mut self, file: &File, listed: bool, now: OffsetDateTime) -> Result<(u64, OffsetDateTime)> {
        let folder = self.0.folders().lookup(file.tenant, file.folder).await?.ok_or(Error::Missing(Noun::Folder))?;
        let moment = folder.next_change(now);
        let ordinal = self
            .0
            .optional(
                "UPDATE folders SET changed_at = $2, listed = listed + $3 WHERE id = $1 RETURNING listed - $3 AS ordinal",
                args![folder.id, moment, i64::from(listed)],
                |row| row.get("ordinal"),
            )
            .await
            .or_fault("noting a folder's change")?;
        Ok((ordinal.ok_or(Error::Missing(Noun::Folder))?, moment))
    }

    async fn use_bytes(&mut self, file: &File, bytes: u64) -> Result<()> {
        let (uploaded, recorded) = shares(file, bytes);
        self.0
            .execute(
                "INSERT INTO file_usage (tenant_id, uploaded_bytes, recorded_bytes) VALUES ($1, $2, $3) \
                 ON CONFLICT (tenant_id) DO UPDATE SET uploaded_bytes = file_usage.uploaded_bytes + excluded.uploaded_bytes, \
                 recorded_bytes = file_usage.recorded_bytes + excluded.recorded_bytes",
                args![file.tenant, uploaded, recorded],
            )
            .await
            .or_fault("noting used bytes")?;
        Ok(())
    }

    async fn free_bytes(&mut self, file: &File, bytes: u64) -> Result<()> {
        let (uploaded, recorded) = shares(file, bytes);
        self.0
            .execute(
                "UPDATE file_usage SET uploaded_bytes = uploaded_bytes - $2, recorded_bytes = recorded_bytes - $3 \
                 WHERE tenant_id = $1",
                args![file.tenant, uploaded, recorded],
            )
            .await
            .or_fault("noting freed bytes")?;
        Ok(())
    }

    /// How many bytes the tenant's files take.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn usage(&mut self, tenant: TenantId) -> Result<FileUsage> {
        let usage = self
            .0
            .optional(
                "SELECT uploaded_bytes, recorded_bytes FROM file_usage WHERE tenant_id = $1",
                args![tenant],
                |row| {
                    Ok(FileUsage {
                        uploaded_bytes: row.get("uploaded_bytes")?,
                        recorded_bytes: row.get("recorded_bytes")?,
                    })
                },
            )
            .await
            .or_fault("reading used bytes")?;
        Ok(usage.unwrap_or_default())
    }

    /// Sets how long the file must stay and whether somebody holds it.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never added, or was deleted; [`Error::Fault`].
    pub async fn set_keeping(&mut self, id: FileId, retention: Option<&Retention>, hold: Option<&Hold>) -> Result<()> {
        let (until, retain_reason) = retention.map(|own| (own.until, own.reason.as_str())).unzip();
        let (since, hold_reason) = hold.map(|own| (own.since, own.reason.as_str())).unzip();
        let changed = self
            .0
            .execute(
                "UPDATE files SET retain_until = $2, retain_reason = $3, held_at = $4, hold_reason = $5 \
                 WHERE id = $1 AND deleted_at IS NULL",
                args![id, until, retain_reason, since, hold_reason],
            )
            .await
            .or_fault("noting how long a file stays")?;
        if changed == 0 { Err(Error::Missing(Noun::File)) } else { Ok(()) }
    }

    /// Makes every link to the file that was given out so far useless.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never added, or was deleted; [`Error::Fault`].
    pub async fn revoke_links(&mut self, id: FileId) -> Result<()> {
        let changed = self
            .0
            .execute(
                "UPDATE files SET link_revision = link_revision + 1 WHERE id = $1 AND deleted_at IS NULL",
                args![id],
            )
            .await
            .or_fault("revoking a file's links")?;
        if changed == 0 { Err(Error::Missing(Noun::File)) } else { Ok(()) }
    }

    /// The tenant's file of that number, also when it is deleted or not whole yet.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, id: FileId) -> Result<Option<File>> {
        self.0.lock(BY_ID, args![tenant, id], read).await.or_fault("reading a file")
    }

    /// The file of that number, of whichever tenant: for signed links.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_any(&mut self, id: FileId) -> Result<Option<File>> {
        self.0.optional(select!("WHERE f.id = $1"), args![id], read).await.or_fault("reading a file")
    }

    /// The tenant's file of that path which is not deleted, also when it is not whole yet.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_path(&mut self, tenant: TenantId, path: &FilePath) -> Result<Option<File>> {
        self.0
            .optional(
                select!("WHERE d.tenant_id = $1 AND d.path = $2 AND f.name = $3 AND f.deleted_at IS NULL"),
                args![tenant, path.folder.as_str(), path.name.as_str()],
                read,
            )
            .await
            .or_fault("reading a file by its path")
    }

    /// The file that was made, or is to be made, of the tenant's recording, also when it is deleted.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_recording(&mut self, tenant: TenantId, recording: RecordingId) -> Result<Option<File>> {
        self.0
            .optional(select!("WHERE f.tenant_id = $1 AND f.recording_id = $2"), args![tenant, recording], read)
            .await
            .or_fault("reading a recording's file")
    }

    /// Whether a file of any tenant that is not deleted has that object: for the server itself, when it starts. This reads every file.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn has_object(&mut self, key: &str) -> Result<bool> {
        let found: Option<i64> = self
            .0
            .optional("SELECT id FROM files WHERE object_key = $1 AND deleted_at IS NULL LIMIT 1", args![key], |row| {
                row.get("id")
            })
            .await
            .or_fault("looking for an object's file")?;
        Ok(found.is_some())
    }
}

/// Bytes of uploads and of recordings.
fn shares(file: &File, bytes: u64) -> (u64, u64) {
    if file.recording.is_none() { (bytes, 0) } else { (0, bytes) }
}

fn read(row: &Row) -> sqlx::Result<File> {
    let (folder, name): (String, String) = (row.get("path")?, row.get("name")?);
    let folder = FolderPath::parse(&folder).map_err(|error| unreadable("path", error.to_string()))?;
    let name = FileName::parse(&name).map_err(|error| unreadable("name", error.to_string()))?;
    let whole = match row.get_opt("listed_at")? {
        None => None,
        Some(listed_at) => {
            let media_type: String = row.get("media_type")?;
            let content = Content {
                object_key: row.get("object_key")?,
                size_bytes: row.get("size_bytes")?,
                sha256: row.get("sha256")?,
                media_type: MediaType::from_name(&media_type),
            };
            Some(Whole { content, listed_at })
        }
    };
    let retention = row.get_opt("retain_until")?.zip(row.get_opt("retain_reason")?);
    let hold = row.get_opt("held_at")?.zip(row.get_opt("hold_reason")?);
    Ok(File {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        folder: row.get("folder_id")?,
        path: FilePath { folder, name },
        kind: row.word("kind", FileKind::from_word)?,
        recording: row.get_opt("recording_id")?,
        business_no: row.get_opt("business_no")?,
        created_at: row.get("created_at")?,
        whole,
        retention: retention.map(|(until, reason)| Retention { until, reason }),
        hold: hold.map(|(since, reason)| Hold { since, reason }),
        link_revision: row.get("link_revision")?,
        deleted_at: row.get_opt("deleted_at")?,
    })
}
