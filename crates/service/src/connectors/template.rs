//! Templates with holes: what may stand in one, and how a value is put into it so that it stays a value.
//!
//! A value never becomes structure: in a URL it is percent-encoded down to the unreserved characters of RFC 3986 section 2.3,
//! in a form as well, and JSON is filled after it was parsed, text by text.

use std::fmt::Write as _;

use mingjian_domain::connector::BodyTemplate;
use mingjian_domain::error::{Error, Result};
use serde_json::Value;

/// Values by the name of their hole.
pub type Values<'a> = [(&'a str, &'a str)];

/// Finds `{name}` where the name is of letters, digits and `_`; other braces are themselves.
fn pieces(template: &str) -> Vec<Piece<'_>> {
    let mut pieces = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let inner = &rest[open + 1..];
        let length = inner.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'_').count();
        if length > 0 && inner[length..].starts_with('}') {
            pieces.push(Piece::Text(&rest[..open]));
            pieces.push(Piece::Hole(&inner[..length]));
            rest = &inner[length + 1..];
        } else {
            pieces.push(Piece::Text(&rest[..=open]));
            rest = inner;
        }
    }
    pieces.push(Piece::Text(rest));
    pieces
}

enum Piece<'t> {
    Text(&'t str),
    Hole(&'t str),
}

/// Checks that a template has no other holes than these.
///
/// # Errors
/// [`Error::Invalid`] naming the field and the hole.
pub fn check_holes(template: &str, holes: &[&str], field: &str) -> Result<()> {
    for piece in pieces(template) {
        if let Piece::Hole(name) = piece
            && !holes.contains(&name)
        {
            let known: Vec<_> = holes.iter().map(|hole| format!("{{{hole}}}")).collect();
            return Err(Error::Invalid(format!("{field}:没有占位符 {{{name}}}，可用的有 {}", known.join("、"))));
        }
    }
    Ok(())
}

/// Fills a template, each value encoded.
pub fn fill(template: &str, values: &Values<'_>, encode: fn(&str) -> String) -> String {
    let mut text = String::with_capacity(template.len());
    for piece in pieces(template) {
        match piece {
            Piece::Text(piece) => text.push_str(piece),
            Piece::Hole(name) => {
                let value = values.iter().find(|(known, _)| *known == name).map_or("", |(_, value)| value);
                text.push_str(&encode(value));
            }
        }
    }
    text
}

/// A value as it is.
pub fn plain(value: &str) -> String {
    value.to_owned()
}

/// A value percent-encoded down to the unreserved characters.
pub fn percent(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            write!(text, "%{byte:02X}").expect("writing to a string does not fail");
        }
    }
    text
}

/// Checks a URL's template: absolute, with holes behind the host alone.
///
/// # Errors
/// [`Error::Invalid`] saying what is wanted.
pub fn check_url(template: &str, holes: &[&str]) -> Result<()> {
    let invalid = |wanted: &str| Err(Error::Invalid(format!("url:{wanted}")));
    if template.len() > 1024 || template.chars().any(|letter| !letter.is_ascii_graphic() || letter == '\\') {
        return invalid("应为 1024 个字符以内的网址，其中的汉字和空格请先编码");
    }
    let rest = template.strip_prefix("https://").or_else(|| template.strip_prefix("http://"));
    let Some(rest) = rest else { return invalid("应以 https:// 开头") };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.is_empty() || host.contains(['{', '}', '@']) {
        return invalid("主机名中不能有占位符、账号和密码");
    }
    if rest.contains('#') {
        return invalid("不能含有 #");
    }
    check_holes(template, holes, "url")?;
    refuse_dots(template)
}

/// A segment of dots leads up the path: neither a template nor what is put into it may hold one.
fn refuse_dots(url: &str) -> Result<()> {
    let path = url.split('?').next().unwrap_or_default();
    let dots = |segment: &str| matches!(segment.to_ascii_lowercase().replace("%2e", ".").as_str(), "." | "..");
    if path.split('/').any(dots) { Err(Error::Invalid("url:路径中不能有 . 和 ..".into())) } else { Ok(()) }
}

/// Fills a URL's template.
///
/// # Errors
/// [`Error::Invalid`] when a value would lead up the path.
pub fn fill_url(template: &str, values: &Values<'_>) -> Result<String> {
    let url = fill(template, values, percent);
    refuse_dots(&url)?;
    Ok(url)
}

/// Checks a body's template.
///
/// # Errors
/// [`Error::Invalid`] saying what is wanted.
pub fn check_body(body: &BodyTemplate, holes: &[&str]) -> Result<()> {
    match body {
        BodyTemplate::None => Ok(()),
        BodyTemplate::Json(template) => {
            let value: Value = serde_json::from_str(template)
                .map_err(|error| Error::Invalid(format!("body.template:不是有效的 JSON（第 {} 行）", error.line())))?;
            check_json(&value, holes)
        }
        BodyTemplate::Form(template) => {
            for pair in template.split('&') {
                let Some((name, value)) = pair.split_once('=') else {
                    return Err(Error::Invalid("body.template:应为 名称=值，多项以 & 分隔".into()));
                };
                if name.contains(['{', '}']) {
                    return Err(Error::Invalid("body.template:名称中不能有占位符".into()));
                }
                check_holes(value, holes, "body.template")?;
            }
            Ok(())
        }
    }
}

fn check_json(value: &Value, holes: &[&str]) -> Result<()> {
    match value {
        Value::String(text) => check_holes(text, holes, "body.template"),
        Value::Array(items) => items.iter().try_for_each(|item| check_json(item, holes)),
        Value::Object(fields) => fields.values().try_for_each(|field| check_json(field, holes)),
        Value::Null | Value::Bool(_) | Value::Number(_) => Ok(()),
    }
}

/// Fills a body's template and names its type.
///
/// # Errors
/// [`Error::Invalid`] when the template is no JSON.
pub fn fill_body(body: &BodyTemplate, values: &Values<'_>) -> Result<Option<(&'static str, String)>> {
    Ok(match body {
        BodyTemplate::None => None,
        BodyTemplate::Json(template) => {
            let mut value: Value =
                serde_json::from_str(template).map_err(|_| Error::Invalid("body.template:不是有效的 JSON".into()))?;
            fill_json(&mut value, values);
            Some(("application/json", value.to_string()))
        }
        // The text between the holes is percent-encoded as the tenant wrote it.
        BodyTemplate::Form(template) => Some(("application/x-www-form-urlencoded", fill(template, values, percent))),
    })
}

fn fill_json(value: &mut Value, values: &Values<'_>) {
    match value {
        Value::String(text) => *text = fill(text, values, plain),
        Value::Array(items) => items.iter_mut().for_each(|item| fill_json(item, values)),
        Value::Object(fields) => fields.values_mut().for_each(|field| fill_json(field, values)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOLES: &[&str] = &["phone", "text"];

    #[test]
    fn a_value_in_a_url_stays_a_value() {
        check_url("https://sms.example/{phone}/send?text={text}", HOLES).expect("a good template");
        let values = [("phone", "1/../../admin?x=#@evil"), ("text", "张 & 三=%")];
        let url = fill_url("https://sms.example/{phone}/send?text={text}", &values).expect("nothing leads up");
        assert_eq!(
            url,
            "https://sms.example/1%2F..%2F..%2Fadmin%3Fx%3D%23%40evil/send?text=%E5%BC%A0%20%26%20%E4%B8%89%3D%25"
        );
        for dots in ["..", "."] {
            assert!(fill_url("https://sms.example/{phone}/send", &[("phone", dots)]).is_err(), "{dots}");
        }
        assert!(fill_url("https://sms.example/{phone}.{text}", &[("phone", ""), ("text", "")]).is_err());
    }

    #[test]
    fn no_value_reaches_scheme_or_host() {
        for template in [
            "{text}",
            "https://{text}/",
            "https://a.{text}.example/",
            "https://a.example:{phone}/",
            "https://{phone}@a.example/",
            "https://user:pass@a.example/",
            "https://a.example\\{text}",
            "https:///{text}",
            "//a.example/{text}",
            "ftp://a.example/{text}",
            "https://a.example/../{text}",
            "https://a.example/%2e%2E/{text}",
            "https://a.example/{other}",
            "https://a.example/x#{text}",
            "https://a.example/ {text}",
        ] {
            assert!(check_url(template, HOLES).is_err(), "{template}");
        }
        check_url("https://a.example", HOLES).expect("a URL without holes");
        check_url("https://a.example?to={phone}", HOLES).expect("a hole in the query");
    }

    #[test]
    fn a_value_in_json_stays_a_text() {
        let body = BodyTemplate::Json(r#"{"to":["{phone}"],"n":1,"msg":"您好{text}{"}"#.into());
        check_body(&body, HOLES).expect("a good template");
        let filled = fill_body(&body, &[("phone", "1\",\"2"), ("text", "\"}\n\\")]).expect("JSON").expect("a body");
        let json: Value = serde_json::from_str(&filled.1).expect("JSON");
        assert_eq!(json, serde_json::json!({"to": ["1\",\"2"], "n": 1, "msg": "您好\"}\n\\{"}));
        assert!(check_body(&BodyTemplate::Json("{\"a\":{phone}}".into()), HOLES).is_err());
        assert!(check_body(&BodyTemplate::Json("{\"a\":[\"{other}\"]}".into()), HOLES).is_err());
    }

    #[test]
    fn a_value_in_a_form_stays_a_value() {
        let body = BodyTemplate::Form("to={phone}&msg=a{text}".into());
        check_body(&body, HOLES).expect("a good template");
        let filled = fill_body(&body, &[("phone", "1&admin=1"), ("text", " =+")]).expect("a form").expect("a body");
        assert_eq!(filled, ("application/x-www-form-urlencoded", "to=1%26admin%3D1&msg=a%20%3D%2B".to_owned()));
        assert!(check_body(&BodyTemplate::Form("{phone}=1".into()), HOLES).is_err());
        assert!(check_body(&BodyTemplate::Form("to".into()), HOLES).is_err());
    }
}
