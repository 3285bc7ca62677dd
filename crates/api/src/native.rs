//! `/api/v1`: bare resources, one file each. `docs/protocol.md` has the shapes.

pub mod callbacks;
pub mod connectors;
pub mod embeds;
pub mod files;
pub mod interface;
pub mod compositions;
pub mod interviews;
pub mod invitations;
pub mod messages;
pub mod orders;
pub mod probe;
pub mod recordings;
pub mod rooms;
pub mod sessions;
pub mod sheets;

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
