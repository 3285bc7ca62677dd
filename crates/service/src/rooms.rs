//! Meeting rooms: made and changed by those who own them, started and stopped, and entered with a PIN.
//!
//! What happens in a room that is open is the [`gathering`](crate::gathering)'s.

mod draft;
mod view;

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Conflict, Denied, Error, Noun, Result, Unauthenticated};
use mingjian_domain::id::{RecordingId, RoomId};
use mingjian_domain::meeting_room::{MeetingRoom, role_of};
use mingjian_domain::recording::SpeakerRole;
use mingjian_domain::secret::Secret;
use mingjian_domain::user::Role;
use mingjian_store::{Page, Paged, RoomRow, Tx};

pub use draft::RoomDraft;
pub(crate) use draft::drawn_pin;
pub use view::{ParticipantView, RoomView};

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::gathering::{Admission, Admitted, GatheringHandle, RoomSpec, admit};
use crate::netdisk_events::{self, Event};
use crate::revision::Expected;
use crate::tokens::same;

/// Who makes and changes rooms.
const OWNERS: [Role; 1] = [Role::TenantAdmin];
/// Who runs meetings.
const RUNNERS: [Role; 2] = [Role::TenantAdmin, Role::Supervisor];

/// What a PIN is sealed about.
fn about(room: RoomId, pin: &str) -> String {
    format!("room:{room}:{pin}")
}

/// The PINs of a room.
pub(crate) struct Pins {
    pub(crate) host: Secret,
    pub(crate) guest: Secret,
}

pub(crate) fn open_pins(service: &Service, row: &RoomRow) -> Result<Pins> {
    Ok(Pins {
        host: service.unseal(&row.host_pin, &about(row.room.id, "host"))?,
        guest: service.unseal(&row.guest_pin, &about(row.room.id, "guest"))?,
    })
}

/// A new room's row.
pub(crate) fn seal(service: &Service, room: MeetingRoom, host: &Secret, guest: &Secret) -> RoomRow {
    let host_pin = service.seal(host, &about(room.id, "host"));
    let guest_pin = service.seal(guest, &about(room.id, "guest"));
    RoomRow { room, host_pin, guest_pin, opened_at: None }
}

/// Makes a room. A number or PIN that is not named is drawn.
///
/// # Errors
/// [`Error::Invalid`] naming the field; [`Conflict::NameTaken`] when the number is; [`Denied::NotEntitled`].
pub async fn create_room(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    draft: RoomDraft,
) -> Result<RoomView> {
    caller.entitled(&OWNERS)?;
    let now = service.now();
    let id = service.draw(|random| RoomId::mint(now, random));
    let mut tx = service.store.begin().await?;
    let number = match &draft.number {
        Some(number) => number.clone(),
        None => draft::free_number(service, &mut tx).await?,
    };
    let (room, pins) = draft.check(service, id, caller.tenant(), number, None)?;
    let row = seal(service, room, &pins.host, &pins.guest);
    tx.rooms().insert(&row).await?;
    note(service, &mut tx, caller, "create_room", id).await?;
    tell(service, &mut tx, caller, &row.room.number, Event::RoomMade).await?;
    tx.commit().await?;
    view::room_view(service, gathering, row, true).await
}

/// Changes a room. What is not named is set to what a new room has, but the PINs stay.
///
/// # Errors
/// As [`create_room`]; [`Error::Missing`] when the tenant has none of that number; [`Conflict::ChangedMeanwhile`].
pub async fn change_room(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
    expected: &Expected,
    draft: RoomDraft,
) -> Result<RoomView> {
    caller.entitled(&OWNERS)?;
    if draft.number.as_deref().is_some_and(|named| named != number) {
        return Err(Error::Invalid("number:会议短号不能更改，请新建会议室".into()));
    }
    let mut tx = service.store.begin().await?;
    let before = find(&mut tx, caller, number).await?;
    expected.check(&view::revision(&before)?)?;
    let pins = open_pins(service, &before)?;
    let (id, opened_at, created_at) = (before.room.id, before.opened_at, before.room.created_at);
    let (room, pins) = draft.check(service, id, caller.tenant(), number.to_owned(), Some(pins))?;
    let row = RoomRow { opened_at, ..seal(service, MeetingRoom { created_at, ..room }, &pins.host, &pins.guest) };
    tx.rooms().save(&row).await?;
    note(service, &mut tx, caller, "change_room", id).await?;
    tx.commit().await?;
    if opened_at.is_some() {
        gathering.open_room(spec(&row.room), caller.actor()).await?;
    }
    view::room_view(service, gathering, row, true).await
}

/// Deletes a room; if it is open it is closed first. Its recordings stay.
///
/// # Errors
/// [`Error::Missing`]; [`Denied::NotEntitled`].
pub async fn delete_room(service: &Service, gathering: &GatheringHandle, caller: &Caller, number: &str) -> Result<()> {
    caller.entitled(&OWNERS)?;
    let mut tx = service.store.begin().await?;
    let row = find(&mut tx, caller, number).await?;
    tx.rooms().delete(row.room.id, service.now()).await?;
    note(service, &mut tx, caller, "delete_room", row.room.id).await?;
    tell(service, &mut tx, caller, number, Event::RoomDeleted).await?;
    tx.commit().await?;
    match gathering.close_room(row.room.id, caller.actor()).await {
        Ok(()) | Err(Error::Conflict(Conflict::RoomNotOpen)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// The tenant's rooms, the newest first. Whoever owns them reads the PINs.
///
/// # Errors
/// [`Denied::NotEntitled`]; [`Error::Invalid`] for a cursor that is none.
pub async fn list_rooms(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    page: &Page,
) -> Result<Paged<RoomView>> {
    caller.entitled(&RUNNERS)?;
    let mut tx = service.store.read().await?;
    let rows = tx.rooms().list(caller.tenant(), page).await?;
    drop(tx);
    let owns = caller.entitled(&OWNERS).is_ok();
    let mut items = Vec::with_capacity(rows.items.len());
    for row in rows.items {
        items.push(view::room_view(service, gathering, row, owns).await?);
    }
    Ok(Paged { items, next: rows.next })
}

/// One room.
///
/// # Errors
/// [`Error::Missing`]; [`Denied::NotEntitled`].
pub async fn find_room(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<RoomView> {
    caller.entitled(&RUNNERS)?;
    let mut tx = service.store.read().await?;
    let row = find(&mut tx, caller, number).await?;
    drop(tx);
    view::room_view(service, gathering, row, caller.entitled(&OWNERS).is_ok()).await
}

/// Opens a room, empty; without people it is closed after half an hour, unless it stays open. One that is open stays as it is.
///
/// # Errors
/// [`Error::Missing`]; [`Denied::NotEntitled`]; [`Error::Busy`].
pub async fn start_room(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<RoomView> {
    caller.entitled(&RUNNERS)?;
    let mut tx = service.store.read().await?;
    let row = find(&mut tx, caller, number).await?;
    drop(tx);
    gathering.open_room(spec(&row.room), caller.actor()).await?;
    find_room(service, gathering, caller, number).await
}

/// Closes a room: everybody is parted, its recording and broadcast end.
///
/// # Errors
/// [`Error::Missing`]; [`Conflict::RoomNotOpen`]; [`Denied::NotEntitled`].
pub async fn stop_room(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<RoomView> {
    caller.entitled(&RUNNERS)?;
    let mut tx = service.store.read().await?;
    let row = find(&mut tx, caller, number).await?;
    drop(tx);
    gathering.close_room(row.room.id, caller.actor()).await?;
    find_room(service, gathering, caller, number).await
}

/// Who is in a room now.
///
/// # Errors
/// [`Error::Missing`]; [`Conflict::RoomNotOpen`]; [`Denied::NotEntitled`].
pub async fn list_participants(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<Vec<ParticipantView>> {
    caller.entitled(&RUNNERS)?;
    let mut tx = service.store.read().await?;
    let row = find(&mut tx, caller, number).await?;
    drop(tx);
    let look = gathering.look(row.room.id).await.ok_or(Conflict::RoomNotOpen)?;
    Ok(look.people.into_iter().map(ParticipantView::from).collect())
}

/// Records everybody in a room; answers when the recorder runs.
///
/// # Errors
/// [`Error::Missing`]; [`Conflict::RoomNotOpen`]; [`Denied::RecordingForbidden`]; [`Conflict::AlreadyRecording`];
/// [`Denied::NotEntitled`]; [`Error::Full`] when the disk is.
pub async fn start_recording(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<RecordingId> {
    caller.entitled(&RUNNERS)?;
    let mut tx = service.store.read().await?;
    let row = find(&mut tx, caller, number).await?;
    drop(tx);
    record(service, gathering, &row, caller.actor()).await
}

pub(crate) async fn record(
    service: &Service,
    gathering: &GatheringHandle,
    row: &RoomRow,
    actor: Actor,
) -> Result<RecordingId> {
    if row.opened_at.is_none() {
        return Err(Conflict::RoomNotOpen.into());
    }
    if !row.room.record_allowed {
        return Err(Denied::RecordingForbidden.into());
    }
    let now = service.now();
    let recording = service.draw(|random| RecordingId::mint(now, random));
    gathering.start_recording(row.room.id, recording, actor).await
}

/// Ends the recording of a room; answers when its last fragment is on disk.
///
/// # Errors
/// [`Error::Missing`]; [`Conflict::RoomNotOpen`]; [`Conflict::NotRecording`]; [`Denied::NotEntitled`].
pub async fn stop_recording(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<RecordingId> {
    caller.entitled(&RUNNERS)?;
    let mut tx = service.store.read().await?;
    let row = find(&mut tx, caller, number).await?;
    drop(tx);
    gathering.stop_recording(row.room.id, caller.actor()).await
}

/// Shows a room live; gives the path of the page where it can be watched.
///
/// # Errors
/// [`Error::Missing`]; [`Conflict::RoomNotOpen`]; [`Denied::LiveForbidden`]; [`Conflict::AlreadyLive`];
/// [`Denied::NotEntitled`]; [`Error::Full`] when the disk is.
pub async fn start_live(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<String> {
    caller.entitled(&RUNNERS)?;
    let mut tx = service.store.read().await?;
    let row = find(&mut tx, caller, number).await?;
    drop(tx);
    show(gathering, &row, caller.actor()).await
}

pub(crate) async fn show(gathering: &GatheringHandle, row: &RoomRow, actor: Actor) -> Result<String> {
    if row.opened_at.is_none() {
        return Err(Conflict::RoomNotOpen.into());
    }
    if !row.room.live_allowed {
        return Err(Denied::LiveForbidden.into());
    }
    gathering.go_live(row.room.id, row.room.name.clone(), actor).await?;
    let live = gathering.look(row.room.id).await.and_then(|look| look.live);
    live.map(|code| watch_path(&code)).ok_or(Error::Missing(Noun::Broadcast))
}

/// Where a broadcast is watched, behind scheme and host.
#[must_use]
pub fn watch_path(code: &str) -> String {
    format!("/watch/{code}")
}

/// Ends what is shown live of a room. One that is not shown stays as it is.
///
/// # Errors
/// [`Error::Missing`]; [`Conflict::RoomNotOpen`]; [`Denied::NotEntitled`].
pub async fn end_live(service: &Service, gathering: &GatheringHandle, caller: &Caller, number: &str) -> Result<()> {
    caller.entitled(&RUNNERS)?;
    let mut tx = service.store.read().await?;
    let row = find(&mut tx, caller, number).await?;
    drop(tx);
    gathering.end_live(row.room.id, caller.actor()).await
}

/// Somebody at the door of a room.
#[derive(Debug)]
pub struct Joining {
    /// The number that was dialled.
    pub number: String,
    /// The PIN that was typed.
    pub pin: Secret,
    /// The name that the others shall read.
    pub name: String,
    /// Which browser tab it is.
    pub device: String,
}

/// Lets somebody in who knows the number and a PIN. The host's PIN opens a room that is not open yet.
///
/// # Errors
/// [`Unauthenticated::WrongSecret`] for an unknown number as for a wrong PIN; [`Unauthenticated::Locked`] after five of them
/// from one address; [`Conflict::RoomNotOpen`] for a guest before the host; [`Denied::RoomLocked`]; [`Error::Invalid`] for the name.
pub async fn join_room(
    service: &Service,
    gathering: &GatheringHandle,
    joining: Joining,
    address: &str,
) -> Result<(Admitted, SpeakerRole)> {
    let door = format!("room {} from {address}", joining.number);
    service.strangers.lockout(&door).check(service.now())?;
    let mut tx = service.store.read().await?;
    let row = tx.rooms().lookup_any(&joining.number).await?;
    drop(tx);
    let role = match &row {
        Some(row) => {
            let pins = open_pins(service, row)?;
            role_of(joining.pin.expose(), pins.host.expose(), pins.guest.expose(), same)
        }
        None => None,
    };
    let (Some(row), Some(role)) = (row, role) else {
        service.strangers.failed(&door, service.now());
        refuse(service, &door, address).await?;
        return Err(Unauthenticated::WrongSecret.into());
    };
    if row.opened_at.is_none() {
        if role != SpeakerRole::Host {
            return Err(Conflict::RoomNotOpen.into());
        }
        gathering.open_room(spec(&row.room), Actor::Link).await?;
    }
    let act = Act { tenant: Some(row.room.tenant), actor: Actor::Link, address: Some(address) };
    let admission = Admission { room: row.room.id, name: joining.name, role, device: Some(joining.device) };
    Ok((admit(service, admission, act).await?, role))
}

/// Notes a wrong PIN: once per room and address within ten minutes, so that guessing does not fill the disk.
async fn refuse(service: &Service, door: &str, address: &str) -> Result<()> {
    if !service.fetches.is_new(door, address, service.now()) {
        return Ok(());
    }
    let act = Act { tenant: None, actor: Actor::Stranger, address: Some(address) };
    let subject = Subject { noun: "room", id: "unknown".to_owned() };
    let mut tx = service.store.begin().await?;
    tx.audit().append(&service.audit_line(act, "refuse_join", subject, None)).await?;
    tx.commit().await
}

/// What the gathering is to know of a room.
pub(crate) fn spec(room: &MeetingRoom) -> RoomSpec {
    RoomSpec {
        room: room.id,
        tenant: room.tenant,
        number: Some(room.number.clone()),
        name: room.name.clone(),
        must_record: false,
        may_record: room.record_allowed,
        stays_open: room.stays_open,
    }
}

async fn find(tx: &mut Tx, caller: &Caller, number: &str) -> Result<RoomRow> {
    tx.rooms().lookup_by_number(caller.tenant(), number).await?.ok_or(Error::Missing(Noun::Room))
}

/// Tells the tenant's own system, which knows rooms by numbers of 64 bits.
async fn tell(
    service: &Service,
    tx: &mut Tx,
    caller: &Caller,
    number: &str,
    event: impl FnOnce(i64) -> Event,
) -> Result<()> {
    let Ok(number) = number.parse() else { return Ok(()) };
    netdisk_events::enqueue(service, tx, caller.tenant(), &event(number)).await
}

async fn note(service: &Service, tx: &mut Tx, caller: &Caller, action: &'static str, room: RoomId) -> Result<()> {
    let subject = Subject { noun: "room", id: room.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), action, subject, None)).await
}
