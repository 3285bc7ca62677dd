//! What is read out while a video type is recorded: a text per tenant and type.

use mingjian_domain::error::{Error, Result};
use mingjian_domain::take::VideoType;
use mingjian_domain::user::Role;
pub use mingjian_store::Script;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// Some twenty minutes of reading.
const LONGEST: usize = 10_000;

/// Keeps the script of a type.
///
/// # Errors
/// [`Error::Invalid`] for an empty or endless text; [`mingjian_domain::error::Denied::NotEntitled`].
pub async fn put_script(service: &Service, caller: &Caller, video_type: &VideoType, text: &str) -> Result<Script> {
    caller.entitled(&[Role::TenantAdmin])?;
    let text = text.trim().replace("\r\n", "\n");
    if text.is_empty() || text.chars().count() > LONGEST {
        return Err(Error::Invalid(format!("text:应为 1 至 {LONGEST} 个字符")));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Error::Invalid("text:除换行外不能包含控制字符".into()));
    }
    let script = Script { video_type: video_type.to_string(), text, changed_at: service.now() };
    let mut tx = service.store.begin().await?;
    tx.scripts().put(caller.tenant(), &script).await?;
    let subject = Subject { noun: "script", id: script.video_type.clone() };
    tx.audit().append(&service.audit_line(Act::of(caller), "put_script", subject, None)).await?;
    tx.commit().await?;
    Ok(script)
}

/// Every script of the caller's tenant.
///
/// # Errors
/// [`mingjian_domain::error::Denied::NotEntitled`]; [`Error::Fault`].
pub async fn list_scripts(service: &Service, caller: &Caller) -> Result<Vec<Script>> {
    caller.entitled(&[Role::TenantAdmin, Role::Supervisor, Role::Reviewer])?;
    service.store.read().await?.scripts().list(caller.tenant()).await
}

/// Every script of a page's tenant.
///
/// # Errors
/// [`Error::Fault`].
pub async fn scripts_of_page(service: &Service, visit: &mingjian_domain::counter::Visit) -> Result<Vec<Script>> {
    service.store.read().await?.scripts().list(visit.tenant).await
}
