//! The parameters of a call in every spelling: in the query or as a JSON body, also of a GET, as the document has it; lists
//! repeated, with `[]` behind the name, comma-joined, or as a JSON array. What the body names wins.

use std::collections::BTreeMap;

use axum::extract::{FromRequest, Query, Request};
use mingjian_domain::error::{Error, Result};
use serde_json::Value;

use crate::fields::read_body;
use crate::problems::{Kind, Problem};

/// The largest JSON body.
const LARGEST: usize = 256 * 1024;
/// The parameter that proves the others and is not among them.
const SIGNATURE: &str = "signature";

/// The parameters of a call by their name, each with its values in order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Parameters(BTreeMap<String, Vec<String>>);

impl<S: Send + Sync> FromRequest<S> for Parameters {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> std::result::Result<Self, Problem> {
        let query = Query::<Vec<(String, String)>>::try_from_uri(request.uri());
        let Ok(Query(pairs)) = query else {
            return Err(Problem::of(Kind::Malformed).saying("请求地址中的参数无法读取，请检查编码"));
        };
        let mut parameters = Self::of_pairs(pairs);
        // The document asks for `Content-Type: application/json` also where there is no body, so the body alone tells.
        let body = read_body(request.into_body(), LARGEST).await?;
        if !body.trim_ascii().is_empty() {
            parameters.take_over(&body)?;
        }
        Ok(parameters)
    }
}

impl Parameters {
    /// Those of a query or of the text parts of a form.
    pub(super) fn of_pairs(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut parameters = Self::default();
        for (name, value) in pairs {
            parameters.0.entry(plain(&name).to_owned()).or_default().push(value);
        }
        parameters
    }

    /// Puts the fields of a JSON object in place of those of the same name.
    fn take_over(&mut self, body: &[u8]) -> std::result::Result<(), Problem> {
        let fields = match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => fields,
            Ok(_) => return Err(Problem::of(Kind::Malformed).saying("请求体应为 JSON 对象，即以 { 开头、以 } 结尾")),
            Err(error) => {
                let (line, column) = (error.line(), error.column());
                let said = format!("请求体不是有效的 JSON，第 {line} 行第 {column} 列附近有误，请检查后重试");
                return Err(Problem::of(Kind::Malformed).saying(said));
            }
        };
        for (name, value) in fields {
            if let Some(values) = texts(&name, value)? {
                self.0.insert(plain(&name).to_owned(), values);
            }
        }
        Ok(())
    }

    /// Adds one that stands elsewhere, such as in the path.
    pub(super) fn and(mut self, name: &str, value: &str) -> Self {
        self.0.insert(name.to_owned(), vec![value.to_owned()]);
        self
    }

    /// One text; an empty one counts as absent.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is there twice.
    pub(super) fn one(&self, name: &str) -> Result<Option<&str>> {
        match self.0.get(name).map(Vec::as_slice) {
            None | Some([]) => Ok(None),
            Some([one]) => Ok(Some(one.trim()).filter(|one| !one.is_empty())),
            Some(_) => Err(Error::Invalid(format!("{name}:只能有一个值"))),
        }
    }

    /// One text that must be there.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not, or twice.
    pub(super) fn must(&self, name: &str) -> Result<&str> {
        self.one(name)?.ok_or_else(|| Error::Invalid(format!("{name}:必填")))
    }

    /// Several texts, however they were joined.
    pub(super) fn many(&self, name: &str) -> Vec<&str> {
        let values = self.0.get(name).map(Vec::as_slice).unwrap_or_default();
        values.iter().flat_map(|value| value.split(',')).map(str::trim).filter(|one| !one.is_empty()).collect()
    }

    /// A text that may be given in pieces, put together again.
    pub(super) fn joined(&self, name: &str) -> Option<String> {
        let values = self.0.get(name)?;
        Some(values.join(",")).filter(|text| !text.trim().is_empty())
    }

    /// What the signature is made of: every other parameter, sorted by name and joined `name=value` with `&`, lists
    /// comma-joined.
    pub(super) fn message(&self) -> String {
        let others = self.0.iter().filter(|(name, _)| *name != SIGNATURE);
        let parts: Vec<String> = others.map(|(name, values)| format!("{name}={}", values.join(","))).collect();
        parts.join("&")
    }
}

/// The name without `[]` or `[0]` behind it.
fn plain(name: &str) -> &str {
    let Some((head, rest)) = name.split_once('[') else { return name };
    let Some(index) = rest.strip_suffix(']') else { return name };
    if index.bytes().all(|byte| byte.is_ascii_digit()) { head } else { name }
}

/// A JSON value as texts; none for null, which counts as absent.
fn texts(name: &str, value: Value) -> Result<Option<Vec<String>>> {
    let text = |value: Value| match value {
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => Err(Error::Invalid(format!("{name}:应为文字或文字数组"))),
    };
    match value {
        Value::Null => Ok(None),
        Value::Array(items) => items.into_iter().map(text).collect::<Result<_>>().map(Some),
        value @ (Value::String(_) | Value::Number(_) | Value::Bool(_) | Value::Object(_)) => {
            Ok(Some(vec![text(value)?]))
        }
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;

    use super::*;

    async fn read(query: &str, body: &str) -> Parameters {
        let request = Request::builder().uri(format!("/video/redirect?{query}")).body(Body::from(body.to_owned()));
        let parameters = Parameters::from_request(request.expect("a request"), &()).await;
        parameters.unwrap_or_else(|problem| panic!("{problem:?}"))
    }

    #[tokio::test]
    async fn a_list_is_the_same_in_every_spelling() {
        let encoded = "%E9%A3%8E%E6%8E%A7";
        for (query, body) in [
            (format!("videoType={encoded}&videoType=b"), ""),
            (format!("videoType[]={encoded}&videoType[]=b"), ""),
            (format!("videoType%5B%5D={encoded}&videoType%5B%5D=b"), ""),
            (format!("videoType[0]={encoded}&videoType[1]=b"), ""),
            (format!("videoType={encoded},b"), ""),
            (format!("videoType={encoded}%2Cb"), ""),
            (String::new(), r#"{"videoType":["风控","b"]}"#),
            (String::new(), r#"{"videoType":"风控,b"}"#),
            ("videoType=old".to_owned(), r#"{"videoType":["风控","b"]}"#),
        ] {
            let parameters = read(&query, body).await;
            assert_eq!(parameters.many("videoType"), ["风控", "b"], "{query} {body}");
            assert_eq!(parameters.message(), "videoType=风控,b", "{query} {body}");
        }
    }

    #[tokio::test]
    async fn the_message_holds_everything_but_the_signature_in_the_order_of_names() {
        let parameters = read("b=2&signature=x&a=1&time=7&empty=", "").await;
        assert_eq!(parameters.message(), "a=1&b=2&empty=&time=7");
    }

    #[tokio::test]
    async fn one_value_is_one_value() {
        let parameters = read("a=1&a=2&b=+x+&c=", r#"{"d":7,"e":null,"b2":true}"#).await;
        assert!(parameters.one("a").is_err(), "two of one name may be told apart by nobody");
        assert_eq!(parameters.one("b").expect("one"), Some("x"));
        assert_eq!(parameters.one("c").expect("none"), None);
        assert_eq!(parameters.one("d").expect("one"), Some("7"));
        assert_eq!(parameters.one("e").expect("none"), None);
        assert_eq!(parameters.must("e").expect_err("it must be there").to_string(), "e:必填");
    }

    #[tokio::test]
    async fn a_body_that_is_no_object_of_texts_is_refused() {
        for body in ["{", "[]", "1", r#"{"a":{"b":1}}"#, r#"{"a":[[1]]}"#] {
            let request = Request::builder().uri("/video/redirect").body(Body::from(body)).expect("a request");
            assert!(Parameters::from_request(request, &()).await.is_err(), "{body}");
        }
    }
}
