//! The journal of a recording that may have been cut short.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, Write};

use mingjian_domain::id::{ParticipantId, TrackId};
use mingjian_domain::recording::journal::{Entry, Source};

use crate::disk::Earlier;

/// So many of a track's latest fragments are looked at again: more than a power loss can take with the default policy.
pub(super) const LOOKED_AT: usize = 16;

/// One journalled fragment, as far as recovery needs it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) offset: u64,
    pub(super) bytes: u64,
    pub(super) end_ms: u64,
    pub(super) chain: [u8; 32],
}

/// What the journal says of one track.
#[derive(Debug, Clone)]
pub struct Indexed {
    /// The line that opened it.
    pub open: Entry,
    /// Its file.
    pub file: String,
    /// Whose.
    pub participant: ParticipantId,
    /// What it shows.
    pub source: Source,
    /// Where its zero lies.
    pub from_ms: u64,
    /// Length of its initialisation segment.
    pub init_bytes: u64,
    /// Size and SHA-256 by the line that closed it.
    pub closed: Option<(u64, Option<[u8; 32]>)>,
    /// The latest of the fragments that follow each other from the beginning on.
    pub(super) marks: VecDeque<Mark>,
    /// Where those end in the file.
    pub(super) journalled: u64,
    /// Where they end in the recording.
    pub(super) end_ms: u64,
}

/// The tracks of a journal.
#[derive(Debug, Clone, Default)]
pub struct Index {
    /// By id; ids grow with time.
    pub tracks: BTreeMap<TrackId, Indexed>,
}

/// The entries of a journal; a line that is torn or was not written by this program ends or interrupts it and is left out.
fn entries(journal: impl BufRead) -> impl Iterator<Item = io::Result<Entry>> {
    journal.split(b'\n').filter_map(|line| match line {
        Ok(line) => serde_json::from_slice(&line).ok().map(Ok),
        Err(error) => Some(Err(error)),
    })
}

/// 64 hex digits.
fn digest(text: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    if text.len() != 64 {
        return None;
    }
    for (at, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * at..2 * at + 2)?, 16).ok()?;
    }
    Some(bytes)
}

impl Index {
    /// Reads a journal.
    ///
    /// # Errors
    ///
    /// It cannot be read; torn lines are no error.
    pub fn read(journal: impl BufRead) -> io::Result<Self> {
        let mut index = Self::default();
        for entry in entries(journal) {
            index.take(entry?);
        }
        Ok(index)
    }

    fn take(&mut self, entry: Entry) {
        match entry {
            Entry::Open { track, participant, source, ref file, from_ms, init_bytes, .. } => {
                let file = file.clone();
                let (marks, journalled, end_ms) = (VecDeque::new(), init_bytes, from_ms);
                let indexed = Indexed {
                    open: entry,
                    file,
                    participant,
                    source,
                    from_ms,
                    init_bytes,
                    closed: None,
                    marks,
                    journalled,
                    end_ms,
                };
                self.tracks.entry(track).or_insert(indexed);
            }
            Entry::Fragment { track, offset, bytes, from_ms, duration_ms, chain, .. } => {
                if let Some(indexed) = self.tracks.get_mut(&track)
                    && indexed.journalled == offset
                    && let Some(chain) = digest(&chain)
                {
                    indexed.journalled = offset + bytes;
                    indexed.end_ms = indexed.end_ms.max(from_ms + duration_ms);
                    indexed.marks.push_back(Mark { offset, bytes, end_ms: from_ms + duration_ms, chain });
                    if indexed.marks.len() > LOOKED_AT {
                        indexed.marks.pop_front();
                    }
                }
            }
            Entry::Close { track, bytes, sha256 } => {
                if let Some(indexed) = self.tracks.get_mut(&track) {
                    indexed.closed = Some((bytes, sha256.as_deref().and_then(digest)));
                }
            }
            Entry::Gap { .. } => {}
        }
    }
}

/// Where each source of a journal ends: what a recorder that goes on must know.
///
/// # Errors
///
/// It cannot be read; torn lines are no error.
pub fn earlier(journal: impl BufRead) -> io::Result<Vec<Earlier>> {
    let mut ends: Vec<Earlier> = Vec::new();
    for indexed in Index::read(journal)?.tracks.into_values() {
        match ends.iter_mut().find(|end| (end.participant, end.source) == (indexed.participant, indexed.source)) {
            Some(end) => end.end_ms = end.end_ms.max(indexed.end_ms),
            None => {
                ends.push(Earlier { participant: indexed.participant, source: indexed.source, end_ms: indexed.end_ms });
            }
        }
    }
    Ok(ends)
}

/// Copies what still holds of a journal and adds what is missing.
///
/// `whole` says for each track that stays how far its file is whole by the journal's own lines, whether its closing line holds, and
/// what is to be added at the end. Lines of other tracks, lines that point behind the whole part, and torn lines are left out.
///
/// # Errors
///
/// The old one cannot be read or the new one not be written.
pub fn rewrite(journal: impl BufRead, whole: &BTreeMap<TrackId, super::Whole>, mut new: impl Write) -> io::Result<()> {
    let mut next: BTreeMap<TrackId, u64> = BTreeMap::new();
    let mut write = |entry: &Entry| -> io::Result<()> {
        let mut line = serde_json::to_vec(entry)?;
        line.push(b'\n');
        new.write_all(&line)
    };
    for (track, whole) in whole {
        if !whole.open_is_journalled {
            write(&whole.open)?;
            next.insert(*track, whole.init_bytes);
        }
    }
    for entry in entries(journal) {
        let entry = entry?;
        let holds = match &entry {
            Entry::Open { track, init_bytes, .. } => {
                whole.contains_key(track) && next.insert(*track, *init_bytes).is_none()
            }
            Entry::Fragment { track, offset, bytes, .. } => match (whole.get(track), next.get_mut(track)) {
                (Some(whole), Some(next)) if *next == *offset && offset + bytes <= whole.journalled => {
                    *next = offset + bytes;
                    true
                }
                _ => false,
            },
            Entry::Close { track, .. } => whole.get(track).is_some_and(|whole| whole.close.is_none()),
            Entry::Gap { .. } => true,
        };
        if holds {
            write(&entry)?;
        }
    }
    for whole in whole.values() {
        whole.missing.iter().chain(&whole.close).try_for_each(&mut write)?;
    }
    Ok(())
}
