//! Track files as an outside player sees them: ffprobe and ffmpeg, nothing of ours.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Below this a packet is not what a client sent but what the recorder put into a hole: a picture that repeats the last one
/// (some ten bytes) or 20 ms of silence (three bytes). The smallest packet of the clip is larger; see [`the_clip_is_larger`].
const BRIDGE_BYTES: u64 = 32;

/// A packet of a file.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Packet {
    /// When it is shown, in the file's own time.
    pub at_ms: f64,
    /// Its size.
    pub bytes: u64,
    /// Whether decoding can begin with it.
    pub key: bool,
}

/// What is in a file.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Film {
    /// The pictures that were sent, in order.
    pub pictures: Vec<Packet>,
    /// The pictures and sounds that the recorder put into holes.
    pub bridges: usize,
    /// The sounds that were sent, in order.
    pub sounds: Vec<Packet>,
}

/// Reads a file with ffprobe, and decodes all of it with ffmpeg; either may complain of nothing.
///
/// # Errors
///
/// What they complain of.
pub fn watch(path: &Path) -> Result<Film, String> {
    let film = probe(path)?;
    in_order(&film).map_err(|error| format!("{}: {error}", path.display()))?;
    decode(&path.to_string_lossy())?;
    Ok(film)
}

/// Decodes a file to the last packet. An error, also one that a player would forgive, fails it.
///
/// The output keeps the input's clock: on the clock that ffmpeg would guess from the first pictures, 25 ticks a second, two
/// pictures that lie closer together than a tick would be called an error of the file.
///
/// # Errors
///
/// What ffmpeg complains of.
pub fn decode(path: &str) -> Result<(), String> {
    run("ffmpeg", &["-nostdin", "-v", "error", "-xerror", "-i", path, "-enc_time_base", "-1", "-f", "null", "-"])
        .map(drop)
}

/// Decodes what a playlist leads to, to the last packet, as strictly as [`decode`].
///
/// Where one file ends and the next begins ffmpeg keeps one clock for picture and sound. The last sound of a file may lie some
/// milliseconds behind its last picture, and the first sound of the next would then come a moment before it is over: the sound is
/// fitted, as every player of playlists does at a discontinuity. Within a file nothing is out of order; [`watch`] sees to that.
///
/// # Errors
///
/// What ffmpeg complains of.
pub fn play(playlist: &str) -> Result<(), String> {
    let fitted = ["-af", "aresample=async=1", "-enc_time_base", "-1", "-f", "null", "-"];
    let args = ["-nostdin", "-v", "error", "-xerror", "-i", playlist];
    run("ffmpeg", &[&args[..], &fitted[..]].concat()).map(drop)
}

/// Reads the packets of a file.
///
/// # Errors
///
/// What ffprobe complains of.
pub fn probe(path: &Path) -> Result<Film, String> {
    let entries = "packet=codec_type,pts_time,size,flags";
    let text = run("ffprobe", &["-v", "error", "-show_entries", entries, "-of", "csv=p=0", &path.to_string_lossy()])?;
    let mut film = Film::default();
    for line in text.lines() {
        let fields: Vec<&str> = line.split(',').collect();
        let [kind, time, bytes, flags, ..] = fields[..] else { return Err(format!("ffprobe said {line:?}")) };
        let seconds: f64 = time.parse().map_err(|_| format!("ffprobe said {line:?}"))?;
        let bytes = bytes.parse().map_err(|_| format!("ffprobe said {line:?}"))?;
        let packet = Packet { at_ms: seconds * 1_000.0, bytes, key: flags.starts_with('K') };
        match kind {
            _ if bytes < BRIDGE_BYTES => film.bridges += 1,
            "video" => film.pictures.push(packet),
            "audio" => film.sounds.push(packet),
            other => return Err(format!("a track of {other}")),
        }
    }
    Ok(film)
}

/// Codec, size, rate and number of packets of each stream, a line each.
///
/// # Errors
///
/// What ffprobe complains of.
pub fn facts(path: &Path) -> Result<String, String> {
    let entries = "stream=codec_name,width,height,r_frame_rate,nb_read_packets";
    let args = ["-v", "error", "-count_packets", "-show_entries", entries, "-of", "csv=p=0", &path.to_string_lossy()];
    run("ffprobe", &args)
}

/// Times of one stream only ever grow.
fn in_order(film: &Film) -> Result<(), String> {
    for packets in [&film.pictures, &film.sounds] {
        if let Some(pair) = packets.windows(2).find(|pair| pair[0].at_ms >= pair[1].at_ms) {
            return Err(format!("out of order: {pair:?}"));
        }
    }
    Ok(())
}

fn run(program: &str, args: &[&str]) -> Result<String, String> {
    let output = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| format!("{program} could not be started (install it: apt install ffmpeg): {error}"))?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    if output.status.success() && complaint.trim().is_empty() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    Err(format!("{program} {}: {}: {complaint}", args.join(" "), output.status))
}

impl Film {
    /// When the last picture or sound that was sent is shown, in the file's own time; none in a file without any.
    pub fn last_ms(packets: &[Packet]) -> Option<f64> {
        packets.iter().map(|packet| packet.at_ms).reduce(f64::max)
    }
}

/// SHA-256 in lower-case hex, as the API lists it.
pub fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The track files of a recording's folder, in the order of their names.
pub fn track_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).map(|entries| entries.flatten().map(|entry| entry.path()).collect());
    let mut files: Vec<PathBuf> = entries.unwrap_or_default();
    files.retain(|path| path.extension().is_some_and(|extension| extension == "mp4"));
    files.sort_unstable();
    files
}

/// Whose file it is and where it begins in the recording, from its name.
pub fn read_name(path: &Path) -> (String, u64) {
    let name = path.file_stem().and_then(|name| name.to_str()).expect("our own names");
    let (participant, from_ms) = name.rsplit_once('-').expect("our own names");
    (participant.trim_end_matches("-screen").to_owned(), from_ms.parse().expect("our own names"))
}

#[test]
fn the_clip_is_larger_than_what_fills_holes() {
    let clip = crate::stage::clip();
    let pictures =
        clip.pictures.iter().map(|picture| picture.payloads.iter().map(|payload| payload.len() as u64).sum());
    let sounds = clip.sound.iter().map(|sound| sound.len() as u64);
    let smallest = pictures.chain(sounds).min();
    assert!(smallest > Some(BRIDGE_BYTES), "{smallest:?}");
}
