//! After a restart: the open rooms are open again, with nobody in them yet, and all times start anew.
//!
//! The recordings that were growing have been made whole before (their state is `stopped`, with the length that is on disk);
//! those that are still wanted go on as the same recording, and the recorder marks the stretch in between as a gap. The others
//! stay as they are.

use mingjian_domain::error::Result;
use mingjian_domain::recording::State;
use mingjian_domain::recording::journal::GapReason;
use time::OffsetDateTime;

use super::Gatherings;
use crate::tapes;

impl Gatherings {
    pub(super) async fn restart(&mut self, now: OffsetDateTime) -> Result<()> {
        let mut tx = self.service.store.read().await?;
        let open = tx.gatherings().list_open().await?;
        drop(tx);
        for row in open {
            let (room, wanted) = (row.room, row.recording);
            self.make_place(row, now)?;
            if let Some(recording) = wanted {
                let mut tx = self.service.store.begin().await?;
                let Some(made) = tx.recordings().lookup_any(recording).await? else { continue };
                tx.recordings().set_state(recording, State::Recording).await?;
                tx.commit().await?;
                let place = self.place_mut(room)?;
                place.plan = Some(tapes::plan(&made, GapReason::Restart));
                place.machine.start_recording(recording, now)?;
                tracing::info!(recording.id = %recording, "the recording of a room goes on after the restart");
            }
            self.stale.insert(room);
            self.show_again(room, now).await?;
        }
        self.sweep().await;
        self.settle(now).await;
        Ok(())
    }
}
