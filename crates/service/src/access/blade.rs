//! Tokens of the signing face: a JSON Web Token (RFC 7519, HS256) for an hour, and one to renew it with for a week.
//!
//! A token names the credential that it was given for, so that taking the credential back takes its tokens back as well.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mingjian_domain::error::{Denied, Doing, Error, Noun, Result, Unauthenticated};
use mingjian_domain::id::TenantId;
use mingjian_domain::interface::FaceName;
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::ApiKey;
use serde::{Deserialize, Serialize};
use time::Duration;

use super::{Caller, authenticate_key};
use crate::Service;
use crate::interfaces::{Account, Proof, find_interface, md5_hex, prove_company};
use crate::tokens::{hmac_hex, same};

/// How long a token works.
pub const LIFE: Duration = Duration::hours(1);
/// How long it can be renewed.
pub const RENEWAL: Duration = Duration::days(7);
/// `{"alg":"HS256","typ":"JWT"}`: the only header that is written or read, so that nobody can ask for another algorithm.
const HEADER: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
/// Longer ones are none of ours.
const LONGEST: usize = 2_048;

#[derive(Serialize, Deserialize)]
struct Claims {
    /// Id of the tenant.
    sub: String,
    /// What the business system calls itself.
    client_id: String,
    /// `access` or `refresh`.
    typ: String,
    /// The credential: `key:` and the hash of a native key, `app:` and a keyed hash of `AppSecret`.
    cred: String,
    iat: i64,
    exp: i64,
}

/// Who a token was given to.
pub struct Granted {
    /// Whose.
    pub tenant: TenantId,
    /// What the business system calls itself.
    pub client_id: String,
    /// The token.
    pub access: Secret,
    /// The one to renew it with.
    pub refresh: Secret,
}

/// Tokens for a native key.
///
/// # Errors
/// [`Unauthenticated::WrongSecret`]; [`Denied::InterfaceOff`] when the face is off.
pub async fn grant_for_key(service: &Service, key: &str) -> Result<Granted> {
    let key = authenticate_key(service, key).await?;
    check_switch(service, key.tenant).await?;
    let cred = key_credential(&key);
    mint(service, key.tenant, key.name, &cred)
}

/// Tokens for `AppId` and `AppSecret`.
///
/// # Errors
/// [`Unauthenticated::UnknownAccount`], [`Unauthenticated::WrongSecret`]; [`Denied::InterfaceOff`] when the face is off.
pub async fn grant_for_app(service: &Service, app_id: &str, app_secret: &Secret, address: &str) -> Result<Granted> {
    let hashed = md5_hex(&[app_secret.expose()]);
    let proof = Proof { account: Account::App(app_id), secret: &hashed, address };
    let (interface, _) = prove_company(service, FaceName::Signing, proof).await?;
    let cred = app_credential(service, &interface.app_secret);
    mint(service, interface.tenant, interface.app_id, &cred)
}

/// New tokens for one to renew with.
///
/// # Errors
/// [`Unauthenticated::WrongSecret`], [`Unauthenticated::Expired`]; [`Denied::InterfaceOff`] when the face is off.
pub async fn renew(service: &Service, token: &str) -> Result<Granted> {
    let claims = read(service, token, "refresh").await?;
    let tenant = claims.sub.parse().map_err(|_| Unauthenticated::WrongSecret)?;
    mint(service, tenant, claims.client_id, &claims.cred)
}

/// Who calls with what stands behind `blade-auth: bearer`: a native key or a token.
///
/// # Errors
/// [`Unauthenticated::WrongSecret`], [`Unauthenticated::Expired`]; [`Denied::InterfaceOff`] when the face is off.
pub async fn authenticate(service: &Service, bearer: &str, address: &str) -> Result<Caller> {
    let address = Some(address.to_owned());
    if bearer.contains('.') {
        let claims = read(service, bearer, "access").await?;
        let tenant = claims.sub.parse().map_err(|_| Unauthenticated::WrongSecret)?;
        return Ok(Caller::System { tenant, name: claims.client_id, address });
    }
    let key = authenticate_key(service, bearer).await?;
    check_switch(service, key.tenant).await?;
    Ok(Caller::System { tenant: key.tenant, name: key.name, address })
}

async fn check_switch(service: &Service, tenant: TenantId) -> Result<()> {
    // A tenant that only has a native key has no switches that anybody turned off.
    let mut tx = service.store.read().await?;
    let off = tx.interfaces().lookup(tenant).await?.is_some_and(|row| !row.switches.is_on(FaceName::Signing));
    if off { Err(Denied::InterfaceOff.into()) } else { Ok(()) }
}

fn key_credential(key: &ApiKey) -> String {
    format!("key:{}", hex::encode(key.hash))
}

fn app_credential(service: &Service, secret: &Secret) -> String {
    format!("app:{}", service.keyed("blade-app", secret.expose()))
}

fn mint(service: &Service, tenant: TenantId, client_id: String, cred: &str) -> Result<Granted> {
    let iat = service.now().unix_timestamp();
    let token = |typ: &str, life: Duration| -> Result<Secret> {
        let claims = Claims {
            sub: tenant.to_string(),
            client_id: client_id.clone(),
            typ: typ.to_owned(),
            cred: cred.to_owned(),
            iat,
            exp: iat + life.whole_seconds(),
        };
        let claims = serde_json::to_vec(&claims).doing("writing a token")?;
        let signed = format!("{HEADER}.{}", URL_SAFE_NO_PAD.encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(signature(service, &signed));
        Ok(Secret::new(format!("{signed}.{signature}")))
    };
    Ok(Granted { tenant, access: token("access", LIFE)?, refresh: token("refresh", RENEWAL)?, client_id })
}

fn signature(service: &Service, signed: &str) -> Vec<u8> {
    hex::decode(service.keyed("blade-jwt", signed)).unwrap_or_default()
}

/// Checks signature, life and kind, and that the credential is still good.
async fn read(service: &Service, token: &str, typ: &str) -> Result<Claims> {
    let wrong = Unauthenticated::WrongSecret;
    if token.len() > LONGEST {
        return Err(wrong.into());
    }
    let (signed, signature_text) = token.rsplit_once('.').ok_or(wrong)?;
    if !same(&URL_SAFE_NO_PAD.encode(signature(service, signed)), signature_text) {
        return Err(wrong.into());
    }
    let claims = signed.strip_prefix(HEADER).and_then(|rest| rest.strip_prefix('.')).ok_or(wrong)?;
    let claims = URL_SAFE_NO_PAD.decode(claims).map_err(|_| wrong)?;
    let claims: Claims = serde_json::from_slice(&claims).map_err(|_| wrong)?;
    if claims.typ != typ {
        return Err(wrong.into());
    }
    if service.now().unix_timestamp() >= claims.exp {
        return Err(Unauthenticated::Expired.into());
    }
    let tenant: TenantId = claims.sub.parse().map_err(|_| wrong)?;
    let good = match claims.cred.split_once(':') {
        Some(("key", hash)) => {
            let hash = hex::decode(hash).ok().and_then(|hash| <[u8; 32]>::try_from(hash).ok()).ok_or(wrong)?;
            let mut tx = service.store.read().await?;
            tx.api_keys().lookup_by_hash(&hash).await?.is_some_and(|key| key.tenant == tenant)
        }
        Some(("app", _)) => {
            let interface = find_interface(service, tenant).await?;
            same(&app_credential(service, &interface.app_secret), &claims.cred)
        }
        _ => false,
    };
    if !good {
        return Err(wrong.into());
    }
    check_switch(service, tenant).await?;
    Ok(claims)
}

/// A statement that a business server has signed with its `AppSecret`: a token like ours, made over there.
///
/// # Errors
/// [`Unauthenticated::WrongSecret`] when the signature is not that of the tenant's `AppSecret`.
pub fn open_statement<T: serde::de::DeserializeOwned>(token: &str, app_secret: &Secret) -> Result<T> {
    let wrong = Unauthenticated::WrongSecret;
    let (signed, given) = token.rsplit_once('.').filter(|_| token.len() <= LONGEST).ok_or(wrong)?;
    let wanted = hex::decode(hmac_hex(app_secret.expose().as_bytes(), signed.as_bytes())).unwrap_or_default();
    if !same(&URL_SAFE_NO_PAD.encode(wanted), given) {
        return Err(wrong.into());
    }
    let (header, claims) = signed.split_once('.').ok_or(wrong)?;
    let decode = |part: &str| URL_SAFE_NO_PAD.decode(part).map_err(|_| wrong);
    // Libraries write the header's fields in different orders; what counts is that it names no other algorithm.
    let header: serde_json::Value = serde_json::from_slice(&decode(header)?).map_err(|_| wrong)?;
    if header["alg"] != "HS256" {
        return Err(wrong.into());
    }
    Ok(serde_json::from_slice(&decode(claims)?).map_err(|_| wrong)?)
}

/// The code of the tenant that tokens were given to.
///
/// # Errors
/// [`mingjian_domain::error::Error::Missing`] when it is gone.
pub async fn tenant_code(service: &Service, granted: &Granted) -> Result<String> {
    let mut tx = service.store.read().await?;
    let tenant = tx.tenants().lookup(granted.tenant).await?;
    tenant.map(|tenant| tenant.code).ok_or(Error::Missing(Noun::Tenant))
}
