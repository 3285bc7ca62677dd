//! The sound of one participant: Opus packets put in order and placed on an unbroken row.

use std::time::{Duration, Instant};

use mingjian_domain::id::ParticipantId;
use mingjian_domain::recording::journal::{GapReason, Source};

use super::opus::{self, SILENCE, SILENCE_SAMPLES};
use super::outbox::Outbox;
use super::reorder::{Ordered, Place, Reorder, Step};
use super::sound::SoundRow;
use super::track::{Track, sound_us};

/// A microphone that was heard and fell silent without a word is waited for this long.
const RETURNS: Duration = Duration::from_secs(2);

/// Lost sound of this length or more is a gap, in samples of 48 kHz: 100 ms.
const GAP: i64 = 4800;

/// A packet that can be decoded.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    /// Unwrapped media time.
    pub(crate) rtp: i64,
    /// When it arrived.
    pub(crate) arrival: Instant,
    pub(crate) packet: Vec<u8>,
    /// How long it plays, in samples of 48 kHz.
    pub(crate) samples: u32,
    /// Packets before it were lost.
    pub(crate) after_loss: bool,
}

/// The sound.
#[derive(Debug, Default)]
pub(crate) struct Microphone {
    reorder: Reorder,
    row: Option<SoundRow>,
    heard: Option<Instant>,
    lost: bool,
    reconnected: bool,
    /// Where the last received packet ended, in samples of the recording.
    received_until: Option<i64>,
}

impl Microphone {
    /// A new connection begins.
    pub(crate) fn begin(&mut self) {
        self.reorder = Reorder::default();
        self.reconnected = true;
    }

    /// The row starts with the first file, at `at_us` of the recording.
    pub(crate) fn start_row(&mut self, at_us: i64) {
        self.row.get_or_insert(SoundRow::starting(at_us));
    }

    /// The participant has left: the next file starts a new row.
    pub(crate) fn end_row(&mut self) {
        self.row = None;
        self.received_until = None;
    }

    /// Where the row ends, in microseconds of the recording.
    pub(crate) fn end_us(&self) -> Option<i64> {
        self.row.map(|row| sound_us(row.end()))
    }

    /// Takes a packet; the answer is what is ready.
    pub(crate) fn push(&mut self, packet: &Ordered<&[u8]>, now: Instant) -> Vec<Heard> {
        self.heard = Some(now);
        let mut ready = Vec::new();
        if self.reorder.push(packet) == Place::Next {
            ready.extend(self.decodable(packet.rtp, packet.arrival, packet.payload.to_vec()));
        }
        ready.extend(self.settle(now));
        ready
    }

    /// Gives up on what is overdue; the answer is what is ready.
    pub(crate) fn settle(&mut self, now: Instant) -> Vec<Heard> {
        std::iter::from_fn(|| self.reorder.step(now))
            .collect::<Vec<_>>()
            .into_iter()
            .filter_map(|step| self.follow(step))
            .collect()
    }

    /// Everything that is there: nothing more will come.
    pub(crate) fn drain(&mut self) -> Vec<Heard> {
        std::iter::from_fn(|| self.reorder.drain())
            .collect::<Vec<_>>()
            .into_iter()
            .filter_map(|step| self.follow(step))
            .collect()
    }

    fn follow(&mut self, step: Step) -> Option<Heard> {
        match step {
            Step::Packet(packet) => self.decodable(packet.rtp, packet.arrival, packet.payload),
            Step::Lost => {
                self.lost = true;
                None
            }
        }
    }

    fn decodable(&mut self, rtp: i64, arrival: Instant, packet: Vec<u8>) -> Option<Heard> {
        let samples = opus::samples(&packet)?;
        Some(Heard { rtp, arrival, packet, samples, after_loss: std::mem::take(&mut self.lost) })
    }

    /// Writes a packet that belongs to `at_us`, with the silence that is missing before it.
    pub(crate) fn write(
        &mut self,
        heard: &Heard,
        at_us: i64,
        participant: ParticipantId,
        track: &mut Track,
        outbox: &mut Outbox,
    ) {
        let row = self.row.get_or_insert(SoundRow::starting(at_us));
        let before = row.end();
        let placement = row.place(at_us, heard.samples, heard.packet.len());
        if !placement.keep {
            return;
        }
        silence(track, before, placement.silences, heard.arrival);
        let at = before + i64::from(placement.silences) * i64::from(SILENCE_SAMPLES);
        track.sound(at, &heard.packet, heard.samples, heard.arrival);
        if let Some(from) = self.received_until
            && at - from >= GAP
        {
            // After a reconnect the pictures tell the gap, where there are any.
            let reason = match (self.reconnected, heard.after_loss) {
                (true, _) => track.coding().is_none().then_some(GapReason::Reconnect),
                (false, lost) => lost.then_some(GapReason::Loss),
            };
            if let Some(reason) = reason {
                outbox.gap(participant, Source::Camera, sound_us(from), sound_us(at), reason);
            }
        }
        self.reconnected = false;
        self.received_until = Some(at + i64::from(heard.samples));
    }

    /// Whether sound cannot be expected any more.
    pub(crate) fn is_silent(&self, now: Instant) -> bool {
        self.heard.is_none_or(|heard| now.saturating_duration_since(heard) >= RETURNS)
    }

    /// Goes on with silence until `to_us`.
    pub(crate) fn fill(&mut self, to_us: i64, track: &mut Track, now: Instant) {
        if let Some(row) = &mut self.row {
            let from = row.end();
            silence(track, from, row.fill(to_us), now);
        }
    }
}

/// Appends so many silent packets from `at` samples on.
fn silence(track: &mut Track, mut at: i64, count: u32, now: Instant) {
    for _ in 0..count {
        track.sound(at, &SILENCE, SILENCE_SAMPLES, now);
        at += i64::from(SILENCE_SAMPLES);
    }
}
