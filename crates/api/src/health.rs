//! For the operator: alive, ready, and the metrics.

use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Denied, Error, Unauthenticated};
use mingjian_service::tokens::same;

use crate::Shared;
use crate::caller::bearer;
use crate::problems::{Kind, Problem};

/// The process answers.
pub async fn alive() -> &'static str {
    "ok\n"
}

/// The database answers too.
///
/// # Errors
/// Not ready while it does not.
pub async fn ready(State(api): State<Shared>) -> Result<&'static str, Problem> {
    let asked = async {
        let mut tx = api.service.store.read().await?;
        tx.tenants().list().await
    };
    match asked.await {
        Ok(_) => Ok("ready\n"),
        Err(error) => {
            tracing::warn!(ready.error = ?error, "not ready");
            Err(Problem::of(Kind::NotReady))
        }
    }
}

/// The metrics in Prometheus' text format; outside the demo for who has the token.
///
/// # Errors
/// Unauthenticated without the token; denied where none is set.
pub async fn metrics(State(api): State<Shared>, headers: HeaderMap) -> Result<Response, Problem> {
    let token = api.settings.metrics_token.as_ref();
    match (bearer(&headers), token) {
        _ if api.settings.demo => {}
        (Some(sent), Some(token)) if same(sent, token.expose()) => {}
        (_, None) => return Err(Error::Denied(Denied::NotEntitled).into()),
        (None, Some(_)) => return Err(Error::Unauthenticated(Unauthenticated::NoCredentials).into()),
        (Some(_), Some(_)) => return Err(Error::Unauthenticated(Unauthenticated::WrongSecret).into()),
    }
    let kind = (header::CONTENT_TYPE, "text/plain; version=0.0.4; charset=utf-8");
    Ok((StatusCode::OK, [kind], (api.metrics)()).into_response())
}
