//! How a business system lets its people in: it has checked who they are, asks for a one-time token with its own key, and
//! hands the token to their browser, which changes it for a session. A bare name is never enough.

use mingjian_domain::embed::{EmbedToken, leads_to_listed};
use mingjian_domain::error::{Conflict, Denied, Error, Noun, Result, Unauthenticated};
use mingjian_domain::id::{TenantId, UserId};
use mingjian_domain::queue::{Membership, Queue};
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::Tenant;
use mingjian_domain::user::{Lockout, Role, User};
use mingjian_store::Tx;

use crate::Service;
use crate::access::Caller;
use crate::access::login::{LoggedIn, begin_session};
use crate::audit::{Act, Subject};
use crate::tokens::sha256;

/// The longest address of a way back, in bytes.
const LONGEST_URL: usize = 1024;

/// Checks where a page is to lead back to: our pages send people to listed sites alone.
///
/// # Errors
/// [`Error::Invalid`] for an address of a site that the tenant has not listed.
pub(crate) async fn check_way_back(tx: &mut Tx, tenant: TenantId, url: &str) -> Result<()> {
    let listed = tx.interfaces().lookup(tenant).await?.map(|row| row.switches.return_origins);
    if url.len() <= LONGEST_URL && leads_to_listed(url, &listed.unwrap_or_default()) {
        return Ok(());
    }
    Err(Error::Invalid("return_url:该站点未登记，请管理员在“接口”页登记可返回的站点".into()))
}

/// The longest name of a seat.
const LONGEST_NAME: usize = 64;

/// What a business system says of somebody whom it lets in.
pub struct Wanted {
    /// The name that its own system knows, unique there.
    pub user_name: String,
    /// What people read; the user name where it is not said.
    pub display_name: Option<String>,
    /// Numbers of the queues that the seat serves.
    pub queue_ids: Vec<String>,
    /// Where the page leads back to.
    pub return_url: Option<String>,
}

/// A token that has just been made.
pub struct Embedded {
    /// What is kept of it.
    pub token: EmbedToken,
    /// The token: 64 hex digits, nowhere else to be had.
    pub secret: Secret,
}

/// Makes a one-time token for a seat. One that is not known yet is made, without a password, so that only the business system
/// lets it in.
///
/// # Errors
/// [`Error::Invalid`] naming the field; [`Denied::NotEntitled`] for a caller that is no business system, and for a name that
/// belongs to somebody who does more than take calls.
pub async fn create_embed_token(service: &Service, caller: &Caller, wanted: Wanted) -> Result<Embedded> {
    let Caller::System { tenant, .. } = caller else { return Err(Denied::NotEntitled.into()) };
    let name = check_name(&wanted.user_name)?;
    let display_name = wanted.display_name.as_deref().map(str::trim).filter(|name| !name.is_empty()).unwrap_or(name);
    if display_name.chars().count() > LONGEST_NAME || display_name.chars().any(char::is_control) {
        return Err(Error::Invalid(format!("display_name:最多 {LONGEST_NAME} 个字符，不能包含控制字符")));
    }
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let tenant = tx.tenants().lookup(*tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    if let Some(url) = &wanted.return_url {
        check_way_back(&mut tx, tenant.id, url).await?;
    }
    let mut queues = Vec::new();
    for number in &wanted.queue_ids {
        let queue = tx.queues().lookup_by_number(tenant.id, number).await?;
        queues.push(queue.ok_or_else(|| Error::Invalid("queue_ids:没有这个队列，请填写本租户的队列编号".into()))?);
    }
    let user = seat(service, &mut tx, &tenant, name, display_name).await?;
    serve(&mut tx, user, &queues).await?;
    let secret = service.mint_token();
    let token = EmbedToken {
        hash: sha256(secret.expose()),
        tenant: tenant.id,
        user: Some(user),
        return_url: wanted.return_url,
        created_at: now,
        expires_at: now + EmbedToken::LIFETIME,
        used_at: None,
    };
    tx.embed_tokens().delete_expired(now).await?;
    tx.embed_tokens().insert(&token).await?;
    let subject = Subject { noun: "user", id: user.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "create_embed_token", subject, None)).await?;
    tx.commit().await?;
    Ok(Embedded { token, secret })
}

fn check_name(name: &str) -> Result<&str> {
    let name = name.trim();
    let plain = |letter: char| !letter.is_control() && !letter.is_whitespace() && letter != '@';
    if name.is_empty() || name.chars().count() > LONGEST_NAME || !name.chars().all(plain) {
        return Err(Error::Invalid(format!("user_name:应为 1 至 {LONGEST_NAME} 个字符，不含空格和 @")));
    }
    Ok(name)
}

/// The tenant's seat of that name. Names are unique in the whole installation, and a tenant must not learn which others have:
/// where another has it, or might, the tenant's own code stands behind it.
async fn seat(service: &Service, tx: &mut Tx, tenant: &Tenant, name: &str, display_name: &str) -> Result<UserId> {
    let own = format!("{name}@{}", tenant.code);
    let plain = tx.users().lookup_by_login(name).await?.filter(|user| user.tenant == tenant.id);
    let found = match plain {
        Some(user) => Some(user),
        None => tx.users().lookup_by_login(&own).await?.filter(|user| user.tenant == tenant.id),
    };
    if let Some(user) = found {
        // A key of a business system must not become an admin.
        let only_seats = user.is(Role::Seat) && user.roles.iter().all(|role| matches!(role, Role::Seat));
        return if only_seats { Ok(user.id) } else { Err(Denied::NotEntitled.into()) };
    }
    let now = service.now();
    let user = User {
        id: service.draw(|random| UserId::mint(now, random)),
        tenant: tenant.id,
        login: own,
        name: display_name.to_owned(),
        department: None,
        roles: vec![Role::Seat],
        password_hash: None,
        lockout: Lockout::default(),
    };
    tx.users().insert(&user).await?;
    Ok(user.id)
}

/// Puts the seat at queues where it is not yet.
async fn serve(tx: &mut Tx, seat: UserId, queues: &[Queue]) -> Result<()> {
    let serves = tx.memberships().list_of_seat(seat).await?;
    for queue in queues.iter().filter(|queue| serves.iter().all(|membership| membership.queue != queue.id)) {
        tx.memberships().set(&Membership { queue: queue.id, seat, priority: 0 }).await?;
    }
    Ok(())
}

/// Changes a one-time token for a session.
///
/// # Errors
/// [`Unauthenticated::WrongSecret`] for a token that nobody was given; [`Conflict::TicketUsed`] for one that was used or whose
/// time is over.
pub async fn enter(service: &Service, token: &str, address: Option<&str>) -> Result<(LoggedIn, Option<String>)> {
    let now = service.now();
    let hash = sha256(token);
    let mut tx = service.store.begin().await?;
    let found = tx.embed_tokens().lookup_by_hash(&hash).await?.ok_or(Unauthenticated::WrongSecret)?;
    let user = found.user.ok_or(Unauthenticated::WrongSecret)?;
    if found.used_at.is_some() || now >= found.expires_at {
        return Err(Conflict::TicketUsed.into());
    }
    let user = tx.users().lookup(found.tenant, user).await?.ok_or(Error::Missing(Noun::User))?;
    tx.embed_tokens().mark_used(&hash, now).await?;
    let (session, secret) = begin_session(service, &mut tx, user.id).await?;
    let subject = Subject { noun: "user", id: user.id.to_string() };
    let act = Act { tenant: Some(user.tenant), actor: mingjian_domain::audit::Actor::User(user.id), address };
    tx.audit().append(&service.audit_line(act, "log_in_embedded", subject, None)).await?;
    tx.commit().await?;
    Ok((LoggedIn { user, session, token: secret }, found.return_url))
}
