//! An object that is being written: bytes come piece by piece, so that memory stays bounded, and nobody finds it before it is
//! whole. What is not kept is gone when it is dropped; what a kill leaves behind, [`Objects::delete_drafts`] takes away.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use mingjian_domain::error::{Conflict, Doing, Error, Result};
use time::OffsetDateTime;

use super::Objects;
use super::disk::refused;
use super::reserve::Watch;

/// Folder of the drafts below the root: on the same disk, so that keeping one is a rename.
const FOLDER: &str = "drafts";

/// An object that is being written. Its calls wait for the disk: not for an event loop.
pub struct Draft {
    /// None once all is written: many drafts may wait to be kept, and open files are few.
    file: Option<File>,
    path: PathBuf,
    kept: bool,
    watch: Watch,
}

impl Objects {
    /// Begins an object. `name` is one that no other draft has.
    ///
    /// # Errors
    /// [`Error::Full`]; [`Error::Fault`].
    pub fn draft(&self, name: &str) -> Result<Draft> {
        let doing = "beginning an object";
        let watch = self.reserve.watch()?;
        let folder = self.path_of(FOLDER)?;
        fs::create_dir_all(&folder).map_err(|error| refused(doing, error))?;
        let path = self.path_of(&format!("{FOLDER}/{name}"))?;
        let file = File::options().write(true).create_new(true).open(&path).map_err(|error| refused(doing, error))?;
        Ok(Draft { file: Some(file), path, kept: false, watch })
    }

    /// Puts a draft under a new key. It is on disk when this returns.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the key has an object, which stays as it is; [`Error::Invalid`] for a key that is none;
    /// [`Error::Full`]; [`Error::Fault`].
    pub fn keep(&self, mut draft: Draft, key: &str) -> Result<()> {
        let doing = "keeping an object";
        draft.rest();
        File::open(&draft.path).and_then(|file| file.sync_all()).map_err(|error| refused(doing, error))?;
        self.link(&draft.path, key)?;
        draft.kept = fs::remove_file(&draft.path).is_ok();
        Ok(())
    }

    /// Puts an object under a second, new key as well: deleting either leaves the other. On one disk this costs nothing.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the new key has an object; [`Error::Invalid`] for a key that is none; [`Error::Fault`], also
    /// when there is no such object.
    pub fn share(&self, key: &str, new_key: &str) -> Result<()> {
        self.link(&self.path_of(key)?, new_key)
    }

    fn link(&self, from: &Path, key: &str) -> Result<()> {
        let doing = "putting an object under its key";
        let to = self.path_of(key)?;
        let folder = to.parent().ok_or_else(|| Error::fault(doing, "a key without a folder"))?;
        fs::create_dir_all(folder).map_err(|error| refused(doing, error))?;
        match fs::hard_link(from, &to) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(Conflict::NameTaken(key.to_owned()).into());
            }
            Err(error) => return Err(refused(doing, error)),
        }
        // The name must outlive a power cut as well.
        File::open(folder).and_then(|folder| folder.sync_all()).doing(doing)
    }

    /// Takes drafts away that nobody has written to since that moment, and tells how many.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub fn delete_drafts(&self, since: OffsetDateTime) -> Result<u32> {
        let doing = "taking abandoned drafts away";
        let folder = self.path_of(FOLDER)?;
        let entries = match fs::read_dir(&folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(0),
            Err(error) => return Err(Error::fault(doing, error)),
        };
        let mut deleted = 0;
        for entry in entries {
            let entry = entry.doing(doing)?;
            let written = entry.metadata().and_then(|meta| meta.modified()).doing(doing)?;
            if OffsetDateTime::from(written) < since && fs::remove_file(entry.path()).is_ok() {
                deleted += 1;
            }
        }
        Ok(deleted)
    }
}

impl Draft {
    /// Writes the next bytes.
    ///
    /// # Errors
    /// [`Error::Full`]; [`Error::Fault`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        let doing = "writing an object";
        let file = self.file.as_mut().ok_or_else(|| Error::fault(doing, "all of it was written"))?;
        self.watch.take(bytes.len())?;
        file.write_all(bytes).map_err(|error| refused(doing, error))
    }

    /// All is written: the file is closed until the draft is kept.
    pub fn rest(&mut self) {
        self.file = None;
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        if !self.kept {
            // What cannot be taken away now goes with the abandoned ones.
            let _ = fs::remove_file(&self.path);
        }
    }
}
