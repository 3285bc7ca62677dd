//! The last calls of each tenant's business systems with their answers, for whoever connects a system: in memory, bounded,
//! with what is secret or personal masked before it is kept. Here they are counted as well, per tenant and face.

mod masking;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::Response;
use futures_util::StreamExt;
use mingjian_domain::id::TenantId;
use mingjian_domain::interface::FaceName;
use mingjian_service::access::arrival::attend;
use serde::Serialize;
use serde_json::Value;
use time::OffsetDateTime;

use crate::limits::Whose;
use crate::mounts::face_of;
use crate::{Shared, origin};

/// Calls of a tenant.
const MOST: usize = 100;
/// Of a body; a longer one is not kept, since what is cut off cannot be masked.
const LARGEST_BODY: usize = 4 * 1024;
/// A tenant's calls together: with the texts around them about 1 MB.
const MOST_TENANTS: usize = 1_000;
/// What is shown of a path with its query.
const LONGEST_PATH: usize = 500;

/// A call as it is kept and shown.
#[derive(Debug, Clone, Serialize)]
pub struct Call {
    /// When it came.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
    /// Through which face.
    pub face: &'static str,
    /// How.
    pub method: String,
    /// What, with its query masked.
    pub path: String,
    /// From where.
    pub address: String,
    /// HTTP status.
    pub status: u16,
    /// What the face's document calls its code: `RspCode`, `code`, or the last part of a problem's `type`.
    pub code: Option<String>,
    /// How long it took.
    pub took_ms: u64,
    /// The request's body, masked; none when it was empty, too long, or no text.
    pub request: Option<String>,
    /// The answer's body, likewise.
    pub answer: Option<String>,
}

/// The calls of everybody.
#[derive(Default)]
pub(crate) struct Calls(Mutex<HashMap<TenantId, VecDeque<Call>>>);

impl Calls {
    fn note(&self, tenant: TenantId, call: Call) {
        let mut calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if calls.len() >= MOST_TENANTS && !calls.contains_key(&tenant) {
            let stalest =
                calls.iter().min_by_key(|(_, calls)| calls.back().map(|call| call.at)).map(|(&tenant, _)| tenant);
            stalest.map(|tenant| calls.remove(&tenant));
        }
        let mine = calls.entry(tenant).or_default();
        if mine.len() >= MOST {
            mine.pop_front();
        }
        mine.push_back(call);
    }

    /// A tenant's calls, the newest first.
    pub(crate) fn of(&self, tenant: TenantId) -> Vec<Call> {
        let calls = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        calls.get(&tenant).into_iter().flat_map(|calls| calls.iter().rev().cloned()).collect()
    }
}

/// Runs around the handlers of every face.
pub(crate) async fn listen(State(api): State<Shared>, request: Request, next: Next) -> Response {
    let Some(face) = face_of(request.uri().path()) else { return next.run(request).await };
    let at = api.service.now();
    let begun = Instant::now();
    let method = request.method().to_string();
    let path = masking::address(request.uri());
    let address = origin::of_request(&api.settings, &request).map(|origin| origin.address.to_string());
    let (request, heard) = overhear(request);
    let counter = api.clone();
    let admit = move |tenant| counter.buckets.take(Whose::Tenant(face, tenant), counter.service.now());
    let (response, tenant) = attend(admit, next.run(request)).await;
    let Some(tenant) = tenant else { return response };
    let status = response.status().as_u16();
    let (response, said) = read_out(response).await;
    let body = heard.map(|heard| std::mem::take(&mut *heard.lock().unwrap_or_else(PoisonError::into_inner)));
    let took_ms = u64::try_from(begun.elapsed().as_millis()).unwrap_or(u64::MAX);
    let code = said.as_deref().and_then(|said| code_of(face, said));
    let call = Call {
        at,
        face: face.word(),
        method,
        path: path.chars().take(LONGEST_PATH).collect(),
        address: address.unwrap_or_default(),
        status,
        code,
        took_ms,
        request: body.and_then(|body| masking::body(&body)),
        answer: said.and_then(|said| masking::body(&said)),
    };
    api.calls.note(tenant, call);
    response
}

fn is_text(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    kind.split(';').next().is_some_and(|kind| kind.ends_with("json") || kind == "application/x-www-form-urlencoded")
}

/// What was heard of a body so far.
type Heard = Arc<Mutex<Vec<u8>>>;

/// Lets the handler read the body and remembers what it read, up to one byte too many.
fn overhear(request: Request) -> (Request, Option<Heard>) {
    if !is_text(request.headers()) {
        return (request, None);
    }
    let heard = Heard::default();
    let ear = heard.clone();
    let request = request.map(|body| {
        let pieces = body.into_data_stream().inspect(move |piece| {
            if let Ok(piece) = piece {
                let mut ear = ear.lock().unwrap_or_else(PoisonError::into_inner);
                let room = (LARGEST_BODY + 1).saturating_sub(ear.len());
                ear.extend_from_slice(&piece[..piece.len().min(room)]);
            }
        });
        Body::from_stream(pieces)
    });
    (request, Some(heard))
}

/// Reads an answer that is text and short; any other goes by untouched.
async fn read_out(response: Response) -> (Response, Option<Vec<u8>>) {
    let short = response.body().size_hint().exact().is_some_and(|size| size <= LARGEST_BODY as u64);
    if !short || !is_text(response.headers()) {
        return (response, None);
    }
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, LARGEST_BODY).await.unwrap_or_else(|_| Bytes::new());
    (Response::from_parts(parts, Body::from(bytes.clone())), Some(bytes.to_vec()))
}

/// The code that the face's document knows an answer by.
fn code_of(face: FaceName, said: &[u8]) -> Option<String> {
    let said: Value = serde_json::from_slice(said).ok()?;
    let code = match face {
        FaceName::Netdisk => said.get("RspCode")?,
        FaceName::Video | FaceName::Signing | FaceName::Meeting => said.get("code")?,
        FaceName::Crm | FaceName::Native => said.get("type")?,
    };
    match code {
        Value::String(text) => Some(text.strip_prefix("/problems/").unwrap_or(text).to_owned()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use mingjian_domain::random::Counting;
    use time::Duration;
    use time::macros::datetime;

    use super::*;

    const NOON: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);

    fn call(n: i64) -> Call {
        Call {
            at: NOON + Duration::seconds(n),
            face: "native",
            method: "GET".into(),
            path: format!("/{n}"),
            address: String::new(),
            status: 200,
            code: None,
            took_ms: 1,
            request: None,
            answer: None,
        }
    }

    #[test]
    fn a_tenant_has_its_last_hundred_calls_and_nobody_elses() {
        let mut random = Counting::default();
        let (one, other) = (TenantId::mint(NOON, &mut random), TenantId::mint(NOON, &mut random));
        let calls = Calls::default();
        (0..150).for_each(|n| calls.note(one, call(n)));
        calls.note(other, call(7));
        let mine = calls.of(one);
        assert_eq!((mine.len(), mine[0].path.as_str(), mine[99].path.as_str()), (100, "/149", "/50"));
        assert_eq!(calls.of(other).len(), 1);
    }

    #[test]
    fn the_tenant_that_has_been_quiet_longest_is_forgotten_first() {
        let mut random = Counting::default();
        let calls = Calls::default();
        let tenants: Vec<_> = (0..=MOST_TENANTS).map(|_| TenantId::mint(NOON, &mut random)).collect();
        (0..).zip(&tenants).for_each(|(n, &tenant)| calls.note(tenant, call(n)));
        assert!(calls.of(tenants[0]).is_empty());
        assert_eq!(calls.of(tenants[1]).len(), 1);
    }

    #[test]
    fn each_face_has_its_own_code() {
        assert_eq!(code_of(FaceName::Netdisk, br#"{"RspCode":"9"}"#).as_deref(), Some("9"));
        assert_eq!(code_of(FaceName::Meeting, br#"{"code":"200"}"#).as_deref(), Some("200"));
        assert_eq!(code_of(FaceName::Signing, br#"{"code":401}"#).as_deref(), Some("401"));
        assert_eq!(code_of(FaceName::Native, br#"{"type":"/problems/invalid"}"#).as_deref(), Some("invalid"));
        assert_eq!(code_of(FaceName::Native, b"[]"), None);
    }
}
