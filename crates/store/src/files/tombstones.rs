//! What is left of deleted files.

use mingjian_domain::error::Result;
use mingjian_domain::file::tombstone::Tombstone;
use mingjian_domain::id::{FileId, TenantId};

use crate::Tx;
use crate::failure::OrFault;
use crate::row::unreadable;
use crate::value::args;

/// The tombstones of a transaction.
pub struct Tombstones<'t>(pub(crate) &'t mut Tx);

impl Tombstones<'_> {
    /// Adds one.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, tombstone: &Tombstone) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO tombstones (file_id, tenant_id, body, signature, public_key) VALUES ($1, $2, $3, $4, $5)",
                args![
                    tombstone.file,
                    tombstone.tenant,
                    &tombstone.body,
                    tombstone.signature.to_vec(),
                    tombstone.public_key,
                ],
            )
            .await
            .or_fault("setting a tombstone")?;
        Ok(())
    }

    /// The tombstone of the tenant's file.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, tenant: TenantId, file: FileId) -> Result<Option<Tombstone>> {
        self.0
            .optional(
                "SELECT file_id, tenant_id, body, signature, public_key FROM tombstones \
                 WHERE tenant_id = $1 AND file_id = $2",
                args![tenant, file],
                |row| {
                    let signature: Vec<u8> = row.get("signature")?;
                    Ok(Tombstone {
                        file: row.get("file_id")?,
                        tenant: row.get("tenant_id")?,
                        body: row.get("body")?,
                        signature: signature.try_into().map_err(|_| unreadable("signature", "not 64 bytes"))?,
                        public_key: row.get("public_key")?,
                    })
                },
            )
            .await
            .or_fault("reading a tombstone")
    }
}
