//! Random bytes from a seed: xoshiro256++ (Blackman and Vigna, 2019), its state filled by SplitMix64 as they advise.

use mingjian_domain::random::Randomness;

/// Always the same sequence for the same seed. Not fit for secrets outside tests.
#[derive(Debug, Clone)]
pub struct Seeded {
    state: [u64; 4],
}

impl Seeded {
    /// The sequence of `seed`.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        let mut x = seed;
        let state = std::array::from_fn(|_| {
            x = x.wrapping_add(0x9e37_79b9_7f4a_7c15);
            let mut z = x;
            z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
            z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
            z ^ (z >> 31)
        });
        Self { state }
    }

    /// The next 64 bits.
    pub fn next_u64(&mut self) -> u64 {
        let [a, b, c, d] = self.state;
        let out = a.wrapping_add(d).rotate_left(23).wrapping_add(a);
        let (c2, d2) = (c ^ a, d ^ b);
        self.state = [a ^ d2, b ^ c2, c2 ^ (b << 17), d2.rotate_left(45)];
        out
    }

    /// A number from 0 to below 1.
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    pub fn share(&mut self) -> f64 {
        (self.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// True with this probability.
    pub fn chance(&mut self, probability: f64) -> bool {
        self.share() < probability
    }

    /// A number below `limit`, which is not 0.
    pub fn below(&mut self, limit: u64) -> u64 {
        // The bias of a remainder is below 2^-32 for every limit that a test uses.
        self.next_u64() % limit
    }
}

impl Randomness for Seeded {
    fn fill(&mut self, bytes: &mut [u8]) {
        for chunk in bytes.chunks_mut(8) {
            let word = self.next_u64().to_le_bytes();
            chunk.copy_from_slice(&word[..chunk.len()]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_is_a_sequence() {
        let (mut one, mut same, mut other) = (Seeded::new(1), Seeded::new(1), Seeded::new(2));
        let take = |seeded: &mut Seeded| -> Vec<u64> { (0..8).map(|_| seeded.next_u64()).collect() };
        let first = take(&mut one);
        assert_eq!(first, take(&mut same));
        assert_ne!(first, take(&mut other));
    }

    #[test]
    fn shares_are_spread_evenly() {
        let mut seeded = Seeded::new(7);
        let hits = (0..10_000).filter(|_| seeded.chance(0.05)).count();
        assert!((400..600).contains(&hits), "{hits} of 10,000 at 5 %");
    }
}
