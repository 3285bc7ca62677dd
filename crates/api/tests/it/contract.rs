//! What every answer of the native API is held against, whichever test asked for it: the description of its path.
//!
//! An answer must have a described status, type and body, with nothing in it that is not described; a body that was taken
//! must be one that the description allows. `openapi/README.md` says how a path is described.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, LazyLock, Mutex};

use axum::http::{HeaderMap, Method};
use jsonschema::Validator;
use mingjian_api::ROUTES;
use mingjian_api::openapi::assemble;
use serde_json::{Map, Value, json};

use crate::stage::{Answer, Ask};

static DESCRIPTION: LazyLock<Value> = LazyLock::new(|| assemble().expect("a description"));
/// The same where an object has no fields but those that are described: what answers are held against.
static STRICT: LazyLock<Value> = LazyLock::new(|| {
    let mut strict = DESCRIPTION.clone();
    close(&mut strict);
    strict
});
static VALIDATORS: LazyLock<Mutex<HashMap<String, Arc<Validator>>>> = LazyLock::new(Mutex::default);

/// What was asked.
pub struct Asked {
    method: Method,
    path: String,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Asked {
    pub fn of(ask: &Ask) -> Self {
        let path = ask.path.split('?').next().unwrap_or_default().to_owned();
        Self { method: ask.method.clone(), path, headers: ask.headers.clone(), body: ask.body.clone() }
    }
}

/// Forbids fields that are not described, wherever fields are.
fn close(value: &mut Value) {
    match value {
        Value::Object(map) => {
            let whole = map.get("properties").is_some_and(Value::is_object) && map.contains_key("type");
            if whole && !map.contains_key("additionalProperties") {
                map.insert("additionalProperties".into(), Value::Bool(false));
            }
            map.values_mut().for_each(close);
        }
        Value::Array(items) => items.iter_mut().for_each(close),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

/// A schema of the description, ready to be held against; `key` names it for the next time.
fn validator(key: String, description: &Value, schema: &Value) -> Arc<Validator> {
    let mut validators = VALIDATORS.lock().expect("no test panics while it has them");
    let made = validators.entry(key).or_insert_with_key(|key| {
        let mut root = json!({"$schema": "https://json-schema.org/draft/2020-12/schema", "allOf": [schema]});
        root["components"] = description["components"].clone();
        let made = jsonschema::options().should_validate_formats(true).build(&root);
        Arc::new(made.unwrap_or_else(|error| panic!("the schema of {key}: {error}")))
    });
    made.clone()
}

/// The described path that a path is one of; one without parameters wins.
fn described(path: &str) -> Option<(&'static str, &'static Map<String, Value>)> {
    let paths = DESCRIPTION["paths"].as_object().expect("paths");
    let fits = |pattern: &str| {
        let (mut pattern, mut path) = (pattern.split('/'), path.split('/'));
        loop {
            match (pattern.next(), path.next()) {
                (None, None) => return true,
                (Some(part), Some(there)) if part == there || part.starts_with('{') && !there.is_empty() => {}
                _ => return false,
            }
        }
    };
    let found =
        paths.iter().filter(|(pattern, _)| fits(pattern)).min_by_key(|(pattern, _)| pattern.matches('{').count());
    found.map(|(pattern, item)| (pattern.as_str(), item.as_object().expect("a path item")))
}

/// Fails unless the answer is one that the description allows.
pub fn hold(asked: &Asked, answer: &Answer) {
    let Some((pattern, item)) = described(&asked.path) else { return };
    let method = if asked.method == Method::HEAD { "get".to_owned() } else { asked.method.as_str().to_lowercase() };
    let place = format!("{method} {pattern}");
    let status = answer.status.as_u16();
    if !item.contains_key(&method) {
        assert_eq!(status, 405, "{place} is not described, so it is not there: {}", answer.text());
        return;
    }
    let operation = &STRICT["paths"][pattern][&method];
    let response = &operation["responses"][status.to_string()];
    assert!(response.is_object(), "{place} answered {status}, which is not described: {}", answer.text());
    for name in response["headers"].as_object().into_iter().flatten().map(|(name, _)| name) {
        assert!(answer.headers.contains_key(name.as_str()), "{place} answered {status} without {name}");
    }
    if asked.method == Method::HEAD {
        return;
    }
    let said = answer.header("content-type");
    let essence = said.split(';').next().unwrap_or_default();
    let Some(content) = response["content"].as_object() else {
        assert!(answer.body.is_empty(), "{place} answered {status} with a body that is not described");
        return;
    };
    let media = content.get(essence).unwrap_or_else(|| panic!("{place} answered {status} as {said:?}, not described"));
    if let Some(schema) = media.get("schema").filter(|_| essence.ends_with("json")) {
        let body = answer.json();
        // A problem's schema says two things about the same object, so it cannot be a closed one.
        let (from, schema) = if essence == "application/problem+json" {
            (
                &*DESCRIPTION,
                &DESCRIPTION["paths"][pattern][&method]["responses"][status.to_string()]["content"][essence]["schema"],
            )
        } else {
            (&*STRICT, schema)
        };
        complain(&validator(format!("{place} {status}"), from, schema), &body, &format!("{place} answered {status}"));
    }
    if answer.status.is_success() && !asked.body.is_empty() {
        hold_body(asked, &place, operation);
    }
}

fn hold_body(asked: &Asked, place: &str, operation: &Value) {
    let kind = asked.headers.get("content-type").and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.split(';').next() != Some("application/json") {
        return;
    }
    let (_, rest) = place.split_once(' ').expect("a method and a path");
    let method = place.split(' ').next().expect("a method");
    assert!(operation["requestBody"].is_object(), "{place} took a body, and none is described");
    let schema = &DESCRIPTION["paths"][rest][method]["requestBody"]["content"]["application/json"]["schema"];
    let body: Value = serde_json::from_slice(&asked.body).expect("it was taken, so it is JSON");
    complain(&validator(format!("{place} body"), &DESCRIPTION, schema), &body, &format!("{place} took"));
}

fn complain(validator: &Validator, body: &Value, what: &str) {
    let wrongs: Vec<_> =
        validator.iter_errors(body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(wrongs.is_empty(), "{what} something that its description does not allow: {wrongs:#?}\n{body:#}");
}

#[test]
fn every_native_route_is_described_and_nothing_else() {
    let routes: BTreeSet<_> = ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/api/v1/"))
        .map(|route| (route.path.to_owned(), route.method.to_owned()))
        .collect();
    let mut told = BTreeSet::new();
    for (path, item) in DESCRIPTION["paths"].as_object().expect("paths") {
        let methods = item.as_object().expect("a path item").keys().filter(|key| *key != "parameters");
        told.extend(methods.map(|method| (path.clone(), method.clone())));
    }
    assert_eq!(routes.difference(&told).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not described");
    assert_eq!(told.difference(&routes).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "described in vain");
}

#[test]
fn the_description_refers_to_what_is_there() {
    fn walk(value: &Value, seen: &mut usize) {
        match value {
            Value::Object(map) => {
                if let Some(Value::String(target)) = map.get("$ref") {
                    let pointer = target.strip_prefix('#').expect("a reference within the description");
                    assert!(DESCRIPTION.pointer(pointer).is_some(), "{target} is nowhere");
                    *seen += 1;
                }
                map.values().for_each(|value| walk(value, seen));
            }
            Value::Array(items) => items.iter().for_each(|value| walk(value, seen)),
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
        }
    }
    let mut seen = 0;
    walk(&DESCRIPTION, &mut seen);
    assert!(seen > 20);
}

#[test]
fn an_answer_with_an_undescribed_field_is_found() {
    let schema = json!({"$ref": "#/components/schemas/Detail"});
    let validator = validator("a trial".into(), &STRICT, &schema);
    assert!(validator.is_valid(&json!({"label": "a", "value": "b"})));
    assert!(!validator.is_valid(&json!({"label": "a", "value": "b", "more": 1})));
    assert!(!validator.is_valid(&json!({"label": "a"})));
}

#[test]
fn every_example_of_a_body_is_one_that_its_schema_allows() {
    let mut seen = 0;
    for (path, item) in DESCRIPTION["paths"].as_object().expect("paths") {
        for (method, operation) in item.as_object().expect("a path item") {
            let media = &operation["requestBody"]["content"]["application/json"];
            if let Some(example) = media.get("example") {
                let place = format!("{method} {path}");
                complain(&validator(format!("{place} body"), &DESCRIPTION, &media["schema"]), example, &place);
                seen += 1;
            }
        }
    }
    assert!(seen > 2);
}
