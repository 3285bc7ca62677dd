//! `GET /video/redirect`: leads a browser to the recording page. Both contracts of the document are taken, `orderList` with
//! `roleList` and the fields of the body; where both are there, the fields win.

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::counter::{Right, Tab};
use mingjian_domain::error::{Error, Result};
use mingjian_domain::take::VideoType;
use mingjian_service::counter::orders::Named;
use mingjian_service::counter::visits::{self, Wish};

use super::caller::{operator, system};
use super::grammar;
use super::params::Parameters;
use crate::Shared;
use crate::origin::Origin;
use crate::problems::Problem;

/// Whose a call without a tenant is, in the demo alone.
const DEMO_TENANT: &str = "DEMOBK";
/// The fields of the body that name an order and a person.
const ORDER_FIELDS: [&str; 5] = ["businessNo", "customerName", "mobilePhone", "idCard", "productName"];

/// Leads to `/video/main` with a ticket that opens it once.
///
/// # Errors
/// Whatever is missing or wrong, named; no or wrong proof of the caller; the interface being off.
pub async fn redirect(
    State(api): State<Shared>,
    origin: Origin,
    parameters: Parameters,
) -> std::result::Result<Response, Problem> {
    let otherwise = api.settings.demo.then_some(DEMO_TENANT);
    let caller = system(&api, &origin, &parameters, otherwise).await?;
    let operator = operator(&parameters)?;
    let wish = Wish { operator, people: people(&parameters)?, tabs: tabs(&parameters)? };
    let ticket = visits::lead(&api.service, &caller, wish).await?;
    let location = HeaderValue::try_from(format!("/video/main?ticket={}", ticket.expose()));
    let mut location = location.expect("a ticket is letters and digits");
    location.set_sensitive(true);
    Ok((StatusCode::FOUND, [(header::LOCATION, location)]).into_response())
}

fn people(parameters: &Parameters) -> Result<Vec<Named>> {
    let mut by_fields = false;
    for name in ORDER_FIELDS {
        by_fields |= parameters.one(name)?.is_some();
    }
    if by_fields {
        let must = |name: &str| parameters.must(name).map(str::to_owned);
        // The document asks for the user as well wherever it asks for the order's fields.
        must("userId")?;
        must("userName")?;
        return Ok(vec![Named {
            business_no: must("businessNo")?,
            name: must("customerName")?,
            id_no: must("idCard")?,
            mobile: must("mobilePhone")?,
            product_name: must("productName")?,
            others: Vec::new(),
        }]);
    }
    let list = parameters.joined("orderList");
    let list = list.ok_or_else(|| Error::Invalid("orderList:必填，或改用 businessNo 等订单字段".into()))?;
    grammar::orders(&list)
}

fn tabs(parameters: &Parameters) -> Result<Vec<Tab>> {
    let (record, play) = (parameters.many("videoType"), parameters.many("readVideoType"));
    if record.is_empty() && play.is_empty() {
        let list = parameters.joined("roleList");
        let list = list.ok_or_else(|| Error::Invalid("roleList:必填，或改用 videoType 与 readVideoType".into()))?;
        return grammar::roles(&list);
    }
    let mut tabs = Vec::new();
    for (field, names, right) in [("videoType", record, Right::Record), ("readVideoType", play, Right::Play)] {
        for (place, name) in names.into_iter().enumerate() {
            let video_type: VideoType = name.parse().map_err(|error: Error| {
                let shown: String = name.chars().filter(|c| !c.is_control()).take(40).collect();
                Error::Invalid(format!("{field} 第 {} 项“{shown}”有误：{error}", place + 1))
            })?;
            grammar::add(&mut tabs, Tab { video_type, right });
        }
    }
    Ok(tabs)
}
