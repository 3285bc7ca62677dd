//! Text messages, each with the job that sends it.

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::{MessageId, TenantId};
use mingjian_domain::job::JobState;
use mingjian_domain::message::Message;
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::jobs;
use crate::page::{Page, Paged};
use crate::row::Row;
use crate::value::args;

/// The messages of a transaction.
pub struct Messages<'t>(pub(crate) &'t mut Tx);

/// A message with how far it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MessageRow {
    /// The message.
    pub message: Message,
    /// Business number of its order.
    pub business_no: String,
    /// How far its job is.
    pub state: JobState,
    /// Tries so far.
    pub attempts: u32,
    /// What the last try said.
    pub last_error: Option<String>,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT m.id, m.tenant_id, m.order_id, m.to_masked, m.to_hash, m.sealed, m.created_at, o.business_no, \
             j.state, j.run_at, j.ended_at, j.attempts, j.last_error \
             FROM messages m JOIN jobs j ON j.id = m.id JOIN orders o ON o.id = m.order_id ",
            $tail
        )
    };
}

impl Messages<'_> {
    /// Adds a message whose job has been enqueued in this transaction.
    ///
    /// # Errors
    /// [`Error::Fault`], also when the order is another tenant's.
    pub async fn insert(&mut self, message: &Message) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO messages (id, tenant_id, order_id, to_masked, to_hash, sealed, created_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7)",
                args![
                    message.id,
                    message.tenant,
                    message.order,
                    &message.to_masked,
                    message.to_hash,
                    message.sealed.clone(),
                    message.created_at,
                ],
            )
            .await
            .or_fault("adding a text message")?;
        Ok(())
    }

    /// The tenant's message of that id.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, id: MessageId) -> Result<Option<MessageRow>> {
        self.0
            .optional(select!("WHERE m.tenant_id = $1 AND m.id = $2"), args![tenant, id], read)
            .await
            .or_fault("reading a text message")
    }

    /// When the tenant last wrote to the phone of that hash.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn last_to(&mut self, tenant: TenantId, to_hash: &[u8; 32]) -> Result<Option<OffsetDateTime>> {
        self.0
            .optional(
                "SELECT created_at FROM messages WHERE tenant_id = $1 AND to_hash = $2 ORDER BY id DESC LIMIT 1",
                args![tenant, to_hash],
                |row| row.get("created_at"),
            )
            .await
            .or_fault("looking for the last text message to a phone")
    }

    /// The tenant's messages, the newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none; [`Error::Fault`].
    pub async fn list(&mut self, tenant: TenantId, page: &Page) -> Result<Paged<MessageRow>> {
        let rows = self
            .0
            .all(
                select!("WHERE m.tenant_id = $1 AND m.id < $2 ORDER BY m.id DESC LIMIT $3"),
                args![tenant, page.below()?, page.fetch()],
                read,
            )
            .await;
        Ok(page.cut(rows.or_fault("listing text messages")?, |row| row.message.id.as_uuid()))
    }

    /// Makes the tenant's message due at once, also one that was given up.
    ///
    /// # Errors
    /// [`Error::Missing`] when the tenant has none of that id;
    /// [`WrongState`](mingjian_domain::error::Conflict::WrongState) when it was sent; [`Error::Fault`].
    pub async fn retry_now(&mut self, tenant: TenantId, id: MessageId, now: OffsetDateTime) -> Result<()> {
        let row = self.lookup(tenant, id).await?.ok_or(Error::Missing(Noun::Message))?;
        self.0.jobs().retry_now(tenant, "send_message", row.message.job(), now).await
    }
}

fn read(row: &Row) -> sqlx::Result<MessageRow> {
    Ok(MessageRow {
        message: Message {
            id: row.get("id")?,
            tenant: row.get("tenant_id")?,
            order: row.get("order_id")?,
            to_masked: row.get("to_masked")?,
            to_hash: row.get("to_hash")?,
            sealed: row.get("sealed")?,
            created_at: row.get("created_at")?,
        },
        business_no: row.get("business_no")?,
        state: jobs::read_state(row)?,
        attempts: row.get("attempts")?,
        last_error: row.get_opt("last_error")?,
    })
}
