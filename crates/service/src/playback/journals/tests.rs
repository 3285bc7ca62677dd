//! A journal that grows between requests, in real files.

use std::fs;
use std::io::Write as _;
use std::path::PathBuf;

use mingjian_domain::id::{ParticipantId, TrackId};
use mingjian_domain::recording::journal::{Entry, Source};
use mingjian_testkit::random::Seeded;
use time::macros::datetime;

use super::super::index;
use super::*;

const NOON: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);
const KEY: &str = "rec/1/journal.jsonl";

struct Stage {
    _folder: tempfile::TempDir,
    objects: Objects,
    path: PathBuf,
    journals: Journals,
    random: Seeded,
    recording: RecordingId,
}

impl Stage {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let objects = Objects::on_disk(folder.path()).expect("a folder");
        let path = objects.path_of(KEY).expect("a key");
        fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        let mut random = Seeded::new(3);
        let recording = RecordingId::mint(NOON, &mut random);
        Self { _folder: folder, objects, path, journals: Journals::default(), random, recording }
    }

    async fn files(&self, finished: bool) -> Option<Vec<File>> {
        self.journals.files(&self.objects, self.recording, KEY, finished, NOON).await.expect("the disk reads")
    }

    fn append(&self, bytes: &[u8]) {
        let mut file = fs::OpenOptions::new().create(true).append(true).open(&self.path).expect("a journal");
        file.write_all(bytes).expect("the disk writes");
    }

    async fn read_bytes(&self) -> u64 {
        self.journals.turn(self.recording, NOON).lock().await.read_bytes
    }

    /// The lines of one file with so many fragments of half a second, a key one every two seconds.
    fn lines(&mut self, fragments: u64) -> Vec<Vec<u8>> {
        let track = TrackId::mint(NOON, &mut self.random);
        let participant = ParticipantId::mint(NOON, &mut self.random);
        let mut entries = vec![Entry::Open {
            track,
            participant,
            source: Source::Camera,
            file: "1.mp4".into(),
            from_ms: 0,
            init_bytes: 700,
            codecs: "avc1.42e01f,opus".into(),
            size: Some((640, 480)),
        }];
        entries.extend((0..fragments).map(|n| Entry::Fragment {
            track,
            offset: 700 + n * 1_000,
            bytes: 1_000,
            from_ms: n * 500,
            duration_ms: 500,
            key: n % 4 == 0,
            // As unlike from file to file as the hashes of real ones.
            chain: format!("{:032x}{n:032x}", track.as_uuid().as_u128()),
        }));
        let line = |entry| [serde_json::to_vec(&entry).expect("JSON"), b"\n".to_vec()].concat();
        entries.into_iter().map(line).collect()
    }
}

#[tokio::test]
async fn a_journal_that_grows_is_read_on_and_says_the_same_as_when_read_at_once() {
    let mut stage = Stage::new();
    let lines = stage.lines(41);
    assert_eq!(stage.files(false).await, None, "there is no journal yet");
    let mut written = Vec::new();
    for line in &lines {
        // Each line comes in two halves: a torn one is left for the next time.
        let (front, back) = line.split_at(line.len() / 2);
        for half in [front, back] {
            stage.append(half);
            written.extend_from_slice(half);
            assert_eq!(stage.files(false).await, Some(index::read(&written, false)));
        }
    }
    let whole = stage.files(true).await.expect("a journal");
    assert_eq!((whole[0].segments.len(), stage.read_bytes().await), (11, written.len() as u64));
    assert_eq!(whole, index::read(&written, true));
    assert_eq!(stage.files(false).await, Some(index::read(&written, false)), "to ask for the end ends nothing");
}

#[tokio::test]
async fn only_what_was_appended_is_read_again() {
    let mut stage = Stage::new();
    let lines = stage.lines(14_000);
    stage.append(&lines[..14_000].concat());
    let before = stage.files(false).await.expect("a journal");
    // What was read is overwritten, save for the seam: who reads it again finds nothing.
    let kept = fs::read(&stage.path).expect("a journal");
    let seam = kept.len() - SEAM_BYTES;
    fs::write(&stage.path, [vec![b'\n'; seam].as_slice(), &kept[seam..]].concat()).expect("the disk writes");
    stage.append(&lines[14_000]);
    let after = stage.files(false).await.expect("a journal");
    assert_eq!(after[0].segments[..before[0].segments.len()], before[0].segments[..]);
    assert_eq!((before[0].segments.len(), after[0].segments.len()), (3_499, 3_499));
    assert_eq!(stage.files(true).await.expect("a journal")[0].segments.len(), 3_500, "the last run is there");
}

#[tokio::test]
async fn a_journal_that_was_written_anew_is_read_anew() {
    let mut stage = Stage::new();
    let lines = stage.lines(20);
    stage.append(&lines.concat());
    assert_eq!(stage.files(true).await.expect("a journal")[0].segments.len(), 5);
    for anew in [stage.lines(8), stage.lines(40)] {
        fs::write(&stage.path, anew.concat()).expect("the disk writes");
        assert_eq!(stage.files(true).await, Some(index::read(&anew.concat(), true)));
    }
    fs::remove_file(&stage.path).expect("the journal is there");
    assert_eq!(stage.files(true).await, None);
}

#[tokio::test]
async fn no_more_journals_are_kept_than_are_played() {
    let mut stage = Stage::new();
    let lines = stage.lines(4);
    stage.append(&lines.concat());
    let first = stage.recording;
    for n in 0..2 * KEPT {
        stage.recording = RecordingId::mint(NOON, &mut stage.random);
        let at = NOON + time::Duration::seconds(i64::try_from(n).expect("few"));
        stage.journals.files(&stage.objects, stage.recording, KEY, false, at).await.expect("the disk reads");
    }
    let kept = stage.journals.kept.lock().expect("nobody panicked");
    assert_eq!((kept.len(), kept.contains_key(&first), kept.contains_key(&stage.recording)), (KEPT, false, true));
}
