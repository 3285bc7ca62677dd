//! The list of interviews.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use mingjian_service::interviews::{self, InterviewFilter};

use super::ListView;
use crate::Shared;
use crate::caller::Known;
use crate::params::Params;
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
