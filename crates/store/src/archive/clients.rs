//! Registered clients: who may deposit.

use mingjian_domain::archive::Client;
use mingjian_domain::error::{Conflict, Result};
use mingjian_domain::id::TenantId;
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The registered clients of a transaction.
pub struct Clients<'t>(pub(crate) &'t mut Tx);

impl Clients<'_> {
    /// Issues a system number.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the tenant has a client of that number, also a revoked one;
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, client: &Client) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO archive_clients (tenant_id, number, name, issued_at, revoked_at) \
                 VALUES ($1, $2, $3, $4, $5)",
                args![client.tenant, &client.number, &client.name, client.issued_at, client.revoked_at],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(client.number.clone()), "issuing a system number")?;
        Ok(())
    }

    /// Revokes a system number and tells whether there was one to revoke.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn revoke(&mut self, tenant: TenantId, number: &str, now: OffsetDateTime) -> Result<bool> {
        let changed = self
            .0
            .execute(
                "UPDATE archive_clients SET revoked_at = $3 \
                 WHERE tenant_id = $1 AND number = $2 AND revoked_at IS NULL",
                args![tenant, number, now],
            )
            .await
            .or_fault("revoking a system number")?;
        Ok(changed == 1)
    }

    /// The tenant's client of that system number, also a revoked one.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, tenant: TenantId, number: &str) -> Result<Option<Client>> {
        self.0
            .optional(
                "SELECT tenant_id, number, name, issued_at, revoked_at FROM archive_clients \
                 WHERE tenant_id = $1 AND number = $2",
                args![tenant, number],
                read,
            )
            .await
            .or_fault("reading a registered client")
    }

    /// The tenant's clients, by number.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, tenant: TenantId) -> Result<Vec<Client>> {
        self.0
            .all(
                "SELECT tenant_id, number, name, issued_at, revoked_at FROM archive_clients \
                 WHERE tenant_id = $1 ORDER BY number",
                args![tenant],
                read,
            )
            .await
            .or_fault("listing the registered clients")
    }
}

fn read(row: &Row) -> sqlx::Result<Client> {
    Ok(Client {
        tenant: row.get("tenant_id")?,
        number: row.get("number")?,
        name: row.get("name")?,
        issued_at: row.get("issued_at")?,
        revoked_at: row.get_opt("revoked_at")?,
    })
}
