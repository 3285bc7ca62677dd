//! SIGKILL between a verdict's request and its answer: decided or not, never half.

use std::time::{Duration, Instant};

use serde_json::json;

use crate::film;
use crate::stage::{Call, DEMOBK, Stage};

/// After these many milliseconds: from before the request can have been read to after it must have been answered.
const MOMENTS_MS: [u64; 8] = [0, 2, 4, 6, 9, 13, 20, 60];

#[test]
fn a_verdict_that_a_kill_cut_off_is_whole_or_not_at_all() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let (mut decided, mut undecided) = (0, 0);
    for moment in MOMENTS_MS {
        let call = stage.call(&DEMOBK, seat);
        let id = stage
            .page_mut(seat)
            .ask(json!({"type": "verdict", "interview": call.interview, "verdict": "pass", "reason": null}));
        // A busy wait: the moment is finer than any sleep.
        let begun = Instant::now();
        while begun.elapsed() < Duration::from_millis(moment) {
            stage.page_mut(seat).poll();
        }
        stage.page_mut(seat).poll();
        let answered = stage.page_mut(seat).take_reply(id).is_some_and(|reply| reply["type"] == "ok");
        stage.take_server().kill();
        stage.start();
        let interview = stage.interviews(&DEMOBK, &call.business_no).remove(0);
        match (interview["verdict"].as_str(), interview["state"].as_str()) {
            (Some("pass"), Some("ended")) => decided += 1,
            (None, Some("in_call")) => {
                assert!(!answered, "what was answered is decided");
                undecided += 1;
                stage.come_back(&call);
                stage.until_both_hear(&call);
                stage.decide(&call, "pass");
            }
            half => panic!("half a verdict: {half:?}"),
        }
        is_decided(&mut stage, &call);
        if interview["verdict"].is_string() {
            stage.open(seat);
        }
        assert_eq!(stage.page(seat).state()["call"], serde_json::Value::Null, "the desk is free");
    }
    println!("{decided} of {} verdicts were decided before the kill, {undecided} after the restart", MOMENTS_MS.len());
    assert!(undecided > 0, "a kill at once comes before the answer");
}

/// Everything that a verdict means has happened: the end, the mark, the link, the recording.
fn is_decided(stage: &mut Stage, call: &Call) {
    let recording = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    assert_eq!(recording["verdict"], "pass");
    let marks = recording["marks"].as_array().expect("a list").iter().filter(|mark| mark["kind"] == "verdict").count();
    assert_eq!(marks, 1, "{recording:#}");
    let folder = stage.folder_of(recording["id"].as_str().expect("an id")).expect("it has files");
    let files = film::track_files(&folder);
    assert!(files.len() >= 2);
    for file in files {
        film::watch(&file).expect("it plays");
    }
    stage.vanish(call.customer);
    let reply = stage.try_open(call.customer);
    assert_eq!(reply["code"], "link_used");
    stage.until("the page is closed", |stage| stage.page(call.customer).closed() == Some(4004));
}
