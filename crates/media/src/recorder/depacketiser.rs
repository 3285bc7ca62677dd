//! RTP packets to access units (RFC 6184, packetisation modes 0 and 1: single NAL units, STAP-A and FU-A).

use std::time::Instant;

use super::reorder::Ordered;

/// A picture of 4 MB is none: more than any level we negotiate allows.
const LARGEST_UNIT: usize = 4 << 20;

/// Parameter sets beside one picture; more of them are an attack.
const MOST_SETS: usize = 32;

/// The NAL units of one picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct AccessUnit {
    /// Unwrapped media time.
    pub(crate) rtp: i64,
    /// When its first packet arrived.
    pub(crate) arrival: Instant,
    /// NAL units with lengths of four bytes in front, without parameter sets, delimiters and filler.
    pub(crate) bytes: Vec<u8>,
    /// Parameter sets that came with it.
    pub(crate) sets: Vec<Vec<u8>>,
}

impl AccessUnit {
    /// The NAL units in `bytes`.
    pub(crate) fn nals(&self) -> impl Iterator<Item = &[u8]> {
        let mut rest = self.bytes.as_slice();
        std::iter::from_fn(move || {
            let (length, after) = rest.split_first_chunk::<4>()?;
            let (nal, after) = after.split_at_checked(usize::try_from(u32::from_be_bytes(*length)).ok()?)?;
            rest = after;
            Some(nal)
        })
    }
}

/// What came of a packet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// An access unit is whole.
    Whole(AccessUnit),
    /// An access unit is lost, in part or all.
    Damaged,
}

#[derive(Debug)]
struct Unit {
    unit: AccessUnit,
    /// Where the length of the NAL unit lies whose fragments are being collected.
    open: Option<usize>,
    damaged: bool,
}

/// Puts NAL units together. Packets must come in order; what is missing must be told.
#[derive(Debug, Default)]
pub(crate) struct Depacketiser {
    current: Option<Unit>,
}

impl Depacketiser {
    /// Packets are missing here. Nothing is known of them, so the picture around them is damaged.
    pub(crate) fn lost(&mut self) -> Outcome {
        if let Some(current) = &mut self.current {
            current.damaged = true;
        }
        Outcome::Damaged
    }

    /// Takes the next packet. The picture before may end with it (when its marker was missing) as well as its own.
    pub(crate) fn push(&mut self, packet: &Ordered<&[u8]>) -> [Option<Outcome>; 2] {
        if packet.payload.is_empty() {
            return [None, None];
        }
        let before = if self.current.as_ref().is_some_and(|current| current.unit.rtp != packet.rtp) {
            self.finish()
        } else {
            None
        };
        let current = self.current.get_or_insert_with(|| Unit {
            unit: AccessUnit { rtp: packet.rtp, arrival: packet.arrival, bytes: Vec::new(), sets: Vec::new() },
            open: None,
            damaged: false,
        });
        if !current.damaged && (current.take(packet.payload).is_none() || current.unit.bytes.len() > LARGEST_UNIT) {
            current.damaged = true;
            current.unit.bytes = Vec::new();
        }
        [before, if packet.marker { self.finish() } else { None }]
    }

    fn finish(&mut self) -> Option<Outcome> {
        let current = self.current.take()?;
        if current.damaged || current.open.is_some() {
            return Some(Outcome::Damaged);
        }
        Some(Outcome::Whole(current.unit))
    }
}

impl Unit {
    /// Takes a payload apart; none when it is malformed or does not continue what was begun.
    fn take(&mut self, payload: &[u8]) -> Option<()> {
        let (&indicator, body) = payload.split_first()?;
        if indicator & 0x80 != 0 {
            return None;
        }
        match indicator & 0x1f {
            1..=23 => self.whole(payload),
            24 => {
                let mut rest = body;
                while let Some((length, after)) = rest.split_first_chunk::<2>() {
                    let (nal, after) = after.split_at_checked(usize::from(u16::from_be_bytes(*length)))?;
                    self.whole(nal)?;
                    rest = after;
                }
                rest.is_empty().then_some(())
            }
            28 => {
                let (&header, fragment) = body.split_first()?;
                let (start, end) = (header & 0x80 != 0, header & 0x40 != 0);
                let bytes = &mut self.unit.bytes;
                if start {
                    if self.open.is_some() {
                        return None;
                    }
                    self.open = Some(bytes.len());
                    bytes.extend([0; 4]);
                    bytes.push(indicator & 0x60 | header & 0x1f);
                }
                let at = self.open?;
                bytes.extend_from_slice(fragment);
                if end {
                    self.open = None;
                    self.close(at)?;
                }
                Some(())
            }
            _ => None,
        }
    }

    /// Ends the NAL unit whose length lies at `at`.
    fn close(&mut self, at: usize) -> Option<()> {
        let bytes = &mut self.unit.bytes;
        let length = u32::try_from(bytes.len() - at - 4).ok()?;
        bytes[at..at + 4].copy_from_slice(&length.to_be_bytes());
        if !matches!(bytes[at + 4] & 0x1f, 1..=6) {
            let nal = bytes.split_off(at);
            self.whole(&nal[4..])?;
        }
        Some(())
    }

    /// Takes a whole NAL unit.
    fn whole(&mut self, nal: &[u8]) -> Option<()> {
        if self.open.is_some() {
            return None;
        }
        match nal.first()? & 0x1f {
            1..=6 => {
                self.unit.bytes.extend(u32::try_from(nal.len()).ok()?.to_be_bytes());
                self.unit.bytes.extend_from_slice(nal);
            }
            7 | 8 if self.unit.sets.len() < MOST_SETS => self.unit.sets.push(nal.to_vec()),
            // Delimiters, filler and the like: the container says where a picture ends.
            _ => {}
        }
        Some(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(rtp: i64, marker: bool, payload: &[u8]) -> Ordered<&[u8]> {
        Ordered { seq: 0, rtp, marker, arrival: Instant::now(), payload }
    }

    fn whole(outcome: Option<Outcome>) -> AccessUnit {
        match outcome {
            Some(Outcome::Whole(unit)) => unit,
            other => panic!("expected a whole unit, got {other:?}"),
        }
    }

    #[test]
    fn aggregated_and_fragmented_units_are_put_together() {
        let mut depacketiser = Depacketiser::default();
        assert_eq!(depacketiser.push(&packet(1, false, &[0x78, 0, 2, 0x67, 1, 0, 2, 0x68, 2])), [None, None]);
        assert_eq!(depacketiser.push(&packet(1, false, &[0x7c, 0x85, 10, 11])), [None, None]);
        assert_eq!(depacketiser.push(&packet(1, false, &[0x7c, 0x05, 12])), [None, None]);
        let [before, own] = depacketiser.push(&packet(1, true, &[0x7c, 0x45, 13]));
        assert_eq!(before, None);
        let unit = whole(own);
        assert_eq!(unit.sets, [vec![0x67, 1], vec![0x68, 2]]);
        assert_eq!(unit.bytes, [0, 0, 0, 5, 0x65, 10, 11, 12, 13]);
        assert_eq!(unit.nals().count(), 1);
    }

    #[test]
    fn a_missing_marker_is_made_good_by_the_next_picture() {
        let mut depacketiser = Depacketiser::default();
        depacketiser.push(&packet(1, false, &[0x41, 1]));
        let [before, own] = depacketiser.push(&packet(2, true, &[0x41, 2]));
        assert_eq!((whole(before).rtp, whole(own).rtp), (1, 2));
    }

    #[test]
    fn a_picture_with_a_missing_packet_is_damaged_to_its_end() {
        let mut depacketiser = Depacketiser::default();
        depacketiser.push(&packet(1, false, &[0x7c, 0x85, 10]));
        assert_eq!(depacketiser.lost(), Outcome::Damaged);
        assert_eq!(depacketiser.push(&packet(1, false, &[0x7c, 0x05, 12])), [None, None]);
        assert_eq!(depacketiser.push(&packet(1, true, &[0x7c, 0x45, 12])), [None, Some(Outcome::Damaged)]);
        assert!(
            matches!(depacketiser.push(&packet(2, true, &[0x41, 2])), [None, Some(Outcome::Whole(_))]),
            "the next one is whole"
        );
    }

    #[test]
    fn what_is_malformed_damages_only_its_picture() {
        for broken in [&[0x78, 0, 9, 1][..], &[0x7c], &[0x7c, 0x05, 1], &[0x1f], &[0xe1, 1], &[0x78, 0]] {
            let mut depacketiser = Depacketiser::default();
            assert_eq!(depacketiser.push(&packet(1, true, broken)), [None, Some(Outcome::Damaged)], "{broken:?}");
            assert!(matches!(depacketiser.push(&packet(2, true, &[0x41, 2])), [None, Some(Outcome::Whole(_))]));
        }
    }
}
