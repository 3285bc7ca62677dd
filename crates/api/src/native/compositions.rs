//! The films of recordings on their way.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun};
use mingjian_service::compositions;

use super::ListView;
use crate::Shared;
use crate::caller::Known;
use crate::params::{Params, Segments};
use crate::problems::Problem;

/// `?cursor=&limit=`, the newest first.
///
/// # Errors
/// Not entitled; invalid for a cursor or limit that is none.
pub async fn list_compositions(
    State(api): State<Shared>,
    Known(caller): Known,
    mut params: Params,
) -> Result<Response, Problem> {
    let page = compositions::list_compositions(&api.service, &caller, &params.page()?).await?;
    Ok(Json(ListView::from(page)).into_response())
}

/// Has one drawn again as soon as possible.
///
/// # Errors
/// Missing, also when it is another tenant's; wrong state when it is done; not entitled.
pub async fn retry_composition(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    let id = id.parse().map_err(|_| Error::Missing(Noun::Recording))?;
    compositions::retry_composition(&api.service, &caller, id).await?;
    Ok(StatusCode::NO_CONTENT)
}
