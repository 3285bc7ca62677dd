//! Takes through a room: rooms answer at once here, as on a disk that is never busy.

use axum::http::Method;
use serde_json::{Value, json};

use super::{Counter, said_no};
use crate::stage::{Ask, Stage, get, post};

const DEVICE: &str = "0123456789abcdef0123456789abcdef";

fn begin(page: &Counter, video_type: &str, reason: Option<&str>) -> Ask {
    let wish = json!({"businessNo": "A3239239", "videoType": video_type, "reason": reason, "device": DEVICE});
    page.ask(Method::POST, "/video/takes").json(wish.to_string())
}

fn stop(page: &Counter, take: &str) -> Ask {
    page.ask(Method::POST, &format!("/video/takes/{take}/stop")).json("{}")
}

async fn begun(stage: &Stage, page: &Counter, reason: Option<&str>) -> String {
    let answer = stage.ask(begin(page, "风控面谈", reason)).await;
    assert_eq!(answer.json()["code"], "0", "{}", answer.text());
    assert!(answer.json()["data"]["ticket"].as_str().is_some_and(|ticket| ticket.len() == 22));
    answer.json()["data"]["take"]["id"].as_str().expect("an id").to_owned()
}

async fn video_status(stage: &Stage) -> Value {
    let body = json!({"tenantId": "DEMOBK", "businessNo": "A3239239", "videoType": "风控面谈"});
    stage.ask(post("/video/uploadStatus", &body)).await.json()["data"]["videoList"][0]["videoStatus"].clone()
}

#[tokio::test]
async fn a_take_is_recorded_and_whole_when_it_is_stopped() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let take = begun(&stage, &page, None).await;
    assert_eq!(video_status(&stage).await, "1");
    let stopped = stage.ask(stop(&page, &take)).await.json();
    assert_eq!(stopped["data"]["take"]["videoStatus"], "3", "{stopped}");
    assert_eq!(stopped["data"]["take"]["source"], "server");
    assert_eq!(stopped["data"]["take"]["durationMs"], 1_500);
    assert_eq!(video_status(&stage).await, "3");
    let again = stage.ask(stop(&page, &take)).await;
    assert_eq!(again.status, 409, "{}", again.text());
}

#[tokio::test]
async fn a_type_is_recorded_in_one_place_at_a_time_and_whoever_may_record_it_may_end_it() {
    let stage = Stage::demo().await;
    let (page, other) = (Counter::open(&stage).await, Counter::open(&stage).await);
    let take = begun(&stage, &page, None).await;
    let twice = stage.ask(begin(&other, "风控面谈", None)).await;
    assert_eq!(twice.status, 409, "{}", twice.text());
    said_no(&twice);
    let join = other.ask(Method::POST, &format!("/video/takes/{take}/join"));
    let joined = stage.ask(join.json(json!({"device": "other"}).to_string())).await;
    assert_eq!(joined.json()["data"]["take"]["id"], take, "{}", joined.text());
    assert_eq!(stage.ask(stop(&other, &take)).await.json()["data"]["take"]["videoStatus"], "3");
}

#[tokio::test]
async fn recording_again_needs_a_reason_and_voids_the_take_before_it() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let first = begun(&stage, &page, None).await;
    stage.ask(stop(&page, &first)).await;
    stage.wait(time::Duration::seconds(1));
    let bare = stage.ask(begin(&page, "风控面谈", None)).await;
    assert_eq!(bare.status, 409);
    assert!(said_no(&bare).contains("原因"), "{}", bare.text());
    let second = begun(&stage, &page, Some("声音太小")).await;
    stage.ask(stop(&page, &second)).await;
    let takes = stage.ask(page.ask(Method::GET, "/video/takes")).await.json()["data"]["takes"].clone();
    assert_eq!(takes[0]["voided"]["reason"], "已重新录制：声音太小", "{takes}");
    assert_eq!((&takes[1]["id"], &takes[1]["newest"]), (&json!(second), &json!(true)));
}

#[tokio::test]
async fn a_tab_that_only_plays_records_nothing_and_another_order_is_not_there() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    assert_eq!(stage.ask(begin(&page, "信托视频", None)).await.status, 403);
    assert_eq!(stage.ask(begin(&page, "别的", None)).await.status, 404);
    let take = begun(&stage, &page, None).await;
    let other = Counter::enter(&stage, get("/video/redirect?orderList=a_1_b_OTHER&roleList=aCode2")).await;
    for path in [format!("/video/takes/{take}/stop"), format!("/video/takes/{take}/join")] {
        let answer = stage.ask(other.ask(Method::POST, &path).json(json!({"device": DEVICE}).to_string())).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text());
    }
    assert_eq!(video_status(&stage).await, "1", "and it goes on");
}

#[tokio::test]
async fn what_a_page_leaves_out_is_named() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    for (wish, word) in [
        (json!({"videoType": "风控面谈", "device": DEVICE}), "businessNo"),
        (json!({"businessNo": "A3239239", "device": DEVICE}), "videoType"),
        (json!({"businessNo": "A3239239", "videoType": "风控面谈"}), "device"),
        (json!({"businessNo": "A3239239", "videoType": "风控面谈", "device": "x".repeat(129)}), "device"),
    ] {
        let answer = stage.ask(page.ask(Method::POST, "/video/takes").json(wish.to_string())).await;
        assert_eq!(answer.status, 422, "{wish}");
        assert!(said_no(&answer).contains(word), "{}", answer.text());
    }
}
