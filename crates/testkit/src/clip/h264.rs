//! From an Annex B byte stream to RTP payloads: single NAL units, one aggregate for the parameter sets, fragments for the rest
//! (RFC 6184 sections 5.6 to 5.8), as browsers send them.

use std::sync::Arc;

use super::Picture;

/// Largest payload, so that a packet fits every path that WebRTC meets.
pub(super) const MAX_PAYLOAD: usize = 1_100;

const IDR: u8 = 5;
const SEI: u8 = 6;
const SPS: u8 = 7;
const PPS: u8 = 8;
const DELIMITER: u8 = 9;
const STAP_A: u8 = 24;
const FU_A: u8 = 28;

/// The pictures of a stream with access unit delimiters.
pub(super) fn pictures(annex_b: &[u8]) -> Vec<Picture> {
    let mut pictures = Vec::new();
    let mut units: Vec<&[u8]> = Vec::new();
    for unit in nal_units(annex_b) {
        match unit[0] & 0x1f {
            DELIMITER => {
                if !units.is_empty() {
                    pictures.push(picture(&units));
                    units.clear();
                }
            }
            SEI => {}
            _ => units.push(unit),
        }
    }
    if !units.is_empty() {
        pictures.push(picture(&units));
    }
    pictures
}

/// The NAL units between start codes (ITU-T H.264 annex B).
fn nal_units(annex_b: &[u8]) -> Vec<&[u8]> {
    let starts: Vec<usize> =
        annex_b.windows(3).enumerate().filter(|(_, code)| *code == [0, 0, 1]).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([annex_b.len()]);
    starts
        .iter()
        .zip(ends)
        .map(|(start, end)| {
            let unit = &annex_b[start + 3..end];
            let zeros = unit.iter().rev().take_while(|byte| **byte == 0).count();
            &unit[..unit.len() - zeros]
        })
        .filter(|unit| !unit.is_empty())
        .collect()
}

fn picture(units: &[&[u8]]) -> Picture {
    let (sets, slices): (Vec<&[u8]>, Vec<&[u8]>) = units.iter().partition(|unit| matches!(unit[0] & 0x1f, SPS | PPS));
    let mut payloads: Vec<Arc<[u8]>> = Vec::new();
    if !sets.is_empty() {
        let mut aggregate = vec![0x60 | STAP_A];
        for set in sets {
            aggregate.extend(u16::try_from(set.len()).expect("a parameter set is a few bytes").to_be_bytes());
            aggregate.extend(set);
        }
        payloads.push(aggregate.into());
    }
    let key = slices.iter().any(|slice| slice[0] & 0x1f == IDR);
    for slice in slices {
        fragment(slice, &mut payloads);
    }
    Picture { key, payloads }
}

fn fragment(unit: &[u8], payloads: &mut Vec<Arc<[u8]>>) {
    if unit.len() <= MAX_PAYLOAD {
        payloads.push(unit.into());
        return;
    }
    let (indicator, kind) = ((unit[0] & 0xe0) | FU_A, unit[0] & 0x1f);
    let chunks = unit[1..].chunks(MAX_PAYLOAD - 2);
    let last = chunks.len() - 1;
    for (at, chunk) in chunks.enumerate() {
        let start = u8::from(at == 0) << 7;
        let end = u8::from(at == last) << 6;
        let mut payload = vec![indicator, start | end | kind];
        payload.extend(chunk);
        payloads.push(payload.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_slice_goes_out_in_fragments_that_put_it_together_again() {
        let slice: Vec<u8> =
            [0x65].into_iter().chain((0..3_000_u32).map(|n| u8::try_from(n % 251).expect("small"))).collect();
        let stream: Vec<u8> = [
            &[0, 0, 0, 1, 9, 16][..],
            &[0, 0, 0, 1, 0x67, 1, 2],
            &[0, 0, 1, 0x68, 3],
            &[0, 0, 1],
            &slice,
            &[0, 0, 0, 1, 9, 48, 0, 0, 1, 0x41, 7],
        ]
        .concat();
        let pictures = pictures(&stream);
        assert_eq!(pictures.len(), 2);
        assert!(pictures[0].key && !pictures[1].key);
        assert_eq!(*pictures[0].payloads[0], [0x78, 0, 3, 0x67, 1, 2, 0, 2, 0x68, 3]);
        let fragments = &pictures[0].payloads[1..];
        let together: Vec<u8> =
            [0x65].into_iter().chain(fragments.iter().flat_map(|payload| payload[2..].to_vec())).collect();
        assert_eq!(together, slice);
        let edges: Vec<u8> = fragments.iter().map(|payload| payload[1] >> 6).collect();
        assert_eq!(edges, [2, 0, 1], "start, middle, end");
        assert_eq!(*pictures[1].payloads[0], [0x41, 7]);
    }
}
