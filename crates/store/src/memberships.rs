//! Which seats are at which queues.

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::UserId;
use mingjian_domain::queue::Membership;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The memberships of a transaction.
pub struct Memberships<'t>(pub(crate) &'t mut Tx);

impl Memberships<'_> {
    /// Puts the seat at the queue, or changes its priority there.
    ///
    /// # Errors
    /// [`Error::Missing`] when there is no such queue; [`Error::Fault`], also when the seat is another tenant's.
    pub async fn set(&mut self, membership: &Membership) -> Result<()> {
        let changed = self
            .0
            .execute(
                "INSERT INTO memberships (tenant_id, queue_id, seat_id, priority) \
                 SELECT q.tenant_id, q.id, $2, $3 FROM queues q WHERE q.id = $1 \
                 ON CONFLICT (queue_id, seat_id) DO UPDATE SET priority = excluded.priority",
                args![membership.queue, membership.seat, membership.priority],
            )
            .await
            .or_fault("putting a seat at a queue")?;
        if changed == 0 { Err(Error::Missing(Noun::Queue)) } else { Ok(()) }
    }

    /// Where a seat is.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list_of_seat(&mut self, seat: UserId) -> Result<Vec<Membership>> {
        self.0
            .all(
                "SELECT queue_id, seat_id, priority FROM memberships WHERE seat_id = $1 ORDER BY queue_id",
                args![seat],
                read,
            )
            .await
            .or_fault("listing the queues of a seat")
    }

    /// Every tenant's: for the server itself, when it starts.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn list_all(&mut self) -> Result<Vec<Membership>> {
        self.0
            .all("SELECT queue_id, seat_id, priority FROM memberships ORDER BY queue_id, seat_id", args![], read)
            .await
            .or_fault("listing all seats at queues")
    }
}

fn read(row: &Row) -> sqlx::Result<Membership> {
    Ok(Membership { queue: row.get("queue_id")?, seat: row.get("seat_id")?, priority: row.get("priority")? })
}
