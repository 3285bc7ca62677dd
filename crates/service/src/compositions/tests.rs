use mingjian_domain::random::Counting;
use mingjian_domain::recording::Closed;
use mingjian_domain::recording::journal::GapReason;

use super::*;

struct Shelf {
    random: Counting,
    recording: RecordingId,
    tracks: Vec<Track>,
    gaps: Vec<Gap>,
    pictured: HashSet<TrackId>,
}

impl Shelf {
    fn new() -> Self {
        let mut random = Counting::default();
        let recording = RecordingId::mint(OffsetDateTime::UNIX_EPOCH, &mut random);
        Self { random, recording, tracks: Vec::new(), gaps: Vec::new(), pictured: HashSet::new() }
    }

    fn participant(&mut self) -> ParticipantId {
        ParticipantId::mint(OffsetDateTime::UNIX_EPOCH, &mut self.random)
    }

    fn track(&mut self, participant: ParticipantId, source: Source, from_ms: u64, to_ms: Option<u64>) -> TrackId {
        let id = TrackId::mint(OffsetDateTime::UNIX_EPOCH, &mut self.random);
        let closed = to_ms.map(|to_ms| Closed { duration_ms: to_ms - from_ms, size_bytes: 1, sha256: [0; 32] });
        let file = format!("{participant}-{from_ms:010}.mp4");
        self.tracks.push(Track { id, recording: self.recording, participant, source, file, from_ms, closed });
        self.pictured.insert(id);
        id
    }

    fn gap(&mut self, participant: ParticipantId, from_ms: u64, to_ms: u64) {
        let (recording, source, reason) = (self.recording, Source::Camera, GapReason::CameraOff);
        self.gaps.push(Gap { recording, participant, source, from_ms, to_ms, reason });
    }

    fn cast(&self) -> Cast<'_> {
        Cast { tracks: &self.tracks, gaps: &self.gaps, pictured: &self.pictured, duration_ms: 10_000 }
    }

    fn seen(&self, participant: ParticipantId) -> Vec<(u64, u64)> {
        let pictures = self.cast().pictures(participant, Source::Camera);
        pictures.iter().map(|stretch| (stretch.from_ms, stretch.to_ms)).collect()
    }

    fn heard(&self, participant: ParticipantId) -> Vec<(u64, u64)> {
        self.cast().sounds(participant).iter().map(|sound| (sound.from_ms, sound.to_ms)).collect()
    }
}

#[test]
fn a_file_reaches_to_its_end_and_never_into_the_next() {
    let mut shelf = Shelf::new();
    let one = shelf.participant();
    shelf.track(one, Source::Camera, 5_000, None);
    shelf.track(one, Source::Camera, 0, Some(5_200));
    shelf.track(one, Source::Camera, 7_000, Some(12_000));
    assert_eq!(shelf.seen(one), [(0, 5_000), (5_000, 7_000), (7_000, 10_000)]);
    assert_eq!(shelf.heard(one), shelf.seen(one));
}

#[test]
fn a_picture_that_only_stands_still_is_none_while_the_voice_goes_on() {
    let mut shelf = Shelf::new();
    let one = shelf.participant();
    shelf.track(one, Source::Camera, 1_000, Some(9_000));
    shelf.gap(one, 2_000, 3_999);
    shelf.gap(one, 4_000, 6_000);
    shelf.gap(one, 8_000, 20_000);
    assert_eq!(shelf.seen(one), [(1_000, 4_000), (6_000, 8_000)], "two seconds are a gap, less is not");
    assert_eq!(shelf.heard(one), [(1_000, 9_000)]);
}

#[test]
fn a_file_of_sound_alone_is_heard_and_not_seen_and_a_screen_is_seen_and_not_heard() {
    let mut shelf = Shelf::new();
    let one = shelf.participant();
    let voice = shelf.track(one, Source::Camera, 0, Some(10_000));
    shelf.pictured.remove(&voice);
    shelf.track(one, Source::Screen, 2_000, Some(3_000));
    assert!(shelf.seen(one).is_empty());
    assert_eq!(shelf.heard(one), [(0, 10_000)]);
    assert_eq!(shelf.cast().pictures(one, Source::Screen).len(), 1);
}

#[test]
fn everybody_who_was_recorded_is_in_it_by_name_and_nobody_else() {
    let mut shelf = Shelf::new();
    let (seat, stranger, absent) = (shelf.participant(), shelf.participant(), shelf.participant());
    shelf.track(seat, Source::Camera, 0, Some(10_000));
    shelf.track(stranger, Source::Camera, 0, Some(10_000));
    let speaker = |participant, name: &str| Speaker {
        recording: shelf.recording,
        participant,
        name: name.to_owned(),
        role: SpeakerRole::Seat,
    };
    let people = shelf.cast().people(&[speaker(absent, "未来"), speaker(seat, "王敏")]);
    let mut names: Vec<_> = people.iter().map(|person| (person.name.as_str(), person.role)).collect();
    names.sort_unstable_by_key(|&(name, _)| std::cmp::Reverse(name));
    assert_eq!(names, [("坐席：王敏", SpeakerRole::Seat), ("", SpeakerRole::Guest)]);
}
