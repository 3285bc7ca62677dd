//! What is shown live, for whoever has the link: playlists over the tapes that the room is being written to (RFC 8216).
//!
//! ```text
//! /live/{code}/index.m3u8                          one variant per participant and stream
//! /live/{code}/{participant}-{stream}.m3u8         the latest segments of one
//! /live/{code}/{recording}/{file}-{n}.m4s          a segment; `init` in place of `n` is the file's beginning
//! ```
//!
//! The link holds 128 random bits and nothing about anybody; it is void as soon as the broadcast ends. Only what was taken after
//! the broadcast began can be fetched, also where the room had been recorded for long.

mod playlist;

use std::collections::BTreeSet;

use bytes::Bytes;
use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Doing, Error, Noun, Result};
use mingjian_domain::id::RecordingId;
use mingjian_store::{Broadcast, BroadcastTape};
use serde::Serialize;
use time::OffsetDateTime;

use crate::Service;
use crate::audit::{Act, Subject};
use crate::playback::index::{self, Cut, File};
use playlist::Reel;

/// A broadcast, as those who watch see it.
#[derive(Debug, Clone, Serialize)]
pub struct LiveView {
    /// What is shown.
    pub title: String,
    /// Whose it is.
    pub tenant_name: String,
    /// Since when.
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    /// One for each participant and stream of which something can be played now.
    pub streams: Vec<StreamView>,
}

/// One picture of a broadcast.
#[derive(Debug, Clone, Serialize)]
pub struct StreamView {
    /// Which participant it is of, from 1 in the order of their coming; names are not told.
    pub participant: usize,
    /// `camera`, `microphone` or `screen`.
    pub stream: &'static str,
    /// Address of the playlist.
    pub playlist_url: String,
}

/// A broadcast that goes on.
///
/// # Errors
/// [`Error::Missing`] for a code that is none, or not any more; [`Error::Fault`].
pub async fn find_live(service: &Service, code: &str) -> Result<LiveView> {
    let broadcast = find(service, code).await?;
    let mut tx = service.store.read().await?;
    let tenant = tx.tenants().lookup(broadcast.tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    drop(tx);
    let reels = read_reels(service, &broadcast).await?;
    let streams = playlist::streams(&reels).into_iter().map(|(nth, participant, stream)| StreamView {
        participant: nth,
        stream: stream.word(),
        playlist_url: format!("/live/{code}/{participant}-{}.m3u8", stream.word()),
    });
    Ok(LiveView {
        title: broadcast.title,
        tenant_name: tenant.name,
        started_at: broadcast.started_at,
        streams: streams.collect(),
    })
}

/// A playlist of a broadcast, by the last part of its address. Whoever begins to watch is noted in the audit log, once per address
/// within ten minutes.
///
/// # Errors
/// [`Error::Missing`]; [`Error::Fault`].
pub async fn find_playlist(service: &Service, code: &str, part: &str, address: &str) -> Result<String> {
    let broadcast = find(service, code).await?;
    note(service, &broadcast, address).await?;
    let reels = read_reels(service, &broadcast).await?;
    if part == "index.m3u8" {
        return Ok(playlist::multivariant(&reels, |participant, stream| {
            format!("/live/{code}/{participant}-{}.m3u8", stream.word())
        }));
    }
    let (participant, stream) = playlist::parse_name(part).ok_or(Error::Missing(Noun::Broadcast))?;
    Ok(playlist::media(&reels, participant, stream, |recording, file, piece| {
        format!("/live/{code}/{recording}/{}-{piece}.m4s", file.trim_end_matches(".mp4"))
    }))
}

/// A segment of a broadcast, by the last two parts of its address.
///
/// # Errors
/// [`Error::Missing`], also for what was taken before the broadcast began; [`Error::Fault`].
pub async fn find_segment(service: &Service, code: &str, recording: &str, part: &str) -> Result<Bytes> {
    let missing = || Error::Missing(Noun::Broadcast);
    let broadcast = find(service, code).await?;
    let recording: RecordingId = recording.parse().map_err(|_| missing())?;
    let (name, piece) = part.strip_suffix(".m4s").and_then(|stem| stem.rsplit_once('-')).ok_or_else(missing)?;
    let reels = read_reels(service, &broadcast).await?;
    let reel = reels.into_iter().find(|reel| reel.tape.recording == recording).ok_or_else(missing)?;
    let file = reel.files.iter().find(|file| file.name.strip_suffix(".mp4") == Some(name)).ok_or_else(missing)?;
    let range = if piece == "init" {
        0..file.init_bytes
    } else {
        let place: usize = piece.parse().map_err(|_| missing())?;
        let segment = file.segments.get(place).filter(|segment| segment.from_ms >= reel.tape.from_ms);
        let segment = segment.ok_or_else(missing)?;
        segment.offset..segment.offset + segment.bytes
    };
    let key = format!("{}/{}", reel.tape.folder, file.name);
    service.objects.get_range(&key, range).await?.ok_or_else(missing)
}

async fn find(service: &Service, code: &str) -> Result<Broadcast> {
    let mut tx = service.store.read().await?;
    tx.broadcasts().lookup_by_code(code).await?.ok_or(Error::Missing(Noun::Broadcast))
}

/// What can be played of each tape. One whose first fragment has not come yet is empty.
async fn read_reels(service: &Service, broadcast: &Broadcast) -> Result<Vec<Reel>> {
    let mut tx = service.store.read().await?;
    let tapes = tx.broadcasts().list_tapes(broadcast.id).await?;
    drop(tx);
    let last = tapes.len().saturating_sub(1);
    let mut reels = Vec::with_capacity(tapes.len());
    for (place, tape) in tapes.into_iter().enumerate() {
        let journal = service.objects.read(&format!("{}/journal.jsonl", tape.folder)).await?.unwrap_or_default();
        // Of all tapes but the last one nothing more will come.
        let read = tokio::task::spawn_blocking(move || index::read_cut(&journal, place < last, Cut::LIVE));
        let files: Vec<File> = read.await.doing("reading a journal")?;
        reels.push(Reel { tape, files });
    }
    Ok(reels)
}

async fn note(service: &Service, broadcast: &Broadcast, address: &str) -> Result<()> {
    if !service.fetches.is_new(&format!("live:{}", broadcast.id), address, service.now()) {
        return Ok(());
    }
    let act = Act { tenant: Some(broadcast.tenant), actor: Actor::Link, address: Some(address) };
    let subject = Subject { noun: "broadcast", id: broadcast.id.to_string() };
    let mut tx = service.store.begin().await?;
    tx.audit().append(&service.audit_line(act, "watch_live", subject, None)).await?;
    tx.commit().await
}

/// Removes the files of tapes that were for ended broadcasts alone, but for those that are still being written.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn sweep(service: &Service, growing: &BTreeSet<RecordingId>) -> Result<()> {
    let mut tx = service.store.read().await?;
    let tapes = tx.broadcasts().list_to_sweep().await?;
    drop(tx);
    for tape in tapes.into_iter().filter(|tape| !growing.contains(&tape.recording)) {
        remove(service, &tape).await?;
        let mut tx = service.store.begin().await?;
        tx.broadcasts().mark_swept(&tape, service.now()).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The media first and the journal last, so that an interrupted sweep finds the rest again.
async fn remove(service: &Service, tape: &BroadcastTape) -> Result<()> {
    let journal_key = format!("{}/journal.jsonl", tape.folder);
    if let Some(journal) = service.objects.read(&journal_key).await? {
        for file in index::read(&journal, true) {
            service.objects.delete(&format!("{}/{}", tape.folder, file.name)).await?;
        }
        service.objects.delete(&journal_key).await?;
    }
    Ok(())
}
