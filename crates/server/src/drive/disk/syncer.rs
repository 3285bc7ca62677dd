//! Waits for the disk on the writer's behalf.

use std::fs::File;
use std::io::{self, BufReader};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender};

use mingjian_domain::id::RecordingId;
use mingjian_media::disk::DiskReport;
use mingjian_media::recorder::recovery;

use super::{Mail, Reports, fault_of};

/// From so many files on the whole file system is synced in one go, which costs one commit of its journal and not one per file.
const MANY: usize = 8;

/// What the writer wants to be durable.
pub(super) enum Job {
    /// A new recording's folders, from the innermost up, and its journal.
    Begin {
        recording: RecordingId,
        folders: Vec<PathBuf>,
        journal: Arc<File>,
        path: PathBuf,
        reports: Arc<Reports>,
    },
    /// What was written in the last second.
    Round {
        files: Vec<(RecordingId, Arc<File>)>,
        folders: Vec<(RecordingId, PathBuf)>,
    },
    /// The last of a recording, which may have failed before.
    End {
        recording: RecordingId,
        folder: PathBuf,
        files: Vec<Arc<File>>,
        failed: bool,
        reports: Arc<Reports>,
    },
    Stop,
}

/// The thread's state.
pub(super) struct Syncer {
    root: PathBuf,
    mail: Sender<Mail>,
}

fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

impl Syncer {
    pub(super) const fn new(root: PathBuf, mail: Sender<Mail>) -> Self {
        Self { root, mail }
    }

    pub(super) fn run(self, work: &Receiver<Job>) {
        while let Ok(job) = work.recv() {
            match job {
                Job::Begin { recording, folders, journal, path, reports } => match begin(&folders, &journal, &path) {
                    Ok(earlier) => reports.send(DiskReport::Begun { recording, earlier }),
                    Err(error) => {
                        let _ =
                            self.mail.send(Mail::SyncFailed { recordings: vec![recording], fault: fault_of(&error) });
                    }
                },
                Job::Round { files, folders } => {
                    if let Err(error) = self.round(&files, &folders) {
                        let recordings = files
                            .iter()
                            .map(|(recording, _)| *recording)
                            .chain(folders.iter().map(|(recording, _)| *recording))
                            .collect();
                        let _ = self.mail.send(Mail::SyncFailed { recordings, fault: fault_of(&error) });
                    }
                    let _ = self.mail.send(Mail::Synced);
                }
                Job::End { recording, folder, files, failed, reports } => {
                    let synced = files.iter().try_for_each(|file| file.sync_data()).and_then(|()| sync_folder(&folder));
                    if let Err(error) = synced
                        && !failed
                    {
                        reports.send(DiskReport::Failed { recording, fault: fault_of(&error) });
                    }
                    reports.send(DiskReport::Ended { recording });
                }
                Job::Stop => return,
            }
        }
    }

    fn round(&self, files: &[(RecordingId, Arc<File>)], folders: &[(RecordingId, PathBuf)]) -> io::Result<()> {
        if files.len() + folders.len() >= MANY {
            return Ok(rustix::fs::syncfs(File::open(&self.root)?)?);
        }
        files.iter().try_for_each(|(_, file)| file.sync_data())?;
        folders.iter().try_for_each(|(_, folder)| sync_folder(folder))
    }
}

/// Makes a recording's beginning durable and reads what an earlier life left.
fn begin(folders: &[PathBuf], journal: &File, path: &Path) -> io::Result<Vec<mingjian_media::disk::Earlier>> {
    let earlier = recovery::earlier(BufReader::new(File::open(path)?))?;
    journal.sync_all()?;
    folders.iter().try_for_each(|folder| sync_folder(folder))?;
    Ok(earlier)
}
