//! What a tenant admin sees and sets of the interfaces.

use axum::http::Method;
use mingjian_domain::interface::FaceName;
use mingjian_service::interfaces::{Account, Proof, md5_hex, prove_company, prove_meeting};
use serde_json::{Value, json};

use crate::stage::{Ask, DEMOBK, Login, OTHERB, Stage, ask, get, post};

const INTERFACE: &str = "/api/v1/interface";
const SWITCHES: &str = "/api/v1/interface/switches";
const KEYS: &str = "/api/v1/interface/keys";
const CALLS: &str = "/api/v1/interface/calls";

fn put(body: &Value) -> Ask {
    ask(Method::PUT, SWITCHES).json(body.to_string())
}

async fn admin() -> (Stage, Login) {
    let stage = Stage::demo().await;
    let page = stage.log_in("admin1").await;
    (stage, page)
}

#[tokio::test]
async fn secrets_are_hinted_at_and_never_shown() {
    let (stage, page) = admin().await;
    let shown = stage.ask(get(INTERFACE).page(&page)).await;
    let interface = shown.json();
    assert_eq!(interface["ent_id"], 52);
    let accounts: Vec<_> =
        interface["credentials"].as_array().expect("credentials").iter().map(|one| &one["account"]).collect();
    assert_eq!(accounts, ["1", "demo-app", "demo"]);
    for secret in ["demo-secret", "demo-key", "\"800\""] {
        assert!(!shown.text().contains(secret), "{secret}");
    }
    let meeting = interface["faces"].as_array().expect("faces").iter().find(|face| face["name"] == "meeting");
    assert_eq!(meeting.expect("it is there")["base_urls"][0], "http://127.0.0.1:8080/meeting");
    assert_eq!(interface["switches"]["netdisk_get_from"], json!(["http://127.0.0.1", "http://localhost"]));
}

#[tokio::test]
async fn only_a_tenant_admin_comes_near() {
    let (stage, _) = admin().await;
    for login in ["agent1", "reviewer1", "supervisor1", "root", "mt1"] {
        let page = stage.log_in(login).await;
        for path in [INTERFACE, KEYS, CALLS] {
            stage.ask(get(path).page(&page)).await.is_problem(403, "not-entitled");
        }
        stage.ask(put(&json!({})).page(&page)).await.is_problem(403, "not-entitled");
        stage.ask(post(KEYS, &json!({"name": "x"})).page(&page)).await.is_problem(403, "not-entitled");
    }
    // A key that leaks must not be able to make another one.
    stage.ask(post(KEYS, &json!({"name": "x"})).key(DEMOBK)).await.is_problem(401, "no-credentials");
}

#[tokio::test]
async fn switches_are_set_by_who_has_read_them_last() {
    let (stage, page) = admin().await;
    let first = stage.ask(get(INTERFACE).page(&page)).await.header("etag");
    let set =
        stage.ask(put(&json!({"off": ["meeting"], "quota_bytes": 10})).page(&page).with("if-match", &first)).await;
    assert_eq!(set.status, 200, "{}", set.text());
    assert_eq!(set.json()["switches"]["off"], json!(["meeting"]));
    assert!(prove_meeting(&stage.service, "800", "127.0.0.1").await.is_err(), "the face is off at once");
    stage.ask(put(&json!({})).page(&page).with("if-match", &first)).await.is_problem(412, "changed-meanwhile");
    stage.ask(put(&json!({})).page(&page).with("if-match", "nonsense")).await.is_problem(400, "malformed");
    let now = set.header("etag");
    assert_eq!(stage.ask(get(INTERFACE).page(&page)).await.header("etag"), now);
    assert_eq!(stage.ask(put(&json!({})).page(&page).with("if-match", &now)).await.status, 200);
    assert!(prove_meeting(&stage.service, "800", "127.0.0.1").await.is_ok(), "and on again");
    assert_eq!(stage.ask(put(&json!({"quota_bytes": 5})).page(&page)).await.status, 200, "If-Match is optional");
}

#[tokio::test]
async fn every_switch_reads_back_as_it_was_set() {
    let (stage, page) = admin().await;
    let wanted = json!({
        "off": ["crm"],
        "video_unsigned_from": ["10.1.0.0/16"],
        "netdisk_get_from": ["https://bank.example"],
        "meeting_origins": ["https://meet.bank.example"],
        "netdisk_callback_url": "https://bank.example/hook",
        "return_origins": ["https://bank.example"],
        "results_as": "signing",
        "messages_a_day": 500,
        "quota_bytes": 10,
        "file_retention_days": {"interview": 1825, "counter": 3650},
    });
    assert_eq!(stage.ask(put(&wanted).page(&page)).await.json()["switches"], wanted);
    assert_eq!(stage.ask(get(INTERFACE).page(&page)).await.json()["switches"], wanted);
    // What is left out is empty: nothing stays as it was.
    let emptied = stage.ask(put(&json!({})).page(&page)).await.json()["switches"].clone();
    assert_eq!((&emptied["results_as"], &emptied["file_retention_days"]), (&json!("native"), &json!({})));
    assert_eq!((&emptied["return_origins"], &emptied["messages_a_day"]), (&json!([]), &json!(null)));
}

#[tokio::test]
async fn a_switch_that_is_none_is_named() {
    let (stage, page) = admin().await;
    for (body, field) in [
        (json!({"off": ["native"]}), "off:"),
        (json!({"off": "crm"}), "off:"),
        (json!({"off": [1]}), "off[0]:"),
        (json!({"video_unsigned_from": ["10.0.0.0/99"]}), "video_unsigned_from:"),
        (json!({"netdisk_get_from": ["bank.example"]}), "netdisk_get_from:"),
        (json!({"meeting_origins": ["https://a/b"]}), "meeting_origins:"),
        (json!({"netdisk_callback_url": "x"}), "netdisk_callback_url:"),
        (json!({"quota_bytes": -1}), "quota_bytes:"),
        (json!({"return_origins": ["bank.example"]}), "return_origins:"),
        (json!({"results_as": "xml"}), "results_as:"),
        (json!({"messages_a_day": -1}), "messages_a_day:"),
        (json!({"file_retention_days": {"interview": 0}}), "file_retention_days:"),
        (json!({"file_retention_days": {"interview": -1}}), "file_retention_days.interview:"),
        (json!({"file_retention_days": {"interveiw": 5}}), "file_retention_days.interveiw:"),
    ] {
        let answer = stage.ask(put(&body).page(&page)).await;
        answer.is_problem(422, "invalid");
        assert!(answer.json()["detail"].as_str().is_some_and(|told| told.starts_with(field)), "{}", answer.text());
    }
}

#[tokio::test]
async fn a_credential_is_made_anew_without_the_others() {
    let (stage, page) = admin().await;
    let reissue = |kind: &str| ask(Method::POST, format!("/api/v1/interface/credentials/{kind}/reissue")).page(&page);
    let app = stage.ask(reissue("app")).await.json();
    let prove = async |account, secret: &str| {
        let proof = Proof { account, secret, address: "127.0.0.1" };
        prove_company(&stage.service, FaceName::Netdisk, proof).await.is_ok()
    };
    assert!(!prove(Account::App("demo-app"), &md5_hex(&["demo-secret"])).await, "the old one is refused");
    assert!(prove(Account::App("demo-app"), &md5_hex(&[app["secret"].as_str().expect("a secret")])).await);
    assert!(prove(Account::Company(1), &md5_hex(&["1", "1"])).await, "the company's is left alone");
    let meeting = stage.ask(reissue("meeting")).await.json();
    assert!(prove_meeting(&stage.service, "800", "127.0.0.1").await.is_err(), "the literal key went with the old one");
    let key = md5_hex(&["demo", meeting["secret"].as_str().expect("a secret")]);
    assert!(prove_meeting(&stage.service, &key, "127.0.0.1").await.is_ok());
    stage.ask(reissue("nothing")).await.is_problem(404, "key-unknown");
}

#[tokio::test]
async fn a_key_works_from_its_issue_to_its_end() {
    let (stage, page) = admin().await;
    let issued = stage.ask(post(KEYS, &json!({"name": " 核心系统 "})).page(&page)).await;
    assert_eq!(issued.status, 201, "{}", issued.text());
    let key = issued.json();
    let secret = key["secret"].as_str().expect("a secret");
    assert_eq!(stage.ask(get("/api/v1/orders/A3239239").key(secret)).await.status, 200);
    let list = stage.ask(get(KEYS).page(&page)).await;
    let names: Vec<_> = list.json()["items"].as_array().expect("keys").iter().map(|key| key["name"].clone()).collect();
    assert!(names.contains(&json!("核心系统")) && names.contains(&json!("demo")), "{names:?}");
    assert!(!list.text().contains(secret));

    let revoke = || ask(Method::DELETE, issued.header("location")).page(&page);
    assert_eq!(stage.ask(revoke()).await.status, 204);
    stage.ask(revoke()).await.is_problem(404, "key-unknown");
    stage.ask(get("/api/v1/orders/A3239239").key(secret)).await.is_problem(401, "wrong-secret");
    assert_eq!(stage.ask(get("/api/v1/orders/A3239239").key(DEMOBK)).await.status, 200, "others go on");
    let neighbours = mingjian_service::tokens::sha256(OTHERB);
    let path = format!("{KEYS}/{}", neighbours.map(|byte| format!("{byte:02x}")).concat());
    stage.ask(ask(Method::DELETE, path).page(&page)).await.is_problem(404, "key-unknown");
    stage.ask(post(KEYS, &json!({"name": " "})).page(&page)).await.is_problem(422, "invalid");
}

#[tokio::test]
async fn the_last_calls_are_there_without_secrets_and_without_the_neighbours() {
    let (stage, page) = admin().await;
    let order = json!({
        "business_no": "LOG-1", "product_name": "华楼通", "queue_id": "1001",
        "customer": {"name": "王五", "id_type": "id_card", "id_no": "11010519491231002X", "mobile": "13800000000"},
    });
    stage.ask(post("/api/v1/orders", &order).key(DEMOBK)).await;
    stage.ask(post("/api/v1/orders", &order).key(DEMOBK)).await.is_problem(409, "name-taken");
    stage.ask(get("/api/v1/orders/LOG-1").key(OTHERB)).await.is_problem(404, "order-unknown");
    stage.ask(get("/api/v1/orders/LOG-1").page(&page)).await;
    let told = stage.ask(get(CALLS).page(&page)).await;
    let calls = told.json()["items"].as_array().expect("calls").clone();
    let short: Vec<_> = calls.iter().map(|call| (&call["method"], &call["status"], &call["code"])).collect();
    assert_eq!(
        short,
        [(&json!("POST"), &json!(409), &json!("name-taken")), (&json!("POST"), &json!(201), &json!(null))]
    );
    assert_eq!(
        (&calls[0]["face"], &calls[0]["path"], &calls[0]["address"]),
        (&json!("native"), &json!("/api/v1/orders"), &json!("127.0.0.1"))
    );
    assert!(calls[1]["request"].as_str().is_some_and(|body| body.contains("LOG-1")), "{calls:#?}");
    for personal in ["11010519491231002X", "13800000000", DEMOBK] {
        assert!(!told.text().contains(personal), "{personal}");
    }
}
