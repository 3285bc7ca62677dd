//! Pages that do not keep the protocol: each is told what is wrong, then closed, and nobody else notices.

use std::time::Duration;

use mingjian_testkit::client::{Client, ClientConfig, Codecs};
use mingjian_testkit::server::page::Page;
use serde_json::{Value, json};
use tungstenite::Message;

use crate::stage::{DEMOBK, Identity, Stage, clip};

/// A page that has not said hello.
fn stranger(stage: &Stage) -> Page {
    Page::open(stage.server().address(), &[]).expect("anybody may open a WebSocket")
}

/// Turns until the page is closed and gives the code.
fn until_closed(stage: &mut Stage, page: &mut Page) -> u16 {
    stage.until("the page is closed", |_| {
        page.poll();
        page.closed().is_some()
    });
    page.closed().expect("it is closed")
}

fn next(stage: &mut Stage, page: &mut Page) -> Value {
    let mut frame = None;
    stage.until("a reply", |_| {
        page.poll();
        frame = page.take_any();
        frame.is_some() || page.closed().is_some()
    });
    frame.unwrap_or_else(|| panic!("closed with {:?} instead of a reply", page.closed()))
}

#[test]
fn two_broken_frames_are_forgiven_and_the_third_closes() {
    let mut stage = Stage::new(&[]);
    let long = Message::text(
        json!({"type": "hello", "id": 1, "as": "customer", "code": "x".repeat(64 * 1024), "device": "d"}).to_string(),
    );
    let broken = [
        Message::text("{\"type\":"),
        Message::binary(vec![0_u8; 100]),
        long,
        Message::text(json!({"type": "enchant", "id": 7}).to_string()),
        Message::text(json!({"type": "enqueue"}).to_string()),
        Message::text("[]"),
        Message::text(json!({"type": "enqueue", "id": 8}).to_string()),
    ];
    for three in broken.windows(3) {
        let mut page = stranger(&stage);
        for (at, frame) in three.iter().enumerate() {
            page.send_raw(frame.clone());
            let reply = next(&mut stage, &mut page);
            assert_eq!(reply["code"], "malformed", "{frame:?}: {reply}");
            assert!(reply["message"].as_str().is_some_and(|message| !message.is_empty()), "it says what to do");
            assert!(page.closed().is_none() || at == 2, "two are forgiven");
        }
        assert_eq!(until_closed(&mut stage, &mut page), 1008);
    }
    // After two strikes a page that comes to its senses is welcome.
    let order = stage.place_order(&DEMOBK);
    let code = stage.invite(&DEMOBK, &order);
    let mut page = stranger(&stage);
    for _ in 0..2 {
        page.send_raw(Message::text("nonsense"));
        assert_eq!(next(&mut stage, &mut page)["code"], "malformed");
    }
    let hello = page.ask(json!({"type": "hello", "as": "customer", "code": code, "device": "d", "takeover": false}));
    let reply = next(&mut stage, &mut page);
    assert_eq!((reply["type"].as_str(), reply["re"].as_u64()), (Some("ok"), Some(hello)));
}

#[test]
fn a_frame_of_megabytes_ends_its_own_connection_and_nothing_else() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let before = stage.server().resident_bytes();
    for _ in 0..20 {
        let mut page = stranger(&stage);
        page.send_raw(Message::text("x".repeat(2 << 20)));
        let code = until_closed(&mut stage, &mut page);
        assert!([1006, 1008, 1009].contains(&code), "{code}");
    }
    let grown = stage.server().resident_bytes().saturating_sub(before);
    assert!(grown < 8 << 20, "40 MB of frames are not kept: {grown} bytes more");
    stage.granted(seat, json!({"type": "ready", "on": true}));
}

#[test]
fn a_page_that_says_no_hello_is_closed_after_five_seconds() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let mut silent = stranger(&stage);
    // Asking for things is not a hello.
    let mut pinging = stranger(&stage);
    pinging.send(&json!({"type": "ping"}));
    assert_eq!(until_closed(&mut stage, &mut silent), 4000);
    assert_eq!(until_closed(&mut stage, &mut pinging), 4000);
    assert_eq!(stage.page(seat).closed(), None, "one who has said hello stays");
}

#[test]
fn a_desk_without_a_login_and_a_page_of_another_site_are_turned_away() {
    let mut stage = Stage::new(&[]);
    let login = stage.log_in("agent1");
    let mut page = stranger(&stage);
    page.ask(json!({"type": "hello", "as": "seat"}));
    assert_eq!(next(&mut stage, &mut page)["code"], "not_logged_in");
    assert_eq!(until_closed(&mut stage, &mut page), 4001);

    let address = stage.server().address();
    let open = |origin: &str| Page::open(address, &[("origin", origin), ("cookie", &login.cookie)]);
    for foreign in ["https://evil.example", "null", &format!("http://{address}.evil.example"), "http://127.0.0.1:1"] {
        assert_eq!(open(foreign).err(), Some(403), "{foreign}");
    }
    let mut own = open(&format!("http://{address}")).expect("our own page");
    own.ask(json!({"type": "hello", "as": "seat"}));
    assert_eq!(next(&mut stage, &mut own)["type"], "ok");
}

#[test]
fn codes_that_are_unknown_or_used_say_so_and_close() {
    let mut stage = Stage::new(&[]);
    for code in ["", "nonsense", "AAAAAAAAAAAAAAAAAAAAAA", "../../etc/passwd", "' OR 1=1 --"] {
        let customer = stage.cast(Identity::Customer { code: code.to_owned(), device: "d".to_owned() });
        assert_eq!(stage.try_open(customer)["code"], "link_unknown", "{code:?}");
        stage.until("it is closed", |stage| stage.page(customer).closed() == Some(4001));
    }
    let seat = stage.seat("agent1");
    let call = stage.ringed_call(&DEMOBK, seat);
    stage.decide(&call, "pass");
    stage.vanish(call.customer);
    assert_eq!(stage.try_open(call.customer)["code"], "link_used");
    stage.until("it is closed", |stage| stage.page(call.customer).closed() == Some(4004));
    // A verdict that asks for more leaves the link open.
    let call = stage.ringed_call(&DEMOBK, seat);
    stage.decide(&call, "supplement");
    stage.vanish(call.customer);
    assert_eq!(stage.try_open(call.customer)["type"], "ok");
}

#[test]
fn a_link_that_has_expired_says_so_and_closes() {
    let mut stage = Stage::new(&[]);
    let order = stage.place_order(&DEMOBK);
    // The shortest life that a link can have.
    let code = stage.invite_for(&DEMOBK, &order, &json!({"expires_in_s": 60}));
    let customer = stage.cast(Identity::Customer { code: code.clone(), device: "d".to_owned() });
    stage.open(customer);
    let path = format!("/api/v1/invitations/{code}");
    assert_eq!(stage.server().http().get(&path, &[]).status, 200);
    let mut looked_at = std::time::Instant::now();
    stage.until_within("the link expires", Duration::from_secs(90), |stage| {
        // Once a second, as strangers may.
        let due = looked_at.elapsed() > Duration::from_secs(1);
        if due {
            looked_at = std::time::Instant::now();
        }
        due && stage.server().http().get(&path, &[]).status == 410
    });
    let late = stage.cast(Identity::Customer { code, device: "e".to_owned() });
    assert_eq!(stage.try_open(late)["code"], "link_expired");
    stage.until("it is closed", |stage| stage.page(late).closed() == Some(4004));
}

#[test]
fn a_second_device_asks_first_and_then_takes_over() {
    let mut stage = Stage::new(&[]);
    let (customer, _) = stage.customer(&DEMOBK);
    let Identity::Customer { code, .. } = stage.identity(customer) else { panic!("a customer") };
    let hello = |takeover: bool| json!({"type": "hello", "as": "customer", "code": code, "device": "another", "takeover": takeover});
    let mut other = stranger(&stage);
    other.ask(hello(false));
    assert_eq!(next(&mut stage, &mut other)["code"], "in_use");
    assert_eq!(stage.page(customer).closed(), None);
    // Taking over begins anew, with a connection of its own.
    let mut other = stranger(&stage);
    other.ask(hello(true));
    assert_eq!(next(&mut stage, &mut other)["type"], "ok");
    stage.until("the first device is closed", |stage| stage.page(customer).closed() == Some(4003));
}

#[test]
fn offers_without_our_codecs_or_without_sense_are_refused_with_a_reason() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let (customer, _) = stage.customer(&DEMOBK);
    stage.refused(customer, json!({"type": "offer", "sdp": offer(Codecs::OpusAndH264)}), "not_in_call");
    stage.enqueue(customer);
    stage.answer(seat);
    stage.until("the customer is in the call", |stage| stage.page(customer).phase() == "call");
    for (codecs, code, word) in [(Codecs::OpusAndVp8, "no_h264", "H.264"), (Codecs::PcmuAndH264, "no_opus", "Opus")] {
        let reply = stage.ask(customer, json!({"type": "offer", "sdp": offer(codecs)}));
        assert_eq!(reply["code"], code, "{reply}");
        assert!(
            reply["message"].as_str().is_some_and(|message| message.contains(word) && message.contains("请")),
            "it says what to do: {reply}"
        );
    }
    let good = offer(Codecs::OpusAndH264);
    let garbage = [
        String::new(),
        "v=0".to_owned(),
        "\u{0}".repeat(1_000),
        "明鉴".repeat(5_000),
        good[..good.len() / 2].to_owned(),
        good.replace("a=fingerprint", "a=footprint"),
    ];
    for sdp in garbage {
        stage.refused(customer, json!({"type": "offer", "sdp": sdp}), "malformed");
    }
    // After all of that a good offer is answered, and the call is as good as any.
    stage.connect(customer);
    stage.connect(seat);
    stage.until("both hear each other", |stage| stage.heard(seat, customer) > 20 && stage.heard(customer, seat) > 20);
}

fn offer(codecs: Codecs) -> String {
    let nowhere = std::net::SocketAddr::from(([127, 0, 0, 1], 9));
    Client::new(ClientConfig { codecs, ..ClientConfig::new(nowhere, clip()) }, std::time::Instant::now()).offer()
}
