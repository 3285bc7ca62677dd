//! The one film of a recording with everybody in it: asked for in the transaction that marks the recording stopped, drawn by a
//! job behind the port [`Composer`], and listed when it is whole.
//!
//! A recording may go on after it stopped (a call-back): the film of the shorter one is then put in place of by the film of the
//! longer one, under the same address.

use std::collections::{BTreeMap, HashSet};

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::file::{Content, FileKind, MediaType, RecordingName};
use mingjian_domain::id::{JobId, ParticipantId, RecordingId, TrackId};
use mingjian_domain::job::{Job, JobState, Work};
use mingjian_domain::recording::journal::Source;
use mingjian_domain::recording::{Gap, Recording, Speaker, SpeakerRole, State, Track};
use mingjian_domain::scene::{Film, Person, Stretch};
use mingjian_domain::user::Role;
use mingjian_store::{Film as FilmRow, Page, Paged, Tx};
use serde::Serialize;
use time::OffsetDateTime;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::counter::filing;
use crate::files::recorded::{complete_file, expect_file};
use crate::jobs::{COMPOSE_LEASE, Tried};
use crate::netdisk_events::{self, Event};
use crate::playback::stream_of;
use crate::ports::{Alive, ComposeFailure, Composed, Composer, Composition, Renewed, Sound};

/// The kind of its jobs.
pub(crate) const KIND: &str = "compose_recording";

/// A stretch without received pictures is no picture from this length on: a picture that stands still for longer would
/// look as if somebody sat there.
const STANDS_STILL_MS: u64 = 2_000;

/// Asks for the film of a recording that has just been saved as ended, and announces its file under the name that its kind
/// has. Call it in that same transaction, with the recording as it is now.
///
/// # Errors
/// [`Error::Fault`].
pub async fn enqueue(service: &Service, tx: &mut Tx, recording: &Recording) -> Result<()> {
    // What holds nothing becomes no file.
    if recording.state.duration_ms().is_some_and(|ms| ms > 0) {
        announce(service, tx, recording).await?;
    }
    ask(service, tx, recording).await
}

async fn announce(service: &Service, tx: &mut Tx, recording: &Recording) -> Result<()> {
    let row = tx.recordings().lookup_row(recording.tenant, recording.id).await?;
    if let Some(business_no) = row.and_then(|row| row.business_no) {
        let kind = FileKind::Interview;
        let name = RecordingName::Business { business_no: &business_no, video_type: None, kind };
        return expect_file(service, tx, recording, kind, name, Some(&business_no)).await.map(drop);
    }
    if let Some(take) = tx.takes().lookup_by_recording(recording.id).await? {
        return filing::expect(service, tx, &take, recording.id).await;
    }
    if let Some(room) = tx.rooms().lookup_by_id(recording.tenant, recording.room).await? {
        let name = RecordingName::Meeting { number: &room.room.number };
        return expect_file(service, tx, recording, FileKind::Meeting, name, None).await.map(drop);
    }
    Ok(())
}

async fn ask(service: &Service, tx: &mut Tx, recording: &Recording) -> Result<()> {
    let now = service.now();
    let id = service.draw(|random| JobId::mint(now, random));
    let job = Job {
        id,
        tenant: recording.tenant,
        work: Work::ComposeRecording { recording: recording.id },
        created_at: now,
        state: JobState::Pending { run_at: now },
        attempts: 0,
        last_status: None,
        last_error: None,
    };
    tx.jobs().enqueue(&job).await?;
    tx.films().ask(recording.tenant, recording.id, id).await
}

/// One try.
pub(crate) async fn compose(
    service: &Service,
    composer: &dyn Composer,
    job: &Job,
    recording: RecordingId,
) -> Result<Tried> {
    let Some(composition) = plan(service, recording).await? else { return Ok(Tried::Done(None)) };
    let claim = Claim { service, job };
    match composer.compose(&composition, &claim).await {
        Ok(composed) => list(service, &composition, composed).await,
        Err(failure @ (ComposeFailure::Full | ComposeFailure::Lost | ComposeFailure::Broken(_))) => {
            Ok(Tried::Retry(None, failure.to_string()))
        }
    }
}

struct Claim<'a> {
    service: &'a Service,
    job: &'a Job,
}

impl Alive for Claim<'_> {
    fn renew(&self) -> Renewed<'_> {
        Box::pin(async move {
            let held = async {
                let mut tx = self.service.store.begin().await?;
                let held = tx.jobs().hold_until(self.job, self.service.now() + COMPOSE_LEASE).await?;
                tx.commit().await?;
                Ok::<bool, Error>(held)
            };
            // A store that does not answer for a moment loses no claim: the lease is longer than several beats.
            held.await.unwrap_or(true)
        })
    }
}

/// What is to be drawn; none for a recording that grows again or holds nothing.
async fn plan(service: &Service, id: RecordingId) -> Result<Option<Composition>> {
    let mut tx = service.store.read().await?;
    let Some(recording) = tx.recordings().lookup_any(id).await? else { return Ok(None) };
    let Some(duration_ms) = recording.state.duration_ms().filter(|&ms| ms > 0) else { return Ok(None) };
    let tracks = tx.tracks().list(id).await?;
    let speakers = tx.speakers().list(id).await?;
    let gaps = tx.gaps().list(id).await?;
    let file = tx.files().lookup_by_recording(recording.tenant, id).await?;
    let tenant = tx.tenants().lookup(recording.tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    drop(tx);
    let mut pictured = HashSet::new();
    for track in &tracks {
        if stream_of(service, &recording, track).await?.has_picture() {
            pictured.insert(track.id);
        }
    }
    let cast = Cast { tracks: &tracks, gaps: &gaps, pictured: &pictured, duration_ms };
    let people = cast.people(&speakers);
    if people.is_empty() {
        return Ok(None);
    }
    let number = file.and_then(|file| file.business_no);
    Ok(Some(Composition {
        recording: id,
        folder: recording.folder.clone(),
        into: format!("{}/composed/{duration_ms}.mp4", recording.folder),
        film: Film::of(duration_ms, &people),
        voices: people.iter().map(|person| cast.sounds(person.participant)).collect(),
        clock: recording.started_at.to_offset(tenant.zone),
        caption: [Some(tenant.name), number].into_iter().flatten().collect::<Vec<_>>().join("  "),
    }))
}

/// Who was recorded, and in which files.
struct Cast<'a> {
    tracks: &'a [Track],
    gaps: &'a [Gap],
    pictured: &'a HashSet<TrackId>,
    duration_ms: u64,
}

impl Cast<'_> {
    fn people(&self, speakers: &[Speaker]) -> Vec<Person> {
        let mut recorded: BTreeMap<ParticipantId, Option<&Speaker>> =
            self.tracks.iter().map(|track| (track.participant, None)).collect();
        for speaker in speakers {
            if let Some(known) = recorded.get_mut(&speaker.participant) {
                *known = Some(speaker);
            }
        }
        recorded
            .into_iter()
            .map(|(participant, speaker)| {
                let role = speaker.map_or(SpeakerRole::Guest, |speaker| speaker.role);
                let name = speaker.map_or("", |speaker| speaker.name.as_str());
                let (camera, screen) =
                    (self.pictures(participant, Source::Camera), self.pictures(participant, Source::Screen));
                Person { participant, name: label(role, name), role, camera, screen }
            })
            .collect()
    }

    /// The files of one source in the order of time, none of them reaching into the next.
    fn stretches(&self, participant: ParticipantId, source: Source) -> Vec<(&Track, Stretch)> {
        let mut own: Vec<&Track> =
            self.tracks.iter().filter(|track| track.participant == participant && track.source == source).collect();
        own.sort_by_key(|track| (track.from_ms, track.id));
        let ends = own.iter().skip(1).map(|track| track.from_ms).chain([self.duration_ms]);
        let stretch = |(track, end): (&&Track, u64)| {
            let lasts = track.closed.map_or(u64::MAX, |closed| closed.duration_ms);
            (track.from_ms, track.from_ms.saturating_add(lasts).min(end))
        };
        let bounds: Vec<_> = own.iter().zip(ends).map(stretch).collect();
        own.into_iter()
            .zip(bounds)
            .map(|(track, (from_ms, to_ms))| (track, Stretch { track: track.id, from_ms, to_ms }))
            .filter(|(_, stretch)| stretch.from_ms < stretch.to_ms)
            .collect()
    }

    /// When a picture is there: the files that have one, without the stretches that only repeat the last one.
    fn pictures(&self, participant: ParticipantId, source: Source) -> Vec<Stretch> {
        let still: Vec<&Gap> = self
            .gaps
            .iter()
            .filter(|gap| gap.participant == participant && gap.source == source)
            .filter(|gap| gap.to_ms - gap.from_ms >= STANDS_STILL_MS)
            .collect();
        let mut seen = Vec::new();
        for (track, stretch) in self.stretches(participant, source) {
            if !self.pictured.contains(&track.id) {
                continue;
            }
            let mut from_ms = stretch.from_ms;
            for gap in &still {
                let (hole, goes_on) =
                    (gap.from_ms.clamp(from_ms, stretch.to_ms), gap.to_ms.clamp(from_ms, stretch.to_ms));
                if hole > from_ms {
                    seen.push(Stretch { from_ms, to_ms: hole, ..stretch });
                }
                from_ms = goes_on;
            }
            if from_ms < stretch.to_ms {
                seen.push(Stretch { from_ms, ..stretch });
            }
        }
        seen
    }

    /// Screens are silent.
    fn sounds(&self, participant: ParticipantId) -> Vec<Sound> {
        self.stretches(participant, Source::Camera)
            .into_iter()
            .map(|(track, stretch)| Sound { file: track.file.clone(), from_ms: stretch.from_ms, to_ms: stretch.to_ms })
            .collect()
    }
}

/// What stands in a picture, as the call centres of the netdisk document write it.
fn label(role: SpeakerRole, name: &str) -> String {
    match role {
        SpeakerRole::Seat => format!("坐席：{name}"),
        SpeakerRole::Customer => format!("客户：{name}"),
        SpeakerRole::Supervisor => format!("班长：{name}"),
        SpeakerRole::Guest | SpeakerRole::Host => name.to_owned(),
    }
}

/// Lists the film, in place of an older one, and the file that it is. One of a recording that has gone on meanwhile is thrown away:
/// its own stop asks again. So is one whose file was deleted.
async fn list(service: &Service, composition: &Composition, composed: Composed) -> Result<Tried> {
    let mut tx = service.store.begin().await?;
    let recording = tx.recordings().lookup_any(composition.recording).await?.ok_or(Error::Missing(Noun::Recording))?;
    let older = tx.films().lookup(recording.id).await?;
    let duration_ms = match recording.state {
        State::Stopped { duration_ms } | State::Failed { duration_ms } => Some(duration_ms),
        State::Recording => None,
    };
    let duration_ms = duration_ms.filter(|ms| composition.into.ends_with(&format!("/{ms}.mp4")));
    let file = tx.files().lookup_by_recording(recording.tenant, recording.id).await?;
    let deleted = file.as_ref().is_some_and(|file| file.deleted_at.is_some());
    let Some(duration_ms) = duration_ms.filter(|_| !deleted) else {
        drop(tx);
        service.objects.delete(&composition.into).await?;
        return Ok(Tried::Done(None));
    };
    let film = FilmRow {
        recording: recording.id,
        key: composition.into.clone(),
        duration_ms,
        size_bytes: composed.size_bytes,
        sha256: composed.sha256,
        composed_at: service.now(),
    };
    tx.films().put(&film).await?;
    if let Some(file) = file {
        let content = Content {
            object_key: film.key.clone(),
            size_bytes: film.size_bytes,
            sha256: film.sha256,
            media_type: MediaType::MP4,
        };
        if let Some(file) = complete_file(service, &mut tx, recording.tenant, file.id, &content).await? {
            let room = tx.rooms().lookup_by_id(recording.tenant, recording.room).await?.map(|row| row.room.number);
            let event = Event::of_file(&file, recording.id, room);
            netdisk_events::enqueue(service, &mut tx, recording.tenant, &event).await?;
        }
    }
    let subject = Subject { noun: "recording", id: recording.id.to_string() };
    let detail = serde_json::json!({ "size_bytes": film.size_bytes, "sha256": hex::encode(film.sha256) }).to_string();
    tx.audit()
        .append(&service.audit_line(Act::of_server(recording.tenant), "compose_recording", subject, Some(detail)))
        .await?;
    tx.commit().await?;
    if let Some(older) = older.filter(|older| older.key != film.key) {
        service.objects.delete(&older.key).await?;
    }
    Ok(Tried::Done(None))
}

/// How far a film is, for an admin.
#[derive(Debug, Clone, Serialize)]
pub struct CompositionView {
    /// Id of the job.
    pub id: String,
    /// Of what.
    pub recording_id: String,
    /// `pending`, `done`, `failed`.
    pub state: &'static str,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next; while it is being drawn, when the claim runs out.
    #[serde(with = "time::serde::rfc3339::option")]
    pub next_attempt_at: Option<OffsetDateTime>,
    /// What the last try said.
    pub last_error: Option<String>,
    /// When it was asked for.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl CompositionView {
    /// Of a job that composes; none of any other.
    pub(crate) fn of(job: Job) -> Option<Self> {
        let Work::ComposeRecording { recording } = job.work else { return None };
        let (state, next_attempt_at) = match job.state {
            JobState::Pending { run_at } => ("pending", Some(run_at)),
            JobState::Done { .. } => ("done", None),
            JobState::Failed { .. } => ("failed", None),
        };
        Some(Self {
            id: job.id.to_string(),
            recording_id: recording.to_string(),
            state,
            attempts: job.attempts,
            next_attempt_at,
            last_error: job.last_error,
            created_at: job.created_at,
        })
    }
}

/// The films that were asked for, the newest first.
///
/// # Errors
/// [`mingjian_domain::error::Denied::NotEntitled`] for a user who is no tenant admin; [`Error::Invalid`] for a cursor that is none.
pub async fn list_compositions(service: &Service, caller: &Caller, page: &Page) -> Result<Paged<CompositionView>> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.read().await?;
    let jobs = tx.jobs().list(caller.tenant(), KIND, page).await?;
    Ok(Paged { items: jobs.items.into_iter().filter_map(CompositionView::of).collect(), next: jobs.next })
}

/// Makes a film due at once, also one that was given up.
///
/// # Errors
/// [`Error::Missing`]; [`mingjian_domain::error::Conflict::WrongState`] for one that is done;
/// [`mingjian_domain::error::Denied::NotEntitled`] for a user who is no tenant admin.
pub async fn retry_composition(service: &Service, caller: &Caller, id: JobId) -> Result<()> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.begin().await?;
    match tx.jobs().retry_now(caller.tenant(), KIND, id, service.now()).await {
        Err(Error::Missing(_)) => return Err(Error::Missing(Noun::Recording)),
        retried => retried?,
    }
    let subject = Subject { noun: "composition", id: id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "retry_composition", subject, None)).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests;
