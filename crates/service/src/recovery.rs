//! After a kill or a power loss: what the rows say of a recording is brought in line with what is on disk.
//!
//! The files were made whole before (the driver cuts what is torn and closes what was open); here the database learns it.
//! A call that still runs goes on with the same recording when the hall opens.

use mingjian_domain::error::Result;
use mingjian_domain::recording::{Gap, Recording, State, Track};

use crate::audit::{Act, Subject};
use crate::{Service, compositions};

/// What is on disk of a recording, all of it finished.
#[derive(Debug, Clone, Default)]
pub struct Whole {
    /// Its track files; each is closed.
    pub tracks: Vec<Track>,
    /// The gaps that its journal tells of.
    pub gaps: Vec<Gap>,
    /// Where its last media ends.
    pub duration_ms: u64,
}

/// The recordings that were growing when the server ended.
///
/// # Errors
/// [`mingjian_domain::error::Error::Fault`].
pub async fn growing(service: &Service) -> Result<Vec<Recording>> {
    let mut tx = service.store.read().await?;
    tx.recordings().list_growing().await
}

/// Brings the rows of a recording in line with its files. A second time changes nothing.
///
/// # Errors
/// [`mingjian_domain::error::Error::Fault`].
pub async fn make_whole(service: &Service, recording: &Recording, whole: &Whole) -> Result<()> {
    let mut tx = service.store.begin().await?;
    let known = tx.tracks().list(recording.id).await?;
    for track in &known {
        if !whole.tracks.iter().any(|there| there.id == track.id) {
            tx.tracks().delete(track.id).await?;
        }
    }
    for track in &whole.tracks {
        match (&track.closed, known.iter().any(|row| row.id == track.id)) {
            (Some(closed), true) => tx.tracks().close(track.id, closed).await?,
            (_, false) => tx.tracks().insert(track).await?,
            (None, true) => {}
        }
    }
    let told = tx.gaps().list(recording.id).await?;
    for gap in latest(&whole.gaps).into_iter().filter(|gap| !told.contains(gap)) {
        tx.gaps().insert(&gap).await?;
    }
    let stopped = Recording { state: State::Stopped { duration_ms: whole.duration_ms }, ..recording.clone() };
    tx.recordings().set_state(recording.id, stopped.state).await?;
    compositions::enqueue(service, &mut tx, &stopped).await?;
    let subject = Subject { noun: "recording", id: recording.id.to_string() };
    let detail = format!(r#"{{"tracks":{},"duration_ms":{}}}"#, whole.tracks.len(), whole.duration_ms);
    tx.audit()
        .append(&service.audit_line(Act::of_server(recording.tenant), "recover_recording", subject, Some(detail)))
        .await?;
    tx.commit().await?;
    tracing::info!(recording.id = %recording.id, recording.duration_ms = whole.duration_ms, "a recording was made whole after a restart");
    Ok(())
}

/// Each gap as the journal tells it last. One whose first moment with picture was lost to a kill, since no fragment had been
/// written by then, is told again by the next life of the server, from the same beginning to a later end.
fn latest(told: &[Gap]) -> Vec<Gap> {
    let key = |gap: &Gap| (gap.participant, gap.source, gap.from_ms);
    let mut gaps: Vec<Gap> = Vec::with_capacity(told.len());
    for gap in told {
        match gaps.iter_mut().find(|known| key(known) == key(gap)) {
            Some(known) => *known = *gap,
            None => gaps.push(*gap),
        }
    }
    gaps
}

#[cfg(test)]
mod tests {
    use mingjian_domain::id::{ParticipantId, RecordingId};
    use mingjian_domain::random::Counting;
    use mingjian_domain::recording::journal::{GapReason, Source};
    use time::OffsetDateTime;

    use super::*;

    #[test]
    fn the_last_word_on_a_gap_holds() {
        let (now, mut random) = (OffsetDateTime::UNIX_EPOCH, Counting::default());
        let recording = RecordingId::mint(now, &mut random);
        let (one, two) = (ParticipantId::mint(now, &mut random), ParticipantId::mint(now, &mut random));
        let gap = |participant, from_ms, to_ms| Gap {
            recording,
            participant,
            source: Source::Camera,
            from_ms,
            to_ms,
            reason: GapReason::Restart,
        };
        let told = [gap(one, 10, 20), gap(two, 10, 20), gap(one, 30, 40), gap(one, 10, 60)];
        assert_eq!(latest(&told), [gap(one, 10, 60), gap(two, 10, 20), gap(one, 30, 40)]);
    }
}
