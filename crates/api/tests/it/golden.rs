//! Plays golden files: requests as a document has them, answers compared with ids and times masked.
//! `tests/wire/README.md` says how a file is written.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use axum::http::{HeaderName, HeaderValue};
use serde_json::Value;

use crate::stage::{Answer, Ask, Stage, ask};

/// One request with the answer that is expected.
pub struct Exchange {
    /// Where it stands, for the message of a failure.
    pub place: String,
    request: Vec<String>,
    body: String,
    /// The expected status.
    pub status: u16,
    headers: Vec<(String, String)>,
    expected: String,
}

fn folder(face: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/wire").join(face)
}

/// Every golden file of a face, in the order of their names.
pub fn files(face: &str) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder(face))
        .expect("the face has a folder of golden files")
        .map(|entry| entry.expect("a readable folder").file_name().into_string().expect("a plain name"))
        .filter(|name| name.ends_with(".http"))
        .collect();
    names.sort_unstable();
    assert!(!names.is_empty(), "no golden file in {face}");
    names
}

/// The exchanges of one golden file.
pub fn read(face: &str, file: &str) -> Vec<Exchange> {
    let text = std::fs::read_to_string(folder(face).join(file)).expect("a golden file");
    let mut exchanges = Vec::new();
    let mut lines = text.lines().enumerate().peekable();
    while let Some((number, line)) = lines.next() {
        if line.is_empty() || line.starts_with("//") {
            continue;
        }
        let place = format!("{face}/{file}:{}", number + 1);
        let marked = |line: &str, mark: &str| line.strip_prefix(mark).map(|rest| rest.trim().to_owned());
        let mut request = vec![marked(line, ">").unwrap_or_else(|| panic!("{place}: a request begins with >"))];
        while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with('>')) {
            request.extend(marked(line, ">"));
        }
        let mut body = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.starts_with('<')) {
            body.push(line);
        }
        let mut answer = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| line.starts_with('<')) {
            answer.extend(marked(line, "<"));
        }
        let mut expected = Vec::new();
        while let Some((_, line)) = lines.next_if(|(_, line)| !line.starts_with('>') && !line.starts_with("//")) {
            expected.push(line);
        }
        let mut answer = answer.into_iter();
        let status = answer.next().and_then(|status| status.parse().ok());
        let headers = answer.map(|line| {
            let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{place}: a header has a colon"));
            (name.trim().to_owned(), value.trim().to_owned())
        });
        exchanges.push(Exchange {
            request,
            body: body.join("\n").trim().to_owned(),
            status: status.unwrap_or_else(|| panic!("{place}: an answer begins with < and its status")),
            headers: headers.collect(),
            expected: expected.join("\n").trim().to_owned(),
            place,
        });
    }
    exchanges
}

impl Exchange {
    /// The expected body as JSON, if it is.
    pub fn expected_json(&self) -> Option<Value> {
        serde_json::from_str(&self.expected).ok()
    }

    /// Path and query of the request.
    pub fn path(&self) -> &str {
        self.request.first().and_then(|line| line.split_once(' ')).map_or("", |(_, path)| path)
    }

    /// The expected body as it stands.
    pub fn expected_text(&self) -> &str {
        &self.expected
    }

    /// Asks and compares; what the answer names is kept for the exchanges that follow.
    pub async fn play(&self, stage: &Stage, known: &mut BTreeMap<String, String>) -> Answer {
        let mut lines = self.request.iter().map(|line| fill(line, known));
        let first = lines.next().expect("a request has a first line");
        let (method, path) = first.split_once(' ').unwrap_or_else(|| panic!("{}: METHOD /path", self.place));
        let mut request: Ask = ask(method.parse().expect("a method"), path);
        for line in lines {
            let (name, value) = line.split_once(':').unwrap_or_else(|| panic!("{}: a header has a colon", self.place));
            let name = HeaderName::from_bytes(name.trim().to_lowercase().as_bytes()).expect("a header name");
            request.headers.insert(name, HeaderValue::from_bytes(value.trim().as_bytes()).expect("a header value"));
        }
        request.body = fill(&self.body, known).into_bytes();
        let kind = request.headers.get("content-type").map(HeaderValue::as_bytes);
        if kind.is_some_and(|kind| kind.starts_with(b"multipart/")) {
            // RFC 2046 section 4.1.1: lines end with CR LF, which a file of ours cannot show.
            request.body = fill(&self.body, known).replace('\n', "\r\n").into_bytes();
        }
        let answer = stage.ask(request).await;
        assert_eq!(answer.status.as_u16(), self.status, "{}: {}", self.place, answer.text());
        for (name, wanted) in &self.headers {
            let got = Value::String(answer.header(name));
            compare(&self.place, name, &Value::String(fill(wanted, known)), &got, known);
        }
        match self.expected_json() {
            Some(wanted) => compare(&self.place, "", &filled(&wanted, known), &answer.json(), known),
            None => assert_eq!(answer.text().trim(), fill(&self.expected, known), "{}", self.place),
        }
        answer
    }
}

/// Plays one file. `known` are names that the test brings along.
pub async fn play(stage: &Stage, face: &str, file: &str, known: &[(&str, &str)]) -> BTreeMap<String, String> {
    let mut known = known.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    for exchange in read(face, file) {
        exchange.play(stage, &mut known).await;
    }
    known
}

/// Puts what is known in place of `{{name}}`.
fn fill(text: &str, known: &BTreeMap<String, String>) -> String {
    known.iter().fold(text.to_owned(), |text, (name, value)| text.replace(&format!("{{{{{name}}}}}"), value))
}

fn filled(value: &Value, known: &BTreeMap<String, String>) -> Value {
    match value {
        Value::String(text) => Value::String(fill(text, known)),
        Value::Array(items) => items.iter().map(|item| filled(item, known)).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), filled(value, known))).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.clone(),
    }
}

fn compare(place: &str, path: &str, wanted: &Value, got: &Value, known: &mut BTreeMap<String, String>) {
    match (wanted, got) {
        (Value::String(mask), got) if mask.starts_with("{{") && mask.ends_with("}}") => {
            let inner = &mask[2..mask.len() - 2];
            let (name, kind) = inner.split_once(':').map_or((None, inner), |(name, kind)| (Some(name), kind));
            assert!(is_of(kind, got), "{place}: {path} should be {kind}, got {got}");
            if let Some(name) = name {
                let text = got.as_str().map_or_else(|| got.to_string(), str::to_owned);
                known.insert(name.to_owned(), text);
            }
        }
        (Value::Object(wanted), Value::Object(got)) => {
            let names = |map: &serde_json::Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            let (mut left, mut right) = (names(wanted), names(got));
            left.sort_unstable();
            right.sort_unstable();
            assert_eq!(left, right, "{place}: the fields of {path:?}");
            for (name, wanted) in wanted {
                compare(place, &format!("{path}.{name}"), wanted, &got[name], known);
            }
        }
        (Value::Array(wanted), Value::Array(got)) => {
            assert_eq!(wanted.len(), got.len(), "{place}: the length of {path:?}: {got:?}");
            for (n, (wanted, got)) in wanted.iter().zip(got).enumerate() {
                compare(place, &format!("{path}[{n}]"), wanted, got, known);
            }
        }
        (wanted, got) => assert_eq!(wanted, got, "{place}: {path}"),
    }
}

fn is_of(kind: &str, value: &Value) -> bool {
    let shape = |pattern: &str| {
        value.as_str().is_some_and(|text| {
            text.len() == pattern.len()
                && text.bytes().zip(pattern.bytes()).all(|(got, wanted)| match wanted {
                    b'9' => got.is_ascii_digit(),
                    b'x' => got.is_ascii_digit() || (b'a'..=b'f').contains(&got),
                    wanted => got == wanted,
                })
        })
    };
    match kind {
        "any" => true,
        "text" => value.as_str().is_some_and(|text| !text.is_empty()),
        "number" => value.is_number(),
        "uuid" => shape("xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx"),
        "hex32" => shape("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"),
        "datetime" => shape("9999-99-99 99:99:99") || shape("9999-99-99 99:99:99.999999"),
        "date" => shape("9999-99-99"),
        "time" => shape("99:99:99"),
        "url" => value.as_str().is_some_and(|text| text.starts_with("http://") || text.starts_with("https://")),
        _ => panic!("there is no kind {kind:?}"),
    }
}

#[tokio::test]
async fn our_own_golden_files_hold() {
    for file in files("native") {
        play(&Stage::demo().await, "native", &file, &[]).await;
    }
}

#[test]
fn a_mask_takes_its_kind_and_nothing_else() {
    assert!(is_of("uuid", &"0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77".into()));
    assert!(!is_of("uuid", &"0190A5F2-8c1e-7d3a-9b4f-2f6c1d0e8a77".into()));
    assert!(
        is_of("datetime", &"2026-11-25 15:00:00".into()) && is_of("datetime", &"2026-11-25 15:00:00.123456".into())
    );
    assert!(!is_of("datetime", &"2026-11-25T15:00:00Z".into()));
    assert!(is_of("number", &1.into()) && !is_of("number", &"1".into()));
    assert!(!is_of("text", &"".into()) && !is_of("url", &"/d/x".into()));
}

#[test]
#[should_panic(expected = "the fields of")]
fn a_field_more_than_expected_is_told() {
    let (wanted, got) = (serde_json::json!({"a": 1}), serde_json::json!({"a": 1, "b": 2}));
    compare("here", "", &wanted, &got, &mut BTreeMap::new());
}
