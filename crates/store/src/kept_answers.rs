//! Requests with an `Idempotency-Key`, and what they were answered. What is kept comes in sealed.

use mingjian_domain::error::Result;
use mingjian_domain::id::TenantId;
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The kept answers of a transaction.
pub struct KeptAnswers<'t>(pub(crate) &'t mut Tx);

/// A request that came with a key.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptAnswer {
    /// SHA-256 of the request.
    pub request_hash: [u8; 32],
    /// When it was taken on.
    pub claimed_at: OffsetDateTime,
    /// What it was answered, sealed; none while it is being worked on.
    pub answer: Option<Vec<u8>>,
}

impl KeptAnswers<'_> {
    /// Takes a request on, unless its key is there already. Of many at once one is told true.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn claim(
        &mut self,
        tenant: TenantId,
        key: &str,
        request_hash: &[u8; 32],
        now: OffsetDateTime,
    ) -> Result<bool> {
        let added = self
            .0
            .execute(
                "INSERT INTO kept_answers (tenant_id, key, request_hash, claimed_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (tenant_id, key) DO NOTHING",
                args![tenant, key, request_hash, now],
            )
            .await
            .or_fault("taking a request on")?;
        Ok(added == 1)
    }

    /// The request of that key.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, tenant: TenantId, key: &str) -> Result<Option<KeptAnswer>> {
        self.0
            .optional(
                "SELECT request_hash, claimed_at, answer FROM kept_answers WHERE tenant_id = $1 AND key = $2",
                args![tenant, key],
                read,
            )
            .await
            .or_fault("reading a kept answer")
    }

    /// Keeps the answer of a request that was taken on at that moment. One that somebody else has taken over since is left alone.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn keep(
        &mut self,
        tenant: TenantId,
        key: &str,
        claimed_at: OffsetDateTime,
        answer: Vec<u8>,
    ) -> Result<()> {
        self.0
            .execute(
                "UPDATE kept_answers SET answer = $4 WHERE tenant_id = $1 AND key = $2 AND claimed_at = $3",
                args![tenant, key, claimed_at, answer],
            )
            .await
            .or_fault("keeping an answer")?;
        Ok(())
    }

    /// Lets go of a request that was taken on at that moment and is not done.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn release(&mut self, tenant: TenantId, key: &str, claimed_at: OffsetDateTime) -> Result<()> {
        self.0
            .execute(
                "DELETE FROM kept_answers WHERE tenant_id = $1 AND key = $2 AND claimed_at = $3 AND answer IS NULL",
                args![tenant, key, claimed_at],
            )
            .await
            .or_fault("letting go of a request")?;
        Ok(())
    }

    /// Forgets what was claimed before `kept_since`, and what was claimed before `worked_since` and has no answer.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn forget(&mut self, kept_since: OffsetDateTime, worked_since: OffsetDateTime) -> Result<()> {
        self.0
            .execute(
                "DELETE FROM kept_answers WHERE claimed_at < $1 OR (claimed_at < $2 AND answer IS NULL)",
                args![kept_since, worked_since],
            )
            .await
            .or_fault("forgetting kept answers")?;
        Ok(())
    }
}

fn read(row: &Row) -> sqlx::Result<KeptAnswer> {
    Ok(KeptAnswer {
        request_hash: row.get("request_hash")?,
        claimed_at: row.get("claimed_at")?,
        answer: row.get_opt("answer")?,
    })
}
