//! `Content-Disposition` (RFC 6266): whether a file is shown or kept, and what it is called there. The name is in the answer alone,
//! never in the address.

use axum::http::{HeaderValue, header};
use axum::response::Response;
use mingjian_domain::file::MediaType;

/// A file that is opened as a page of its own may show itself and do nothing else.
pub(crate) const SANDBOX: HeaderValue = HeaderValue::from_static(
    "sandbox; default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'",
);

/// How a file is to be handed out: what could do harm on our origin is never shown there.
pub(crate) fn dress(response: &mut Response, media_type: MediaType, name: &str) {
    let kind = if media_type.is_shown() { "inline" } else { "attachment" };
    let value = format!("{kind}; filename=\"{}\"; filename*=UTF-8''{}", plain(name), encoded(name));
    let headers = response.headers_mut();
    let value = HeaderValue::try_from(value).expect("plain letters and percent signs are a header value");
    headers.insert(header::CONTENT_DISPOSITION, value);
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(media_type.name()));
    headers.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
}

/// For clients that know no other than ASCII.
fn plain(name: &str) -> String {
    let safe = |letter: char| letter.is_ascii_graphic() && !matches!(letter, '"' | '\\' | '%' | '/') || letter == ' ';
    name.chars().map(|letter| if safe(letter) { letter } else { '_' }).collect()
}

/// `attr-char` as they are, everything else as bytes in hex (RFC 8187 section 3.2.1).
pub(crate) fn encoded(name: &str) -> String {
    let mut text = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"!#$&+-.^_`|~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push_str(&hex::encode_upper([byte]));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    fn disposition(media_type: MediaType, name: &str) -> String {
        let mut response = Response::new(Body::empty());
        dress(&mut response, media_type, name);
        response.headers()[header::CONTENT_DISPOSITION].to_str().expect("text").to_owned()
    }

    #[test]
    fn a_name_of_any_letters_is_said_twice() {
        assert_eq!(
            disposition(MediaType::MP4, "面签 1.mp4"),
            "inline; filename=\"__ 1.mp4\"; filename*=UTF-8''%E9%9D%A2%E7%AD%BE%201.mp4"
        );
    }

    #[test]
    fn a_name_cannot_break_out_of_its_quotes() {
        let told = disposition(MediaType::UNKNOWN, "a\".html; x=\"%\\\u{202e}");
        assert_eq!(
            told,
            "attachment; filename=\"a_.html; x=____\"; filename*=UTF-8''a%22.html%3B%20x%3D%22%25%5C%E2%80%AE"
        );
    }
}
