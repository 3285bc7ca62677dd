//! The outbox of results.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun};
use mingjian_service::callbacks;

use super::ListView;
use crate::Shared;
use crate::caller::Known;
use crate::params::{Params, Segments};
use crate::problems::Problem;

/// `?cursor=&limit=`, the newest first.
///
/// # Errors
/// Not entitled; invalid for a cursor or limit that is none.
pub async fn list_callbacks(
    State(api): State<Shared>,
    Known(caller): Known,
    mut params: Params,
) -> Result<Response, Problem> {
    let page = callbacks::list_callbacks(&api.service, &caller, &params.page()?).await?;
    Ok(Json(ListView::from(page)).into_response())
}

/// Sends one again as soon as possible.
///
/// # Errors
/// Missing, also when it is another tenant's; wrong state when it was delivered; not entitled.
pub async fn retry_callback(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Error::Missing(Noun::Callback))?;
    callbacks::retry_callback(&api.service, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
