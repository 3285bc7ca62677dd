//! Logging in, being locked out, cookies and their tokens.

use axum::http::Method;
use time::Duration;

use crate::stage::{DEMOBK, Stage, ask, get, log_in, post};

#[tokio::test]
async fn a_login_tells_who_it_is_and_sets_a_cookie_that_no_script_reads() {
    let stage = Stage::demo().await;
    let answer = stage.ask(log_in("agent1", "mingjian-demo")).await;
    let user = &answer.json()["user"];
    assert_eq!(user["login"], "agent1");
    assert_eq!(user["roles"], serde_json::json!(["seat"]));
    assert_eq!(user["tenant"], serde_json::json!({"id": "DEMOBK", "name": "示例银行"}));
    assert_eq!(user["queues"], serde_json::json!([{"id": "1001", "name": "个贷面签"}]));
    let cookie = answer.header("set-cookie");
    assert!(cookie.contains("; HttpOnly; SameSite=Lax") && !cookie.contains("Secure"), "{cookie}");

    let stage = stage.over_tls();
    let answer = stage.ask(log_in("agent1", "mingjian-demo")).await;
    assert!(answer.header("set-cookie").ends_with("; Secure"));
}

#[tokio::test]
async fn a_name_may_carry_its_own_tenant_and_no_other() {
    let stage = Stage::demo().await;
    assert_eq!(stage.ask(log_in("agent1@DEMOBK", "mingjian-demo")).await.status, 200);
    stage.ask(log_in("agent1@OTHERB", "mingjian-demo")).await.is_problem(401, "wrong-secret");
    stage.ask(log_in("agent1@NOBANK", "mingjian-demo")).await.is_problem(401, "wrong-secret");
}

#[tokio::test]
async fn five_wrong_passwords_lock_for_a_minute_and_the_right_one_forgives_four() {
    let stage = Stage::demo().await;
    for _ in 0..4 {
        stage.ask(log_in("agent1", "guess")).await.is_problem(401, "wrong-secret");
    }
    assert_eq!(stage.ask(log_in("agent1", "mingjian-demo")).await.status, 200);
    for _ in 0..5 {
        stage.ask(log_in("agent1", "guess")).await.is_problem(401, "wrong-secret");
    }
    let locked = stage.ask(log_in("agent1", "mingjian-demo")).await;
    locked.is_problem(429, "locked");
    assert_eq!(locked.header("retry-after"), "60");
    assert_eq!(stage.ask(log_in("agent2", "mingjian-demo")).await.status, 200, "nobody else is locked");
    stage.wait(Duration::seconds(61));
    assert_eq!(stage.ask(log_in("agent1", "mingjian-demo")).await.status, 200);
}

#[tokio::test]
async fn a_name_that_nobody_has_is_locked_just_the_same() {
    let stage = Stage::demo().await;
    let mut answers = Vec::new();
    for login in ["agent1", "nobody"] {
        for _ in 0..6 {
            let answer = stage.ask(log_in(login, "guess")).await;
            answers.push((answer.status, answer.text(), answer.header("retry-after")));
        }
    }
    let (known, unknown) = answers.split_at(6);
    assert_eq!(known, unknown);
    assert_eq!(known[5].0, 429);
}

#[tokio::test]
async fn refusals_are_in_the_audit_log_without_names() {
    let stage = Stage::demo().await;
    stage.ask(log_in("agent1", "guess")).await.is_problem(401, "wrong-secret");
    stage.wait(Duration::seconds(1));
    stage.log_in("agent1").await;
    let mut tx = stage.service.store.read().await.expect("a transaction");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let lines = tx.audit().list(tenant, &mingjian_store::Page::first(10)).await.expect("the log").items;
    let actions: Vec<_> = lines.iter().map(|line| (line.action.as_str(), line.address.as_deref())).collect();
    assert_eq!(actions, [("log_in", Some("127.0.0.1")), ("refuse_login", Some("127.0.0.1"))]);
    assert!(!format!("{lines:?}").contains("agent1"));
}

#[tokio::test]
async fn a_write_with_a_cookie_needs_the_token_and_a_read_does_not() {
    let stage = Stage::demo().await;
    let login = stage.log_in("admin1").await;
    let order = post("/api/v1/orders/A3239239/invitations", &serde_json::json!({}));
    stage.ask(order.clone().with("cookie", &login.cookie)).await.is_problem(403, "no-csrf-token");
    let other = stage.log_in("admin1").await;
    let foreign = order.clone().with("cookie", &login.cookie).with("x-csrf-token", &other.csrf);
    stage.ask(foreign).await.is_problem(403, "no-csrf-token");
    assert_eq!(stage.ask(order.clone().page(&login)).await.status, 201);
    assert_eq!(stage.ask(get("/api/v1/recordings").with("cookie", &login.cookie)).await.status, 200);
    assert_eq!(stage.ask(order.key(DEMOBK)).await.status, 201, "a key is no cookie");
}

#[tokio::test]
async fn a_session_ends_by_logging_out_and_by_itself() {
    let stage = Stage::demo().await;
    let (first, second) = (stage.log_in("agent1").await, stage.log_in("agent1").await);
    let session = || get("/api/v1/session");
    assert_eq!(stage.ask(session().page(&first)).await.json()["csrf_token"], first.csrf);
    let left = stage.ask(ask(Method::DELETE, "/api/v1/session").page(&first)).await;
    assert_eq!(left.status, 204);
    assert!(left.header("set-cookie").contains("Max-Age=0"));
    stage.ask(session().page(&first)).await.is_problem(401, "no-credentials");
    assert_eq!(stage.ask(session().page(&second)).await.status, 200);
    stage.wait(Duration::hours(12));
    stage.ask(session().page(&second)).await.is_problem(401, "session-expired");
}

#[tokio::test]
async fn a_page_of_another_site_logs_nobody_in() {
    let stage = Stage::demo().await;
    let login = log_in("agent1", "mingjian-demo");
    stage.ask(login.clone().with("origin", "https://evil.example")).await.is_problem(403, "foreign-origin");
    stage.ask(login.clone().with("origin", "null")).await.is_problem(403, "foreign-origin");
    assert_eq!(stage.ask(login.with("origin", "http://127.0.0.1:8080")).await.status, 200);
}

#[tokio::test]
async fn many_logins_at_once_guess_no_more_than_one_after_the_other() {
    let stage = Stage::demo().await;
    let guesses = (0..20).map(|_| stage.ask(log_in("agent1", "guess")));
    let answers = futures_util::future::join_all(guesses).await;
    let counted = answers.iter().filter(|answer| answer.status == 401).count();
    assert_eq!(counted, 5, "the others are told that the account is locked");
    assert!(answers.iter().all(|answer| answer.status == 401 || answer.status == 429));
}
