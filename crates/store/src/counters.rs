//! Numbers that count up per tenant, name and day.

use mingjian_domain::error::{Error, Result};
use mingjian_domain::id::TenantId;
use time::Date;

use crate::Tx;
use crate::failure::OrFault;
use crate::value::args;

/// The counters of a transaction.
pub struct Counters<'t>(pub(crate) &'t mut Tx);

impl Counters<'_> {
    /// The next number of that name on that day, from 1. It is given back when the transaction is.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn next(&mut self, tenant: TenantId, name: &str, day: Date) -> Result<u32> {
        let value = self
            .0
            .optional(
                "INSERT INTO counters (tenant_id, name, day, value) VALUES ($1, $2, $3, 1) \
                 ON CONFLICT (tenant_id, name, day) DO UPDATE SET value = counters.value + 1 RETURNING value",
                args![tenant, name, day.to_string()],
                |row| row.get("value"),
            )
            .await
            .or_fault("counting up")?;
        value.ok_or_else(|| Error::fault("counting up", "no number came back"))
    }
}
