//! `ETag` and `If-Match` (RFC 9110 sections 8.8.3 and 13.1.1): strong tags, made of a [`Revision`].

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderName, HeaderValue, header};
use mingjian_service::revision::{Expected, Revision};

use crate::problems::{Kind, Problem};

/// The state of a resource that a change was made for.
pub struct IfMatch(pub Expected);

/// The header that names a state.
pub fn etag(revision: &Revision) -> (HeaderName, HeaderValue) {
    let value = HeaderValue::try_from(format!("\"{}\"", revision.as_str())).expect("hex digits are a header value");
    (header::ETAG, value)
}

impl<S: Send + Sync> FromRequestParts<S> for IfMatch {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let Some(value) = parts.headers.get(header::IF_MATCH) else { return Ok(Self(Expected::Anything)) };
        let read = value.to_str().ok().and_then(read);
        let wrong = || Problem::of(Kind::Malformed).saying("If-Match 应为读取时 ETag 头给出的值，连同引号");
        read.map(Self).ok_or_else(wrong)
    }
}

/// `*`, or tags in quotes with commas between them. Ours hold no comma; a weak one is never the same as a strong one.
fn read(text: &str) -> Option<Expected> {
    if text.trim() == "*" {
        return Some(Expected::Anything);
    }
    let mut tags = Vec::new();
    for tag in text.split(',').map(str::trim) {
        if tag.starts_with("W/") {
            continue;
        }
        let inner = tag.strip_prefix('"')?.strip_suffix('"')?;
        tags.push(inner.to_owned());
    }
    Some(Expected::OneOf(tags))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_read_as_the_rfc_writes_them() {
        let tags = |tags: &[&str]| Some(Expected::OneOf(tags.iter().map(|&tag| tag.to_owned()).collect()));
        assert_eq!(read("*"), Some(Expected::Anything));
        assert_eq!(read("\"abc\""), tags(&["abc"]));
        assert_eq!(read("\"abc\", \"def\" ,W/\"abc\""), tags(&["abc", "def"]));
        assert_eq!(read("W/\"abc\""), tags(&[]));
        assert_eq!(read("abc"), None);
        assert_eq!(read("\""), None);
    }
}
