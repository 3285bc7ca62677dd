//! What keeps two people from overwriting each other: a name for a state of a thing, and what a caller has read of it.
//! The check belongs into the transaction that changes the thing.

use mingjian_domain::error::{Conflict, Error, Result};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Names a state: 128 bits of the SHA-256 of its JSON, in hex.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Revision(String);

impl Revision {
    /// The name of that state.
    ///
    /// # Errors
    /// [`Error::Fault`] when it cannot be written as JSON.
    pub fn of(state: &impl Serialize) -> Result<Self> {
        let json = serde_json::to_vec(state).map_err(|error| Error::fault("naming a state", error))?;
        Ok(Self(hex::encode(&Sha256::digest(&json)[..16])))
    }

    /// As it is told to callers.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The states of a thing that a caller will change.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Expected {
    /// Whatever it is.
    #[default]
    Anything,
    /// One of these, as [`Revision::as_str`] told them.
    OneOf(Vec<String>),
}

impl Expected {
    /// Whether the thing is still as the caller has read it.
    ///
    /// # Errors
    /// [`Conflict::ChangedMeanwhile`].
    pub fn check(&self, current: &Revision) -> Result<()> {
        match self {
            Self::Anything => Ok(()),
            Self::OneOf(read) if read.contains(&current.0) => Ok(()),
            Self::OneOf(_) => Err(Conflict::ChangedMeanwhile.into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_is_named_by_what_it_holds() {
        let one = Revision::of(&[1, 2]).expect("a state");
        assert_eq!(one, Revision::of(&[1, 2]).expect("the same"));
        assert_ne!(one, Revision::of(&[1, 3]).expect("another"));
        assert_eq!(one.as_str().len(), 32);
        let read = Expected::OneOf(vec!["older".into(), one.as_str().into()]);
        assert!(read.check(&one).is_ok() && Expected::Anything.check(&one).is_ok());
        let older = Expected::OneOf(vec!["older".into()]).check(&one);
        assert!(matches!(older, Err(Error::Conflict(Conflict::ChangedMeanwhile))));
    }
}
