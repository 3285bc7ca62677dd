//! Work that a change makes necessary: a row enqueued in the transaction of that change.

use time::{Duration, OffsetDateTime};

use crate::id::{ArchiveFileId, JobId, MessageId, RecordingId, TenantId};

/// What is to be done.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Work {
    /// Send a tenant's callback, and keep sending until it is taken.
    DeliverCallback {
        /// Where to.
        url: String,
        /// The JSON text, as it is signed and sent.
        body: String,
        /// The order that it is about, for the outbox.
        business_no: String,
    },
    /// Send a tenant's callback in the shape of the documents, whose envelope is made and signed anew for each try.
    DeliverEvent {
        /// Where to.
        url: String,
        /// The word of the event, such as `INTERVIEW_PASS`.
        event: String,
        /// The JSON text of its `Details`.
        details: String,
        /// The order that it is about, for the outbox.
        business_no: String,
    },
    /// Send a text message, and keep sending until it is taken.
    SendMessage {
        /// Which.
        message: MessageId,
    },
    /// Make the one film of a recording that has stopped.
    ComposeRecording {
        /// Which.
        recording: RecordingId,
    },
    /// Take a file of the archive away that no deposit has named.
    ExpireArchiveFile {
        /// Which.
        file: ArchiveFileId,
    },
}

impl Work {
    /// The word of the kind.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::DeliverCallback { .. } | Self::DeliverEvent { .. } => "deliver_callback",
            Self::SendMessage { .. } => "send_message",
            Self::ComposeRecording { .. } => "compose_recording",
            Self::ExpireArchiveFile { .. } => "expire_archive_file",
        }
    }
}

/// A row of work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// Its id.
    pub id: JobId,
    /// Whose.
    pub tenant: TenantId,
    /// What is to be done.
    pub work: Work,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// How far it is.
    pub state: JobState,
    /// Tries so far.
    pub attempts: u32,
    /// HTTP status of the last try, where there was one.
    pub last_status: Option<u16>,
    /// What the last try said.
    pub last_error: Option<String>,
}

/// How far a job is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum JobState {
    /// To be tried at that moment; while a worker has it, the moment its claim runs out.
    Pending {
        /// The moment.
        run_at: OffsetDateTime,
    },
    /// Done.
    Done {
        /// When.
        at: OffsetDateTime,
    },
    /// Given up.
    Failed {
        /// When.
        at: OffsetDateTime,
    },
}

/// How long to wait before the next try: 5 s, doubled each time, at most an hour; none after 24 tries (about 17 hours).
#[must_use]
pub fn back_off(attempts: u32) -> Option<Duration> {
    (attempts < 24)
        .then(|| Duration::seconds(5 * 2_i64.pow(attempts.saturating_sub(1).min(10))).min(Duration::hours(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tries_come_rarer_and_end() {
        assert_eq!(back_off(1), Some(Duration::seconds(5)));
        assert_eq!(back_off(2), Some(Duration::seconds(10)));
        assert_eq!(back_off(12), Some(Duration::hours(1)));
        assert_eq!(back_off(24), None);
        let total: Duration = (1..24).filter_map(back_off).sum();
        assert!(total > Duration::hours(12), "{total}");
    }
}
