//! What comes out of a question: a row of either engine, read by column name into our own kinds.

use mingjian_domain::id::{
    AccountId, ArchiveFileId, AuditId, BroadcastId, CustomerId, DepartmentId, DepositId, FileId, FolderId, InterviewId,
    InvitationId, JobId, MessageId, OrderId, ParticipantId, PersonId, QueueId, RecordingId, RoomId, SessionId, TakeId,
    TenantId, TicketId, TrackId, UploadId, UserId,
};
use sqlx::Row as _;
use sqlx::postgres::PgRow;
use sqlx::sqlite::SqliteRow;
use time::{OffsetDateTime, PrimitiveDateTime};
use uuid::Uuid;

use crate::value::MOMENT;

/// A row of either engine.
pub(crate) enum Row {
    Lite(SqliteRow),
    Pg(PgRow),
}

/// A kind that a column can hold.
pub(crate) trait Column: Sized {
    /// The column's value; none for NULL.
    fn read(row: &Row, name: &'static str) -> sqlx::Result<Option<Self>>;
}

impl Row {
    /// A column that is never NULL.
    pub(crate) fn get<T: Column>(&self, name: &'static str) -> sqlx::Result<T> {
        T::read(self, name)?.ok_or_else(|| unreadable(name, "NULL where a value must be"))
    }

    /// A column that may be NULL.
    pub(crate) fn get_opt<T: Column>(&self, name: &'static str) -> sqlx::Result<Option<T>> {
        T::read(self, name)
    }

    /// A column that holds one of our words.
    pub(crate) fn word<T>(&self, name: &'static str, from_word: fn(&str) -> Option<T>) -> sqlx::Result<T> {
        let word: String = self.get(name)?;
        from_word(&word).ok_or_else(|| unreadable(name, "an unknown word"))
    }

    /// A column that holds one of our words or NULL.
    pub(crate) fn word_opt<T>(&self, name: &'static str, from_word: fn(&str) -> Option<T>) -> sqlx::Result<Option<T>> {
        match self.get_opt::<String>(name)? {
            Some(word) => from_word(&word).map(Some).ok_or_else(|| unreadable(name, "an unknown word")),
            None => Ok(None),
        }
    }
}

/// Says that a column holds what it must not.
pub(crate) fn unreadable(name: &'static str, why: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> sqlx::Error {
    sqlx::Error::ColumnDecode { index: name.to_owned(), source: why.into() }
}

macro_rules! plain_columns {
    ($($kind:ty)+) => {$(
        impl Column for $kind {
            fn read(row: &Row, name: &'static str) -> sqlx::Result<Option<Self>> {
                match row {
                    Row::Lite(row) => row.try_get(name),
                    Row::Pg(row) => row.try_get(name),
                }
            }
        }
    )+};
}
plain_columns!(Uuid String i64 bool Vec<u8>);

macro_rules! id_columns {
    ($($id:ident)+) => {$(
        impl Column for $id {
            fn read(row: &Row, name: &'static str) -> sqlx::Result<Option<Self>> {
                Ok(Uuid::read(row, name)?.map(Self::from_uuid))
            }
        }
    )+};
}
id_columns!(AuditId DepartmentId InterviewId InvitationId JobId OrderId ParticipantId PersonId QueueId RecordingId);
id_columns!(RoomId SessionId TenantId TrackId UserId);
id_columns!(TakeId UploadId TicketId CustomerId AccountId DepositId ArchiveFileId MessageId BroadcastId);

macro_rules! number_columns {
    ($($kind:ty)+) => {$(
        impl Column for $kind {
            fn read(row: &Row, name: &'static str) -> sqlx::Result<Option<Self>> {
                i64::read(row, name)?.map(|n| n.try_into().map_err(|error| unreadable(name, error))).transpose()
            }
        }
    )+};
}
number_columns!(u8 u16 i32 u32 u64);

impl Column for FileId {
    fn read(row: &Row, name: &'static str) -> sqlx::Result<Option<Self>> {
        Ok(i64::read(row, name)?.map(Self::from_number))
    }
}

impl Column for FolderId {
    fn read(row: &Row, name: &'static str) -> sqlx::Result<Option<Self>> {
        Ok(i64::read(row, name)?.map(Self::from_number))
    }
}

impl Column for [u8; 32] {
    fn read(row: &Row, name: &'static str) -> sqlx::Result<Option<Self>> {
        let bytes: Option<Vec<u8>> = Column::read(row, name)?;
        bytes.map(|bytes| Self::try_from(bytes).map_err(|_| unreadable(name, "not 32 bytes"))).transpose()
    }
}

impl Column for OffsetDateTime {
    fn read(row: &Row, name: &'static str) -> sqlx::Result<Option<Self>> {
        match row {
            Row::Lite(row) => {
                let text: Option<&str> = row.try_get(name)?;
                text.map(|text| PrimitiveDateTime::parse(text, MOMENT).map(PrimitiveDateTime::assume_utc))
                    .transpose()
                    .map_err(|error| unreadable(name, error))
            }
            Row::Pg(row) => row.try_get(name),
        }
    }
}
