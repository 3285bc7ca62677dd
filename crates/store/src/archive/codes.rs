//! Code tables of tenants.

use mingjian_domain::archive::codes::{Code, CodeTable};
use mingjian_domain::error::Result;
use mingjian_domain::id::TenantId;
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The code tables of a transaction.
pub struct Codes<'t>(pub(crate) &'t mut Tx);

impl Codes<'_> {
    /// Gives a tenant the codes that everybody begins with.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault), also when the tenant has one of them.
    pub async fn begin(&mut self, tenant: TenantId) -> Result<()> {
        for table in CodeTable::ALL {
            for (position, (code, name)) in (0_u32..).zip(table.beginning()) {
                self.0
                    .execute(
                        "INSERT INTO archive_codes (tenant_id, table_name, code, name, position) \
                         VALUES ($1, $2, $3, $4, $5)",
                        args![tenant, table.word(), *code, *name, position],
                    )
                    .await
                    .or_fault("giving a tenant its first codes")?;
            }
        }
        Ok(())
    }

    /// Adds a code at the end, gives an existing one another name, or takes back its removal.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn put(&mut self, tenant: TenantId, table: CodeTable, code: &Code) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO archive_codes (tenant_id, table_name, code, name, position) SELECT $1, $2, $3, $4, \
                 coalesce(max(position) + 1, 0) FROM archive_codes WHERE tenant_id = $1 AND table_name = $2 \
                 ON CONFLICT (tenant_id, table_name, code) DO UPDATE SET name = excluded.name, removed_at = NULL",
                args![tenant, table.word(), &code.code, &code.name],
            )
            .await
            .or_fault("keeping a code")?;
        Ok(())
    }

    /// Takes a code out of use and tells whether it was in use. Its name stays for what has it.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn remove(
        &mut self,
        tenant: TenantId,
        table: CodeTable,
        code: &str,
        now: OffsetDateTime,
    ) -> Result<bool> {
        let changed = self
            .0
            .execute(
                "UPDATE archive_codes SET removed_at = $4 \
                 WHERE tenant_id = $1 AND table_name = $2 AND code = $3 AND removed_at IS NULL",
                args![tenant, table.word(), code, now],
            )
            .await
            .or_fault("removing a code")?;
        Ok(changed == 1)
    }

    /// The codes in use, in their order.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, tenant: TenantId, table: CodeTable) -> Result<Vec<Code>> {
        self.0
            .all(
                "SELECT code, name FROM archive_codes WHERE tenant_id = $1 AND table_name = $2 AND removed_at IS NULL \
                 ORDER BY position, code",
                args![tenant, table.word()],
                read,
            )
            .await
            .or_fault("listing codes")
    }

    /// Every code that there ever was, for the names of what has it.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list_with_removed(&mut self, tenant: TenantId, table: CodeTable) -> Result<Vec<Code>> {
        self.0
            .all(
                "SELECT code, name FROM archive_codes WHERE tenant_id = $1 AND table_name = $2",
                args![tenant, table.word()],
                read,
            )
            .await
            .or_fault("listing codes")
    }
}

fn read(row: &Row) -> sqlx::Result<Code> {
    Ok(Code { code: row.get("code")?, name: row.get("name")? })
}
