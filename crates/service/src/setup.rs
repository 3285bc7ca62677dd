//! What an operator does at the machine itself: tenants, users, queues and keys, before there is anybody to log in.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::{QueueId, TenantId, UserId};
use mingjian_domain::queue::{Hours, Membership, Queue};
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::{ApiKey, CallbackTarget, Tenant};
use mingjian_domain::user::{Lockout, Role, User};
use time::UtcOffset;

use crate::Service;
use crate::access::password::hash_password;
use crate::audit::{Act, Subject};
use crate::tokens::sha256;

/// Shorter passwords are refused.
const PASSWORD_CHARS: usize = 10;

/// Makes a tenant.
///
/// # Errors
/// [`Error::Conflict`] when the code is taken, [`Error::Invalid`] for a code that is not letters and digits.
pub async fn add_tenant(
    service: &Service,
    code: &str,
    name: &str,
    zone: UtcOffset,
    callback_url: Option<String>,
) -> Result<Tenant> {
    if code.is_empty() || code.len() > 32 || !code.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return Err(Error::Invalid("租户编号只能是 1 到 32 位字母和数字".into()));
    }
    let now = service.now();
    let tenant = Tenant {
        id: service.draw(|random| TenantId::mint(now, random)),
        code: code.to_owned(),
        name: name.to_owned(),
        zone,
        callback: callback_url.map(|url| CallbackTarget { url, secret: service.mint_token() }),
        created_at: now,
    };
    let mut tx = service.store.begin().await?;
    tx.tenants().insert(&tenant).await?;
    tx.codes().begin(tenant.id).await?;
    let subject = Subject { noun: "tenant", id: tenant.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of_server(tenant.id), "add_tenant", subject, None)).await?;
    tx.commit().await?;
    Ok(tenant)
}

/// Says where a tenant wants its results, and makes the key that signs them; none takes the callback away.
///
/// # Errors
/// [`Error::Missing`] for an unknown tenant.
pub async fn set_callback(service: &Service, tenant_code: &str, url: Option<String>) -> Result<Option<CallbackTarget>> {
    let target = url.map(|url| CallbackTarget { url, secret: service.mint_token() });
    let mut tx = service.store.begin().await?;
    let tenant = find_tenant(&mut tx, tenant_code).await?;
    tx.tenants().set_callback(tenant.id, target.as_ref()).await?;
    let subject = Subject { noun: "tenant", id: tenant.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of_server(tenant.id), "set_callback", subject, None)).await?;
    tx.commit().await?;
    Ok(target)
}

/// The tenants of this server.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_tenants(service: &Service) -> Result<Vec<Tenant>> {
    let mut tx = service.store.read().await?;
    tx.tenants().list().await
}

/// Makes a native API key. It is told once; only its hash is kept.
///
/// # Errors
/// [`Error::Missing`] for an unknown tenant.
pub async fn add_key(service: &Service, tenant_code: &str, name: &str) -> Result<Secret> {
    let mut tx = service.store.begin().await?;
    let tenant = find_tenant(&mut tx, tenant_code).await?;
    let key = Secret::new(format!("mk_{}", service.mint_code().expose()));
    let row = ApiKey {
        hash: sha256(key.expose()),
        tenant: tenant.id,
        name: name.to_owned(),
        created_at: service.now(),
        revoked_at: None,
    };
    tx.api_keys().insert(&row).await?;
    let subject = Subject { noun: "api_key", id: name.to_owned() };
    tx.audit().append(&service.audit_line(Act::of_server(tenant.id), "add_key", subject, None)).await?;
    tx.commit().await?;
    Ok(key)
}

/// Makes a user.
///
/// # Errors
/// [`Error::Conflict`] when the login is taken, [`Error::Invalid`] for a short password, [`Error::Missing`] for an unknown tenant.
pub async fn add_user(
    service: &Service,
    tenant_code: &str,
    login: &str,
    name: &str,
    roles: Vec<Role>,
    password: &Secret,
) -> Result<User> {
    if login.is_empty() || login.contains('@') || login.chars().any(char::is_whitespace) {
        return Err(Error::Invalid("登录名不能为空，不能含有 @ 或空白".into()));
    }
    let hash = checked_hash(service, password).await?;
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let tenant = find_tenant(&mut tx, tenant_code).await?;
    let user = User {
        id: service.draw(|random| UserId::mint(now, random)),
        tenant: tenant.id,
        login: login.to_owned(),
        name: name.to_owned(),
        department: None,
        roles,
        password_hash: Some(hash),
        lockout: Lockout::default(),
    };
    tx.users().insert(&user).await?;
    let subject = Subject { noun: "user", id: user.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of_server(tenant.id), "add_user", subject, None)).await?;
    tx.commit().await?;
    Ok(user)
}

/// Sets a user's password anew and ends a lockout.
///
/// # Errors
/// [`Error::Missing`] for an unknown login, [`Error::Invalid`] for a short password.
pub async fn set_password(service: &Service, login: &str, password: &Secret) -> Result<()> {
    let hash = checked_hash(service, password).await?;
    let mut tx = service.store.begin().await?;
    let user = tx.users().lookup_by_login(login).await?.ok_or(Error::Missing(Noun::User))?;
    tx.users().set_password_hash(user.id, &hash).await?;
    tx.users().set_lockout(user.id, Lockout::default()).await?;
    let subject = Subject { noun: "user", id: user.id.to_string() };
    let act = Act { tenant: Some(user.tenant), actor: Actor::Server, address: None };
    tx.audit().append(&service.audit_line(act, "set_password", subject, None)).await?;
    tx.commit().await
}

/// Makes a queue with its seats; the first seat is rung first.
///
/// # Errors
/// [`Error::Conflict`] when the number is taken, [`Error::Missing`] for an unknown tenant or seat.
pub async fn add_queue(
    service: &Service,
    tenant_code: &str,
    number: &str,
    name: &str,
    priority: u8,
    hours: Hours,
    seats: &[String],
) -> Result<Queue> {
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let tenant = find_tenant(&mut tx, tenant_code).await?;
    let queue = Queue {
        id: service.draw(|random| QueueId::mint(now, random)),
        tenant: tenant.id,
        number: number.to_owned(),
        name: name.to_owned(),
        priority,
        hours,
    };
    tx.queues().insert(&queue).await?;
    for (place, login) in seats.iter().enumerate() {
        let user = tx.users().lookup_by_login(login).await?.filter(|user| user.tenant == tenant.id);
        let seat = user.ok_or(Error::Missing(Noun::User))?.id;
        let priority = u8::try_from(seats.len() - place).unwrap_or(u8::MAX);
        tx.memberships().set(&Membership { queue: queue.id, seat, priority }).await?;
    }
    let subject = Subject { noun: "queue", id: queue.number.clone() };
    tx.audit().append(&service.audit_line(Act::of_server(tenant.id), "add_queue", subject, None)).await?;
    tx.commit().await?;
    Ok(queue)
}

async fn find_tenant(tx: &mut mingjian_store::Tx, code: &str) -> Result<Tenant> {
    tx.tenants().lookup_by_code(code).await?.ok_or(Error::Missing(Noun::Tenant))
}

async fn checked_hash(service: &Service, password: &Secret) -> Result<Secret> {
    if password.expose().chars().count() < PASSWORD_CHARS {
        return Err(Error::Invalid(format!("密码至少 {PASSWORD_CHARS} 位")));
    }
    hash_password(service, password).await
}
