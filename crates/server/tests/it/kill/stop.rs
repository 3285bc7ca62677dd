//! SIGTERM: the soft end, which loses nothing at all.

use std::time::{Duration, Instant};

use mingjian_testkit::client::Line;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::film::{self, Film};
use crate::stage::{DEMOBK, Stage};

/// Two pictures of a clip of 25 a second: the one that was being sent, and rounding.
const ROUNDING_MS: f64 = 80.0;

#[test]
fn a_soft_stop_leaves_everything_on_disk_and_the_call_goes_on_afterwards() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    stage.run_for(Duration::from_secs(2));
    let recording = stage.recording(&DEMOBK, &call.business_no);
    let id = recording["id"].as_str().expect("an id").to_owned();
    let started_at =
        recording["started_at"].as_str().and_then(|at| OffsetDateTime::parse(at, &Rfc3339).ok()).expect("a moment");
    let people = [call.seat, call.customer].map(|who| {
        let participant = stage.page(who).participant().to_owned();
        let client = stage.client(who).expect("it is connected");
        let (now, wall) = (Instant::now(), OffsetDateTime::now_utc());
        let last = client.last_captured(Line::Camera).expect("it has sent pictures");
        (participant, (wall - (now - last) - started_at).as_seconds_f64() * 1_000.0)
    });
    let mut server = stage.take_server();
    assert!(server.is_running());
    let (ended, took) = server.stop();
    assert!(ended.success(), "{ended}");
    println!("a soft stop with a running call took {} ms", took.as_millis());

    let folder = stage.folder_of(&id).expect("it has files");
    let films: Vec<_> = film::track_files(&folder)
        .into_iter()
        .map(|path| (film::read_name(&path), film::watch(&path).expect("it plays")))
        .collect();
    for (participant, sent_ms) in people {
        #[expect(clippy::cast_precision_loss, reason = "milliseconds of a test fit")]
        let ends = films
            .iter()
            .filter(|((whose, _), _)| *whose == participant)
            .filter_map(|((_, from_ms), film)| Some(*from_ms as f64 + Film::last_ms(&film.pictures)?));
        let in_file_ms = ends.reduce(f64::max).expect("pictures");
        assert!(sent_ms - in_file_ms < ROUNDING_MS, "sent {sent_ms} ms, in the file {in_file_ms} ms");
    }
    let journal = std::fs::read_to_string(folder.join("journal.jsonl")).expect("a journal");
    let closed =
        journal.lines().filter(|line| line.contains(r#""fact":"close""#) && !line.contains(r#""sha256":null"#)).count();
    assert_eq!(closed, films.len(), "every file was closed properly:\n{journal}");

    stage.start();
    stage.come_back(&call);
    stage.until_both_hear(&call);
    stage.decide(&call, "pass");
    let stopped = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    assert_eq!(stopped["id"], id.as_str());
    let restarts = stopped["gaps"].as_array().expect("a list").iter().filter(|gap| gap["reason"] == "restart").count();
    assert_eq!(restarts, 2, "one for each: {:#}", stopped["gaps"]);
}
