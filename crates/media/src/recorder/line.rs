//! One source of one participant: from packets to the track files that hold it, one after the other.

use std::time::{Duration, Instant};

use mingjian_domain::id::ParticipantId;
use mingjian_domain::recording::journal::{GapReason, Source};

use super::Stream;
use super::boxes;
use super::bridge::{BRIDGE_AFTER_US, Bridge, Last};
use super::clock::SenderClock;
use super::microphone::{Heard, Microphone};
use super::outbox::{Outbox, ms};
use super::parameter_sets::Coding;
use super::pictures::{Picture, Pictures, Seen};
use super::reorder::Ordered;
use super::track::{Kind, Opening, Track};

/// A file is begun at the earliest so long after its first packet: time for the clocks to settle.
const SETTLE: Duration = Duration::from_millis(200);
/// Sound waits so long for the first picture, to share a file with it.
const SOUND_WAITS: Duration = Duration::from_millis(500);
/// A key frame that does not come is asked for again after this.
const ASK_AGAIN: Duration = Duration::from_secs(1);
/// Pictures still under way after their screen was switched off.
const AFTERMATH: Duration = Duration::from_secs(1);
/// Pictures usually follow each other at this distance or less, in microseconds: how long the last one before a gap was seen.
const INTERVAL_US: i64 = 100_000;

/// What a line needs from outside at each step.
pub(crate) struct Moment<'a> {
    pub(crate) clock: &'a mut SenderClock,
    pub(crate) outbox: &'a mut Outbox,
    pub(crate) now: Instant,
    /// `now` in microseconds of the recording.
    pub(crate) now_us: i64,
}

/// The file that is being written, if any.
#[derive(Debug)]
enum Writing {
    /// Nothing has come.
    Nothing,
    /// The first packets are there; what file they need will show.
    Gathering { since: Instant, sound: Vec<Heard>, pictures: Vec<Picture> },
    /// A file is open.
    File(Box<Track>),
}

/// The source.
#[derive(Debug)]
pub(crate) struct Line {
    participant: ParticipantId,
    source: Source,
    pictures: Pictures,
    microphone: Microphone,
    writing: Writing,
    last: Option<Last>,
    bridge: Bridge,
    switched_off: Option<Instant>,
    disconnected: bool,
    /// When a packet of a picture came.
    seen: Option<Instant>,
    asked: Option<Instant>,
    named_ms: Option<u64>,
    /// Where earlier files of this source end, and why, until that gap is told.
    earlier: Option<(u64, GapReason)>,
}

impl Line {
    pub(crate) fn new(participant: ParticipantId, source: Source) -> Self {
        Self {
            participant,
            source,
            pictures: Pictures::default(),
            microphone: Microphone::default(),
            writing: Writing::Nothing,
            last: None,
            bridge: Bridge::default(),
            switched_off: None,
            disconnected: false,
            seen: None,
            asked: None,
            named_ms: None,
            earlier: None,
        }
    }

    const fn stream(&self) -> Stream {
        match self.source {
            Source::Camera => Stream::Camera,
            Source::Screen => Stream::Screen,
        }
    }

    /// Earlier files of this source end there, for this reason.
    pub(crate) const fn resume(&mut self, earlier_ms: u64, reason: GapReason) {
        self.earlier = Some((earlier_ms, reason));
    }

    /// Whether time passing alone can change anything.
    pub(crate) const fn is_idle(&self) -> bool {
        matches!(self.writing, Writing::Nothing) && self.seen.is_none()
    }

    /// The sound comes over a new connection from now on.
    pub(crate) fn begin_sound(&mut self, moment: &mut Moment<'_>) {
        let rest = self.microphone.drain();
        self.hear(rest, moment);
        self.microphone.begin();
        self.disconnected = false;
    }

    /// The pictures come over a new connection from now on.
    pub(crate) fn begin_pictures(&mut self, moment: &mut Moment<'_>) {
        let rest = self.pictures.drain();
        self.see(rest, moment);
        self.open_hole(GapReason::Reconnect, moment);
        self.pictures.begin();
        self.disconnected = false;
        self.ask_key(moment);
    }

    /// A packet of sound came.
    pub(crate) fn sound(&mut self, packet: &Ordered<&[u8]>, moment: &mut Moment<'_>) {
        let ready = self.microphone.push(packet, moment.now);
        self.hear(ready, moment);
        self.flush_if_due(moment);
    }

    /// A packet of a picture came.
    pub(crate) fn picture(&mut self, packet: &Ordered<&[u8]>, moment: &mut Moment<'_>) {
        self.seen = Some(moment.now);
        let ready = self.pictures.push(packet, moment.now);
        self.see(ready, moment);
        self.flush_if_due(moment);
    }

    /// The participant turned the source on or off. A screen's file ends with it; a camera's goes on.
    pub(crate) fn switched(&mut self, on: bool, moment: &mut Moment<'_>) {
        self.switched_off = (!on).then_some(moment.now);
        self.bridge.switched(on);
        match self.source {
            Source::Screen if !on => self.close(moment),
            Source::Screen | Source::Camera => {}
        }
        if on && self.pictures.needs_key() && self.seen.is_some() {
            self.ask_key(moment);
        }
    }

    /// The transport is gone; it may come back.
    pub(crate) fn disconnected(&mut self, moment: &mut Moment<'_>) {
        self.disconnected = true;
        self.seen = None;
        self.open_hole(GapReason::Reconnect, moment);
    }

    /// Time has passed.
    pub(crate) fn tick(&mut self, moment: &mut Moment<'_>) {
        let seen = self.pictures.settle(moment.now);
        self.see(seen, moment);
        let heard = self.microphone.settle(moment.now);
        self.hear(heard, moment);
        self.begin_file_if_due(moment);
        if let (Source::Camera, Writing::File(track)) = (self.source, &mut self.writing)
            && (self.disconnected || self.microphone.is_silent(moment.now))
        {
            self.microphone.fill(moment.now_us - BRIDGE_AFTER_US, track, moment.now);
        }
        self.go_on(moment);
        self.flush_if_due(moment);
        let seen_lately = self.seen.is_some_and(|seen| moment.now.saturating_duration_since(seen) < 2 * ASK_AGAIN);
        if seen_lately
            && self.pictures.needs_key()
            && self.asked.is_none_or(|asked| moment.now.saturating_duration_since(asked) >= ASK_AGAIN)
        {
            self.ask_key(moment);
        }
    }

    /// Ends the file, if there is one or something to put into one.
    pub(crate) fn close(&mut self, moment: &mut Moment<'_>) {
        let seen = self.pictures.drain();
        self.see(seen, moment);
        let heard = self.microphone.drain();
        self.hear(heard, moment);
        self.begin_file(moment);
        let Writing::File(mut track) = std::mem::replace(&mut self.writing, Writing::Nothing) else { return };
        let end_us = self.microphone.end_us().max(self.last.map(|last| last.end_us())).unwrap_or(moment.now_us);
        track.release(end_us);
        self.microphone.fill(end_us, &mut track, moment.now);
        self.end_gap(end_us, moment);
        self.microphone.end_row();
        self.pictures.require_key();
        self.last = None;
        self.bridge = Bridge::default();
        track.close(moment.outbox);
    }

    fn flush_if_due(&mut self, moment: &mut Moment<'_>) {
        if let Writing::File(track) = &mut self.writing {
            track.flush_if_due(moment.now, moment.outbox);
        }
    }

    fn ask_key(&mut self, moment: &mut Moment<'_>) {
        self.asked = Some(moment.now);
        moment.outbox.request_keyframe(self.participant, self.source);
    }

    fn hear(&mut self, heard: Vec<Heard>, moment: &mut Moment<'_>) {
        for heard in heard {
            match &mut self.writing {
                Writing::Nothing => {
                    self.writing = Writing::Gathering { since: moment.now, sound: vec![heard], pictures: Vec::new() }
                }
                Writing::Gathering { sound, .. } => sound.push(heard),
                Writing::File(track) => {
                    let at_us = moment.clock.place(Stream::Microphone, heard.rtp, moment.now_us);
                    self.microphone.write(&heard, at_us, self.participant, track, moment.outbox);
                }
            }
        }
        self.begin_file_if_due(moment);
    }

    fn see(&mut self, seen: Vec<Seen>, moment: &mut Moment<'_>) {
        for seen in seen {
            match seen {
                Seen::Picture(picture) => self.show(picture, moment),
                Seen::Lost => {
                    self.open_hole(GapReason::Loss, moment);
                    if self.asked.is_none_or(|asked| moment.now.saturating_duration_since(asked) >= ASK_AGAIN / 4) {
                        self.ask_key(moment);
                    }
                }
            }
        }
        self.begin_file_if_due(moment);
    }

    fn show(&mut self, picture: Picture, moment: &mut Moment<'_>) {
        if self.source == Source::Screen
            && self.switched_off.is_some_and(|off| moment.now.saturating_duration_since(off) < AFTERMATH)
        {
            self.pictures.require_key();
            return;
        }
        match &mut self.writing {
            Writing::Nothing => {
                self.writing = Writing::Gathering { since: moment.now, sound: Vec::new(), pictures: vec![picture] }
            }
            Writing::Gathering { pictures, .. } => pictures.push(picture),
            Writing::File(_) => self.write(picture, moment),
        }
    }

    /// Begins the file when it is clear what it will hold.
    fn begin_file_if_due(&mut self, moment: &mut Moment<'_>) {
        let Writing::Gathering { since, pictures, .. } = &self.writing else { return };
        let waits = match pictures.is_empty() {
            true => SOUND_WAITS,
            false => SETTLE,
        };
        if moment.now.saturating_duration_since(*since) >= waits {
            self.begin_file(moment);
        }
    }

    /// Begins the file with what was gathered.
    fn begin_file(&mut self, moment: &mut Moment<'_>) {
        let (sound, pictures) = match std::mem::replace(&mut self.writing, Writing::Nothing) {
            Writing::Gathering { sound, pictures, .. } => (sound, pictures),
            other @ (Writing::Nothing | Writing::File(_)) => {
                self.writing = other;
                return;
            }
        };
        let heard_us = sound.first().map(|first| moment.clock.place(Stream::Microphone, first.rtp, moment.now_us));
        let stream = self.stream();
        let shown_us = pictures.first().map(|first| moment.clock.place(stream, first.rtp, moment.now_us));
        let Some(zero_us) = [heard_us, shown_us].into_iter().flatten().min().map(|zero| zero.max(0)) else { return };
        let coding = pictures.first().and_then(|first| first.key.as_ref());
        if self.source == Source::Camera {
            self.microphone.start_row(heard_us.unwrap_or(zero_us).max(zero_us));
        }
        if !self.open(zero_us, coding, moment) {
            return;
        }
        if let Some((earlier_ms, reason)) = self.earlier.take() {
            let from_us = i64::try_from(earlier_ms).unwrap_or(0) * 1000;
            moment.outbox.gap(self.participant, self.source, from_us, zero_us, reason);
        }
        for picture in pictures {
            self.write(picture, moment);
        }
        self.hear(sound, moment);
    }

    /// Opens a file; says whether there is one now.
    fn open(&mut self, zero_us: i64, coding: Option<&Coding>, moment: &mut Moment<'_>) -> bool {
        let number = self.named_ms.map_or(ms(zero_us), |named| ms(zero_us).max(named + 1));
        let kind = match self.source {
            Source::Camera => "",
            Source::Screen => "screen-",
        };
        let file = format!("{}-{kind}{number:010}.mp4", self.participant);
        match Track::open(
            Opening { participant: self.participant, source: self.source, file, zero_us, coding },
            moment.outbox,
        ) {
            Ok(track) => {
                self.named_ms = Some(number);
                self.writing = Writing::File(Box::new(track));
                true
            }
            Err(boxes::Unusable) => {
                self.pictures.require_key();
                false
            }
        }
    }

    /// Writes a picture, into a new file if it needs one.
    fn write(&mut self, picture: Picture, moment: &mut Moment<'_>) {
        let at_us = moment.clock.place(self.stream(), picture.rtp, moment.now_us);
        let at_us = self.last.map_or(at_us, |last| at_us.max(last.at_us + 1000));
        if let (Some(coding), Writing::File(track)) = (&picture.key, &mut self.writing) {
            if track.coding().is_none_or(|begun| !begun.covers(coding, picture.head.pps)) {
                if boxes::beginning(Some(coding), false, Duration::ZERO).is_err() {
                    self.pictures.require_key();
                    return;
                }
                track.release(at_us);
                let zero_us = self.microphone.end_us().map_or(at_us, |heard| heard.min(at_us));
                if let Writing::File(track) = std::mem::replace(&mut self.writing, Writing::Nothing) {
                    track.close(moment.outbox);
                }
                if !self.open(zero_us, Some(coding), moment) {
                    return;
                }
            }
            self.end_gap(at_us, moment);
        }
        let Writing::File(track) = &mut self.writing else { return };
        let kind = if picture.key.is_some() { Kind::Key } else { Kind::Delta };
        track.picture(at_us, picture.bytes, kind, picture.arrival, moment.outbox);
        let interval_us = self.last.map_or(INTERVAL_US, |last| (at_us - last.at_us).min(INTERVAL_US));
        self.last = Some(Last { at_us, interval_us, head: picture.head });
        self.bridge.received();
    }

    /// Pictures are missing from here on.
    fn open_hole(&mut self, reason: GapReason, moment: &mut Moment<'_>) {
        // What was gathered before belongs in front of the hole.
        if matches!(&self.writing, Writing::Gathering { pictures, .. } if !pictures.is_empty()) {
            self.begin_file(moment);
        }
        if let Some(last) = self.last {
            self.bridge.open(last.end_us(), reason);
        }
    }

    /// Pictures are there again, or the file ends.
    fn end_gap(&mut self, to_us: i64, moment: &mut Moment<'_>) {
        if let Some((from_us, reason)) = self.bridge.close() {
            moment.outbox.gap(self.participant, self.source, from_us, to_us, reason);
        }
    }

    /// Keeps the pictures going while none is received.
    fn go_on(&mut self, moment: &mut Moment<'_>) {
        if let (Writing::File(track), Some(last)) = (&mut self.writing, self.last) {
            self.last = Some(self.bridge.tick(last, track, &mut self.pictures, moment));
        }
    }
}
