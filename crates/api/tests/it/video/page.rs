//! The page's session: a ticket once, a cookie afterwards.

use axum::http::Method;
use serde_json::json;
use time::Duration;

use super::{Counter, DOCUMENT, said_no};
use crate::stage::{Stage, get, post};

async fn ticket(stage: &Stage) -> String {
    let answer = stage.ask(get(DOCUMENT)).await;
    answer.header("location").strip_prefix("/video/main?ticket=").expect("a ticket").to_owned()
}

#[tokio::test]
async fn a_ticket_opens_one_page() {
    let stage = Stage::demo().await;
    let open = |ticket: &str| post("/video/session", &json!({ "ticket": ticket }));
    let ticket = ticket(&stage).await;
    let html = stage.ask(get(format!("/video/main?ticket={ticket}"))).await;
    assert_eq!(html.status, 200, "a preview of the link does not use it up");
    assert_eq!(stage.ask(open(&ticket)).await.status, 200);
    let again = stage.ask(open(&ticket)).await;
    assert_eq!(again.status, 410);
    assert!(said_no(&again).contains("业务系统"), "{}", again.text());
    let never = stage.ask(open("0000000000000000000000")).await;
    assert_eq!((again.status, again.text()), (never.status, never.text()), "and nobody learns which it was");
}

#[tokio::test]
async fn a_ticket_is_young_for_five_minutes() {
    let stage = Stage::demo().await;
    let (first, second) = (ticket(&stage).await, ticket(&stage).await);
    stage.wait(Duration::seconds(299));
    assert_eq!(stage.ask(post("/video/session", &json!({ "ticket": first }))).await.status, 200);
    stage.wait(Duration::seconds(1));
    assert_eq!(stage.ask(post("/video/session", &json!({ "ticket": second }))).await.status, 410);
}

#[tokio::test]
async fn of_two_that_use_a_ticket_at_once_one_gets_in() {
    let stage = Stage::demo().await;
    let ticket = ticket(&stage).await;
    let open = || stage.ask(post("/video/session", &json!({ "ticket": ticket })));
    let (left, right) = tokio::join!(open(), open());
    let mut statuses = [left.status.as_u16(), right.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 410]);
}

#[tokio::test]
async fn the_cookie_is_for_this_page_alone_and_read_by_no_script() {
    let stage = Stage::demo().await.over_tls();
    let ticket = ticket(&stage).await;
    let opened = stage.ask(post("/video/session", &json!({ "ticket": ticket }))).await;
    let cookie = opened.header("set-cookie");
    for part in ["; Path=/video;", "; HttpOnly", "; SameSite=Strict", "; Secure"] {
        assert!(cookie.contains(part), "{cookie}");
    }
}

#[tokio::test]
async fn a_reload_finds_the_session_until_it_ends() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    let again = stage.ask(page.ask(Method::GET, "/video/session")).await;
    assert_eq!(again.json()["data"], page.view);
    stage.wait(Duration::hours(12));
    let late = stage.ask(page.ask(Method::GET, "/video/session")).await;
    assert_eq!(late.status, 401);
    assert!(said_no(&late).contains("业务系统"));
}

#[tokio::test]
async fn two_tabs_of_one_browser_show_each_its_own() {
    let stage = Stage::demo().await;
    let first = Counter::open(&stage).await;
    let other = "/video/redirect?orderList=%E6%9D%8E%E5%9B%9B_1_b_A3239240&roleList=aCode2";
    let second = Counter::enter(&stage, get(other)).await;
    let both = format!("{}; {}", first.cookie, second.cookie);
    for page in [&first, &second] {
        let mut ask = page.ask(Method::GET, "/video/session");
        ask.headers.insert("cookie", both.parse().expect("a header value"));
        assert_eq!(stage.ask(ask).await.json()["data"], page.view);
    }
}

#[tokio::test]
async fn a_page_of_another_site_opens_nothing() {
    let stage = Stage::demo().await;
    let ticket = ticket(&stage).await;
    let open = post("/video/session", &json!({ "ticket": ticket }));
    let foreign = stage.ask(open.clone().with("origin", "https://evil.example")).await;
    assert_eq!(foreign.status, 403);
    assert_eq!(stage.ask(open.with("origin", "http://127.0.0.1:8080")).await.status, 200, "and uses nothing up");
}

#[tokio::test]
async fn a_script_for_the_types_of_the_page_comes_with_it() {
    let stage = Stage::demo().await;
    let put = |name: &str, text: &str| {
        let path = format!("/api/v1/scripts/{name}");
        crate::stage::ask(Method::PUT, path).json(json!({ "text": text }).to_string()).key(crate::stage::DEMOBK)
    };
    let kept = stage.ask(put("%E9%A3%8E%E6%8E%A7%E9%9D%A2%E8%B0%88", "您好，{客户姓名}。\n请确认")).await;
    assert_eq!(kept.json()["text"], "您好，{客户姓名}。\n请确认", "{}", kept.text());
    stage.ask(put("other", "别的")).await;
    let page = Counter::open(&stage).await;
    assert_eq!(page.view["scripts"]["风控面谈"], "您好，{客户姓名}。\n请确认");
    assert_eq!(page.view["scripts"]["other"], json!(null), "it has no tab of that name");
    let listed = stage.ask(get("/api/v1/scripts").key(crate::stage::DEMOBK)).await.json();
    assert_eq!(listed["items"].as_array().map(Vec::len), Some(4), "three of the demo, one of them changed, and ours");
    let foreign = stage.ask(get("/api/v1/scripts").key(crate::stage::OTHERB)).await.json();
    assert_eq!(foreign["items"], json!([]));
    stage.ask(put("a%2Fb", "x")).await.is_problem(422, "invalid");
    stage.ask(put("a", " ")).await.is_problem(422, "invalid");
    let seat = stage.log_in("agent1").await;
    let by_seat = crate::stage::ask(Method::PUT, "/api/v1/scripts/a").json(r#"{"text":"x"}"#).page(&seat);
    stage.ask(by_seat).await.is_problem(403, "not-entitled");
}
