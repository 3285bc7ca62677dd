//! Rooms that are shown live, for whoever has the link.

use axum::Json;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use mingjian_service::lives;

use crate::Shared;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::params::Segments;
use crate::problems::Problem;

/// What is shown, by whom and since when, and who can be watched.
///
/// # Errors
/// Broadcast unknown when it has ended; busy.
pub async fn find_live(
    State(api): State<Shared>,
    origin: Origin,
    Segments(code): Segments<String>,
) -> Result<Response, Problem> {
    api.buckets.take(Whose::Downloader(origin.address.into()), api.service.now())?;
    Ok(Json(lives::find_live(&api.service, &code).await?).into_response())
}

/// A playlist.
///
/// # Errors
/// As [`find_live`].
pub async fn find_playlist(
    State(api): State<Shared>,
    origin: Origin,
    Segments((code, part)): Segments<(String, String)>,
) -> Result<Response, Problem> {
    api.buckets.take(Whose::Downloader(origin.address.into()), api.service.now())?;
    let text = lives::find_playlist(&api.service, &code, &part, &origin.address.to_string()).await?;
    let kind = (header::CONTENT_TYPE, "application/vnd.apple.mpegurl");
    Ok(([kind, (header::CACHE_CONTROL, "no-store")], text).into_response())
}

/// A segment, or the beginning of a file.
///
/// # Errors
/// As [`find_live`]; also for what was taken before the broadcast began.
pub async fn find_segment(
    State(api): State<Shared>,
    origin: Origin,
    Segments((code, recording, part)): Segments<(String, String, String)>,
) -> Result<Response, Problem> {
    api.buckets.take(Whose::Downloader(origin.address.into()), api.service.now())?;
    let bytes = lives::find_segment(&api.service, &code, &recording, &part).await?;
    let kind = (header::CONTENT_TYPE, "video/mp4");
    Ok(([kind, (header::CACHE_CONTROL, "no-store")], bytes).into_response())
}
