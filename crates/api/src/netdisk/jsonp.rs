//! JSON, and JSONP for old pages: `callback(…);` in a script.
//!
//! The name of the function is the caller's and stands in our script, so it is held to letters, digits, `_`, `$` and `.`; one
//! that is anything else is not repeated. A comment goes first, so that no bytes of the caller's choice begin the answer, and
//! the two separators of lines that JSON allows and old JavaScript does not are escaped.

use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::Error;

use super::view::Envelope;
use super::words::Words;

/// Longer names are no names.
const LONGEST_NAME: usize = 64;

/// The callback that a page asked for; none where it asked for none, and where its name is none.
pub(super) fn name(method: &Method, uri: &Uri) -> Option<String> {
    if *method != Method::GET {
        return None;
    }
    let words = Words::of_query(uri.query().unwrap_or_default()).ok()?;
    of(&words).ok().flatten()
}

/// The callback among the words.
///
/// # Errors
/// [`Error::Invalid`] for a name that is none.
pub(super) fn of(words: &Words) -> Result<Option<String>, Error> {
    let Some(name) = words.text("callback") else { return Ok(None) };
    let plain = name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_$.".contains(&byte));
    if plain && name.len() <= LONGEST_NAME {
        return Ok(Some(name.to_owned()));
    }
    Err(Error::Invalid("callback 只能由字母、数字、_、$ 和 . 组成，最多 64 个字符".to_owned()))
}

/// The answer, always with HTTP 200.
pub(super) fn said(envelope: &Envelope, callback: Option<&str>) -> Response {
    let json = serde_json::to_string(envelope).unwrap_or_else(|_| r#"{"RspCode":"5"}"#.to_owned());
    let (kind, text) = match callback {
        None => ("application/json;charset=UTF-8", json),
        Some(name) => {
            let json = json.replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029");
            ("application/javascript;charset=UTF-8", format!("/**/{name}({json});"))
        }
    };
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "no-store")];
    let mut response = (StatusCode::OK, headers, text).into_response();
    if callback.is_some() {
        // A script of ours is meant to be loaded by pages of others.
        let anywhere = HeaderValue::from_static("cross-origin");
        response.headers_mut().insert("cross-origin-resource-policy", anywhere);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(query: &str) -> Option<String> {
        name(&Method::GET, &format!("/CLOUDROOM-API/netDisk/query?{query}").parse().expect("a path"))
    }

    #[test]
    fn a_name_is_made_of_plain_letters() {
        assert_eq!(named("callback=jQuery331_1700000000000").as_deref(), Some("jQuery331_1700000000000"));
        assert_eq!(named("a=1&CallBack=app.on%24"), Some("app.on$".to_owned()));
        for evil in ["alert(1)//", "a%0Ab", "a;b", "%3Cscript%3E", "a%28", "a%20b", "%E5%90%8D", "a-b", "a[0]"] {
            assert_eq!(named(&format!("callback={evil}")), None, "{evil}");
        }
        assert!(named(&format!("callback={}", "a".repeat(64))).is_some());
        assert_eq!(named(&format!("callback={}", "a".repeat(65))), None);
        let path = "/CLOUDROOM-API/netDisk/query?callback=cb".parse().expect("a path");
        assert_eq!(name(&Method::POST, &path), None, "a POST is answered in JSON");
    }
}
