//! A ticket for the address, used once; then a session for the page, which reloads and writes with it.

use mingjian_domain::counter::{Right, Sitter, Tab, Visit};
use mingjian_domain::error::{Conflict, Error, Result, Unauthenticated};
use mingjian_domain::id::TicketId;
use mingjian_domain::secret::Secret;
use mingjian_domain::take::Operator;
use time::Duration;

use super::Hand;
use super::orders::{self, Named};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::tokens::sha256;

/// Most orders of one visit, and most people in all: what the left column of the page can show.
const MOST_SITTERS: usize = 20;
/// Most tabs.
const MOST_TABS: usize = 20;
/// Visits are forgotten after this: their sessions have ended by then.
const KEPT: Duration = Duration::days(1);

/// What a business system wants the page to show.
#[derive(Debug, Clone)]
pub struct Wish {
    /// Who records.
    pub operator: Operator,
    /// Whom, and for which orders.
    pub people: Vec<Named>,
    /// The tabs.
    pub tabs: Vec<Tab>,
}

/// Makes a ticket for a page: finds the orders, makes those that are unknown, and notes the types that are asked for.
///
/// # Errors
/// [`Error::Invalid`] for too many people or tabs, or fields that break a rule; [`Error::Fault`].
pub async fn lead(service: &Service, caller: &Caller, wish: Wish) -> Result<Secret> {
    if wish.people.len() > MOST_SITTERS {
        return Err(Error::Invalid(format!("orderList:最多 {MOST_SITTERS} 项")));
    }
    if wish.tabs.len() > MOST_TABS {
        return Err(Error::Invalid(format!("roleList:最多 {MOST_TABS} 项")));
    }
    let people = wish.people.into_iter().map(Named::check).collect::<Result<Vec<_>>>()?;
    // Two calls may name the same unknown order at once: whoever comes second finds it at the second try.
    match prepare(service, caller, &wish.operator, &people, &wish.tabs).await {
        Err(Error::Conflict(Conflict::NameTaken(_))) => {
            prepare(service, caller, &wish.operator, &people, &wish.tabs).await
        }
        done => done,
    }
}

async fn prepare(
    service: &Service,
    caller: &Caller,
    operator: &Operator,
    people: &[Named],
    tabs: &[Tab],
) -> Result<Secret> {
    let now = service.now();
    let tenant = caller.tenant();
    let ticket = service.mint_code();
    let mut tx = service.store.begin().await?;
    let mut sitters = Vec::with_capacity(people.len());
    for named in people {
        let order = orders::find_or_create(service, &mut tx, caller, named, people).await?;
        for tab in tabs.iter().filter(|tab| tab.right == Right::Record) {
            tx.takes().ask_for(tenant, order, &tab.video_type, now).await?;
        }
        sitters.push(Sitter {
            order,
            business_no: named.business_no.clone(),
            name: named.name.clone(),
            id_no: named.id_no.clone(),
            mobile: named.mobile.clone(),
            product_name: named.product_name.clone(),
            others: named.others.clone(),
        });
    }
    let visit = Visit {
        id: service.draw(|random| TicketId::mint(now, random)),
        tenant,
        operator: operator.clone(),
        sitters,
        tabs: tabs.to_vec(),
        ticket_hash: sha256(ticket.expose()),
        created_at: now,
        session: None,
    };
    tx.visits().delete_made_before(now - KEPT).await?;
    tx.visits().insert(&visit).await?;
    let detail = serde_json::json!({ "operator": operator.user_id, "tabs": tabs.len() }).to_string();
    let subject = Subject { noun: "visit", id: visit.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "lead_to_counter", subject, Some(detail))).await?;
    tx.commit().await?;
    Ok(ticket)
}

/// A page that has just been opened.
#[derive(Debug)]
pub struct Opened {
    /// What for.
    pub visit: Visit,
    /// What its cookie holds.
    pub token: Secret,
}

/// Uses a ticket and opens the page's session.
///
/// # Errors
/// [`Conflict::TicketUsed`] for one that was used, is too old, or is none.
pub async fn open(service: &Service, ticket: &str, address: &str) -> Result<Opened> {
    let now = service.now();
    let mut tx = service.store.begin().await?;
    // Found by its hash: comparing takes no longer for a ticket that is nearly right.
    let visit = tx.visits().lookup_by_ticket_hash(&sha256(ticket)).await?.ok_or(Conflict::TicketUsed)?;
    let token = service.mint_token();
    let visit = visit.open(sha256(token.expose()), service.mint_token(), now)?;
    if !tx.visits().open(&visit).await? {
        return Err(Conflict::TicketUsed.into());
    }
    let hand = Hand::Page { visit: Box::new(visit.clone()), address: address.to_owned() };
    let subject = Subject { noun: "visit", id: visit.id.to_string() };
    let detail = hand.detail(&serde_json::Value::Null);
    tx.audit().append(&service.audit_line(hand.act(), "open_counter", subject, Some(detail))).await?;
    tx.commit().await?;
    Ok(Opened { visit, token })
}

/// The visit behind a page's cookie.
///
/// # Errors
/// [`Unauthenticated::NoCredentials`] for an unknown token, [`Unauthenticated::Expired`] after its time.
pub async fn authenticate(service: &Service, token: &str) -> Result<Visit> {
    let mut tx = service.store.read().await?;
    let visit = tx.visits().lookup_by_token_hash(&sha256(token)).await?.ok_or(Unauthenticated::NoCredentials)?;
    if visit.is_open(service.now()) { Ok(visit) } else { Err(Unauthenticated::Expired.into()) }
}
