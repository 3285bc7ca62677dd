//! Twice is once: a request that comes with an `Idempotency-Key` is worked on once within 24 hours, and whoever sends it
//! again is given the first answer.
//!
//! Only what succeeded is kept. A request that was refused has done nothing, so it may be sent again with the same key. One
//! whose server died on the way stays in use for [`WORK`] and is then free: what it had done by then it may do once more.

use mingjian_domain::error::{Conflict, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::secret::Secret;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use crate::Service;

/// How long an answer is kept.
pub const KEPT: Duration = Duration::hours(24);
/// Longer than any request is worked on.
pub const WORK: Duration = Duration::minutes(5);

/// A key of a tenant's request.
#[derive(Debug, Clone)]
pub struct RequestKey {
    /// Whose.
    pub tenant: TenantId,
    /// As the caller wrote it.
    pub key: String,
}

impl RequestKey {
    fn about(&self) -> String {
        format!("kept_answer:{}:{}", self.tenant, self.key)
    }
}

/// What has become of a request.
#[derive(Debug)]
pub enum Claim {
    /// It is this caller's to work on, claimed at that moment.
    Mine(OffsetDateTime),
    /// It was answered before.
    Answered(Secret),
}

/// Takes a request on.
///
/// # Errors
/// [`Conflict::KeyReused`] when the key came with another request; [`Conflict::KeyInUse`] while the first is being worked on.
pub async fn claim(service: &Service, key: &RequestKey, request_hash: &[u8; 32]) -> Result<Claim> {
    let now = service.now();
    let mut tx = service.store.begin().await?;
    tx.kept_answers().forget(now - KEPT, now - WORK).await?;
    let mine = tx.kept_answers().claim(key.tenant, &key.key, request_hash, now).await?;
    let there = if mine { None } else { tx.kept_answers().lookup(key.tenant, &key.key).await? };
    tx.commit().await?;
    match there {
        None if mine => Ok(Claim::Mine(now)),
        // It was let go between the two questions: the next try will have it.
        None => Err(Conflict::KeyInUse.into()),
        Some(kept) if kept.request_hash != *request_hash => Err(Conflict::KeyReused.into()),
        Some(kept) => match kept.answer {
            Some(sealed) => Ok(Claim::Answered(service.unseal(&sealed, &key.about())?)),
            None => Err(Conflict::KeyInUse.into()),
        },
    }
}

/// Keeps the answer of a request that succeeded.
///
/// # Errors
/// [`mingjian_domain::error::Error::Fault`].
pub async fn keep(service: &Service, key: &RequestKey, claimed_at: OffsetDateTime, answer: &Secret) -> Result<()> {
    let sealed = service.seal(answer, &key.about());
    let mut tx = service.store.begin().await?;
    tx.kept_answers().keep(key.tenant, &key.key, claimed_at, sealed).await?;
    tx.commit().await
}

/// Lets go of a request that was refused.
///
/// # Errors
/// [`mingjian_domain::error::Error::Fault`].
pub async fn release(service: &Service, key: &RequestKey, claimed_at: OffsetDateTime) -> Result<()> {
    let mut tx = service.store.begin().await?;
    tx.kept_answers().release(key.tenant, &key.key, claimed_at).await?;
    tx.commit().await
}

/// SHA-256 of the parts of a request, each with its length in front, so that no two requests look the same.
#[must_use]
pub fn request_hash(parts: &[&[u8]]) -> [u8; 32] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update((part.len() as u64).to_be_bytes());
        hash.update(part);
    }
    hash.finalize().into()
}
