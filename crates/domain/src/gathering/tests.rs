//! The rules of rooms without a queue, with time moved by hand.

use time::macros::datetime;

use super::*;
use crate::random::Counting;

const NOON: OffsetDateTime = datetime!(2026-11-25 12:00 UTC);

struct Stage {
    room: Gathering,
    random: Counting,
    now: OffsetDateTime,
}

impl Stage {
    fn new(stays_open: bool) -> Self {
        Self { room: Gathering::new(Rules::default(), stays_open, NOON), random: Counting::default(), now: NOON }
    }

    fn recording(&mut self) -> RecordingId {
        RecordingId::mint(self.now, &mut self.random)
    }

    fn somebody(&mut self) -> ParticipantId {
        let participant = ParticipantId::mint(self.now, &mut self.random);
        self.room.enter(participant);
        self.room.here(participant);
        participant
    }

    fn pass(&mut self, time: Duration) -> Vec<Command> {
        self.now += time;
        let spare = self.recording();
        self.room.handle_timeout(spare, self.now);
        self.commands()
    }

    fn commands(&mut self) -> Vec<Command> {
        std::iter::from_fn(|| self.room.poll_command()).collect()
    }

    /// A recording that grows.
    fn recorded(&mut self) -> RecordingId {
        let recording = self.recording();
        self.room.start_recording(recording, self.now).expect("nothing is recorded yet");
        assert_eq!(self.commands(), [Command::StartTape { recording, kept: true }]);
        self.room.tape_started(recording);
        recording
    }
}

#[test]
fn a_recording_is_on_when_the_disk_has_agreed_and_off_when_the_last_fragment_is_there() {
    let mut stage = Stage::new(false);
    let recording = stage.recording();
    stage.room.start_recording(recording, stage.now).expect("nothing is recorded yet");
    assert!(!stage.room.is_recorded());
    stage.room.tape_started(recording);
    assert!(stage.room.is_recorded());
    let other = stage.recording();
    assert_eq!(stage.room.start_recording(other, stage.now), Err(Conflict::AlreadyRecording));
    assert_eq!(stage.room.stop_recording(other), Ok(recording));
    assert_eq!(stage.room.stop_recording(other), Err(Conflict::NotRecording));
    assert!(!stage.room.is_recorded());
    assert_eq!(stage.commands(), [Command::StartTape { recording, kept: true }, Command::StopTape]);
    stage.room.tape_stopped(recording);
    assert_eq!(stage.room.tape(), None);
}

#[test]
fn a_recording_that_is_wanted_while_the_last_one_ends_begins_right_after_it() {
    let mut stage = Stage::new(false);
    let first = stage.recorded();
    let second = stage.recording();
    assert_eq!(stage.room.stop_recording(second), Ok(first));
    stage.room.start_recording(second, stage.now).expect("the first is over");
    assert_eq!(stage.commands(), [Command::StopTape]);
    stage.room.tape_stopped(first);
    assert_eq!(stage.commands(), [Command::StartTape { recording: second, kept: true }]);
}

#[test]
fn what_is_shown_live_is_on_tape_and_a_recording_never_takes_it_over() {
    let mut stage = Stage::new(false);
    let spare = stage.recording();
    stage.room.go_live(spare).expect("it is not live yet");
    assert_eq!(stage.room.go_live(spare), Err(Conflict::AlreadyLive));
    assert_eq!(stage.commands(), [Command::StartTape { recording: spare, kept: false }]);
    stage.room.tape_started(spare);
    assert!(!stage.room.is_recorded(), "live alone is no recording");
    let (recording, next) = (stage.recording(), stage.recording());
    stage.room.start_recording(recording, stage.now).expect("nothing is recorded yet");
    assert_eq!(stage.commands(), [Command::StopTape]);
    stage.room.tape_stopped(spare);
    assert_eq!(stage.commands(), [Command::StartTape { recording, kept: true }]);
    stage.room.tape_started(recording);
    assert_eq!(stage.room.stop_recording(next), Ok(recording));
    stage.room.tape_stopped(recording);
    assert_eq!(stage.commands(), [Command::StopTape, Command::StartTape { recording: next, kept: false }]);
    assert!(stage.room.end_live());
    assert!(!stage.room.end_live());
    stage.room.tape_stopped(next);
    assert_eq!((stage.commands(), stage.room.tape()), (vec![Command::StopTape], None));
}

#[test]
fn going_live_and_ending_it_leaves_a_recording_alone() {
    let mut stage = Stage::new(false);
    stage.recorded();
    let spare = stage.recording();
    stage.room.go_live(spare).expect("it is not live yet");
    assert!(stage.room.is_recorded() && stage.room.is_live());
    assert!(stage.room.end_live());
    assert!(stage.room.is_recorded());
    assert_eq!(stage.commands(), []);
}

#[test]
fn a_disk_that_refuses_ends_recording_and_live_and_both_may_be_tried_again() {
    let mut stage = Stage::new(false);
    let recording = stage.recorded();
    let spare = stage.recording();
    stage.room.go_live(spare).expect("it is not live yet");
    stage.room.tape_failed(recording);
    assert!(stage.room.has_failed() && !stage.room.is_live() && !stage.room.is_recorded());
    assert_eq!(stage.commands(), [Command::StopTape]);
    stage.room.tape_stopped(recording);
    let again = stage.recording();
    stage.room.start_recording(again, stage.now).expect("the failed one is over");
    assert!(!stage.room.has_failed());
    assert_eq!(stage.commands(), [Command::StartTape { recording: again, kept: true }]);
}

#[test]
fn somebody_who_stays_away_is_parted_and_somebody_who_comes_back_is_not() {
    let mut stage = Stage::new(false);
    let (one, two) = (stage.somebody(), stage.somebody());
    stage.room.lost(one, stage.now);
    stage.room.lost(two, stage.now);
    assert_eq!(stage.pass(Duration::seconds(29)), []);
    stage.room.enter(two);
    // Being told twice does not begin the time anew.
    stage.room.lost(one, stage.now);
    assert_eq!(stage.pass(Duration::seconds(1)), [Command::Part { participant: one }]);
    assert_eq!(stage.room.people().collect::<Vec<_>>(), [(two, Presence::Joining)]);
}

#[test]
fn a_room_without_people_for_half_an_hour_is_closed() {
    let mut stage = Stage::new(false);
    assert_eq!(stage.pass(Duration::minutes(29)), []);
    let somebody = stage.somebody();
    assert_eq!(stage.pass(Duration::minutes(31)), [], "somebody is there");
    stage.room.leave(somebody, stage.now);
    assert_eq!(stage.pass(Duration::minutes(29)), []);
    assert_eq!(stage.pass(Duration::minutes(1)), [Command::Close]);
    assert_eq!(stage.pass(Duration::minutes(30)), [], "once is enough");
}

#[test]
fn nothing_begins_in_a_room_that_is_being_closed() {
    let mut stage = Stage::new(false);
    let recording = stage.recorded();
    let spare = stage.recording();
    stage.room.go_live(spare).expect("it is not live yet");
    stage.room.close();
    stage.room.tape_stopped(recording);
    assert_eq!((stage.commands(), stage.room.tape()), (vec![], None));
    assert_eq!(stage.room.poll_timeout(), None);
}

#[test]
fn a_room_that_stays_open_is_not_recorded_without_people() {
    let mut stage = Stage::new(true);
    assert_eq!(stage.pass(Duration::hours(9)), []);
    let recording = stage.recorded();
    assert_eq!(stage.pass(Duration::minutes(29)), [], "the time counts from the recording's beginning");
    assert_eq!(stage.pass(Duration::minutes(1)), [Command::StopTape, Command::RecordingOver { recording }]);
    stage.room.tape_stopped(recording);
    assert_eq!(stage.pass(Duration::hours(9)), []);
    assert_eq!(stage.room.poll_timeout(), None);
}
