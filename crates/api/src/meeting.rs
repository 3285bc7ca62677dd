//! The face of the document on controlling a meeting: recording and live on and off, and what became of it.
//!
//! Every answer is HTTP 200 with `{code, data, message, state}`; `getmeetinginfo` alone is flat. The body is looked at first, then
//! `auth`, then the room: whether there is one, whose it is, whether it is open, what it allows, and what goes on in it.

mod caller;
mod codes;
mod view;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use mingjian_domain::error::Error;
use mingjian_domain::interface::Interface;
use mingjian_service::meetings;

use crate::Shared;
use crate::face::{Asked, Face};
use crate::fields::{Fields, TextOrInteger};
use crate::origin::Origin;
use crate::params::Params;
use crate::problems::{Problem, Refusal};
use caller::prove;
use view::{InfoView, LiveView, RecordIdView, RecordView, StatusView, answer, answer_nothing};

/// The document's length of a number, and ours of a record id.
const LONGEST_KEY: usize = 50;
/// The document's length of `origin`.
const LONGEST_ORIGIN: usize = 128;
/// Names under which a room's number may stand; the later ones are those of earlier editions.
const NUMBER_NAMES: [&str; 3] = ["conferenceKey", "sipKey", "sipkey"];
/// Where the flat call is served.
const INFO_PATH: &str = "/api/getmeetinginfo";
/// What the face's paths begin with.
pub(crate) const PREFIXES: [&str; 2] = ["/meeting", INFO_PATH];

/// The face.
pub(crate) struct Meeting;

impl Face for Meeting {
    fn refuse(&self, refusal: &Refusal, asked: &Asked) -> Response {
        let code = codes::code(refusal.kind);
        if asked.uri.path() == INFO_PATH {
            view::refuse_flat(code, &refusal.sentence)
        } else {
            view::refuse(code, refusal.sentence.clone())
        }
    }
}

/// A text or number of a field, not empty and not longer than it may be.
fn taken(fields: &mut Fields, name: &str) -> Result<Option<String>, Error> {
    let text = match fields.opt_text_or_integer(name)? {
        None => return Ok(None),
        Some(TextOrInteger::Text(text)) => text.trim().to_owned(),
        Some(TextOrInteger::Integer(number)) => number.to_string(),
    };
    let fits = !text.is_empty() && text.chars().count() <= LONGEST_KEY;
    if fits { Ok(Some(text)) } else { Err(fields.complain(name, "应为 1 至 50 个字符")) }
}

fn number_of(fields: &mut Fields) -> Result<String, Error> {
    for name in NUMBER_NAMES {
        if let Some(number) = taken(fields, name)? {
            return Ok(number);
        }
    }
    Err(fields.complain(NUMBER_NAMES[0], "必填"))
}

fn record_id_of(fields: &mut Fields) -> Result<String, Error> {
    taken(fields, "recordId")?.ok_or_else(|| fields.complain("recordId", "必填"))
}

/// `POST /meeting/openRecord`: records everybody in the room from now on.
pub(crate) async fn open_record(
    State(api): State<Shared>,
    origin: Origin,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let number = number_of(&mut fields)?;
    let (_, caller) = prove(&api, &origin, &headers).await?;
    let recording = meetings::open_record(&api.service, &api.gathering, &caller, &number).await?;
    Ok(answer(RecordIdView { record_id: recording.to_string() }))
}

/// `POST /meeting/closeRecord`: answers when the last fragment is on disk.
pub(crate) async fn close_record(
    State(api): State<Shared>,
    origin: Origin,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let number = number_of(&mut fields)?;
    let (_, caller) = prove(&api, &origin, &headers).await?;
    let recording = meetings::close_record(&api.service, &api.gathering, &caller, &number).await?;
    Ok(answer(RecordIdView { record_id: recording.to_string() }))
}

/// `POST /meeting/getRecords`: the takes of a recording; none for an id that nobody has.
pub(crate) async fn get_records(
    State(api): State<Shared>,
    origin: Origin,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let id = record_id_of(&mut fields)?;
    let named = fields.opt_text("origin")?.filter(|named| !named.trim().is_empty());
    if named.as_ref().is_some_and(|named| named.chars().count() > LONGEST_ORIGIN) {
        return Err(fields.complain("origin", "最长 128 个字符").into());
    }
    let (interface, caller) = prove(&api, &origin, &headers).await?;
    let base = match named {
        None => origin.base(&api.settings).unwrap_or_default(),
        Some(named) => listed_origin(&interface, &named, origin.base(&api.settings).as_deref())?,
    };
    let takes = meetings::list_takes(&api.service, &caller, &id).await?;
    let record = |take| RecordView::of(take, interface.ent_id, &base);
    Ok(answer(takes.iter().map(record).collect::<Vec<_>>()))
}

/// Scheme and host that may stand in front of links: our own, and those that the tenant has listed.
fn listed_origin(interface: &Interface, named: &str, own: Option<&str>) -> Result<String, Error> {
    let named = named.trim().trim_end_matches('/');
    let same = |listed: &str| listed.trim_end_matches('/').eq_ignore_ascii_case(named);
    if own.is_some_and(same) || interface.switches.meeting_origins.iter().any(|listed| same(listed)) {
        Ok(named.to_owned())
    } else {
        Err(Error::Invalid("origin:未登记的地址，请联系管理员在“接口”页登记，例如 https://video.bank.example".into()))
    }
}

/// `POST /meeting/delRecordFile`: deletes the recording with its files.
pub(crate) async fn del_record_file(
    State(api): State<Shared>,
    origin: Origin,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let id = record_id_of(&mut fields)?;
    let (_, caller) = prove(&api, &origin, &headers).await?;
    let recording = meetings::delete_recording(&api.service, &caller, &id).await?;
    Ok(answer(RecordIdView { record_id: recording.to_string() }))
}

/// `POST /meeting/openLive`: shows the room live, at the address that is answered.
pub(crate) async fn open_live(
    State(api): State<Shared>,
    origin: Origin,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let number = number_of(&mut fields)?;
    let (_, caller) = prove(&api, &origin, &headers).await?;
    let path = meetings::open_live(&api.service, &api.gathering, &caller, &number).await?;
    let base = origin.base(&api.settings).unwrap_or_default();
    Ok(answer(LiveView { liveurl: format!("{base}{path}") }))
}

/// `POST /meeting/closeLive`: succeeds also when the room is not shown live.
pub(crate) async fn close_live(
    State(api): State<Shared>,
    origin: Origin,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let number = number_of(&mut fields)?;
    let (_, caller) = prove(&api, &origin, &headers).await?;
    meetings::close_live(&api.service, &api.gathering, &caller, &number).await?;
    Ok(answer_nothing())
}

/// `POST /meeting/getLiveRecStatus`: what goes on in the room.
pub(crate) async fn get_live_rec_status(
    State(api): State<Shared>,
    origin: Origin,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let number = number_of(&mut fields)?;
    let (_, caller) = prove(&api, &origin, &headers).await?;
    let look = meetings::find_status(&api.service, &api.gathering, &caller, &number).await?;
    let base = origin.base(&api.settings).unwrap_or_default();
    let live = look.as_ref().and_then(|look| look.live.as_deref());
    let recording = look.as_ref().and_then(|look| look.recording);
    Ok(answer(StatusView {
        conference_key: number,
        live: live.is_some(),
        rtmp_url: live.map(|code| format!("{base}{}", mingjian_service::rooms::watch_path(code))).unwrap_or_default(),
        record: look.as_ref().is_some_and(|look| look.is_recorded),
        record_id: recording.map(|recording| recording.to_string()).unwrap_or_default(),
        failed_reason: look
            .is_some_and(|look| look.has_failed)
            .then_some("磁盘无法写入，录制或直播已停止，请联系管理员检查存储空间"),
    }))
}

/// `GET /api/getmeetinginfo?addr=`: the room with its PINs, for whoever owns it. Its answer is flat.
pub(crate) async fn get_meeting_info(
    State(api): State<Shared>,
    origin: Origin,
    headers: HeaderMap,
    mut params: Params,
) -> Result<Response, Problem> {
    let number = params.text("addr").filter(|number| number.chars().count() <= LONGEST_KEY);
    let number = number.ok_or_else(|| Error::Invalid("addr:必填，应为会议短号".into()))?;
    let (_, caller) = prove(&api, &origin, &headers).await?;
    let meeting = meetings::find_meeting(&api.service, &api.gathering, &caller, number.trim()).await?;
    let view = InfoView {
        code: codes::OK,
        msg: None,
        name: meeting.name,
        alias: meeting.number,
        hostpwd: meeting.host_pin,
        guestpwd: meeting.guest_pin,
        locked: meeting.look.as_ref().is_some_and(|look| look.locked_at.is_some()),
        started: meeting.look.is_some(),
        participants: meeting.look.map_or(0, |look| look.people.len()),
    };
    Ok(axum::response::IntoResponse::into_response(axum::Json(view)))
}
