//! What a client sends and when: a clip, over and over, with times that never step back.

use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::clip::Clip;

/// A line of the client's offer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Line {
    /// Sound.
    Microphone,
    /// Picture.
    Camera,
    /// A shared screen: the same picture over another line.
    Screen,
}

/// A packet that is due.
pub(super) struct Due {
    pub(super) line: Line,
    pub(super) seq: u64,
    pub(super) rtp_time: u32,
    pub(super) marker: bool,
    /// When the picture or sound was captured.
    pub(super) captured: Instant,
    pub(super) payload: Arc<[u8]>,
}

/// Plays a clip on three lines.
pub(super) struct Script {
    clip: Arc<Clip>,
    started: Option<Instant>,
    tracks: [Track; 3],
}

struct Track {
    line: Line,
    /// Which frame of the clip is next.
    frame: usize,
    /// Which payload of that frame is next.
    payload: usize,
    /// How many frames since the start: gives the time.
    tick: u64,
    seq: u64,
    first_time: u32,
    sent: u64,
    last: Option<Instant>,
}

impl Script {
    pub(super) fn new(clip: Arc<Clip>, rtp_offset: u32) -> Self {
        let tracks = [Line::Microphone, Line::Camera, Line::Screen].map(|line| Track {
            line,
            frame: 0,
            payload: 0,
            tick: 0,
            seq: u64::from(rtp_offset % 0x8000),
            first_time: rtp_offset.wrapping_mul(0x1_0001),
            sent: 0,
            last: None,
        });
        Self { clip, started: None, tracks }
    }

    pub(super) fn start(&mut self, now: Instant) {
        self.started.get_or_insert(now);
    }

    /// The duration of a frame of a line, and its RTP ticks.
    fn frame_of(clip: &Clip, line: Line) -> (Duration, u32) {
        match line {
            Line::Microphone => (Duration::from_millis(20), 960),
            Line::Camera | Line::Screen => (Duration::from_secs(1) / clip.fps, 90_000 / clip.fps),
        }
    }

    fn due_at(&self, track: &Track) -> Option<Instant> {
        let (duration, _) = Self::frame_of(&self.clip, track.line);
        Some(self.started? + duration * u32::try_from(track.tick).ok()?)
    }

    pub(super) fn next_due(&self, publish: &[Line]) -> Option<Instant> {
        self.tracks.iter().filter(|track| publish.contains(&track.line)).filter_map(|track| self.due_at(track)).min()
    }

    /// The next packet that should have been sent by `now`.
    pub(super) fn due(&mut self, now: Instant, publish: &[Line]) -> Option<Due> {
        let at = self
            .tracks
            .iter()
            .position(|track| publish.contains(&track.line) && self.due_at(track).is_some_and(|at| at <= now))?;
        let captured = self.due_at(&self.tracks[at])?;
        let (_, ticks) = Self::frame_of(&self.clip, self.tracks[at].line);
        let (clip, track) = (&self.clip, &mut self.tracks[at]);
        let (payload, last, frames) = match track.line {
            Line::Microphone => (clip.sound[track.frame].clone(), true, clip.sound.len()),
            Line::Camera | Line::Screen => {
                let payloads = &clip.pictures[track.frame].payloads;
                (payloads[track.payload].clone(), track.payload + 1 == payloads.len(), clip.pictures.len())
            }
        };
        let elapsed = u32::try_from(track.tick * u64::from(ticks) % (1 << 32)).expect("below 2^32");
        let due = Due {
            line: track.line,
            seq: track.seq,
            rtp_time: track.first_time.wrapping_add(elapsed),
            marker: last && track.line != Line::Microphone,
            captured,
            payload,
        };
        track.seq += 1;
        track.sent += 1;
        track.last = Some(captured);
        if last {
            track.payload = 0;
            track.tick += 1;
            track.frame = (track.frame + 1) % frames;
        } else {
            track.payload += 1;
        }
        Some(due)
    }

    /// A key frame was asked for: the next picture is the next key frame of the clip.
    pub(super) fn jump_to_key(&mut self, line: Line) {
        let pictures = &self.clip.pictures;
        for track in
            self.tracks.iter_mut().filter(|track| track.line == line && line != Line::Microphone && track.payload == 0)
        {
            let ahead = (0..pictures.len()).find(|ahead| pictures[(track.frame + ahead) % pictures.len()].key);
            track.frame = (track.frame + ahead.unwrap_or(0)) % pictures.len();
        }
    }

    /// Lines that are turned on have nothing to catch up with, and a picture begins with a key frame.
    pub(super) fn skip_to_now(&mut self, publish: &[Line]) {
        let newest = self.tracks.iter().filter_map(|track| self.due_at(track)).max();
        let Some(newest) = newest else { return };
        for at in 0..self.tracks.len() {
            let line = self.tracks[at].line;
            if !publish.contains(&line) {
                continue;
            }
            let (duration, _) = Self::frame_of(&self.clip, line);
            while self.due_at(&self.tracks[at]).is_some_and(|due| due + duration < newest) {
                self.tracks[at].tick += 1;
                self.tracks[at].payload = 0;
            }
            self.jump_to_key(line);
        }
    }

    /// When the picture or sound with this RTP time was captured.
    pub(super) fn captured(&self, line: Line, rtp_time: u32) -> Option<Instant> {
        let track = self.tracks.iter().find(|track| track.line == line)?;
        let (duration, ticks) = Self::frame_of(&self.clip, line);
        let since = rtp_time.wrapping_sub(track.first_time).cast_signed();
        let span = duration.mul_f64(f64::from(since.unsigned_abs()) / f64::from(ticks));
        if since < 0 { self.started?.checked_sub(span) } else { Some(self.started? + span) }
    }

    pub(super) fn sent(&self, line: Line) -> u64 {
        self.tracks.iter().find(|track| track.line == line).map_or(0, |track| track.sent)
    }

    pub(super) fn last_captured(&self, line: Line) -> Option<Instant> {
        self.tracks.iter().find(|track| track.line == line)?.last
    }
}
