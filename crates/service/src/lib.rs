//! The verbs of Mingjian. A verb opens one transaction, asks the domain, writes the audit line, enqueues the job,
//! saves, and only then tells the media or a page.
//!
//! - [`ports`]: what the verbs need from outside, as traits;
//! - [`access`]: who is calling, and whether it may;
//! - [`hall`]: everything live of interviews: who waits, who rings, who is in a call, and what their pages show;
//! - [`gathering`]: rooms without a queue: meetings and the counter's double recording;
//! - [`playback`]: a recording's journal as playlists, and its files behind signed [`links`];
//! - [`jobs`]: work that outlives its transaction;
//! - the other modules are one noun each.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod access;
pub mod archive;
pub mod audit;
pub mod callbacks;
pub mod compositions;
pub mod connectors;
pub mod counter;
pub mod demo;
pub mod embed;
pub mod files;
pub mod gathering;
pub mod hall;
pub mod idempotency;
pub mod identity;
pub mod interfaces;
pub mod interviews;
pub mod invitations;
pub mod jobs;
pub mod links;
pub mod lives;
pub mod mask;
pub mod meetings;
pub mod messages;
pub mod netdisk_events;
pub mod orders;
mod pages;
pub mod playback;
pub mod ports;
pub mod queues;
pub mod recordings;
pub mod recovery;
pub mod results;
pub mod revision;
pub mod rooms;
pub mod schemes;
pub mod seal;
pub mod setup;
pub mod sheets;
mod tapes;
pub mod tokens;
pub mod vault;

use std::sync::{Arc, Mutex, PoisonError};

use mingjian_domain::random::Randomness;
use mingjian_store::{Objects, Store};
use time::OffsetDateTime;

pub use mingjian_store::{Page, Paged};

use mingjian_domain::error::{Error, Result};
pub use pages::ConnectionId;
use ports::{Clock, Web};

/// What the verbs are set up with.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The keys of signed links.
    pub link_keys: links::LinkKeys,
    /// What secrets that must be readable are sealed under.
    pub vault: vault::Vault,
    /// What tombstones are signed with.
    pub seal_key: seal::SealKey,
    /// How long a link that a business system is given works.
    pub link_life: time::Duration,
}

/// What every verb needs.
pub struct Service {
    /// What survives a restart.
    pub store: Store,
    /// Recordings and other bytes.
    pub objects: Objects,
    /// The time.
    clock: Arc<dyn Clock>,
    /// The randomness.
    random: Mutex<Box<dyn Randomness + Send>>,
    settings: Settings,
    /// The turns of those who hash passwords.
    hashing: access::password::Turns,
    strangers: access::Strangers,
    fetches: links::Fetches,
    journals: playback::journals::Journals,
    /// The way to everybody else's servers, for what somebody waits for.
    web: Option<Arc<dyn Web>>,
    /// Uploads that somebody is sending to.
    uploads: counter::uploads::Busy,
}

impl Service {
    /// A service over these parts.
    #[must_use]
    pub fn new(
        store: Store,
        objects: Objects,
        clock: Arc<dyn Clock>,
        random: Box<dyn Randomness + Send>,
        settings: Settings,
    ) -> Self {
        Self {
            store,
            objects,
            clock,
            random: Mutex::new(random),
            settings,
            hashing: access::password::Turns::default(),
            strangers: access::Strangers::default(),
            fetches: links::Fetches::default(),
            journals: playback::journals::Journals::default(),
            web: None,
            uploads: counter::uploads::Busy::default(),
        }
    }

    /// The same with a way to everybody else's servers.
    #[must_use]
    pub fn with_web(self, web: Arc<dyn Web>) -> Self {
        Self { web: Some(web), ..self }
    }

    /// The way to everybody else's servers.
    pub(crate) fn web(&self) -> Result<&dyn Web> {
        self.web.as_deref().ok_or_else(|| Error::fault("asking another server", "this service was given no way out"))
    }

    /// The time now.
    #[must_use]
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// Lets `mint` draw from the randomness, for ids and secrets.
    pub fn draw<T>(&self, mint: impl FnOnce(&mut dyn Randomness) -> T) -> T {
        let mut random = self.random.lock().unwrap_or_else(PoisonError::into_inner);
        mint(&mut **random)
    }
}
