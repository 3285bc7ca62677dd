//! Accounts with their customers: made by a business system, told by the counter, found and searched.

use mingjian_domain::archive::codes::{Code, CodeTable};
use mingjian_domain::archive::{Account, AccountKey, AccountStatus, Category, Customer, CustomerKind, Label, Paper};
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{AccountId, CustomerId, DepartmentId};
use mingjian_domain::tenant::{Department, Tenant};
use mingjian_store::{AccountFilter, AccountRow, Changes, Dimension, Found, Tx};
use time::Date;

use super::reach::{self, Reach};
use super::{LONGEST_TEXT, codes, files, invalid, optional, required};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::revision::{Expected, Revision};

/// Longest number of an account or a paper, in bytes.
const LONGEST_NUMBER: usize = 64;
/// So many accounts are looked through for a beginning of a number or a name.
const MOST_BEGINNINGS: u32 = 10_000;

/// An account as a business system sends it. Fields are named in messages as the document names them.
#[derive(Clone)]
pub struct AccountDraft {
    /// `deptCode`.
    pub dept_code: String,
    /// `accountNo`.
    pub number: String,
    /// `accountBizType`.
    pub biz_type: String,
    /// `accountName`.
    pub name: String,
    /// `accountCustomerType`.
    pub customer_type: String,
    /// `customerType`.
    pub kind: CustomerKind,
    /// `accountStatus`.
    pub status: AccountStatus,
    /// `idType`, `idNo`, `extraCode`.
    pub paper: Paper,
}

/// What the counter tells of an account; what is absent stays as it is.
#[derive(Clone, Default)]
pub struct CounterDraft {
    /// `accountStatus`.
    pub status: Option<AccountStatus>,
    /// `accountName`.
    pub name: Option<String>,
    /// `accountFullName`.
    pub full_name: Option<String>,
    /// `accountCustomerType`.
    pub customer_type: Option<String>,
    /// `deptCode`.
    pub dept_code: Option<String>,
    /// `openAcctDate`.
    pub opened_on: Option<Date>,
    /// `writeoffDate`.
    pub written_off_on: Option<Date>,
    /// `srcType`.
    pub src_type: Option<String>,
    /// `accountCategory`.
    pub category: Option<Category>,
    /// `accountLabelList`.
    pub labels: Option<Vec<Label>>,
    /// `customerName`.
    pub customer_name: Option<String>,
    /// `customerFullName`.
    pub customer_full_name: Option<String>,
    /// `raxRegNo`.
    pub tax_no: Option<String>,
    /// `licenseNo`.
    pub license_no: Option<String>,
    /// `amlRiskCode`.
    pub aml_risk_code: Option<String>,
    /// `amlRiskCodeName`.
    pub aml_risk_name: Option<String>,
}

/// What a search asks for; departments narrow the caller's own.
#[derive(Debug, Clone, Default)]
pub struct AccountQuery {
    /// Everything but the departments.
    pub filter: AccountFilter,
    /// Codes of departments; none for all of the caller's.
    pub dept_codes: Vec<String>,
    /// Beginning of a number or a name.
    pub beginning: Option<String>,
}

/// A page of a search.
#[derive(Debug)]
pub struct AccountPage {
    /// How many accounts in all.
    pub total: u64,
    /// Those of the page.
    pub rows: Vec<AccountRow>,
}

/// What accounts are checked against.
pub(super) struct Rules {
    pub(super) tenant: Tenant,
    pub(super) reach: Reach,
    pub(super) departments: Vec<Department>,
    biz_types: Vec<Code>,
    customer_types: Vec<Code>,
    id_types: Vec<Code>,
}

impl Rules {
    pub(super) async fn of(tx: &mut Tx, caller: &Caller) -> Result<Self> {
        let (reach, departments) = reach::of(tx, caller).await?;
        let tenant = caller.tenant();
        Ok(Self {
            tenant: tx.tenants().lookup(tenant).await?.ok_or(Error::Missing(Noun::Tenant))?,
            reach,
            departments,
            biz_types: tx.codes().list(tenant, CodeTable::BizType).await?,
            customer_types: tx.codes().list(tenant, CodeTable::CustomerType).await?,
            id_types: tx.codes().list(tenant, CodeTable::IdType).await?,
        })
    }

    /// The department of that code, if the caller may act in it.
    fn department(&self, code: &str) -> Result<DepartmentId> {
        let found = self.departments.iter().find(|department| department.code == code);
        let id = found.ok_or_else(|| invalid("deptCode", "没有这个营业部，请核对部门编号"))?.id;
        self.reach.check(&[id])?;
        Ok(id)
    }
}

impl AccountDraft {
    fn check(mut self, rules: &Rules) -> Result<(Self, DepartmentId)> {
        self.number = required("accountNo", &self.number, LONGEST_NUMBER)?;
        self.name = required("accountName", &self.name, LONGEST_TEXT)?;
        self.paper.id_no = required("idNo", &self.paper.id_no, LONGEST_NUMBER)?;
        let extra_code = optional("extraCode", Some(self.paper.extra_code), LONGEST_NUMBER)?;
        self.paper.extra_code = extra_code.unwrap_or_default();
        codes::check(&rules.biz_types, "accountBizType", &self.biz_type)?;
        codes::check(&rules.customer_types, "accountCustomerType", &self.customer_type)?;
        codes::check(&rules.id_types, "idType", &self.paper.id_type)?;
        let department = rules.department(self.dept_code.trim())?;
        Ok((self, department))
    }

    fn is(&self, row: &AccountRow, department: DepartmentId) -> bool {
        let (account, customer) = (&row.account, &row.customer);
        account.department == department
            && account.name == self.name
            && account.customer_type == self.customer_type
            && account.status == self.status
            && customer.kind == self.kind
            && customer.paper == self.paper
    }
}

/// Makes an account, and its customer where the paper is new. One that is there already and identical is given back unchanged.
///
/// # Errors
/// [`Error::Invalid`] naming the field; [`Conflict::NameTaken`] when there is another account of that number and business type;
/// [`Error::Denied`] for another department.
pub async fn create_account(service: &Service, caller: &Caller, draft: AccountDraft) -> Result<AccountRow> {
    let mut tx = service.store.begin().await?;
    let mut next = tx.archive_index().lock(caller.tenant()).await?;
    let rules = Rules::of(&mut tx, caller).await?;
    let (draft, department) = draft.check(&rules)?;
    let key = AccountKey { number: draft.number.clone(), biz_type: draft.biz_type.clone() };
    if let Some(row) = tx.accounts().lookup_by_key(caller.tenant(), &key).await? {
        let same = draft.is(&row, department);
        return if same { Ok(row) } else { Err(Conflict::NameTaken(draft.number).into()) };
    }
    let mut changes = Changes::default();
    let id = add_account(service, &mut tx, &rules, draft, department, "crm", &mut next, &mut changes).await?;
    tx.archive_index().apply(caller.tenant(), changes, next).await?;
    let subject = Subject { noun: "account", id: id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "create_account", subject, None)).await?;
    let row = tx.accounts().lookup(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::Account))?;
    tx.commit().await?;
    Ok(row)
}

/// Adds a checked account at the next ordinal.
#[expect(clippy::too_many_arguments, reason = "one step of two verbs, which hold all of these already")]
async fn add_account(
    service: &Service,
    tx: &mut Tx,
    rules: &Rules,
    draft: AccountDraft,
    department: DepartmentId,
    src_type: &str,
    next: &mut u32,
    changes: &mut Changes,
) -> Result<AccountId> {
    let now = service.now();
    let tenant = rules.tenant.id;
    let customer = match tx.customers().lookup_by_paper(tenant, &draft.paper).await? {
        Some(customer) if customer.kind != draft.kind => {
            return Err(invalid("customerType", "该证件的客户已登记为另一种客户类型，请核对"));
        }
        Some(customer) => customer.id,
        None => {
            let customer = Customer {
                id: service.draw(|random| CustomerId::mint(now, random)),
                tenant,
                kind: draft.kind,
                name: draft.name.clone(),
                full_name: None,
                department,
                paper: draft.paper,
                tax_no: None,
                license_no: None,
                created_at: now,
                src_type: Some(src_type.to_owned()),
                aml_risk_code: None,
                aml_risk_name: None,
            };
            tx.customers().insert(&customer).await?;
            customer.id
        }
    };
    let account = Account {
        id: service.draw(|random| AccountId::mint(now, random)),
        tenant,
        ordinal: *next,
        customer,
        department,
        number: draft.number,
        biz_type: draft.biz_type,
        status: draft.status,
        name: draft.name,
        full_name: None,
        customer_type: draft.customer_type,
        opened_on: now.to_offset(rules.tenant.zone).date(),
        written_off_on: None,
        src_type: Some(src_type.to_owned()),
        category: None,
        labels: Vec::new(),
        created_at: now,
    };
    tx.accounts().insert(&account).await?;
    index(changes, &account);
    *next += 1;
    Ok(account.id)
}

/// A new account's place in the index.
pub fn index(changes: &mut Changes, account: &Account) {
    changes.set_department(account.department, account.ordinal);
    changes.set(Dimension::BizType, &account.biz_type, account.ordinal);
    changes.set(Dimension::CustomerType, &account.customer_type, account.ordinal);
    changes.open(account.ordinal, account.opened_on);
}

/// Takes in what the counter tells of an account.
///
/// # Errors
/// [`Error::Missing`]; [`Error::Invalid`] naming the field; [`Error::Denied`] for another department, and for who neither is a
/// tenant admin nor works in the archive.
pub async fn update_account(
    service: &Service,
    caller: &Caller,
    id: AccountId,
    expected: &Expected,
    draft: CounterDraft,
) -> Result<AccountRow> {
    let mut tx = service.store.begin().await?;
    let next = tx.archive_index().lock(caller.tenant()).await?;
    let rules = Rules::of(&mut tx, caller).await?;
    let row = tx.accounts().lookup(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::Account))?;
    rules.reach.check(&[row.account.department])?;
    expected.check(&revision(&row)?)?;
    let mut changes = Changes::default();
    apply_counter(&mut tx, &rules, row, draft, &mut changes).await?;
    tx.archive_index().apply(caller.tenant(), changes, next).await?;
    let subject = Subject { noun: "account", id: id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "update_account", subject, None)).await?;
    let row = tx.accounts().lookup(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::Account))?;
    tx.commit().await?;
    Ok(row)
}

/// Names the state of an account and its customer, by all that is known of them.
///
/// # Errors
/// [`Error::Fault`].
pub fn revision(row: &AccountRow) -> Result<Revision> {
    Revision::of(&format!("{:?} {:?}", row.account, row.customer))
}

/// Puts what the counter tells in place of what was there. Whether anything changed.
async fn apply_counter(
    tx: &mut Tx,
    rules: &Rules,
    row: AccountRow,
    draft: CounterDraft,
    changes: &mut Changes,
) -> Result<bool> {
    let (before, customer_before) = (row.account.clone(), row.customer.clone());
    let (mut account, mut customer) = (row.account, row.customer);
    if let Some(name) = draft.name {
        account.name = required("accountName", &name, LONGEST_TEXT)?;
    }
    if let Some(customer_type) = draft.customer_type {
        if customer_type != account.customer_type {
            codes::check(&rules.customer_types, "accountCustomerType", &customer_type)?;
        }
        account.customer_type = customer_type;
    }
    if let Some(code) = draft.dept_code {
        account.department = rules.department(code.trim())?;
    }
    account.status = draft.status.unwrap_or(account.status);
    account.opened_on = draft.opened_on.unwrap_or(account.opened_on);
    account.written_off_on = draft.written_off_on.or(account.written_off_on);
    account.category = draft.category.or(account.category);
    account.labels = draft.labels.unwrap_or(account.labels);
    let text = |field, new, old: Option<String>| Ok::<_, Error>(optional(field, new, LONGEST_TEXT)?.or(old));
    account.full_name = text("accountFullName", draft.full_name, account.full_name)?;
    account.src_type = text("srcType", draft.src_type, account.src_type)?;
    if let Some(name) = draft.customer_name {
        customer.name = required("customerName", &name, LONGEST_TEXT)?;
    }
    customer.full_name = text("customerFullName", draft.customer_full_name, customer.full_name)?;
    customer.tax_no = text("raxRegNo", draft.tax_no, customer.tax_no)?;
    customer.license_no = text("licenseNo", draft.license_no, customer.license_no)?;
    customer.aml_risk_code = text("amlRiskCode", draft.aml_risk_code, customer.aml_risk_code)?;
    customer.aml_risk_name = text("amlRiskCodeName", draft.aml_risk_name, customer.aml_risk_name)?;
    if account.written_off_on.is_some_and(|day| day < account.opened_on) {
        return Err(invalid("writeoffDate", "不能早于开户日期"));
    }

    let ordinal = account.ordinal;
    if account.department != before.department {
        changes.clear_department(before.department, ordinal);
        changes.set_department(account.department, ordinal);
    }
    if account.customer_type != before.customer_type {
        changes.clear(Dimension::CustomerType, &before.customer_type, ordinal);
        changes.set(Dimension::CustomerType, &account.customer_type, ordinal);
    }
    if account.opened_on != before.opened_on {
        changes.open(ordinal, account.opened_on);
    }
    if account != before {
        tx.accounts().save(&account).await?;
    }
    if customer != customer_before {
        tx.customers().save(&customer).await?;
    }
    Ok(account != before || customer != customer_before)
}

/// What became of a row of an import.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Imported {
    Created,
    Updated,
    Unchanged,
}

/// Makes or updates one account of an import, in its transaction.
pub(super) async fn import_one(
    service: &Service,
    tx: &mut Tx,
    rules: &Rules,
    draft: AccountDraft,
    counter: CounterDraft,
    next: &mut u32,
    changes: &mut Changes,
) -> Result<Imported> {
    let tenant = rules.tenant.id;
    let (draft, department) = draft.check(rules)?;
    let key = AccountKey { number: draft.number.clone(), biz_type: draft.biz_type.clone() };
    let src_type = counter.src_type.clone().unwrap_or_else(|| "counter".to_owned());
    let (row, created) = match tx.accounts().lookup_by_key(tenant, &key).await? {
        Some(row) => {
            rules.reach.check(&[row.account.department])?;
            if row.customer.paper != draft.paper {
                return Err(invalid("idNo", "该账户已登记在另一证件的客户名下，请核对"));
            }
            (row, false)
        }
        None => {
            let id = add_account(service, tx, rules, draft.clone(), department, &src_type, next, changes).await?;
            (tx.accounts().lookup(tenant, id).await?.ok_or(Error::Missing(Noun::Account))?, true)
        }
    };
    let counter = CounterDraft {
        status: Some(draft.status),
        name: Some(draft.name),
        customer_type: Some(draft.customer_type),
        dept_code: Some(draft.dept_code),
        src_type: Some(src_type),
        ..counter
    };
    let changed = apply_counter(tx, rules, row, counter, changes).await?;
    Ok(match (created, changed) {
        (true, _) => Imported::Created,
        (false, true) => Imported::Updated,
        (false, false) => Imported::Unchanged,
    })
}

/// Finds an account.
///
/// # Errors
/// [`Error::Missing`], also when it is another tenant's; [`Error::Denied`] for another department.
pub async fn find_account(service: &Service, caller: &Caller, id: AccountId) -> Result<AccountRow> {
    let mut tx = service.store.read().await?;
    let (reach, _) = reach::of(&mut tx, caller).await?;
    let row = tx.accounts().lookup(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::Account))?;
    reach.check(&[row.account.department])?;
    Ok(row)
}

/// Searches accounts: a page of `limit` behind the first `skip`, the oldest first, with the exact total.
///
/// # Errors
/// [`Error::Denied`] for somebody who has nothing to do in the archive.
pub async fn search_accounts(
    service: &Service,
    caller: &Caller,
    query: AccountQuery,
    skip: u64,
    limit: u32,
) -> Result<AccountPage> {
    let mut tx = service.store.read().await?;
    let (reach, departments) = reach::of(&mut tx, caller).await?;
    let mut filter = query.filter;
    filter.departments = narrowed(&reach, &departments, &query.dept_codes);
    if let Some(beginning) = &query.beginning {
        let found = tx.accounts().ordinals_beginning_with(caller.tenant(), beginning, MOST_BEGINNINGS).await?;
        filter.among = Some(found);
    }
    let Found { total, ordinals } = tx.archive_index().search(caller.tenant(), &filter, skip, limit).await?;
    let rows = tx.accounts().list_at(caller.tenant(), &ordinals).await?;
    drop(tx);
    let reader = format!("{}@{}", files::name_of(caller), caller.address().unwrap_or_default());
    if service.fetches.is_new("accounts", &reader, service.now()) {
        let mut tx = service.store.begin().await?;
        let subject = Subject { noun: "account", id: "search".to_owned() };
        tx.audit().append(&service.audit_line(Act::of(caller), "search_accounts", subject, None)).await?;
        tx.commit().await?;
    }
    Ok(AccountPage { total, rows })
}

/// The departments that a search is held to; none when it is all of the tenant's.
fn narrowed(reach: &Reach, departments: &[Department], codes: &[String]) -> Option<Vec<DepartmentId>> {
    let mine = departments.iter().filter(|department| reach.holds(department.id));
    if codes.is_empty() {
        // Whoever may see every department needs no bitmap to be told so.
        let mine: Vec<_> = mine.map(|department| department.id).collect();
        return (mine.len() < departments.len()).then_some(mine);
    }
    Some(mine.filter(|department| codes.contains(&department.code)).map(|department| department.id).collect())
}
