//! Every door of our own, tried with the right key, without one, with the neighbour's, and roughly.
//! A route without an entry here fails the first test.

use axum::http::Method;
use mingjian_api::ROUTES;
use serde_json::{Value, json};

use crate::signing;
use crate::stage::{Answer, Ask, DEMOBK, OTHERB, ask, post};
use crate::world::{FILM, World, upload};

/// Who may come in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Guard {
    /// Anybody.
    Open,
    /// Who has a native key or is logged in.
    Caller,
    /// Who is logged in with a page.
    Page,
    /// Who has a signed link.
    Link,
}

/// SHA-256 of DEMOBK's native key, which is its id: `printf mk_demo_DEMOBK | sha256sum`.
const DEMO_KEY_ID: &str = "10826ec559ff6593211fccb5ea06431e13f07111a801a0aaa7092cc03ee9a0e4";

struct Door {
    route: (&'static str, &'static str),
    guard: Guard,
    /// A path that leads to something of DEMOBK, and one of the same form that leads to nothing.
    leads: String,
    astray: Option<String>,
    /// The JSON that it takes.
    body: Option<Value>,
    /// Whether it takes a form with a file instead.
    form: bool,
    /// The text that it takes.
    text: Option<&'static str>,
    /// Whether the path names what every tenant has one of, so that a neighbour finds its own there.
    shared: bool,
    answers: u16,
}

fn door(method: &'static str, path: &'static str, guard: Guard, answers: u16) -> Door {
    Door {
        route: (method, path),
        guard,
        leads: path.to_owned(),
        astray: None,
        body: None,
        form: false,
        text: None,
        shared: false,
        answers,
    }
}

impl Door {
    fn leads(mut self, path: impl Into<String>, astray: impl Into<String>) -> Self {
        self.leads = path.into();
        self.astray = Some(astray.into());
        self
    }

    /// A path that everybody has for itself: nothing of the form leads to a neighbour's.
    fn at(mut self, path: impl Into<String>) -> Self {
        self.leads = path.into();
        self
    }

    fn shared(mut self) -> Self {
        self.shared = true;
        self
    }

    fn takes(mut self, body: Value) -> Self {
        self.body = Some(body);
        self
    }

    fn method(&self) -> Method {
        self.route.0.to_uppercase().parse().expect("a method")
    }

    fn knock(&self, path: &str) -> Ask {
        if self.form {
            return Ask { path: path.to_owned(), ..upload("/2018/new.mp4", FILM) };
        }
        let ask = ask(self.method(), path);
        match (&self.body, self.text) {
            (Some(body), _) => ask.json(body.to_string()),
            (None, Some(text)) => Ask { body: text.as_bytes().to_vec(), ..ask.with("content-type", "text/csv") },
            (None, None) => ask,
        }
    }
}

fn order(business_no: &str) -> Value {
    json!({
        "business_no": business_no, "product_name": "华楼通", "queue_id": "1001",
        "customer": {"name": "王五", "id_type": "id_card", "id_no": "11010519491231002X", "mobile": "13800000000"},
    })
}

/// A part of an order's sheet.
fn part(name: &'static str, body: Value) -> Door {
    let path = match name {
        "product" => "/api/v1/orders/{business_no}/product",
        "enterprise" => "/api/v1/orders/{business_no}/enterprise",
        "guarantors" => "/api/v1/orders/{business_no}/guarantors",
        "references" => "/api/v1/orders/{business_no}/references",
        _ => "/api/v1/orders/{business_no}/identity",
    };
    door("put", path, Guard::Caller, 204)
        .leads(format!("/api/v1/orders/A3239239/{name}"), format!("/api/v1/orders/NONE/{name}"))
        .takes(body)
}

async fn doors(world: &World) -> Vec<Door> {
    use Guard::{Caller, Link, Open, Page};
    let recording = world.recording;
    let nothing = "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77";
    let (code, callback, live) = (&world.code, world.callback, &world.live);
    let stage = &world.stage;
    let message = signing::send_scheme(stage, "A3239239", "10000000001").await["data"]["smsId"].clone();
    let message = message.as_str().expect("an id");
    let embed = stage.ask(post("/api/v1/embed-tokens", &json!({"user_name": "agent1"})).key(DEMOBK)).await.json();
    let embed = embed["token"].clone();
    let statement =
        signing::statement(stage, &json!({"businessId": "A3239239", "faceResult": 1, "similarity": "91.5"}));
    signing::connect(stage, "order").await;
    signing::connect(stage, "photo").await;
    stage.outsider.will_always_say(&json!({"data": {"businessId": "A3239239"}}));
    let link = world.stage.ask(ask(Method::GET, format!("/api/v1/recordings/{recording}")).key(DEMOBK)).await;
    let link = link.json()["playlist_url"].as_str().expect("a link").replace("http://127.0.0.1:8080", "");
    let [file, doomed, gone] = world.files;
    let file_link = world.stage.ask(ask(Method::GET, format!("/api/v1/files/{file}")).key(DEMOBK)).await;
    let file_link = file_link.json()["url"].as_str().expect("a link").replace("http://127.0.0.1:8080", "");
    let file_door = |method, path, answers, id: i64, tail: &str| {
        door(method, path, Caller, answers)
            .leads(format!("/api/v1/files/{id}{tail}"), format!("/api/v1/files/999999{tail}"))
    };
    let mut doors = archive_doors(world).await;
    doors.extend(vec![
        door("get", "/d/{file}", Link, 200).leads(file_link, "/d/999999-0"),
        door("get", "/api/v1/files", Caller, 200).leads("/api/v1/files?folder=/2018/", "/api/v1/files?folder=/none/"),
        Door { form: true, ..door("post", "/api/v1/files", Caller, 201) },
        door("get", "/api/v1/files/usage", Caller, 200),
        file_door("get", "/api/v1/files/{id}", 200, file, ""),
        file_door("put", "/api/v1/files/{id}/hold", 200, doomed, "/hold").takes(json!({})),
        file_door("post", "/api/v1/files/{id}/revoke-links", 204, doomed, "/revoke-links"),
        file_door("delete", "/api/v1/files/{id}", 200, doomed, "").takes(json!({"reason": "测试"})),
        file_door("get", "/api/v1/files/{id}/tombstone", 200, gone, "/tombstone"),
        door("post", "/api/v1/folders", Caller, 201).takes(json!({"path": "/2019/"})),
        door("get", "/healthz", Open, 200),
        door("get", "/readyz", Open, 200),
        door("get", "/metrics", Open, 200),
        door("get", "/", Open, 307),
        door("get", "/desk", Open, 200),
        door("get", "/review", Open, 200),
        door("get", "/admin", Open, 200),
        door("get", "/s/{code}", Open, 200).leads("/s/anything", "/s/"),
        door("get", "/sdk/{file}", Open, 200).leads("/sdk/mingjian-sdk.js", "/sdk/gone.js"),
        door("get", "/m/{number}", Open, 200).leads("/m/1866", "/m/"),
        door("get", "/watch/{live}", Open, 200).leads("/watch/anything", "/watch/"),
        door("get", "/assets/{*file}", Open, 200).leads("/assets/app-0a1b2c3d.js", "/assets/gone.js"),
        door("get", "/problems/{slug}", Open, 200).leads("/problems/fault", "/problems/none"),
        door("get", "/api/docs", Open, 200),
        door("get", "/api/v1/openapi.json", Open, 200),
        door("get", "/api/v1/invitations/{code}", Open, 200)
            .leads(format!("/api/v1/invitations/{code}"), "/api/v1/invitations/0000000000000000000000"),
        door("get", "/api/v1/probe", Open, 200),
        door("post", "/api/v1/probe", Open, 204),
        door("post", "/api/v1/session", Open, 200).takes(json!({"login": "agent1", "password": "mingjian-demo"})),
        door("get", "/api/v1/session", Page, 200),
        door("delete", "/api/v1/session", Page, 204),
        door("post", "/api/v1/orders", Caller, 201).takes(order("N1")),
        door("get", "/api/v1/orders/{business_no}", Caller, 200)
            .leads("/api/v1/orders/A3239239", "/api/v1/orders/NONE"),
        door("post", "/api/v1/orders/{business_no}/invitations", Caller, 201)
            .leads("/api/v1/orders/A3239239/invitations", "/api/v1/orders/NONE/invitations")
            .takes(json!({})),
        door("get", "/api/v1/orders/{business_no}/sheet", Caller, 200)
            .leads("/api/v1/orders/A3239239/sheet", "/api/v1/orders/NONE/sheet"),
        part("product", json!({"product_name": "华楼通"})),
        part("enterprise", json!({"name": "示例公司"})),
        part("guarantors", json!({"people": [{"name": "王五"}]})),
        part("references", json!({"assist_no": "F1"})),
        part("identity", json!({"result": "passed", "similarity": "91.5"})),
        door("post", "/api/v1/orders/{business_no}/pull", Caller, 200)
            .leads("/api/v1/orders/A3239239/pull", "/api/v1/orders/NONE/pull")
            .takes(json!({})),
        door("post", "/api/v1/orders/{business_no}/identity-checks", Caller, 200)
            .leads("/api/v1/orders/A3239239/identity-checks", "/api/v1/orders/NONE/identity-checks")
            .takes(json!({"image_base64": "/9j/4AAQ"})),
        door("post", "/api/v1/orders/{business_no}/photos", Caller, 204)
            .leads("/api/v1/orders/A3239239/photos", "/api/v1/orders/NONE/photos")
            .takes(json!({"name": "1.jpg", "image_base64": "/9j/4AAQ"})),
        door("get", "/api/v1/interviews", Caller, 200),
        door("get", "/api/v1/interviews/{id}/result", Caller, 200).leads(
            format!("/api/v1/interviews/{}/result", world.interview),
            format!("/api/v1/interviews/{nothing}/result"),
        ),
        door("get", "/api/v1/recordings", Caller, 200),
        door("get", "/api/v1/recordings/{id}", Caller, 200)
            .leads(format!("/api/v1/recordings/{recording}"), format!("/api/v1/recordings/{nothing}")),
        door("get", "/api/v1/callbacks", Caller, 200),
        door("post", "/api/v1/callbacks/{id}/retry", Caller, 204)
            .leads(format!("/api/v1/callbacks/{callback}/retry"), format!("/api/v1/callbacks/{nothing}/retry")),
        door("get", "/api/v1/compositions", Caller, 200),
        door("post", "/api/v1/compositions/{id}/retry", Caller, 204).leads(
            format!("/api/v1/compositions/{}/retry", world.composition),
            format!("/api/v1/compositions/{nothing}/retry"),
        ),
        door("get", "/api/v1/messages", Caller, 200),
        door("get", "/api/v1/messages/{id}", Caller, 200)
            .leads(format!("/api/v1/messages/{message}"), format!("/api/v1/messages/{nothing}")),
        door("post", "/api/v1/messages/{id}/retry", Caller, 204)
            .leads(format!("/api/v1/messages/{message}/retry"), format!("/api/v1/messages/{nothing}/retry")),
        door("get", "/api/v1/connectors", Caller, 200),
        door("put", "/api/v1/connectors/{kind}", Caller, 200)
            .at("/api/v1/connectors/identity")
            .takes(json!({"url": "https://bank.example/identity"})),
        door("delete", "/api/v1/connectors/{kind}", Caller, 204).at("/api/v1/connectors/identity"),
        door("post", "/api/v1/embed-tokens", Caller, 201).takes(json!({"user_name": "agent1"})),
        door("post", "/api/v1/embed-sessions", Open, 200).takes(json!({"token": embed})),
        door("post", "/api/v1/identity-statements", Open, 204).takes(json!({"token": statement})),
        door("get", "/api/v1/scripts", Caller, 200),
        // Every tenant has scripts of its own under the same names.
        door("put", "/api/v1/scripts/{video_type}", Caller, 200)
            .at("/api/v1/scripts/risk")
            .takes(json!({"text": "您好"})),
        door("get", "/d/{recording}/{part}", Link, 200).leads(link, format!("/d/{nothing}/index.m3u8")),
        // The last of these takes the key away that the doors before it are opened with.
        door("get", "/api/v1/interface", Page, 200),
        door("put", "/api/v1/interface/switches", Page, 200).takes(json!({"off": ["crm"]})),
        door("post", "/api/v1/interface/credentials/{kind}/reissue", Page, 200)
            .leads("/api/v1/interface/credentials/company/reissue", "/api/v1/interface/credentials/nothing/reissue"),
        door("get", "/api/v1/interface/keys", Page, 200),
        door("post", "/api/v1/interface/keys", Page, 201).takes(json!({"name": "trial"})),
        door("get", "/api/v1/interface/calls", Page, 200),
        door("get", "/api/v1/rooms", Caller, 200),
        door("post", "/api/v1/rooms", Caller, 201).takes(json!({"name": "例会", "number": "7001"})),
        door("get", "/api/v1/rooms/{number}", Caller, 200).leads("/api/v1/rooms/1866", "/api/v1/rooms/9999"),
        door("put", "/api/v1/rooms/{number}", Caller, 200)
            .leads("/api/v1/rooms/1866", "/api/v1/rooms/9999")
            .takes(json!({"name": "例会", "record_allowed": true, "live_allowed": true})),
        door("post", "/api/v1/rooms/{number}/start", Caller, 200)
            .leads("/api/v1/rooms/1868/start", "/api/v1/rooms/9999/start"),
        door("post", "/api/v1/rooms/{number}/recording", Caller, 201)
            .leads("/api/v1/rooms/1866/recording", "/api/v1/rooms/9999/recording"),
        door("delete", "/api/v1/rooms/{number}/recording", Caller, 200)
            .leads("/api/v1/rooms/1866/recording", "/api/v1/rooms/9999/recording"),
        door("get", "/api/v1/rooms/{number}/participants", Caller, 200)
            .leads("/api/v1/rooms/1866/participants", "/api/v1/rooms/9999/participants"),
        door("post", "/api/v1/rooms/{number}/live", Caller, 201)
            .leads("/api/v1/rooms/1866/live", "/api/v1/rooms/9999/live"),
        door("get", "/api/v1/lives/{code}", Open, 200)
            .leads(format!("/api/v1/lives/{live}"), "/api/v1/lives/0000000000000000000000"),
        door("get", "/live/{code}/{part}", Open, 200)
            .leads(format!("/live/{live}/index.m3u8"), "/live/0000000000000000000000/index.m3u8"),
        door("get", "/live/{code}/{recording}/{part}", Open, 200).leads(
            format!("/live/{live}/{recording}/{}-0000000000-init.m4s", world.customer),
            format!("/live/{live}/{nothing}/x-init.m4s"),
        ),
        door("delete", "/api/v1/rooms/{number}/live", Caller, 204)
            .leads("/api/v1/rooms/1866/live", "/api/v1/rooms/9999/live"),
        door("post", "/api/v1/rooms/{number}/stop", Caller, 200)
            .leads("/api/v1/rooms/1867/stop", "/api/v1/rooms/9999/stop"),
        door("delete", "/api/v1/rooms/{number}", Caller, 204).leads("/api/v1/rooms/1867", "/api/v1/rooms/9999"),
        door("post", "/api/v1/rooms/{number}/admissions", Open, 201)
            .at("/api/v1/rooms/1866/admissions")
            .takes(json!({"pin": "200866", "name": "张三", "device": "0123456789abcdef0123456789abcdef"})),
        // The last, since it takes the key away with which the others came in.
        door("delete", "/api/v1/interface/keys/{id}", Page, 204).leads(
            format!("/api/v1/interface/keys/{DEMO_KEY_ID}"),
            format!("/api/v1/interface/keys/{}", "0".repeat(64)),
        ),
    ]);
    doors
}

/// Those of the archive, with a code, a deposit and a file that are DEMOBK's alone.
async fn archive_doors(world: &World) -> Vec<Door> {
    use Guard::Caller;
    let ask_ours = async |method: Method, path: &str, body: Option<Value>| {
        let ask = ask(method, path).key(DEMOBK);
        let answer = world.stage.ask(match body {
            Some(body) => ask.json(body.to_string()),
            None => ask,
        });
        let answer = answer.await;
        assert!(answer.status.is_success(), "{path}: {}", answer.text());
        answer.json()
    };
    let ours = json!({"code": "OURS", "name": "我们的"});
    ask_ours(Method::POST, "/api/v1/material-codes", Some(ours.clone())).await;
    ask_ours(Method::POST, "/api/v1/code-tables/ID_TYP/codes", Some(ours)).await;
    let recording = world.recording;
    let filing = json!({"account_no": "88880001", "account_biz_type": "0", "material_code": "INTERVIEW_VIDEO"});
    let archive = format!("/api/v1/recordings/{recording}/archive");
    let deposit = ask_ours(Method::POST, &archive, Some(filing.clone())).await["id"].clone();
    let deposit = deposit.as_str().expect("an id").to_owned();
    let accounts = ask_ours(Method::GET, "/api/v1/accounts?q=88880001", None).await;
    let account = accounts["items"][0]["id"].as_str().expect("an id").to_owned();
    let filed = ask_ours(Method::GET, &format!("/api/v1/accounts/{account}/materials"), None).await;
    let file = filed["items"][0]["files"][0]["id"].as_str().expect("an id").to_owned();
    let nothing = "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77";
    let renamed = || json!({"name": "另一个名字"});
    let table = "deptCode,accountNo,accountBizType,accountName,accountCustomerType,customerType,idType,idNo\n\
                 0001,77770001,0,王五,0,0,1,X1\n";
    vec![
        door("get", "/api/v1/material-codes", Caller, 200),
        door("post", "/api/v1/material-codes", Caller, 201).takes(json!({"code": "VOICE", "name": "录音"})),
        door("put", "/api/v1/material-codes/{code}", Caller, 200)
            .leads("/api/v1/material-codes/OURS", "/api/v1/material-codes/NOBODYS")
            .takes(renamed()),
        door("delete", "/api/v1/material-codes/{code}", Caller, 204)
            .leads("/api/v1/material-codes/OURS", "/api/v1/material-codes/NOBODYS"),
        door("get", "/api/v1/code-tables", Caller, 200),
        door("post", "/api/v1/code-tables/{table}/codes", Caller, 201)
            .leads("/api/v1/code-tables/ACCT_BIZ_TYP/codes", "/api/v1/code-tables/NONE/codes")
            .shared()
            .takes(json!({"code": "6", "name": "做市"})),
        door("put", "/api/v1/code-tables/{table}/codes/{code}", Caller, 200)
            .leads("/api/v1/code-tables/ID_TYP/codes/OURS", "/api/v1/code-tables/ID_TYP/codes/NOBODYS")
            .takes(renamed()),
        door("delete", "/api/v1/code-tables/{table}/codes/{code}", Caller, 204)
            .leads("/api/v1/code-tables/ID_TYP/codes/OURS", "/api/v1/code-tables/ID_TYP/codes/NOBODYS"),
        door("get", "/api/v1/accounts", Caller, 200),
        Door { text: Some(table), ..door("post", "/api/v1/accounts/import", Caller, 200) },
        door("get", "/api/v1/accounts/{id}", Caller, 200)
            .leads(format!("/api/v1/accounts/{account}"), format!("/api/v1/accounts/{nothing}")),
        door("put", "/api/v1/accounts/{id}", Caller, 200)
            .leads(format!("/api/v1/accounts/{account}"), format!("/api/v1/accounts/{nothing}"))
            .takes(json!({"src_type": "counter", "customer": {"aml_risk_code": "L"}})),
        door("get", "/api/v1/accounts/{id}/materials", Caller, 200)
            .leads(format!("/api/v1/accounts/{account}/materials"), format!("/api/v1/accounts/{nothing}/materials")),
        door("get", "/api/v1/deposits", Caller, 200),
        door("get", "/api/v1/archive-files/{id}", Caller, 200)
            .leads(format!("/api/v1/archive-files/{file}"), format!("/api/v1/archive-files/{}", "0".repeat(32))),
        door("post", "/api/v1/deposits/{id}/discard", Caller, 204)
            .leads(format!("/api/v1/deposits/{deposit}/discard"), format!("/api/v1/deposits/{nothing}/discard"))
            .takes(json!({"reason": "传错", "employee": "e007"})),
        door("get", "/api/v1/archive-clients", Caller, 200),
        door("post", "/api/v1/archive-clients", Caller, 201).takes(json!({"number": "core", "name": "核心系统"})),
        door("delete", "/api/v1/archive-clients/{number}", Caller, 204)
            .leads("/api/v1/archive-clients/demo-service", "/api/v1/archive-clients/nobody"),
        door("post", "/api/v1/recordings/{id}/archive", Caller, 201)
            .leads(archive, format!("/api/v1/recordings/{nothing}/archive"))
            .takes(filing),
    ]
}

/// Knocks with everything that the door asks for.
async fn enter(world: &World, door: &Door, path: &str) -> Answer {
    let knock = door.knock(path);
    let knock = match door.guard {
        Guard::Open | Guard::Link => knock,
        Guard::Caller => knock.key(DEMOBK),
        Guard::Page => knock.page(&world.stage.log_in("admin1").await),
    };
    world.stage.ask(knock).await
}

#[tokio::test]
async fn every_route_is_tried_here() {
    let world = World::build().await;
    let mut tried: Vec<_> = doors(&world).await.iter().map(|door| door.route).collect();
    // Those of the other faces are tried in the tests of each, in its own dialect.
    let ours = ROUTES.iter().filter(|route| !mingjian_api::is_foreign(route.path));
    let mut there: Vec<_> = ours.map(|route| (route.method, route.path)).collect();
    tried.sort_unstable();
    there.sort_unstable();
    assert_eq!(tried, there);
}

#[tokio::test]
async fn every_door_opens_for_who_may_come_in() {
    let world = World::build().await;
    for door in doors(&world).await {
        let answer = enter(&world, &door, &door.leads).await;
        assert_eq!(answer.status.as_u16(), door.answers, "{:?}: {}", door.route, answer.text());
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{:?}", door.route);
        assert_eq!(answer.header("referrer-policy"), "no-referrer", "{:?}", door.route);
        assert!(answer.header("content-security-policy").contains("frame-ancestors 'none'"), "{:?}", door.route);
        let cached = door.route.1 == "/assets/{*file}";
        assert_eq!(answer.header("cache-control") == "no-store", !cached, "{:?}", door.route);
    }
}

#[tokio::test]
async fn no_guarded_door_opens_without_a_key_or_with_a_wrong_one() {
    let world = World::build().await;
    for door in doors(&world).await {
        let bare = door.leads.split('?').next().expect("a path").to_owned();
        match door.guard {
            Guard::Open => {}
            Guard::Caller | Guard::Page => {
                world.stage.ask(door.knock(&bare)).await.is_problem(401, "no-credentials");
                let forged = door.knock(&bare).with("cookie", &format!("mingjian_session={}", "0".repeat(64)));
                world.stage.ask(forged).await.is_problem(401, "no-credentials");
            }
            Guard::Link => world.stage.ask(door.knock(&bare)).await.is_problem(403, "bad-link"),
        }
        if door.guard == Guard::Caller {
            world.stage.ask(door.knock(&bare).key("mk_demo_DEMOBK2")).await.is_problem(401, "wrong-secret");
            world.stage.ask(door.knock(&bare).key("")).await.is_problem(401, "wrong-secret");
        }
    }
}

#[tokio::test]
async fn what_is_a_neighbours_looks_exactly_like_what_is_not_there() {
    let world = World::build().await;
    let mut compared = 0;
    for door in doors(&world).await {
        let Some(astray) = door.astray.as_ref().filter(|_| door.guard == Guard::Caller && !door.shared) else {
            continue;
        };
        let foreign = world.stage.ask(door.knock(&door.leads).key(OTHERB)).await;
        let absent = world.stage.ask(door.knock(astray).key(OTHERB)).await;
        assert_eq!(foreign.status, 404, "{:?}: {}", door.route, foreign.text());
        assert_eq!((foreign.status, foreign.text()), (absent.status, absent.text()), "{:?}", door.route);
        assert_eq!(foreign.headers, absent.headers, "{:?}", door.route);
        compared += 1;
    }
    assert!(compared >= 33, "{compared}");
}

#[tokio::test]
async fn what_is_not_there_is_a_problem_for_its_own_people_too() {
    let world = World::build().await;
    for door in doors(&world).await {
        if let Some(astray) = &door.astray {
            let answer = enter(&world, &door, astray).await;
            let status = if door.guard == Guard::Link { 403 } else { 404 };
            assert_eq!(answer.status, status, "{:?}: {}", door.route, answer.text());
            assert_eq!(answer.header("content-type"), "application/problem+json", "{:?}", door.route);
        }
    }
}

#[tokio::test]
async fn a_method_that_is_not_served_is_told_which_are() {
    let world = World::build().await;
    for door in doors(&world).await {
        let answer = world.stage.ask(ask(Method::TRACE, &door.leads).key(DEMOBK)).await;
        answer.is_problem(405, "method-not-allowed");
        assert!(answer.header("allow").contains(door.method().as_str()), "{:?}: {:?}", door.route, answer.headers);
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_or_of_another_type_or_too_large_is_a_problem() {
    let world = World::build().await;
    let mut tried = 0;
    let page = world.stage.log_in("admin1").await;
    for door in doors(&world).await.into_iter().filter(|door| door.body.is_some()) {
        let knock = || match door.guard {
            Guard::Page => ask(door.method(), &door.leads).page(&page),
            Guard::Open | Guard::Caller | Guard::Link => ask(door.method(), &door.leads).key(DEMOBK),
        };
        for broken in ["{", "[]", "\"text\"", "{\"a\":}", "\u{feff}{}"] {
            world.stage.ask(knock().json(broken)).await.is_problem(400, "malformed");
        }
        world
            .stage
            .ask(knock().json("{}").with("content-type", "text/plain"))
            .await
            .is_problem(415, "unsupported-type");
        let large = format!("{{\"business_no\":\"{}\"}}", "x".repeat(6_000_000));
        world.stage.ask(knock().json(large)).await.is_problem(413, "too-large");
        tried += 1;
    }
    assert!(tried >= 18, "{tried}");
    let large = Ask { body: vec![0; 2_000_001], ..ask(Method::POST, "/api/v1/probe") };
    world.stage.ask(large).await.is_problem(413, "too-large");
    let fits = Ask { body: vec![0; 2_000_000], ..ask(Method::POST, "/api/v1/probe") };
    assert_eq!(world.stage.ask(fits).await.status, 204);
}
