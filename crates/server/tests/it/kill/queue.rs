//! SIGKILL while people wait.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::stage::{DEMOBK, Stage};

#[test]
fn whoever_waited_keeps_the_place_through_a_kill() {
    let mut stage = Stage::new(&[]);
    let (first, first_order) = stage.customer(&DEMOBK);
    let (second, second_order) = stage.customer(&DEMOBK);
    stage.enqueue(first);
    stage.enqueue(second);
    let place =
        |position: u64| move |stage: &mut Stage, who: usize| stage.page(who).state()["queue"]["position"] == position;
    stage.until("both know their place", |stage| place(1)(stage, first) && place(2)(stage, second));
    // To the microsecond, which is what the database keeps.
    let joined_at = |stage: &Stage, who: usize| {
        let text = stage.page(who).state()["queue"]["joined_at"].as_str().expect("a moment").to_owned();
        OffsetDateTime::parse(&text, &Rfc3339).expect("a moment").unix_timestamp_nanos() / 1_000
    };
    let joined = [joined_at(&stage, first), joined_at(&stage, second)];

    stage.take_server().kill();
    stage.start();
    // The second comes back before the first: that changes nothing.
    stage.open(second);
    stage.open(first);
    stage.until("both have the place again", |stage| place(1)(stage, first) && place(2)(stage, second));
    assert_eq!([joined_at(&stage, first), joined_at(&stage, second)], joined, "they have waited since they came");

    let seat = stage.seat("agent1");
    let interview = stage.answer(seat);
    stage.until("the first is served", |stage| stage.page(first).phase() == "call");
    assert_eq!(stage.page(seat).state()["call"]["order"]["business_no"], first_order.as_str());
    assert_eq!(stage.page(first).state()["call"]["interview"], interview.as_str());
    assert_eq!(stage.interviews(&DEMOBK, &second_order)[0]["state"], "waiting");
}

#[test]
fn a_ring_that_a_kill_cut_off_rings_again() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let (customer, order) = stage.customer(&DEMOBK);
    stage.enqueue(customer);
    stage.granted(seat, serde_json::json!({"type": "ready", "on": true}));
    stage.until("a ring", |stage| stage.page(seat).state()["ringing"].is_object());

    stage.take_server().kill();
    stage.start();
    assert_eq!(stage.interviews(&DEMOBK, &order)[0]["state"], "waiting");
    stage.open(customer);
    assert_eq!(stage.page(customer).phase(), "waiting");
    stage.open(seat);
    assert_eq!(
        stage.page(seat).state()["ready"],
        Value::Bool(false),
        "a seat that comes back says itself when it is ready"
    );
    let interview = stage.answer(seat);
    stage.until("the customer is served", |stage| {
        stage.page(customer).state()["call"]["interview"] == interview.as_str()
    });
}
