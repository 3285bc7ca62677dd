//! Rooms that are or were shown live, and the tapes that they are played from.

use mingjian_domain::error::Result;
use mingjian_domain::id::{BroadcastId, RecordingId, RoomId, TenantId};
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The broadcasts of a transaction.
pub struct Broadcasts<'t>(pub(crate) &'t mut Tx);

/// A room that is or was shown live.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Broadcast {
    /// Its id.
    pub id: BroadcastId,
    /// Whose.
    pub tenant: TenantId,
    /// Which room.
    pub room: RoomId,
    /// What stands in the link: 128 random bits.
    pub code: String,
    /// What people who watch read.
    pub title: String,
    /// Since when.
    pub started_at: OffsetDateTime,
    /// Until when.
    pub ended_at: Option<OffsetDateTime>,
}

/// A tape that a broadcast is played from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BroadcastTape {
    /// Of which.
    pub broadcast: BroadcastId,
    /// The recording; it has a row of its own only if it is kept.
    pub recording: RecordingId,
    /// Folder of its files below the object root.
    pub folder: String,
    /// Time zero of the recording.
    pub started_at: OffsetDateTime,
    /// What lies before is not for those who watch.
    pub from_ms: u64,
    /// Whether it is a recording of its own.
    pub kept: bool,
}

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT id, tenant_id, room_id, code, title, started_at, ended_at FROM broadcasts ", $tail)
    };
}

impl Broadcasts<'_> {
    /// Begins one.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault), also when the room is shown live already.
    pub async fn insert(&mut self, broadcast: &Broadcast) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO broadcasts (id, tenant_id, room_id, code, title, started_at) \
                 VALUES ($1, $2, $3, $4, $5, $6)",
                args![
                    broadcast.id,
                    broadcast.tenant,
                    broadcast.room,
                    &broadcast.code,
                    &broadcast.title,
                    broadcast.started_at,
                ],
            )
            .await
            .or_fault("beginning a broadcast")?;
        Ok(())
    }

    /// Ends it.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn end(&mut self, id: BroadcastId, now: OffsetDateTime) -> Result<()> {
        self.0
            .execute("UPDATE broadcasts SET ended_at = $2 WHERE id = $1 AND ended_at IS NULL", args![id, now])
            .await
            .or_fault("ending a broadcast")?;
        Ok(())
    }

    /// The room's broadcast that goes on.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_live(&mut self, room: RoomId) -> Result<Option<Broadcast>> {
        self.0
            .optional(select!("WHERE room_id = $1 AND ended_at IS NULL"), args![room], read)
            .await
            .or_fault("reading a room's broadcast")
    }

    /// The broadcast of that code that goes on, of whichever tenant: for those who watch.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_code(&mut self, code: &str) -> Result<Option<Broadcast>> {
        self.0
            .optional(select!("WHERE code = $1 AND ended_at IS NULL"), args![code], read)
            .await
            .or_fault("reading a broadcast by its code")
    }

    /// Adds a tape. The same one a second time changes nothing.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn add_tape(&mut self, tape: &BroadcastTape) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO broadcast_tapes (broadcast_id, recording_id, folder, started_at, from_ms, kept) \
                 VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (broadcast_id, recording_id) DO NOTHING",
                args![tape.broadcast, tape.recording, &tape.folder, tape.started_at, tape.from_ms, tape.kept],
            )
            .await
            .or_fault("adding a tape to a broadcast")?;
        Ok(())
    }

    /// The tapes of a broadcast, in their order.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list_tapes(&mut self, id: BroadcastId) -> Result<Vec<BroadcastTape>> {
        self.0
            .all(
                "SELECT broadcast_id, recording_id, folder, started_at, from_ms, kept FROM broadcast_tapes \
                 WHERE broadcast_id = $1 ORDER BY recording_id",
                args![id],
                read_tape,
            )
            .await
            .or_fault("listing the tapes of a broadcast")
    }

    /// The tapes of ended broadcasts that are no recordings and still take up space, of every tenant.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list_to_sweep(&mut self) -> Result<Vec<BroadcastTape>> {
        self.0
            .all(
                "SELECT t.broadcast_id, t.recording_id, t.folder, t.started_at, t.from_ms, t.kept \
                 FROM broadcast_tapes t JOIN broadcasts b ON b.id = t.broadcast_id \
                 WHERE t.swept_at IS NULL AND b.ended_at IS NOT NULL AND t.kept = $1 ORDER BY t.recording_id",
                args![false],
                read_tape,
            )
            .await
            .or_fault("listing the tapes that are to be swept")
    }

    /// Notes that the files of a tape are gone.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn mark_swept(&mut self, tape: &BroadcastTape, now: OffsetDateTime) -> Result<()> {
        self.0
            .execute(
                "UPDATE broadcast_tapes SET swept_at = $3 WHERE broadcast_id = $1 AND recording_id = $2",
                args![tape.broadcast, tape.recording, now],
            )
            .await
            .or_fault("noting that a tape is swept")?;
        Ok(())
    }
}

fn read(row: &Row) -> sqlx::Result<Broadcast> {
    Ok(Broadcast {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        room: row.get("room_id")?,
        code: row.get("code")?,
        title: row.get("title")?,
        started_at: row.get("started_at")?,
        ended_at: row.get_opt("ended_at")?,
    })
}

fn read_tape(row: &Row) -> sqlx::Result<BroadcastTape> {
    Ok(BroadcastTape {
        broadcast: row.get("broadcast_id")?,
        recording: row.get("recording_id")?,
        folder: row.get("folder")?,
        started_at: row.get("started_at")?,
        from_ms: row.get("from_ms")?,
        kept: row.get("kept")?,
    })
}
