//! The little of SDP that str0m does not do for us: which lines there are, and whose they are.

use str0m::media::Mid;

/// What a media line carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Audio,
    Video,
    Other,
}

/// One media section (RFC 8866 section 5.14).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Section {
    pub(crate) kind: Kind,
    pub(crate) mid: Mid,
}

/// The media sections of a description in their order. A section without `a=mid` (RFC 5888) is left out: nothing can refer to it.
pub(crate) fn sections(sdp: &str) -> Vec<Section> {
    let mut found = Vec::new();
    let mut kind = None;
    for line in sdp.lines() {
        if let Some(media) = line.strip_prefix("m=") {
            kind = Some(match media.split(' ').next() {
                Some("audio") => Kind::Audio,
                Some("video") => Kind::Video,
                _ => Kind::Other,
            });
        } else if let (Some(mid), Some(kind)) = (line.strip_prefix("a=mid:"), kind) {
            found.push(Section { kind, mid: Mid::from(mid.trim()) });
        }
    }
    found
}

/// The description with the stream id (RFC 8830) of each named line replaced, so that a line that is used again says whose it is now.
pub(crate) fn with_stream_ids(sdp: &str, owners: &[(Mid, String)]) -> String {
    let mut out = String::with_capacity(sdp.len() + owners.len() * 40);
    for section in split_sections(sdp) {
        let mid = section.lines().find_map(|line| line.strip_prefix("a=mid:")).map(|mid| Mid::from(mid.trim()));
        let owner = mid.and_then(|mid| owners.iter().find(|(of, _)| *of == mid));
        for line in section.split_inclusive('\n') {
            match (owner, line.strip_prefix("a=msid:").and_then(|msid| msid.split_once(' '))) {
                (Some((_, stream_id)), Some((_, track))) => {
                    out.push_str("a=msid:");
                    out.push_str(stream_id);
                    out.push(' ');
                    out.push_str(track);
                }
                _ => out.push_str(line),
            }
        }
    }
    out
}

/// The session part and each media section, as they stand.
fn split_sections(sdp: &str) -> Vec<&str> {
    let mut starts = vec![0];
    starts.extend(sdp.match_indices("\nm=").map(|(at, _)| at + 1));
    starts.push(sdp.len());
    starts.windows(2).map(|pair| &sdp[pair[0]..pair[1]]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const OFFER: &str = "v=0\r\na=msid-semantic:WMS a b\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\na=mid:x\r\na=msid:a microphone\r\n\
        m=video 9 UDP/TLS/RTP/SAVPF 108\r\na=msid:b camera\r\na=mid:y\r\nm=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=mid:z\r\n";

    #[test]
    fn sections_are_found_in_their_order() {
        let kinds: Vec<_> = sections(OFFER).into_iter().map(|s| (s.kind, s.mid)).collect();
        assert_eq!(
            kinds,
            [(Kind::Audio, Mid::from("x")), (Kind::Video, Mid::from("y")), (Kind::Other, Mid::from("z"))]
        );
        assert!(sections("no sdp at all").is_empty());
    }

    #[test]
    fn only_the_named_line_changes_its_owner() {
        let changed = with_stream_ids(OFFER, &[(Mid::from("y"), "c".to_owned())]);
        assert_eq!(changed, OFFER.replace("a=msid:b camera", "a=msid:c camera"));
        assert_eq!(with_stream_ids(OFFER, &[]), OFFER);
    }
}
