//! `ETag` and `If-Match`: whoever changes what somebody else has changed meanwhile is told, and changes nothing.

use axum::http::Method;
use serde_json::{Value, json};

use crate::stage::{Ask, DEMOBK, ask, get};
use crate::world::World;

#[tokio::test]
async fn what_was_changed_meanwhile_is_not_overwritten() {
    let world = World::build().await;
    let stage = &world.stage;
    let accounts = stage.ask(get("/api/v1/accounts?q=88880001").key(DEMOBK)).await.json();
    let account = accounts["items"][0]["id"].as_str().expect("an id");
    let file = world.files[0];
    let changes: [(String, String, Value, Value); 3] = [
        (
            "/api/v1/rooms/1866".into(),
            "/api/v1/rooms/1866".into(),
            json!({"name": "例会", "record_allowed": true}),
            json!({"name": "周会", "record_allowed": true}),
        ),
        (
            format!("/api/v1/files/{file}"),
            format!("/api/v1/files/{file}/hold"),
            json!({"hold_reason": "诉讼保全"}),
            json!({"hold_reason": "监管检查"}),
        ),
        (
            format!("/api/v1/accounts/{account}"),
            format!("/api/v1/accounts/{account}"),
            json!({"src_type": "counter", "customer": {"aml_risk_code": "L"}}),
            json!({"src_type": "counter", "customer": {"aml_risk_code": "H"}}),
        ),
    ];
    for (read, write, first, second) in changes {
        let put = |body: &Value| -> Ask { ask(Method::PUT, &write).json(body.to_string()).key(DEMOBK) };
        let read = async || stage.ask(get(&read).key(DEMOBK)).await.header("etag");
        let before = read().await;
        assert_eq!(before, read().await, "{write}: reading changes nothing");
        assert_eq!(stage.ask(put(&first).with("if-match", &before)).await.status, 200, "{write}");
        let after = read().await;
        assert_ne!(before, after, "{write}");
        stage.ask(put(&second).with("if-match", &before)).await.is_problem(412, "changed-meanwhile");
        stage.ask(put(&second).with("if-match", "nonsense")).await.is_problem(400, "malformed");
        assert_eq!(read().await, after, "{write}: what was refused changed nothing");
        assert_eq!(stage.ask(put(&second).with("if-match", &after)).await.status, 200, "{write}");
        assert_eq!(stage.ask(put(&first)).await.status, 200, "{write}: If-Match is optional");
    }
}
