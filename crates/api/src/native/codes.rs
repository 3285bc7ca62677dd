//! Material codes and the other code tables of the archive.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingjian_domain::archive::codes::{Code, CodeTable};
use mingjian_domain::error::{Error, Noun};
use mingjian_service::archive::codes;
use serde::Serialize;

use crate::Shared;
use crate::caller::Known;
use crate::fields::Fields;
use crate::params::Segments;
use crate::problems::Problem;

#[derive(Serialize)]
struct CodeView {
    code: String,
    name: String,
}

impl From<Code> for CodeView {
    fn from(code: Code) -> Self {
        Self { code: code.code, name: code.name }
    }
}

#[derive(Serialize)]
struct ItemsView<T> {
    items: Vec<T>,
}

#[derive(Serialize)]
struct TableView {
    name: &'static str,
    items: Vec<CodeView>,
}

fn table(word: &str) -> Result<CodeTable, Problem> {
    CodeTable::from_word(word).ok_or_else(|| Error::Missing(Noun::Code).into())
}

/// The material codes in use, in their order.
///
/// # Errors
/// No credentials.
pub async fn list_material_codes(State(api): State<Shared>, Known(caller): Known) -> Result<Response, Problem> {
    let codes = codes::list_codes(&api.service, &caller, CodeTable::Material).await?;
    Ok(Json(ItemsView { items: codes.into_iter().map(CodeView::from).collect() }).into_response())
}

/// Adds a material code: `{code, name}`.
///
/// # Errors
/// Invalid naming the field; name taken; not entitled.
pub async fn add_material_code(State(api): State<Shared>, caller: Known, fields: Fields) -> Result<Response, Problem> {
    add(&api, caller, CodeTable::Material, fields).await
}

/// Gives a material code another name: `{name}`.
///
/// # Errors
/// Code unknown; invalid; not entitled.
pub async fn rename_material_code(
    State(api): State<Shared>,
    caller: Known,
    Segments(code): Segments<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    rename(&api, caller, CodeTable::Material, &code, fields).await
}

/// Takes a material code out of use.
///
/// # Errors
/// Code unknown; not entitled.
pub async fn remove_material_code(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(code): Segments<String>,
) -> Result<StatusCode, Problem> {
    codes::remove_code(&api.service, &caller, CodeTable::Material, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Every code table with its codes.
///
/// # Errors
/// No credentials.
pub async fn list_code_tables(State(api): State<Shared>, Known(caller): Known) -> Result<Response, Problem> {
    let mut items = Vec::new();
    for table in CodeTable::ALL {
        let codes = codes::list_codes(&api.service, &caller, table).await?;
        items.push(TableView { name: table.word(), items: codes.into_iter().map(CodeView::from).collect() });
    }
    Ok(Json(ItemsView { items }).into_response())
}

/// Adds a code to a table: `{code, name}`.
///
/// # Errors
/// Code unknown for a table that is none; invalid naming the field; name taken; not entitled.
pub async fn add_code(
    State(api): State<Shared>,
    caller: Known,
    Segments(word): Segments<String>,
    fields: Fields,
) -> Result<Response, Problem> {
    add(&api, caller, table(&word)?, fields).await
}

/// Gives a code of a table another name: `{name}`.
///
/// # Errors
/// Code unknown; invalid; not entitled.
pub async fn rename_code(
    State(api): State<Shared>,
    caller: Known,
    Segments((word, code)): Segments<(String, String)>,
    fields: Fields,
) -> Result<Response, Problem> {
    rename(&api, caller, table(&word)?, &code, fields).await
}

/// Takes a code of a table out of use.
///
/// # Errors
/// Code unknown; not entitled.
pub async fn remove_code(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments((word, code)): Segments<(String, String)>,
) -> Result<StatusCode, Problem> {
    codes::remove_code(&api.service, &caller, table(&word)?, &code).await?;
    Ok(StatusCode::NO_CONTENT)
}

async fn add(api: &Shared, Known(caller): Known, table: CodeTable, mut fields: Fields) -> Result<Response, Problem> {
    let (code, name) = (fields.text("code")?, fields.text("name")?);
    let code = codes::add_code(&api.service, &caller, table, code.trim(), &name).await?;
    Ok((StatusCode::CREATED, Json(CodeView::from(code))).into_response())
}

async fn rename(
    api: &Shared,
    Known(caller): Known,
    table: CodeTable,
    code: &str,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let code = codes::rename_code(&api.service, &caller, table, code, &fields.text("name")?).await?;
    Ok(Json(CodeView::from(code)).into_response())
}
