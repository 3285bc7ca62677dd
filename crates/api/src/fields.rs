//! A JSON body, read field by field: what is missing or of the wrong kind is told by its path, in Chinese.

use std::time::Duration;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use futures_util::StreamExt;
use mingjian_domain::error::{Error, Result};
use serde_json::{Map, Value};

use crate::problems::{Kind, Problem};

/// The largest JSON body: an order with everything takes some 40 KB.
pub(crate) const LARGEST: usize = 256 * 1024;
/// A photo of 3 MB in base64, with some to spare.
const WITH_PHOTO: usize = 5 * 1024 * 1024;
/// A body that has not come by then is given up.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// A JSON object whose fields are taken out one by one. Fields that nobody takes are ignored.
#[derive(Debug)]
pub struct Fields {
    /// `customer.` in front of a nested object's fields.
    path: String,
    map: Map<String, Value>,
}

impl Fields {
    fn wrong<T>(&self, name: &str, wanted: &str) -> Result<T> {
        Err(self.complain(name, wanted))
    }

    /// The error that a field is not what is wanted.
    #[must_use]
    pub fn complain(&self, name: &str, wanted: &str) -> Error {
        Error::Invalid(format!("{}{name}:{wanted}", self.path))
    }

    /// What is there; null counts as absent.
    fn take(&mut self, name: &str) -> Option<Value> {
        self.map.remove(name).filter(|value| !value.is_null())
    }

    /// A text.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is absent or no text.
    pub fn text(&mut self, name: &str) -> Result<String> {
        match self.opt_text(name)? {
            Some(text) => Ok(text),
            None => self.wrong(name, "必填"),
        }
    }

    /// A text that may be absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no text.
    pub fn opt_text(&mut self, name: &str) -> Result<Option<String>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => self.wrong(name, "应为文字"),
        }
    }

    /// True or false; absent means false.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is neither.
    pub fn flag(&mut self, name: &str) -> Result<bool> {
        match self.take(name) {
            None => Ok(false),
            Some(Value::Bool(flag)) => Ok(flag),
            Some(_) => self.wrong(name, "应为 true 或 false"),
        }
    }

    /// The same where it may come as a text, as old programs send it.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is neither.
    pub fn lenient_flag(&mut self, name: &str) -> Result<bool> {
        let text = match self.take(name) {
            None => return Ok(false),
            Some(Value::Bool(flag)) => return Ok(flag),
            Some(Value::String(text)) => text,
            Some(Value::Number(number)) => number.to_string(),
            Some(Value::Array(_) | Value::Object(_) | Value::Null) => String::from("?"),
        };
        match text.trim().to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(true),
            "false" | "0" | "" => Ok(false),
            _ => self.wrong(name, "应为 true 或 false"),
        }
    }

    /// A whole number that may be absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is none.
    pub fn opt_integer(&mut self, name: &str) -> Result<Option<i64>> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => self.wrong(name, "应为整数"),
            },
        }
    }

    /// A text or a whole number, whichever is there.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is neither.
    pub fn opt_text_or_integer(&mut self, name: &str) -> Result<Option<TextOrInteger>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(TextOrInteger::Text(text))),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(TextOrInteger::Integer(number))),
                None => self.wrong(name, "应为文字或整数"),
            },
        }
    }

    /// A list of texts that may be absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no list, or one of its items no text.
    pub fn texts(&mut self, name: &str) -> Result<Option<Vec<String>>> {
        let items = match self.take(name) {
            None => return Ok(None),
            Some(Value::Array(items)) => items,
            Some(_) => return self.wrong(name, "应为数组"),
        };
        let text = |(place, item)| {
            let Value::String(text) = item else { return self.wrong(&format!("{name}[{place}]"), "应为文字") };
            Ok(text)
        };
        items.into_iter().enumerate().map(text).collect::<Result<_>>().map(Some)
    }

    /// A list of texts, in which whole numbers are taken as such; a text alone is a list of its parts between commas. Absent means
    /// empty.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is neither.
    pub fn words(&mut self, name: &str) -> Result<Vec<String>> {
        let items = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Value::String(text)) => return Ok(split(&text)),
            Some(Value::Array(items)) => items,
            Some(_) => return self.wrong(name, "应为数组"),
        };
        let word = |(place, item)| match item {
            Value::String(text) => Ok(text),
            Value::Number(number) => Ok(number.to_string()),
            Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => {
                self.wrong(&format!("{name}[{place}]"), "应为文字")
            }
        };
        items.into_iter().enumerate().map(word).collect()
    }

    /// A nested object.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is absent or no object.
    pub fn object(&mut self, name: &str) -> Result<Self> {
        match self.take(name) {
            Some(Value::Object(map)) => Ok(Self { path: format!("{}{name}.", self.path), map }),
            Some(_) => self.wrong(name, "应为对象"),
            None => self.wrong(name, "必填"),
        }
    }

    /// A nested object that may be absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no object.
    pub fn opt_object(&mut self, name: &str) -> Result<Option<Self>> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Object(map)) => Ok(Some(Self { path: format!("{}{name}.", self.path), map })),
            Some(_) => self.wrong(name, "应为对象"),
        }
    }

    /// Every field, each a text.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming one that is no text.
    pub fn into_texts(self) -> Result<std::collections::BTreeMap<String, String>> {
        let Self { path, map } = self;
        let text = |(name, value)| {
            let Value::String(text) = value else { return Err(Error::Invalid(format!("{path}{name}:应为文字"))) };
            Ok((name, text))
        };
        map.into_iter().map(text).collect()
    }

    /// The names of what has not been read.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.map.keys().map(String::as_str)
    }

    /// Whether nothing stands in it.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.map.is_empty()
    }

    /// A list of objects; absent means empty.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is no list, or one of its items no object.
    pub fn objects(&mut self, name: &str) -> Result<Vec<Self>> {
        let items = match self.take(name) {
            None => return Ok(Vec::new()),
            Some(Value::Array(items)) => items,
            Some(_) => return self.wrong(name, "应为数组"),
        };
        let object = |(place, item)| {
            let Value::Object(map) = item else { return self.wrong(&format!("{name}[{place}]"), "应为对象") };
            Ok(Self { path: format!("{}{name}[{place}].", self.path), map })
        };
        items.into_iter().enumerate().map(object).collect()
    }
}

/// The parts between commas that are not blank.
pub fn split(text: &str) -> Vec<String> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

/// A text or a whole number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TextOrInteger {
    /// A text.
    Text(String),
    /// A whole number.
    Integer(i64),
}

impl<S: Send + Sync> FromRequest<S> for Fields {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> std::result::Result<Self, Problem> {
        Self::read(request, LARGEST).await
    }
}

/// The same with a photo in it.
#[derive(Debug)]
pub struct LargeFields(pub Fields);

impl<S: Send + Sync> FromRequest<S> for LargeFields {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> std::result::Result<Self, Problem> {
        Fields::read(request, WITH_PHOTO).await.map(Self)
    }
}

impl Fields {
    async fn read(request: Request, largest: usize) -> std::result::Result<Self, Problem> {
        let has_body = has_body(request.headers());
        if has_body && !is_json(request.headers()) {
            return Err(Problem::of(Kind::UnsupportedType));
        }
        let bytes = read_body(request.into_body(), largest).await?;
        // A call whose every field may be left out may leave the body out.
        if bytes.is_empty() && !has_body {
            return Ok(Self { path: String::new(), map: Map::new() });
        }
        match serde_json::from_slice(&bytes) {
            Ok(Value::Object(map)) => Ok(Self { path: String::new(), map }),
            Ok(_) => Err(Problem::of(Kind::Malformed).saying("请求体应为 JSON 对象，即以 { 开头、以 } 结尾")),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                Err(Problem::of(Kind::Malformed)
                    .saying(format!("请求体不是有效的 JSON:第 {line} 行第 {column} 列附近有误，请检查后重试")))
            }
        }
    }
}

fn has_body(headers: &HeaderMap) -> bool {
    let length = headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    headers.contains_key(header::TRANSFER_ENCODING)
        || length.is_some_and(|length| length != "0")
        || headers.contains_key(header::CONTENT_TYPE)
}

/// `application/json` or `application/…+json`, with any parameters.
pub fn is_json(headers: &HeaderMap) -> bool {
    let value = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let essence = value.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.strip_prefix("application/").is_some_and(|rest| rest.ends_with("+json"))
}

/// Reads a body that may not be longer than `largest`.
pub(crate) async fn read_body(body: Body, largest: usize) -> std::result::Result<Vec<u8>, Problem> {
    let mut bytes = Vec::new();
    let said = format!("请求体最大 {} KB,请减小后重试", largest / 1024);
    drain(body, largest, &said, PATIENCE, |piece| bytes.extend_from_slice(piece)).await?;
    Ok(bytes)
}

/// Hands a body on piece by piece. What is longer than `largest` bytes, or slower than `patience`, is not read to its end.
pub async fn drain(
    body: Body,
    largest: usize,
    too_large: &str,
    patience: Duration,
    mut take: impl FnMut(&[u8]),
) -> std::result::Result<(), Problem> {
    let mut left = largest;
    let mut pieces = body.into_data_stream();
    let reading = async {
        while let Some(piece) = pieces.next().await {
            let piece = piece.map_err(|_| Problem::of(Kind::Malformed).saying("请求体没有完整送达，请重试"))?;
            left = left.checked_sub(piece.len()).ok_or_else(|| Problem::of(Kind::TooLarge).saying(too_large))?;
            take(&piece);
        }
        Ok(())
    };
    tokio::time::timeout(patience, reading).await.unwrap_or(Err(Problem::of(Kind::TooSlow)))
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse;

    use super::*;

    fn fields(json: &str) -> Fields {
        let Ok(Value::Object(map)) = serde_json::from_str(json) else { panic!("{json} is an object") };
        Fields { path: String::new(), map }
    }

    fn complaint<T: std::fmt::Debug>(result: Result<T>) -> String {
        result.expect_err("the field is wrong").to_string()
    }

    #[test]
    fn a_field_is_told_by_its_path() {
        let mut order = fields(r#"{"customer":{"name":1},"people":[{},7],"n":1.5}"#);
        assert_eq!(complaint(order.text("business_no")), "business_no:必填");
        assert_eq!(
            complaint(order.object("customer").and_then(|mut customer| customer.text("name"))),
            "customer.name:应为文字"
        );
        assert_eq!(complaint(order.objects("people")), "people[1]:应为对象");
        assert_eq!(complaint(order.opt_integer("n")), "n:应为整数");
    }

    #[test]
    fn null_counts_as_absent() {
        let mut order = fields(r#"{"a":null,"b":null}"#);
        assert_eq!(order.opt_text("a").expect("absent"), None);
        assert!(!order.flag("b").expect("absent"));
    }

    #[tokio::test]
    async fn a_body_that_never_comes_is_given_up() {
        let never = Body::from_stream(futures_util::stream::pending::<std::io::Result<bytes::Bytes>>());
        let given_up = drain(never, 10, "", Duration::ZERO, |_| ()).await;
        assert_eq!(given_up.expect_err("it never comes").into_response().status(), Kind::TooSlow.status());
        let mut got = Vec::new();
        let there = drain(Body::from("there"), 10, "", Duration::ZERO, |piece| got.extend_from_slice(piece)).await;
        assert!(there.is_ok() && got == b"there");
    }
}
