//! A file of the archive on its way out: whole or a range of it, to be saved or to be shown.
//!
//! What callers filed is foreign content on our own origin. Only what its content shows to be a picture (no SVG), PDF, sound or film is
//! ever opened; everything else is handed out as bytes to be saved. And what is opened may do nothing but show itself.

use std::fmt::Write as _;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::archive::files::ArchiveFile;
use mingjian_domain::archive::sniff::may_be_shown;
use mingjian_domain::error::{Error, Noun};

use crate::Api;
use crate::problems::{Kind, Problem};
use crate::ranges::{Wanted, wanted};

/// A file that is opened as a page of its own may show itself and do nothing else.
const SANDBOX: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; object-src 'self'; style-src 'unsafe-inline'; \
     frame-ancestors 'none'",
);

/// Sends a file. `preview` asks for it to be shown.
///
/// # Errors
/// Missing when its bytes are gone; a range that is not in the file.
pub(crate) async fn hand_out(
    api: &Api,
    file: &ArchiveFile,
    preview: bool,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let etag = format!("\"{}\"", hex::encode(file.sha256));
    let unchanged = text(header::IF_RANGE).is_none_or(|named| named == etag);
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
        Body::from_stream(stream.ok_or(Error::Missing(Noun::File))?)
    };
    let shown = may_be_shown(&file.content_type);
    let content_type = if shown { file.content_type.as_str() } else { "application/octet-stream" };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, value(content_type.to_owned()));
    out.insert(header::CONTENT_LENGTH, (range.end - range.start).into());
    out.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    out.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
    out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    out.insert(header::CONTENT_DISPOSITION, value(disposition(&file.name, preview && shown)));
    out.insert(header::ETAG, value(etag));
    if status == StatusCode::PARTIAL_CONTENT {
        let part = format!("bytes {}-{}/{}", range.start, range.end - 1, file.size_bytes);
        out.insert(header::CONTENT_RANGE, value(part));
    }
    Ok(response)
}

/// `Content-Disposition` (RFC 6266) with the name in ASCII for old programs and in UTF-8 (RFC 8187) for the others.
fn disposition(name: &str, inline: bool) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let plain: String = name
        .chars()
        .map(|letter| if letter.is_ascii_graphic() && !matches!(letter, '"' | '\\' | '%') { letter } else { '_' })
        .collect();
    let mut encoded = String::with_capacity(name.len() * 3);
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            encoded.push(byte.into());
        } else {
            write!(encoded, "%{byte:02X}").expect("writing to a string does not fail");
        }
    }
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{encoded}")
}

fn value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("what is put together here is ASCII without control characters")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_name_fits_into_a_header() {
        assert_eq!(
            disposition("正面 1.jpg", true),
            "inline; filename=\"___1.jpg\"; filename*=UTF-8''%E6%AD%A3%E9%9D%A2%201.jpg"
        );
        for name in ["\";evil=\"", "a\r\nSet-Cookie: x", "😀.pdf", "100%.txt"] {
            let text = disposition(name, false);
            assert!(HeaderValue::try_from(&text).is_ok(), "{text}");
            assert_eq!(text.matches('"').count(), 2, "{text}");
        }
    }
}
