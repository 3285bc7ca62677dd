//! The face on controlling a meeting: the document's examples, its codes, and its doors.

use std::collections::BTreeSet;

use axum::http::Method;
use mingjian_api::limits::{Limits, Rate};
use mingjian_api::{ApiSettings, ROUTES};
use mingjian_service::interfaces::md5_hex;
use serde_json::{Value, json};

use crate::golden;
use crate::stage::{Ask, GENEROUS, Stage, ask};

const FACE: &str = "meeting";
/// The document's codes, but for 200009: booking is not part of what is served.
const CODES: [&str; 12] =
    ["200", "400", "403", "500", "200001", "200002", "200003", "200004", "200005", "200006", "200007", "200008"];

/// A stage where each tenant has one request at a face.
async fn narrow() -> Stage {
    let once = Rate { per_second: 1, burst: 1 };
    let limits = Limits { face: once, ..GENEROUS };
    Stage::with(ApiSettings { demo: true, limits, ..ApiSettings::default() }).await
}

#[tokio::test]
async fn every_example_of_the_document_is_answered_as_it_says() {
    let md5 = md5_hex(&["demo", "demo-key"]);
    for file in golden::files(FACE) {
        let stage = if file == "busy.http" { narrow().await } else { Stage::demo().await };
        golden::play(&stage, FACE, &file, &[("md5", &md5)]).await;
    }
}

#[test]
fn every_code_of_the_document_is_in_an_example() {
    let mut told = BTreeSet::new();
    for file in golden::files(FACE) {
        for exchange in golden::read(FACE, &file) {
            assert_eq!(exchange.status, 200, "{}", exchange.place);
            let body = exchange.expected_json().expect("every answer is JSON");
            told.insert(body["code"].as_str().expect("a code").to_owned());
        }
    }
    assert_eq!(told, CODES.iter().map(|&code| code.to_owned()).collect());
}

/// The routes of the face with a request that leads somewhere.
fn doors() -> Vec<(Method, &'static str, Option<Value>)> {
    let number = || Some(json!({"conferenceKey": "1866"}));
    let record = || Some(json!({"recordId": "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77"}));
    vec![
        (Method::POST, "/meeting/openRecord", number()),
        (Method::POST, "/meeting/closeRecord", number()),
        (Method::POST, "/meeting/getRecords", record()),
        (Method::POST, "/meeting/delRecordFile", record()),
        (Method::POST, "/meeting/openLive", number()),
        (Method::POST, "/meeting/closeLive", number()),
        (Method::POST, "/meeting/getLiveRecStatus", number()),
        (Method::GET, "/api/getmeetinginfo", None),
    ]
}

fn knock((method, path, body): &(Method, &'static str, Option<Value>)) -> Ask {
    match body {
        Some(body) => ask(method.clone(), *path).json(body.to_string()),
        None => ask(method.clone(), format!("{path}?addr=1866")),
    }
}

async fn code(stage: &Stage, ask: Ask) -> String {
    let answer = stage.ask(ask).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let body = answer.json();
    let sentence = body["message"].as_str().or(body["msg"].as_str()).unwrap_or_default();
    assert!(body["code"] == "200" || !sentence.is_empty(), "a refusal says what to do: {body}");
    body["code"].as_str().expect("a code").to_owned()
}

#[test]
fn every_route_of_the_face_is_tried_here() {
    let below = |path: &str| path.starts_with("/meeting/") || path == "/api/getmeetinginfo";
    let there: BTreeSet<_> = ROUTES.iter().map(|route| route.path).filter(|path| below(path)).collect();
    assert_eq!(doors().iter().map(|&(_, path, _)| path).collect::<BTreeSet<_>>(), there);
}

#[tokio::test]
async fn no_door_opens_without_auth_or_with_a_wrong_one() {
    let stage = Stage::demo().await;
    for door in doors() {
        assert_eq!(code(&stage, knock(&door)).await, "403", "{}", door.1);
        assert_eq!(code(&stage, knock(&door).with("auth", "80")).await, "403", "{}", door.1);
        assert_eq!(code(&stage, knock(&door).with("auth", "")).await, "403", "{}", door.1);
        assert_ne!(code(&stage, knock(&door).with("auth", "800")).await, "403", "{}", door.1);
    }
}

#[tokio::test]
async fn no_door_leads_to_another_tenants() {
    let stage = Stage::demo().await;
    for door in doors() {
        let told = code(&stage, knock(&door).with("auth", "801")).await;
        // A recording of another tenant looks like one that is not there.
        let expected = match door.1 {
            "/meeting/getRecords" => "200",
            "/meeting/delRecordFile" => "400",
            _ => "200001",
        };
        assert_eq!(told, expected, "{}", door.1);
    }
}

#[tokio::test]
async fn a_body_that_is_broken_or_too_large_and_a_wrong_method_are_bad_parameters() {
    let stage = Stage::demo().await;
    let mut tried = 0;
    for door in doors() {
        let (method, path, body) = &door;
        assert_eq!(code(&stage, ask(Method::PATCH, *path).with("auth", "800")).await, "400", "{path}");
        if body.is_none() {
            continue;
        }
        let knock = || ask(method.clone(), *path).with("auth", "800");
        for broken in ["{", "[]", "\"1866\"", "{}"] {
            assert_eq!(code(&stage, knock().json(broken)).await, "400", "{path} {broken}");
        }
        assert_eq!(code(&stage, knock().json(format!("{{\"x\":\"{}\"}}", "x".repeat(300_000)))).await, "400", "{path}");
        tried += 1;
    }
    assert_eq!(tried, 7);
}

#[tokio::test]
async fn live_is_watched_under_a_link_that_dies_with_it() {
    let stage = Stage::demo().await;
    let call = |path: &'static str| {
        ask(Method::POST, path).with("auth", "800").json(json!({"conferenceKey": "1866"}).to_string())
    };
    let opened = stage.ask(call("/meeting/openLive")).await.json();
    let url = opened["data"]["liveurl"].as_str().expect("an address").to_owned();
    let live = url.strip_prefix("http://127.0.0.1:8080/watch/").expect("a page of ours").to_owned();
    assert_eq!(live.len(), 22, "128 random bits and nothing else: {live}");
    assert_eq!(stage.ask(ask(Method::GET, format!("/watch/{live}"))).await.status, 200);
    let shown = stage.ask(ask(Method::GET, format!("/api/v1/lives/{live}"))).await;
    assert_eq!((shown.status.as_u16(), shown.json()["title"].as_str()), (200, Some("示例会议室")));
    let playlist = stage.ask(ask(Method::GET, format!("/live/{live}/index.m3u8"))).await;
    assert_eq!(playlist.header("content-type"), "application/vnd.apple.mpegurl");
    assert_eq!(code(&stage, call("/meeting/closeLive")).await, "200");
    stage.ask(ask(Method::GET, format!("/api/v1/lives/{live}"))).await.is_problem(404, "broadcast-unknown");
    stage.ask(ask(Method::GET, format!("/live/{live}/index.m3u8"))).await.is_problem(404, "broadcast-unknown");
}
