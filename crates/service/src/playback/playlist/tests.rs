use mingjian_domain::id::TrackId;
use mingjian_domain::random::Counting;
use mingjian_domain::recording::journal::{Entry, GapReason};
use time::macros::datetime;

use super::*;
use crate::playback::index;

const NOON: OffsetDateTime = datetime!(2026-11-23 12:00:00.250 UTC);

/// Writes a journal as the recorder does: fragments of half a second and 1,000 bytes, a key every two seconds.
struct Recorder {
    journal: Vec<u8>,
    random: Counting,
    participant: ParticipantId,
    track: TrackId,
    offset: u64,
}

impl Recorder {
    fn new() -> Self {
        let mut random = Counting::default();
        let participant = ParticipantId::mint(NOON, &mut random);
        let track = TrackId::mint(NOON, &mut random);
        Self { journal: Vec::new(), random, participant, track, offset: 0 }
    }

    fn write(&mut self, entry: &Entry) {
        serde_json::to_writer(&mut self.journal, entry).expect("an entry is JSON");
        self.journal.push(b'\n');
    }

    fn open(&mut self, from_ms: u64) {
        self.open_with(from_ms, Some((640, 480)));
    }

    fn open_with(&mut self, from_ms: u64, size: Option<(u16, u16)>) {
        self.track = TrackId::mint(NOON, &mut self.random);
        self.offset = 700;
        self.write(&Entry::Open {
            track: self.track,
            participant: self.participant,
            source: Source::Camera,
            file: format!("p-{from_ms:010}.mp4"),
            from_ms,
            init_bytes: 700,
            codecs: if size.is_some() { "avc1.42e01f,opus" } else { "opus" }.into(),
            size,
        });
    }

    fn fragment(&mut self, from_ms: u64, duration_ms: u64, key: bool) {
        let (track, offset) = (self.track, self.offset);
        self.offset += 1_000;
        self.write(&Entry::Fragment { track, offset, bytes: 1_000, from_ms, duration_ms, key, chain: String::new() });
    }

    fn seconds(&mut self, from_ms: u64, seconds: u64) {
        for half in 0..seconds * 2 {
            self.fragment(from_ms + half * 500, 500, half % 4 == 0);
        }
    }

    fn close(&mut self) {
        let (track, bytes) = (self.track, self.offset);
        self.write(&Entry::Close { track, bytes, sha256: None });
    }

    fn playlist(&self, ended: bool) -> String {
        let files = index::read(&self.journal, ended);
        media(&files.iter().collect::<Vec<_>>(), NOON, ended, |name| format!("/d/{name}"))
    }
}

#[test]
fn a_finished_file_is_listed_in_segments_of_two_seconds() {
    let mut recorder = Recorder::new();
    recorder.open(1_200);
    recorder.seconds(1_200, 5);
    recorder.close();
    assert_eq!(
        recorder.playlist(true),
        "#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:4\n#EXT-X-MEDIA-SEQUENCE:0\n#EXT-X-PLAYLIST-TYPE:EVENT\n\
         #EXT-X-MAP:URI=\"/d/p-0000001200.mp4\",BYTERANGE=\"700@0\"\n\
         #EXT-X-PROGRAM-DATE-TIME:2026-11-23T12:00:01.450Z\n#EXTINF:2.000,\n#EXT-X-BYTERANGE:4000@700\n/d/p-0000001200.mp4\n\
         #EXT-X-PROGRAM-DATE-TIME:2026-11-23T12:00:03.450Z\n#EXTINF:2.000,\n#EXT-X-BYTERANGE:4000@4700\n/d/p-0000001200.mp4\n\
         #EXT-X-PROGRAM-DATE-TIME:2026-11-23T12:00:05.450Z\n#EXTINF:1.000,\n#EXT-X-BYTERANGE:2000@8700\n/d/p-0000001200.mp4\n\
         #EXT-X-ENDLIST\n"
    );
}

#[test]
fn a_growing_playlist_only_ever_gets_longer() {
    let mut recorder = Recorder::new();
    let mut earlier = recorder.playlist(false);
    let mut grew = 0;
    recorder.open(0);
    for half in 0..60_u64 {
        // Keys at odd places, and none at all for ten seconds.
        let key = half % 5 == 0 && !(20..40).contains(&half);
        recorder.fragment(half * 500, 500, key);
        let now = recorder.playlist(false);
        assert!(now.starts_with(&earlier), "after {half} fragments");
        grew += usize::from(now.len() > earlier.len());
        earlier = now;
    }
    assert!(grew >= 9, "it grew {grew} times");
    recorder.close();
    let ended = recorder.playlist(true);
    assert!(ended.starts_with(&earlier) && ended.ends_with("#EXT-X-ENDLIST\n"));
    assert!(!earlier.contains("ENDLIST"));
}

#[test]
fn no_segment_is_longer_than_the_target_duration() {
    let mut recorder = Recorder::new();
    recorder.open(0);
    recorder.fragment(0, 480, true);
    for n in 1..100_u64 {
        recorder.fragment(480 + (n - 1) * 470, 470, false);
    }
    let files = index::read(&recorder.journal, true);
    assert!(files[0].segments.len() > 10);
    assert!(files[0].segments.iter().all(|segment| segment.duration_ms <= LONGEST_MS));
    let total: u64 = files[0].segments.iter().map(|segment| segment.duration_ms).sum();
    assert_eq!(total, 480 + 99 * 470);
}

#[test]
fn a_second_file_begins_after_a_discontinuity_with_its_own_map_and_date() {
    let mut recorder = Recorder::new();
    recorder.open(0);
    recorder.seconds(0, 2);
    recorder.close();
    recorder.write(&Entry::Gap {
        participant: recorder.participant,
        source: Source::Camera,
        from_ms: 2_000,
        to_ms: 9_000,
        reason: GapReason::Restart,
    });
    recorder.open(9_000);
    recorder.seconds(9_000, 2);
    recorder.close();
    assert!(recorder.playlist(true).contains(
        "#EXT-X-DISCONTINUITY\n#EXT-X-MAP:URI=\"/d/p-0000009000.mp4\",BYTERANGE=\"700@0\"\n\
         #EXT-X-PROGRAM-DATE-TIME:2026-11-23T12:00:09.250Z\n"
    ));
    assert_eq!(recorder.playlist(true).matches("DISCONTINUITY").count(), 1);
}

#[test]
fn a_hole_in_a_file_is_a_discontinuity_and_not_a_long_segment() {
    let mut recorder = Recorder::new();
    recorder.open(0);
    recorder.seconds(0, 2);
    recorder.seconds(30_000, 2);
    recorder.close();
    let playlist = recorder.playlist(true);
    assert!(
        playlist.contains("#EXT-X-DISCONTINUITY\n#EXT-X-PROGRAM-DATE-TIME:2026-11-23T12:00:30.250Z\n"),
        "{playlist}"
    );
    assert_eq!(playlist.matches("#EXTINF:2.000,").count(), 2);
}

#[test]
fn a_torn_last_line_costs_nothing_but_itself() {
    let mut recorder = Recorder::new();
    recorder.open(0);
    recorder.seconds(0, 4);
    let whole = index::read(&recorder.journal, true);
    recorder.journal.extend_from_slice(br#"{"fact":"fragment","track":"0190"#);
    assert_eq!(index::read(&recorder.journal, true), whole);
    assert_eq!(whole[0].segments.len(), 2);
}

#[test]
fn the_multivariant_playlist_names_each_participant_once() {
    let mut recorder = Recorder::new();
    recorder.open(0);
    recorder.seconds(0, 2);
    recorder.close();
    recorder.open(5_000);
    recorder.seconds(5_000, 2);
    recorder.close();
    let first = recorder.participant;
    recorder.participant = ParticipantId::mint(NOON, &mut recorder.random);
    recorder.open(1_000);
    let files = index::read(&recorder.journal, false);
    let text = multivariant(&files, |participant, stream| format!("/d/{participant}-{}.m3u8", stream.word()));
    assert_eq!(
        text,
        format!(
            "#EXTM3U\n#EXT-X-VERSION:7\n\
             #EXT-X-STREAM-INF:BANDWIDTH=16000,CODECS=\"avc1.42e01f,opus\",RESOLUTION=640x480\n/d/{first}-camera.m3u8\n"
        )
    );
}

#[test]
fn what_was_said_before_the_first_picture_is_a_stream_of_its_own() {
    let mut recorder = Recorder::new();
    recorder.open_with(0, None);
    recorder.seconds(0, 2);
    recorder.close();
    recorder.open(2_000);
    recorder.seconds(2_000, 2);
    recorder.close();
    let files = index::read(&recorder.journal, true);
    assert_eq!(files.iter().map(File::stream).collect::<Vec<_>>(), [Stream::Microphone, Stream::Camera]);
    let text = multivariant(&files, |_, stream| stream.word().to_owned());
    assert!(text.contains("CODECS=\"avc1.42e01f,opus\",RESOLUTION=640x480\ncamera\n"), "{text}");
    assert!(text.ends_with("CODECS=\"opus\"\nmicrophone\n"), "{text}");
}
