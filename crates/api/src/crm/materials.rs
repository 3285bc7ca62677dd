//! 7: what is filed at an account. By POST with a JSON body, and by GET with the same names in the query.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use mingjian_domain::archive::AccountKey;
use mingjian_domain::error::Error;
use mingjian_service::archive::materials::{self, MaterialQuery, Which};

use super::caller::Clerk;
use super::read;
use super::view::MaterialInfoView;
use crate::Shared;
use crate::fields::{Fields, split};
use crate::params::Params;
use crate::problems::Problem;

/// By POST.
///
/// # Errors
/// 400 naming the field; 403 for another department; 404 for an unknown account.
pub(crate) async fn by_body(State(api): State<Shared>, clerk: Clerk, mut fields: Fields) -> Result<Response, Problem> {
    let key = read::account_key(&mut fields)?;
    let query = MaterialQuery {
        with_customer: fields.lenient_flag("withCustomer")?,
        with_history: fields.lenient_flag("withHis")?,
        codes: fields.words("materialCodes")?,
    };
    answer(&api, &clerk, key, &query).await
}

/// By GET.
///
/// # Errors
/// As [`by_body`].
pub(crate) async fn by_query(State(api): State<Shared>, clerk: Clerk, mut params: Params) -> Result<Response, Problem> {
    let mut wanted = |name: &str| params.text(name).ok_or_else(|| Error::Invalid(format!("{name}:必填")));
    let key = AccountKey { number: wanted("accountNo")?, biz_type: wanted("accountBizType")? };
    let mut codes = Vec::new();
    for name in ["materialCodes", "materialCodes[]"] {
        while let Some(text) = params.text(name) {
            codes.extend(split(&text));
        }
    }
    let query = MaterialQuery {
        with_customer: read::flag(params.text("withCustomer").as_deref()),
        with_history: read::flag(params.text("withHis").as_deref()),
        codes,
    };
    answer(&api, &clerk, key, &query).await
}

async fn answer(api: &Shared, clerk: &Clerk, key: AccountKey, query: &MaterialQuery) -> Result<Response, Problem> {
    let (account, filed) = materials::list_materials(&api.service, &clerk.caller, &Which::Key(key), query).await?;
    let views: Vec<_> = filed.into_iter().map(|filed| MaterialInfoView::of(filed, &account, clerk.zone)).collect();
    Ok(Json(views).into_response())
}
