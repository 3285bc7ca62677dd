//! What was filed in the archive at once, and filing our own recordings.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Response};
use mingjian_domain::archive::{AccountKey, Source};
use mingjian_domain::error::{Error, Noun};
use mingjian_service::archive::{DepositRow, deposits, files};
use serde::Serialize;
use time::OffsetDateTime;

use super::{ListView, snake};
use crate::Shared;
use crate::caller::Known;
use crate::crm::read::file_id;
use crate::fields::Fields;
use crate::handout::hand_out;
use crate::params::{Params, Segments};
use crate::problems::Problem;

#[derive(Serialize)]
struct DepositView {
    id: String,
    account_no: Option<String>,
    account_biz_type: Option<String>,
    customer_name: String,
    /// The system number of who filed it; none for one of our own recordings.
    service_id: Option<String>,
    service_name: Option<String>,
    recording_id: Option<String>,
    title: Option<String>,
    business_id: Option<String>,
    extras: Option<String>,
    material_codes: Vec<String>,
    #[serde(with = "time::serde::rfc3339")]
    filed_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339")]
    received_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    discarded_at: Option<OffsetDateTime>,
    discard_employee: Option<String>,
    discard_reason: Option<String>,
}

impl From<DepositRow> for DepositView {
    fn from(row: DepositRow) -> Self {
        let deposit = row.deposit;
        let (account_no, account_biz_type) = row.account.unzip();
        let (service_id, recording_id) = match deposit.source {
            Source::Client(number) => (Some(number), None),
            Source::Recording(id) => (None, Some(id.to_string())),
        };
        let discard = deposit.discard;
        Self {
            id: deposit.id.to_string(),
            account_no,
            account_biz_type,
            customer_name: row.name,
            service_id,
            service_name: row.client_name,
            recording_id,
            title: deposit.title,
            business_id: deposit.business_id,
            extras: deposit.extras,
            material_codes: deposit.codes,
            filed_at: deposit.filed_at,
            received_at: deposit.received_at,
            discarded_at: discard.as_ref().map(|discard| discard.at),
            discard_employee: discard.as_ref().map(|discard| discard.employee.clone()),
            discard_reason: discard.map(|discard| discard.reason),
        }
    }
}

/// `?account_id=&cursor=&limit=`, the newest first.
///
/// # Errors
/// Account unknown; not entitled, other department; invalid for a cursor, id or limit that is none.
pub async fn list_deposits(
    State(api): State<Shared>,
    Known(caller): Known,
    mut params: Params,
) -> Result<Response, Problem> {
    let account = params.text("account_id").map(|text| text.parse());
    let account = account.transpose().map_err(|_| Error::Missing(Noun::Account))?;
    let page = deposits::list_deposits(&api.service, &caller, account, &params.page()?).await?;
    Ok(Json(ListView::from(page.map(DepositView::from))).into_response())
}

/// Takes one back: `{reason, employee?}`.
///
/// # Errors
/// Deposit unknown; already discarded; invalid without a reason; not entitled, other department.
pub async fn discard_deposit(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
    mut fields: Fields,
) -> Result<StatusCode, Problem> {
    let reason = fields.text("reason")?;
    let employee = fields.opt_text("employee")?;
    let id = id.parse().map_err(|_| Error::Missing(Noun::Deposit))?;
    let discarded = deposits::discard(&api.service, &caller, id, employee, &reason).await;
    discarded.map_err(|error| snake(error, &[("discardReason", "reason"), ("discardEmpCode", "employee")]))?;
    Ok(StatusCode::NO_CONTENT)
}

/// Files a recording at an account: `{account_no, account_biz_type, material_code}`.
///
/// # Errors
/// Recording or account unknown; wrong state while it is being recorded; invalid for a code that is none; not entitled, other
/// department.
pub async fn archive_recording(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let key = AccountKey { number: fields.text("account_no")?, biz_type: fields.text("account_biz_type")? };
    let code = fields.text("material_code")?;
    let id = id.parse().map_err(|_| Error::Missing(Noun::Recording))?;
    let row = deposits::archive_recording(&api.service, &caller, id, key, &code).await;
    let row = row.map_err(|error| snake(error, &[("materialCode", "material_code")]))?;
    Ok((StatusCode::CREATED, Json(DepositView::from(row))).into_response())
}

/// `?preview=true`: the bytes of a file of the archive.
///
/// # Errors
/// File unknown; not entitled, other department; a range that is not in it.
pub async fn fetch_archive_file(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
    mut params: Params,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = file_id(&id).ok_or(Error::Missing(Noun::File))?;
    let file = files::open_file(&api.service, &caller, id).await?;
    let preview = params.text("preview").is_some_and(|text| text == "true");
    hand_out(&api, &file, preview, &method, &headers).await
}
