//! What a seat reads of an order beside its people.

use mingjian_domain::error::{Error, Result};
use mingjian_domain::id::{OrderId, TenantId};
use mingjian_domain::sheet::OrderSheet;
use time::OffsetDateTime;

use crate::Tx;
use crate::dialect::lockable;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The sheets of a transaction.
pub struct Sheets<'t>(pub(crate) &'t mut Tx);

impl Sheets<'_> {
    /// Adds an order's sheet, or replaces it.
    ///
    /// # Errors
    /// [`Error::Fault`], also when the order is another tenant's.
    pub async fn put(
        &mut self,
        tenant: TenantId,
        order: OrderId,
        sheet: &OrderSheet,
        now: OffsetDateTime,
    ) -> Result<()> {
        let sheet = serde_json::to_string(sheet).map_err(|error| Error::fault("writing an order's sheet", error))?;
        self.0
            .execute(
                "INSERT INTO order_sheets (order_id, tenant_id, sheet, updated_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (order_id) DO UPDATE SET sheet = excluded.sheet, updated_at = excluded.updated_at",
                args![order, tenant, sheet, now],
            )
            .await
            .or_fault("keeping an order's sheet")?;
        Ok(())
    }

    /// The sheet of the tenant's order. In a transaction that writes, nobody else changes it meanwhile.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, order: OrderId) -> Result<Option<OrderSheet>> {
        let sql = lockable!("SELECT s.sheet FROM order_sheets s WHERE s.tenant_id = $1 AND s.order_id = $2"; "s");
        self.0.lock(sql, args![tenant, order], read).await.or_fault("reading an order's sheet")
    }
}

fn read(row: &Row) -> sqlx::Result<OrderSheet> {
    let sheet: String = row.get("sheet")?;
    serde_json::from_str(&sheet).map_err(|error| unreadable("sheet", error))
}
