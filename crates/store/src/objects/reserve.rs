//! The room on the disk that only recordings may take. Whatever else comes in stops in front of it. It must be more than a
//! recording ends at, or an upload would still end a call.

use std::path::{Path, PathBuf};

use mingjian_domain::error::{Doing, Error, Result};

/// A stream may write so much between two looks at the disk.
const LOOK_BYTES: u64 = 16 << 20;

/// How many bytes the disk below `root` still takes.
fn free_bytes(root: &Path) -> Result<u64> {
    let disk = rustix::fs::statvfs(root).doing("asking for free space")?;
    Ok(disk.f_bavail.saturating_mul(disk.f_frsize))
}

/// What must stay free.
#[derive(Debug, Clone)]
pub(super) struct Reserve {
    root: PathBuf,
    pub(super) bytes: u64,
}

impl Reserve {
    pub(super) const fn of(root: PathBuf, bytes: u64) -> Self {
        Self { root, bytes }
    }

    /// Whether so many bytes more leave it alone.
    ///
    /// # Errors
    /// [`Error::Full`] when they would not; [`Error::Fault`].
    pub(super) fn check(&self, more: u64) -> Result<()> {
        if free_bytes(&self.root)? < self.bytes.saturating_add(more) { Err(Error::Full) } else { Ok(()) }
    }

    /// Watches one stream, if there is room to begin with.
    ///
    /// # Errors
    /// [`Error::Full`]; [`Error::Fault`].
    pub(super) fn watch(&self) -> Result<Watch> {
        self.check(0)?;
        Ok(Watch { reserve: self.clone(), unseen_bytes: 0 })
    }
}

/// Counts what a stream writes, whose length nobody may know, and looks at the disk as it goes on.
#[derive(Debug)]
pub(super) struct Watch {
    reserve: Reserve,
    unseen_bytes: u64,
}

impl Watch {
    /// Before so many bytes more are written.
    ///
    /// # Errors
    /// [`Error::Full`]; [`Error::Fault`].
    pub(super) fn take(&mut self, bytes: usize) -> Result<()> {
        self.unseen_bytes += bytes as u64;
        if self.unseen_bytes < LOOK_BYTES {
            return Ok(());
        }
        self.reserve.check(self.unseen_bytes)?;
        self.unseen_bytes = 0;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_stopped_where_the_reserve_begins() {
        let folder = tempfile::tempdir().expect("a folder");
        let mut watch = Reserve::of(folder.path().to_owned(), 0).watch().expect("there is room");
        watch.take(20 << 20).expect("there still is");
        // Others fill the disk meanwhile.
        watch.reserve.bytes = u64::MAX;
        watch.take(1 << 20).expect("it is not looked at for every byte");
        assert!(matches!(watch.take(15 << 20), Err(Error::Full)));
        assert!(matches!(watch.take(1), Err(Error::Full)), "and stays so");
    }
}
