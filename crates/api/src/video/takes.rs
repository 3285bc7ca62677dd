//! `/video/takes`: takes of a page through a room and its recorder.

use axum::extract::State;
use axum::response::Response;
use mingjian_domain::error::{Error, Noun};
use mingjian_domain::id::TakeId;
use mingjian_service::counter::live::{self, Wish};
use serde_json::json;

use super::caller::CounterPage;
use super::page::take_view;
use super::params::Parameters;
use super::success;
use crate::Shared;
use crate::params::Segments;
use crate::problems::Problem;

/// Longer names of browser tabs are none of ours.
const LONGEST_DEVICE: usize = 128;

/// Begins a take: `{businessNo, videoType, device, reason?}`. The recorder runs when it is answered; `ticket` lets the page into
/// the room, on the WebSocket as a guest.
///
/// # Errors
/// Missing, not entitled, a reason is needed, already recording; the disk is full.
pub async fn begin(State(api): State<Shared>, page: CounterPage, parameters: Parameters) -> Result<Response, Problem> {
    let wish = Wish {
        business_no: parameters.must("businessNo")?.to_owned(),
        video_type: parameters.must("videoType")?.parse()?,
        again: parameters.one("reason")?.map(str::to_owned),
        device: device(&parameters)?,
    };
    let begun = live::begin(&api.service, &api.gathering, &page.hand, wish).await?;
    let take = take_view(&api, &page.visit, &begun.take).await?;
    Ok(success(json!({ "take": take, "ticket": begun.ticket.expose() })))
}

/// Lets the page into a take that is being recorded: `{device}`.
///
/// # Errors
/// Missing, not entitled; not recording any more.
pub async fn join(
    State(api): State<Shared>,
    page: CounterPage,
    Segments(id): Segments<String>,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let begun = live::join(&api.service, &page.hand, take_id(&id)?, &device(&parameters)?).await?;
    let take = take_view(&api, &page.visit, &begun.take).await?;
    Ok(success(json!({ "take": take, "ticket": begun.ticket.expose() })))
}

/// Ends a take; it can be played when this is answered.
///
/// # Errors
/// Missing, not entitled; not recording any more.
pub async fn stop(
    State(api): State<Shared>,
    page: CounterPage,
    Segments(id): Segments<String>,
) -> Result<Response, Problem> {
    let take = live::stop(&api.service, &api.gathering, &page.hand, take_id(&id)?).await?;
    let take = take_view(&api, &page.visit, &take).await?;
    Ok(success(json!({ "take": take })))
}

fn take_id(text: &str) -> Result<TakeId, Problem> {
    Ok(text.parse().map_err(|_| Error::Missing(Noun::Take))?)
}

fn device(parameters: &Parameters) -> Result<String, Problem> {
    let device = parameters.must("device")?;
    if device.len() > LONGEST_DEVICE {
        return Err(Error::Invalid("device:过长".into()).into());
    }
    Ok(device.to_owned())
}
