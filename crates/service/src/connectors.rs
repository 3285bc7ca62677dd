//! The tenants' own servers: how they are asked is kept per tenant, and asked is through the one guarded way out.
//!
//! - [`template`]: requests with holes, filled so that a value stays a value;
//! - [`ask`]: one request, and what counts as a yes.

pub mod template;

use std::time::Duration;

use mingjian_domain::connector::{Accepted, Connector, ConnectorKind, ConnectorSettings, Verb};
use mingjian_domain::error::{Doing, Error, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::secret::Secret;
use mingjian_domain::user::Role;
use mingjian_store::ConnectorRow;
use serde_json::Value;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::ports::{Errand, Method, SendFailure, Web};

use template::{Values, check_body, check_holes, check_url, fill_body, fill_url};

/// Longer answers are refused: an order with everything takes some 40 KB.
const MOST_BYTES: usize = 1024 * 1024;
const TIMEOUT_MS: std::ops::RangeInclusive<u32> = 500..=15_000;
/// Tries within one call, which somebody waits for.
const MOST_TRIES: u8 = 3;
const MOST_HEADERS: usize = 20;

fn about(tenant: TenantId, kind: ConnectorKind) -> String {
    format!("connector:{tenant}:{}", kind.word())
}

/// Checks what an admin wrote.
fn check(connector: &Connector) -> Result<()> {
    let invalid = |sentence: String| Err(Error::Invalid(sentence));
    let (kind, settings) = (connector.kind, &connector.settings);
    check_url(&settings.url, kind.holes())?;
    check_body(&settings.body, kind.holes())?;
    if !TIMEOUT_MS.contains(&settings.timeout_ms) {
        return invalid(format!("timeout_ms:应在 {} 至 {} 之间", TIMEOUT_MS.start(), TIMEOUT_MS.end()));
    }
    if !(1..=MOST_TRIES).contains(&settings.tries) {
        return invalid(format!("tries:应在 1 至 {MOST_TRIES} 之间"));
    }
    if connector.headers.len() > MOST_HEADERS {
        return invalid(format!("headers:最多 {MOST_HEADERS} 项"));
    }
    for (name, value) in &connector.headers {
        let token = |byte: u8| byte.is_ascii_alphanumeric() || b"-_".contains(&byte);
        if name.is_empty() || name.len() > 64 || !name.bytes().all(token) {
            return invalid("headers:名称只能包含字母、数字和 - _".into());
        }
        if ["host", "content-length", "transfer-encoding", "connection"].contains(&name.to_ascii_lowercase().as_str()) {
            return invalid(format!("headers.{name}:由系统填写，不能设置"));
        }
        let value = value.expose();
        if value.len() > 4096 || !value.bytes().all(|byte| byte == b' ' || byte.is_ascii_graphic()) {
            return invalid(format!("headers.{name}:只能包含可见的英文字符"));
        }
    }
    for (field, pointer) in &settings.fields {
        if !kind.fields().iter().any(|(known, _)| known == field) {
            return invalid(format!("fields.{field}:没有这个字段"));
        }
        check_pointer(pointer, &format!("fields.{field}"))?;
    }
    if let Some(Accepted { pointer, values }) = &settings.accepted {
        check_pointer(pointer, "accepted.pointer")?;
        if values.is_empty() {
            return invalid("accepted.values:至少一项".into());
        }
    }
    for text in settings.texts.values() {
        check_holes(text, &["sign", "link"], "texts")?;
        if !text.contains("{link}") || text.chars().count() > 500 {
            return invalid("texts:每个短信内容应包含 {link}，且不超过 500 个字符".into());
        }
    }
    if kind != ConnectorKind::Sms && (!settings.texts.is_empty() || settings.sign.is_some()) {
        return invalid("texts、sign:仅用于短信".into());
    }
    Ok(())
}

/// RFC 6901: empty, or each part behind a slash.
fn check_pointer(pointer: &str, field: &str) -> Result<()> {
    let whole = pointer.is_empty() || pointer.starts_with('/');
    if whole && pointer.len() <= 200 {
        Ok(())
    } else {
        Err(Error::Invalid(format!("{field}:应为 JSON Pointer，例如 /data/businessId")))
    }
}

/// Keeps how one of the caller's servers is asked.
///
/// # Errors
/// [`Error::Invalid`] naming the field and what is wanted; [`mingjian_domain::error::Denied::NotEntitled`] for a user
/// who is no tenant admin.
pub async fn put_connector(service: &Service, caller: &Caller, connector: Connector) -> Result<Connector> {
    caller.entitled(&[Role::TenantAdmin])?;
    let connector = Connector { tenant: caller.tenant(), ..connector };
    check(&connector)?;
    let headers: Vec<_> = connector.headers.iter().map(|(name, value)| (name.as_str(), value.expose())).collect();
    let headers = Secret::new(serde_json::to_string(&headers).doing("writing a connector's headers")?);
    let row = ConnectorRow {
        tenant: connector.tenant,
        kind: connector.kind,
        settings: connector.settings.clone(),
        sealed: service.seal(&headers, &about(connector.tenant, connector.kind)),
    };
    let mut tx = service.store.begin().await?;
    tx.connectors().put(&row).await?;
    let subject = Subject { noun: "connector", id: connector.kind.word().to_owned() };
    tx.audit().append(&service.audit_line(Act::of(caller), "put_connector", subject, None)).await?;
    tx.commit().await?;
    Ok(connector)
}

/// Takes a connector away; where there is none, nothing happens.
///
/// # Errors
/// [`mingjian_domain::error::Denied::NotEntitled`] for a user who is no tenant admin.
pub async fn delete_connector(service: &Service, caller: &Caller, kind: ConnectorKind) -> Result<()> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.begin().await?;
    if !tx.connectors().delete(caller.tenant(), kind).await? {
        return Ok(());
    }
    let subject = Subject { noun: "connector", id: kind.word().to_owned() };
    tx.audit().append(&service.audit_line(Act::of(caller), "delete_connector", subject, None)).await?;
    tx.commit().await
}

/// The caller's connectors.
///
/// # Errors
/// [`mingjian_domain::error::Denied::NotEntitled`].
pub async fn list_connectors(service: &Service, caller: &Caller) -> Result<Vec<Connector>> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.read().await?;
    let rows = tx.connectors().list(caller.tenant()).await?;
    drop(tx);
    rows.into_iter().map(|row| open(service, row)).collect()
}

/// A tenant's connector of that kind, if it has one.
pub(crate) async fn lookup(service: &Service, tenant: TenantId, kind: ConnectorKind) -> Result<Option<Connector>> {
    let mut tx = service.store.read().await?;
    let row = tx.connectors().lookup(tenant, kind).await?;
    drop(tx);
    row.map(|row| open(service, row)).transpose()
}

fn open(service: &Service, row: ConnectorRow) -> Result<Connector> {
    let headers = service.unseal(&row.sealed, &about(row.tenant, row.kind))?;
    let headers: Vec<(String, String)> =
        serde_json::from_str(headers.expose()).doing("reading a connector's headers")?;
    let headers = headers.into_iter().map(|(name, value)| (name, Secret::new(value))).collect();
    Ok(Connector { tenant: row.tenant, kind: row.kind, settings: row.settings, headers })
}

/// What a tenant's server answered that counts as a yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Yes {
    /// The HTTP status.
    pub status: u16,
    /// The body, if it is JSON.
    pub json: Value,
}

/// Why there is no yes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum No {
    /// No answer.
    Failed(SendFailure),
    /// Another status, or other words than wanted.
    Answered {
        /// The HTTP status.
        status: u16,
        /// A sentence for the tenant's admin.
        why: String,
    },
}

impl No {
    /// A sentence for people.
    #[must_use]
    pub fn sentence(&self) -> String {
        match self {
            Self::Failed(failure) => failure.to_string(),
            Self::Answered { why, .. } => why.clone(),
        }
    }
}

/// Asks once with these values.
///
/// # Errors
/// [`Error::Invalid`] when a value cannot be put where the template wants it. What the server over there said is in the
/// inner result.
pub async fn ask(connector: &Connector, web: &dyn Web, values: &Values<'_>) -> Result<std::result::Result<Yes, No>> {
    let settings = &connector.settings;
    let mut headers = connector.headers.clone();
    let has_type = headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let body = match fill_body(&settings.body, values)? {
        None => String::new(),
        Some((kind, body)) => {
            if !has_type {
                headers.push(("Content-Type".to_owned(), Secret::new(kind.to_owned())));
            }
            body
        }
    };
    let errand = Errand {
        method: match settings.method {
            Verb::Get => Method::Get,
            Verb::Post => Method::Post,
            Verb::Put => Method::Put,
        },
        url: fill_url(&settings.url, values)?,
        headers,
        body: body.into_bytes(),
        time: Duration::from_millis(u64::from(settings.timeout_ms)),
        tries: settings.tries,
        most_bytes: MOST_BYTES,
    };
    Ok(match web.run(errand).await {
        Err(failure) => Err(No::Failed(failure)),
        Ok(answer) => judge(settings, answer.status, &answer.body),
    })
}

/// A field of an answer, where the tenant or the usual shape has it.
#[must_use]
pub fn field<'a>(connector: &Connector, answer: &'a Value, field: &str) -> Option<&'a Value> {
    let pointer = connector.settings.pointer(connector.kind, field)?;
    answer.pointer(pointer).filter(|value| !value.is_null())
}

/// The same as text; numbers become their digits.
#[must_use]
pub fn text(connector: &Connector, answer: &Value, name: &str) -> Option<String> {
    field(connector, answer, name).and_then(text_of)
}

/// A text as it is, a number or a flag as its word; nothing else is text.
#[must_use]
pub fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}

fn judge(settings: &ConnectorSettings, status: u16, body: &[u8]) -> std::result::Result<Yes, No> {
    if !(200..300).contains(&status) {
        return Err(No::Answered { status, why: format!("对方返回 HTTP {status}") });
    }
    let json: Value = serde_json::from_slice(body).unwrap_or(Value::Null);
    if let Some(Accepted { pointer, values }) = &settings.accepted {
        let said = json.pointer(pointer).and_then(text_of);
        if !said.as_ref().is_some_and(|said| values.contains(said)) {
            // What stands there is a code; the rest of the answer may hold anything and is not repeated.
            let said: String = said.unwrap_or_else(|| "空".to_owned()).chars().take(40).collect();
            return Err(No::Answered { status, why: format!("对方没有受理，{pointer} 为 {said}") });
        }
    }
    Ok(Yes { status, json })
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingjian_domain::connector::BodyTemplate;

    fn settings(accepted: Option<Accepted>) -> ConnectorSettings {
        ConnectorSettings {
            method: Verb::Post,
            url: "https://sms.example/send".into(),
            body: BodyTemplate::None,
            timeout_ms: 5_000,
            tries: 1,
            fields: [].into(),
            accepted,
            texts: [].into(),
            sign: None,
        }
    }

    #[test]
    fn a_yes_is_a_status_and_the_words_that_are_wanted() {
        let wanted = Accepted { pointer: "/code".into(), values: vec!["0".into(), "OK".into()] };
        for (status, body, is_yes) in [
            (200, r#"{"code":0}"#, true),
            (200, r#"{"code":"OK"}"#, true),
            (200, r#"{"code":"1"}"#, false),
            (200, r#"{}"#, false),
            (200, "no json", false),
            (302, r#"{"code":0}"#, false),
            (500, r#"{"code":0}"#, false),
        ] {
            let judged = judge(&settings(Some(wanted.clone())), status, body.as_bytes());
            assert_eq!(judged.is_ok(), is_yes, "{status} {body}: {judged:?}");
        }
        assert!(judge(&settings(None), 204, b"").is_ok());
    }
}
