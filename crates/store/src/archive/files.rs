//! Files of the archive.

use mingjian_domain::archive::files::ArchiveFile;
use mingjian_domain::error::Result;
use mingjian_domain::id::{ArchiveFileId, DepartmentId, TenantId};
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The files of a transaction.
pub struct ArchiveFiles<'t>(pub(crate) &'t mut Tx);

/// The columns of a file `f`.
macro_rules! columns {
    () => {
        "f.id AS f_id, f.tenant_id AS f_tenant_id, f.object_key AS f_object_key, f.name AS f_name, \
         f.content_type AS f_content_type, f.size_bytes AS f_size_bytes, f.sha256 AS f_sha256, \
         f.uploader AS f_uploader, f.created_at AS f_created_at, f.updated_at AS f_updated_at, \
         f.expires_at AS f_expires_at"
    };
}
pub(super) use columns;

impl ArchiveFiles<'_> {
    /// Adds a file.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, file: &ArchiveFile) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO archive_files (id, tenant_id, object_key, name, content_type, size_bytes, sha256, uploader, \
                 created_at, updated_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                args![
                    file.id,
                    file.tenant,
                    &file.key,
                    &file.name,
                    &file.content_type,
                    file.size_bytes,
                    file.sha256,
                    &file.uploader,
                    file.created_at,
                    file.updated_at,
                    file.expires_at,
                ],
            )
            .await
            .or_fault("adding a file of the archive")?;
        Ok(())
    }

    /// The tenant's file of that id.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, tenant: TenantId, id: ArchiveFileId) -> Result<Option<ArchiveFile>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM archive_files f WHERE f.tenant_id = $1 AND f.id = $2");
        self.0.optional(SQL, args![tenant, id], read).await.or_fault("reading a file of the archive")
    }

    /// Keeps the tenant's file for good, since a deposit names it. False when there is none, or its time is over.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn keep(&mut self, tenant: TenantId, id: ArchiveFileId, now: OffsetDateTime) -> Result<bool> {
        let changed = self
            .0
            .execute(
                "UPDATE archive_files SET expires_at = NULL, updated_at = CASE WHEN expires_at IS NULL THEN updated_at \
                 ELSE $3 END WHERE tenant_id = $1 AND id = $2 AND (expires_at IS NULL OR expires_at > $3)",
                args![tenant, id, now],
            )
            .await
            .or_fault("keeping a file of the archive")?;
        Ok(changed == 1)
    }

    /// Takes a file away that no deposit has named by that moment, and tells where its bytes are.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn delete_temporary(&mut self, id: ArchiveFileId, by: OffsetDateTime) -> Result<Option<String>> {
        self.0
            .optional(
                "DELETE FROM archive_files WHERE id = $1 AND expires_at <= $2 RETURNING object_key",
                args![id, by],
                |row| row.get("object_key"),
            )
            .await
            .or_fault("taking a temporary file away")
    }

    /// The departments through which the file can be reached: those of the accounts, and of the customers and their accounts,
    /// that it is filed at.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn departments(&mut self, tenant: TenantId, id: ArchiveFileId) -> Result<Vec<DepartmentId>> {
        self.0
            .all(
                "WITH filed AS (SELECT d.account_id, d.customer_id FROM archive_material_files mf \
                 JOIN archive_materials m ON m.number = mf.material JOIN archive_deposits d ON d.id = m.deposit_id \
                 WHERE d.tenant_id = $1 AND mf.file_id = $2) \
                 SELECT a.department_id FROM filed JOIN archive_accounts a ON a.id = filed.account_id \
                 UNION SELECT a.department_id FROM filed JOIN archive_accounts a ON a.customer_id = filed.customer_id \
                 UNION SELECT c.department_id FROM filed JOIN archive_customers c ON c.id = filed.customer_id",
                args![tenant, id],
                |row| row.get("department_id"),
            )
            .await
            .or_fault("reading where a file is filed")
    }
}

pub(super) fn read(row: &Row) -> sqlx::Result<ArchiveFile> {
    Ok(ArchiveFile {
        id: row.get("f_id")?,
        tenant: row.get("f_tenant_id")?,
        key: row.get("f_object_key")?,
        name: row.get("f_name")?,
        content_type: row.get("f_content_type")?,
        size_bytes: row.get("f_size_bytes")?,
        sha256: row.get("f_sha256")?,
        uploader: row.get("f_uploader")?,
        created_at: row.get("f_created_at")?,
        updated_at: row.get("f_updated_at")?,
        expires_at: row.get_opt("f_expires_at")?,
    })
}
