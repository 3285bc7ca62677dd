//! Meeting rooms. One that was deleted stays behind, so that its recordings still know the number; the number is free again.

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{RoomId, TenantId};
use mingjian_domain::meeting_room::MeetingRoom;
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::page::{Page, Paged};
use crate::row::Row;
use crate::value::args;

/// The meeting rooms of a transaction.
pub struct Rooms<'t>(pub(crate) &'t mut Tx);

/// A meeting room with its sealed PINs. It has no `Debug` of them: they open with the installation's key alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomRow {
    /// The room.
    pub room: MeetingRoom,
    /// The host's PIN, sealed.
    pub host_pin: Vec<u8>,
    /// The guests' PIN, sealed.
    pub guest_pin: Vec<u8>,
    /// Since when it is open, if it is.
    pub opened_at: Option<OffsetDateTime>,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT r.id, r.tenant_id, r.number, r.name, r.host_pin, r.guest_pin, r.record_allowed, r.live_allowed, \
             r.stays_open, r.created_at, g.opened_at FROM rooms r LEFT JOIN gatherings g ON g.room_id = r.id ",
            $tail
        )
    };
}

impl Rooms<'_> {
    /// Adds a room. When it is open is not written here.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the number is; [`Error::Fault`].
    pub async fn insert(&mut self, row: &RoomRow) -> Result<()> {
        let room = &row.room;
        self.0
            .execute(
                "INSERT INTO rooms (id, tenant_id, number, name, host_pin, guest_pin, record_allowed, live_allowed, \
                 stays_open, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
                args![
                    room.id,
                    room.tenant,
                    &room.number,
                    &room.name,
                    row.host_pin.clone(),
                    row.guest_pin.clone(),
                    room.record_allowed,
                    room.live_allowed,
                    room.stays_open,
                    room.created_at,
                ],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(room.number.clone()), "adding a meeting room")?;
        Ok(())
    }

    /// Changes the name, the PINs and what is allowed.
    ///
    /// # Errors
    /// [`Error::Missing`] when it is not there; [`Error::Fault`].
    pub async fn save(&mut self, row: &RoomRow) -> Result<()> {
        let room = &row.room;
        let changed = self
            .0
            .execute(
                "UPDATE rooms SET name = $2, host_pin = $3, guest_pin = $4, record_allowed = $5, live_allowed = $6, \
                 stays_open = $7 WHERE id = $1 AND deleted_at IS NULL",
                args![
                    room.id,
                    &room.name,
                    row.host_pin.clone(),
                    row.guest_pin.clone(),
                    room.record_allowed,
                    room.live_allowed,
                    room.stays_open,
                ],
            )
            .await
            .or_fault("changing a meeting room")?;
        if changed == 0 { Err(Error::Missing(Noun::Room)) } else { Ok(()) }
    }

    /// Notes that the room is gone.
    ///
    /// # Errors
    /// [`Error::Missing`] when it is not there; [`Error::Fault`].
    pub async fn delete(&mut self, id: RoomId, now: OffsetDateTime) -> Result<()> {
        let changed = self
            .0
            .execute("UPDATE rooms SET deleted_at = $2 WHERE id = $1 AND deleted_at IS NULL", args![id, now])
            .await
            .or_fault("deleting a meeting room")?;
        if changed == 0 { Err(Error::Missing(Noun::Room)) } else { Ok(()) }
    }

    /// The tenant's room of that number.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_number(&mut self, tenant: TenantId, number: &str) -> Result<Option<RoomRow>> {
        self.0
            .optional(
                select!("WHERE r.tenant_id = $1 AND r.number = $2 AND r.deleted_at IS NULL"),
                args![tenant, number],
                read,
            )
            .await
            .or_fault("reading a meeting room by its number")
    }

    /// The room of that number, of whichever tenant: for those who dial it, and for the document that tells the two apart.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_any(&mut self, number: &str) -> Result<Option<RoomRow>> {
        self.0
            .optional(select!("WHERE r.number = $1 AND r.deleted_at IS NULL"), args![number], read)
            .await
            .or_fault("reading a meeting room by its number")
    }

    /// The room of that id, also one that was deleted: for its recordings.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_id(&mut self, tenant: TenantId, id: RoomId) -> Result<Option<RoomRow>> {
        self.0
            .optional(select!("WHERE r.tenant_id = $1 AND r.id = $2"), args![tenant, id], read)
            .await
            .or_fault("reading a meeting room by its id")
    }

    /// The tenant's rooms, the newest first.
    ///
    /// # Errors
    /// [`Invalid`](mingjian_domain::error::Error::Invalid) for a cursor that is none; [`Error::Fault`].
    pub async fn list(&mut self, tenant: TenantId, page: &Page) -> Result<Paged<RoomRow>> {
        let rows = self
            .0
            .all(
                select!("WHERE r.tenant_id = $1 AND r.deleted_at IS NULL AND r.id < $2 ORDER BY r.id DESC LIMIT $3"),
                args![tenant, page.below()?, page.fetch()],
                read,
            )
            .await
            .or_fault("listing meeting rooms")?;
        Ok(page.cut(rows, |row| row.room.id.as_uuid()))
    }
}

fn read(row: &Row) -> sqlx::Result<RoomRow> {
    Ok(RoomRow {
        room: MeetingRoom {
            id: row.get("id")?,
            tenant: row.get("tenant_id")?,
            number: row.get("number")?,
            name: row.get("name")?,
            record_allowed: row.get("record_allowed")?,
            live_allowed: row.get("live_allowed")?,
            stays_open: row.get("stays_open")?,
            created_at: row.get("created_at")?,
        },
        host_pin: row.get("host_pin")?,
        guest_pin: row.get("guest_pin")?,
        opened_at: row.get_opt("opened_at")?,
    })
}
