//! Signed links: `/d/{recording}/{part}?e=…&k=…&s=…`. The signature is looked at before anything else.

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun};
use mingjian_service::playback::{self, Fetched, Playable, Playlist, TrackFile};

use crate::Shared;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::params::Segments;
use crate::problems::{Kind, Problem};
use crate::ranges::{Wanted, wanted};

/// A file that is opened as a page of its own may show itself and do nothing else.
pub(crate) const SANDBOX: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
);

/// A playlist or a track file.
///
/// # Errors
/// A bad link when the signature is not ours, expired after its time, missing when the file is gone, a range that is not in the file.
pub async fn fetch(
    State(api): State<Shared>,
    origin: Origin,
    Segments((recording, part)): Segments<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    api.buckets.take(Whose::Downloader(origin.address.into()), api.service.now())?;
    let expires_at = match api.service.check_link(uri.path(), uri.query().unwrap_or_default()) {
        Err(Error::Denied(_)) => return Err(Problem::of(Kind::BadLink)),
        checked => checked?,
    };
    let playable = Playable::parse(&recording, &part)?;
    let fetched = playback::fetch(&api.service, &playable, expires_at, &origin.address.to_string()).await?;
    match fetched {
        Fetched::Playlist(playlist) => Ok(send_playlist(playlist)),
        Fetched::File(file) => send_file(&api, &file, &part, &method, &headers).await,
    }
}

fn send_playlist(playlist: Playlist) -> Response {
    let kind = (header::CONTENT_TYPE, "application/vnd.apple.mpegurl");
    ([kind, (header::CACHE_CONTROL, "no-store")], playlist.text).into_response()
}

async fn send_file(
    api: &Shared,
    file: &TrackFile,
    name: &str,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let etag = file.sha256.map(|sha256| format!("\"{}\"", hex::encode(sha256)));
    // A file that grows has no tag: what was fetched of it stays right, but the whole is never the same twice.
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
        Body::from_stream(stream.ok_or(Error::Missing(Noun::Recording))?)
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static("video/mp4"));
    out.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    // The name is made of ids and times: whoever sees it in a folder of downloads learns nothing about a person.
    out.insert(header::CONTENT_DISPOSITION, value(format!("inline; filename=\"{name}\"")));
    if status == StatusCode::PARTIAL_CONTENT {
        out.insert(
            header::CONTENT_RANGE,
            value(format!("bytes {}-{}/{}", range.start, range.end - 1, file.size_bytes)),
        );
    }
    if let Some(etag) = etag {
        out.insert(header::ETAG, value(etag));
    }
    Ok(response)
}

fn value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("ids, digits and punctuation are a header value")
}
