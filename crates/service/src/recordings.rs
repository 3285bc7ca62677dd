//! Recordings as people and systems find them: what is in them, what is missing, and the links to play and fetch them.

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::RecordingId;
use mingjian_domain::recording::journal::GapReason;
use mingjian_domain::recording::{Speaker, State, Track};
use mingjian_domain::user::Session;
pub use mingjian_store::RecordingFilter;
use mingjian_store::{Page, Paged, RecordingRow, Tx};
use serde::Serialize;
use time::OffsetDateTime;

use crate::Service;
use crate::access::{Caller, Sight};
use crate::links::Signer;
use crate::playback::playlist::source_word;
use crate::playback::{Part, Playable, stream_of};

/// A recording, as the API shows it. Every `_ms` but `duration_ms` of a file counts from `started_at`.
#[derive(Debug, Clone, Serialize)]
pub struct RecordingView {
    /// Its id.
    pub id: String,
    /// The interview, where it is one's.
    pub interview_id: Option<String>,
    /// The interview's number.
    pub number: Option<String>,
    /// Of the order.
    pub business_no: Option<String>,
    /// Name of the main person.
    pub customer: Option<String>,
    /// Name of the seat.
    pub seat: Option<String>,
    /// `recording`, `stopped`, `failed`.
    pub state: &'static str,
    /// Time zero.
    #[serde(with = "time::serde::rfc3339")]
    pub started_at: OffsetDateTime,
    /// When its last media was.
    #[serde(with = "time::serde::rfc3339::option")]
    pub stopped_at: Option<OffsetDateTime>,
    /// How long it is; while it grows, how long by now.
    pub duration_ms: u64,
    /// Signed address of the multivariant playlist.
    pub playlist_url: String,
    /// Where something is missing.
    pub gaps: Vec<GapView>,
    /// What can be fetched.
    pub files: Vec<FileView>,
    /// What happened.
    pub marks: Vec<MarkView>,
    /// `pass`, `refuse`, `supplement`; none while there is none.
    pub verdict: Option<&'static str>,
    /// The seat's reason.
    pub reason: Option<String>,
}

/// A stretch without received picture or sound.
#[derive(Debug, Clone, Serialize)]
pub struct GapView {
    participant: String,
    source: &'static str,
    from_ms: u64,
    to_ms: u64,
    reason: &'static str,
}

/// A file of a recording.
#[derive(Debug, Clone, Serialize)]
pub struct FileView {
    /// `track`, or `composed` for the one film with everybody in it.
    kind: &'static str,
    /// None for the film.
    participant: Option<ParticipantView>,
    /// `camera`, `screen`, and `microphone` for a file that was begun while there was no picture; none for the film.
    source: Option<&'static str>,
    from_ms: u64,
    duration_ms: u64,
    url: String,
    size_bytes: u64,
    /// None while it grows.
    sha256: Option<String>,
    /// None for the film.
    playlist_url: Option<String>,
}

/// Whose file it is.
#[derive(Debug, Clone, Serialize)]
pub struct ParticipantView {
    id: String,
    name: String,
    role: &'static str,
}

/// Something that happened.
#[derive(Debug, Clone, Serialize)]
pub struct MarkView {
    at_ms: u64,
    kind: String,
    text: String,
}

/// The recordings that the caller may see, the newest first. `base` is the scheme and host of the links, such as
/// `https://bank.example`; when it is empty they are relative to the server.
///
/// # Errors
/// [`mingjian_domain::error::Denied::NotEntitled`]; [`Error::Invalid`] for a cursor that is none.
pub async fn list_recordings(
    service: &Service,
    caller: &Caller,
    mut filter: RecordingFilter,
    page: &Page,
    base: &str,
) -> Result<Paged<RecordingView>> {
    match caller.sight()? {
        Sight::Tenant => {}
        Sight::Own(seat) => filter.answered_by = Some(seat),
    }
    let mut tx = service.store.read().await?;
    let rows = tx.recordings().list(caller.tenant(), &filter, page).await?;
    let signer = service.signer(link_end(service, caller));
    let mut items = Vec::with_capacity(rows.items.len());
    for row in rows.items {
        items.push(view(service, &mut tx, row, signer, base).await?);
    }
    Ok(Paged { items, next: rows.next })
}

/// One recording.
///
/// # Errors
/// [`Error::Missing`] when the caller may not see it, as when there is none; [`mingjian_domain::error::Denied::NotEntitled`]
/// for a user who has nothing to do with recordings.
pub async fn find_recording(service: &Service, caller: &Caller, id: RecordingId, base: &str) -> Result<RecordingView> {
    let sight = caller.sight()?;
    let missing = || Error::Missing(Noun::Recording);
    let mut tx = service.store.read().await?;
    let row = tx.recordings().lookup_row(caller.tenant(), id).await?.ok_or_else(missing)?;
    if let Sight::Own(seat) = sight {
        let interview = match row.recording.interview {
            Some(id) => tx.interviews().lookup(caller.tenant(), id).await?,
            None => None,
        };
        let answered_by = interview.and_then(|interview| interview.state.call().map(|call| call.seat));
        if answered_by != Some(seat) {
            return Err(missing());
        }
    }
    let signer = service.signer(link_end(service, caller));
    view(service, &mut tx, row, signer, base).await
}

/// A page asks again each time it is opened, a system may keep the link: so a page's links end with its session's longest life.
fn link_end(service: &Service, caller: &Caller) -> OffsetDateTime {
    let life = match caller {
        Caller::User { .. } => service.settings.link_life.min(Session::LIFETIME),
        Caller::System { .. } => service.settings.link_life,
    };
    service.now() + life
}

async fn view(
    service: &Service,
    tx: &mut Tx,
    row: RecordingRow,
    signer: Signer<'_>,
    base: &str,
) -> Result<RecordingView> {
    let recording = row.recording;
    let tracks = tx.tracks().list(recording.id).await?;
    let speakers = tx.speakers().list(recording.id).await?;
    let gaps = tx.gaps().list(recording.id).await?;
    let marks = tx.marks().list(recording.id).await?;
    let so_far = u64::try_from((service.now() - recording.started_at).whole_milliseconds()).unwrap_or(0);
    let duration_ms = recording.state.duration_ms().unwrap_or(so_far);
    let link = |part| format!("{base}{}", signer.sign(&Playable { recording: recording.id, part }.path()));
    let mut files = Vec::with_capacity(tracks.len());
    for track in &tracks {
        let (lasts_ms, size_bytes, sha256) = match track.closed {
            Some(closed) => (closed.duration_ms, closed.size_bytes, Some(hex::encode(closed.sha256))),
            None => {
                let size = service.objects.size(&format!("{}/{}", recording.folder, track.file)).await?;
                (duration_ms.saturating_sub(track.from_ms), size.unwrap_or(0), None)
            }
        };
        let stream = stream_of(service, &recording, track).await?;
        files.push(FileView {
            kind: "track",
            participant: Some(participant(track, &speakers)),
            source: Some(stream.word()),
            from_ms: track.from_ms,
            duration_ms: lasts_ms,
            url: link(Part::File(track.file.clone())),
            size_bytes,
            sha256,
            playlist_url: Some(link(Part::Media(track.participant, stream))),
        });
    }
    if let Some(film) = tx.films().lookup(recording.id).await? {
        files.push(FileView {
            kind: "composed",
            participant: None,
            source: None,
            from_ms: 0,
            duration_ms: film.duration_ms,
            url: link(Part::Film),
            size_bytes: film.size_bytes,
            sha256: Some(hex::encode(film.sha256)),
            playlist_url: None,
        });
    }
    let gap_view = |gap: mingjian_domain::recording::Gap| GapView {
        participant: gap.participant.to_string(),
        source: source_word(gap.source),
        from_ms: gap.from_ms,
        to_ms: gap.to_ms,
        reason: reason_word(gap.reason),
    };
    Ok(RecordingView {
        id: recording.id.to_string(),
        interview_id: recording.interview.map(|id| id.to_string()),
        number: row.number,
        business_no: row.business_no,
        customer: row.customer_name,
        seat: row.seat_name,
        state: recording.state.word(),
        started_at: recording.started_at,
        stopped_at: match recording.state {
            State::Recording => None,
            State::Stopped { .. } | State::Failed { .. } => recording.stopped_at(),
        },
        duration_ms,
        playlist_url: link(Part::Index),
        gaps: gaps.into_iter().map(gap_view).collect(),
        files,
        marks: marks.into_iter().map(|mark| MarkView { at_ms: mark.at_ms, kind: mark.kind, text: mark.text }).collect(),
        verdict: row.verdict.map(mingjian_domain::interview::Verdict::word),
        reason: row.reason,
    })
}

fn participant(track: &Track, speakers: &[Speaker]) -> ParticipantView {
    let speaker = speakers.iter().find(|speaker| speaker.participant == track.participant);
    ParticipantView {
        id: track.participant.to_string(),
        name: speaker.map_or_else(String::new, |speaker| speaker.name.clone()),
        role: speaker.map_or("guest", |speaker| speaker.role.word()),
    }
}

const fn reason_word(reason: GapReason) -> &'static str {
    match reason {
        GapReason::Loss => "loss",
        GapReason::CameraOff => "camera_off",
        GapReason::Reconnect => "reconnect",
        GapReason::Restart => "restart",
    }
}
