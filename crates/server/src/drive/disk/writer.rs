//! Appends what recorders hand over, in order, and watches the free space.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use mingjian_domain::id::RecordingId;
use mingjian_domain::room::RecordingFault;
use mingjian_media::disk::{DiskCommand, DiskReport};
use mingjian_media::recorder::JOURNAL;

use super::syncer::Job;
use super::{DiskConfig, Mail, Reports, fault_of, free_bytes, weight};
use crate::config::Sync;

/// How often files are synced together and the free space is looked at.
const ROUND: Duration = Duration::from_secs(1);

/// One file of a recording.
struct Open {
    file: Arc<File>,
    length: u64,
    dirty: bool,
}

/// One recording that was begun.
struct Folder {
    path: PathBuf,
    files: HashMap<String, Open>,
    /// A file was made since the folder was synced.
    dirty: bool,
    failed: bool,
    reports: Arc<Reports>,
}

/// The thread's state.
pub(super) struct Writer {
    config: DiskConfig,
    waiting: Arc<AtomicUsize>,
    jobs: Sender<Job>,
    folders: HashMap<RecordingId, Folder>,
    syncing: bool,
}

impl Writer {
    pub(super) fn new(config: DiskConfig, waiting: Arc<AtomicUsize>, jobs: Sender<Job>) -> Self {
        Self { config, waiting, jobs, folders: HashMap::new(), syncing: false }
    }

    pub(super) fn run(mut self, inbox: &Receiver<Mail>) {
        let mut round = Instant::now() + ROUND;
        loop {
            match inbox.recv_timeout(round.saturating_duration_since(Instant::now())) {
                Ok(Mail::Command { command, reports }) => {
                    let weight = weight(&command);
                    self.carry_out(command, &reports);
                    self.waiting.fetch_sub(weight, Ordering::Relaxed);
                }
                Ok(Mail::SyncFailed { recordings, fault }) => {
                    for recording in recordings {
                        self.fail(recording, fault.clone());
                    }
                }
                Ok(Mail::Synced) => self.syncing = false,
                Err(RecvTimeoutError::Timeout) => {}
                Ok(Mail::Stop) | Err(RecvTimeoutError::Disconnected) => break,
            }
            let now = Instant::now();
            if now >= round {
                round = now + ROUND;
                self.watch_space();
                if self.config.sync == Sync::EachSecond && !self.syncing {
                    self.sync_all();
                }
            }
        }
        let recordings: Vec<_> = self.folders.keys().copied().collect();
        for recording in recordings {
            self.end(recording);
        }
        let _ = self.jobs.send(Job::Stop);
    }

    fn carry_out(&mut self, command: DiskCommand, reports: &Arc<Reports>) {
        match command {
            DiskCommand::Begin { recording, folder } => {
                if let Err(fault) = self.begin(recording, &folder, reports) {
                    reports.send(DiskReport::Failed { recording, fault });
                }
            }
            DiskCommand::Append { recording, file, bytes } => {
                let Some(folder) = self.folders.get_mut(&recording).filter(|folder| !folder.failed) else { return };
                if let Err(error) = folder.append(&file, &bytes, self.config.sync) {
                    self.fail(recording, fault_of(&error));
                }
            }
            DiskCommand::End { recording } => {
                if self.folders.contains_key(&recording) {
                    self.end(recording);
                } else {
                    // It never began: there is nothing to sync.
                    reports.send(DiskReport::Ended { recording });
                }
            }
        }
    }

    fn begin(&mut self, recording: RecordingId, folder: &str, reports: &Arc<Reports>) -> Result<(), RecordingFault> {
        let relative = Path::new(folder);
        if relative.as_os_str().is_empty() || !relative.components().all(|part| matches!(part, Component::Normal(_))) {
            return Err(RecordingFault::Write(format!("{folder} is no folder below the object root")));
        }
        let told = |error: io::Error| fault_of(&error);
        if free_bytes(&self.config.root).map_err(told)? < self.config.min_free_bytes {
            return Err(RecordingFault::DiskFull);
        }
        let path = self.config.root.join(relative);
        fs::create_dir_all(&path).map_err(told)?;
        let mut begun =
            Folder { path: path.clone(), files: HashMap::new(), dirty: false, failed: false, reports: reports.clone() };
        let journal = begun.open(JOURNAL).map_err(told)?.file.clone();
        // From the new folder up to the root: each is an entry of the one above it.
        let folders =
            path.ancestors().take_while(|above| above.starts_with(&self.config.root)).map(Path::to_path_buf).collect();
        self.folders.insert(recording, begun);
        let _ = self.jobs.send(Job::Begin {
            recording,
            folders,
            journal,
            path: path.join(JOURNAL),
            reports: reports.clone(),
        });
        Ok(())
    }

    /// The recording has failed: nothing more is appended, what was appended stays.
    fn fail(&mut self, recording: RecordingId, fault: RecordingFault) {
        if let Some(folder) = self.folders.get_mut(&recording).filter(|folder| !folder.failed) {
            folder.failed = true;
            tracing::error!(recording.id = %recording, recording.fault = %fault, "a recording cannot be written");
            folder.reports.send(DiskReport::Failed { recording, fault });
        }
    }

    fn end(&mut self, recording: RecordingId) {
        let Some(folder) = self.folders.remove(&recording) else { return };
        let files = folder.files.into_values().filter(|open| open.dirty).map(|open| open.file).collect();
        let _ = self.jobs.send(Job::End {
            recording,
            folder: folder.path,
            files,
            failed: folder.failed,
            reports: folder.reports,
        });
    }

    /// Hands everything that was written since the last round to the syncer.
    fn sync_all(&mut self) {
        let mut files = Vec::new();
        let mut folders = Vec::new();
        for (recording, folder) in &mut self.folders {
            for open in folder.files.values_mut().filter(|open| open.dirty) {
                open.dirty = false;
                files.push((*recording, open.file.clone()));
            }
            if std::mem::take(&mut folder.dirty) {
                folders.push((*recording, folder.path.clone()));
            }
        }
        if !files.is_empty() || !folders.is_empty() {
            self.syncing = self.jobs.send(Job::Round { files, folders }).is_ok();
        }
    }

    /// Ends recordings while there is still room to end them properly.
    fn watch_space(&mut self) {
        if self.folders.is_empty() {
            return;
        }
        match free_bytes(&self.config.root) {
            Ok(free) if free >= self.config.min_free_bytes => {}
            Ok(_) => {
                let recordings: Vec<_> = self.folders.keys().copied().collect();
                for recording in recordings {
                    self.fail(recording, RecordingFault::DiskFull);
                }
            }
            Err(error) => tracing::warn!(%error, "the free space cannot be read"),
        }
    }
}

impl Folder {
    fn open(&mut self, name: &str) -> io::Result<&mut Open> {
        if !self.files.contains_key(name) {
            let file = OpenOptions::new().append(true).create(true).open(self.path.join(name))?;
            let length = file.metadata()?.len();
            self.dirty = true;
            self.files.insert(name.to_owned(), Open { file: Arc::new(file), length, dirty: true });
        }
        Ok(self.files.get_mut(name).expect("it was inserted just now"))
    }

    fn append(&mut self, name: &str, bytes: &[u8], sync: Sync) -> io::Result<()> {
        let open = self.open(name)?;
        if let Err(error) = (&*open.file).write_all(bytes) {
            // Part of it may have been written: what is in the file shall be whole.
            let _ = open.file.set_len(open.length);
            return Err(error);
        }
        open.length += bytes.len() as u64;
        open.dirty = true;
        // The journal can be made anew from the files: it need not be synced with each fragment.
        if sync == Sync::EachFragment && name != JOURNAL {
            open.file.sync_data()?;
            open.dirty = false;
            if std::mem::take(&mut self.dirty) {
                File::open(&self.path)?.sync_all()?;
            }
        }
        Ok(())
    }
}
