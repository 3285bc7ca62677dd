//! A POST that is sent twice with the same key is worked on once.

use futures_util::future::join_all;
use mingjian_store::Page;
use serde_json::{Value, json};
use time::Duration;

use crate::stage::{Answer, Ask, DEMOBK, OTHERB, Stage, post};

const INVITE: &str = "/api/v1/orders/A3239239/invitations";

fn invite(key: &str) -> Ask {
    post(INVITE, &json!({})).key(DEMOBK).with("idempotency-key", key)
}

fn url(answer: &Answer) -> Value {
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()["url"].clone()
}

#[tokio::test]
async fn the_same_request_gets_the_first_answer_again() {
    let stage = Stage::demo().await;
    let first = stage.ask(invite("k-1")).await;
    assert_eq!(first.header("idempotent-replayed"), "");
    let again = stage.ask(invite("k-1")).await;
    assert_eq!((again.status, again.text()), (first.status, first.text()));
    assert_eq!(again.header("idempotent-replayed"), "true");
    assert_eq!(again.header("content-type"), "application/json");
    assert_ne!(url(&stage.ask(invite("k-2")).await), url(&first), "another key is another request");
    assert_ne!(url(&stage.ask(post(INVITE, &json!({})).key(DEMOBK)).await), url(&first), "and so is one without");
}

#[tokio::test]
async fn an_order_is_created_once_and_its_location_told_twice() {
    let stage = Stage::demo().await;
    let order = json!({
        "business_no": "TWICE-1", "product_name": "华楼通", "queue_id": "1001",
        "customer": {"name": "王五", "id_type": "id_card", "id_no": "11010519491231002X", "mobile": "13800000000"},
    });
    let create = || post("/api/v1/orders", &order).key(DEMOBK);
    let first = stage.ask(create().with("idempotency-key", "o-1")).await;
    let again = stage.ask(create().with("idempotency-key", "o-1")).await;
    assert_eq!((again.status.as_u16(), again.header("location")), (201, "/api/v1/orders/TWICE-1".to_owned()));
    assert_eq!(again.text(), first.text());
    stage.ask(create().with("idempotency-key", "o-2")).await.is_problem(409, "name-taken");
}

#[tokio::test]
async fn a_key_of_another_request_is_refused() {
    let stage = Stage::demo().await;
    url(&stage.ask(invite("k-1")).await);
    let other = post(INVITE, &json!({"expires_in_s": 60})).key(DEMOBK).with("idempotency-key", "k-1");
    stage.ask(other).await.is_problem(422, "key-reused");
    let path = post("/api/v1/orders/A3239240/invitations", &json!({})).key(DEMOBK).with("idempotency-key", "k-1");
    stage.ask(path).await.is_problem(422, "key-reused");
    let admin = stage.log_in("admin1").await;
    let person = post(INVITE, &json!({})).page(&admin).with("idempotency-key", "k-1");
    stage.ask(person).await.is_problem(422, "key-reused");
    let neighbour = post("/api/v1/orders/B0001/invitations", &json!({})).key(OTHERB).with("idempotency-key", "k-1");
    url(&stage.ask(neighbour).await);
}

#[tokio::test]
async fn what_was_refused_may_be_sent_again_with_its_key() {
    let stage = Stage::demo().await;
    let wrong = post(INVITE, &json!({"expires_in_s": 1})).key(DEMOBK).with("idempotency-key", "k-1");
    stage.ask(wrong).await.is_problem(422, "invalid");
    url(&stage.ask(invite("k-1")).await);
}

#[tokio::test]
async fn of_many_at_once_one_is_worked_on() {
    let stage = Stage::demo().await;
    let before = invitations(&stage).await;
    let answers = join_all((0..10).map(|_| stage.ask(invite("k-1")))).await;
    let (made, waiting): (Vec<_>, Vec<_>) = answers.iter().partition(|answer| answer.status == 201);
    assert!(!made.is_empty());
    assert!(made.iter().all(|answer| answer.text() == made[0].text()));
    waiting.iter().for_each(|answer| answer.is_problem(409, "key-in-use"));
    assert_eq!(url(&stage.ask(invite("k-1")).await), url(made[0]));
    assert_eq!(invitations(&stage).await, before + 1);
}

/// As many invitations as the audit log knows of.
async fn invitations(stage: &Stage) -> usize {
    let mut tx = stage.service.store.read().await.expect("a store");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let lines = tx.audit().list(tenant, &Page::first(100)).await.expect("the log").items;
    lines.iter().filter(|line| line.action == "create_invitation").count()
}

#[tokio::test]
async fn a_day_later_a_key_is_forgotten() {
    let stage = Stage::demo().await;
    let first = url(&stage.ask(invite("k-1")).await);
    stage.wait(Duration::hours(23));
    assert_eq!(url(&stage.ask(invite("k-1")).await), first);
    stage.wait(Duration::hours(2));
    assert_ne!(url(&stage.ask(invite("k-1")).await), first);
}

#[tokio::test]
async fn a_key_must_be_one_and_its_sender_known() {
    let stage = Stage::demo().await;
    for key in ["", "a b", &"k".repeat(256)] {
        stage.ask(invite(key)).await.is_problem(422, "invalid");
    }
    url(&stage.ask(invite(&"k".repeat(255))).await);
    let stranger = post(INVITE, &json!({})).with("idempotency-key", "k-1");
    stage.ask(stranger).await.is_problem(401, "no-credentials");
    let page = stage.log_in("admin1").await;
    let forged = post(INVITE, &json!({})).with("cookie", &page.cookie).with("idempotency-key", "k-1");
    stage.ask(forged).await.is_problem(403, "no-csrf-token");
    let large = Ask { body: vec![b' '; 300_000], ..invite("k-9") };
    stage.ask(large).await.is_problem(413, "too-large");
}
