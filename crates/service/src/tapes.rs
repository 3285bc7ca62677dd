//! What every recording does to the rows, whoever's room it is made in: begun, its files, its gaps, refused by the disk, ended.
//!
//! The files on disk are the truth; a restart reads them again ([`crate::recovery`]).

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::{InterviewId, RecordingId, RoomId, TenantId, TrackId};
use mingjian_domain::recording::journal::GapReason;
use mingjian_domain::recording::{Closed, Gap, Recording, State, Track};
use mingjian_domain::room::RecordingPlan;
use mingjian_store::Tx;
use time::OffsetDateTime;

use crate::{Service, compositions};

/// A recording that begins now, not yet kept.
///
/// # Errors
/// [`Error::Missing`] for an unknown tenant; [`Error::Fault`].
pub(crate) async fn draft(
    tx: &mut Tx,
    id: RecordingId,
    tenant: TenantId,
    interview: Option<InterviewId>,
    room: RoomId,
    now: OffsetDateTime,
) -> Result<Recording> {
    let tenant_code = tx.tenants().lookup(tenant).await?.ok_or(Error::Missing(Noun::Tenant))?.code;
    let folder = Recording::folder_for(&tenant_code, id, now);
    Ok(Recording { id, tenant, interview, room, folder, started_at: now, state: State::Recording })
}

/// What the room is to do for a recording.
pub(crate) fn plan(made: &Recording, paused_by: GapReason) -> RecordingPlan {
    RecordingPlan { recording: made.id, folder: made.folder.clone(), started_at: made.started_at, paused_by }
}

/// A track file was begun.
pub(crate) async fn track_opened(service: &Service, track: &Track) -> Result<()> {
    let mut tx = service.store.begin().await?;
    tx.tracks().insert(track).await?;
    tx.commit().await
}

/// A track file is finished.
pub(crate) async fn track_closed(service: &Service, track: TrackId, closed: &Closed) -> Result<()> {
    let mut tx = service.store.begin().await?;
    tx.tracks().close(track, closed).await?;
    tx.commit().await
}

/// Something is missing.
pub(crate) async fn gap(service: &Service, gap: &Gap) -> Result<()> {
    let mut tx = service.store.begin().await?;
    tx.gaps().insert(gap).await?;
    tx.commit().await
}

/// The disk has refused; [`stopped`] follows when what could be saved is saved.
pub(crate) async fn failed(service: &Service, recording: RecordingId, now: OffsetDateTime) -> Result<()> {
    let mut tx = service.store.begin().await?;
    if let Some(made) = tx.recordings().lookup_any(recording).await? {
        let duration_ms = u64::try_from((now - made.started_at).whole_milliseconds()).unwrap_or(0);
        tx.recordings().set_state(recording, State::Failed { duration_ms }).await?;
    }
    tx.commit().await
}

/// The last fragment is on disk: the film of it is asked for. So it is after a failure, of what was saved.
pub(crate) async fn stopped(service: &Service, recording: RecordingId, duration_ms: u64) -> Result<()> {
    let mut tx = service.store.begin().await?;
    let made = tx.recordings().lookup_any(recording).await?.ok_or(Error::Missing(Noun::Recording))?;
    let state = match made.state {
        State::Failed { .. } => State::Failed { duration_ms },
        State::Recording | State::Stopped { .. } => State::Stopped { duration_ms },
    };
    tx.recordings().set_state(recording, state).await?;
    compositions::enqueue(service, &mut tx, &Recording { state, ..made }).await?;
    tx.commit().await
}
