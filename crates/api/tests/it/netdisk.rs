//! The face of the document 录像管理: its examples, its codes, and what nobody may do there.

mod names;

use std::collections::{BTreeMap, BTreeSet};

use axum::http::Method;
use mingjian_api::limits::{Limits, Rate};
use mingjian_api::{ApiSettings, ROUTES};
use mingjian_domain::file::{FilePath, Hold, Retention};
use mingjian_domain::interface::{FaceName, Switches};
use serde_json::{Value, json};
use time::Duration;
use time::macros::datetime;

use crate::golden::{self, Exchange};
use crate::stage::{Answer, Ask, GENEROUS, NOON, Stage, ask, get, post};

/// The words by which the two tenants prove themselves.
pub const DEMOBK: (i64, &str) = (1, "a7febff6a21c36fb50150f88c95ef641");
pub const OTHERB: (i64, &str) = (2, "e6877359c71af4de1ce7a8c516ba80f3");

/// A call with these words and the caller's own.
pub fn call(caller: (i64, &str), path: &str, words: Value) -> Ask {
    let mut body = json!({"RequestId": "r-1", "CompID": caller.0, "SecretKey": caller.1});
    let Value::Object(words) = words else { panic!("words are an object") };
    body.as_object_mut().expect("an object").extend(words);
    post(format!("/CLOUDROOM-API/{path}"), &body)
}

pub async fn said(stage: &Stage, ask: Ask) -> Value {
    let answer = stage.ask(ask).await;
    assert_eq!(answer.status, 200, "always 200: {}", answer.text());
    answer.json()
}

/// Checks a code.
pub fn has_code(said: &Value, code: &str) {
    assert_eq!(said["RspCode"], code, "{said}");
}

/// A part of a form: its name, the name of its file if it is one, and its bytes.
pub type Part<'a> = (&'a str, Option<&'a [u8]>, &'a [u8]);

const BOUNDARY: &str = "--mj";

/// An upload of these parts behind the caller's words.
pub fn upload(caller: (i64, &str), parts: &[Part<'_>]) -> Ask {
    let company = caller.0.to_string();
    let own: [Part<'_>; 3] =
        [("RequestId", None, b"r-1"), ("CompID", None, company.as_bytes()), ("SecretKey", None, caller.1.as_bytes())];
    let mut body = Vec::new();
    for (name, file, bytes) in own.iter().chain(parts) {
        body.extend(format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{name}\"").bytes());
        if let Some(file) = file {
            body.extend(b"; filename=\"".iter().chain(*file).chain(b"\"\r\nContent-Type: video/mp4"));
        }
        body.extend(b"\r\n\r\n".iter().chain(*bytes).chain(b"\r\n"));
    }
    body.extend(format!("--{BOUNDARY}--\r\n").bytes());
    let ask = ask(Method::POST, "/CLOUDROOM-API/netDisk/upload");
    Ask { body, ..ask.with("content-type", &format!("multipart/form-data; boundary={BOUNDARY}")) }
}

pub const MP4: &[u8] = b"\0\0\0\x18ftypisom\0\0\x02\0isommp42 moving pictures";

pub async fn put(stage: &Stage, folder: &str, name: &str) {
    let parts: [Part<'_>; 3] =
        [("FileName", None, name.as_bytes()), ("DirPath", None, folder.as_bytes()), ("file", Some(b"x.mp4"), MP4)];
    has_code(&said(stage, upload(DEMOBK, &parts)).await, "0");
}

pub async fn list(stage: &Stage, words: Value) -> Value {
    let said = said(stage, call(DEMOBK, "netDisk/query", words)).await;
    has_code(&said, "0");
    said["Data"].clone()
}

pub fn names(listing: &Value) -> Vec<&str> {
    let files = listing["fileList"].as_array().expect("a list");
    files.iter().map(|file| file["fileName"].as_str().expect("a name")).collect()
}

async fn switch(stage: &Stage, change: impl FnOnce(&mut Switches)) {
    let mut tx = stage.service.store.begin().await.expect("a transaction");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let mut switches = tx.interfaces().lookup(tenant).await.expect("a store").expect("an interface").switches;
    change(&mut switches);
    tx.interfaces().set_switches(tenant, &switches).await.expect("a store");
    tx.commit().await.expect("a commit");
}

/// Keeps two files that may not be deleted.
async fn keep(stage: &Stage) {
    put(stage, "/", "held.mp4").await;
    put(stage, "/", "kept.mp4").await;
    let mut tx = stage.service.store.begin().await.expect("a transaction");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let until = datetime!(2031-11-23 12:00 UTC);
    let retention = Retention { until, reason: "监管规定保存五年".into() };
    let hold = Hold { since: NOON, reason: "诉讼保全".into() };
    for (path, retention, hold) in [("/held.mp4", None, Some(&hold)), ("/kept.mp4", Some(&retention), None)] {
        let path = FilePath::parse(path).expect("a path");
        let file = tx.files().lookup_by_path(tenant, &path).await.expect("a store").expect("a file");
        tx.files().set_keeping(file.id, retention, hold).await.expect("a store");
    }
    tx.commit().await.expect("a commit");
}

/// The stage that a golden file is played on.
async fn stage_of(file: &str) -> Stage {
    let none = Rate { per_second: 1, burst: 0 };
    match file {
        "busy.http" => {
            let limits = Limits { face: none, ..GENEROUS };
            Stage::with(ApiSettings { demo: true, limits, ..ApiSettings::default() }).await
        }
        "off.http" => {
            let stage = Stage::demo().await;
            switch(&stage, |switches| _ = switches.off.insert(FaceName::Netdisk)).await;
            stage
        }
        "full.http" => {
            let stage = Stage::demo().await;
            switch(&stage, |switches| switches.quota_bytes = Some(10)).await;
            stage
        }
        "held.http" => {
            let stage = Stage::demo().await;
            keep(&stage).await;
            stage
        }
        _ => Stage::demo().await,
    }
}

#[tokio::test]
async fn every_example_is_answered_as_the_document_has_it() {
    for file in golden::files("netdisk") {
        golden::play(&stage_of(&file).await, "netdisk", &file, &[]).await;
    }
}

#[test]
fn every_code_of_every_table_is_produced_by_an_example() {
    let mut produced: BTreeMap<String, BTreeSet<u8>> = BTreeMap::new();
    for file in golden::files("netdisk") {
        for exchange in golden::read("netdisk", &file) {
            let path = exchange.path();
            let call = path.split('?').next().and_then(|path| path.split_once("-API/")).expect("a path of this face").1;
            let code = code_of(&exchange);
            produced.entry(call.to_owned()).or_default().insert(code);
        }
    }
    let table = |call: &str, codes: std::ops::RangeInclusive<u8>| {
        let missing: Vec<u8> = codes.filter(|code| !produced.get(call).is_some_and(|own| own.contains(code))).collect();
        assert!(missing.is_empty(), "no example of {call} is answered with {missing:?}");
    };
    table("netDisk/query", 0..=5);
    table("netDisk/delete", 0..=5);
    table("netDisk/upload", 0..=11);
    table("queue/add", 6..=6);
    table("queue/modify", 6..=6);
    table("room/delete", 6..=6);
}

fn code_of(exchange: &Exchange) -> u8 {
    let text = match exchange.expected_json() {
        Some(said) => said["RspCode"].as_str().map(str::to_owned),
        None => exchange
            .expected_text()
            .split("\"RspCode\":\"")
            .nth(1)
            .and_then(|rest| rest.split('"').next())
            .map(str::to_owned),
    };
    text.and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{}: a code", exchange.place))
}

/// Every door of this face.
fn doors() -> Vec<(Method, &'static str)> {
    let own = ROUTES.iter().filter(|route| route.path.starts_with("/CLOUD"));
    own.map(|route| (route.method.to_uppercase().parse().expect("a method"), route.path)).collect()
}

fn code(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()["RspCode"].as_str().expect("a code").to_owned()
}

#[tokio::test]
async fn no_door_opens_to_a_stranger_or_to_rough_hands() {
    let stage = Stage::demo().await;
    let doors = doors();
    assert!(doors.len() >= 16, "both prefixes: {doors:?}");
    for (method, path) in doors {
        let is_upload = path.ends_with("/upload");
        let knock = |body: &str| {
            let ask = ask(
                method.clone(),
                if method == Method::GET { format!("{path}?RequestId=1") } else { path.to_owned() },
            );
            ask.json(body.to_owned())
        };
        assert_eq!(code(&stage.ask(knock("{}")).await), "4", "{path} without credentials");
        assert_eq!(code(&stage.ask(knock("{\"RequestId")).await), "4", "{path} with a broken body");
        if method == Method::POST && !is_upload {
            let large = format!("{{\"RequestId\":\"{}\"}}", "x".repeat(70_000));
            assert_eq!(code(&stage.ask(knock(&large)).await), "4", "{path} with a body too large");
            let wrong = json!({"RequestId": "1", "CompID": 1, "SecretKey": OTHERB.1}).to_string();
            assert_eq!(code(&stage.ask(knock(&wrong)).await), "3", "{path} with another's secret");
            let foreign =
                json!({"RequestId": "1", "CompID": 1, "SecretKey": DEMOBK.1, "AppId": "other-app"}).to_string();
            assert_eq!(code(&stage.ask(knock(&foreign)).await), "2", "{path} with another's project");
        }
        let other = if path.ends_with("netDisk/query") { Method::PUT } else { Method::GET };
        let answer = stage.ask(ask(other, path)).await;
        assert_eq!(code(&answer), "4", "{path} with another method");
        assert!(!answer.header("allow").is_empty(), "{path} tells its methods");
    }
    let unknown = stage.ask(post("/CLOUDMEETING-API/nothing/here", &json!({}))).await;
    assert_eq!(code(&unknown), "4");
    let bare = stage.ask(get("/CLOUDROOM-API")).await;
    assert_eq!(code(&bare), "4");
}

#[tokio::test]
async fn a_tenant_finds_and_deletes_nothing_of_another() {
    let stage = Stage::demo().await;
    put(&stage, "/secret", "a.mp4").await;
    let ours = list(&stage, json!({"FilePath": "/secret/"})).await;
    let id = ours["fileList"][0]["id"].as_i64().expect("a number");
    for words in [json!({}), json!({"FilePath": "/secret/"}), json!({"FileName": "/secret/a.mp4"})] {
        let theirs = said(&stage, call(OTHERB, "netDisk/query", words)).await;
        has_code(&theirs, "0");
        assert_eq!(theirs["Data"]["fileNum"], 0);
        assert_eq!((&theirs["Data"]["fileList"], &theirs["Data"]["dirData"]), (&json!([]), &json!([])));
    }
    for words in [json!({"FileID": id}), json!({"FileName": "/secret/a.mp4"})] {
        let there = said(&stage, call(OTHERB, "netDisk/delete", words.clone())).await;
        let nowhere = said(&stage, call(OTHERB, "netDisk/delete", json!({"FileID": id + 1_000}))).await;
        assert_eq!(there, nowhere, "a file of another is as one that is not there");
    }
    assert_eq!(names(&list(&stage, json!({"FileName": "/secret/a.mp4"})).await), ["a.mp4"]);
}

#[tokio::test]
async fn pages_of_one_search_stay_as_they_were() {
    let stage = Stage::demo().await;
    for n in 0..5 {
        put(&stage, "/", &format!("{n}.mp4")).await;
        stage.wait(Duration::seconds(20));
    }
    let first = list(&stage, json!({"PageSize": 2})).await;
    assert_eq!((names(&first), &first["fileNum"]), (vec!["4.mp4", "3.mp4"], &json!(5)));
    let search = first["searchTime"].clone();
    assert_eq!(search.as_str().map(str::len), Some("2026-11-23 20:00:00.000000".len()));
    put(&stage, "/", "later.mp4").await;
    has_code(&said(&stage, call(DEMOBK, "netDisk/delete", json!({"FileName": "/2.mp4"}))).await, "0");
    stage.wait(Duration::seconds(20));
    let second = list(&stage, json!({"PageSize": 2, "PageNumber": 2, "SearchTime": search})).await;
    assert_eq!((names(&second), &second["fileNum"]), (vec!["2.mp4", "1.mp4"], &json!(5)));
    assert_eq!(second["fileList"][0]["downUrl"], "", "what was deleted later is listed, and cannot be fetched");
    assert_ne!(second["fileList"][1]["downUrl"], "");
    assert_eq!(second["searchTime"], search);
    let third = list(&stage, json!({"PageSize": 2, "PageNumber": 3, "SearchTime": search})).await;
    assert_eq!(names(&third), ["0.mp4"]);
    let now = list(&stage, json!({})).await;
    assert_eq!(names(&now), ["later.mp4", "4.mp4", "3.mp4", "1.mp4", "0.mp4"]);
}

#[tokio::test]
async fn a_link_needs_nothing_else_and_ends_with_the_file() {
    let stage = Stage::demo().await;
    put(&stage, "/", "a.mp4").await;
    let url = list(&stage, json!({})).await["fileList"][0]["downUrl"].as_str().expect("a link").to_owned();
    let path = url.strip_prefix("http://127.0.0.1:8080").expect("the request's own host").to_owned();
    let fetched = stage.ask(get(&path).with("range", "bytes=4-7")).await;
    assert_eq!((fetched.status.as_u16(), &fetched.body[..]), (206, &b"ftyp"[..]));
    has_code(&said(&stage, call(DEMOBK, "netDisk/delete", json!({"FileName": "/a.mp4"}))).await, "0");
    assert_eq!(stage.ask(get(&path)).await.status, 404);
}

#[tokio::test]
async fn pages_by_get_are_off_until_the_tenant_lists_an_origin() {
    let stage = Stage::demo().await;
    let query = "RequestId=1&CompID=1&SecretKey=a7febff6a21c36fb50150f88c95ef641";
    let path = format!("/CLOUDROOM-API/netDisk/query?{query}");
    let plain = stage.ask(get(&path).with("origin", "http://localhost:8000")).await;
    assert_eq!(
        (code(&plain).as_str(), plain.header("access-control-allow-origin").as_str()),
        ("0", "http://localhost:8000")
    );
    assert_eq!(code(&stage.ask(get(&path)).await), "0", "a program without a page says no origin");
    assert_eq!(code(&stage.ask(get(&path).with("origin", "https://evil.example")).await), "1");
    let script = stage.ask(get(format!("{path}&callback=cb"))).await.text();
    assert!(
        script.starts_with("/**/cb(") && script.contains("\"RspCode\":\"1\""),
        "a script that hides its page: {script}"
    );
    switch(&stage, |switches| switches.netdisk_get_from = None).await;
    assert_eq!(code(&stage.ask(get(&path)).await), "1", "off");
    has_code(&said(&stage, call(DEMOBK, "netDisk/query", json!({}))).await, "0");
}

#[tokio::test]
async fn guesses_are_counted_by_address_and_never_shut_a_bank_out() {
    let rate = Rate { per_second: 1, burst: 3 };
    let limits = Limits { stranger: rate, ..GENEROUS };
    let stage = Stage::with(ApiSettings { demo: true, limits, ..ApiSettings::default() }).await;
    let codes: Vec<String> = {
        let mut codes = Vec::new();
        for _ in 0..5 {
            let guess = call((1, "00000000000000000000000000000000"), "netDisk/query", json!({}));
            codes.push(code(&stage.ask(guess).await));
        }
        codes
    };
    assert_eq!(codes, ["3", "3", "3", "5", "5"]);
    has_code(&said(&stage, call(DEMOBK, "netDisk/query", json!({}))).await, "0");
}

#[tokio::test]
async fn a_disk_without_room_is_told_as_such() {
    let stage = Stage::full().await;
    let parts: [Part<'_>; 2] = [("FileName", None, b"a.mp4"), ("file", Some(b"a.mp4"), MP4)];
    has_code(&said(&stage, upload(DEMOBK, &parts)).await, "10");
    let stage = stage.restarted().await;
    has_code(&said(&stage, upload(DEMOBK, &parts)).await, "0");
}
