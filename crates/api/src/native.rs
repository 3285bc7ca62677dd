//! `/api/v1`: bare resources, one file each. `docs/protocol.md` has the shapes.

pub mod accounts;
pub mod archive_clients;
pub mod callbacks;
pub mod codes;
pub mod compositions;
pub mod connectors;
pub mod deposits;
pub mod embeds;
pub mod files;
pub mod interface;
pub mod interviews;
pub mod invitations;
pub mod messages;
pub mod orders;
pub mod probe;
pub mod recordings;
pub mod rooms;
pub mod scripts;
pub mod sessions;
pub mod sheets;

use mingjian_domain::error::Error;
use mingjian_service::Paged;
use serde::Serialize;

/// A page of a list.
#[derive(Debug, Serialize)]
pub struct ListView<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The cursor of the next page.
    pub next: Option<String>,
}

impl<T> From<Paged<T>> for ListView<T> {
    fn from(paged: Paged<T>) -> Self {
        Self { items: paged.items, next: paged.next }
    }
}

/// A complaint about a field with its native name, where the service names it as the document does.
pub(crate) fn snake(error: Error, names: &[(&str, &str)]) -> Error {
    let Error::Invalid(sentence) = error else { return error };
    let own = sentence.split_once(':').and_then(|(field, rest)| {
        names.iter().find(|(theirs, _)| *theirs == field).map(|(_, own)| format!("{own}:{rest}"))
    });
    Error::Invalid(own.unwrap_or(sentence))
}
