//! One-time tokens of business systems, found by their hash.

use mingjian_domain::embed::EmbedToken;
use mingjian_domain::error::{Conflict, Result};
use time::OffsetDateTime;

use crate::Tx;
use crate::dialect::lockable;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The one-time tokens of a transaction.
pub struct EmbedTokens<'t>(pub(crate) &'t mut Tx);

impl EmbedTokens<'_> {
    /// Adds a token.
    ///
    /// # Errors
    /// [`Conflict::TicketUsed`] when there is one of that hash; [`Fault`](mingjian_domain::error::Error::Fault), also when
    /// the user is another tenant's.
    pub async fn insert(&mut self, token: &EmbedToken) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO embed_tokens (hash, tenant_id, user_id, return_url, created_at, expires_at, used_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                args![
                    token.hash,
                    token.tenant,
                    token.user,
                    &token.return_url,
                    token.created_at,
                    token.expires_at,
                    token.used_at,
                ],
            )
            .await
            .or_conflict(|| Conflict::TicketUsed, "adding a one-time token")?;
        Ok(())
    }

    /// The token of that hash, of whichever tenant: who has it proves that it was given. In a transaction that writes, it is
    /// nobody else's meanwhile.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_hash(&mut self, hash: &[u8; 32]) -> Result<Option<EmbedToken>> {
        let sql = lockable!(
            "SELECT t.hash, t.tenant_id, t.user_id, t.return_url, t.created_at, t.expires_at, t.used_at \
             FROM embed_tokens t WHERE t.hash = $1"; "t"
        );
        self.0.lock(sql, args![hash], read).await.or_fault("reading a one-time token")
    }

    /// Notes that a token was used.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn mark_used(&mut self, hash: &[u8; 32], now: OffsetDateTime) -> Result<()> {
        self.0
            .execute("UPDATE embed_tokens SET used_at = $2 WHERE hash = $1", args![hash, now])
            .await
            .or_fault("noting the use of a one-time token")?;
        Ok(())
    }

    /// Forgets the tokens whose time is over and tells how many there were.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn delete_expired(&mut self, now: OffsetDateTime) -> Result<u64> {
        let gone = self.0.execute("DELETE FROM embed_tokens WHERE expires_at <= $1", args![now]).await;
        gone.or_fault("forgetting old one-time tokens")
    }
}

fn read(row: &Row) -> sqlx::Result<EmbedToken> {
    Ok(EmbedToken {
        hash: row.get("hash")?,
        tenant: row.get("tenant_id")?,
        user: row.get_opt("user_id")?,
        return_url: row.get_opt("return_url")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        used_at: row.get_opt("used_at")?,
    })
}
