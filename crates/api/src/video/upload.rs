//! `/video/upload`: takes that a browser kept, by tus 1.0 (tus.io/protocols/resumable-upload) with its extensions creation,
//! expiration and checksum; and whole files as `multipart/form-data`, also from a business system.
//!
//! tus goes by the HTTP status, so its refusals have one; their body is the document's envelope all the same.

mod form;
mod metadata;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::StreamExt;
use mingjian_domain::error::{Error, Noun, Refused};
use mingjian_domain::id::UploadId;
use mingjian_service::counter::Hand;
use mingjian_service::counter::uploads::{self, Checksum, Progress};
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use super::caller::page;
use super::{codes, said, sentence};
use crate::Shared;
use crate::fields::PATIENCE;
use crate::origin::Origin;
use crate::params::Segments;
use crate::problems::{Inner, Kind, Problem, Refusal, Until};

const VERSION: HeaderValue = HeaderValue::from_static("1.0.0");
const TUS_RESUMABLE: HeaderName = HeaderName::from_static("tus-resumable");
const UPLOAD_OFFSET: HeaderName = HeaderName::from_static("upload-offset");
const UPLOAD_LENGTH: HeaderName = HeaderName::from_static("upload-length");
const UPLOAD_EXPIRES: HeaderName = HeaderName::from_static("upload-expires");
const UPLOAD_METADATA: HeaderName = HeaderName::from_static("upload-metadata");
const UPLOAD_CHECKSUM: HeaderName = HeaderName::from_static("upload-checksum");
/// The protocol's own status for a piece with another sum than it said.
const CHECKSUM_MISMATCH: u16 = 460;
/// Said to whoever speaks another version, or none.
const OTHER_VERSION: &str = "Tus-Resumable 应为 1.0.0；上传完整文件请用 multipart/form-data";
/// RFC 9110 section 5.6.7.
const HTTP_DATE: StaticFormatDescription =
    format_description!("[weekday repr:short], [day] [month repr:short] [year] [hour]:[minute]:[second] GMT");

/// What is spoken here.
pub async fn options() -> Response {
    let mut response = StatusCode::NO_CONTENT.into_response();
    let headers = response.headers_mut();
    headers.insert(TUS_RESUMABLE, VERSION);
    headers.insert("tus-version", VERSION);
    headers.insert("tus-extension", HeaderValue::from_static("creation,expiration,checksum"));
    headers.insert("tus-max-size", uploads::LARGEST.into());
    headers.insert("tus-checksum-algorithm", HeaderValue::from_static("sha256,sha1"));
    response
}

/// A whole file in a form, or the beginning of an upload by tus.
///
/// # Errors
/// For a form: whatever is missing or wrong, named; too large; not a video; no or wrong proof of the caller.
pub async fn create(State(api): State<Shared>, origin: Origin, request: Request) -> Result<Response, Problem> {
    if is_form(request.headers()) {
        return form::receive(&api, &origin, request).await;
    }
    // Its body is not looked at: `creation-with-upload` is not spoken.
    let (parts, _) = request.into_parts();
    Ok(by_tus(announce(&api, &origin, parts).await))
}

async fn announce(api: &Shared, origin: &Origin, parts: Parts) -> Result<Response, Problem> {
    let headers = &parts.headers;
    speaks_tus(headers)?;
    let hand = hand(api, origin, &parts).await?;
    let length = number(headers, &UPLOAD_LENGTH)?.ok_or_else(|| missing("Upload-Length"))?;
    let metadata = headers.get(UPLOAD_METADATA).ok_or_else(|| missing("Upload-Metadata"))?;
    let said = metadata::read(metadata.to_str().unwrap_or_default(), length)?;
    let progress = uploads::announce(&api.service, &hand, said).await?;
    let mut response = with_expiry(StatusCode::CREATED, &progress);
    let location = HeaderValue::try_from(format!("/video/upload/{}", progress.upload.id));
    response.headers_mut().insert(header::LOCATION, location.expect("an id is a header value"));
    Ok(response)
}

/// How much of an upload is there.
pub async fn head(State(api): State<Shared>, origin: Origin, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let found = async {
        speaks_tus(&parts.headers)?;
        let hand = hand(&api, &origin, &parts).await?;
        let progress = uploads::find(&api.service, &hand, upload_id(&api, &mut parts).await?).await?;
        let mut response = with_expiry(StatusCode::OK, &progress);
        response.headers_mut().insert(UPLOAD_LENGTH, progress.upload.length_bytes.into());
        Ok(response)
    };
    by_tus(found.await)
}

/// A piece of an upload.
pub async fn patch(State(api): State<Shared>, origin: Origin, request: Request) -> Response {
    by_tus(receive(&api, &origin, request).await)
}

async fn receive(api: &Shared, origin: &Origin, request: Request) -> Result<Response, Problem> {
    let (mut parts, body) = request.into_parts();
    let headers = &parts.headers;
    speaks_tus(headers)?;
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if kind != "application/offset+octet-stream" {
        return Err(
            Problem::of(Kind::UnsupportedType).saying("请以 Content-Type: application/offset+octet-stream 发送")
        );
    }
    let offset = number(headers, &UPLOAD_OFFSET)?.ok_or_else(|| missing("Upload-Offset"))?;
    let mut checksum = match headers.get(UPLOAD_CHECKSUM) {
        Some(value) => Some(Checksum::read(value.to_str().unwrap_or_default())?),
        None => None,
    };
    let hand = hand(api, origin, &parts).await?;
    let id = upload_id(api, &mut parts).await?;
    let mut piece = uploads::receive(&api.service, &hand, id, offset).await?;
    let mut come = body.into_data_stream();
    let mut broken = None;
    while let Some(bytes) = next(&mut come).await {
        let added = match bytes {
            Ok(bytes) => {
                if let Some(checksum) = &mut checksum {
                    checksum.update(&bytes);
                }
                piece.add(&bytes).await.map_err(Problem::from)
            }
            Err(problem) => Err(problem),
        };
        if let Err(problem) = added {
            broken = Some(problem);
            break;
        }
    }
    match (broken, checksum) {
        // What came before the line broke is worth keeping, unless it was to be checked as a whole.
        (Some(problem), None) => {
            piece.keep(&api.service).await?;
            Err(problem)
        }
        (Some(problem), Some(_)) => {
            piece.take_back().await?;
            Err(problem)
        }
        (None, checksum) => {
            if checksum.is_some_and(|checksum| !checksum.holds()) {
                piece.take_back().await?;
                return Err(Error::from(Refused::WrongHash).into());
            }
            Ok(with_expiry(StatusCode::NO_CONTENT, &piece.keep(&api.service).await?))
        }
    }
}

/// The next bytes of a body; an error when they do not come in time.
pub(super) async fn next(
    come: &mut (impl StreamExt<Item = Result<bytes::Bytes, axum::Error>> + Unpin),
) -> Option<Result<bytes::Bytes, Problem>> {
    match tokio::time::timeout(PATIENCE, come.next()).await {
        Ok(Some(Ok(bytes))) => Some(Ok(bytes)),
        Ok(Some(Err(_))) => Some(Err(Error::from(Refused::Interrupted).into())),
        Ok(None) => None,
        Err(_) => Some(Err(Problem::of(Kind::TooSlow))),
    }
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    kind.trim_start().to_ascii_lowercase().starts_with("multipart/form-data")
}

async fn hand(api: &Shared, origin: &Origin, parts: &Parts) -> Result<Hand, Problem> {
    let query = parts.uri.query().unwrap_or_default();
    Ok(page(api, origin, &parts.method, &parts.headers, query).await?.hand)
}

async fn upload_id(api: &Shared, parts: &mut Parts) -> Result<UploadId, Problem> {
    let Segments(id) = Segments::<String>::from_request_parts(parts, api).await?;
    Ok(id.parse().map_err(|_| Error::Missing(Noun::Upload))?)
}

fn speaks_tus(headers: &HeaderMap) -> Result<(), Problem> {
    if headers.get(TUS_RESUMABLE) == Some(&VERSION) {
        Ok(())
    } else {
        Err(Problem::of(Kind::Malformed).saying(OTHER_VERSION))
    }
}

fn number(headers: &HeaderMap, name: &HeaderName) -> Result<Option<u64>, Problem> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let digits = value.to_str().ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()));
    match digits.and_then(|digits| digits.parse().ok()) {
        Some(number) => Ok(Some(number)),
        None => Err(Error::Invalid(format!("{name}:应为非负整数")).into()),
    }
}

fn missing(name: &str) -> Problem {
    Error::Invalid(format!("{name}:必填")).into()
}

fn with_expiry(status: StatusCode, progress: &Progress) -> Response {
    let mut response = status.into_response();
    let headers = response.headers_mut();
    headers.insert(UPLOAD_OFFSET, progress.offset.into());
    if progress.upload.finished_at.is_none() {
        headers.insert(UPLOAD_EXPIRES, http_date(progress.upload.ends_at));
    }
    response
}

fn http_date(at: OffsetDateTime) -> HeaderValue {
    let text = at.to_offset(time::UtcOffset::UTC).format(HTTP_DATE).expect("a moment of our time can be written");
    HeaderValue::try_from(text).expect("a date is a header value")
}

/// An answer as tus wants it: every one names the version, and a refusal has its status.
fn by_tus(outcome: Result<Response, Problem>) -> Response {
    let mut response = match outcome {
        Ok(response) => response,
        Err(problem) => refused(problem.into_response()),
    };
    response.headers_mut().insert(TUS_RESUMABLE, VERSION);
    response
}

/// A refusal said with its status, so that the edge need not say it anew.
fn refused(mut problem: Response) -> Response {
    let extensions = problem.extensions_mut();
    let (refusal, inner, until) =
        (extensions.remove::<Refusal>(), extensions.remove::<Inner>(), extensions.remove::<Until>());
    let Some(refusal) = refusal else { return problem };
    let kind = refusal.kind;
    let status = if kind == Kind::WrongHash {
        StatusCode::from_u16(CHECKSUM_MISMATCH).unwrap_or(kind.status())
    } else if kind == Kind::Malformed && refusal.sentence == OTHER_VERSION {
        StatusCode::PRECONDITION_FAILED
    } else {
        kind.status()
    };
    let mut response = said(status, codes::of(kind), &sentence(&refusal), serde_json::json!({}));
    if status == StatusCode::PRECONDITION_FAILED {
        response.headers_mut().insert("tus-version", VERSION);
    }
    if let Some(inner) = inner {
        response.extensions_mut().insert(inner);
    }
    if let Some(until) = until {
        response.extensions_mut().insert(until);
    }
    response
}
