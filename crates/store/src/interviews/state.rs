//! The state of an interview, spread over columns and gathered again.

use mingjian_domain::id::UserId;
use mingjian_domain::interview::{Call, Outcome, State, Verdict};
use time::OffsetDateTime;

use crate::row::{Row, unreadable};

/// What the columns of a state hold.
#[derive(Default)]
pub(super) struct Columns<'s> {
    pub(super) word: &'static str,
    pub(super) seat: Option<UserId>,
    pub(super) answered_at: Option<OffsetDateTime>,
    pub(super) connected_at: Option<OffsetDateTime>,
    pub(super) abandoned_at: Option<OffsetDateTime>,
    pub(super) outcome: Option<&'static str>,
    pub(super) verdict: Option<&'static str>,
    pub(super) reason: Option<&'s str>,
    pub(super) ended_at: Option<OffsetDateTime>,
}

impl<'s> Columns<'s> {
    pub(super) fn of(state: &'s State) -> Self {
        let mut columns = Self { word: state.word(), ..Self::default() };
        if let Some(call) = state.call() {
            columns.seat = Some(call.seat);
            columns.answered_at = Some(call.answered_at);
            columns.connected_at = call.connected_at;
        }
        match state {
            State::Waiting | State::InCall(_) => {}
            State::Ringing { seat } => columns.seat = Some(*seat),
            State::Abandoned { at, .. } => columns.abandoned_at = Some(*at),
            State::Ended { outcome, at, .. } => {
                columns.ended_at = Some(*at);
                columns.outcome = Some(outcome.word());
                match outcome {
                    Outcome::Verdict { verdict, reason } => {
                        columns.verdict = Some(verdict.word());
                        columns.reason = reason.as_deref();
                    }
                    Outcome::HungUp | Outcome::LeftQueue | Outcome::RecordingFailed => {}
                }
            }
        }
        columns
    }
}

/// Reads the state back.
pub(super) fn read(row: &Row) -> sqlx::Result<State> {
    let word: String = row.get("state")?;
    match word.as_str() {
        "waiting" => Ok(State::Waiting),
        "ringing" => Ok(State::Ringing { seat: row.get("seat_id")? }),
        "in_call" => Ok(State::InCall(read_call(row)?)),
        "abandoned" => Ok(State::Abandoned { call: read_call(row)?, at: row.get("abandoned_at")? }),
        "ended" => {
            let answered: Option<OffsetDateTime> = row.get_opt("answered_at")?;
            let call = answered.map(|_| read_call(row)).transpose()?;
            Ok(State::Ended { call, outcome: read_outcome(row)?, at: row.get("ended_at")? })
        }
        _ => Err(unreadable("state", "an unknown state")),
    }
}

fn read_call(row: &Row) -> sqlx::Result<Call> {
    Ok(Call {
        seat: row.get("seat_id")?,
        answered_at: row.get("answered_at")?,
        connected_at: row.get_opt("connected_at")?,
    })
}

fn read_outcome(row: &Row) -> sqlx::Result<Outcome> {
    let word: String = row.get("outcome")?;
    match word.as_str() {
        "verdict" => {
            Ok(Outcome::Verdict { verdict: row.word("verdict", Verdict::from_word)?, reason: row.get_opt("reason")? })
        }
        "hung_up" => Ok(Outcome::HungUp),
        "left_queue" => Ok(Outcome::LeftQueue),
        "recording_failed" => Ok(Outcome::RecordingFailed),
        _ => Err(unreadable("outcome", "an unknown outcome")),
    }
}
