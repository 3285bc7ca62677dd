//! SIGKILL in the midst of a meeting that is being recorded, and of one that is only held.

use std::time::Duration;

use serde_json::json;

use crate::film;
use crate::stage::{DEMOBK, OTHERB, Stage};

#[test]
fn a_meeting_that_is_recorded_survives_a_kill_as_the_same_recording() {
    let mut stage = Stage::new(&[]);
    let (host, guest) = (stage.guest("1866", "100866", "主持人"), stage.guest("1866", "200866", "张三"));
    stage.connect(host);
    stage.connect(guest);
    stage.until_guests_hear(host, guest);
    assert_eq!(stage.page(guest).state()["room"]["recording"], "off", "people talk before anybody records");
    let answer = stage.post(&DEMOBK, "/api/v1/rooms/1866/recording", &json!({}));
    assert_eq!(answer.status, 201, "{}", answer.text());
    let recording = answer.json()["recording_id"].as_str().expect("an id").to_owned();
    stage.until("everybody sees that it is recorded", |stage| {
        [host, guest].into_iter().all(|who| stage.page(who).state()["room"]["recording"] == "on")
    });
    stage.run_for(Duration::from_millis(1_500));

    stage.take_server().kill();
    let folder = stage.folder_of(&recording).expect("it has files");
    let left: Vec<_> = film::track_files(&folder).iter().map(|path| film::watch(path).expect("it plays")).collect();
    assert_eq!(left.len(), 2, "a file for each");
    stage.start();
    let growing = stage.find_recording(&DEMOBK, &recording);
    assert_eq!(growing["state"], "recording", "{growing:#}");
    for who in [host, guest] {
        // With the same ticket, on the same device.
        stage.open(who);
        assert_eq!(stage.page(who).phase(), "room");
        stage.connect(who);
    }
    stage.until_guests_hear(host, guest);
    stage.until("it is recorded again", |stage| stage.page(guest).state()["room"]["recording"] == "on");
    stage.run_for(Duration::from_millis(1_000));

    let answer = stage.delete(&DEMOBK, "/api/v1/rooms/1866/recording");
    assert_eq!((answer.status, answer.json()["recording_id"].as_str()), (200, Some(recording.as_str())));
    // The answer came when the last fragment was on disk.
    let stopped = stage.find_recording(&DEMOBK, &recording);
    assert_eq!(stopped["state"], "stopped", "{stopped:#}");
    let files = stopped["files"].as_array().expect("a list");
    assert_eq!(files.len(), 4, "two lives of two people: {stopped:#}");
    assert!(files.iter().all(|file| file["sha256"].is_string()), "{stopped:#}");
    let roles: Vec<_> = files.iter().filter_map(|file| file["participant"]["role"].as_str()).collect();
    assert!(roles.contains(&"host") && roles.contains(&"guest"), "{roles:?}");
    let restarts = stopped["gaps"].as_array().expect("a list").iter().filter(|gap| gap["reason"] == "restart");
    assert_eq!(restarts.count(), 2, "one for each: {stopped:#}");
    stage.until("everybody sees that it is over", |stage| {
        [host, guest].into_iter().all(|who| stage.page(who).state()["room"]["recording"] == "off")
    });
    stage.until_guests_hear(host, guest);
    let foreign = stage.get(&OTHERB, &format!("/api/v1/recordings/{recording}"));
    assert_eq!(foreign.status, 404);
}
