//! `POST /video/invalidate`: takes a take out of what counts; its files stay. For the page that may record it, and for the
//! business system: `{tenantId, id}` or `{tenantId, businessNo, videoType}`, always with a `reason`.

use axum::extract::{FromRequest, Request, State};
use axum::response::Response;
use mingjian_domain::error::{Error, Noun};
use mingjian_service::counter::Hand;
use mingjian_service::counter::takes::{Which, invalidate as void};

use super::caller::{is_page, operator, page, system};
use super::params::Parameters;
use super::success;
use crate::Shared;
use crate::origin::Origin;
use crate::problems::Problem;

/// Voids one take.
///
/// # Errors
/// Missing, also when it is another tenant's; a reason is needed; it is being recorded; no or wrong proof of the caller.
pub async fn invalidate(State(api): State<Shared>, origin: Origin, request: Request) -> Result<Response, Problem> {
    let of_page = is_page(request.headers());
    let (method, headers, query) =
        (request.method().clone(), request.headers().clone(), request.uri().query().unwrap_or_default().to_owned());
    let parameters = Parameters::from_request(request, &()).await?;
    let hand = if of_page {
        page(&api, &origin, &method, &headers, &query).await?.hand
    } else {
        let caller = system(&api, &origin, &parameters, None).await?;
        Hand::System { caller, operator: operator(&parameters)? }
    };
    let which = match parameters.one("id")? {
        Some(id) => Which::One(id.parse().map_err(|_| Error::Missing(Noun::Take))?),
        None => Which::Newest {
            business_no: parameters.must("businessNo")?.to_owned(),
            video_type: parameters.must("videoType")?.parse()?,
        },
    };
    let voided = void(&api.service, &hand, &which, parameters.one("reason")?).await?;
    Ok(success(serde_json::json!({ "id": voided.id.to_string() })))
}
