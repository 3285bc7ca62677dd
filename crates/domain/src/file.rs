//! Files and folders as a tenant's people and systems see them: uploads, and recordings made into one MP4.
//!
//! A file has its id from the moment it is known and keeps it. It is *whole* once its bytes are there: from then on it is
//! listed, and [`listing`] tells how a page of a million is found. Deleting takes the bytes and leaves the row.

pub mod listing;
mod name;
mod sniff;
pub mod tombstone;

use std::collections::BTreeMap;

use time::{Duration, OffsetDateTime};

use crate::error::{Conflict, Error, Result};
use crate::id::{FileId, FolderId, RecordingId, TenantId};

pub use name::{FileName, FilePath, FolderPath, RecordingName};
pub use sniff::{MediaType, is_mp4};

/// Where a file comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FileKind {
    /// Somebody sent it.
    Upload,
    /// The recording of an interview with a seat.
    Interview,
    /// The recording of an interview without one.
    SelfService,
    /// A take of a double recording at the counter.
    Counter,
    /// The recording of an assistance.
    Assistance,
    /// The recording of a meeting.
    Meeting,
}

impl FileKind {
    /// Every kind.
    pub const ALL: [Self; 6] =
        [Self::Upload, Self::Interview, Self::SelfService, Self::Counter, Self::Assistance, Self::Meeting];

    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Upload => "upload",
            Self::Interview => "interview",
            Self::SelfService => "self_service",
            Self::Counter => "counter",
            Self::Assistance => "assistance",
            Self::Meeting => "meeting",
        }
    }

    /// The kind of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }
}

/// A folder. Every tenant has `/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Folder {
    /// Its number.
    pub id: FolderId,
    /// Whose.
    pub tenant: TenantId,
    /// The folder that it is in; none for `/`.
    pub parent: Option<FolderId>,
    /// Unique per tenant.
    pub path: FolderPath,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When something in it was listed or deleted last.
    pub changed_at: OffsetDateTime,
}

impl Folder {
    /// A write may still be on its way with a moment so long ago: it has read the clock and waits for the disk.
    const UNDER_WAY: Duration = Duration::seconds(10);

    /// The moment of a change that is made now: later than every change before, so that the order of changes is the order
    /// of their moments, whatever the clock does.
    #[must_use]
    pub fn next_change(&self, now: OffsetDateTime) -> OffsetDateTime {
        now.max(self.changed_at + Duration::microseconds(1))
    }

    /// The moment that a listing asked for now is of: nothing will ever be listed or deleted at or before it any more, so
    /// that its pages stay as they are.
    #[must_use]
    pub fn settled_at(&self, now: OffsetDateTime) -> OffsetDateTime {
        self.changed_at.max(now - Self::UNDER_WAY)
    }
}

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its number, for good.
    pub id: FileId,
    /// Whose.
    pub tenant: TenantId,
    /// The folder that it is in.
    pub folder: FolderId,
    /// Unique per tenant among those that are not deleted.
    pub path: FilePath,
    /// Where it comes from.
    pub kind: FileKind,
    /// The recording that it was made of.
    pub recording: Option<RecordingId>,
    /// The business that it belongs to.
    pub business_no: Option<String>,
    /// When it became known.
    pub created_at: OffsetDateTime,
    /// Its bytes, once they are there; still told of a file that was deleted.
    pub whole: Option<Whole>,
    /// How long it must stay.
    pub retention: Option<Retention>,
    /// Who wants it to stay until further notice.
    pub hold: Option<Hold>,
    /// Counts up each time its links are revoked.
    pub link_revision: u32,
    /// When it was deleted.
    pub deleted_at: Option<OffsetDateTime>,
}

/// A file that is to be known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFile {
    /// Where.
    pub folder: Folder,
    /// Not taken there.
    pub name: FileName,
    /// Where it comes from.
    pub kind: FileKind,
    /// The recording that it is made of.
    pub recording: Option<RecordingId>,
    /// The business that it belongs to.
    pub business_no: Option<String>,
    /// How long it must stay.
    pub retention: Option<Retention>,
    /// Now.
    pub created_at: OffsetDateTime,
}

/// The bytes of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Content {
    /// Their key in the object store.
    pub object_key: String,
    /// How many.
    pub size_bytes: u64,
    /// Their SHA-256.
    pub sha256: [u8; 32],
    /// What they look like.
    pub media_type: MediaType,
}

/// The bytes of a file that is listed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// The bytes.
    pub content: Content,
    /// Since when; unique in its folder.
    pub listed_at: OffsetDateTime,
}

/// A file stays until that moment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Retention {
    /// It may be deleted from then on.
    pub until: OffsetDateTime,
    /// Why.
    pub reason: String,
}

/// A file stays until further notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hold {
    /// Since when.
    pub since: OffsetDateTime,
    /// Why.
    pub reason: String,
}

impl File {
    /// Whether it may be deleted.
    ///
    /// # Errors
    /// [`Conflict::Held`] with the reason and, where it is known, the moment.
    pub fn check_deletable(&self, now: OffsetDateTime) -> Result<()> {
        if let Some(hold) = &self.hold {
            return Err(Conflict::Held { until: None, reason: hold.reason.clone() }.into());
        }
        match &self.retention {
            Some(Retention { until, reason }) if now < *until => {
                Err(Conflict::Held { until: Some(*until), reason: reason.clone() }.into())
            }
            _ => Ok(()),
        }
    }

    /// Whether it may have another retention. One that still runs is made longer, never shorter.
    ///
    /// # Errors
    /// [`Conflict::Held`] when it would be shorter than it is.
    pub fn check_retention(&self, wanted: &Retention, now: OffsetDateTime) -> Result<()> {
        match &self.retention {
            Some(own) if now < own.until && wanted.until < own.until => {
                Err(Error::Conflict(Conflict::Held { until: Some(own.until), reason: own.reason.clone() }))
            }
            _ => Ok(()),
        }
    }
}

/// For how many days files of each kind are kept; a kind that is not there has no date.
pub type RetentionDays = BTreeMap<FileKind, u32>;

/// The date that files of a kind get when they are made.
#[must_use]
pub fn retention_of(days: &RetentionDays, kind: FileKind, now: OffsetDateTime) -> Option<Retention> {
    let &days = days.get(&kind)?;
    let until = now.checked_add(Duration::days(days.into()))?;
    Some(Retention { until, reason: format!("机构规定此类文件保存 {days} 天") })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Counting;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    fn file() -> File {
        File {
            id: FileId::from_number(7),
            tenant: TenantId::mint(NOON, &mut Counting::default()),
            folder: FolderId::from_number(1),
            path: FilePath::parse("/2018/demo.mp4").expect("a path"),
            kind: FileKind::Upload,
            recording: None,
            business_no: None,
            created_at: NOON,
            whole: None,
            retention: None,
            hold: None,
            link_revision: 0,
            deleted_at: None,
        }
    }

    fn held(result: Result<()>) -> Option<(Option<OffsetDateTime>, String)> {
        match result {
            Err(Error::Conflict(Conflict::Held { until, reason })) => Some((until, reason)),
            _ => None,
        }
    }

    #[test]
    fn a_file_without_date_and_hold_may_be_deleted() {
        assert!(file().check_deletable(NOON).is_ok());
    }

    #[test]
    fn a_retained_file_stays_until_its_date() {
        let until = NOON + Duration::days(1);
        let kept = File { retention: Some(Retention { until, reason: "五年".into() }), ..file() };
        assert_eq!(held(kept.check_deletable(NOON)), Some((Some(until), "五年".into())));
        assert!(kept.check_deletable(until).is_ok());
    }

    #[test]
    fn a_held_file_stays_even_beyond_its_date() {
        let retention = Retention { until: NOON, reason: "五年".into() };
        let hold = Hold { since: NOON, reason: "诉讼".into() };
        let kept = File { retention: Some(retention), hold: Some(hold), ..file() };
        assert_eq!(held(kept.check_deletable(NOON + Duration::days(9))), Some((None, "诉讼".into())));
    }

    #[test]
    fn a_retention_is_made_longer_and_never_shorter() {
        let until = NOON + Duration::days(2);
        let retained = |days| Retention { until: NOON + Duration::days(days), reason: "五年".into() };
        let kept = File { retention: Some(retained(2)), ..file() };
        assert!(kept.check_retention(&retained(3), NOON).is_ok());
        assert!(held(kept.check_retention(&retained(1), NOON)).is_some());
        assert!(kept.check_retention(&retained(1), until).is_ok(), "it is over");
    }

    #[test]
    fn changes_of_a_folder_have_moments_in_their_order_even_when_the_clock_stands_or_goes_back() {
        let mut folder = Folder {
            id: FolderId::from_number(1),
            tenant: file().tenant,
            parent: None,
            path: FolderPath::root(),
            created_at: NOON,
            changed_at: NOON,
        };
        let mut before = NOON;
        for now in [NOON, NOON, NOON - Duration::hours(1), NOON + Duration::hours(1)] {
            folder.changed_at = folder.next_change(now);
            assert!(folder.changed_at > before);
            assert!(folder.settled_at(now) >= folder.changed_at);
            before = folder.changed_at;
        }
    }

    #[test]
    fn a_kind_without_a_rule_has_no_date() {
        let days = RetentionDays::from([(FileKind::Interview, 1_825)]);
        let retention = retention_of(&days, FileKind::Interview, NOON).expect("a date");
        assert_eq!(retention.until, NOON + Duration::days(1_825));
        assert_eq!(retention_of(&days, FileKind::Upload, NOON), None);
    }
}
