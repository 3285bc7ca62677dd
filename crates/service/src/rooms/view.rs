//! Rooms as the API shows them.

use mingjian_domain::error::Result;
use mingjian_store::RoomRow;
use serde::Serialize;
use time::OffsetDateTime;

use super::open_pins;
use crate::Service;
use crate::gathering::{GatheringHandle, PersonLook};
use crate::revision::Revision;

/// A meeting room.
#[derive(Debug, Clone, Serialize)]
pub struct RoomView {
    /// What people dial.
    pub number: String,
    /// What people read.
    pub name: String,
    /// The host's PIN; for those who own the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub host_pin: Option<String>,
    /// The guests' PIN; for those who own the room.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub guest_pin: Option<String>,
    /// Whether it may be recorded.
    pub record_allowed: bool,
    /// Whether it may be shown live.
    pub live_allowed: bool,
    /// Whether it stays open without people.
    pub stays_open: bool,
    /// Since when it is open, if it is.
    #[serde(with = "time::serde::rfc3339::option")]
    pub started_at: Option<OffsetDateTime>,
    /// Since when nobody new is let in.
    #[serde(with = "time::serde::rfc3339::option")]
    pub locked_at: Option<OffsetDateTime>,
    /// How many are in it.
    pub participants: usize,
    /// The recording that is being made of it.
    pub recording_id: Option<String>,
    /// Where it is watched live, behind scheme and host, while it is shown.
    pub watch_path: Option<String>,
    /// Where people come in, behind scheme and host.
    pub join_path: String,
    /// Since when there is such a room.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// Names what its owners have set, without who is in it now.
    #[serde(skip)]
    pub revision: Revision,
}

pub(super) fn revision(row: &RoomRow) -> Result<Revision> {
    let RoomRow { room, host_pin, guest_pin, .. } = row;
    let allowed = (room.record_allowed, room.live_allowed, room.stays_open);
    Revision::of(&(&room.number, &room.name, allowed, hex::encode(host_pin), hex::encode(guest_pin)))
}

pub(super) async fn room_view(
    service: &Service,
    gathering: &GatheringHandle,
    row: RoomRow,
    owns: bool,
) -> Result<RoomView> {
    let look = gathering.look(row.room.id).await;
    let revision = revision(&row)?;
    let pins = if owns { Some(open_pins(service, &row)?) } else { None };
    let room = row.room;
    Ok(RoomView {
        revision,
        join_path: format!("/m/{}", room.number),
        number: room.number,
        name: room.name,
        host_pin: pins.as_ref().map(|pins| pins.host.expose().to_owned()),
        guest_pin: pins.as_ref().map(|pins| pins.guest.expose().to_owned()),
        record_allowed: room.record_allowed,
        live_allowed: room.live_allowed,
        stays_open: room.stays_open,
        started_at: look.as_ref().map(|look| look.opened_at),
        locked_at: look.as_ref().and_then(|look| look.locked_at),
        participants: look.as_ref().map_or(0, |look| look.people.len()),
        recording_id: look.as_ref().and_then(|look| look.recording).map(|recording| recording.to_string()),
        watch_path: look.as_ref().and_then(|look| look.live.as_deref()).map(super::watch_path),
        created_at: room.created_at,
    })
}

/// Somebody in a room.
#[derive(Debug, Clone, Serialize)]
pub struct ParticipantView {
    /// Who.
    pub participant: String,
    /// The name.
    pub name: String,
    /// What it is to the room.
    pub role: &'static str,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub since: OffsetDateTime,
    /// `joining`, `here` or `lost`.
    pub presence: &'static str,
}

impl From<PersonLook> for ParticipantView {
    fn from(person: PersonLook) -> Self {
        Self {
            participant: person.participant.to_string(),
            name: person.name,
            role: person.role.word(),
            since: person.since,
            presence: person.presence,
        }
    }
}
