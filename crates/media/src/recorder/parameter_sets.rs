//! H.264 parameter sets: what of them is needed to read a slice header and to write a slice of our own
//! (ITU-T H.264 sections 7.3.2.1 and 7.3.2.2).

use std::collections::BTreeMap;

use super::bits::BitReader;

/// Larger sets are not parameter sets of a camera but an attack on memory.
const LARGEST_SET: usize = 2048;

/// How picture order is told (section 8.2.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum PictureOrder {
    /// Type 0: by a counter of so many bits in each slice.
    Lsb { bits: u32 },
    /// Type 1: by differences, which are absent when always zero.
    Cycle { always_zero: bool },
    /// Type 2: output order is decoding order.
    Decoding,
}

/// A sequence parameter set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sps {
    pub(crate) id: u32,
    pub(crate) frame_num_bits: u32,
    pub(crate) order: PictureOrder,
    pub(crate) reference_frames: u32,
    pub(crate) macroblocks: u32,
    pub(crate) frames_only: bool,
    pub(crate) separate_planes: bool,
}

/// A picture parameter set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pps {
    pub(crate) id: u32,
    pub(crate) sps: u32,
    pub(crate) cabac: bool,
    pub(crate) bottom_field_order: bool,
    pub(crate) slice_groups: bool,
    pub(crate) many_references: bool,
    pub(crate) weighted: bool,
    pub(crate) deblocking_control: bool,
    pub(crate) redundant_pictures: bool,
}

fn skip_scaling_list(bits: &mut BitReader<'_>, size: u32) -> Option<()> {
    let (mut last, mut next) = (8_i32, 8_i32);
    for _ in 0..size {
        if next != 0 {
            next = last.wrapping_add(bits.se()?).rem_euclid(256);
        }
        if next != 0 {
            last = next;
        }
    }
    Some(())
}

impl Sps {
    /// Reads the NAL unit (with its header byte); none when it is not a usable set.
    pub(crate) fn parse(nal: &[u8]) -> Option<Self> {
        let mut bits = BitReader::new(nal.get(1..)?);
        let profile = bits.bits(8)?;
        bits.bits(16)?; // constraint flags and level
        let id = bits.ue().filter(|id| *id < 32)?;
        let mut separate_planes = false;
        if matches!(profile, 44 | 83 | 86 | 100 | 110 | 118 | 122 | 128 | 134 | 135 | 138 | 139 | 244) {
            let chroma = bits.ue().filter(|format| *format < 4)?;
            if chroma == 3 {
                separate_planes = bits.bit()?;
            }
            bits.ue()?;
            bits.ue()?;
            bits.bit()?;
            if bits.bit()? {
                for list in 0..if chroma == 3 { 12 } else { 8 } {
                    if bits.bit()? {
                        skip_scaling_list(&mut bits, if list < 6 { 16 } else { 64 })?;
                    }
                }
            }
        }
        let frame_num_bits = bits.ue().filter(|bits| *bits <= 12)? + 4;
        let order = match bits.ue()? {
            0 => PictureOrder::Lsb { bits: bits.ue().filter(|bits| *bits <= 12)? + 4 },
            1 => {
                let always_zero = bits.bit()?;
                bits.se()?;
                bits.se()?;
                for _ in 0..bits.ue().filter(|count| *count < 256)? {
                    bits.se()?;
                }
                PictureOrder::Cycle { always_zero }
            }
            2 => PictureOrder::Decoding,
            _ => return None,
        };
        let reference_frames = bits.ue().filter(|count| *count <= 16)?;
        bits.bit()?;
        let width = bits.ue().filter(|width| *width < 1024)? + 1;
        let height = bits.ue().filter(|height| *height < 1024)? + 1;
        let frames_only = bits.bit()?;
        let macroblocks = width * height * if frames_only { 1 } else { 2 };
        Some(Self { id, frame_num_bits, order, reference_frames, macroblocks, frames_only, separate_planes })
    }
}

impl Pps {
    /// Reads the NAL unit (with its header byte); none when it is not a usable set.
    pub(crate) fn parse(nal: &[u8]) -> Option<Self> {
        let mut bits = BitReader::new(nal.get(1..)?);
        let id = bits.ue().filter(|id| *id < 256)?;
        let sps = bits.ue().filter(|id| *id < 32)?;
        let cabac = bits.bit()?;
        let bottom_field_order = bits.bit()?;
        let slice_groups = bits.ue()? > 0;
        let mut pps = Self {
            id,
            sps,
            cabac,
            bottom_field_order,
            slice_groups,
            many_references: false,
            weighted: false,
            deblocking_control: false,
            redundant_pictures: false,
        };
        if slice_groups {
            // What follows depends on the map of the groups; nothing of it is needed, since we never write such slices.
            return Some(pps);
        }
        pps.many_references = bits.ue()? > 0;
        bits.ue()?;
        pps.weighted = bits.bit()?;
        bits.bits(2)?;
        bits.se()?;
        bits.se()?;
        bits.se()?;
        pps.deblocking_control = bits.bit()?;
        bits.bit()?;
        pps.redundant_pictures = bits.bit()?;
        Some(pps)
    }
}

/// All sets that a stream has sent, the latest under each id.
#[derive(Debug, Clone, Default)]
pub(crate) struct ParameterSets {
    sps: BTreeMap<u32, (Sps, Vec<u8>)>,
    pps: BTreeMap<u32, (Pps, Vec<u8>)>,
}

impl ParameterSets {
    /// Takes in a NAL unit of type 7 or 8; others and broken ones are left alone.
    pub(crate) fn learn(&mut self, nal: &[u8]) {
        if nal.len() > LARGEST_SET {
            return;
        }
        match nal.first().map(|header| header & 0x1f) {
            Some(7) => {
                if let Some(sps) = Sps::parse(nal) {
                    self.sps.insert(sps.id, (sps, nal.to_vec()));
                }
            }
            Some(8) => {
                if let Some(pps) = Pps::parse(nal) {
                    self.pps.insert(pps.id, (pps, nal.to_vec()));
                }
            }
            Some(_) | None => {}
        }
    }

    /// The two sets that a slice with this picture parameter set uses.
    pub(crate) fn of(&self, pps: u32) -> Option<(Sps, Pps)> {
        let (pps, _) = self.pps.get(&pps)?;
        let (sps, _) = self.sps.get(&pps.sps)?;
        Some((*sps, *pps))
    }

    /// How a stream whose pictures use this picture parameter set is coded.
    pub(crate) fn coding(&self, pps: u32) -> Option<Coding> {
        let (active, _) = self.pps.get(&pps)?;
        let (_, sps) = self.sps.get(&active.sps)?;
        let pps =
            self.pps.values().filter(|(other, _)| other.sps == active.sps).map(|(other, nal)| (other.id, nal.clone()));
        Some(Coding { sps: sps.clone(), pps: pps.collect() })
    }
}

/// The parameter sets that a track file is begun with; all its pictures must use these very sets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Coding {
    /// The sequence parameter set, a whole NAL unit.
    pub(crate) sps: Vec<u8>,
    /// The picture parameter sets that belong to it, whole NAL units by id.
    pub(crate) pps: BTreeMap<u32, Vec<u8>>,
}

impl Coding {
    /// The sets, read.
    pub(crate) fn sets(&self) -> ParameterSets {
        let mut sets = ParameterSets::default();
        sets.learn(&self.sps);
        self.pps.values().for_each(|pps| sets.learn(pps));
        sets
    }

    /// Whether pictures that use `pps` as `now` has it can go on in a file begun with these sets.
    pub(crate) fn covers(&self, now: &Self, pps: u32) -> bool {
        self.sps == now.sps && self.pps.contains_key(&pps) && self.pps.get(&pps) == now.pps.get(&pps)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // Sets that libx264 and OpenH264 wrote: 320x240 baseline; 640x480 constrained baseline from a browser.
    const X264_SPS: &[u8] = &[
        0x67, 0x42, 0xc0, 0x0d, 0xd9, 0x01, 0x41, 0xfb, 0x01, 0x10, 0x00, 0x00, 0x03, 0x00, 0x10, 0x00, 0x00, 0x03,
        0x03, 0x20, 0xf1, 0x42, 0xa4, 0x80,
    ];
    const X264_PPS: &[u8] = &[0x68, 0xcb, 0x83, 0xcb, 0x20];

    #[test]
    fn a_camera_s_sets_are_understood() {
        let sps = Sps::parse(X264_SPS).expect("a valid set");
        assert_eq!((sps.id, sps.macroblocks, sps.frames_only), (0, 20 * 15, true));
        let pps = Pps::parse(X264_PPS).expect("a valid set");
        assert_eq!((pps.id, pps.sps, pps.cabac, pps.deblocking_control, pps.slice_groups), (0, 0, false, true, false));
    }

    #[test]
    fn truncated_sets_are_refused_at_every_length() {
        for length in 0..8 {
            assert_eq!(Sps::parse(&X264_SPS[..length]), None);
        }
        assert_eq!(Pps::parse(&X264_PPS[..2]), None);
    }

    #[test]
    fn a_changed_set_needs_a_new_file_and_an_equal_one_does_not() {
        let mut sets = ParameterSets::default();
        assert_eq!(sets.coding(0), None);
        sets.learn(X264_SPS);
        sets.learn(X264_PPS);
        let first = sets.coding(0).expect("both sets are known");
        sets.learn(X264_PPS);
        assert!(first.covers(&sets.coding(0).expect("still known"), 0));
        let mut wider = X264_SPS.to_vec();
        wider[5] = 0x02;
        sets.learn(&wider);
        assert!(!first.covers(&sets.coding(0).expect("still known"), 0));
    }
}
