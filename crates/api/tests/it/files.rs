//! Files over HTTP: uploads, links, lists, holds and deletions.

use axum::http::Method;
use mingjian_service::Page;
use mingjian_service::seal::is_sealed;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::Duration;

use crate::stage::{Answer, Ask, DEMOBK, Stage, ask, get, post};
use crate::world::{FILM, form, upload};

async fn uploaded(stage: &Stage, path: &str, bytes: &[u8]) -> Value {
    let answer = stage.ask(upload(path, bytes).key(DEMOBK)).await;
    assert_eq!(answer.status, 201, "{}", answer.text());
    answer.json()
}

async fn list(stage: &Stage, query: &str) -> Value {
    let answer = stage.ask(get(format!("/api/v1/files?{query}")).key(DEMOBK)).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

fn link(file: &Value) -> String {
    file["url"].as_str().expect("a link").replace("http://127.0.0.1:8080", "")
}

fn put(path: String, body: &Value) -> Ask {
    ask(Method::PUT, path).json(body.to_string()).key(DEMOBK)
}

async fn set_switches(stage: &Stage, switches: Value) {
    let page = stage.log_in("admin1").await;
    let set = ask(Method::PUT, "/api/v1/interface/switches").json(switches.to_string()).page(&page);
    assert_eq!(stage.ask(set).await.status, 200);
}

async fn delete(stage: &Stage, id: &Value) -> Answer {
    stage.ask(ask(Method::DELETE, format!("/api/v1/files/{id}")).json(r#"{"reason":"客户要求"}"#).key(DEMOBK)).await
}

/// What lies below the objects' folder of uploads, and below that of what is on its way.
fn on_disk(stage: &Stage, folder: &str) -> usize {
    fn count(path: &std::path::Path) -> usize {
        let entries = std::fs::read_dir(path).into_iter().flatten().filter_map(Result::ok);
        entries.map(|entry| if entry.path().is_dir() { count(&entry.path()) } else { 1 }).sum()
    }
    count(&stage.service.objects.root().join(folder))
}

#[tokio::test]
async fn an_upload_is_listed_found_and_fetched_as_it_was_sent() {
    let stage = Stage::demo().await;
    let file = uploaded(&stage, "/二〇一八/面签 1.mp4", FILM).await;
    assert_eq!((&file["path"], &file["state"]), (&json!("/二〇一八/面签 1.mp4"), &json!("whole")));
    assert_eq!((&file["media_type"], &file["size_bytes"]), (&json!("video/mp4"), &json!(FILM.len())));
    assert_eq!(file["sha256"], hex(FILM));
    let root = list(&stage, "").await;
    assert_eq!((&root["total"], &root["folders"][0]["path"]), (&json!(0), &json!("/二〇一八/")));
    let listed = list(&stage, "folder=%E4%BA%8C%E3%80%87%E4%B8%80%E5%85%AB").await;
    assert_eq!((&listed["total"], &listed["items"][0]["id"]), (&json!(1), &file["id"]));

    let fetched = stage.ask(get(link(&file))).await;
    assert!(fetched.body == FILM, "{}", fetched.text());
    assert_eq!(fetched.header("content-type"), "video/mp4");
    assert_eq!(fetched.header("cache-control"), "no-store");
    assert_eq!(
        fetched.header("content-disposition"),
        "inline; filename=\"__ 1.mp4\"; filename*=UTF-8''%E9%9D%A2%E7%AD%BE%201.mp4"
    );
    assert!(fetched.header("content-security-policy").starts_with("sandbox;"));
    assert!(!link(&file).contains(".mp4"), "no name in the address");
    assert_eq!((on_disk(&stage, "files"), on_disk(&stage, "incoming")), (1, 0));
}

fn hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

#[tokio::test]
async fn a_file_comes_in_ranges_and_as_its_head() {
    let stage = Stage::demo().await;
    let link = link(&uploaded(&stage, "/demo.mp4", FILM).await);
    let head = stage.ask(ask(Method::HEAD, &link)).await;
    assert_eq!((head.header("content-length"), head.body.len()), (FILM.len().to_string(), 0));
    let part = stage.ask(get(&link).with("range", "bytes=4-7")).await;
    assert_eq!((part.status.as_u16(), part.text()), (206, "ftyp".to_owned()));
    let same = stage.ask(get(&link).with("range", "bytes=4-7").with("if-range", &head.header("etag"))).await;
    assert_eq!(same.status, 206);
    let other = stage.ask(get(&link).with("range", "bytes=4-7").with("if-range", "\"other\"")).await;
    assert_eq!((other.status.as_u16(), other.body.len()), (200, FILM.len()));
    stage.ask(get(&link).with("range", "bytes=999-")).await.is_problem(416, "range-not-satisfiable");
}

#[tokio::test]
async fn what_could_hold_a_script_is_an_attachment() {
    let stage = Stage::demo().await;
    for (name, bytes, shown) in [
        ("a.svg", &b"<svg xmlns='http://www.w3.org/2000/svg'/>"[..], false),
        ("a.mp4", b"<html><script>1</script>", false),
        ("a.html", b"\xff\xd8\xff\xe0 a picture", true),
        ("a.pdf", b"%PDF-1.7", true),
    ] {
        let file = uploaded(&stage, &format!("/{name}"), bytes).await;
        let fetched = stage.ask(get(link(&file))).await;
        let disposition = fetched.header("content-disposition");
        assert_eq!(disposition.starts_with("inline;"), shown, "{name}: {disposition}");
        assert_eq!(fetched.header("x-content-type-options"), "nosniff");
        assert!(fetched.header("content-security-policy").starts_with("sandbox;"));
    }
}

#[tokio::test]
async fn a_link_ends_when_it_is_revoked_and_when_the_file_is_deleted() {
    let stage = Stage::demo().await;
    let file = uploaded(&stage, "/demo.mp4", FILM).await;
    let id = &file["id"];
    let old = link(&file);
    let revoked = stage.ask(ask(Method::POST, format!("/api/v1/files/{id}/revoke-links")).key(DEMOBK)).await;
    assert_eq!(revoked.status, 204);
    stage.ask(get(&old)).await.is_problem(410, "link-expired");
    let renewed = link(&stage.ask(get(format!("/api/v1/files/{id}")).key(DEMOBK)).await.json());
    assert_eq!(stage.ask(get(&renewed)).await.status, 200);
    stage.ask(get(renewed.replacen("-1?", "-0?", 1))).await.is_problem(403, "bad-link");
    assert_eq!(delete(&stage, id).await.status, 200);
    stage.ask(get(&renewed)).await.is_problem(404, "file-unknown");
    let later = link(&uploaded(&stage, "/demo.mp4", FILM).await);
    stage.wait(Duration::days(7));
    stage.ask(get(&later)).await.is_problem(410, "link-expired");
}

#[tokio::test]
async fn a_fetch_is_one_line_of_the_audit_log_per_link_and_address() {
    let stage = Stage::demo().await;
    let file = uploaded(&stage, "/demo.mp4", FILM).await;
    for _ in 0..3 {
        stage.ask(get(link(&file)).with("range", "bytes=0-3")).await;
    }
    stage.ask_from("192.0.2.7:1", get(link(&file))).await;
    let mut tx = stage.service.store.read().await.expect("a transaction");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let lines = tx.audit().list(tenant, &Page::first(50)).await.expect("the log").items;
    let id = file["id"].to_string();
    let of = |action: &str| lines.iter().filter(|line| line.action == action && line.subject_id == id).count();
    assert_eq!((of("upload_file"), of("fetch_file")), (1, 2));
}

#[tokio::test]
async fn a_deleted_file_leaves_a_signed_tombstone_and_a_free_name() {
    let stage = Stage::demo().await;
    let file = uploaded(&stage, "/demo.mp4", FILM).await;
    let id = &file["id"];
    stage.ask(get(format!("/api/v1/files/{id}/tombstone")).key(DEMOBK)).await.is_problem(404, "file-unknown");
    let answer = delete(&stage, id).await.json();
    let bytes = |name: &str| -> Vec<u8> {
        let text = answer[name].as_str().expect("hex digits");
        (0..text.len() / 2).map(|n| u8::from_str_radix(&text[n * 2..n * 2 + 2], 16).expect("hex")).collect()
    };
    let body = answer["body"].as_str().expect("a text");
    let signature: [u8; 64] = bytes("signature").try_into().expect("64 bytes");
    let key: [u8; 32] = bytes("public_key").try_into().expect("32 bytes");
    assert_eq!(key, stage.service.seal_key().public_key());
    assert!(is_sealed(body.as_bytes(), &signature, &key));
    assert!(!is_sealed(body.replace("客户", "老板").as_bytes(), &signature, &key));
    let said: Value = serde_json::from_str(body).expect("JSON");
    assert_eq!((&said["path"], &said["reason"]), (&json!("/demo.mp4"), &json!("客户要求")));
    assert_eq!((&said["sha256"], &said["size_bytes"]), (&json!(hex(FILM)), &json!(FILM.len())));
    assert_eq!(said["deleted_by"]["kind"], "system");
    assert_eq!(stage.ask(get(format!("/api/v1/files/{id}/tombstone")).key(DEMOBK)).await.json(), answer);
    assert_eq!((on_disk(&stage, "files"), on_disk(&stage, "incoming")), (0, 0));
    delete(&stage, id).await.is_problem(404, "file-unknown");
    assert!(uploaded(&stage, "/demo.mp4", FILM).await["id"].as_i64() > id.as_i64());
}

#[tokio::test]
async fn a_listing_of_an_earlier_moment_keeps_its_pages() {
    let stage = Stage::demo().await;
    let mut ids = Vec::new();
    for n in 0..5 {
        stage.wait(Duration::seconds(1));
        ids.push(uploaded(&stage, &format!("/{n}.mp4"), FILM).await["id"].clone());
    }
    let first = list(&stage, "limit=2").await;
    assert_eq!((&first["total"], &first["items"][0]["id"]), (&json!(5), &ids[4]));
    let moment = first["search_time"].as_str().expect("a moment").to_owned();
    assert_eq!(delete(&stage, &ids[2]).await.status, 200);
    uploaded(&stage, "/later.mp4", FILM).await;
    stage.wait(Duration::hours(1));
    let second = list(&stage, &format!("limit=2&page=2&search_time={moment}")).await;
    assert_eq!((&second["total"], &second["search_time"]), (&json!(5), &json!(moment)));
    assert_eq!([&second["items"][0]["id"], &second["items"][1]["id"]], [&ids[2], &ids[1]]);
    assert_eq!([&second["items"][0]["state"], &second["items"][0]["url"]], [&json!("deleted"), &Value::Null]);
    assert_eq!(list(&stage, "").await["total"], 5, "one went and one came");
    stage.ask(get("/api/v1/files?search_time=yesterday").key(DEMOBK)).await.is_problem(422, "invalid");
    stage.ask(get("/api/v1/files?page=0").key(DEMOBK)).await.is_problem(422, "invalid");
}

#[tokio::test]
async fn names_that_climb_or_are_taken_are_refused_and_nothing_is_left_of_them() {
    let stage = Stage::demo().await;
    uploaded(&stage, "/demo.mp4", FILM).await;
    stage.ask(upload("/demo.mp4", FILM).key(DEMOBK)).await.is_problem(409, "name-taken");
    for (folder, name) in [("/..", "a.mp4"), ("/a/../b", "a.mp4"), ("/", ".."), ("/", "a\u{1}.mp4"), ("/", "a/b.mp4")] {
        let parts = form(&[
            ("folder", None, folder.as_bytes()),
            ("name", None, name.as_bytes()),
            ("file", Some("c.mp4"), FILM),
        ]);
        stage.ask(parts.key(DEMOBK)).await.is_problem(422, "bad-name");
    }
    let odd = form(&[("colour", None, b"red"), ("file", Some("b.mp4"), FILM)]);
    stage.ask(odd.key(DEMOBK)).await.is_problem(422, "invalid");
    stage.ask(form(&[("folder", None, b"/")]).key(DEMOBK)).await.is_problem(422, "invalid");
    let late = form(&[("file", Some("b.mp4"), FILM), ("folder", None, b"/")]);
    stage.ask(late.key(DEMOBK)).await.is_problem(422, "invalid");
    stage.ask(post("/api/v1/files", &json!({})).key(DEMOBK)).await.is_problem(415, "unsupported-type");
    assert_eq!((on_disk(&stage, "files"), on_disk(&stage, "incoming")), (1, 0));
}

#[tokio::test]
async fn an_upload_that_breaks_off_leaves_nothing() {
    let stage = Stage::demo().await;
    let large = vec![7; 3 << 20];
    let mut cut = upload("/demo.mp4", &large).key(DEMOBK);
    cut.body.truncate(2 << 20);
    stage.ask(cut).await.is_problem(400, "interrupted");
    assert_eq!((on_disk(&stage, "files"), on_disk(&stage, "incoming")), (0, 0));
    let whole = uploaded(&stage, "/demo.mp4", &large).await;
    assert_eq!(whole["sha256"], hex(&large));
}

#[tokio::test]
async fn a_disk_without_room_takes_no_upload_and_keeps_nothing_of_it() {
    let stage = Stage::full().await;
    let refused = stage.ask(upload("/demo.mp4", FILM).key(DEMOBK)).await;
    refused.is_problem(507, "full");
    assert_eq!((on_disk(&stage, "files"), on_disk(&stage, "incoming")), (0, 0));
    let stage = stage.restarted().await;
    uploaded(&stage, "/demo.mp4", FILM).await;
}

#[tokio::test]
async fn a_quota_holds_and_what_is_deleted_is_free_again() {
    let stage = Stage::demo().await;
    set_switches(&stage, json!({"quota_bytes": FILM.len() + 1})).await;
    let first = uploaded(&stage, "/a.mp4", FILM).await;
    stage.ask(upload("/b.mp4", FILM).key(DEMOBK)).await.is_problem(507, "full");
    let usage = stage.ask(get("/api/v1/files/usage").key(DEMOBK)).await.json();
    assert_eq!((&usage["uploaded_bytes"], &usage["quota_bytes"]), (&json!(FILM.len()), &json!(FILM.len() + 1)));
    assert_eq!(delete(&stage, &first["id"]).await.status, 200);
    uploaded(&stage, "/b.mp4", FILM).await;
}

#[tokio::test]
async fn what_is_held_or_retained_is_not_deleted_and_says_why() {
    let stage = Stage::demo().await;
    let file = uploaded(&stage, "/demo.mp4", FILM).await;
    let id = &file["id"];
    let hold = |body: Value| put(format!("/api/v1/files/{id}/hold"), &body);
    let held = stage.ask(hold(json!({"hold_reason": "诉讼保全"}))).await;
    assert_eq!((held.status.as_u16(), &held.json()["hold_reason"]), (200, &json!("诉讼保全")));
    let refused = delete(&stage, id).await;
    refused.is_problem(409, "held");
    assert!(refused.text().contains("诉讼保全"), "{}", refused.text());
    let until = json!({"retain_until": "2026-12-01T00:00:00Z", "retain_reason": "监管要求"});
    assert_eq!(stage.ask(hold(until)).await.json()["held_since"], Value::Null);
    let refused = delete(&stage, id).await;
    refused.is_problem(409, "held");
    assert!(refused.text().contains("2026-12-01") && refused.text().contains("监管要求"), "{}", refused.text());
    let shorter = json!({"retain_until": "2026-11-24T00:00:00Z", "retain_reason": "监管要求"});
    stage.ask(hold(shorter)).await.is_problem(409, "held");
    stage.ask(hold(json!({"hold_reason": " "}))).await.is_problem(422, "invalid");
    stage.wait(Duration::days(10));
    assert_eq!(delete(&stage, id).await.status, 200);
}

#[tokio::test]
async fn uploads_get_the_date_that_the_tenant_sets_for_them() {
    let stage = Stage::demo().await;
    set_switches(&stage, json!({"file_retention_days": {"upload": 5}})).await;
    let file = uploaded(&stage, "/demo.mp4", FILM).await;
    assert_eq!(file["retain_until"], "2026-11-28T12:00:00Z");
    delete(&stage, &file["id"]).await.is_problem(409, "held");
}

#[tokio::test]
async fn only_a_tenant_admin_changes_files_and_only_those_who_review_read_them() {
    let stage = Stage::demo().await;
    let file = uploaded(&stage, "/demo.mp4", FILM).await;
    let path = format!("/api/v1/files/{}", file["id"]);
    for (login, reads, writes) in [("admin1", 200, 204), ("reviewer1", 200, 403), ("agent1", 403, 403)] {
        let page = stage.log_in(login).await;
        assert_eq!(stage.ask(get(&path).page(&page)).await.status, reads, "{login}");
        assert_eq!(stage.ask(get("/api/v1/files").page(&page)).await.status, reads, "{login}");
        let revoked = stage.ask(ask(Method::POST, format!("{path}/revoke-links")).page(&page)).await;
        assert_eq!(revoked.status, writes, "{login}");
    }
    let agent = stage.log_in("agent1").await;
    stage.ask(upload("/new.mp4", FILM).page(&agent)).await.is_problem(403, "not-entitled");
    let no_token = upload("/new.mp4", FILM).with("cookie", &stage.log_in("admin1").await.cookie);
    stage.ask(no_token).await.is_problem(403, "no-csrf-token");
}
