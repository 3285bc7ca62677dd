//! The recorder in its room: what it wants is carried out, what it tells is passed on.

use std::time::Instant;

use mingjian_domain::id::{ParticipantId, RecordingId, RoomId};
use mingjian_domain::random::Randomness;
use mingjian_domain::recording::journal::Source;
use mingjian_domain::room::RecordingPlan;
use sha2::{Digest, Sha256};

use crate::recorder::{Recorder, RecorderOutput};
use crate::shard::Output;
use crate::shard::links::Links;

/// A running recording.
pub(super) struct Tape {
    pub(super) recording: RecordingId,
    pub(super) recorder: Recorder,
    /// Without it nothing may be passed on.
    pub(super) must: bool,
    /// The disk refused; nothing more is written.
    pub(super) failed: bool,
}

/// What the recorder wants of the room.
pub(super) enum Taped {
    /// The picture cannot go on without a key frame.
    KeyframeWanted(ParticipantId, Source),
}

impl Tape {
    pub(super) fn start(plan: &RecordingPlan, room: RoomId, must: bool, links: &mut Links, now: Instant) -> Self {
        let mut seed = [0_u8; 32];
        links.random.fill(&mut seed);
        let recorder = Recorder::start(plan, room, links.epoch, Box::new(Derived { seed, blocks: 0 }), now);
        Self { recording: plan.recording, recorder, must, failed: false }
    }

    /// Carries out what can be done without the room; returns the rest.
    pub(super) fn poll(&mut self, links: &mut Links) -> Option<Taped> {
        loop {
            match self.recorder.poll_output()? {
                RecorderOutput::Disk(command) => links.out.push_back(Output::Disk(command)),
                RecorderOutput::Event(event) => links.tell(event),
                RecorderOutput::RequestKeyframe { participant, source } => {
                    return Some(Taped::KeyframeWanted(participant, source));
                }
            }
        }
    }
}

/// A recorder's own source of random bytes: SHA-256 over a seed and a counter.
struct Derived {
    seed: [u8; 32],
    blocks: u64,
}

impl Randomness for Derived {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(32) {
            let block = Sha256::new().chain_update(self.seed).chain_update(self.blocks.to_be_bytes()).finalize();
            self.blocks += 1;
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// Nanoseconds since 1970 as an NTP timestamp: seconds since 1900 and a 32-bit fraction (RFC 5905 section 6).
pub(super) fn ntp(unix_ns: i64) -> u64 {
    const FROM_1900_TO_1970: i128 = 2_208_988_800;
    let since_1900_ns = i128::from(unix_ns) + FROM_1900_TO_1970 * 1_000_000_000;
    u64::try_from((since_1900_ns << 32) / 1_000_000_000).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ntp_counts_from_1900_in_fractions_of_2_to_the_32() {
        assert_eq!(ntp(0) >> 32, 2_208_988_800);
        assert_eq!(ntp(1_500_000_000), (2_208_988_801 << 32) + (1 << 31));
    }

    #[test]
    fn derived_bytes_do_not_repeat() {
        let mut derived = Derived { seed: [7; 32], blocks: 0 };
        let (mut first, mut second) = ([0; 40], [0; 40]);
        derived.fill(&mut first);
        derived.fill(&mut second);
        assert_ne!(first, second);
        assert_ne!(first[..8], first[32..]);
    }
}
