//! Opus packets: how long they play, and silence (RFC 6716 section 3).

/// Opus silence of 20 ms: CELT, full band, mono, one frame whose first symbol says "silence".
pub(crate) const SILENCE: [u8; 3] = [0xf8, 0xff, 0xfe];

/// Length of [`SILENCE`] in samples of 48 kHz.
pub(crate) const SILENCE_SAMPLES: u32 = 960;

/// How long a packet plays in samples of 48 kHz; none when it is not an Opus packet (RFC 6716 sections 3.1, 3.2 and 3.4).
pub(crate) fn samples(packet: &[u8]) -> Option<u32> {
    let toc = *packet.first()?;
    let config = toc >> 3;
    let frame = match config {
        0..=11 => [480, 960, 1920, 2880][usize::from(config & 3)],
        12..=15 => [480, 960][usize::from(config & 1)],
        _ => [120, 240, 480, 960][usize::from(config & 3)],
    };
    let body = packet.len() - 1;
    let frames = match toc & 3 {
        0 => 1,
        1 if body.is_multiple_of(2) => 2,
        2 if two_frames_fit(&packet[1..]) => 2,
        3 => u32::from(*packet.get(1)? & 0x3f),
        _ => return None,
    };
    // R1, R2 and R5: no frame is longer than 1275 bytes, no packet longer than 120 ms or empty.
    let longest = usize::try_from(frames).unwrap_or(0) * 1275 + 512;
    let total = frame * frames;
    (frames > 0 && total <= 5760 && body <= longest).then_some(total)
}

/// Code 2: the first frame's length is coded in one or two bytes and must lie within the packet.
fn two_frames_fit(body: &[u8]) -> bool {
    let (length, coded) = match body {
        [first @ 0..=251, ..] => (usize::from(*first), 1),
        [first, second, ..] => (usize::from(*second) * 4 + usize::from(*first), 2),
        _ => return false,
    };
    length + coded <= body.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_byte_tells_how_long_a_packet_plays() {
        assert_eq!(samples(&SILENCE), Some(SILENCE_SAMPLES));
        assert_eq!(samples(&[0x78, 1, 2]), Some(960), "hybrid full band 20 ms");
        assert_eq!(samples(&[0x18, 1]), Some(2880), "SILK 60 ms");
        assert_eq!(samples(&[0xe0, 1]), Some(120), "CELT 2.5 ms");
        assert_eq!(samples(&[0xf9, 1, 2]), Some(1920), "two equal frames");
        assert_eq!(samples(&[0xfb, 3, 9, 9, 9]), Some(2880), "three frames");
    }

    #[test]
    fn what_no_decoder_would_take_is_refused() {
        assert_eq!(samples(&[]), None);
        assert_eq!(samples(&[0xf9, 1, 2, 3]), None, "two frames of unequal length");
        assert_eq!(samples(&[0xfa, 250, 0]), None, "the first frame runs over the end");
        assert_eq!(samples(&[0xfb]), None, "the count is missing");
        assert_eq!(samples(&[0xfb, 0]), None, "no frame at all");
        assert_eq!(samples(&[0xfb, 63, 0]), None, "longer than 120 ms");
    }
}
