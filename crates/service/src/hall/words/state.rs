//! What a page draws: one snapshot with everything in it.

use mingjian_domain::id::{InterviewId, ParticipantId, RoomId};
use serde::Serialize;
use time::OffsetDateTime;

use super::{CheckResult, Switched};

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
    /// In a room without a queue.
    Room(GuestState),
    /// Not in it any more.
    Left(GuestState),
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
    /// `customer`, `seat`, `guest`, `supervisor` or `host`.
    pub role: &'static str,
    /// `joining`, `here`, `lost` or `left`.
    pub presence: &'static str,
    /// Since when it is lost.
    #[serde(with = "time::serde::rfc3339::option", skip_serializing_if = "Option::is_none")]
    pub lost_at: Option<OffsetDateTime>,
    /// What its owner turned off.
    pub off: Vec<Switched>,
}

/// Everything that a page of a room without a queue draws.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GuestState {
    /// Who the page is.
    pub me: Me,
    /// Where to find TURN.
    pub ice_servers: Vec<IceServer>,
    /// The room.
    pub room: Option<RoomView>,
    /// Why it is not in the room any more.
    pub end: Option<LeftView>,
}

/// A room without a queue, as somebody in it sees it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RoomView {
    /// The room.
    pub room: RoomId,
    /// The number that people dial.
    pub number: Option<String>,
    /// The name.
    pub name: String,
    /// What the page is to the room.
    pub role: &'static str,
    /// Whether it may mute, part, lock and end.
    pub directs: bool,
    /// Whether it may have the room recorded.
    pub may_record: bool,
    /// Whether the room takes offers. One that must be recorded does while it is.
    pub open: bool,
    /// Since when the room is open.
    #[serde(with = "time::serde::rfc3339")]
    pub opened_at: OffsetDateTime,
    /// Whether nobody new is let in.
    pub locked: bool,
    /// `off`, `starting`, `on` or `failed`.
    pub recording: &'static str,
    /// Since when it is on.
    #[serde(with = "time::serde::rfc3339::option")]
    pub recording_since: Option<OffsetDateTime>,
    /// Whether it is shown live.
    pub live: bool,
    /// Who is in it.
    pub people: Vec<PersonView>,
}

/// Why somebody is not in a room any more.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LeftView {
    /// `left`, `removed`, `away`, `ended` or `empty`.
    pub why: &'static str,
    /// When.
    #[serde(with = "time::serde::rfc3339")]
    pub at: OffsetDateTime,
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
