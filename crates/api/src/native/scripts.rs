//! What is read out while a video type is recorded at the counter.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use mingjian_domain::take::VideoType;
use mingjian_service::counter::scripts::{self, Script};
use serde::Serialize;
use time::OffsetDateTime;

use crate::Shared;
use crate::caller::Known;
use crate::fields::Fields;
use crate::params::Segments;
use crate::problems::Problem;

#[derive(Serialize)]
struct ScriptView {
    video_type: String,
    text: String,
    #[serde(with = "time::serde::rfc3339")]
    changed_at: OffsetDateTime,
}

impl From<Script> for ScriptView {
    fn from(script: Script) -> Self {
        Self { video_type: script.video_type, text: script.text, changed_at: script.changed_at }
    }
}

/// Keeps the script of a type: `{"text"}`.
///
/// # Errors
/// Invalid; not entitled.
pub async fn put_script(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(video_type): Segments<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let video_type: VideoType = video_type.parse()?;
    let script = scripts::put_script(&api.service, &caller, &video_type, &fields.text("text")?).await?;
    Ok(Json(ScriptView::from(script)).into_response())
}

/// Every script.
///
/// # Errors
/// Not entitled.
pub async fn list_scripts(State(api): State<Shared>, Known(caller): Known) -> Result<Response, Problem> {
    let scripts = scripts::list_scripts(&api.service, &caller).await?;
    let items: Vec<ScriptView> = scripts.into_iter().map(ScriptView::from).collect();
    Ok(Json(serde_json::json!({ "items": items, "next": null })).into_response())
}
