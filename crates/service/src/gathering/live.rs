//! Showing a room live: begun, fed from one tape after the other, ended, swept.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::gathering::Step;
use mingjian_domain::id::{BroadcastId, RecordingId, RoomId};
use mingjian_domain::recording::journal::GapReason;
use mingjian_domain::room::RecordingPlan;
use mingjian_store::{Broadcast, BroadcastTape};
use time::OffsetDateTime;

use super::Gatherings;
use super::place::{Asker, Until, Waiter};
use crate::hall::rings::log_fault;
use crate::lives;

impl Gatherings {
    pub(super) async fn start_live(
        &mut self,
        room: RoomId,
        title: String,
        actor: Actor,
        asker: Asker,
        now: OffsetDateTime,
    ) {
        match self.begin_broadcast(room, title, actor, now).await {
            // A recording that grows is shown at once; else the tape for those who watch must begin.
            Ok((recording, true)) => self.answer(asker, Ok(recording)),
            Ok((recording, false)) => self.wait_for(room, Waiter { recording, until: Until::Started, asker }),
            Err(error) => self.answer(asker, Err(error)),
        }
    }

    async fn begin_broadcast(
        &mut self,
        room: RoomId,
        title: String,
        actor: Actor,
        now: OffsetDateTime,
    ) -> Result<(RecordingId, bool)> {
        let service = self.service.clone();
        let spare = self.mint_recording(now);
        let place = self.place_mut(room)?;
        if place.machine.is_live() {
            return Err(Conflict::AlreadyLive.into());
        }
        let broadcast = Broadcast {
            id: service.draw(|random| BroadcastId::mint(now, random)),
            tenant: place.row.tenant,
            room,
            code: service.mint_code().expose().to_owned(),
            title,
            started_at: now,
            ended_at: None,
        };
        let running = place.machine.tape().filter(|tape| tape.kept && tape.step != Step::Stopping);
        let plan = place.plan.clone();
        let mut tx = service.store.begin().await?;
        tx.broadcasts().insert(&broadcast).await?;
        tx.audit().append(&self.line(broadcast.tenant, actor, "start_live", room)).await?;
        tx.commit().await?;
        let place = self.place_mut(room)?;
        place.live = Some(broadcast);
        place.machine.go_live(spare)?;
        let wanted = place.machine.recording();
        self.stale.insert(room);
        if let (Some(tape), Some(plan)) = (running, plan) {
            // What was recorded before is not for those who watch.
            let from_ms = u64::try_from((now - plan.started_at).whole_milliseconds()).unwrap_or(0);
            self.add_to_broadcast(room, &plan, true, from_ms).await?;
            return Ok((tape.recording, true));
        }
        Ok((wanted.unwrap_or(spare), false))
    }

    pub(super) async fn end_live(&mut self, room: RoomId, actor: Actor, now: OffsetDateTime) -> Result<()> {
        self.place_mut(room)?;
        self.end_broadcast(room, actor, now).await
    }

    /// The link is void from now on; the files that were for it alone go as soon as they are closed.
    pub(super) async fn end_broadcast(&mut self, room: RoomId, actor: Actor, now: OffsetDateTime) -> Result<()> {
        let service = self.service.clone();
        let Some(place) = self.places.get_mut(&room) else { return Ok(()) };
        let Some(live) = place.live.take() else { return Ok(()) };
        place.machine.end_live();
        self.stale.insert(room);
        let mut tx = service.store.begin().await?;
        tx.broadcasts().end(live.id, now).await?;
        tx.audit().append(&self.line(live.tenant, actor, "end_live", room)).await?;
        tx.commit().await?;
        self.sweep().await;
        Ok(())
    }

    /// What a tape for those who watch is made with. It lies outside of the recordings.
    pub(super) async fn plan_for_viewers(
        &mut self,
        room: RoomId,
        recording: RecordingId,
        now: OffsetDateTime,
    ) -> Result<RecordingPlan> {
        let service = self.service.clone();
        let tenant = self.place_mut(room)?.row.tenant;
        let mut tx = service.store.read().await?;
        let code = tx.tenants().lookup(tenant).await?.ok_or(Error::Missing(Noun::Tenant))?.code;
        self.unkept.insert(recording);
        let folder = format!("live/{code}/{recording}");
        Ok(RecordingPlan { recording, folder, started_at: now, paused_by: GapReason::Restart })
    }

    /// Feeds what is shown live, if anything is, from this tape.
    pub(super) async fn add_to_broadcast(
        &self,
        room: RoomId,
        plan: &RecordingPlan,
        kept: bool,
        from_ms: u64,
    ) -> Result<()> {
        let Some(live) = self.places.get(&room).and_then(|place| place.live.as_ref()) else { return Ok(()) };
        let tape = BroadcastTape {
            broadcast: live.id,
            recording: plan.recording,
            folder: plan.folder.clone(),
            started_at: plan.started_at,
            from_ms,
            kept,
        };
        let mut tx = self.service.store.begin().await?;
        tx.broadcasts().add_tape(&tape).await?;
        tx.commit().await
    }

    /// After a restart: who watched goes on watching under the same link.
    pub(super) async fn show_again(&mut self, room: RoomId, now: OffsetDateTime) -> Result<()> {
        let mut tx = self.service.store.read().await?;
        let live = tx.broadcasts().lookup_live(room).await?;
        drop(tx);
        if let Some(live) = live {
            let spare = self.mint_recording(now);
            let place = self.place_mut(room)?;
            place.live = Some(live);
            place.machine.go_live(spare)?;
        }
        Ok(())
    }

    /// Removes the files of tapes that nobody may watch any more.
    pub(super) async fn sweep(&self) {
        if let Err(error) = lives::sweep(&self.service, &self.unkept).await {
            log_fault("sweeping the tapes of ended broadcasts", &error);
        }
    }
}
