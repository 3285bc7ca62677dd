//! What the recorder hands out, and what its parts need to know of the recording to do so.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use mingjian_domain::id::{ParticipantId, RecordingId, RoomId, TrackId};
use mingjian_domain::random::Randomness;
use mingjian_domain::recording::journal::{Entry, GapReason, Source};
use mingjian_domain::room::{RecordingPlan, RoomEvent};

use super::RecorderOutput;
use crate::disk::DiskCommand;
use crate::epoch::Epoch;

/// Name of the journal inside a recording's folder.
pub const JOURNAL: &str = "journal.jsonl";

/// Outputs in order, and the recording they belong to.
pub(crate) struct Outbox {
    pub(crate) recording: RecordingId,
    pub(crate) room: RoomId,
    plan: RecordingPlan,
    epoch: Epoch,
    /// Moves the recording's time forward where the wall clock went back between two lives of the server.
    shift_us: i64,
    random: Box<dyn Randomness + Send>,
    outputs: VecDeque<RecorderOutput>,
    end_us: i64,
}

impl std::fmt::Debug for Outbox {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Outbox")
            .field("recording", &self.recording)
            .field("outputs", &self.outputs.len())
            .finish_non_exhaustive()
    }
}

impl Outbox {
    pub(crate) fn new(plan: &RecordingPlan, room: RoomId, epoch: Epoch, random: Box<dyn Randomness + Send>) -> Self {
        Self {
            recording: plan.recording,
            room,
            plan: plan.clone(),
            epoch,
            shift_us: 0,
            random,
            outputs: VecDeque::new(),
            end_us: 0,
        }
    }

    /// Microseconds from the recording's zero to `at`.
    pub(crate) fn us_at(&self, at: Instant) -> i64 {
        let us = (self.epoch.unix_at(at) - self.plan.started_at).whole_microseconds();
        i64::try_from(us).unwrap_or(0).saturating_add(self.shift_us)
    }

    /// From `now` on the recording's time is at least `us`.
    pub(crate) fn not_before(&mut self, us: i64, now: Instant) {
        self.shift_us += (us - self.us_at(now)).max(0);
    }

    /// The recording reaches at least to `us`.
    pub(crate) fn reach(&mut self, us: i64) {
        self.end_us = self.end_us.max(us);
    }

    /// Where the recording ends so far, in microseconds.
    pub(crate) const fn end_us(&self) -> i64 {
        self.end_us
    }

    /// Wall time of a moment of the recording, since 1970.
    pub(crate) fn wall(&self, us: i64) -> Duration {
        let unix_us = (self.plan.started_at.unix_timestamp_nanos() / 1000) + i128::from(us - self.shift_us);
        Duration::from_micros(u64::try_from(unix_us).unwrap_or(0))
    }

    /// A new track's id.
    pub(crate) fn mint_track(&mut self, us: i64) -> TrackId {
        TrackId::mint(self.plan.started_at + time::Duration::microseconds(us), self.random.as_mut())
    }

    /// Makes folder and journal.
    pub(crate) fn begin(&mut self) {
        let folder = self.plan.folder.clone();
        self.disk(DiskCommand::Begin { recording: self.recording, folder });
    }

    /// Asks the disk for something.
    pub(crate) fn disk(&mut self, command: DiskCommand) {
        self.outputs.push_back(RecorderOutput::Disk(command));
    }

    /// Appends to a file of the recording.
    pub(crate) fn append(&mut self, file: &str, bytes: Vec<u8>) {
        self.disk(DiskCommand::Append { recording: self.recording, file: file.to_owned(), bytes });
    }

    /// Appends a line to the journal.
    pub(crate) fn journal(&mut self, entry: &Entry) {
        let mut line = serde_json::to_vec(entry).expect("an entry holds nothing that JSON lacks");
        line.push(b'\n');
        self.append(JOURNAL, line);
    }

    /// Tells the room's listeners.
    pub(crate) fn event(&mut self, event: RoomEvent) {
        self.outputs.push_back(RecorderOutput::Event(event));
    }

    /// Asks for a key frame.
    pub(crate) fn request_keyframe(&mut self, participant: ParticipantId, source: Source) {
        self.outputs.push_back(RecorderOutput::RequestKeyframe { participant, source });
    }

    /// Writes down and tells a gap; one of less than a millisecond is none.
    pub(crate) fn gap(
        &mut self,
        participant: ParticipantId,
        source: Source,
        from_us: i64,
        to_us: i64,
        reason: GapReason,
    ) {
        let (from_ms, to_ms) = (ms(from_us), ms(to_us));
        if from_ms >= to_ms {
            return;
        }
        self.journal(&Entry::Gap { participant, source, from_ms, to_ms, reason });
        self.event(RoomEvent::Gap { recording: self.recording, participant, source, from_ms, to_ms, reason });
    }

    /// Forgets what was not yet handed out of the disk's work: the recording has failed.
    pub(crate) fn drop_disk(&mut self) {
        self.outputs.retain(|output| !matches!(output, RecorderOutput::Disk(_)));
    }

    pub(crate) fn poll(&mut self) -> Option<RecorderOutput> {
        self.outputs.pop_front()
    }
}

/// Milliseconds of the recording, as the journal counts them.
pub(crate) fn ms(us: i64) -> u64 {
    u64::try_from(us.div_euclid(1000)).unwrap_or(0)
}
