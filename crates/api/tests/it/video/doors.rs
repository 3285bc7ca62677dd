//! Every door of this face, tried without proof, with another tenant's, roughly, and with another method.
//! A route without an entry here fails the first test.

use axum::http::Method;
use mingjian_api::ROUTES;
use serde_json::json;

use super::{Counter, OTHER_SECRET, said_no, signed};
use crate::stage::{Ask, Stage, ask};

/// Who may come in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Anybody: the page's HTML, what is spoken.
    Open,
    /// Who has a ticket.
    Ticket,
    /// A business system with its proof.
    System,
    /// A page at the counter.
    Page,
    /// Either.
    Both,
}

struct Door {
    route: (&'static str, &'static str),
    guard: Guard,
    /// Whether it goes by the HTTP status rather than by the code alone.
    by_status: bool,
}

const NOTHING: &str = "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77";

fn doors() -> Vec<Door> {
    use Guard::{Both, Open, Page, System, Ticket};
    let door = |method, path, guard, by_status| Door { route: (method, path), guard, by_status };
    vec![
        door("get", "/video/redirect", System, false),
        door("post", "/video/uploadStatus", System, false),
        door("post", "/video/invalidate", Both, false),
        door("get", "/video/main", Open, true),
        door("post", "/video/session", Ticket, true),
        door("get", "/video/session", Page, true),
        door("get", "/video/takes", Page, true),
        door("post", "/video/takes", Page, true),
        door("post", "/video/takes/{id}/join", Page, true),
        door("post", "/video/takes/{id}/stop", Page, true),
        door("get", "/video/play/{id}", Both, true),
        door("options", "/video/upload", Open, false),
        door("post", "/video/upload", Both, false),
        door("head", "/video/upload/{id}", Page, true),
        door("patch", "/video/upload/{id}", Page, true),
    ]
}

impl Door {
    fn knock(&self) -> Ask {
        let path = self.route.1.replace("{id}", NOTHING);
        ask(self.route.0.to_uppercase().parse().expect("a method"), path)
    }
}

#[test]
fn every_route_is_tried_here() {
    let mut tried: Vec<_> = doors().iter().map(|door| door.route).collect();
    let ours = ROUTES.iter().filter(|route| route.path.starts_with("/video"));
    let mut there: Vec<_> = ours.map(|route| (route.method, route.path)).collect();
    tried.sort_unstable();
    there.sort_unstable();
    assert_eq!(tried, there);
}

#[tokio::test]
async fn no_guarded_door_opens_without_proof() {
    let stage = Stage::demo().await;
    for door in doors() {
        let stranger = stage.ask_from("203.0.113.9:1", door.knock()).await;
        let forged = door.knock().with("cookie", &format!("mingjian_counter_{NOTHING}={}", "0".repeat(64)));
        let forged = stage.ask_from("203.0.113.9:1", forged.with("x-visit", NOTHING)).await;
        if door.guard == Guard::Open {
            assert!(stranger.status.is_success(), "{:?}", door.route);
            continue;
        }
        for answer in [stranger, forged] {
            assert_eq!(
                answer.status.is_success(),
                !door.by_status && answer.header("tus-resumable").is_empty(),
                "{:?}: {}",
                door.route,
                answer.status
            );
            if door.route.0 != "head" {
                said_no(&answer);
            }
        }
    }
}

#[tokio::test]
async fn what_is_a_neighbours_looks_exactly_like_what_is_not_there() {
    let stage = Stage::demo().await;
    Counter::open(&stage).await;
    let ask_for = |nonce: &str, business_no: &str| {
        let fields = json!({"tenantId": "OTHERB", "businessNo": business_no, "videoType": "风控面谈", "reason": "x"});
        ask(Method::POST, "/video/invalidate").json(signed(OTHER_SECRET, nonce, fields).to_string())
    };
    let foreign = stage.ask(ask_for("neighbour-1", "A3239239")).await;
    let absent = stage.ask(ask_for("neighbour-2", "NONE")).await;
    assert_eq!((foreign.status, foreign.text()), (absent.status, absent.text()));
}

#[tokio::test]
async fn a_page_writes_with_its_token_alone() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    for (method, path) in [
        (Method::POST, "/video/invalidate"),
        (Method::POST, "/video/takes"),
        (Method::POST, "/video/upload"),
        (Method::PATCH, "/video/upload/1"),
    ] {
        let mut knock = page.ask(method, path).with("tus-resumable", "1.0.0").with("upload-offset", "0");
        knock = knock.with("content-type", "application/offset+octet-stream");
        knock.headers.remove("x-csrf-token");
        if path == "/video/invalidate" {
            knock = knock.json(r#"{"id":"1","reason":"x"}"#);
        }
        let answer = stage.ask(knock).await;
        assert!(said_no(&answer).contains("页面已过期"), "{path}: {}", answer.text());
    }
}

#[tokio::test]
async fn a_method_that_is_not_served_is_told_in_the_documents_words() {
    let stage = Stage::demo().await;
    for door in doors() {
        let answer = stage.ask(ask(Method::PUT, door.knock().path)).await;
        assert!(said_no(&answer).contains("方法"), "{:?}: {}", door.route, answer.text());
        assert!(
            answer.header("allow").contains(&door.route.0.to_uppercase()),
            "{:?}: {:?}",
            door.route,
            answer.headers
        );
    }
}

#[tokio::test]
async fn a_body_that_cannot_be_read_or_is_too_large_is_told_in_the_documents_words() {
    let stage = Stage::demo().await;
    let mut tried = 0;
    for door in doors() {
        if !["/video/redirect", "/video/uploadStatus", "/video/invalidate", "/video/session"].contains(&door.route.1)
            || (door.route == ("get", "/video/session"))
        {
            continue;
        }
        for broken in ["{", "[]", "\"text\"", "\u{feff}{}"] {
            said_no(&stage.ask(door.knock().json(broken)).await);
        }
        let large = format!("{{\"tenantId\":\"{}\"}}", "x".repeat(300_000));
        let answer = stage.ask(door.knock().json(large)).await;
        assert!(said_no(&answer).contains("KB"), "{:?}: {}", door.route, answer.text());
        tried += 1;
    }
    assert_eq!(tried, 4);
}

#[tokio::test]
async fn a_path_that_is_not_served_and_a_panic_are_told_in_the_documents_words() {
    let stage = Stage::demo().await;
    for path in ["/video", "/video/", "/video/nothing", "/video/redirect/x"] {
        said_no(&stage.ask(ask(Method::GET, path)).await);
    }
}
