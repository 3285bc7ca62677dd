//! The face of 双录系统 1.0: `/video`, `{code, msg, data}`, `"0"` for success and `"1"` for everything else.
//!
//! The document has two calls, [`redirect`] and [`status`]; the others are what its page needs: [`page`] is the page's session,
//! [`takes`] records through a room, [`upload`] takes what a browser kept, [`play`] hands out what was recorded, [`invalidate`] voids.
//! [`params`] knows every spelling of the parameters, [`grammar`] the two lists, [`caller`] who asks.

pub(crate) mod caller;
mod codes;
mod cookie;
mod grammar;
pub mod invalidate;
pub mod page;
mod params;
pub mod play;
pub mod redirect;
pub mod status;
pub mod takes;
pub mod upload;
mod view;

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use crate::face::{Asked, Face};
use crate::problems::Refusal;

/// The dialect of the document.
pub(crate) struct Video;

impl Face for Video {
    fn refuse(&self, refusal: &Refusal, asked: &Asked) -> Response {
        let status = if speaks_http(asked.uri.path()) { refusal.kind.status() } else { StatusCode::OK };
        said(status, codes::of(refusal.kind), &sentence(refusal), serde_json::json!({}))
    }
}

/// What is wrong and what to do: where a refusal says no more than its kind does, both are said.
fn sentence(refusal: &Refusal) -> String {
    let kind = refusal.kind;
    if refusal.sentence == kind.detail() {
        format!("{}。{}", kind.title(), kind.detail())
    } else {
        refusal.sentence.clone()
    }
}

/// Whether what asks for this path goes by the HTTP status: a page, a player, a program that speaks tus. The calls of the
/// document go by the code in the body, and get 200.
fn speaks_http(path: &str) -> bool {
    let below = path.strip_prefix("/video").unwrap_or(path);
    ["/main", "/session", "/takes", "/play/", "/upload/"].iter().any(|begin| below.starts_with(begin))
}

/// A success, with what it tells.
pub(super) fn success(data: impl Serialize) -> Response {
    said(StatusCode::OK, "0", "成功", data)
}

/// An answer in the document's envelope.
fn said(status: StatusCode, code: &str, msg: &str, data: impl Serialize) -> Response {
    let body = serde_json::json!({ "code": code, "msg": msg, "data": data });
    let kind = HeaderValue::from_static("application/json; charset=utf-8");
    (status, [(header::CONTENT_TYPE, kind)], body.to_string()).into_response()
}
