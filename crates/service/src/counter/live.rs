//! A take through a room and its recorder, as an interview is recorded: on disk before the first frame counts, whole after a
//! kill at any moment. The room is one of the [`gathering`](crate::gathering)'s, with its recording as a must.

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{RecordingId, RoomId, TakeId};
use mingjian_domain::recording::{self, SpeakerRole};
use mingjian_domain::secret::Secret;
use mingjian_domain::take::{self, Failure, Media, State, Take, VideoType};

use super::uploads::require_reason;
use super::{Hand, takes};
use crate::Service;
use crate::audit::Subject;
use crate::gathering::{Admission, GatheringHandle, RoomSpec, admit};

/// Characters of a name that fit below a picture, as the gathering has it.
const NAME_CHARS: usize = 40;

/// A take that is to be recorded.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The order's number.
    pub business_no: String,
    /// Of what.
    pub video_type: VideoType,
    /// Why again, where there is one already.
    pub again: Option<String>,
    /// Which browser tab it is, so that a reload is the same participant.
    pub device: String,
}

/// A take that is being recorded, and the way in.
#[derive(Debug)]
pub struct Begun {
    /// The take.
    pub take: Take,
    /// What the page says `hello` with on the WebSocket.
    pub ticket: Secret,
}

/// Begins a take: the recorder's files are on disk when this returns, and the page may send.
///
/// # Errors
/// [`Error::Missing`] for an order that is not the page's; [`Denied::NotEntitled`](mingjian_domain::error::Denied::NotEntitled) for a tab that only plays;
/// [`Conflict::ReasonMissing`] when the type is recorded again without one; [`Conflict::AlreadyRecording`] when it is being
/// recorded elsewhere; [`Error::Full`] when the disk is; [`Error::Busy`]; [`Error::Fault`].
pub async fn begin(service: &Service, rooms: &GatheringHandle, hand: &Hand, wish: Wish) -> Result<Begun> {
    let now = service.now();
    let tenant = hand.tenant();
    let recording = service.draw(|random| RecordingId::mint(now, random));
    let room = service.draw(|random| RoomId::mint(now, random));
    let mut tx = service.store.begin().await?;
    let order = tx.orders().lookup_by_business_no(tenant, &wish.business_no).await?;
    let order = order.ok_or(Error::Missing(Noun::Order))?;
    let take = Take {
        id: service.draw(|random| TakeId::mint(now, random)),
        tenant,
        order: order.id,
        video_type: wish.video_type,
        operator: hand.operator().clone(),
        again: take::reason(wish.again.as_deref())?,
        began_at: now,
        state: State::Waiting { recording },
        voided: None,
    };
    takes::may_record(hand, &take)?;
    require_reason(&mut tx, &take).await?;
    tx.takes().insert(&take).await?;
    let subject = Subject { noun: "take", id: take.id.to_string() };
    let detail = hand.detail(&serde_json::json!({ "recording": recording.to_string() }));
    tx.audit().append(&service.audit_line(hand.act(), "begin_take", subject, Some(detail))).await?;
    tx.commit().await?;
    match record(service, rooms, hand, &take, (room, recording), &wish.device).await {
        Ok(ticket) => Ok(Begun { take: Take { state: take.state.started()?, ..take }, ticket }),
        Err(error) => {
            // Nobody may be left with a take that nothing is at work on.
            let mut tx = service.store.begin().await?;
            if let Some(there) = tx.takes().lookup(tenant, take.id).await?
                && there.state.is_live()
            {
                takes::fail(service, &mut tx, there, Failure::Disk, service.now()).await?;
            }
            tx.commit().await?;
            // A room that was never opened is closed already.
            let _ = rooms.close_room(room, hand.act().actor).await;
            Err(error)
        }
    }
}

async fn record(
    service: &Service,
    rooms: &GatheringHandle,
    hand: &Hand,
    take: &Take,
    (room, recording): (RoomId, RecordingId),
    device: &str,
) -> Result<Secret> {
    let actor = hand.act().actor;
    let spec = RoomSpec {
        room,
        tenant: take.tenant,
        number: None,
        name: take.video_type.to_string(),
        must_record: true,
        may_record: false,
        stays_open: false,
    };
    rooms.open_room(spec, actor.clone()).await?;
    let ticket = let_in(service, hand, room, take, device).await?;
    rooms.start_recording(room, recording, actor).await?;
    let mut tx = service.store.begin().await?;
    let there = tx.takes().lookup(take.tenant, take.id).await?.ok_or(Error::Missing(Noun::Take))?;
    tx.takes().save(&Take { state: there.state.clone().started()?, ..there }).await?;
    tx.commit().await?;
    Ok(ticket)
}

async fn let_in(service: &Service, hand: &Hand, room: RoomId, take: &Take, device: &str) -> Result<Secret> {
    let name = caption(hand, take);
    let admission = Admission { room, name, role: SpeakerRole::Guest, device: Some(device.to_owned()) };
    Ok(admit(service, admission, hand.act()).await?.ticket)
}

/// Who sits in front of the one camera, as it stands below the picture.
fn caption(hand: &Hand, take: &Take) -> String {
    let Hand::Page { visit, .. } = hand else { return take.video_type.to_string() };
    let mut names: Vec<&str> = Vec::new();
    for sitter in visit.sitters.iter().filter(|sitter| sitter.order == take.order) {
        if !names.contains(&sitter.name.as_str()) {
            names.push(&sitter.name);
        }
    }
    if !visit.operator.user_name.is_empty() {
        names.push(&visit.operator.user_name);
    }
    names.join("、").chars().take(NAME_CHARS).collect()
}

/// Lets a page into a take that is being recorded: after a reload, or from another computer.
///
/// # Errors
/// [`Error::Missing`]; [`Denied::NotEntitled`](mingjian_domain::error::Denied::NotEntitled); [`Conflict::NotRecording`] when it has ended.
pub async fn join(service: &Service, hand: &Hand, id: TakeId, device: &str) -> Result<Begun> {
    let (take, room) = live(service, hand, id).await?;
    let ticket = let_in(service, hand, room, &take, device).await?;
    Ok(Begun { take, ticket })
}

/// Ends a take: its last fragment is on disk, and it can be played, when this returns.
///
/// # Errors
/// As [`join`].
pub async fn stop(service: &Service, rooms: &GatheringHandle, hand: &Hand, id: TakeId) -> Result<Take> {
    let (take, room) = live(service, hand, id).await?;
    let stopping = Take { state: take.state.clone().stopping()?, ..take };
    let mut tx = service.store.begin().await?;
    tx.takes().save(&stopping).await?;
    let subject = Subject { noun: "take", id: id.to_string() };
    let detail = hand.detail(&serde_json::Value::Null);
    tx.audit().append(&service.audit_line(hand.act(), "stop_take", subject, Some(detail))).await?;
    tx.commit().await?;
    let actor = hand.act().actor;
    let recording = match rooms.stop_recording(room, actor.clone()).await {
        Ok(recording) => Some(recording),
        // It has ended by itself meanwhile.
        Err(Error::Conflict(Conflict::NotRecording | Conflict::RoomNotOpen)) => None,
        Err(error) => return Err(error),
    };
    // Nobody is in it any more; a room that cannot be closed now closes by itself.
    if let Err(error) = rooms.close_room(room, actor).await {
        tracing::debug!(error = %error, "the room of a take was not closed");
    }
    if let Media::Recording(of_take) = stopping.state.media() {
        settle(service, recording.unwrap_or(of_take)).await?;
    }
    service.store.read().await?.takes().lookup(stopping.tenant, id).await?.ok_or(Error::Missing(Noun::Take))
}

/// The take, which this hand may record and which a room is at work on, with its room.
async fn live(service: &Service, hand: &Hand, id: TakeId) -> Result<(Take, RoomId)> {
    let mut tx = service.store.read().await?;
    let take = tx.takes().lookup(hand.tenant(), id).await?.ok_or(Error::Missing(Noun::Take))?;
    takes::may_record(hand, &take)?;
    let (State::Waiting { recording } | State::Recording { recording }) = take.state else {
        return Err(Conflict::NotRecording.into());
    };
    let made = tx.recordings().lookup(take.tenant, recording).await?.ok_or(Conflict::NotRecording)?;
    Ok((take, made.room))
}

/// Brings a take in line with its recording, once that has ended. A second time changes nothing.
///
/// # Errors
/// [`Error::Fault`].
pub async fn settle(service: &Service, recording: RecordingId) -> Result<()> {
    let mut tx = service.store.begin().await?;
    let Some(take) = tx.takes().lookup_by_recording(recording).await? else { return Ok(()) };
    if matches!(take.state, State::Uploaded { .. } | State::Failed { .. }) {
        return Ok(());
    }
    let now = service.now();
    match tx.recordings().lookup_any(recording).await?.map(|made| made.state) {
        Some(recording::State::Recording) => return Ok(()),
        Some(recording::State::Stopped { duration_ms }) => {
            takes::complete(service, &mut tx, take, duration_ms, now).await?;
        }
        Some(recording::State::Failed { .. }) => takes::fail(service, &mut tx, take, Failure::Disk, now).await?,
        // It was never begun: the server ended in between.
        None => takes::fail(service, &mut tx, take, Failure::Empty, now).await?,
    }
    tx.commit().await
}

/// Brings every take in line with its recording: at the start, and when notices were missed.
///
/// # Errors
/// [`Error::Fault`].
pub async fn settle_all(service: &Service) -> Result<()> {
    let live = service.store.read().await?.takes().list_live().await?;
    for take in live {
        if let Media::Recording(recording) = take.state.media() {
            settle(service, recording).await?;
        }
    }
    Ok(())
}
