//! What happens to every request, whatever it is: security headers, one log line, two metrics, and the log of what broke.

use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderName, HeaderValue, Response as AnyResponse, StatusCode, header};
use axum::middleware::Next;
use axum::response::Response;
use tower_http::compression::{CompressionLayer, Predicate};

use crate::Shared;
use crate::problems::{Inner, Until};

/// Nothing of ours is a document that may load, frame or be framed, but for the pages, which bring their own policy.
const NO_DOCUMENT: HeaderValue =
    HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'");

/// Runs around everything else.
pub(crate) async fn dress(State(api): State<Shared>, request: Request, next: Next) -> Response {
    let method = request.method().clone();
    // The pattern, never the path itself: paths hold the codes of links.
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str).to_owned();
    let begun = Instant::now();
    let mut response = next.run(request).await;
    let status = response.status();
    let took = begun.elapsed();

    let until = response.extensions().get::<Until>().copied();
    let headers = response.headers_mut();
    if let Some(Until(until)) = until {
        let seconds = (until - api.service.now()).as_seconds_f64().ceil().max(1.0);
        let value = HeaderValue::try_from(format!("{seconds:.0}")).expect("digits are a header value");
        headers.insert(header::RETRY_AFTER, value);
    }
    let mut default = |name: HeaderName, value: HeaderValue| {
        headers.entry(name).or_insert(value);
    };
    default(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    default(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    default(header::CONTENT_SECURITY_POLICY, NO_DOCUMENT);
    default(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    default(HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin"));

    let inner = response.extensions().get::<Inner>().cloned();
    let (method, code) = (method.as_str(), status.as_u16());
    if let Some(Inner(inner)) = inner {
        tracing::error!(http.method = method, http.route = %route, http.status = code, fault = %inner, "request failed");
    } else {
        tracing::debug!(http.method = method, http.route = %route, http.status = code, http.duration_us = took.as_micros(), "request");
    }
    metrics::counter!("http_requests_total", "method" => method_label(method), "route" => route.clone(), "status" => code.to_string()).increment(1);
    // An upgraded connection goes on; its duration says nothing.
    if status != StatusCode::SWITCHING_PROTOCOLS {
        metrics::histogram!("http_request_duration_seconds", "route" => route).record(took.as_secs_f64());
    }
    response
}

/// Methods that callers invent must not become labels.
fn method_label(method: &str) -> &'static str {
    ["GET", "HEAD", "POST", "DELETE", "PUT", "PATCH", "OPTIONS"]
        .into_iter()
        .find(|&known| known == method)
        .unwrap_or("other")
}

/// Marks a response that may be compressed: static files alone. What holds secrets beside what a caller sent must not be (BREACH).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Compressible;

/// Compresses what is marked.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Marked;

impl Predicate for Marked {
    fn should_compress<B: axum::body::HttpBody>(&self, response: &AnyResponse<B>) -> bool {
        response.extensions().get::<Compressible>().is_some()
    }
}

/// The layer for static files.
pub(crate) fn compression() -> CompressionLayer<Marked> {
    CompressionLayer::new().compress_when(Marked)
}
