//! H.264 slices: reading the head of one, and writing one that repeats the picture before it
//! (ITU-T H.264 sections 7.3.3, 7.3.4 and 8.4.1.1).

use super::bits::{BitReader, BitWriter};
use super::parameter_sets::{ParameterSets, PictureOrder, Pps, Sps};

/// What the head of a slice says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct SliceHead {
    pub(crate) first_macroblock: u32,
    pub(crate) pps: u32,
    pub(crate) frame_num: u32,
    pub(crate) order_lsb: u32,
    pub(crate) reference: bool,
}

impl SliceHead {
    /// Reads the NAL unit of type 1 or 5; none when it is cut short or its parameter sets are unknown.
    pub(crate) fn parse(nal: &[u8], sets: &ParameterSets) -> Option<Self> {
        let header = *nal.first()?;
        let mut bits = BitReader::new(nal.get(1..)?);
        let first_macroblock = bits.ue()?;
        bits.ue().filter(|kind| *kind < 10)?;
        let pps_id = bits.ue()?;
        let (sps, _) = sets.of(pps_id)?;
        if sps.separate_planes {
            bits.bits(2)?;
        }
        let frame_num = bits.bits(sps.frame_num_bits)?;
        if !sps.frames_only && bits.bit()? {
            bits.bit()?;
        }
        if header & 0x1f == 5 {
            bits.ue()?;
        }
        let order_lsb = match sps.order {
            PictureOrder::Lsb { bits: count } => bits.bits(count)?,
            PictureOrder::Cycle { .. } | PictureOrder::Decoding => 0,
        };
        Some(Self { first_macroblock, pps: pps_id, frame_num, order_lsb, reference: header & 0x60 != 0 })
    }
}

/// Pictures that repeat the last one for as long as nothing is received.
///
/// Each is one P slice in which every macroblock is skipped: no residual, motion vector zero, so a copy of the latest
/// reference picture. Each is a reference itself and counts `frame_num` up, which is lawful for any type of
/// picture order; therefore only an IDR picture may follow.
#[derive(Debug, Clone)]
pub(crate) struct StillPictures {
    sps: Sps,
    pps: Pps,
    frame_num: u32,
    order_lsb: u32,
}

impl StillPictures {
    /// After the picture that `last` begins; none where such a slice cannot be written (CABAC, interlaced, slice groups, no references).
    pub(crate) fn after(last: &SliceHead, sets: &ParameterSets) -> Option<Self> {
        let (sps, pps) = sets.of(last.pps)?;
        let lawful =
            sps.frames_only && !sps.separate_planes && sps.reference_frames > 0 && !pps.cabac && !pps.slice_groups;
        // `frame_num` of a picture that is no reference is not counted (section 7.4.3): the next one has it too.
        let frame_num = if last.reference { last.frame_num } else { last.frame_num.wrapping_sub(1) };
        lawful.then_some(Self { sps, pps, frame_num, order_lsb: last.order_lsb })
    }

    /// The next picture, a NAL unit of type 1.
    pub(crate) fn next_picture(&mut self) -> Vec<u8> {
        let wrap = |bits: u32| (1_u32 << bits) - 1;
        self.frame_num = self.frame_num.wrapping_add(1) & wrap(self.sps.frame_num_bits);
        let mut bits = BitWriter::default();
        bits.ue(0); // first_mb_in_slice
        bits.ue(5); // slice_type: all slices of the picture are P
        bits.ue(self.pps.id);
        bits.bits(self.frame_num, self.sps.frame_num_bits);
        match self.sps.order {
            PictureOrder::Lsb { bits: count } => {
                self.order_lsb = self.order_lsb.wrapping_add(2) & wrap(count);
                bits.bits(self.order_lsb, count);
                if self.pps.bottom_field_order {
                    bits.ue(0); // delta_pic_order_cnt_bottom
                }
            }
            PictureOrder::Cycle { always_zero: false } => {
                bits.ue(0);
                if self.pps.bottom_field_order {
                    bits.ue(0);
                }
            }
            PictureOrder::Cycle { always_zero: true } | PictureOrder::Decoding => {}
        }
        if self.pps.redundant_pictures {
            bits.ue(0);
        }
        bits.bit(self.pps.many_references); // num_ref_idx_active_override_flag
        if self.pps.many_references {
            bits.ue(0);
        }
        bits.bit(false); // ref_pic_list_modification_flag_l0
        if self.pps.weighted {
            bits.ue(0);
            bits.ue(0);
            bits.bit(false);
            bits.bit(false);
        }
        bits.bit(false); // adaptive_ref_pic_marking_mode_flag
        bits.ue(0); // slice_qp_delta
        if self.pps.deblocking_control {
            bits.ue(1); // disable_deblocking_filter_idc: a copy must stay a copy
        }
        bits.ue(self.sps.macroblocks); // mb_skip_run
        bits.into_nal(0x61)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Parameter sets with this coding, as small as they can be: 32x32 pixels, 4 bits of frame number.
    fn sets(order: PictureOrder, cabac: bool) -> ParameterSets {
        let mut sps = BitWriter::default();
        sps.bits(0x42_c0_1f, 24);
        sps.ue(0);
        sps.ue(0);
        match order {
            PictureOrder::Lsb { bits } => {
                sps.ue(0);
                sps.ue(bits - 4);
            }
            PictureOrder::Cycle { always_zero } => {
                sps.ue(1);
                sps.bit(always_zero);
                sps.ue(0);
                sps.ue(0);
                sps.ue(0);
            }
            PictureOrder::Decoding => sps.ue(2),
        }
        sps.ue(1);
        sps.bit(false);
        sps.ue(1);
        sps.ue(1);
        sps.bits(0b1_1_0_0, 4);
        let mut pps = BitWriter::default();
        pps.ue(0);
        pps.ue(0);
        pps.bit(cabac);
        pps.bit(false);
        pps.ue(0);
        pps.ue(0);
        pps.ue(0);
        pps.bits(0, 3);
        pps.ue(0);
        pps.ue(0);
        pps.ue(0);
        pps.bits(0b100, 3);
        let mut sets = ParameterSets::default();
        sets.learn(&sps.into_nal(0x67));
        sets.learn(&pps.into_nal(0x68));
        sets
    }

    fn last(frame_num: u32, order_lsb: u32, reference: bool) -> SliceHead {
        SliceHead { first_macroblock: 0, pps: 0, frame_num, order_lsb, reference }
    }

    #[test]
    fn repeated_pictures_count_on_from_the_last_one_and_wrap() {
        for order in [
            PictureOrder::Lsb { bits: 5 },
            PictureOrder::Cycle { always_zero: true },
            PictureOrder::Cycle { always_zero: false },
            PictureOrder::Decoding,
        ] {
            let sets = sets(order, false);
            let mut stills = StillPictures::after(&last(14, 28, true), &sets).expect("lawful");
            let heads: Vec<_> = (0..3)
                .map(|_| SliceHead::parse(&stills.next_picture(), &sets).expect("our own slice can be read"))
                .collect();
            assert_eq!(heads.iter().map(|head| head.frame_num).collect::<Vec<_>>(), [15, 0, 1]);
            let orders: Vec<_> = heads.iter().map(|head| head.order_lsb).collect();
            assert_eq!(orders, if matches!(order, PictureOrder::Lsb { .. }) { [30, 0, 2] } else { [0, 0, 0] });
            assert!(heads.iter().all(|head| head.reference && head.first_macroblock == 0));
        }
    }

    #[test]
    fn a_picture_that_was_no_reference_lends_its_number() {
        let sets = sets(PictureOrder::Decoding, false);
        let mut stills = StillPictures::after(&last(7, 0, false), &sets).expect("lawful");
        assert_eq!(SliceHead::parse(&stills.next_picture(), &sets).map(|head| head.frame_num), Some(7));
    }

    #[test]
    fn where_a_skipped_slice_cannot_be_written_none_is() {
        assert!(StillPictures::after(&last(1, 0, true), &sets(PictureOrder::Decoding, true)).is_none(), "CABAC");
        assert!(StillPictures::after(&last(1, 0, true), &ParameterSets::default()).is_none(), "unknown sets");
    }

    #[test]
    fn a_slice_that_is_cut_short_is_not_read() {
        let sets = sets(PictureOrder::Lsb { bits: 5 }, false);
        let slice = StillPictures::after(&last(1, 2, true), &sets).expect("lawful").next_picture();
        assert!(SliceHead::parse(&slice, &sets).is_some());
        assert_eq!(SliceHead::parse(&slice[..2], &sets), None);
        assert_eq!(SliceHead::parse(&slice, &ParameterSets::default()), None);
    }
}
