//! The packets of an Ogg stream with one track (RFC 3533).

/// Every packet; the first two of an Opus stream are its headers (RFC 7845).
pub(super) fn packets(ogg: &[u8]) -> Vec<Vec<u8>> {
    let mut packets = Vec::new();
    let mut open = Vec::new();
    let mut rest = ogg;
    while let Some(page) = rest.strip_prefix(b"OggS") {
        let Some((lacing, body)) = page.get(22).and_then(|count| page.get(23..)?.split_at_checked(usize::from(*count)))
        else {
            break;
        };
        let mut at = 0;
        for &length in lacing {
            let end = at + usize::from(length);
            let Some(segment) = body.get(at..end) else { return packets };
            open.extend_from_slice(segment);
            at = end;
            if length < 255 {
                packets.push(std::mem::take(&mut open));
            }
        }
        rest = &body[at..];
    }
    packets
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(lacing: &[u8], body: &[u8]) -> Vec<u8> {
        let count = u8::try_from(lacing.len()).expect("short");
        [b"OggS", &[0; 22][..], &[count], lacing, body].concat()
    }

    #[test]
    fn a_packet_may_span_pages() {
        let stream = [page(&[2, 255], &[&[1, 2][..], &[7; 255]].concat()), page(&[3, 1], &[8, 8, 8, 9])].concat();
        let packets = packets(&stream);
        assert_eq!(packets.iter().map(Vec::len).collect::<Vec<_>>(), [2, 258, 1]);
        assert_eq!(packets[2], [9]);
    }
}
