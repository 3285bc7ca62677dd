//! Access units to pictures that can be decoded: after a loss nothing passes until a key frame.

use std::time::Instant;

use super::depacketiser::{AccessUnit, Depacketiser, Outcome};
use super::parameter_sets::{Coding, ParameterSets};
use super::reorder::{Ordered, Place, Reorder, Step};
use super::slice::{SliceHead, StillPictures};

/// A picture that can be decoded with those before it.
#[derive(Debug, Clone)]
pub(crate) struct Picture {
    /// Unwrapped media time.
    pub(crate) rtp: i64,
    /// When its first packet arrived.
    pub(crate) arrival: Instant,
    /// NAL units with lengths of four bytes in front.
    pub(crate) bytes: Vec<u8>,
    /// For an IDR picture, what a file must begin with to hold it.
    pub(crate) key: Option<Coding>,
    /// The head of its first slice.
    pub(crate) head: SliceHead,
}

/// What a stream of packets turned into.
#[derive(Debug, Clone)]
pub(crate) enum Seen {
    /// The next picture.
    Picture(Picture),
    /// Pictures are missing here, and nothing follows until a key frame comes.
    Lost,
}

/// The pictures of one stream.
#[derive(Debug, Default)]
pub(crate) struct Pictures {
    reorder: Reorder,
    depacketiser: Depacketiser,
    sets: ParameterSets,
    coding: Option<Coding>,
    flowing: bool,
    /// Whether a key frame ever came without its parameter sets. Where none did, one that comes without
    /// them after a loss has lost them, and they may have changed.
    bare_keys: bool,
    lossy: bool,
}

impl Pictures {
    /// A new connection begins: sequence numbers start anew and only a key frame can be used.
    pub(crate) fn begin(&mut self) {
        self.reorder = Reorder::default();
        self.depacketiser = Depacketiser::default();
        self.flowing = false;
        self.lossy = true;
    }

    /// Nothing but a key frame can follow what was written in between.
    pub(crate) const fn require_key(&mut self) {
        self.flowing = false;
    }

    /// Whether a key frame is being waited for.
    pub(crate) const fn needs_key(&self) -> bool {
        !self.flowing
    }

    /// Takes a packet; the answer is what is ready.
    pub(crate) fn push(&mut self, packet: &Ordered<&[u8]>, now: Instant) -> Vec<Seen> {
        let mut seen = Vec::new();
        if self.reorder.push(packet) == Place::Next {
            self.take(packet, &mut seen);
        }
        while let Some(step) = self.reorder.step(now) {
            self.follow(step, &mut seen);
        }
        seen
    }

    /// Gives up on what is overdue; the answer is what is ready.
    pub(crate) fn settle(&mut self, now: Instant) -> Vec<Seen> {
        let mut seen = Vec::new();
        while let Some(step) = self.reorder.step(now) {
            self.follow(step, &mut seen);
        }
        seen
    }

    /// Everything that is there: nothing more will come.
    pub(crate) fn drain(&mut self) -> Vec<Seen> {
        let mut seen = Vec::new();
        while let Some(step) = self.reorder.drain() {
            self.follow(step, &mut seen);
        }
        seen
    }

    fn follow(&mut self, step: Step, seen: &mut Vec<Seen>) {
        match step {
            Step::Packet(Ordered { seq, rtp, marker, arrival, payload }) => {
                self.take(&Ordered { seq, rtp, marker, arrival, payload: payload.as_slice() }, seen);
            }
            Step::Lost => {
                let outcome = self.depacketiser.lost();
                self.judge(outcome, seen);
            }
        }
    }

    fn take(&mut self, packet: &Ordered<&[u8]>, seen: &mut Vec<Seen>) {
        for outcome in self.depacketiser.push(packet).into_iter().flatten() {
            self.judge(outcome, seen);
        }
    }

    fn judge(&mut self, outcome: Outcome, seen: &mut Vec<Seen>) {
        let picture = match outcome {
            Outcome::Whole(unit) if !unit.bytes.is_empty() => self.read(unit),
            Outcome::Whole(unit) => {
                self.learn(&unit);
                return;
            }
            Outcome::Damaged => Err(()),
        };
        match picture {
            Ok(Some(picture)) => seen.push(Seen::Picture(picture)),
            Ok(None) => {}
            Err(()) => {
                self.flowing = false;
                self.lossy = true;
                seen.push(Seen::Lost);
            }
        }
    }

    fn learn(&mut self, unit: &AccessUnit) {
        for set in &unit.sets {
            self.sets.learn(set);
        }
    }

    /// The picture of an access unit; nothing while a key frame is awaited or without a slice; an error when something is missing.
    fn read(&mut self, unit: AccessUnit) -> Result<Option<Picture>, ()> {
        let idr = unit.nals().any(|nal| nal.first().is_some_and(|header| header & 0x1f == 5));
        if !idr && !self.flowing {
            return Ok(None);
        }
        if idr {
            self.learn(&unit);
        }
        let Some(slice) = unit.nals().find(|nal| nal.first().is_some_and(|header| matches!(header & 0x1f, 1 | 5)))
        else {
            return Ok(None);
        };
        let head = SliceHead::parse(slice, &self.sets).filter(|head| head.first_macroblock == 0).ok_or(())?;
        let key = if idr {
            let bare = unit.sets.is_empty();
            if bare && self.lossy && !self.bare_keys && self.coding.is_some() {
                return Err(());
            }
            self.bare_keys |= bare;
            let coding = self.sets.coding(head.pps).ok_or(())?;
            self.coding = Some(coding.clone());
            self.flowing = true;
            self.lossy = false;
            Some(coding)
        } else {
            if !self.coding.as_ref().is_some_and(|coding| coding.pps.contains_key(&head.pps)) {
                return Err(());
            }
            None
        };
        Ok(Some(Picture { rtp: unit.rtp, arrival: unit.arrival, bytes: unit.bytes, key, head }))
    }

    /// Pictures that repeat the one that begins with `last`.
    pub(crate) fn stills_after(&self, last: &SliceHead) -> Option<StillPictures> {
        StillPictures::after(last, &self.coding.as_ref()?.sets())
    }
}
