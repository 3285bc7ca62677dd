//! SIGKILL while the server is busy making whole what the last SIGKILL left.

use std::time::Duration;

use mingjian_testkit::random::Seeded;

use crate::film;
use crate::stage::{DEMOBK, Stage};

const SEED: u64 = 7;

#[test]
fn a_start_that_is_killed_over_and_over_leaves_its_work_to_the_next() {
    let mut random = Seeded::new(SEED);
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    let recording = stage.recording(&DEMOBK, &call.business_no)["id"].as_str().expect("an id").to_owned();
    stage.run_for(Duration::from_millis(1_500));
    stage.take_server().kill();
    let folder = stage.folder_of(&recording).expect("it has files");
    let before: Vec<_> = film::track_files(&folder).iter().map(|path| film::watch(path).expect("it plays")).collect();
    assert_eq!(before.len(), 2, "a file for each");

    for _ in 0..8 {
        stage.start_and_kill(Duration::from_millis(random.below(300)));
    }
    stage.start();
    let after: Vec<_> = film::track_files(&folder).iter().map(|path| film::watch(path).expect("it plays")).collect();
    assert_eq!(after, before, "nothing of it was lost");
    stage.come_back(&call);
    stage.until_both_hear(&call);
    stage.decide(&call, "pass");
    let stopped = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    assert_eq!(stopped["id"], recording.as_str());
    assert!(stopped["files"].as_array().is_some_and(|files| files.len() >= 4), "the files of both lives: {stopped:#}");
}
