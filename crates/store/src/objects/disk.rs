//! Objects in a folder of this machine.

use std::error::Error as StdError;
use std::io::{self, SeekFrom};
use std::ops::Range;
use std::path::{Path, PathBuf};

use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use futures_util::stream::{self, BoxStream};
use mingjian_domain::error::{Doing, Error, Result};
use object_store::local::LocalFileSystem;
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncSeekExt};

/// A piece of a stream. `object_store` itself streams local files in pieces of 8 KiB, each a hop to another thread;
/// at 256 KiB the hop no longer counts, and a thousand downloads at once take 256 MiB at most.
const PIECE: usize = 256 * 1024;

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
    let mut file = match File::open(&path).await {
        Ok(file) => file,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(Error::fault("opening an object", error)),
    };
    if !file.metadata().await.doing("opening an object")?.is_file() {
        return Ok(None);
    }
    file.set_max_buf_size(PIECE);
    file.seek(SeekFrom::Start(range.start)).await.doing("seeking in an object")?;
    let left = range.end.saturating_sub(range.start);
    Ok(Some(stream::try_unfold((file, left), next_piece).boxed()))
}

async fn next_piece((mut file, left): (File, u64)) -> Result<Option<(Bytes, (File, u64))>> {
    let wanted = usize::try_from(left).unwrap_or(PIECE).min(PIECE);
    if wanted == 0 {
        return Ok(None);
    }
    let mut piece = BytesMut::with_capacity(wanted);
    let mut taken = (&mut file).take(wanted as u64);
    if taken.read_buf(&mut piece).await.doing("reading an object")? == 0 {
        return Ok(None);
    }
    let left = left - piece.len() as u64;
    Ok(Some((piece.freeze(), (file, left))))
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
