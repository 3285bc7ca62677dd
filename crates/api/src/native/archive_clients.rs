//! The system numbers (系统编号) of who may deposit in the archive.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingjian_domain::archive::Client;
use mingjian_service::archive::clients;
use serde::Serialize;
use time::OffsetDateTime;

use crate::Shared;
use crate::caller::Known;
use crate::fields::Fields;
use crate::params::Segments;
use crate::problems::Problem;

#[derive(Serialize)]
struct ClientView {
    number: String,
    name: String,
    #[serde(with = "time::serde::rfc3339")]
    issued_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    revoked_at: Option<OffsetDateTime>,
}

impl From<Client> for ClientView {
    fn from(client: Client) -> Self {
        Self { number: client.number, name: client.name, issued_at: client.issued_at, revoked_at: client.revoked_at }
    }
}

#[derive(Serialize)]
struct ClientsView {
    items: Vec<ClientView>,
}

/// Every system number, revoked ones too.
///
/// # Errors
/// Not entitled.
pub async fn list_clients(State(api): State<Shared>, Known(caller): Known) -> Result<Response, Problem> {
    let clients = clients::list_clients(&api.service, &caller).await?;
    Ok(Json(ClientsView { items: clients.into_iter().map(ClientView::from).collect() }).into_response())
}

/// Issues one: `{number, name}`.
///
/// # Errors
/// Invalid naming the field; name taken; not entitled.
pub async fn issue_client(
    State(api): State<Shared>,
    Known(caller): Known,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let (number, name) = (fields.text("number")?, fields.text("name")?);
    let client = clients::issue_client(&api.service, &caller, number.trim(), &name).await?;
    Ok((StatusCode::CREATED, Json(ClientView::from(client))).into_response())
}

/// Revokes one, for good.
///
/// # Errors
/// Client unknown; not entitled.
pub async fn revoke_client(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(number): Segments<String>,
) -> Result<StatusCode, Problem> {
    clients::revoke_client(&api.service, &caller, &number).await?;
    Ok(StatusCode::NO_CONTENT)
}
