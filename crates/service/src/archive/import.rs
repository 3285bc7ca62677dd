//! Accounts from the counter, by the thousand: all rows or none.

use mingjian_domain::error::{Error, Result};
use mingjian_store::Changes;

use super::accounts::{AccountDraft, CounterDraft, Imported, Rules, import_one};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// More rows are refused, so that one import does not hold the archive for minutes.
pub const MOST_ROWS: usize = 20_000;

/// One row of an import.
pub struct ImportRow {
    /// Which line of the file it is, for messages.
    pub line: u64,
    /// The account.
    pub account: AccountDraft,
    /// What the counter tells beside it.
    pub counter: CounterDraft,
}

/// What an import did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ImportReport {
    /// Accounts that are new.
    pub created: u32,
    /// Accounts that were changed.
    pub updated: u32,
    /// Accounts that were so already.
    pub unchanged: u32,
}

/// Makes the accounts that are new and updates the others.
///
/// # Errors
/// [`Error::Invalid`] naming the line and the field, and as [`super::accounts::create_account`]; then nothing is taken in.
pub async fn import_accounts(service: &Service, caller: &Caller, rows: Vec<ImportRow>) -> Result<ImportReport> {
    if rows.len() > MOST_ROWS {
        return Err(Error::Invalid(format!("一次最多导入 {MOST_ROWS} 行，请分批导入")));
    }
    let mut tx = service.store.begin().await?;
    let mut next = tx.archive_index().lock(caller.tenant()).await?;
    let rules = Rules::of(&mut tx, caller).await?;
    let (mut report, mut changes) = (ImportReport::default(), Changes::default());
    for ImportRow { line, account, counter } in rows {
        let imported = import_one(service, &mut tx, &rules, account, counter, &mut next, &mut changes).await;
        let at_line = |error| {
            if let Error::Invalid(sentence) = error {
                Error::Invalid(format!("第 {line} 行 {sentence}"))
            } else {
                error
            }
        };
        match imported.map_err(at_line)? {
            Imported::Created => report.created += 1,
            Imported::Updated => report.updated += 1,
            Imported::Unchanged => report.unchanged += 1,
        }
    }
    tx.archive_index().apply(caller.tenant(), changes, next).await?;
    let subject = Subject { noun: "account", id: "import".to_owned() };
    let detail = serde_json::json!({"created": report.created, "updated": report.updated}).to_string();
    tx.audit().append(&service.audit_line(Act::of(caller), "import_accounts", subject, Some(detail))).await?;
    tx.commit().await?;
    Ok(report)
}
