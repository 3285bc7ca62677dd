//! A recording is played by an outside player while it is still being made, and at once when the call ends.

use std::process::Command;
use std::time::{Duration, Instant};

use crate::film;
use crate::stage::{DEMOBK, Stage};

/// What the product promises from the end of a call to the whole recording.
const STOP_TO_PLAYABLE: Duration = Duration::from_secs(1);

#[test]
fn a_recording_plays_while_it_grows_and_whole_as_soon_as_the_call_ends() {
    let mut stage = Stage::new(&[]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    stage.run_for(Duration::from_secs(4));
    let growing = stage.recording(&DEMOBK, &call.business_no);
    assert_eq!(growing["state"], "recording");
    let index = growing["playlist_url"].as_str().expect("a url").to_owned();
    let files = growing["files"].as_array().expect("a list").clone();
    assert_eq!(files.len(), 2, "one for each");
    for file in &files {
        let playlist = file["playlist_url"].as_str().expect("a url");
        assert!(!ends(&stage, playlist), "a growing playlist has no end");
        // Two seconds from its beginning on: the call goes on meanwhile.
        let seconds = 2;
        let player = Command::new("ffmpeg")
            .args([
                "-nostdin",
                "-v",
                "error",
                "-xerror",
                "-live_start_index",
                "0",
                "-i",
                playlist,
                "-t",
                "2",
                "-enc_time_base",
                "-1",
            ])
            .args(["-progress", "-", "-f", "null", "-"])
            .output_while(|| stage.turn());
        assert!(player.status.success() && player.stderr.is_empty(), "{}", String::from_utf8_lossy(&player.stderr));
        let frames = last_value(&player.stdout, "frame=");
        assert!(frames >= Some(seconds * 20), "two seconds of pictures, but: {frames:?}");
        // So does the file itself, as far as it goes.
        let path = stage.aside().join("growing.mp4");
        std::fs::write(&path, stage.server().http().get(file["url"].as_str().expect("a url"), &[]).body)
            .expect("it can be kept");
        film::watch(&path).expect("a growing file plays");
    }

    let id = stage
        .page_mut(seat)
        .ask(serde_json::json!({"type": "verdict", "interview": call.interview, "verdict": "pass", "reason": null}));
    stage.until("the verdict is on disk", |stage| {
        stage.page_mut(seat).take_reply(id).is_some_and(|reply| reply["type"] == "ok")
    });
    let decided = Instant::now();
    let playlists: Vec<&str> = files.iter().filter_map(|file| file["playlist_url"].as_str()).collect();
    stage.until("the playlists have their end", |stage| playlists.iter().all(|playlist| ends(stage, playlist)));
    let took = decided.elapsed();
    println!("from the verdict to playlists with an end: {} ms", took.as_millis());
    assert!(took <= STOP_TO_PLAYABLE, "{took:?}");
    for playlist in playlists {
        film::play(playlist).expect("the whole recording plays");
    }
    film::play(&index).expect("the recording plays from its first address");
    let stopped = stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    let folder = stage.folder_of(stopped["id"].as_str().expect("an id")).expect("it has files");
    for path in film::track_files(&folder) {
        let film = film::watch(&path).expect("it plays");
        assert!(film.pictures.len() >= 100 && film.sounds.len() >= 200, "four seconds at least");
    }
}

fn ends(stage: &Stage, playlist: &str) -> bool {
    let answer = stage.server().http().get(playlist, &[]);
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.text().contains("#EXT-X-ENDLIST")
}

fn last_value(progress: &[u8], key: &str) -> Option<u32> {
    String::from_utf8_lossy(progress).lines().rev().find_map(|line| line.strip_prefix(key)?.trim().parse().ok())
}

/// A program that runs while something else goes on.
trait OutputWhile {
    fn output_while(&mut self, go_on: impl FnMut()) -> std::process::Output;
}

impl OutputWhile for Command {
    fn output_while(&mut self, mut go_on: impl FnMut()) -> std::process::Output {
        use std::process::Stdio;
        let mut child = self
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("ffmpeg is installed");
        let begun = Instant::now();
        while child.try_wait().expect("our own child can be asked").is_none() {
            assert!(begun.elapsed() < crate::stage::PATIENCE, "the player hangs");
            go_on();
        }
        child.wait_with_output().expect("its output can be read")
    }
}
