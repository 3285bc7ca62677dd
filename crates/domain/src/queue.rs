//! A line that customers wait in: what it is, and when it is open. Who is rung when is the [`floor`](crate::floor)'s.

mod hours;

pub use hours::{BadHours, Hours};

use crate::id::{QueueId, TenantId, UserId};

/// A line that customers wait in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// Whose.
    pub tenant: TenantId,
    /// What callers and people name it by, such as `1001`; unique per installation.
    pub number: String,
    /// What people read.
    pub name: String,
    /// Higher is served first.
    pub priority: u8,
    /// When it is open, in the tenant's zone.
    pub hours: Hours,
}

/// A seat's place at a queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Membership {
    /// The queue.
    pub queue: QueueId,
    /// The seat.
    pub seat: UserId,
    /// Higher is rung first.
    pub priority: u8,
}
