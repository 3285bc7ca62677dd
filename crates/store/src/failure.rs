//! What a database says when it refuses, in our words.

use mingjian_domain::error::{Conflict, Error, Result};

use crate::value::NulInText;

/// `SQLITE_FULL` (sqlite.org/rescode.html) and PostgreSQL's `disk_full` (its appendix A, class 53).
const DISK_FULL: [&str; 2] = ["13", "53100"];

/// Turns a driver's error into ours.
pub(crate) trait OrFault<T> {
    /// The error, as a fault while `doing` something.
    fn or_fault(self, doing: &'static str) -> Result<T>;

    /// Like `or_fault`, but a row that is already there is this conflict.
    fn or_conflict(self, conflict: impl FnOnce() -> Conflict, doing: &'static str) -> Result<T>;

    /// Like `or_conflict`, but only for one of the table's unique keys: by its columns as SQLite names them, and by its
    /// own name as PostgreSQL does.
    fn or_conflict_of(self, key: UniqueKey, conflict: Conflict, doing: &'static str) -> Result<T>;
}

/// A unique key, as each engine names it.
#[derive(Clone, Copy)]
pub(crate) struct UniqueKey {
    pub(crate) lite: &'static str,
    pub(crate) pg: &'static str,
}

impl<T> OrFault<T> for sqlx::Result<T> {
    fn or_fault(self, doing: &'static str) -> Result<T> {
        self.map_err(|error| translate(error, doing))
    }

    fn or_conflict(self, conflict: impl FnOnce() -> Conflict, doing: &'static str) -> Result<T> {
        self.map_err(|error| match error.as_database_error() {
            Some(refusal) if refusal.is_unique_violation() => Error::Conflict(conflict()),
            _ => translate(error, doing),
        })
    }

    fn or_conflict_of(self, key: UniqueKey, conflict: Conflict, doing: &'static str) -> Result<T> {
        self.map_err(|error| match error.as_database_error() {
            Some(refusal) if refusal.is_unique_violation() && key.is_named_by(refusal) => Error::Conflict(conflict),
            _ => translate(error, doing),
        })
    }
}

impl UniqueKey {
    fn is_named_by(self, refusal: &dyn sqlx::error::DatabaseError) -> bool {
        match refusal.constraint() {
            Some(name) => name == self.pg,
            // "UNIQUE constraint failed: table.column, table.column"
            None => refusal.message().rsplit(": ").next() == Some(self.lite),
        }
    }
}

fn translate(error: sqlx::Error, doing: &'static str) -> Error {
    let code = error.as_database_error().and_then(|refusal| refusal.code().map(std::borrow::Cow::into_owned));
    if code.is_some_and(|code| DISK_FULL.contains(&code.as_str())) {
        return Error::Full;
    }
    if let sqlx::Error::Encode(why) = &error
        && why.is::<NulInText>()
    {
        return Error::Invalid("文字中含有不能保存的字符（NUL），请删除后重试".into());
    }
    Error::fault(doing, error)
}
