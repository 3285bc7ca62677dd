//! Somebody is gone for a while: within 30 seconds the call goes on in the same recording, after that it is abandoned and
//! kept, and the seat may call back.

use std::collections::HashSet;
use std::time::Duration;

use serde_json::{Value, json};

use crate::film;
use crate::stage::{Call, DEMOBK, Stage};

/// How the seat's page shows the customer.
fn presence(stage: &Stage, call: &Call) -> String {
    let people = stage.page(call.seat).state()["call"]["people"].as_array().cloned().unwrap_or_default();
    let customer = people.iter().find(|person| person["role"] == "customer");
    customer.and_then(|person| person["presence"].as_str()).unwrap_or_default().to_owned()
}

fn gaps_of<'a>(recording: &'a Value, participant: &str, reason: &str) -> Vec<&'a Value> {
    let gaps = recording["gaps"].as_array().expect("a list");
    gaps.iter().filter(|gap| gap["participant"] == participant && gap["reason"] == reason).collect()
}

/// How long a gap lasts, in milliseconds.
fn lasts(gap: &Value) -> u64 {
    gap["to_ms"].as_u64().zip(gap["from_ms"].as_u64()).map(|(to, from)| to - from).expect("numbers")
}

fn plays(stage: &mut Stage, recording: &Value) {
    let folder = stage.folder_of(recording["id"].as_str().expect("an id")).expect("it has files");
    for file in film::track_files(&folder) {
        film::watch(&file).expect("it plays");
    }
    let playlists: HashSet<&str> = recording["files"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|file| file["playlist_url"].as_str())
        .collect();
    assert_eq!(playlists.len(), 2);
    for playlist in playlists {
        film::play(playlist).expect("the whole recording plays as one");
    }
}

#[test]
fn a_page_that_reloads_goes_on_in_the_same_recording_with_a_marked_gap() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    let id = stage.recording(&DEMOBK, &call.business_no)["id"].clone();
    let customer = stage.page(call.customer).participant().to_owned();
    stage.run_for(Duration::from_secs(1));

    stage.vanish(call.customer);
    stage.until("the seat sees that the customer is lost", |stage| presence(stage, &call) == "lost");
    stage.run_for(Duration::from_secs(2));
    stage.open(call.customer);
    assert_eq!(stage.page(call.customer).state()["call"]["interview"], call.interview.as_str());
    stage.connect(call.customer);
    stage.until_both_hear(&call);
    stage.until("the seat sees that the customer is back", |stage| presence(stage, &call) == "here");

    stage.decide(&call, "pass");
    let recording = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    assert_eq!(recording["id"], id);
    let gaps = gaps_of(&recording, &customer, "reconnect");
    assert_eq!(gaps.len(), 1, "{:#}", recording["gaps"]);
    assert!(lasts(gaps[0]) >= 2_000, "it was away for two seconds at least: {}", gaps[0]);
    let seats = stage.page(call.seat).participant().to_owned();
    assert!(gaps_of(&recording, &seats, "reconnect").is_empty(), "the seat was never away: {:#}", recording["gaps"]);
    plays(&mut stage, &recording);
}

#[test]
fn a_new_connection_of_the_same_page_goes_on_in_the_same_recording() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    let id = stage.recording(&DEMOBK, &call.business_no)["id"].clone();
    stage.run_for(Duration::from_secs(1));
    // The network of the customer's phone changed: the page makes a new connection, the old one is left to itself.
    stage.connect(call.customer);
    stage.until_both_hear(&call);
    stage.run_for(Duration::from_secs(1));
    stage.decide(&call, "supplement");
    let recording = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    assert_eq!(recording["id"], id);
    assert_eq!(recording["verdict"], "supplement");
    plays(&mut stage, &recording);
}

#[test]
fn whoever_stays_away_ends_the_call_which_is_kept_and_called_back() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    let id = stage.recording(&DEMOBK, &call.business_no)["id"].clone();
    stage.run_for(Duration::from_secs(1));
    stage.vanish(call.customer);
    stage.until("the seat sees that the customer is lost", |stage| presence(stage, &call) == "lost");
    stage.until("the call is abandoned", |stage| stage.page(seat).state()["call"]["state"] == "abandoned");
    let interview = stage.interviews(&DEMOBK, &call.business_no).remove(0);
    assert_eq!((interview["state"].as_str(), &interview["recording_id"]), (Some("abandoned"), &id));
    let kept = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    assert_eq!(kept["id"], id);
    plays(&mut stage, &kept);

    // The customer opens the link again, and the seat calls back.
    stage.open(call.customer);
    assert_ne!(stage.page(call.customer).phase(), "call", "the call is over until the seat calls back");
    stage.granted(seat, json!({"type": "call_back", "interview": call.interview}));
    stage.until("both are in the call again", |stage| {
        let back = |who: usize| {
            stage.page(who).state()["call"]["interview"] == call.interview.as_str()
                && stage.page(who).state()["call"]["state"] == "in_call"
        };
        back(call.seat) && back(call.customer)
    });
    stage.connect(call.seat);
    stage.connect(call.customer);
    stage.until_both_hear(&call);
    stage.run_for(Duration::from_secs(1));
    stage.decide(&call, "pass");
    let recording = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    assert_eq!((&recording["id"], recording["verdict"].as_str()), (&id, Some("pass")));
    let customer = stage.page(call.customer).participant().to_owned();
    // Up to the end of the first part it is told by that, from there on by the second.
    let away_ms: u64 = gaps_of(&recording, &customer, "reconnect").into_iter().map(lasts).sum();
    assert!(away_ms >= 30_000, "the half minute without the customer is marked: {:#}", recording["gaps"]);
    plays(&mut stage, &recording);
}
