//! A browser's part of a call: offers, answers the server's offers, publishes a clip, keeps what it hears and sees.
//!
//! A machine without I/O, like the server's own: datagrams and moments go in, datagrams come out. Signalling is three calls.

mod heard;
mod script;

use std::collections::VecDeque;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use str0m::bwe::Bitrate;
use str0m::change::{SdpAnswer, SdpOffer, SdpPendingOffer};
use str0m::media::{Direction, MediaKind, Mid};
use str0m::net::{Protocol, Receive, TcpType};
use str0m::rtp::{ExtensionValues, RtpWrite, SeqNo};
use str0m::{Candidate, Event, Input, Output, Rtc, RtcConfig};

use crate::clip::Clip;
pub use heard::{Heard, HeardPacket};
pub use script::Line;
use script::Script;

/// Which codecs a client offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Codecs {
    /// Opus and H.264 Constrained Baseline.
    OpusAndH264,
    /// Opus and VP8: a browser without H.264.
    OpusAndVp8,
    /// PCMU and H.264: a browser without Opus.
    PcmuAndH264,
}

/// What a client is made with.
#[derive(Debug, Clone)]
pub struct ClientConfig {
    /// Its own address.
    pub local: SocketAddr,
    /// Whether it connects over TCP instead of UDP.
    pub tcp: bool,
    /// What it plays.
    pub clip: Arc<Clip>,
    /// What it sends once it is connected. Its offer always has all three lines.
    pub publish: Vec<Line>,
    /// What it offers.
    pub codecs: Codecs,
    /// Whether it keeps the payloads it hears, or only counts them.
    pub keep: bool,
    /// Added to every RTP timestamp and sequence number it sends.
    pub rtp_offset: u32,
}

impl ClientConfig {
    /// A client over UDP that sends microphone and camera and keeps what it hears.
    #[must_use]
    pub fn new(local: SocketAddr, clip: Arc<Clip>) -> Self {
        let publish = vec![Line::Microphone, Line::Camera];
        Self { local, tcp: false, clip, publish, codecs: Codecs::OpusAndH264, keep: true, rtp_offset: 1_000 }
    }
}

/// A datagram to send; over TCP the driver puts its length in front (RFC 4571).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sent {
    /// From where.
    pub source: SocketAddr,
    /// Where to.
    pub destination: SocketAddr,
    /// The datagram.
    pub bytes: Vec<u8>,
}

/// A browser's part of a call.
pub struct Client {
    config: ClientConfig,
    rtc: Rtc,
    lines: Vec<(Mid, Line)>,
    open_offer: Option<SdpPendingOffer>,
    script: Script,
    heard: Vec<Heard>,
    out: VecDeque<Sent>,
    rtc_deadline: Instant,
    connected_at: Option<Instant>,
    closed: bool,
    keyframes_asked: u64,
    picture_share: f64,
}

impl Client {
    /// A client that has not yet made its offer.
    #[must_use]
    pub fn new(config: ClientConfig, now: Instant) -> Self {
        let mut rtc = rtc_config(config.codecs).build(now);
        let candidate = if config.tcp {
            Candidate::builder().tcp().host(config.local).tcptype(TcpType::Active).build()
        } else {
            Candidate::host(config.local, "udp")
        };
        rtc.add_local_candidate(candidate.expect("the local address can be a candidate"));
        let script = Script::new(config.clip.clone(), config.rtp_offset);
        Self {
            config,
            rtc,
            lines: Vec::new(),
            open_offer: None,
            script,
            heard: Vec::new(),
            out: VecDeque::new(),
            rtc_deadline: now,
            connected_at: None,
            closed: false,
            keyframes_asked: 0,
            picture_share: 1.0,
        }
    }

    /// The offer: send-only microphone, camera and screen, in this order.
    pub fn offer(&mut self) -> String {
        let mut api = self.rtc.sdp_api();
        for line in [Line::Microphone, Line::Camera, Line::Screen] {
            let kind = if line == Line::Microphone { MediaKind::Audio } else { MediaKind::Video };
            self.lines.push((api.add_media(kind, Direction::SendOnly, None, None, None), line));
        }
        let (offer, pending) = api.apply().expect("lines were added");
        self.open_offer = Some(pending);
        offer.to_sdp_string()
    }

    /// Takes the answer to the offer.
    ///
    /// # Panics
    ///
    /// The text is not an answer to it: the test has failed.
    pub fn accept_answer(&mut self, answer: &str) {
        let answer = SdpAnswer::from_sdp_string(answer).expect("the answer is SDP");
        let pending = self.open_offer.take().expect("an offer is open");
        self.rtc.sdp_api().accept_answer(pending, answer).expect("the answer fits the offer");
        for (mid, line) in &self.lines {
            // Browsers set no limit to repair; str0m would stop at 15 % of what is sent.
            if *line != Line::Microphone
                && let Some(tx) = self.rtc.direct_api().stream_tx_by_mid(*mid, None)
            {
                tx.set_rtx_cache(1_000, Duration::from_secs(3), None);
            }
        }
    }

    /// Takes an offer of the server and answers it.
    ///
    /// # Panics
    ///
    /// The text is not an offer that can be taken: the test has failed.
    pub fn accept_offer(&mut self, offer: &str) -> String {
        heard::note_owners(&mut self.heard, offer);
        let offer = SdpOffer::from_sdp_string(offer).expect("the offer is SDP");
        self.rtc.sdp_api().accept_offer(offer).expect("the offer can be taken").to_sdp_string()
    }

    /// Takes a datagram from `source`.
    pub fn handle_datagram(&mut self, source: SocketAddr, bytes: &[u8], now: Instant) {
        let protocol = if self.config.tcp { Protocol::Tcp } else { Protocol::Udp };
        if let Ok(datagram) = Receive::new(protocol, source, self.config.local, bytes) {
            // What cannot be used is lost, as in a browser.
            let _ = self.rtc.handle_input(Input::Receive(now, datagram));
        }
        self.poll_rtc(now);
    }

    /// Lets time pass: what is due of the clip is sent.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.connected_at.is_some() && !self.closed {
            while let Some(mut due) = self.script.due(now, &self.config.publish) {
                if due.line != Line::Microphone && self.picture_share < 1.0 {
                    let bytes = (due.payload.len() as f64 * self.picture_share).ceil() as usize;
                    due.payload = due.payload[..bytes.clamp(1, due.payload.len())].into();
                }
                let Some((mid, _)) = self.lines.iter().find(|(_, line)| *line == due.line) else { continue };
                let codec_of_line = self.rtc.media(*mid).and_then(|media| media.remote_pts().first().copied());
                let (Some(pt), Some(tx)) =
                    (codec_of_line, self.rtc.direct_api().stream_tx_by_mid(*mid, None).map(|tx| tx.ssrc()))
                else {
                    continue;
                };
                let extensions = if due.line == Line::Microphone {
                    ExtensionValues { audio_level: Some(-30), voice_activity: Some(true), ..ExtensionValues::default() }
                } else {
                    ExtensionValues::default()
                };
                let write = RtpWrite::new(pt, SeqNo::from(due.seq), due.rtp_time, due.captured, due.payload)
                    .marker(due.marker)
                    .nackable(due.line != Line::Microphone)
                    .ext_vals(extensions);
                if let Some(tx) = self.rtc.direct_api().stream_tx(&tx) {
                    tx.write_rtp(write);
                }
            }
        }
        let _ = self.rtc.handle_input(Input::Timeout(now));
        self.poll_rtc(now);
    }

    /// When [`Self::handle_timeout`] must be called next.
    #[must_use]
    pub fn poll_timeout(&self) -> Instant {
        match self.script.next_due(&self.config.publish) {
            Some(at) if self.connected_at.is_some() && !self.closed => self.rtc_deadline.min(at),
            _ => self.rtc_deadline,
        }
    }

    /// The next datagram to send.
    pub fn poll_output(&mut self) -> Option<Sent> {
        self.out.pop_front()
    }

    fn poll_rtc(&mut self, now: Instant) {
        while self.rtc.is_alive() {
            match self.rtc.poll_output() {
                Ok(Output::Timeout(at)) => {
                    self.rtc_deadline = at;
                    return;
                }
                Ok(Output::Transmit(transmit)) => {
                    self.out.push_back(Sent {
                        source: transmit.source,
                        destination: transmit.destination,
                        bytes: transmit.contents.into(),
                    });
                }
                Ok(Output::Event(event)) => self.handle_event(event, now),
                Err(_) => self.rtc.disconnect(),
            }
        }
        self.closed = true;
        // Nothing will ever happen again; the day is only to have a moment to name.
        self.rtc_deadline = now + Duration::from_secs(86_400);
    }

    fn handle_event(&mut self, event: Event, now: Instant) {
        match event {
            Event::Connected => {
                self.connected_at.get_or_insert(now);
                self.script.start(now);
            }
            Event::KeyframeRequest(request) => {
                self.keyframes_asked += 1;
                if let Some((_, line)) = self.lines.iter().find(|(mid, _)| *mid == request.mid) {
                    self.script.jump_to_key(*line);
                }
            }
            Event::RtpPacket(packet) => {
                let Some(mid) = self.rtc.direct_api().stream_rx(&packet.header.ssrc).map(|rx| rx.mid()) else { return };
                if let Some(heard) = self.heard.iter_mut().find(|heard| heard.mid == mid) {
                    heard.take(&packet, self.config.keep);
                }
            }
            Event::SenderFeedback(report) => {
                if let Some(heard) = self.heard.iter_mut().find(|heard| heard.mid == report.mid) {
                    heard.report = Some((report.sender_info.ntp_time, report.sender_info.rtp_time.numer()));
                }
            }
            Event::Closed => self.closed = true,
            Event::IceConnectionStateChange(_)
            | Event::MediaAdded(_)
            | Event::MediaData(_)
            | Event::MediaChanged(_)
            | Event::ChannelOpen(..)
            | Event::ChannelData(_)
            | Event::ChannelClose(_)
            | Event::ChannelBufferedAmountLow(_)
            | Event::PeerStats(_)
            | Event::MediaIngressStats(_)
            | Event::MediaEgressStats(_)
            | Event::EgressBitrateEstimate(_)
            | Event::StreamPaused(_)
            | Event::AppSpecificFeedback(_)
            | Event::RawPacket(_)
            | _ => {}
        }
    }

    /// Asks the publisher of a line for a key frame, as a browser does that cannot decode.
    pub fn request_keyframe(&mut self, mid: Mid) {
        let api = &mut self.rtc.direct_api();
        if let Some(rx) = api.stream_rx_by_mid(mid, None) {
            rx.request_keyframe(str0m::media::KeyframeRequestKind::Pli);
        }
    }

    /// Sends its pictures smaller from now on, `share` of their bytes, as a browser does that is told to send less. Nobody can decode them.
    pub fn shrink_pictures(&mut self, share: f64) {
        self.picture_share = share;
    }

    /// Moves to another address, as a phone does that changes its network. The checks of the next round come from there.
    pub fn move_to(&mut self, local: SocketAddr) {
        let old = Candidate::host(self.config.local, "udp").expect("it was a candidate");
        self.rtc.direct_api().invalidate_candidate(&old);
        self.config.local = local;
        self.rtc.add_local_candidate(Candidate::host(local, "udp").expect("the local address can be a candidate"));
    }

    /// Changes what is sent, at once: a camera is turned off and on, a screen is shared.
    pub fn publish(&mut self, lines: &[Line]) {
        self.script.skip_to_now(lines);
        self.config.publish = lines.to_vec();
    }

    /// Falls silent without a word, for good, as a page that is gone.
    pub fn hush(&mut self) {
        self.rtc.disconnect();
        self.closed = true;
        self.out.clear();
    }

    /// What came over each line that the server offered, in the order of the offers.
    #[must_use]
    pub fn heard(&self) -> &[Heard] {
        &self.heard
    }

    /// What came of one source of one publisher.
    #[must_use]
    pub fn heard_of(&self, publisher: &str, track: &str) -> Option<&Heard> {
        self.heard.iter().find(|heard| heard.publisher == publisher && heard.track == track)
    }

    /// How many packets of a line were sent.
    #[must_use]
    pub fn sent(&self, line: Line) -> u64 {
        self.script.sent(line)
    }

    /// When what it sends with this RTP time was captured; none before it began to send.
    #[must_use]
    pub fn captured(&self, line: Line, rtp_time: u32) -> Option<Instant> {
        self.script.captured(line, rtp_time)
    }

    /// When the latest packet of a line that was sent was captured; none before the first.
    #[must_use]
    pub fn last_captured(&self, line: Line) -> Option<Instant> {
        self.script.last_captured(line)
    }

    /// When the transport came up.
    #[must_use]
    pub const fn connected_at(&self) -> Option<Instant> {
        self.connected_at
    }

    /// Whether the server said good-bye or the transport failed.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        self.closed
    }

    /// How many key frames the server asked for.
    #[must_use]
    pub const fn keyframes_asked(&self) -> u64 {
        self.keyframes_asked
    }

    /// Its own address.
    #[must_use]
    pub const fn local(&self) -> SocketAddr {
        self.config.local
    }
}

fn rtc_config(codecs: Codecs) -> RtcConfig {
    let mut config = RtcConfig::new().clear_codecs().set_rtp_mode(true).enable_bwe(Some(Bitrate::kbps(2_000)));
    match codecs {
        Codecs::OpusAndH264 | Codecs::OpusAndVp8 => config = config.enable_opus(true, false),
        Codecs::PcmuAndH264 => config = config.enable_pcmu(true, false),
    }
    match codecs {
        Codecs::OpusAndH264 | Codecs::PcmuAndH264 => {
            config.codec_config().add_h264(102.into(), Some(103.into()), true, 0x0042_e01f);
        }
        Codecs::OpusAndVp8 => config = config.enable_vp8(true),
    }
    config
}
