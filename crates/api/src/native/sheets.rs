//! What a seat reads of an order beside its people: product, enterprise, guarantors, references; and what others found out about
//! an identity.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use mingjian_domain::error;
use mingjian_domain::sheet::{Enterprise, Guarantor, IdentityResult, IdentityVerdict, OrderSheet, ProductSheet};
use mingjian_service::access::Caller;
use mingjian_service::sheets::{self, Part};
use mingjian_service::{identity, mask};
use serde::Serialize;

use super::orders::{OrderView, order_view};
use crate::Shared;
use crate::caller::{Anybody, Known};
use crate::fields::{Fields, LargeFields};
use crate::params::Segments;
use crate::problems::Problem;

#[derive(Serialize)]
struct SheetView {
    order: OrderView,
    #[serde(flatten)]
    sheet: OrderSheet,
}

/// The order with its sheet, for whoever works with it: a seat reads the orders of its queues, numbers masked.
///
/// # Errors
/// Missing, also when it is another tenant's or another queue's; not entitled.
pub async fn find_sheet(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
) -> Result<Response, Problem> {
    let (placed, mut sheet) = sheets::find_sheet(&api.service, &caller, &business_no).await?;
    if let Caller::User { .. } = &caller {
        for guarantor in &mut sheet.guarantors {
            guarantor.id_no = mask::id_no(&guarantor.id_no);
            guarantor.mobile = mask::mobile(&guarantor.mobile);
        }
    }
    Ok(Json(SheetView { order: order_view(placed, &caller), sheet }).into_response())
}

/// Asks the tenant's order service for the order and takes it in.
///
/// # Errors
/// Missing when there is no order service or it knows no such order; already decided; invalid; not entitled.
pub async fn pull_order(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let queue_id = fields.opt_text("queue_id")?;
    let pulled = sheets::pull_order(&api.service, &caller, &business_no, queue_id.as_deref()).await?;
    let status = if pulled.is_new { StatusCode::CREATED } else { StatusCode::OK };
    Ok((status, Json(order_view(pulled.placed, &caller))).into_response())
}

async fn put(api: &Shared, caller: &Caller, business_no: &str, part: Part) -> Result<StatusCode, Problem> {
    sheets::put_part(&api.service, caller, business_no, part).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `{product_id, product_name, intro, risk_level, risk_video_url, risk_tips, statement, images}`.
///
/// # Errors
/// Missing, also when the order is another tenant's; invalid naming the field; not entitled. The other parts likewise.
pub async fn put_product(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
    mut fields: Fields,
) -> Result<StatusCode, Problem> {
    let mut text = |name: &str| fields.opt_text(name).map(Option::unwrap_or_default);
    let product = ProductSheet {
        product_id: text("product_id")?,
        product_name: text("product_name")?,
        intro: text("intro")?,
        risk_level: text("risk_level")?,
        statement: text("statement")?,
        risk_video_url: fields.opt_text("risk_video_url")?,
        risk_tips: fields.texts("risk_tips")?.unwrap_or_default(),
        images: fields.texts("images")?.unwrap_or_default(),
    };
    put(&api, &caller, &business_no, Part::Product(product)).await
}

fn enterprise(mut fields: Fields) -> error::Result<Enterprise> {
    Ok(Enterprise {
        name: fields.text("name")?,
        credit_code: fields.opt_text("credit_code")?.unwrap_or_default(),
        legal_person: fields.opt_text("legal_person")?.unwrap_or_default(),
    })
}

/// `{name, credit_code, legal_person}`; without a name it is taken away.
///
/// # Errors
/// As [`put_product`].
pub async fn put_enterprise(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
    fields: Fields,
) -> Result<StatusCode, Problem> {
    let named = if fields.is_empty() { None } else { Some(enterprise(fields)?) };
    put(&api, &caller, &business_no, Part::Enterprise(named)).await
}

/// `{people: [{name, id_no, mobile}], enterprises: [{name, credit_code, legal_person}]}`.
///
/// # Errors
/// As [`put_product`].
pub async fn put_guarantors(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
    mut fields: Fields,
) -> Result<StatusCode, Problem> {
    let person = |mut fields: Fields| -> error::Result<Guarantor> {
        Ok(Guarantor {
            name: fields.text("name")?,
            id_no: fields.opt_text("id_no")?.unwrap_or_default(),
            mobile: fields.opt_text("mobile")?.unwrap_or_default(),
        })
    };
    let people = fields.objects("people")?.into_iter().map(person).collect::<error::Result<_>>()?;
    let enterprises = fields.objects("enterprises")?.into_iter().map(enterprise).collect::<error::Result<_>>()?;
    put(&api, &caller, &business_no, Part::Guarantors { people, enterprises }).await
}

/// `{assist_no, risk_video_url, signature_url}`.
///
/// # Errors
/// As [`put_product`].
pub async fn put_references(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
    mut fields: Fields,
) -> Result<StatusCode, Problem> {
    let part = Part::References {
        assist_no: fields.opt_text("assist_no")?,
        risk_video_url: fields.opt_text("risk_video_url")?,
        signature_url: fields.opt_text("signature_url")?,
    };
    put(&api, &caller, &business_no, part).await
}

/// `{result: "passed", "failed" or "not_done", similarity, description}`, from a business system alone.
///
/// # Errors
/// As [`put_product`].
pub async fn put_identity(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
    mut fields: Fields,
) -> Result<StatusCode, Problem> {
    let word = fields.text("result")?;
    let result = IdentityVerdict::from_word(&word)
        .ok_or_else(|| fields.complain("result", "应为 passed、failed 或 not_done"))?;
    let part = Part::Identity(IdentityResult {
        result,
        similarity: fields.opt_text("similarity")?.unwrap_or_else(|| "0.0".to_owned()),
        description: fields.opt_text("description")?.unwrap_or_default(),
    });
    put(&api, &caller, &business_no, part).await
}

/// `{image_base64}`: asks the tenant's identity service about the main person of the order.
///
/// # Errors
/// Missing, also when it is another tenant's or another queue's; invalid; not entitled.
pub async fn check_identity(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
    LargeFields(mut fields): LargeFields,
) -> Result<Response, Problem> {
    let image = fields.text("image_base64")?;
    let result = identity::check_identity(&api.service, &caller, &business_no, &image).await?;
    Ok(Json(result).into_response())
}

/// `{token}`: what a business server says about a face, signed by it and handed over by a page.
///
/// # Errors
/// Wrong secret, expired, ticket used; invalid; missing when its tenant has no such order.
pub async fn accept_statement(
    State(api): State<Shared>,
    Anybody(origin): Anybody,
    mut fields: Fields,
) -> Result<StatusCode, Problem> {
    let token = fields.text("token")?;
    identity::accept_statement(&api.service, &token, &origin.address.to_string()).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `{name, image_base64}`: hands a photo on to the tenant's photo service.
///
/// # Errors
/// As [`check_identity`]; invalid as well when the tenant has no photo service or it did not take the photo.
pub async fn push_photo(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
    LargeFields(mut fields): LargeFields,
) -> Result<StatusCode, Problem> {
    let (name, image) = (fields.text("name")?, fields.text("image_base64")?);
    identity::push_photo(&api.service, &caller, &business_no, &name, &image).await?;
    Ok(StatusCode::NO_CONTENT)
}
