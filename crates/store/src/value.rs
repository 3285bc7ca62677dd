//! What is passed into a statement: one list of kinds that both engines take.

use mingjian_domain::id::{
    AccountId, ArchiveFileId, AuditId, BroadcastId, CustomerId, DepartmentId, DepositId, FileId, FolderId, InterviewId,
    InvitationId, JobId, MessageId, OrderId, ParticipantId, PersonId, QueueId, RecordingId, RoomId, SessionId, TakeId,
    TenantId, TicketId, TrackId, UploadId, UserId,
};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::sqlite::SqliteArguments;
use sqlx::{Postgres, Sqlite};
use time::OffsetDateTime;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use uuid::Uuid;

/// Moments in SQLite: always 27 characters in UTC, so that their order as text is their order in time.
pub(crate) const MOMENT: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:6]Z");

/// One argument. It has no `Debug`, since it may be a secret.
pub(crate) enum Value {
    Id(Option<Uuid>),
    Text(Option<String>),
    Int(Option<i64>),
    Bool(bool),
    Bytes(Option<Vec<u8>>),
    Moment(Option<OffsetDateTime>),
}

/// PostgreSQL cannot keep the character NUL in a text; so that both engines tell one story, SQLite refuses it as well.
#[derive(Debug, thiserror::Error)]
#[error("a text holds the character NUL")]
pub(crate) struct NulInText;

/// The arguments of a statement, in the order of `$1`, `$2`, …
macro_rules! args {
    ($($value:expr),* $(,)?) => { vec![$($crate::value::Value::from($value)),*] };
}
pub(crate) use args;

pub(crate) fn bind_lite(
    mut query: Query<'static, Sqlite, SqliteArguments>,
    args: Vec<Value>,
) -> sqlx::Result<Query<'static, Sqlite, SqliteArguments>> {
    for value in args {
        query = match value {
            Value::Id(id) => query.bind(id),
            Value::Text(text) => query.bind(checked(text)?),
            Value::Int(number) => query.bind(number),
            Value::Bool(flag) => query.bind(flag),
            Value::Bytes(bytes) => query.bind(bytes),
            Value::Moment(moment) => query.bind(moment.map(moment_text).transpose()?),
        };
    }
    Ok(query)
}

pub(crate) fn bind_pg(
    mut query: Query<'static, Postgres, PgArguments>,
    args: Vec<Value>,
) -> sqlx::Result<Query<'static, Postgres, PgArguments>> {
    for value in args {
        query = match value {
            Value::Id(id) => query.bind(id),
            Value::Text(text) => query.bind(checked(text)?),
            Value::Int(number) => query.bind(number),
            Value::Bool(flag) => query.bind(flag),
            Value::Bytes(bytes) => query.bind(bytes),
            Value::Moment(moment) => query.bind(moment),
        };
    }
    Ok(query)
}

fn checked(text: Option<String>) -> sqlx::Result<Option<String>> {
    match text {
        Some(text) if text.contains('\0') => Err(sqlx::Error::Encode(Box::new(NulInText))),
        text => Ok(text),
    }
}

fn moment_text(moment: OffsetDateTime) -> sqlx::Result<String> {
    moment.to_offset(time::UtcOffset::UTC).format(MOMENT).map_err(|error| sqlx::Error::Encode(Box::new(error)))
}

macro_rules! from_ids {
    ($($id:ident)+) => {$(
        impl From<$id> for Value {
            fn from(id: $id) -> Self {
                Self::Id(Some(id.as_uuid()))
            }
        }
        impl From<Option<$id>> for Value {
            fn from(id: Option<$id>) -> Self {
                Self::Id(id.map($id::as_uuid))
            }
        }
    )+};
}
from_ids!(AuditId DepartmentId InterviewId InvitationId JobId OrderId ParticipantId PersonId QueueId RecordingId);
from_ids!(RoomId SessionId TenantId TrackId UserId);
from_ids!(TakeId UploadId TicketId CustomerId AccountId DepositId ArchiveFileId MessageId BroadcastId);

macro_rules! from_others {
    ($($from:ty, $value:ident => $to:expr;)+) => {$(
        impl From<$from> for Value {
            fn from($value: $from) -> Self {
                $to
            }
        }
    )+};
}
from_others! {
    Uuid, id => Self::Id(Some(id));
    &str, text => Self::Text(Some(text.to_owned()));
    &String, text => Self::Text(Some(text.clone()));
    String, text => Self::Text(Some(text));
    Option<&str>, text => Self::Text(text.map(str::to_owned));
    Option<String>, text => Self::Text(text);
    &Option<String>, text => Self::Text(text.clone());
    bool, flag => Self::Bool(flag);
    i64, number => Self::Int(Some(number));
    Option<i64>, number => Self::Int(number);
    u8, number => Self::Int(Some(i64::from(number)));
    u16, number => Self::Int(Some(i64::from(number)));
    Option<u16>, number => Self::Int(number.map(i64::from));
    i32, number => Self::Int(Some(i64::from(number)));
    u32, number => Self::Int(Some(i64::from(number)));
    // Measures in milliseconds and bytes: 2^63 of either are out of reach.
    u64, number => Self::Int(Some(i64::try_from(number).unwrap_or(i64::MAX)));
    Option<u64>, number => Self::Int(number.map(|number| i64::try_from(number).unwrap_or(i64::MAX)));
    FileId, id => Self::Int(Some(id.number()));
    FolderId, id => Self::Int(Some(id.number()));
    Option<FolderId>, id => Self::Int(id.map(FolderId::number));
    Vec<u8>, bytes => Self::Bytes(Some(bytes));
    [u8; 32], hash => Self::Bytes(Some(hash.to_vec()));
    &[u8; 32], hash => Self::Bytes(Some(hash.to_vec()));
    Option<[u8; 32]>, hash => Self::Bytes(hash.map(|hash| hash.to_vec()));
    OffsetDateTime, moment => Self::Moment(Some(moment));
    Option<OffsetDateTime>, moment => Self::Moment(moment);
}
