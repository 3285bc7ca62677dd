//! The outbox of text messages.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun};
use mingjian_service::messages;

use super::ListView;
use crate::Shared;
use crate::caller::Known;
use crate::params::{Params, Segments};
use crate::problems::Problem;

/// `?cursor=&limit=`, the newest first, phones masked.
///
/// # Errors
/// Not entitled; invalid for a cursor or limit that is none.
pub async fn list_messages(
    State(api): State<Shared>,
    Known(caller): Known,
    mut params: Params,
) -> Result<Response, Problem> {
    let page = messages::list_messages(&api.service, &caller, &params.page()?).await?;
    Ok(Json(ListView::from(page)).into_response())
}

/// One message with its text.
///
/// # Errors
/// Missing, also when it is another tenant's; not entitled.
pub async fn find_message(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| Error::Missing(Noun::Message))?;
    Ok(Json(messages::find_message(&api.service, &caller, id).await?).into_response())
}

/// Sends one again as soon as possible.
///
/// # Errors
/// Missing, also when it is another tenant's; wrong state when it was sent; not entitled.
pub async fn retry_message(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Error::Missing(Noun::Message))?;
    messages::retry_message(&api.service, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
