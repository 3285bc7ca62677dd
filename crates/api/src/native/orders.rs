//! Orders, and the links of their people.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{self, Error};
use mingjian_domain::order::{Detail, Person, PersonRole};
use mingjian_service::access::Caller;
use mingjian_service::invitations::{self, Whom};
use mingjian_service::mask;
use mingjian_service::orders::{self, OrderDraft, PersonDraft, Placed};
use serde::Serialize;
use time::{Duration, OffsetDateTime};

use crate::Shared;
use crate::caller::Known;
use crate::fields::{Fields, TextOrInteger};
use crate::origin::Origin;
use crate::params::Segments;
use crate::problems::Problem;

/// An order.
#[derive(Serialize)]
pub(super) struct OrderView {
    id: String,
    business_no: String,
    customer: PersonView,
    people: Vec<PersonView>,
    product_name: String,
    queue_id: String,
    details: Vec<Detail>,
    identity_check: bool,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

#[derive(Serialize)]
struct PersonView {
    role: &'static str,
    name: String,
    id_type: String,
    id_no: String,
    mobile: String,
}

/// The business system that sent the numbers reads them back whole, people read the ends.
fn person_view(person: &Person, caller: &Caller) -> PersonView {
    let (id_no, mobile) = match caller {
        Caller::System { .. } => (person.id_no.clone(), person.mobile.clone()),
        Caller::User { .. } => (mask::id_no(&person.id_no), mask::mobile(&person.mobile)),
    };
    PersonView { role: person.role.word(), name: person.name.clone(), id_type: person.id_type.clone(), id_no, mobile }
}

pub(super) fn order_view(placed: Placed, caller: &Caller) -> OrderView {
    let Placed { order, queue } = placed;
    let mut people = order.people.iter().map(|person| person_view(person, caller));
    OrderView {
        id: order.id.to_string(),
        business_no: order.business_no.clone(),
        customer: people.next().expect("an order has a customer"),
        people: people.collect(),
        product_name: order.product_name,
        queue_id: queue.number,
        details: order.details,
        identity_check: order.identity_check,
        created_at: order.created_at,
    }
}

fn read_order(mut fields: Fields) -> error::Result<OrderDraft> {
    let mut people = vec![read_person(fields.object("customer")?, Some(PersonRole::Borrower))?];
    for person in fields.objects("people")? {
        people.push(read_person(person, None)?);
    }
    let mut details = Vec::new();
    for mut detail in fields.objects("details")? {
        details.push(Detail { label: detail.text("label")?, value: detail.text("value")? });
    }
    Ok(OrderDraft {
        business_no: fields.text("business_no")?,
        product_name: fields.text("product_name")?,
        queue_id: fields.text("queue_id")?,
        people,
        details,
        identity_check: fields.flag("identity_check")?,
    })
}

fn read_person(mut fields: Fields, role: Option<PersonRole>) -> error::Result<PersonDraft> {
    let role = match role {
        Some(role) => role,
        None => read_role(&fields.text("role")?).map_err(|wanted| fields.complain("role", &wanted))?,
    };
    Ok(PersonDraft {
        role,
        name: fields.text("name")?,
        id_type: fields.text("id_type")?,
        id_no: fields.text("id_no")?,
        mobile: fields.text("mobile")?,
    })
}

fn read_role(word: &str) -> Result<PersonRole, String> {
    PersonRole::from_word(word).ok_or_else(|| format!("应为 {} 之一", PersonRole::ALL.map(PersonRole::word).join("、")))
}

/// Takes an order in.
///
/// # Errors
/// Invalid naming the field; name taken; not entitled.
pub async fn create_order(
    State(api): State<Shared>,
    Known(caller): Known,
    fields: Fields,
) -> Result<Response, Problem> {
    let placed = orders::create_order(&api.service, &caller, read_order(fields)?).await?;
    let location = format!("/api/v1/orders/{}", placed.order.business_no);
    let location = HeaderValue::try_from(location).expect("a business number is letters, digits and punctuation");
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(order_view(placed, &caller))).into_response())
}

/// One order.
///
/// # Errors
/// Missing, also when it is another tenant's; not entitled.
pub async fn find_order(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(business_no): Segments<String>,
) -> Result<Response, Problem> {
    let placed = orders::find_order(&api.service, &caller, &business_no).await?;
    Ok(Json(order_view(placed, &caller)).into_response())
}

#[derive(Serialize)]
struct InvitationView {
    url: String,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

/// Makes a link for a person of an order: `{"person"?: role or place, "expires_in_s"?, "return_url"?}`.
///
/// # Errors
/// Missing, also when the order is another tenant's; invalid; not entitled.
pub async fn create_invitation(
    State(api): State<Shared>,
    Known(caller): Known,
    origin: Origin,
    Segments(business_no): Segments<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let whom = match fields.opt_text_or_integer("person")? {
        None => Whom::Place(0),
        Some(TextOrInteger::Integer(place)) => Whom::Place(usize::try_from(place).unwrap_or(usize::MAX)),
        Some(TextOrInteger::Text(word)) => {
            Whom::Role(read_role(&word).map_err(|wanted| fields.complain("person", &wanted))?)
        }
    };
    let life = fields.opt_integer("expires_in_s")?.map(Duration::seconds);
    let base = origin.base(&api.settings);
    let base = base.ok_or_else(|| {
        Error::Invalid("无法生成链接：请求所用的域名未登记，请管理员设置 public_url 或登记该域名".into())
    })?;
    let return_url = fields.opt_text("return_url")?;
    let invited = invitations::create_invitation(&api.service, &caller, &business_no, whom, life, return_url).await?;
    let url = format!("{base}/s/{}", invited.code.expose());
    let view = InvitationView { url, expires_at: invited.invitation.expires_at };
    Ok((StatusCode::CREATED, Json(view)).into_response())
}
