//! Folders of files.

use mingjian_domain::error::{Conflict, Error, Result};
use mingjian_domain::file::{Folder, FolderPath};
use mingjian_domain::id::{FolderId, TenantId};
use time::OffsetDateTime;

use crate::Tx;
use crate::dialect::{Lockable, lockable};
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The folders of a transaction.
pub struct Folders<'t>(pub(crate) &'t mut Tx);

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT d.id, d.tenant_id, d.parent_id, d.path, d.created_at, d.changed_at FROM folders d ", $tail)
    };
}

const BY_ID: Lockable = lockable!(select!("WHERE d.tenant_id = $1 AND d.id = $2"); "d");

impl Folders<'_> {
    /// Adds a folder and gives it its number.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the tenant has a folder of that path; [`Error::Fault`], also when the folder that it is
    /// in is another tenant's.
    pub async fn insert(
        &mut self,
        tenant: TenantId,
        parent: Option<FolderId>,
        path: &FolderPath,
        now: OffsetDateTime,
    ) -> Result<Folder> {
        let added = self
            .0
            .optional(
                "INSERT INTO folders (tenant_id, parent_id, path, created_at, changed_at, listed) \
                 VALUES ($1, $2, $3, $4, $4, 0) RETURNING id, tenant_id, parent_id, path, created_at, changed_at",
                args![tenant, parent, path.as_str(), now],
                read,
            )
            .await
            .or_conflict(|| Conflict::NameTaken(path.to_string()), "adding a folder")?;
        added.ok_or_else(|| Error::fault("adding a folder", "no number came back"))
    }

    /// The tenant's folder of that path, made with those above it where it is missing.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn open(&mut self, tenant: TenantId, path: &FolderPath, now: OffsetDateTime) -> Result<Folder> {
        let mut missing = Vec::new();
        let mut wanted = Some(path.clone());
        let mut above = None;
        while let Some(path) = wanted {
            above = self.lookup_by_path(tenant, &path).await?;
            if above.is_some() {
                break;
            }
            wanted = path.parent();
            missing.push(path);
        }
        for path in missing.into_iter().rev() {
            let parent = above.as_ref().map(|folder: &Folder| folder.id);
            self.insert_missing(tenant, parent, &path, now).await?;
            above = self.lookup_by_path(tenant, &path).await?;
        }
        above.ok_or_else(|| Error::fault("making a folder", "it is not there"))
    }

    /// Somebody else may make the same folder at the same moment: then this waits for that transaction, and adds nothing.
    async fn insert_missing(
        &mut self,
        tenant: TenantId,
        parent: Option<FolderId>,
        path: &FolderPath,
        now: OffsetDateTime,
    ) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO folders (tenant_id, parent_id, path, created_at, changed_at, listed) \
                 VALUES ($1, $2, $3, $4, $4, 0) ON CONFLICT (tenant_id, path) DO NOTHING",
                args![tenant, parent, path.as_str(), now],
            )
            .await
            .or_fault("making a folder")?;
        Ok(())
    }

    /// The tenant's folder of that number.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, id: FolderId) -> Result<Option<Folder>> {
        self.0.lock(BY_ID, args![tenant, id], read).await.or_fault("reading a folder")
    }

    /// The tenant's folder of that path.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_path(&mut self, tenant: TenantId, path: &FolderPath) -> Result<Option<Folder>> {
        self.0
            .optional(select!("WHERE d.tenant_id = $1 AND d.path = $2"), args![tenant, path.as_str()], read)
            .await
            .or_fault("reading a folder by its path")
    }

    /// What lies directly in a folder, by path, at most so many from behind `after` on.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list(&mut self, parent: FolderId, after: Option<&FolderPath>, limit: u32) -> Result<Vec<Folder>> {
        self.0
            .all(
                select!("WHERE d.parent_id = $1 AND d.path > $2 ORDER BY d.path LIMIT $3"),
                args![parent, after.map_or("", FolderPath::as_str), limit],
                read,
            )
            .await
            .or_fault("listing folders")
    }
}

fn read(row: &Row) -> sqlx::Result<Folder> {
    let path: String = row.get("path")?;
    Ok(Folder {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        parent: row.get_opt("parent_id")?,
        path: FolderPath::parse(&path).map_err(|error| unreadable("path", error.to_string()))?,
        created_at: row.get("created_at")?,
        changed_at: row.get("changed_at")?,
    })
}
