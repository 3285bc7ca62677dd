//! What a tenant admin does with the interfaces: looks at them, sets the switches, and issues and takes back credentials.
//! Business systems may not: a key that leaks must not be able to make more of its kind.

use mingjian_domain::error::{Denied, Error, Noun, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::interface::{Interface, Switches};
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::ApiKey;
use mingjian_domain::user::Role;

use super::{find_interface, open, put};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::revision::{Expected, Revision};
use crate::tokens::sha256;

/// Keys that a tenant may have at a time.
const MOST_KEYS: usize = 100;
const LONGEST_NAME: usize = 50;

/// A credential that can be issued anew without the others.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Credential {
    /// `CompSecret`.
    Company,
    /// `AppSecret`.
    App,
    /// `API KEY`; the literal key, where there was one, is gone with the old one.
    Meeting,
}

impl Credential {
    /// Every credential.
    pub const ALL: [Self; 3] = [Self::Company, Self::App, Self::Meeting];

    /// The word in the API and in the audit log.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Company => "company",
            Self::App => "app",
            Self::Meeting => "meeting",
        }
    }

    /// The credential of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|credential| credential.word() == word)
    }
}

fn admin(caller: &Caller) -> Result<TenantId> {
    match caller {
        Caller::User { user, .. } if user.is(Role::TenantAdmin) => Ok(user.tenant),
        Caller::User { .. } | Caller::System { .. } => Err(Denied::NotEntitled.into()),
    }
}

fn subject(noun: &'static str, id: impl Into<String>) -> Subject {
    Subject { noun, id: id.into() }
}

/// The caller's own tenant, for what is kept outside of the store.
///
/// # Errors
/// [`Denied::NotEntitled`] for whoever is no tenant admin.
pub fn switchboard_of(caller: &Caller) -> Result<TenantId> {
    admin(caller)
}

/// The interface of the caller's tenant, with the name of this state of its switches.
///
/// # Errors
/// [`Denied::NotEntitled`] for whoever is no tenant admin; [`Denied::InterfaceOff`] when the tenant has none.
pub async fn show_interface(service: &Service, caller: &Caller) -> Result<(Interface, Revision)> {
    let interface = find_interface(service, admin(caller)?).await?;
    let revision = Revision::of(&interface.switches)?;
    Ok((interface, revision))
}

/// Sets what the faces may do for the caller's tenant, if it is still as the caller has read it: the faces that are off, the
/// lists of networks and origins, the callback and the quota.
///
/// # Errors
/// [`Denied::NotEntitled`]; [`Error::Invalid`] naming the field; [`mingjian_domain::error::Conflict::ChangedMeanwhile`].
pub async fn set_switches(
    service: &Service,
    caller: &Caller,
    expected: &Expected,
    switches: Switches,
) -> Result<(Interface, Revision)> {
    let tenant = admin(caller)?;
    let switches = switches.check()?;
    let mut tx = service.store.begin().await?;
    let row = tx.interfaces().lookup_to_change(tenant).await?.ok_or(Denied::InterfaceOff)?;
    expected.check(&Revision::of(&row.switches)?)?;
    let revision = Revision::of(&switches)?;
    tx.interfaces().set_switches(tenant, &switches).await?;
    let off: Vec<_> = switches.off.iter().map(|face| face.word()).collect();
    let detail = serde_json::json!({ "off": off, "revision": revision.as_str() }).to_string();
    let line =
        service.audit_line(Act::of(caller), "set_switches", subject("interface", tenant.to_string()), Some(detail));
    tx.audit().append(&line).await?;
    tx.commit().await?;
    Ok((open(service, mingjian_store::InterfaceRow { switches, ..row })?, revision))
}

/// Makes one credential anew; the old one is refused from now on.
///
/// # Errors
/// [`Denied::NotEntitled`]; [`Denied::InterfaceOff`] when the tenant has none.
pub async fn reissue_credential(service: &Service, caller: &Caller, credential: Credential) -> Result<Secret> {
    let tenant = admin(caller)?;
    let secret = service.mint_token();
    let mut tx = service.store.begin().await?;
    let row = tx.interfaces().lookup_to_change(tenant).await?.ok_or(Denied::InterfaceOff)?;
    let mut interface = open(service, row)?;
    match credential {
        Credential::Company => interface.comp_secret = secret.clone(),
        Credential::App => interface.app_secret = secret.clone(),
        Credential::Meeting => {
            interface.api_key = secret.clone();
            interface.meeting_auth = None;
        }
    }
    put(service, &mut tx, &interface).await?;
    let detail = serde_json::json!({ "credential": credential.word() }).to_string();
    let about = subject("interface", tenant.to_string());
    tx.audit().append(&service.audit_line(Act::of(caller), "reissue_credential", about, Some(detail))).await?;
    tx.commit().await?;
    Ok(secret)
}

/// The native keys of the caller's tenant that are in use, the newest first.
///
/// # Errors
/// [`Denied::NotEntitled`].
pub async fn list_keys(service: &Service, caller: &Caller) -> Result<Vec<ApiKey>> {
    let tenant = admin(caller)?;
    let mut tx = service.store.read().await?;
    tx.api_keys().list(tenant).await
}

/// Makes a native key. It is told once; only its hash is kept.
///
/// # Errors
/// [`Denied::NotEntitled`]; [`Error::Invalid`] for a name that is none, or when there are a hundred keys.
pub async fn issue_key(service: &Service, caller: &Caller, name: &str) -> Result<(ApiKey, Secret)> {
    let tenant = admin(caller)?;
    let name = name.trim();
    if name.is_empty() || name.chars().count() > LONGEST_NAME || name.chars().any(char::is_control) {
        return Err(Error::Invalid(format!("name:应为 1 至 {LONGEST_NAME} 个字符")));
    }
    let secret = Secret::new(format!("mk_{}", service.mint_code().expose()));
    let key = ApiKey {
        hash: sha256(secret.expose()),
        tenant,
        name: name.to_owned(),
        created_at: service.now(),
        revoked_at: None,
    };
    let mut tx = service.store.begin().await?;
    if tx.api_keys().list(tenant).await?.len() >= MOST_KEYS {
        return Err(Error::Invalid(format!("最多 {MOST_KEYS} 个密钥，请先停用不再使用的")));
    }
    tx.api_keys().insert(&key).await?;
    let about = subject("api_key", hex::encode(key.hash));
    tx.audit().append(&service.audit_line(Act::of(caller), "issue_key", about, None)).await?;
    tx.commit().await?;
    Ok((key, secret))
}

/// Takes a native key back: whoever sends it is refused from now on.
///
/// # Errors
/// [`Denied::NotEntitled`]; [`Error::Missing`] when the tenant has no such key in use.
pub async fn revoke_key(service: &Service, caller: &Caller, id: &str) -> Result<()> {
    let tenant = admin(caller)?;
    let mut hash = [0; 32];
    hex::decode_to_slice(id, &mut hash).map_err(|_| Error::Missing(Noun::Key))?;
    let mut tx = service.store.begin().await?;
    tx.api_keys().revoke(tenant, &hash, service.now()).await?;
    tx.audit().append(&service.audit_line(Act::of(caller), "revoke_key", subject("api_key", id), None)).await?;
    tx.commit().await
}
