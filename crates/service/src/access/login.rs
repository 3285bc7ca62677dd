//! A name and a password become a session.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Error, Noun, Result, Unauthenticated};
use mingjian_domain::id::{SessionId, UserId};
use mingjian_domain::queue::Queue;
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::Tenant;
use mingjian_domain::user::{Lockout, Session, User};
use mingjian_store::Tx;

use super::Caller;
use super::password::verify_password;
use crate::Service;
use crate::audit::{Act, Subject};
use crate::tokens::sha256;

/// Longer ones are no names of ours and are not even looked up.
const LONGEST_LOGIN: usize = 200;
/// Longer ones are not hashed.
const LONGEST_PASSWORD: usize = 1024;

/// A login that succeeded.
pub struct LoggedIn {
    /// Who.
    pub user: User,
    /// The new session.
    pub session: Session,
    /// What the cookie holds: 64 hex digits, nowhere else to be had.
    pub token: Secret,
}

/// Logs a user in by `name` or `name@TENANT`.
///
/// An unknown name, a user without a password and a wrong password take the same time and get the same answer.
///
/// # Errors
/// [`Unauthenticated::WrongSecret`]; [`Unauthenticated::Locked`] after five of them; [`Error::Busy`] when too many log in at once.
pub async fn log_in(service: &Service, login: &str, password: &Secret, address: Option<&str>) -> Result<LoggedIn> {
    let right = look_at_password(service, login, password, address).await?;
    let (mut tx, user) = settle(service, login, right, address).await?;
    let (session, token) = begin_session(service, &mut tx, user.id).await?;
    tx.commit().await?;
    Ok(LoggedIn { user, session, token })
}

/// Proves a user by `name` or `name@TENANT` and the password, for an interface whose callers carry a token of their own instead
/// of a session.
///
/// # Errors
/// As [`log_in`].
pub async fn prove(service: &Service, login: &str, password: &Secret, address: Option<&str>) -> Result<User> {
    let right = look_at_password(service, login, password, address).await?;
    let (tx, user) = settle(service, login, right, address).await?;
    tx.commit().await?;
    Ok(user)
}

/// A new session of a user whose proof was right, in the open transaction.
pub(crate) async fn begin_session(service: &Service, tx: &mut Tx, user: UserId) -> Result<(Session, Secret)> {
    let now = service.now();
    let token = service.mint_token();
    let session = Session {
        id: service.draw(|random| SessionId::mint(now, random)),
        user,
        token_hash: sha256(token.expose()),
        csrf_token: service.mint_token(),
        created_at: now,
        expires_at: now + Session::LIFETIME,
    };
    tx.sessions().delete_expired(now).await?;
    tx.sessions().insert(&session).await?;
    Ok((session, token))
}

/// Whether the password of a user is right. A name that nobody has ends here.
async fn look_at_password(service: &Service, login: &str, password: &Secret, address: Option<&str>) -> Result<bool> {
    if login.len() > LONGEST_LOGIN || password.expose().len() > LONGEST_PASSWORD {
        return Err(Unauthenticated::WrongSecret.into());
    }
    let mut tx = service.store.read().await?;
    let user = lookup(&mut tx, login).await?;
    drop(tx);
    let lockout = user.as_ref().map_or_else(|| service.strangers.lockout(login), |user| user.lockout);
    if let Err(locked) = lockout.check(service.now()) {
        refuse(service, user.as_ref(), "refuse_locked_login", address).await?;
        return Err(locked.into());
    }

    let hash = user.as_ref().and_then(|user| user.password_hash.as_ref());
    let right = verify_password(service, password, hash).await?;
    if user.is_none() {
        service.strangers.failed(login, service.now());
        refuse(service, None, "refuse_login", address).await?;
        return Err(Unauthenticated::WrongSecret.into());
    }
    Ok(right)
}

/// Notes how it went, and gives the transaction back for what a right password leads to. The user is read once more: of many
/// guesses at the same time no more count than the lockout has patience.
async fn settle(service: &Service, login: &str, right: bool, address: Option<&str>) -> Result<(Tx, User)> {
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let user = lookup(&mut tx, login).await?.ok_or(Unauthenticated::WrongSecret)?;
    user.lockout.check(now)?;
    let subject = Subject { noun: "user", id: user.id.to_string() };
    let actor = if right { Actor::User(user.id) } else { Actor::Stranger };
    let act = Act { tenant: Some(user.tenant), actor, address };
    if !right {
        tx.users().set_lockout(user.id, user.lockout.failed(now)).await?;
        tx.audit().append(&service.audit_line(act, "refuse_login", subject, None)).await?;
        tx.commit().await?;
        return Err(Unauthenticated::WrongSecret.into());
    }
    if user.lockout != Lockout::default() {
        tx.users().set_lockout(user.id, Lockout::default()).await?;
    }
    tx.audit().append(&service.audit_line(act, "log_in", subject, None)).await?;
    Ok((tx, user))
}

async fn refuse(service: &Service, user: Option<&User>, action: &'static str, address: Option<&str>) -> Result<()> {
    let act = Act { tenant: user.map(|user| user.tenant), actor: Actor::Stranger, address };
    // A name that nobody has may be a mistyped password: it is not written down.
    let subject = Subject { noun: "user", id: user.map_or_else(|| "unknown".to_owned(), |user| user.id.to_string()) };
    let mut tx = service.store.begin().await?;
    tx.audit().append(&service.audit_line(act, action, subject, None)).await?;
    tx.commit().await
}

/// The user of `name`, or of `name@TENANT` when that tenant has it.
async fn lookup(tx: &mut Tx, login: &str) -> Result<Option<User>> {
    if let Some(user) = tx.users().lookup_by_login(login).await? {
        return Ok(Some(user));
    }
    let Some((name, code)) = login.rsplit_once('@') else { return Ok(None) };
    let Some(tenant) = tx.tenants().lookup_by_code(code).await? else { return Ok(None) };
    Ok(tx.users().lookup_by_login(name).await?.filter(|user| user.tenant == tenant.id))
}

/// Ends the session of a user's page. A system has none.
///
/// # Errors
/// [`Error::Fault`].
pub async fn log_out(service: &Service, caller: &Caller) -> Result<()> {
    let Caller::User { user, session, .. } = caller else { return Ok(()) };
    let subject = Subject { noun: "user", id: user.id.to_string() };
    let mut tx = service.store.begin().await?;
    tx.sessions().delete(*session).await?;
    tx.audit().append(&service.audit_line(Act::of(caller), "log_out", subject, None)).await?;
    tx.commit().await
}

/// What a user's page shows of its own user.
pub struct Profile {
    /// Whose.
    pub tenant: Tenant,
    /// The queues that it serves, by number.
    pub queues: Vec<Queue>,
}

/// The tenant and the queues of a user.
///
/// # Errors
/// [`Error::Fault`].
pub async fn profile(service: &Service, user: &User) -> Result<Profile> {
    let mut tx = service.store.read().await?;
    let tenant = tx.tenants().lookup(user.tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    let memberships = tx.memberships().list_of_seat(user.id).await?;
    let mut queues = tx.queues().list(user.tenant).await?;
    queues.retain(|queue| memberships.iter().any(|membership| membership.queue == queue.id));
    Ok(Profile { tenant, queues })
}
