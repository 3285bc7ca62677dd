//! How the tenants' own servers are asked. Header values come in sealed: the store cannot read them.

use mingjian_domain::connector::{ConnectorKind, ConnectorSettings};
use mingjian_domain::error::{Error, Result};
use mingjian_domain::id::TenantId;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The connectors of a transaction.
pub struct Connectors<'t>(pub(crate) &'t mut Tx);

/// A connector as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectorRow {
    /// Whose.
    pub tenant: TenantId,
    /// What for.
    pub kind: ConnectorKind,
    /// What is not secret of it.
    pub settings: ConnectorSettings,
    /// Its headers, sealed.
    pub sealed: Vec<u8>,
}

impl Connectors<'_> {
    /// Adds a connector, or replaces it.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn put(&mut self, row: &ConnectorRow) -> Result<()> {
        let settings =
            serde_json::to_string(&row.settings).map_err(|error| Error::fault("writing a connector", error))?;
        self.0
            .execute(
                "INSERT INTO connectors (tenant_id, kind, settings, sealed) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (tenant_id, kind) DO UPDATE SET settings = excluded.settings, sealed = excluded.sealed",
                args![row.tenant, row.kind.word(), settings, row.sealed.clone()],
            )
            .await
            .or_fault("keeping a connector")?;
        Ok(())
    }

    /// The tenant's connector of that kind.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, kind: ConnectorKind) -> Result<Option<ConnectorRow>> {
        self.0
            .optional(
                "SELECT tenant_id, kind, settings, sealed FROM connectors WHERE tenant_id = $1 AND kind = $2",
                args![tenant, kind.word()],
                read,
            )
            .await
            .or_fault("reading a connector")
    }

    /// The tenant's connectors, by kind.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list(&mut self, tenant: TenantId) -> Result<Vec<ConnectorRow>> {
        self.0
            .all(
                "SELECT tenant_id, kind, settings, sealed FROM connectors WHERE tenant_id = $1 ORDER BY kind",
                args![tenant],
                read,
            )
            .await
            .or_fault("listing the connectors")
    }

    /// Takes the tenant's connector of that kind away and tells whether there was one.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn delete(&mut self, tenant: TenantId, kind: ConnectorKind) -> Result<bool> {
        let gone = self
            .0
            .execute("DELETE FROM connectors WHERE tenant_id = $1 AND kind = $2", args![tenant, kind.word()])
            .await
            .or_fault("taking a connector away")?;
        Ok(gone == 1)
    }
}

fn read(row: &Row) -> sqlx::Result<ConnectorRow> {
    let settings: String = row.get("settings")?;
    Ok(ConnectorRow {
        tenant: row.get("tenant_id")?,
        kind: row.word("kind", ConnectorKind::from_word)?,
        settings: serde_json::from_str(&settings).map_err(|error| unreadable("settings", error))?,
        sealed: row.get("sealed")?,
    })
}
