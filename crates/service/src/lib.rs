//! The verbs of Mingjian. A verb opens one transaction, asks the domain, writes the audit line, enqueues the job,
//! saves, and only then tells the media or a page.
//!
//! - [`ports`]: what the verbs need from outside, as traits;
//! - [`access`]: who is calling, and whether it may;
//! - [`hall`]: everything live: who waits, who rings, who is in a call, and what their pages show;
//! - the other modules are one noun each.

pub mod access;
pub mod ports;

use std::sync::{Arc, Mutex, PoisonError};

use mingjian_domain::random::Randomness;
use mingjian_store::objects::Objects;
use mingjian_store::Store;
use time::OffsetDateTime;

use ports::Clock;

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
}

impl Service {
    /// A service over these parts.
    #[must_use]
    pub fn new(store: Store, objects: Objects, clock: Arc<dyn Clock>, random: Box<dyn Randomness + Send>) -> Self {
        Self { store, objects, clock, random: Mutex::new(random) }
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
