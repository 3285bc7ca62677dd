//! The audit log: lines are added and read, never changed.

use mingjian_domain::audit::{Actor, AuditLine};
use mingjian_domain::error::Result;
use mingjian_domain::id::{AuditId, TenantId};
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::page::{Page, Paged};
use crate::row::Row;
use crate::value::args;

/// The audit log of a transaction.
pub struct Audit<'t>(pub(crate) &'t mut Tx);

/// A line as it is read back, its words as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditRow {
    /// Its id.
    pub id: AuditId,
    /// When.
    pub at: OffsetDateTime,
    /// The kind of actor: `user`, `system`, `person`, `link`, `stranger` or `server`.
    pub actor: String,
    /// Which user or person, or the name of the key.
    pub actor_id: Option<String>,
    /// The verb, such as `start_recording`.
    pub action: String,
    /// The kind of thing, such as `recording`.
    pub subject: String,
    /// The thing's id or number.
    pub subject_id: String,
    /// Facts, as JSON text.
    pub detail: Option<String>,
    /// Where the request came from.
    pub address: Option<String>,
}

impl Audit<'_> {
    /// Adds a line.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn append(&mut self, line: &AuditLine) -> Result<()> {
        let (actor, actor_id) = match &line.actor {
            Actor::User(id) => ("user", Some(id.to_string())),
            Actor::System(name) => ("system", Some(name.clone())),
            Actor::Person(id) => ("person", Some(id.to_string())),
            Actor::Link => ("link", None),
            Actor::Stranger => ("stranger", None),
            Actor::Server => ("server", None),
        };
        self.0
            .execute(
                "INSERT INTO audit_lines (id, tenant_id, at, actor, actor_id, action, subject, subject_id, detail, \
                 address) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                args![
                    line.id,
                    line.tenant,
                    line.at,
                    actor,
                    actor_id,
                    line.action,
                    line.subject,
                    &line.subject_id,
                    &line.detail,
                    &line.address,
                ],
            )
            .await
            .or_fault("writing an audit line")?;
        Ok(())
    }

    /// The tenant's lines, the newest first.
    ///
    /// # Errors
    /// [`Invalid`](mingjian_domain::error::Error::Invalid) for a cursor that is none;
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, tenant: TenantId, page: &Page) -> Result<Paged<AuditRow>> {
        let rows = self
            .0
            .all(
                "SELECT id, at, actor, actor_id, action, subject, subject_id, detail, address FROM audit_lines \
                 WHERE tenant_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                args![tenant, page.below()?, page.fetch()],
                read,
            )
            .await
            .or_fault("listing audit lines")?;
        Ok(page.cut(rows, |row| row.id.as_uuid()))
    }
}

fn read(row: &Row) -> sqlx::Result<AuditRow> {
    Ok(AuditRow {
        id: row.get("id")?,
        at: row.get("at")?,
        actor: row.get("actor")?,
        actor_id: row.get_opt("actor_id")?,
        action: row.get("action")?,
        subject: row.get("subject")?,
        subject_id: row.get("subject_id")?,
        detail: row.get_opt("detail")?,
        address: row.get_opt("address")?,
    })
}
