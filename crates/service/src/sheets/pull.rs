//! Orders and products asked for at the business system, in the shapes of `order.json` and `product.json` or where its
//! connector says that the fields stand.

use mingjian_domain::connector::{Connector, ConnectorKind};
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::order::{Detail, PersonRole};
use mingjian_domain::sheet::{Enterprise, Guarantor, OrderSheet, ProductSheet};
use mingjian_domain::user::Role;
use serde_json::Value;

use super::{Part, check_product};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::connectors::{self, text, text_of};
use crate::orders::{self, OrderDraft, PersonDraft, Placed};

/// `order.json` says by these that the business is done: 3 passed, 4 refused.
const DONE: [&str; 2] = ["3", "4"];
/// What the document's order has no word for.
const PAPER: &str = "id_card";

/// An order that was asked for.
pub struct Pulled {
    /// The order.
    pub placed: Placed,
    /// Whether it is new here.
    pub is_new: bool,
}

/// Asks the tenant's order service for an order, takes it in if it is new, and keeps what it says beside.
///
/// # Errors
/// [`Error::Missing`] when the tenant has no order service, or that service knows no such order; [`Conflict::AlreadyDecided`]
/// when it says that the business is done; [`Error::Invalid`] when its answer breaks a rule of orders, or it does not answer;
/// [`mingjian_domain::error::Denied::NotEntitled`] for a user who is no tenant admin.
pub async fn pull_order(
    service: &Service,
    caller: &Caller,
    business_no: &str,
    queue_id: Option<&str>,
) -> Result<Pulled> {
    caller.entitled(&[Role::TenantAdmin])?;
    let connector = connectors::lookup(service, caller.tenant(), ConnectorKind::Order).await?;
    let connector = connector.ok_or(Error::Missing(Noun::Order))?;
    let tenant = tenant_code(service, caller).await?;
    let values = [("businessId", business_no), ("queueId", queue_id.unwrap_or_default()), ("tenantId", &tenant)];
    let answer = match connectors::ask(&connector, service.web()?, &values).await? {
        Ok(yes) => yes.json,
        Err(no @ connectors::No::Failed(_)) => return Err(unanswered("订单", &no.sentence())),
        Err(connectors::No::Answered { status: 404, .. }) => return Err(Error::Missing(Noun::Order)),
        Err(no @ connectors::No::Answered { .. }) => return Err(unanswered("订单", &no.sentence())),
    };
    // Without its own number in it an answer is of no order, whatever else it holds.
    if text(&connector, &answer, "business_no").as_deref() != Some(business_no) {
        return Err(Error::Missing(Noun::Order));
    }
    if text(&connector, &answer, "status").is_some_and(|status| DONE.contains(&status.as_str())) {
        return Err(Conflict::AlreadyDecided.into());
    }
    let sheet = read_sheet(&connector, &answer);
    for part in [
        Part::Enterprise(sheet.enterprise.clone()),
        Part::Guarantors { people: sheet.guarantors.clone(), enterprises: sheet.enterprise_guarantors.clone() },
        Part::References {
            assist_no: sheet.assist_no.clone(),
            risk_video_url: sheet.risk_video_url.clone(),
            signature_url: sheet.signature_url.clone(),
        },
    ] {
        part.check()?;
    }
    let (placed, is_new) = match orders::find_order(service, caller, business_no).await {
        Ok(placed) => (placed, false),
        Err(Error::Missing(Noun::Order)) => {
            match orders::create_order(service, caller, read_order(&connector, &answer, queue_id)?).await {
                // Somebody else was faster.
                Err(Error::Conflict(Conflict::NameTaken(_))) => {
                    (orders::find_order(service, caller, business_no).await?, false)
                }
                created => (created?, true),
            }
        }
        Err(error) => return Err(error),
    };
    let mut tx = service.store.begin().await?;
    let (tenant, order) = (placed.order.tenant, placed.order.id);
    let before = tx.sheets().lookup(tenant, order).await?.unwrap_or_default();
    let sheet = OrderSheet { product: before.product, identity: before.identity, ..sheet };
    tx.sheets().put(tenant, order, &sheet, service.now()).await?;
    let subject = Subject { noun: "order", id: order.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "pull_order", subject, None)).await?;
    tx.commit().await?;
    Ok(Pulled { placed, is_new })
}

/// Asks the tenant's product service for the product of an order. None where there is no such service, or it knows none.
///
/// # Errors
/// [`Error::Invalid`] when it does not answer, or what it says breaks a rule.
pub async fn pull_product(service: &Service, placed: &Placed, sheet: &OrderSheet) -> Result<Option<ProductSheet>> {
    let order = &placed.order;
    let Some(connector) = connectors::lookup(service, order.tenant, ConnectorKind::Product).await? else {
        return Ok(None);
    };
    let mut tx = service.store.read().await?;
    let tenant = tx.tenants().lookup(order.tenant).await?.map(|tenant| tenant.code).unwrap_or_default();
    drop(tx);
    let product_id = sheet.product.as_ref().map(|product| product.product_id.as_str()).unwrap_or_default();
    let values = [
        ("businessId", order.business_no.as_str()),
        ("productId", product_id),
        ("productName", order.product_name.as_str()),
        ("tenantId", tenant.as_str()),
    ];
    let answer = match connectors::ask(&connector, service.web()?, &values).await? {
        Ok(yes) => yes.json,
        Err(no) => return Err(unanswered("产品", &no.sentence())),
    };
    let Some(products) = connectors::field(&connector, &answer, "products") else { return Ok(None) };
    let products = products.as_array().map_or_else(|| std::slice::from_ref(products), Vec::as_slice);
    let named = |product: &&Value| said(product, "productName") == order.product_name;
    let product = products.iter().find(named).or_else(|| products.first()).map(read_product);
    product.iter().try_for_each(check_product)?;
    Ok(product)
}

async fn tenant_code(service: &Service, caller: &Caller) -> Result<String> {
    let mut tx = service.store.read().await?;
    Ok(tx.tenants().lookup(caller.tenant()).await?.map(|tenant| tenant.code).unwrap_or_default())
}

/// The other side is the tenant's own, so its admin is told what it said.
fn unanswered(whose: &str, why: &str) -> Error {
    Error::Invalid(format!("业务系统的{whose}接口没有给出结果：{why}，请检查对接配置"))
}

fn said(value: &Value, name: &str) -> String {
    value.get(name).and_then(text_of).unwrap_or_default()
}

fn list(value: Option<&Value>) -> &[Value] {
    value.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn enterprise(value: &Value) -> Option<Enterprise> {
    let enterprise = Enterprise {
        name: said(value, "name"),
        credit_code: said(value, "creditCode"),
        legal_person: said(value, "legalPerson"),
    };
    Some(enterprise).filter(|enterprise| !enterprise.name.is_empty())
}

fn read_sheet(connector: &Connector, answer: &Value) -> OrderSheet {
    let field = |name: &str| connectors::field(connector, answer, name);
    let guarantor =
        |it: &Value| Guarantor { name: said(it, "name"), id_no: said(it, "idNo"), mobile: said(it, "phone") };
    OrderSheet {
        assist_no: text(connector, answer, "assist_no"),
        risk_video_url: text(connector, answer, "risk_video_url"),
        signature_url: text(connector, answer, "signature_url"),
        product: None,
        enterprise: field("enterprise").and_then(enterprise),
        guarantors: list(field("guarantors")).iter().map(guarantor).filter(|it| !it.name.is_empty()).collect(),
        enterprise_guarantors: list(field("enterprise_guarantors")).iter().filter_map(enterprise).collect(),
        identity: None,
    }
}

fn read_order(connector: &Connector, answer: &Value, queue_id: Option<&str>) -> Result<OrderDraft> {
    let wanted = |name: &str| {
        text(connector, answer, name)
            .ok_or_else(|| Error::Invalid(format!("业务系统的订单接口没有给出 {name}，请检查对接配置")))
    };
    let details = list(connectors::field(connector, answer, "details"));
    let detail = |it: &Value| Detail { label: said(it, "label"), value: said(it, "value") };
    Ok(OrderDraft {
        business_no: wanted("business_no")?,
        product_name: wanted("product_name")?,
        queue_id: match queue_id {
            Some(queue_id) => queue_id.to_owned(),
            None => wanted("queue_id")?,
        },
        people: vec![PersonDraft {
            role: PersonRole::Borrower,
            name: wanted("borrower_name")?,
            id_type: PAPER.to_owned(),
            id_no: wanted("borrower_id_no")?,
            mobile: wanted("borrower_mobile")?,
        }],
        details: details.iter().map(detail).filter(|it| !it.label.is_empty() && !it.value.is_empty()).collect(),
        identity_check: false,
    })
}

fn read_product(value: &Value) -> ProductSheet {
    let texts = |name: &str| list(value.get(name)).iter().filter_map(text_of).collect();
    ProductSheet {
        product_id: said(value, "productId"),
        product_name: said(value, "productName"),
        intro: said(value, "productIntro"),
        risk_level: said(value, "riskLevel"),
        risk_video_url: value.get("riskVideoUrl").and_then(text_of),
        risk_tips: texts("riskTips"),
        statement: said(value, "statement"),
        images: texts("imgs"),
    }
}
