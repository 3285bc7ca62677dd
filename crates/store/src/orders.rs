//! Orders with their people.

use mingjian_domain::error::{Conflict, Error, Result};
use mingjian_domain::id::{OrderId, TenantId};
use mingjian_domain::order::{Detail, Order, Person, PersonRole};

use crate::Tx;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::{Value, args};

/// The orders of a transaction.
pub struct Orders<'t>(pub(crate) &'t mut Tx);

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT id, tenant_id, business_no, product_name, queue_id, details, identity_check, created_at \
             FROM orders ",
            $tail
        )
    };
}

impl Orders<'_> {
    /// Adds an order and its people.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the tenant has one of that business number;
    /// [`Error::Fault`], also when the queue is another tenant's.
    pub async fn insert(&mut self, order: &Order) -> Result<()> {
        let details =
            serde_json::to_string(&order.details).map_err(|error| Error::fault("writing an order's details", error))?;
        self.0
            .execute(
                "INSERT INTO orders (id, tenant_id, business_no, product_name, queue_id, details, identity_check, \
                 created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                args![
                    order.id,
                    order.tenant,
                    &order.business_no,
                    &order.product_name,
                    order.queue,
                    details,
                    order.identity_check,
                    order.created_at,
                ],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(order.business_no.clone()), "adding an order")?;
        for (position, person) in (0_u32..).zip(&order.people) {
            self.insert_person(order.id, position, person).await?;
        }
        Ok(())
    }

    async fn insert_person(&mut self, order: OrderId, position: u32, person: &Person) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO people (id, order_id, position, role, name, id_type, id_no, mobile) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
                args![
                    person.id,
                    order,
                    position,
                    person.role.word(),
                    &person.name,
                    &person.id_type,
                    &person.id_no,
                    &person.mobile,
                ],
            )
            .await
            .or_fault("adding a person of an order")?;
        Ok(())
    }

    /// The tenant's order of that id.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup(&mut self, tenant: TenantId, id: OrderId) -> Result<Option<Order>> {
        self.one(select!("WHERE tenant_id = $1 AND id = $2"), args![tenant, id]).await
    }

    /// The tenant's order of that business number.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_business_no(&mut self, tenant: TenantId, business_no: &str) -> Result<Option<Order>> {
        self.one(select!("WHERE tenant_id = $1 AND business_no = $2"), args![tenant, business_no]).await
    }

    /// The order of that id, of whichever tenant: for the server itself, never with an id that a caller named.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_any(&mut self, id: OrderId) -> Result<Option<Order>> {
        self.one(select!("WHERE id = $1"), args![id]).await
    }

    async fn one(&mut self, sql: &'static str, args: Vec<Value>) -> Result<Option<Order>> {
        let order = self.0.optional(sql, args, read).await.or_fault("reading an order")?;
        let Some(mut order) = order else { return Ok(None) };
        order.people = self
            .0
            .all(
                "SELECT id, role, name, id_type, id_no, mobile FROM people WHERE order_id = $1 ORDER BY position",
                args![order.id],
                read_person,
            )
            .await
            .or_fault("reading an order's people")?;
        Ok(Some(order))
    }
}

/// The order without its people.
fn read(row: &Row) -> sqlx::Result<Order> {
    let details: String = row.get("details")?;
    let details: Vec<Detail> = serde_json::from_str(&details).map_err(|error| unreadable("details", error))?;
    Ok(Order {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        business_no: row.get("business_no")?,
        product_name: row.get("product_name")?,
        queue: row.get("queue_id")?,
        people: Vec::new(),
        details,
        identity_check: row.get("identity_check")?,
        created_at: row.get("created_at")?,
    })
}

fn read_person(row: &Row) -> sqlx::Result<Person> {
    Ok(Person {
        id: row.get("id")?,
        role: row.word("role", PersonRole::from_word)?,
        name: row.get("name")?,
        id_type: row.get("id_type")?,
        id_no: row.get("id_no")?,
        mobile: row.get("mobile")?,
    })
}
