//! The recorder: one more subscriber of the room, which writes what was received.

use std::time::Instant;

use mingjian_domain::id::ParticipantId;
use mingjian_domain::recording::journal::Source;
use mingjian_domain::room::RoomEvent;

use crate::disk::DiskCommand;

/// A stream of RTP packets from one participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Opus from the microphone, 48 kHz clock.
    Microphone,
    /// H.264 from the camera, 90 kHz clock.
    Camera,
    /// H.264 from a shared screen, 90 kHz clock.
    Screen,
}

/// An RTP packet as it was received: repaired packets come late and out of order, duplicates may come.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    /// Sequence number, extended so that it never wraps within a connection.
    pub seq: u64,
    /// RTP timestamp, in units of the stream's clock, wrapping.
    pub rtp_time: u32,
    /// The marker bit: the last packet of a picture.
    pub marker: bool,
    /// When the datagram arrived.
    pub arrival: Instant,
    /// The payload (RFC 6184 or RFC 7587). Empty for padding, which must be handed in too: its number would look lost otherwise.
    pub payload: &'a [u8],
}

/// What the recorder wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum RecorderOutput {
    /// A step for the disk.
    Disk(DiskCommand),
    /// A fact for the room's listeners.
    Event(RoomEvent),
    /// The picture cannot go on without a key frame.
    RequestKeyframe {
        /// From whom.
        participant: ParticipantId,
        /// Which picture.
        source: Source,
    },
}
