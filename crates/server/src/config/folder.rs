//! The data folder: born demo or not, used by one server at a time, keeper of the generated secrets.

use std::fs::{self, File, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use mingjian_domain::random::Randomness;
use mingjian_domain::secret::Secret;

use super::Failure;

/// Says how the folder was born; written once.
const BORN: &str = "born";
const LOCK: &str = "lock";
const SECRETS: &str = "secrets";

/// How a folder was born.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Birth {
    /// Without fixtures.
    Plain,
    /// With the demo's fixtures and published passwords.
    Demo,
    /// With the demo's fixtures and random passwords.
    Lan,
}

impl Birth {
    const ALL: [Self; 3] = [Self::Plain, Self::Demo, Self::Lan];

    const fn word(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::Demo => "demo",
            Self::Lan => "lan",
        }
    }
}

/// A data folder that this process has for itself.
#[derive(Debug)]
pub struct Folder {
    path: PathBuf,
    /// Held, not read: the lock goes with the process, however it ends.
    _lock: File,
}

impl Folder {
    /// Opens or makes the folder.
    ///
    /// # Errors
    /// Another server has it, it was born otherwise, or the disk refuses: in a sentence for the operator.
    pub fn open(path: &Path, birth: Birth) -> Result<Self, Failure> {
        let named = |error: std::io::Error| format!("the data folder {}: {error}", path.display());
        fs::DirBuilder::new().recursive(true).mode(0o700).create(path).map_err(named)?;
        let lock = File::create(path.join(LOCK)).map_err(named)?;
        if lock.try_lock().is_err() {
            return Err(format!("the data folder {} is in use by another server", path.display()).into());
        }
        let born = path.join(BORN);
        if !born.exists() {
            fs::write(&born, birth.word()).map_err(named)?;
        }
        let word = fs::read_to_string(&born).map_err(named)?;
        let was = Birth::ALL.into_iter().find(|birth| birth.word() == word.trim());
        match was {
            Some(was) if was == birth => Ok(Self { path: path.to_owned(), _lock: lock }),
            Some(was) => Err(format!(
                "the data folder {} was born {:?} and does not serve {:?}: name another one with --data",
                path.display(),
                was.word(),
                birth.word()
            )
            .into()),
            None => Err(format!("{} does not say how the data folder was born", born.display()).into()),
        }
    }

    /// A path in the folder.
    pub fn join(&self, name: &str) -> PathBuf {
        self.path.join(name)
    }

    /// The secret of that name: 256 random bits in hex, made when first asked for, readable by the owner alone.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn secret(&self, name: &str, random: &mut dyn Randomness) -> Result<Secret, Failure> {
        secret(&self.path, name, random)
    }
}

/// The same for a command that runs beside the server. Of two that make it at once the first wins.
///
/// # Errors
/// The disk refuses.
pub fn secret(data: &Path, name: &str, random: &mut dyn Randomness) -> Result<Secret, Failure> {
    let folder = data.join(SECRETS);
    let path = folder.join(name);
    let named = |error: std::io::Error| format!("the secret {}: {error}", path.display());
    if !path.exists() {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(&folder).map_err(named)?;
        let mut bytes = [0_u8; 32];
        random.fill(&mut bytes);
        let text: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        // Written beside and linked, so that a crash never leaves half a secret and nobody's is replaced.
        let half = folder.join(format!("{name}.{}.new", std::process::id()));
        let mut file =
            OpenOptions::new().write(true).create(true).truncate(true).mode(0o600).open(&half).map_err(named)?;
        file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(named)?;
        match fs::hard_link(&half, &path) {
            Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => return Err(named(error).into()),
            _ => fs::remove_file(&half).map_err(named)?,
        }
    }
    Ok(Secret::new(fs::read_to_string(&path).map_err(named)?.trim().to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingjian_domain::random::Counting;

    #[test]
    fn a_folder_is_born_once_and_served_by_one() {
        let temp = tempfile::tempdir().expect("a temporary folder");
        let folder = Folder::open(temp.path(), Birth::Demo).expect("a new folder");
        assert!(Folder::open(temp.path(), Birth::Demo).is_err(), "it is in use");
        drop(folder);
        assert!(Folder::open(temp.path(), Birth::Plain).is_err(), "it was born demo");
        assert!(Folder::open(temp.path(), Birth::Demo).is_ok(), "its own mode");
    }

    #[test]
    fn a_secret_stays_the_same() {
        let temp = tempfile::tempdir().expect("a temporary folder");
        let folder = Folder::open(temp.path(), Birth::Plain).expect("a new folder");
        let first = folder.secret("link_key", &mut Counting::default()).expect("a secret");
        assert_eq!(first.expose().len(), 64);
        assert_eq!(folder.secret("link_key", &mut Counting::default()).expect("the secret"), first);
    }
}
