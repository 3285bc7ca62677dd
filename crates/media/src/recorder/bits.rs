//! Bits of an H.264 NAL unit: Exp-Golomb codes and emulation prevention (ITU-T H.264 sections 7.4.1 and 9.1).

/// Reads the bits of a NAL unit's payload and skips emulation prevention bytes on the way.
#[derive(Debug, Clone)]
pub(crate) struct BitReader<'a> {
    bytes: &'a [u8],
    next: usize,
    current: u8,
    left: u8,
    zeros: u8,
}

impl<'a> BitReader<'a> {
    /// `payload` is the NAL unit without its first byte.
    pub(crate) const fn new(payload: &'a [u8]) -> Self {
        Self { bytes: payload, next: 0, current: 0, left: 0, zeros: 0 }
    }

    /// One bit; none at the end.
    pub(crate) fn bit(&mut self) -> Option<bool> {
        if self.left == 0 {
            let mut byte = *self.bytes.get(self.next)?;
            self.next += 1;
            if self.zeros >= 2 && byte == 3 {
                byte = *self.bytes.get(self.next)?;
                self.next += 1;
                self.zeros = 0;
            }
            self.zeros = if byte == 0 { self.zeros.saturating_add(1) } else { 0 };
            self.current = byte;
            self.left = 8;
        }
        self.left -= 1;
        Some((self.current >> self.left) & 1 == 1)
    }

    /// `u(n)`, at most 32 bits.
    pub(crate) fn bits(&mut self, count: u32) -> Option<u32> {
        let mut value = 0_u32;
        for _ in 0..count {
            value = (value << 1) | u32::from(self.bit()?);
        }
        Some(value)
    }

    /// `ue(v)`; none when the code is longer than 32 bits allow.
    pub(crate) fn ue(&mut self) -> Option<u32> {
        let mut zeros = 0;
        while !self.bit()? {
            zeros += 1;
            if zeros > 31 {
                return None;
            }
        }
        Some(((1_u32 << zeros) - 1) + self.bits(zeros)?)
    }

    /// `se(v)`.
    pub(crate) fn se(&mut self) -> Option<i32> {
        let code = i64::from(self.ue()?);
        let size = (code + 1) / 2;
        i32::try_from(if code % 2 == 0 { -size } else { size }).ok()
    }
}

/// Writes bits and turns them into a NAL unit.
#[derive(Debug, Clone, Default)]
pub(crate) struct BitWriter {
    bytes: Vec<u8>,
    used: u8,
}

impl BitWriter {
    /// One bit.
    pub(crate) fn bit(&mut self, bit: bool) {
        if self.used == 0 {
            self.bytes.push(0);
        }
        if bit && let Some(last) = self.bytes.last_mut() {
            *last |= 0x80 >> self.used;
        }
        self.used = (self.used + 1) % 8;
    }

    /// `u(n)`, at most 32 bits.
    pub(crate) fn bits(&mut self, value: u32, count: u32) {
        for at in (0..count).rev() {
            self.bit((value >> at) & 1 == 1);
        }
    }

    /// `ue(v)`.
    pub(crate) fn ue(&mut self, value: u32) {
        let code = u64::from(value) + 1;
        let length = 64 - code.leading_zeros();
        for _ in 1..length {
            self.bit(false);
        }
        for at in (0..length).rev() {
            self.bit((code >> at) & 1 == 1);
        }
    }

    /// The NAL unit with `header` as its first byte, the stop bit, and emulation prevention.
    pub(crate) fn into_nal(mut self, header: u8) -> Vec<u8> {
        self.bit(true);
        let mut nal = Vec::with_capacity(self.bytes.len() + 2);
        nal.push(header);
        let mut zeros = 0;
        for byte in self.bytes {
            if zeros == 2 && byte <= 3 {
                nal.push(3);
                zeros = 0;
            }
            zeros = if byte == 0 { zeros + 1 } else { 0 };
            nal.push(byte);
        }
        nal
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_reads_back_through_emulation_prevention() {
        let values = [0, 1, 2, 7, 299, 65_535, 1_000_000];
        let mut writer = BitWriter::default();
        for _ in 0..5 {
            writer.bits(0, 32);
        }
        for value in values {
            writer.ue(value);
        }
        let nal = writer.into_nal(0x41);
        assert!(nal.windows(3).any(|three| three == [0, 0, 3]), "zeros are broken up");
        assert!(!nal.windows(3).any(|three| three[..2] == [0, 0] && three[2] < 3));
        let mut reader = BitReader::new(&nal[1..]);
        for _ in 0..5 {
            assert_eq!(reader.bits(32), Some(0));
        }
        for value in values {
            assert_eq!(reader.ue(), Some(value));
        }
    }

    #[test]
    fn signed_codes_alternate_and_the_end_is_noticed() {
        // 1, 010, 011, 00100, 00101: ue 0 1 2 3 4, se 0 1 -1 2 -2 (table 9-3).
        let bytes = [0b1010_0110, 0b0100_0010, 0b1000_0000];
        let mut reader = BitReader::new(&bytes);
        assert_eq!(
            [reader.se(), reader.se(), reader.se(), reader.se(), reader.se()],
            [Some(0), Some(1), Some(-1), Some(2), Some(-2)]
        );
        assert_eq!(reader.ue(), None);
    }
}
