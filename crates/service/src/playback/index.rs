//! A journal read as what can be played: files, and in each the segments that are whole.
//!
//! A segment is a run of fragments that begins with a key fragment and lasts about two seconds. Where no key fragment
//! comes for long (a camera that is off is bridged with pictures that repeat the last one) a segment ends before four seconds
//! all the same, since a playlist must keep to its target duration.
//!
//! What is listed once never changes: of a file that grows the last run is listed when the next one begins.

use mingjian_domain::id::{ParticipantId, TrackId};
use mingjian_domain::recording::journal::{Entry, Source};

use super::playlist::Stream;

/// No segment of a recording is longer, unless a single fragment is. Rounded it is the target duration of every playlist.
pub(crate) const LONGEST_MS: u64 = Cut::RECORDING.longest_ms;

/// Where segments end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// A segment ends at the first key fragment after this.
    pub wanted_ms: u64,
    /// No segment is longer, unless a single fragment is.
    pub longest_ms: u64,
}

impl Cut {
    /// For those who play a recording.
    pub const RECORDING: Self = Self { wanted_ms: 1_500, longest_ms: 4_000 };
    /// For those who watch live: players stay three target durations behind.
    pub const LIVE: Self = Self { wanted_ms: 900, longest_ms: 2_000 };
}

impl Default for Cut {
    fn default() -> Self {
        Self::RECORDING
    }
}

/// Media that goes on so much later than it ended is a hole in the file's timeline.
const HOLE_MS: u64 = 500;

/// A track file with the segments that are whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    track: TrackId,
    /// Whose picture and sound.
    pub participant: ParticipantId,
    /// What it shows.
    pub source: Source,
    /// File name inside the recording's folder.
    pub name: String,
    /// Length of the initialisation segment at its front.
    pub init_bytes: u64,
    /// RFC 6381 codec string.
    pub codecs: String,
    /// Width and height in pixels; none while there is no picture.
    pub size: Option<(u16, u16)>,
    /// What can be played.
    pub segments: Vec<Segment>,
    /// Fragments that are not a whole segment yet.
    run: Vec<Piece>,
    closed: bool,
    cut: Cut,
}

/// A stretch of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segment {
    /// First byte in the file.
    pub offset: u64,
    /// Length in bytes.
    pub bytes: u64,
    /// Where it begins in the recording.
    pub from_ms: u64,
    /// How long it plays.
    pub duration_ms: u64,
    /// Whether the file's own timeline has a hole before it.
    pub after_hole: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Piece {
    offset: u64,
    bytes: u64,
    from_ms: u64,
    duration_ms: u64,
}

impl Piece {
    const fn end_ms(self) -> u64 {
        self.from_ms + self.duration_ms
    }
}

/// Reads a whole journal, see [`Index`].
#[must_use]
pub fn read(journal: &[u8], finished: bool) -> Vec<File> {
    read_cut(journal, finished, Cut::RECORDING)
}

/// The same with segments that end where `cut` says.
#[must_use]
pub fn read_cut(journal: &[u8], finished: bool, cut: Cut) -> Vec<File> {
    let mut index = Index { cut, ..Index::default() };
    index.take(journal);
    index.files(finished)
}

/// What a journal has said so far. A line that is torn or of a kind that this program does not know is skipped: the journal is an
/// index, and what it does not name is not played.
#[derive(Debug, Clone, Default)]
pub struct Index {
    files: Vec<File>,
    cut: Cut,
}

impl Index {
    /// Takes the lines that are whole, and tells how many bytes those are. What follows them is to be handed in again with its rest.
    pub fn take(&mut self, journal: &[u8]) -> usize {
        let whole = journal.iter().rposition(|&byte| byte == b'\n').map_or(0, |end| end + 1);
        for entry in journal[..whole].split(|&byte| byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok())
        {
            self.note(entry);
        }
        whole
    }

    /// The files with their segments. `finished` says that nothing will be added, so that the last runs are whole too.
    #[must_use]
    pub fn files(&self, finished: bool) -> Vec<File> {
        let mut files = self.files.clone();
        for file in files.iter_mut().filter(|file| finished && !file.closed) {
            file.cut(None);
        }
        files
    }

    fn note(&mut self, entry: Entry) {
        let cut = self.cut;
        match entry {
            Entry::Open { track, participant, source, file, init_bytes, codecs, size, from_ms: _ } => {
                let (segments, run) = (Vec::new(), Vec::new());
                self.files.push(File {
                    track,
                    participant,
                    source,
                    name: file,
                    init_bytes,
                    codecs,
                    size,
                    segments,
                    run,
                    closed: false,
                    cut,
                });
            }
            Entry::Fragment { track, offset, bytes, from_ms, duration_ms, key, chain: _ } => {
                if let Some(file) = self.file(track) {
                    file.add(Piece { offset, bytes, from_ms, duration_ms }, key);
                }
            }
            Entry::Close { track, .. } => {
                if let Some(file) = self.file(track) {
                    file.cut(None);
                    file.closed = true;
                }
            }
            Entry::Gap { .. } => {}
        }
    }

    fn file(&mut self, track: TrackId) -> Option<&mut File> {
        self.files.iter_mut().rev().find(|file| file.track == track)
    }
}

impl File {
    /// The stream that it is a part of.
    #[must_use]
    pub const fn stream(&self) -> Stream {
        Stream::of(self.source, self.size.is_some())
    }

    fn add(&mut self, piece: Piece, key: bool) {
        if let Some((first, last)) = self.run.first().zip(self.run.last()) {
            let lasts = piece.from_ms.saturating_sub(first.from_ms);
            let would_last = piece.end_ms().saturating_sub(first.from_ms);
            let hole = piece.from_ms > last.end_ms() + HOLE_MS;
            if hole {
                self.cut(None);
            } else if (key && lasts >= self.cut.wanted_ms) || would_last > self.cut.longest_ms {
                self.cut(Some(piece.from_ms));
            }
        }
        self.run.push(piece);
    }

    /// Makes a segment of the run, up to where the next one begins.
    fn cut(&mut self, next_from_ms: Option<u64>) {
        let Some((first, last)) = self.run.first().zip(self.run.last()) else { return };
        let end_ms = next_from_ms.unwrap_or_else(|| last.end_ms());
        let before = self.segments.last().map(|segment| segment.from_ms + segment.duration_ms);
        self.segments.push(Segment {
            offset: first.offset,
            bytes: last.offset + last.bytes - first.offset,
            from_ms: first.from_ms,
            // A run of sound alone behind the last picture lasts no time of its own; players want some.
            duration_ms: end_ms.saturating_sub(first.from_ms).max(1),
            after_hole: before.is_some_and(|before| first.from_ms > before + HOLE_MS),
        });
        self.run.clear();
    }
}
