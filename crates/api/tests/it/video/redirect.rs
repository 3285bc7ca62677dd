//! Both contracts of the redirect, and what comes of them.

use axum::http::Method;
use serde_json::json;

use super::{Counter, DOCUMENT, refused};
use crate::stage::{DEMOBK, Stage, ask, get};

#[tokio::test]
async fn the_documents_own_call_leads_to_the_page_with_nothing_of_a_person_in_its_address() {
    let stage = Stage::demo().await;
    let answer = stage.ask(get(DOCUMENT)).await;
    assert_eq!(answer.status, 302);
    let location = answer.header("location");
    let ticket = location.strip_prefix("/video/main?ticket=").expect("the page with a ticket");
    assert!(ticket.len() == 22 && ticket.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{location}");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(answer.header("referrer-policy"), "no-referrer");
}

#[tokio::test]
async fn the_page_shows_the_people_the_orders_and_a_tab_per_type() {
    let stage = Stage::demo().await;
    let page = Counter::open(&stage).await;
    assert_eq!(page.view["orders"][0]["businessNo"], "A3239239");
    assert_eq!(page.view["orders"][0]["people"][0]["name"], "张三");
    assert_eq!(page.view["orders"][0]["people"][0]["idNo"], "*****25", "people read the ends of numbers only");
    let tabs = json!([
        {"videoType": "风控面谈", "record": true}, {"videoType": "客服签约", "record": true},
        {"videoType": "信托视频", "record": false},
    ]);
    assert_eq!(page.view["tabs"], tabs);
    assert_eq!(page.view["takes"], json!([]));
}

#[tokio::test]
async fn an_unknown_order_is_made_from_the_fields_and_a_known_one_stays() {
    let stage = Stage::demo().await;
    let two = "/video/redirect?orderList=%E8%B5%B5%E4%B8%83_110_%E4%BF%A1%E6%89%98_NEW-1_50%E4%B8%87%E5%85%83,\
               %E9%92%B1%E5%85%AB_120_%E4%BF%A1%E6%89%98_NEW-1;%E5%AD%99%E4%B9%9D_130_%E4%BF%A1%E6%89%98_A3239239\
               &roleList=aCode2";
    let page = Counter::enter(&stage, get(two)).await;
    assert_eq!(page.view["orders"].as_array().map(Vec::len), Some(2));
    assert_eq!(page.view["orders"][0]["people"].as_array().map(Vec::len), Some(2), "two people of one order");
    assert_eq!(page.view["orders"][1]["people"][0]["name"], "孙九", "the call decides what the page shows");
    let made = stage.ask(get("/api/v1/orders/NEW-1").key(DEMOBK)).await.json();
    assert_eq!(made["customer"]["name"], "赵七");
    assert_eq!(made["people"][0]["name"], "钱八");
    assert_eq!(made["people"][0]["role"], "co_borrower");
    assert_eq!(made["details"], json!([{"label": "其他", "value": "50万元"}]));
    assert_eq!(made["queue_id"], "counter-DEMOBK");
    let known = stage.ask(get("/api/v1/orders/A3239239").key(DEMOBK)).await.json();
    assert_eq!(known["customer"]["name"], "张三", "and changes nothing of an order that is there");
}

#[tokio::test]
async fn the_fields_win_where_both_contracts_are_there() {
    let stage = Stage::demo().await;
    let both = ask(Method::GET, DOCUMENT).json(
        json!({
            "tenantId": "DEMOBK", "businessNo": "B-1", "customerName": "李四", "mobilePhone": "13800000000",
            "idCard": "110105194912310021", "productName": "信托", "userId": "u1", "userName": "王敏",
            "videoType": ["签约"], "readVideoType": ["申明", "签约"],
        })
        .to_string(),
    );
    let page = Counter::enter(&stage, both).await;
    assert_eq!(page.view["orders"][0]["businessNo"], "B-1");
    assert_eq!(page.view["operator"], json!({"userId": "u1", "userName": "王敏"}));
    let tabs = json!([{"videoType": "签约", "record": true}, {"videoType": "申明", "record": false}]);
    assert_eq!(page.view["tabs"], tabs, "a type in both lists may be recorded");
}

#[tokio::test]
async fn what_is_missing_or_wrong_is_named() {
    let stage = Stage::demo().await;
    let fields = |change: serde_json::Value| {
        let mut fields = json!({
            "tenantId": "DEMOBK", "businessNo": "B-1", "customerName": "李四", "mobilePhone": "13800000000",
            "idCard": "1", "productName": "信托", "userId": "u1", "userName": "王敏", "videoType": ["签约"],
        });
        for (name, value) in change.as_object().expect("an object") {
            fields[name] = value.clone();
        }
        ask(Method::GET, "/video/redirect").json(fields.to_string())
    };
    for (change, word) in [
        (json!({"customerName": null}), "customerName"),
        (json!({"mobilePhone": ""}), "mobilePhone"),
        (json!({"mobilePhone": "<script>"}), "mobilePhone"),
        (json!({"idCard": null}), "idCard"),
        (json!({"productName": "长".repeat(101)}), "productName"),
        (json!({"userId": null}), "userId"),
        (json!({"userName": "长".repeat(51)}), "userName"),
        (json!({"businessNo": "../../etc/passwd"}), "businessNo"),
        (json!({"businessNo": ["a", "b"]}), "businessNo"),
        (json!({"businessNo": {"$ne": 1}}), "businessNo"),
        (json!({"videoType": []}), "roleList"),
        (json!({"videoType": ["../x"]}), "videoType 第 1 项"),
        (json!({"videoType": ["签约", "<b>"]}), "videoType 第 2 项"),
    ] {
        let said = refused(&stage.ask(fields(change.clone())).await);
        assert!(said.contains(word), "{change}: {said}");
    }
    assert_eq!(stage.ask(fields(json!({}))).await.status, 302, "and without any of these it works");
    for (path, word) in [
        ("/video/redirect", "orderList"),
        ("/video/redirect?orderList=a_1_b_A1", "roleList"),
        ("/video/redirect?tenantId=DEMOBK&tenantId=OTHERB&orderList=a_1_b_A1&roleList=aCode2", "tenantId"),
        ("/video/redirect?orderList=a_1_b_A%2F1&roleList=aCode2", "businessNo"),
    ] {
        let said = refused(&stage.ask(get(path)).await);
        assert!(said.contains(word), "{path}: {said}");
    }
}

#[tokio::test]
async fn a_name_that_is_markup_is_text_everywhere() {
    let stage = Stage::demo().await;
    let path = "/video/redirect?orderList=%3Cscript%3Ealert(1)%3C%2Fscript%3E_1_b_X-1&roleList=aCode2";
    let page = Counter::enter(&stage, get(path)).await;
    assert_eq!(page.view["orders"][0]["people"][0]["name"], "<script>alert(1)</script>");
    let html = stage.ask(get("/video/main?ticket=x")).await;
    assert!(!html.text().contains("alert(1)") && html.header("content-security-policy").contains("script-src 'self'"));
    let broken = stage.ask(get("/video/redirect?orderList=%3Cscript%3E&roleList=aCode2")).await;
    assert_eq!(broken.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(broken.header("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn text_that_looks_like_sql_is_text() {
    let stage = Stage::demo().await;
    let path = "/video/redirect?orderList=a'%20OR%20'1'='1_1'--_b_Q-1&roleList=aCode2";
    let page = Counter::enter(&stage, get(path)).await;
    assert_eq!(page.view["orders"][0]["people"][0]["name"], "a' OR '1'='1");
    let found = stage.ask(get("/api/v1/orders/Q-1").key(DEMOBK)).await.json();
    assert_eq!(found["customer"]["id_no"], "1'--");
}
