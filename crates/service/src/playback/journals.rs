//! Journals that are being played, kept as far as they were read.
//!
//! A player asks for the playlist of a growing recording every few seconds, and the journal of an hour has some 20,000 lines. So
//! what was read of a journal is kept, and the next request reads what was appended since. A journal only ever grows; should one
//! have been written anew all the same, by a repair, then what stands where the last line was read gives it away.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use mingjian_domain::error::{Doing, Result};
use mingjian_domain::id::RecordingId;
use mingjian_store::Objects;
use time::OffsetDateTime;
use tokio::sync::Mutex as Turn;

use super::index::{File, Index};

/// Journals kept at most, those played last; one of two people and an hour takes some 200 KB.
const KEPT: usize = 64;

/// So much of what was read last is compared with what stands there now: more than a hash, which no two lines share.
const SEAM_BYTES: usize = 128;

/// The journals that were played lately.
#[derive(Debug, Default)]
pub(crate) struct Journals {
    kept: Mutex<HashMap<RecordingId, Kept>>,
}

#[derive(Debug)]
struct Kept {
    journal: Arc<Turn<Journal>>,
    used_at: OffsetDateTime,
}

/// A journal as far as it was read.
#[derive(Debug, Default)]
struct Journal {
    index: Index,
    read_bytes: u64,
    /// The last bytes of what was read.
    seam: Vec<u8>,
}

impl Journals {
    /// The files of a recording by the journal under that key; none while there is no journal. `finished` says that nothing will be
    /// added to it.
    ///
    /// # Errors
    /// [`mingjian_domain::error::Error::Fault`].
    pub(crate) async fn files(
        &self,
        objects: &Objects,
        recording: RecordingId,
        key: &str,
        finished: bool,
        now: OffsetDateTime,
    ) -> Result<Option<Vec<File>>> {
        // Players of one recording take turns, so that each new line is read once.
        let mut journal = self.turn(recording, now).lock_owned().await;
        let from = journal.read_bytes - journal.seam.len() as u64;
        let Some(mut bytes) = objects.get_range(key, from..u64::MAX).await? else { return Ok(None) };
        if !bytes.starts_with(&journal.seam) {
            *journal = Journal::default();
            let Some(anew) = objects.get_range(key, 0..u64::MAX).await? else { return Ok(None) };
            bytes = anew;
        }
        // The first reading of a long one would hold up the event loop.
        let read = tokio::task::spawn_blocking(move || {
            journal.read(&bytes);
            journal.index.files(finished)
        });
        read.await.doing("reading a journal").map(Some)
    }

    fn turn(&self, recording: RecordingId, now: OffsetDateTime) -> Arc<Turn<Journal>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= KEPT
            && !kept.contains_key(&recording)
            && let Some(oldest) = kept.iter().min_by_key(|(_, kept)| kept.used_at).map(|(id, _)| *id)
        {
            kept.remove(&oldest);
        }
        let entry = kept.entry(recording).or_insert_with(|| Kept { journal: Arc::default(), used_at: now });
        entry.used_at = now;
        entry.journal.clone()
    }
}

impl Journal {
    /// Takes what stands from the seam on.
    fn read(&mut self, bytes: &[u8]) {
        let fresh = &bytes[self.seam.len()..];
        let taken = self.index.take(fresh);
        self.read_bytes += taken as u64;
        if taken > 0 {
            let whole = &bytes[..self.seam.len() + taken];
            self.seam = whole[whole.len().saturating_sub(SEAM_BYTES)..].to_vec();
        }
    }
}

#[cfg(test)]
mod tests;
