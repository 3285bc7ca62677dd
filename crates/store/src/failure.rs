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
}

fn translate(error: sqlx::Error, doing: &'static str) -> Error {
    let code = error.as_database_error().and_then(|refusal| refusal.code().map(std::borrow::Cow::into_owned));
    if code.is_some_and(|code| DISK_FULL.contains(&code.as_str())) {
        return Error::Full;
    }
    match error {
        sqlx::Error::Encode(why) if why.is::<NulInText>() => {
            Error::Invalid("文字中含有不能保存的字符(NUL),请删除后重试".into())
        }
        other => Error::fault(doing, other),
    }
}
