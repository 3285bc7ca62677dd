//! From a verdict to the business system: the body, the signature, the tries, the outbox.

use axum::http::Method;
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::{CallbackTarget, Tenant};
use mingjian_service::callbacks::{enqueue_result, signature};
use mingjian_service::jobs::Ran;
use mingjian_service::ports::SendFailure;
use serde_json::{Value, json};
use time::Duration;

use crate::outside::{Heard, Outsider, run_once};
use crate::stage::{DEMOBK, ask, get, post};
use crate::world::World;

/// Gives OTHERB's neighbour a callback: a tenant of its own kind with the world's interview would need a second world, so the
/// result is enqueued for a tenant that has one.
async fn world_with_callback() -> World {
    let world = World::build().await;
    set_callback(&world).await;
    world
}

async fn set_callback(world: &World) {
    let mut tx = world.stage.service.store.begin().await.expect("a transaction");
    let tenant = tx.tenants().lookup(world.tenant).await.expect("a store").expect("a tenant");
    let callback = CallbackTarget { url: "https://bank.example/hook".into(), secret: Secret::new("whsec_test".into()) };
    tx.tenants().set_callback(world.tenant, Some(&callback)).await.expect("a store");
    let Tenant { id, .. } = tenant;
    let interview = tx.interviews().lookup(id, world.interview).await.expect("a store").expect("an interview");
    enqueue_result(&world.stage.service, &mut tx, &interview).await.expect("a job");
    tx.commit().await.expect("a commit");
}

async fn outbox(world: &World) -> Vec<Value> {
    let list = world.stage.ask(get("/api/v1/callbacks").key(DEMOBK)).await.json();
    list["items"].as_array().expect("a list").clone()
}

#[tokio::test]
async fn a_result_says_everything_and_is_signed() {
    let world = world_with_callback().await;
    let bank = Outsider::answering([Ok(200)]);
    assert_eq!(run_once(&world.stage.service, &bank).await.expect("a try"), Ran::One);
    assert_eq!(run_once(&world.stage.service, &bank).await.expect("nothing"), Ran::Nothing);
    let heard = bank.heard().pop().expect("a delivery");
    assert_eq!(heard.url, "https://bank.example/hook");
    assert_eq!(
        heard.header("Mingjian-Signature"),
        signature(&Secret::new("whsec_test".into()), world.stage.service.now(), &heard.body)
    );
    let body: Value = serde_json::from_str(&heard.body).expect("JSON");
    for (field, expected) in [
        ("delivery_id", json!(heard.header("Mingjian-Delivery"))),
        ("event", json!("interview_ended")),
        ("id", json!(world.interview.to_string())),
        ("business_no", json!("A3239239")),
        ("product_name", json!("华楼通")),
        ("number", json!("20261123-000001")),
        ("queue", json!("1001")),
        ("queue_name", json!("个贷面签")),
        ("verdict", json!("refuse")),
        ("reason", json!("证件过期")),
        ("wait_ms", json!(30_000)),
        ("duration_ms", json!(4_000)),
        ("recording_ids", json!([world.recording.to_string()])),
    ] {
        assert_eq!(body[field], expected, "{field}");
    }
    let delivered = &outbox(&world).await[0];
    assert_eq!(
        (&delivered["state"], &delivered["attempts"], &delivered["last_status"]),
        (&json!("delivered"), &json!(1), &json!(200))
    );
}

#[tokio::test]
async fn a_business_system_that_is_down_is_tried_again_and_signed_anew() {
    let world = world_with_callback().await;
    let down = || Err(SendFailure::Unreachable("无法连接对方".into()));
    let bank = Outsider::answering([Ok(503), down(), Ok(204)]);
    let service = &world.stage.service;
    assert_eq!(run_once(service, &bank).await.expect("a try"), Ran::One);
    assert_eq!(run_once(service, &bank).await.expect("nothing yet"), Ran::Nothing);
    let waiting = &outbox(&world).await[0];
    assert_eq!((&waiting["state"], &waiting["last_status"]), (&json!("pending"), &json!(503)));
    assert_eq!(waiting["next_attempt_at"], "2026-11-23T12:00:05Z");

    world.stage.wait(Duration::seconds(5));
    assert_eq!(run_once(service, &bank).await.expect("a try"), Ran::One);
    world.stage.wait(Duration::seconds(9));
    assert_eq!(run_once(service, &bank).await.expect("ten seconds by now"), Ran::Nothing);
    world.stage.wait(Duration::seconds(1));
    assert_eq!(run_once(service, &bank).await.expect("a try"), Ran::One);

    let heard = bank.heard();
    assert_eq!(heard.len(), 3);
    let signature = |n: usize| heard[n].header("Mingjian-Signature");
    let id = |it: &Heard| it.header("Mingjian-Delivery");
    assert!(heard.iter().all(|delivery| id(delivery) == id(&heard[0]) && delivery.body == heard[0].body));
    assert!(signature(0) != signature(1) && signature(1) != signature(2));
    assert_eq!(outbox(&world).await[0]["state"], "delivered");
}

#[tokio::test]
async fn a_forbidden_address_is_given_up_at_once_and_a_silent_one_in_the_end() {
    let world = world_with_callback().await;
    let service = &world.stage.service;
    let forbidden = Outsider::answering([Err(SendFailure::Forbidden("不允许".into()))]);
    run_once(service, &forbidden).await.expect("a try");
    assert_eq!(outbox(&world).await[0]["state"], "failed");
    assert_eq!(outbox(&world).await[0]["last_error"], "不允许");

    // Of two in one moment chance decides which is listed first.
    world.stage.wait(Duration::seconds(1));
    set_callback(&world).await;
    let silent = Outsider::answering((0..24).map(|_| Ok(500)));
    let mut tries = 0;
    while outbox(&world).await[0]["state"] == "pending" {
        tries += usize::from(run_once(service, &silent).await.expect("a try") == Ran::One);
        world.stage.wait(Duration::hours(1));
    }
    assert_eq!(tries, 24);
}

#[tokio::test]
async fn an_admin_sends_again_what_was_given_up_and_nobody_else_does() {
    let world = World::build().await;
    let path = format!("/api/v1/callbacks/{}/retry", world.callback);
    for login in ["agent1", "reviewer1", "supervisor1"] {
        let page = world.stage.log_in(login).await;
        world.stage.ask(post(&path, &json!({})).page(&page)).await.is_problem(403, "not-entitled");
        world.stage.ask(get("/api/v1/callbacks").page(&page)).await.is_problem(403, "not-entitled");
    }
    assert_eq!(outbox(&world).await[0]["state"], "failed");
    let admin = world.stage.log_in("admin1").await;
    assert_eq!(world.stage.ask(post(&path, &json!({})).page(&admin)).await.status, 204);
    assert_eq!(outbox(&world).await[0]["next_attempt_at"], "2026-11-23T12:00:00Z");
    let bank = Outsider::answering([]);
    run_once(&world.stage.service, &bank).await.expect("a try");
    assert_eq!(outbox(&world).await[0]["last_error"], "租户已取消回调地址", "the tenant has none in the fixtures");
}

#[tokio::test]
async fn a_tenant_may_have_its_results_as_the_signing_document_tells_them() {
    use mingjian_domain::interface::{ResultsAs, Switches};
    use mingjian_service::interfaces::md5_hex;
    let world = World::build().await;
    let stage = &world.stage;
    let mut tx = stage.service.store.begin().await.expect("a transaction");
    let switches = Switches { results_as: ResultsAs::Signing, ..Switches::default() };
    tx.interfaces().set_switches(world.tenant, &switches).await.expect("the switches");
    tx.commit().await.expect("a commit");
    let references = json!({"assist_no": "F-7"}).to_string();
    let put = ask(Method::PUT, "/api/v1/orders/A3239239/references").json(references).key(DEMOBK);
    assert_eq!(stage.ask(put).await.status, 204);
    set_callback(&world).await;

    let bank = Outsider::answering([Ok(500), Ok(200)]);
    run_once(&stage.service, &bank).await.expect("a try");
    stage.wait(Duration::seconds(5));
    run_once(&stage.service, &bank).await.expect("a try");
    let heard = bank.heard();
    let bodies: Vec<Value> = heard.iter().map(|it| serde_json::from_str(&it.body).expect("JSON")).collect();
    for (heard, body) in heard.iter().zip(&bodies) {
        assert_eq!(body["EventType"], "INTERVIEW_REFUSE");
        let time = body["Time"].as_i64().expect("a number").to_string();
        assert_eq!(body["Signature"], json!(md5_hex(&["1", "1", &time])), "the recipe of CompID and CompSecret");
        assert!(heard.header("Mingjian-Signature").starts_with(&format!("t={time},v1=")), "and ours beside it");
    }
    assert_ne!(bodies[0]["Time"], bodies[1]["Time"], "each try is signed anew");
    let details = json!({
        "type": "refuse", "businessId": "A3239239", "assistId": "F-7", "reason": "证件过期", "signAddress": "",
        "waitTime": 30, "queueId": "1001",
    });
    assert_eq!(bodies[1]["Details"], details);
    let result = stage.ask(get(format!("/api/v1/interviews/{}/result", world.interview)).key(DEMOBK)).await;
    assert_eq!(result.json(), details);
    assert_eq!(outbox(&world).await[0]["state"], "delivered");
}

#[tokio::test]
async fn a_pass_tells_everything_that_the_document_lists() {
    use mingjian_domain::interview::{Outcome, State, Verdict};
    let world = World::build().await;
    let stage = &world.stage;
    let mut tx = stage.service.store.begin().await.expect("a transaction");
    let mut interview = tx.interviews().lookup(world.tenant, world.interview).await.expect("a store").expect("one");
    let State::Ended { outcome, .. } = &mut interview.state else { panic!("the world's interview is over") };
    *outcome = Outcome::Verdict { verdict: Verdict::Pass, reason: None };
    tx.interviews().save(&interview).await.expect("a store");
    tx.commit().await.expect("a commit");
    let path = format!("/api/v1/interviews/{}/result", world.interview);
    let expected = json!({
        "businessId": "A3239239", "assistId": "", "queueId": "1001", "signAddress": "", "latitudeLongitude": "",
        "waitTime": 30, "photos": [], "videoPath": "/2026-11-23/", "videoName": "A3239239_remote_20261123200000.mp4",
        "videoDuration": 4, "agentUserName": "agent1", "operateTime": "2026-11-23 20:00:05",
    });
    let seat = stage.log_in("agent1").await;
    assert_eq!(stage.ask(get(&path).page(&seat)).await.json(), expected);
    let other = stage.log_in("agent2").await;
    stage.ask(get(&path).page(&other)).await.is_problem(404, "interview-unknown");
}
