//! A whole call and its recording: what browsers sent over a bad network, as an outside player sees it.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use mingjian_domain::room::{RoomCommand, RoomEvent};
use mingjian_testkit::client::Line;
use mingjian_testkit::net::Weather;

use crate::world::World;

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_call_in_a_storm_leaves_files_that_play_from_end_to_end() {
    let mut world = World::new(Weather::CLEAR, 41);
    let (room, recording) = world.open_recorded();
    let (one, two) = (world.join(room), world.join(room));
    world.run_for(SECOND);
    world.set_weather(Weather::STORM);
    world.run_for(9 * SECOND);
    world.people[two].client.publish(&[Line::Microphone, Line::Camera, Line::Screen]);
    world.run_for(5 * SECOND);
    // A handshake in a storm may take seconds, which would be a gap of its own.
    world.set_weather(Weather::CLEAR);
    world.rejoin(two);
    world.run_for(SECOND);
    world.set_weather(Weather::STORM);
    world.run_for(9 * SECOND);
    world.command(RoomCommand::Close { room });
    world.run_for(3 * SECOND);
    let told = |wanted: fn(&RoomEvent) -> bool| world.told(wanted);
    assert_eq!(told(|event| matches!(event, RoomEvent::RecordingStopped { .. })), 1);
    let opened = told(|event| matches!(event, RoomEvent::TrackOpened { .. }));
    assert_eq!(told(|event| matches!(event, RoomEvent::TrackClosed { .. })), opened);

    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut lengths = Vec::new();
    for ((_, file), bytes) in world.files.iter().filter(|((of, file), _)| *of == recording && file.ends_with(".mp4")) {
        let path = folder.path().join(file);
        std::fs::write(&path, bytes).expect("written");
        assert_eq!(decode_errors(&path), "", "{file}");
        lengths.push((file.clone(), seconds(&path)));
    }
    assert_eq!(lengths.len(), opened);
    for person in [one, two] {
        let id = world.people[person].id.to_string();
        let whole: f64 = lengths
            .iter()
            .filter(|(file, _)| file.starts_with(&id) && !file.contains("screen"))
            .map(|(_, seconds)| seconds)
            .sum();
        assert!((23.5..26.0).contains(&whole), "25 s of call, {whole} s in files: {lengths:?}");
    }
    assert!(
        lengths.iter().any(|(file, seconds)| file.contains("screen") && *seconds > 3.0),
        "the screen is there, too: {lengths:?}"
    );
}

/// What a strict decoder has to say about a file. Pictures keep the times of the file: rounded to an even rate, two that are close would fall together.
fn decode_errors(file: &Path) -> String {
    let run = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-xerror", "-i"])
        .arg(file)
        .args(["-fps_mode", "passthrough", "-enc_time_base", "-1", "-f", "null", "-"])
        .output();
    String::from_utf8_lossy(&run.expect("ffmpeg is installed: apt install ffmpeg").stderr).into_owned()
}

fn seconds(file: &Path) -> f64 {
    let run = Command::new("ffprobe")
        .args(["-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0"])
        .arg(file)
        .output();
    let text = String::from_utf8_lossy(&run.expect("ffprobe is installed: apt install ffmpeg").stdout).into_owned();
    text.trim().parse().expect("a duration")
}
