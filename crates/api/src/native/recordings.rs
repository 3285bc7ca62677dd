//! Recordings, with links to play and fetch them.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun};
use mingjian_service::recordings::{self, RecordingFilter};

use super::ListView;
use crate::Shared;
use crate::caller::Known;
use crate::origin::Origin;
use crate::params::{Params, Segments};
use crate::problems::Problem;

/// `?business_no=&customer=&seat=&from=&to=&cursor=&limit=`, the newest first.
///
/// # Errors
/// Not entitled; invalid for a cursor, moment or limit that is none.
pub async fn list_recordings(
    State(api): State<Shared>,
    Known(caller): Known,
    origin: Origin,
    mut params: Params,
) -> Result<Response, Problem> {
    let filter = RecordingFilter {
        business_no: params.text("business_no"),
        customer: params.text("customer"),
        seat: params.text("seat"),
        answered_by: None,
        from: params.moment("from")?,
        to: params.moment("to")?,
    };
    let base = origin.base(&api.settings).unwrap_or_default();
    let page = recordings::list_recordings(&api.service, &caller, filter, &params.page()?, &base).await?;
    Ok(Json(ListView::from(page)).into_response())
}

/// One recording.
///
/// # Errors
/// Missing, also when the caller may not see it; not entitled.
pub async fn find_recording(
    State(api): State<Shared>,
    Known(caller): Known,
    origin: Origin,
    Segments(id): Segments<String>,
) -> Result<Response, Problem> {
    let id = id.parse().map_err(|_| Error::Missing(Noun::Recording))?;
    let base = origin.base(&api.settings).unwrap_or_default();
    Ok(Json(recordings::find_recording(&api.service, &caller, id, &base).await?).into_response())
}
