//! What is filed where: the current materials, and history where it is asked for.

use std::collections::HashMap;

use mingjian_domain::archive::codes::CodeTable;
use mingjian_domain::archive::{AccountKey, Place};
use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::AccountId;
use mingjian_store::{AccountRow, MaterialRow, Tx};
use time::OffsetDateTime;

use super::{files, reach};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// What is wanted of an account's materials.
#[derive(Debug, Clone, Default)]
pub struct MaterialQuery {
    /// Those that are filed at the customer as well.
    pub with_customer: bool,
    /// Those of the past as well.
    pub with_history: bool,
    /// Only of these codes; none for all.
    pub codes: Vec<String>,
}

/// Which account is asked about.
#[derive(Debug, Clone)]
pub enum Which {
    /// By its id.
    Id(AccountId),
    /// By number and business type.
    Key(AccountKey),
}

/// A material with the name of its code.
#[derive(Debug, Clone)]
pub struct Filed {
    /// The material.
    pub row: MaterialRow,
    /// Name of its code.
    pub name: String,
    /// When it became history: taken back, or followed by a newer deposit of the same code. None while it is current.
    pub history_since: Option<OffsetDateTime>,
}

/// The materials of an account, the oldest first.
///
/// # Errors
/// [`Error::Missing`] for an unknown account; [`Error::Denied`] for another department.
pub async fn list_materials(
    service: &Service,
    caller: &Caller,
    which: &Which,
    query: &MaterialQuery,
) -> Result<(AccountRow, Vec<Filed>)> {
    let tenant = caller.tenant();
    let mut tx = service.store.read().await?;
    let (reach, _) = reach::of(&mut tx, caller).await?;
    let account = match which {
        Which::Id(id) => tx.accounts().lookup(tenant, *id).await?,
        Which::Key(key) => tx.accounts().lookup_by_key(tenant, key).await?,
    };
    let account = account.ok_or(Error::Missing(Noun::Account))?;
    reach.check(&[account.account.department])?;
    let mut rows = filed(&mut tx, caller, Place::Account(account.account.id)).await?;
    if query.with_customer {
        rows.extend(filed(&mut tx, caller, Place::Customer(account.account.customer)).await?);
    }
    drop(tx);
    rows.retain(|filed| {
        (query.with_history || filed.history_since.is_none())
            && (query.codes.is_empty() || query.codes.contains(&filed.row.material.code))
    });
    note_reading(service, caller, account.account.id).await?;
    Ok((account, rows))
}

async fn filed(tx: &mut Tx, caller: &Caller, place: Place) -> Result<Vec<Filed>> {
    let rows = tx.materials().list(caller.tenant(), place).await?;
    let names = tx.codes().list_with_removed(caller.tenant(), CodeTable::Material).await?;
    let since = history(&rows);
    let named = |(row, history_since): (MaterialRow, Option<OffsetDateTime>)| {
        let name = names.iter().find(|known| known.code == row.material.code).map(|known| known.name.clone());
        Filed { name: name.unwrap_or_else(|| row.material.code.clone()), row, history_since }
    };
    Ok(rows.into_iter().zip(since).map(named).collect())
}

/// For each material of one place, in the order in which they came, since when it is history. Of each code those of the newest
/// deposit that is not taken back are current.
fn history(rows: &[MaterialRow]) -> Vec<Option<OffsetDateTime>> {
    let mut newest = HashMap::new();
    // From the newest on: what comes earlier is followed by the one seen last.
    let mut since: Vec<_> = rows
        .iter()
        .rev()
        .map(|row| {
            if let Some(discard) = &row.discard {
                return Some(discard.at);
            }
            let (deposit, received_at) = (row.material.deposit, row.received_at);
            match newest.insert(row.material.code.as_str(), (deposit, received_at, None)) {
                None => None,
                Some((next, at, its)) if next == deposit => {
                    newest.insert(row.material.code.as_str(), (deposit, at, its));
                    its
                }
                Some((_, at, _)) => {
                    newest.insert(row.material.code.as_str(), (deposit, received_at, Some(at)));
                    Some(at)
                }
            }
        })
        .collect();
    since.reverse();
    since
}

async fn note_reading(service: &Service, caller: &Caller, account: AccountId) -> Result<()> {
    let reader = format!("{}@{}", files::name_of(caller), caller.address().unwrap_or_default());
    if !service.fetches.is_new(&format!("materials:{account}"), &reader, service.now()) {
        return Ok(());
    }
    let mut tx = service.store.begin().await?;
    let subject = Subject { noun: "account", id: account.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "read_materials", subject, None)).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use mingjian_domain::archive::{Discard, Material, Source};
    use mingjian_domain::id::DepositId;
    use mingjian_domain::random::Counting;
    use time::Duration;

    use super::*;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    /// Materials of deposits made a minute after each other: (deposit, code, discarded).
    fn rows(filed: &[(u8, &str, bool)]) -> Vec<MaterialRow> {
        let mut random = Counting::default();
        let deposits: Vec<_> = (0..10).map(|_| DepositId::mint(NOON, &mut random)).collect();
        let account = AccountId::mint(NOON, &mut random);
        let row = |(number, &(deposit, code, discarded)): (i64, &(u8, &str, bool))| MaterialRow {
            material: Material {
                number,
                deposit: deposits[usize::from(deposit)],
                code: code.into(),
                files: Vec::new(),
            },
            files: Vec::new(),
            place: Place::Account(account),
            source: Source::Client("c".into()),
            client_name: None,
            title: None,
            submitter: None,
            filed_at: NOON,
            received_at: NOON + Duration::minutes(deposit.into()),
            discard: discarded.then(|| Discard {
                at: NOON + Duration::hours(1),
                employee: "e".into(),
                reason: "r".into(),
            }),
        };
        (0..).zip(filed).map(row).collect()
    }

    fn minutes(filed: &[(u8, &str, bool)]) -> Vec<Option<i64>> {
        let since = history(&rows(filed));
        since.into_iter().map(|at| at.map(|at| (at - NOON).whole_minutes())).collect()
    }

    #[test]
    fn a_newer_deposit_of_a_code_makes_the_older_one_history() {
        let filed = [(0, "A", false), (0, "B", false), (1, "A", false), (2, "A", false)];
        assert_eq!(minutes(&filed), [Some(1), None, Some(2), None]);
    }

    #[test]
    fn pages_of_one_deposit_stay_together() {
        let filed = [(0, "A", false), (0, "A", false), (1, "A", false), (1, "A", false)];
        assert_eq!(minutes(&filed), [Some(1), Some(1), None, None]);
    }

    #[test]
    fn taking_the_newest_back_makes_the_one_before_current_again() {
        let filed = [(0, "A", false), (1, "A", true)];
        assert_eq!(minutes(&filed), [None, Some(60)]);
    }
}
