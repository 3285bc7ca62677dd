//! The signing face: its document's calls, its codes, its tokens, and what a link and a message do.

use std::collections::BTreeSet;

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use mingjian_api::{ROUTES, SIGNING_CODES};
use mingjian_domain::connector::{BodyTemplate, ConnectorKind, ConnectorSettings, Verb};
use mingjian_service::jobs::Ran;
use mingjian_service::ports::{Returned, SendFailure};
use mingjian_service::tokens::hmac_hex;
use mingjian_store::ConnectorRow;
use serde_json::{Value, json};
use time::Duration;

use crate::golden;
use crate::outside::{Outsider, run_once};
use crate::stage::{Answer, Ask, DEMOBK, OTHERB, Stage, ask, get, post};

const SEND: &str = "/api/blade-system/smsctrl/sendSmsScheme";
const TOKEN: &str = "/api/blade-auth/oauth/token";

/// A multipart form.
pub fn form(fields: &[(&str, &str)]) -> Ask {
    let parts = fields
        .iter()
        .map(|(name, value)| format!("--x\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"));
    let body = parts.collect::<String>() + "--x--\r\n";
    let ask = ask(Method::POST, SEND).with("content-type", "multipart/form-data; boundary=x");
    Ask { body: body.into_bytes(), ..ask }
}

/// Sends a link of that order to that phone.
pub async fn send_scheme(stage: &Stage, business_no: &str, phone: &str) -> Value {
    let ask = form(&[("businessId", business_no), ("phone", phone)]).with("blade-auth", &format!("bearer {DEMOBK}"));
    let answer = stage.ask(ask).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

/// Connects DEMOBK with a server of its own.
pub async fn connect(stage: &Stage, kind: &str) {
    let body = json!({
        "method": "POST", "url": format!("https://bank.example/{kind}/{{businessId}}"),
        "headers": {"X-Api-Key": "secret-of-the-bank"},
    });
    let answer = put(stage, &format!("/api/v1/connectors/{kind}"), &body).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
}

async fn put(stage: &Stage, path: &str, body: &Value) -> Answer {
    stage.ask(ask(Method::PUT, path).json(body.to_string()).key(DEMOBK)).await
}

/// What DEMOBK's business server says of a face, signed by it.
pub fn statement(stage: &Stage, claims: &Value) -> Value {
    let mut claims = claims.clone();
    let usual = [("iss", json!("demo-app")), ("exp", json!(stage.service.now().unix_timestamp() + 300))];
    for (name, value) in usual {
        if claims[name].is_null() {
            claims[name] = value;
        }
    }
    signed("HS256", &claims, b"demo-secret").into()
}

fn signed(alg: &str, claims: &Value, secret: &[u8]) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&json!({"typ": "JWT", "alg": alg})), part(claims));
    let signature = hex::decode(hmac_hex(secret, text.as_bytes())).expect("hex");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

async fn tenant(stage: &Stage) -> mingjian_domain::id::TenantId {
    let mut tx = stage.service.store.read().await.expect("a transaction");
    tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id
}

/// A connector whose secrets do not open: something inside is broken.
async fn break_orders(stage: &Stage) {
    let settings = ConnectorSettings {
        method: Verb::Get,
        url: "https://bank.example/".into(),
        body: BodyTemplate::None,
        timeout_ms: 1_000,
        tries: 1,
        fields: [].into(),
        accepted: None,
        texts: [].into(),
        sign: None,
    };
    let row = ConnectorRow { tenant: tenant(stage).await, kind: ConnectorKind::Order, settings, sealed: vec![1, 2, 3] };
    let mut tx = stage.service.store.begin().await.expect("a transaction");
    tx.connectors().put(&row).await.expect("a store");
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn every_example_holds_and_every_code_is_met() {
    let mut met = BTreeSet::new();
    for file in golden::files("signing") {
        let stage = Stage::demo().await;
        if file == "fault.http" {
            break_orders(&stage).await;
        }
        golden::play(&stage, "signing", &file, &[]).await;
        for exchange in golden::read("signing", &file) {
            let code = exchange.expected_json().and_then(|body| body["code"].as_u64()).expect("an R");
            assert_eq!(code, u64::from(exchange.status), "{}", exchange.place);
            met.insert(code);
        }
    }
    let table: BTreeSet<u64> = SIGNING_CODES.into_iter().map(u64::from).collect();
    assert_eq!(met, table);
}

/// Checks that it is an R of that code.
fn is_r(answer: &Answer, code: u16) {
    assert_eq!(answer.status.as_u16(), code, "{}", answer.text());
    let body = answer.json();
    assert_eq!((&body["code"], &body["success"], &body["data"]), (&json!(code), &json!(code == 200), &Value::Null));
    assert!(body["msg"].as_str().is_some_and(|msg| !msg.is_empty()), "{body}");
}

#[tokio::test]
async fn every_door_answers_in_its_own_dialect() {
    let stage = Stage::demo().await;
    let ours = |path: &str| path.starts_with("/api/blade-system") || path.starts_with("/api/blade-auth");
    let doors: Vec<_> = ROUTES.iter().filter(|route| ours(route.path)).collect();
    assert_eq!(doors.len(), 2);
    for door in doors {
        let knock = || ask(door.method.to_uppercase().parse().expect("a method"), door.path);
        is_r(&stage.ask(knock()).await, 401);
        is_r(&stage.ask(knock().with("blade-auth", "bearer mk_demo_NOBODY")).await, 401);
        is_r(&stage.ask(ask(Method::PUT, door.path).with("blade-auth", "bearer mk_demo_DEMOBK")).await, 405);
        let known = || knock().with("blade-auth", "bearer mk_demo_DEMOBK");
        is_r(&stage.ask(known().with("content-type", "image/png")).await, 415);
        is_r(&stage.ask(known().json("{")).await, 400);
        is_r(&stage.ask(known().json("[]")).await, 400);
        let broken =
            Ask { body: b"--x\r\nno".to_vec(), ..known().with("content-type", "multipart/form-data; boundary=x") };
        is_r(&stage.ask(broken).await, 400);
        is_r(&stage.ask(known().with("content-type", "multipart/form-data")).await, 400);
        let large = known().json(format!("{{\"query\":\"{}\"}}", "x".repeat(70_000)));
        is_r(&stage.ask(large).await, 400);
    }
    is_r(&stage.ask(get("/api/blade-system")).await, 404);
    is_r(&stage.ask(get("/api/blade-auth/nothing")).await, 404);
    let ours = stage.ask(get("/api/blade-systems")).await;
    ours.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_neighbours_order_looks_like_one_that_is_not_there() {
    let stage = Stage::demo().await;
    let other = |number: &str| form(&[("businessId", number), ("phone", "10000000001")]).with("blade-auth", OTHERB);
    let foreign = stage.ask(other("A3239239")).await;
    let absent = stage.ask(other("NONE")).await;
    is_r(&foreign, 404);
    assert_eq!((foreign.status, foreign.text()), (absent.status, absent.text()));
    assert_eq!(stage.ask(other("B0001")).await.status, 200, "its own is there");
}

#[tokio::test]
async fn a_face_that_is_off_is_forbidden() {
    use mingjian_domain::interface::{FaceName, Switches};
    let stage = Stage::demo().await;
    let mut tx = stage.service.store.begin().await.expect("a transaction");
    let switches = Switches { off: [FaceName::Signing].into(), ..Switches::default() };
    tx.interfaces().set_switches(tenant(&stage).await, &switches).await.expect("the switches");
    tx.commit().await.expect("a commit");
    is_r(&stage.ask(form(&[]).with("blade-auth", DEMOBK)).await, 403);
    let token = ask(Method::POST, TOKEN).json(r#"{"client_id":"demo-app","client_secret":"demo-secret"}"#);
    is_r(&stage.ask(token).await, 403);
}

async fn token(stage: &Stage) -> Value {
    let ask = ask(Method::POST, TOKEN).json(r#"{"client_id":"demo-app","client_secret":"demo-secret"}"#);
    stage.ask(ask).await.json()["data"].clone()
}

fn knock(token: &Value) -> Ask {
    form(&[("businessId", "NONE"), ("phone", "10000000001")])
        .with("blade-auth", &format!("bearer {}", token.as_str().expect("a token")))
}

#[tokio::test]
async fn a_token_ends_after_an_hour_and_with_its_credential() {
    let stage = Stage::demo().await;
    let tokens = token(&stage).await;
    is_r(&stage.ask(knock(&tokens["access_token"])).await, 404);
    is_r(&stage.ask(knock(&tokens["refresh_token"])).await, 401);
    stage.wait(Duration::minutes(59));
    is_r(&stage.ask(knock(&tokens["access_token"])).await, 404);
    stage.wait(Duration::minutes(1));
    is_r(&stage.ask(knock(&tokens["access_token"])).await, 401);

    let tokens = token(&stage).await;
    mingjian_service::interfaces::issue_interface(&stage.service, "DEMOBK").await.expect("new credentials");
    is_r(&stage.ask(knock(&tokens["access_token"])).await, 401);
}

#[tokio::test]
async fn a_token_that_was_changed_or_made_elsewhere_is_none() {
    let stage = Stage::demo().await;
    let tokens = token(&stage).await;
    let good = tokens["access_token"].as_str().expect("a token");
    let parts: Vec<_> = good.split('.').collect();
    let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).expect("base64")).expect("JSON");
    let mut other = claims.clone();
    other["exp"] = json!(9_999_999_999_u64);
    let none = format!("{}.{}.", URL_SAFE_NO_PAD.encode(r#"{"alg":"none"}"#), parts[1]);
    for forged in [
        signed("HS256", &claims, b"demo-secret"),
        signed("HS256", &other, b"1"),
        format!("{}.{}.{}", parts[0], URL_SAFE_NO_PAD.encode(other.to_string()), parts[2]),
        none,
        format!("{good}x"),
    ] {
        is_r(&stage.ask(knock(&json!(forged))).await, 401);
    }
}

#[tokio::test]
async fn a_link_leads_to_its_customer_and_the_message_is_in_the_outbox() {
    let stage = Stage::demo().await;
    let sent = send_scheme(&stage, "A3239239", "10000000001").await;
    let scheme = sent["data"]["scheme"].as_str().expect("a link");
    let code = scheme.strip_prefix("http://127.0.0.1:8080/s/").expect("our own link");
    let opened = stage.ask(get(format!("/api/v1/invitations/{code}"))).await.json();
    assert_eq!((&opened["business_no"], &opened["name"]), (&json!("A3239239"), &json!("张*")));
    assert_eq!(sent["data"]["expireTime"], "2026-11-30 20:00:00", "a week, on the tenant's clock");

    let phones = Outsider::default();
    assert_eq!(run_once(&stage.service, &phones).await.expect("a try"), Ran::One);
    let texts = phones.texts();
    assert_eq!(texts[0].to, "10000000001");
    assert_eq!(texts[0].text, format!("【示例银行】您好，请点击 {scheme} 办理视频面签，请勿将链接转发他人。"));
    let list = stage.ask(get("/api/v1/messages").key(DEMOBK)).await.json();
    let item = &list["items"][0];
    assert_eq!(
        (&item["to"], &item["state"], &item["business_no"]),
        (&json!("100****0001"), &json!("sent"), &json!("A3239239"))
    );
    assert!(!list.to_string().contains(code), "lists let nobody in");
    let whole = stage.ask(get(format!("/api/v1/messages/{}", item["id"].as_str().expect("an id"))).key(DEMOBK)).await;
    assert_eq!(whole.json()["text"], json!(texts[0].text));
    let seat = stage.log_in("agent1").await;
    stage.ask(get("/api/v1/messages").page(&seat)).await.is_problem(403, "not-entitled");
}

#[tokio::test]
async fn a_phone_gets_one_message_a_minute_and_ten_a_day() {
    let stage = Stage::demo().await;
    let send = async || {
        let ask = form(&[("businessId", "A3239239"), ("phone", "10000000001")]).with("blade-auth", DEMOBK);
        stage.ask(ask).await
    };
    for _ in 0..9 {
        assert_eq!(send().await.status, 200);
        let refused = send().await;
        is_r(&refused, 429);
        assert_eq!(refused.header("retry-after"), "60");
        stage.wait(Duration::minutes(1));
    }
    assert_eq!(send().await.status, 200);
    stage.wait(Duration::minutes(1));
    let refused = send().await;
    is_r(&refused, 429);
    assert_eq!(refused.header("retry-after"), (4 * 3600 - 600).to_string(), "midnight in Beijing");
    let other = form(&[("businessId", "A3239239"), ("phone", "10000000002")]).with("blade-auth", DEMOBK);
    assert_eq!(stage.ask(other).await.status, 200, "another phone");
    stage.wait(Duration::hours(4));
    assert_eq!(send().await.status, 200, "another day");
}

#[tokio::test]
async fn a_tenants_own_gateway_is_asked_and_asked_again() {
    let stage = Stage::demo().await;
    let connector = json!({
        "url": "https://sms.example/send",
        "body": {"type": "json", "template": "{\"to\":\"{phone}\",\"t\":\"{template}\",\"p\":[\"{sign}\",\"{link}\"],\"c\":\"{text}\"}"},
        "headers": {"Authorization": "key-of-the-gateway"},
        "accepted": {"pointer": "/code", "values": ["0"]},
        "texts": {"SMS_1": "【{sign}】请办理 {link}"},
    });
    let kept = put(&stage, "/api/v1/connectors/sms", &connector).await;
    assert_eq!(kept.status, 200, "{}", kept.text());
    assert_eq!(kept.json()["headers"], json!(["Authorization"]));
    assert!(!kept.text().contains("key-of-the-gateway"), "a secret goes in and never comes out");
    let fields =
        [("businessId", "A3239239"), ("phone", "10000000001"), ("templateId", "SMS_1"), ("signName", "某\"行")];
    let sent = stage.ask(form(&fields).with("blade-auth", DEMOBK)).await.json();

    let gateway = Outsider::default();
    gateway.will(Err(SendFailure::Unreachable("无法连接对方".into())));
    gateway.will_say(&json!({"code": "1"}));
    gateway.will_say(&json!({"code": 0}));
    for wait in [5, 10, 0] {
        assert_eq!(run_once(&stage.service, &gateway).await.expect("a try"), Ran::One);
        stage.wait(Duration::seconds(wait));
    }
    let heard = gateway.heard();
    assert_eq!(heard.len(), 3);
    assert_eq!(heard[2].header("authorization"), "key-of-the-gateway");
    let body: Value = serde_json::from_str(&heard[2].body).expect("JSON");
    let link = &sent["data"]["scheme"];
    assert_eq!(body["p"], json!(["某\"行", link]));
    assert_eq!(body["c"], json!(format!("【某\"行】请办理 {}", link.as_str().expect("a link"))));
    assert!(gateway.texts().is_empty(), "nothing goes into the files");
    let list = stage.ask(get("/api/v1/messages").key(DEMOBK)).await.json();
    assert_eq!((&list["items"][0]["state"], &list["items"][0]["attempts"]), (&json!("sent"), &json!(3)));
}

fn order_json(business_no: &str) -> Value {
    json!({"code": 200, "data": {
        "businessId": business_no, "assistId": "F-7", "productId": "P1", "productName": "华楼通", "queueId": "1001", "status": 0,
        "borrower": {"name": "赵六", "idNo": "999999199001010016", "phone": "10000000006"},
        "guarantors": [{"name": "王五", "idNo": "999999198506150028", "phone": "10000000007"}],
        "enterprise": {"name": "示例公司", "creditCode": "91310000X", "legalPerson": "赵六"},
        "enterpriseGuarantors": [], "riskVideoUrl": "https://bank.example/risk.mp4", "signatureUrl": null,
        "extra": [{"label": "贷款金额", "value": "50 万元"}],
    }})
}

#[tokio::test]
async fn an_order_that_is_not_there_is_asked_for_when_its_link_is_wanted() {
    let stage = Stage::demo().await;
    connect(&stage, "order").await;
    connect(&stage, "product").await;
    stage.outsider.will_say(&order_json("NEW1"));
    let sent = send_scheme(&stage, "NEW1", "10000000006").await;
    assert_eq!(sent["data"]["smsId"].as_str().map(str::len), Some(36));
    assert_eq!(stage.outsider.heard()[0].url, "https://bank.example/order/NEW1");
    assert_eq!(stage.outsider.heard()[0].header("x-api-key"), "secret-of-the-bank");

    let product =
        json!({"productId": "P1", "productName": "华楼通", "riskLevel": "R2", "riskTips": ["有风险"], "imgs": []});
    stage.outsider.will_say(&json!({"code": 200, "data": [{"productName": "其他"}, product]}));
    let seat = stage.log_in("agent1").await;
    let sheet = stage.ask(get("/api/v1/orders/NEW1/sheet").page(&seat)).await.json();
    assert_eq!(sheet["assist_no"], "F-7");
    assert_eq!(sheet["order"]["customer"]["name"], "赵六");
    assert_eq!(sheet["order"]["details"][0]["label"], "贷款金额");
    assert_eq!(sheet["guarantors"][0]["id_no"], "9999**********0028", "people read the ends");
    assert_eq!(sheet["enterprise"]["credit_code"], "91310000X");
    assert_eq!((&sheet["product"]["risk_level"], &sheet["product"]["risk_tips"]), (&json!("R2"), &json!(["有风险"])));
    let again = stage.ask(get("/api/v1/orders/NEW1/sheet").key(DEMOBK)).await.json();
    assert_eq!(again["guarantors"][0]["id_no"], "999999198506150028");
    assert_eq!(stage.outsider.heard().len(), 2, "the product is asked for once");
}

#[tokio::test]
async fn what_an_order_service_says_is_checked() {
    let stage = Stage::demo().await;
    connect(&stage, "order").await;
    let pull = async || stage.ask(post("/api/v1/orders/NEW2/pull", &json!({})).key(DEMOBK)).await;
    stage.outsider.will_say(&order_json("OTHER"));
    pull().await.is_problem(404, "order-unknown");
    stage.outsider.will(Ok(Returned { status: 404, body: Vec::new() }));
    pull().await.is_problem(404, "order-unknown");
    stage.outsider.will(Ok(Returned { status: 500, body: Vec::new() }));
    pull().await.is_problem(422, "invalid");
    stage.outsider.will(Err(SendFailure::Forbidden("对方地址指向本机或链路本地地址，不允许访问".into())));
    pull().await.is_problem(422, "invalid");
    let mut done = order_json("NEW2");
    done["data"]["status"] = json!("3");
    stage.outsider.will_say(&done);
    pull().await.is_problem(409, "already-decided");
    let mut bad = order_json("NEW2");
    bad["data"]["riskVideoUrl"] = json!("javascript:alert(1)");
    stage.outsider.will_say(&bad);
    pull().await.is_problem(422, "invalid");
    stage.outsider.will_say(&order_json("NEW2"));
    assert_eq!(pull().await.status, 201);
    stage.outsider.will_say(&order_json("NEW2"));
    assert_eq!(pull().await.status, 200, "it is there already");
    let dots = stage.ask(post("/api/v1/orders/../pull", &json!({})).key(DEMOBK)).await;
    assert!(dots.status.is_client_error(), "{}", dots.text());
}

#[tokio::test]
async fn a_seat_reads_the_orders_of_its_queues_alone() {
    let stage = Stage::demo().await;
    let order = json!({
        "business_no": "Q2", "product_name": "信托", "queue_id": "1002",
        "customer": {"name": "王五", "id_type": "id_card", "id_no": "11010519491231002X", "mobile": "13800000000"},
    });
    assert_eq!(stage.ask(post("/api/v1/orders", &order).key(DEMOBK)).await.status, 201);
    let (one, two) = (stage.log_in("agent1").await, stage.log_in("agent2").await);
    stage.ask(get("/api/v1/orders/Q2/sheet").page(&one)).await.is_problem(404, "order-unknown");
    assert_eq!(stage.ask(get("/api/v1/orders/Q2/sheet").page(&two)).await.status, 200);
    let archivist = stage.log_in("mt1").await;
    stage.ask(get("/api/v1/orders/Q2/sheet").page(&archivist)).await.is_problem(403, "not-entitled");
}

#[tokio::test]
async fn an_identity_is_told_by_who_looked_and_by_nobody_else() {
    let stage = Stage::demo().await;
    let seat = stage.log_in("agent1").await;
    let check = async || {
        let ask = post("/api/v1/orders/A3239239/identity-checks", &json!({"image_base64": "/9j/4AAQ"})).page(&seat);
        stage.ask(ask).await.json()
    };
    let unknown = check().await;
    assert_eq!((&unknown["result"], &unknown["similarity"]), (&json!("not_done"), &json!("0.0")), "nobody looked");
    let connector = json!({
        "url": "https://bank.example/identity",
        "body": {"type": "json", "template": "{\"bussinessId\":\"{businessId}\",\"name\":\"{name}\",\"idNumber\":\"{idNo}\",\"imageBase64\":\"{imageBase64}\"}"},
    });
    assert_eq!(put(&stage, "/api/v1/connectors/identity", &connector).await.status, 200);
    stage.outsider.will_say(&json!({"code": 200, "data": {"result": 1, "similarity": "91.53", "description": "一致"}}));
    assert_eq!(check().await, json!({"result": "passed", "similarity": "91.5", "description": "一致"}));
    let asked: Value = serde_json::from_str(&stage.outsider.heard()[0].body).expect("JSON");
    assert_eq!((&asked["name"], &asked["idNumber"]), (&json!("张三"), &json!("999999199001010016")), "of the order");
    stage.outsider.will_say(&json!({"data": {"result": "2"}}));
    assert_eq!(check().await["result"], "failed");
    stage.outsider.will(Err(SendFailure::Unreachable("对方在 5 秒内没有应答".into())));
    assert_eq!(check().await["result"], "not_done");

    let claim = json!({"result": "passed", "similarity": "99.0"});
    let admin = stage.log_in("admin1").await;
    let from_page = ask(Method::PUT, "/api/v1/orders/A3239239/identity").json(claim.to_string()).page(&admin);
    stage.ask(from_page).await.is_problem(403, "not-entitled");
    assert_eq!(put(&stage, "/api/v1/orders/A3239239/identity", &claim).await.status, 204);
}

#[tokio::test]
async fn a_statement_of_a_business_server_is_believed_once_and_only_with_its_signature() {
    let stage = Stage::demo().await;
    let claims = json!({"businessId": "A3239239", "faceResult": 1, "similarity": "91.5"});
    let hand_in = async |token: &Value| stage.ask(post("/api/v1/identity-statements", &json!({"token": token}))).await;
    let good = statement(&stage, &claims);
    assert_eq!(hand_in(&good).await.status, 204);
    hand_in(&good).await.is_problem(410, "ticket-used");
    let sheet = stage.ask(get("/api/v1/orders/A3239239/sheet").key(DEMOBK)).await.json();
    assert_eq!((&sheet["identity"]["result"], &sheet["identity"]["similarity"]), (&json!("passed"), &json!("91.5")));

    let exp = stage.service.now().unix_timestamp() + 300;
    let full = json!({"iss": "demo-app", "exp": exp, "businessId": "A3239239", "faceResult": 1, "similarity": "9.0"});
    for forged in
        [signed("HS256", &full, b"other-secret"), signed("none", &full, b"demo-secret"), "a.b.c".into(), String::new()]
    {
        hand_in(&json!(forged)).await.is_problem(401, "wrong-secret");
    }
    let old =
        statement(&stage, &json!({"exp": exp - 300, "businessId": "A3239239", "faceResult": 1, "similarity": "1"}));
    hand_in(&old).await.is_problem(401, "session-expired");
    let long =
        statement(&stage, &json!({"exp": exp + 900, "businessId": "A3239239", "faceResult": 1, "similarity": "1"}));
    hand_in(&long).await.is_problem(422, "invalid");
    let foreign = statement(&stage, &json!({"businessId": "B0001", "faceResult": 1, "similarity": "1"}));
    hand_in(&foreign).await.is_problem(404, "order-unknown");
}

#[tokio::test]
async fn a_photo_is_handed_on() {
    let stage = Stage::demo().await;
    let seat = stage.log_in("agent1").await;
    let push = async |name: &str| {
        let body = json!({"name": name, "image_base64": "/9j/4AAQ"});
        stage.ask(post("/api/v1/orders/A3239239/photos", &body).page(&seat)).await
    };
    push("1.jpg").await.is_problem(422, "invalid");
    connect(&stage, "photo").await;
    stage.outsider.will_say(&json!({}));
    assert_eq!(push("现场-1.jpg").await.status, 204);
    stage.outsider.will(Ok(Returned { status: 500, body: Vec::new() }));
    push("2.jpg").await.is_problem(422, "invalid");
    push("../2.jpg").await.is_problem(422, "invalid");
}
