//! From the end of a call to its one film, also when the server is killed while it is being drawn.

use std::path::Path;
use std::time::{Duration, Instant};

use serde_json::Value;

use crate::film;
use crate::stage::{Call, DEMOBK, Stage};

/// A call of some seconds with its verdict; gives it with the id of its recording.
fn recorded(stage: &mut Stage, seconds: u64) -> (Call, String) {
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    stage.run_for(Duration::from_secs(seconds));
    stage.decide(&call, "pass");
    let recording = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    (call, recording["id"].as_str().expect("an id").to_owned())
}

/// ffmpeg gets what everything else leaves of the machine; after a kill the claim of the dead runs out first.
const PATIENCE: Duration = Duration::from_secs(240);

fn until_film(stage: &mut Stage, call: &Call) -> Value {
    let deadline = Instant::now() + PATIENCE;
    loop {
        let found = stage.recording(&DEMOBK, &call.business_no);
        if found["composed"].is_object() {
            return found;
        }
        assert!(Instant::now() < deadline, "no film is listed within {PATIENCE:?}: {found:#}");
        // A key has a rate.
        stage.run_for(Duration::from_millis(250));
    }
}

/// The film is what is listed, plays in an outside player, and shows the whole recording.
fn is_whole(stage: &Stage, recording: &Value, aside: &Path) {
    let listed = &recording["composed"];
    let fetched = stage.server().http().get(listed["url"].as_str().expect("a link"), &[]);
    assert_eq!(fetched.status, 200);
    assert_eq!(listed["size_bytes"], fetched.body.len());
    assert_eq!(listed["sha256"].as_str(), Some(film::sha256(&fetched.body).as_str()));
    assert_eq!(listed["duration_ms"], recording["duration_ms"]);
    std::fs::write(aside, &fetched.body).expect("a temporary file");
    film::decode(&aside.to_string_lossy()).expect("it plays from the first picture to the last");
    let facts = film::facts(aside).expect("ffprobe reads it");
    let frames = (recording["duration_ms"].as_u64().expect("a length") * 15).div_ceil(1000);
    assert!(facts.contains(&format!("h264,1280,480,15/1,{frames}\n")) && facts.contains("aac"), "{frames}: {facts}");
    let index = fetched.body.windows(4).position(|window| window == b"moov").expect("an index");
    assert!(index < 64, "the index is in front");
}

#[test]
fn a_call_becomes_one_film_with_both_in_it() {
    let mut stage = Stage::new(&["--min-free-mb", "1"]);
    let (call, id) = recorded(&mut stage, 2);
    let recording = until_film(&mut stage, &call);
    is_whole(&stage, &recording, &stage.aside().join("film.mp4"));
    let folder = stage.folder_of(&id).expect("it has files").join("composed");
    let left: Vec<_> = std::fs::read_dir(folder).expect("a folder").flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(left.len(), 1, "nothing but the film: {left:?}");
}

#[test]
fn a_film_whose_server_was_killed_is_drawn_by_the_next_and_nothing_half_is_seen() {
    let mut stage = Stage::new(&["--min-free-mb", "1"]);
    let (call, id) = recorded(&mut stage, 12);
    let composed = stage.folder_of(&id).expect("it has files").join("composed");
    let drawing = |stage: &Stage| !players(&stage.data()).is_empty();
    stage.until("ffmpeg draws", |stage| drawing(stage));
    assert!(stage.recording(&DEMOBK, &call.business_no)["composed"].is_null());
    stage.take_server().kill();
    stage.until("ffmpeg has ended with the server", |stage| !drawing(stage));
    let named = std::fs::read_dir(&composed).expect("a folder").flatten();
    let named: Vec<_> = named.filter(|entry| entry.path().extension().is_some_and(|suffix| suffix == "mp4")).collect();
    assert!(named.is_empty(), "nothing half has a name: {named:?}");

    stage.start();
    assert!(stage.recording(&DEMOBK, &call.business_no)["composed"].is_null(), "nothing half is listed");
    let recording = until_film(&mut stage, &call);
    is_whole(&stage, &recording, &stage.aside().join("film.mp4"));
}

/// The ffmpegs that work in a server's folder.
fn players(data: &Path) -> Vec<String> {
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    processes
        .filter(|process| std::fs::read_link(process.path().join("cwd")).is_ok_and(|at| at.starts_with(data)))
        .filter_map(|process| std::fs::read_to_string(process.path().join("comm")).ok())
        .filter(|name| name.trim() == "ffmpeg")
        .collect()
}
