//! Bytes on their way in: written beside the objects, hashed on the way, and put in place whole or not at all.
//!
//! ```text
//! incoming/{key with + for /}      grows; taken away when the receiver is dropped
//! {key}                            a second name of the same file, once it is whole and on disk
//! ```
//!
//! The first name goes when the caller says that the object is known ([`Received::keep`]). An object that is to go gets such a name
//! again ([`Objects::leave`]) before its row is changed. So what a kill leaves in `incoming` is half an object, or one of which
//! only the database knows whether it is to stay: [`Objects::leftovers`] lists them all, and [`Objects::settle`] ends them.
//!
//! Memory is bounded: at most two batches are held, one that gathers and one that is being written and hashed by two
//! threads. What comes is copied into them: kept as it came, piece by piece, it would be freed by other threads than made it, and the
//! allocator would hold on to many times as much.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use mingjian_domain::error::{Conflict, Doing, Result};
use sha2::{Digest, Sha256};
use tokio::task::{JoinHandle, spawn_blocking};

use super::disk::refused;
use super::reserve::Watch;
use super::{Objects, parse};

/// Large enough that waking two threads does not count, small enough for a hundred uploads at once.
const BATCH_BYTES: usize = 1 << 20;
/// After so many bytes the disk is asked to write them while more come in, so that the last sync has little left to do.
const SYNC_BYTES: u64 = 32 << 20;
/// As many bytes of the beginning are kept as are needed to tell what it is.
const HEAD_BYTES: usize = 64;
const FOLDER: &str = "incoming";

/// Receives one object.
pub struct Incoming {
    temporary: Temporary,
    file: Arc<File>,
    batch: Vec<u8>,
    passed_on: Option<Arc<Vec<u8>>>,
    writing: Option<JoinHandle<io::Result<()>>>,
    hashing: Option<JoinHandle<Sha256>>,
    syncing: Option<JoinHandle<io::Result<()>>>,
    unsynced_bytes: u64,
    size_bytes: u64,
    head: Vec<u8>,
    watch: Watch,
}

/// An object that has come in whole and is on disk.
pub struct Received {
    temporary: Temporary,
    /// How long it is.
    pub size_bytes: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// How it begins.
    pub head: Vec<u8>,
}

/// The file in `incoming`, and the object that it becomes.
struct Temporary {
    path: PathBuf,
    place: PathBuf,
    key: String,
    placed: bool,
    kept: bool,
}

impl Drop for Temporary {
    fn drop(&mut self) {
        if self.kept {
            return;
        }
        // What cannot be taken away now is taken away at the next start.
        if self.placed {
            drop(fs::remove_file(&self.place));
        }
        drop(fs::remove_file(&self.path));
    }
}

impl Objects {
    /// Begins to receive an object of a new key.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that is none; [`Error::Full`]; [`Error::Fault`].
    pub async fn receive(&self, key: &str) -> Result<Incoming> {
        let place = self.path_of(key)?;
        let watch = self.reserve.watch()?;
        let path = self.temporary(key);
        let temporary = Temporary { path, place, key: key.to_owned(), placed: false, kept: false };
        let path = temporary.path.clone();
        let file = spawn_blocking(move || make(&path)).await.doing("beginning an object")?;
        Ok(Incoming {
            temporary,
            file: Arc::new(file.map_err(|error| refused("beginning an object", error))?),
            batch: Vec::new(),
            passed_on: None,
            writing: None,
            hashing: None,
            syncing: None,
            unsynced_bytes: 0,
            size_bytes: 0,
            head: Vec::new(),
            watch,
        })
    }

    /// Says that an object is about to go. When the database knows it, [`Objects::settle`] does the rest.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that is none; [`Error::Full`]; [`Error::Fault`].
    pub async fn leave(&self, key: &str) -> Result<()> {
        let (place, path) = (self.path_of(key)?, self.temporary(key));
        let linked = spawn_blocking(move || {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::hard_link(&place, &path)
        });
        match linked.await.doing("marking an object that is to go")? {
            // It is gone, or was marked before.
            Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::AlreadyExists) => Ok(()),
            linked => linked.map_err(|error| refused("marking an object that is to go", error)),
        }
    }

    fn temporary(&self, key: &str) -> PathBuf {
        self.root.join(FOLDER).join(key.replace('/', "+"))
    }

    /// The keys of objects that were on their way in or out when the server ended. Call it before anything is received.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn leftovers(&self) -> Result<Vec<String>> {
        let entries = match fs::read_dir(self.root.join(FOLDER)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries.doing("looking for objects on their way in")?,
        };
        let names = entries.map(|entry| entry.map(|entry| entry.file_name().to_string_lossy().replace('+', "/")));
        let names: Vec<String> = names.collect::<io::Result<_>>().doing("looking for objects on their way in")?;
        Ok(names.into_iter().filter(|key| parse(key).is_ok()).collect())
    }

    /// Ends what [`Objects::leftovers`] told of: the object stays if it is known, else nothing of it does.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that is none; [`Error::Fault`].
    pub fn settle(&self, key: &str, known: bool) -> Result<()> {
        let gone = |path: &Path| match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
        if !known {
            gone(&self.path_of(key)?).doing("taking away an object that nobody knows")?;
        }
        gone(&self.temporary(key)).doing("taking away what was on its way")
    }
}

fn make(path: &Path) -> io::Result<File> {
    let open = || OpenOptions::new().write(true).create_new(true).mode(0o600).open(path);
    match open() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            open()
        }
        file => file,
    }
}

impl Incoming {
    /// Takes the next bytes. Waits while the disk is slower than they come.
    ///
    /// # Errors
    /// [`Error::Full`] when the disk is; [`Error::Fault`]. Then nothing is left to do but dropping this.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        self.watch.take(bytes.len())?;
        if self.head.len() < HEAD_BYTES {
            let missing = (HEAD_BYTES - self.head.len()).min(bytes.len());
            self.head.extend_from_slice(&bytes[..missing]);
        }
        self.size_bytes += bytes.len() as u64;
        let mut rest = &bytes[..];
        while !rest.is_empty() {
            let (fits, more) = rest.split_at(rest.len().min(BATCH_BYTES - self.batch.len()));
            self.batch.extend_from_slice(fits);
            rest = more;
            if self.batch.len() == BATCH_BYTES {
                self.pass_on().await?;
            }
        }
        Ok(())
    }

    /// How many bytes there are so far.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// How they begin.
    #[must_use]
    pub fn head(&self) -> &[u8] {
        &self.head
    }

    /// Everything has come: waits until it is on disk.
    ///
    /// # Errors
    /// [`Error::Full`]; [`Error::Fault`].
    pub async fn finish(mut self) -> Result<Received> {
        self.pass_on().await?;
        let hasher = self.batch_done().await?;
        if let Some(syncing) = self.syncing.take() {
            syncing.await.doing("syncing an object")?.map_err(|error| refused("syncing an object", error))?;
        }
        let file = self.file;
        let synced = spawn_blocking(move || file.sync_all()).await.doing("syncing an object")?;
        synced.map_err(|error| refused("syncing an object", error))?;
        let sha256 = hasher.unwrap_or_default().finalize().into();
        Ok(Received { temporary: self.temporary, size_bytes: self.size_bytes, sha256, head: self.head })
    }

    /// Hands what was gathered to the two threads, once they are done with the batch before.
    async fn pass_on(&mut self) -> Result<()> {
        let hasher = self.batch_done().await?;
        // Both threads are done with the batch before, so its memory serves again.
        let mut spare = self.passed_on.take().and_then(Arc::into_inner).unwrap_or_default();
        spare.clear();
        let batch = Arc::new(std::mem::replace(&mut self.batch, spare));
        self.unsynced_bytes += batch.len() as u64;
        let (file, bytes) = (self.file.clone(), batch.clone());
        self.writing = Some(spawn_blocking(move || (&*file).write_all(&bytes)));
        let bytes = batch.clone();
        self.hashing = Some(spawn_blocking(move || {
            let mut hasher = hasher.unwrap_or_default();
            hasher.update(bytes.as_slice());
            hasher
        }));
        self.passed_on = Some(batch);
        if self.unsynced_bytes >= SYNC_BYTES && self.syncing.as_ref().is_none_or(JoinHandle::is_finished) {
            if let Some(syncing) = self.syncing.take() {
                syncing.await.doing("syncing an object")?.map_err(|error| refused("syncing an object", error))?;
            }
            let file = self.file.clone();
            self.syncing = Some(spawn_blocking(move || file.sync_data()));
            self.unsynced_bytes = 0;
        }
        Ok(())
    }

    async fn batch_done(&mut self) -> Result<Option<Sha256>> {
        if let Some(writing) = self.writing.take() {
            let written = writing.await.doing("writing an object")?;
            written.map_err(|error| refused("writing an object", error))?;
        }
        match self.hashing.take() {
            Some(hashing) => hashing.await.doing("hashing an object").map(Some),
            None => Ok(None),
        }
    }
}

impl Received {
    /// The key that it gets.
    #[must_use]
    pub fn key(&self) -> &str {
        &self.temporary.key
    }

    /// Puts it in place. It goes again when this is dropped, unless [`Received::keep`] was called.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the key has an object, which stays as it is; [`Error::Full`]; [`Error::Fault`].
    pub async fn place(&mut self) -> Result<()> {
        let (path, place) = (self.temporary.path.clone(), self.temporary.place.clone());
        let linked = spawn_blocking(move || link(&path, &place)).await.doing("putting an object in place")?;
        match linked {
            Ok(()) => {
                self.temporary.placed = true;
                Ok(())
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                Err(Conflict::NameTaken(self.temporary.key.clone()).into())
            }
            Err(error) => Err(refused("putting an object in place", error)),
        }
    }

    /// The object is known: it stays.
    pub fn keep(mut self) {
        self.temporary.kept = true;
        drop(fs::remove_file(&self.temporary.path));
    }

    /// Nobody can tell whether the object is known, since the database did not answer: both names stay, and the next start
    /// decides.
    pub fn leave_open(mut self) {
        self.temporary.kept = true;
    }
}

/// Gives the file its second name, with everything on disk that leads there.
fn link(path: &Path, place: &Path) -> io::Result<()> {
    let folder = place.parent().ok_or(io::ErrorKind::InvalidInput)?;
    let mut made = Vec::new();
    let mut above = Some(folder);
    while let Some(folder) = above.filter(|folder| !folder.exists()) {
        made.push(folder);
        above = folder.parent();
    }
    fs::create_dir_all(folder)?;
    fs::hard_link(path, place)?;
    // The folder knows its new file, and each folder above one that was made knows it.
    let known = made.iter().filter_map(|folder| folder.parent());
    std::iter::once(folder).chain(known).try_for_each(|folder| File::open(folder)?.sync_all())
}
