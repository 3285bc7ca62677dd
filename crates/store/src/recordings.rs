//! Recordings. Their tracks, speakers, gaps and marks have files of their own.

mod list;

pub use list::{RecordingFilter, RecordingRow};

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{InterviewId, RecordingId, TenantId};
use mingjian_domain::recording::{Recording, State};
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The recordings of a transaction.
pub struct Recordings<'t>(pub(crate) &'t mut Tx);

macro_rules! columns {
    () => {
        "r.id, r.tenant_id, r.interview_id, r.room_id, r.folder, r.started_at, r.state, r.duration_ms"
    };
}
use columns;

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT ", columns!(), " FROM recordings r ", $tail)
    };
}

impl Recordings<'_> {
    /// Adds a recording.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when another has its folder; [`Error::Fault`], also when its interview is another tenant's.
    pub async fn insert(&mut self, recording: &Recording) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO recordings (id, tenant_id, interview_id, room_id, folder, started_at, state, duration_ms) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                args![
                    recording.id,
                    recording.tenant,
                    recording.interview,
                    recording.room,
                    &recording.folder,
                    recording.started_at,
                    recording.state.word(),
                    recording.state.duration_ms(),
                ],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(recording.folder.clone()), "adding a recording")?;
        Ok(())
    }

    /// Notes how far the recording is.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never added; [`Error::Fault`].
    pub async fn set_state(&mut self, id: RecordingId, state: State) -> Result<()> {
        let changed = self
            .0
            .execute(
                "UPDATE recordings SET state = $2, duration_ms = $3 WHERE id = $1",
                args![id, state.word(), state.duration_ms()],
            )
            .await
            .or_fault("noting a recording's state")?;
        if changed == 0 { Err(Error::Missing(Noun::Recording)) } else { Ok(()) }
    }

    /// The tenant's recording of that id.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, id: RecordingId) -> Result<Option<Recording>> {
        self.0
            .optional(select!("WHERE r.tenant_id = $1 AND r.id = $2 AND r.deleted_at IS NULL"), args![tenant, id], read)
            .await
            .or_fault("reading a recording")
    }

    /// The recording of that id, of whichever tenant: for the server itself and for signed links.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_any(&mut self, id: RecordingId) -> Result<Option<Recording>> {
        self.0
            .optional(select!("WHERE r.id = $1 AND r.deleted_at IS NULL"), args![id], read)
            .await
            .or_fault("reading a recording")
    }

    /// Notes that the recording's files are deleted: it is not found any more.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never added; [`Error::Fault`].
    pub async fn delete(&mut self, id: RecordingId, now: OffsetDateTime) -> Result<()> {
        let changed = self
            .0
            .execute("UPDATE recordings SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL", args![id, now])
            .await
            .or_fault("noting that a recording is deleted")?;
        if changed == 0 { Err(Error::Missing(Noun::Recording)) } else { Ok(()) }
    }

    /// The newest recording of the tenant's interview.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_interview(&mut self, tenant: TenantId, interview: InterviewId) -> Result<Option<Recording>> {
        self.0
            .optional(
                select!("WHERE r.tenant_id = $1 AND r.interview_id = $2 ORDER BY r.id DESC LIMIT 1"),
                args![tenant, interview],
                read,
            )
            .await
            .or_fault("reading an interview's recording")
    }

    /// Every tenant's recordings that have not stopped, the oldest first: for the server itself, when it starts.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list_growing(&mut self) -> Result<Vec<Recording>> {
        self.0
            .all(select!("WHERE r.state = 'recording' ORDER BY r.id"), args![], read)
            .await
            .or_fault("listing the growing recordings")
    }
}

fn read(row: &Row) -> sqlx::Result<Recording> {
    let word: String = row.get("state")?;
    let state = match word.as_str() {
        "recording" => State::Recording,
        "stopped" => State::Stopped { duration_ms: row.get("duration_ms")? },
        "failed" => State::Failed { duration_ms: row.get("duration_ms")? },
        _ => return Err(unreadable("state", "an unknown state")),
    };
    Ok(Recording {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        interview: row.get_opt("interview_id")?,
        room: row.get("room_id")?,
        folder: row.get("folder")?,
        started_at: row.get("started_at")?,
        state,
    })
}
