//! A room without a queue: people come and go as they like, somebody starts and stops its recording, and it may be shown live.
//!
//! One machine a room, without I/O. What happens goes in through the verbs; what must be done comes out of
//! [`Gathering::poll_command`], and [`Gathering::poll_timeout`] says when [`Gathering::handle_timeout`] wants to be called next.
//! The rules:
//!
//! - somebody who is away for 30 s is parted, and may come back as long as the room is open;
//! - a room without people for 30 minutes is closed, or, where it is to stay open, at least not recorded any longer;
//! - there is one tape at a time: the recording that was asked for, or, while the room is shown live without being recorded,
//!   a tape for the viewers alone. A tape is never taken over: each change ends one and begins the next.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use time::{Duration, OffsetDateTime};

use crate::error::Conflict;
pub use crate::floor::Presence;
use crate::id::{ParticipantId, RecordingId};

/// The times of a gathering.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rules {
    /// How long somebody may be away before being parted.
    pub come_back: Duration,
    /// How long a room may be without people.
    pub empty: Duration,
}

impl Default for Rules {
    fn default() -> Self {
        Self { come_back: Duration::seconds(30), empty: Duration::minutes(30) }
    }
}

/// What is being written to disk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Tape {
    /// The recording.
    pub recording: RecordingId,
    /// Whether it is kept. What is not is for those who watch live, and goes away with them.
    pub kept: bool,
    /// How far it is.
    pub step: Step,
}

/// How far a tape is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The disk has been asked.
    Starting,
    /// It grows.
    Running,
    /// Its last fragment is on the way to the disk.
    Stopping,
}

/// What must be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Command {
    /// Begin a tape.
    StartTape {
        /// Its recording.
        recording: RecordingId,
        /// Whether it is kept.
        kept: bool,
    },
    /// End the tape.
    StopTape,
    /// Part somebody who has stayed away.
    Part {
        /// Who.
        participant: ParticipantId,
    },
    /// Nobody is there, and the recording has been ended for that.
    RecordingOver {
        /// Which.
        recording: RecordingId,
    },
    /// Nobody has been there for long: close the room.
    Close,
}

/// One open room.
#[derive(Debug)]
pub struct Gathering {
    rules: Rules,
    /// Whether it stays open without people.
    stays_open: bool,
    people: BTreeMap<ParticipantId, Presence>,
    empty_since: Option<OffsetDateTime>,
    /// The recording that somebody wants.
    wanted: Option<RecordingId>,
    /// Shown live, with the recording that is used when none is wanted.
    live: Option<RecordingId>,
    tape: Option<Tape>,
    failed: bool,
    commands: VecDeque<Command>,
}

impl Gathering {
    /// An open room with nobody in it.
    #[must_use]
    pub const fn new(rules: Rules, stays_open: bool, now: OffsetDateTime) -> Self {
        Self {
            rules,
            stays_open,
            people: BTreeMap::new(),
            empty_since: Some(now),
            wanted: None,
            live: None,
            tape: None,
            failed: false,
            commands: VecDeque::new(),
        }
    }

    /// Says anew whether the room stays open without people.
    pub const fn set_stays_open(&mut self, stays_open: bool) {
        self.stays_open = stays_open;
    }

    /// Somebody's page is there; the media are on their way.
    pub fn enter(&mut self, participant: ParticipantId) {
        self.empty_since = None;
        self.people.insert(participant, Presence::Joining);
    }

    /// Somebody's media flow.
    pub fn here(&mut self, participant: ParticipantId) {
        if let Some(presence) = self.people.get_mut(&participant) {
            *presence = Presence::Here;
        }
    }

    /// Somebody's page or media are gone.
    pub fn lost(&mut self, participant: ParticipantId, now: OffsetDateTime) {
        if let Some(presence) = self.people.get_mut(&participant)
            && !matches!(presence, Presence::Lost { .. })
        {
            *presence = Presence::Lost { since: now };
        }
    }

    /// Somebody leaves for good. Tells whether it was there.
    pub fn leave(&mut self, participant: ParticipantId, now: OffsetDateTime) -> bool {
        let was_there = self.people.remove(&participant).is_some();
        if was_there && self.people.is_empty() {
            self.empty_since = Some(now);
        }
        was_there
    }

    /// Who is in it, and whether they are there.
    pub fn people(&self) -> impl Iterator<Item = (ParticipantId, Presence)> {
        self.people.iter().map(|(&participant, &presence)| (participant, presence))
    }

    /// What is being written.
    #[must_use]
    pub const fn tape(&self) -> Option<Tape> {
        self.tape
    }

    /// The recording that is wanted and not yet ended.
    #[must_use]
    pub const fn recording(&self) -> Option<RecordingId> {
        self.wanted
    }

    /// Whether the recording that was asked for is on disk and grows.
    #[must_use]
    pub fn is_recorded(&self) -> bool {
        self.tape.is_some_and(|tape| tape.kept && tape.step == Step::Running && Some(tape.recording) == self.wanted)
    }

    /// Whether it is shown live.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        self.live.is_some()
    }

    /// Whether the disk has refused the latest tape.
    #[must_use]
    pub const fn has_failed(&self) -> bool {
        self.failed
    }

    /// Somebody wants the room recorded. A room without people is given its time anew.
    ///
    /// # Errors
    /// [`Conflict::AlreadyRecording`].
    pub fn start_recording(&mut self, recording: RecordingId, now: OffsetDateTime) -> Result<(), Conflict> {
        if self.wanted.is_some() {
            return Err(Conflict::AlreadyRecording);
        }
        self.empty_since = self.empty_since.map(|_| now);
        self.wanted = Some(recording);
        self.failed = false;
        self.turn_tape();
        Ok(())
    }

    /// Somebody wants the recording ended. `spare` is the recording that goes on for those who watch live, if anybody may.
    ///
    /// # Errors
    /// [`Conflict::NotRecording`].
    pub fn stop_recording(&mut self, spare: RecordingId) -> Result<RecordingId, Conflict> {
        let recording = self.wanted.take().ok_or(Conflict::NotRecording)?;
        if let Some(live) = &mut self.live {
            *live = spare;
        }
        self.turn_tape();
        Ok(recording)
    }

    /// Somebody wants the room shown live; `spare` is the recording for that while no other is wanted.
    ///
    /// # Errors
    /// [`Conflict::AlreadyLive`].
    pub fn go_live(&mut self, spare: RecordingId) -> Result<(), Conflict> {
        if self.live.is_some() {
            return Err(Conflict::AlreadyLive);
        }
        self.live = Some(spare);
        self.failed = false;
        self.turn_tape();
        Ok(())
    }

    /// Nobody is to watch live any more. Tells whether anybody could.
    pub fn end_live(&mut self) -> bool {
        let was_live = self.live.take().is_some();
        self.turn_tape();
        was_live
    }

    /// The room is being closed: its tape ends with it, and nothing begins after that.
    pub fn close(&mut self) {
        (self.wanted, self.live) = (None, None);
        self.people.clear();
        self.empty_since = None;
        self.commands.clear();
        if let Some(tape) = &mut self.tape {
            tape.step = Step::Stopping;
        }
    }

    /// The tape's files are on disk.
    pub fn tape_started(&mut self, recording: RecordingId) {
        if let Some(tape) = self.tape.as_mut().filter(|tape| tape.recording == recording && tape.step == Step::Starting)
        {
            tape.step = Step::Running;
        }
    }

    /// The disk has refused: neither recorded nor live any more. The tape must still be ended.
    pub fn tape_failed(&mut self, recording: RecordingId) {
        if let Some(tape) = self.tape.as_mut().filter(|tape| tape.recording == recording) {
            tape.step = Step::Stopping;
            (self.wanted, self.live) = (None, None);
            self.failed = true;
            self.commands.push_back(Command::StopTape);
        }
    }

    /// The tape's last fragment is on disk, and the room can begin another.
    pub fn tape_stopped(&mut self, recording: RecordingId) {
        if self.tape.is_some_and(|tape| tape.recording == recording) {
            self.tape = None;
            self.turn_tape();
        }
    }

    /// Brings the tape in line with what is wanted.
    fn turn_tape(&mut self) {
        let wanted = self.wanted.map(|recording| (recording, true)).or(self.live.map(|spare| (spare, false)));
        match (&mut self.tape, wanted) {
            (None, Some((recording, kept))) => {
                self.tape = Some(Tape { recording, kept, step: Step::Starting });
                self.commands.push_back(Command::StartTape { recording, kept });
            }
            (Some(tape), wanted) if tape.step != Step::Stopping => {
                if wanted != Some((tape.recording, tape.kept)) {
                    tape.step = Step::Stopping;
                    self.commands.push_back(Command::StopTape);
                }
            }
            (Some(_) | None, _) => {}
        }
    }

    /// What must be done next.
    pub fn poll_command(&mut self) -> Option<Command> {
        self.commands.pop_front()
    }

    /// When [`Self::handle_timeout`] must be called next.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<OffsetDateTime> {
        let lost = self.people.values().filter_map(|presence| match presence {
            Presence::Lost { since } => Some(*since + self.rules.come_back),
            Presence::Joining | Presence::Here | Presence::Left => None,
        });
        lost.chain(self.empty_until()).min()
    }

    /// Until when it may go on without people.
    fn empty_until(&self) -> Option<OffsetDateTime> {
        let matters = !self.stays_open || self.wanted.is_some();
        self.empty_since.filter(|_| matters).map(|since| since + self.rules.empty)
    }

    /// Lets time pass. `spare` is as for [`Self::stop_recording`].
    pub fn handle_timeout(&mut self, spare: RecordingId, now: OffsetDateTime) {
        let away: Vec<ParticipantId> = self
            .people
            .iter()
            .filter(
                |(_, presence)| matches!(presence, Presence::Lost { since } if *since + self.rules.come_back <= now),
            )
            .map(|(&participant, _)| participant)
            .collect();
        for participant in away {
            self.leave(participant, now);
            self.commands.push_back(Command::Part { participant });
        }
        if self.empty_until().is_some_and(|until| until <= now) {
            if self.stays_open {
                if let Ok(recording) = self.stop_recording(spare) {
                    self.commands.push_back(Command::RecordingOver { recording });
                }
            } else {
                // Once is enough: the driver closes it.
                self.empty_since = None;
                self.commands.push_back(Command::Close);
            }
        }
    }
}
