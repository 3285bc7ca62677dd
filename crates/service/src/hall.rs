//! Everything live: who waits, who rings, who is in a call, and what their pages show.
//!
//! The hall is one task that owns the [`Floor`], the open pages and the running interviews. Messages come in through its
//! [`HallHandle`] and are handled one after the other; each is handled in the same three steps:
//!
//! 1. the verb: checked against the floor, written to the store, then applied to the floor and told to the media;
//! 2. the floor's commands that came of it ([`rings`]);
//! 3. a fresh snapshot to every page that shows something that changed ([`snapshot`]).
//!
//! What must survive is in the store before anybody is told. After a restart [`restart`] puts everybody back where they were.

mod calls;
mod customers;
mod handle;
mod live;
mod pages;
mod restart;
pub(crate) mod rings;
mod rooms;
mod seats;
mod snapshot;
mod turn;
pub mod words;

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::Arc;

use mingjian_domain::error::Error;
use mingjian_domain::floor::{Floor, Standing};
use mingjian_domain::id::{InterviewId, OrderId, PersonId, QueueId, RoomId, UserId};
use mingjian_domain::queue::Queue;
use mingjian_domain::room::{JoinId, RoomCommand};
use time::{Duration, OffsetDateTime, UtcOffset};
use tokio::sync::mpsc;

pub use handle::{Backlog, CustomerHello, HallHandle};
pub use turn::Turn;

use crate::Service;
use crate::ports::Media;
use handle::Message;
use live::Live;
use pages::{Desk, Guest, Pages};

use crate::pages::ConnectionId;

/// What the hall is set up with.
#[derive(Debug, Clone, Default)]
pub struct HallSettings {
    /// The TURN server beside us, if there is one.
    pub turn: Option<Turn>,
}

/// A queue with what is needed to judge its hours.
#[derive(Debug, Clone)]
struct OpenQueue {
    queue: Queue,
    zone: UtcOffset,
}

impl OpenQueue {
    fn is_open(&self, now: OffsetDateTime) -> bool {
        self.queue.hours.is_open(now, self.zone)
    }
}

/// A connection that measures somebody's network: a room of one, thrown away after [`Hall::CHECK_LASTS`].
#[derive(Debug)]
struct Check {
    connection: ConnectionId,
    re: u64,
    until: OffsetDateTime,
}

/// The task that owns everything live.
pub struct Hall {
    service: Arc<Service>,
    media: Arc<dyn Media>,
    settings: HallSettings,
    floor: Floor,
    queues: HashMap<QueueId, OpenQueue>,
    pages: Pages,
    desks: HashMap<UserId, Desk>,
    guests: HashMap<PersonId, Guest>,
    live: HashMap<InterviewId, Live>,
    /// The interview that waits or runs for an order: there is at most one.
    of_order: HashMap<OrderId, InterviewId>,
    of_room: HashMap<RoomId, InterviewId>,
    /// Offers whose answer a room still owes, with who asked and under which request.
    offers: HashMap<JoinId, (ConnectionId, u64)>,
    last_join: JoinId,
    checks: BTreeMap<RoomId, Check>,
    stale_people: BTreeSet<PersonId>,
    stale_desks: BTreeSet<UserId>,
    stale_queues: BTreeSet<QueueId>,
    queues_told_at: OffsetDateTime,
    /// Who is still to be told the position that it had when the round began.
    round: VecDeque<(InterviewId, Standing)>,
}

impl Hall {
    /// How long a network check may use the server's media.
    const CHECK_LASTS: Duration = Duration::seconds(15);
    /// Positions in the queues are told at most this often: with thousands waiting every ring moves everybody.
    const QUEUES_EVERY: Duration = Duration::milliseconds(500);
    /// Messages that may wait for the hall before a sender has to.
    const MAILBOX: usize = 4096;

    /// A hall over these parts with everybody put back where they were, its handle, and the backlog to run it with.
    ///
    /// # Errors
    /// [`Error::Fault`] when the store cannot be read.
    pub async fn open(
        service: Arc<Service>,
        media: Arc<dyn Media>,
        settings: HallSettings,
    ) -> Result<(Self, HallHandle, Backlog), Error> {
        let (sender, receiver) = mpsc::channel(Self::MAILBOX);
        let now = service.now();
        let mut hall = Self {
            service,
            media,
            settings,
            floor: Floor::new(mingjian_domain::floor::Rules::default()),
            queues: HashMap::new(),
            pages: Pages::default(),
            desks: HashMap::new(),
            guests: HashMap::new(),
            live: HashMap::new(),
            of_order: HashMap::new(),
            of_room: HashMap::new(),
            offers: HashMap::new(),
            last_join: JoinId(0),
            checks: BTreeMap::new(),
            stale_people: BTreeSet::new(),
            stale_desks: BTreeSet::new(),
            stale_queues: BTreeSet::new(),
            queues_told_at: now,
            round: VecDeque::new(),
        };
        hall.restart(now).await?;
        Ok((hall, HallHandle::new(sender), Backlog(receiver)))
    }

    /// Handles messages until every handle is gone or a stop is asked for.
    pub async fn run(mut self, mut backlog: Backlog) {
        loop {
            let now = self.service.now();
            let wait = self.next_timeout().map(|at| (at - now).max(Duration::ZERO).unsigned_abs());
            tokio::select! {
                message = backlog.0.recv() => match message {
                    Some(Message::Stop(done)) => {
                        self.pages.close_all(words::CloseCode::Restart);
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
            Message::Open { connection, outbox } => self.pages.open(connection, outbox),
            Message::Gone { connection } => self.page_gone(connection, now),
            Message::HelloCustomer { connection, re, hello } => {
                let outcome = self.hello_customer(connection, hello, now).await;
                self.answer_hello(connection, re, outcome);
            }
            Message::HelloSeat { connection, re, user } => {
                let outcome = self.hello_seat(connection, user, now).await;
                self.answer_hello(connection, re, outcome);
            }
            Message::Customer { connection, re, ask } => self.customer_asks(connection, re, ask, now).await,
            Message::Seat { connection, re, ask } => self.seat_asks(connection, re, ask, now).await,
            Message::Room(event) => self.room_tells(event, now).await,
            Message::Stop(_) => {}
        }
        self.settle(now).await;
    }

    async fn handle_timeout(&mut self, now: OffsetDateTime) {
        self.floor.handle_timeout(now);
        let over: Vec<RoomId> =
            self.checks.iter().filter(|(_, check)| check.until <= now).map(|(&room, _)| room).collect();
        for room in over {
            self.end_check(room);
        }
        self.settle(now).await;
    }

    /// Carries out what the floor decided and tells every page what it now has to show.
    async fn settle(&mut self, now: OffsetDateTime) {
        while let Some(command) = self.floor.poll_command() {
            self.carry_out(command, now).await;
        }
        let changed = self.floor.take_changed();
        self.stale_queues.extend(changed);
        self.tell_states(now).await;
    }

    fn next_timeout(&self) -> Option<OffsetDateTime> {
        let floor = self.floor.poll_timeout();
        let checks = self.checks.values().map(|check| check.until).min();
        let queues = (!self.stale_queues.is_empty()).then(|| self.queues_told_at + Self::QUEUES_EVERY);
        let round = (!self.round.is_empty()).then_some(self.queues_told_at);
        [floor, checks, queues, round].into_iter().flatten().min()
    }

    /// Sends a command to a room, and tells whether it was taken. An overloaded media thread is told in the log.
    fn command(&self, command: RoomCommand) -> bool {
        let sent = self.media.send(command);
        if let Err(full) = &sent {
            tracing::error!(error = %full, "a room command was dropped");
        }
        sent.is_ok()
    }

    fn next_join(&mut self) -> JoinId {
        self.last_join.0 += 1;
        self.last_join
    }
}

#[cfg(test)]
mod tests;

async fn sleep(wait: Option<std::time::Duration>) {
    match wait {
        Some(wait) => tokio::time::sleep(wait).await,
        None => std::future::pending().await,
    }
}
