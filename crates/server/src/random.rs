//! The operating system's random generator.

use mingjian_domain::random::Randomness;
use rand::TryRngCore;

/// The operating system's random generator.
#[derive(Debug, Clone, Copy)]
pub struct SystemRandom;

impl Randomness for SystemRandom {
    fn fill(&mut self, bytes: &mut [u8]) {
        rand::rngs::OsRng
            .try_fill_bytes(bytes)
            .expect("without the system's randomness no secret can be made: better to stop");
    }
}
