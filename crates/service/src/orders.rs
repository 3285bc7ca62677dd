//! Orders: taken from business systems, checked field by field, and found again.

mod draft;

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::{OrderId, PersonId};
use mingjian_domain::order::{Order, Person};
use mingjian_domain::queue::Queue;
use mingjian_domain::user::Role;

pub use draft::{OrderDraft, PersonDraft};

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// An order with the queue that its customers wait in.
pub struct Placed {
    /// The order.
    pub order: Order,
    /// Its queue.
    pub queue: Queue,
}

/// Takes an order in.
///
/// # Errors
/// [`Error::Invalid`] naming the field and what is wanted; [`mingjian_domain::error::Conflict::NameTaken`] when the
/// tenant has an order of that business number; [`Error::Denied`] for a user who is no tenant admin.
pub async fn create_order(service: &Service, caller: &Caller, draft: OrderDraft) -> Result<Placed> {
    caller.entitled(&[Role::TenantAdmin])?;
    let draft = draft.check()?;
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let queue = tx.queues().lookup_by_number(caller.tenant(), &draft.queue_id).await?;
    let queue =
        queue.ok_or_else(|| Error::Invalid("queue_id:没有这个队列，请填写本租户的队列编号，例如 1001".into()))?;
    let person = |draft: PersonDraft| Person {
        id: service.draw(|random| PersonId::mint(now, random)),
        role: draft.role,
        name: draft.name,
        id_type: draft.id_type,
        id_no: draft.id_no,
        mobile: draft.mobile,
    };
    let order = Order {
        id: service.draw(|random| OrderId::mint(now, random)),
        tenant: caller.tenant(),
        business_no: draft.business_no,
        product_name: draft.product_name,
        queue: queue.id,
        people: draft.people.into_iter().map(person).collect(),
        details: draft.details,
        identity_check: draft.identity_check,
        created_at: now,
    };
    tx.orders().insert(&order).await?;
    let subject = Subject { noun: "order", id: order.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "create_order", subject, None)).await?;
    tx.commit().await?;
    Ok(Placed { order, queue })
}

/// Finds an order by its business number.
///
/// # Errors
/// [`Error::Missing`] when the tenant has none of that number; [`Error::Denied`] for a user who may not read orders.
pub async fn find_order(service: &Service, caller: &Caller, business_no: &str) -> Result<Placed> {
    caller.entitled(&[Role::TenantAdmin, Role::Supervisor, Role::Reviewer])?;
    let mut tx = service.store.read().await?;
    let order =
        tx.orders().lookup_by_business_no(caller.tenant(), business_no).await?.ok_or(Error::Missing(Noun::Order))?;
    let queue = tx.queues().lookup(order.tenant, order.queue).await?.ok_or(Error::Missing(Noun::Queue))?;
    Ok(Placed { order, queue })
}
