//! Bytes by key: recordings, photos, papers. Whatever stands behind, an object is found whole or not at all.
//!
//! A key is a path of ASCII words such as `rec/DEMOBK/2026/11/23/…/1.mp4`. The recorder appends to its files below
//! [`Objects::root`] by itself; a finished track file is an object already, under its own path.

mod disk;
mod draft;
mod growth;
mod incoming;
mod reserve;

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use mingjian_domain::error::{Conflict, Doing, Error, Result};
use object_store::path::Path as Key;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutOptions, PutPayload};

pub use draft::Draft;
pub use growth::Growth;
pub use incoming::{Incoming, Received};
use reserve::Reserve;

/// A place for objects.
#[derive(Clone)]
pub struct Objects {
    root: PathBuf,
    store: Arc<dyn ObjectStore>,
    reserve: Reserve,
}

impl Objects {
    /// Objects in a folder, which is made if it is not there. What is put is on disk when the call returns.
    ///
    /// # Errors
    /// [`Error::Fault`] when the folder cannot be made.
    pub fn on_disk(root: &Path) -> Result<Self> {
        let (root, store) = disk::open(root)?;
        let reserve = Reserve::of(root.clone(), 0);
        Ok(Self { root, store: Arc::new(store), reserve })
    }

    /// The same, where whatever comes in piece by piece leaves so many bytes of the disk to the recordings.
    #[must_use]
    pub fn with_reserve(mut self, bytes: u64) -> Self {
        self.reserve.bytes = bytes;
        self
    }

    /// The folder below which the recorder appends to its files.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Where the object of that key lies, or would.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that leaves the folder or is none.
    pub fn path_of(&self, key: &str) -> Result<PathBuf> {
        Ok(self.root.join(parse(key)?.as_ref()))
    }

    /// Whether there is room for an object of that size.
    ///
    /// # Errors
    /// [`Error::Full`] when it would take what is left to the recordings; [`Error::Fault`] when the disk cannot be asked.
    pub fn check_room(&self, bytes: u64) -> Result<()> {
        self.reserve.check(bytes)
    }

    /// The object's size in bytes; none if there is no such object. A file that grows says how far it is.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that is none; [`Error::Fault`].
    pub async fn size(&self, key: &str) -> Result<Option<u64>> {
        let head = self.store.head(&parse(key)?).await;
        present(head.map(|meta| meta.size), "asking for an object's size")
    }

    /// The whole object; none if there is no such object. For small ones: it is held in memory.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that is none; [`Error::Fault`].
    pub async fn read(&self, key: &str) -> Result<Option<Bytes>> {
        let Some(object) = present(self.store.get(&parse(key)?).await, "opening an object")? else { return Ok(None) };
        object.bytes().await.doing("reading an object").map(Some)
    }

    /// These bytes of the object, in memory; none if there is no such object. Fewer where the object ends before the
    /// range does.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that is none; [`Error::Fault`].
    pub async fn get_range(&self, key: &str, range: Range<u64>) -> Result<Option<Bytes>> {
        let Some(size) = self.size(key).await? else { return Ok(None) };
        let range = range.start..range.end.min(size);
        if range.is_empty() {
            return Ok(Some(Bytes::new()));
        }
        present(self.store.get_range(&parse(key)?, range).await, "reading a range of an object")
    }

    /// These bytes of the object, piece by piece, so that memory stays bounded whatever the range; none if there is no
    /// such object. Fewer where the object ends before the range does.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that is none; [`Error::Fault`], also in the midst of the stream.
    pub async fn stream(&self, key: &str, range: Range<u64>) -> Result<Option<BoxStream<'static, Result<Bytes>>>> {
        disk::stream(self.path_of(key)?, range).await
    }

    /// Puts an object under a new key.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the key has one, which stays as it is; [`Error::Invalid`] for a key that is none;
    /// [`Error::Full`]; [`Error::Fault`].
    pub async fn put_new(&self, key: &str, bytes: Bytes) -> Result<()> {
        let options = PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        match self.store.put_opts(&parse(key)?, PutPayload::from(bytes), options).await {
            Ok(_) => Ok(()),
            Err(object_store::Error::AlreadyExists { .. }) => Err(Conflict::NameTaken(key.to_owned()).into()),
            Err(error) if disk::is_full(&error) => Err(Error::Full),
            Err(error) => Err(Error::fault("putting an object", error)),
        }
    }

    /// Opens an object that comes piece by piece, at its end; at 0 it is made.
    ///
    /// # Errors
    /// [`Conflict::WrongState`] when its end is not at `from`; [`Error::Invalid`] for a key that is none; [`Error::Full`];
    /// [`Error::Fault`].
    pub async fn grow(&self, key: &str, from: u64) -> Result<Growth> {
        Growth::open(&self.path_of(key)?, from, self.reserve.watch()?).await
    }

    /// Deletes the object and tells whether there was one.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a key that is none; [`Error::Fault`].
    pub async fn delete(&self, key: &str) -> Result<bool> {
        let gone = self.store.delete(&parse(key)?).await;
        Ok(present(gone, "deleting an object")?.is_some())
    }
}

fn parse(key: &str) -> Result<Key> {
    let plain = key.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_./".contains(&byte));
    // `Key::parse` refuses `..`, empty parts and the like, and forgives slashes at both ends, which we do not.
    match Key::parse(key) {
        Ok(parsed) if plain && !key.is_empty() && parsed.as_ref() == key => Ok(parsed),
        _ => Err(Error::Invalid("文件路径无效，只能由字母、数字、-、_、. 和 / 组成".into())),
    }
}

/// Turns "there is none" into an answer.
fn present<T>(result: object_store::Result<T>, doing: &'static str) -> Result<Option<T>> {
    match result {
        Ok(found) => Ok(Some(found)),
        Err(object_store::Error::NotFound { .. }) => Ok(None),
        Err(error) => Err(Error::fault(doing, error)),
    }
}
