//! The recorder with real H.264 and Opus over bad networks: what it writes is complete, in time, and plays.

use std::sync::Arc;
use std::time::Duration;

use mingjian_domain::recording::journal::{Entry, GapReason};
use mingjian_domain::room::RoomEvent;
use mingjian_testkit::clip::{Clip, ClipSpec};
use mingjian_testkit::net::Weather;
use publisher::Publisher;
use stage::{Stage, participant};

mod file;
mod publisher;
mod stage;

const SECOND: Duration = Duration::from_secs(1);

/// The clip; none, and said so, where ffmpeg is missing and nobody insists.
fn clip(spec: &ClipSpec) -> Option<Arc<Clip>> {
    match Clip::make(spec) {
        Ok(clip) => Some(clip),
        Err(error) if std::env::var_os("CI").is_none() => {
            eprintln!("SKIPPED: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

fn publisher(stage: &Stage, clip: &Arc<Clip>, weather: Weather) -> Publisher {
    Publisher::new(participant(7), clip.clone(), weather, 42, stage.now)
}

#[test]
fn on_a_clear_network_everything_is_recorded_in_one_file() {
    let Some(clip) = clip(&ClipSpec::default()) else { return };
    let mut stage = Stage::new();
    stage.join(publisher(&stage, &clip, Weather::CLEAR));
    stage.run_for(10 * SECOND);
    stage.stop();

    stage.every_file_plays();
    let tracks = stage.tracks();
    assert_eq!(tracks.len(), 1, "{tracks:?}");
    let [pictures, sound] = stage.deviations(25);
    assert!((249..=251).contains(&pictures.len()), "{} pictures", pictures.len());
    assert!((499..=501).contains(&sound.len()), "{} packets of sound", sound.len());
    assert_eq!(stage.gaps(), []);
    let path = stage.on_disk(&tracks[0].0);
    let (frames, seconds) = file::probe(&path, "v");
    assert_eq!(frames, pictures.len());
    assert!((seconds - 10.0).abs() < 0.1, "{seconds} s of pictures");
    let (packets, seconds) = file::probe(&path, "a");
    assert_eq!(packets, sound.len());
    assert!((seconds - 10.0).abs() < 0.1, "{seconds} s of sound");
    assert!(matches!(stage.events.last(), Some(RoomEvent::RecordingStopped { duration_ms: 9_900..=10_100, .. })), "{:?}", stage.events.last());
    for entry in stage.journal() {
        if let Entry::Fragment { duration_ms, .. } = entry {
            assert!(duration_ms <= 500, "a fragment of {duration_ms} ms");
        }
    }
}
