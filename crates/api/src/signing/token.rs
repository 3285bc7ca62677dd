//! `POST /api/blade-auth/oauth/token`: a credential becomes a token for an hour.
//!
//! | `grant_type` | proof |
//! |---|---|
//! | `client_credentials`, or none | `AppId` and `AppSecret` as `Authorization: Basic` or `client_id` and `client_secret`; or a native key as `blade-auth: bearer` |
//! | `refresh_token` | `refresh_token` |
//!
//! Secrets are read from headers and the body, never from the query, which proxies write down.

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mingjian_domain::error::{Error, Unauthenticated};
use mingjian_domain::secret::Secret;
use mingjian_service::access::blade::{self, Granted};

use super::caller::presented;
use super::form::SmallForm;
use super::view::{TokenView, done};
use crate::Shared;
use crate::caller::Anybody;
use crate::params::Params;
use crate::problems::Problem;

/// `AppId` and `AppSecret` of `Authorization: Basic` (RFC 7617).
fn basic(headers: &HeaderMap) -> Option<(String, Secret)> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, pair) = value.split_once(' ')?;
    let pair = STANDARD.decode(pair.trim()).ok().filter(|_| scheme.eq_ignore_ascii_case("basic"))?;
    let pair = String::from_utf8(pair).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((id.to_owned(), Secret::new(secret.to_owned())))
}

/// A credential becomes a token.
///
/// # Errors
/// No credentials, unknown account, wrong secret, expired; invalid for another `grant_type` or another tenant's code.
pub async fn create_token(
    State(api): State<Shared>,
    Anybody(origin): Anybody,
    headers: HeaderMap,
    mut params: Params,
    mut form: SmallForm,
) -> Result<Response, Problem> {
    let service = &api.service;
    let grant = form.text("grant_type").or_else(|| params.text("grant_type"));
    let granted = match grant.as_deref() {
        None | Some("client_credentials") => {
            let pair = basic(&headers)
                .or_else(|| Some((form.text("client_id")?, form.text("client_secret").map(Secret::new)?)));
            match (pair, presented(&headers)) {
                (Some((id, secret)), _) => {
                    blade::grant_for_app(service, &id, &secret, &origin.address.to_string()).await?
                }
                (None, Some(key)) => blade::grant_for_key(service, key).await?,
                (None, None) => return Err(Error::Unauthenticated(Unauthenticated::NoCredentials).into()),
            }
        }
        Some("refresh_token") => blade::renew(service, &form.wanted("refresh_token")?).await?,
        Some(_) => {
            let wanted = "grant_type:应为 client_credentials 或 refresh_token";
            return Err(Error::Invalid(wanted.into()).into());
        }
    };
    let tenant = blade::tenant_code(service, &granted).await?;
    let named = form.text("tenantId").or_else(|| params.text("tenantId"));
    if named.is_some_and(|named| named != tenant) {
        return Err(Error::Unauthenticated(Unauthenticated::WrongSecret).into());
    }
    Ok(done(view(granted, tenant)).into_response())
}

fn view(granted: Granted, tenant_id: String) -> TokenView {
    TokenView {
        access_token: granted.access.expose().to_owned(),
        refresh_token: granted.refresh.expose().to_owned(),
        token_type: "bearer",
        expires_in: blade::LIFE.whole_seconds(),
        tenant_id,
        account: granted.client_id.clone(),
        user_name: granted.client_id.clone(),
        client_id: granted.client_id,
        user_id: String::new(),
        role_id: String::new(),
        dept_id: String::new(),
    }
}
