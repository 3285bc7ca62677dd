//! The boxes of a track file (ISO/IEC 14496-12; H.264: 14496-15; Opus: Encapsulation of Opus in ISOBMFF).
//!
//! The muxer of `shiguredo_mp4` knows no decode times but the sum of durations, so its box types are put together here.

use std::num::NonZeroU32;
use std::time::Duration;

use shiguredo_mp4::bitstream::h264::{self, H264SampleEntryConfig, LengthSize};
use shiguredo_mp4::bitstream::opus::{self, ChannelCount, OpusSampleEntryConfig};
use shiguredo_mp4::boxes::{
    Brand, DinfBox, FtypBox, HdlrBox, MdhdBox, MdiaBox, MediaHeader, MfhdBox, MinfBox, MoofBox, MoovBox, MvexBox,
    MvhdBox, SampleEntry, SmhdBox, StblBox, StcoBox, StscBox, StsdBox, StszBox, SttsBox, TfdtBox, TfhdBox, TkhdBox,
    TrafBox, TrakBox, TrexBox, TrunBox, TrunSample, VmhdBox,
};
use shiguredo_mp4::{Either, Encode, FixedPointNumber, LanguageCode, Mp4FileTime, SampleFlags, codec_string};

use super::parameter_sets::Coding;

/// Track number of the pictures.
pub(crate) const PICTURES: u32 = 1;
/// Track number of the sound.
pub(crate) const SOUND: u32 = 2;
/// Units per second of the pictures' times.
pub(crate) const PICTURE_RATE: u32 = 90_000;
/// Units per second of the sound's times.
pub(crate) const SOUND_RATE: u32 = 48_000;

/// The parameter sets cannot be put into a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unusable;

/// The beginning of a track file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Beginning {
    pub(crate) bytes: Vec<u8>,
    /// RFC 6381 codec string.
    pub(crate) codecs: String,
    /// Width and height in pixels.
    pub(crate) size: Option<(u16, u16)>,
}

/// Writes `ftyp` and `moov`. `began` is the wall time of the file's zero, since 1970.
pub(crate) fn beginning(coding: Option<&Coding>, sound: bool, began: Duration) -> Result<Beginning, Unusable> {
    let mut traks = Vec::new();
    let mut codecs = Vec::new();
    let mut size = None;
    if let Some(coding) = coding {
        let pps: Vec<_> = coding.pps.values().cloned().collect();
        let entry = h264::build_avc1_box(
            std::slice::from_ref(&coding.sps),
            &pps,
            &H264SampleEntryConfig { length_size: LengthSize::FourBytes },
        )
        .map_err(|_| Unusable)?;
        let (width, height) = (entry.visual.width, entry.visual.height);
        size = Some((width, height));
        let pixels =
            |value: u16| i16::try_from(value).map(|value| FixedPointNumber::new(value, 0)).map_err(|_| Unusable);
        let mut trak = trak(
            PICTURES,
            PICTURE_RATE,
            HdlrBox::HANDLER_TYPE_VIDE,
            MediaHeader::Vmhd(VmhdBox::default()),
            SampleEntry::Avc1(entry),
            began,
        );
        trak.tkhd_box.width = pixels(width)?;
        trak.tkhd_box.height = pixels(height)?;
        traks.push(trak);
    }
    if sound {
        // Two channels: what RFC 7587 section 7 has every sender offer; single-channel packets are decoded to both. No pre-skip, so that
        // a decoded sample's number is its time; the encoder's look-ahead of 6.5 ms stays part of the capture delay.
        let entry = opus::build_opus_box(&OpusSampleEntryConfig {
            channel_count: ChannelCount::Stereo,
            pre_skip: 0,
            input_sample_rate: SOUND_RATE,
            output_gain: 0,
        });
        let mut trak = trak(
            SOUND,
            SOUND_RATE,
            HdlrBox::HANDLER_TYPE_SOUN,
            MediaHeader::Smhd(SmhdBox::default()),
            SampleEntry::Opus(entry),
            began,
        );
        trak.tkhd_box.volume = TkhdBox::DEFAULT_AUDIO_VOLUME;
        traks.push(trak);
    }
    for trak in &traks {
        for entry in &trak.mdia_box.minf_box.stbl_box.stsd_box.entries {
            // MSE and hls.js know the codec by its lower-case name.
            codecs.push(codec_string::from_sample_entry(entry).map_err(|_| Unusable)?.replace("Opus", "opus"));
        }
    }
    let time = Mp4FileTime::from_unix_time(began);
    let trex = |trak: &TrakBox| TrexBox {
        track_id: trak.tkhd_box.track_id,
        default_sample_description_index: 1,
        default_sample_duration: 0,
        default_sample_size: 0,
        default_sample_flags: SampleFlags::empty(),
    };
    let moov = MoovBox {
        mvhd_box: MvhdBox {
            creation_time: time,
            modification_time: time,
            timescale: rate(1000),
            duration: 0,
            rate: MvhdBox::DEFAULT_RATE,
            volume: MvhdBox::DEFAULT_VOLUME,
            matrix: MvhdBox::DEFAULT_MATRIX,
            next_track_id: SOUND + 1,
        },
        mvex_box: Some(MvexBox {
            mehd_box: None,
            trex_boxes: traks.iter().map(trex).collect(),
            unknown_boxes: Vec::new(),
        }),
        trak_boxes: traks,
        unknown_boxes: Vec::new(),
    };
    let ftyp = FtypBox {
        major_brand: Brand::ISO6,
        minor_version: 0,
        compatible_brands: vec![Brand::ISO5, Brand::ISO6, Brand::MP41],
    };
    let mut bytes = ftyp.encode_to_vec().map_err(|_| Unusable)?;
    bytes.extend(moov.encode_to_vec().map_err(|_| Unusable)?);
    Ok(Beginning { bytes, codecs: codecs.join(","), size })
}

fn rate(units: u32) -> NonZeroU32 {
    NonZeroU32::new(units).expect("the rates are constants above zero")
}

fn trak(
    track_id: u32,
    units: u32,
    handler_type: [u8; 4],
    header: MediaHeader,
    entry: SampleEntry,
    began: Duration,
) -> TrakBox {
    let time = Mp4FileTime::from_unix_time(began);
    TrakBox {
        tkhd_box: TkhdBox {
            flag_track_enabled: true,
            flag_track_in_movie: true,
            flag_track_in_preview: false,
            flag_track_size_is_aspect_ratio: false,
            creation_time: time,
            modification_time: time,
            track_id,
            duration: 0,
            layer: TkhdBox::DEFAULT_LAYER,
            alternate_group: TkhdBox::DEFAULT_ALTERNATE_GROUP,
            volume: TkhdBox::DEFAULT_VIDEO_VOLUME,
            matrix: TkhdBox::DEFAULT_MATRIX,
            width: FixedPointNumber::default(),
            height: FixedPointNumber::default(),
        },
        edts_box: None,
        mdia_box: MdiaBox {
            mdhd_box: MdhdBox {
                creation_time: time,
                modification_time: time,
                timescale: rate(units),
                duration: 0,
                language: LanguageCode::default(),
            },
            hdlr_box: HdlrBox { handler_type, name: vec![0] },
            minf_box: MinfBox {
                media_header: Some(header),
                dinf_box: DinfBox::LOCAL_FILE,
                stbl_box: StblBox {
                    stsd_box: StsdBox { entries: vec![entry] },
                    stts_box: SttsBox { entries: Vec::new() },
                    ctts_box: None,
                    cslg_box: None,
                    stsc_box: StscBox { entries: Vec::new() },
                    stsz_box: StszBox::Variable { entry_sizes: Vec::new() },
                    stco_or_co64_box: Either::A(StcoBox { chunk_offsets: Vec::new() }),
                    stss_box: None,
                    sdtp_box: None,
                    unknown_boxes: Vec::new(),
                },
                unknown_boxes: Vec::new(),
            },
            unknown_boxes: Vec::new(),
        },
        unknown_boxes: Vec::new(),
    }
}

/// One sample of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sample {
    /// In the track's units.
    pub(crate) duration: u32,
    pub(crate) size: u32,
    /// Whether it can be decoded without an earlier one.
    pub(crate) key: bool,
}

/// The samples of one track in one fragment.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Run {
    /// Decode time of the first sample in the track's units.
    pub(crate) at: u64,
    pub(crate) samples: Vec<Sample>,
    pub(crate) bytes: Vec<u8>,
}

impl Run {
    /// Decode time of what follows the last sample.
    pub(crate) fn end(&self) -> u64 {
        self.at + self.samples.iter().map(|sample| u64::from(sample.duration)).sum::<u64>()
    }
}

/// Writes `moof` and `mdat`; runs without samples are left out.
pub(crate) fn fragment(sequence: u32, pictures: &Run, sound: &Run) -> Vec<u8> {
    let traf = |track: u32, run: &Run, offset: usize| TrafBox {
        tfhd_box: TfhdBox {
            track_id: track,
            base_data_offset: None,
            sample_description_index: None,
            default_sample_duration: None,
            default_sample_size: None,
            default_sample_flags: None,
            duration_is_empty: false,
            default_base_is_moof: true,
        },
        tfdt_box: Some(TfdtBox { version: 1, base_media_decode_time: run.at }),
        trun_boxes: vec![TrunBox {
            data_offset: Some(i32::try_from(offset).expect("a fragment is half a second, not 2 GB")),
            first_sample_flags: None,
            samples: run
                .samples
                .iter()
                .map(|sample| TrunSample {
                    duration: Some(sample.duration),
                    size: Some(sample.size),
                    flags: Some(if sample.key {
                        SampleFlags::from_fields(0, 2, 0, 0, 0, false, 0)
                    } else {
                        SampleFlags::from_fields(0, 1, 0, 0, 0, true, 0)
                    }),
                    composition_time_offset: None,
                })
                .collect(),
        }],
        unknown_boxes: Vec::new(),
    };
    let moof = |head: usize| {
        let runs = [(PICTURES, pictures, head), (SOUND, sound, head + pictures.bytes.len())];
        let trafs = runs
            .into_iter()
            .filter(|(_, run, _)| !run.samples.is_empty())
            .map(|(track, run, offset)| traf(track, run, offset));
        MoofBox {
            mfhd_box: MfhdBox { sequence_number: sequence },
            traf_boxes: trafs.collect(),
            unknown_boxes: Vec::new(),
        }
        .encode_to_vec()
        .expect("every field is within its range")
    };
    // The offsets have a fixed width: their values do not change the size that they depend on.
    let head = moof(0).len() + 8;
    let mut bytes = moof(head);
    let payload = pictures.bytes.len() + sound.bytes.len();
    bytes.reserve_exact(8 + payload);
    bytes.extend(u32::try_from(payload + 8).expect("a fragment is half a second, not 4 GB").to_be_bytes());
    bytes.extend(b"mdat");
    bytes.extend_from_slice(&pictures.bytes);
    bytes.extend_from_slice(&sound.bytes);
    bytes
}
