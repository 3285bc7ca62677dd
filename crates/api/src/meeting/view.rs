//! The wire names of the document.

use axum::Json;
use axum::response::{IntoResponse, Response};
use mingjian_service::meetings::Take;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use super::codes;

const MOMENT: StaticFormatDescription = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");

#[derive(Serialize)]
struct Envelope<T> {
    code: &'static str,
    data: T,
    message: Option<String>,
    state: u8,
}

/// `{code:"200", data, message:null, state:1}`.
pub(super) fn answer(data: impl Serialize) -> Response {
    Json(Envelope { code: codes::OK, data, message: None, state: 1 }).into_response()
}

/// An answer without data, as the document prints it for closeLive.
pub(super) fn answer_nothing() -> Response {
    let fields = [("code", Value::from(codes::OK)), ("message", Value::Null), ("state", Value::from(1))];
    Json(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect::<Value>()).into_response()
}

/// A refusal: always HTTP 200, the code in the body.
pub(super) fn refuse(code: &'static str, sentence: String) -> Response {
    Json(Envelope { code, data: Value::Null, message: Some(sentence), state: 0 }).into_response()
}

/// A refusal of getmeetinginfo, whose answers are flat.
pub(super) fn refuse_flat(code: &'static str, sentence: &str) -> Response {
    Json(serde_json::json!({ "code": code, "msg": sentence })).into_response()
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordIdView {
    pub(super) record_id: String,
}

#[derive(Serialize)]
pub(super) struct LiveView {
    pub(super) liveurl: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct StatusView {
    pub(super) conference_key: String,
    pub(super) live: bool,
    /// The document's name; ours is the page where it is watched.
    pub(super) rtmp_url: String,
    pub(super) record: bool,
    pub(super) record_id: String,
    /// Only when starting has failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) failed_reason: Option<&'static str>,
}

#[derive(Serialize)]
pub(super) struct InfoView {
    pub(super) code: &'static str,
    pub(super) msg: Option<String>,
    pub(super) name: String,
    pub(super) alias: String,
    pub(super) hostpwd: String,
    pub(super) guestpwd: String,
    pub(super) locked: bool,
    pub(super) started: bool,
    pub(super) participants: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct RecordView {
    record_id: String,
    conference_key: String,
    ent_id: i64,
    start_time: String,
    file_size: u64,
    stop_time: String,
    down_url: String,
}

impl RecordView {
    /// A take with its file, if that is whole: its size, and its link behind `base`.
    pub(super) fn of(take: &Take, ent_id: i64, base: &str) -> Self {
        let file = take.file.as_ref().map(|file| (file.size_bytes, format!("{base}{}", file.path)));
        let (file_size, down_url) = file.unwrap_or_default();
        Self {
            record_id: take.recording.to_string(),
            conference_key: take.number.clone(),
            ent_id,
            start_time: printed(take.started_at),
            file_size,
            stop_time: take.stopped_at.map(printed).unwrap_or_default(),
            down_url,
        }
    }
}

fn printed(at: OffsetDateTime) -> String {
    at.format(MOMENT).expect("the format has no part that a date lacks")
}
