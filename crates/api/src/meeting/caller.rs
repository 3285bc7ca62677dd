//! Who calls: a business system that shows `auth`, the tenant's literal key or the MD5 of `APIID&APIKEY`.

use axum::http::HeaderMap;
use mingjian_domain::error::{Error, Unauthenticated};
use mingjian_domain::interface::Interface;
use mingjian_service::access::Caller;
use mingjian_service::interfaces::prove_meeting;

use crate::Shared;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::problems::Problem;

/// The document's length of `auth`.
const LONGEST: usize = 60;

/// Proves `auth`. Wrong ones are counted by address, right ones as the tenant's calls of this face.
pub(super) async fn prove(api: &Shared, origin: &Origin, headers: &HeaderMap) -> Result<(Interface, Caller), Problem> {
    let auth = headers.get("auth").and_then(|value| value.to_str().ok()).map(str::trim).filter(|auth| !auth.is_empty());
    let proved = match auth {
        None => Err(Error::Unauthenticated(Unauthenticated::NoCredentials)),
        Some(auth) if auth.chars().count() > LONGEST => Err(Error::Unauthenticated(Unauthenticated::WrongSecret)),
        Some(auth) => prove_meeting(&api.service, auth, &origin.address.to_string()).await,
    };
    if matches!(proved, Err(Error::Unauthenticated(_))) {
        api.buckets.take(Whose::Stranger(origin.address.into()), api.service.now())?;
    }
    Ok(proved?)
}
