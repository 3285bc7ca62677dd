//! What a media line carries, in the words of SDP and RTP.

use mingjian_domain::recording::journal::Source;

use crate::recorder::Stream;

/// Every stream a participant can send, in the order of its offer.
pub(crate) const STREAMS: [Stream; 3] = [Stream::Microphone, Stream::Camera, Stream::Screen];

impl Stream {
    /// The track id in a server offer.
    #[must_use]
    pub const fn track_id(self) -> &'static str {
        match self {
            Self::Microphone => "microphone",
            Self::Camera => "camera",
            Self::Screen => "screen",
        }
    }

    /// Ticks a second of the RTP timestamp (RFC 7587 section 4.1, RFC 6184 section 5.1).
    #[must_use]
    pub const fn clock_rate(self) -> u32 {
        match self {
            Self::Microphone => 48_000,
            Self::Camera | Self::Screen => 90_000,
        }
    }

    /// Whether it is a picture.
    #[must_use]
    pub const fn is_video(self) -> bool {
        match self {
            Self::Microphone => false,
            Self::Camera | Self::Screen => true,
        }
    }

    /// The source it belongs to in a recording: the microphone goes with the camera.
    #[must_use]
    pub const fn source(self) -> Source {
        match self {
            Self::Microphone | Self::Camera => Source::Camera,
            Self::Screen => Source::Screen,
        }
    }

    /// Place in an array of three.
    pub(crate) const fn index(self) -> usize {
        match self {
            Self::Microphone => 0,
            Self::Camera => 1,
            Self::Screen => 2,
        }
    }

    /// The picture of a source.
    pub(crate) const fn picture_of(source: Source) -> Self {
        match source {
            Source::Camera => Self::Camera,
            Source::Screen => Self::Screen,
        }
    }
}
