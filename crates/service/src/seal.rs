//! What the installation signs, so that anybody with its public key can tell what was changed since: Ed25519 (RFC 8032).

use std::sync::Arc;

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};

use crate::Service;

/// The installation's signing key. It has no use but signing, and is kept with the other secrets.
#[derive(Clone)]
pub struct SealKey(Arc<Ed25519KeyPair>);

impl SealKey {
    /// The key of a seed of 32 random bytes (RFC 8032 section 5.1.5).
    ///
    /// # Panics
    /// Never: every 32 bytes are a seed.
    #[must_use]
    pub fn from_seed(seed: &[u8; 32]) -> Self {
        Self(Arc::new(Ed25519KeyPair::from_seed_unchecked(seed).expect("32 bytes are a seed")))
    }

    /// The signature of a text.
    #[must_use]
    pub fn sign(&self, text: &[u8]) -> [u8; 64] {
        self.0.sign(text).as_ref().try_into().expect("an Ed25519 signature has 64 bytes")
    }

    /// What it is checked with.
    #[must_use]
    pub fn public_key(&self) -> [u8; 32] {
        self.0.public_key().as_ref().try_into().expect("an Ed25519 public key has 32 bytes")
    }
}

impl std::fmt::Debug for SealKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SealKey({})", hex::encode(self.public_key()))
    }
}

/// Whether a text was signed with the key of that public key.
#[must_use]
pub fn is_sealed(text: &[u8], signature: &[u8; 64], public_key: &[u8; 32]) -> bool {
    UnparsedPublicKey::new(&ED25519, public_key).verify(text, signature).is_ok()
}

impl Service {
    /// The installation's signing key.
    #[must_use]
    pub const fn seal_key(&self) -> &SealKey {
        &self.settings.seal_key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes<const N: usize>(text: &str) -> [u8; N] {
        let mut bytes = [0; N];
        hex::decode_to_slice(text, &mut bytes).expect("hex digits");
        bytes
    }

    #[test]
    fn the_signature_is_that_of_rfc_8032() {
        // Section 7.1, test 2.
        let key = SealKey::from_seed(&bytes("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"));
        let public = bytes("3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
        let signature = bytes(
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
        );
        assert_eq!((key.public_key(), key.sign(&[0x72])), (public, signature));
        assert!(is_sealed(&[0x72], &signature, &public));
        assert!(!is_sealed(&[0x73], &signature, &public));
    }
}
