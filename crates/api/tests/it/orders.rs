//! Orders and the links of their people.

use serde_json::{Value, json};
use time::Duration;

use crate::stage::{DEMOBK, OTHERB, Stage, get, post};

fn order() -> Value {
    json!({
        "business_no": "N-1", "product_name": "华楼通", "queue_id": "1001",
        "customer": {"name": "王五", "id_type": "id_card", "id_no": "11010519491231002X", "mobile": "13800001234"},
        "people": [{"role": "guarantor", "name": "赵七", "id_type": "passport", "id_no": "E12345678", "mobile": "+8613800005678"}],
        "details": [{"label": "贷款金额", "value": "50 万元"}],
        "identity_check": true,
        "something_new": {"is": "ignored"},
    })
}

#[tokio::test]
async fn an_order_reads_back_as_it_was_sent() {
    let stage = Stage::demo().await;
    let made = stage.ask(post("/api/v1/orders", &order()).key(DEMOBK)).await;
    assert_eq!(made.status, 201, "{}", made.text());
    assert_eq!(made.header("location"), "/api/v1/orders/N-1");
    let found = stage.ask(get("/api/v1/orders/N-1").key(DEMOBK)).await;
    assert_eq!(found.json(), made.json());
    let found = found.json();
    assert_eq!(found["customer"]["id_no"], "11010519491231002X");
    assert_eq!(found["people"][0]["role"], "guarantor");
    assert_eq!(found["queue_id"], "1001");
    assert_eq!(found["details"], order()["details"]);
    assert_eq!(found["identity_check"], true);
}

#[tokio::test]
async fn people_read_the_ends_of_numbers_only_and_seats_no_orders_at_all() {
    let stage = Stage::demo().await;
    stage.ask(post("/api/v1/orders", &order()).key(DEMOBK)).await;
    let reviewer = stage.log_in("reviewer1").await;
    let found = stage.ask(get("/api/v1/orders/N-1").page(&reviewer)).await.json();
    assert_eq!(found["customer"]["id_no"], "1101**********002X");
    assert_eq!(found["customer"]["mobile"], "138****1234");
    let seat = stage.log_in("agent1").await;
    stage.ask(get("/api/v1/orders/N-1").page(&seat)).await.is_problem(403, "not-entitled");
    stage.ask(post("/api/v1/orders", &order()).page(&reviewer)).await.is_problem(403, "not-entitled");
}

#[tokio::test]
async fn every_complaint_names_the_field() {
    let stage = Stage::demo().await;
    for (pointer, value, field) in [
        ("/business_no", json!(null), "business_no"),
        ("/business_no", json!(17), "business_no"),
        ("/business_no", json!("a b"), "business_no"),
        ("/product_name", json!(""), "product_name"),
        ("/queue_id", json!("2001"), "queue_id"),
        ("/customer", json!("王五"), "customer"),
        ("/customer/id_no", json!(" "), "customer.id_no"),
        ("/customer/mobile", json!("call me"), "customer.mobile"),
        ("/people", json!({}), "people"),
        ("/people/0/role", json!("friend"), "people[0].role"),
        ("/people/0/name", json!(" "), "people[0].name"),
        ("/details/0", json!([]), "details[0]"),
        ("/identity_check", json!("yes"), "identity_check"),
    ] {
        let mut wrong = order();
        *wrong.pointer_mut(pointer).expect("a field") = value;
        let answer = stage.ask(post("/api/v1/orders", &wrong).key(DEMOBK)).await;
        answer.is_problem(422, "invalid");
        let detail = answer.json()["detail"].as_str().expect("a sentence").to_owned();
        assert!(detail.starts_with(&format!("{field}:")), "{pointer}: {detail}");
    }
}

#[tokio::test]
async fn a_business_number_is_taken_once_per_tenant() {
    let stage = Stage::demo().await;
    assert_eq!(stage.ask(post("/api/v1/orders", &order()).key(DEMOBK)).await.status, 201);
    stage.ask(post("/api/v1/orders", &order()).key(DEMOBK)).await.is_problem(409, "name-taken");
    let mut theirs = order();
    theirs["queue_id"] = json!("2001");
    assert_eq!(stage.ask(post("/api/v1/orders", &theirs).key(OTHERB)).await.status, 201);
}

#[tokio::test]
async fn a_link_opens_for_its_person_until_it_expires() {
    let stage = Stage::demo().await;
    stage.ask(post("/api/v1/orders", &order()).key(DEMOBK)).await;
    let ask = post("/api/v1/orders/N-1/invitations", &json!({"person": "guarantor", "expires_in_s": 3600}));
    let invited = stage.ask(ask.key(DEMOBK)).await.json();
    assert_eq!(invited["expires_at"], "2026-11-23T13:00:00Z");
    let url = invited["url"].as_str().expect("a link");
    let code = url.strip_prefix("http://127.0.0.1:8080/s/").expect("the request's own host");
    assert_eq!(code.len(), 22);
    let opened = stage.ask(get(format!("/api/v1/invitations/{code}"))).await.json();
    assert_eq!(opened["name"], "赵*");
    assert_eq!(opened["tenant_name"], "示例银行");
    assert_eq!(opened["queue"], json!({"name": "个贷面签", "open": true, "opens_at": null}));
    assert_eq!(opened["identity_check"], true);
    assert!(opened["consents"]["recording"]["text"].as_str().is_some_and(|text| text.contains("录音录像")));
    assert!(!opened.to_string().contains("E1234567"), "numbers are not for the page");
    stage.wait(Duration::hours(1));
    stage.ask(get(format!("/api/v1/invitations/{code}"))).await.is_problem(410, "link-expired");
}

#[tokio::test]
async fn a_link_is_used_up_by_the_verdict() {
    let stage = Stage::demo().await;
    let invited = stage.ask(post("/api/v1/orders/A3239239/invitations", &json!({})).key(DEMOBK)).await.json();
    let code = invited["url"].as_str().and_then(|url| url.rsplit('/').next()).expect("a code").to_owned();
    let mut tx = stage.service.store.begin().await.expect("a transaction");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let order = tx.orders().lookup_by_business_no(tenant, "A3239239").await.expect("a store").expect("an order").id;
    tx.invitations().mark_used_of_order(order, stage.service.now()).await.expect("a store");
    tx.commit().await.expect("a commit");
    stage.ask(get(format!("/api/v1/invitations/{code}"))).await.is_problem(410, "link-used");
}

#[tokio::test]
async fn a_link_is_for_somebody_of_the_order_and_for_a_sensible_time() {
    let stage = Stage::demo().await;
    let invite = |body: Value| post("/api/v1/orders/A3239239/invitations", &body).key(DEMOBK);
    assert_eq!(stage.ask(invite(json!({"person": 0}))).await.status, 201);
    assert_eq!(stage.ask(invite(json!({"person": "borrower"}))).await.status, 201);
    for wrong in [
        json!({"person": 1}),
        json!({"person": -1}),
        json!({"person": "spouse"}),
        json!({"person": "friend"}),
        json!({"person": {}}),
        json!({"expires_in_s": 59}),
        json!({"expires_in_s": 90 * 86_400 + 1}),
        json!({"expires_in_s": i64::MAX}),
        json!({"expires_in_s": "3600"}),
    ] {
        stage.ask(invite(wrong)).await.is_problem(422, "invalid");
    }
}

#[tokio::test]
async fn a_customer_is_led_back_to_listed_sites_alone() {
    let stage = Stage::demo().await;
    let invite = |url: &str| post("/api/v1/orders/A3239239/invitations", &json!({"return_url": url})).key(DEMOBK);
    for foreign in
        ["https://evil.example/", "javascript:alert(1)", "//evil.example", "http://localhost.evil.example/", "x"]
    {
        let refused = stage.ask(invite(foreign)).await;
        assert_eq!(refused.status, 422, "{foreign}: {}", refused.text());
        assert!(refused.text().contains("return_url"), "{}", refused.text());
    }
    let back = "http://localhost/loan/A3239239?step=3";
    let link = stage.ask(invite(back)).await.json()["url"].as_str().expect("a link").to_owned();
    let code = link.rsplit('/').next().expect("a code");
    assert_eq!(stage.ask(get(format!("/api/v1/invitations/{code}"))).await.json()["return_url"], back);
}
