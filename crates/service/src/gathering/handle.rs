//! How the rest of the server reaches the gathering.

use std::collections::HashSet;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Error, Result};
use mingjian_domain::id::{ParticipantId, RecordingId, RoomId, TenantId};
use mingjian_domain::recording::SpeakerRole;
use mingjian_domain::room::RoomEvent;
use time::OffsetDateTime;
use tokio::sync::{broadcast, mpsc, oneshot};

use crate::hall::words::{GuestAsk, Tell};
use crate::pages::ConnectionId;

use super::people::Hello;

/// A room that is to be open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoomSpec {
    /// Its id, the same each time it is open.
    pub room: RoomId,
    /// Whose.
    pub tenant: TenantId,
    /// The number that people dial, if it has one.
    pub number: Option<String>,
    /// What people read.
    pub name: String,
    /// Whether nobody may be shown to anybody before the recorder runs.
    pub must_record: bool,
    /// Whether those in it who direct may have it recorded.
    pub may_record: bool,
    /// Whether it stays open without people.
    pub stays_open: bool,
}

/// What happened in a room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Notice {
    /// The recorder runs.
    RecordingStarted {
        /// Where.
        room: RoomId,
        /// Of what.
        recording: RecordingId,
    },
    /// The disk has refused; what was written is whole.
    RecordingFailed {
        /// Where.
        room: RoomId,
        /// Of what.
        recording: RecordingId,
    },
    /// The last fragment is on disk and the row says so.
    RecordingStopped {
        /// Where.
        room: RoomId,
        /// Of what.
        recording: RecordingId,
        /// How long it is.
        duration_ms: u64,
    },
    /// The room is closed.
    Closed {
        /// Which.
        room: RoomId,
    },
}

/// An open room, as the rest of the server sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// Since when it is open.
    pub opened_at: OffsetDateTime,
    /// Since when nobody new is let in.
    pub locked_at: Option<OffsetDateTime>,
    /// The recording that is wanted.
    pub recording: Option<RecordingId>,
    /// Whether it grows.
    pub is_recorded: bool,
    /// Whether the disk has refused the latest one.
    pub has_failed: bool,
    /// The code of the broadcast that goes on.
    pub live: Option<String>,
    /// Who is in it.
    pub people: Vec<PersonLook>,
}

/// Somebody in an open room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PersonLook {
    /// Who.
    pub participant: ParticipantId,
    /// What the others read.
    pub name: String,
    /// What it is to the room.
    pub role: SpeakerRole,
    /// Since when.
    pub since: OffsetDateTime,
    /// `joining`, `here` or `lost`.
    pub presence: &'static str,
}

pub(super) enum Message {
    Page { connection: ConnectionId, outbox: mpsc::Sender<Tell> },
    Gone { connection: ConnectionId },
    Hello { connection: ConnectionId, re: u64, hello: Hello },
    Ask { connection: ConnectionId, re: u64, ask: GuestAsk },
    Room(RoomEvent),
    Open { spec: RoomSpec, actor: Actor, done: oneshot::Sender<Result<()>> },
    Close { room: RoomId, actor: Actor, done: oneshot::Sender<Result<()>> },
    StartRecording { room: RoomId, recording: RecordingId, actor: Actor, done: oneshot::Sender<Result<RecordingId>> },
    StopRecording { room: RoomId, actor: Actor, done: oneshot::Sender<Result<RecordingId>> },
    GoLive { room: RoomId, title: String, actor: Actor, done: oneshot::Sender<Result<RecordingId>> },
    EndLive { room: RoomId, actor: Actor, done: oneshot::Sender<Result<()>> },
    Look { room: RoomId, done: oneshot::Sender<Option<Look>> },
    Stop(oneshot::Sender<()>),
}

/// What belongs to the gathering, so that what rooms tell finds its way.
#[derive(Debug, Clone, Default)]
pub(super) struct Owned(Arc<Mutex<Ids>>);

#[derive(Debug, Default)]
struct Ids {
    rooms: HashSet<RoomId>,
    recordings: HashSet<RecordingId>,
}

impl Owned {
    fn with<T>(&self, act: impl FnOnce(&mut Ids) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn add_room(&self, room: RoomId) {
        self.with(|ids| ids.rooms.insert(room));
    }

    pub(super) fn remove_room(&self, room: RoomId) {
        self.with(|ids| ids.rooms.remove(&room));
    }

    pub(super) fn add_recording(&self, recording: RecordingId) {
        self.with(|ids| ids.recordings.insert(recording));
    }

    pub(super) fn remove_recording(&self, recording: RecordingId) {
        self.with(|ids| ids.recordings.remove(&recording));
    }
}

/// The gathering's door. Every call waits while its mailbox is full: that is the back-pressure on pages.
#[derive(Clone)]
pub struct GatheringHandle {
    sender: mpsc::Sender<Message>,
    notices: broadcast::Sender<Notice>,
    owned: Owned,
    next: Arc<AtomicU64>,
}

impl GatheringHandle {
    pub(super) fn new(sender: mpsc::Sender<Message>, notices: broadcast::Sender<Notice>, owned: Owned) -> Self {
        Self { sender, notices, owned, next: Arc::default() }
    }

    async fn send(&self, message: Message) {
        // The gathering is gone only while the server stops; then nobody needs the message.
        let _ = self.sender.send(message).await;
    }

    async fn ask<T>(&self, message: impl FnOnce(oneshot::Sender<Result<T>>) -> Message) -> Result<T> {
        let (done, answer) = oneshot::channel();
        self.send(message(done)).await;
        // It ends without an answer only while the server stops.
        answer.await.unwrap_or(Err(Error::Busy { until: None }))
    }

    /// Opens a room, or changes what is said of one that is open.
    ///
    /// # Errors
    /// [`Error::Busy`] when the media threads are overloaded; [`Error::Fault`].
    pub async fn open_room(&self, spec: RoomSpec, actor: Actor) -> Result<()> {
        self.ask(|done| Message::Open { spec, actor, done }).await
    }

    /// Closes a room: everybody is parted, its recording ends.
    ///
    /// # Errors
    /// [`mingjian_domain::error::Conflict::RoomNotOpen`]; [`Error::Fault`].
    pub async fn close_room(&self, room: RoomId, actor: Actor) -> Result<()> {
        self.ask(|done| Message::Close { room, actor, done }).await
    }

    /// Records a room, as this recording; answers when the recorder's files are on disk. A room whose recording is a must has
    /// media from then on.
    ///
    /// # Errors
    /// [`mingjian_domain::error::Conflict::RoomNotOpen`], [`mingjian_domain::error::Conflict::AlreadyRecording`];
    /// [`Error::Full`] when the disk is; [`Error::Busy`]; [`Error::Fault`].
    pub async fn start_recording(&self, room: RoomId, recording: RecordingId, actor: Actor) -> Result<RecordingId> {
        self.ask(|done| Message::StartRecording { room, recording, actor, done }).await
    }

    /// Ends the recording of a room; answers when its last fragment is on disk.
    ///
    /// # Errors
    /// [`mingjian_domain::error::Conflict::RoomNotOpen`], [`mingjian_domain::error::Conflict::NotRecording`];
    /// [`Error::Fault`].
    pub async fn stop_recording(&self, room: RoomId, actor: Actor) -> Result<RecordingId> {
        self.ask(|done| Message::StopRecording { room, actor, done }).await
    }

    /// Shows a room live; answers when what is shown is being written. [`Look::live`] has the code of the link.
    ///
    /// # Errors
    /// [`mingjian_domain::error::Conflict::RoomNotOpen`], [`mingjian_domain::error::Conflict::AlreadyLive`];
    /// [`Error::Full`] when the disk is; [`Error::Busy`]; [`Error::Fault`].
    pub async fn go_live(&self, room: RoomId, title: String, actor: Actor) -> Result<()> {
        self.ask(|done| Message::GoLive { room, title, actor, done }).await.map(|_| ())
    }

    /// Ends what is shown live: the link is void from now on. A room that is not shown live stays as it is.
    ///
    /// # Errors
    /// [`mingjian_domain::error::Conflict::RoomNotOpen`]; [`Error::Fault`].
    pub async fn end_live(&self, room: RoomId, actor: Actor) -> Result<()> {
        self.ask(|done| Message::EndLive { room, actor, done }).await
    }

    /// The room as it is now, if it is open.
    pub async fn look(&self, room: RoomId) -> Option<Look> {
        let (done, answer) = oneshot::channel();
        self.send(Message::Look { room, done }).await;
        answer.await.ok().flatten()
    }

    /// What happens in all rooms from now on. Whoever listens too slowly misses the oldest notices and is told so.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Notice> {
        self.notices.subscribe()
    }

    /// A page has connected; the gathering writes to `outbox` and gives the page up when that is full.
    pub async fn open_page(&self, outbox: mpsc::Sender<Tell>) -> ConnectionId {
        let connection = ConnectionId(self.next.fetch_add(1, Ordering::Relaxed));
        self.send(Message::Page { connection, outbox }).await;
        connection
    }

    /// The page's connection is closed or was silent too long.
    pub async fn gone(&self, connection: ConnectionId) {
        self.send(Message::Gone { connection }).await;
    }

    /// A page shows its ticket.
    pub async fn hello(&self, connection: ConnectionId, re: u64, ticket: String, device: String) {
        self.send(Message::Hello { connection, re, hello: Hello { ticket, device } }).await;
    }

    /// A page asks.
    pub async fn guest(&self, connection: ConnectionId, re: u64, ask: GuestAsk) {
        self.send(Message::Ask { connection, re, ask }).await;
    }

    /// Whether what a room tells is for the gathering; else it is for the hall.
    #[must_use]
    pub fn owns(&self, event: &RoomEvent) -> bool {
        self.owned.with(|ids| match event {
            RoomEvent::Opened { room }
            | RoomEvent::Answer { room, .. }
            | RoomEvent::Offer { room, .. }
            | RoomEvent::Refused { room, .. }
            | RoomEvent::Connected { room, .. }
            | RoomEvent::Disconnected { room, .. }
            | RoomEvent::Publishing { room, .. }
            | RoomEvent::RecordingStarted { room, .. }
            | RoomEvent::RecordingFailed { room, .. }
            | RoomEvent::RecordingStopped { room, .. }
            | RoomEvent::Quality { room, .. }
            | RoomEvent::Limit { room, .. }
            | RoomEvent::Closed { room } => ids.rooms.contains(room),
            RoomEvent::TrackOpened { recording, .. }
            | RoomEvent::TrackClosed { recording, .. }
            | RoomEvent::Gap { recording, .. } => ids.recordings.contains(recording),
        })
    }

    /// A room tells.
    pub async fn room(&self, event: RoomEvent) {
        self.send(Message::Room(event)).await;
    }

    /// Tells every page to come back, and ends the gathering. Rooms stay open in the store.
    pub async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        self.send(Message::Stop(done)).await;
        // An error means that the gathering has ended already.
        let _ = stopped.await;
    }
}
