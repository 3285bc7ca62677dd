//! After a restart: everybody back where they were, with all times starting anew.
//!
//! The recordings that were growing have been made whole before (their state is `stopped`, with the length that is on disk);
//! those of calls that still run go on as the same recording, and the recorder marks the stretch in between as a gap.

use mingjian_domain::error::Result;
use mingjian_domain::id::InterviewId;
use mingjian_domain::interview::{Interview, State};
use mingjian_domain::recording;
use mingjian_domain::recording::journal::GapReason;
use time::OffsetDateTime;

use super::pages::{participant_customer, seat_participant};
use super::{Hall, OpenQueue};

impl Hall {
    pub(super) async fn restart(&mut self, now: OffsetDateTime) -> Result<()> {
        let mut tx = self.service.store.read().await?;
        for queue in tx.queues().list_all().await? {
            let zone = tx.tenants().lookup(queue.tenant).await?.map_or(time::UtcOffset::UTC, |tenant| tenant.zone);
            self.floor.open_line(queue.id, queue.priority);
            self.queues.insert(queue.id, OpenQueue { queue, zone });
        }
        for membership in tx.memberships().list_all().await? {
            self.floor.add_member(membership.queue, membership.seat, membership.priority);
        }
        let open = tx.interviews().list_open().await?;
        drop(tx);
        for interview in open {
            let id = interview.id;
            match interview.state {
                State::Waiting | State::Ringing { .. } => self.wait_again(interview, now).await?,
                State::InCall(call) => self.talk_again(interview, call.seat, now).await?,
                State::Abandoned { .. } => continue,
                State::Ended { .. } => continue,
            }
            tracing::info!(interview.id = %id, "an interview goes on after the restart");
        }
        Ok(())
    }

    /// Back to the old place, waiting for the page to come back.
    async fn wait_again(&mut self, interview: Interview, now: OffsetDateTime) -> Result<()> {
        let id = interview.id;
        let mut tx = self.service.store.begin().await?;
        let interview = Interview { state: State::Waiting, ..interview };
        tx.interviews().save(&interview).await?;
        let (queue, joined_at) = (interview.queue, interview.joined_at);
        let mut live = self.read_live(&mut tx, interview).await?;
        tx.commit().await?;
        // Which of the order's people were waiting is not written down; whoever comes back is one of them.
        live.customers = live.order.people.iter().map(|person| person.id).collect();
        self.of_order.insert(live.order.id, id);
        self.live.insert(id, live);
        self.floor.join(id, queue, joined_at, now)?;
        self.floor.ticket_lost(id, now);
        Ok(())
    }

    /// The room opens again with the same recording; seat and customers have the time of a reload to come back.
    async fn talk_again(
        &mut self,
        interview: Interview,
        seat: mingjian_domain::id::UserId,
        now: OffsetDateTime,
    ) -> Result<()> {
        let id: InterviewId = interview.id;
        let Some(recording) = interview.recording else { return Ok(()) };
        let mut tx = self.service.store.begin().await?;
        let queue = interview.queue;
        let mut live = self.read_live(&mut tx, interview).await?;
        let Some(made) = tx.recordings().lookup_any(recording).await? else { return Ok(()) };
        tx.recordings().set_state(recording, recording::State::Recording).await?;
        let speakers = tx.speakers().list(recording).await?;
        tx.commit().await?;
        live.customers = speakers
            .iter()
            .filter(|speaker| speaker.role == recording::SpeakerRole::Customer)
            .map(|speaker| participant_customer(speaker.participant))
            .collect();
        let customers = live.customer_participants();
        self.of_order.insert(live.order.id, id);
        self.live.insert(id, live);
        self.floor.begin_call(id, (seat, seat_participant(seat)), Some(queue), &customers, now);
        self.open_room(id, &made, GapReason::Restart);
        Ok(())
    }
}
