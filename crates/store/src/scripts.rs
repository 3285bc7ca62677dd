//! What is read out while a video type is recorded.

use mingjian_domain::error::Result;
use mingjian_domain::id::TenantId;
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::value::args;

/// The scripts of a transaction.
pub struct Scripts<'t>(pub(crate) &'t mut Tx);

/// What is read out for a video type.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// For which type.
    pub video_type: String,
    /// The text.
    pub text: String,
    /// Since when it reads so.
    pub changed_at: OffsetDateTime,
}

impl Scripts<'_> {
    /// Adds the tenant's script of a type, or replaces it.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn put(&mut self, tenant: TenantId, script: &Script) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO video_scripts (tenant_id, video_type, text, changed_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (tenant_id, video_type) \
                 DO UPDATE SET text = excluded.text, changed_at = excluded.changed_at",
                args![tenant, &script.video_type, &script.text, script.changed_at],
            )
            .await
            .or_fault("keeping a script")?;
        Ok(())
    }

    /// Every script of the tenant, by type.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, tenant: TenantId) -> Result<Vec<Script>> {
        self.0
            .all(
                "SELECT video_type, text, changed_at FROM video_scripts WHERE tenant_id = $1 ORDER BY video_type",
                args![tenant],
                |row| {
                    Ok(Script {
                        video_type: row.get("video_type")?,
                        text: row.get("text")?,
                        changed_at: row.get("changed_at")?,
                    })
                },
            )
            .await
            .or_fault("listing scripts")
    }
}
