//! Identifiers: UUIDv7 behind one type per thing, so that a room can never be passed where a recording is meant.
//!
//! An id is minted from a moment and ten random bytes that the caller brings (RFC 9562 section 5.7):
//! the domain has no clock and no randomness of its own.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use uuid::Uuid;

use crate::random::Randomness;

/// The text was not a UUID.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not an id: expected a UUID such as 0190a5f2-8c1e-7d3a-9b4f-2f6c1d0e8a77")]
pub struct NotAnId;

/// UUIDv7 of the moment `now` (millisecond precision) and 74 bits from `random`.
fn mint_uuid(now: OffsetDateTime, random: &mut dyn Randomness) -> Uuid {
    let unix_ms = u64::try_from(now.unix_timestamp_nanos() / 1_000_000).unwrap_or(0);
    let mut bytes = [0_u8; 10];
    random.fill(&mut bytes);
    uuid::Builder::from_unix_timestamp_millis(unix_ms, &bytes).into_uuid()
}

macro_rules! id {
    ($(#[$doc:meta] $name:ident;)+) => {$(
        #[$doc]
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Uuid);

        impl $name {
            /// A new id, ordered by `now`.
            pub fn mint(now: OffsetDateTime, random: &mut dyn Randomness) -> Self {
                Self(mint_uuid(now, random))
            }

            /// The id with these 128 bits, as a store reads it back.
            #[must_use]
            pub const fn from_uuid(uuid: Uuid) -> Self {
                Self(uuid)
            }

            /// The 128 bits.
            #[must_use]
            pub const fn as_uuid(self) -> Uuid {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                Uuid::parse_str(text).map(Self).map_err(|_| NotAnId)
            }
        }
    )+};
}

id! {
    /// One institution on this server.
    TenantId;
    /// A person who logs in.
    UserId;
    /// A branch or desk of a tenant.
    DepartmentId;
    /// A line that customers wait in.
    QueueId;
    /// A piece of business a customer is to be seen for.
    OrderId;
    /// One person of an order.
    PersonId;
    /// A link given to one person of an order.
    InvitationId;
    /// One meeting of a customer and a seat, from waiting to verdict.
    InterviewId;
    /// A place where people see and hear each other.
    RoomId;
    /// Somebody in a room; keeps the id through reloads and reconnects.
    ParticipantId;
    /// What was recorded of one interview or meeting.
    RecordingId;
    /// One track file of a recording.
    TrackId;
    /// A piece of work that must be done after its transaction.
    JobId;
    /// One line of the audit log.
    AuditId;
    /// A logged-in browser.
    SessionId;
    /// One take of a double recording.
    TakeId;
    /// A file that is being uploaded piece by piece.
    UploadId;
    /// A one-time ticket that leads a browser to a page.
    TicketId;
    /// A customer in the archive.
    CustomerId;
    /// A customer's account in the archive.
    AccountId;
    /// What was archived at once.
    DepositId;
    /// A file in the archive.
    ArchiveFileId;
    /// A text message on its way.
    MessageId;
    /// A live broadcast of a room.
    BroadcastId;
}

/// The text was not a number of the netdisk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a number: expected digits such as 1024")]
pub struct NotANumber;

macro_rules! number {
    ($(#[$doc:meta] $name:ident;)+) => {$(
        #[$doc]
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(i64);

        impl $name {
            /// The number that a store gave out.
            #[must_use]
            pub const fn from_number(number: i64) -> Self {
                Self(number)
            }

            /// The number.
            #[must_use]
            pub const fn number(self) -> i64 {
                self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.fmt(f)
            }
        }

        impl FromStr for $name {
            type Err = NotANumber;

            fn from_str(text: &str) -> Result<Self, NotANumber> {
                let digits = text.bytes().all(|byte| byte.is_ascii_digit());
                text.parse().ok().filter(|_| digits).map(Self).ok_or(NotANumber)
            }
        }
    )+};
}

// Callers of the netdisk know files and folders by integers, which a store counts up and never gives out twice.
number! {
    /// A file.
    FileId;
    /// A folder of files.
    FolderId;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Counting;

    #[test]
    fn later_ids_sort_after_earlier_ones() {
        let mut random = Counting::default();
        let first = RoomId::mint(OffsetDateTime::UNIX_EPOCH, &mut random);
        let second = RoomId::mint(OffsetDateTime::UNIX_EPOCH + time::Duration::milliseconds(1), &mut random);
        assert!(first < second);
        assert_eq!(first.as_uuid().get_version_num(), 7);
    }

    #[test]
    fn an_id_reads_back_from_its_own_text() {
        let id = RoomId::mint(OffsetDateTime::UNIX_EPOCH, &mut Counting::default());
        assert_eq!(id.to_string().parse(), Ok(id));
        assert_eq!("1866".parse::<RoomId>(), Err(NotAnId));
    }

    #[test]
    fn a_number_is_digits_alone() {
        assert_eq!("1024".parse(), Ok(FileId::from_number(1_024)));
        for other in ["", "-1", "+1", "1.0", "0x1", "99999999999999999999"] {
            assert_eq!(other.parse::<FileId>(), Err(NotANumber), "{other}");
        }
    }
}
