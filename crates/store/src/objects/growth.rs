//! An object that comes piece by piece, over hours and restarts: its own file says how much of it is there.

use std::path::Path;

use mingjian_domain::error::{Conflict, Doing, Result};
use tokio::fs::{File, OpenOptions};
use tokio::io::{AsyncSeekExt, AsyncWriteExt};

use super::disk::refused;
use super::reserve::Watch;

/// An object that is being appended to.
pub struct Growth {
    file: File,
    size_bytes: u64,
    watch: Watch,
}

impl Growth {
    /// Opens the file at its end, which must be at `from`; at 0 it is made.
    pub(super) async fn open(path: &Path, from: u64, watch: Watch) -> Result<Self> {
        if let Some(folder) = path.parent() {
            tokio::fs::create_dir_all(folder).await.doing("making the folder of an upload")?;
        }
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(false).open(path).await.doing("opening an upload")?;
        let size_bytes = file.seek(std::io::SeekFrom::End(0)).await.doing("finding the end of an upload")?;
        if size_bytes != from {
            return Err(Conflict::WrongState.into());
        }
        Ok(Self { file, size_bytes, watch })
    }

    /// So many bytes are there.
    #[must_use]
    pub const fn size_bytes(&self) -> u64 {
        self.size_bytes
    }

    /// Appends.
    ///
    /// # Errors
    /// [`Error::Full`]; [`Error::Fault`].
    pub async fn add(&mut self, bytes: &[u8]) -> Result<()> {
        self.watch.take(bytes.len())?;
        self.file.write_all(bytes).await.map_err(|error| refused("writing an upload", error))?;
        self.size_bytes += bytes.len() as u64;
        Ok(())
    }

    /// Puts what was added on disk, and tells how much is there.
    ///
    /// # Errors
    /// [`Error::Full`]; [`Error::Fault`].
    pub async fn keep(mut self) -> Result<u64> {
        self.file.flush().await.map_err(|error| refused("writing an upload", error))?;
        self.file.sync_data().await.map_err(|error| refused("putting an upload on disk", error))?;
        Ok(self.size_bytes)
    }

    /// Takes back what was added after `to`.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn take_back(mut self, to: u64) -> Result<()> {
        self.file.flush().await.doing("writing an upload")?;
        self.file.set_len(to).await.doing("taking a piece of an upload back")?;
        self.file.sync_data().await.doing("putting an upload on disk")
    }
}
