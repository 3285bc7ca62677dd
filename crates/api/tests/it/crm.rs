//! The image archive: the document's examples, every status of its table, its doors, and what callers may send to hurt us.

use std::collections::BTreeSet;

use axum::http::Method;
use mingjian_api::{ApiSettings, CrmPaths, ROUTES};
use mingjian_domain::id::DepartmentId;
use mingjian_domain::tenant::Department;
use mingjian_service::jobs::Ran;
use serde_json::{Value, json};
use time::Duration;

use crate::golden;
use crate::outside::run_once;
use crate::stage::{Answer, Ask, GENEROUS, Stage, ask, get, post};

const TO_ACCOUNT: &str = "/crm/dms/services/demo-service/accesses/account";
const TO_CUSTOMER: &str = "/crm/dms/services/demo-service/accesses/customer";
const MATERIALS: &str = "/crm/dms/materials/account?accountNo=88880001&accountBizType=0";
const PNG: &[u8] = b"\x89PNG\r\n\x1a\n and so on";

async fn token(stage: &Stage, user: &str) -> String {
    let body = json!({"username": user, "password": "mingjian-demo"});
    let answer = stage.ask(post("/crm/login/jwt", &body)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.header("authorization")
}

fn signed(ask: Ask, token: &str) -> Ask {
    ask.with("authorization", token)
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for three in bytes.chunks(3) {
        let word = three.iter().fold(0_u32, |word, &byte| word << 8 | u32::from(byte)) << (8 * (3 - three.len()));
        for place in 0..=three.len() {
            text.push(char::from(DIGITS[(word >> (18 - 6 * place) & 63) as usize]));
        }
    }
    text + &"=".repeat((3 - bytes.len() % 3) % 3)
}

fn deposit(code: &str, name: &str, bytes: &[u8]) -> Value {
    json!({
        "accountNo": "88880001", "accountBizType": "0",
        "materials": [{"code": code, "base64File": {"name": name, "base64Data": base64(bytes)}}],
    })
}

/// A form with one file, its name as bytes.
fn form(name: &[u8], bytes: &[u8]) -> Ask {
    let mut body = b"--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"".to_vec();
    body.extend_from_slice(name);
    body.extend_from_slice(b"\"\r\n\r\n");
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--xx--\r\n");
    let ask = ask(Method::POST, "/crm/dms/files").with("content-type", "multipart/form-data; boundary=xx");
    Ask { body, ..ask }
}

/// Checks that it is Spring's JSON with that status.
fn is_refusal(answer: &Answer, status: u16) -> String {
    assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json", "{}", answer.text());
    let body = answer.json();
    let fields: BTreeSet<_> = body.as_object().expect("an object").keys().map(String::as_str).collect();
    assert_eq!(fields, BTreeSet::from(["error", "message", "path", "status", "timestamp"]), "{body}");
    assert_eq!(body["status"], status);
    body["message"].as_str().expect("a sentence").to_owned()
}

async fn materials(stage: &Stage, token: &str, query: &str) -> Vec<Value> {
    let answer = stage.ask(signed(get(format!("{MATERIALS}{query}")), token)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json().as_array().expect("a bare array").clone()
}

#[tokio::test]
async fn the_examples_hold_and_every_status_is_among_them() {
    let mut statuses = BTreeSet::new();
    for file in golden::files("crm") {
        golden::play(&Stage::demo().await, "crm", &file, &[]).await;
        statuses.extend(golden::read("crm", &file).iter().map(|exchange| exchange.status));
    }
    // 413 and 429 need more than a file can show, 416 as well; they are told by tests of their own below.
    assert_eq!(statuses, BTreeSet::from([200, 206, 400, 401, 403, 404, 405, 409, 415]));
}

/// The calls of the face with a body that is taken. What they name is of DEMOBK.
async fn doors(stage: &Stage, token: &str) -> Vec<(Method, String, Option<Value>)> {
    let uploaded = stage.ask(signed(form(b"a.png", PNG), token)).await.json();
    let file = uploaded["id"].as_str().expect("an id").to_owned();
    let filed = stage.ask(signed(post(TO_ACCOUNT, &deposit("OTHER", "a.png", PNG)), token)).await.json();
    vec![
        (Method::POST, TO_ACCOUNT.into(), Some(deposit("OTHER", "a.png", PNG))),
        (
            Method::POST,
            "/crm/dms/accesses/discard".into(),
            Some(json!({"serviceAccessId": filed["id"], "discardReason": "传错"})),
        ),
        (
            Method::POST,
            "/crm/accounts".into(),
            Some(json!({
                "deptCode": "0001", "accountNo": "1", "accountBizType": "0", "accountName": "王五", "accountCustomerType": "0",
                "customerType": "0", "accountStatus": "1", "idType": "1", "idNo": "X1",
            })),
        ),
        (Method::POST, "/crm/dms/files".into(), None),
        (
            Method::POST,
            TO_CUSTOMER.into(),
            Some(json!({
                "idType": "1", "idNo": "999999199001010016",
                "materials": [{"code": "OTHER", "base64File": {"name": "a.png", "base64Data": base64(PNG)}}],
            })),
        ),
        (
            Method::POST,
            "/crm/dms/materials/account".into(),
            Some(json!({"accountNo": "88880001", "accountBizType": "0"})),
        ),
        (Method::GET, MATERIALS.into(), None),
        (Method::GET, format!("/crm/dms/files/{file}/file"), None),
        (Method::POST, "/crm/dms/accounts/page".into(), Some(json!({}))),
    ]
}

fn knock(method: &Method, path: &str, body: Option<&Value>) -> Ask {
    match body {
        Some(body) => ask(method.clone(), path).json(body.to_string()),
        None if path == "/crm/dms/files" => form(b"a.png", PNG),
        None => ask(method.clone(), path),
    }
}

/// The same path with its parts named, as the table of routes has it.
fn route_of(path: &str) -> String {
    let path = path.split('?').next().expect("a path");
    let file = |part: &str| part.len() == 32 && part.bytes().all(|byte| byte.is_ascii_hexdigit());
    path.split('/')
        .map(|part| {
            if part == "demo-service" {
                "{serviceId}"
            } else if file(part) {
                "{fileId}"
            } else {
                part
            }
        })
        .collect::<Vec<_>>()
        .join("/")
}

#[tokio::test]
async fn every_door_opens_with_a_token_and_none_without() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let doors = doors(&stage, &token).await;
    let mut tried: Vec<_> =
        doors.iter().map(|(method, path, _)| (method.as_str().to_lowercase(), route_of(path))).collect();
    tried.push(("post".into(), "/crm/login/jwt".into()));
    let mut there: Vec<_> = ROUTES
        .iter()
        .filter(|route| route.path.starts_with("/crm/"))
        .map(|route| (route.method.to_owned(), route.path.to_owned()))
        .collect();
    tried.sort_unstable();
    there.sort_unstable();
    assert_eq!(tried, there, "every route of the face is tried");

    for (method, path, body) in &doors {
        let knock = || knock(method, path, body.as_ref());
        for wrong in
            ["", "Bearer", "Bearer ", "Bearer a.b.c", "mk_demo_DEMOBK", &format!("{token}x"), &token[..token.len() - 2]]
        {
            is_refusal(&stage.ask(knock().with("authorization", wrong)).await, 401);
        }
        is_refusal(&stage.ask(knock()).await, 401);
        let bare = token.strip_prefix("Bearer ").expect("a scheme");
        let answer = stage.ask(knock().with("authorization", bare)).await;
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
}

#[tokio::test]
async fn what_is_a_neighbours_looks_exactly_like_what_is_not_there() {
    let stage = Stage::demo().await;
    let (ours, theirs) = (token(&stage, "mt1").await, token(&stage, "mt2").await);
    let doors = doors(&stage, &ours).await;
    let nobody = "0".repeat(32);
    let mut compared = 0;
    for (method, path, body) in &doors {
        let (id, body_text) = (route_of(path), body.as_ref().map(Value::to_string).unwrap_or_default());
        // What would be made new is the neighbour's own to make.
        if ["/crm/accounts", "/crm/dms/files", "/crm/dms/accounts/page"].contains(&id.as_str()) {
            continue;
        }
        let astray_path = path
            .split('/')
            .map(|part| if part.len() == 32 { nobody.as_str() } else { part })
            .collect::<Vec<_>>()
            .join("/")
            .replace("88880001", "nobody")
            .replace("demo-service", "nobody");
        let filed = body.as_ref().and_then(|body| body["serviceAccessId"].as_str()).unwrap_or("-");
        let astray_body = body_text.replace("88880001", "nobody").replace(filed, &nobody);
        let with = |path: &str, text: &str| {
            let ask = ask(method.clone(), path);
            signed(if text.is_empty() { ask } else { ask.json(text) }, &theirs)
        };
        let foreign = stage.ask(with(path, &body_text)).await;
        let absent = stage.ask(with(&astray_path, &astray_body)).await;
        let status = if id.contains("{serviceId}") { 403 } else { 404 };
        let message = is_refusal(&foreign, status);
        assert_eq!(message, is_refusal(&absent, status), "{path}");
        compared += 1;
    }
    assert_eq!(compared, 6);
    let page = stage.ask(signed(post("/crm/dms/accounts/page", &json!({"deptCodes": []})), &theirs)).await.json();
    assert_eq!(page["totalElements"], 1, "its own account alone: {page}");
    assert_eq!(page["content"][0]["account"]["accountNo"], "99990001");
    assert_eq!(materials(&stage, &ours, "").await.len(), 1, "nothing of ours was changed");
}

#[tokio::test]
async fn a_broken_or_large_body_and_a_wrong_method_are_told_in_this_dialect() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let mut tried = 0;
    for (method, path, body) in doors(&stage, &token).await {
        is_refusal(&stage.ask(signed(ask(Method::PATCH, &path), &token)).await, 405);
        if body.is_none() {
            continue;
        }
        tried += 1;
        let knock = || signed(ask(method.clone(), &path), &token);
        for broken in ["{", "[]", "\"text\"", "{\"a\":}", "{}}", "{\"materials\":[{]}"] {
            is_refusal(&stage.ask(knock().json(broken)).await, 400);
        }
        is_refusal(&stage.ask(knock().json("{}").with("content-type", "text/plain")).await, 415);
        if !path.contains("/services/") {
            let large = format!("{{\"title\":\"{}\"}}", "x".repeat(300_000));
            is_refusal(&stage.ask(knock().json(large)).await, 413);
        }
    }
    assert_eq!(tried, 6);
    is_refusal(&stage.ask(get("/crm")).await, 404);
    is_refusal(&stage.ask(get("/crm/dms/nothing")).await, 404);
    is_refusal(&stage.ask(signed(post("/crm/dms/files", &json!({})), &token)).await, 415);
}

#[tokio::test]
async fn five_wrong_passwords_lock_a_person_and_time_opens_again() {
    let stage = Stage::demo().await;
    let login = |password: &str| post("/crm/login/jwt", &json!({"username": "mt1", "password": password}));
    for _ in 0..5 {
        let answer = stage.ask(login("wrong")).await;
        assert_eq!((answer.status.as_u16(), answer.text().as_str()), (401, "Invalid Credentials"));
    }
    is_refusal(&stage.ask(login("mingjian-demo")).await, 429);
    stage.wait(Duration::minutes(1));
    assert_eq!(stage.ask(login("mingjian-demo")).await.status, 200);
    let named = post("/crm/login/jwt", &json!({"username": "mt1@DEMOBK", "password": "mingjian-demo"}));
    assert_eq!(stage.ask(named).await.status, 200);
}

#[tokio::test]
async fn a_token_lives_an_hour_and_ends_with_a_new_password() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let page = || signed(post("/crm/dms/accounts/page", &json!({})), &token);
    stage.wait(Duration::minutes(59));
    assert_eq!(stage.ask(page()).await.status, 200);
    stage.wait(Duration::minutes(1));
    is_refusal(&stage.ask(page()).await, 401);

    let stage = Stage::demo().await;
    let token = self::token(&stage, "mt1").await;
    let new = mingjian_domain::secret::Secret::new("another-password".into());
    mingjian_service::setup::set_password(&stage.service, "mt1", &new).await.expect("a password");
    is_refusal(&stage.ask(signed(post("/crm/dms/accounts/page", &json!({})), &token)).await, 401);
    // A token of another installation's key, and one that says it needs no signature.
    let none = "Bearer eyJhbGciOiJub25lIn0.eyJhdWQiOiJjcm0ifQ.";
    is_refusal(&stage.ask(signed(post("/crm/dms/accounts/page", &json!({})), none)).await, 401);
}

#[tokio::test]
async fn a_flood_is_told_to_come_later() {
    let limits =
        mingjian_api::limits::Limits { key: mingjian_api::limits::Rate { per_second: 1, burst: 2 }, ..GENEROUS };
    let stage = Stage::with(ApiSettings { demo: true, limits, ..ApiSettings::default() }).await;
    let token = token(&stage, "mt1").await;
    let page = || signed(post("/crm/dms/accounts/page", &json!({})), &token);
    assert_eq!(stage.ask(page()).await.status, 200);
    assert_eq!(stage.ask(page()).await.status, 200);
    let answer = stage.ask(page()).await;
    is_refusal(&answer, 429);
    assert!(!answer.header("retry-after").is_empty());
}

/// DEMOBK's tree: 0001 with 0101 below, and 0003 beside it. `mt1` is in 0001.
async fn grow_departments(stage: &Stage) {
    let mut tx = stage.service.store.begin().await.expect("a transaction");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let top = tx.departments().list(tenant).await.expect("departments")[0].id;
    for (code, parent) in [("0101", Some(top)), ("0003", None)] {
        let id = stage.service.draw(|random| DepartmentId::mint(stage.service.now(), random));
        let department = Department { id, tenant, code: code.into(), name: format!("营业部{code}"), parent };
        tx.departments().insert(&department).await.expect("a department");
    }
    tx.commit().await.expect("a commit");
}

#[tokio::test]
async fn a_right_on_a_department_covers_those_below_it_and_no_other() {
    let stage = Stage::demo().await;
    grow_departments(&stage).await;
    let (clerk, admin) = (token(&stage, "mt1").await, token(&stage, "admin1").await);
    let account = |dept: &str, number: &str| {
        json!({
            "deptCode": dept, "accountNo": number, "accountBizType": "0", "accountName": "王五", "accountCustomerType": "0",
            "customerType": "0", "accountStatus": "1", "idType": "1", "idNo": number,
        })
    };
    assert_eq!(stage.ask(signed(post("/crm/accounts", &account("0101", "1")), &clerk)).await.status, 200);
    is_refusal(&stage.ask(signed(post("/crm/accounts", &account("0003", "2")), &clerk)).await, 403);
    let made = stage.ask(signed(post("/crm/accounts", &account("0003", "2")), &admin)).await;
    assert_eq!(made.status, 200, "{}", made.text());

    let filed = |number: &str, token: &str| {
        let mut body = deposit("OTHER", "a.png", PNG);
        body["accountNo"] = number.into();
        signed(post(TO_ACCOUNT, &body), token)
    };
    is_refusal(&stage.ask(filed("2", &clerk)).await, 403);
    let theirs = stage.ask(filed("2", &admin)).await.json();
    assert_eq!(stage.ask(filed("1", &clerk)).await.status, 200);
    let of = |number: &str| format!("/crm/dms/materials/account?accountNo={number}&accountBizType=0");
    is_refusal(&stage.ask(signed(get(of("2")), &clerk)).await, 403);
    let seen = stage.ask(signed(get(of("2")), &admin)).await.json();
    let file = format!("/crm/dms/files/{}/file", seen[0]["fileIds"][0].as_str().expect("an id"));
    is_refusal(&stage.ask(signed(get(&file), &clerk)).await, 403);
    assert_eq!(stage.ask(signed(get(&file), &admin)).await.status, 200);
    let discard = json!({"serviceAccessId": theirs["id"], "discardReason": "传错"});
    is_refusal(&stage.ask(signed(post("/crm/dms/accesses/discard", &discard), &clerk)).await, 403);

    for (codes, token, total) in [
        (json!([]), &clerk, 3),
        (json!(["0101"]), &clerk, 1),
        (json!(["0003"]), &clerk, 0),
        (json!(["0003", "0001"]), &clerk, 2),
        (json!([]), &admin, 4),
        (json!("0003"), &admin, 1),
    ] {
        let page = stage.ask(signed(post("/crm/dms/accounts/page", &json!({"deptCodes": codes})), token)).await.json();
        assert_eq!(page["totalElements"], total, "{codes}");
    }
}

#[tokio::test]
async fn archiving_is_all_or_nothing() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let mut body = deposit("OTHER", "a.png", PNG);
    body["materials"].as_array_mut().expect("a list").push(json!({"code": "OTHER", "fileId": "0".repeat(32)}));
    is_refusal(&stage.ask(signed(post(TO_ACCOUNT, &body), &token)).await, 404);
    assert!(materials(&stage, &token, "&withHis=true").await.is_empty());
    let folder = stage.service.objects.path_of("arc").expect("a key");
    let kept = walk(&folder);
    assert!(kept.is_empty(), "no bytes are left behind: {kept:?}");
    assert!(walk(&stage.service.objects.path_of("drafts").expect("a key")).is_empty());
    let page = stage.ask(signed(post("/crm/dms/accounts/page", &json!({"materialCodes": ["OTHER"]})), &token)).await;
    assert_eq!(page.json()["totalElements"], 0);
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    let mut found = Vec::new();
    let Ok(entries) = std::fs::read_dir(folder) else { return found };
    for entry in entries {
        let path = entry.expect("a readable folder").path();
        if path.is_dir() { found.extend(walk(&path)) } else { found.push(path) }
    }
    found
}

#[tokio::test]
async fn a_newer_deposit_follows_the_older_and_discarding_it_brings_the_older_back() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let file = async |bytes: &[u8]| {
        stage.ask(signed(post(TO_ACCOUNT, &deposit("ID_FRONT", "a.png", bytes)), &token)).await.json()
    };
    let search = async |body: Value| {
        stage.ask(signed(post("/crm/dms/accounts/page", &body), &token)).await.json()["totalElements"].clone()
    };
    let with = json!({"materialCodes": ["ID_FRONT", "CONTRACT"]});
    let without = json!({"excludedMaterialCodes": ["ID_FRONT"]});
    assert_eq!((search(with.clone()).await, search(without.clone()).await), (json!(0), json!(2)));
    let first = file(b"first").await;
    stage.wait(Duration::minutes(10));
    let second = file(b"second").await;
    assert_eq!((search(with.clone()).await, search(without.clone()).await), (json!(1), json!(1)));
    let current = materials(&stage, &token, "").await;
    assert_eq!((current.len(), &current[0]["serviceAccessId"]), (1, &second["id"]));
    let all = materials(&stage, &token, "&withHis=true").await;
    assert_eq!((all.len(), &all[0]["hisCreateTime"]), (2, &json!("2026-11-23 20:10:00")));

    let discard = async |deposit: &Value| {
        let body = json!({"serviceAccessId": deposit["id"], "discardEmpCode": "e1", "discardReason": "传错"});
        stage.ask(signed(post("/crm/dms/accesses/discard", &body), &token)).await
    };
    let answer = discard(&second).await;
    assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0));
    let current = materials(&stage, &token, "").await;
    assert_eq!((current.len(), &current[0]["serviceAccessId"]), (1, &first["id"]));
    assert_eq!(search(with.clone()).await, json!(1), "the older one is still there");
    discard(&first).await;
    assert_eq!((search(with).await, search(without).await), (json!(0), json!(2)));
    assert!(materials(&stage, &token, "").await.is_empty());
    is_refusal(&discard(&first).await, 409);
}

#[tokio::test]
async fn a_file_that_no_deposit_names_goes_after_a_day() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let upload = async || stage.ask(signed(form(b"a.png", PNG), &token)).await.json()["id"].clone();
    let (left, named) = (upload().await, upload().await);
    let body = json!({
        "accountNo": "88880001", "accountBizType": "0", "materials": [{"code": "OTHER", "fileId": named}],
    });
    assert_eq!(stage.ask(signed(post(TO_ACCOUNT, &body), &token)).await.status, 200);
    assert_eq!(walk(&stage.service.objects.path_of("arc").expect("a key")).len(), 2);
    stage.wait(Duration::hours(24));
    let token = self::token(&stage, "mt1").await;
    let fetch = async |id: &Value| {
        let path = format!("/crm/dms/files/{}/file", id.as_str().expect("an id"));
        stage.ask(signed(get(path), &token)).await.status.as_u16()
    };
    assert_eq!((fetch(&left).await, fetch(&named).await), (404, 200), "its day is over, swept or not");
    let mut body = body;
    body["materials"][0]["fileId"] = left.clone();
    is_refusal(&stage.ask(signed(post(TO_ACCOUNT, &body), &token)).await, 404);
    while run_once(&stage.service, &stage.outsider).await.expect("jobs run") == Ran::One {}
    assert_eq!(walk(&stage.service.objects.path_of("arc").expect("a key")).len(), 1);
    assert_eq!(fetch(&named).await, 200);
}

#[tokio::test]
async fn what_could_run_on_our_origin_is_only_handed_out_to_be_saved() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    for (name, bytes, shown) in [
        ("a.png", PNG, true),
        ("a.pdf", b"%PDF-1.7", true),
        ("film.mp4", b"\0\0\0\x18ftypisom", true),
        ("evil.png", b"<!doctype html><script>alert(1)</script>", false),
        ("evil.html", b"<html><script>alert(1)</script>", false),
        ("evil.svg", b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", false),
        ("evil.jpg", b"  <?xml version='1.0'?><svg onload='alert(1)'/>", false),
        ("a.txt", b"hello", false),
        ("a.docx", b"PK\x03\x04....", false),
    ] as [(&str, &[u8], bool); 9]
    {
        let uploaded = stage.ask(signed(form(name.as_bytes(), bytes), &token)).await.json();
        let path = format!("/crm/dms/files/{}/file?preview=true", uploaded["id"].as_str().expect("an id"));
        let answer = stage.ask(signed(get(path), &token)).await;
        assert_eq!(answer.body, bytes, "{name}");
        assert_eq!(answer.header("content-disposition").starts_with("inline"), shown, "{name}");
        assert_eq!(answer.header("content-type") != "application/octet-stream", shown, "{name}");
        assert_eq!(answer.header("x-content-type-options"), "nosniff");
        assert!(answer.header("content-security-policy").starts_with("sandbox; default-src 'none'"));
    }
}

#[tokio::test]
async fn any_name_is_kept_as_it_came_up_to_255_bytes() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let longest = format!("{}.png", "长".repeat(83) + "ab");
    assert_eq!(longest.len(), 255);
    let gbk = gbk("身份证（正面）.png");
    for (sent, kept) in [
        ("全角１２３．png".as_bytes(), "全角１２３．png"),
        ("😀👍🏽.png".as_bytes(), "😀👍🏽.png"),
        (longest.as_bytes(), longest.as_str()),
        ("C:\\照片\\正面.png".as_bytes(), "正面.png"),
        (gbk.as_slice(), "身份证（正面）.png"),
    ] {
        let answer = stage.ask(signed(form(sent, PNG), &token)).await;
        assert_eq!(answer.json()["fileOriginalName"], kept, "{}", answer.text());
        if sent != gbk.as_slice() && !kept.starts_with("正面") {
            let filed = stage.ask(signed(post(TO_ACCOUNT, &deposit("OTHER", kept, PNG)), &token)).await;
            assert_eq!(filed.status, 200, "{}", filed.text());
            let all = materials(&stage, &token, "").await;
            assert_eq!(all[0]["files"][0]["fileOriginalName"], kept);
        }
    }
    for wrong in ["", "..", &format!("x{longest}"), "a\u{7}.png"] {
        is_refusal(&stage.ask(signed(post(TO_ACCOUNT, &deposit("OTHER", wrong, PNG)), &token)).await, 400);
    }
    is_refusal(&stage.ask(signed(form(format!("x{longest}").as_bytes(), PNG), &token)).await, 400);
    is_refusal(&stage.ask(signed(form(b"a.png", b""), &token)).await, 400);
}

/// GBK of a name whose characters this test knows.
fn gbk(text: &str) -> Vec<u8> {
    let known = [("身", [0xC9, 0xED]), ("份", [0xB7, 0xDD]), ("证", [0xD6, 0xA4]), ("（", [0xA3, 0xA8])];
    let more = [("正", [0xD5, 0xFD]), ("面", [0xC3, 0xE6]), ("）", [0xA3, 0xA9])];
    let mut bytes = Vec::new();
    for letter in text.chars() {
        let pair = known.iter().chain(&more).find(|(known, _)| known.starts_with(letter));
        match pair {
            Some((_, pair)) => bytes.extend(pair),
            None => bytes.push(u8::try_from(letter).expect("ASCII")),
        }
    }
    bytes
}

#[tokio::test]
async fn keys_come_in_any_order_and_base64_may_have_line_breaks() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let data = base64(PNG);
    let (one, two) = data.split_at(10);
    let body = format!(
        r#"{{"unknown":{{"a":[1,{{"b":null}}]}},"materials":[{{"more":1,"base64File":{{"base64Data":"{one}\r\n{two}","name":"\u6b63\u9762.png"}},
        "code":"OTHER"}}],"extras":null,"accountBizType":0,"accountNo":"88880001","title":" 标题 "}}"#
    );
    let answer = stage.ask(signed(ask(Method::POST, TO_ACCOUNT).json(body), &token)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.json()["title"], "标题");
    let filed = materials(&stage, &token, "").await;
    assert_eq!(filed[0]["files"][0]["fileOriginalName"], "正面.png");
    assert_eq!(filed[0]["files"][0]["fileSize"], PNG.len());
}

#[tokio::test]
async fn a_body_of_megabytes_is_taken_and_one_beyond_the_limit_is_not() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let megabytes = |count: usize| {
        let data = "QUFB".repeat(count << 18);
        let head = r#"{"accountNo":"88880001","accountBizType":"0","materials":[{"code":"OTHER","base64File":{"name":"a.bin","base64Data":""#;
        signed(ask(Method::POST, TO_ACCOUNT).json(format!("{head}{data}\"}}}}]}}")), &token)
    };
    let answer = stage.ask(megabytes(4)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    let filed = materials(&stage, &token, "").await;
    assert_eq!(filed[0]["files"][0]["fileSize"], 3 << 20);
    let message = is_refusal(&stage.ask(megabytes(66)).await, 413);
    assert!(message.contains("fileId"), "it says what to do: {message}");
    assert!(walk(&stage.service.objects.path_of("drafts").expect("a key")).is_empty());
}

#[tokio::test]
async fn bombs_do_no_harm() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    // A ZIP that would swell is kept as it is: nothing here unpacks anything.
    let zip = stage.ask(signed(form(b"bomb.zip", b"PK\x03\x04 42"), &token)).await.json();
    assert_eq!((&zip["fileContentType"], &zip["fileSize"]), (&json!("application/zip"), &json!(7)));
    // A body that says it is packed is not unpacked either.
    let packed = signed(post(TO_ACCOUNT, &deposit("OTHER", "a.png", PNG)), &token).with("content-encoding", "gzip");
    assert!([200, 400, 415].contains(&stage.ask(packed).await.status.as_u16()));
    let deep = format!("{{\"x\":{}{}}}", "[".repeat(100_000), "]".repeat(100_000));
    is_refusal(&stage.ask(signed(ask(Method::POST, TO_ACCOUNT).json(deep.clone()), &token)).await, 400);
    is_refusal(&stage.ask(signed(ask(Method::POST, "/crm/accounts").json(deep), &token)).await, 400);
    let many = json!({
        "accountNo": "88880001", "accountBizType": "0",
        "materials": vec![json!({"code": "OTHER", "fileId": "0".repeat(32)}); 201],
    });
    is_refusal(&stage.ask(signed(post(TO_ACCOUNT, &many), &token)).await, 400);
    let long = json!({
        "accountNo": "88880001", "accountBizType": "0", "title": "x".repeat(2_000_000),
        "materials": [{"code": "OTHER", "fileId": "0".repeat(32)}],
    });
    is_refusal(&stage.ask(signed(post(TO_ACCOUNT, &long), &token)).await, 400);
    // A form that ends in the midst of the file.
    let mut cut = signed(form(b"a.png", PNG), &token);
    cut.body.truncate(cut.body.len() - 10);
    is_refusal(&stage.ask(cut).await, 400);
    assert!(walk(&stage.service.objects.path_of("drafts").expect("a key")).is_empty());
}

#[tokio::test]
async fn a_range_that_is_not_in_the_file_is_told_and_head_sends_nothing() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let uploaded = stage.ask(signed(form(b"a.png", PNG), &token)).await.json();
    let path = format!("/crm/dms/files/{}/file", uploaded["id"].as_str().expect("an id"));
    let outside = stage.ask(signed(get(&path), &token).with("range", "bytes=999-")).await;
    is_refusal(&outside, 416);
    let head = stage.ask(signed(ask(Method::HEAD, &path), &token)).await;
    assert_eq!((head.status.as_u16(), head.body.len()), (200, 0));
    assert_eq!(head.header("content-length"), PNG.len().to_string());
}

#[tokio::test]
async fn a_revoked_client_is_like_an_unknown_one() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let file = || signed(post(TO_ACCOUNT, &deposit("OTHER", "a.png", PNG)), &token);
    assert_eq!(stage.ask(file()).await.status, 200);
    let revoked = ask(Method::DELETE, "/api/v1/archive-clients/demo-service").key(crate::stage::DEMOBK);
    assert_eq!(stage.ask(revoked).await.status, 204);
    is_refusal(&stage.ask(file()).await, 403);
    assert_eq!(materials(&stage, &token, "").await.len(), 1, "what it deposited stays");
}

#[tokio::test]
async fn the_nine_calls_answer_at_other_addresses_where_the_configuration_says_so() {
    let map = [("1", "/bpm/login"), ("2", "/bpm/{serviceId}/archive"), ("8", "/bpm/file/{fileId}")];
    let map = map.iter().map(|&(number, path)| (number.to_owned(), path.to_owned())).collect();
    let settings = ApiSettings {
        demo: true,
        limits: GENEROUS,
        crm_paths: CrmPaths::read(&map).expect("good paths"),
        ..ApiSettings::default()
    };
    let stage = Stage::with(settings).await;
    let login = |password: &str| post("/bpm/login", &json!({"username": "mt1", "password": password}));
    let wrong = stage.ask(login("wrong")).await;
    assert_eq!((wrong.status.as_u16(), wrong.text().as_str()), (401, "Invalid Credentials"));
    let token = stage.ask(login("mingjian-demo")).await.header("authorization");
    let filed = stage.ask(signed(post("/bpm/demo-service/archive", &deposit("OTHER", "a.png", PNG)), &token)).await;
    assert_eq!(filed.status, 200, "{}", filed.text());
    let file = materials(&stage, &token, "").await[0]["fileIds"][0].as_str().expect("an id").to_owned();
    let fetched = stage.ask(signed(get(format!("/bpm/file/{file}?preview=true")), &token)).await;
    assert_eq!((fetched.status.as_u16(), fetched.body.as_slice()), (200, PNG));
    assert!(fetched.header("content-disposition").starts_with("inline"));
    let refused = stage.ask(signed(post("/bpm/nobody/archive", &json!({})), &token)).await;
    is_refusal(&refused, 403);
    assert_eq!(refused.json()["path"], "/bpm/nobody/archive", "as the caller wrote it");
    assert_eq!(stage.ask(get("/healthz")).await.status, 200, "everything else is where it was");
    assert_eq!(stage.ask(get("/desk")).await.status, 200);
}

#[tokio::test]
async fn every_read_is_in_the_audit_log() {
    let stage = Stage::demo().await;
    let token = token(&stage, "mt1").await;
    let filed = stage.ask(signed(post(TO_ACCOUNT, &deposit("OTHER", "a.png", PNG)), &token)).await;
    assert_eq!(filed.status, 200);
    let file = materials(&stage, &token, "").await[0]["fileIds"][0].as_str().expect("an id").to_owned();
    stage.ask(signed(get(format!("/crm/dms/files/{file}/file")), &token)).await;
    stage.ask(signed(post("/crm/dms/accounts/page", &json!({})), &token)).await;
    let mut tx = stage.service.store.read().await.expect("a store");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let lines = tx.audit().list(tenant, &mingjian_service::Page::first(100)).await.expect("lines").items;
    for action in ["log_in", "deposit", "read_materials", "fetch_archive_file", "search_accounts"] {
        assert!(lines.iter().any(|line| line.action == action), "{action}");
    }
}

#[tokio::test]
async fn a_disk_without_room_refuses_files_alone_and_in_a_deposit() {
    let stage = Stage::full().await;
    let clerk = token(&stage, "mt1").await;
    is_refusal(&stage.ask(signed(form(b"a.png", PNG), &clerk)).await, 507);
    let deposit = || signed(post(TO_ACCOUNT, &deposit("ID_FRONT", "a.png", PNG)), &clerk);
    is_refusal(&stage.ask(deposit()).await, 507);
    assert!(materials(&stage, &clerk, "").await.is_empty());
    let stage = stage.restarted().await;
    let clerk = token(&stage, "mt1").await;
    let filed = stage.ask(signed(post(TO_ACCOUNT, &self::deposit("ID_FRONT", "a.png", PNG)), &clerk)).await;
    assert_eq!(filed.status, 200, "{}", filed.text());
}
