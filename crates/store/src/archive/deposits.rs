//! Deposits with their materials.

use std::sync::LazyLock;

use mingjian_domain::archive::{Deposit, Discard, Place, Source};
use mingjian_domain::error::{Error, Result};
use mingjian_domain::id::{AccountId, ArchiveFileId, DepositId, TenantId};

use super::many;
use crate::Tx;
use crate::dialect::lockable;
use crate::failure::OrFault;
use crate::page::{Page, Paged};
use crate::row::{Row, unreadable};
use crate::value::{Value, args};

/// The deposits of a transaction.
pub struct Deposits<'t>(pub(crate) &'t mut Tx);

/// A material before it has its number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMaterial {
    /// A material code.
    pub code: String,
    /// Its files.
    pub files: Vec<ArchiveFileId>,
}

/// A deposit as a list shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DepositRow {
    /// The deposit.
    pub deposit: Deposit,
    /// Number and business type of the account, where it is filed at one.
    pub account: Option<(String, String)>,
    /// Name of the account's owner or of the customer.
    pub name: String,
    /// Name of the client.
    pub client_name: Option<String>,
}

macro_rules! insert_into {
    () => {
        "INSERT INTO archive_deposits (id, tenant_id, account_id, customer_id, client, recording_id, title, business_id, \
         extras, codes, filed_at, received_at, submitter_id, discarded_at, discard_employee, discard_reason, \
         post_business_id, post_msg)"
    };
}
const INSERT: &str = concat!(
    insert_into!(),
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)"
);
static INSERT_MANY: LazyLock<String> = LazyLock::new(|| many::statement(insert_into!(), 18, ""));

const INSERT_MATERIAL: &str =
    "INSERT INTO archive_materials (deposit_id, position, code) VALUES ($1, $2, $3) RETURNING number";
const INSERT_NUMBERED: &str =
    "INSERT INTO archive_materials (number, deposit_id, position, code) VALUES ($1, $2, $3, $4)";
static INSERT_MANY_NUMBERED: LazyLock<String> =
    LazyLock::new(|| many::statement("INSERT INTO archive_materials (number, deposit_id, position, code)", 4, ""));
const INSERT_FILE: &str = "INSERT INTO archive_material_files (material, position, file_id) VALUES ($1, $2, $3)";
static INSERT_MANY_FILES: LazyLock<String> =
    LazyLock::new(|| many::statement("INSERT INTO archive_material_files (material, position, file_id)", 3, ""));

macro_rules! columns {
    () => {
        "d.id, d.tenant_id, d.account_id, d.customer_id, d.client, d.recording_id, d.title, d.business_id, d.extras, \
         d.codes, d.filed_at, d.received_at, d.submitter_id, d.discarded_at, d.discard_employee, d.discard_reason, \
         d.post_business_id, d.post_msg"
    };
}
macro_rules! select_rows {
    ($tail:literal) => {
        concat!(
            "SELECT ",
            columns!(),
            ", a.number AS account_number, a.biz_type AS account_biz_type, coalesce(a.name, c.name) AS owner, \
             l.name AS client_name FROM archive_deposits d LEFT JOIN archive_accounts a ON a.id = d.account_id \
             LEFT JOIN archive_customers c ON c.id = d.customer_id \
             LEFT JOIN archive_clients l ON l.tenant_id = d.tenant_id AND l.number = d.client \
             WHERE d.tenant_id = $1 ",
            $tail
        )
    };
}

fn values(deposit: &Deposit) -> Vec<Value> {
    let (account, customer) = match deposit.place {
        Place::Account(id) => (Some(id), None),
        Place::Customer(id) => (None, Some(id)),
    };
    let (client, recording) = match &deposit.source {
        Source::Client(number) => (Some(number.clone()), None),
        Source::Recording(id) => (None, Some(*id)),
    };
    let discard = deposit.discard.as_ref();
    args![
        deposit.id,
        deposit.tenant,
        account,
        customer,
        client,
        recording,
        &deposit.title,
        &deposit.business_id,
        &deposit.extras,
        deposit.codes.join(","),
        deposit.filed_at,
        deposit.received_at,
        deposit.submitter,
        discard.map(|discard| discard.at),
        discard.map(|discard| discard.employee.clone()),
        discard.map(|discard| discard.reason.clone()),
        &deposit.post_business_id,
        &deposit.post_msg,
    ]
}

impl Deposits<'_> {
    /// Adds a deposit with its materials.
    ///
    /// # Errors
    /// [`Error::Fault`], also when it points at another tenant's place.
    pub async fn insert(&mut self, deposit: &Deposit, materials: &[NewMaterial]) -> Result<()> {
        self.0.execute(INSERT, values(deposit)).await.or_fault("adding a deposit")?;
        for (position, material) in (0_u32..).zip(materials) {
            let number = self
                .0
                .optional(INSERT_MATERIAL, args![deposit.id, position, &material.code], |row| row.get::<i64>("number"))
                .await
                .or_fault("adding a material")?
                .ok_or_else(|| Error::fault("adding a material", "no number came back"))?;
            for (position, file) in (0_u32..).zip(&material.files) {
                let added = self.0.execute(INSERT_FILE, args![number, position, *file]).await;
                added.or_fault("adding a material's file")?;
            }
        }
        Ok(())
    }

    /// Adds many deposits at once, their materials numbered from `first_number` on: for filling an empty archive.
    ///
    /// # Errors
    /// [`Error::Fault`], also when one of those numbers is taken.
    pub async fn insert_all(&mut self, deposits: &[(Deposit, Vec<NewMaterial>)], first_number: i64) -> Result<()> {
        let doing = "adding deposits";
        many::insert(self.0, INSERT, &INSERT_MANY, deposits, |(deposit, _)| values(deposit)).await.or_fault(doing)?;
        let materials = deposits.iter().flat_map(|(deposit, materials)| {
            (0_u32..).zip(materials).map(move |(position, material)| (deposit.id, position, material))
        });
        let numbered: Vec<_> = (first_number..).zip(materials).collect();
        let material = |&(number, (deposit, position, material)): &(i64, (DepositId, u32, &NewMaterial))| {
            args![number, deposit, position, &material.code]
        };
        many::insert(self.0, INSERT_NUMBERED, &INSERT_MANY_NUMBERED, &numbered, material).await.or_fault(doing)?;
        let files: Vec<_> = numbered
            .iter()
            .flat_map(|&(number, (_, _, material))| {
                (0_u32..).zip(&material.files).map(move |(position, &file)| (number, position, file))
            })
            .collect();
        let file = |&(number, position, file): &(i64, u32, ArchiveFileId)| args![number, position, file];
        many::insert(self.0, INSERT_FILE, &INSERT_MANY_FILES, &files, file).await.or_fault(doing)
    }

    /// The tenant's deposit of that id. In a transaction that writes, nobody else discards it meanwhile.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, id: DepositId) -> Result<Option<Deposit>> {
        let sql = lockable!(
            "SELECT ", columns!(), " FROM archive_deposits d WHERE d.tenant_id = $1 AND d.id = $2"; "d"
        );
        self.0.lock(sql, args![tenant, id], read).await.or_fault("reading a deposit")
    }

    /// The tenant's deposit of that id, as a list shows it.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_row(&mut self, tenant: TenantId, id: DepositId) -> Result<Option<DepositRow>> {
        let row = self.0.optional(select_rows!("AND d.id = $2"), args![tenant, id], read_row).await;
        row.or_fault("reading a deposit as a list shows it")
    }

    /// Takes a deposit back.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn set_discard(&mut self, id: DepositId, discard: &Discard) -> Result<()> {
        self.0
            .execute(
                "UPDATE archive_deposits SET discarded_at = $2, discard_employee = $3, discard_reason = $4 \
                 WHERE id = $1 AND discarded_at IS NULL",
                args![id, discard.at, &discard.employee, &discard.reason],
            )
            .await
            .or_fault("discarding a deposit")?;
        Ok(())
    }

    /// Whether anything of that code is filed at the account and not taken back.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn has_code(&mut self, account: AccountId, code: &str) -> Result<bool> {
        let found = self
            .0
            .optional(
                "SELECT m.number FROM archive_deposits d JOIN archive_materials m ON m.deposit_id = d.id \
                 WHERE d.account_id = $1 AND d.discarded_at IS NULL AND m.code = $2 LIMIT 1",
                args![account, code],
                |row| row.get::<i64>("number"),
            )
            .await
            .or_fault("looking for materials of a code")?;
        Ok(found.is_some())
    }

    /// The tenant's deposits, the newest first; those of one account, if one is named.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none; [`Error::Fault`].
    pub async fn list(
        &mut self,
        tenant: TenantId,
        account: Option<AccountId>,
        page: &Page,
    ) -> Result<Paged<DepositRow>> {
        const ALL: &str = select_rows!("AND d.id < $2 ORDER BY d.id DESC LIMIT $3");
        const OF_ACCOUNT: &str = select_rows!("AND d.account_id = $4 AND d.id < $2 ORDER BY d.id DESC LIMIT $3");
        let mut args = args![tenant, page.below()?, page.fetch()];
        let sql = match account {
            Some(account) => {
                args.push(Value::from(account));
                OF_ACCOUNT
            }
            None => ALL,
        };
        let rows = self.0.all(sql, args, read_row).await.or_fault("listing deposits")?;
        Ok(page.cut(rows, |row| row.deposit.id.as_uuid()))
    }
}

fn read(row: &Row) -> sqlx::Result<Deposit> {
    let place = match (row.get_opt("account_id")?, row.get_opt("customer_id")?) {
        (Some(account), None) => Place::Account(account),
        (None, Some(customer)) => Place::Customer(customer),
        _ => return Err(unreadable("account_id", "neither an account nor a customer, or both")),
    };
    let source = match (row.get_opt("client")?, row.get_opt("recording_id")?) {
        (Some(number), None) => Source::Client(number),
        (None, Some(recording)) => Source::Recording(recording),
        _ => return Err(unreadable("client", "neither a client nor a recording, or both")),
    };
    let discard = match row.get_opt("discarded_at")? {
        Some(at) => Some(Discard { at, employee: row.get("discard_employee")?, reason: row.get("discard_reason")? }),
        None => None,
    };
    let codes: String = row.get("codes")?;
    Ok(Deposit {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        place,
        source,
        title: row.get_opt("title")?,
        business_id: row.get_opt("business_id")?,
        extras: row.get_opt("extras")?,
        codes: codes.split(',').map(str::to_owned).collect(),
        filed_at: row.get("filed_at")?,
        received_at: row.get("received_at")?,
        submitter: row.get_opt("submitter_id")?,
        discard,
        post_business_id: row.get_opt("post_business_id")?,
        post_msg: row.get_opt("post_msg")?,
    })
}

fn read_row(row: &Row) -> sqlx::Result<DepositRow> {
    let number: Option<String> = row.get_opt("account_number")?;
    Ok(DepositRow {
        deposit: read(row)?,
        account: match number {
            Some(number) => Some((number, row.get("account_biz_type")?)),
            None => None,
        },
        name: row.get("owner")?,
        client_name: row.get_opt("client_name")?,
    })
}
