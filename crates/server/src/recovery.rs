//! At the start: what a kill left open is made whole, first the files, then the rows.

use std::fs::File;
use std::io::{self, BufRead, BufReader};
use std::path::Path;

use mingjian_domain::recording::journal::Entry;
use mingjian_domain::recording::{Closed, Gap, Recording, Track};
use mingjian_media::recorder::JOURNAL;
use mingjian_service::Service;
use mingjian_service::recovery::{self, Whole};

use crate::drive::recover;
use crate::parts::{Failure, told};
use crate::random::SystemRandom;

/// Makes every recording whole that was growing when the server ended.
///
/// # Errors
/// A folder cannot be read or written, or the store fails.
pub async fn make_all_whole(service: &Service) -> Result<(), Failure> {
    for recording in recovery::growing(service).await.map_err(told)? {
        let folder = service.objects.path_of(&recording.folder).map_err(told)?;
        let (now, subject) = (service.now(), recording.clone());
        let whole = tokio::task::spawn_blocking(move || read_whole(&folder, &subject, now))
            .await?
            .map_err(|error| format!("the recording {} cannot be made whole: {error}", recording.id))?;
        recovery::make_whole(service, &recording, &whole).await.map_err(told)?;
    }
    Ok(())
}

fn read_whole(folder: &Path, recording: &Recording, now: time::OffsetDateTime) -> io::Result<Whole> {
    // Killed between the row and the folder: nothing was recorded.
    if !folder.exists() {
        return Ok(Whole::default());
    }
    let recovered = recover::recover(folder, now, &mut SystemRandom)?;
    let tracks = recovered.tracks.into_iter().map(|track| Track {
        id: track.track,
        recording: recording.id,
        participant: track.participant,
        source: track.source,
        file: track.file,
        from_ms: track.from_ms,
        closed: Some(Closed { duration_ms: track.duration_ms, size_bytes: track.size_bytes, sha256: track.sha256 }),
    });
    Ok(Whole { tracks: tracks.collect(), gaps: read_gaps(folder, recording)?, duration_ms: recovered.end_ms })
}

fn read_gaps(folder: &Path, recording: &Recording) -> io::Result<Vec<Gap>> {
    let mut gaps = Vec::new();
    for line in BufReader::new(File::open(folder.join(JOURNAL))?).lines() {
        if let Ok(Entry::Gap { participant, source, from_ms, to_ms, reason }) = serde_json::from_str(&line?) {
            gaps.push(Gap { recording: recording.id, participant, source, from_ms, to_ms, reason });
        }
    }
    Ok(gaps)
}
