//! Playing a recording: its journal as playlists (RFC 8216) and its files piece by piece, all behind signed links.
//!
//! ```text
//! /d/{recording}/index.m3u8                       one variant per participant and stream
//! /d/{recording}/{participant}-{stream}.m3u8      all files of one, in recording time
//! /d/{recording}/{file}.mp4                       a track file, also while it grows
//! /d/{recording}/composed.mp4                     the one film with everybody in it, once it is whole
//! ```
//!
//! The links inside a playlist end when the playlist's own does, so that they stay the same each time a player reads it again.

pub mod index;
pub(crate) mod journals;
pub mod playlist;

use std::str::FromStr;

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::{ParticipantId, RecordingId};
use mingjian_domain::recording::{Recording, State, Track};
use time::OffsetDateTime;

use crate::Service;
use crate::audit::{Act, Subject};
use playlist::Stream;

/// What a signed path below `/d/` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playable {
    /// Of which recording.
    pub recording: RecordingId,
    /// Which part.
    pub part: Part,
}

/// A part of a recording that can be fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// The multivariant playlist.
    Index,
    /// The media playlist of one participant and stream.
    Media(ParticipantId, Stream),
    /// A track file, by its name in the recording's folder.
    File(String),
    /// The one film with everybody in it.
    Film,
}

impl Playable {
    /// The path of its link.
    #[must_use]
    pub fn path(&self) -> String {
        let recording = self.recording;
        match &self.part {
            Part::Index => format!("/d/{recording}/index.m3u8"),
            Part::Media(participant, stream) => format!("/d/{recording}/{participant}-{}.m3u8", stream.word()),
            Part::File(name) => format!("/d/{recording}/{name}"),
            Part::Film => format!("/d/{recording}/composed.mp4"),
        }
    }

    /// Reads the two parts of the path back.
    ///
    /// # Errors
    /// [`Error::Missing`] when they name nothing that can be fetched.
    pub fn parse(recording: &str, part: &str) -> Result<Self> {
        let missing = Error::Missing(Noun::Recording);
        let Ok(recording) = RecordingId::from_str(recording) else { return Err(missing) };
        let plain = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'.');
        let part = match part.rsplit_once('.') {
            Some(("index", "m3u8")) => Part::Index,
            Some(("composed", "mp4")) => Part::Film,
            Some((stem, "m3u8")) => {
                let of = |stream: Stream| {
                    stem.strip_suffix(stream.word())?.strip_suffix('-')?.parse().ok().map(|id| (id, stream))
                };
                let Some((participant, stream)) = Stream::ALL.into_iter().find_map(of) else { return Err(missing) };
                Part::Media(participant, stream)
            }
            Some((stem, "mp4")) if plain && !stem.is_empty() && !stem.starts_with('.') => Part::File(part.to_owned()),
            _ => return Err(missing),
        };
        Ok(Self { recording, part })
    }
}

/// A playlist, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Playlist {
    /// The text.
    pub text: String,
}

/// A file, ready to be streamed from the object store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrackFile {
    /// Its key in the object store.
    pub key: String,
    /// Its size now.
    pub size_bytes: u64,
    /// Its SHA-256, once it does not grow any more.
    pub sha256: Option<[u8; 32]>,
}

/// What was fetched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A playlist.
    Playlist(Playlist),
    /// A track file.
    File(TrackFile),
}

/// Fetches what a checked link names, and notes it in the audit log: once per link and address within ten minutes.
///
/// # Errors
/// [`Error::Missing`] when it is not there, or not any more; [`Error::Fault`].
pub async fn fetch(
    service: &Service,
    playable: &Playable,
    link_expires_at: OffsetDateTime,
    address: &str,
) -> Result<Fetched> {
    let mut tx = service.store.read().await?;
    let recording = tx.recordings().lookup_any(playable.recording).await?.ok_or(Error::Missing(Noun::Recording))?;
    let tracks = tx.tracks().list(recording.id).await?;
    let film = tx.films().lookup(recording.id).await?;
    drop(tx);
    let fetched = match &playable.part {
        Part::Index | Part::Media(..) => {
            Fetched::Playlist(write_playlist(service, &recording, &playable.part, link_expires_at).await?)
        }
        Part::File(name) => {
            let key = format!("{}/{name}", recording.folder);
            let size_bytes = service.objects.size(&key).await?.ok_or(Error::Missing(Noun::Recording))?;
            let track = tracks.iter().find(|track| track.file == *name);
            let sha256 = track.and_then(|track| track.closed).map(|closed| closed.sha256);
            Fetched::File(TrackFile { key, size_bytes, sha256 })
        }
        Part::Film => {
            let film = film.ok_or(Error::Missing(Noun::Recording))?;
            Fetched::File(TrackFile { key: film.key, size_bytes: film.size_bytes, sha256: Some(film.sha256) })
        }
    };
    note(service, &recording, playable, link_expires_at, address).await?;
    Ok(fetched)
}

async fn write_playlist(
    service: &Service,
    recording: &Recording,
    part: &Part,
    expires_at: OffsetDateTime,
) -> Result<Playlist> {
    let ended = recording.state != State::Recording;
    let key = format!("{}/journal.jsonl", recording.folder);
    let files = service.journals.files(&service.objects, recording.id, &key, ended, service.now()).await?;
    // A recording that has just begun has no journal yet, and one whose files are gone has none any more.
    let files = match files {
        Some(files) => files,
        None if ended => return Err(Error::Missing(Noun::Recording)),
        None => Vec::new(),
    };
    let signer = service.signer(expires_at);
    let address = |part| signer.sign(&Playable { recording: recording.id, part }.path());
    let text = match part {
        Part::Media(participant, stream) => {
            let own: Vec<_> =
                files.iter().filter(|file| file.participant == *participant && file.stream() == *stream).collect();
            playlist::media(&own, recording.started_at, ended, |name| address(Part::File(name.to_owned())))
        }
        Part::Index | Part::File(_) | Part::Film => {
            playlist::multivariant(&files, |participant, stream| address(Part::Media(participant, stream)))
        }
    };
    Ok(Playlist { text })
}

async fn note(
    service: &Service,
    recording: &Recording,
    playable: &Playable,
    link_expires_at: OffsetDateTime,
    address: &str,
) -> Result<()> {
    let path = playable.path();
    let link = format!("{path}?{}", link_expires_at.unix_timestamp());
    if !service.fetches.is_new(&link, address, service.now()) {
        return Ok(());
    }
    let act = Act { tenant: Some(recording.tenant), actor: Actor::Link, address: Some(address) };
    let subject = Subject { noun: "recording", id: recording.id.to_string() };
    let detail = serde_json::json!({ "path": path, "link_expires": link_expires_at.unix_timestamp() }).to_string();
    let mut tx = service.store.begin().await?;
    tx.audit().append(&service.audit_line(act, "fetch_file", subject, Some(detail))).await?;
    tx.commit().await
}

/// As far into a file as its initialisation segment can reach.
const HEAD_BYTES: u64 = 4_096;

/// The stream that a track file is a part of, by what it says of itself. One that cannot be read is taken for what it should be.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn stream_of(service: &Service, recording: &Recording, track: &Track) -> Result<Stream> {
    let head = service.objects.get_range(&format!("{}/{}", recording.folder, track.file), 0..HEAD_BYTES).await?;
    Ok(Stream::of(track.source, head.is_none_or(|head| has_picture(&head))))
}

/// Whether one of the tracks is handled as video: `hdlr`, version and flags, a reserved word, `vide` (ISO/IEC 14496-12 8.4.3).
fn has_picture(head: &[u8]) -> bool {
    head.windows(16).any(|window| window.starts_with(b"hdlr") && window.ends_with(b"vide"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_reads_back_from_its_own_path() {
        let recording: RecordingId = "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77".parse().expect("an id");
        let participant: ParticipantId = "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a78".parse().expect("an id");
        for part in [
            Part::Index,
            Part::Media(participant, Stream::Camera),
            Part::Media(participant, Stream::Microphone),
            Part::Media(participant, Stream::Screen),
            Part::File(format!("{participant}-0000000000.mp4")),
            Part::File(format!("{participant}-screen-0000001000.mp4")),
            Part::Film,
        ] {
            let playable = Playable { recording, part };
            let path = playable.path();
            let (first, second) = path.strip_prefix("/d/").and_then(|rest| rest.split_once('/')).expect("two parts");
            assert_eq!(Playable::parse(first, second).ok(), Some(playable));
        }
    }

    #[test]
    fn a_file_tells_by_its_handlers_whether_it_has_pictures() {
        let handler = |kind: &[u8; 4]| [&b"....hdlr\0\0\0\0\0\0\0\0"[..], kind, b"...."].concat();
        assert!(has_picture(&[handler(b"vide"), handler(b"soun")].concat()));
        assert!(!has_picture(&handler(b"soun")));
        assert!(!has_picture(b""));
    }

    #[test]
    fn nothing_else_in_or_out_of_the_folder_can_be_named() {
        let recording = "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77";
        for part in [
            "journal.jsonl",
            "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a78-.m3u8",
            "..%2fx.mp4",
            "../x.mp4",
            ".mp4",
            "x.m3u8",
            "camera.m3u8",
            "",
            "x",
        ] {
            assert!(Playable::parse(recording, part).is_err(), "{part}");
        }
        assert!(Playable::parse("1", "index.m3u8").is_err());
    }
}
