//! A small form, as multipart (the document's), urlencoded (Blade's token call) or JSON.

use axum::body::Body;
use axum::extract::{Form, FromRequest, Multipart, Request};
use axum::http::header;
use mingjian_domain::error::{Error, Result};
use serde_json::Value;

use crate::fields::{PATIENCE, drain};
use crate::problems::{Kind, Problem};

/// The largest form: its fields are short, and `query` has at most 1024 characters.
const LARGEST: usize = 64 * 1024;
const MOST_FIELDS: usize = 64;

/// The fields of a form, taken out name by name. Names that nobody takes are ignored.
pub(crate) struct SmallForm(Vec<(String, String)>);

impl SmallForm {
    /// A text; an empty one counts as absent.
    pub(crate) fn text(&mut self, name: &str) -> Option<String> {
        let place = self.0.iter().position(|(key, _)| key == name)?;
        Some(self.0.swap_remove(place).1.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A text that must be there.
    ///
    /// # Errors
    /// [`Error::Invalid`] when it is not.
    pub(crate) fn wanted(&mut self, name: &str) -> Result<String> {
        self.text(name).ok_or_else(|| Error::Invalid(format!("{name}:必填")))
    }
}

fn malformed(sentence: &str) -> Problem {
    Problem::of(Kind::Malformed).saying(sentence)
}

impl<S: Send + Sync> FromRequest<S> for SmallForm {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> std::result::Result<Self, Problem> {
        let (parts, body) = request.into_parts();
        let kind = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let mut bytes = Vec::new();
        let said = format!("请求体最大 {} KB,请减小后重试", LARGEST / 1024);
        drain(body, LARGEST, &said, PATIENCE, |piece| bytes.extend_from_slice(piece)).await?;
        if kind.is_empty() && bytes.is_empty() {
            return Ok(Self(Vec::new()));
        }
        let request = || {
            let mut request = Request::new(Body::from(bytes.clone()));
            *request.method_mut() = axum::http::Method::POST;
            *request.headers_mut() = parts.headers.clone();
            request.headers_mut().remove(header::CONTENT_LENGTH);
            request
        };
        match kind.as_str() {
            "multipart/form-data" => multipart(request()).await.map(Self),
            "application/x-www-form-urlencoded" => {
                let form = Form::<Vec<(String, String)>>::from_request(request(), &()).await;
                form.map(|Form(pairs)| Self(pairs)).map_err(|_| malformed("表单无法读取，请检查编码"))
            }
            "application/json" => json(&bytes).map(Self),
            _ => Err(Problem::of(Kind::UnsupportedType).saying("请以 multipart/form-data 发送表单")),
        }
    }
}

async fn multipart(request: Request) -> std::result::Result<Vec<(String, String)>, Problem> {
    let broken = || malformed("multipart 表单无法读取，请检查 boundary 与各部分是否完整");
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| broken())?;
    let mut fields = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|_| broken())? {
        let Some(name) = part.name().map(str::to_owned) else { return Err(broken()) };
        fields.push((name, part.text().await.map_err(|_| broken())?));
        if fields.len() > MOST_FIELDS {
            return Err(malformed("表单的字段过多"));
        }
    }
    Ok(fields)
}

fn json(bytes: &[u8]) -> std::result::Result<Vec<(String, String)>, Problem> {
    let Ok(Value::Object(fields)) = serde_json::from_slice(bytes) else {
        return Err(malformed("请求体不是有效的 JSON 对象，请检查后重试"));
    };
    let text = |value: Value| match value {
        Value::String(text) => text,
        Value::Null => String::new(),
        other @ (Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_)) => other.to_string(),
    };
    Ok(fields.into_iter().map(|(name, value)| (name, text(value))).collect())
}
