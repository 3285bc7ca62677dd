//! A text message to a customer. It is sent by a job of the same id, which knows how far it is.

use time::{Duration, OffsetDateTime};

use crate::id::{JobId, MessageId, OrderId, TenantId};

/// A text message. What it says and to whom is sealed, since its link lets in whoever holds it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: MessageId,
    /// Whose.
    pub tenant: TenantId,
    /// The order that it is about.
    pub order: OrderId,
    /// The phone as lists show it.
    pub to_masked: String,
    /// Keyed hash of the phone, to count how often it was written to.
    pub to_hash: [u8; 32],
    /// Phone, text and link, sealed.
    pub sealed: Vec<u8>,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

impl Message {
    /// Between two messages to one phone.
    pub const PAUSE: Duration = Duration::minutes(1);
    /// Messages to one phone on one day.
    pub const MOST_A_DAY: u32 = 10;
    /// Messages of a tenant on one day, unless its quota says otherwise.
    pub const QUOTA: u32 = 10_000;

    /// The job that sends it.
    #[must_use]
    pub const fn job(&self) -> JobId {
        JobId::from_uuid(self.id.as_uuid())
    }
}
