//! Passwords, hashed with Argon2id at the parameters that OWASP's password storage sheet gives first after 46 MiB:
//! 19 MiB, two passes, one lane. A hash keeps a core busy for some 20 ms, so it runs off the event loop and a few at a time.

use argon2::{Algorithm, Argon2, Params, PasswordHasher, PasswordVerifier, Version};
use mingjian_domain::error::{Doing, Error, Result};
use mingjian_domain::secret::Secret;
use tokio::sync::Semaphore;

use crate::Service;

/// Hashes at a time: more would only make each slower and take 19 MiB apiece.
pub(crate) const AT_ONCE: usize = 2;
/// Logins that may wait for their turn; beyond that the server says it is busy rather than let them pile up.
const QUEUE: usize = 64;

/// A hash of no password, so that an unknown name costs as much time as a wrong password.
const NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$bWluZ2ppYW4tbm9ib2R5$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

fn argon2() -> Argon2<'static> {
    let params = Params::new(19_456, 2, 1, None).expect("these parameters are valid");
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The turns of those who hash.
pub(crate) struct Turns {
    running: Semaphore,
    /// Running and waiting together.
    admitted: Semaphore,
}

impl Default for Turns {
    fn default() -> Self {
        Self { running: Semaphore::new(AT_ONCE), admitted: Semaphore::new(AT_ONCE + QUEUE) }
    }
}

/// Hashes a new password with a salt of 16 random bytes, as a PHC string.
///
/// # Errors
/// [`Error::Busy`] when too many wait; [`Error::Fault`].
pub async fn hash_password(service: &Service, password: &Secret) -> Result<Secret> {
    let mut salt = [0; 16];
    service.draw(|random| random.fill(&mut salt));
    let password = password.clone();
    let hash = service
        .hash_turn(move || {
            argon2().hash_password_with_salt(password.expose().as_bytes(), &salt).map(|hash| hash.to_string())
        })
        .await?
        .doing("hashing a password")?;
    Ok(Secret::new(hash))
}

/// Whether the password is the one of that hash; without a hash it takes as long and is not.
///
/// # Errors
/// [`Error::Busy`] when too many wait; [`Error::Fault`].
pub async fn verify_password(service: &Service, password: &Secret, hash: Option<&Secret>) -> Result<bool> {
    let known = hash.is_some();
    let hash = hash.map_or_else(|| NOBODY.to_owned(), |hash| hash.expose().to_owned());
    let password = password.clone();
    let right = service
        .hash_turn(move || argon2().verify_password(password.expose().as_bytes(), hash.as_str()).is_ok())
        .await?;
    Ok(right && known)
}

impl Service {
    async fn hash_turn<T: Send + 'static>(&self, hash: impl FnOnce() -> T + Send + 'static) -> Result<T> {
        let Ok(_admitted) = self.hashing.admitted.try_acquire() else {
            return Err(Error::Busy { until: None });
        };
        let _running = self.hashing.running.acquire().await.doing("waiting to hash a password")?;
        tokio::task::spawn_blocking(hash).await.doing("hashing a password")
    }
}
