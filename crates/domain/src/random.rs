//! Randomness as an argument: whoever needs random bytes is handed a source of them.

/// A source of random bytes. In the server it is the operating system's generator; in tests a seed or a counter.
pub trait Randomness {
    /// Fills `bytes` from the source.
    fn fill(&mut self, bytes: &mut [u8]);
}

/// Not random at all: 0, 1, 2, … For tests that want to read their ids.
#[derive(Debug, Clone, Default)]
pub struct Counting(u8);

impl Randomness for Counting {
    fn fill(&mut self, bytes: &mut [u8]) {
        for byte in bytes {
            *byte = self.0;
            self.0 = self.0.wrapping_add(1);
        }
    }
}
