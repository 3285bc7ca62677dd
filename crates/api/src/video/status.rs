//! `POST /video/uploadStatus`: how far the video types of an order are.

use axum::extract::State;
use axum::response::Response;
use mingjian_domain::take::VideoType;
use mingjian_service::counter::takes::standing;

use super::caller::system;
use super::params::Parameters;
use super::view::VideoView;
use super::{success, view};
use crate::Shared;
use crate::origin::Origin;
use crate::problems::Problem;

/// The newest valid take of each type.
///
/// # Errors
/// Whatever is missing or wrong, named; no or wrong proof of the caller; the interface being off.
pub async fn upload_status(
    State(api): State<Shared>,
    origin: Origin,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let tenant_id = parameters.must("tenantId")?;
    let caller = system(&api, &origin, &parameters, None).await?;
    let business_no = parameters.must("businessNo")?;
    let video_type = parameters.one("videoType")?.map(str::parse::<VideoType>).transpose()?;
    let standing = standing(&api.service, caller.tenant(), business_no, video_type.as_ref()).await?;
    let list: Vec<VideoView<'_>> = standing
        .iter()
        .map(|one| VideoView {
            tenant_id,
            business_no,
            video_type: one.video_type.as_str(),
            video_status: one.take.as_ref().map_or("0", |take| view::status(&take.state)),
        })
        .collect();
    Ok(success(serde_json::json!({ "videoList": list })))
}
