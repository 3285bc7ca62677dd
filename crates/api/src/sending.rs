//! An object on its way out: streamed, whole or a range of it (RFC 9110 section 14), with a strong tag where its hash is known.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun};

use crate::Api;
use crate::problems::{Kind, Problem};
use crate::ranges::{Wanted, wanted};

/// What is sent.
pub(crate) struct Outgoing<'a> {
    /// Its key in the object store.
    pub(crate) key: &'a str,
    /// Its size.
    pub(crate) size_bytes: u64,
    /// Its SHA-256; none of what still grows: what was fetched of it stays right, but the whole is never the same twice.
    pub(crate) sha256: Option<[u8; 32]>,
    /// What is missing when its bytes are gone.
    pub(crate) noun: Noun,
}

/// Sends it. A range that is not in it is an answer as well (416), which is no success and needs no type and name.
///
/// # Errors
/// Missing when its bytes are gone.
pub(crate) async fn send(
    api: &Api,
    file: &Outgoing<'_>,
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
        let stream = api.service.objects.stream(file.key, range.clone()).await?;
        Body::from_stream(stream.ok_or(Error::Missing(file.noun))?)
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let out = response.headers_mut();
    out.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
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
