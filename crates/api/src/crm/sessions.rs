//! 1: the login. The token is in the answer's `Authorization` header.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::secret::Secret;
use mingjian_service::archive::token;
use serde::Serialize;

use super::read;
use crate::Shared;
use crate::caller::Anybody;
use crate::fields::Fields;
use crate::problems::Problem;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct LoggedInView {
    username: String,
    emp_name: String,
    token_type: &'static str,
    expires_in: i64,
}

/// `{username, password}` becomes a token for an hour.
///
/// # Errors
/// 401 with a bare text for a wrong name or password; 429 while the user is locked; 403 for who has nothing to do here.
pub(crate) async fn log_in(
    State(api): State<Shared>,
    Anybody(origin): Anybody,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let name = read::text(&mut fields, "username")?;
    let password = Secret::new(fields.text("password")?);
    let token = token::log_in(&api.service, name.trim(), &password, &origin.address.to_string()).await?;
    let mut header = HeaderValue::try_from(format!("Bearer {}", token.text.expose())).expect("a token is ASCII");
    header.set_sensitive(true);
    let view = LoggedInView {
        username: token.user.login,
        emp_name: token.user.name,
        token_type: "Bearer",
        expires_in: token::LIFETIME.whole_seconds(),
    };
    Ok(([(header::AUTHORIZATION, header)], Json(view)).into_response())
}
