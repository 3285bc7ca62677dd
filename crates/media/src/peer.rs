//! One participant's transport: a str0m `Rtc` in RTP mode behind ICE-lite.
//!
//! Datagrams go in; packets, reports and datagrams come out. What is offered to whom lies in [`negotiate`],
//! how a packet is sent on in [`Peer::send`]. Who is to hear whom is the room's business.

mod accept;
mod negotiate;

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mingjian_domain::room::ConnectionQuality;
use str0m::bwe::Bitrate;
use str0m::change::SdpPendingOffer;
use str0m::media::{KeyframeRequestKind, Mid};
use str0m::net::{Protocol, Receive, Transmit};
use str0m::rtp::{ExtensionValues, RtpPacket, RtpWrite, SeqNo, Ssrc};
use str0m::stats::PeerStats;
use str0m::{Candidate, CandidateKind, Event, IceConnectionState, Input, Output, Rtc};

pub(crate) use accept::PeerConfig;
pub(crate) use negotiate::{Slot, Wish};

use crate::recorder::Stream;
use crate::shard::RoomKey;

/// A connection that says nothing for this long is told as lost. Browsers send a STUN check at least every 2.5 s and reports every second.
const SILENCE: Duration = Duration::from_secs(5);

/// A connection that is not up this long after its offer is told as lost.
const CONNECT_WITHIN: Duration = Duration::from_secs(15);

/// A browser whose address was translated anew is followed when the old address was silent for this long: longer than a browser waits
/// between two checks, so that one with several paths is not driven from one to the other.
const MOVED_AFTER: Duration = Duration::from_secs(3);

/// How often str0m measures the connection.
pub(crate) const MEASURE_EVERY: Duration = Duration::from_secs(2);

/// Where a connection stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Link {
    /// ICE or DTLS is not done.
    Connecting,
    /// Media can flow.
    Up,
    /// Silent; it may come back by itself.
    Silent,
    /// The transport is gone for good: only a new offer helps.
    Gone,
}

/// What a peer tells its room.
#[derive(Debug)]
#[expect(
    clippy::large_enum_variant,
    reason = "a packet is the common case, and boxing it would be an allocation per packet"
)]
pub(crate) enum PeerEvent {
    /// Media can flow, for the first time or again.
    Connected,
    /// Silent for five seconds, or gone.
    Lost,
    /// A packet, once each: repaired and doubled ones are filtered by str0m.
    Packet {
        stream: Stream,
        /// Rises whenever the stream begins anew: a new connection or a new SSRC.
        generation: u64,
        packet: RtpPacket,
    },
    /// A sender report: `rtp_time` of `stream` was at this moment of the sender's clock.
    Report {
        stream: Stream,
        /// Nanoseconds since 1970 on the sender's clock.
        unix_ns: i64,
        rtp_time: u32,
        received: Instant,
    },
    /// The browser cannot decode what it gets on a slot.
    KeyframeWanted(usize),
    /// Measured over the last two seconds, with what was sent meanwhile in kbit/s.
    Quality { quality: ConnectionQuality, sent_kbps: u32 },
}

/// One step of [`Peer::poll`].
#[expect(clippy::large_enum_variant, reason = "lives only between poll and its caller")]
pub(crate) enum Polled {
    /// A datagram to send.
    Transmit(Transmit),
    /// Something for the room.
    Event(PeerEvent),
    /// Nothing until the deadline or the next input.
    Idle,
}

/// One participant's transport.
pub(crate) struct Peer {
    pub(crate) room: RoomKey,
    /// The local ICE user name fragment: how a first datagram finds its peer.
    pub(crate) ufrag: String,
    rtc: Rtc,
    link: Link,
    /// When the last datagram came, or the offer.
    heard_at: Instant,
    /// Where media is sent to, and when something last came from there.
    path: Option<(Protocol, SocketAddr, Instant)>,
    /// When str0m wants to be woken.
    rtc_deadline: Instant,
    /// Media lines of the browser's offer.
    incoming: Vec<(Mid, Stream)>,
    /// SSRCs seen, with their stream and generation; newest last.
    ssrcs: Vec<(Ssrc, Stream, u64)>,
    next_generation: u64,
    slots: Vec<Slot>,
    open_offer: Option<SdpPendingOffer>,
    refused_answers: u8,
    bytes_sent: u64,
}

impl Peer {
    /// Takes a datagram. `Err` says only that it was of no use; the connection is untouched.
    pub(crate) fn receive(&mut self, now: Instant, datagram: Receive<'_>) -> Result<(), str0m::RtcError> {
        self.heard_at = now;
        self.follow(now, datagram.source);
        self.rtc.handle_input(Input::Receive(now, datagram))
    }

    /// Gives up the path that media is sent over when the browser is heard from elsewhere and no longer from there.
    /// By itself str0m keeps a path for 15 s after the last check.
    fn follow(&mut self, now: Instant, source: SocketAddr) {
        let Some((protocol, destination, heard_at)) = &mut self.path else { return };
        if *destination == source {
            *heard_at = now;
        } else if now.saturating_duration_since(*heard_at) > MOVED_AFTER {
            for kind in [CandidateKind::PeerReflexive, CandidateKind::Host, CandidateKind::ServerReflexive] {
                let gone = Candidate::from_parts(String::new(), 1, *protocol, 0, *destination, kind, None, None, None);
                self.rtc.direct_api().invalidate_candidate(&gone);
            }
            self.path = None;
        }
    }

    /// Whether media goes to this address and the browser was lately heard from there: then it is nobody else's.
    pub(crate) fn holds(&self, now: Instant, address: SocketAddr) -> bool {
        self.path.is_some_and(|(_, destination, heard_at)| {
            destination == address && now.saturating_duration_since(heard_at) <= MOVED_AFTER
        })
    }

    /// Whether a STUN request carries this peer's password, so that its source may be taken for the peer's.
    pub(crate) fn vouches_for(&self, now: Instant, datagram: Receive<'_>) -> bool {
        self.rtc.accepts(&Input::Receive(now, datagram))
    }

    /// Lets time pass: due reports, retries and written packets become datagrams with the next polls.
    pub(crate) fn handle_timeout(&mut self, now: Instant) {
        if let Err(error) = self.rtc.handle_input(Input::Timeout(now)) {
            tracing::info!(%error, "transport failed");
            self.rtc.disconnect();
        }
    }

    /// When [`Self::handle_timeout`] must be called next.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self.link {
            Link::Gone => None,
            Link::Connecting => Some(self.rtc_deadline.min(self.heard_at + CONNECT_WITHIN)),
            Link::Up => Some(self.rtc_deadline.min(self.heard_at + SILENCE)),
            Link::Silent => Some(self.rtc_deadline),
        }
    }

    /// The next datagram or event.
    pub(crate) fn poll(&mut self, now: Instant) -> Polled {
        if let Some(event) = self.link_changed(now) {
            return Polled::Event(event);
        }
        loop {
            match self.rtc.poll_output() {
                Ok(Output::Transmit(transmit)) => {
                    // A STUN answer goes where the check came from, which is not always where media goes.
                    let is_stun = transmit.contents.first().is_some_and(|first| *first < 4);
                    if !is_stun && self.path.is_none_or(|(_, known, _)| known != transmit.destination) {
                        self.path = Some((transmit.proto, transmit.destination, now));
                    }
                    return Polled::Transmit(transmit);
                }
                Ok(Output::Event(event)) => {
                    if let Some(event) = self.translate(event) {
                        return Polled::Event(event);
                    }
                }
                Ok(Output::Timeout(at)) => {
                    self.rtc_deadline = at;
                    return self.link_changed(now).map_or(Polled::Idle, Polled::Event);
                }
                Err(error) => {
                    tracing::info!(%error, "transport failed");
                    self.rtc.disconnect();
                }
            }
        }
    }

    /// Compares what was told of the link with what it is.
    fn link_changed(&mut self, now: Instant) -> Option<PeerEvent> {
        let quiet = now.saturating_duration_since(self.heard_at);
        let link = if !self.rtc.is_alive() {
            Link::Gone
        } else if self.rtc.is_connected() && quiet < SILENCE {
            Link::Up
        } else {
            match self.link {
                Link::Connecting if quiet < CONNECT_WITHIN => Link::Connecting,
                Link::Connecting | Link::Up | Link::Silent => Link::Silent,
                Link::Gone => Link::Gone,
            }
        };
        let before = std::mem::replace(&mut self.link, link);
        match (before, link) {
            (Link::Connecting | Link::Silent, Link::Up) => Some(PeerEvent::Connected),
            (Link::Connecting | Link::Up, Link::Silent | Link::Gone) => Some(PeerEvent::Lost),
            _ => None,
        }
    }

    /// Whether media can flow now.
    pub(crate) fn is_up(&self) -> bool {
        self.link == Link::Up
    }

    fn translate(&mut self, event: Event) -> Option<PeerEvent> {
        match event {
            Event::RtpPacket(packet) => {
                let (stream, generation) = self.stream_of(packet.header.ssrc)?;
                Some(PeerEvent::Packet { stream, generation, packet })
            }
            Event::SenderFeedback(report) => {
                let (_, stream) = *self.incoming.iter().find(|(mid, _)| *mid == report.mid)?;
                let since_1970 = report.sender_info.ntp_time.duration_since(std::time::UNIX_EPOCH).ok()?;
                Some(PeerEvent::Report {
                    stream,
                    unix_ns: i64::try_from(since_1970.as_nanos()).ok()?,
                    rtp_time: wrapped(report.sender_info.rtp_time.numer()),
                    received: report.received_at,
                })
            }
            Event::KeyframeRequest(request) => {
                let slot = self.slots.iter().position(|slot| slot.mid == request.mid)?;
                Some(PeerEvent::KeyframeWanted(slot))
            }
            Event::PeerStats(stats) => self.is_up().then(|| self.measure(&stats)),
            Event::IceConnectionStateChange(state) => {
                if state == IceConnectionState::Disconnected {
                    tracing::debug!("ICE has no valid pair");
                }
                None
            }
            Event::Connected
            | Event::Closed
            | Event::MediaAdded(_)
            | Event::MediaData(_)
            | Event::MediaChanged(_)
            | Event::ChannelOpen(..)
            | Event::ChannelData(_)
            | Event::ChannelClose(_)
            | Event::ChannelBufferedAmountLow(_)
            | Event::MediaIngressStats(_)
            | Event::MediaEgressStats(_)
            | Event::EgressBitrateEstimate(_)
            | Event::StreamPaused(_)
            | Event::AppSpecificFeedback(_)
            | Event::RawPacket(_)
            | _ => None,
        }
    }

    /// Which stream an SSRC carries. A new SSRC on a known line begins a new generation.
    fn stream_of(&mut self, ssrc: Ssrc) -> Option<(Stream, u64)> {
        if let Some((_, stream, generation)) = self.ssrcs.iter().find(|(known, ..)| *known == ssrc) {
            return Some((*stream, *generation));
        }
        let mid = self.rtc.direct_api().stream_rx(&ssrc)?.mid();
        let (_, stream) = *self.incoming.iter().find(|(of, _)| *of == mid)?;
        let generation = self.next_generation;
        self.next_generation += 1;
        self.ssrcs.retain(|(_, other, _)| *other != stream);
        self.ssrcs.push((ssrc, stream, generation));
        Some((stream, generation))
    }

    /// Whether the browser's offer has a line for the stream.
    pub(crate) fn announces(&self, stream: Stream) -> bool {
        self.incoming.iter().any(|(_, announced)| *announced == stream)
    }

    /// Asks the browser for a key frame of one of its pictures. Goes out with the next timeout.
    pub(crate) fn request_keyframe(&mut self, stream: Stream) -> bool {
        let Some((ssrc, ..)) = self.ssrcs.iter().find(|(_, of, _)| *of == stream) else { return false };
        let ssrc = *ssrc;
        let mut api = self.rtc.direct_api();
        let Some(rx) = api.stream_rx(&ssrc) else { return false };
        rx.request_keyframe(KeyframeRequestKind::Pli);
        true
    }

    /// Writes a publisher's packet to a slot; it goes out with the next timeout.
    /// `captured` is when it was captured, on the server's clock: sender reports are made from it.
    pub(crate) fn send(
        &mut self,
        slot: usize,
        stream: Stream,
        generation: u64,
        packet: &RtpPacket,
        captured: Instant,
    ) -> bool {
        // What is written before the keys are there, or into silence, would only pile up.
        if !self.is_up() {
            return false;
        }
        let Some(slot) = self.slots.get_mut(slot) else { return false };
        let Some((ssrc, pt)) = slot.live else { return false };
        let rewritten =
            slot.rewriter.rewrite(generation, *packet.seq_no, packet.header.timestamp, captured, stream.clock_rate());
        let Some((seq, time)) = rewritten else { return false };
        let mut api = self.rtc.direct_api();
        let Some(tx) = api.stream_tx(&ssrc) else { return false };
        let extensions = ExtensionValues {
            audio_level: packet.header.ext_vals.audio_level,
            voice_activity: packet.header.ext_vals.voice_activity,
            ..ExtensionValues::default()
        };
        tx.write_rtp(
            RtpWrite::new(pt, SeqNo::from(seq), time, captured, packet.payload.clone())
                .marker(packet.header.marker)
                .nackable(stream.is_video())
                .ext_vals(extensions),
        );
        true
    }

    /// Ends the transport at once, without a good-bye.
    pub(crate) fn break_off(&mut self) {
        self.rtc.disconnect();
    }

    /// Says good-bye (RTCP BYE, DTLS close) with the next polls.
    pub(crate) fn close(&mut self) {
        if self.rtc.close().is_err() {
            self.rtc.disconnect();
        }
    }

    fn measure(&mut self, stats: &PeerStats) -> PeerEvent {
        // What was forwarded in the last interval and half as much again, so that the estimate can grow past it.
        let sent = stats.bytes_tx.saturating_sub(self.bytes_sent);
        self.bytes_sent = stats.bytes_tx;
        let bits_per_second = sent.saturating_mul(8) / MEASURE_EVERY.as_secs();
        let desired = (bits_per_second + bits_per_second / 2).clamp(300_000, 8_000_000);
        self.rtc.bwe().set_bitrate(Bitrate::ZERO, Bitrate::from(desired));
        let quality = ConnectionQuality {
            round_trip_ms: stats.rtt.and_then(|rtt| u32::try_from(rtt.as_millis()).ok()),
            loss_up: stats.ingress_loss_fraction.unwrap_or(0.0),
            loss_down: stats.egress_loss_fraction.unwrap_or(0.0),
            down_kbps: stats.bwe_tx.and_then(|rate| u32::try_from(rate.as_u64() / 1000).ok()),
        };
        PeerEvent::Quality { quality, sent_kbps: u32::try_from(bits_per_second / 1000).unwrap_or(u32::MAX) }
    }
}

/// The low 32 bits of an extended RTP time.
#[expect(clippy::cast_possible_truncation, reason = "RTP time wraps at 32 bits")]
fn wrapped(extended: u64) -> u32 {
    extended as u32
}
