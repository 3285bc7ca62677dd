//! What the document on controlling a meeting asks: the verbs of [`rooms`](crate::rooms), with its own order of checks and its own
//! way of telling a room that is another tenant's from one that is not there.

use mingjian_domain::error::{Conflict, Denied, Error, Noun, Result};
use mingjian_domain::id::RecordingId;
use mingjian_domain::recording::{Recording, State};
use mingjian_store::RoomRow;
use time::{OffsetDateTime, UtcOffset};

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::files::removal::delete_file;
use crate::files::{Which, fetch};
use crate::gathering::{GatheringHandle, Look};
use crate::rooms::{self, open_pins};

/// The room of that number.
///
/// # Errors
/// [`Error::Missing`]; [`Denied::OtherTenant`].
async fn find(service: &Service, caller: &Caller, number: &str) -> Result<RoomRow> {
    let mut tx = service.store.read().await?;
    let row = tx.rooms().lookup_any(number).await?.ok_or(Error::Missing(Noun::Room))?;
    if row.room.tenant == caller.tenant() { Ok(row) } else { Err(Denied::OtherTenant.into()) }
}

/// Records everybody in the room; answers when the recorder runs.
///
/// # Errors
/// In this order: as for the room itself; [`Conflict::RoomNotOpen`]; [`Denied::RecordingForbidden`];
/// [`Conflict::AlreadyRecording`]; [`Error::Full`] when the disk is.
pub async fn open_record(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<RecordingId> {
    let row = find(service, caller, number).await?;
    rooms::record(service, gathering, &row, caller.actor()).await
}

/// Ends the recording; answers when its last fragment is on disk.
///
/// # Errors
/// As for the room itself; [`Conflict::RoomNotOpen`]; [`Conflict::NotRecording`].
pub async fn close_record(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<RecordingId> {
    let row = find(service, caller, number).await?;
    gathering.stop_recording(row.room.id, caller.actor()).await
}

/// Shows the room live; gives the path of the page where it can be watched.
///
/// # Errors
/// In this order: as for the room itself; [`Conflict::RoomNotOpen`]; [`Denied::LiveForbidden`]; [`Conflict::AlreadyLive`].
pub async fn open_live(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<String> {
    let row = find(service, caller, number).await?;
    rooms::show(gathering, &row, caller.actor()).await
}

/// Ends what is shown live; a room that is not shown, or not even open, stays as it is.
///
/// # Errors
/// As for the room itself; [`Error::Fault`].
pub async fn close_live(service: &Service, gathering: &GatheringHandle, caller: &Caller, number: &str) -> Result<()> {
    let row = find(service, caller, number).await?;
    match gathering.end_live(row.room.id, caller.actor()).await {
        Ok(()) | Err(Error::Conflict(Conflict::RoomNotOpen)) => Ok(()),
        Err(error) => Err(error),
    }
}

/// How a room is; none of what happens in it while it is not open.
///
/// # Errors
/// As for the room itself.
pub async fn find_status(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<Option<Look>> {
    let row = find(service, caller, number).await?;
    Ok(gathering.look(row.room.id).await)
}

/// A meeting as its owner reads it.
#[derive(Debug)]
pub struct Meeting {
    /// What people read.
    pub name: String,
    /// What people dial.
    pub number: String,
    /// The host's PIN.
    pub host_pin: String,
    /// The guests' PIN.
    pub guest_pin: String,
    /// The room as it is now, if it is open.
    pub look: Option<Look>,
}

/// A meeting, with its PINs for whoever owns it.
///
/// # Errors
/// As for the room itself.
pub async fn find_meeting(
    service: &Service,
    gathering: &GatheringHandle,
    caller: &Caller,
    number: &str,
) -> Result<Meeting> {
    let row = find(service, caller, number).await?;
    let pins = open_pins(service, &row)?;
    let look = gathering.look(row.room.id).await;
    Ok(Meeting {
        name: row.room.name,
        number: row.room.number,
        host_pin: pins.host.expose().to_owned(),
        guest_pin: pins.guest.expose().to_owned(),
        look,
    })
}

/// A take of a meeting.
#[derive(Debug)]
pub struct Take {
    /// Its recording.
    pub recording: RecordingId,
    /// The number of the room.
    pub number: String,
    /// When it began, in the tenant's zone.
    pub started_at: OffsetDateTime,
    /// When its last media was, once it does not grow any more.
    pub stopped_at: Option<OffsetDateTime>,
    /// The one MP4 of it, once that is whole.
    pub file: Option<TakeFile>,
}

/// The MP4 of a take.
#[derive(Debug)]
pub struct TakeFile {
    /// Its size.
    pub size_bytes: u64,
    /// Its signed link, behind scheme and host.
    pub path: String,
}

/// The takes of a recording of a meeting: none for an id that names none of the tenant's.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_takes(service: &Service, caller: &Caller, recording: &str) -> Result<Vec<Take>> {
    let Some((made, row)) = find_recording(service, caller, recording).await? else { return Ok(Vec::new()) };
    let mut tx = service.store.read().await?;
    let zone = tx.tenants().lookup(caller.tenant()).await?.map_or(UtcOffset::UTC, |tenant| tenant.zone);
    let file = tx.files().lookup_by_recording(caller.tenant(), made.id).await?;
    let file = file.and_then(|file| {
        let path = fetch::link(service, caller, &file)?;
        file.whole.map(|whole| TakeFile { size_bytes: whole.content.size_bytes, path })
    });
    let stopped_at = match made.state {
        State::Recording => None,
        State::Stopped { .. } | State::Failed { .. } => made.stopped_at(),
    };
    Ok(vec![Take {
        recording: made.id,
        number: row.room.number,
        started_at: made.started_at.to_offset(zone),
        stopped_at: stopped_at.map(|at| at.to_offset(zone)),
        file,
    }])
}

/// Why a file is gone, for its tombstone.
const DELETED_BY: &str = "业务系统经 delRecordFile 删除会议录制";

/// Deletes a recording of a meeting with all its files, and gives its id.
///
/// # Errors
/// [`Error::Missing`] for an id that names none of the tenant's; [`Conflict::AlreadyRecording`] while it grows; [`Conflict::Held`] while it
/// must be kept; [`Error::Fault`].
pub async fn delete_recording(service: &Service, caller: &Caller, recording: &str) -> Result<RecordingId> {
    let found = find_recording(service, caller, recording).await?;
    let (made, _) = found.ok_or(Error::Missing(Noun::Recording))?;
    if made.state == State::Recording {
        return Err(Conflict::AlreadyRecording.into());
    }
    let mut tx = service.store.read().await?;
    let tracks = tx.tracks().list(made.id).await?;
    let file = tx.files().lookup_by_recording(caller.tenant(), made.id).await?;
    drop(tx);
    // Its file first: whoever must keep it refuses here, and what is deleted leaves a signed tombstone.
    if let Some(file) = file.filter(|file| file.deleted_at.is_none()) {
        delete_file(service, caller, &Which::Id(file.id), DELETED_BY).await?;
    }
    // The journal last: should this be interrupted, what is left is found again by a second try.
    for track in &tracks {
        service.objects.delete(&format!("{}/{}", made.folder, track.file)).await?;
    }
    service.objects.delete(&format!("{}/journal.jsonl", made.folder)).await?;
    let mut tx = service.store.begin().await?;
    tx.recordings().delete(made.id, service.now()).await?;
    let subject = Subject { noun: "recording", id: made.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "delete_recording", subject, None)).await?;
    tx.commit().await?;
    Ok(made.id)
}

/// A recording of one of the tenant's meeting rooms.
async fn find_recording(service: &Service, caller: &Caller, id: &str) -> Result<Option<(Recording, RoomRow)>> {
    let Ok(id) = id.parse() else { return Ok(None) };
    let mut tx = service.store.read().await?;
    let Some(made) = tx.recordings().lookup(caller.tenant(), id).await? else { return Ok(None) };
    let row = tx.rooms().lookup_by_id(caller.tenant(), made.room).await?;
    Ok(row.map(|row| (made, row)))
}
