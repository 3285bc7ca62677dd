//! Nobody talks unrecorded: without room on the disk a call does not begin, and one that runs ends, told to both pages.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use tempfile::TempDir;

use crate::film;
use crate::stage::{Call, DEMOBK, Stage};

/// Both pages show that the recording failed, and so does the interview.
fn is_told(stage: &mut Stage, call: &Call) {
    stage.until("the customer is told", |stage| stage.page(call.customer).state()["end"]["why"] == "recording_failed");
    stage.until("the seat's call is over", |stage| {
        let call = &stage.page(call.seat).state()["call"];
        call.is_null() || call["recording"] == "failed"
    });
    let interview = stage.interviews(&DEMOBK, &call.business_no).remove(0);
    assert_eq!((interview["state"].as_str(), interview["verdict"].as_str()), (Some("ended"), None), "{interview:#}");
    assert_eq!(stage.recording(&DEMOBK, &call.business_no)["state"], "failed");
}

#[test]
fn a_call_does_not_begin_where_there_is_no_room_to_record_it() {
    // More than any disk has.
    let mut stage = Stage::new(&["--min-free-mb", "1000000000"]);
    let seat = stage.seat("agent1");
    let (customer, order) = stage.customer(&DEMOBK);
    stage.enqueue(customer);
    let interview = stage.accept(seat);
    let call = Call { seat, customer, interview, business_no: order };
    is_told(&mut stage, &call);
    let interview = stage.interviews(&DEMOBK, &call.business_no).remove(0);
    assert!(interview["connected_at"].is_null(), "it was never connected: {interview:#}");
}

/// A small file system of its own; none, loudly, where only root may make one and we are not root.
struct Small {
    folder: TempDir,
}

impl Small {
    fn mount(megabytes: u32) -> Option<Self> {
        let folder = tempfile::Builder::new().prefix("mj-small-").tempdir().expect("a temporary folder");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &format!("size={megabytes}m"), "mingjian-test"])
            .arg(folder.path())
            .output();
        if mounted.is_ok_and(|mounted| mounted.status.success()) {
            return Some(Self { folder });
        }
        assert!(std::env::var_os("CI").is_none(), "a small file system could not be mounted: CI must run as root");
        eprintln!(
            "\n*** SKIPPED: a small file system could not be mounted; run the tests as root to see a full disk ***\n"
        );
        None
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Writes a file that leaves about so many bytes free.
    fn fill(&self, leave_bytes: u64) -> PathBuf {
        let free = Command::new("df").args(["--output=avail", "-B1"]).arg(self.path()).output().expect("df is there");
        let text = String::from_utf8_lossy(&free.stdout).into_owned();
        let free: u64 = text.lines().last().and_then(|line| line.trim().parse().ok()).expect("a number");
        let path = self.path().join("filler");
        let size = usize::try_from(free.saturating_sub(leave_bytes)).expect("megabytes");
        // What does not fit any more is what this is about.
        let _ = std::fs::write(&path, vec![1_u8; size]);
        path
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.folder.path()).status();
    }
}

#[test]
fn a_call_ends_when_the_disk_runs_low_and_what_was_written_is_whole() {
    let Some(small) = Small::mount(64) else { return };
    let mut stage = Stage::in_folder(small.path(), &["--min-free-mb", "16"]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    stage.run_for(Duration::from_secs(2));
    let filler = small.fill(8 << 20);
    is_told(&mut stage, &call);
    written_is_whole(&stage, &call);

    // With room again the next call is like any other.
    std::fs::remove_file(filler).expect("it is ours");
    let next = stage.call(&DEMOBK, seat);
    stage.decide(&next, "pass");
    stage.until_recording(&DEMOBK, &next.business_no, "stopped");
    drop(stage);
}

#[test]
fn an_upload_that_would_fill_the_disk_is_stopped_and_the_call_goes_on() {
    let Some(small) = Small::mount(64) else { return };
    let mut stage = Stage::in_folder(small.path(), &["--min-free-mb", "16"]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    let address = stage.server().address();
    // In pieces, so that nobody knows its length before it has come.
    let upload = std::thread::spawn(move || send_without_length(address, 60 << 20));
    while !upload.is_finished() {
        stage.run_for(Duration::from_millis(100));
    }
    let answer = upload.join().expect("the upload is answered");
    assert!(answer.starts_with("HTTP/1.1 507 "), "{answer}");
    assert!(answer.contains("存储空间不足"), "{answer}");
    stage.run_for(Duration::from_secs(2));
    stage.decide(&call, "pass");
    stage.until_recording(&DEMOBK, &call.business_no, "stopped");
    written_is_whole(&stage, &call);
    let incoming = small.path().join("objects/incoming");
    assert_eq!(std::fs::read_dir(incoming).map_or(0, Iterator::count), 0, "nothing of it is left");
    drop(stage);
}

/// Sends a file of so many bytes in a form, chunked, until it is all sent or answered; gives the answer.
fn send_without_length(address: SocketAddr, bytes: usize) -> String {
    let mut stream = TcpStream::connect(address).expect("the server listens");
    let head = format!(
        "POST /api/v1/files HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: {}\r\n\
         content-type: multipart/form-data; boundary=limit\r\ntransfer-encoding: chunked\r\n\r\n",
        DEMOBK.key
    );
    stream.write_all(head.as_bytes()).expect("the head is sent");
    let form = "--limit\r\nContent-Disposition: form-data; name=\"folder\"\r\n\r\n/full\r\n\
                --limit\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.bin\"\r\n\r\n";
    let piece = vec![7_u8; 1 << 20];
    let pieces = std::iter::once(form.as_bytes()).chain(std::iter::repeat_n(&piece[..], bytes >> 20));
    for piece in pieces {
        let chunk = [format!("{:x}\r\n", piece.len()).as_bytes(), piece, b"\r\n"].concat();
        // Whoever is refused is not listened to any longer.
        if stream.write_all(&chunk).is_err() {
            break;
        }
    }
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    String::from_utf8_lossy(&answer).into_owned()
}

#[test]
fn a_call_ends_when_the_disk_is_full_to_the_last_byte_and_what_was_written_is_whole() {
    let Some(small) = Small::mount(32) else { return };
    let rows = tempfile::Builder::new().prefix("mj-rows-").tempdir().expect("a temporary folder");
    let database = rows.path().join("mingjian.db");
    // No reserve: the write itself fails. The rows lie on another disk, as a bank's do.
    let mut stage = Stage::in_folder(small.path(), &["--min-free-mb", "0", "--database", &database.to_string_lossy()]);
    let seat = stage.seat("agent1");
    let call = stage.call(&DEMOBK, seat);
    stage.run_for(Duration::from_secs(2));
    small.fill(0);
    is_told(&mut stage, &call);
    // A fragment that did not fit may have left its beginning; the next start cuts it.
    stage.take_server().kill();
    stage.start();
    written_is_whole(&stage, &call);
    drop(stage);
}

fn written_is_whole(stage: &Stage, call: &Call) {
    let recording = stage.recording(&DEMOBK, &call.business_no);
    let folder = stage.folder_of(recording["id"].as_str().expect("an id")).expect("it has files");
    let files = film::track_files(&folder);
    assert_eq!(files.len(), 2, "one for each");
    for file in files {
        let film = film::watch(&file).expect("it plays");
        assert!(film.pictures.len() > 25, "more than a second of pictures: {}", film.pictures.len());
    }
}
