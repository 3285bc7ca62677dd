//! Meeting rooms: for those who own and run them, and the door for those who dial in.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingjian_domain::secret::Secret;
use mingjian_service::rooms::{self, Joining, RoomDraft, RoomView};
use serde::Serialize;

use super::ListView;
use crate::Shared;
use crate::caller::{Anybody, Known};
use crate::etag::{IfMatch, etag};
use crate::fields::Fields;
use crate::params::{Params, Segments};
use crate::problems::Problem;

fn draft(fields: &mut Fields) -> Result<RoomDraft, Problem> {
    Ok(RoomDraft {
        number: fields.opt_text("number")?,
        name: fields.text("name")?,
        host_pin: fields.opt_text("host_pin")?.map(Secret::new),
        guest_pin: fields.opt_text("guest_pin")?.map(Secret::new),
        record_allowed: fields.flag("record_allowed")?,
        live_allowed: fields.flag("live_allowed")?,
        stays_open: fields.flag("stays_open")?,
    })
}

/// `?cursor=&limit=`, the newest first.
///
/// # Errors
/// Not entitled; invalid for a cursor or limit that is none.
pub async fn list_rooms(
    State(api): State<Shared>,
    Known(caller): Known,
    mut params: Params,
) -> Result<Response, Problem> {
    let page = rooms::list_rooms(&api.service, &api.gathering, &caller, &params.page()?).await?;
    Ok(Json(ListView::from(page)).into_response())
}

/// Makes a room.
///
/// # Errors
/// Invalid; name taken; not entitled.
pub async fn create_room(
    State(api): State<Shared>,
    Known(caller): Known,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let room = rooms::create_room(&api.service, &api.gathering, &caller, draft(&mut fields)?).await?;
    Ok((StatusCode::CREATED, Json(room)).into_response())
}

/// A room with the name of its state.
fn answer(room: RoomView) -> Response {
    ([etag(&room.revision)], Json(room)).into_response()
}

/// One room.
///
/// # Errors
/// Room unknown; not entitled.
pub async fn find_room(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<Response, Problem> {
    Ok(answer(rooms::find_room(&api.service, &api.gathering, &caller, &number).await?))
}

/// Changes a room; the number stays.
///
/// # Errors
/// Invalid; room unknown; changed meanwhile; not entitled.
pub async fn change_room(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
    IfMatch(expected): IfMatch,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let draft = draft(&mut fields)?;
    Ok(answer(rooms::change_room(&api.service, &api.gathering, &caller, &number, &expected, draft).await?))
}

/// Deletes a room; its recordings stay.
///
/// # Errors
/// Room unknown; not entitled.
pub async fn delete_room(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<StatusCode, Problem> {
    rooms::delete_room(&api.service, &api.gathering, &caller, &number).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Opens a room.
///
/// # Errors
/// Room unknown; not entitled; busy.
pub async fn start_room(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<Response, Problem> {
    Ok(Json(rooms::start_room(&api.service, &api.gathering, &caller, &number).await?).into_response())
}

/// Closes a room.
///
/// # Errors
/// Room unknown; room not open; not entitled.
pub async fn stop_room(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<Response, Problem> {
    Ok(Json(rooms::stop_room(&api.service, &api.gathering, &caller, &number).await?).into_response())
}

/// Who is in it now.
///
/// # Errors
/// Room unknown; room not open; not entitled.
pub async fn list_participants(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<Response, Problem> {
    let items = rooms::list_participants(&api.service, &api.gathering, &caller, &number).await?;
    Ok(Json(ListView { items, next: None }).into_response())
}

#[derive(Serialize)]
struct RecordedView {
    recording_id: String,
}

/// Records everybody in it; answers when the recorder runs.
///
/// # Errors
/// Room unknown; room not open; recording forbidden; already recording; not entitled; full.
pub async fn start_recording(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<Response, Problem> {
    let recording = rooms::start_recording(&api.service, &api.gathering, &caller, &number).await?;
    let view = RecordedView { recording_id: recording.to_string() };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}

/// Ends the recording; answers when its last fragment is on disk.
///
/// # Errors
/// Room unknown; room not open; not recording; not entitled.
pub async fn stop_recording(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<Response, Problem> {
    let recording = rooms::stop_recording(&api.service, &api.gathering, &caller, &number).await?;
    Ok(Json(RecordedView { recording_id: recording.to_string() }).into_response())
}

#[derive(Serialize)]
struct ShownView {
    /// Behind scheme and host.
    watch_path: String,
}

/// Shows the room live; answers when there is something to show.
///
/// # Errors
/// Room unknown; room not open; live forbidden; already live; not entitled; full.
pub async fn start_live(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<Response, Problem> {
    let watch_path = rooms::start_live(&api.service, &api.gathering, &caller, &number).await?;
    Ok((StatusCode::CREATED, Json(ShownView { watch_path })).into_response())
}

/// Ends what is shown live; the link is void from now on.
///
/// # Errors
/// Room unknown; room not open; not entitled.
pub async fn end_live(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<StatusCode, Problem> {
    rooms::end_live(&api.service, &api.gathering, &caller, &number).await?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct AdmittedView {
    ticket: String,
    participant: String,
    role: &'static str,
}

/// A number and a PIN become a ticket, which the page says `hello` with.
///
/// # Errors
/// Wrong secret for an unknown number as for a wrong PIN; locked; room not open for a guest before the host; room locked; invalid.
pub async fn join_room(
    State(api): State<Shared>,
    Anybody(origin): Anybody,
    Segments(number): Segments<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let joining = Joining {
        number,
        pin: Secret::new(fields.text("pin")?),
        name: fields.text("name")?,
        device: fields.text("device")?,
    };
    let (admitted, role) = rooms::join_room(&api.service, &api.gathering, joining, &origin.address.to_string()).await?;
    let view = AdmittedView {
        ticket: admitted.ticket.expose().to_owned(),
        participant: admitted.participant.to_string(),
        role: role.word(),
    };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}
