//! Takes out of a body what nobody may read in a log: secrets and contents by their names, numbers of people by their looks.

use axum::http::Uri;
use serde_json::Value;

use super::LARGEST_BODY;

const MASK: &str = "••••";
/// A name that contains one of these, in lower case without `-` and `_`, has a value that is not shown.
const SECRET: [&str; 21] = [
    "secret",
    "pswd",
    "passwd",
    "password",
    "pwd",
    "auth",
    "token",
    "sign",
    "base64",
    "apikey",
    "accesskey",
    "cookie",
    "csrf",
    "idno",
    "identityno",
    "certno",
    "idcard",
    "mobile",
    "phone",
    "customername",
    "orderlist",
];
/// Digits in a row that may be a mobile number, a bank card or an identity number.
const NUMBER: std::ops::RangeInclusive<usize> = 11..=19;

fn is_secret(name: &str) -> bool {
    let plain: String = name.chars().filter(char::is_ascii_alphanumeric).collect::<String>().to_ascii_lowercase();
    // `signed_at` is no signature, but masking one too many does no harm.
    SECRET.iter().any(|word| plain.contains(word))
        || matches!(plain.as_str(), "tel" | "s" | "hostpin" | "guestpin" | "pin")
}

/// A body, masked; none when it is empty, too long to have been kept whole, or not readable.
pub(super) fn body(bytes: &[u8]) -> Option<String> {
    if bytes.is_empty() || bytes.len() > LARGEST_BODY {
        return None;
    }
    if let Ok(mut value) = serde_json::from_slice::<Value>(bytes) {
        mask(&mut value);
        return Some(value.to_string());
    }
    let text = std::str::from_utf8(bytes).ok()?;
    // What looks like broken JSON might hold anything anywhere.
    text.contains('=').then(|| form(text)).filter(|_| !text.contains('{'))
}

/// Path and query of an address, masked. The double recording's queries hold people's names in lists of their own grammar:
/// they are not shown at all.
pub(super) fn address(uri: &Uri) -> String {
    match uri.query().filter(|_| !uri.path().starts_with("/video/")) {
        Some(query) => format!("{}?{}", numbers(uri.path()), form(query)),
        None => numbers(uri.path()),
    }
}

fn form(text: &str) -> String {
    let pair = |pair: &str| match pair.split_once('=') {
        Some((name, value)) if !is_secret(name) => format!("{name}={}", numbers(value)),
        Some((name, _)) => format!("{name}={MASK}"),
        None => numbers(pair),
    };
    text.split('&').map(pair).collect::<Vec<_>>().join("&")
}

fn mask(value: &mut Value) {
    match value {
        Value::Object(map) => {
            for (name, value) in map.iter_mut() {
                if is_secret(name) && !value.is_null() && !value.is_boolean() {
                    *value = MASK.into();
                } else {
                    mask(value);
                }
            }
        }
        Value::Array(items) => items.iter_mut().for_each(mask),
        Value::String(text) => *text = numbers(text),
        Value::Number(number) if NUMBER.contains(&number.to_string().len()) => {
            *value = numbers(&number.to_string()).into();
        }
        Value::Number(_) | Value::Null | Value::Bool(_) => {}
    }
}

/// A text with the middles of long rows of digits masked. The pieces of a UUID or a hash are none: letters touch them.
fn numbers(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut word = String::new();
    for letter in text.chars().map(Some).chain([None]) {
        match letter.filter(char::is_ascii_alphanumeric) {
            Some(letter) => word.push(letter),
            None => {
                out.push_str(&shown(&word));
                word.clear();
                out.extend(letter);
            }
        }
    }
    out
}

/// An identity number may end in X.
fn shown(word: &str) -> String {
    let digits = word.strip_suffix(['X', 'x']).unwrap_or(word);
    if NUMBER.contains(&word.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        format!("{}{MASK}{}", &word[..3], &word[word.len() - 2..])
    } else {
        word.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_go_by_their_names_in_any_spelling() {
        let text = r#"{"SecretKey":"a","UserPswd":"b","auth":"c","Authorization":"d","password":"e","access_token":"f",
            "signature":"g","base64Data":"h","idNo":"i","id_no":"j","mobile":1,"nested":[{"CompSecret":"k"}],"fine":"z"}"#;
        let masked = body(text.as_bytes()).expect("JSON");
        for secret in "abcdefghijk".chars() {
            assert!(!masked.contains(&format!("\"{secret}\"")), "{secret}: {masked}");
        }
        assert!(masked.contains(r#""fine":"z""#) && !masked.contains(":1"), "{masked}");
    }

    #[test]
    fn numbers_of_people_go_wherever_they_stand() {
        let masked = body(r#"{"remark":"张三 11010519491231002X,13800000000","n":6222020200112233445}"#.as_bytes());
        assert_eq!(masked.as_deref(), Some(r#"{"n":"622••••45","remark":"张三 110••••2X,138••••00"}"#));
        let kept = r#"{"at":"2026-11-23T12:00:00Z","id":"0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77","no":"A3239239"}"#;
        assert_eq!(body(kept.as_bytes()).as_deref(), Some(kept));
    }

    #[test]
    fn forms_and_queries_are_masked_likewise() {
        let uri: Uri =
            "/meeting/getRecords?tenantId=1&signature=abc&phone=13800000000&x=13800000000".parse().expect("a URI");
        assert_eq!(address(&uri), "/meeting/getRecords?tenantId=1&signature=••••&phone=••••&x=138••••00");
        let people: Uri = "/video/redirect?orderList=%E5%BC%A0%E4%B8%89_3402825_x_A1".parse().expect("a URI");
        assert_eq!(address(&people), "/video/redirect", "a list of people goes whole");
        assert_eq!(body(b"grant_type=password&password=abc").as_deref(), Some("grant_type=password&password=••••"));
    }

    #[test]
    fn what_cannot_be_read_is_not_kept() {
        assert_eq!(body(b""), None);
        assert_eq!(body(br#"{"password":"abc"#), None);
        assert_eq!(body(&vec![b'1'; LARGEST_BODY + 1]), None);
        assert_eq!(body(&[0xff, 0xfe]), None);
    }
}
