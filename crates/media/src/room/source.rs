//! One stream that a participant sends: who listens, and when a key frame may be asked for.

use std::time::{Duration, Instant};

use crate::shard::PeerKey;

/// Key frames cost a multiple of other pictures; however many ask, a publisher is asked this often at most.
const ASK_AT_MOST_EVERY: Duration = Duration::from_millis(300);

/// While it is recorded a picture gets a key frame this often, so that a player can start anywhere.
const ASK_AT_LEAST_EVERY: Duration = Duration::from_secs(2);

/// A stream without a packet for this long is off. Even a still screen is sent anew within it, since a key frame is asked for.
const LIVE_FOR: Duration = Duration::from_secs(3);

/// Somebody who gets the stream.
#[derive(Debug, Clone, Copy)]
pub(super) struct Listener {
    pub(super) peer: PeerKey,
    /// Which of the peer's outgoing lines.
    pub(super) slot: usize,
}

/// One stream of a participant.
#[derive(Debug, Default)]
pub(super) struct Sending {
    /// None before the first packet; see `PeerEvent::Packet`.
    pub(super) generation: Option<u64>,
    pub(super) listeners: Vec<Listener>,
    /// When its last packet came.
    pub(super) latest_at: Option<Instant>,
    asked_at: Option<Instant>,
    ask_at: Option<Instant>,
}

impl Sending {
    /// Whether anything came lately: a source that its owner turned off sends nothing.
    pub(super) fn is_live(&self, now: Instant) -> bool {
        self.latest_at.is_some_and(|at| now.saturating_duration_since(at) < LIVE_FOR)
    }

    /// A key frame is wanted as soon as it may be asked for.
    pub(super) fn ask_keyframe(&mut self, now: Instant) {
        let soonest = self.asked_at.map_or(now, |asked| now.max(asked + ASK_AT_MOST_EVERY));
        self.ask_at = Some(self.ask_at.map_or(soonest, |at| at.min(soonest)));
    }

    /// A key frame is wanted before long, as is right for a picture that is being recorded.
    pub(super) fn ask_keyframe_soon(&mut self, now: Instant) {
        self.ask_at.get_or_insert_with(|| self.asked_at.unwrap_or(now) + ASK_AT_LEAST_EVERY);
    }

    /// When a key frame is to be asked for.
    pub(super) fn keyframe_due(&self) -> Option<Instant> {
        self.ask_at
    }

    /// Whether a key frame is to be asked for now; it counts as asked for.
    pub(super) fn take_due_keyframe(&mut self, now: Instant) -> bool {
        let due = self.ask_at.is_some_and(|at| at <= now);
        if due {
            self.ask_at = None;
            self.asked_at = Some(now);
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_wishes_make_one_request_and_none_is_forgotten() {
        let (mut sending, now) = (Sending::default(), Instant::now());
        sending.ask_keyframe(now);
        assert!(sending.take_due_keyframe(now));
        sending.ask_keyframe(now);
        sending.ask_keyframe(now + Duration::from_millis(10));
        assert!(!sending.take_due_keyframe(now + Duration::from_millis(299)));
        assert!(sending.take_due_keyframe(now + Duration::from_millis(300)));
        assert_eq!(sending.keyframe_due(), None);
    }

    #[test]
    fn a_recorded_picture_gets_its_key_frame_every_two_seconds() {
        let (mut sending, now) = (Sending::default(), Instant::now());
        sending.ask_keyframe(now);
        sending.take_due_keyframe(now);
        sending.ask_keyframe_soon(now + Duration::from_millis(700));
        assert_eq!(sending.keyframe_due(), Some(now + Duration::from_secs(2)));
        sending.ask_keyframe(now + Duration::from_millis(800));
        assert_eq!(sending.keyframe_due(), Some(now + Duration::from_millis(800)), "a wish comes before the routine");
    }
}
