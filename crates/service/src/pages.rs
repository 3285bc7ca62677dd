//! The open pages of a task: connections, who is behind them, and what they show.

use std::collections::HashMap;

use tokio::sync::mpsc;

use crate::hall::words::{CloseCode, State, Tell};

/// One open WebSocket, numbered by the task that it talks to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ConnectionId(pub(crate) u64);

#[derive(Debug)]
struct Page<W> {
    outbox: mpsc::Sender<Tell>,
    who: Option<W>,
    /// The newest state that was sent, so that the same one is not sent twice.
    shown: Option<Box<State>>,
}

/// The open connections, each with who is behind it once it has said so.
#[derive(Debug)]
pub(crate) struct Pages<W>(HashMap<ConnectionId, Page<W>>);

impl<W> Default for Pages<W> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<W: Copy> Pages<W> {
    pub(crate) fn open(&mut self, connection: ConnectionId, outbox: mpsc::Sender<Tell>) {
        self.0.insert(connection, Page { outbox, who: None, shown: None });
    }

    pub(crate) fn introduce(&mut self, connection: ConnectionId, who: W) {
        if let Some(page) = self.0.get_mut(&connection) {
            page.who = Some(who);
        }
    }

    pub(crate) fn who(&self, connection: ConnectionId) -> Option<W> {
        self.0.get(&connection)?.who
    }

    pub(crate) fn remove(&mut self, connection: ConnectionId) -> Option<W> {
        self.0.remove(&connection)?.who
    }

    /// Tells a page. One that does not read is not waited for: its outbox is dropped, which closes the connection.
    pub(crate) fn tell(&mut self, connection: ConnectionId, tell: Tell) {
        let Some(page) = self.0.get(&connection) else { return };
        if page.outbox.try_send(tell).is_err()
            && let Some(page) = self.0.get_mut(&connection)
        {
            let (closed, _) = mpsc::channel(1);
            page.outbox = closed;
        }
    }

    /// Shows a state unless the page shows it already.
    pub(crate) fn show(&mut self, connection: ConnectionId, state: State) {
        let Some(page) = self.0.get_mut(&connection) else { return };
        if page.shown.as_deref() == Some(&state) {
            return;
        }
        page.shown = Some(Box::new(state.clone()));
        self.tell(connection, Tell::State(Box::new(state)));
    }

    pub(crate) fn close(&mut self, connection: ConnectionId, code: CloseCode) {
        self.tell(connection, Tell::Close(code));
        self.0.remove(&connection);
    }

    pub(crate) fn close_all(&mut self, code: CloseCode) {
        for (_, page) in self.0.drain() {
            // A page whose outbox is full learns it from the closed socket.
            let _ = page.outbox.try_send(Tell::Close(code));
        }
    }
}
