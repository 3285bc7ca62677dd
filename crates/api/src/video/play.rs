//! `GET /video/play/{id}`: the file of a take, whole or in ranges. For the page with its session, for whoever holds a signed
//! link (`e`, `k`, `s`, as under `/d/`), and for the business system by its signature, in which the id counts as `id`.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Denied, Error, Noun};
use mingjian_domain::id::TakeId;
use mingjian_domain::take::Operator;
use mingjian_service::counter::Hand;
use mingjian_service::counter::play::{self, Playable, Viewer};

use super::caller::{page, system};
use super::params::Parameters;
use crate::Shared;
use crate::disposition::SANDBOX;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::params::Segments;
use crate::problems::{Kind, Problem};
use crate::ranges::{Wanted, wanted};

/// The file.
///
/// # Errors
/// Missing, also when it is not the caller's to see; not whole yet; no or wrong proof of the caller; a range outside.
pub async fn fetch(
    State(api): State<Shared>,
    origin: Origin,
    Segments(id): Segments<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let viewer = viewer(&api, &origin, &method, &uri, &headers, parameters.and("id", &id)).await?;
    let take: TakeId = id.parse().map_err(|_| Error::Missing(Noun::Take))?;
    let file = play::open(&api.service, &viewer, take).await?;
    let suffix = if file.content_type == "video/webm" { "webm" } else { "mp4" };
    let name = format!("{take}.{suffix}");
    send(&api, &file, &name, &method, &headers).await
}

/// The file or a part of it (RFC 9110 section 14).
async fn send(
    api: &Shared,
    file: &Playable,
    name: &str,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let etag = file.sha256.map(|sha256| format!("\"{}\"", hex::encode(sha256)));
    let unchanged = text(header::IF_RANGE).is_none_or(|named| etag.as_deref() == Some(named));
    let (status, range) = match wanted(text(header::RANGE), unchanged, file.size_bytes) {
        Wanted::Whole => (StatusCode::OK, 0..file.size_bytes),
        Wanted::Part(range) => (StatusCode::PARTIAL_CONTENT, range),
        Wanted::Nothing => {
            let mut response = Problem::of(Kind::RangeNotSatisfiable).into_response();
            response.headers_mut().insert(header::CONTENT_RANGE, value(format!("bytes */{}", file.size_bytes)));
            return Ok(response);
        }
    };
    let body = if *method == Method::HEAD {
        Body::empty()
    } else {
        let stream = api.service.objects.stream(&file.key, range.clone()).await?;
        Body::from_stream(stream.ok_or(Error::Missing(Noun::Take))?)
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, value(file.content_type.clone()));
    out.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    out.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    // Made of the id: whoever sees it in a folder of downloads learns nothing about a person.
    out.insert(header::CONTENT_DISPOSITION, value(format!("inline; filename=\"{name}\"")));
    if status == StatusCode::PARTIAL_CONTENT {
        let part = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size_bytes);
        out.insert(header::CONTENT_RANGE, value(part));
    }
    if let Some(etag) = etag {
        out.insert(header::ETAG, value(etag));
    }
    Ok(response)
}

fn value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("ids, digits and punctuation are a header value")
}

async fn viewer(
    api: &Shared,
    origin: &Origin,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    parameters: Parameters,
) -> Result<Viewer, Problem> {
    let query = uri.query().unwrap_or_default();
    if parameters.one("s")?.is_some() {
        api.buckets.take(Whose::Downloader(origin.address.into()), api.service.now())?;
        return match api.service.check_link(uri.path(), query) {
            Ok(expires_at) => Ok(Viewer::Link { expires_at, address: origin.address.to_string() }),
            Err(Error::Denied(Denied::NotEntitled)) => Err(Problem::of(Kind::BadLink)),
            Err(error) => Err(error.into()),
        };
    }
    if parameters.one("tenantId")?.is_some() {
        let caller = system(api, origin, &parameters, None).await?;
        let hand = Hand::System { caller, operator: Operator::default() };
        return Ok(Viewer::Hand(Box::new(hand)));
    }
    Ok(Viewer::Hand(Box::new(page(api, origin, method, headers, query).await?.hand)))
}
