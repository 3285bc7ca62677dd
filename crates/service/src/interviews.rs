//! Interviews as others see them: the list, and the view that lists and callbacks share.

use mingjian_domain::error::{Error, Result};
use mingjian_domain::interview::{Outcome, State};
pub use mingjian_store::InterviewFilter;
use mingjian_store::{InterviewRow, Page, Paged};
use serde::Serialize;
use time::OffsetDateTime;

use crate::Service;
use crate::access::{Caller, Sight};

/// The words of [`State`], for callers who ask for one.
const STATES: [&str; 5] = ["waiting", "ringing", "in_call", "ended", "abandoned"];

/// An interview, as the API and the callbacks show it.
#[derive(Debug, Clone, Serialize)]
pub struct InterviewView {
    /// Its id.
    pub id: String,
    /// `remote`: a customer and a seat, each at an own place.
    pub kind: &'static str,
    /// `waiting`, `ringing`, `in_call`, `ended`, `abandoned`.
    pub state: &'static str,
    /// What people read, such as `20261123-000017`.
    pub number: String,
    /// Of its order.
    pub business_no: String,
    /// Name of the main person.
    pub customer: String,
    /// Name of the seat, once one is rung.
    pub seat: Option<String>,
    /// Number of the queue.
    pub queue: String,
    /// `pass`, `refuse`, `supplement`; none while there is none.
    pub verdict: Option<&'static str>,
    /// The seat's reason.
    pub reason: Option<String>,
    /// The recording, once somebody answered.
    pub recording_id: Option<String>,
    /// From joining the queue to the answer.
    pub wait_ms: Option<i64>,
    /// When the customer joined the queue.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When the recorder ran and both could see each other.
    #[serde(with = "time::serde::rfc3339::option")]
    pub connected_at: Option<OffsetDateTime>,
    /// When it was over; for an abandoned one when it was given up.
    #[serde(with = "time::serde::rfc3339::option")]
    pub ended_at: Option<OffsetDateTime>,
}

impl From<InterviewRow> for InterviewView {
    fn from(row: InterviewRow) -> Self {
        let interview = row.interview;
        let (verdict, reason) = match &interview.state {
            State::Ended { outcome: Outcome::Verdict { verdict, reason }, .. } => {
                (Some(verdict.word()), reason.clone())
            }
            State::Ended { outcome: Outcome::HungUp | Outcome::LeftQueue | Outcome::RecordingFailed, .. }
            | State::Waiting
            | State::Ringing { .. }
            | State::InCall(_)
            | State::Abandoned { .. } => (None, None),
        };
        let ended_at = match interview.state {
            State::Ended { at, .. } | State::Abandoned { at, .. } => Some(at),
            State::Waiting | State::Ringing { .. } | State::InCall(_) => None,
        };
        Self {
            id: interview.id.to_string(),
            kind: "remote",
            state: interview.state.word(),
            number: interview.number,
            business_no: row.business_no,
            customer: row.customer_name,
            seat: row.seat_name,
            queue: row.queue_number,
            verdict,
            reason,
            recording_id: interview.recording.map(|id| id.to_string()),
            wait_ms: interview.wait_ms,
            created_at: interview.joined_at,
            connected_at: interview.state.call().and_then(|call| call.connected_at),
            ended_at,
        }
    }
}

/// The interviews that the caller may see, the newest first.
///
/// # Errors
/// [`mingjian_domain::error::Denied::NotEntitled`]; [`Error::Invalid`] for a cursor or state that is none.
pub async fn list_interviews(
    service: &Service,
    caller: &Caller,
    mut filter: InterviewFilter,
    page: &Page,
) -> Result<Paged<InterviewView>> {
    match caller.sight()? {
        Sight::Tenant => {}
        Sight::Own(seat) => filter.seat = Some(seat),
    }
    if filter.state.as_deref().is_some_and(|state| !STATES.contains(&state)) {
        return Err(Error::Invalid(format!("state:应为 {} 之一", STATES.join("、"))));
    }
    let mut tx = service.store.read().await?;
    Ok(tx.interviews().list(caller.tenant(), &filter, page).await?.map(InterviewView::from))
}
