//! Real pictures and sound for tests: made by ffmpeg once, kept in the folder for temporary files, cut into RTP payloads.

mod h264;
mod ogg;

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::{fs, io};

/// What a clip shows and how long.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct ClipSpec {
    /// Width in pixels, even.
    pub width: u32,
    /// Height in pixels, even.
    pub height: u32,
    /// Pictures a second.
    pub fps: u32,
    /// A key frame every so many pictures.
    pub key_every: u32,
    /// Bit rate of the picture in kbit/s.
    pub kbps: u32,
    /// How long it is; it can be played over and over.
    pub seconds: u32,
    /// Pitch of its tone.
    pub tone_hz: u32,
}

impl Default for ClipSpec {
    /// Small and quick to make: 320x240, 25 pictures a second, 2 s.
    fn default() -> Self {
        Self { width: 320, height: 240, fps: 25, key_every: 25, kbps: 200, seconds: 2, tone_hz: 440 }
    }
}

impl ClipSpec {
    /// As a browser sends it in a call: 640x480, 800 kbit/s, a key frame every 2 s, 10 s long.
    #[must_use]
    pub fn call() -> Self {
        Self { width: 640, height: 480, fps: 25, key_every: 50, kbps: 800, seconds: 10, tone_hz: 440 }
    }
}

/// One picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Whether it can be decoded without an earlier one.
    pub key: bool,
    /// Its RTP payloads (RFC 6184); the last one gets the marker.
    pub payloads: Vec<Arc<[u8]>>,
}

/// Pictures and sound, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clip {
    /// Pictures a second.
    pub fps: u32,
    /// H.264 Constrained Baseline. The first picture is a key frame.
    pub pictures: Vec<Picture>,
    /// Opus packets of 20 ms, mono (RFC 7587).
    pub sound: Vec<Arc<[u8]>>,
}

impl Clip {
    /// Makes the clip, or takes it from where an earlier run left it.
    ///
    /// # Errors
    ///
    /// ffmpeg is not installed, or failed; the text says which.
    pub fn make(spec: &ClipSpec) -> io::Result<Arc<Self>> {
        let name = format!(
            "same-{}x{}-{}-{}-{}-{}-{}",
            spec.width, spec.height, spec.fps, spec.key_every, spec.kbps, spec.seconds, spec.tone_hz
        );
        let folder = std::env::temp_dir().join("mingjian-clips");
        fs::create_dir_all(&folder)?;
        let (video, audio) = (folder.join(format!("{name}.h264")), folder.join(format!("{name}.opus")));
        let (size, rate) = (format!("{}x{}", spec.width, spec.height), format!("{}k", spec.kbps));
        let picture = format!("testsrc2=size={size}:rate={}:duration={}", spec.fps, spec.seconds);
        let keys = format!("keyint={0}:min-keyint={0}:scenecut=0:aud=1:bframes=0", spec.key_every);
        ffmpeg(
            &video,
            &[
                "-f",
                "lavfi",
                "-i",
                &picture,
                // With more threads x264 spends its bits differently each time.
                "-threads",
                "1",
                "-pix_fmt",
                "yuv420p",
                "-c:v",
                "libx264",
                "-profile:v",
                "baseline",
                "-preset",
                "veryfast",
            ],
            &["-b:v", &rate, "-maxrate", &rate, "-bufsize", &rate, "-x264-params", &keys, "-f", "h264"],
        )?;
        let tone = format!("sine=frequency={}:sample_rate=48000:duration={}", spec.tone_hz, spec.seconds);
        ffmpeg(
            &audio,
            &["-f", "lavfi", "-i", &tone, "-c:a", "libopus", "-b:a", "24k", "-ac", "1", "-frame_duration", "20"],
            &["-fflags", "+bitexact", "-flags", "+bitexact", "-f", "ogg"],
        )?;
        let pictures = h264::pictures(&fs::read(&video)?);
        let sound = ogg::packets(&fs::read(&audio)?).into_iter().skip(2).map(Arc::from).collect::<Vec<_>>();
        if !pictures.first().is_some_and(|picture| picture.key) || sound.is_empty() {
            return Err(io::Error::other("ffmpeg made a clip without a key frame at its beginning or without sound"));
        }
        Ok(Arc::new(Self { fps: spec.fps, pictures, sound }))
    }
}

/// Runs ffmpeg unless its output is there already. The file appears whole or not at all, also when several tests want it at once.
fn ffmpeg(output: &Path, input: &[&str], encode: &[&str]) -> io::Result<()> {
    if output.exists() {
        return Ok(());
    }
    let mut part = PathBuf::from(output);
    part.set_extension(
        format!("part-{}-{:?}", std::process::id(), std::thread::current().id()).replace(['(', ')'], ""),
    );
    let made = Command::new("ffmpeg")
        .args(["-nostdin", "-loglevel", "error", "-y"])
        .args(input)
        .args(encode)
        .arg(&part)
        .stdin(Stdio::null())
        .output()
        .map_err(|error| {
            io::Error::new(
                error.kind(),
                format!("ffmpeg could not be started (install it: apt install ffmpeg): {error}"),
            )
        })?;
    if !made.status.success() {
        return Err(io::Error::other(format!("ffmpeg failed: {}", String::from_utf8_lossy(&made.stderr))));
    }
    fs::rename(&part, output)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clip_has_the_pictures_and_the_sound_that_were_asked_for() {
        let clip = Clip::make(&ClipSpec::default()).expect("ffmpeg");
        assert_eq!(clip.pictures.len(), 50);
        let keys: Vec<_> =
            clip.pictures.iter().enumerate().filter(|(_, picture)| picture.key).map(|(at, _)| at).collect();
        assert_eq!(keys, [0, 25]);
        // An encoder adds a packet or two for its look-ahead.
        assert!((100..=102).contains(&clip.sound.len()), "{} packets of 20 ms in 2 s", clip.sound.len());
        let largest = clip.pictures.iter().flat_map(|picture| &picture.payloads).map(|payload| payload.len()).max();
        assert!(largest <= Some(h264::MAX_PAYLOAD), "{largest:?}");
    }
}
