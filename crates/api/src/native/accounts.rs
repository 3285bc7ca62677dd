//! The accounts of the archive: searched, told by the counter, and their materials.

mod table;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::{IntoResponse, Response};
use mingjian_domain::archive::{AccountStatus, Category, CustomerKind, Label, Place, Source};
use mingjian_domain::error::{self, Error, Noun};
use mingjian_domain::id::AccountId;
use mingjian_service::access::Caller;
use mingjian_service::archive::accounts::{self, AccountQuery, CounterDraft};
use mingjian_service::archive::materials::{self, Filed, MaterialQuery, Which};
use mingjian_service::archive::{AccountFilter, AccountRow, import};
use mingjian_service::mask;
use serde::Serialize;
use time::{Date, OffsetDateTime};

use super::snake;
use crate::Shared;
use crate::caller::Known;
use crate::crm::dates::read_day;
use crate::etag::{IfMatch, etag};
use crate::fields::{Fields, split};
use crate::params::{Params, Segments};
use crate::problems::Problem;

/// Where the native names of fields differ from the document's.
const NAMES: &[(&str, &str)] = &[
    ("accountName", "name"),
    ("accountFullName", "full_name"),
    ("accountCustomerType", "customer_type"),
    ("writeoffDate", "written_off_on"),
    ("customerName", "customer.name"),
    ("customerFullName", "customer.full_name"),
    ("raxRegNo", "customer.tax_no"),
    ("licenseNo", "customer.license_no"),
    ("amlRiskCodeName", "customer.aml_risk_name"),
    ("amlRiskCode", "customer.aml_risk_code"),
];

#[derive(Serialize)]
struct AccountView {
    id: String,
    account_no: String,
    account_biz_type: String,
    status: &'static str,
    name: String,
    full_name: Option<String>,
    customer_type: String,
    dept_code: String,
    dept_name: String,
    opened_on: String,
    written_off_on: Option<String>,
    src_type: Option<String>,
    category: Option<Category>,
    labels: Vec<Label>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    customer: CustomerView,
}

#[derive(Serialize)]
struct CustomerView {
    id: String,
    kind: &'static str,
    name: String,
    full_name: Option<String>,
    id_type: String,
    id_no: String,
    extra_code: String,
    tax_no: Option<String>,
    license_no: Option<String>,
    aml_risk_code: Option<String>,
    aml_risk_name: Option<String>,
}

const fn status_word(status: AccountStatus) -> &'static str {
    match status {
        AccountStatus::Valid => "valid",
        AccountStatus::Closed => "closed",
    }
}

/// The business system reads numbers whole, people read the ends.
fn account_view(row: AccountRow, caller: &Caller) -> AccountView {
    let AccountRow { account, customer, department_code, department_name, .. } = row;
    let id_no = match caller {
        Caller::System { .. } => customer.paper.id_no,
        Caller::User { .. } => mask::id_no(&customer.paper.id_no),
    };
    AccountView {
        id: account.id.to_string(),
        account_no: account.number,
        account_biz_type: account.biz_type,
        status: status_word(account.status),
        name: account.name,
        full_name: account.full_name,
        customer_type: account.customer_type,
        dept_code: department_code,
        dept_name: department_name,
        opened_on: account.opened_on.to_string(),
        written_off_on: account.written_off_on.map(|day| day.to_string()),
        src_type: account.src_type,
        category: account.category,
        labels: account.labels,
        created_at: account.created_at,
        customer: CustomerView {
            id: customer.id.to_string(),
            kind: match customer.kind {
                CustomerKind::Natural => "natural",
                CustomerKind::Other => "other",
            },
            name: customer.name,
            full_name: customer.full_name,
            id_type: customer.paper.id_type,
            id_no,
            extra_code: customer.paper.extra_code,
            tax_no: customer.tax_no,
            license_no: customer.license_no,
            aml_risk_code: customer.aml_risk_code,
            aml_risk_name: customer.aml_risk_name,
        },
    }
}

#[derive(Serialize)]
struct AccountsView {
    items: Vec<AccountView>,
    next: Option<String>,
    total: u64,
}

/// `?q=&material_codes=&excluded_material_codes=&opened_from=&opened_to=&dept_codes=&biz_types=&customer_types=&cursor=&limit=`,
/// lists with commas between; the oldest account first, with the exact total.
///
/// # Errors
/// Not entitled; invalid for a day, cursor or limit that is none.
pub async fn list_accounts(
    State(api): State<Shared>,
    Known(caller): Known,
    mut params: Params,
) -> Result<Response, Problem> {
    let page = params.page()?;
    let no_cursor = |_| Error::Invalid("cursor 无效，请原样使用上一页返回的 next".into());
    let skip: u64 = page.cursor.as_deref().map_or(Ok(0), str::parse).map_err(no_cursor)?;
    let mut words = |name: &str| params.text(name).as_deref().map_or_else(Vec::new, split);
    let filter = AccountFilter {
        material_codes: words("material_codes"),
        excluded_material_codes: words("excluded_material_codes"),
        opened_from: None,
        opened_to: None,
        departments: None,
        biz_types: words("biz_types"),
        customer_types: words("customer_types"),
        among: None,
    };
    let dept_codes = words("dept_codes");
    let mut day = |name: &str| params.text(name).map(|text| read_day(name, &text)).transpose();
    let filter = AccountFilter { opened_from: day("opened_from")?, opened_to: day("opened_to")?, ..filter };
    let query = AccountQuery { filter, dept_codes, beginning: params.text("q") };
    let found = accounts::search_accounts(&api.service, &caller, query, skip, page.limit.into()).await?;
    let behind = skip + found.rows.len() as u64;
    let view = AccountsView {
        next: (behind < found.total && !found.rows.is_empty()).then(|| behind.to_string()),
        total: found.total,
        items: found.rows.into_iter().map(|row| account_view(row, &caller)).collect(),
    };
    Ok(Json(view).into_response())
}

fn account_id(text: &str) -> error::Result<AccountId> {
    text.parse().map_err(|_| Error::Missing(Noun::Account))
}

/// One account.
///
/// # Errors
/// Account unknown; not entitled, other department.
pub async fn find_account(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
) -> Result<Response, Problem> {
    let row = accounts::find_account(&api.service, &caller, account_id(&id)?).await?;
    answer(row, &caller)
}

/// An account with the name of its state.
fn answer(row: AccountRow, caller: &Caller) -> Result<Response, Problem> {
    let tag = etag(&accounts::revision(&row)?);
    Ok(([tag], Json(account_view(row, caller))).into_response())
}

/// Takes in what the counter tells; what is absent stays as it is.
///
/// # Errors
/// Account unknown; invalid naming the field; not entitled, other department.
pub async fn update_account(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
    fields: Fields,
) -> Result<Response, Problem> {
    let draft = read_counter(fields)?;
    let row = accounts::update_account(&api.service, &caller, account_id(&id)?, &expected, draft).await;
    answer(row.map_err(|error| snake(error, NAMES))?, &caller)
}

fn read_counter(mut fields: Fields) -> error::Result<CounterDraft> {
    let status = match fields.opt_text("status")?.as_deref() {
        None => None,
        Some("valid") => Some(AccountStatus::Valid),
        Some("closed") => Some(AccountStatus::Closed),
        Some(_) => return Err(fields.complain("status", "应为 valid 或 closed")),
    };
    let day = |fields: &mut Fields, name: &str| -> error::Result<Option<Date>> {
        fields.opt_text(name)?.map(|text| read_day(name, &text)).transpose()
    };
    let category = match fields.opt_object("category")? {
        None => None,
        Some(mut category) => Some(Category { code: category.text("code")?, name: category.text("name")? }),
    };
    let mut labels = Vec::new();
    for mut label in fields.objects("labels")? {
        labels.push(Label { code: label.text("code")?, name: label.text("name")? });
    }
    let mut draft = CounterDraft {
        status,
        name: fields.opt_text("name")?,
        full_name: fields.opt_text("full_name")?,
        customer_type: fields.opt_text("customer_type")?,
        dept_code: fields.opt_text("dept_code")?,
        opened_on: day(&mut fields, "opened_on")?,
        written_off_on: day(&mut fields, "written_off_on")?,
        src_type: fields.opt_text("src_type")?,
        category,
        labels: Some(labels).filter(|labels| !labels.is_empty()),
        ..CounterDraft::default()
    };
    if let Some(mut customer) = fields.opt_object("customer")? {
        draft.customer_name = customer.opt_text("name")?;
        draft.customer_full_name = customer.opt_text("full_name")?;
        draft.tax_no = customer.opt_text("tax_no")?;
        draft.license_no = customer.opt_text("license_no")?;
        draft.aml_risk_code = customer.opt_text("aml_risk_code")?;
        draft.aml_risk_name = customer.opt_text("aml_risk_name")?;
    }
    Ok(draft)
}

#[derive(Serialize)]
struct ImportView {
    created: u32,
    updated: u32,
    unchanged: u32,
}

/// Accounts from the counter, as CSV in UTF-8 or GBK with the document's names in the first line: all rows or none.
///
/// # Errors
/// Invalid naming line and column; too large; not entitled, other department.
pub async fn import_accounts(
    State(api): State<Shared>,
    Known(caller): Known,
    request: Request,
) -> Result<Response, Problem> {
    let rows = table::read(request).await?;
    let done = import::import_accounts(&api.service, &caller, rows).await?;
    let view = ImportView { created: done.created, updated: done.updated, unchanged: done.unchanged };
    Ok(Json(view).into_response())
}

#[derive(Serialize)]
struct MaterialView {
    id: i64,
    deposit_id: String,
    /// `account` or `customer`.
    filed_at_place: &'static str,
    code: String,
    name: String,
    files: Vec<FileView>,
    service_name: Option<String>,
    recording_id: Option<String>,
    title: Option<String>,
    submitter: Option<String>,
    #[serde(with = "time::serde::rfc3339")]
    filed_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    history_since: Option<OffsetDateTime>,
    discard_reason: Option<String>,
}

#[derive(Serialize)]
struct FileView {
    id: String,
    name: String,
    content_type: String,
    size_bytes: u64,
    sha256: String,
    url: String,
}

fn material_view(filed: Filed) -> MaterialView {
    let row = filed.row;
    let file = |file: mingjian_domain::archive::files::ArchiveFile| {
        let id = file.id.as_uuid().simple().to_string();
        FileView {
            url: format!("/api/v1/archive-files/{id}"),
            id,
            name: file.name,
            content_type: file.content_type,
            size_bytes: file.size_bytes,
            sha256: hex::encode(file.sha256),
        }
    };
    MaterialView {
        id: row.material.number,
        deposit_id: row.material.deposit.to_string(),
        filed_at_place: match row.place {
            Place::Account(_) => "account",
            Place::Customer(_) => "customer",
        },
        code: row.material.code,
        name: filed.name,
        files: row.files.into_iter().map(file).collect(),
        service_name: row.client_name,
        recording_id: match row.source {
            Source::Client(_) => None,
            Source::Recording(id) => Some(id.to_string()),
        },
        title: row.title,
        submitter: row.submitter.map(|(_, name)| name),
        filed_at: row.filed_at,
        history_since: filed.history_since,
        discard_reason: row.discard.map(|discard| discard.reason),
    }
}

#[derive(Serialize)]
struct MaterialsView {
    items: Vec<MaterialView>,
}

/// `?history=true&customer=true`: what is filed at an account, the oldest first.
///
/// # Errors
/// Account unknown; not entitled, other department.
pub async fn list_materials(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
    mut params: Params,
) -> Result<Response, Problem> {
    let mut flag = |name: &str| params.text(name).is_some_and(|text| text == "true");
    let query = MaterialQuery { with_history: flag("history"), with_customer: flag("customer"), codes: Vec::new() };
    let which = Which::Id(account_id(&id)?);
    let (_, filed) = materials::list_materials(&api.service, &caller, &which, &query).await?;
    Ok(Json(MaterialsView { items: filed.into_iter().map(material_view).collect() }).into_response())
}
