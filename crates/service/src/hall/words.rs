//! What pages ask of the hall and what the hall tells them: the words of `docs/protocol.md`.

use mingjian_domain::error::{Conflict, Denied, Error, Noun, Unauthenticated};
use mingjian_domain::id::{InterviewId, ParticipantId, RoomId};
use mingjian_domain::interview::Verdict;
use mingjian_domain::recording::journal::Source;
use mingjian_domain::room::NegotiationRefusal;
use serde::Serialize;
use time::OffsetDateTime;

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

/// What the hall tells a page.
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
    /// How the connections of the call are.
    Quality {
        /// One line for each.
        people: Vec<QualityLine>,
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

/// Everything that a page draws.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub enum State {
    /// The link is open.
    Welcome(CustomerState),
    /// In the queue.
    Waiting(CustomerState),
    /// In a call.
    Call(CustomerState),
    /// Over.
    Ended(CustomerState),
    /// A seat's desk.
    Desk(DeskState),
}

/// Everything that a customer's page draws.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CustomerState {
    /// Who the page is.
    pub me: Me,
    /// What was agreed to.
    pub consent: ConsentView,
    /// Where to find TURN.
    pub ice_servers: Vec<IceServer>,
    /// The wait.
    pub queue: Option<WaitView>,
    /// The call.
    pub call: Option<CallView>,
    /// The end.
    pub end: Option<EndView>,
}

/// Everything that a desk draws.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct DeskState {
    /// Who the page is.
    pub me: Me,
    /// Where to find TURN.
    pub ice_servers: Vec<IceServer>,
    /// Whether the seat takes calls.
    pub ready: bool,
    /// Why it does not, if it did not say so itself.
    pub not_ready_why: Option<&'static str>,
    /// The seat's queues.
    pub queues: Vec<QueueView>,
    /// The ring.
    pub ringing: Option<RingView>,
    /// The call.
    pub call: Option<CallView>,
    /// The latest interviews.
    pub recent: Vec<RecentView>,
}

/// Who a page is.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Me {
    /// The id in a room.
    pub participant: ParticipantId,
    /// The name.
    pub name: String,
    /// The login name of a seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub login: Option<String>,
}

/// What was agreed to, and when.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConsentView {
    /// To the recording.
    #[serde(with = "time::serde::rfc3339::option")]
    pub recording_at: Option<OffsetDateTime>,
    /// To the processing of the face.
    #[serde(with = "time::serde::rfc3339::option")]
    pub face_at: Option<OffsetDateTime>,
}

/// A TURN server with credentials of limited time.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct IceServer {
    /// `turn:` URLs.
    pub urls: Vec<String>,
    /// The end of the credentials' time, and for whom.
    pub username: String,
    /// Base64 of HMAC-SHA1 over the user name.
    pub credential: String,
}

/// How a customer waits.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct WaitView {
    /// The queue's name.
    pub name: String,
    /// From 1.
    pub position: usize,
    /// How many wait.
    pub waiting: usize,
    /// How long it may take.
    pub estimated_wait_s: Option<i64>,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub joined_at: OffsetDateTime,
    /// Whether the queue is open.
    pub open: bool,
    /// Whether a seat is being rung.
    pub ringing: bool,
}

/// A call, as everybody in it sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CallView {
    /// The interview.
    pub interview: InterviewId,
    /// The room.
    pub room: RoomId,
    /// The number that people read.
    pub number: String,
    /// `in_call` or `abandoned`.
    pub state: &'static str,
    /// `starting`, `on`, `failed` or `stopped`.
    pub recording: &'static str,
    /// When both sides were there and the recorder ran.
    #[serde(with = "time::serde::rfc3339::option")]
    pub connected_at: Option<OffsetDateTime>,
    /// Who is in it.
    pub people: Vec<PersonView>,
    /// The order; for the seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<OrderView>,
    /// What the customer's check measured; for the seat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check: Option<CheckResult>,
}

/// Somebody in a call.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct PersonView {
    /// Who.
    pub participant: ParticipantId,
    /// The name.
    pub name: String,
    /// `customer`, `seat`, `guest` or `supervisor`.
    pub role: &'static str,
    /// `joining`, `here`, `lost` or `left`.
    pub presence: &'static str,
    /// Since when it is lost.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub lost_at: Option<OffsetDateTime>,
    /// What its owner turned off.
    pub off: Vec<Switched>,
}

/// The order, as the seat sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderView {
    /// The business system's number.
    pub business_no: String,
    /// The product.
    pub product_name: String,
    /// Who is to be seen, papers and numbers masked.
    pub people: Vec<OrderPersonView>,
    /// Further lines.
    pub details: Vec<mingjian_domain::order::Detail>,
}

/// Somebody of the order, as the seat sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct OrderPersonView {
    /// What it is to the order.
    pub role: &'static str,
    /// The name.
    pub name: String,
    /// Kind of paper.
    pub id_type: String,
    /// Masked number of the paper.
    pub id_no: String,
    /// Masked mobile number.
    pub mobile: String,
}

/// How an interview ended for a customer.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct EndView {
    /// `verdict`, `hung_up`, `abandoned`, `recording_failed` or `left_queue`.
    pub why: &'static str,
    /// What the seat decided.
    pub verdict: Option<&'static str>,
    /// Why.
    pub reason: Option<String>,
    /// The number that people read.
    pub number: String,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub ended_at: OffsetDateTime,
    /// Whether the link still works.
    pub may_return: bool,
}

/// One of a seat's queues.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct QueueView {
    /// Its number.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Whether it is open.
    pub open: bool,
    /// How many wait.
    pub waiting: usize,
    /// How long the first has waited, in milliseconds, when this was written.
    pub longest_wait_ms: Option<i64>,
    /// The first fifty.
    pub tickets: Vec<TicketView>,
}

/// A customer who waits, as a seat sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct TicketView {
    /// The interview.
    pub interview: InterviewId,
    /// The customer's name.
    pub name: String,
    /// The product.
    pub product: String,
    /// The business system's number.
    pub business_no: String,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub waiting_since: OffsetDateTime,
    /// Without a connection.
    pub lost: bool,
}

/// A ring.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RingView {
    /// The interview.
    pub interview: InterviewId,
    /// The queue's name.
    pub queue: String,
    /// The customer's name.
    pub name: String,
    /// The product.
    pub product: String,
    /// The business system's number.
    pub business_no: String,
    /// Since when the customer waits.
    #[serde(with = "time::serde::rfc3339")]
    pub waiting_since: OffsetDateTime,
    /// When the ring passes on.
    #[serde(with = "time::serde::rfc3339")]
    pub rings_until: OffsetDateTime,
}

/// One of the latest interviews of a seat.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RecentView {
    /// The interview.
    pub interview: InterviewId,
    /// The customer's name.
    pub name: String,
    /// The business system's number.
    pub business_no: String,
    /// How far it is.
    pub state: &'static str,
    /// What was decided.
    pub verdict: Option<&'static str>,
    /// When it ended or was given up.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
    /// Whether the seat may call back.
    pub may_call_back: bool,
}

impl Tell {
    /// The refusal of a request.
    #[must_use]
    pub fn refusal(re: Option<u64>, error: &Error) -> Self {
        let opens_at = match error {
            Error::Conflict(Conflict::QueueClosed { opens_at }) => *opens_at,
            Error::Conflict(_)
            | Error::Invalid(_)
            | Error::Unauthenticated(_)
            | Error::Denied(_)
            | Error::Missing(_)
            | Error::Busy { .. }
            | Error::Full
            | Error::Fault(_) => None,
        };
        Self::Error { re, code: code(error), message: error.to_string(), opens_at }
    }

    /// The refusal of an offer.
    #[must_use]
    pub fn negotiation_refusal(re: Option<u64>, refusal: &NegotiationRefusal) -> Self {
        let (code, message) = match refusal {
            NegotiationRefusal::RoomNotOpen => ("not_in_call", Conflict::NotInCall.to_string()),
            NegotiationRefusal::RoomFull => ("room_full", "房间人数已满,请稍后再试".into()),
            NegotiationRefusal::NoH264 => {
                ("no_h264", "当前浏览器不支持 H.264 视频,请换用 Chrome、Edge、Safari 或更新浏览器后重试".into())
            }
            NegotiationRefusal::NoOpus => ("no_opus", "当前浏览器不支持 Opus 音频,请换用 Chrome、Edge 或 Safari 后重试".into()),
            NegotiationRefusal::Malformed(_) => ("malformed", "连接参数无效,请刷新页面后重试".into()),
        };
        Self::Error { re, code, message, opens_at: None }
    }
}

/// The protocol's word for an error.
fn code(error: &Error) -> &'static str {
    match error {
        Error::Invalid(_) => "invalid",
        Error::Unauthenticated(why) => match why {
            Unauthenticated::NoCredentials | Unauthenticated::WrongSecret => "not_logged_in",
            Unauthenticated::Expired => "login_expired",
            Unauthenticated::Locked { .. } => "locked",
        },
        Error::Denied(why) => match why {
            Denied::NotEntitled => "not_entitled",
            Denied::NoCsrfToken => "no_csrf_token",
            Denied::ForeignOrigin => "foreign_origin",
        },
        Error::Missing(Noun::Invitation) => "link_unknown",
        Error::Missing(
            Noun::Path
            | Noun::Order
            | Noun::Queue
            | Noun::Interview
            | Noun::Recording
            | Noun::Callback
            | Noun::Tenant
            | Noun::User,
        ) => "missing",
        Error::Conflict(why) => conflict_code(why),
        Error::Busy { .. } => "busy",
        Error::Full => "full",
        Error::Fault(_) => "fault",
    }
}

fn conflict_code(why: &Conflict) -> &'static str {
    match why {
        Conflict::NameTaken(_) => "name_taken",
        Conflict::LinkExpired => "link_expired",
        Conflict::LinkUsed => "link_used",
        Conflict::LinkInUse => "in_use",
        Conflict::ConsentMissing => "consent_missing",
        Conflict::QueueClosed { .. } => "queue_closed",
        Conflict::AlreadyWaiting => "already_waiting",
        Conflict::RingOver => "ring_over",
        Conflict::InCall => "in_call",
        Conflict::NotInCall => "not_in_call",
        Conflict::CustomerElsewhere => "customer_elsewhere",
        Conflict::ReasonMissing => "reason_missing",
        Conflict::AlreadyDecided => "already_decided",
        Conflict::WrongState => "wrong_state",
    }
}
