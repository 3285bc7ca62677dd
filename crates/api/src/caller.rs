//! Who sends a request: a logged-in user's page by its cookie, a business system by its key, or a stranger by the address alone.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method, header};
use mingjian_domain::error::{Denied, Error, Unauthenticated};
use mingjian_domain::user::Session;
use mingjian_service::access::arrival::arrive;
use mingjian_service::access::{Caller, authenticate_key, authenticate_session};
use mingjian_service::tokens::{same, sha256};

use crate::Shared;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::problems::Problem;
use crate::session::session_token;

/// The header that a page's writes carry.
const CSRF_HEADER: &str = "x-csrf-token";

/// A caller that has proved who it is. It proves itself once a request.
#[derive(Clone)]
pub struct Known(pub Caller);

/// A user's page, with its session.
pub struct Page {
    /// Who.
    pub caller: Caller,
    /// The session.
    pub session: Session,
}

/// Anybody, counted by address.
pub struct Anybody(pub Origin);

impl FromRequestParts<Shared> for Anybody {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let origin = Origin::from_request_parts(parts, api).await?;
        api.buckets.take(Whose::Stranger(origin.address.into()), api.service.now())?;
        Ok(Self(origin))
    }
}

impl FromRequestParts<Shared> for Known {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        if let Some(known) = parts.extensions.get::<Self>() {
            return Ok(known.clone());
        }
        let origin = Origin::from_request_parts(parts, api).await?;
        match bearer(&parts.headers) {
            Some(key) => system(api, &origin, key).await.map(Self),
            None => page(api, &origin, parts).await.map(|page| Self(page.caller)),
        }
    }
}

impl FromRequestParts<Shared> for Page {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let origin = Origin::from_request_parts(parts, api).await?;
        page(api, &origin, parts).await
    }
}

/// The token of `Authorization: Bearer` (RFC 6750 section 2.1).
pub(crate) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
}

async fn system(api: &Shared, origin: &Origin, key: &str) -> Result<Caller, Problem> {
    let now = api.service.now();
    let found = match authenticate_key(&api.service, key).await {
        // Wrong keys are counted by address: a bank cannot be shut out by somebody who guesses.
        Err(error @ Error::Unauthenticated(_)) => {
            api.buckets.take(Whose::Stranger(origin.address.into()), now)?;
            return Err(error.into());
        }
        found => found?,
    };
    api.buckets.take(Whose::Key(found.hash), now)?;
    arrive(found.tenant)?;
    Ok(Caller::System { tenant: found.tenant, name: found.name, address: Some(origin.address.to_string()) })
}

async fn page(api: &Shared, origin: &Origin, parts: &Parts) -> Result<Page, Problem> {
    let now = api.service.now();
    let token = session_token(&parts.headers).ok_or(Error::Unauthenticated(Unauthenticated::NoCredentials))?;
    let (user, session) = match authenticate_session(&api.service, token).await {
        Err(error @ Error::Unauthenticated(_)) => {
            api.buckets.take(Whose::Stranger(origin.address.into()), now)?;
            return Err(error.into());
        }
        found => found?,
    };
    api.buckets.take(Whose::Session(sha256(token)), now)?;
    if parts.method != Method::GET && parts.method != Method::HEAD {
        let sent = parts.headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
        if !sent.is_some_and(|sent| same(sent, session.csrf_token.expose())) {
            return Err(Error::Denied(Denied::NoCsrfToken).into());
        }
    }
    let caller = Caller::User { user: Box::new(user), session: session.id, address: Some(origin.address.to_string()) };
    Ok(Page { caller, session })
}
