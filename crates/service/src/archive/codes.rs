//! Code tables: read by everybody of the tenant, edited by its admin.

use mingjian_domain::archive::codes::{Code, CodeTable, is_code};
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::user::Role;
use mingjian_store::Tx;

use super::{invalid, required};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// Longest name of a code, in bytes.
const LONGEST_NAME: usize = 120;

/// The codes of a table that are in use, in their order.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list_codes(service: &Service, caller: &Caller, table: CodeTable) -> Result<Vec<Code>> {
    let mut tx = service.store.read().await?;
    tx.codes().list(caller.tenant(), table).await
}

/// Adds a code.
///
/// # Errors
/// [`Error::Invalid`] naming the field; [`Conflict::NameTaken`] when it is in use; [`Error::Denied`] for who is no tenant admin.
pub async fn add_code(service: &Service, caller: &Caller, table: CodeTable, code: &str, name: &str) -> Result<Code> {
    caller.entitled(&[Role::TenantAdmin])?;
    if !is_code(code) {
        return Err(invalid("code", "应为 1 至 64 位字母、数字、_、- 或 ."));
    }
    let code = Code { code: code.to_owned(), name: required("name", name, LONGEST_NAME)? };
    let mut tx = service.store.begin().await?;
    if is_in_use(&mut tx, caller, table, &code.code).await? {
        return Err(Conflict::NameTaken(code.code).into());
    }
    put(service, tx, caller, table, "add_code", code).await
}

/// Gives a code another name.
///
/// # Errors
/// [`Error::Missing`] for a code that is not in use; [`Error::Invalid`]; [`Error::Denied`] for who is no tenant admin.
pub async fn rename_code(service: &Service, caller: &Caller, table: CodeTable, code: &str, name: &str) -> Result<Code> {
    caller.entitled(&[Role::TenantAdmin])?;
    let code = Code { code: code.to_owned(), name: required("name", name, LONGEST_NAME)? };
    let mut tx = service.store.begin().await?;
    if !is_in_use(&mut tx, caller, table, &code.code).await? {
        return Err(Error::Missing(Noun::Code));
    }
    put(service, tx, caller, table, "rename_code", code).await
}

/// Takes a code out of use. What has it keeps it, with its name.
///
/// # Errors
/// [`Error::Missing`] for a code that is not in use; [`Error::Denied`] for who is no tenant admin.
pub async fn remove_code(service: &Service, caller: &Caller, table: CodeTable, code: &str) -> Result<()> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.begin().await?;
    if !tx.codes().remove(caller.tenant(), table, code, service.now()).await? {
        return Err(Error::Missing(Noun::Code));
    }
    let subject = Subject { noun: "code", id: format!("{}/{code}", table.word()) };
    tx.audit().append(&service.audit_line(Act::of(caller), "remove_code", subject, None)).await?;
    tx.commit().await
}

async fn put(
    service: &Service,
    mut tx: Tx,
    caller: &Caller,
    table: CodeTable,
    action: &'static str,
    code: Code,
) -> Result<Code> {
    tx.codes().put(caller.tenant(), table, &code).await?;
    let subject = Subject { noun: "code", id: format!("{}/{}", table.word(), code.code) };
    tx.audit().append(&service.audit_line(Act::of(caller), action, subject, None)).await?;
    tx.commit().await?;
    Ok(code)
}

async fn is_in_use(tx: &mut Tx, caller: &Caller, table: CodeTable, code: &str) -> Result<bool> {
    Ok(tx.codes().list(caller.tenant(), table).await?.iter().any(|known| known.code == code))
}

/// Lets pass what is a code in use.
///
/// # Errors
/// [`Error::Invalid`] naming the field and what there is.
pub(super) fn check(codes: &[Code], field: &str, code: &str) -> Result<()> {
    if codes.iter().any(|known| known.code == code) {
        return Ok(());
    }
    let known: Vec<_> = codes.iter().take(40).map(|known| known.code.as_str()).collect();
    Err(invalid(field, &format!("没有这个编码，应为 {} 之一", known.join("、"))))
}
