//! The proof of a business system, and calls without one.

use axum::http::Method;
use mingjian_api::ApiSettings;
use mingjian_service::tokens::hmac_hex;
use serde_json::{Value, json};
use time::Duration;

use super::{Counter, DOCUMENT, OTHER_SECRET, SECRET, refused, signed, signed_at};
use crate::stage::{Ask, GENEROUS, NOON, Stage, ask, get, post};

fn status(body: &Value) -> Ask {
    post("/video/uploadStatus", body)
}

fn wanted() -> Value {
    json!({"tenantId": "DEMOBK", "businessNo": "A3239239"})
}

/// A stranger's address.
const STRANGER: &str = "203.0.113.9:50000";

#[tokio::test]
async fn a_signed_call_is_taken_from_anywhere_and_once() {
    let stage = Stage::demo().await;
    let body = signed(SECRET, "n-0000001", wanted());
    let first = stage.ask_from(STRANGER, status(&body)).await;
    assert_eq!(first.json()["code"], "0", "{}", first.text());
    let again = refused(&stage.ask_from(STRANGER, status(&body)).await);
    assert!(again.contains("nonce"), "{again}");
    let next = stage.ask_from(STRANGER, status(&signed(SECRET, "n-0000002", wanted()))).await;
    assert_eq!(next.json()["code"], "0");
}

#[tokio::test]
async fn two_tenants_may_use_the_same_nonce() {
    let stage = Stage::demo().await;
    assert_eq!(stage.ask(status(&signed(SECRET, "same-nonce", wanted()))).await.json()["code"], "0");
    let other = json!({"tenantId": "OTHERB", "businessNo": "B0001"});
    assert_eq!(stage.ask(status(&signed(OTHER_SECRET, "same-nonce", other))).await.json()["code"], "0");
}

#[tokio::test]
async fn a_changed_parameter_a_wrong_key_or_another_time_breaks_the_proof() {
    let stage = Stage::demo().await;
    let good = signed(SECRET, "n-0000003", wanted());
    for (name, value) in [
        ("businessNo", json!("A3239240")),
        ("tenantId", json!("OTHERB")),
        ("nonce", json!("n-0000004")),
        ("time", json!((NOON.unix_timestamp() + 1).to_string())),
        ("more", json!("1")),
        ("signature", json!("0".repeat(64))),
        ("signature", json!(good["signature"].as_str().expect("text").to_uppercase())),
    ] {
        let mut changed = good.clone();
        changed[name] = value;
        let said = refused(&stage.ask_from(STRANGER, status(&changed)).await);
        assert!(said.contains("签名不正确"), "{name}: {said}");
    }
    refused(&stage.ask_from(STRANGER, status(&signed(OTHER_SECRET, "n-0000005", wanted()))).await);
    assert_eq!(stage.ask_from(STRANGER, status(&good)).await.json()["code"], "0", "and unchanged it is taken");
}

#[tokio::test]
async fn the_clocks_may_be_five_minutes_apart() {
    let stage = Stage::demo().await;
    let at = |seconds: i64| {
        signed_at(SECRET, &format!("n-{:09}", seconds + 1_000), NOON.unix_timestamp() + seconds, wanted())
    };
    for seconds in [-300, 300] {
        assert_eq!(stage.ask(status(&at(seconds))).await.json()["code"], "0", "{seconds}");
    }
    for seconds in [-301, 301] {
        let said = refused(&stage.ask(status(&at(seconds))).await);
        assert!(said.contains("5 分钟"), "{said}");
    }
    let mut timeless = wanted();
    timeless["signature"] = json!("00");
    assert!(refused(&stage.ask(status(&timeless)).await).contains("time:必填"));
    stage.wait(Duration::minutes(4));
    let said = refused(&stage.ask(status(&at(-299))).await);
    assert!(said.contains("5 分钟"), "what was young is old by now: {said}");
}

#[tokio::test]
async fn a_get_is_proved_by_its_query_in_every_spelling_of_a_list() {
    let stage = Stage::demo().await;
    let time = NOON.unix_timestamp();
    let values = |nonce: &str| {
        format!(
            "businessNo=S-1&customerName=李四&idCard=1&mobilePhone=13800000000&nonce={nonce}&productName=信托\
             &readVideoType=c&tenantId=DEMOBK&time={time}&userId=u1&userName=王敏&videoType=a,b"
        )
    };
    for (nonce, list) in [
        ("spelling-1", "videoType=a&videoType=b"),
        ("spelling-2", "videoType[]=a&videoType[]=b"),
        ("spelling-3", "videoType=a,b"),
    ] {
        let message = values(nonce);
        let signature = hmac_hex(SECRET.as_bytes(), message.as_bytes());
        let query = message.replace("videoType=a,b", list).replace("readVideoType=c", "readVideoType[]=c");
        let query = query.replace("李四", "%E6%9D%8E%E5%9B%9B").replace("信托", "%E4%BF%A1%E6%89%98");
        let query = query.replace("王敏", "%E7%8E%8B%E6%95%8F");
        let path = format!("/video/redirect?{query}&signature={signature}");
        let answer = stage.ask_from(STRANGER, get(path)).await;
        assert_eq!(answer.status, 302, "{list}: {}", answer.text());
    }
}

#[tokio::test]
async fn bare_calls_are_taken_from_listed_networks_alone() {
    let stage = Stage::demo().await;
    assert_eq!(stage.ask(status(&wanted())).await.json()["code"], "0", "the demo lists this machine");
    for body in [
        wanted(),
        json!({"tenantId": "OTHERB", "businessNo": "B0001"}),
        json!({"tenantId": "NOBODY", "businessNo": "1"}),
    ] {
        let said = refused(&stage.ask_from(STRANGER, status(&body)).await);
        assert!(said.contains("signature"), "{said}");
    }
    refused(&stage.ask_from(STRANGER, get(DOCUMENT)).await);
}

#[tokio::test]
async fn nobody_learns_without_the_key_whether_a_tenant_exists() {
    let stage = Stage::demo().await;
    let unknown = stage
        .ask_from(STRANGER, status(&signed("guess", "n-0000006", json!({"tenantId": "NOBODY", "businessNo": "1"}))))
        .await;
    let known = stage
        .ask_from(STRANGER, status(&signed("guess", "n-0000007", json!({"tenantId": "OTHERB", "businessNo": "1"}))))
        .await;
    assert_eq!((unknown.status, unknown.text()), (known.status, known.text()));
    assert_eq!(unknown.headers, known.headers);
}

#[tokio::test]
async fn only_the_demo_has_a_tenant_for_calls_that_name_none() {
    let settings = ApiSettings { limits: GENEROUS, ..ApiSettings::default() };
    let stage = Stage::with(settings).await;
    let said = refused(&stage.ask(get(DOCUMENT)).await);
    assert!(said.contains("tenantId"), "{said}");
    let named = stage.ask(get(format!("{DOCUMENT}&tenantId=DEMOBK"))).await;
    assert_eq!(named.status, 302, "its network is listed all the same");
}

#[tokio::test]
async fn a_tenant_sees_its_own_orders_alone() {
    let stage = Stage::demo().await;
    Counter::open(&stage).await;
    let own = stage.ask(status(&signed(SECRET, "n-0000008", wanted()))).await.json();
    assert_eq!(own["data"]["videoList"].as_array().map(Vec::len), Some(2));
    let foreign = json!({"tenantId": "OTHERB", "businessNo": "A3239239"});
    let foreign = stage.ask(status(&signed(OTHER_SECRET, "n-0000009", foreign))).await.json();
    assert_eq!(foreign["data"]["videoList"], json!([]));
}

#[tokio::test]
async fn guessing_is_throttled_by_address_and_locks_nobody_out() {
    let limits =
        mingjian_api::limits::Limits { stranger: mingjian_api::limits::Rate { per_second: 1, burst: 3 }, ..GENEROUS };
    let stage = Stage::with(ApiSettings { demo: true, limits, ..ApiSettings::default() }).await;
    let guess = |n: u32| status(&signed("guess", &format!("guess-{n:05}"), wanted()));
    for n in 0..3 {
        refused(&stage.ask_from(STRANGER, guess(n)).await);
    }
    let busy = stage.ask_from(STRANGER, guess(9)).await;
    assert!(refused(&busy).contains("频繁"), "{}", busy.text());
    assert!(!busy.header("retry-after").is_empty());
    let bank = stage.ask_from("198.51.100.7:1", status(&signed(SECRET, "n-0000010", wanted()))).await;
    assert_eq!(bank.json()["code"], "0");
}

#[tokio::test]
async fn refusals_are_in_the_audit_log_without_anything_of_a_person() {
    let stage = Stage::demo().await;
    refused(&stage.ask_from(STRANGER, ask(Method::GET, DOCUMENT)).await);
    Counter::open(&stage).await;
    let mut tx = stage.service.store.read().await.expect("a store");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let lines = tx.audit().list(tenant, &mingjian_service::Page::first(50)).await.expect("lines").items;
    let actions: Vec<&str> = lines.iter().map(|line| line.action.as_ref()).collect();
    for action in ["refuse_machine", "lead_to_counter", "open_counter"] {
        assert!(actions.contains(&action), "{actions:?}");
    }
    let all = format!("{lines:?}");
    assert!(!all.contains("张三") && !all.contains("3402825"), "{all}");
}
