//! What a seat reads of an order beside its people: sent by the business system part by part, or pulled from it.

mod pull;

use mingjian_domain::error::{Denied, Error, Noun, Result};
use mingjian_domain::sheet::{Enterprise, Guarantor, IdentityResult, OrderSheet, ProductSheet};
use mingjian_domain::user::Role;
use mingjian_store::Tx;

pub use pull::{Pulled, pull_order, pull_product};

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::orders::Placed;

const MOST_LINES: usize = 50;
const LONGEST: usize = 2_000;

/// A part of a sheet, which replaces what was there.
pub enum Part {
    /// The product.
    Product(ProductSheet),
    /// The enterprise that borrows; none takes it away.
    Enterprise(Option<Enterprise>),
    /// Who stands in for the borrower.
    Guarantors {
        /// People.
        people: Vec<Guarantor>,
        /// Enterprises.
        enterprises: Vec<Enterprise>,
    },
    /// What the business system calls the case, and what it shows.
    References {
        /// The auxiliary number.
        assist_no: Option<String>,
        /// The risk video.
        risk_video_url: Option<String>,
        /// The contract.
        signature_url: Option<String>,
    },
    /// What the business system found out about the borrower's identity.
    Identity(IdentityResult),
}

impl Part {
    const fn word(&self) -> &'static str {
        match self {
            Self::Product(_) => "product",
            Self::Enterprise(_) => "enterprise",
            Self::Guarantors { .. } => "guarantors",
            Self::References { .. } => "references",
            Self::Identity(_) => "identity",
        }
    }

    fn check(&self) -> Result<()> {
        match self {
            Self::Product(product) => check_product(product),
            Self::Enterprise(enterprise) => enterprise.iter().try_for_each(|it| check_enterprise(it, "")),
            Self::Guarantors { people, enterprises } => {
                if people.len() > MOST_LINES || enterprises.len() > MOST_LINES {
                    return Err(Error::Invalid(format!("people、enterprises:各最多 {MOST_LINES} 项")));
                }
                for (place, person) in people.iter().enumerate() {
                    let field = |name: &str| format!("people[{place}].{name}");
                    filled(&person.name, &field("name"))?;
                    short(&person.id_no, &field("id_no"))?;
                    short(&person.mobile, &field("mobile"))?;
                }
                enterprises
                    .iter()
                    .enumerate()
                    .try_for_each(|(place, it)| check_enterprise(it, &format!("enterprises[{place}].")))
            }
            Self::References { assist_no, risk_video_url, signature_url } => {
                assist_no.iter().try_for_each(|text| short(text, "assist_no"))?;
                risk_video_url.iter().try_for_each(|url| address(url, "risk_video_url"))?;
                signature_url.iter().try_for_each(|url| address(url, "signature_url"))
            }
            Self::Identity(identity) => {
                let similarity = identity.similarity.parse::<f64>().ok();
                if !similarity.is_some_and(|similarity| (0.0..=100.0).contains(&similarity)) {
                    return Err(Error::Invalid("similarity:应为 0.0 至 100.0".into()));
                }
                short(&identity.description, "description")
            }
        }
    }

    fn put_into(self, sheet: &mut OrderSheet) {
        match self {
            Self::Product(product) => sheet.product = Some(product),
            Self::Enterprise(enterprise) => sheet.enterprise = enterprise,
            Self::Guarantors { people, enterprises } => {
                sheet.guarantors = people;
                sheet.enterprise_guarantors = enterprises;
            }
            Self::References { assist_no, risk_video_url, signature_url } => {
                sheet.assist_no = assist_no;
                sheet.risk_video_url = risk_video_url;
                sheet.signature_url = signature_url;
            }
            Self::Identity(identity) => sheet.identity = Some(identity),
        }
    }
}

fn check_product(product: &ProductSheet) -> Result<()> {
    filled(&product.product_name, "product_name")?;
    short(&product.product_id, "product_id")?;
    short(&product.intro, "intro")?;
    short(&product.risk_level, "risk_level")?;
    short(&product.statement, "statement")?;
    if product.risk_tips.len() > MOST_LINES || product.images.len() > MOST_LINES {
        return Err(Error::Invalid(format!("risk_tips、images:各最多 {MOST_LINES} 项")));
    }
    product.risk_tips.iter().try_for_each(|tip| short(tip, "risk_tips"))?;
    product.images.iter().try_for_each(|url| address(url, "images"))?;
    product.risk_video_url.iter().try_for_each(|url| address(url, "risk_video_url"))
}

fn check_enterprise(enterprise: &Enterprise, path: &str) -> Result<()> {
    filled(&enterprise.name, &format!("{path}name"))?;
    short(&enterprise.credit_code, &format!("{path}credit_code"))?;
    short(&enterprise.legal_person, &format!("{path}legal_person"))
}

fn short(text: &str, field: &str) -> Result<()> {
    if text.chars().count() > LONGEST {
        return Err(Error::Invalid(format!("{field}:最多 {LONGEST} 个字符")));
    }
    if text.chars().any(|letter| letter.is_control() && letter != '\n') {
        return Err(Error::Invalid(format!("{field}:不能包含控制字符")));
    }
    Ok(())
}

fn filled(text: &str, field: &str) -> Result<()> {
    if text.trim().is_empty() { Err(Error::Invalid(format!("{field}:不能为空"))) } else { short(text, field) }
}

/// A page follows these: only https, or a path on our own host.
fn address(url: &str, field: &str) -> Result<()> {
    let own = url.starts_with('/') && !url.starts_with("//") && !url.contains('\\');
    if own || mingjian_domain::embed::origin_of(url).is_some_and(|origin| origin.starts_with("https://")) {
        return short(url, field);
    }
    Err(Error::Invalid(format!("{field}:应为 https:// 开头的网址，或本系统的路径")))
}

/// Replaces a part of an order's sheet.
///
/// # Errors
/// [`Error::Missing`] when the tenant has no such order; [`Error::Invalid`] naming the field;
/// [`Denied::NotEntitled`] for a user who is no tenant admin, and for an identity result from anybody but a business system:
/// what comes from a browser is not believed.
pub async fn put_part(service: &Service, caller: &Caller, business_no: &str, part: Part) -> Result<()> {
    caller.entitled(&[Role::TenantAdmin])?;
    if matches!((&part, caller), (Part::Identity(_), Caller::User { .. })) {
        return Err(Denied::NotEntitled.into());
    }
    part.check()?;
    let mut tx = service.store.begin().await?;
    let order =
        tx.orders().lookup_by_business_no(caller.tenant(), business_no).await?.ok_or(Error::Missing(Noun::Order))?;
    let mut sheet = tx.sheets().lookup(order.tenant, order.id).await?.unwrap_or_default();
    let detail = serde_json::json!({ "part": part.word() }).to_string();
    part.put_into(&mut sheet);
    tx.sheets().put(order.tenant, order.id, &sheet, service.now()).await?;
    let subject = Subject { noun: "order", id: order.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "put_order_part", subject, Some(detail))).await?;
    tx.commit().await
}

/// An order with its sheet. Where the product is not there yet, it is asked for once.
///
/// # Errors
/// [`Error::Missing`] when there is no such order for the caller; [`Denied::NotEntitled`] for a user who reads no orders.
pub async fn find_sheet(service: &Service, caller: &Caller, business_no: &str) -> Result<(Placed, OrderSheet)> {
    let mut tx = service.store.read().await?;
    let placed = placed(&mut tx, caller, business_no).await?;
    let sheet = tx.sheets().lookup(placed.order.tenant, placed.order.id).await?.unwrap_or_default();
    drop(tx);
    if sheet.product.is_some() {
        return Ok((placed, sheet));
    }
    // A product service that is down must not hide the order from the seat.
    let product = match pull_product(service, &placed, &sheet).await {
        Err(error @ (Error::Invalid(_) | Error::Missing(_))) => {
            tracing::warn!(order.id = %placed.order.id, %error, "the product could not be asked for");
            None
        }
        pulled => pulled?,
    };
    let Some(product) = product else { return Ok((placed, sheet)) };
    let mut tx = service.store.begin().await?;
    let mut sheet = tx.sheets().lookup(placed.order.tenant, placed.order.id).await?.unwrap_or_default();
    sheet.product.get_or_insert(product);
    tx.sheets().put(placed.order.tenant, placed.order.id, &sheet, service.now()).await?;
    tx.commit().await?;
    Ok((placed, sheet))
}

/// The caller's order of that number with its queue. A seat sees the orders of its queues.
pub(crate) async fn placed(tx: &mut Tx, caller: &Caller, business_no: &str) -> Result<Placed> {
    let order =
        tx.orders().lookup_by_business_no(caller.tenant(), business_no).await?.ok_or(Error::Missing(Noun::Order))?;
    let queue = tx.queues().lookup(order.tenant, order.queue).await?.ok_or(Error::Missing(Noun::Queue))?;
    match caller {
        Caller::System { .. } => {}
        Caller::User { user, .. } => {
            let reads = [Role::TenantAdmin, Role::Supervisor, Role::Reviewer].iter().any(|&role| user.is(role));
            if !reads {
                if !user.is(Role::Seat) {
                    return Err(Denied::NotEntitled.into());
                }
                let serves = tx.memberships().list_of_seat(user.id).await?;
                if !serves.iter().any(|membership| membership.queue == queue.id) {
                    return Err(Error::Missing(Noun::Order));
                }
            }
        }
    }
    Ok(Placed { order, queue })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_follow_https_and_our_own_paths_alone() {
        for (url, good) in [
            ("https://bank.example/risk.mp4", true),
            ("/files/risk.mp4", true),
            ("http://bank.example/risk.mp4", false),
            ("//bank.example/risk.mp4", false),
            ("/\\bank.example", false),
            ("javascript:alert(1)", false),
        ] {
            assert_eq!(address(url, "risk_video_url").is_ok(), good, "{url}");
        }
    }

    #[test]
    fn a_part_replaces_its_own_and_nothing_else() {
        let mut sheet = OrderSheet { assist_no: Some("F1".into()), ..OrderSheet::default() };
        let enterprise =
            Enterprise { name: "示例公司".into(), credit_code: "91310000X".into(), legal_person: "王五".into() };
        Part::Enterprise(Some(enterprise.clone())).put_into(&mut sheet);
        assert_eq!((sheet.assist_no.as_deref(), sheet.enterprise.as_ref()), (Some("F1"), Some(&enterprise)));
        Part::Enterprise(None).put_into(&mut sheet);
        assert_eq!(sheet.enterprise, None);
    }
}
