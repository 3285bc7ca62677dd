//! A file of the archive on its way out: whole or a range of it, to be saved or to be shown.
//!
//! What callers filed is foreign content on our own origin. Only what its content shows to be a picture (no SVG), PDF, sound or film is
//! ever opened; everything else is handed out as bytes to be saved. And what is opened may do nothing but show itself.

use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::response::Response;
use mingjian_domain::archive::files::ArchiveFile;
use mingjian_domain::archive::sniff::may_be_shown;
use mingjian_domain::error::Noun;

use crate::Api;
use crate::disposition::encoded;
use crate::problems::Problem;
use crate::sending::{Outgoing, send};

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
    let sha256 = Some(file.sha256);
    let outgoing = Outgoing { key: &file.key, size_bytes: file.size_bytes, sha256, noun: Noun::File };
    let mut response = send(api, &outgoing, method, headers).await?;
    if response.status().is_success() {
        let shown = may_be_shown(&file.content_type);
        let content_type = if shown { file.content_type.as_str() } else { "application/octet-stream" };
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, value(content_type.to_owned()));
        out.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
        out.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        out.insert(header::CONTENT_DISPOSITION, value(disposition(&file.name, preview && shown)));
    }
    Ok(response)
}

fn value(text: String) -> HeaderValue {
    HeaderValue::try_from(text).expect("types, letters in ASCII and percent signs are a header value")
}

/// `Content-Disposition` (RFC 6266). The programs of the archive's callers are old: some end a name at a space, so the one in ASCII has
/// none.
fn disposition(name: &str, inline: bool) -> String {
    let kind = if inline { "inline" } else { "attachment" };
    let letter = |letter: char| letter.is_ascii_graphic() && !matches!(letter, '"' | '\\' | '%');
    let plain: String = name.chars().map(|one| if letter(one) { one } else { '_' }).collect();
    format!("{kind}; filename=\"{plain}\"; filename*=UTF-8''{}", encoded(name))
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
