//! Interviews and recordings: shapes, pages, and who sees whose.

use serde_json::json;
use time::Duration;

use crate::stage::{DEMOBK, OTHERB, get};
use crate::world::World;

#[tokio::test]
async fn an_interview_reads_as_the_protocol_has_it() {
    let world = World::build().await;
    let list = world.stage.ask(get("/api/v1/interviews?business_no=A3239239").key(DEMOBK)).await.json();
    let expected = json!({
        "id": world.interview.to_string(), "kind": "remote", "state": "ended", "number": "20261123-000001",
        "business_no": "A3239239", "customer": "张三", "seat": "王敏", "queue": "1001", "verdict": "refuse",
        "reason": "证件过期", "recording_id": world.recording.to_string(), "wait_ms": 30000,
        "created_at": "2026-11-23T11:59:30Z", "connected_at": "2026-11-23T12:00:01Z", "ended_at": "2026-11-23T12:00:05Z",
    });
    assert_eq!(list, json!({"items": [expected], "next": null}));
}

#[tokio::test]
async fn a_recording_reads_as_the_protocol_has_it() {
    let world = World::build().await;
    let path = format!("/api/v1/recordings/{}", world.recording);
    let mut recording = world.stage.ask(get(path).key(DEMOBK)).await.json();
    let list = world.stage.ask(get("/api/v1/recordings?business_no=A3239239").key(DEMOBK)).await.json();
    assert_eq!(list, json!({"items": [recording], "next": null}));

    for pointer in ["/playlist_url", "/files/0/url", "/files/0/playlist_url"] {
        let link = recording.pointer_mut(pointer).expect("a link");
        let text = link.as_str().expect("a link").to_owned();
        let path = text.split('?').next().expect("a path").to_owned();
        assert!(text.contains("?e=1796040000&k=1&s="), "{text}");
        *link = json!(path);
    }
    let (id, customer) = (world.recording.to_string(), world.customer.to_string());
    let base = format!("http://127.0.0.1:8080/d/{id}");
    let sha256 = hex::encode(<sha2::Sha256 as sha2::Digest>::digest(&world.bytes));
    assert_eq!(
        recording,
        json!({
            "id": id, "interview_id": world.interview.to_string(), "number": "20261123-000001", "business_no": "A3239239",
            "customer": "张三", "seat": "王敏", "state": "stopped", "started_at": "2026-11-23T12:00:00Z",
            "stopped_at": "2026-11-23T12:00:04Z", "duration_ms": 4000, "playlist_url": format!("{base}/index.m3u8"),
            "gaps": [{"participant": customer, "source": "camera", "from_ms": 1000, "to_ms": 1400, "reason": "loss"}],
            "files": [{
                "kind": "track", "participant": {"id": customer, "name": "张三", "role": "customer"}, "source": "camera",
                "from_ms": 0, "duration_ms": 4000, "url": format!("{base}/{}", world.file), "size_bytes": 8700,
                "sha256": sha256, "playlist_url": format!("{base}/{customer}-camera.m3u8"),
            }],
            "marks": [{"at_ms": 3900, "kind": "verdict", "text": "拒绝"}],
            "verdict": "refuse", "reason": "证件过期",
        })
    );
}

#[tokio::test]
async fn a_tenants_lists_hold_nothing_of_a_neighbour() {
    let world = World::build().await;
    for path in ["/api/v1/interviews", "/api/v1/recordings", "/api/v1/callbacks"] {
        let ours = world.stage.ask(get(path).key(DEMOBK)).await.json();
        assert_eq!(ours["items"].as_array().map(Vec::len), Some(1), "{path}");
        let theirs = world.stage.ask(get(path).key(OTHERB)).await.json();
        assert_eq!(theirs, json!({"items": [], "next": null}), "{path}");
        let named = world.stage.ask(get(format!("{path}?business_no=A3239239")).key(OTHERB)).await.json();
        assert_eq!(named, json!({"items": [], "next": null}), "{path}");
    }
}

#[tokio::test]
async fn a_seat_sees_its_own_and_a_reviewer_everybodys() {
    let world = World::build().await;
    world.add_interview_of("agent2", "20261123-000002").await;
    let recording = format!("/api/v1/recordings/{}", world.recording);
    for (login, interviews, recordings) in
        [("agent1", 1, 1), ("agent2", 1, 0), ("reviewer1", 2, 1), ("supervisor1", 2, 1), ("admin1", 2, 1)]
    {
        let page = world.stage.log_in(login).await;
        let count = async |path: &str| {
            let list = world.stage.ask(get(path).page(&page)).await.json();
            list["items"].as_array().map_or(0, Vec::len)
        };
        assert_eq!(count("/api/v1/interviews").await, interviews, "{login}");
        assert_eq!(count("/api/v1/recordings").await, recordings, "{login}");
        assert_eq!(count("/api/v1/recordings?business_no=A3239239").await, recordings, "{login}");
        let one = world.stage.ask(get(&recording).page(&page)).await;
        assert_eq!(one.status.as_u16(), if recordings == 1 { 200 } else { 404 }, "{login}");
    }
    for login in ["root", "mt1"] {
        let page = world.stage.log_in(login).await;
        for path in ["/api/v1/interviews", "/api/v1/recordings", recording.as_str()] {
            world.stage.ask(get(path).page(&page)).await.is_problem(403, "not-entitled");
        }
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_doubles() {
    let world = World::build().await;
    for n in 2..=5 {
        world.stage.wait(Duration::seconds(1));
        world.add_interview_of("agent1", &format!("20261123-{n:06}")).await;
    }
    let mut numbers = Vec::new();
    let mut next = String::new();
    loop {
        let page = world.stage.ask(get(format!("/api/v1/interviews?limit=2&cursor={next}")).key(DEMOBK)).await.json();
        let items = page["items"].as_array().expect("a list");
        assert!(items.len() <= 2);
        numbers.extend(items.iter().map(|item| item["number"].as_str().expect("a number").to_owned()));
        match page["next"].as_str() {
            Some(cursor) => next = cursor.to_owned(),
            None => break,
        }
    }
    let expected: Vec<_> = (1..=5).rev().map(|n| format!("20261123-{n:06}")).collect();
    assert_eq!(numbers, expected);
}

#[tokio::test]
async fn a_filter_that_is_none_is_told_so() {
    let world = World::build().await;
    for (path, field) in [
        ("/api/v1/interviews?state=gone", "state"),
        ("/api/v1/interviews?limit=0", "limit"),
        ("/api/v1/interviews?limit=101", "limit"),
        ("/api/v1/recordings?from=yesterday", "from"),
        ("/api/v1/recordings?to=2026-11-23", "to"),
        ("/api/v1/recordings?cursor=abc", "cursor"),
        ("/api/v1/callbacks?cursor=abc", "cursor"),
        ("/api/v1/probe?bytes=2000001", "bytes"),
    ] {
        let answer = world.stage.ask(get(path).key(DEMOBK)).await;
        answer.is_problem(422, "invalid");
        assert!(answer.json()["detail"].as_str().is_some_and(|detail| detail.starts_with(field)), "{}", answer.text());
    }
    let found = world
        .stage
        .ask(get("/api/v1/recordings?from=2026-11-23T12:00:00Z&to=2026-11-23T20:00:01%2B08:00").key(DEMOBK))
        .await;
    assert_eq!(found.json()["items"].as_array().map(Vec::len), Some(1));
    let outside = world.stage.ask(get("/api/v1/recordings?to=2026-11-23T12:00:00Z").key(DEMOBK)).await;
    assert_eq!(outside.json()["items"].as_array().map(Vec::len), Some(0));
}
