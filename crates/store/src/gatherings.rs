//! Rooms without a queue that are open, and who may be in them. A row goes when its room is closed.

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::{ParticipantId, RecordingId, RoomId, TenantId};
use mingjian_domain::recording::SpeakerRole;
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The open rooms of a transaction.
pub struct Gatherings<'t>(pub(crate) &'t mut Tx);

/// The admissions of a transaction.
pub struct Admissions<'t>(pub(crate) &'t mut Tx);

/// A room that is open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GatheringRow {
    /// Which.
    pub room: RoomId,
    /// Whose.
    pub tenant: TenantId,
    /// The number that people dial, if it has one.
    pub number: Option<String>,
    /// What people read.
    pub name: String,
    /// Whether nobody is shown to anybody unrecorded.
    pub must_record: bool,
    /// Whether it stays open without people.
    pub stays_open: bool,
    /// Whether those in it may have it recorded.
    pub may_record: bool,
    /// Since when.
    pub opened_at: OffsetDateTime,
    /// Since when nobody new is let in.
    pub locked_at: Option<OffsetDateTime>,
    /// The recording that is wanted.
    pub recording: Option<RecordingId>,
}

/// Somebody who may be in an open room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AdmissionRow {
    /// Who, in the room.
    pub participant: ParticipantId,
    /// Which room.
    pub room: RoomId,
    /// What the others read.
    pub name: String,
    /// What it is to the room.
    pub role: SpeakerRole,
    /// SHA-256 of the ticket.
    pub ticket_hash: [u8; 32],
    /// SHA-256 of the mark of the device that used it first.
    pub device_hash: Option<[u8; 32]>,
    /// When.
    pub admitted_at: OffsetDateTime,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT room_id, tenant_id, number, name, must_record, stays_open, may_record, opened_at, locked_at, \
             recording_id FROM gatherings ",
            $tail
        )
    };
}

macro_rules! select_admission {
    ($tail:literal) => {
        concat!(
            "SELECT participant_id, room_id, name, role, ticket_hash, device_hash, admitted_at FROM admissions ",
            $tail
        )
    };
}

impl Gatherings<'_> {
    /// Notes an open room, or what has changed of it.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn put(&mut self, row: &GatheringRow) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO gatherings (room_id, tenant_id, number, name, must_record, stays_open, may_record, \
                 opened_at, locked_at, recording_id) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
                 ON CONFLICT (room_id) DO UPDATE SET number = excluded.number, name = excluded.name, \
                 must_record = excluded.must_record, stays_open = excluded.stays_open, \
                 may_record = excluded.may_record, locked_at = excluded.locked_at, \
                 recording_id = excluded.recording_id",
                args![
                    row.room,
                    row.tenant,
                    row.number.as_deref(),
                    &row.name,
                    row.must_record,
                    row.stays_open,
                    row.may_record,
                    row.opened_at,
                    row.locked_at,
                    row.recording,
                ],
            )
            .await
            .or_fault("noting an open room")?;
        Ok(())
    }

    /// The room, if it is open.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, room: RoomId) -> Result<Option<GatheringRow>> {
        self.0.optional(select!("WHERE room_id = $1"), args![room], read).await.or_fault("reading an open room")
    }

    /// Every tenant's open rooms, the oldest first: for the server itself, when it starts.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list_open(&mut self) -> Result<Vec<GatheringRow>> {
        self.0.all(select!("ORDER BY opened_at, room_id"), args![], read).await.or_fault("listing the open rooms")
    }

    /// The room is closed; with it go its admissions.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn delete(&mut self, room: RoomId) -> Result<()> {
        self.0
            .execute("DELETE FROM gatherings WHERE room_id = $1", args![room])
            .await
            .or_fault("noting that a room is closed")?;
        Ok(())
    }
}

fn read(row: &Row) -> sqlx::Result<GatheringRow> {
    Ok(GatheringRow {
        room: row.get("room_id")?,
        tenant: row.get("tenant_id")?,
        number: row.get_opt("number")?,
        name: row.get("name")?,
        must_record: row.get("must_record")?,
        stays_open: row.get("stays_open")?,
        may_record: row.get("may_record")?,
        opened_at: row.get("opened_at")?,
        locked_at: row.get_opt("locked_at")?,
        recording: row.get_opt("recording_id")?,
    })
}

impl Admissions<'_> {
    /// Lets somebody in.
    ///
    /// # Errors
    /// [`Error::Fault`], also when the room is not open.
    pub async fn insert(&mut self, row: &AdmissionRow) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO admissions (participant_id, room_id, name, role, ticket_hash, device_hash, admitted_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                args![
                    row.participant,
                    row.room,
                    &row.name,
                    row.role.word(),
                    row.ticket_hash,
                    row.device_hash,
                    row.admitted_at,
                ],
            )
            .await
            .or_fault("letting somebody into a room")?;
        Ok(())
    }

    /// Changes what may change: the name, the role, the ticket and the device.
    ///
    /// # Errors
    /// [`Error::Missing`] when it was never let in; [`Error::Fault`].
    pub async fn save(&mut self, row: &AdmissionRow) -> Result<()> {
        let changed = self
            .0
            .execute(
                "UPDATE admissions SET name = $2, role = $3, ticket_hash = $4, device_hash = $5 \
                 WHERE participant_id = $1",
                args![row.participant, &row.name, row.role.word(), row.ticket_hash, row.device_hash],
            )
            .await
            .or_fault("noting an admission")?;
        if changed == 0 { Err(Error::Missing(Noun::Room)) } else { Ok(()) }
    }

    /// Whose ticket it is.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_ticket_hash(&mut self, hash: &[u8; 32]) -> Result<Option<AdmissionRow>> {
        self.0
            .optional(select_admission!("WHERE ticket_hash = $1"), args![hash], read_admission)
            .await
            .or_fault("reading an admission by its ticket")
    }

    /// Who is in the room on this device.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_device_hash(&mut self, room: RoomId, hash: &[u8; 32]) -> Result<Option<AdmissionRow>> {
        self.0
            .optional(select_admission!("WHERE room_id = $1 AND device_hash = $2"), args![room, hash], read_admission)
            .await
            .or_fault("reading an admission by its device")
    }

    /// Takes an admission back.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn delete(&mut self, participant: ParticipantId) -> Result<()> {
        self.0
            .execute("DELETE FROM admissions WHERE participant_id = $1", args![participant])
            .await
            .or_fault("taking an admission back")?;
        Ok(())
    }
}

fn read_admission(row: &Row) -> sqlx::Result<AdmissionRow> {
    Ok(AdmissionRow {
        participant: row.get("participant_id")?,
        room: row.get("room_id")?,
        name: row.get("name")?,
        role: row.word("role", SpeakerRole::from_word)?,
        ticket_hash: row.get("ticket_hash")?,
        device_hash: row.get_opt("device_hash")?,
        admitted_at: row.get("admitted_at")?,
    })
}
