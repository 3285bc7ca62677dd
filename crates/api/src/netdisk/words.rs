//! What a caller sends, whatever it comes in: JSON, a form, a query, the parts of an upload. Keys in any case; texts in UTF-8,
//! and in GBK from old clients that know no better.

use std::collections::HashMap;

use axum::extract::{FromRequest, Request};
use axum::http::header;
use encoding_rs::GBK;
use mingjian_domain::error::Error;
use serde_json::Value;

use crate::fields::{PATIENCE, drain};
use crate::problems::{Kind, Problem};

/// The largest body that is no upload: names and numbers.
const LARGEST: usize = 64 * 1024;

/// Texts by key. Keys are in lower case; what is empty counts as absent.
#[derive(Debug, Default)]
pub(crate) struct Words(HashMap<String, String>);

/// The bytes behind percent signs; `+` is a space, as Java's `URLEncoder` writes it (WHATWG URL, section 5.1).
pub(super) fn unform(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text;
    while let Some((&first, tail)) = rest.split_first() {
        let digits = tail.first_chunk::<2>().filter(|digits| digits.iter().all(u8::is_ascii_hexdigit));
        rest = match (first, digits) {
            (b'%', Some(digits)) => {
                bytes.extend(std::str::from_utf8(digits).ok().and_then(|digits| u8::from_str_radix(digits, 16).ok()));
                &tail[2..]
            }
            (b'+', _) => {
                bytes.push(b' ');
                tail
            }
            (other, _) => {
                bytes.push(other);
                tail
            }
        };
    }
    bytes
}

/// A text from bytes that are UTF-8 or, failing that, GBK.
///
/// # Errors
/// [`Error::Invalid`] when they are neither.
pub(super) fn text_of(bytes: Vec<u8>) -> Result<String, Error> {
    match String::from_utf8(bytes) {
        Ok(text) => Ok(text),
        Err(other) => GBK
            .decode_without_bom_handling_and_without_replacement(other.as_bytes())
            .map(std::borrow::Cow::into_owned)
            .ok_or_else(|| Error::Invalid("参数既不是 UTF-8 也不是 GBK 编码，请检查编码".to_owned())),
    }
}

impl Words {
    /// Notes a word; of two with the same key the later one counts.
    pub(super) fn put(&mut self, key: &str, text: String) {
        self.0.insert(key.to_lowercase(), text);
    }

    /// The words of a query or a form.
    ///
    /// # Errors
    /// [`Error::Invalid`] for what is neither UTF-8 nor GBK.
    pub(super) fn of_query(query: &str) -> Result<Self, Error> {
        let mut words = Self::default();
        for pair in query.split('&').filter(|pair| !pair.is_empty()) {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            words.put(&text_of(unform(key.as_bytes()))?, text_of(unform(value.as_bytes()))?);
        }
        Ok(words)
    }

    /// The words of a JSON object.
    fn of_json(text: &str) -> Result<Self, Problem> {
        let wrong = |sentence: &str| Problem::of(Kind::Malformed).saying(sentence);
        let text = text.trim_start_matches('\u{feff}');
        let Ok(Value::Object(map)) = serde_json::from_str(text) else {
            return Err(wrong("请求体应为 JSON 对象，请检查格式"));
        };
        let mut words = Self::default();
        for (key, value) in map {
            match value {
                Value::Null => {}
                Value::String(text) => words.put(&key, text),
                Value::Number(number) => words.put(&key, number.to_string()),
                Value::Bool(flag) => words.put(&key, flag.to_string()),
                Value::Array(_) | Value::Object(_) => return Err(wrong("参数的值应为文字或数字")),
            }
        }
        Ok(words)
    }

    /// A word that may be absent.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.0.get(&key.to_lowercase()).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// A word that must be there.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not.
    pub(super) fn required(&self, key: &str) -> Result<&str, Error> {
        self.text(key).ok_or_else(|| Error::Invalid(format!("缺少 {key}")))
    }

    /// A whole number that may be absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not a number, or not one of 64 bits.
    pub(super) fn integer(&self, key: &str) -> Result<Option<i64>, Error> {
        let number = |text: &str| text.trim().parse().map_err(|_| Error::Invalid(format!("{key} 应为整数")));
        self.text(key).map(number).transpose()
    }
}

impl<S: Send + Sync> FromRequest<S> for Words {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        let kind = request.headers().get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
        let is_form =
            kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"));
        let mut bytes = Vec::new();
        let said = "请求体过大，请减小后重试";
        drain(request.into_body(), LARGEST, said, PATIENCE, |piece| bytes.extend_from_slice(piece)).await?;
        // Old clients send JSON under any type there is.
        let text = text_of(bytes)?;
        if is_form { Ok(Self::of_query(&text)?) } else { Self::of_json(&text) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_in_any_case_and_values_as_text_or_number() {
        let words = Words::of_json(r#"{"compid":1,"FILENAME":"/a.mp4","requestId":"r","PageSize":"20","x":null}"#)
            .expect("words");
        assert_eq!(words.integer("CompID").expect("a number"), Some(1));
        assert_eq!(words.text("FileName"), Some("/a.mp4"));
        assert_eq!(words.integer("pageSize").expect("a number"), Some(20));
        assert_eq!((words.text("X"), words.text("")), (None, None));
        for broken in ["", "[]", "1", "{\"a\":{}}", "{\"a\":[1]}", "{", "\"a\""] {
            assert!(Words::of_json(broken).is_err(), "{broken}");
        }
    }

    #[test]
    fn ids_of_64_bits_are_kept_whole_and_larger_ones_are_none() {
        let words = Words::of_json(r#"{"a":9223372036854775807,"b":9223372036854775808,"c":1.5,"d":"1e3","e":" 7 "}"#);
        let words = words.expect("words");
        assert_eq!(words.integer("a").expect("a number"), Some(i64::MAX));
        for key in ["b", "c", "d"] {
            assert!(words.integer(key).is_err(), "{key}");
        }
        assert_eq!(words.integer("e").expect("a number"), Some(7));
    }

    #[test]
    fn names_of_old_clients_are_read_as_gbk() {
        // 张三.mp4 in GBK.
        let name = b"\xd5\xc5\xc8\xfd.mp4".to_vec();
        assert_eq!(text_of(name.clone()).expect("a text"), "张三.mp4");
        assert_eq!(text_of("张三.mp4".into()).expect("a text"), "张三.mp4");
        assert!(text_of(vec![0xff, 0xff]).is_err());
        let words = Words::of_query("FileName=%d5%c5%c8%fd.mp4&DirPath=%2f%2f2018&n=a+b%2Bc%").expect("words");
        assert_eq!(words.text("filename"), Some("张三.mp4"));
        assert_eq!((words.text("dirpath"), words.text("n")), (Some("//2018"), Some("a b+c%")));
    }
}
