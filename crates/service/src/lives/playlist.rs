//! Live playlists as text: a window over the latest segments of all tapes, in the order in which they were taken.

use std::fmt::Write as _;

use mingjian_domain::id::{ParticipantId, RecordingId};
use mingjian_store::BroadcastTape;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{Duration, UtcOffset};

use crate::playback::index::{Cut, File, Segment};
use crate::playback::playlist::Stream;

const MOMENT: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");
/// Segments in the window: half a minute, so that a page that was asleep for a while can go on.
const WINDOW: usize = 15;
/// A participant of whom nothing came for so long is not listed any more.
const STALE_MS: i64 = 15_000;

/// A tape with what can be played of it.
pub(super) struct Reel {
    pub(super) tape: BroadcastTape,
    pub(super) files: Vec<File>,
}

/// A segment in its place.
struct Placed<'r> {
    reel: &'r Reel,
    file: &'r File,
    /// Which of the file's.
    place: usize,
    segment: &'r Segment,
    /// Whether something else came before.
    breaks: bool,
}

/// Everything that one participant and stream has for those who watch.
fn placed(reels: &[Reel], participant: ParticipantId, stream: Stream) -> Vec<Placed<'_>> {
    let mut all: Vec<Placed<'_>> = Vec::new();
    for reel in reels {
        let own = reel.files.iter().filter(|file| file.participant == participant && file.stream() == stream);
        for file in own {
            let mut first = true;
            for (place, segment) in file.segments.iter().enumerate() {
                if segment.from_ms < reel.tape.from_ms {
                    continue;
                }
                let breaks = (std::mem::take(&mut first) && !all.is_empty()) || segment.after_hole;
                all.push(Placed { reel, file, place, segment, breaks });
            }
        }
    }
    all
}

fn end_ms(placed: &Placed<'_>) -> i64 {
    let offset_ms = i64::try_from(placed.segment.from_ms + placed.segment.duration_ms).unwrap_or(i64::MAX);
    let end = placed.reel.tape.started_at + Duration::milliseconds(offset_ms);
    i64::try_from(end.unix_timestamp_nanos() / 1_000_000).unwrap_or(i64::MAX)
}

/// Who can be watched now, in the order of coming, and in which streams.
pub(super) fn streams(reels: &[Reel]) -> Vec<(usize, ParticipantId, Stream)> {
    let mut people: Vec<ParticipantId> = Vec::new();
    for file in reels.iter().flat_map(|reel| &reel.files) {
        if !people.contains(&file.participant) {
            people.push(file.participant);
        }
    }
    let mut found: Vec<(usize, ParticipantId, Stream, i64)> = Vec::new();
    for (place, &participant) in people.iter().enumerate() {
        for stream in Stream::ALL {
            if let Some(last) = placed(reels, participant, stream).last() {
                found.push((place + 1, participant, stream, end_ms(last)));
            }
        }
    }
    let newest = found.iter().map(|&(.., end)| end).max().unwrap_or(0);
    found.retain(|&(.., end)| end + STALE_MS >= newest);
    found.into_iter().map(|(nth, participant, stream, _)| (nth, participant, stream)).collect()
}

/// The multivariant playlist: one variant per participant and stream.
pub(super) fn multivariant(reels: &[Reel], address: impl Fn(ParticipantId, Stream) -> String) -> String {
    let mut text = "#EXTM3U\n#EXT-X-VERSION:7\n".to_owned();
    for (_, participant, stream) in streams(reels) {
        let last = placed(reels, participant, stream);
        let Some(Placed { file, .. }) = last.last() else { continue };
        let size = file.size.map(|(width, height)| format!(",RESOLUTION={width}x{height}")).unwrap_or_default();
        write_line(&mut text, format_args!("#EXT-X-STREAM-INF:BANDWIDTH=2000000,CODECS=\"{}\"{size}", file.codecs));
        write_line(&mut text, format_args!("{}", address(participant, stream)));
    }
    text
}

/// The media playlist of one participant and stream. `address` gives the address of a piece: of which recording and file, and which.
pub(super) fn media(
    reels: &[Reel],
    participant: ParticipantId,
    stream: Stream,
    address: impl Fn(RecordingId, &str, &str) -> String,
) -> String {
    let all = placed(reels, participant, stream);
    let from = all.len().saturating_sub(WINDOW);
    let (gone, window) = all.split_at(from);
    let longest = window.iter().map(|placed| placed.segment.duration_ms).max().unwrap_or(0);
    let target = (longest.max(Cut::LIVE.longest_ms) + 500) / 1_000;
    let mut text = "#EXTM3U\n#EXT-X-VERSION:7\n".to_owned();
    write_line(&mut text, format_args!("#EXT-X-TARGETDURATION:{target}"));
    write_line(&mut text, format_args!("#EXT-X-MEDIA-SEQUENCE:{from}"));
    let broken = gone.iter().filter(|placed| placed.breaks).count();
    write_line(&mut text, format_args!("#EXT-X-DISCONTINUITY-SEQUENCE:{broken}"));
    let mut shown: Option<(RecordingId, &str)> = None;
    for Placed { reel, file, place, segment, breaks } in window {
        let recording = reel.tape.recording;
        if *breaks {
            write_line(&mut text, format_args!("#EXT-X-DISCONTINUITY"));
        }
        if shown != Some((recording, file.name.as_str())) {
            shown = Some((recording, file.name.as_str()));
            write_line(&mut text, format_args!("#EXT-X-MAP:URI=\"{}\"", address(recording, &file.name, "init")));
        }
        let from_ms = i64::try_from(segment.from_ms).unwrap_or(i64::MAX);
        let date = (reel.tape.started_at + Duration::milliseconds(from_ms)).to_offset(UtcOffset::UTC).format(MOMENT);
        write_line(
            &mut text,
            format_args!("#EXT-X-PROGRAM-DATE-TIME:{}", date.expect("the format has no part that a date lacks")),
        );
        let (seconds, ms) = (segment.duration_ms / 1_000, segment.duration_ms % 1_000);
        write_line(&mut text, format_args!("#EXTINF:{seconds}.{ms:03},"));
        write_line(&mut text, format_args!("{}", address(recording, &file.name, &place.to_string())));
    }
    text
}

/// Reads `{participant}-{stream}.m3u8` back.
pub(super) fn parse_name(part: &str) -> Option<(ParticipantId, Stream)> {
    let stem = part.strip_suffix(".m3u8")?;
    Stream::ALL.into_iter().find_map(|stream| {
        let participant = stem.strip_suffix(stream.word())?.strip_suffix('-')?.parse().ok()?;
        Some((participant, stream))
    })
}

fn write_line(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line).and_then(|()| text.write_char('\n')).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests {
    use mingjian_domain::id::BroadcastId;
    use mingjian_domain::random::Counting;
    use time::OffsetDateTime;

    use super::*;
    use crate::playback::index::read_cut;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-25 12:00 UTC);

    /// A tape of one camera: `count` seconds, each with a key frame.
    fn reel(random: &mut Counting, participant: ParticipantId, count: u64, from_ms: u64, over: bool) -> Reel {
        let recording = RecordingId::mint(NOON, random);
        let track = mingjian_domain::id::TrackId::mint(NOON, random);
        let open = serde_json::json!({
            "fact": "open", "track": track, "participant": participant, "source": "camera", "file": "a-0.mp4",
            "from_ms": 0, "init_bytes": 100, "codecs": "avc1.42e01f,opus", "size": [640, 480],
        });
        let mut journal = format!("{open}\n");
        for n in 0..count {
            let fragment = serde_json::json!({
                "fact": "fragment", "track": track, "offset": 100 + n * 10, "bytes": 10, "from_ms": n * 1_000,
                "duration_ms": 1_000, "key": true, "chain": "00",
            });
            journal.push_str(&format!("{fragment}\n"));
        }
        let broadcast = BroadcastId::mint(NOON, random);
        let tape =
            BroadcastTape { broadcast, recording, folder: "f".into(), started_at: NOON, from_ms, kept: from_ms > 0 };
        Reel { tape, files: read_cut(journal.as_bytes(), over, Cut::LIVE) }
    }

    fn text(reels: &[Reel], participant: ParticipantId) -> String {
        media(reels, participant, Stream::Camera, |_, file, piece| format!("{file}/{piece}"))
    }

    #[test]
    fn what_was_taken_before_the_broadcast_is_not_listed() {
        let mut random = Counting::default();
        let participant = ParticipantId::mint(NOON, &mut random);
        let reels = [reel(&mut random, participant, 6, 3_000, false)];
        let text = text(&reels, participant);
        assert!(
            !text.contains("a-0.mp4/2\n") && text.contains("a-0.mp4/3\n") && text.contains("a-0.mp4/4\n"),
            "{text}"
        );
        assert!(!text.contains("a-0.mp4/5\n"), "the last second still grows: {text}");
        assert!(text.contains("#EXT-X-PROGRAM-DATE-TIME:2026-11-25T12:00:03.000Z"), "{text}");
        assert!(text.contains("#EXT-X-TARGETDURATION:2\n") && !text.contains("ENDLIST"), "{text}");
    }

    #[test]
    fn the_window_slides_and_says_how_far_it_is() {
        let mut random = Counting::default();
        let participant = ParticipantId::mint(NOON, &mut random);
        let reels = [reel(&mut random, participant, 5, 0, true), reel(&mut random, participant, 20, 0, false)];
        let text = text(&reels, participant);
        // 5 and 19 are whole; 15 are in the window.
        assert!(text.contains("#EXT-X-MEDIA-SEQUENCE:9\n"), "{text}");
        assert!(text.contains("#EXT-X-DISCONTINUITY-SEQUENCE:1\n"), "{text}");
        assert_eq!(text.matches("#EXTINF").count(), 15);
        assert_eq!(text.matches("#EXT-X-MAP").count(), 1);
    }

    #[test]
    fn another_tape_is_a_break_with_a_beginning_of_its_own() {
        let mut random = Counting::default();
        let participant = ParticipantId::mint(NOON, &mut random);
        let reels = [reel(&mut random, participant, 3, 0, true), reel(&mut random, participant, 4, 0, false)];
        let text = text(&reels, participant);
        assert_eq!(
            (text.matches("#EXT-X-DISCONTINUITY\n").count(), text.matches("#EXT-X-MAP").count()),
            (1, 2),
            "{text}"
        );
        assert_eq!(streams(&reels), [(1, participant, Stream::Camera)]);
        let multi = multivariant(&reels, |_, stream| stream.word().to_owned());
        assert!(multi.contains("RESOLUTION=640x480\ncamera\n"), "{multi}");
    }

    #[test]
    fn a_name_reads_back() {
        let participant: ParticipantId = "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a78".parse().expect("an id");
        assert_eq!(parse_name(&format!("{participant}-screen.m3u8")), Some((participant, Stream::Screen)));
        for name in ["index.m3u8", "", "camera.m3u8", "0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a78.m3u8"] {
            assert_eq!(parse_name(name), None, "{name}");
        }
    }
}
