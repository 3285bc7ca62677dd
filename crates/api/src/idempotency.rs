//! `Idempotency-Key`: around the POSTs whose description names it. The answer of the first is given again, marked with
//! `Idempotent-Replayed: true`.

use std::collections::HashSet;
use std::sync::LazyLock;

use axum::body::{Body, Bytes};
use axum::extract::{FromRequestParts, MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Result};
use mingjian_domain::secret::Secret;
use mingjian_service::access::Caller;
use mingjian_service::idempotency::{self, Claim, RequestKey, request_hash};
use serde::{Deserialize, Serialize};

use crate::Shared;
use crate::caller::Known;
use crate::fields::{LARGEST, read_body};
use crate::openapi;
use crate::problems::Problem;

const HEADER: HeaderName = HeaderName::from_static("idempotency-key");
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");
const LONGEST_KEY: usize = 255;
/// Answers of these calls are a resource or nothing: a larger one is not kept.
const LARGEST_ANSWER: usize = 1024 * 1024;
/// The headers that an answer is kept with.
const KEPT: [HeaderName; 3] = [header::CONTENT_TYPE, header::LOCATION, header::ETAG];

static PATHS: LazyLock<HashSet<String>> = LazyLock::new(openapi::repeatable);

/// An answer as it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    status: u16,
    headers: Vec<(String, String)>,
    body: String,
}

/// Runs around the handlers.
pub(crate) async fn once(State(api): State<Shared>, request: Request, next: Next) -> Response {
    let path = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    if request.method() != Method::POST || !request.headers().contains_key(HEADER) || !PATHS.contains(path) {
        return next.run(request).await;
    }
    attempt(&api, request, next).await.unwrap_or_else(IntoResponse::into_response)
}

async fn attempt(api: &Shared, request: Request, next: Next) -> std::result::Result<Response, Problem> {
    let key = read_key(request.headers())?;
    let (mut parts, body) = request.into_parts();
    let known = Known::from_request_parts(&mut parts, api).await?;
    let body = read_body(body, LARGEST).await?;
    let who = match &known.0 {
        Caller::System { name, .. } => format!("system:{name}"),
        Caller::User { user, .. } => format!("user:{}", user.id),
    };
    let kind = parts.headers.get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let asked = parts.uri.path_and_query().map_or("", |asked| asked.as_str());
    let hash = request_hash(&[who.as_bytes(), asked.as_bytes(), kind, &body]);
    let key = RequestKey { tenant: known.0.tenant(), key };
    let claimed_at = match idempotency::claim(&api.service, &key, &hash).await? {
        Claim::Answered(kept) => return Ok(replay(&kept)?),
        Claim::Mine(claimed_at) => claimed_at,
    };
    parts.extensions.insert(known);
    let response = next.run(Request::from_parts(parts, Body::from(body))).await;
    let (parts, body) = response.into_parts();
    let body = axum::body::to_bytes(body, LARGEST_ANSWER)
        .await
        .map_err(|error| Error::fault("reading an answer that is to be kept", error))?;
    let kept = if parts.status.is_success() { write(parts.status, &parts.headers, &body) } else { None };
    // The request has been worked on: whatever becomes of the note, this is its answer.
    let noted = match kept {
        Some(kept) => idempotency::keep(&api.service, &key, claimed_at, &kept).await,
        None => idempotency::release(&api.service, &key, claimed_at).await,
    };
    if let Err(error) = noted {
        tracing::error!(error = ?error, "an answer could not be kept for its Idempotency-Key");
    }
    Ok(Response::from_parts(parts, Body::from(body)))
}

fn read_key(headers: &HeaderMap) -> Result<String> {
    let key = headers.get(HEADER).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if key.is_empty() || key.len() > LONGEST_KEY || !key.bytes().all(|byte| byte.is_ascii_graphic()) {
        return Err(Error::Invalid(format!("Idempotency-Key 应为 1 至 {LONGEST_KEY} 个可见的 ASCII 字符")));
    }
    Ok(key.to_owned())
}

fn write(status: StatusCode, headers: &HeaderMap, body: &Bytes) -> Option<Secret> {
    let text = |value: &HeaderValue| value.to_str().ok().map(str::to_owned);
    let headers = KEPT.iter().filter_map(|name| Some((name.to_string(), text(headers.get(name)?)?))).collect();
    let body = String::from_utf8(body.to_vec()).ok()?;
    serde_json::to_string(&Kept { status: status.as_u16(), headers, body }).ok().map(Secret::new)
}

fn replay(kept: &Secret) -> Result<Response> {
    let kept: Kept =
        serde_json::from_str(kept.expose()).map_err(|error| Error::fault("reading a kept answer", error))?;
    let mut response = Response::new(Body::from(kept.body));
    *response.status_mut() =
        StatusCode::from_u16(kept.status).map_err(|error| Error::fault("reading a kept answer", error))?;
    let headers = response.headers_mut();
    for (name, value) in kept.headers {
        if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
            headers.insert(name, value);
        }
    }
    headers.insert(REPLAYED, HeaderValue::from_static("true"));
    Ok(response)
}
