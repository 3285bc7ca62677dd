//! Who calls: `blade-auth: bearer <token or native key>`, or the same in `Authorization`.

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use mingjian_domain::error::{Error, Unauthenticated};
use mingjian_service::access::{Caller, blade};
use mingjian_service::tokens::sha256;

use crate::Shared;
use crate::caller::bearer;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::problems::Problem;

/// Blade's own header; its value is `bearer` and the token, and some clients leave the word out.
const HEADER: &str = "blade-auth";

/// A business system that has proved who it is.
pub(crate) struct BladeCaller(pub(crate) Caller);

pub(crate) fn presented(headers: &HeaderMap) -> Option<&str> {
    let Some(value) = headers.get(HEADER) else { return bearer(headers) };
    let value = value.to_str().ok()?.trim();
    let token = match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        Some(_) => return None,
        // The scheme alone, with nothing behind it.
        None if value.eq_ignore_ascii_case("bearer") => return None,
        None => value,
    };
    Some(token).filter(|token| !token.is_empty())
}

impl FromRequestParts<Shared> for BladeCaller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let origin = Origin::from_request_parts(parts, api).await?;
        let token = presented(&parts.headers).ok_or(Error::Unauthenticated(Unauthenticated::NoCredentials))?;
        let now = api.service.now();
        match blade::authenticate(&api.service, token, &origin.address.to_string()).await {
            // Wrong ones are counted by address: a bank cannot be shut out by somebody who guesses.
            Err(error @ Error::Unauthenticated(_)) => {
                api.buckets.take(Whose::Stranger(origin.address.into()), now)?;
                Err(error.into())
            }
            Err(error) => Err(error.into()),
            Ok(caller) => {
                // By name, not by token: many tokens of one system share its rate.
                let whose = format!("blade:{}:{:?}", caller.tenant(), caller.actor());
                api.buckets.take(Whose::Key(sha256(&whose)), now)?;
                Ok(Self(caller))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn seen(name: &'static str, value: &'static str) -> Option<String> {
        let headers = HeaderMap::from_iter([(name.parse().expect("a name"), HeaderValue::from_static(value))]);
        presented(&headers).map(str::to_owned)
    }

    #[test]
    fn the_token_stands_in_one_of_two_headers() {
        assert_eq!(seen("blade-auth", "bearer abc").as_deref(), Some("abc"));
        assert_eq!(seen("blade-auth", "Bearer  abc ").as_deref(), Some("abc"));
        assert_eq!(seen("blade-auth", "abc").as_deref(), Some("abc"));
        assert_eq!(seen("authorization", "Bearer abc").as_deref(), Some("abc"));
        assert_eq!(seen("blade-auth", "basic abc"), None);
        assert_eq!(seen("blade-auth", "bearer "), None);
        assert_eq!(seen("x-other", "bearer abc"), None);
    }
}
