//! Links to files: `/d/{number}-{revision}?e=…&k=…&s=…`. Revoking counts the file's revision up, so that what was signed before names
//! another one.

use std::str::FromStr;

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::file::File;
use mingjian_domain::id::FileId;
use mingjian_domain::user::Session;
use time::OffsetDateTime;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// What the one part of a link's path behind `/d/` names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Linked {
    /// The file.
    pub file: FileId,
    /// The revision of its links.
    pub revision: u32,
}

impl Linked {
    /// The path of its link.
    #[must_use]
    pub fn path(self) -> String {
        format!("/d/{}-{}", self.file, self.revision)
    }

    /// Reads the part back.
    ///
    /// # Errors
    /// [`Error::Missing`] when it names no file.
    pub fn parse(part: &str) -> Result<Self> {
        let missing = Error::Missing(Noun::File);
        let Some((file, revision)) = part.split_once('-') else { return Err(missing) };
        match (FileId::from_str(file), revision.parse()) {
            (Ok(file), Ok(revision)) if part == format!("{file}-{revision}") => Ok(Self { file, revision }),
            _ => Err(missing),
        }
    }
}

/// The path of a link to the file, with its signature; none while there are no bytes, or no more.
///
/// A page asks again each time it is opened, a system may keep the link: so a page's links end with its session's longest life.
#[must_use]
pub fn link(service: &Service, caller: &Caller, file: &File) -> Option<String> {
    if file.whole.is_none() || file.deleted_at.is_some() {
        return None;
    }
    let life = match caller {
        Caller::User { .. } => service.settings.link_life.min(Session::LIFETIME),
        Caller::System { .. } => service.settings.link_life,
    };
    let linked = Linked { file: file.id, revision: file.link_revision };
    Some(service.signer(service.now() + life).sign(&linked.path()))
}

/// The file that a checked link names. Notes it in the audit log: once per link and address within ten minutes.
///
/// # Errors
/// [`Error::Missing`] when it is not there, or not any more; [`Conflict::LinkExpired`] when its links were revoked.
pub async fn fetch_file(
    service: &Service,
    linked: Linked,
    link_expires_at: OffsetDateTime,
    address: &str,
) -> Result<File> {
    let mut tx = service.store.read().await?;
    let file = tx.files().lookup_any(linked.file).await?;
    drop(tx);
    let file = file.filter(|file| file.deleted_at.is_none() && file.whole.is_some());
    let file = file.ok_or(Error::Missing(Noun::File))?;
    if file.link_revision != linked.revision {
        return Err(Conflict::LinkExpired.into());
    }
    let link = format!("{}?{}", linked.path(), link_expires_at.unix_timestamp());
    if service.fetches.is_new(&link, address, service.now()) {
        let act = Act { tenant: Some(file.tenant), actor: Actor::Link, address: Some(address) };
        let subject = Subject { noun: "file", id: file.id.to_string() };
        let detail = serde_json::json!({ "link_expires": link_expires_at.unix_timestamp() }).to_string();
        let mut tx = service.store.begin().await?;
        tx.audit().append(&service.audit_line(act, "fetch_file", subject, Some(detail))).await?;
        tx.commit().await?;
    }
    Ok(file)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_reads_back_from_its_own_path_alone() {
        let linked = Linked { file: FileId::from_number(1_234), revision: 5 };
        assert_eq!(linked.path(), "/d/1234-5");
        assert_eq!(Linked::parse("1234-5").ok(), Some(linked));
        for other in ["1234", "1234-", "-5", "01234-5", "1234-05", "+1234-5", "1234-5-6", "a-b", "1234-+5", "-1-5"] {
            assert!(Linked::parse(other).is_err(), "{other}");
        }
    }
}
