//! One meeting of a customer and a seat, from waiting to verdict.
//!
//! ```text
//!  waiting ──ring──▶ ringing ──answer──▶ in_call ──decide / hang_up / fail──▶ ended
//!     ▲                 │                   │  ▲
//!     └───ring_over─────┘                abandon │ resume
//!     │                                     ▼  │
//!     └──leave──▶ ended                  abandoned ──decide──▶ ended
//! ```
//!
//! A step consumes the state and returns the next one, or says that there is no such step.

use time::OffsetDateTime;

use crate::error::Conflict;
use crate::id::{InterviewId, OrderId, QueueId, RecordingId, RoomId, TenantId, UserId};

/// One meeting of a customer and a seat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interview {
    /// Its id.
    pub id: InterviewId,
    /// Whose.
    pub tenant: TenantId,
    /// What it is about.
    pub order: OrderId,
    /// Where the customer waited.
    pub queue: QueueId,
    /// What people read, such as `20261123-000017`; unique per tenant.
    pub number: String,
    /// Its room.
    pub room: RoomId,
    /// When the customer joined the queue; the place in it.
    pub joined_at: OffsetDateTime,
    /// From joining the queue to the answer.
    pub wait_ms: Option<i64>,
    /// What was recorded, once somebody answered.
    pub recording: Option<RecordingId>,
    /// What the customer's network check measured, as JSON text.
    pub check: Option<String>,
    /// How far it is.
    pub state: State,
}

/// How far an interview is, with the facts of that state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The customer waits.
    Waiting,
    /// A seat is being rung.
    Ringing {
        /// Which.
        seat: UserId,
    },
    /// Seat and customer are in the room.
    InCall(Call),
    /// Somebody was away too long; the seat may call back.
    Abandoned {
        /// The call so far.
        call: Call,
        /// When it was given up.
        at: OffsetDateTime,
    },
    /// Over.
    Ended {
        /// The call, if there was one.
        call: Option<Call>,
        /// How it ended.
        outcome: Outcome,
        /// When.
        at: OffsetDateTime,
    },
}

/// The facts of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Call {
    /// Who answered.
    pub seat: UserId,
    /// When.
    pub answered_at: OffsetDateTime,
    /// When the recorder ran and both could see each other.
    pub connected_at: Option<OffsetDateTime>,
}

/// How an interview ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// The seat decided.
    Verdict {
        /// What.
        verdict: Verdict,
        /// Why; always there for a refusal or a supplement.
        reason: Option<String>,
    },
    /// Somebody hung up.
    HungUp,
    /// The customer left the queue or stayed away too long while waiting.
    LeftQueue,
    /// The recorder had to give up: nobody talks unrecorded.
    RecordingFailed,
}

impl Outcome {
    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Verdict { .. } => "verdict",
            Self::HungUp => "hung_up",
            Self::LeftQueue => "left_queue",
            Self::RecordingFailed => "recording_failed",
        }
    }
}

/// What the seat decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// 通过.
    Pass,
    /// 拒绝.
    Refuse,
    /// 待补充: the customer comes again with what is missing.
    Supplement,
}

impl Verdict {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Pass, Self::Refuse, Self::Supplement];

    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Pass => "pass",
            Self::Refuse => "refuse",
            Self::Supplement => "supplement",
        }
    }

    /// The verdict of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }

    /// Whether the links of the order have done their work.
    #[must_use]
    pub const fn is_final(self) -> bool {
        match self {
            Self::Pass | Self::Refuse => true,
            Self::Supplement => false,
        }
    }

    /// Whether a reason must be given.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        match self {
            Self::Pass => false,
            Self::Refuse | Self::Supplement => true,
        }
    }
}

impl State {
    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Ringing { .. } => "ringing",
            Self::InCall(_) => "in_call",
            Self::Abandoned { .. } => "abandoned",
            Self::Ended { .. } => "ended",
        }
    }

    /// The call, if there is or was one.
    #[must_use]
    pub const fn call(&self) -> Option<&Call> {
        match self {
            Self::InCall(call) | Self::Abandoned { call, .. } => Some(call),
            Self::Ended { call, .. } => call.as_ref(),
            Self::Waiting | Self::Ringing { .. } => None,
        }
    }

    /// A seat is rung.
    ///
    /// # Errors
    /// [`Conflict::WrongState`] unless the customer waits.
    pub fn ring(self, seat: UserId) -> Result<Self, Conflict> {
        match self {
            Self::Waiting => Ok(Self::Ringing { seat }),
            Self::Ringing { .. } | Self::InCall(_) | Self::Abandoned { .. } | Self::Ended { .. } => {
                Err(Conflict::WrongState)
            }
        }
    }

    /// The ring ended without an answer.
    ///
    /// # Errors
    /// [`Conflict::WrongState`] unless a seat was being rung.
    pub fn ring_over(self) -> Result<Self, Conflict> {
        match self {
            Self::Ringing { .. } => Ok(Self::Waiting),
            Self::Waiting | Self::InCall(_) | Self::Abandoned { .. } | Self::Ended { .. } => Err(Conflict::WrongState),
        }
    }

    /// The seat that is being rung answers.
    ///
    /// # Errors
    /// [`Conflict::RingOver`] when that seat is not being rung.
    pub fn answer(self, seat: UserId, now: OffsetDateTime) -> Result<Self, Conflict> {
        match self {
            Self::Ringing { seat: rung } if rung == seat => {
                Ok(Self::InCall(Call { seat, answered_at: now, connected_at: None }))
            }
            Self::Ringing { .. } | Self::Waiting | Self::InCall(_) | Self::Abandoned { .. } | Self::Ended { .. } => {
                Err(Conflict::RingOver)
            }
        }
    }

    /// The recorder runs and both are there: from now on the interview is connected. A second time changes nothing.
    ///
    /// # Errors
    /// [`Conflict::NotInCall`] outside a call.
    pub fn connect(self, now: OffsetDateTime) -> Result<Self, Conflict> {
        match self {
            Self::InCall(call) => Ok(Self::InCall(Call { connected_at: call.connected_at.or(Some(now)), ..call })),
            Self::Waiting | Self::Ringing { .. } | Self::Abandoned { .. } | Self::Ended { .. } => {
                Err(Conflict::NotInCall)
            }
        }
    }

    /// Somebody was away too long.
    ///
    /// # Errors
    /// [`Conflict::NotInCall`] outside a call.
    pub fn abandon(self, now: OffsetDateTime) -> Result<Self, Conflict> {
        match self {
            Self::InCall(call) => Ok(Self::Abandoned { call, at: now }),
            Self::Waiting | Self::Ringing { .. } | Self::Abandoned { .. } | Self::Ended { .. } => {
                Err(Conflict::NotInCall)
            }
        }
    }

    /// The seat called back and the customer is there again.
    ///
    /// # Errors
    /// [`Conflict::WrongState`] unless the interview was abandoned by this seat's call.
    pub fn resume(self, seat: UserId) -> Result<Self, Conflict> {
        match self {
            Self::Abandoned { call, .. } if call.seat == seat => Ok(Self::InCall(call)),
            Self::Abandoned { .. } | Self::Waiting | Self::Ringing { .. } | Self::InCall(_) | Self::Ended { .. } => {
                Err(Conflict::WrongState)
            }
        }
    }

    /// The seat of the call decides. An abandoned interview can still be decided.
    ///
    /// # Errors
    /// [`Conflict::ReasonMissing`]; [`Conflict::AlreadyDecided`] after the end; [`Conflict::NotInCall`] before the call or for another seat.
    pub fn decide(
        self,
        seat: UserId,
        verdict: Verdict,
        reason: Option<String>,
        now: OffsetDateTime,
    ) -> Result<Self, Conflict> {
        let reason = reason.map(|reason| reason.trim().to_owned()).filter(|reason| !reason.is_empty());
        match self {
            Self::InCall(call) | Self::Abandoned { call, .. } if call.seat == seat => {
                if verdict.needs_reason() && reason.is_none() {
                    return Err(Conflict::ReasonMissing);
                }
                Ok(Self::Ended { call: Some(call), outcome: Outcome::Verdict { verdict, reason }, at: now })
            }
            Self::Ended { .. } => Err(Conflict::AlreadyDecided),
            Self::Waiting | Self::Ringing { .. } | Self::InCall(_) | Self::Abandoned { .. } => Err(Conflict::NotInCall),
        }
    }

    /// It ends without a verdict.
    ///
    /// # Errors
    /// [`Conflict::AlreadyDecided`] after the end.
    pub fn end(self, outcome: Outcome, now: OffsetDateTime) -> Result<Self, Conflict> {
        match self {
            Self::Waiting | Self::Ringing { .. } => Ok(Self::Ended { call: None, outcome, at: now }),
            Self::InCall(call) | Self::Abandoned { call, .. } => Ok(Self::Ended { call: Some(call), outcome, at: now }),
            Self::Ended { .. } => Err(Conflict::AlreadyDecided),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Counting;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    fn seats() -> (UserId, UserId) {
        let mut random = Counting::default();
        (UserId::mint(NOON, &mut random), UserId::mint(NOON, &mut random))
    }

    #[test]
    fn only_the_seat_that_is_rung_can_answer() {
        let (rung, other) = seats();
        let ringing = State::Waiting.ring(rung).expect("a waiting interview can ring");
        assert_eq!(ringing.clone().answer(other, NOON), Err(Conflict::RingOver));
        assert!(matches!(ringing.answer(rung, NOON), Ok(State::InCall(Call { seat, .. })) if seat == rung));
        assert_eq!(State::Waiting.answer(rung, NOON), Err(Conflict::RingOver));
    }

    #[test]
    fn a_refusal_needs_a_reason_and_a_blank_is_none() {
        let (seat, _) = seats();
        let call = State::InCall(Call { seat, answered_at: NOON, connected_at: Some(NOON) });
        assert_eq!(call.clone().decide(seat, Verdict::Refuse, Some("  ".into()), NOON), Err(Conflict::ReasonMissing));
        assert!(call.clone().decide(seat, Verdict::Refuse, Some("证件过期".into()), NOON).is_ok());
        assert!(call.decide(seat, Verdict::Pass, None, NOON).is_ok());
    }

    #[test]
    fn a_verdict_is_given_once() {
        let (seat, _) = seats();
        let call = State::InCall(Call { seat, answered_at: NOON, connected_at: Some(NOON) });
        let ended = call.decide(seat, Verdict::Pass, None, NOON).expect("the seat of the call may decide");
        assert_eq!(ended.clone().decide(seat, Verdict::Pass, None, NOON), Err(Conflict::AlreadyDecided));
        assert_eq!(ended.end(Outcome::HungUp, NOON), Err(Conflict::AlreadyDecided));
    }

    #[test]
    fn an_abandoned_interview_goes_on_with_its_own_seat_only() {
        let (seat, other) = seats();
        let call = Call { seat, answered_at: NOON, connected_at: Some(NOON) };
        let abandoned = State::InCall(call).abandon(NOON).expect("a call can be abandoned");
        assert_eq!(abandoned.clone().resume(other), Err(Conflict::WrongState));
        assert_eq!(abandoned.resume(seat), Ok(State::InCall(call)));
    }
}
