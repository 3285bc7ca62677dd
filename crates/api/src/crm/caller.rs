//! Who has the token of a login.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use mingjian_domain::error::{Error, Unauthenticated};
use mingjian_service::access::Caller;
use mingjian_service::archive::{self, token};
use mingjian_service::tokens::sha256;
use time::UtcOffset;

use crate::Shared;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::problems::Problem;

/// Somebody who has logged in, and the zone that moments are written in.
pub(crate) struct Clerk {
    pub(super) caller: Caller,
    pub(super) zone: UtcOffset,
}

impl FromRequestParts<Shared> for Clerk {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let origin = Origin::from_request_parts(parts, api).await?;
        let (now, address) = (api.service.now(), origin.address.to_string());
        let sent = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok()).map(bare);
        let token =
            sent.filter(|token| !token.is_empty()).ok_or(Error::Unauthenticated(Unauthenticated::NoCredentials))?;
        let caller = match token::authenticate(&api.service, token, &address).await {
            Err(error @ Error::Unauthenticated(_)) => {
                api.buckets.take(Whose::Stranger(origin.address.into()), now)?;
                return Err(error.into());
            }
            found => found?,
        };
        // A user's programs share one bucket, however many tokens they fetched.
        if let Caller::User { user, .. } = &caller {
            api.buckets.take(Whose::Key(sha256(&user.id.to_string())), now)?;
        }
        let zone = archive::zone(&api.service, caller.tenant()).await?;
        Ok(Self { caller, zone })
    }
}

/// The token with or without `Bearer` in front of it.
fn bare(value: &str) -> &str {
    let value = value.trim();
    match value.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("bearer ") => value[7..].trim(),
        _ => value,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_taken_with_and_without_its_scheme() {
        assert_eq!(bare("Bearer a.b.c"), "a.b.c");
        assert_eq!(bare("bearer  a.b.c "), "a.b.c");
        assert_eq!(bare("a.b.c"), "a.b.c");
        assert_eq!(bare("银行银行"), "银行银行");
        assert_eq!(bare(""), "");
    }
}
