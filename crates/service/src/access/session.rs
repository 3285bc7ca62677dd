//! A cookie or an API key becomes a caller.

use mingjian_domain::error::{Result, Unauthenticated};
use mingjian_domain::tenant::ApiKey;
use mingjian_domain::user::{Session, User};

use crate::Service;
use crate::tokens::sha256;

/// The user and the session of a cookie's token.
///
/// # Errors
/// [`Unauthenticated::NoCredentials`] for a token that nobody has; [`Unauthenticated::Expired`] after its time.
pub async fn authenticate_session(service: &Service, token: &str) -> Result<(User, Session)> {
    let mut tx = service.store.read().await?;
    let found = tx.sessions().lookup_by_token_hash(&sha256(token)).await?;
    let (session, user) = found.ok_or(Unauthenticated::NoCredentials)?;
    if service.now() >= session.expires_at {
        return Err(Unauthenticated::Expired.into());
    }
    Ok((user, session))
}

/// The API key of a bearer token (RFC 6750).
///
/// # Errors
/// [`Unauthenticated::WrongSecret`] for a key that nobody has or that was taken back.
pub async fn authenticate_key(service: &Service, key: &str) -> Result<ApiKey> {
    let mut tx = service.store.read().await?;
    let found = tx.api_keys().lookup_by_hash(&sha256(key)).await?;
    Ok(found.ok_or(Unauthenticated::WrongSecret)?)
}
