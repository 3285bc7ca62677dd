//! The cookies of pages at the counter: one per visit, since an operator may have two customers in two tabs.

use axum::http::{HeaderMap, HeaderValue, header};
use mingjian_domain::counter::Visit;
use mingjian_domain::id::TicketId;
use mingjian_domain::secret::Secret;

/// In front of the visit's id.
const NAME: &str = "mingjian_counter_";
/// Further visits of one browser push the oldest out, so that the header stays small.
const MOST: usize = 6;

/// The visits of which the browser shows a cookie, with the token of each, the oldest first.
pub(super) fn tokens(headers: &HeaderMap) -> Vec<(TicketId, &str)> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    let pairs = cookies.flat_map(|cookies| cookies.split(';')).filter_map(|cookie| cookie.trim().split_once('='));
    let mut tokens: Vec<(TicketId, &str)> =
        pairs.filter_map(|(name, token)| Some((name.strip_prefix(NAME)?.parse().ok()?, token))).collect();
    // An id begins with its moment.
    tokens.sort_unstable();
    tokens
}

/// `Set-Cookie` for a new visit, and for those that it pushes out. `secure` when the caller speaks HTTPS.
pub(super) fn set(visit: TicketId, token: &Secret, secure: bool, headers: &HeaderMap) -> Vec<HeaderValue> {
    let there = tokens(headers);
    let over = (there.len() + 1).saturating_sub(MOST);
    let mut cookies = vec![cookie(visit, token.expose(), Visit::SESSION_LIFE.whole_seconds(), secure)];
    cookies.extend(there.into_iter().take(over).map(|(old, _)| cookie(old, "", 0, secure)));
    cookies
}

fn cookie(visit: TicketId, value: &str, max_age_s: i64, secure: bool) -> HeaderValue {
    let secure = if secure { "; Secure" } else { "" };
    let text = format!("{NAME}{visit}={value}; Path=/video; Max-Age={max_age_s}; HttpOnly; SameSite=Strict{secure}");
    let mut value = HeaderValue::try_from(text).expect("an id and a token are hex digits and hyphens");
    value.set_sensitive(true);
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u8) -> TicketId {
        format!("0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a{n:02x}").parse().expect("an id")
    }

    fn headers(count: u8) -> HeaderMap {
        let cookies: Vec<String> = (0..count).map(|n| format!("{NAME}{}=t{n}", id(n))).collect();
        let text = format!("other=1; {}; {NAME}nonsense=x", cookies.join("; "));
        HeaderMap::from_iter([(header::COOKIE, HeaderValue::try_from(text).expect("a header value"))])
    }

    #[test]
    fn the_cookies_of_visits_are_found_among_others() {
        let headers = headers(2);
        assert_eq!(tokens(&headers), [(id(0), "t0"), (id(1), "t1")]);
        assert!(tokens(&HeaderMap::new()).is_empty());
    }

    #[test]
    fn a_new_visit_pushes_the_oldest_out() {
        let set = |count| set(id(99), &Secret::new("beef".into()), false, &headers(count));
        assert_eq!(set(5).len(), 1);
        let cookies = set(6);
        assert_eq!(cookies.len(), 2);
        assert!(cookies[1].to_str().expect("text").starts_with(&format!("{NAME}{}=; ", id(0))));
        let text = cookies[0].to_str().expect("text");
        assert!(text.ends_with("; Path=/video; Max-Age=43200; HttpOnly; SameSite=Strict"), "{text}");
    }
}
