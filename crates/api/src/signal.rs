//! The WebSocket `/api/v1/signal`, as `docs/protocol.md` has it: frames in and out, nothing decided.
//!
//! Each connection is one task that reads frames for the hall or the gathering, whichever its `hello` is for, and writes what it is told. A page that does not
//! read is given up, a page that does not speak is closed: nobody holds the server by being silent.

mod frame;

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use mingjian_domain::error::{Denied, Error};
use mingjian_domain::id::UserId;
use mingjian_domain::user::Role;
use mingjian_service::gathering::GatheringHandle;
use mingjian_service::hall::HallHandle;
use mingjian_service::hall::words::{CloseCode, Tell};
use mingjian_service::{ConnectionId, Service};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc};

use crate::origin::Origin;
use crate::problems::Problem;
use crate::session::session_token;
use frame::{Frame, Hello};

/// A frame from a page.
const FRAME_BYTES: usize = 64 * 1024;
/// Before the socket itself gives up; between the two a page gets an answer instead of a closed socket.
const SOCKET_BYTES: usize = 4 * FRAME_BYTES;
/// The first frame must come by then.
const HELLO_WITHIN: Duration = Duration::from_secs(5);
/// A page pings every five seconds.
const SILENT_FOR: Duration = Duration::from_secs(15);
/// A frame that cannot be written by then never will.
const WRITE_WITHIN: Duration = Duration::from_secs(10);
/// Frames that may wait for a page.
const OUTBOX: usize = 256;
/// Frames that could not be read before the connection is closed.
const PATIENCE: u8 = 3;
/// Connections that have not said who they are. More than an institution's pages that reload at once, less than what hurts.
const STRANGERS: usize = 2000;

/// What the WebSocket needs.
#[derive(Clone)]
pub struct Signal {
    service: Arc<Service>,
    hall: HallHandle,
    gathering: GatheringHandle,
    strangers: Arc<Semaphore>,
}

impl Signal {
    /// The WebSocket in front of this hall and this gathering.
    #[must_use]
    pub fn new(service: Arc<Service>, hall: HallHandle, gathering: GatheringHandle) -> Self {
        Self { service, hall, gathering, strangers: Arc::new(Semaphore::new(STRANGERS)) }
    }

    /// Its route.
    pub fn routes<S: Clone + Send + Sync + 'static>(self) -> Router<S> {
        Router::new().route("/api/v1/signal", get(upgrade).with_state(self))
    }
}

async fn upgrade(
    State(signal): State<Signal>,
    origin: Origin,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    if !is_same_origin(&headers, origin.host.as_deref()) {
        return Problem::from(Error::Denied(Denied::ForeignOrigin)).into_response();
    }
    let Ok(stranger) = signal.strangers.clone().try_acquire_owned() else {
        return Problem::from(Error::Busy { until: None }).into_response();
    };
    let seat = seat_of(&signal.service, &headers).await;
    upgrade
        .max_message_size(SOCKET_BYTES)
        .max_frame_size(SOCKET_BYTES)
        .on_upgrade(move |socket| async move { Conversation::begin(signal, socket, seat, stranger).await })
}

/// A browser names the page's origin; it must be the server that it talks to, by the name that a trusted proxy forwards.
/// Programs that name none have no cookie to abuse.
fn is_same_origin(headers: &HeaderMap, host: Option<&str>) -> bool {
    let Some(page) = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok()) else { return true };
    let named = page.split_once("://").map(|(_, host)| host);
    named.is_some_and(|named| host.is_some_and(|host| named.eq_ignore_ascii_case(host)))
}

/// The seat that is logged in, if one is.
async fn seat_of(service: &Service, headers: &HeaderMap) -> Option<UserId> {
    let (user, _) = mingjian_service::access::authenticate_session(service, session_token(headers)?).await.ok()?;
    user.is(Role::Seat).then_some(user.id)
}

struct Conversation {
    signal: Signal,
    socket: WebSocket,
    seat: Option<UserId>,
    /// Held until the page has said who it is.
    stranger: Option<(OwnedSemaphorePermit, mpsc::Sender<Tell>)>,
    side: Option<Side>,
    malformed: u8,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    Customer(ConnectionId),
    Seat(ConnectionId),
    Guest(ConnectionId),
}

/// Why a conversation is over.
enum Over {
    /// The page closed it, or cannot be reached.
    Gone,
    /// We close it.
    Close(CloseCode),
}

impl Conversation {
    async fn begin(signal: Signal, socket: WebSocket, seat: Option<UserId>, stranger: OwnedSemaphorePermit) {
        let (outbox, tells) = mpsc::channel(OUTBOX);
        let mut conversation =
            Self { signal, socket, seat, stranger: Some((stranger, outbox)), side: None, malformed: 0 };
        if let Over::Close(code) = conversation.talk(tells).await {
            let frame = CloseFrame { code: code.number(), reason: "".into() };
            // The page may be gone already.
            let _ = tokio::time::timeout(WRITE_WITHIN, conversation.socket.send(Message::Close(Some(frame)))).await;
        }
        match conversation.side {
            Some(Side::Customer(connection) | Side::Seat(connection)) => {
                conversation.signal.hall.gone(connection).await;
            }
            Some(Side::Guest(connection)) => conversation.signal.gathering.gone(connection).await,
            None => {}
        }
    }

    async fn talk(&mut self, mut tells: mpsc::Receiver<Tell>) -> Over {
        let mut deadline = tokio::time::Instant::now() + HELLO_WITHIN;
        loop {
            let over = tokio::select! {
                tell = tells.recv() => match tell {
                    Some(Tell::Close(code)) => Err(Over::Close(code)),
                    Some(tell) => self.write(&tell).await,
                    None => Err(Over::Gone),
                },
                message = self.socket.recv() => match message {
                    Some(Ok(message)) => {
                        if self.side.is_some() {
                            deadline = tokio::time::Instant::now() + SILENT_FOR;
                        }
                        let was_stranger = self.side.is_none();
                        let read = self.read(message).await;
                        if was_stranger && self.side.is_some() {
                            deadline = tokio::time::Instant::now() + SILENT_FOR;
                        }
                        read
                    }
                    Some(Err(_)) | None => Err(Over::Gone),
                },
                () = tokio::time::sleep_until(deadline) => {
                    Err(if self.side.is_some() { Over::Gone } else { Over::Close(CloseCode::NoHello) })
                }
            };
            if let Err(over) = over {
                return over;
            }
        }
    }

    async fn write(&mut self, tell: &Tell) -> Result<(), Over> {
        let text = serde_json::to_string(tell).expect("what the hall tells is always JSON");
        match tokio::time::timeout(WRITE_WITHIN, self.socket.send(Message::Text(text.into()))).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(Over::Gone),
        }
    }

    async fn read(&mut self, message: Message) -> Result<(), Over> {
        let text = match message {
            Message::Text(text) if text.len() <= FRAME_BYTES => text,
            Message::Text(_) | Message::Binary(_) => return self.refuse_frame(None).await,
            Message::Ping(_) | Message::Pong(_) => return Ok(()),
            Message::Close(_) => return Err(Over::Gone),
        };
        match (frame::parse(&text), self.side) {
            (Ok(Frame::Ping), _) => self.write(&Tell::Pong).await,
            (Ok(Frame::Hello { id, hello }), None) => self.hello(id, hello).await,
            (Ok(Frame::Ask { id, ask }), Some(side)) => {
                let Signal { hall, gathering, .. } = &self.signal;
                let understood = match side {
                    Side::Customer(connection) => match ask.for_customer() {
                        Some(ask) => {
                            hall.customer(connection, id, ask).await;
                            true
                        }
                        None => false,
                    },
                    Side::Seat(connection) => match ask.for_seat() {
                        Some(ask) => {
                            hall.seat(connection, id, ask).await;
                            true
                        }
                        None => false,
                    },
                    Side::Guest(connection) => match ask.for_guest() {
                        Some(ask) => {
                            gathering.guest(connection, id, ask).await;
                            true
                        }
                        None => false,
                    },
                };
                if understood { Ok(()) } else { self.refuse_frame(Some(id)).await }
            }
            (Ok(Frame::Hello { id, .. }), Some(_)) | (Ok(Frame::Ask { id, .. }), None) => {
                self.refuse_frame(Some(id)).await
            }
            (Err(frame::Malformed { id }), _) => self.refuse_frame(id).await,
        }
    }

    async fn hello(&mut self, id: u64, hello: Hello) -> Result<(), Over> {
        // From here on the outbox is the hall's or the gathering's alone: when it drops it, the connection is closed.
        let Some((_, outbox)) = self.stranger.take() else { return Err(Over::Gone) };
        let Signal { hall, gathering, .. } = &self.signal;
        match (hello, self.seat) {
            (Hello::Customer(hello), _) => {
                let connection = hall.open(outbox).await;
                self.side = Some(Side::Customer(connection));
                hall.hello_customer(connection, id, hello).await;
            }
            (Hello::Seat, Some(user)) => {
                let connection = hall.open(outbox).await;
                self.side = Some(Side::Seat(connection));
                hall.hello_seat(connection, id, user).await;
            }
            (Hello::Guest { ticket, device }, _) => {
                let connection = gathering.open_page(outbox).await;
                self.side = Some(Side::Guest(connection));
                gathering.hello(connection, id, ticket, device).await;
            }
            (Hello::Seat, None) => {
                let error = Error::Unauthenticated(mingjian_domain::error::Unauthenticated::NoCredentials);
                self.write(&Tell::refusal(Some(id), &error)).await?;
                return Err(Over::Close(CloseCode::Unknown));
            }
        }
        Ok(())
    }

    async fn refuse_frame(&mut self, id: Option<u64>) -> Result<(), Over> {
        self.malformed += 1;
        let tell = Tell::Error {
            re: id,
            code: "malformed",
            message: "消息格式不正确，请刷新页面后重试".to_owned(),
            opens_at: None,
        };
        self.write(&tell).await?;
        if self.malformed >= PATIENCE { Err(Over::Close(CloseCode::Broken)) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_pages_of_this_server_may_connect() {
        let from =
            |page: &'static str| HeaderMap::from_iter([(header::ORIGIN, axum::http::HeaderValue::from_static(page))]);
        assert!(is_same_origin(&from("https://Video.Bank.example"), Some("video.bank.example")));
        assert!(is_same_origin(&HeaderMap::new(), Some("video.bank.example")), "a program");
        assert!(!is_same_origin(&from("https://evil.example"), Some("video.bank.example")));
        assert!(!is_same_origin(&from("null"), Some("video.bank.example")));
        assert!(!is_same_origin(&from("https://video.bank.example"), None));
    }
}
