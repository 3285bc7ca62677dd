//! R, and what stands in its `data`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

use super::codes::Code;

/// The envelope of every answer.
#[derive(Debug, Serialize)]
pub(crate) struct R<T> {
    code: u16,
    success: bool,
    data: Option<T>,
    msg: String,
}

impl<T: Serialize> IntoResponse for R<T> {
    fn into_response(self) -> Response {
        let status = axum::http::StatusCode::from_u16(self.code).unwrap_or(axum::http::StatusCode::OK);
        (status, Json(self)).into_response()
    }
}

/// 操作成功 with its data.
pub(crate) fn done<T>(data: T) -> R<T> {
    R { code: Code::Ok.status().as_u16(), success: true, data: Some(data), msg: "操作成功".to_owned() }
}

/// A refusal with its sentence.
pub(crate) fn refusal(code: Code, sentence: &str) -> R<()> {
    R { code: code.status().as_u16(), success: false, data: None, msg: sentence.to_owned() }
}

/// Tokens, by the names of Blade's `TokenConstant`.
#[derive(Serialize)]
pub(crate) struct TokenView {
    pub(crate) access_token: String,
    pub(crate) refresh_token: String,
    pub(crate) token_type: &'static str,
    /// In seconds.
    pub(crate) expires_in: i64,
    pub(crate) tenant_id: String,
    pub(crate) client_id: String,
    /// A business system is no person: it has its name as account and no roles or department.
    pub(crate) account: String,
    pub(crate) user_id: String,
    pub(crate) user_name: String,
    pub(crate) role_id: String,
    pub(crate) dept_id: String,
}

/// A link on its way.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct SchemeView {
    pub(crate) sms_id: String,
    pub(crate) scheme: String,
    pub(crate) expire_time: String,
}
