//! Registered clients: the system numbers (系统编号) of who may deposit, issued and revoked.

use mingjian_domain::archive::Client;
use mingjian_domain::archive::codes::is_code;
use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::user::Role;
use mingjian_store::Tx;

use super::{WORKERS, invalid, required};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// The tenant's clients, revoked ones too.
///
/// # Errors
/// [`Error::Denied`] for somebody who has nothing to do in the archive.
pub async fn list_clients(service: &Service, caller: &Caller) -> Result<Vec<Client>> {
    caller.entitled(&WORKERS)?;
    let mut tx = service.store.read().await?;
    tx.clients().list(caller.tenant()).await
}

/// Issues a system number.
///
/// # Errors
/// [`Error::Invalid`] naming the field; [`mingjian_domain::error::Conflict::NameTaken`] when the tenant has that number, also a
/// revoked one; [`Error::Denied`] for who is no tenant admin.
pub async fn issue_client(service: &Service, caller: &Caller, number: &str, name: &str) -> Result<Client> {
    caller.entitled(&[Role::TenantAdmin])?;
    if !is_code(number) {
        return Err(invalid("number", "应为 1 至 64 位字母、数字、_、- 或 ."));
    }
    let client = Client {
        tenant: caller.tenant(),
        number: number.to_owned(),
        name: required("name", name, 120)?,
        issued_at: service.now(),
        revoked_at: None,
    };
    let mut tx = service.store.begin().await?;
    tx.clients().insert(&client).await?;
    let subject = Subject { noun: "archive_client", id: client.number.clone() };
    tx.audit().append(&service.audit_line(Act::of(caller), "issue_client", subject, None)).await?;
    tx.commit().await?;
    Ok(client)
}

/// Revokes a system number, for good. What it deposited stays.
///
/// # Errors
/// [`Error::Missing`] when there is none to revoke; [`Error::Denied`] for who is no tenant admin.
pub async fn revoke_client(service: &Service, caller: &Caller, number: &str) -> Result<()> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.begin().await?;
    if !tx.clients().revoke(caller.tenant(), number, service.now()).await? {
        return Err(Error::Missing(Noun::Client));
    }
    let subject = Subject { noun: "archive_client", id: number.to_owned() };
    tx.audit().append(&service.audit_line(Act::of(caller), "revoke_client", subject, None)).await?;
    tx.commit().await
}

/// Lets pass a system number of the tenant that is not revoked. Asked before a body is read, and again in its transaction.
///
/// # Errors
/// [`Error::Missing`]: unknown and revoked look alike; [`Error::Denied`] for somebody who has nothing to do in the archive.
pub async fn check_client(service: &Service, caller: &Caller, number: &str) -> Result<()> {
    caller.entitled(&WORKERS)?;
    let mut tx = service.store.read().await?;
    check(&mut tx, caller, number).await
}

pub(super) async fn check(tx: &mut Tx, caller: &Caller, number: &str) -> Result<()> {
    let client = tx.clients().lookup(caller.tenant(), number).await?;
    match client {
        Some(client) if client.revoked_at.is_none() => Ok(()),
        _ => Err(Error::Missing(Noun::Client)),
    }
}
