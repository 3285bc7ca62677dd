//! The writer thread: carries out what recorders ask of the disk, so that no media thread ever waits for it.
//!
//! One pair of threads serves all media threads, since there is one disk. `writer` appends in order and answers; `syncer` waits for the
//! disk, so that a slow sync delays no append: what has been appended survives a SIGKILL, synced or not. The
//! mailbox is bounded by bytes. What a command that no longer fits belongs to has failed, and is told so at once.

mod syncer;
mod writer;

use std::collections::HashSet;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

use mingjian_domain::id::RecordingId;
use mingjian_domain::room::RecordingFault;
use mingjian_media::disk::{DiskCommand, DiskReport};

use super::media::{DiskMailbox, DiskReports};
use crate::config::Sync;

/// What the writer is started with.
#[derive(Debug, Clone)]
pub struct DiskConfig {
    /// The object root, below which the folders of recordings lie.
    pub root: PathBuf,
    /// When what was written is synced.
    pub sync: Sync,
    /// A recording does not start, and ends, with less free space than this.
    pub min_free_bytes: u64,
    /// So many bytes may wait to be written before recordings fail as too slow.
    pub mailbox_bytes: usize,
}

/// What one command weighs in the mailbox beside its bytes.
const COMMAND_BYTES: usize = 256;

/// What goes to the writer.
enum Mail {
    Command {
        command: DiskCommand,
        reports: Arc<Reports>,
    },
    /// Syncing these recordings failed.
    SyncFailed {
        recordings: Vec<RecordingId>,
        fault: RecordingFault,
    },
    /// A round of syncing is over.
    Synced,
    Stop,
}

/// Through which a media thread is answered.
struct Reports(std::sync::Mutex<DiskReports>);

impl Reports {
    fn send(&self, report: DiskReport) {
        // A report that panicked another thread says nothing about the channel.
        (self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner))(report);
    }
}

/// The running writer.
pub struct Disk {
    mail: Sender<Mail>,
    waiting: Arc<AtomicUsize>,
    mailbox_bytes: usize,
    threads: Vec<JoinHandle<()>>,
}

impl Disk {
    /// Starts the writer; the object root is made if it is not there.
    ///
    /// # Errors
    ///
    /// The root cannot be made, or the system gives no thread.
    pub fn start(config: DiskConfig) -> io::Result<Self> {
        std::fs::create_dir_all(&config.root)?;
        let (mail, inbox) = mpsc::channel();
        let (jobs, work) = mpsc::channel();
        let waiting = Arc::new(AtomicUsize::new(0));
        let mailbox_bytes = config.mailbox_bytes;
        let syncer = syncer::Syncer::new(config.root.clone(), mail.clone());
        let writer = writer::Writer::new(config, waiting.clone(), jobs);
        let threads = vec![
            thread::Builder::new().name("disk-sync".into()).spawn(move || syncer.run(&work))?,
            thread::Builder::new().name("disk-write".into()).spawn(move || writer.run(&inbox))?,
        ];
        Ok(Self { mail, waiting, mailbox_bytes, threads })
    }

    /// A way in for one media thread, which is answered through `reports`.
    #[must_use]
    pub fn mailbox(&self, reports: DiskReports) -> DiskMailbox {
        let reports = Arc::new(Reports(std::sync::Mutex::new(reports)));
        let (mail, waiting, most) = (self.mail.clone(), self.waiting.clone(), self.mailbox_bytes);
        let mut refused: HashSet<RecordingId> = HashSet::new();
        Box::new(move |command| {
            let weight = weight(&command);
            match &command {
                DiskCommand::Append { recording, .. } => {
                    if refused.contains(recording) {
                        return;
                    }
                    if waiting.load(Ordering::Relaxed) + weight > most {
                        refused.insert(*recording);
                        reports.send(DiskReport::Failed { recording: *recording, fault: RecordingFault::TooSlow });
                        return;
                    }
                }
                DiskCommand::End { recording } => {
                    refused.remove(recording);
                }
                DiskCommand::Begin { .. } => {}
            }
            waiting.fetch_add(weight, Ordering::Relaxed);
            // The writer outlives the media threads; without it nothing could be recorded, and the recorder hears so.
            if let Err(mpsc::SendError(Mail::Command { command, .. })) =
                mail.send(Mail::Command { command, reports: reports.clone() })
            {
                let fault = RecordingFault::Write("the writer has ended".into());
                reports.send(DiskReport::Failed { recording: recording_of(&command), fault });
            }
        })
    }

    /// Carries out what is in the mailbox, syncs and closes every file, and ends the threads. To be called after the media threads have ended.
    pub fn stop(self) {
        let _ = self.mail.send(Mail::Stop);
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a disk thread has panicked");
            }
        }
    }
}

fn weight(command: &DiskCommand) -> usize {
    match command {
        DiskCommand::Append { bytes, .. } => bytes.len() + COMMAND_BYTES,
        DiskCommand::Begin { .. } | DiskCommand::End { .. } => COMMAND_BYTES,
    }
}

const fn recording_of(command: &DiskCommand) -> RecordingId {
    match command {
        DiskCommand::Append { recording, .. }
        | DiskCommand::Begin { recording, .. }
        | DiskCommand::End { recording } => *recording,
    }
}

/// Free space at `path` for this program, in bytes.
///
/// # Errors
///
/// The path is not there, or the system does not say.
pub fn free_bytes(path: &Path) -> io::Result<u64> {
    let stat = rustix::fs::statvfs(path)?;
    Ok(stat.f_bavail.saturating_mul(stat.f_frsize))
}

/// What an error of the disk means for a recording.
fn fault_of(error: &io::Error) -> RecordingFault {
    if matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded | io::ErrorKind::FileTooLarge) {
        RecordingFault::DiskFull
    } else {
        RecordingFault::Write(error.to_string())
    }
}

#[cfg(test)]
mod tests;
