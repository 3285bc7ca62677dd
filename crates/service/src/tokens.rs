//! Secrets that the server makes and looks up again: random text for the bearer, a hash for the store.
//!
//! Tokens have at least 128 random bits, so a plain SHA-256 of them can be kept: there is nothing to guess.

use hmac::{Hmac, KeyInit, Mac};
use mingjian_domain::secret::Secret;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

use crate::Service;

const BASE62: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// 62^22 is the first power of 62 that holds 128 bits.
const CODE_LENGTH: usize = 22;

/// SHA-256 of a token, as it is kept.
#[must_use]
pub fn sha256(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// HMAC-SHA256 (RFC 2104) of `message`.
#[must_use]
pub fn hmac(key: &[u8], message: &[u8]) -> [u8; 32] {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of any length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// The same as 64 lower-case hex digits.
#[must_use]
pub fn hmac_hex(key: &[u8], message: &[u8]) -> String {
    hex::encode(hmac(key, message))
}

/// Whether two texts are equal, in a time that tells nothing about where they differ.
#[must_use]
pub fn same(left: &str, right: &str) -> bool {
    same_bytes(left.as_bytes(), right.as_bytes())
}

/// The same for bytes.
#[must_use]
pub fn same_bytes(left: &[u8], right: &[u8]) -> bool {
    left.ct_eq(right).into()
}

impl Service {
    /// 256 random bits as 64 hex digits, for cookies and CSRF tokens.
    pub(crate) fn mint_token(&self) -> Secret {
        let mut bytes = [0; 32];
        self.draw(|random| random.fill(&mut bytes));
        Secret::new(hex::encode(bytes))
    }

    /// 128 random bits as 22 letters and digits, short enough for a text message.
    pub(crate) fn mint_code(&self) -> Secret {
        let mut bytes = [0; 16];
        self.draw(|random| random.fill(&mut bytes));
        Secret::new(base62(u128::from_be_bytes(bytes)))
    }
}

fn base62(mut number: u128) -> String {
    let mut digits = [b'0'; CODE_LENGTH];
    for digit in digits.iter_mut().rev() {
        let place = usize::try_from(number % 62).expect("a number below 62 fits");
        *digit = BASE62[place];
        number /= 62;
    }
    digits.into_iter().map(char::from).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_holds_128_bits_in_22_characters() {
        assert_eq!(base62(0), "0".repeat(22));
        assert_eq!(base62(61), format!("{}z", "0".repeat(21)));
        assert_eq!(base62(62), format!("{}10", "0".repeat(20)));
        assert_eq!(base62(u128::MAX), "7n42DGM5Tflk9n8mt7Fhc7");
    }

    #[test]
    fn the_hmac_is_that_of_rfc_4231() {
        // Test case 2 of RFC 4231.
        assert_eq!(
            hmac_hex(b"Jefe", b"what do ya want for nothing?"),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        );
    }

    #[test]
    fn texts_of_different_length_differ() {
        assert!(same("abc", "abc"));
        assert!(!same("abc", "abcd"));
        assert!(!same("abc", "abd"));
    }
}
