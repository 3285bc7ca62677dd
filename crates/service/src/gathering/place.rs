//! An open room as the gathering keeps it.

use std::collections::BTreeMap;

use mingjian_domain::audit::Actor;
use mingjian_domain::error::Result;
use mingjian_domain::gathering::Gathering;
use mingjian_domain::id::{ParticipantId, RecordingId};
use mingjian_domain::recording::SpeakerRole;
use mingjian_domain::room::{JoinId, RecordingPlan};
use mingjian_store::{Broadcast, GatheringRow};
use time::OffsetDateTime;
use tokio::sync::oneshot;

use super::handle::RoomSpec;
use crate::hall::words::Off;
use crate::pages::ConnectionId;

/// An open room.
#[derive(Debug)]
pub(super) struct Place {
    pub(super) row: GatheringRow,
    pub(super) machine: Gathering,
    pub(super) people: BTreeMap<ParticipantId, Attendee>,
    /// Whose media flow not.
    pub(super) off: Off,
    /// Whether the room has media. One that must be recorded has them only on tape.
    pub(super) has_media: bool,
    /// The room is being closed and waits for its media to end.
    pub(super) closing: bool,
    /// What the recording that is wanted is to be made with.
    pub(super) plan: Option<RecordingPlan>,
    /// What is shown live.
    pub(super) live: Option<Broadcast>,
    pub(super) waiters: Vec<Waiter>,
    /// Who wants it open again once it is closed.
    pub(super) reopen: Vec<(RoomSpec, Actor, oneshot::Sender<Result<()>>)>,
}

/// Somebody in it.
#[derive(Debug)]
pub(super) struct Attendee {
    pub(super) name: String,
    pub(super) role: SpeakerRole,
    /// Since when this one is in the room; coming back changes nothing.
    pub(super) since: OffsetDateTime,
    pub(super) connection: Option<ConnectionId>,
    /// The offer whose answer the room still owes.
    pub(super) offer: Option<(JoinId, ConnectionId, u64)>,
}

impl Place {
    pub(super) const fn new(row: GatheringRow, machine: Gathering) -> Self {
        Self {
            row,
            machine,
            people: BTreeMap::new(),
            off: Off::new(),
            has_media: false,
            closing: false,
            plan: None,
            live: None,
            waiters: Vec::new(),
            reopen: Vec::new(),
        }
    }

    pub(super) fn connections(&self) -> impl Iterator<Item = ConnectionId> {
        self.people.values().filter_map(|attendee| attendee.connection)
    }
}

/// Who may direct others: mute, part, lock, end.
pub(super) const fn directs(role: SpeakerRole) -> bool {
    match role {
        SpeakerRole::Host | SpeakerRole::Seat | SpeakerRole::Supervisor => true,
        SpeakerRole::Customer | SpeakerRole::Guest => false,
    }
}

/// Somebody who waits until a tape is so far.
#[derive(Debug)]
pub(super) struct Waiter {
    pub(super) recording: RecordingId,
    pub(super) until: Until,
    pub(super) asker: Asker,
}

/// How far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Until {
    Started,
    Stopped,
}

/// Where the answer goes.
#[derive(Debug)]
pub(super) enum Asker {
    /// To another part of the server.
    Server(oneshot::Sender<Result<RecordingId>>),
    /// To a page.
    Page(ConnectionId, u64),
}

impl From<oneshot::Sender<Result<RecordingId>>> for Asker {
    fn from(done: oneshot::Sender<Result<RecordingId>>) -> Self {
        Self::Server(done)
    }
}

impl Waiter {
    /// Whether it waits for this.
    pub(super) fn waits_for(&self, recording: RecordingId, until: Until) -> bool {
        self.recording == recording && self.until == until
    }
}
