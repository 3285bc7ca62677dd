//! The image archive (影像归档) as its document has it: bare bodies, HTTP statuses, and a token in the `Authorization` header.
//! `docs/faces/crm.md` says what is served and what the document left open.
//!
//! - [`sessions`]: 1, the login; [`caller`]: who has its token;
//! - [`deposits`]: 2, 6 and 3; [`body`] reads theirs, whose files may be large, as a stream;
//! - [`accounts`]: 4 and 9; [`files`]: 5 and 8; [`materials`]: 7;
//! - [`view`]: the document's classes; [`dates`]: how it writes moments; [`paths`]: other addresses for the nine.

pub(crate) mod accounts;
mod body;
mod caller;
mod codes;
pub(crate) mod dates;
pub(crate) mod deposits;
pub(crate) mod files;
pub(crate) mod materials;
pub(crate) mod paths;
pub(crate) mod read;
pub(crate) mod sessions;
mod view;

use axum::Json;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use crate::face::{Asked, Face};
use crate::problems::{Kind, Refusal};

/// Path of the login: the only call whose refusal is a bare text.
const LOGIN: &str = "/crm/login/jwt";
/// What the document's picture shows for a wrong password.
const WRONG_LOGIN: &str = "Invalid Credentials";
/// As Spring Boot prints it.
const TIMESTAMP: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]+00:00");

/// The dialect.
pub(crate) struct Crm;

/// A refusal as Spring Boot prints it.
#[derive(Serialize)]
struct ErrorView<'a> {
    timestamp: String,
    status: u16,
    error: &'a str,
    message: String,
    path: &'a str,
}

impl Face for Crm {
    fn refuse(&self, refusal: &Refusal, asked: &Asked) -> Response {
        let status = codes::of(refusal.kind);
        if refusal.kind == Kind::WrongSecret && asked.uri.path() == LOGIN {
            // The picture shows it as JSON, though it is none.
            return (status, [(header::CONTENT_TYPE, "application/json")], WRONG_LOGIN).into_response();
        }
        let at = asked.at.to_offset(time::UtcOffset::UTC);
        let view = ErrorView {
            timestamp: at.format(TIMESTAMP).unwrap_or_default(),
            status: status.as_u16(),
            error: status.canonical_reason().unwrap_or("Error"),
            message: message(refusal),
            path: asked.named.path(),
        };
        let mut response = (status, Json(view)).into_response();
        if status == StatusCode::UNAUTHORIZED {
            response.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}

/// What is the matter and what to do, in one sentence: the general sentences of a kind say the latter alone.
fn message(refusal: &Refusal) -> String {
    let (title, detail) = (refusal.kind.title(), refusal.kind.detail());
    if refusal.sentence == detail { format!("{title}，{detail}") } else { refusal.sentence.clone() }
}
