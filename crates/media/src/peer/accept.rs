//! Taking a browser's offer: what is negotiated and what is refused.

use std::net::SocketAddr;
use std::time::Instant;

use mingjian_domain::room::NegotiationRefusal;
use str0m::bwe::Bitrate;
use str0m::change::SdpOffer;
use str0m::config::DtlsCert;
use str0m::media::Pt;
use str0m::net::TcpType;
use str0m::rtp::{Extension, ExtensionMap};
use str0m::{Candidate, IceCreds, Rtc, RtcConfig};

use super::{Link, MEASURE_EVERY, Peer};
use crate::recorder::Stream;
use crate::sdp::{self, Kind};
use crate::shard::RoomKey;

/// Where the estimate of the bandwidth towards a browser starts.
const FIRST_ESTIMATE: Bitrate = Bitrate::kbps(1_000);

/// Sent packets kept for repair, at most; the age is limited too, see `negotiate`.
const SENT_VIDEO: usize = 512;
const SENT_AUDIO: usize = 16;

/// H.264 payload types when the browser has no wish of its own: Constrained Baseline 3.1, then Baseline, both with packetization mode 1.
/// Constrained Baseline pictures are valid Baseline pictures, and some browsers name only the latter.
const H264: [(Pt, Pt, u32); 2] = [
    (Pt::new_with_value(108), Pt::new_with_value(109), 0x0042_e01f),
    (Pt::new_with_value(110), Pt::new_with_value(112), 0x0042_001f),
];

/// What all peers of a shard have in common.
#[derive(Debug, Clone)]
pub(crate) struct PeerConfig {
    rtc: RtcConfig,
    udp: Vec<SocketAddr>,
    tcp: Vec<SocketAddr>,
}

impl PeerConfig {
    /// `udp` and `tcp` are the addresses under which browsers reach the server.
    pub(crate) fn new(certificate: DtlsCert, udp: Vec<SocketAddr>, tcp: Vec<SocketAddr>) -> Self {
        // No video orientation: without it browsers turn the picture themselves, so the recording is upright too.
        let mut extensions = ExtensionMap::empty();
        extensions.set(1, Extension::AudioLevel);
        extensions.set(3, Extension::TransportSequenceNumber);
        extensions.set(4, Extension::RtpMid);
        let mut rtc = RtcConfig::new()
            .clear_codecs()
            .enable_opus(true, false)
            .set_extension_map(extensions)
            .set_ice_lite(true)
            .set_rtp_mode(true)
            .set_dtls_cert(certificate)
            .set_stats_interval(Some(MEASURE_EVERY))
            .enable_bwe(Some(FIRST_ESTIMATE))
            .set_send_buffer_video(SENT_VIDEO)
            .set_send_buffer_audio(SENT_AUDIO);
        for (pt, rtx, profile) in H264 {
            rtc.codec_config().add_h264(pt, Some(rtx), true, profile);
        }
        Self { rtc, udp, tcp }
    }

    fn candidates(&self) -> impl Iterator<Item = Candidate> + '_ {
        let udp = self.udp.iter().map(|address| Candidate::host(*address, "udp"));
        let tcp =
            self.tcp.iter().map(|address| Candidate::builder().tcp().host(*address).tcptype(TcpType::Passive).build());
        udp.chain(tcp).filter_map(Result::ok)
    }
}

impl Peer {
    /// A transport for the browser that made `offer`, and the answer to it.
    /// `serial` rises with every peer of the shard.
    ///
    /// # Errors
    ///
    /// The offer is not SDP, or a line of it has no codec that we take.
    pub(crate) fn accept(
        config: &PeerConfig,
        credentials: IceCreds,
        room: RoomKey,
        offer: &str,
        serial: u64,
        now: Instant,
    ) -> Result<(Self, String), NegotiationRefusal> {
        let malformed = |error: &dyn std::fmt::Display| NegotiationRefusal::Malformed(error.to_string());
        let parsed = SdpOffer::from_sdp_string(offer).map_err(|error| malformed(&error))?;
        let sections = sdp::sections(offer);
        if !sections.iter().any(|section| section.kind != Kind::Other) {
            return Err(malformed(&"it has no audio and no video line"));
        }
        let ufrag = credentials.ufrag.clone();
        let mut rtc: Rtc = config.rtc.clone().set_local_ice_credentials(credentials).build(now);
        for candidate in config.candidates() {
            rtc.add_local_candidate(candidate);
        }
        let answer = rtc.sdp_api().accept_offer(parsed).map_err(|error| malformed(&error))?;

        let mut streams = (vec![Stream::Microphone].into_iter(), vec![Stream::Camera, Stream::Screen].into_iter());
        let mut incoming = Vec::new();
        for section in sections {
            let (stream, refusal) = match section.kind {
                Kind::Audio => (streams.0.next(), NegotiationRefusal::NoOpus),
                Kind::Video => (streams.1.next(), NegotiationRefusal::NoH264),
                Kind::Other => continue,
            };
            // Only codecs of ours can have matched.
            if rtc.media(section.mid).is_none_or(|media| media.remote_pts().is_empty()) {
                return Err(refusal);
            }
            incoming.extend(stream.map(|stream| (section.mid, stream)));
        }

        let peer = Self {
            room,
            ufrag,
            rtc,
            link: Link::Connecting,
            heard_at: now,
            path: None,
            rtc_deadline: now,
            incoming,
            ssrcs: Vec::new(),
            // Room for 65,536 changes of SSRC in one connection.
            next_generation: serial << 16,
            slots: Vec::new(),
            open_offer: None,
            refused_answers: 0,
            bytes_sent: 0,
        };
        Ok((peer, answer.to_sdp_string()))
    }
}
