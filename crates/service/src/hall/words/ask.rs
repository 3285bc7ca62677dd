//! What pages ask.

use mingjian_domain::id::{InterviewId, ParticipantId};
use mingjian_domain::interview::Verdict;
use mingjian_domain::recording::journal::Source;
use serde::Serialize;

/// What a customer's page asks.
#[derive(Debug, Clone, PartialEq)]
pub enum CustomerAsk {
    /// Agrees to the recording, and to the processing of the face or not.
    Consent {
        /// To sound and picture being recorded.
        recording: bool,
        /// To the face being processed.
        face: bool,
    },
    /// Tells what the device and network check measured.
    Check(CheckResult),
    /// Joins the queue.
    Enqueue,
    /// Leaves the queue.
    LeaveQueue,
    /// Ends its part in the call.
    HangUp,
    /// Opens the connection that measures the network.
    CheckOffer {
        /// SDP offer.
        sdp: String,
    },
    /// Media, the same for everybody.
    Media(MediaAsk),
}

/// What a seat's page asks.
#[derive(Debug, Clone, PartialEq)]
pub enum SeatAsk {
    /// Turns the switch.
    Ready {
        /// Whether it takes calls.
        on: bool,
    },
    /// Answers a ring.
    Accept {
        /// Whose.
        interview: InterviewId,
    },
    /// Refuses a ring.
    Refuse {
        /// Whose.
        interview: InterviewId,
    },
    /// Decides.
    Verdict {
        /// What about.
        interview: InterviewId,
        /// What.
        verdict: Verdict,
        /// Why.
        reason: Option<String>,
    },
    /// Ends the call without a verdict.
    HangUp {
        /// Which.
        interview: InterviewId,
    },
    /// Calls an abandoned customer back.
    CallBack {
        /// Which interview.
        interview: InterviewId,
    },
    /// Media, the same for everybody.
    Media(MediaAsk),
}

/// What a page of a room without a queue asks.
#[derive(Debug, Clone, PartialEq)]
pub enum GuestAsk {
    /// Goes.
    Leave,
    /// Has somebody's microphone turned off.
    Mute {
        /// Whose.
        participant: ParticipantId,
    },
    /// Has somebody parted for good.
    Remove {
        /// Whom.
        participant: ParticipantId,
    },
    /// Lets nobody new in, or lets people in again.
    Lock {
        /// Whether it is locked now.
        on: bool,
    },
    /// Has the room recorded, or ends that.
    Record {
        /// Whether it is to be recorded.
        on: bool,
    },
    /// Closes the room.
    End,
    /// Media, the same for everybody.
    Media(MediaAsk),
}

/// What everybody in a call asks.
#[derive(Debug, Clone, PartialEq)]
pub enum MediaAsk {
    /// Connects, or connects anew.
    Offer {
        /// SDP offer.
        sdp: String,
    },
    /// Answers the server's offer.
    Answer {
        /// SDP answer.
        sdp: String,
    },
    /// Turned a source off or on.
    Switch {
        /// Which.
        source: Switched,
        /// Whether it is on now.
        on: bool,
    },
}

/// A source that its owner can turn off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Switched {
    /// The sound.
    Microphone,
    /// The picture.
    Camera,
    /// The shared screen.
    Screen,
}

impl Switched {
    /// The picture that is switched, if it is one.
    #[must_use]
    pub const fn picture(self) -> Option<Source> {
        match self {
            Self::Microphone => None,
            Self::Camera => Some(Source::Camera),
            Self::Screen => Some(Source::Screen),
        }
    }
}

/// What the device and network check measured.
#[derive(Debug, Clone, PartialEq, Serialize, serde::Deserialize)]
pub struct CheckResult {
    /// `ok` or the cause.
    pub camera: String,
    /// `ok` or the cause.
    pub microphone: String,
    /// Round trip, in milliseconds.
    pub round_trip_ms: Option<f64>,
    /// Share of packets lost, 0 to 1.
    pub loss: Option<f64>,
    /// Throughput towards the server, in kbit/s.
    pub up_kbps: Option<f64>,
    /// Throughput from the server, in kbit/s.
    pub down_kbps: Option<f64>,
}
