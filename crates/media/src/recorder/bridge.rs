//! Over a stretch without received pictures: the last one stays, in real time, in the same file.
//!
//! A picture cannot wait for its successor for ever: it is written with a promised duration. When that is over and nothing
//! came, or when pictures are known to be missing, repeated pictures carry on until a key frame comes.

use std::time::Duration;

use mingjian_domain::recording::journal::GapReason;

use super::line::Moment;
use super::pictures::Pictures;
use super::slice::{SliceHead, StillPictures};
use super::track::{Kind, PROMISE_US, Track};

/// A picture waits so long for its successor.
const PICTURE_WAITS: Duration = Duration::from_millis(600);
/// One repeated picture per so much time, in microseconds.
const STILL_US: i64 = 400_000;
/// What is missing is bridged once it is this old, in microseconds: pictures and sound under way may still come.
pub(crate) const BRIDGE_AFTER_US: i64 = 300_000;

/// The latest picture in the file.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Last {
    pub(crate) at_us: i64,
    /// Its distance from the one before, within reason.
    pub(crate) interval_us: i64,
    /// The head of the last received one.
    pub(crate) head: SliceHead,
}

impl Last {
    /// Where its successor was to be expected.
    pub(crate) const fn end_us(&self) -> i64 {
        self.at_us + self.interval_us
    }
}

/// A stretch without received pictures.
#[derive(Debug, Clone, Copy)]
struct Hole {
    from_us: i64,
    reason: GapReason,
}

/// What stands in for pictures that are not received.
#[derive(Debug, Default)]
pub(crate) struct Bridge {
    hole: Option<Hole>,
    /// Whether the participant says that the source is off.
    said_off: bool,
    stills: Option<StillPictures>,
    /// The duration that the last picture was given before its successor came ends here.
    promised_us: Option<i64>,
}

impl Bridge {
    /// A picture was written: nothing is promised any more.
    pub(crate) const fn received(&mut self) {
        self.promised_us = None;
    }

    /// The participant says that the source is off, or on again.
    pub(crate) const fn switched(&mut self, on: bool) {
        self.said_off = !on;
    }

    /// Pictures are missing from `from_us` on. A lost connection explains lost packets, and silence that nobody announced: a page
    /// that reloads says nothing before. The first reason stands otherwise.
    pub(crate) fn open(&mut self, from_us: i64, reason: GapReason) {
        let hole = self.hole.get_or_insert(Hole { from_us, reason });
        let unexplained = hole.reason == GapReason::Loss || (hole.reason == GapReason::CameraOff && !self.said_off);
        if reason == GapReason::Reconnect && unexplained {
            hole.reason = reason;
        }
    }

    /// The hole, if there is one, is over: where it began and why.
    pub(crate) fn close(&mut self) -> Option<(i64, GapReason)> {
        self.stills = None;
        self.hole.take().map(|hole| (hole.from_us, hole.reason))
    }

    /// Time has passed since the picture `last`; the answer is the picture that is the last one now.
    pub(crate) fn tick(
        &mut self,
        last: Last,
        track: &mut Track,
        pictures: &mut Pictures,
        moment: &mut Moment<'_>,
    ) -> Last {
        let overdue =
            track.waiting_since().is_some_and(|since| moment.now.saturating_duration_since(since) >= PICTURE_WAITS);
        if self.hole.is_none() {
            if overdue {
                track.release(last.at_us + PROMISE_US);
                track.flush(moment.outbox);
                self.promised_us = Some(last.at_us + PROMISE_US);
            }
            if self.promised_us.is_none_or(|promised| promised + BRIDGE_AFTER_US > moment.now_us) {
                return last;
            }
            // Nothing is lost and still nothing comes: the camera is taken to be off, whether that was said or not.
            self.hole = Some(Hole { from_us: last.end_us(), reason: GapReason::CameraOff });
        }
        let mut at_us = self.promised_us.unwrap_or(last.at_us + STILL_US);
        if at_us + BRIDGE_AFTER_US > moment.now_us {
            return last;
        }
        if self.stills.is_none() {
            self.stills = pictures.stills_after(&last.head);
            pictures.require_key();
        }
        let Some(stills) = &mut self.stills else {
            // Where none can be written the picture stays as long as a promise lasts, and the rest of the hole is empty.
            if overdue {
                track.release(last.at_us + PROMISE_US);
            }
            return last;
        };
        self.promised_us = None;
        let mut shown_us = last.at_us;
        while at_us + BRIDGE_AFTER_US <= moment.now_us {
            let still = stills.next_picture();
            let mut bytes = u32::try_from(still.len()).expect("some ten bytes").to_be_bytes().to_vec();
            bytes.extend(still);
            track.picture(at_us, bytes, Kind::Still, moment.now, moment.outbox);
            shown_us = at_us;
            at_us += STILL_US;
        }
        Last { at_us: shown_us, ..last }
    }
}
