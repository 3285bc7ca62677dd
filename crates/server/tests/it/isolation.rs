//! A seat of one bank can do nothing to another bank's interviews and sees nothing of them, whatever state they are in.

use serde_json::{Value, json};

use crate::stage::{Call, DEMOBK, OTHERB, Stage};

/// Everything a seat can say about an interview.
fn asks(interview: &str) -> [Value; 6] {
    [
        json!({"type": "accept", "interview": interview}),
        json!({"type": "refuse", "interview": interview}),
        json!({"type": "verdict", "interview": interview, "verdict": "pass", "reason": null}),
        json!({"type": "verdict", "interview": interview, "verdict": "refuse", "reason": "越权"}),
        json!({"type": "hang_up", "interview": interview}),
        json!({"type": "call_back", "interview": interview}),
    ]
}

/// The stranger tries everything; each is refused, and the interview stays as it is.
fn nothing_works(stage: &mut Stage, stranger: usize, business_no: &str) {
    let before = stage.interviews(&DEMOBK, business_no);
    let id = before[0]["id"].as_str().expect("an id").to_owned();
    for ask in asks(&id) {
        let what = ask.to_string();
        let reply = stage.ask(stranger, ask);
        assert_eq!(reply["type"], "error", "{what}: {reply}");
        let text = reply.to_string();
        assert!(!text.contains(business_no) && !text.contains("测试客户"), "a refusal tells nothing: {text}");
    }
    assert_eq!(stage.interviews(&DEMOBK, business_no), before);
    sees_nothing(stage, stranger, &[business_no, &id]);
}

/// Nothing of the interview is on the stranger's page.
fn sees_nothing(stage: &Stage, stranger: usize, words: &[&str]) {
    let state = stage.page(stranger).state().to_string();
    for word in words {
        assert!(!state.contains(word), "{word} is on the stranger's page: {state}");
    }
}

#[test]
fn another_banks_seat_can_do_nothing_to_an_interview_and_sees_nothing_of_it() {
    let mut stage = Stage::new(&[]);
    let (own, stranger) = (stage.seat("agent1"), stage.seat("agent9"));
    stage.granted(stranger, json!({"type": "ready", "on": true}));

    // Waiting.
    let (customer, order) = stage.customer(&DEMOBK);
    stage.enqueue(customer);
    stage.until("its own bank sees it", |stage| stage.page(own).state().to_string().contains(&order));
    nothing_works(&mut stage, stranger, &order);
    assert!(stage.page(stranger).state()["ringing"].is_null(), "another bank's customer rings nobody here");

    // Ringing: what is refused to the stranger is granted to its own seat.
    stage.granted(own, json!({"type": "ready", "on": true}));
    stage.until("a ring", |stage| stage.page(own).state()["ringing"].is_object());
    nothing_works(&mut stage, stranger, &order);
    let interview = stage.page(own).state()["ringing"]["interview"].as_str().expect("an id").to_owned();
    stage.granted(own, json!({"type": "accept", "interview": interview}));
    stage.until("the customer is in the call", |stage| stage.page(customer).phase() == "call");
    let call = Call { seat: own, customer, interview, business_no: order.clone() };

    // In a call.
    stage.connect(own);
    stage.connect(customer);
    stage.until_both_hear(&call);
    nothing_works(&mut stage, stranger, &order);
    stage.refused(stranger, json!({"type": "offer", "sdp": "v=0"}), "not_in_call");
    stage.refused(stranger, json!({"type": "switch", "source": "camera", "on": false}), "not_in_call");

    // Abandoned: only who talked may call back or decide.
    stage.granted(customer, json!({"type": "hang_up"}));
    stage.until("it is abandoned", |stage| stage.page(own).state()["call"]["state"] == "abandoned");
    nothing_works(&mut stage, stranger, &order);

    // Decided.
    stage.granted(own, json!({"type": "verdict", "interview": call.interview, "verdict": "pass", "reason": null}));
    nothing_works(&mut stage, stranger, &order);

    // All the same the stranger is a seat as good as any, with its own bank's customers.
    let (customer, order) = stage.customer(&OTHERB);
    stage.enqueue(customer);
    stage.until("a ring of its own", |stage| stage.page(stranger).state()["ringing"].is_object());
    assert_eq!(stage.page(stranger).state()["ringing"]["business_no"], order.as_str());
    let interview = stage.page(stranger).state()["ringing"]["interview"].as_str().expect("an id").to_owned();
    stage.granted(stranger, json!({"type": "accept", "interview": interview}));
    stage.until("its customer is served", |stage| stage.page(customer).phase() == "call");
    sees_nothing(&stage, own, &[&order, &interview]);
}

#[test]
fn a_colleague_cannot_decide_what_another_seat_answered() {
    let mut stage = Stage::new(&[]);
    let (own, colleague) = (stage.seat("agent1"), stage.seat("agent2"));
    let call = stage.ringed_call(&DEMOBK, own);
    let before = stage.interviews(&DEMOBK, &call.business_no);
    for ask in asks(&call.interview) {
        let what = ask.to_string();
        let reply = stage.ask(colleague, ask);
        assert_eq!(reply["type"], "error", "{what}: {reply}");
    }
    assert_eq!(stage.interviews(&DEMOBK, &call.business_no), before);
    stage.decide(&call, "pass");
}

#[test]
fn a_banks_key_and_its_seats_find_nothing_of_another_banks_recordings() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    stage.decide(&call, "pass");
    let recording = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    let id = recording["id"].as_str().expect("an id").to_owned();
    let path = format!("/api/v1/recordings/{id}");
    assert_eq!(stage.get(&DEMOBK, &path).status, 200);
    assert_eq!(stage.get(&OTHERB, &path).status, 404);
    assert!(stage.recordings(&OTHERB, &call.business_no).is_empty());
    assert!(stage.interviews(&OTHERB, &call.business_no).is_empty());
    let (own, stranger) = (stage.log_in("agent1"), stage.log_in("agent9"));
    let http = stage.server().http();
    assert_eq!(http.get(&path, &[("cookie", &own.cookie)]).status, 200);
    assert_eq!(http.get(&path, &[("cookie", &stranger.cookie)]).status, 404);
    // A link is good for what it names alone.
    let url = recording["files"][0]["url"].as_str().expect("a url");
    assert_eq!(http.get(url, &[]).status, 200);
    let other = recording["files"][1]["url"].as_str().expect("a url");
    let (own_path, query) = url.split_once('?').expect("a signature");
    let (other_path, _) = other.split_once('?').expect("a signature");
    assert_ne!(own_path, other_path);
    assert_eq!(http.get(&format!("{other_path}?{query}"), &[]).status, 403);
    assert_eq!(http.get(own_path, &[]).status, 403);
}
