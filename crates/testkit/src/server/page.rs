//! A page as the server knows it: one WebSocket that says hello, asks, and shows the newest state (`docs/protocol.md`).
//!
//! Nothing here waits for the server but the upgrade itself: [`Page::poll`] takes what has come.

use std::collections::VecDeque;
use std::io;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tungstenite::client::IntoClientRequest;
use tungstenite::handshake::HandshakeError;
use tungstenite::http::HeaderValue;
use tungstenite::{Error, Message, WebSocket};

/// A page says that it is there this often.
const PING_EVERY: Duration = Duration::from_secs(5);

/// One open page.
pub struct Page {
    socket: WebSocket<TcpStream>,
    last_id: u64,
    pinged_at: Option<Instant>,
    state: Value,
    states: u64,
    replies: VecDeque<Value>,
    offers: VecDeque<String>,
    closed: Option<u16>,
}

impl Page {
    /// Opens the WebSocket, with these headers in the upgrade.
    ///
    /// # Errors
    ///
    /// The HTTP status with which the server refused, or 0 when it could not be reached.
    pub fn open(server: SocketAddr, headers: &[(&'static str, &str)]) -> Result<Self, u16> {
        let mut request = format!("ws://{server}/api/v1/signal").into_client_request().map_err(|_| 0_u16)?;
        for (name, value) in headers {
            request.headers_mut().insert(*name, HeaderValue::from_str(value).map_err(|_| 0_u16)?);
        }
        let stream = TcpStream::connect(server).map_err(|_| 0_u16)?;
        stream.set_read_timeout(Some(Duration::from_secs(30))).map_err(|_| 0_u16)?;
        stream.set_nodelay(true).map_err(|_| 0_u16)?;
        let (socket, _) = tungstenite::client(request, stream).map_err(|error| match error {
            HandshakeError::Failure(Error::Http(answer)) => answer.status().as_u16(),
            HandshakeError::Failure(_) | HandshakeError::Interrupted(_) => 0,
        })?;
        socket.get_ref().set_nonblocking(true).map_err(|_| 0_u16)?;
        Ok(Self {
            socket,
            last_id: 0,
            pinged_at: None,
            state: Value::Null,
            states: 0,
            replies: VecDeque::new(),
            offers: VecDeque::new(),
            closed: None,
        })
    }

    /// Sends a request and gives its id, to find the reply by.
    pub fn ask(&mut self, mut request: Value) -> u64 {
        self.last_id += 1;
        request["id"] = json!(self.last_id);
        self.send(&request);
        self.last_id
    }

    /// Sends a frame as it is.
    pub fn send(&mut self, frame: &Value) {
        self.send_raw(Message::text(frame.to_string()));
    }

    /// Sends whatever a WebSocket can carry. What can no longer be sent closes the page.
    pub fn send_raw(&mut self, message: Message) {
        // A frame of some kilobytes is written at once; only reading must not wait.
        let sent =
            self.socket.get_ref().set_nonblocking(false).map_err(Error::Io).and_then(|()| self.socket.send(message));
        let back = self.socket.get_ref().set_nonblocking(true);
        if sent.is_err() || back.is_err() {
            // The close frame that may have come first says more than a broken pipe.
            self.poll();
            self.closed.get_or_insert(1006);
        }
    }

    /// Takes everything that has come, and pings when it is time.
    pub fn poll(&mut self) {
        while self.closed.is_none() {
            match self.socket.read() {
                Ok(Message::Text(text)) => self.take(&text),
                Ok(Message::Close(frame)) => self.closed = Some(frame.map_or(1005, |frame| frame.code.into())),
                Ok(Message::Binary(_) | Message::Ping(_) | Message::Pong(_) | Message::Frame(_)) => {}
                Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => break,
                Err(_) => self.closed = Some(1006),
            }
        }
        let due = self.pinged_at.is_some_and(|at| at.elapsed() >= PING_EVERY);
        if self.closed.is_none() && due {
            self.pinged_at = Some(Instant::now());
            self.send(&json!({"type": "ping"}));
        }
    }

    fn take(&mut self, text: &str) {
        let frame: Value =
            serde_json::from_str(text).unwrap_or_else(|error| panic!("the server sent no JSON: {error}: {text}"));
        match (frame["type"].as_str(), frame.get("re")) {
            (Some("state"), _) => {
                self.state = frame;
                self.states += 1;
                // From the first state on it is a page that lives, and pings.
                self.pinged_at.get_or_insert_with(Instant::now);
            }
            (Some("offer"), None) => self.offers.push_back(frame["sdp"].as_str().expect("an offer has SDP").to_owned()),
            (Some("pong" | "quality"), _) => {}
            (Some(_), _) => self.replies.push_back(frame),
            (None, _) => panic!("the server sent a frame without a type: {text}"),
        }
    }

    /// The newest state; null before the first.
    #[must_use]
    pub const fn state(&self) -> &Value {
        &self.state
    }

    /// How many states have come.
    #[must_use]
    pub const fn states(&self) -> u64 {
        self.states
    }

    /// The newest state's phase; empty before the first.
    #[must_use]
    pub fn phase(&self) -> &str {
        self.state["phase"].as_str().unwrap_or_default()
    }

    /// Whom the server says this page is.
    #[must_use]
    pub fn participant(&self) -> &str {
        self.state["me"]["participant"].as_str().unwrap_or_default()
    }

    /// Takes the reply to this request, if it has come.
    pub fn take_reply(&mut self, id: u64) -> Option<Value> {
        let at = self.replies.iter().position(|reply| reply["re"] == json!(id))?;
        self.replies.remove(at)
    }

    /// Takes the first reply or error, whatever it answers.
    pub fn take_any(&mut self) -> Option<Value> {
        self.replies.pop_front()
    }

    /// Takes the server's next offer, if it has made one.
    pub fn take_offer(&mut self) -> Option<String> {
        self.offers.pop_front()
    }

    /// The close code, once it is closed; 1006 when the connection broke.
    #[must_use]
    pub const fn closed(&self) -> Option<u16> {
        self.closed
    }
}
