use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use mingjian_domain::id::ParticipantId;
use mingjian_domain::recording::journal::{Entry, Source};
use mingjian_media::disk::Earlier;
use mingjian_testkit::random::Seeded;
use tempfile::TempDir;
use time::OffsetDateTime;

use super::*;

fn recording(seed: u64) -> RecordingId {
    RecordingId::mint(OffsetDateTime::UNIX_EPOCH, &mut Seeded::new(seed))
}

/// A writer in a folder of its own, one way in, and what it reports.
struct Fixture {
    root: TempDir,
    disk: Disk,
    mailbox: DiskMailbox,
    reports: Receiver<DiskReport>,
}

fn fixture(change: impl FnOnce(&mut DiskConfig)) -> Fixture {
    let root = tempfile::tempdir().expect("a folder");
    let mut config = DiskConfig {
        root: root.path().to_path_buf(),
        sync: Sync::EachSecond,
        min_free_bytes: 0,
        mailbox_bytes: 1 << 20,
    };
    change(&mut config);
    let disk = Disk::start(config).expect("threads");
    let (send, reports) = channel();
    let mailbox = disk.mailbox(Box::new(move |report| send.send(report).expect("the test listens")));
    Fixture { root, disk, mailbox, reports }
}

impl Fixture {
    fn report(&self) -> DiskReport {
        self.reports.recv_timeout(Duration::from_secs(10)).expect("a report")
    }

    fn begin(&mut self, seed: u64, folder: &str) -> DiskReport {
        (self.mailbox)(DiskCommand::Begin { recording: recording(seed), folder: folder.into() });
        self.report()
    }

    fn append(&mut self, seed: u64, file: &str, bytes: &[u8]) {
        (self.mailbox)(DiskCommand::Append { recording: recording(seed), file: file.into(), bytes: bytes.to_vec() });
    }

    fn end(&mut self, seed: u64) -> DiskReport {
        (self.mailbox)(DiskCommand::End { recording: recording(seed) });
        self.report()
    }
}

#[test]
fn what_is_appended_is_in_the_files_in_order_under_every_policy() {
    for sync in [Sync::Never, Sync::EachSecond, Sync::EachFragment] {
        let mut fixture = fixture(|config| config.sync = sync);
        assert_eq!(fixture.begin(1, "recordings/a/b"), DiskReport::Begun { recording: recording(1), earlier: vec![] });
        for n in 0..100_u8 {
            fixture.append(1, "one.mp4", &[n]);
            fixture.append(1, "two.mp4", &[n, n]);
        }
        assert_eq!(fixture.end(1), DiskReport::Ended { recording: recording(1) });
        let folder = fixture.root.path().join("recordings/a/b");
        assert_eq!(std::fs::read(folder.join("one.mp4")).expect("a file"), (0..100).collect::<Vec<u8>>());
        assert_eq!(std::fs::read(folder.join("two.mp4")).expect("a file").len(), 200);
        assert!(folder.join("journal.jsonl").exists());
        fixture.disk.stop();
    }
}

#[test]
fn many_recordings_are_synced_together_once_a_second() {
    let mut fixture = fixture(|_| {});
    for seed in 0..20 {
        assert!(matches!(fixture.begin(seed, &format!("r/{seed}")), DiskReport::Begun { .. }));
        fixture.append(seed, "t.mp4", b"x");
    }
    thread::sleep(Duration::from_millis(1500));
    for seed in 0..20 {
        assert_eq!(fixture.end(seed), DiskReport::Ended { recording: recording(seed) }, "and no failure before it");
    }
    fixture.disk.stop();
}

#[test]
fn a_recording_that_goes_on_hears_where_it_left_off() {
    let mut fixture = fixture(|_| {});
    let mut random = Seeded::new(5);
    let track = mingjian_domain::id::TrackId::mint(OffsetDateTime::UNIX_EPOCH, &mut random);
    let participant = ParticipantId::mint(OffsetDateTime::UNIX_EPOCH, &mut random);
    fixture.begin(1, "r");
    let (file, codecs, chain) = ("x.mp4".to_owned(), "opus".to_owned(), "00".repeat(32));
    for entry in [
        Entry::Open {
            track,
            participant,
            source: Source::Camera,
            file,
            from_ms: 100,
            init_bytes: 10,
            codecs,
            size: None,
        },
        Entry::Fragment { track, offset: 10, bytes: 5, from_ms: 100, duration_ms: 400, key: true, chain },
    ] {
        let mut line = serde_json::to_vec(&entry).expect("JSON");
        line.push(b'\n');
        fixture.append(1, "journal.jsonl", &line);
    }
    fixture.append(1, "journal.jsonl", b"{\"fact\":\"fragm");
    fixture.end(1);
    let earlier = vec![Earlier { participant, source: Source::Camera, end_ms: 500 }];
    assert_eq!(fixture.begin(2, "r"), DiskReport::Begun { recording: recording(2), earlier });
    fixture.disk.stop();
}

#[test]
fn without_the_reserve_nothing_begins_and_nothing_goes_on() {
    let mut starved = fixture(|config| config.min_free_bytes = u64::MAX);
    assert_eq!(starved.begin(1, "r"), DiskReport::Failed { recording: recording(1), fault: RecordingFault::DiskFull });
    assert!(!starved.root.path().join("r").exists());
    starved.disk.stop();

    // The reserve is reached while a recording is being made: a file takes the rest. Others may use the disk meanwhile, hence the distances.
    let free = free_bytes(tempfile::tempdir().expect("a folder").path()).expect("free space");
    let mut fixture = fixture(|config| config.min_free_bytes = free - (512 << 20));
    assert!(matches!(fixture.begin(1, "r"), DiskReport::Begun { .. }));
    fixture.append(1, "before.mp4", b"whole");
    let hog = std::fs::File::create(fixture.root.path().join("hog")).expect("a file");
    rustix::fs::fallocate(&hog, rustix::fs::FallocateFlags::empty(), 0, 1536 << 20).expect("space");
    assert_eq!(fixture.report(), DiskReport::Failed { recording: recording(1), fault: RecordingFault::DiskFull });
    fixture.append(1, "after.mp4", b"late");
    assert_eq!(fixture.end(1), DiskReport::Ended { recording: recording(1) });
    assert_eq!(std::fs::read(fixture.root.path().join("r/before.mp4")).expect("a file"), b"whole");
    assert!(!fixture.root.path().join("r/after.mp4").exists());
    fixture.disk.stop();
}

#[test]
fn a_full_device_fails_its_recording_once_and_no_other() {
    let mut fixture = fixture(|_| {});
    fixture.begin(1, "full");
    fixture.begin(2, "fine");
    // A device that is always full, in the place of the track file.
    std::os::unix::fs::symlink("/dev/full", fixture.root.path().join("full/t.mp4")).expect("a link");
    fixture.append(1, "t.mp4", b"x");
    assert_eq!(fixture.report(), DiskReport::Failed { recording: recording(1), fault: RecordingFault::DiskFull });
    fixture.append(1, "t.mp4", b"x");
    fixture.append(2, "t.mp4", b"x");
    assert_eq!(fixture.end(1), DiskReport::Ended { recording: recording(1) });
    assert_eq!(fixture.end(2), DiskReport::Ended { recording: recording(2) });
    assert_eq!(std::fs::read(fixture.root.path().join("fine/t.mp4")).expect("a file"), b"x");
    fixture.disk.stop();
}

#[test]
fn a_folder_that_cannot_be_made_is_a_write_fault() {
    let mut fixture = fixture(|_| {});
    std::fs::write(fixture.root.path().join("taken"), b"a file").expect("a file");
    for folder in ["taken/r", "../outside", "/outside", "", "a/../../b"] {
        let report = fixture.begin(1, folder);
        assert!(matches!(report, DiskReport::Failed { fault: RecordingFault::Write(_), .. }), "{folder}: {report:?}");
    }
    assert_eq!(fixture.end(1), DiskReport::Ended { recording: recording(1) });
    fixture.disk.stop();
}

#[test]
fn a_full_mailbox_fails_the_recording_and_lets_it_end() {
    let mut fixture = fixture(|config| config.mailbox_bytes = 10_000);
    fixture.begin(1, "r");
    fixture.append(1, "t.mp4", &[1; 5_000]);
    fixture.append(1, "t.mp4", &[2; 50_000]);
    assert_eq!(fixture.report(), DiskReport::Failed { recording: recording(1), fault: RecordingFault::TooSlow });
    fixture.append(1, "t.mp4", &[3; 10]);
    assert_eq!(fixture.end(1), DiskReport::Ended { recording: recording(1) });
    assert_eq!(
        std::fs::read(fixture.root.path().join("r/t.mp4")).expect("a file"),
        vec![1; 5_000],
        "nothing after what was refused"
    );
    fixture.disk.stop();
}
