//! Accounts of the archive's customers.

use std::sync::LazyLock;

use mingjian_domain::archive::{Account, AccountKey, AccountStatus, Category, Customer, Label};
use mingjian_domain::error::{Conflict, Doing, Result};
use mingjian_domain::id::{AccountId, TenantId};
use time::Date;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;

use super::{customers, many};
use crate::Tx;
use crate::dialect::{ACCOUNTS_AT_ON_POSTGRES, ACCOUNTS_AT_ON_SQLITE};
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::{Value, args};

const DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");

/// The accounts of a transaction.
pub struct Accounts<'t>(pub(crate) &'t mut Tx);

/// An account with its customer and the codes and names of their departments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountRow {
    /// The account.
    pub account: Account,
    /// Its customer.
    pub customer: Customer,
    /// Code of the account's department.
    pub department_code: String,
    /// Its name.
    pub department_name: String,
    /// Code of the department above.
    pub parent_code: Option<String>,
    /// Code of the customer's department.
    pub customer_department_code: String,
}

macro_rules! insert_into {
    () => {
        "INSERT INTO archive_accounts (id, tenant_id, ordinal, customer_id, department_id, number, biz_type, status, name, \
         full_name, customer_type, opened_on, written_off_on, src_type, category, labels, created_at)"
    };
}
const INSERT: &str =
    concat!(insert_into!(), " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)");
static INSERT_MANY: LazyLock<String> = LazyLock::new(|| many::statement(insert_into!(), 17, ""));

/// Accounts with their customers and departments.
macro_rules! select_rows {
    () => {
        concat!(
            "SELECT a.id, a.tenant_id, a.ordinal, a.customer_id, a.department_id, a.number, a.biz_type, a.status, \
             a.name, a.full_name, a.customer_type, a.opened_on, a.written_off_on, a.src_type, a.category, a.labels, \
             a.created_at, d.code AS department_code, d.name AS department_name, p.code AS parent_code, \
             e.code AS customer_department_code, ",
            $crate::archive::customer_columns!(),
            " FROM archive_accounts a JOIN archive_customers c ON c.id = a.customer_id \
             JOIN departments d ON d.id = a.department_id LEFT JOIN departments p ON p.id = d.parent_id \
             JOIN departments e ON e.id = c.department_id WHERE a.tenant_id = $1 AND "
        )
    };
}
pub(crate) use select_rows;

fn values(account: &Account) -> Vec<Value> {
    args![
        account.id,
        account.tenant,
        account.ordinal,
        account.customer,
        account.department,
        &account.number,
        &account.biz_type,
        account.status.word(),
        &account.name,
        &account.full_name,
        &account.customer_type,
        account.opened_on.to_string(),
        account.written_off_on.map(|day| day.to_string()),
        &account.src_type,
        account.category.as_ref().map(json),
        json(&account.labels),
        account.created_at,
    ]
}

fn json<T: serde::Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("codes and names are JSON")
}

impl Accounts<'_> {
    /// Adds an account. The index is the caller's to change with it: [`ArchiveIndex`](super::ArchiveIndex).
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the tenant has one of that number and business type;
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, account: &Account) -> Result<()> {
        let inserted = self.0.execute(INSERT, values(account)).await;
        inserted.or_conflict(|| Conflict::NameTaken(account.number.clone()), "adding an account")?;
        Ok(())
    }

    /// Adds many accounts at once.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault), also when the tenant has one of them.
    pub async fn insert_all(&mut self, accounts: &[Account]) -> Result<()> {
        many::insert(self.0, INSERT, &INSERT_MANY, accounts, values).await.or_fault("adding accounts")
    }

    /// Saves everything but what tells the account apart.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn save(&mut self, account: &Account) -> Result<()> {
        self.0
            .execute(
                "UPDATE archive_accounts SET department_id = $2, status = $3, name = $4, full_name = $5, \
                 customer_type = $6, opened_on = $7, written_off_on = $8, src_type = $9, category = $10, labels = $11 \
                 WHERE id = $1",
                args![
                    account.id,
                    account.department,
                    account.status.word(),
                    &account.name,
                    &account.full_name,
                    &account.customer_type,
                    account.opened_on.to_string(),
                    account.written_off_on.map(|day| day.to_string()),
                    &account.src_type,
                    account.category.as_ref().map(json),
                    json(&account.labels),
                ],
            )
            .await
            .or_fault("saving an account")?;
        Ok(())
    }

    /// The tenant's account of that id.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, tenant: TenantId, id: AccountId) -> Result<Option<AccountRow>> {
        const SQL: &str = concat!(select_rows!(), "a.id = $2");
        self.0.optional(SQL, args![tenant, id], read).await.or_fault("reading an account")
    }

    /// The tenant's account of that number and business type.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_key(&mut self, tenant: TenantId, key: &AccountKey) -> Result<Option<AccountRow>> {
        const SQL: &str = concat!(select_rows!(), "a.number = $2 AND a.biz_type = $3");
        let args = args![tenant, &key.number, &key.biz_type];
        self.0.optional(SQL, args, read).await.or_fault("reading an account by its number")
    }

    /// The tenant's accounts with these ordinals, in their order.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list_at(&mut self, tenant: TenantId, ordinals: &[u32]) -> Result<Vec<AccountRow>> {
        let list = serde_json::to_string(ordinals).doing("naming accounts")?;
        let sql = if self.0.is_postgres() { ACCOUNTS_AT_ON_POSTGRES } else { ACCOUNTS_AT_ON_SQLITE };
        self.0.all(sql, args![tenant, list], read).await.or_fault("reading a page of accounts")
    }

    /// Ordinals of the tenant's accounts whose number or name begins with that text: at most `limit`, of each kind.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn ordinals_beginning_with(&mut self, tenant: TenantId, text: &str, limit: u32) -> Result<Vec<u32>> {
        // The last character there is: every text that begins so comes before it.
        let end = format!("{text}\u{10FFFF}");
        let mut found: Vec<u32> = self
            .0
            .all(
                "SELECT ordinal FROM archive_accounts WHERE tenant_id = $1 AND number >= $2 AND number < $3 \
                 ORDER BY number LIMIT $4",
                args![tenant, text, &end, limit],
                |row| row.get("ordinal"),
            )
            .await
            .or_fault("looking for accounts by number")?;
        let by_name: Vec<u32> = self
            .0
            .all(
                "SELECT ordinal FROM archive_accounts WHERE tenant_id = $1 AND name >= $2 AND name < $3 \
                 ORDER BY name LIMIT $4",
                args![tenant, text, &end, limit],
                |row| row.get("ordinal"),
            )
            .await
            .or_fault("looking for accounts by name")?;
        found.extend(by_name);
        Ok(found)
    }
}

pub(super) fn read(row: &Row) -> sqlx::Result<AccountRow> {
    let day = |text: &str, name| Date::parse(text, DAY).map_err(|error| unreadable(name, error));
    let category: Option<String> = row.get_opt("category")?;
    let category: Option<Category> =
        category.map(|text| serde_json::from_str(&text)).transpose().map_err(|error| unreadable("category", error))?;
    let labels: String = row.get("labels")?;
    let labels: Vec<Label> = serde_json::from_str(&labels).map_err(|error| unreadable("labels", error))?;
    let written_off_on: Option<String> = row.get_opt("written_off_on")?;
    Ok(AccountRow {
        account: Account {
            id: row.get("id")?,
            tenant: row.get("tenant_id")?,
            ordinal: row.get("ordinal")?,
            customer: row.get("customer_id")?,
            department: row.get("department_id")?,
            number: row.get("number")?,
            biz_type: row.get("biz_type")?,
            status: row.word("status", AccountStatus::from_word)?,
            name: row.get("name")?,
            full_name: row.get_opt("full_name")?,
            customer_type: row.get("customer_type")?,
            opened_on: day(&row.get::<String>("opened_on")?, "opened_on")?,
            written_off_on: written_off_on.map(|text| day(&text, "written_off_on")).transpose()?,
            src_type: row.get_opt("src_type")?,
            category,
            labels,
            created_at: row.get("created_at")?,
        },
        customer: customers::read(row)?,
        department_code: row.get("department_code")?,
        department_name: row.get("department_name")?,
        parent_code: row.get_opt("parent_code")?,
        customer_department_code: row.get("customer_department_code")?,
    })
}
