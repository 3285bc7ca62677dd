//! What is noted of a queue beside what it does: its description, and whether it is for every project.

use mingjian_domain::error::Result;
use mingjian_domain::id::QueueId;
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::value::args;

/// The notes of a transaction.
pub struct QueueNotes<'t>(pub(crate) &'t mut Tx);

/// What is noted of a queue.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct QueueNote {
    /// What people read of it.
    pub description: String,
    /// Whether it is for every project.
    pub for_all: bool,
    /// When the queue was changed last; none when it never was.
    pub changed_at: Option<OffsetDateTime>,
}

impl QueueNotes<'_> {
    /// Notes it, in place of what was noted before.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn put(&mut self, queue: QueueId, note: &QueueNote) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO queue_notes (queue_id, description, for_all, changed_at) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (queue_id) DO UPDATE SET description = excluded.description, \
                 for_all = excluded.for_all, changed_at = excluded.changed_at",
                args![queue, &note.description, note.for_all, note.changed_at],
            )
            .await
            .or_fault("noting something of a queue")?;
        Ok(())
    }

    /// What is noted of it; nothing of a queue that has no note.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, queue: QueueId) -> Result<QueueNote> {
        let note = self
            .0
            .optional(
                "SELECT description, for_all, changed_at FROM queue_notes WHERE queue_id = $1",
                args![queue],
                |row| {
                    Ok(QueueNote {
                        description: row.get("description")?,
                        for_all: row.get("for_all")?,
                        changed_at: row.get_opt("changed_at")?,
                    })
                },
            )
            .await
            .or_fault("reading what is noted of a queue")?;
        Ok(note.unwrap_or_default())
    }
}
