//! The credentials that business systems prove themselves with at the faces of the documents, and the switches of those faces.
//!
//! Machines are throttled and never locked: whoever guesses cannot shut a bank out. Every refusal is in the audit log.

pub mod switchboard;

use md5::{Digest, Md5};
use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Denied, Doing, Error, Noun, Result, Unauthenticated};
use mingjian_domain::id::TenantId;
use mingjian_domain::interface::{FaceName, Interface, Switches};
use mingjian_domain::secret::Secret;
use mingjian_store::{InterfaceRow, Tx};
use serde::{Deserialize, Serialize};

use crate::Service;
use crate::access::Caller;
use crate::access::arrival::{arrive, stumble};
use crate::audit::{Act, Subject};
use crate::tokens::{same, sha256};

/// The secrets of an interface as they are sealed.
#[derive(Serialize, Deserialize)]
struct Secrets {
    comp_secret: String,
    app_secret: String,
    meeting_auth: Option<String>,
    api_key: String,
}

/// MD5 (RFC 1321) of parts joined with `&`, as 32 lower-case hex digits: the recipe of the documents, not ours.
#[must_use]
pub fn md5_hex(parts: &[&str]) -> String {
    hex::encode(Md5::digest(parts.join("&").as_bytes()))
}

fn about(tenant: TenantId) -> String {
    format!("interface:{tenant}")
}

/// Keeps a tenant's interface in an open transaction.
///
/// # Errors
/// [`mingjian_domain::error::Conflict::NameTaken`] when a number, name or key is another tenant's; [`Error::Fault`].
pub(crate) async fn put(service: &Service, tx: &mut Tx, interface: &Interface) -> Result<()> {
    let secrets = Secrets {
        comp_secret: interface.comp_secret.expose().to_owned(),
        app_secret: interface.app_secret.expose().to_owned(),
        meeting_auth: interface.meeting_auth.as_ref().map(|auth| auth.expose().to_owned()),
        api_key: interface.api_key.expose().to_owned(),
    };
    let text = Secret::new(serde_json::to_string(&secrets).doing("writing an interface's secrets")?);
    let key = md5_hex(&[&interface.api_id, interface.api_key.expose()]);
    tx.interfaces()
        .put(&InterfaceRow {
            tenant: interface.tenant,
            ent_id: interface.ent_id,
            comp_id: interface.comp_id,
            app_id: interface.app_id.clone(),
            api_id: interface.api_id.clone(),
            meeting_auth_hash: interface.meeting_auth.as_ref().map(|auth| sha256(auth.expose())),
            meeting_key_hash: sha256(&key),
            sealed: service.seal(&text, &about(interface.tenant)),
            switches: interface.switches.clone(),
        })
        .await
}

fn open(service: &Service, row: InterfaceRow) -> Result<Interface> {
    let text = service.unseal(&row.sealed, &about(row.tenant))?;
    let secrets: Secrets = serde_json::from_str(text.expose()).doing("reading an interface's secrets")?;
    Ok(Interface {
        tenant: row.tenant,
        ent_id: row.ent_id,
        comp_id: row.comp_id,
        comp_secret: Secret::new(secrets.comp_secret),
        app_id: row.app_id,
        app_secret: Secret::new(secrets.app_secret),
        meeting_auth: secrets.meeting_auth.map(Secret::new),
        api_id: row.api_id,
        api_key: Secret::new(secrets.api_key),
        switches: row.switches,
    })
}

/// Makes new credentials for a tenant that has none, or in place of those it has; its numbers and switches stay.
/// Every secret has 256 random bits.
///
/// # Errors
/// [`Error::Missing`] for an unknown tenant.
pub async fn issue_interface(service: &Service, tenant_code: &str) -> Result<Interface> {
    let mut tx = service.store.begin().await?;
    let tenant = tx.tenants().lookup_by_code(tenant_code).await?.ok_or(Error::Missing(Noun::Tenant))?;
    let (ent_id, comp_id, app_id, switches) = match tx.interfaces().lookup(tenant.id).await? {
        Some(row) => (row.ent_id, row.comp_id, row.app_id, row.switches),
        None => {
            let (ent_id, comp_id) = tx.interfaces().next_numbers().await?;
            (ent_id, comp_id, format!("{}-{comp_id}", tenant.code), Switches::default())
        }
    };
    let interface = Interface {
        tenant: tenant.id,
        ent_id,
        comp_id,
        comp_secret: service.mint_token(),
        app_id,
        app_secret: service.mint_token(),
        meeting_auth: None,
        api_id: tenant.code,
        api_key: service.mint_token(),
        switches,
    };
    put(service, &mut tx, &interface).await?;
    let subject = Subject { noun: "interface", id: tenant.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of_server(tenant.id), "issue_interface", subject, None)).await?;
    tx.commit().await?;
    Ok(interface)
}

/// The interface of a tenant.
///
/// # Errors
/// [`Denied::InterfaceOff`] when it has none; [`Error::Fault`].
pub async fn find_interface(service: &Service, tenant: TenantId) -> Result<Interface> {
    let mut tx = service.store.read().await?;
    let row = tx.interfaces().lookup(tenant).await?;
    drop(tx);
    row.map_or(Err(Denied::InterfaceOff.into()), |row| open(service, row))
}

/// The zone that a tenant's times are printed in.
///
/// # Errors
/// [`Error::Missing`] for an unknown tenant; [`Error::Fault`].
pub async fn zone_of(service: &Service, tenant: TenantId) -> Result<time::UtcOffset> {
    let mut tx = service.store.read().await?;
    Ok(tx.tenants().lookup(tenant).await?.ok_or(Error::Missing(Noun::Tenant))?.zone)
}

/// Proves `CompID` with `SecretKey`, the MD5 of `CompID&CompSecret` in lower-case hex.
///
/// # Errors
/// [`Unauthenticated::UnknownAccount`], [`Unauthenticated::WrongSecret`]; [`Denied::InterfaceOff`] when that face is off.
pub async fn prove_company(service: &Service, face: FaceName, proof: Proof<'_>) -> Result<(Interface, Caller)> {
    let mut tx = service.store.read().await?;
    let row = match proof.account {
        Account::Company(comp_id) => tx.interfaces().lookup_by_comp_id(comp_id).await?,
        Account::App(app_id) => tx.interfaces().lookup_by_app_id(app_id).await?,
    };
    drop(tx);
    let Some(row) = row else {
        note_refusal(service, None, face, "unknown_account", proof.address).await?;
        return Err(Unauthenticated::UnknownAccount.into());
    };
    let interface = open(service, row)?;
    let wanted = match proof.account {
        Account::Company(comp_id) => md5_hex(&[&comp_id.to_string(), interface.comp_secret.expose()]),
        Account::App(_) => md5_hex(&[interface.app_secret.expose()]),
    };
    if !same(&wanted, proof.secret) {
        note_refusal(service, Some(interface.tenant), face, "wrong_secret", proof.address).await?;
        return Err(Unauthenticated::WrongSecret.into());
    }
    admitted(interface, face, proof.address)
}

/// A machine's account with what it shows as proof.
#[derive(Debug, Clone, Copy)]
pub struct Proof<'a> {
    /// Which account.
    pub account: Account<'a>,
    /// The MD5 that the recipe of the account gives.
    pub secret: &'a str,
    /// Where from.
    pub address: &'a str,
}

/// An account of a machine.
#[derive(Debug, Clone, Copy)]
pub enum Account<'a> {
    /// `CompID`, proved by the MD5 of `CompID&CompSecret`.
    Company(i64),
    /// `AppId`, proved by the MD5 of `AppSecret`.
    App(&'a str),
}

/// Proves the `auth` of the meeting face: the tenant's literal key, or the MD5 of `APIID&APIKEY`.
///
/// # Errors
/// [`Unauthenticated::WrongSecret`]; [`Denied::InterfaceOff`] when the face is off.
pub async fn prove_meeting(service: &Service, auth: &str, address: &str) -> Result<(Interface, Caller)> {
    let mut tx = service.store.read().await?;
    // Found by its hash: comparing takes no longer for a key that is nearly right.
    let row = tx.interfaces().lookup_by_meeting_hash(&sha256(auth)).await?;
    drop(tx);
    let Some(row) = row else {
        note_refusal(service, None, FaceName::Meeting, "wrong_secret", address).await?;
        return Err(Unauthenticated::WrongSecret.into());
    };
    admitted(open(service, row)?, FaceName::Meeting, address)
}

fn admitted(interface: Interface, face: FaceName, address: &str) -> Result<(Interface, Caller)> {
    if !interface.switches.is_on(face) {
        return Err(Denied::InterfaceOff.into());
    }
    arrive(interface.tenant)?;
    let caller =
        Caller::System { tenant: interface.tenant, name: face.word().to_owned(), address: Some(address.to_owned()) };
    Ok((interface, caller))
}

/// Notes a refusal in the audit log: once per face, reason and address within ten minutes, so that guessing does not fill the disk.
pub(crate) async fn note_refusal(
    service: &Service,
    tenant: Option<TenantId>,
    face: FaceName,
    why: &'static str,
    address: &str,
) -> Result<()> {
    if let Some(tenant) = tenant {
        stumble(tenant);
    }
    if !service.fetches.is_new(&format!("refused:{}:{why}", face.word()), address, service.now()) {
        return Ok(());
    }
    let act = Act { tenant, actor: Actor::Stranger, address: Some(address) };
    let subject = Subject { noun: "interface", id: face.word().to_owned() };
    let detail = serde_json::json!({ "why": why }).to_string();
    let mut tx = service.store.begin().await?;
    tx.audit().append(&service.audit_line(act, "refuse_machine", subject, Some(detail))).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_md5_is_that_of_the_documents() {
        // printf '1&1' | md5sum
        assert_eq!(md5_hex(&["1", "1"]), "a7febff6a21c36fb50150f88c95ef641");
    }
}
