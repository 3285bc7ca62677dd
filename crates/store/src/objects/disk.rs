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

/// A piece of a stream. `object_store` itself streams local files in pieces of 8 KiB, each a hop to another thread; at 1 MiB the hop
/// no longer counts, and while one piece is sent the next is read.
const PIECE: usize = 1024 * 1024;
/// A piece while many download: a thousand at once take 32 MiB and 512 MiB at most.
const SMALL_PIECE: usize = 256 * 1024;
/// Large pieces that may be on their way at once.
const LENT: usize = 32;
/// Buffers of either size that wait for the next piece.
const SPARE: usize = 4;

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
        let left = usize::try_from(self.end - self.at).unwrap_or(PIECE);
        let (file, at) = (self.file.clone(), self.at);
        (left > 0).then(|| spawn_blocking(move || read_at(&file, at, left)))
    }
}

/// Reads a piece of what is left.
fn read_at(file: &File, at: u64, left: usize) -> io::Result<Bytes> {
    let mut lent = Lent::new(left);
    let wanted = left.min(lent.buffer.len());
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

struct Buffers {
    large: Vec<Vec<u8>>,
    small: Vec<Vec<u8>>,
    /// Large ones on their way.
    lent: usize,
}

static BUFFERS: Mutex<Buffers> = Mutex::new(Buffers { large: Vec::new(), small: Vec::new(), lent: 0 });

impl Buffers {
    fn lend(&mut self, left: usize) -> Vec<u8> {
        if left > SMALL_PIECE && self.lent < LENT {
            self.lent += 1;
            return self.large.pop().unwrap_or_else(|| vec![0; PIECE]);
        }
        self.small.pop().unwrap_or_else(|| vec![0; SMALL_PIECE])
    }

    fn take_back(&mut self, buffer: Vec<u8>) {
        let waiting = if buffer.len() == PIECE {
            self.lent -= 1;
            &mut self.large
        } else {
            &mut self.small
        };
        if waiting.len() < SPARE {
            waiting.push(buffer);
        }
    }
}

impl Lent {
    fn new(left: usize) -> Self {
        let buffer = BUFFERS.lock().unwrap_or_else(PoisonError::into_inner).lend(left);
        Self { buffer, filled: 0 }
    }
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.buffer[..self.filled]
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let buffer = std::mem::take(&mut self.buffer);
        BUFFERS.lock().unwrap_or_else(PoisonError::into_inner).take_back(buffer);
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
