//! Links for the people of an order: made for a business system, opened by a customer.

pub mod consent;

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::InvitationId;
use mingjian_domain::order::{Consent, Invitation, Order, Person, PersonRole};
use mingjian_domain::queue::Queue;
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::Tenant;
use mingjian_domain::user::Role;
use mingjian_store::Tx;
use time::Duration;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::embed::check_way_back;
use crate::tokens::sha256;

/// Which person of the order a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Whom {
    /// The first person of that role.
    Role(PersonRole),
    /// The person at that place, from 0.
    Place(usize),
}

/// A link that has just been made.
pub struct Invited {
    /// The invitation.
    pub invitation: Invitation,
    /// The code of the link: 22 letters and digits, nowhere else to be had.
    pub code: Secret,
}

/// The shortest and the longest life of a link.
const LIFE: std::ops::RangeInclusive<Duration> = Duration::minutes(1)..=Duration::days(90);

/// Makes a link for a person of an order; several links of one person may be open at a time.
///
/// # Errors
/// [`Error::Missing`] when the tenant has no such order; [`Error::Invalid`] when the order has no such person, the life is out of
/// range, or the way back leads to a site that is not listed; [`Error::Denied`] for a user who is no tenant admin.
pub async fn create_invitation(
    service: &Service,
    caller: &Caller,
    business_no: &str,
    whom: Whom,
    life: Option<Duration>,
    return_url: Option<String>,
) -> Result<Invited> {
    caller.entitled(&[Role::TenantAdmin])?;
    let life = life.unwrap_or(Invitation::LIFETIME);
    if !LIFE.contains(&life) {
        let (shortest, longest) = (LIFE.start().whole_seconds(), LIFE.end().whole_seconds());
        return Err(Error::Invalid(format!("expires_in_s:应在 {shortest} 至 {longest} 之间")));
    }
    let mut tx = service.store.begin().await?;
    let order =
        tx.orders().lookup_by_business_no(caller.tenant(), business_no).await?.ok_or(Error::Missing(Noun::Order))?;
    let person = match whom {
        Whom::Role(role) => order.people.iter().find(|person| person.role == role),
        Whom::Place(place) => order.people.get(place),
    };
    let person =
        person.ok_or_else(|| Error::Invalid("person:该订单没有这个人，请填写订单中的角色或序号（从 0 起）".into()))?;
    if let Some(url) = &return_url {
        check_way_back(&mut tx, caller.tenant(), url).await?;
    }
    let invited = invite(service, &mut tx, caller, &order, person, life, return_url).await?;
    tx.commit().await?;
    Ok(invited)
}

/// Makes a link for that person of the order, in the open transaction.
pub(crate) async fn invite(
    service: &Service,
    tx: &mut Tx,
    caller: &Caller,
    order: &Order,
    person: &Person,
    life: Duration,
    return_url: Option<String>,
) -> Result<Invited> {
    let now = service.now();
    let code = service.mint_code();
    let invitation = Invitation {
        id: service.draw(|random| InvitationId::mint(now, random)),
        tenant: order.tenant,
        order: order.id,
        person: person.id,
        code_hash: sha256(code.expose()),
        created_at: now,
        expires_at: now + life,
        used_at: None,
        consent: Consent::default(),
        return_url,
    };
    tx.invitations().insert(&invitation).await?;
    let subject = Subject { noun: "invitation", id: invitation.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "create_invitation", subject, None)).await?;
    Ok(Invited { invitation, code })
}

/// What a customer's link leads to.
pub struct Opened {
    /// The invitation.
    pub invitation: Invitation,
    /// The order.
    pub order: Order,
    /// The queue that its customers wait in.
    pub queue: Queue,
    /// Whose customer it is.
    pub tenant: Tenant,
}

impl Opened {
    /// The person whose link it is.
    ///
    /// # Panics
    /// Never: the store keeps invitations of people of the order alone.
    #[must_use]
    pub fn person(&self) -> &Person {
        self.order.person(self.invitation.person).expect("an invitation is for a person of its order")
    }
}

/// Opens the link of that code.
///
/// # Errors
/// [`Error::Missing`] for a code that nobody was given; [`mingjian_domain::error::Conflict::LinkExpired`] and
/// [`mingjian_domain::error::Conflict::LinkUsed`].
pub async fn open(service: &Service, code: &str) -> Result<Opened> {
    let mut tx = service.store.read().await?;
    let found = tx.invitations().lookup_by_code_hash(&sha256(code)).await?;
    let invitation = found.ok_or(Error::Missing(Noun::Invitation))?;
    invitation.check(service.now())?;
    let order = tx.orders().lookup(invitation.tenant, invitation.order).await?.ok_or(Error::Missing(Noun::Order))?;
    let queue = tx.queues().lookup(order.tenant, order.queue).await?.ok_or(Error::Missing(Noun::Queue))?;
    let tenant = tx.tenants().lookup(order.tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    Ok(Opened { invitation, order, queue, tenant })
}
