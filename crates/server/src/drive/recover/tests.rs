use std::path::PathBuf;
use std::process::Command;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use mingjian_domain::id::{ParticipantId, RecordingId, RoomId};
use mingjian_domain::room::RecordingPlan;
use mingjian_media::disk::DiskReport;
use mingjian_media::epoch::Epoch;
use mingjian_media::recorder::{Packet, Recorder, RecorderOutput, Stream};
use mingjian_testkit::clip::{Clip, ClipSpec};
use mingjian_testkit::random::Seeded;
use tempfile::TempDir;

use super::*;
use crate::config::Sync;
use crate::drive::disk::{Disk, DiskConfig};
use crate::drive::media::DiskMailbox;

const BEGAN: OffsetDateTime = OffsetDateTime::UNIX_EPOCH;

fn participant() -> ParticipantId {
    ParticipantId::mint(BEGAN, &mut Seeded::new(7))
}

/// A recording made through the real writer.
struct Studio {
    root: TempDir,
    recorder: Recorder,
    mailbox: DiskMailbox,
    reports: Receiver<DiskReport>,
    disk: Disk,
    begin: Instant,
    seq: [u64; 2],
}

impl Studio {
    /// Recording since `at`, in `root`.
    fn open(root: TempDir, at: Duration) -> Self {
        let config = DiskConfig {
            root: root.path().to_path_buf(),
            sync: Sync::EachSecond,
            min_free_bytes: 0,
            mailbox_bytes: 16 << 20,
        };
        let disk = Disk::start(config).expect("threads");
        let (send, reports) = channel();
        let mailbox = disk.mailbox(Box::new(move |report| drop(send.send(report))));
        let mut random = Seeded::new(9);
        let plan = RecordingPlan {
            recording: RecordingId::mint(BEGAN, &mut random),
            folder: "r".into(),
            started_at: BEGAN,
            paused_by: mingjian_domain::recording::journal::GapReason::Restart,
        };
        let room = RoomId::mint(BEGAN, &mut random);
        let begin = Instant::now();
        let epoch = Epoch { instant: begin, unix: BEGAN };
        let seed = u64::try_from(at.as_millis()).expect("a test of seconds");
        let mut recorder = Recorder::start(&plan, room, epoch, Box::new(Seeded::new(seed)), begin + at);
        recorder.begin_stream(participant(), Stream::Microphone, begin + at);
        recorder.begin_stream(participant(), Stream::Camera, begin + at);
        let mut studio = Self { root, recorder, mailbox, reports, disk, begin, seq: [0; 2] };
        studio.work();
        studio.hear(begin + at);
        studio
    }

    fn work(&mut self) {
        while let Some(output) = self.recorder.poll_output() {
            if let RecorderOutput::Disk(command) = output {
                (self.mailbox)(command);
            }
        }
    }

    fn hear(&mut self, now: Instant) {
        let report = self.reports.recv_timeout(Duration::from_secs(10)).expect("a report");
        self.recorder.handle_disk(&report, now);
        self.work();
    }

    /// Records the clip from `from` to `to` of the recording, in virtual time.
    fn record(&mut self, clip: &Clip, from: Duration, to: Duration) {
        let mut next = from;
        let (mut sounds, mut pictures) = (0_u32, 0_u32);
        while next < to {
            let now = self.begin + next;
            let sound = &clip.sound[sounds as usize % clip.sound.len()];
            self.packet(Stream::Microphone, sounds * 960, true, sound, now);
            if sounds.is_multiple_of(2) {
                let picture = &clip.pictures[pictures as usize % clip.pictures.len()];
                for (n, payload) in picture.payloads.iter().enumerate() {
                    self.packet(Stream::Camera, pictures * 3600, n + 1 == picture.payloads.len(), payload, now);
                }
                pictures += 1;
            }
            self.recorder.handle_timeout(now);
            self.work();
            sounds += 1;
            next = from + Duration::from_millis(20) * sounds;
        }
    }

    fn packet(&mut self, stream: Stream, rtp_time: u32, marker: bool, payload: &[u8], now: Instant) {
        let seq = &mut self.seq[usize::from(stream == Stream::Camera)];
        *seq += 1;
        let packet = Packet { seq: *seq, rtp_time, marker, arrival: now, payload };
        self.recorder.packet(participant(), stream, packet, now);
    }

    /// The threads end as they do when the process is killed: what was handed to the kernel stays.
    fn kill(self) -> TempDir {
        self.disk.stop();
        self.root
    }
}

fn clip() -> Option<std::sync::Arc<Clip>> {
    match Clip::make(&ClipSpec::default()) {
        Ok(clip) => Some(clip),
        Err(error) if std::env::var_os("CI").is_none() => {
            eprintln!("SKIPPED: {error}");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

fn decode(path: &Path) -> String {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-xerror", "-i"])
        .arg(path)
        .args(["-enc_time_base", "-1", "-f", "null", "-"])
        .output()
        .expect("ffmpeg");
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    if output.status.success() { text } else { format!("{text} (failed)") }
}

fn entries(folder: &Path) -> Vec<Entry> {
    let text = fs::read_to_string(folder.join(JOURNAL)).expect("a journal");
    text.lines().map(|line| serde_json::from_str(line).expect("every line is whole")).collect()
}

/// Fragments lie side by side from the beginning to the end of the file, and the closing line tells the truth.
fn assert_journal_matches(folder: &Path, recovered: &Recovered) {
    let entries = entries(folder);
    for track in &recovered.tracks {
        let bytes = fs::read(folder.join(&track.file)).expect("a file");
        let sha256: [u8; 32] = <sha2::Sha256 as sha2::Digest>::digest(&bytes).into();
        assert_eq!((sha256, bytes.len() as u64), (track.sha256, track.size_bytes));
        let (mut at, mut chain, mut closed) = (None, [0_u8; 32], 0);
        for entry in &entries {
            match entry {
                Entry::Open { track: id, init_bytes, .. } if *id == track.track => at = Some(*init_bytes),
                Entry::Fragment { track: id, offset, bytes: length, chain: told, .. } if *id == track.track => {
                    assert_eq!(at, Some(*offset));
                    let (from, to) =
                        (usize::try_from(*offset).expect("small"), usize::try_from(offset + length).expect("small"));
                    chain = sha2::Digest::finalize(sha2::Digest::chain_update(
                        <sha2::Sha256 as sha2::Digest>::new_with_prefix(chain),
                        &bytes[from..to],
                    ))
                    .into();
                    assert_eq!(*told, hex(&chain));
                    at = Some(offset + length);
                }
                Entry::Close { track: id, bytes: size, sha256: told } if *id == track.track => {
                    assert_eq!((*size, told.as_deref()), (track.size_bytes, Some(hex(&sha256).as_str())));
                    closed += 1;
                }
                Entry::Open { .. } | Entry::Fragment { .. } | Entry::Close { .. } | Entry::Gap { .. } => {}
            }
        }
        assert_eq!((at, closed), (Some(track.size_bytes), 1));
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn copy(folder: &Path) -> (TempDir, PathBuf) {
    let copy = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(folder).expect("a folder") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), copy.path().join(entry.file_name())).expect("a copy");
    }
    let path = copy.path().to_path_buf();
    (copy, path)
}

/// The folder of a recording that was killed after `seconds`, its one track file, and where its fragments end.
fn killed_after(clip: &Clip, seconds: u64) -> (TempDir, PathBuf, String, Vec<u64>) {
    let mut studio = Studio::open(tempfile::tempdir().expect("a folder"), Duration::ZERO);
    studio.record(clip, Duration::ZERO, Duration::from_secs(seconds));
    let root = studio.kill();
    let folder = root.path().join("r");
    let mut file = String::new();
    let mut ends = Vec::new();
    for entry in entries(&folder) {
        match entry {
            Entry::Open { file: name, init_bytes, .. } => {
                file = name;
                ends.push(init_bytes);
            }
            Entry::Fragment { offset, bytes, .. } => ends.push(offset + bytes),
            Entry::Gap { .. } | Entry::Close { .. } => {}
        }
    }
    (root, folder, file, ends)
}

#[test]
fn a_killed_recording_is_closed_and_plays_and_recovering_twice_changes_nothing() {
    let Some(clip) = clip() else { return };
    let (_root, folder, file, ends) = killed_after(&clip, 5);
    let recovered = recover(&folder, BEGAN, &mut Seeded::new(1)).expect("recovered");
    assert_eq!(recovered.tracks.len(), 1);
    assert_eq!(Some(&recovered.tracks[0].size_bytes), ends.last());
    assert!((4_300..=5_000).contains(&recovered.end_ms), "{}", recovered.end_ms);
    assert_journal_matches(&folder, &recovered);
    assert_eq!(decode(&folder.join(&file)), "");
    let before = fs::read(folder.join(JOURNAL)).expect("a journal");
    assert_eq!(recover(&folder, BEGAN, &mut Seeded::new(2)).expect("recovered"), recovered);
    assert_eq!(fs::read(folder.join(JOURNAL)).expect("a journal"), before);
}

#[test]
fn a_file_cut_anywhere_near_its_end_keeps_every_whole_fragment() {
    let Some(clip) = clip() else { return };
    let (_root, folder, file, ends) = killed_after(&clip, 3);
    let [.., third, second, last] = ends[..] else { panic!("{ends:?}") };
    for cut in [third, third + 1, third + 8, second - 1, second, second + 7, second + 2000, last - 1] {
        let (_copy, folder) = copy(&folder);
        OpenOptions::new().write(true).open(folder.join(&file)).and_then(|open| open.set_len(cut)).expect("cut");
        let recovered = recover(&folder, BEGAN, &mut Seeded::new(1)).expect("recovered");
        let whole = *ends.iter().rev().find(|end| **end <= cut).expect("the beginning is whole");
        assert_eq!(recovered.tracks[0].size_bytes, whole, "cut at {cut}");
        assert_journal_matches(&folder, &recovered);
        assert_eq!(decode(&folder.join(&file)), "", "cut at {cut}");
    }
}

#[test]
fn a_file_that_ends_in_garbage_or_zeros_is_cut_where_it_stops_being_whole() {
    let Some(clip) = clip() else { return };
    let (_root, folder, file, ends) = killed_after(&clip, 3);
    let bytes = fs::read(folder.join(&file)).expect("a file");
    let last = *ends.last().expect("a fragment");
    let before = ends[ends.len() - 2];
    let at = |at: u64| usize::try_from(at).expect("small");
    let zeroed = [&bytes[..at(before) + 700], &vec![0; at(last - before) - 700]].concat();
    let garbage = [&bytes[..], b"\0\0\x10\0moof what is this"].concat();
    let huge = [&bytes[..], b"\xff\xff\xff\xffmoof"].concat();
    for (spoilt, whole) in [(zeroed, before), (garbage, last), (huge, last)] {
        let (_copy, folder) = copy(&folder);
        fs::write(folder.join(&file), spoilt).expect("spoilt");
        let recovered = recover(&folder, BEGAN, &mut Seeded::new(1)).expect("recovered");
        assert_eq!(recovered.tracks[0].size_bytes, whole);
        assert_journal_matches(&folder, &recovered);
        assert_eq!(decode(&folder.join(&file)), "");
    }
}

#[test]
fn a_journal_torn_anywhere_is_made_whole_from_the_files() {
    let Some(clip) = clip() else { return };
    let (_root, folder, file, ends) = killed_after(&clip, 3);
    let journal = fs::read(folder.join(JOURNAL)).expect("a journal");
    for cut in (0..journal.len()).step_by(97) {
        let (_copy, folder) = copy(&folder);
        fs::write(folder.join(JOURNAL), &journal[..cut]).expect("torn");
        let recovered = recover(&folder, BEGAN, &mut Seeded::new(1)).expect("recovered");
        assert_eq!((recovered.tracks.len(), Some(&recovered.tracks[0].size_bytes)), (1, ends.last()), "torn at {cut}");
        assert_eq!(
            (recovered.tracks[0].participant, recovered.tracks[0].file.as_str()),
            (participant(), file.as_str())
        );
        assert_journal_matches(&folder, &recovered);
        // But for the closing line the journal is again what it was; only an opening line that was lost has another track id.
        let [was, is] = [&journal[..], &fs::read(folder.join(JOURNAL)).expect("a journal")]
            .map(|text| text.split(|byte| *byte == b'\n').count());
        assert_eq!(is, was + 1, "torn at {cut}");
    }
}

#[test]
fn a_file_without_a_whole_fragment_goes() {
    let Some(clip) = clip() else { return };
    let (_root, folder, file, ends) = killed_after(&clip, 3);
    OpenOptions::new().write(true).open(folder.join(&file)).and_then(|open| open.set_len(ends[1] - 1)).expect("cut");
    let recovered = recover(&folder, BEGAN, &mut Seeded::new(1)).expect("recovered");
    assert_eq!(recovered, Recovered::default());
    assert!(!folder.join(&file).exists());
    assert_eq!(entries(&folder), []);
}

#[test]
fn after_recovery_the_recording_goes_on_with_a_marked_gap() {
    let Some(clip) = clip() else { return };
    let (root, folder, _, _) = killed_after(&clip, 3);
    let first = recover(&folder, BEGAN, &mut Seeded::new(1)).expect("recovered");
    let mut studio = Studio::open(root, Duration::from_secs(8));
    studio.record(&clip, Duration::from_secs(8), Duration::from_secs(11));
    let now = studio.begin + Duration::from_secs(11);
    studio.recorder.stop(now);
    studio.work();
    studio.hear(now);
    let root = studio.kill();
    let gap = entries(&folder).into_iter().find_map(|entry| match entry {
        Entry::Gap { from_ms, to_ms, reason, .. } => Some((from_ms, to_ms, reason)),
        Entry::Open { .. } | Entry::Fragment { .. } | Entry::Close { .. } => None,
    });
    let (from_ms, to_ms, reason) = gap.expect("a gap");
    assert_eq!(reason, mingjian_domain::recording::journal::GapReason::Restart);
    // The pictures end a little before the sound.
    assert!(from_ms <= first.end_ms && first.end_ms - from_ms < 100, "{from_ms} of {}", first.end_ms);
    assert!((8_000..8_100).contains(&to_ms), "{to_ms}");
    let whole = recover(&folder, BEGAN, &mut Seeded::new(1)).expect("recovered");
    assert_eq!(whole.tracks.len(), 2);
    assert_journal_matches(&folder, &whole);
    for track in &whole.tracks {
        assert_eq!(decode(&folder.join(&track.file)), "");
    }
    drop(root);
}
