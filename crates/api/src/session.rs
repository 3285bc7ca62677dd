//! The session's cookie: set by the server, read by no script.

use axum::http::{HeaderMap, HeaderValue, header};
use mingjian_domain::secret::Secret;
use mingjian_domain::user::Session;

const COOKIE: &str = "mingjian_session";

/// The token of the session's cookie, if the request carries one.
#[must_use]
pub fn session_token(headers: &HeaderMap) -> Option<&str> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(name, value)| (name == COOKIE).then_some(value))
}

/// `Set-Cookie` for a new session. `secure` when the caller speaks HTTPS: over plain HTTP a browser would refuse it.
pub(crate) fn set_cookie(token: &Secret, secure: bool) -> HeaderValue {
    cookie(token.expose(), Session::LIFETIME.whole_seconds(), secure)
}

/// `Set-Cookie` that takes it away.
pub(crate) fn clear_cookie(secure: bool) -> HeaderValue {
    cookie("", 0, secure)
}

fn cookie(value: &str, max_age_s: i64, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{COOKIE}={value}; Path=/; Max-Age={max_age_s}; HttpOnly; SameSite=Lax{secure}");
    let mut value = HeaderValue::try_from(text).expect("a token is made of hex digits");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(cookies: &'static str) -> Option<String> {
        let headers = HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))]);
        session_token(&headers).map(str::to_owned)
    }

    #[test]
    fn the_cookie_is_found_among_others() {
        assert_eq!(token("a=b; mingjian_session=beef; c=d").as_deref(), Some("beef"));
        assert_eq!(token("xmingjian_session=beef"), None);
        assert_eq!(token(""), None);
    }

    #[test]
    fn only_https_makes_it_secure() {
        let secret = Secret::new("beef".into());
        let plain = set_cookie(&secret, false);
        assert_eq!(plain, "mingjian_session=beef; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax");
        assert!(set_cookie(&secret, true).to_str().expect("text").ends_with("; Secure"));
    }
}
