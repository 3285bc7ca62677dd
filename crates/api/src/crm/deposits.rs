//! 2: archiving to an account; 6: to a customer; 3: discarding either.

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingjian_domain::archive::{AccountKey, Paper};
use mingjian_domain::error::{Error, Noun};
use mingjian_service::archive::clients::check_client;
use mingjian_service::archive::deposits::{self, DepositDraft, Target};

use super::body::{self, Sent};
use super::caller::Clerk;
use super::view::ServiceAccessView;
use super::{dates, read};
use crate::Shared;
use crate::fields::Fields;
use crate::params::Segments;
use crate::problems::Problem;

/// 2.
///
/// # Errors
/// 400 naming the field or element; 403 for another department or an unknown client; 404 for an unknown account or file; 413.
pub(crate) async fn to_account(
    State(api): State<Shared>,
    clerk: Clerk,
    Segments(client): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    // A stranger to the archive does not send us 64 MB first.
    check_client(&api.service, &clerk.caller, &client).await?;
    let mut sent = body::read(&api, request).await?;
    let key = AccountKey { number: sent.text("accountNo")?, biz_type: sent.text("accountBizType")? };
    file(&api, &clerk, &client, Target::Account(key), sent).await
}

/// 6.
///
/// # Errors
/// As [`to_account`].
pub(crate) async fn to_customer(
    State(api): State<Shared>,
    clerk: Clerk,
    Segments(client): Segments<String>,
    request: Request,
) -> Result<Response, Problem> {
    check_client(&api.service, &clerk.caller, &client).await?;
    let mut sent = body::read(&api, request).await?;
    let paper = Paper {
        id_type: sent.text("idType")?,
        id_no: sent.text("idNo")?,
        extra_code: sent.opt_text("extraCode").unwrap_or_default(),
    };
    file(&api, &clerk, &client, Target::Customer(paper), sent).await
}

async fn file(api: &Shared, clerk: &Clerk, client: &str, target: Target, mut sent: Sent) -> Result<Response, Problem> {
    let filed_at = sent.opt_text("createTime").map(|text| dates::read("createTime", &text, clerk.zone)).transpose()?;
    let draft = DepositDraft {
        title: sent.opt_text("title"),
        business_id: sent.opt_text("businessId"),
        extras: sent.opt_text("extras"),
        filed_at,
        materials: sent.materials,
    };
    let row = deposits::deposit(&api.service, &clerk.caller, client, target, draft).await?;
    Ok(Json(ServiceAccessView::of(row, clerk.zone)).into_response())
}

/// 3: `{serviceAccessId, discardEmpCode, discardReason}`; the answer is empty.
///
/// # Errors
/// 400 without a reason; 403 for another department; 404; 409 when it was discarded before.
pub(crate) async fn discard(
    State(api): State<Shared>,
    clerk: Clerk,
    mut fields: Fields,
) -> Result<StatusCode, Problem> {
    let id = read::text(&mut fields, "serviceAccessId")?;
    let employee = read::opt_text(&mut fields, "discardEmpCode")?;
    let reason = read::text(&mut fields, "discardReason")?;
    let id = read::deposit_id(&id).ok_or(Error::Missing(Noun::Deposit))?;
    deposits::discard(&api.service, &clerk.caller, id, employee, &reason).await?;
    Ok(StatusCode::OK)
}
