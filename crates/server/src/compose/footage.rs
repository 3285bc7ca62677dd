//! What the journal says of the track files, and the cutting of small files out of them: the beginning of a file and just the
//! fragments that a piece needs. ffmpeg finds nothing in the midst of a fragmented file without reading all before it.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use mingjian_domain::id::TrackId;
use mingjian_domain::recording::journal::Entry;
use mingjian_domain::scene::{FRAMES_PER_SECOND, Scene};
use mingjian_media::recorder::JOURNAL;
use mingjian_service::ports::Composition;

/// A key fragment may begin with sound that is older than its picture: one that begins so much earlier is taken.
const BEFORE_MS: u64 = 1_000;
/// The picture nearest to the last frame may lie behind it.
const BEHIND_MS: u64 = 200;

/// Of these, milliseconds and frames are whole numbers.
pub(super) const UNITS: u64 = 1_000 * FRAMES_PER_SECOND;

/// The fragments of a track file.
#[derive(Debug, Default)]
struct Reel {
    file: String,
    from_ms: u64,
    init_bytes: u64,
    fragments: Vec<Fragment>,
}

#[derive(Debug, Clone, Copy)]
struct Fragment {
    offset: u64,
    bytes: u64,
    from_ms: u64,
    key: bool,
}

/// The track files of a recording.
#[derive(Debug)]
pub(super) struct Footage {
    folder: PathBuf,
    reels: HashMap<TrackId, Reel>,
}

/// A small file that was cut out for one tile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Cut {
    /// Its name in the folder of the work.
    pub(super) name: String,
    /// Which tile of the scene it is for.
    pub(super) tile: usize,
    /// Where the file's own time zero lies, counted from the piece's first frame, in [`UNITS`] a second.
    pub(super) zero: i64,
}

impl Footage {
    /// Reads the journal of a recording's folder.
    pub(super) fn read(folder: &Path) -> io::Result<Self> {
        let mut reels: HashMap<TrackId, Reel> = HashMap::new();
        for line in BufReader::new(File::open(folder.join(JOURNAL))?).lines() {
            // A torn or foreign line is skipped: what the journal does not name is not played either.
            match serde_json::from_str(&line?) {
                Ok(Entry::Open { track, file, from_ms, init_bytes, .. }) => {
                    reels.insert(track, Reel { file, from_ms, init_bytes, fragments: Vec::new() });
                }
                Ok(Entry::Fragment { track, offset, bytes, from_ms, key, .. }) => {
                    if let Some(reel) = reels.get_mut(&track) {
                        reel.fragments.push(Fragment { offset, bytes, from_ms, key });
                    }
                }
                Ok(Entry::Gap { .. } | Entry::Close { .. }) | Err(_) => {}
            }
        }
        Ok(Self { folder: folder.to_owned(), reels })
    }

    /// Cuts what a piece shows. A tile whose file holds nothing at that time is left out, as if it had no picture.
    pub(super) fn cut(&self, work: &Path, piece: &Scene, composition: &Composition) -> io::Result<Vec<Cut>> {
        let at_ms = |frame: u64| frame * 1_000 / FRAMES_PER_SECOND;
        let (from_ms, to_ms) = (at_ms(piece.from), at_ms(piece.to));
        let mut cuts = Vec::new();
        for (tile, track) in piece.tiles.iter().enumerate().filter_map(|(n, tile)| Some((n, tile.picture?))) {
            let Some(reel) = self.reels.get(&track) else {
                tracing::warn!(recording.id = %composition.recording, track.id = %track, "the journal does not know a track");
                continue;
            };
            let wanted = reel.between(from_ms, to_ms);
            if wanted.is_empty() {
                continue;
            }
            let name = format!("cut-{tile}.mp4");
            self.copy(reel, wanted, &work.join(&name))?;
            let signed = |units: u64| i64::try_from(units).unwrap_or(i64::MAX);
            let zero = signed(reel.from_ms * FRAMES_PER_SECOND) - signed(piece.from * 1_000);
            cuts.push(Cut { name, tile, zero });
        }
        Ok(cuts)
    }

    fn copy(&self, reel: &Reel, fragments: &[Fragment], to: &Path) -> io::Result<()> {
        let (Some(first), Some(last)) = (fragments.first(), fragments.last()) else { return Ok(()) };
        let mut file = File::open(self.folder.join(&reel.file))?;
        let mut out = File::create(to)?;
        io::copy(&mut Read::by_ref(&mut file).take(reel.init_bytes), &mut out)?;
        file.seek(SeekFrom::Start(first.offset))?;
        io::copy(&mut file.take(last.offset + last.bytes - first.offset), &mut out)?;
        out.flush()
    }
}

impl Reel {
    /// The fragments that are needed to show a stretch: from a key fragment before it on. What comes before the first key fragment
    /// is sound alone, and so may be all that there is in a short stretch: then none are.
    fn between(&self, from_ms: u64, to_ms: u64) -> &[Fragment] {
        let early = |fragment: &Fragment| fragment.key && fragment.from_ms + BEFORE_MS <= from_ms;
        let first = self.fragments.iter().rposition(early);
        let first = first.or_else(|| self.fragments.iter().position(|fragment| fragment.key));
        let first = first.unwrap_or(self.fragments.len());
        let end = self.fragments.partition_point(|fragment| fragment.from_ms < to_ms + BEHIND_MS);
        self.fragments.get(first..end).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stretch_begins_with_a_key_fragment_that_is_surely_older() {
        let fragments =
            (0..20).map(|n| Fragment { offset: 100 + n * 10, bytes: 10, from_ms: n * 500, key: n % 4 == 0 });
        let reel = Reel { file: String::new(), from_ms: 0, init_bytes: 100, fragments: fragments.collect() };
        let starts = |from_ms, to_ms| {
            let wanted = reel.between(from_ms, to_ms);
            (wanted.first().map(|fragment| fragment.from_ms), wanted.last().map(|fragment| fragment.from_ms))
        };
        assert_eq!(starts(5_000, 6_000), (Some(4_000), Some(6_000)));
        assert_eq!(starts(4_900, 6_000), (Some(2_000), Some(6_000)));
        assert_eq!(starts(0, 300), (Some(0), Some(0)));
        assert_eq!(starts(100_000, 101_000), (Some(8_000), Some(9_500)), "the last picture is held");
    }

    #[test]
    fn a_stretch_of_sound_alone_has_no_picture() {
        let fragment = |from_ms, key| Fragment { offset: 100 + from_ms, bytes: 10, from_ms, key };
        let fragments = vec![fragment(617, false), fragment(617, true), fragment(1_117, false)];
        let reel = Reel { file: String::new(), from_ms: 617, init_bytes: 100, fragments };
        assert_eq!(reel.between(600, 800).first().map(|first| first.key), Some(true));
        let reel = Reel { fragments: vec![fragment(617, false), fragment(1_300, true)], ..reel };
        assert!(reel.between(617, 835).is_empty());
        assert_eq!(reel.between(617, 1_400).first().map(|first| first.from_ms), Some(1_300));
        let silent = Reel { fragments: vec![fragment(617, false)], ..reel };
        assert!(silent.between(0, 10_000).is_empty());
    }
}
