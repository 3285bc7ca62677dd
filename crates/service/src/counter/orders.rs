//! The orders that a call names. One that is unknown is made from the call's fields, at the tenant's counter queue: a queue
//! that is never open and has no seats, so that everything else may go on believing that an order has one.

use mingjian_domain::error::{Error, Result};
use mingjian_domain::id::{OrderId, PersonId, QueueId, TenantId};
use mingjian_domain::order::{Detail, Order, Person, PersonRole};
use mingjian_domain::queue::{Hours, Queue};
use mingjian_domain::take::is_file_word;
use mingjian_store::Tx;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// Somebody whom a call names, with the order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The order's number.
    pub business_no: String,
    /// The name.
    pub name: String,
    /// Number of the identity paper.
    pub id_no: String,
    /// Mobile number; empty where none is named.
    pub mobile: String,
    /// The product.
    pub product_name: String,
    /// Whatever else is to be seen.
    pub others: Vec<String>,
}

/// Longest field and most further ones.
const LONGEST_OTHER: usize = 200;
const MOST_OTHERS: usize = 20;

impl Named {
    /// The same with blanks trimmed off, if it keeps every rule.
    ///
    /// # Errors
    /// [`Error::Invalid`] naming the field, in the words of the document, and what is wanted.
    pub(super) fn check(self) -> Result<Self> {
        let named = Self {
            business_no: text(&self.business_no, "businessNo", 64)?,
            name: text(&self.name, "customerName", 50)?,
            id_no: text(&self.id_no, "idCard", 64)?,
            mobile: match self.mobile.trim() {
                "" => String::new(),
                mobile => text(mobile, "mobilePhone", 20)?,
            },
            product_name: text(&self.product_name, "productName", 100)?,
            others: self
                .others
                .iter()
                .filter(|other| !other.trim().is_empty())
                .map(|other| text(other, "orderList", LONGEST_OTHER))
                .collect::<Result<_>>()?,
        };
        if named.others.len() > MOST_OTHERS {
            return Err(Error::Invalid(format!("orderList:其他信息最多 {MOST_OTHERS} 项")));
        }
        // It begins the names of files, so it must be able to.
        if !is_file_word(&named.business_no) || named.business_no.contains(char::is_whitespace) {
            return Err(Error::Invalid(
                "businessNo:不能包含空格、控制字符和 / \\ : * ? \" < > |，也不能以 . 开头".into(),
            ));
        }
        let digits = named.mobile.strip_prefix('+').unwrap_or(&named.mobile);
        if !digits.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-') {
            return Err(Error::Invalid("mobilePhone:应为数字，可带国家码前缀 +".into()));
        }
        Ok(named)
    }
}

fn text(text: &str, field: &str, longest: usize) -> Result<String> {
    let trimmed = text.trim();
    if trimmed.is_empty() {
        return Err(Error::Invalid(format!("{field}:不能为空")));
    }
    if trimmed.chars().count() > longest {
        return Err(Error::Invalid(format!("{field}:最多 {longest} 个字符")));
    }
    if trimmed.chars().any(char::is_control) {
        return Err(Error::Invalid(format!("{field}:不能包含控制字符")));
    }
    Ok(trimmed.to_owned())
}

/// The order that somebody is named for. An order that is there stays as it is.
///
/// # Errors
/// [`mingjian_domain::error::Conflict::NameTaken`] when another call makes it just now; [`Error::Fault`].
pub(super) async fn find_or_create(
    service: &Service,
    tx: &mut Tx,
    caller: &Caller,
    named: &Named,
    everybody: &[Named],
) -> Result<OrderId> {
    let tenant = caller.tenant();
    if let Some(order) = tx.orders().lookup_by_business_no(tenant, &named.business_no).await? {
        return Ok(order.id);
    }
    let now = service.now();
    let queue = counter_queue(service, tx, tenant).await?;
    let of_order = everybody.iter().filter(|other| other.business_no == named.business_no);
    let person = |(place, named): (usize, &Named)| Person {
        id: service.draw(|random| PersonId::mint(now, random)),
        role: if place == 0 { PersonRole::Borrower } else { PersonRole::CoBorrower },
        name: named.name.clone(),
        id_type: "id_card".to_owned(),
        id_no: named.id_no.clone(),
        mobile: named.mobile.clone(),
    };
    let order = Order {
        id: service.draw(|random| OrderId::mint(now, random)),
        tenant,
        business_no: named.business_no.clone(),
        product_name: named.product_name.clone(),
        queue,
        people: of_order.enumerate().map(person).collect(),
        details: named.others.iter().map(|other| Detail { label: "其他".to_owned(), value: other.clone() }).collect(),
        identity_check: false,
        created_at: now,
    };
    tx.orders().insert(&order).await?;
    let subject = Subject { noun: "order", id: order.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "create_order", subject, None)).await?;
    Ok(order.id)
}

/// The tenant's counter queue, made when it is first needed.
async fn counter_queue(service: &Service, tx: &mut Tx, tenant: TenantId) -> Result<QueueId> {
    let code = tx.tenants().lookup(tenant).await?.map(|tenant| tenant.code).unwrap_or_default();
    let number = format!("counter-{code}");
    if let Some(queue) = tx.queues().lookup_by_number(tenant, &number).await? {
        return Ok(queue.id);
    }
    let now = service.now();
    let queue = Queue {
        id: service.draw(|random| QueueId::mint(now, random)),
        tenant,
        number,
        name: "柜面双录".to_owned(),
        priority: 0,
        hours: Hours::Spans(Vec::new()),
    };
    tx.queues().insert(&queue).await?;
    Ok(queue.id)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named() -> Named {
        Named {
            business_no: "A3239239".into(),
            name: " 张三 ".into(),
            id_no: "3402825".into(),
            mobile: String::new(),
            product_name: "华楼通".into(),
            others: vec!["50万元".into(), " ".into()],
        }
    }

    fn complaint(change: impl FnOnce(&mut Named)) -> String {
        let mut named = named();
        change(&mut named);
        named.check().map(|_| ()).expect_err("it breaks a rule").to_string()
    }

    #[test]
    fn what_a_document_names_is_taken_and_tidied() {
        let checked = named().check().expect("it keeps every rule");
        assert_eq!((checked.name.as_str(), checked.others.len()), ("张三", 1));
        let contract = Named { business_no: "（2021）华字第001号".into(), ..named() };
        assert!(contract.check().is_ok(), "numbers of contracts are Chinese");
    }

    #[test]
    fn every_complaint_names_the_field_as_the_document_does() {
        assert!(complaint(|named| named.business_no = "../../etc/passwd".into()).starts_with("businessNo:"));
        assert!(complaint(|named| named.business_no = "a b".into()).starts_with("businessNo:"));
        assert!(complaint(|named| named.business_no = "长".repeat(65)).starts_with("businessNo:"));
        assert!(complaint(|named| named.name = "张\u{0}三".into()).starts_with("customerName:"));
        assert!(complaint(|named| named.id_no = String::new()).starts_with("idCard:"));
        assert!(complaint(|named| named.mobile = "call me".into()).starts_with("mobilePhone:"));
        assert!(complaint(|named| named.product_name = " ".into()).starts_with("productName:"));
        assert!(complaint(|named| named.others = vec!["x".into(); 21]).starts_with("orderList:"));
    }
}
