//! How a business system lets its people in.

use serde_json::{Value, json};
use time::Duration;

use crate::stage::{Answer, DEMOBK, OTHERB, Stage, get, post};

async fn make(stage: &Stage, key: &str, body: &Value) -> Answer {
    stage.ask(post("/api/v1/embed-tokens", body).key(key)).await
}

async fn enter(stage: &Stage, token: &Value) -> Answer {
    stage.ask(post("/api/v1/embed-sessions", &json!({ "token": token }))).await
}

#[tokio::test]
async fn a_seat_that_nobody_knows_yet_comes_in_without_a_password() {
    let stage = Stage::demo().await;
    let wanted = json!({
        "kind": "seat", "user_name": "u1001", "display_name": "李雷", "queue_ids": ["1001", "1002"],
        "return_url": "http://127.0.0.1:9000/done",
    });
    let made = make(&stage, DEMOBK, &wanted).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.json()["expires_at"], "2026-11-23T12:05:00Z");
    let entered = enter(&stage, &made.json()["token"]).await;
    assert_eq!(entered.status, 200, "{}", entered.text());
    let session = entered.json();
    assert_eq!(session["return_url"], "http://127.0.0.1:9000/done");
    assert_eq!((&session["user"]["name"], &session["user"]["roles"]), (&json!("李雷"), &json!(["seat"])));
    assert_eq!(session["user"]["queues"][1]["id"], "1002");
    let cookie = entered.header("set-cookie").split(';').next().expect("a cookie").to_owned();
    let me = stage.ask(get("/api/v1/session").with("cookie", &cookie)).await;
    assert_eq!(me.json()["user"]["id"], session["user"]["id"]);
    let login = session["user"]["login"].as_str().expect("a login");
    let tried = stage.ask(crate::stage::log_in(login, "")).await;
    tried.is_problem(401, "wrong-secret");

    let again = make(&stage, DEMOBK, &wanted).await.json();
    let again = enter(&stage, &again["token"]).await.json();
    assert_eq!(again["user"]["id"], session["user"]["id"], "the same seat");
}

#[tokio::test]
async fn a_token_works_once_and_for_five_minutes() {
    let stage = Stage::demo().await;
    let body = json!({"user_name": "agent1"});
    let made = make(&stage, DEMOBK, &body).await.json();
    assert_eq!(enter(&stage, &made["token"]).await.status, 200);
    enter(&stage, &made["token"]).await.is_problem(410, "ticket-used");
    let made = make(&stage, DEMOBK, &body).await.json();
    stage.wait(Duration::minutes(5));
    enter(&stage, &made["token"]).await.is_problem(410, "ticket-used");
    enter(&stage, &json!("0".repeat(64))).await.is_problem(401, "wrong-secret");
    let from_elsewhere =
        post("/api/v1/embed-sessions", &json!({"token": made["token"]})).with("origin", "https://evil.example");
    stage.ask(from_elsewhere).await.is_problem(403, "foreign-origin");
}

#[tokio::test]
async fn a_name_alone_is_never_enough_and_a_page_makes_no_tokens() {
    let stage = Stage::demo().await;
    stage.ask(post("/api/v1/embed-tokens", &json!({"user_name": "agent1"}))).await.is_problem(401, "no-credentials");
    for login in ["agent1", "admin1"] {
        let page = stage.log_in(login).await;
        let ask = post("/api/v1/embed-tokens", &json!({"user_name": "agent1"})).page(&page);
        stage.ask(ask).await.is_problem(403, "not-entitled");
    }
    for more in ["admin1", "root", "supervisor1"] {
        make(&stage, DEMOBK, &json!({"user_name": more})).await.is_problem(403, "not-entitled");
    }
}

#[tokio::test]
async fn a_neighbours_name_tells_nothing() {
    let stage = Stage::demo().await;
    for name in ["agent1", "admin1", "nobody"] {
        let made = make(&stage, OTHERB, &json!({"user_name": name, "queue_ids": ["2001"]})).await;
        assert_eq!(made.status, 201, "{name}: {}", made.text());
        let session = enter(&stage, &made.json()["token"]).await.json();
        assert_eq!(session["user"]["tenant"]["id"], "OTHERB");
        assert_eq!(session["user"]["login"], json!(format!("{name}@OTHERB")));
    }
    make(&stage, OTHERB, &json!({"user_name": "x", "queue_ids": ["1001"]})).await.is_problem(422, "invalid");
}

#[tokio::test]
async fn a_page_leads_back_to_registered_places_alone() {
    let stage = Stage::demo().await;
    for url in ["https://evil.example/", "javascript:alert(1)", "//evil.example", "http://127.0.0.1@evil.example/"] {
        let made = make(&stage, DEMOBK, &json!({"user_name": "agent1", "return_url": url})).await;
        made.is_problem(422, "invalid");
    }
    for name in ["", " ", "a b", "a@b", "a\u{7}"] {
        make(&stage, DEMOBK, &json!({"user_name": name})).await.is_problem(422, "invalid");
    }
    make(&stage, DEMOBK, &json!({"user_name": "agent1", "kind": "admin"})).await.is_problem(422, "invalid");
}
