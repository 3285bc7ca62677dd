//! Reads what was written: samples with their times, by another way than they were written, and by ffmpeg's judgement.

use std::path::Path;
use std::process::Command;

use shiguredo_mp4::Decode;
use shiguredo_mp4::boxes::MoofBox;

/// A sample as it lies in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sample {
    /// In the track's units.
    pub at: u64,
    pub duration: u32,
    pub key: bool,
    pub bytes: Vec<u8>,
}

/// The samples of a file: pictures, then sound.
pub fn samples(file: &[u8]) -> [Vec<Sample>; 2] {
    let mut tracks = [Vec::new(), Vec::new()];
    let mut at = 0;
    while at < file.len() {
        let size = u32::from_be_bytes(file[at..at + 4].try_into().expect("a header")) as usize;
        if &file[at + 4..at + 8] == b"moof" {
            let (moof, _) = MoofBox::decode(&file[at..at + size]).expect("a moof");
            for traf in moof.traf_boxes {
                let track = &mut tracks[traf.tfhd_box.track_id as usize - 1];
                let mut time = traf.tfdt_box.expect("tfdt").base_media_decode_time;
                for trun in traf.trun_boxes {
                    let mut from = at + usize::try_from(trun.data_offset.expect("an offset")).expect("positive");
                    for sample in trun.samples {
                        let size = sample.size.expect("a size") as usize;
                        let duration = sample.duration.expect("a duration");
                        let key = !sample.flags.expect("flags").sample_is_non_sync_sample();
                        track.push(Sample { at: time, duration, key, bytes: file[from..from + size].to_vec() });
                        from += size;
                        time += u64::from(duration);
                    }
                }
            }
        }
        at += size;
    }
    assert_eq!(at, file.len(), "boxes end with the file");
    tracks
}

/// What ffmpeg says of a file that it decodes from beginning to end; empty when there is nothing to say.
/// The file's own time base is kept: without that ffmpeg rounds times to a frame rate that it guesses, and complains when two
/// pictures of a live source then fall together.
pub fn decode(path: &Path) -> String {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-xerror", "-i"])
        .arg(path)
        .args(["-enc_time_base", "-1", "-f", "null", "-"])
        .output()
        .expect("ffmpeg");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { text } else { format!("{text} (failed)") }
}

/// Packets of a stream (`v` or `a`) and seconds from the first to the last, as ffprobe counts them.
pub fn probe(path: &Path, stream: &str) -> (usize, f64) {
    let output = Command::new("ffprobe")
        .args(["-v", "error", "-select_streams", stream, "-show_entries", "packet=pts_time", "-of", "csv=p=0"])
        .arg(path)
        .output()
        .expect("ffprobe");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "", "ffprobe has nothing to complain of");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let times: Vec<f64> = text.lines().map(|line| line.trim_end_matches(',').parse().expect("a time")).collect();
    (times.len(), times.last().expect("a packet") - times[0])
}

/// A hash of each decoded picture.
pub fn pictures_shown(path: &Path) -> Vec<String> {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-i"])
        .arg(path)
        .args(["-map", "0:v", "-enc_time_base", "-1", "-vsync", "0", "-f", "framemd5", "-"])
        .output()
        .expect("ffmpeg");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    text.lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| line.rsplit(',').next().expect("a hash").trim().to_owned())
        .collect()
}
