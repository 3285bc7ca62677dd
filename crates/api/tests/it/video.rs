//! The face of 双录系统 1.0: the document's calls, the caller's proof, the page's session, uploads and playing.

mod doors;
mod live;
mod page;
mod proof;
mod redirect;
mod upload;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use mingjian_service::tokens::hmac_hex;
use serde_json::{Value, json};

use crate::golden;
use crate::stage::{Answer, Ask, NOON, Stage, ask, get, post};

/// The demo's AppSecrets.
pub const SECRET: &str = "demo-secret";
pub const OTHER_SECRET: &str = "other-secret";
/// The document's own call, in the spelling of a browser.
pub const DOCUMENT: &str = "/video/redirect?orderList=%E5%BC%A0%E4%B8%89_3402825_%E5%8D%8E%E6%A5%BC%E9%80%9A_A3239239\
    &roleList=%E9%A3%8E%E6%8E%A7%E9%9D%A2%E8%B0%88Code2_%E5%AE%A2%E6%9C%8D%E7%AD%BE%E7%BA%A6Code2_\
    %E4%BF%A1%E6%89%98%E8%A7%86%E9%A2%91Code1";

/// Checks that an answer is a refusal in the document's words.
pub fn refused(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    said_no(answer)
}

/// The same where the status counts.
pub fn said_no(answer: &Answer) -> String {
    let body = answer.json();
    assert_eq!(body["code"], "1", "{body}");
    assert_eq!(body["data"], json!({}), "{body}");
    let msg = body["msg"].as_str().expect("a sentence").to_owned();
    assert!(!msg.is_empty());
    msg
}

/// A POST body with its signature: everything sorted by name and joined, lists comma-joined.
pub fn signed(secret: &str, nonce: &str, fields: Value) -> Value {
    signed_at(secret, nonce, NOON.unix_timestamp(), fields)
}

pub fn signed_at(secret: &str, nonce: &str, time: i64, mut fields: Value) -> Value {
    fields["time"] = json!(time.to_string());
    fields["nonce"] = json!(nonce);
    let object = fields.as_object().expect("an object");
    let text = |value: &Value| match value {
        Value::Array(items) => items.iter().map(|item| item.as_str().expect("text")).collect::<Vec<_>>().join(","),
        Value::String(text) => text.clone(),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::Object(_) => value.to_string(),
    };
    let sorted: BTreeMap<&String, String> = object.iter().map(|(name, value)| (name, text(value))).collect();
    let parts: Vec<String> = sorted.into_iter().map(|(name, value)| format!("{name}={value}")).collect();
    fields["signature"] = json!(hmac_hex(secret.as_bytes(), parts.join("&").as_bytes()));
    fields
}

/// A page that a business system led here.
pub struct Counter {
    pub visit: String,
    pub cookie: String,
    pub csrf: String,
    pub view: Value,
}

impl Counter {
    /// Opens the page that the document's own call leads to.
    pub async fn open(stage: &Stage) -> Self {
        Self::enter(stage, get(DOCUMENT)).await
    }

    /// Follows a redirect and uses its ticket.
    pub async fn enter(stage: &Stage, redirect: Ask) -> Self {
        let answer = stage.ask(redirect).await;
        assert_eq!(answer.status, 302, "{}", answer.text());
        let location = answer.header("location");
        let ticket = location.strip_prefix("/video/main?ticket=").expect("the page with a ticket").to_owned();
        let opened = stage.ask(post("/video/session", &json!({ "ticket": ticket }))).await;
        assert_eq!(opened.json()["code"], "0", "{}", opened.text());
        let cookie = opened.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        let view = opened.json()["data"].clone();
        let text = |name: &str| view[name].as_str().expect("text").to_owned();
        Self { visit: text("visit"), csrf: text("csrfToken"), cookie, view }
    }

    /// A request of this page.
    pub fn ask(&self, method: Method, path: &str) -> Ask {
        ask(method, path).with("cookie", &self.cookie).with("x-visit", &self.visit).with("x-csrf-token", &self.csrf)
    }
}

#[tokio::test]
async fn every_example_and_every_code_of_the_document_is_a_golden_file() {
    let mut seen = BTreeSet::new();
    for file in golden::files("video") {
        golden::play(&Stage::demo().await, "video", &file, &[]).await;
        let codes = golden::read("video", &file).into_iter().filter_map(|exchange| exchange.expected_json());
        seen.extend(codes.filter_map(|body| body["code"].as_str().map(str::to_owned)));
    }
    assert_eq!(seen, BTreeSet::from(["0".to_owned(), "1".to_owned()]), "the document has these two codes");
}
