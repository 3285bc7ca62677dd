//! Takes of double recordings, which types are asked for, and the uploads of those that a browser kept.

mod uploads;

pub use uploads::{TakeUpload, TakeUploads};

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{OrderId, RecordingId, TakeId, TenantId, UploadId};
use mingjian_domain::take::{Failure, Media, Operator, State, Take, VideoType, Voided};
use time::OffsetDateTime;

use crate::Tx;
use crate::dialect::lockable;
use crate::failure::{OrFault, UniqueKey};
use crate::row::{Row, unreadable};
use crate::value::args;

/// The takes of a transaction.
pub struct Takes<'t>(pub(crate) &'t mut Tx);

/// A type of an order is recorded in one place at a time: the index `takes_live`.
const LIVE: UniqueKey = UniqueKey { lite: "takes.order_id, takes.video_type", pg: "takes_live" };

macro_rules! columns {
    () => {
        "t.id, t.tenant_id, t.order_id, t.video_type, t.operator_id, t.operator_name, t.again, t.began_at, t.state, \
         t.recording_id, t.upload_id, t.duration_ms, t.ended_at, t.failure, t.voided_at, t.void_reason, t.voided_by"
    };
}

macro_rules! select {
    () => {
        concat!("SELECT ", columns!(), " FROM takes t ")
    };
}

/// The columns of a state.
struct Columns {
    recording: Option<RecordingId>,
    upload: Option<UploadId>,
    duration_ms: Option<u64>,
    ended_at: Option<OffsetDateTime>,
    failure: Option<&'static str>,
}

impl Columns {
    const fn of(state: &State) -> Self {
        let (recording, upload) = match state.media() {
            Media::Recording(id) => (Some(id), None),
            Media::Upload(id) => (None, Some(id)),
        };
        let (duration_ms, ended_at, failure) = match state {
            State::Waiting { .. } | State::Recording { .. } | State::Uploading { .. } => (None, None, None),
            State::Uploaded { duration_ms, at, .. } => (Some(*duration_ms), Some(*at), None),
            State::Failed { at, why, .. } => (None, Some(*at), Some(why.word())),
        };
        Self { recording, upload, duration_ms, ended_at, failure }
    }
}

impl Takes<'_> {
    /// Adds a take.
    ///
    /// # Errors
    /// [`Conflict::AlreadyRecording`] when the order's type is being recorded already; [`Error::Fault`], also when the
    /// order or the recording is another tenant's.
    pub async fn insert(&mut self, take: &Take) -> Result<()> {
        let state = Columns::of(&take.state);
        self.0
            .execute(
                "INSERT INTO takes (id, tenant_id, order_id, video_type, operator_id, operator_name, again, began_at, \
                 state, recording_id, upload_id, duration_ms, ended_at, failure) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
                args![
                    take.id,
                    take.tenant,
                    take.order,
                    take.video_type.as_str(),
                    &take.operator.user_id,
                    &take.operator.user_name,
                    &take.again,
                    take.began_at,
                    take.state.word(),
                    state.recording,
                    state.upload,
                    state.duration_ms,
                    state.ended_at,
                    state.failure,
                ],
            )
            .await
            .or_conflict_of(LIVE, Conflict::AlreadyRecording, "adding a take")?;
        Ok(())
    }

    /// Saves what may change of a take: its state, and that it is void.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never added; [`Error::Fault`].
    pub async fn save(&mut self, take: &Take) -> Result<()> {
        let state = Columns::of(&take.state);
        let voided = take.voided.as_ref();
        let changed = self
            .0
            .execute(
                "UPDATE takes SET state = $3, duration_ms = $4, ended_at = $5, failure = $6, voided_at = $7, \
                 void_reason = $8, voided_by = $9 WHERE tenant_id = $1 AND id = $2",
                args![
                    take.tenant,
                    take.id,
                    take.state.word(),
                    state.duration_ms,
                    state.ended_at,
                    state.failure,
                    voided.map(|voided| voided.at),
                    voided.map(|voided| voided.reason.as_str()),
                    voided.map(|voided| voided.by.as_str()),
                ],
            )
            .await
            .or_fault("saving a take")?;
        if changed == 0 { Err(Error::Missing(Noun::Take)) } else { Ok(()) }
    }

    /// The tenant's take of that id. In a transaction that writes, nobody else changes it meanwhile.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, id: TakeId) -> Result<Option<Take>> {
        let sql = lockable!(select!(), "WHERE t.tenant_id = $1 AND t.id = $2"; "t");
        self.0.lock(sql, args![tenant, id], read).await.or_fault("reading a take")
    }

    /// The take of that id, of whichever tenant: for the server itself and for signed links.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_any(&mut self, id: TakeId) -> Result<Option<Take>> {
        let sql = lockable!(select!(), "WHERE t.id = $1"; "t");
        self.0.lock(sql, args![id], read).await.or_fault("reading a take")
    }

    /// The take that a recording is of, of whichever tenant: for the server itself. In a transaction that writes, nobody
    /// else changes it meanwhile.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_recording(&mut self, recording: RecordingId) -> Result<Option<Take>> {
        let sql = lockable!(select!(), "WHERE t.recording_id = $1"; "t");
        self.0.lock(sql, args![recording], read).await.or_fault("reading a recording's take")
    }

    /// Every take of the tenant's order, the oldest first.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list_of_order(&mut self, tenant: TenantId, order: OrderId) -> Result<Vec<Take>> {
        self.0
            .all(
                concat!(select!(), "WHERE t.tenant_id = $1 AND t.order_id = $2 ORDER BY t.began_at, t.id"),
                args![tenant, order],
                read,
            )
            .await
            .or_fault("listing an order's takes")
    }

    /// Every tenant's takes that a room is at work on or has not finished with, the oldest first: for the server itself,
    /// when it starts.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list_live(&mut self) -> Result<Vec<Take>> {
        self.0
            .all(
                concat!(
                    select!(),
                    "WHERE t.recording_id IS NOT NULL AND t.state IN ('waiting', 'recording', 'uploading') ORDER BY t.id"
                ),
                args![],
                read,
            )
            .await
            .or_fault("listing the live takes")
    }

    /// Notes that a type of an order is asked for.
    ///
    /// # Errors
    /// [`Error::Fault`], also when the order is another tenant's.
    pub async fn ask_for(
        &mut self,
        tenant: TenantId,
        order: OrderId,
        video_type: &VideoType,
        now: OffsetDateTime,
    ) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO take_types (tenant_id, order_id, video_type, asked_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (order_id, video_type) DO NOTHING",
                args![tenant, order, video_type.as_str(), now],
            )
            .await
            .or_fault("noting a video type")?;
        Ok(())
    }

    /// The types that are asked for of the tenant's order, the first asked first.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn types_of_order(&mut self, tenant: TenantId, order: OrderId) -> Result<Vec<VideoType>> {
        self.0
            .all(
                "SELECT video_type FROM take_types WHERE tenant_id = $1 AND order_id = $2 ORDER BY asked_at, video_type",
                args![tenant, order],
                video_type,
            )
            .await
            .or_fault("listing an order's video types")
    }
}

fn video_type(row: &Row) -> sqlx::Result<VideoType> {
    let name: String = row.get("video_type")?;
    name.parse().map_err(|_| unreadable("video_type", "not a video type"))
}

fn read(row: &Row) -> sqlx::Result<Take> {
    let media = match (row.get_opt("recording_id")?, row.get_opt("upload_id")?) {
        (Some(recording), None) => Media::Recording(recording),
        (None, Some(upload)) => Media::Upload(upload),
        (Some(_), Some(_)) | (None, None) => return Err(unreadable("recording_id", "neither or both of two")),
    };
    let word: String = row.get("state")?;
    let state = match (word.as_str(), media) {
        ("waiting", Media::Recording(recording)) => State::Waiting { recording },
        ("recording", Media::Recording(recording)) => State::Recording { recording },
        ("uploading", media) => State::Uploading { media },
        ("uploaded", media) => {
            State::Uploaded { media, duration_ms: row.get("duration_ms")?, at: row.get("ended_at")? }
        }
        ("failed", media) => {
            State::Failed { media, at: row.get("ended_at")?, why: row.word("failure", Failure::from_word)? }
        }
        _ => return Err(unreadable("state", "an unknown state")),
    };
    let voided = match row.get_opt("voided_at")? {
        Some(at) => Some(Voided { at, reason: row.get("void_reason")?, by: row.get("voided_by")? }),
        None => None,
    };
    Ok(Take {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        order: row.get("order_id")?,
        video_type: video_type(row)?,
        operator: Operator { user_id: row.get("operator_id")?, user_name: row.get("operator_name")? },
        again: row.get_opt("again")?,
        began_at: row.get("began_at")?,
        state,
        voided,
    })
}
