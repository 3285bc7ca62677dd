//! What a client gets over one line.

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use str0m::media::Mid;
use str0m::rtp::RtpPacket;

/// A packet as it was received.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeardPacket {
    /// Extended sequence number.
    pub seq: u64,
    /// RTP timestamp.
    pub rtp_time: u32,
    /// The marker bit.
    pub marker: bool,
    /// When it came.
    pub at: Instant,
    /// Its payload.
    pub payload: Arc<[u8]>,
}

/// What came over one line that the server offered.
#[derive(Debug, Clone)]
pub struct Heard {
    /// The line.
    pub mid: Mid,
    /// Whose source it carries now: the stream id.
    pub publisher: String,
    /// Which source: the track id.
    pub track: String,
    /// Whether the server's latest offer says that something is sent.
    pub on: bool,
    /// The SSRC of the latest packet.
    pub ssrc: u32,
    /// How many packets came.
    pub packets: u64,
    /// How many bytes of payload came.
    pub bytes: u64,
    /// When the first and the latest packet came.
    pub first_at: Option<Instant>,
    /// See `first_at`.
    pub last_at: Option<Instant>,
    /// The level of the latest sound, in dB below full scale.
    pub audio_level: Option<i8>,
    /// The packets themselves, where the client keeps them.
    pub kept: Vec<HeardPacket>,
    /// The latest sender report: a moment on the server's clock and the RTP time that belongs to it.
    pub report: Option<(SystemTime, u64)>,
}

impl Heard {
    pub(super) fn take(&mut self, packet: &RtpPacket, keep: bool) {
        self.packets += 1;
        self.bytes += packet.payload.len() as u64;
        self.first_at.get_or_insert(packet.timestamp);
        self.last_at = Some(packet.timestamp);
        self.ssrc = *packet.header.ssrc;
        self.audio_level = packet.header.ext_vals.audio_level.or(self.audio_level);
        if keep {
            self.kept.push(HeardPacket {
                seq: *packet.seq_no,
                rtp_time: packet.header.timestamp,
                marker: packet.header.marker,
                at: packet.timestamp,
                payload: packet.payload.clone(),
            });
        }
    }

    /// The kept packets in the order of their numbers.
    #[must_use]
    pub fn in_order(&self) -> Vec<HeardPacket> {
        let mut packets = self.kept.clone();
        packets.sort_by_key(|packet| packet.seq);
        packets
    }

    /// Numbers between the first and the last that never came.
    #[must_use]
    pub fn missing(&self) -> u64 {
        let packets = self.in_order();
        match (packets.first(), packets.last()) {
            (Some(first), Some(last)) => last.seq - first.seq + 1 - packets.len() as u64,
            _ => 0,
        }
    }
}

/// Reads from an offer whose source each line carries.
pub(super) fn note_owners(heard: &mut Vec<Heard>, offer: &str) {
    for section in offer.split("\r\nm=").skip(1) {
        let value = |key: &str| section.lines().find_map(|line| line.strip_prefix(key)).map(str::trim);
        let (Some(mid), Some((publisher, track))) =
            (value("a=mid:"), value("a=msid:").and_then(|msid| msid.split_once(' ')))
        else {
            continue;
        };
        let on = section.lines().any(|line| line.trim() == "a=sendonly");
        let mid = Mid::from(mid);
        if let Some(known) = heard.iter_mut().find(|known| known.mid == mid) {
            known.publisher = publisher.to_owned();
            known.on = on;
        } else if on {
            heard.push(Heard {
                mid,
                publisher: publisher.to_owned(),
                track: track.to_owned(),
                on,
                ssrc: 0,
                packets: 0,
                bytes: 0,
                first_at: None,
                last_at: None,
                audio_level: None,
                kept: Vec::new(),
                report: None,
            });
        }
    }
}
