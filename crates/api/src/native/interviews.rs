//! The list of interviews, and the result of one.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun};
use mingjian_service::interviews::{self, InterviewFilter};
use mingjian_service::results;

use super::ListView;
use crate::Shared;
use crate::caller::Known;
use crate::params::{Params, Segments};
use crate::problems::Problem;

/// `?business_no=&state=&cursor=&limit=`, the newest first.
///
/// # Errors
/// Not entitled; invalid for a cursor, state or limit that is none.
pub async fn list_interviews(
    State(api): State<Shared>,
    Known(caller): Known,
    mut params: Params,
) -> Result<Response, Problem> {
    let filter = InterviewFilter { business_no: params.text("business_no"), state: params.text("state"), seat: None };
    let page = interviews::list_interviews(&api.service, &caller, filter, &params.page()?).await?;
    Ok(Json(ListView::from(page)).into_response())
}

/// What the verdict gives out, by the names of the signing document.
///
/// # Errors
/// Missing when there is no such interview for the caller, or no verdict yet; not entitled.
pub async fn find_result(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| Error::Missing(Noun::Interview))?;
    Ok(Json(results::find_result(&api.service, &caller, id).await?).into_response())
}
