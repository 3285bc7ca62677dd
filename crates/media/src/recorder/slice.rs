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
        let lawful = sps.frames_only && !sps.separate_planes && sps.reference_frames > 0 && !pps.cabac && !pps.slice_groups;
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
