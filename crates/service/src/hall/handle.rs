//! How the rest of the server reaches the hall.

use mingjian_domain::id::UserId;
use mingjian_domain::room::RoomEvent;
use tokio::sync::{mpsc, oneshot};

use super::words::{CustomerAsk, SeatAsk, Tell};
use crate::pages::ConnectionId;

/// A customer's first words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CustomerHello {
    /// The code of the link.
    pub code: String,
    /// Which browser tab it is.
    pub device: String,
    /// Whether another device is to be closed.
    pub takeover: bool,
}

pub(super) enum Message {
    Open { connection: ConnectionId, outbox: mpsc::Sender<Tell> },
    Gone { connection: ConnectionId },
    HelloCustomer { connection: ConnectionId, re: u64, hello: CustomerHello },
    HelloSeat { connection: ConnectionId, re: u64, user: UserId },
    Customer { connection: ConnectionId, re: u64, ask: CustomerAsk },
    Seat { connection: ConnectionId, re: u64, ask: SeatAsk },
    Room(RoomEvent),
    Stop(oneshot::Sender<()>),
}

/// The messages that wait for the hall.
pub struct Backlog(pub(super) mpsc::Receiver<Message>);

/// The hall's door. Every call waits while the hall's mailbox is full: that is the back-pressure on pages.
#[derive(Clone)]
pub struct HallHandle {
    sender: mpsc::Sender<Message>,
    next: std::sync::Arc<std::sync::atomic::AtomicU64>,
}

impl HallHandle {
    pub(super) fn new(sender: mpsc::Sender<Message>) -> Self {
        Self { sender, next: std::sync::Arc::default() }
    }

    async fn send(&self, message: Message) {
        // The hall is gone only while the server stops; then nobody needs the message.
        let _ = self.sender.send(message).await;
    }

    /// A page has connected; the hall writes to `outbox` and gives the page up when that is full.
    pub async fn open(&self, outbox: mpsc::Sender<Tell>) -> ConnectionId {
        let connection = ConnectionId(self.next.fetch_add(1, std::sync::atomic::Ordering::Relaxed));
        self.send(Message::Open { connection, outbox }).await;
        connection
    }

    /// The page's connection is closed or was silent too long.
    pub async fn gone(&self, connection: ConnectionId) {
        self.send(Message::Gone { connection }).await;
    }

    /// A customer's page says who it is.
    pub async fn hello_customer(&self, connection: ConnectionId, re: u64, hello: CustomerHello) {
        self.send(Message::HelloCustomer { connection, re, hello }).await;
    }

    /// A seat's page says who it is; the session was looked at already.
    pub async fn hello_seat(&self, connection: ConnectionId, re: u64, user: UserId) {
        self.send(Message::HelloSeat { connection, re, user }).await;
    }

    /// A customer's page asks.
    pub async fn customer(&self, connection: ConnectionId, re: u64, ask: CustomerAsk) {
        self.send(Message::Customer { connection, re, ask }).await;
    }

    /// A seat's page asks.
    pub async fn seat(&self, connection: ConnectionId, re: u64, ask: SeatAsk) {
        self.send(Message::Seat { connection, re, ask }).await;
    }

    /// A room tells.
    pub async fn room(&self, event: RoomEvent) {
        self.send(Message::Room(event)).await;
    }

    /// Tells every page to come back, and ends the hall. Interviews stay open in the store.
    pub async fn stop(&self) {
        let (done, stopped) = oneshot::channel();
        self.send(Message::Stop(done)).await;
        // An error means that the hall has ended already.
        let _ = stopped.await;
    }
}
