//! A name and a password become a token for an hour: a JWT (RFC 7519) signed with HMAC-SHA256 under a key of the installation.
//!
//! Nothing of it is kept. It names the user and a mark of the password that was right, so that it ends with a new password, and
//! what the user may do is looked up each time.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mingjian_domain::error::{Denied, Doing, Result, Unauthenticated};
use mingjian_domain::id::{SessionId, UserId};
use mingjian_domain::interface::FaceName;
use mingjian_domain::secret::Secret;
use mingjian_domain::user::User;
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use super::WORKERS;
use crate::Service;
use crate::access::arrival::arrive;
use crate::access::{Caller, login};
use crate::tokens::{hmac, same_bytes, sha256};

/// What the document says.
pub const LIFETIME: Duration = Duration::hours(1);
/// `{"alg":"HS256","typ":"JWT"}`: there is no other, so a token that names another is not ours.
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
/// Longer ones are none of ours.
const LONGEST: usize = 1024;

#[derive(Serialize, Deserialize)]
struct Claims {
    /// The interface that it is for.
    aud: String,
    sub: UserId,
    jti: SessionId,
    iat: i64,
    exp: i64,
    /// Eight hex digits of the SHA-256 of the password's hash.
    pwd: String,
}

/// A login that succeeded.
pub struct Token {
    /// What stands behind `Bearer`.
    pub text: Secret,
    /// Who.
    pub user: User,
    /// When it ends.
    pub expires_at: OffsetDateTime,
}

/// Logs somebody in who works in the archive.
///
/// # Errors
/// As [`login::prove`]; [`Denied::NotEntitled`] for somebody who has nothing to do in the archive; [`Denied::InterfaceOff`].
pub async fn log_in(service: &Service, name: &str, password: &Secret, address: &str) -> Result<Token> {
    let user = login::prove(service, name, password, Some(address)).await?;
    check_entitled(service, &user).await?;
    arrive(user.tenant)?;
    let now = service.now();
    let expires_at = now + LIFETIME;
    let claims = Claims {
        aud: FaceName::Crm.word().to_owned(),
        sub: user.id,
        jti: service.draw(|random| SessionId::mint(now, random)),
        iat: now.unix_timestamp(),
        exp: expires_at.unix_timestamp(),
        pwd: mark(&user),
    };
    let claims = serde_json::to_vec(&claims).doing("writing a token")?;
    let signed = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(claims));
    let signature = URL_SAFE_NO_PAD.encode(sign(service, &signed));
    Ok(Token { text: Secret::new(format!("{signed}.{signature}")), user, expires_at })
}

/// The user of a token.
///
/// # Errors
/// [`Unauthenticated::NoCredentials`] for what is no token of ours, or of a password that was changed;
/// [`Unauthenticated::Expired`] after an hour; as [`log_in`] for a user who may no longer.
pub async fn authenticate(service: &Service, token: &str, address: &str) -> Result<Caller> {
    let claims = open(service, token).ok_or(Unauthenticated::NoCredentials)?;
    if service.now().unix_timestamp() >= claims.exp {
        return Err(Unauthenticated::Expired.into());
    }
    let mut tx = service.store.read().await?;
    let user = tx.users().lookup_any(claims.sub).await?;
    drop(tx);
    let user = user.filter(|user| mark(user) == claims.pwd).ok_or(Unauthenticated::NoCredentials)?;
    arrive(user.tenant)?;
    check_entitled(service, &user).await?;
    Ok(Caller::User { user: Box::new(user), session: claims.jti, address: Some(address.to_owned()) })
}

async fn check_entitled(service: &Service, user: &User) -> Result<()> {
    if !WORKERS.iter().any(|&role| user.is(role)) {
        return Err(Denied::NotEntitled.into());
    }
    let mut tx = service.store.read().await?;
    let interface = tx.interfaces().lookup(user.tenant).await?;
    if interface.is_some_and(|interface| !interface.switches.is_on(FaceName::Crm)) {
        return Err(Denied::InterfaceOff.into());
    }
    Ok(())
}

fn open(service: &Service, token: &str) -> Option<Claims> {
    if token.len() > LONGEST {
        return None;
    }
    let (signed, signature) = token.rsplit_once('.')?;
    let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
    if !same_bytes(&sign(service, signed), &signature) {
        return None;
    }
    let claims = signed.strip_prefix(HEADER)?.strip_prefix('.')?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    (claims.aud == FaceName::Crm.word()).then_some(claims)
}

fn sign(service: &Service, text: &str) -> [u8; 32] {
    hmac(&service.derived_key("crm token"), text.as_bytes())
}

fn mark(user: &User) -> String {
    let hash = user.password_hash.as_ref().map_or("", Secret::expose);
    hex::encode(&sha256(hash)[..4])
}
