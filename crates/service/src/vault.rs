//! What must be readable again but is kept from whoever holds the database alone: sealed under the installation's key.
//!
//! AES-256-GCM (NIST SP 800-38D): one byte of version, 12 of nonce, then the text with its tag of 16. What it is about is
//! authenticated with it, so that a sealed secret moved to another row does not open.

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use mingjian_domain::error::{Error, Result};
use mingjian_domain::secret::Secret;

use crate::Service;
use crate::tokens::{hmac, hmac_hex};

const VERSION: u8 = 1;
const NONCE_BYTES: usize = 12;

/// The installation's key.
#[derive(Clone)]
pub struct Vault([u8; 32]);

impl Vault {
    /// A vault of that key.
    #[must_use]
    pub const fn new(key: [u8; 32]) -> Self {
        Self(key)
    }

    fn key(&self) -> LessSafeKey {
        LessSafeKey::new(UnboundKey::new(&AES_256_GCM, &self.0).expect("a key of 32 bytes is AES-256's"))
    }

    fn seal(&self, text: &[u8], about: &str, nonce: [u8; NONCE_BYTES]) -> Vec<u8> {
        let mut sealed = vec![VERSION];
        sealed.extend_from_slice(&nonce);
        let mut body = text.to_vec();
        self.key()
            .seal_in_place_append_tag(Nonce::assume_unique_for_key(nonce), Aad::from(about.as_bytes()), &mut body)
            .expect("a short text can be sealed");
        sealed.extend_from_slice(&body);
        sealed
    }

    fn open(&self, sealed: &[u8], about: &str) -> Option<Vec<u8>> {
        let (&version, rest) = sealed.split_first()?;
        let (nonce, body) = rest.split_first_chunk::<NONCE_BYTES>().filter(|_| version == VERSION)?;
        let mut body = body.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let text = self.key().open_in_place(nonce, Aad::from(about.as_bytes()), &mut body).ok()?;
        Some(text.to_vec())
    }
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Vault(…)")
    }
}

impl Service {
    /// HMAC-SHA256 of a text under a key that is made of the installation's for that purpose alone, as 64 hex digits.
    pub(crate) fn keyed(&self, purpose: &str, text: &str) -> String {
        let key = hmac_hex(&self.settings.vault.0, format!("mingjian:{purpose}").as_bytes());
        hmac_hex(key.as_bytes(), text.as_bytes())
    }

    /// A key of its own for a purpose, such as `crm token`: HMAC-SHA256 of it under the installation's key.
    #[must_use]
    pub fn derived_key(&self, purpose: &str) -> [u8; 32] {
        hmac(&self.settings.vault.0, purpose.as_bytes())
    }

    /// Seals a secret. `about` names what it belongs to, such as `interface:<tenant>`.
    #[must_use]
    pub fn seal(&self, secret: &Secret, about: &str) -> Vec<u8> {
        let mut nonce = [0; NONCE_BYTES];
        self.draw(|random| random.fill(&mut nonce));
        self.settings.vault.seal(secret.expose().as_bytes(), about, nonce)
    }

    /// Opens what [`Service::seal`] sealed about the same.
    ///
    /// # Errors
    /// [`Error::Fault`] when it was sealed under another key, about something else, or was changed.
    pub fn unseal(&self, sealed: &[u8], about: &str) -> Result<Secret> {
        let text = self.settings.vault.open(sealed, about).and_then(|text| String::from_utf8(text).ok());
        text.map(Secret::new).ok_or_else(|| {
            Error::fault("opening a sealed secret", "it does not open with this installation's key (secret_key)")
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_sealed_opens_with_its_key_and_about_its_own() {
        let vault = Vault::new([7; 32]);
        let sealed = vault.seal("芝麻".as_bytes(), "a", [9; 12]);
        assert_eq!(vault.open(&sealed, "a").as_deref(), Some("芝麻".as_bytes()));
        assert_eq!(vault.open(&sealed, "b"), None, "about something else");
        assert_eq!(Vault::new([8; 32]).open(&sealed, "a"), None, "another key");
        for place in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[place] ^= 1;
            assert_eq!(vault.open(&changed, "a"), None, "byte {place} was changed");
        }
        assert_eq!(vault.open(&[], "a"), None);
    }
}
