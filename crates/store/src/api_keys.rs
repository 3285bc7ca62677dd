//! Keys of the native API, found by their hash alone: a caller's key is what tells its tenant.

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::tenant::ApiKey;
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The API keys of a transaction.
pub struct ApiKeys<'t>(pub(crate) &'t mut Tx);

impl ApiKeys<'_> {
    /// Adds a key.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] with the key's name when the same key is there already;
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, key: &ApiKey) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO api_keys (hash, tenant_id, name, created_at, revoked_at) VALUES ($1, $2, $3, $4, $5)",
                args![key.hash, key.tenant, &key.name, key.created_at, key.revoked_at],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(key.name.clone()), "adding an API key")?;
        Ok(())
    }

    /// The key of that SHA-256, of whichever tenant, unless it was taken back.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_hash(&mut self, hash: &[u8; 32]) -> Result<Option<ApiKey>> {
        self.0
            .optional(
                "SELECT hash, tenant_id, name, created_at, revoked_at FROM api_keys \
                 WHERE hash = $1 AND revoked_at IS NULL",
                args![hash],
                read,
            )
            .await
            .or_fault("reading an API key")
    }

    /// The tenant's keys that were not taken back, the newest first.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, tenant: TenantId) -> Result<Vec<ApiKey>> {
        self.0
            .all(
                "SELECT hash, tenant_id, name, created_at, revoked_at FROM api_keys \
                 WHERE tenant_id = $1 AND revoked_at IS NULL ORDER BY created_at DESC, hash",
                args![tenant],
                read,
            )
            .await
            .or_fault("listing API keys")
    }

    /// Takes a key of the tenant back.
    ///
    /// # Errors
    /// [`Error::Missing`] when the tenant has no such key, or it was taken back before; [`Error::Fault`].
    pub async fn revoke(&mut self, tenant: TenantId, hash: &[u8; 32], now: OffsetDateTime) -> Result<()> {
        let changed = self
            .0
            .execute(
                "UPDATE api_keys SET revoked_at = $3 WHERE tenant_id = $1 AND hash = $2 AND revoked_at IS NULL",
                args![tenant, hash, now],
            )
            .await
            .or_fault("taking an API key back")?;
        if changed == 0 { Err(Error::Missing(Noun::Key)) } else { Ok(()) }
    }
}

fn read(row: &Row) -> sqlx::Result<ApiKey> {
    Ok(ApiKey {
        hash: row.get("hash")?,
        tenant: row.get("tenant_id")?,
        name: row.get("name")?,
        created_at: row.get("created_at")?,
        revoked_at: row.get_opt("revoked_at")?,
    })
}
