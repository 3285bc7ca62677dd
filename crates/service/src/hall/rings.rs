//! What the floor decided by itself: rings, time-outs, call-backs that succeed.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Error, Result};
use mingjian_domain::floor::{Command, NotReadyWhy};
use mingjian_domain::id::{InterviewId, UserId};
use mingjian_domain::interview::{Outcome, State};
use time::OffsetDateTime;

use super::Hall;

impl Hall {
    /// Carries a command of the floor out. A store that fails here is logged: the floor's decision stands, and a restart
    /// finds the customer waiting.
    pub(super) async fn carry_out(&mut self, command: Command, now: OffsetDateTime) {
        let outcome = match command {
            Command::Ring { interview, seat, until } => self.ring(interview, seat, until).await,
            Command::RingOver { interview, seat, why: _ } => self.ring_over(interview, seat).await,
            Command::SeatNotReady { seat, why } => {
                self.seat_not_ready(seat, why);
                Ok(())
            }
            Command::Drop { interview } => {
                let ended = self.finish(interview, Outcome::LeftQueue, Actor::Server, now).await;
                self.forget(interview, "left_queue", now);
                ended
            }
            Command::GiveUp { interview, participant } => {
                self.part(interview, participant);
                let end = self.end_view(interview, "abandoned", None, None, now);
                self.take_out(super::pages::participant_customer(participant), end);
                self.stale_call(interview);
                Ok(())
            }
            Command::Abandon { interview } => self.abandon(interview, now).await,
            Command::Resume { interview, seat } => self.resume(interview, seat, now).await,
            Command::CallBackOver { interview, seat } => {
                self.stale_desks.insert(seat);
                if self.floor.wrapping_up(seat) != Some(interview) {
                    self.live.remove(&interview);
                }
                Ok(())
            }
        };
        if let Err(error) = outcome {
            log_fault("carrying out what the floor decided", &error);
        }
    }

    async fn ring(&mut self, interview: InterviewId, seat: UserId, until: OffsetDateTime) -> Result<()> {
        if let Some(live) = self.live.get_mut(&interview) {
            live.rings_until = Some(until);
        }
        self.stale_desks.insert(seat);
        self.stale_call(interview);
        self.step(interview, |state| state.ring(seat)).await
    }

    async fn ring_over(&mut self, interview: InterviewId, seat: UserId) -> Result<()> {
        if let Some(live) = self.live.get_mut(&interview) {
            live.rings_until = None;
        }
        self.stale_desks.insert(seat);
        self.stale_call(interview);
        // Whoever left while being rung for has ended the interview already.
        if self.live.get(&interview).is_some_and(|live| matches!(live.interview.state, State::Ringing { .. })) {
            self.step(interview, State::ring_over).await?;
        }
        Ok(())
    }

    fn seat_not_ready(&mut self, seat: UserId, why: NotReadyWhy) {
        if let Some(desk) = self.desks.get_mut(&seat) {
            desk.not_ready_why = Some(match why {
                NotReadyWhy::MissedRings => "missed_rings",
                NotReadyWhy::Reconnected => "reconnected",
            });
        }
        self.stale_desks.insert(seat);
    }

    async fn resume(&mut self, interview: InterviewId, seat: UserId, now: OffsetDateTime) -> Result<()> {
        if let Err(error) = self.resume_recorded_call(seat, interview).await {
            self.floor.end_call(interview, now);
            return Err(error);
        }
        self.stale_call(interview);
        Ok(())
    }
}

pub(crate) fn log_fault(doing: &'static str, error: &Error) {
    match error {
        Error::Fault(fault) => {
            tracing::error!(doing, inner = fault.doing(), error = %fault.source(), "the hall could not go on");
        }
        Error::Invalid(_)
        | Error::Unauthenticated(_)
        | Error::Denied(_)
        | Error::Missing(_)
        | Error::Conflict(_)
        | Error::Refused(_)
        | Error::Busy { .. }
        | Error::Full => tracing::error!(doing, error = %error, "the hall could not go on"),
    }
}
