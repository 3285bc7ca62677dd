//! What the verbs need from outside.

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
