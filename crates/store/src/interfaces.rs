//! Credentials and switches of the tenants' interfaces. What is secret comes in sealed: the store cannot read it.

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::interface::Switches;

use crate::Tx;
use crate::dialect::lockable;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The interfaces of a transaction.
pub struct Interfaces<'t>(pub(crate) &'t mut Tx);

/// A tenant's interface as it is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct InterfaceRow {
    /// Whose.
    pub tenant: TenantId,
    /// Unique per installation.
    pub ent_id: i64,
    /// Unique per installation.
    pub comp_id: i64,
    /// Unique per installation.
    pub app_id: String,
    /// `API ID` of the meeting face.
    pub api_id: String,
    /// SHA-256 of the meeting face's literal key, if there is one.
    pub meeting_auth_hash: Option<[u8; 32]>,
    /// SHA-256 of the MD5 form of the meeting face's key.
    pub meeting_key_hash: [u8; 32],
    /// The secrets, sealed.
    pub sealed: Vec<u8>,
    /// What the faces may do.
    pub switches: Switches,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT tenant_id, ent_id, comp_id, app_id, api_id, meeting_auth_hash, meeting_key_hash, sealed, switches \
             FROM interfaces ",
            $tail
        )
    };
}

impl Interfaces<'_> {
    /// Adds a tenant's interface, or replaces it.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when one of its numbers, names or keys is another tenant's; [`Error::Fault`].
    pub async fn put(&mut self, row: &InterfaceRow) -> Result<()> {
        let switches = serde_json::to_string(&row.switches).map_err(|error| Error::fault("writing switches", error))?;
        self.0
            .execute(
                "INSERT INTO interfaces (tenant_id, ent_id, comp_id, app_id, api_id, meeting_auth_hash, \
                 meeting_key_hash, sealed, switches) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) \
                 ON CONFLICT (tenant_id) DO UPDATE SET ent_id = excluded.ent_id, comp_id = excluded.comp_id, \
                 app_id = excluded.app_id, api_id = excluded.api_id, meeting_auth_hash = excluded.meeting_auth_hash, \
                 meeting_key_hash = excluded.meeting_key_hash, sealed = excluded.sealed, switches = excluded.switches",
                args![
                    row.tenant,
                    row.ent_id,
                    row.comp_id,
                    &row.app_id,
                    &row.api_id,
                    row.meeting_auth_hash,
                    row.meeting_key_hash,
                    row.sealed.clone(),
                    switches,
                ],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(row.app_id.clone()), "keeping a tenant's interface")?;
        Ok(())
    }

    /// Sets what the faces may do for a tenant.
    ///
    /// # Errors
    /// [`Error::Missing`] when the tenant has no interface; [`Error::Fault`].
    pub async fn set_switches(&mut self, tenant: TenantId, switches: &Switches) -> Result<()> {
        let switches = serde_json::to_string(switches).map_err(|error| Error::fault("writing switches", error))?;
        let changed = self
            .0
            .execute("UPDATE interfaces SET switches = $2 WHERE tenant_id = $1", args![tenant, switches])
            .await
            .or_fault("setting a tenant's switches")?;
        if changed == 0 { Err(Error::Missing(Noun::Tenant)) } else { Ok(()) }
    }

    /// The next numbers that no tenant has: `entId` and `CompID`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn next_numbers(&mut self) -> Result<(i64, i64)> {
        let numbers = self
            .0
            .optional(
                "SELECT COALESCE(MAX(ent_id), 0) + 1 AS ent_id, COALESCE(MAX(comp_id), 0) + 1 AS comp_id FROM interfaces",
                args![],
                |row| Ok((row.get("ent_id")?, row.get("comp_id")?)),
            )
            .await
            .or_fault("numbering a tenant's interface")?;
        Ok(numbers.unwrap_or((1, 1)))
    }

    /// The interface of that tenant.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId) -> Result<Option<InterfaceRow>> {
        self.0.optional(select!("WHERE tenant_id = $1"), args![tenant], read).await.or_fault("reading an interface")
    }

    /// The interface of that tenant, which nobody else changes until the end of the transaction.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_to_change(&mut self, tenant: TenantId) -> Result<Option<InterfaceRow>> {
        let sql = lockable!(
            "SELECT i.tenant_id, i.ent_id, i.comp_id, i.app_id, i.api_id, i.meeting_auth_hash, i.meeting_key_hash, \
             i.sealed, i.switches FROM interfaces i WHERE i.tenant_id = $1"; "i"
        );
        self.0.lock(sql, args![tenant], read).await.or_fault("reading an interface")
    }

    /// Every tenant's interface: for the server itself.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list_all(&mut self) -> Result<Vec<InterfaceRow>> {
        self.0.all(select!("ORDER BY comp_id"), args![], read).await.or_fault("listing the interfaces")
    }

    /// The interface of that `CompID`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_comp_id(&mut self, comp_id: i64) -> Result<Option<InterfaceRow>> {
        self.0.optional(select!("WHERE comp_id = $1"), args![comp_id], read).await.or_fault("reading an interface")
    }

    /// The interface of that `AppId`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_app_id(&mut self, app_id: &str) -> Result<Option<InterfaceRow>> {
        self.0.optional(select!("WHERE app_id = $1"), args![app_id], read).await.or_fault("reading an interface")
    }

    /// The interface whose meeting key has that SHA-256, in its literal or its MD5 form.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_meeting_hash(&mut self, hash: &[u8; 32]) -> Result<Option<InterfaceRow>> {
        self.0
            .optional(select!("WHERE meeting_auth_hash = $1 OR meeting_key_hash = $1"), args![hash], read)
            .await
            .or_fault("reading an interface")
    }
}

fn read(row: &Row) -> sqlx::Result<InterfaceRow> {
    let switches: String = row.get("switches")?;
    Ok(InterfaceRow {
        tenant: row.get("tenant_id")?,
        ent_id: row.get("ent_id")?,
        comp_id: row.get("comp_id")?,
        app_id: row.get("app_id")?,
        api_id: row.get("api_id")?,
        meeting_auth_hash: row.get_opt("meeting_auth_hash")?,
        meeting_key_hash: row.get("meeting_key_hash")?,
        sealed: row.get("sealed")?,
        switches: serde_json::from_str(&switches).map_err(|error| unreadable("switches", error))?,
    })
}
