//! The description of the native API, OpenAPI 3.1: one file per resource in `openapi/`, put together here.
//!
//! The files list the problems of an operation by their slugs. Which status each has, and which ones every operation of
//! its kind may answer, is said by the code alone, so it is filled in here and cannot differ from it.

use std::collections::{BTreeMap, HashSet};
use std::sync::LazyLock;

use axum::http::header;
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use serde_json::{Map, Value, json};

use crate::edge::Compressible;
use crate::problems::Kind;

#[derive(RustEmbed)]
#[folder = "openapi"]
struct Parts;

const BASE: &str = "base.json";
const IDEMPOTENCY_KEY: &str = "#/components/parameters/IdempotencyKey";
/// The methods that operations stand under in a path (OpenAPI 3.1 section 4.8.9).
const METHODS: [&str; 5] = ["get", "put", "post", "delete", "patch"];

static TEXT: LazyLock<String> =
    LazyLock::new(|| assemble().expect("the files of the description are ours and tested").to_string());

/// This description.
pub async fn describe_api() -> Response {
    let kind = (header::CONTENT_TYPE, "application/json");
    let mut response = ([kind], TEXT.as_str()).into_response();
    response.extensions_mut().insert(Compressible);
    response
}

/// Puts the files together.
///
/// # Errors
/// What is wrong with them, for whoever writes them.
pub fn assemble() -> Result<Value, String> {
    let read = |name: &str| -> Result<Value, String> {
        let file = Parts::get(name).ok_or(format!("{name} is missing"))?;
        serde_json::from_slice(&file.data).map_err(|error| format!("{name}: {error}"))
    };
    let mut whole = read(BASE)?;
    let mut names: Vec<_> = Parts::iter().filter(|name| name.ends_with(".json") && name != BASE).collect();
    names.sort_unstable();
    for name in names {
        merge(&mut whole, read(&name)?).map_err(|why| format!("{name}: {why}"))?;
    }
    let public = whole["security"].clone();
    let paths = whole["paths"].as_object_mut().ok_or("paths is no object")?;
    for (path, item) in paths.iter_mut() {
        for method in METHODS {
            if let Some(operation) = item.get_mut(method) {
                fill_in(operation, (method, path), &public).map_err(|why| format!("{method} {path}: {why}"))?;
            }
        }
    }
    Ok(whole)
}

/// The paths whose POST may be sent twice with the same `Idempotency-Key`.
pub(crate) fn repeatable() -> HashSet<String> {
    let whole = assemble().expect("the files of the description are ours and tested");
    let named = |item: &Value| {
        let parameters = item.pointer("/post/parameters").and_then(Value::as_array).cloned().unwrap_or_default();
        parameters.iter().any(|parameter| parameter["$ref"] == IDEMPOTENCY_KEY)
    };
    let paths = whole["paths"].as_object().into_iter().flatten();
    paths.filter(|(_, item)| named(item)).map(|(path, _)| path.clone()).collect()
}

/// Lists are joined, objects are merged, and nothing may be said twice.
fn merge(whole: &mut Value, part: Value) -> Result<(), String> {
    match (whole, part) {
        (Value::Array(whole), Value::Array(part)) => whole.extend(part),
        (Value::Object(whole), Value::Object(part)) => {
            for (name, value) in part {
                match whole.get_mut(&name) {
                    None => drop(whole.insert(name, value)),
                    Some(there) => merge(there, value).map_err(|why| format!("{name}: {why}"))?,
                }
            }
        }
        _ => return Err("it is said twice".into()),
    }
    Ok(())
}

/// Turns `x-problems`, and what every operation of this kind may answer, into responses.
fn fill_in(operation: &mut Value, place: (&str, &str), public: &Value) -> Result<(), String> {
    let operation = operation.as_object_mut().ok_or("it is no object")?;
    let mut kinds = implied(operation, place, public);
    for slug in operation.remove("x-problems").as_ref().and_then(Value::as_array).into_iter().flatten() {
        let slug = slug.as_str().ok_or("a problem is a slug")?;
        kinds.push(*Kind::ALL.iter().find(|kind| kind.slug() == slug).ok_or(format!("there is no problem {slug}"))?);
    }
    let mut by_status: BTreeMap<u16, Vec<Kind>> = BTreeMap::new();
    for kind in kinds {
        let same = by_status.entry(kind.status().as_u16()).or_default();
        if !same.contains(&kind) {
            same.push(kind);
        }
    }
    let responses = operation.get_mut("responses").and_then(Value::as_object_mut).ok_or("it has no responses")?;
    for (status, kinds) in by_status {
        let slugs: Vec<_> = kinds.iter().map(|kind| kind.slug()).collect();
        let types: Vec<_> = slugs.iter().map(|slug| format!("/problems/{slug}")).collect();
        let schema = json!({
            "allOf": [{"$ref": "#/components/schemas/Problem"}, {"properties": {"type": {"enum": types}}}],
        });
        let response = json!({
            "description": slugs.join(", "),
            "content": {"application/problem+json": {"schema": schema}},
        });
        if responses.insert(status.to_string(), response).is_some() {
            return Err(format!("{status} is said twice"));
        }
    }
    Ok(())
}

/// What an operation may answer because of what it asks for.
fn implied(operation: &Map<String, Value>, (method, path): (&str, &str), public: &Value) -> Vec<Kind> {
    let schemes = operation.get("security").unwrap_or(public).as_array().cloned().unwrap_or_default();
    let takes = |scheme: &str| schemes.iter().any(|one| one.get(scheme).is_some());
    let mut kinds = vec![Kind::ForeignHost, Kind::Busy, Kind::Fault];
    if !schemes.is_empty() {
        kinds.extend([Kind::NoCredentials, Kind::WrongSecret, Kind::SessionExpired, Kind::NotEntitled]);
        if takes("session") && method != "get" {
            kinds.push(Kind::NoCsrfToken);
        }
    }
    if path.contains('{') {
        // A part of the path that is no UTF-8 names nothing.
        kinds.push(Kind::NotFound);
    }
    let body = operation.get("requestBody").and_then(|body| body.get("content"));
    if body.is_some_and(|body| body.get("application/json").is_some()) {
        kinds.extend([Kind::Malformed, Kind::Invalid, Kind::UnsupportedType, Kind::TooLarge, Kind::TooSlow]);
    }
    let parameters = operation.get("parameters").and_then(Value::as_array).cloned().unwrap_or_default();
    for parameter in &parameters {
        match parameter.get("$ref").and_then(Value::as_str) {
            Some(IDEMPOTENCY_KEY) => {
                kinds.extend([
                    Kind::KeyInUse,
                    Kind::KeyReused,
                    Kind::Invalid,
                    Kind::TooLarge,
                    Kind::TooSlow,
                    Kind::Malformed,
                ]);
            }
            Some("#/components/parameters/IfMatch") => kinds.extend([Kind::ChangedMeanwhile, Kind::Malformed]),
            Some("#/components/parameters/Cursor" | "#/components/parameters/Limit") => {
                kinds.extend([Kind::Malformed, Kind::Invalid]);
            }
            Some(_) => {}
            None if parameter["in"] == "query" => kinds.extend([Kind::Malformed, Kind::Invalid]),
            None => {}
        }
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_fit_together() {
        let whole = assemble().expect("a description");
        let create = &whole["paths"]["/api/v1/orders"]["post"];
        assert!(create.get("x-problems").is_none());
        let conflict = create["responses"]["409"]["description"].as_str().expect("409 is described");
        assert!(conflict.contains("name-taken"), "{conflict}");
        assert!(whole["paths"]["/api/v1/session"]["post"]["responses"].get("403").is_some());
    }

    #[test]
    fn what_is_said_twice_is_found() {
        let mut whole = json!({"paths": {"/a": {"get": {"summary": "one"}}}, "tags": [1]});
        assert_eq!(merge(&mut whole, json!({"paths": {"/a": {"post": {}}}, "tags": [2]})), Ok(()));
        assert_eq!(whole["tags"], json!([1, 2]));
        let twice = merge(&mut whole, json!({"paths": {"/a": {"get": {"summary": "two"}}}}));
        assert_eq!(twice, Err("paths: /a: get: summary: it is said twice".to_owned()));
    }

    #[test]
    fn every_operation_tells_how_it_refuses() {
        let whole = assemble().expect("a description");
        let mut seen = 0;
        for (path, item) in whole["paths"].as_object().expect("paths") {
            for operation in METHODS.iter().filter_map(|&method| item.get(method)) {
                let told = |status: &str| operation["responses"].get(status).is_some();
                assert!(told("429") && told("500"), "{path}");
                assert!(operation["operationId"].is_string() && operation["summary"].is_string(), "{path}");
                seen += 1;
            }
        }
        assert!(seen > 5);
    }
}
