//! How the tenant's own servers are asked. Header values go in and never come out.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingjian_domain::connector::{Accepted, BodyTemplate, Connector, ConnectorKind, ConnectorSettings, Verb};
use mingjian_domain::error::{self, Error, Noun};
use mingjian_domain::secret::Secret;
use mingjian_service::connectors;
use serde::Serialize;

use super::ListView;
use crate::Shared;
use crate::caller::Known;
use crate::fields::Fields;
use crate::params::Segments;
use crate::problems::Problem;

const USUAL_TIMEOUT_MS: u32 = 5_000;

#[derive(Serialize)]
struct ConnectorView {
    kind: &'static str,
    #[serde(flatten)]
    settings: ConnectorSettings,
    /// Names alone.
    headers: Vec<String>,
}

impl From<Connector> for ConnectorView {
    fn from(connector: Connector) -> Self {
        let headers = connector.headers.into_iter().map(|(name, _)| name).collect();
        Self { kind: connector.kind.word(), settings: connector.settings, headers }
    }
}

fn kind(word: &str) -> error::Result<ConnectorKind> {
    ConnectorKind::from_word(word).ok_or(Error::Missing(Noun::Path))
}

/// The tenant's connectors.
///
/// # Errors
/// Not entitled.
pub async fn list_connectors(State(api): State<Shared>, Known(caller): Known) -> Result<Response, Problem> {
    let connectors = connectors::list_connectors(&api.service, &caller).await?;
    let items = connectors.into_iter().map(ConnectorView::from).collect();
    Ok(Json(ListView { items, next: None }).into_response())
}

/// `{method, url, body: {type, template}, headers: {name: value}, timeout_ms, tries, fields, accepted, texts, sign}` in place of
/// what was there.
///
/// # Errors
/// Not found for a kind that is none; invalid naming the field; not entitled.
pub async fn put_connector(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(word): Segments<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    let connector = read(kind(&word)?, caller.tenant(), fields)?;
    let connector = connectors::put_connector(&api.service, &caller, connector).await?;
    Ok(Json(ConnectorView::from(connector)).into_response())
}

/// Takes a connector away.
///
/// # Errors
/// Not found for a kind that is none; not entitled.
pub async fn delete_connector(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(word): Segments<String>,
) -> Result<StatusCode, Problem> {
    connectors::delete_connector(&api.service, &caller, kind(&word)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn read(kind: ConnectorKind, tenant: mingjian_domain::id::TenantId, mut fields: Fields) -> error::Result<Connector> {
    let method = match fields.opt_text("method")?.as_deref() {
        Some("GET") => Verb::Get,
        None | Some("POST") => Verb::Post,
        Some("PUT") => Verb::Put,
        Some(_) => return Err(fields.complain("method", "应为 GET、POST 或 PUT")),
    };
    let body = match fields.opt_object("body")? {
        None => BodyTemplate::None,
        Some(mut body) => match body.text("type")?.as_str() {
            "none" => BodyTemplate::None,
            "json" => BodyTemplate::Json(body.text("template")?),
            "form" => BodyTemplate::Form(body.text("template")?),
            _ => return Err(body.complain("type", "应为 none、json 或 form")),
        },
    };
    let accepted = match fields.opt_object("accepted")? {
        None => None,
        Some(mut accepted) => {
            Some(Accepted { pointer: accepted.text("pointer")?, values: accepted.texts("values")?.unwrap_or_default() })
        }
    };
    let number = |fields: &mut Fields, name: &str, usual: u32| -> error::Result<u32> {
        let number = fields.opt_integer(name)?;
        Ok(number.map_or(usual, |number| u32::try_from(number).unwrap_or(u32::MAX)))
    };
    let (timeout_ms, tries) = (number(&mut fields, "timeout_ms", USUAL_TIMEOUT_MS)?, number(&mut fields, "tries", 1)?);
    let headers = map(&mut fields, "headers")?;
    Ok(Connector {
        tenant,
        kind,
        settings: ConnectorSettings {
            method,
            url: fields.text("url")?,
            body,
            timeout_ms,
            tries: u8::try_from(tries).unwrap_or(u8::MAX),
            fields: map(&mut fields, "fields")?,
            accepted,
            texts: map(&mut fields, "texts")?,
            sign: fields.opt_text("sign")?,
        },
        headers: headers.into_iter().map(|(name, value)| (name, Secret::new(value))).collect(),
    })
}

/// An object of texts; absent means empty.
fn map(fields: &mut Fields, name: &str) -> error::Result<BTreeMap<String, String>> {
    fields.opt_object(name)?.map_or(Ok(BTreeMap::new()), Fields::into_texts)
}
