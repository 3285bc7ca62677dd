//! Objects in a folder of this machine.

use std::error::Error as StdError;
use std::fs::File;
use std::io;
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use mingjian_domain::error::{Doing, Error, Result};
use object_store::local::LocalFileSystem;
use tokio::task::{JoinHandle, spawn_blocking};

/// A piece of a stream. `object_store` itself streams local files in pieces of 8 KiB, each a hop to another thread; at 256 KiB the
/// hop no longer counts. While one piece is sent the next is read: a thousand downloads at once take 512 MiB at most.
const PIECE: usize = 256 * 1024;
/// Buffers that wait for the next piece.
const SPARE: usize = 16;

/// Makes the folder if it is not there.
pub(super) fn open(root: &Path) -> Result<(PathBuf, LocalFileSystem)> {
    std::fs::create_dir_all(root).doing("making the folder of objects")?;
    let root = root.canonicalize().doing("finding the folder of objects")?;
    let store = LocalFileSystem::new_with_prefix(&root)
        .doing("opening the folder of objects")?
        .with_fsync(true)
        .with_automatic_cleanup(true);
    Ok((root, store))
}

/// Streams a range of a file; none if there is no such file.
pub(super) async fn stream(path: PathBuf, range: Range<u64>) -> Result<Option<BoxStream<'static, Result<Bytes>>>> {
    let opened = spawn_blocking(move || match File::open(&path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        file => file.and_then(|file| Ok(file.metadata()?.is_file().then_some(file))),
    });
    let Some(file) = opened.await.doing("opening an object")?.doing("opening an object")? else { return Ok(None) };
    let reader = Reader { file: Arc::new(file), at: range.start, end: range.end.max(range.start), ahead: None };
    Ok(Some(stream::try_unfold(reader, Reader::next).boxed()))
}

/// Reads one piece ahead of what is being sent.
struct Reader {
    file: Arc<File>,
    at: u64,
    end: u64,
    ahead: Option<JoinHandle<io::Result<Bytes>>>,
}

impl Reader {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>> {
        let Some(reading) = self.ahead.take().or_else(|| self.read()) else { return Ok(None) };
        let piece = reading.await.doing("reading an object")?.doing("reading an object")?;
        if piece.is_empty() {
            return Ok(None);
        }
        self.at += piece.len() as u64;
        self.ahead = self.read();
        Ok(Some((piece, self)))
    }

    /// Begins to read the next piece; none at the end.
    fn read(&self) -> Option<JoinHandle<io::Result<Bytes>>> {
        let wanted = usize::try_from(self.end - self.at).unwrap_or(PIECE).min(PIECE);
        let (file, at) = (self.file.clone(), self.at);
        (wanted > 0).then(|| spawn_blocking(move || read_at(&file, at, wanted)))
    }
}

fn read_at(file: &File, at: u64, wanted: usize) -> io::Result<Bytes> {
    let mut lent = Lent::new();
    while lent.filled < wanted {
        match file.read_at(&mut lent.buffer[lent.filled..wanted], at + lent.filled as u64) {
            Ok(0) => break,
            Ok(read) => lent.filled += read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Bytes::from_owner(lent))
}

/// A buffer that waits for the next piece once its bytes are sent: new memory for each costs more than what is read into it.
struct Lent {
    buffer: Vec<u8>,
    filled: usize,
}

static WAITING: Mutex<Vec<Vec<u8>>> = Mutex::new(Vec::new());

impl Lent {
    fn new() -> Self {
        let spare = WAITING.lock().unwrap_or_else(PoisonError::into_inner).pop();
        Self { buffer: spare.unwrap_or_else(|| vec![0; PIECE]), filled: 0 }
    }
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut waiting = WAITING.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.len() < SPARE {
            waiting.push(std::mem::take(&mut self.buffer));
        }
    }
}

/// Whether the disk is full, somewhere down the chain of causes.
pub(super) fn is_full(error: &object_store::Error) -> bool {
    let mut cause: Option<&(dyn StdError + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(io) = error.downcast_ref::<io::Error>() {
            return says_full(io);
        }
        cause = error.source();
    }
    false
}

fn says_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// What the disk refused, as the callers of this crate know it.
pub(super) fn refused(doing: &'static str, error: io::Error) -> Error {
    if says_full(&error) { Error::Full } else { Error::fault(doing, error) }
}
