//! Logged-in browsers, found by the hash of their cookie's token.

use mingjian_domain::error::Result;
use mingjian_domain::id::SessionId;
use mingjian_domain::secret::Secret;
use mingjian_domain::user::{Session, User};
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::users;
use crate::value::args;

/// The sessions of a transaction.
pub struct Sessions<'t>(pub(crate) &'t mut Tx);

impl Sessions<'_> {
    /// Adds a session.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, session: &Session) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO sessions (id, user_id, token_hash, csrf_token, created_at, expires_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
                args![
                    session.id,
                    session.user,
                    session.token_hash,
                    session.csrf_token.expose(),
                    session.created_at,
                    session.expires_at,
                ],
            )
            .await
            .or_fault("adding a session")?;
        Ok(())
    }

    /// The session of that token's SHA-256 with its user, also when its time is over: that is the caller's to tell.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_token_hash(&mut self, hash: &[u8; 32]) -> Result<Option<(Session, User)>> {
        const SQL: &str = concat!(
            "SELECT s.id, s.user_id AS of_user, s.token_hash, s.csrf_token, s.created_at, s.expires_at, ",
            users::columns!(),
            " FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.token_hash = $1"
        );
        self.0.optional(SQL, args![hash], |row| Ok((read(row)?, users::read(row)?))).await.or_fault("reading a session")
    }

    /// Ends a session.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn delete(&mut self, id: SessionId) -> Result<()> {
        self.0.execute("DELETE FROM sessions WHERE id = $1", args![id]).await.or_fault("ending a session")?;
        Ok(())
    }

    /// Forgets the sessions whose time is over and tells how many there were.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn delete_expired(&mut self, now: OffsetDateTime) -> Result<u64> {
        let gone = self.0.execute("DELETE FROM sessions WHERE expires_at <= $1", args![now]).await;
        gone.or_fault("forgetting old sessions")
    }
}

fn read(row: &Row) -> sqlx::Result<Session> {
    Ok(Session {
        id: row.get("id")?,
        user: row.get("of_user")?,
        token_hash: row.get("token_hash")?,
        csrf_token: Secret::new(row.get("csrf_token")?),
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
    })
}
