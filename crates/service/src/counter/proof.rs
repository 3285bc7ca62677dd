//! Whether a call comes from the tenant's business system: an HMAC-SHA256 over its parameters under the tenant's AppSecret,
//! with a moment and a word that is used once. The document's bare calls are taken from listed networks alone.

use std::net::IpAddr;

use mingjian_domain::error::{Denied, Error, Result, Unauthenticated};
use mingjian_domain::interface::{FaceName, Interface};
use time::{Duration, OffsetDateTime};

use crate::Service;
use crate::access::Caller;
use crate::access::arrival::arrive;
use crate::interfaces::{find_interface, note_refusal};
use crate::tokens::{hmac_hex, same};

/// So far may the clocks of the two servers be apart.
const SKEW: Duration = Duration::minutes(5);
/// Shorter words are guessed or repeated by accident, longer ones only fill the store.
const NONCE_CHARS: std::ops::RangeInclusive<usize> = 8..=64;

/// A call, as far as it is to be proved.
#[derive(Debug, Clone, Copy)]
pub struct Claim<'a> {
    /// Code of the tenant that the call names.
    pub tenant_code: &'a str,
    /// Where from.
    pub address: IpAddr,
    /// Every other parameter, sorted by name and joined: `name=value&name=value`.
    pub message: &'a str,
    /// What is shown as proof; none for a bare call.
    pub proof: Option<Proof<'a>>,
}

/// What a signed call shows.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// Unix seconds.
    pub time: &'a str,
    /// Used once.
    pub nonce: &'a str,
    /// 64 lower-case hex digits.
    pub signature: &'a str,
}

/// Proves a call of the video face.
///
/// # Errors
/// [`Unauthenticated::NoCredentials`] for a bare call where bare calls are not taken, [`Unauthenticated::WrongSecret`] for an
/// unknown tenant or a wrong signature, [`Unauthenticated::Expired`] for a time too far off or a nonce that was used;
/// [`Denied::InterfaceOff`]; [`Error::Busy`] when the tenant calls too often. None of them tells a caller without the secret whether the tenant exists.
pub async fn prove(service: &Service, claim: Claim<'_>) -> Result<Caller> {
    let address = claim.address.to_string();
    let mut tx = service.store.read().await?;
    let tenant = tx.tenants().lookup_by_code(claim.tenant_code).await?;
    drop(tx);
    let interface = match &tenant {
        Some(tenant) => match find_interface(service, tenant.id).await {
            Ok(interface) => Some(interface),
            Err(Error::Denied(Denied::InterfaceOff)) => None,
            Err(error) => return Err(error),
        },
        None => None,
    };
    let refused = match (&interface, claim.proof) {
        (Some(interface), Some(proof)) => signed(service, interface, claim.message, proof).await,
        (Some(interface), None) if interface.switches.takes_unsigned_from(claim.address) => Ok(()),
        (None, Some(_)) => Err(Unauthenticated::WrongSecret.into()),
        (Some(_) | None, None) => Err(Unauthenticated::NoCredentials.into()),
    };
    if let Err(error) = refused {
        if let Error::Unauthenticated(why) = &error {
            let why = match why {
                Unauthenticated::NoCredentials => "unsigned",
                Unauthenticated::Expired => "time_or_nonce",
                Unauthenticated::WrongSecret | Unauthenticated::UnknownAccount | Unauthenticated::Locked { .. } => {
                    "wrong_signature"
                }
            };
            note_refusal(service, tenant.map(|tenant| tenant.id), FaceName::Video, why, &address).await?;
        }
        return Err(error);
    }
    let interface = interface.ok_or(Unauthenticated::WrongSecret)?;
    if !interface.switches.is_on(FaceName::Video) {
        return Err(Denied::InterfaceOff.into());
    }
    arrive(interface.tenant)?;
    Ok(Caller::System { tenant: interface.tenant, name: FaceName::Video.word().to_owned(), address: Some(address) })
}

async fn signed(service: &Service, interface: &Interface, message: &str, proof: Proof<'_>) -> Result<()> {
    let wanted = hmac_hex(interface.app_secret.expose().as_bytes(), message.as_bytes());
    if !same(&wanted, proof.signature) {
        return Err(Unauthenticated::WrongSecret.into());
    }
    let now = service.now();
    let at = proof.time.parse().ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    if at.is_none_or(|at| (now - at).abs() > SKEW) {
        return Err(Unauthenticated::Expired.into());
    }
    let plain = proof.nonce.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
    if !plain || !NONCE_CHARS.contains(&proof.nonce.len()) {
        return Err(Error::Invalid("nonce:应为 8 至 64 位的字母、数字、-、_ 或 .，每次调用换一个".into()));
    }
    let mut tx = service.store.begin().await?;
    // A call is taken up to five minutes before and after its time: twice that, and nothing older can come again.
    tx.visits().delete_nonces_before(now - SKEW * 2).await?;
    let is_new = tx.visits().use_nonce(interface.tenant, proof.nonce, now).await?;
    tx.commit().await?;
    if is_new { Ok(()) } else { Err(Unauthenticated::Expired.into()) }
}
