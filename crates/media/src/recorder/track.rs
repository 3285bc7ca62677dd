//! One track file while it grows.

use std::time::{Duration, Instant};

use mingjian_domain::id::{ParticipantId, TrackId};
use mingjian_domain::recording::journal::{Entry, Source};
use mingjian_domain::room::RoomEvent;
use sha2::{Digest, Sha256};

use super::boxes::{self, Run, Sample, Unusable};
use super::outbox::{Outbox, ms};
use super::parameter_sets::Coding;

/// A fragment is written when its oldest packet is this old.
const FRAGMENT: Duration = Duration::from_millis(400);

/// A repeated picture that a received one follows sooner than this is left out again.
const TOO_CLOSE_US: i64 = 60_000;

/// The duration given to a picture that could not wait for its successor any longer.
pub(crate) const PROMISE_US: i64 = 1_000_000;

/// What a track file is begun with.
#[derive(Debug, Clone)]
pub(crate) struct Opening<'a> {
    pub(crate) participant: ParticipantId,
    pub(crate) source: Source,
    /// File name inside the recording's folder.
    pub(crate) file: String,
    /// The file's own time zero; whole milliseconds count.
    pub(crate) zero_us: i64,
    pub(crate) coding: Option<&'a Coding>,
}

/// A picture whose duration is not known before its successor.
#[derive(Debug)]
struct Held {
    at_us: i64,
    kind: Kind,
    bytes: Vec<u8>,
    received: Instant,
}

/// What a picture is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Received, and decodable by itself.
    Key,
    /// Received, and decodable with those before it.
    Delta,
    /// Ours: it repeats the one before it.
    Still,
}

/// The file.
#[derive(Debug)]
pub(crate) struct Track {
    id: TrackId,
    file: String,
    zero_us: i64,
    coding: Option<Coding>,
    size_bytes: u64,
    sha256: Sha256,
    chain: [u8; 32],
    sequence: u32,
    pictures: Run,
    sound: Run,
    /// When the oldest packet of the fragment arrived.
    oldest: Option<Instant>,
    held: Option<Held>,
    /// Where the pictures written so far end, or the sound in a file without pictures.
    shown_us: i64,
    end_us: i64,
}

/// Microseconds to units of the pictures' clock.
fn picture_units(us: i64) -> u64 {
    u64::try_from(us.max(0)).unwrap_or(0) * 9 / 100
}

/// Units of the sound's clock to microseconds.
pub(crate) fn sound_us(samples: i64) -> i64 {
    samples.div_euclid(48) * 1000 + samples.rem_euclid(48) * 1000 / 48
}

fn length(bytes: &[u8]) -> u32 {
    u32::try_from(bytes.len()).expect("an access unit is bounded to a few megabytes")
}

impl Track {
    /// Begins the file.
    pub(crate) fn open(opening: Opening<'_>, outbox: &mut Outbox) -> Result<Self, Unusable> {
        let Opening { participant, source, file, zero_us, coding } = opening;
        let zero_us = zero_us.div_euclid(1000) * 1000;
        let beginning = boxes::beginning(coding, source == Source::Camera, outbox.wall(zero_us))?;
        let track = Self {
            id: outbox.mint_track(zero_us),
            file: file.clone(),
            zero_us,
            coding: coding.cloned(),
            size_bytes: beginning.bytes.len() as u64,
            sha256: Sha256::new_with_prefix(&beginning.bytes),
            chain: [0; 32],
            sequence: 0,
            pictures: Run::default(),
            sound: Run::default(),
            oldest: None,
            held: None,
            shown_us: zero_us,
            end_us: zero_us,
        };
        outbox.append(&file, beginning.bytes);
        outbox.journal(&Entry::Open {
            track: track.id,
            participant,
            source,
            file: file.clone(),
            from_ms: ms(zero_us),
            init_bytes: track.size_bytes,
            codecs: beginning.codecs,
            size: beginning.size,
        });
        outbox.event(RoomEvent::TrackOpened {
            recording: outbox.recording,
            track: track.id,
            participant,
            source,
            file,
            from_ms: ms(zero_us),
        });
        Ok(track)
    }

    /// The parameter sets it was begun with; none in a file of sound alone.
    pub(crate) const fn coding(&self) -> Option<&Coding> {
        self.coding.as_ref()
    }

    /// Appends a picture of `at_us`, which must lie behind the picture before it.
    pub(crate) fn picture(&mut self, at_us: i64, bytes: Vec<u8>, kind: Kind, received: Instant, outbox: &mut Outbox) {
        if kind == Kind::Key
            && self.held.as_ref().is_some_and(|held| held.kind == Kind::Still && at_us - held.at_us < TOO_CLOSE_US)
        {
            self.held = None;
        }
        self.release(at_us);
        let contiguous = self.pictures.samples.is_empty() || self.pictures.end() == picture_units(at_us - self.zero_us);
        if kind == Kind::Key || !contiguous {
            self.flush(outbox);
        }
        self.held = Some(Held { at_us, kind, bytes, received });
    }

    /// When the picture that waits for its successor was received.
    pub(crate) fn waiting_since(&self) -> Option<Instant> {
        self.held.as_ref().map(|held| held.received)
    }

    /// Lets the waiting picture go, with a duration until `until_us`.
    pub(crate) fn release(&mut self, until_us: i64) {
        let Some(held) = self.held.take() else { return };
        let at = picture_units(held.at_us - self.zero_us);
        let until = picture_units(until_us - self.zero_us).max(at + 1);
        if self.pictures.samples.is_empty() {
            self.pictures.at = at;
        }
        let duration = u32::try_from(until - at).unwrap_or(u32::MAX);
        self.pictures.samples.push(Sample { duration, size: length(&held.bytes), key: held.kind == Kind::Key });
        self.pictures.bytes.extend_from_slice(&held.bytes);
        self.oldest = Some(self.oldest.map_or(held.received, |oldest| oldest.min(held.received)));
    }

    /// Appends a packet of sound that stands at `at` samples of the recording.
    pub(crate) fn sound(&mut self, at: i64, packet: &[u8], samples: u32, received: Instant) {
        if self.sound.samples.is_empty() {
            self.sound.at = u64::try_from((at - self.zero_us / 1000 * 48).max(0)).unwrap_or(0);
        }
        self.sound.samples.push(Sample { duration: samples, size: length(packet), key: true });
        self.sound.bytes.extend_from_slice(packet);
        self.oldest = Some(self.oldest.map_or(received, |oldest| oldest.min(received)));
    }

    /// Writes the fragment if its time has come.
    pub(crate) fn flush_if_due(&mut self, now: Instant, outbox: &mut Outbox) {
        if self.oldest.is_some_and(|oldest| now.saturating_duration_since(oldest) >= FRAGMENT) {
            self.flush(outbox);
        }
    }

    /// Writes what there is.
    pub(crate) fn flush(&mut self, outbox: &mut Outbox) {
        if self.pictures.samples.is_empty() && self.sound.samples.is_empty() {
            return;
        }
        self.sequence += 1;
        let (pictures, sound) = (std::mem::take(&mut self.pictures), std::mem::take(&mut self.sound));
        self.oldest = None;
        let bytes = boxes::fragment(self.sequence, &pictures, &sound);
        let span = Span::of(&pictures, &sound, self.coding.is_some(), self.shown_us - self.zero_us);
        self.shown_us = self.zero_us + span.end_us;
        self.end_us = self.end_us.max(self.zero_us + span.media_end_us);
        outbox.reach(self.end_us);
        self.sha256.update(&bytes);
        self.chain = Sha256::new_with_prefix(self.chain).chain_update(&bytes).finalize().into();
        let entry = Entry::Fragment {
            track: self.id,
            offset: self.size_bytes,
            bytes: bytes.len() as u64,
            from_ms: ms(self.zero_us + span.from_us),
            duration_ms: ms(self.zero_us + span.end_us) - ms(self.zero_us + span.from_us),
            key: span.key,
            chain: hex(&self.chain),
        };
        self.size_bytes += bytes.len() as u64;
        outbox.append(&self.file, bytes);
        outbox.journal(&entry);
    }

    /// Ends the file.
    pub(crate) fn close(mut self, outbox: &mut Outbox) {
        self.flush(outbox);
        let sha256: [u8; 32] = self.sha256.finalize().into();
        outbox.journal(&Entry::Close { track: self.id, bytes: self.size_bytes, sha256: Some(hex(&sha256)) });
        outbox.event(RoomEvent::TrackClosed {
            recording: outbox.recording,
            track: self.id,
            size_bytes: self.size_bytes,
            duration_ms: ms(self.end_us) - ms(self.zero_us),
            sha256,
        });
    }
}

/// What a fragment covers, in microseconds from its file's zero.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from_us: i64,
    pub(crate) end_us: i64,
    pub(crate) media_end_us: i64,
    pub(crate) key: bool,
}

impl Span {
    /// Of a fragment with these runs, in a file with or without pictures, when those before it ended at `shown_us`.
    pub(crate) fn of(pictures: &Run, sound: &Run, has_pictures: bool, shown_us: i64) -> Self {
        let us = |units: u64, rate: u32| {
            i64::try_from(units / u64::from(rate) * 1_000_000 + units % u64::from(rate) * 1_000_000 / u64::from(rate))
                .unwrap_or(i64::MAX)
        };
        let picture = |units| us(units, boxes::PICTURE_RATE);
        let heard = |units| us(units, boxes::SOUND_RATE);
        let sound_end = if sound.samples.is_empty() { 0 } else { heard(sound.end()) };
        let key = pictures.samples.first().is_some_and(|first| first.key);
        let (from_us, end_us, key) = match (has_pictures, pictures.samples.is_empty()) {
            (true, false) => (picture(pictures.at), picture(pictures.end()), key),
            (true, true) => (shown_us, shown_us, false),
            (false, _) => (heard(sound.at), sound_end, true),
        };
        let media_end_us = sound_end.max(if pictures.samples.is_empty() { 0 } else { picture(pictures.end()) });
        Self { from_us, end_us, media_end_us, key }
    }
}

/// Lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}
