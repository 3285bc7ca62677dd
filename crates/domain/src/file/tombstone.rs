//! What is left of a deleted file: who deleted what, when and why, signed by the installation.

use crate::id::{FileId, TenantId};

/// A tombstone as it is kept: the JSON text exactly as it was signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tombstone {
    /// Of which file.
    pub file: FileId,
    /// Whose.
    pub tenant: TenantId,
    /// What was signed.
    pub body: String,
    /// Ed25519 (RFC 8032) over the text.
    pub signature: [u8; 64],
    /// The public key that it opens with.
    pub public_key: [u8; 32],
}
