//! The bytes of a take: the composed file of its recording, or its only track as the recorder wrote it until that is there,
//! or what a browser sent. Every read is in the audit log.

use mingjian_domain::audit::Actor;
use mingjian_domain::counter::Visit;
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{RecordingId, TakeId};
use mingjian_domain::take::{Media, State, Take};
use mingjian_store::{Film, Tx};
use time::OffsetDateTime;

use super::{Hand, uploads};
use crate::Service;
use crate::audit::{Act, Subject};

/// Who looks.
#[derive(Debug, Clone)]
pub enum Viewer {
    /// A page or a business system.
    Hand(Box<Hand>),
    /// Whoever holds a signed link.
    Link {
        /// When the link ends.
        expires_at: OffsetDateTime,
        /// Where from.
        address: String,
    },
}

/// A file that can be played.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playable {
    /// Its key in the object store.
    pub key: String,
    /// Its size.
    pub size_bytes: u64,
    /// `video/mp4` or `video/webm`.
    pub content_type: String,
    /// Its SHA-256, where it is known.
    pub sha256: Option<[u8; 32]>,
}

/// The file of a take. A void one may be looked at as well, by whoever may look at its type.
///
/// # Errors
/// [`Error::Missing`] when there is none, or it is not the viewer's to see; [`Conflict::WrongState`] while it is not whole.
pub async fn open(service: &Service, viewer: &Viewer, id: TakeId) -> Result<Playable> {
    let missing = || Error::Missing(Noun::Take);
    let mut tx = service.store.read().await?;
    let take = match viewer {
        Viewer::Hand(hand) => tx.takes().lookup(hand.tenant(), id).await?.filter(|take| may_look(hand, take)),
        Viewer::Link { .. } => tx.takes().lookup_any(id).await?,
    };
    let take = take.ok_or_else(missing)?;
    let State::Uploaded { media, .. } = take.state else { return Err(Conflict::WrongState.into()) };
    let playable = match media {
        Media::Recording(recording) => of_recording(service, &mut tx, &take, recording).await?,
        Media::Upload(upload) => {
            let upload = uploads::of_take(&mut tx, take.tenant, upload).await?;
            Playable {
                key: upload.object_key,
                size_bytes: upload.length_bytes,
                content_type: upload.content_type,
                sha256: upload.sha256,
            }
        }
    };
    drop(tx);
    note(service, viewer, &take).await?;
    Ok(playable)
}

fn may_look(hand: &Hand, take: &Take) -> bool {
    match hand {
        Hand::Page { visit, .. } => visit.right(take.order, &take.video_type).is_some(),
        Hand::System { .. } => true,
    }
}

/// The only track of a recording is a whole MP4 with picture and sound: nobody need wait for the film. Several, as after a
/// reload in the middle of it, are played as their film.
async fn of_recording(service: &Service, tx: &mut Tx, take: &Take, recording: RecordingId) -> Result<Playable> {
    let missing = || Error::Missing(Noun::Recording);
    let made = tx.recordings().lookup(take.tenant, recording).await?.ok_or_else(missing)?;
    let tracks = tx.tracks().list(recording).await?;
    let [track] = tracks.as_slice() else {
        let film = tx.films().lookup(recording).await?.ok_or(Conflict::WrongState)?;
        let Film { key, size_bytes, sha256, .. } = film;
        return Ok(Playable { key, size_bytes, content_type: "video/mp4".to_owned(), sha256: Some(sha256) });
    };
    let key = format!("{}/{}", made.folder, track.file);
    let size_bytes = service.objects.size(&key).await?.ok_or_else(missing)?;
    let sha256 = track.closed.map(|closed| closed.sha256);
    Ok(Playable { key, size_bytes, content_type: "video/mp4".to_owned(), sha256 })
}

/// A player asks in pieces: one line per viewer and address within ten minutes.
async fn note(service: &Service, viewer: &Viewer, take: &Take) -> Result<()> {
    let (name, address, act, detail) = match viewer {
        Viewer::Hand(hand) => {
            let act = hand.act();
            let name = match hand.as_ref() {
                Hand::Page { visit, .. } => visit.id.to_string(),
                Hand::System { .. } => "system".to_owned(),
            };
            (name, act.address.unwrap_or_default(), act.clone(), hand.detail(&serde_json::Value::Null))
        }
        Viewer::Link { expires_at, address } => {
            let ends = expires_at.unix_timestamp();
            let act = Act { tenant: Some(take.tenant), actor: Actor::Link, address: Some(address) };
            (ends.to_string(), address.as_str(), act, serde_json::json!({ "link_expires": ends }).to_string())
        }
    };
    if !service.fetches.is_new(&format!("take:{}:{name}", take.id), address, service.now()) {
        return Ok(());
    }
    let subject = Subject { noun: "take", id: take.id.to_string() };
    let mut tx = service.store.begin().await?;
    tx.audit().append(&service.audit_line(act, "play_take", subject, Some(detail))).await?;
    tx.commit().await
}

/// The signed path of a take's file, for whoever may keep it.
#[must_use]
pub fn signed_path(service: &Service, id: TakeId, ends_at: OffsetDateTime) -> String {
    service.signer(ends_at).sign(&path(id))
}

/// The path of a take's file.
#[must_use]
pub fn path(id: TakeId) -> String {
    format!("/video/play/{id}")
}

/// The path of a take's file for the page of that visit.
#[must_use]
pub fn page_path(id: TakeId, visit: &Visit) -> String {
    format!("{}?visit={}", path(id), visit.id)
}
