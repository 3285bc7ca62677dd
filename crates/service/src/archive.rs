//! The archive of image material.
//!
//! - [`token`]: a name and a password become a token for an hour;
//! - [`reach`]: which departments somebody may see, the whole tree below one's own;
//! - [`codes`], [`clients`]: what codes there are, and who may deposit;
//! - [`accounts`]: made, found, searched, told by the counter; [`import`]: by the thousand;
//! - [`intake`]: files on their way in; [`files`]: kept for a day until a deposit names them, and handed out;
//! - [`deposits`]: filing materials, all or none, and taking them back; [`materials`]: what is filed where.

pub mod accounts;
pub mod clients;
pub mod codes;
pub mod deposits;
pub mod files;
pub mod import;
pub mod intake;
pub mod materials;
pub mod reach;
pub mod token;

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::user::Role;
use time::UtcOffset;

pub use mingjian_store::{AccountFilter, AccountRow, DepositRow, MaterialRow};

use crate::Service;

/// Who works in the archive.
const WORKERS: [Role; 2] = [Role::Archivist, Role::TenantAdmin];

/// Longest names and numbers, in bytes.
const LONGEST_TEXT: usize = 255;
/// Longest title, in bytes.
const LONGEST_TITLE: usize = 1_000;
/// Longest further information, in bytes.
const LONGEST_EXTRAS: usize = 16_000;

/// The zone that a tenant's moments are written in.
///
/// # Errors
/// [`Error::Missing`] for an unknown tenant.
pub async fn zone(service: &Service, tenant: TenantId) -> Result<UtcOffset> {
    let mut tx = service.store.read().await?;
    Ok(tx.tenants().lookup(tenant).await?.ok_or(Error::Missing(Noun::Tenant))?.zone)
}

/// A text without blanks around it, if it is not too long and holds no control characters. Fields are named as the document
/// names them.
fn tidy(field: &str, text: &str, longest: usize) -> Result<String> {
    let text = text.trim();
    if text.len() > longest {
        return Err(invalid(field, &format!("最多 {longest} 字节")));
    }
    if text.chars().any(|letter| letter.is_control() && !matches!(letter, '\n' | '\r' | '\t')) {
        return Err(invalid(field, "不能包含控制字符"));
    }
    Ok(text.to_owned())
}

/// The same for what must be there.
fn required(field: &str, text: &str, longest: usize) -> Result<String> {
    let text = tidy(field, text, longest)?;
    if text.is_empty() { Err(invalid(field, "不能为空")) } else { Ok(text) }
}

/// The same for what may be left out: empty counts as absent.
fn optional(field: &str, text: Option<String>, longest: usize) -> Result<Option<String>> {
    let text = text.map(|text| tidy(field, &text, longest)).transpose()?;
    Ok(text.filter(|text| !text.is_empty()))
}

fn invalid(field: &str, wanted: &str) -> Error {
    Error::Invalid(format!("{field}:{wanted}"))
}
