//! Rooms without a queue: meetings, and the counter's double recording.
//!
//! The gathering is one task, like the hall beside it: messages come in through its [`GatheringHandle`], each is checked against
//! the room's machine ([`mingjian_domain::gathering`]), written to the store, then told to the media and to the pages.
//! Whoever needs a room
//!
//! - opens it: [`GatheringHandle::open_room`];
//! - lets people in: [`admit`] gives a ticket, with which a page says `hello` as a guest on the WebSocket;
//! - shows it live: [`GatheringHandle::go_live`] and [`GatheringHandle::end_live`]; what is shown is in [`crate::lives`];
//! - records it: [`GatheringHandle::start_recording`] answers when the recorder runs, [`GatheringHandle::stop_recording`] when
//!   the last fragment is on disk; [`GatheringHandle::subscribe`] tells of both and of a disk that refused.
//!
//! A room whose recording is a must has media only while it is recorded: its pages connect when `open` says so.
//! After a restart the open rooms are open again, and the recordings that were wanted go on as the same ones.

mod admissions;
mod handle;
mod live;
mod people;
mod place;
mod restart;
mod rooms;
mod snapshot;
mod tape;

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use mingjian_domain::audit::{Actor, AuditLine};
use mingjian_domain::error::{Conflict, Error};
use mingjian_domain::gathering::Rules;
use mingjian_domain::id::{ParticipantId, RecordingId, RoomId, TenantId};
use mingjian_domain::room::{JoinId, RoomCommand};
use time::{Duration, OffsetDateTime};
use tokio::sync::{broadcast, mpsc};

pub use admissions::{Admission, Admitted, admit};
pub use handle::{GatheringHandle, Look, Notice, PersonLook, RoomSpec};

use crate::Service;
use crate::audit::{Act, Subject};
use crate::hall::HallSettings;
use crate::hall::words::CloseCode;
use crate::netdisk_events::{self, Event};
use crate::pages::Pages;
use crate::ports::Media;
use handle::{Message, Owned};
use place::Place;

/// Who is behind a connection: a participant of a room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Who {
    room: RoomId,
    participant: ParticipantId,
}

/// The messages that wait for the gathering.
pub struct Backlog(mpsc::Receiver<Message>);

/// The task that owns the rooms without a queue.
pub struct Gatherings {
    service: Arc<Service>,
    media: Arc<dyn Media>,
    settings: HallSettings,
    rules: Rules,
    pages: Pages<Who>,
    places: HashMap<RoomId, Place>,
    stale: BTreeSet<RoomId>,
    /// Tapes for those who watch live: no recordings.
    unkept: BTreeSet<RecordingId>,
    last_join: JoinId,
    /// Who came and went, not yet told to whoever wants to know.
    news: Vec<(TenantId, Event)>,
    owned: Owned,
    notices: broadcast::Sender<Notice>,
}

impl Gatherings {
    /// Messages that may wait before a sender has to.
    const MAILBOX: usize = 4096;
    /// Notices that may wait for a slow listener before it misses the oldest.
    const NOTICES: usize = 1024;

    /// A gathering over these parts with the rooms open that were, its handle, and the backlog to run it with.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store cannot be read.
    pub async fn open(
        service: Arc<Service>,
        media: Arc<dyn Media>,
        settings: HallSettings,
    ) -> Result<(Self, GatheringHandle, Backlog), Error> {
        let (sender, receiver) = mpsc::channel(Self::MAILBOX);
        let (notices, _) = broadcast::channel(Self::NOTICES);
        let owned = Owned::default();
        let now = service.now();
        let mut gatherings = Self {
            service,
            media,
            settings,
            rules: Rules::default(),
            pages: Pages::default(),
            places: HashMap::new(),
            stale: BTreeSet::new(),
            unkept: BTreeSet::new(),
            last_join: JoinId(0),
            news: Vec::new(),
            owned: owned.clone(),
            notices: notices.clone(),
        };
        gatherings.restart(now).await?;
        Ok((gatherings, GatheringHandle::new(sender, notices, owned), Backlog(receiver)))
    }

    /// Handles messages until every handle is gone or a stop is asked for.
    pub async fn run(mut self, mut backlog: Backlog) {
        loop {
            let now = self.service.now();
            let wait = self.next_timeout().map(|at| (at - now).max(Duration::ZERO).unsigned_abs());
            tokio::select! {
                message = backlog.0.recv() => match message {
                    Some(Message::Stop(done)) => {
                        self.pages.close_all(CloseCode::Restart);
                        // Nobody waits for the answer when the process is being torn down already.
                        let _ = done.send(());
                        return;
                    }
                    Some(message) => {
                        let now = self.service.now();
                        self.handle(message, now).await;
                    }
                    None => return,
                },
                () = sleep(wait) => {
                    let now = self.service.now();
                    self.handle_timeout(now).await;
                }
            }
        }
    }

    async fn handle(&mut self, message: Message, now: OffsetDateTime) {
        match message {
            Message::Page { connection, outbox } => self.pages.open(connection, outbox),
            Message::Gone { connection } => self.page_gone(connection, now),
            Message::Hello { connection, re, hello } => {
                let outcome = self.hello(connection, hello).await;
                self.answer_hello(connection, re, outcome);
            }
            Message::Ask { connection, re, ask } => self.guest_asks(connection, re, ask, now).await,
            Message::Room(event) => self.room_tells(event, now).await,
            Message::Open { spec, actor, done } => self.open_room(spec, actor, done, now).await,
            Message::Close { room, actor, done } => {
                // Whoever asked may not wait for the answer.
                let _ = done.send(self.close_room(room, actor, "ended").await);
            }
            Message::StartRecording { room, recording, actor, done } => {
                self.start_recording(room, recording, actor, done.into(), now).await;
            }
            Message::StopRecording { room, actor, done } => self.stop_recording(room, actor, done.into(), now).await,
            Message::GoLive { room, title, actor, done } => self.start_live(room, title, actor, done.into(), now).await,
            Message::EndLive { room, actor, done } => {
                let _ = done.send(self.end_live(room, actor, now).await);
            }
            Message::Look { room, done } => {
                let _ = done.send(self.look(room));
            }
            Message::Stop(_) => {}
        }
        self.settle(now).await;
    }

    async fn handle_timeout(&mut self, now: OffsetDateTime) {
        let due: Vec<RoomId> = self
            .places
            .iter()
            .filter(|(_, place)| place.machine.poll_timeout().is_some_and(|at| at <= now))
            .map(|(&room, _)| room)
            .collect();
        for room in due {
            let spare = self.mint_recording(now);
            if let Some(place) = self.places.get_mut(&room) {
                place.machine.handle_timeout(spare, now);
            }
            self.stale.insert(room);
        }
        self.settle(now).await;
    }

    /// Carries out what the machines decided and shows every page what it now has to show.
    async fn settle(&mut self, now: OffsetDateTime) {
        for room in self.stale.clone() {
            while let Some(command) = self.places.get_mut(&room).and_then(|place| place.machine.poll_command()) {
                self.carry_out(room, command, now).await;
            }
        }
        for room in std::mem::take(&mut self.stale) {
            self.show_room(room, now);
        }
        self.tell_news().await;
    }

    /// Notes what happened in a room for the tenant's own system, if the room has a number that it could know.
    fn announce(&mut self, room: RoomId, event: impl FnOnce(i64) -> Event) {
        let Some(place) = self.places.get(&room) else { return };
        let Some(number) = place.row.number.as_deref().and_then(|number| number.parse().ok()) else { return };
        self.news.push((place.row.tenant, event(number)));
    }

    /// Hands the news to the outbox. News that cannot be kept is lost: it is no reason to send people away.
    async fn tell_news(&mut self) {
        let news = std::mem::take(&mut self.news);
        if news.is_empty() {
            return;
        }
        let kept = async {
            let mut tx = self.service.store.begin().await?;
            for (tenant, event) in &news {
                netdisk_events::enqueue(&self.service, &mut tx, *tenant, event).await?;
            }
            tx.commit().await
        };
        if let Err(error) = kept.await {
            crate::hall::rings::log_fault("telling who came and went", &error);
        }
    }

    fn next_timeout(&self) -> Option<OffsetDateTime> {
        self.places.values().filter(|place| !place.closing).filter_map(|place| place.machine.poll_timeout()).min()
    }

    fn mint_recording(&self, now: OffsetDateTime) -> RecordingId {
        self.service.draw(|random| RecordingId::mint(now, random))
    }

    /// Sends a command to a room.
    fn command(&self, command: RoomCommand) -> Result<(), Error> {
        self.media.send(command).map_err(|full| {
            tracing::error!(error = %full, "a room command was dropped");
            Error::Busy { until: None }
        })
    }

    /// The open room of that id.
    fn place_mut(&mut self, room: RoomId) -> Result<&mut Place, Error> {
        self.places.get_mut(&room).filter(|place| !place.closing).ok_or(Error::Conflict(Conflict::RoomNotOpen))
    }

    /// An audit line about a room.
    fn line(&self, tenant: TenantId, actor: Actor, action: &'static str, room: RoomId) -> AuditLine {
        let act = Act { tenant: Some(tenant), actor, address: None };
        self.service.audit_line(act, action, Subject { noun: "room", id: room.to_string() }, None)
    }
}

async fn sleep(wait: Option<std::time::Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}

#[cfg(test)]
mod tests;
