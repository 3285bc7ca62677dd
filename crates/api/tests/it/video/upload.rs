//! Takes that a browser kept: tus 1.0, whole files in a form, and what is played of them.

use std::fmt::Write as _;

use axum::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mingjian_domain::file::FilePath;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use time::Duration;

use super::{Counter, SECRET, refused, said_no, signed};
use crate::stage::{Answer, Ask, NOON, Stage, ask, get, post};

/// A small file that begins like WebM.
fn webm(length: usize) -> Vec<u8> {
    let mut bytes = vec![0x1a, 0x45, 0xdf, 0xa3];
    bytes.extend((0..length - 4).map(|n| u8::try_from(n % 251).expect("below 256")));
    bytes
}

fn metadata(local_id: &str, bytes: &[u8], change: &[(&str, &str)]) -> String {
    let sum = hex(&Sha256::digest(bytes));
    let mut fields = vec![
        ("localId", local_id),
        ("businessNo", "A3239239"),
        ("videoType", "风控面谈"),
        ("filetype", "video/webm;codecs=vp8,opus"),
        ("startedAt", "2026-11-23T19:00:00+08:00"),
        ("durationMs", "1500"),
        ("sha256", &sum),
    ];
    for &(name, value) in change {
        match fields.iter_mut().find(|(there, _)| *there == name) {
            Some(field) => field.1 = value,
            None => fields.push((name, value)),
        }
    }
    let pairs: Vec<String> =
        fields.into_iter().map(|(name, value)| format!("{name} {}", STANDARD.encode(value))).collect();
    pairs.join(",")
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

const ID: &str = "0190a5f28c1e7d3a9b4f2f6c1d0e8a77";

fn create(page: &Counter, length: usize, metadata: &str) -> Ask {
    page.ask(Method::POST, "/video/upload")
        .with("tus-resumable", "1.0.0")
        .with("upload-length", &length.to_string())
        .with("upload-metadata", metadata)
}

fn head(page: &Counter, upload: &str) -> Ask {
    page.ask(Method::HEAD, upload).with("tus-resumable", "1.0.0")
}

fn patch(page: &Counter, upload: &str, offset: usize, bytes: &[u8]) -> Ask {
    let ask = page
        .ask(Method::PATCH, upload)
        .with("tus-resumable", "1.0.0")
        .with("upload-offset", &offset.to_string())
        .with("content-type", "application/offset+octet-stream");
    Ask { body: bytes.to_vec(), ..ask }
}

async fn begin(stage: &Stage, page: &Counter, bytes: &[u8]) -> String {
    let made = stage.ask(create(page, bytes.len(), &metadata(ID, bytes, &[]))).await;
    assert_eq!(made.status, 201, "{}", made.text());
    made.header("location")
}

async fn statuses(stage: &Stage, video_type: &str) -> Value {
    let body = json!({"tenantId": "DEMOBK", "businessNo": "A3239239", "videoType": video_type});
    stage.ask(post("/video/uploadStatus", &body)).await.json()["data"]["videoList"].clone()
}

async fn video_status(stage: &Stage) -> Value {
    statuses(stage, "风控面谈").await[0]["videoStatus"].clone()
}

#[tokio::test]
async fn an_upload_goes_on_where_it_stopped_and_is_then_the_take_that_counts() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(1_000);
    assert_eq!(video_status(&stage).await, "0");
    let upload = begin(&stage, &page, &bytes).await;
    assert_eq!(video_status(&stage).await, "2");

    let first = stage.ask(patch(&page, &upload, 0, &bytes[..400])).await;
    assert_eq!((first.status.as_u16(), first.header("upload-offset").as_str()), (204, "400"), "{}", first.text());
    assert!(first.header("upload-expires").ends_with(" GMT"), "{}", first.header("upload-expires"));
    let there = stage.ask(head(&page, &upload)).await;
    assert_eq!((there.header("upload-offset"), there.header("upload-length")), ("400".into(), "1000".into()));
    assert_eq!(there.header("cache-control"), "no-store");
    assert_eq!(there.header("tus-resumable"), "1.0.0");

    let last = stage.ask(patch(&page, &upload, 400, &bytes[400..])).await;
    assert_eq!((last.status.as_u16(), last.header("upload-offset").as_str()), (204, "1000"), "{}", last.text());
    assert_eq!(video_status(&stage).await, "3");
    let view = stage.ask(page.ask(Method::GET, "/video/takes")).await.json()["data"]["takes"][0].clone();
    assert_eq!((&view["source"], &view["newest"], &view["durationMs"]), (&json!("local"), &json!(true), &json!(1_500)));
    assert_eq!(view["beganAt"], "2026-11-23T11:00:00Z");

    let mut tx = stage.service.store.read().await.expect("a store");
    let tenant = tx.tenants().lookup_by_code("DEMOBK").await.expect("a store").expect("a tenant").id;
    let listed = FilePath::parse("/2026-11-23/A3239239_风控面谈_20261123190000.webm").expect("a path");
    let file = tx.files().lookup_by_path(tenant, &listed).await.expect("a store").expect("its file is listed");
    assert_eq!(file.business_no.as_deref(), Some("A3239239"));
    drop(tx);

    let path = view["playUrl"].as_str().expect("a path").to_owned();
    let played = stage.ask(get(&path).with("cookie", &page.cookie)).await;
    assert_eq!((played.status.as_u16(), played.body), (200, bytes.clone()));
    let part = stage.ask(get(&path).with("cookie", &page.cookie).with("range", "bytes=4-9")).await;
    assert_eq!((part.status.as_u16(), &part.body[..]), (206, &bytes[4..10]));
    assert_eq!(part.header("content-range"), "bytes 4-9/1000");
    assert_eq!(part.header("content-type"), "video/webm");
    let beyond = stage.ask(get(&path).with("cookie", &page.cookie).with("range", "bytes=1000-")).await;
    assert_eq!(beyond.status, 416);
    said_no(&beyond);
}

#[tokio::test]
async fn the_same_announcement_finds_the_same_upload_after_a_restart() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(500);
    let upload = begin(&stage, &page, &bytes).await;
    stage.ask(patch(&page, &upload, 0, &bytes[..123])).await;
    // A server that starts again knows no more than what is on disk.
    let stage = stage.restarted().await;
    assert_eq!(begin(&stage, &page, &bytes).await, upload);
    assert_eq!(stage.ask(head(&page, &upload)).await.header("upload-offset"), "123");
    let last = stage.ask(patch(&page, &upload, 123, &bytes[123..])).await;
    assert_eq!(last.status, 204, "{}", last.text());
    assert_eq!(begin(&stage, &page, &bytes).await, upload, "also when it is whole");
    assert_eq!(stage.ask(head(&page, &upload)).await.header("upload-offset"), "500");
    let other = stage.ask(create(&page, 501, &metadata(ID, &bytes, &[]))).await;
    assert_eq!(other.status, 422, "another take of the same name: {}", other.text());
}

#[tokio::test]
async fn an_upload_waits_for_a_disk_that_has_room_again() {
    let stage = Stage::full().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(500);
    let upload = begin(&stage, &page, &bytes).await;
    let refused = stage.ask(patch(&page, &upload, 0, &bytes)).await;
    assert_eq!(refused.status, 507);
    assert!(said_no(&refused).contains("存储空间不足"), "{}", refused.text());
    assert_eq!(stage.ask(head(&page, &upload)).await.header("upload-offset"), "0");
    let stage = stage.restarted().await;
    assert_eq!(begin(&stage, &page, &bytes).await, upload);
    assert_eq!(stage.ask(patch(&page, &upload, 0, &bytes)).await.status, 204);
}

#[tokio::test]
async fn a_piece_at_another_place_or_with_another_sum_is_not_taken() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(100);
    let upload = begin(&stage, &page, &bytes).await;
    let elsewhere = stage.ask(patch(&page, &upload, 7, &bytes[7..])).await;
    assert_eq!(elsewhere.status, 409);
    said_no(&elsewhere);
    let sum = |algorithm: &str, bytes: &[u8]| format!("{algorithm} {}", STANDARD.encode(Sha256::digest(bytes)));
    let wrong = patch(&page, &upload, 0, &bytes[..50]).with("upload-checksum", &sum("sha256", &bytes[..49]));
    assert_eq!(stage.ask(wrong).await.status.as_u16(), 460);
    assert_eq!(stage.ask(head(&page, &upload)).await.header("upload-offset"), "0", "nothing of it is left");
    let strange = patch(&page, &upload, 0, &bytes[..50]).with("upload-checksum", &sum("crc32", &bytes[..50]));
    assert_eq!(stage.ask(strange).await.status, 422);
    let right = patch(&page, &upload, 0, &bytes[..50]).with("upload-checksum", &sum("sha256", &bytes[..50]));
    assert_eq!(stage.ask(right).await.status, 204);
    let more = stage.ask(patch(&page, &upload, 50, &webm(51))).await;
    assert_eq!(more.status, 413, "{}", more.text());
    let plain = patch(&page, &upload, 50, &bytes[50..]).with("content-type", "application/json");
    assert_eq!(stage.ask(plain).await.status, 415);
}

#[tokio::test]
async fn sha1_is_a_sum_that_tus_wants_known_as_well() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    // printf '\x1a\x45\xdf\xa3' | openssl dgst -sha1 -binary | base64
    let bytes = webm(4);
    let upload = begin(&stage, &page, &bytes).await;
    let sum = "sha1 UNyqu9VupagaAMhxmo3qtb/mxPE=";
    let answer = stage.ask(patch(&page, &upload, 0, &bytes).with("upload-checksum", sum)).await;
    assert_eq!(answer.status, 204, "{}", answer.text());
}

#[tokio::test]
async fn a_whole_that_is_not_what_was_announced_is_to_be_sent_anew() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(100);
    let upload = begin(&stage, &page, &bytes).await;
    let mut changed = bytes.clone();
    changed[99] ^= 1;
    assert_eq!(stage.ask(patch(&page, &upload, 0, &changed)).await.status.as_u16(), 460);
    assert_eq!(stage.ask(head(&page, &upload)).await.header("upload-offset"), "0");
    assert_eq!(video_status(&stage).await, "2");
    assert_eq!(stage.ask(patch(&page, &upload, 0, &bytes)).await.status, 204);
    assert_eq!(video_status(&stage).await, "3");
}

#[tokio::test]
async fn what_is_no_video_never_becomes_a_take() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let html = b"<script>alert(document.cookie)</script>";
    for (kind, status) in [("text/html", 422), ("image/svg+xml", 422)] {
        let answer = stage.ask(create(&page, html.len(), &metadata(ID, html, &[("filetype", kind)]))).await;
        assert_eq!(answer.status.as_u16(), status, "{kind}");
    }
    let upload = begin(&stage, &page, html).await;
    assert_eq!(stage.ask(patch(&page, &upload, 0, html)).await.status, 422);
    assert_eq!(video_status(&stage).await, "2");
}

#[tokio::test]
async fn an_upload_that_is_not_finished_in_its_time_has_failed() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(100);
    let upload = begin(&stage, &page, &bytes).await;
    stage.wait(Duration::days(14));
    let page = Counter::open(&stage).await;
    assert_eq!(stage.ask(head(&page, &upload)).await.status, 404);
    // Whoever announces the next one clears away.
    let other = "1190a5f28c1e7d3a9b4f2f6c1d0e8a77";
    let next = stage.ask(create(&page, 100, &metadata(other, &bytes, &[("videoType", "客服签约")]))).await;
    assert_eq!(next.status, 201, "{}", next.text());
    assert_eq!(video_status(&stage).await, "4");
}

#[tokio::test]
async fn recording_again_needs_a_reason_and_the_old_take_is_void_once_the_new_one_is_whole() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(100);
    let upload = begin(&stage, &page, &bytes).await;
    stage.ask(patch(&page, &upload, 0, &bytes)).await;
    let second = "1190a5f28c1e7d3a9b4f2f6c1d0e8a77";
    let later = ("startedAt", "2026-11-23T19:30:00+08:00");
    let bare = stage.ask(create(&page, 100, &metadata(second, &bytes, &[later]))).await;
    assert_eq!(bare.status, 409);
    assert!(said_no(&bare).contains("原因"), "{}", bare.text());
    let again = stage.ask(create(&page, 100, &metadata(second, &bytes, &[later, ("reason", "声音太小")]))).await;
    assert_eq!(again.status, 201, "{}", again.text());
    assert_eq!(video_status(&stage).await, "2", "the newest is on its way");
    let takes = |answer: Answer| answer.json()["data"]["takes"].clone();
    let before = takes(stage.ask(page.ask(Method::GET, "/video/takes")).await);
    assert_eq!(before[0]["voided"], Value::Null, "the old one still counts as it is");
    stage.ask(patch(&page, &again.header("location"), 0, &bytes)).await;
    let after = takes(stage.ask(page.ask(Method::GET, "/video/takes")).await);
    assert_eq!(after[0]["voided"]["reason"], "已重新录制：声音太小");
    assert_eq!((&after[0]["newest"], &after[1]["newest"]), (&json!(false), &json!(true)));
    assert_eq!(after[1]["again"], "声音太小");

    let void = json!({"tenantId": "DEMOBK", "businessNo": "A3239239", "videoType": "风控面谈", "reason": "客户投诉"});
    let voided = stage.ask(post("/video/invalidate", &void)).await.json();
    assert_eq!(voided["data"]["id"], after[1]["id"], "{voided}");
    assert_eq!(video_status(&stage).await, "0", "nothing that counts is left");
    refused(&stage.ask(post("/video/invalidate", &void)).await);
    let play = format!("{}&x=1", after[1]["playUrl"].as_str().expect("a path"));
    assert_eq!(stage.ask(get(play).with("cookie", &page.cookie)).await.status, 200, "its file stays");
}

#[tokio::test]
async fn a_page_voids_its_own_takes_with_a_reason() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(100);
    let upload = begin(&stage, &page, &bytes).await;
    stage.ask(patch(&page, &upload, 0, &bytes)).await;
    let take = stage.ask(page.ask(Method::GET, "/video/takes")).await.json()["data"]["takes"][0]["id"].clone();
    let void = |reason: &str| {
        page.ask(Method::POST, "/video/invalidate").json(json!({"id": take, "reason": reason}).to_string())
    };
    assert!(refused(&stage.ask(void(" ")).await).contains("原因"));
    let other = Counter::enter(
        &stage,
        get("/video/redirect?orderList=a_1_b_OTHER&roleList=%E9%A3%8E%E6%8E%A7%E9%9D%A2%E8%B0%88Code2"),
    )
    .await;
    let foreign = other.ask(Method::POST, "/video/invalidate").json(json!({"id": take, "reason": "x"}).to_string());
    assert!(refused(&stage.ask(foreign).await).contains("没有找到"));
    assert_eq!(stage.ask(void("画面不完整")).await.json()["code"], "0");
}

#[tokio::test]
async fn a_tab_that_only_plays_takes_no_upload_and_another_order_is_not_there() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(100);
    let play_only = stage.ask(create(&page, 100, &metadata(ID, &bytes, &[("videoType", "信托视频")]))).await;
    assert_eq!(play_only.status, 403, "{}", play_only.text());
    for change in [("businessNo", "A3239240"), ("businessNo", "NONE"), ("videoType", "别的")] {
        let answer = stage.ask(create(&page, 100, &metadata(ID, &bytes, &[change]))).await;
        assert_eq!(answer.status, 404, "{change:?}");
    }
    let upload = begin(&stage, &page, &bytes).await;
    let other = Counter::enter(&stage, get("/video/redirect?orderList=a_1_b_A3239240&roleList=aCode2")).await;
    assert_eq!(stage.ask(head(&other, &upload)).await.status, 404);
    assert_eq!(stage.ask(patch(&other, &upload, 0, &bytes)).await.status, 404);
}

#[tokio::test]
async fn what_is_spoken_is_told_and_another_version_is_not() {
    let stage = Stage::demo().await;
    let options = stage.ask(ask(Method::OPTIONS, "/video/upload")).await;
    assert_eq!(options.status, 204);
    assert_eq!(options.header("tus-version"), "1.0.0");
    assert_eq!(options.header("tus-extension"), "creation,expiration,checksum");
    assert_eq!(options.header("tus-checksum-algorithm"), "sha256,sha1");
    assert!(options.header("tus-max-size").parse::<u64>().is_ok_and(|size| size > 1 << 30));
    let page = Counter::open(&stage).await;
    let old = stage.ask(create(&page, 1, "").with("tus-resumable", "0.2.2")).await;
    assert_eq!((old.status.as_u16(), old.header("tus-version").as_str()), (412, "1.0.0"));
    let endless = stage.ask(create(&page, 5 << 30, &metadata(ID, b"", &[]))).await;
    assert_eq!(endless.status, 413);
    let empty = stage.ask(create(&page, 0, &metadata(ID, b"", &[]))).await;
    assert_eq!(empty.status, 400);
    for length in ["-1", "1.5", "many", ""] {
        let answer = stage.ask(create(&page, 1, &metadata(ID, b"", &[])).with("upload-length", length)).await;
        assert_eq!(answer.status, 422, "{length}");
    }
}

fn form(fields: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Ask {
    let mut body = Vec::new();
    for (name, value) in fields {
        body.extend(format!("--B\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").into_bytes());
    }
    if let Some((kind, bytes)) = file {
        let head = format!(
            "--B\r\ncontent-disposition: form-data; name=\"file\"; filename=\"../../x.mp4\"\r\ncontent-type: {kind}\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(bytes);
        body.extend(b"\r\n");
    }
    body.extend(b"--B--\r\n");
    Ask { body, ..ask(Method::POST, "/video/upload").with("content-type", "multipart/form-data; boundary=B") }
}

#[tokio::test]
async fn a_business_system_sends_a_whole_file_with_its_proof() {
    let stage = Stage::demo().await;
    Counter::open(&stage).await;
    let mp4 = [&b"\0\0\0\x18ftypisom"[..], &[7; 100]].concat();
    let sum = hex(&Sha256::digest(&mp4));
    let proof = |nonce: &str, change: Value| {
        let mut fields = json!({
            "tenantId": "DEMOBK", "businessNo": "A3239239", "videoType": "风控面谈", "userId": "u1", "userName": "王敏",
            "sha256": sum,
        });
        for (name, value) in change.as_object().expect("an object") {
            fields[name] = value.clone();
        }
        signed(SECRET, nonce, fields)
    };
    let texts = |fields: &Value| -> Vec<(String, String)> {
        let object = fields.as_object().expect("an object").iter();
        object.map(|(name, value)| (name.clone(), value.as_str().expect("text").to_owned())).collect()
    };
    let send = |fields: Value, file: Option<(&'static str, Vec<u8>)>| {
        let texts = texts(&fields);
        let pairs: Vec<(&str, &str)> = texts.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        form(&pairs, file.as_ref().map(|(kind, bytes)| (*kind, bytes.as_slice())))
    };
    let whole = Some(("video/mp4", mp4.clone()));
    let done = stage.ask_from("203.0.113.9:1", send(proof("form-0001", json!({})), whole.clone())).await;
    assert_eq!(done.json()["data"]["videoStatus"], "3", "{}", done.text());
    let id = done.json()["data"]["id"].as_str().expect("an id").to_owned();

    let again = stage.ask(send(proof("form-0002", json!({})), whole.clone())).await;
    assert!(refused(&again).contains("原因"));
    let broken =
        stage.ask(send(proof("form-0003", json!({"reason": "x", "sha256": "00".repeat(32)})), whole.clone())).await;
    assert!(refused(&broken).contains("哈希"));
    let html = Some(("video/mp4", b"<html>".to_vec()));
    let html = stage.ask(send(proof("form-0004", json!({"reason": "x", "sha256": ""})), html)).await;
    assert!(refused(&html).contains("类型"), "{}", html.text());
    let bare = stage.ask(send(proof("form-0005", json!({})), None)).await;
    assert!(refused(&bare).contains("file"));
    let unsigned =
        form(&[("tenantId", "DEMOBK"), ("businessNo", "A3239239"), ("videoType", "x")], Some(("video/mp4", &mp4)));
    refused(&stage.ask_from("203.0.113.9:1", unsigned).await);
    let cut = Ask { body: b"--B\r\nnonsense".to_vec(), ..form(&[], None) };
    refused(&stage.ask(cut).await);

    // And fetches it again by its signature, in which the id counts.
    let query = |nonce: &str, id: &str| {
        let fields = signed(SECRET, nonce, json!({"tenantId": "DEMOBK", "id": id}));
        let text = |name: &str| fields[name].as_str().expect("text").to_owned();
        format!("tenantId=DEMOBK&time={}&nonce={nonce}&signature={}", text("time"), text("signature"))
    };
    let got = stage.ask_from("203.0.113.9:1", get(format!("/video/play/{id}?{}", query("play-0001", &id)))).await;
    assert_eq!((got.status.as_u16(), got.body), (200, mp4));
    let another =
        stage.ask_from("203.0.113.9:1", get(format!("/video/play/{id}?{}", query("play-0002", "other")))).await;
    assert_eq!(another.status, 401, "{}", another.text());
}

#[tokio::test]
async fn a_signed_link_plays_until_it_ends_and_nothing_else_does() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let bytes = webm(100);
    let upload = begin(&stage, &page, &bytes).await;
    stage.ask(patch(&page, &upload, 0, &bytes)).await;
    let take = stage.ask(page.ask(Method::GET, "/video/takes")).await.json()["data"]["takes"][0]["id"].clone();
    let id: mingjian_domain::id::TakeId = take.as_str().expect("an id").parse().expect("an id");
    let link = mingjian_service::counter::play::signed_path(&stage.service, id, NOON + Duration::hours(1));
    assert_eq!(stage.ask(get(&link)).await.body, bytes);
    assert_eq!(stage.ask(get(format!("{link}0"))).await.status, 403);
    assert_eq!(stage.ask(get(format!("/video/play/{id}"))).await.status, 401);
    let other = Counter::enter(&stage, get("/video/redirect?orderList=a_1_b_OTHER&roleList=aCode2")).await;
    assert_eq!(stage.ask(other.ask(Method::GET, &format!("/video/play/{id}"))).await.status, 404);
    stage.wait(Duration::hours(1));
    assert_eq!(stage.ask(get(&link)).await.status, 410);
}

#[tokio::test]
async fn ids_that_are_paths_or_nothing_are_not_there() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    for id in ["..%2F..%2Fmingjian.db", "%2e%2e", "1", "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77", "%00"] {
        let play = stage.ask(page.ask(Method::GET, &format!("/video/play/{id}"))).await;
        assert_eq!(play.status, 404, "{id}");
        said_no(&play);
        assert_eq!(stage.ask(head(&page, &format!("/video/upload/{id}"))).await.status, 404, "{id}");
    }
}
