//! What pages are told.

use mingjian_domain::id::ParticipantId;
use serde::Serialize;
use time::OffsetDateTime;

use super::{State, Switched};

/// What a page is told.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum Tell {
    /// A request was carried out.
    Ok {
        /// Its id.
        re: u64,
    },
    /// A request was not carried out.
    Error {
        /// Its id.
        #[serde(skip_serializing_if = "Option::is_none")]
        re: Option<u64>,
        /// A word for the program.
        code: &'static str,
        /// A sentence for the person.
        message: String,
        /// When the queue opens.
        #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
        opens_at: Option<OffsetDateTime>,
    },
    /// The SDP answer to an offer.
    Answer {
        /// The offer's request id.
        re: u64,
        /// SDP answer.
        sdp: String,
    },
    /// The SDP answer to the network check's offer.
    CheckAnswer {
        /// The offer's request id.
        re: u64,
        /// SDP answer.
        sdp: String,
    },
    /// The server's SDP offer.
    Offer {
        /// SDP offer.
        sdp: String,
    },
    /// Everything that a page draws.
    State(Box<State>),
    /// Somebody who directs the room wants the page's own source turned off.
    Mute {
        /// Which.
        source: Switched,
    },
    /// How the connections of the call are.
    Quality {
        /// One line for each.
        people: Vec<QualityLine>,
    },
    /// How much the page's pictures together may be, in kbit/s; none for as much as it likes.
    Limit {
        /// At most this much.
        video_kbps: Option<u32>,
    },
    /// The heartbeat's echo.
    Pong,
    /// The connection is closed with this code. Not a frame.
    #[serde(skip)]
    Close(CloseCode),
}

/// Why the server closes a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CloseCode {
    /// No hello in time.
    NoHello,
    /// Not logged in, or the link is unknown.
    Unknown,
    /// Another device or tab took over.
    TakenOver,
    /// The link is expired or used up.
    LinkOver,
    /// The protocol was broken too often.
    Broken,
    /// The server stops; come back at once.
    Restart,
}

impl CloseCode {
    /// The number on the wire.
    #[must_use]
    pub const fn number(self) -> u16 {
        match self {
            Self::NoHello => 4000,
            Self::Unknown => 4001,
            Self::TakenOver => 4003,
            Self::LinkOver => 4004,
            Self::Broken => 1008,
            Self::Restart => 1012,
        }
    }
}

/// How one connection of the call is.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct QualityLine {
    /// Whose.
    pub participant: ParticipantId,
    /// Round trip, in milliseconds.
    pub round_trip_ms: Option<u32>,
    /// Share lost towards the server, 0 to 1.
    pub loss_up: f32,
    /// Share lost from the server, 0 to 1.
    pub loss_down: f32,
    /// Estimated bandwidth from the server, in kbit/s.
    pub down_kbps: Option<u32>,
}
