//! Queues.

use mingjian_domain::error::{Conflict, Result};
use mingjian_domain::id::{QueueId, TenantId};
use mingjian_domain::queue::{Hours, Queue};

use crate::Tx;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The queues of a transaction.
pub struct Queues<'t>(pub(crate) &'t mut Tx);

macro_rules! select {
    ($tail:literal) => {
        concat!("SELECT id, tenant_id, number, name, priority, hours FROM queues ", $tail)
    };
}

impl Queues<'_> {
    /// Adds a queue.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the number is; [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, queue: &Queue) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO queues (id, tenant_id, number, name, priority, hours) VALUES ($1, $2, $3, $4, $5, $6)",
                args![queue.id, queue.tenant, &queue.number, &queue.name, queue.priority, queue.hours.to_string()],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(queue.number.clone()), "adding a queue")?;
        Ok(())
    }

    /// Changes the name and the priority.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn save(&mut self, queue: &Queue) -> Result<()> {
        self.0
            .execute(
                "UPDATE queues SET name = $2, priority = $3 WHERE id = $1",
                args![queue.id, &queue.name, queue.priority],
            )
            .await
            .or_fault("changing a queue")?;
        Ok(())
    }

    /// Whether an order or an interview has ever been in the queue.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn is_used(&mut self, id: QueueId) -> Result<bool> {
        let used = self
            .0
            .optional(
                "SELECT id FROM queues WHERE id = $1 AND (EXISTS (SELECT 1 FROM orders WHERE queue_id = $1) \
                 OR EXISTS (SELECT 1 FROM interviews WHERE queue_id = $1))",
                args![id],
                |row| row.get::<QueueId>("id"),
            )
            .await
            .or_fault("asking whether a queue is used")?;
        Ok(used.is_some())
    }

    /// Deletes a queue that was never used, with its seats' places and its note.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault), also when it was used.
    pub async fn delete(&mut self, id: QueueId) -> Result<()> {
        for sql in [
            "DELETE FROM memberships WHERE queue_id = $1",
            "DELETE FROM queue_notes WHERE queue_id = $1",
            "DELETE FROM queues WHERE id = $1",
        ] {
            self.0.execute(sql, args![id]).await.or_fault("deleting a queue")?;
        }
        Ok(())
    }

    /// The tenant's queue of that id.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, tenant: TenantId, id: QueueId) -> Result<Option<Queue>> {
        self.0
            .optional(select!("WHERE tenant_id = $1 AND id = $2"), args![tenant, id], read)
            .await
            .or_fault("reading a queue")
    }

    /// The tenant's queue of that number, such as `1001`.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_number(&mut self, tenant: TenantId, number: &str) -> Result<Option<Queue>> {
        self.0
            .optional(select!("WHERE tenant_id = $1 AND number = $2"), args![tenant, number], read)
            .await
            .or_fault("reading a queue by its number")
    }

    /// The tenant's queues, by number.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, tenant: TenantId) -> Result<Vec<Queue>> {
        self.0
            .all(select!("WHERE tenant_id = $1 ORDER BY number"), args![tenant], read)
            .await
            .or_fault("listing the queues")
    }

    /// Every tenant's queues, by number: for the server itself, when it starts.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list_all(&mut self) -> Result<Vec<Queue>> {
        self.0.all(select!("ORDER BY number"), args![], read).await.or_fault("listing all queues")
    }
}

fn read(row: &Row) -> sqlx::Result<Queue> {
    let hours: String = row.get("hours")?;
    Ok(Queue {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        number: row.get("number")?,
        name: row.get("name")?,
        priority: row.get("priority")?,
        hours: parse_hours(&hours)?,
    })
}

fn parse_hours(text: &str) -> sqlx::Result<Hours> {
    // A queue without any span prints as nothing and is never open.
    if text.is_empty() {
        return Ok(Hours::Spans(Vec::new()));
    }
    text.parse().map_err(|error: mingjian_domain::queue::BadHours| unreadable("hours", error))
}
