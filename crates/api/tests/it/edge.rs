//! What happens to every request, whatever it asks for.

use axum::http::Method;
use mingjian_api::ApiSettings;
use mingjian_api::limits::{Limits, Rate};
use mingjian_domain::interface::FaceName;
use mingjian_domain::secret::Secret;
use mingjian_service::interfaces::prove_meeting;
use serde_json::json;
use time::Duration;

use crate::stage::{DEMOBK, GENEROUS, OTHERB, Stage, ask, get, log_in, post};

#[tokio::test]
async fn a_path_that_is_not_served_is_a_problem() {
    let stage = Stage::demo().await;
    for path in ["/nowhere", "/api/v1/nothing", "/api/v1/orders/", "/d/x", "/s/a/b"] {
        stage.ask(get(path)).await.is_problem(404, "not-found");
    }
    stage.ask(get("/api/v1/orders/%ff").key(DEMOBK)).await.is_problem(404, "not-found");
}

#[tokio::test]
async fn a_panic_is_a_problem_that_tells_nothing() {
    let stage = Stage::demo().await;
    let answer = stage.ask(get("/panic")).await;
    answer.is_problem(500, "fault");
    assert!(!answer.text().contains("138"));
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn the_demo_refuses_foreign_hosts() {
    let stage = Stage::demo().await;
    for host in ["evil.example", "127.0.0.1.evil.example", "10.0.0.1:8080", ""] {
        stage.ask(get("/healthz").with("host", host)).await.is_problem(421, "foreign-host");
    }
    for host in ["localhost:8080", "127.0.0.1", "[::1]:8080"] {
        assert_eq!(stage.ask(get("/healthz").with("host", host)).await.status, 200, "{host}");
    }
    let mut bare = get("/healthz");
    bare.headers.remove("host");
    stage.ask(bare).await.is_problem(421, "foreign-host");
}

#[tokio::test]
async fn outside_the_demo_links_need_a_known_host() {
    let settings = ApiSettings { hosts: vec!["video.bank.example".into()], limits: GENEROUS, ..ApiSettings::default() };
    let stage = Stage::with(settings).await;
    let invite = |host: &str| post("/api/v1/orders/A3239239/invitations", &json!({})).key(DEMOBK).with("host", host);
    let listed = stage.ask(invite("video.bank.example")).await.json();
    assert!(listed["url"].as_str().is_some_and(|url| url.starts_with("http://video.bank.example/s/")), "{listed}");
    stage.ask(invite("evil.example")).await.is_problem(422, "invalid");
    let public = ApiSettings {
        public_url: Some("https://sign.bank.example".into()),
        limits: GENEROUS,
        ..ApiSettings::default()
    };
    let stage = Stage::with(public).await;
    let made = stage.ask(invite("evil.example")).await.json();
    assert!(made["url"].as_str().is_some_and(|url| url.starts_with("https://sign.bank.example/s/")), "{made}");
}

#[tokio::test]
async fn outside_the_demo_the_metrics_have_a_token() {
    let settings = ApiSettings {
        metrics_token: Some(Secret::new("let-me-in".into())),
        limits: GENEROUS,
        ..ApiSettings::default()
    };
    let stage = Stage::with(settings).await;
    stage.ask(get("/metrics")).await.is_problem(401, "no-credentials");
    stage.ask(get("/metrics").key("let-me-out")).await.is_problem(401, "wrong-secret");
    let metrics = stage.ask(get("/metrics").key("let-me-in")).await;
    assert_eq!((metrics.status.as_u16(), metrics.text().as_str()), (200, "up 1\n"));
    let closed = Stage::with(ApiSettings { limits: GENEROUS, ..ApiSettings::default() }).await;
    closed.ask(get("/metrics").key("let-me-in")).await.is_problem(403, "not-entitled");
}

#[tokio::test]
async fn a_key_is_slowed_down_alone_and_goes_on_in_time() {
    let limits = Limits { key: Rate { per_second: 10, burst: 3 }, ..GENEROUS };
    let stage = Stage::with(ApiSettings { demo: true, limits, ..ApiSettings::default() }).await;
    let orders = |key| get("/api/v1/orders/A3239239").key(key);
    for _ in 0..3 {
        assert_eq!(stage.ask(orders(DEMOBK)).await.status, 200);
    }
    let refused = stage.ask(orders(DEMOBK)).await;
    refused.is_problem(429, "busy");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(stage.ask(orders(OTHERB)).await.status, 404, "the neighbour is not slowed down");
    stage.wait(Duration::milliseconds(110));
    assert_eq!(stage.ask(orders(DEMOBK)).await.status, 200);
}

#[tokio::test]
async fn a_tenant_is_slowed_down_in_one_face_whatever_keys_it_has() {
    let limits = Limits { face: Rate { per_second: 10, burst: 3 }, ..GENEROUS };
    let stage = Stage::with(ApiSettings { demo: true, limits, ..ApiSettings::default() }).await;
    let page = stage.log_in("admin1").await;
    let second = stage.ask(post("/api/v1/interface/keys", &json!({"name": "second"})).page(&page)).await.json();
    let orders = |key: &str| get("/api/v1/orders/A3239239").key(key);
    for _ in 0..3 {
        assert_eq!(stage.ask(orders(DEMOBK)).await.status, 200);
    }
    let refused = stage.ask(orders(second["secret"].as_str().expect("a key"))).await;
    refused.is_problem(429, "busy");
    assert_eq!(refused.header("retry-after"), "1");
    assert_eq!(stage.ask(get("/api/v1/orders/A3239239").page(&page)).await.status, 200, "its people go on");
    assert_eq!(stage.ask(orders(OTHERB)).await.status, 404, "and so does the neighbour");
    assert!(
        prove_meeting(&stage.service, "800", "127.0.0.1").await.is_ok(),
        "the other faces have buckets of their own"
    );
    stage.wait(Duration::milliseconds(110));
    assert_eq!(stage.ask(orders(DEMOBK)).await.status, 200);
}

#[tokio::test]
async fn guesses_are_slowed_down_by_address() {
    let limits = Limits { stranger: Rate { per_second: 1, burst: 5 }, ..GENEROUS };
    let stage = Stage::with(ApiSettings { demo: true, limits, ..ApiSettings::default() }).await;
    let guess = || get("/api/v1/orders/A3239239").key("mk_guess");
    for _ in 0..5 {
        stage.ask(guess()).await.is_problem(401, "wrong-secret");
    }
    stage.ask(guess()).await.is_problem(429, "busy");
    stage.ask(get("/api/v1/invitations/0000000000000000000000")).await.is_problem(429, "busy");
    stage.ask(log_in("agent1", "guess")).await.is_problem(429, "busy");
    stage
        .ask_from("192.0.2.1:1", get("/api/v1/invitations/0000000000000000000000"))
        .await
        .is_problem(404, "link-unknown");
    assert_eq!(
        stage.ask(get("/api/v1/orders/A3239239").key(DEMOBK)).await.status,
        200,
        "a right key is not shut out by guesses"
    );
}

#[tokio::test]
async fn pages_allow_themselves_and_nothing_else() {
    let stage = Stage::demo().await;
    let page = stage.ask(get("/s/0123456789abcdefghijkl")).await;
    assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
    let policy = page.header("content-security-policy");
    for part in [
        "default-src 'none'",
        "script-src 'self';",
        "connect-src 'self' ws://127.0.0.1:8080 wss://127.0.0.1:8080",
        "media-src 'self' blob:",
    ] {
        assert!(policy.contains(part), "{policy}");
    }
    assert!(!policy.contains("unsafe"), "{policy}");
    assert!(page.header("permissions-policy").contains("camera=(self)"));
    let asset = stage.ask(get("/assets/app-0a1b2c3d.js")).await;
    assert_eq!(asset.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(asset.header("content-type"), "text/javascript; charset=utf-8");
}

#[tokio::test]
async fn a_head_is_a_get_without_its_body() {
    let stage = Stage::demo().await;
    for path in ["/desk", "/healthz", "/api/v1/probe?bytes=1000"] {
        let answer = stage.ask(ask(Method::HEAD, path)).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0), "{path}");
    }
}

#[tokio::test]
async fn the_probe_sends_as_many_bytes_as_were_asked_for() {
    let stage = Stage::demo().await;
    for (query, bytes) in [("", 200_000), ("?bytes=1", 1), ("?bytes=16385", 16_385), ("?bytes=2000000", 2_000_000)] {
        let answer = stage.ask(get(format!("/api/v1/probe{query}"))).await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (200, bytes), "{query}");
        assert_eq!(answer.header("content-length"), bytes.to_string());
    }
}

#[tokio::test]
async fn a_face_that_a_listener_does_not_mount_is_a_path_that_nobody_serves() {
    let stage = Stage::demo().await;
    let unknown = stage.ask(get("/nowhere").key(DEMOBK)).await;
    let closed = mingjian_api::mounts::Mounts { faces: [FaceName::Meeting].into(), pages: false };
    let stage = stage.serving(closed);
    for path in ["/api/v1/orders/A3239239", "/desk", "/api/docs", "/crm/login/jwt"] {
        let answer = stage.ask_unheld(get(path).key(DEMOBK)).await;
        answer.is_problem(404, "not-found");
        assert_eq!((answer.text(), answer.headers), (unknown.text(), unknown.headers.clone()), "{path}");
    }
    assert_eq!(stage.ask(get("/healthz")).await.status, 200);
}
