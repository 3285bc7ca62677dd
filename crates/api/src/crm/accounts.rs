//! 4: adding an account; 9: paging through customers.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use mingjian_domain::archive::{AccountStatus, Paper};
use mingjian_domain::error::Result as Checked;
use mingjian_service::archive::AccountFilter;
use mingjian_service::archive::accounts::{self, AccountDraft, AccountQuery};

use super::caller::Clerk;
use super::view::{CustomerAccountView, PageView};
use super::{dates, read};
use crate::Shared;
use crate::fields::Fields;
use crate::problems::Problem;

/// Accounts on a page unless the caller asks otherwise, and at most.
const USUAL: u32 = 20;
const MOST: i64 = 200;

/// 4.
///
/// # Errors
/// 400 naming the field; 403 for another department; 409 for another account of that number.
pub(crate) async fn create(State(api): State<Shared>, clerk: Clerk, fields: Fields) -> Result<Response, Problem> {
    let row = accounts::create_account(&api.service, &clerk.caller, read_account(fields)?).await?;
    Ok(Json(CustomerAccountView::of(row, clerk.zone)).into_response())
}

fn read_account(mut fields: Fields) -> Checked<AccountDraft> {
    let status = read::opt_text(&mut fields, "accountStatus")?;
    Ok(AccountDraft {
        dept_code: read::text(&mut fields, "deptCode")?,
        number: read::text(&mut fields, "accountNo")?,
        biz_type: read::text(&mut fields, "accountBizType")?,
        name: read::text(&mut fields, "accountName")?,
        customer_type: read::text(&mut fields, "accountCustomerType")?,
        kind: read::customer_kind("customerType", &read::text(&mut fields, "customerType")?)?,
        status: status.map_or(Ok(AccountStatus::Valid), |status| read::account_status("accountStatus", &status))?,
        paper: read_paper(&mut fields)?,
    })
}

/// `idType`, `idNo`, `extraCode`.
fn read_paper(fields: &mut Fields) -> Checked<Paper> {
    Ok(Paper {
        id_type: read::text(fields, "idType")?,
        id_no: read::text(fields, "idNo")?,
        extra_code: read::opt_text(fields, "extraCode")?.unwrap_or_default(),
    })
}

/// 9.
///
/// # Errors
/// 400 naming the field.
pub(crate) async fn page(State(api): State<Shared>, clerk: Clerk, mut fields: Fields) -> Result<Response, Problem> {
    let number = whole(&mut fields, "pageNumber", 1, i64::from(i32::MAX))?.unwrap_or(1);
    let size = whole(&mut fields, "pageSize", 1, MOST)?.unwrap_or(USUAL);
    let skip = u64::from(number - 1) * u64::from(size);
    let query = read_query(fields)?;
    let page = accounts::search_accounts(&api.service, &clerk.caller, query, skip, size).await?;
    Ok(Json(PageView::of(page, number, size, clerk.zone)).into_response())
}

fn whole(fields: &mut Fields, name: &str, least: i64, most: i64) -> Checked<Option<u32>> {
    let Some(text) = read::opt_text(fields, name)? else { return Ok(None) };
    let number = text.trim().parse().ok().filter(|number| (least..=most).contains(number));
    let number = number.and_then(|number: i64| u32::try_from(number).ok());
    number.map(Some).ok_or_else(|| fields.complain(name, &format!("应为 {least} 至 {most} 的整数")))
}

fn read_query(mut fields: Fields) -> Checked<AccountQuery> {
    let (mut opened_from, mut opened_to) = (None, None);
    if let Some(mut range) = fields.opt_object("openAcctDateRange")? {
        let day = |range: &mut Fields, name: &str| {
            let text = range.opt_text(name)?.filter(|text| !text.trim().is_empty());
            // A caller that sends a moment means its day.
            let day = text.as_deref().map(|text| text.split_once(' ').map_or(text, |(day, _)| day));
            day.map(|day| dates::read_day(&format!("openAcctDateRange.{name}"), day)).transpose()
        };
        (opened_from, opened_to) = (day(&mut range, "start")?, day(&mut range, "end")?);
    }
    Ok(AccountQuery {
        filter: AccountFilter {
            material_codes: fields.words("materialCodes")?,
            excluded_material_codes: fields.words("excludedMaterialCodes")?,
            opened_from,
            opened_to,
            departments: None,
            biz_types: fields.words("accountBizTypes")?,
            customer_types: fields.words("accountCustomerTypes")?,
            among: None,
        },
        dept_codes: fields.words("deptCodes")?,
        beginning: None,
    })
}
