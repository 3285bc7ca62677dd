//! The recorder: one more subscriber of the room, which writes what was received.
//!
//! Packets go in with `now`, and out come appends to files, facts for the room, and requests for key frames. Layout, time
//! model and what a crash may cost are told in `docs/recording.md`. From the packet to the file:
//!
//! - `reorder`, `depacketiser`, `pictures`: packets in order, access units, pictures that can be decoded;
//! - `bits`, `parameter_sets`, `slice`: as much of H.264 as that takes;
//! - `opus`, `sound`, `microphone`: packets of sound on an unbroken row;
//! - `clock`: from the sender's media clocks to the recording's time;
//! - `line`, `bridge`: one source of one participant, its files, and what stands in where nothing is received;
//! - `boxes`, `track`: one growing file and its fragments;
//! - `outbox`: what goes out;
//! - `recovery`: how a folder is made whole after a crash.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use mingjian_domain::id::{ParticipantId, RoomId};
use mingjian_domain::random::Randomness;
use mingjian_domain::recording::journal::{GapReason, Source};
use mingjian_domain::room::{RecordingPlan, RoomEvent};

use crate::disk::{DiskCommand, DiskReport};
use crate::epoch::Epoch;
use clock::SenderClock;
use line::{Line, Moment};
use outbox::{Outbox, ms};
use reorder::Ordered;

mod bits;
mod boxes;
mod bridge;
mod clock;
mod depacketiser;
mod line;
mod microphone;
mod opus;
mod outbox;
mod parameter_sets;
mod pictures;
pub mod recovery;
mod reorder;
mod slice;
mod sound;
mod track;

pub use outbox::JOURNAL;

/// How often time alone is looked at: fine enough that it does not count against the second a crash may cost.
const TICK: Duration = Duration::from_millis(40);

/// A stream of RTP packets from one participant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Stream {
    /// Opus from the microphone, 48 kHz clock.
    Microphone,
    /// H.264 from the camera, 90 kHz clock.
    Camera,
    /// H.264 from a shared screen, 90 kHz clock.
    Screen,
}

/// An RTP packet as it was received: repaired packets come late and out of order, duplicates may come.
#[derive(Debug, Clone, Copy)]
pub struct Packet<'a> {
    /// Sequence number, extended so that it never wraps within a connection.
    pub seq: u64,
    /// RTP timestamp, in units of the stream's clock, wrapping.
    pub rtp_time: u32,
    /// The marker bit: the last packet of a picture.
    pub marker: bool,
    /// When the datagram arrived.
    pub arrival: Instant,
    /// The payload (RFC 6184 or RFC 7587). Empty for padding, which must be handed in too: its number would look lost otherwise.
    pub payload: &'a [u8],
}

/// What the recorder wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum RecorderOutput {
    /// A step for the disk.
    Disk(DiskCommand),
    /// A fact for the room's listeners.
    Event(RoomEvent),
    /// The picture cannot go on without a key frame.
    RequestKeyframe {
        /// From whom.
        participant: ParticipantId,
        /// Which picture.
        source: Source,
    },
}

/// How far the recording is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// The disk has not answered yet; what is received is not recorded, and nobody is shown to anybody.
    Beginning,
    /// What is received is recorded.
    Running,
    /// Everything has been handed to the disk.
    Ending,
    /// The disk refused; what was written is whole.
    Failed,
    /// The disk has everything.
    Ended,
}

/// One participant's sources.
#[derive(Debug)]
struct Sender {
    clock: SenderClock,
    camera: Line,
    screen: Line,
    has_camera: bool,
    has_screen: bool,
}

impl Sender {
    fn new(participant: ParticipantId) -> Self {
        Self {
            clock: SenderClock::new(),
            camera: Line::new(participant, Source::Camera),
            screen: Line::new(participant, Source::Screen),
            has_camera: false,
            has_screen: false,
        }
    }

    fn is_idle(&self) -> bool {
        self.camera.is_idle() && self.screen.is_idle()
    }
}

/// A recording in the making.
#[derive(Debug)]
pub struct Recorder {
    outbox: Outbox,
    phase: Phase,
    senders: BTreeMap<ParticipantId, Sender>,
    earlier: BTreeMap<(ParticipantId, bool), u64>,
    /// The reason of the gap between those earlier files and now.
    paused_by: GapReason,
    next_tick: Option<Instant>,
}

impl Recorder {
    /// Begins a recording: asks the disk for its folder. Nothing is recorded before the disk has reported [`DiskReport::Begun`].
    #[must_use]
    pub fn start(
        plan: &RecordingPlan,
        room: RoomId,
        epoch: Epoch,
        random: Box<dyn Randomness + Send>,
        now: Instant,
    ) -> Self {
        let mut outbox = Outbox::new(plan, room, epoch, random);
        outbox.not_before(0, now);
        outbox.begin();
        Self {
            outbox,
            phase: Phase::Beginning,
            senders: BTreeMap::new(),
            earlier: BTreeMap::new(),
            paused_by: plan.paused_by,
            next_tick: None,
        }
    }

    /// A stream begins over a new connection or with a new synchronisation source: numbers and times start anew.
    /// Somebody who comes back goes on in the same file as long as nobody said `leave`.
    pub fn begin_stream(&mut self, participant: ParticipantId, stream: Stream, now: Instant) {
        let running = self.phase == Phase::Running;
        let sender = self.senders.entry(participant).or_insert_with(|| Sender::new(participant));
        sender.clock.begin(stream);
        match stream {
            Stream::Microphone => {}
            Stream::Camera => sender.has_camera = true,
            Stream::Screen => sender.has_screen = true,
        }
        if running {
            self.with(participant, now, |sender, moment| match stream {
                Stream::Microphone => sender.camera.begin_sound(moment),
                Stream::Camera => sender.camera.begin_pictures(moment),
                Stream::Screen => sender.screen.begin_pictures(moment),
            });
        }
    }

    /// A packet was received.
    pub fn packet(&mut self, participant: ParticipantId, stream: Stream, packet: Packet<'_>, now: Instant) {
        let arrival_us = self.outbox.us_at(packet.arrival);
        let sender = self.senders.entry(participant).or_insert_with(|| Sender::new(participant));
        let rtp = sender.clock.observe(stream, packet.rtp_time, arrival_us);
        if self.phase != Phase::Running {
            return;
        }
        let ordered =
            Ordered { seq: packet.seq, rtp, marker: packet.marker, arrival: packet.arrival, payload: packet.payload };
        self.with(participant, now, |sender, moment| match stream {
            Stream::Microphone => sender.camera.sound(&ordered, moment),
            Stream::Camera => sender.camera.picture(&ordered, moment),
            Stream::Screen => sender.screen.picture(&ordered, moment),
        });
        self.next_tick.get_or_insert(now + TICK);
    }

    /// A sender report was received: at `ntp` (32.32 fixed point seconds of the sender's clock, RFC 3550 section 6.4.1) the
    /// stream's media clock stood at `rtp_time`.
    pub fn sender_report(
        &mut self,
        participant: ParticipantId,
        stream: Stream,
        ntp: u64,
        rtp_time: u32,
        _now: Instant,
    ) {
        if let Some(sender) = self.senders.get_mut(&participant) {
            sender.clock.report(stream, ntp, rtp_time);
        }
    }

    /// The participant turned a source on or off: names the reason of the gap that follows, and ends the file of a screen.
    pub fn switched(&mut self, participant: ParticipantId, source: Source, on: bool, now: Instant) {
        if self.phase == Phase::Running {
            self.with(participant, now, |sender, moment| match source {
                Source::Camera => sender.camera.switched(on, moment),
                Source::Screen => sender.screen.switched(on, moment),
            });
        }
    }

    /// The participant's transport is gone and may come back.
    pub fn disconnected(&mut self, participant: ParticipantId, now: Instant) {
        if self.phase == Phase::Running {
            self.with(participant, now, |sender, moment| {
                sender.camera.disconnected(moment);
                sender.screen.disconnected(moment);
            });
        }
    }

    /// The participant has left for good: its files are finished.
    pub fn leave(&mut self, participant: ParticipantId, now: Instant) {
        if self.phase == Phase::Running {
            self.with(participant, now, |sender, moment| {
                sender.camera.close(moment);
                sender.screen.close(moment);
            });
        }
        self.senders.remove(&participant);
    }

    /// Ends the recording: all files are finished; [`RoomEvent::RecordingStopped`] follows when the disk has everything.
    pub fn stop(&mut self, now: Instant) {
        match self.phase {
            Phase::Beginning | Phase::Running => {
                let participants: Vec<_> = self.senders.keys().copied().collect();
                for participant in participants {
                    self.leave(participant, now);
                }
                self.outbox.disk(DiskCommand::End { recording: self.outbox.recording });
                self.phase = Phase::Ending;
            }
            Phase::Ending | Phase::Failed | Phase::Ended => {}
        }
        self.next_tick = None;
    }

    /// The disk answered. Reports of other recordings are left alone.
    pub fn handle_disk(&mut self, report: &DiskReport, now: Instant) {
        if report.recording() != self.outbox.recording {
            return;
        }
        match (report, self.phase) {
            (DiskReport::Begun { earlier, .. }, Phase::Beginning) => {
                for found in earlier {
                    self.outbox.reach(i64::try_from(found.end_ms).unwrap_or(0) * 1000);
                    self.earlier.insert((found.participant, found.source == Source::Screen), found.end_ms);
                }
                // A wall clock that was set back between two lives must not let the second run over the first.
                self.outbox.not_before(self.outbox.end_us(), now);
                self.phase = Phase::Running;
                self.outbox
                    .event(RoomEvent::RecordingStarted { room: self.outbox.room, recording: self.outbox.recording });
                for (participant, sender) in &self.senders {
                    for (has, source) in [(sender.has_camera, Source::Camera), (sender.has_screen, Source::Screen)] {
                        if has {
                            self.outbox.request_keyframe(*participant, source);
                        }
                    }
                }
            }
            (DiskReport::Failed { fault, .. }, Phase::Beginning | Phase::Running | Phase::Ending) => {
                self.phase = Phase::Failed;
                self.senders.clear();
                self.next_tick = None;
                self.outbox.drop_disk();
                let (room, recording) = (self.outbox.room, self.outbox.recording);
                self.outbox.event(RoomEvent::RecordingFailed { room, recording, fault: fault.clone() });
                self.outbox.disk(DiskCommand::End { recording });
            }
            (DiskReport::Ended { .. }, Phase::Ending | Phase::Failed) => {
                self.phase = Phase::Ended;
                let (room, recording) = (self.outbox.room, self.outbox.recording);
                self.outbox.event(RoomEvent::RecordingStopped {
                    room,
                    recording,
                    duration_ms: ms(self.outbox.end_us()),
                });
            }
            (DiskReport::Begun { .. } | DiskReport::Failed { .. } | DiskReport::Ended { .. }, _) => {}
        }
    }

    /// Time has passed.
    pub fn handle_timeout(&mut self, now: Instant) {
        if self.next_tick.is_none_or(|due| now < due) {
            return;
        }
        let participants: Vec<_> =
            self.senders.iter().filter(|(_, sender)| !sender.is_idle()).map(|(participant, _)| *participant).collect();
        for participant in &participants {
            self.with(*participant, now, |sender, moment| {
                sender.camera.tick(moment);
                sender.screen.tick(moment);
            });
        }
        self.next_tick = (!participants.is_empty()).then_some(now + TICK);
    }

    /// When [`Recorder::handle_timeout`] wants to be called; none while nothing is under way.
    #[must_use]
    pub const fn poll_timeout(&self) -> Option<Instant> {
        self.next_tick
    }

    /// What is to be done next; to be asked until there is nothing.
    pub fn poll_output(&mut self) -> Option<RecorderOutput> {
        self.outbox.poll()
    }

    /// Does something with one sender, if it is known.
    fn with(&mut self, participant: ParticipantId, now: Instant, act: impl FnOnce(&mut Lines<'_>, &mut Moment<'_>)) {
        let Some(sender) = self.senders.get_mut(&participant) else { return };
        for (screen, line) in [(false, &mut sender.camera), (true, &mut sender.screen)] {
            if let Some(earlier_ms) = self.earlier.remove(&(participant, screen)) {
                line.resume(earlier_ms, self.paused_by);
            }
        }
        let now_us = self.outbox.us_at(now);
        let mut moment = Moment { clock: &mut sender.clock, outbox: &mut self.outbox, now, now_us };
        act(&mut Lines { camera: &mut sender.camera, screen: &mut sender.screen }, &mut moment);
    }
}

/// A sender's two lines, beside its clock.
struct Lines<'a> {
    camera: &'a mut Line,
    screen: &'a mut Line,
}
