//! One-time tokens with which a business system lets its people in.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Denied, Error};
use mingjian_service::embed::{self, Wanted};
use serde::Serialize;
use time::OffsetDateTime;

use super::sessions::{SessionView, is_own_page, view};
use crate::Shared;
use crate::caller::{Anybody, Known};
use crate::fields::Fields;
use crate::problems::Problem;
use crate::session::set_cookie;

#[derive(Serialize)]
struct TokenView {
    token: String,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

/// `{kind: "seat", user_name, display_name, queue_ids, return_url}`.
///
/// # Errors
/// Invalid naming the field; not entitled for a user, and for a name that belongs to somebody who does more than take calls.
pub async fn create_embed_token(
    State(api): State<Shared>,
    Known(caller): Known,
    mut fields: Fields,
) -> Result<Response, Problem> {
    if fields.opt_text("kind")?.is_some_and(|kind| kind != "seat") {
        return Err(fields.complain("kind", "应为 seat").into());
    }
    let wanted = Wanted {
        user_name: fields.text("user_name")?,
        display_name: fields.opt_text("display_name")?,
        queue_ids: fields.texts("queue_ids")?.unwrap_or_default(),
        return_url: fields.opt_text("return_url")?,
    };
    let embedded = embed::create_embed_token(&api.service, &caller, wanted).await?;
    let view = TokenView { token: embedded.secret.expose().to_owned(), expires_at: embedded.token.expires_at };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

#[derive(Serialize)]
struct EnteredView {
    #[serde(flatten)]
    session: SessionView,
    return_url: Option<String>,
}

/// `{token}` becomes a session and its cookie.
///
/// # Errors
/// Wrong secret; ticket used; foreign origin for a page of another site, which must not log anybody in.
pub async fn enter(
    State(api): State<Shared>,
    Anybody(origin): Anybody,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    if !is_own_page(&headers, &origin) {
        return Err(Error::Denied(Denied::ForeignOrigin).into());
    }
    let token = fields.text("token")?;
    let address = origin.address.to_string();
    let (logged_in, return_url) = embed::enter(&api.service, &token, Some(&address)).await?;
    let session = view(&api, &logged_in.user, &logged_in.session).await?;
    let body = Json(EnteredView { session, return_url });
    Ok(([(header::SET_COOKIE, set_cookie(&logged_in.token, origin.secure))], body).into_response())
}
