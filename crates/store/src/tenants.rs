//! Tenants.

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::{CallbackTarget, Tenant};
use time::UtcOffset;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The tenants of a transaction.
pub struct Tenants<'t>(pub(crate) &'t mut Tx);

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT id, code, name, zone_offset_s, callback_url, callback_secret, created_at FROM tenants ", $tail)
    };
}

impl Tenants<'_> {
    /// Adds a tenant.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the code is; [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, tenant: &Tenant) -> Result<()> {
        let (url, secret) = tenant.callback.as_ref().map(|to| (to.url.as_str(), to.secret.expose())).unzip();
        self.0
            .execute(
                "INSERT INTO tenants (id, code, name, zone_offset_s, callback_url, callback_secret, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                args![
                    tenant.id,
                    &tenant.code,
                    &tenant.name,
                    tenant.zone.whole_seconds(),
                    url,
                    secret,
                    tenant.created_at,
                ],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(tenant.code.clone()), "adding a tenant")?;
        Ok(())
    }

    /// Sets where the tenant's results go, or that they go nowhere.
    ///
    /// # Errors
    /// [`Missing`](mingjian_domain::error::Error::Missing) when there is no such tenant;
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn set_callback(&mut self, id: TenantId, callback: Option<&CallbackTarget>) -> Result<()> {
        let (url, secret) = callback.map(|to| (to.url.as_str(), to.secret.expose())).unzip();
        let changed = self
            .0
            .execute("UPDATE tenants SET callback_url = $2, callback_secret = $3 WHERE id = $1", args![id, url, secret])
            .await
            .or_fault("setting a tenant's callback")?;
        if changed == 0 { Err(Error::Missing(Noun::Tenant)) } else { Ok(()) }
    }

    /// The tenant of that id.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, id: TenantId) -> Result<Option<Tenant>> {
        self.0.optional(select!("WHERE id = $1"), args![id], read).await.or_fault("reading a tenant")
    }

    /// The tenant of that code, such as `DEMOBK`.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_code(&mut self, code: &str) -> Result<Option<Tenant>> {
        self.0.optional(select!("WHERE code = $1"), args![code], read).await.or_fault("reading a tenant by its code")
    }

    /// Every tenant, by code.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self) -> Result<Vec<Tenant>> {
        self.0.all(select!("ORDER BY code"), args![], read).await.or_fault("listing the tenants")
    }
}

fn read(row: &Row) -> sqlx::Result<Tenant> {
    let callback = row.get_opt("callback_url")?.zip(row.get_opt("callback_secret")?);
    Ok(Tenant {
        id: row.get("id")?,
        code: row.get("code")?,
        name: row.get("name")?,
        zone: UtcOffset::from_whole_seconds(row.get("zone_offset_s")?)
            .map_err(|error| unreadable("zone_offset_s", error))?,
        callback: callback.map(|(url, secret)| CallbackTarget { url, secret: Secret::new(secret) }),
        created_at: row.get("created_at")?,
    })
}
