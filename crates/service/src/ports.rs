//! What the verbs need from outside.

use std::pin::Pin;

use mingjian_domain::room::RoomCommand;
use time::OffsetDateTime;

/// The time. It never runs backwards while the server runs, whatever the wall clock does.
pub trait Clock: Send + Sync {
    /// Now, in UTC.
    fn now(&self) -> OffsetDateTime;
}

/// The mailbox of the media threads is full: the server is overloaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the media thread cannot take more commands")]
pub struct MailboxFull;

/// The rooms. What they tell comes back as `RoomEvent`s to the hall.
pub trait Media: Send + Sync {
    /// Sends a command to the thread of its room. Commands of one room are carried out in order.
    ///
    /// # Errors
    /// [`MailboxFull`] when the thread is overloaded.
    fn send(&self, command: RoomCommand) -> Result<(), MailboxFull>;
}

/// A callback, ready to be sent.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// Where to.
    pub url: String,
    /// The JSON text.
    pub body: String,
    /// The value of the header `Mingjian-Signature`.
    pub signature: String,
    /// The value of the header `Mingjian-Delivery`: the same for every try, so that the receiver can tell a repetition.
    pub id: String,
}

/// Why a callback was not answered at all.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendFailure {
    /// The address may not be called: trying again cannot help.
    #[error("{0}")]
    Forbidden(String),
    /// No answer came: it may help later.
    #[error("{0}")]
    Unreachable(String),
}

/// What is answered to a [`Delivery`]: the HTTP status.
pub type Answered<'a> = Pin<Box<dyn Future<Output = Result<u16, SendFailure>> + Send + 'a>>;

/// Sends callbacks.
pub trait CallbackSender: Send + Sync {
    /// Posts the delivery and waits for the answer, at most ten seconds.
    fn send(&self, delivery: Delivery) -> Answered<'_>;
}
