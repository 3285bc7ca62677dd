//! Files and folders: listed, found, kept, held and handed out. What a caller sends comes in through [`upload`], what was recorded
//! through [`recorded`]; [`removal`] deletes.
//!
//! Every write is a line of the audit log; so is every read, once per caller, thing and address within ten minutes.

pub mod fetch;
pub(crate) mod naming;
pub mod recorded;
pub mod removal;
pub mod upload;

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::file::{File, FilePath, Folder, FolderPath, Hold, Retention};
use mingjian_domain::id::{FileId, TenantId};
use mingjian_domain::user::Role;
use mingjian_store::Tx;
pub use mingjian_store::{FileUsage, FilesPage};
use time::OffsetDateTime;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::revision::{Expected, Revision};

/// Who may read files.
const READERS: [Role; 3] = [Role::TenantAdmin, Role::Supervisor, Role::Reviewer];
/// Who may change them.
const KEEPERS: [Role; 1] = [Role::TenantAdmin];
/// Folders in one answer: ten years of days twice over.
const MOST_FOLDERS: u32 = 10_000;

/// Which file is meant. A number wins over a path, as the netdisk's document wants it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// By its number.
    Id(FileId),
    /// By its path.
    Path(FilePath),
}

/// Which page of a folder is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PageWanted {
    /// The moment that the listing is of, as an earlier answer told it; none for now.
    pub as_of: Option<OffsetDateTime>,
    /// So many files are before it.
    pub offset: u64,
    /// At most so many are on it.
    pub limit: u16,
}

/// A page of a folder.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listing {
    /// The folder; none for the `/` of a tenant that has no file yet.
    pub folder: Option<Folder>,
    /// The folders in it, as they are now.
    pub folders: Vec<Folder>,
    /// Its files, the newest first.
    pub files: FilesPage,
    /// The moment that the listing is of: asked for again, its pages are the same.
    pub as_of: OffsetDateTime,
}

/// One page of one folder, and the folders in it.
///
/// # Errors
/// [`Error::Missing`] when the tenant has no such folder; [`Error::Denied`] for a user who may not read files.
pub async fn list_files(service: &Service, caller: &Caller, path: &FolderPath, page: PageWanted) -> Result<Listing> {
    caller.entitled(&READERS)?;
    let now = service.now();
    let mut tx = service.store.read().await?;
    let Some(folder) = tx.folders().lookup_by_path(caller.tenant(), path).await? else {
        return match path.parent() {
            Some(_) => Err(Error::Missing(Noun::Folder)),
            None => Ok(Listing {
                folder: None,
                folders: Vec::new(),
                files: FilesPage { total: 0, items: Vec::new() },
                as_of: page.as_of.unwrap_or(now).min(now),
            }),
        };
    };
    let settled = folder.settled_at(now);
    let as_of = page.as_of.map_or(settled, |as_of| as_of.min(settled));
    let files = tx.files().page(folder.id, as_of, page.offset, page.limit).await?;
    let folders = tx.folders().list(folder.id, None, MOST_FOLDERS).await?;
    drop(tx);
    note_read(service, caller, "list_files", Subject { noun: "folder", id: folder.id.to_string() }).await?;
    Ok(Listing { folder: Some(folder), folders, files, as_of })
}

/// One file that is not deleted.
///
/// # Errors
/// [`Error::Missing`] when the tenant has no such file; [`Error::Denied`] for a user who may not read files.
pub async fn find_file(service: &Service, caller: &Caller, which: &Which) -> Result<File> {
    caller.entitled(&READERS)?;
    let mut tx = service.store.read().await?;
    let file = present(&mut tx, caller.tenant(), which).await?;
    drop(tx);
    note_read(service, caller, "find_file", Subject { noun: "file", id: file.id.to_string() }).await?;
    Ok(file)
}

/// Names the state of what people decide about a file.
///
/// # Errors
/// [`Error::Fault`].
pub fn revision(file: &File) -> Result<Revision> {
    let retention = file.retention.as_ref().map(|own| (own.until.unix_timestamp(), &own.reason));
    let hold = file.hold.as_ref().map(|own| (own.since.unix_timestamp(), &own.reason));
    Revision::of(&(file.id.number(), retention, hold, file.link_revision))
}

/// How many bytes the caller's files take, and how many uploads may take.
///
/// # Errors
/// [`Error::Denied`] for a user who may not read files.
pub async fn find_usage(service: &Service, caller: &Caller) -> Result<(FileUsage, Option<u64>)> {
    caller.entitled(&READERS)?;
    let mut tx = service.store.read().await?;
    let usage = tx.files().usage(caller.tenant()).await?;
    let quota_bytes = quota(&mut tx, caller.tenant()).await?;
    Ok((usage, quota_bytes))
}

/// Makes a folder, with those above it.
///
/// # Errors
/// [`mingjian_domain::error::Conflict::NameTaken`] when it is there; [`Error::Denied`] for a user who may not change files.
pub async fn create_folder(service: &Service, caller: &Caller, path: &FolderPath) -> Result<Folder> {
    caller.entitled(&KEEPERS)?;
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let parent = match path.parent() {
        Some(above) => Some(tx.folders().open(caller.tenant(), &above, now).await?.id),
        None => None,
    };
    let folder = tx.folders().insert(caller.tenant(), parent, path, now).await?;
    let subject = Subject { noun: "folder", id: folder.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "create_folder", subject, None)).await?;
    tx.commit().await?;
    Ok(folder)
}

/// Says how long a file must stay, none leaving that as it is, and whether it is held until further notice.
///
/// # Errors
/// [`Error::Missing`]; [`mingjian_domain::error::Conflict::Held`] when its retention would become shorter;
/// [`mingjian_domain::error::Conflict::ChangedMeanwhile`]; [`Error::Invalid`] without a reason; [`Error::Denied`] for a user who may
/// not change files.
pub async fn keep_file(
    service: &Service,
    caller: &Caller,
    id: FileId,
    expected: &Expected,
    retention: Option<Retention>,
    hold_reason: Option<String>,
) -> Result<File> {
    caller.entitled(&KEEPERS)?;
    let reasons = [("retain_reason", retention.as_ref().map(|own| &own.reason)), ("hold_reason", hold_reason.as_ref())];
    for (name, reason) in reasons {
        if reason.is_some_and(|reason| reason.trim().is_empty() || reason.chars().count() > LONGEST_REASON) {
            return Err(Error::Invalid(format!("{name}:应为 1 至 {LONGEST_REASON} 个字的原因")));
        }
    }
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let file = present(&mut tx, caller.tenant(), &Which::Id(id)).await?;
    expected.check(&revision(&file)?)?;
    if let Some(retention) = &retention {
        file.check_retention(retention, now)?;
    }
    let retention = retention.or_else(|| file.retention.clone());
    // The same hold again began when it began.
    let since = |reason: &String| file.hold.as_ref().filter(|own| own.reason == *reason).map_or(now, |own| own.since);
    let hold = hold_reason.map(|reason| Hold { since: since(&reason), reason });
    tx.files().set_keeping(id, retention.as_ref(), hold.as_ref()).await?;
    let subject = Subject { noun: "file", id: id.to_string() };
    let detail = serde_json::json!({
        "held": hold.is_some(),
        "retain_until": retention.as_ref().map(|own| own.until.unix_timestamp()),
    });
    tx.audit().append(&service.audit_line(Act::of(caller), "keep_file", subject, Some(detail.to_string()))).await?;
    tx.commit().await?;
    Ok(File { retention, hold, ..file })
}

/// Longest reason for a hold, a retention or a deletion.
pub const LONGEST_REASON: usize = 200;

/// Makes every link to a file that was given out so far useless.
///
/// # Errors
/// [`Error::Missing`]; [`Error::Denied`] for a user who may not change files.
pub async fn revoke_links(service: &Service, caller: &Caller, id: FileId) -> Result<()> {
    caller.entitled(&KEEPERS)?;
    let mut tx = service.store.begin().await?;
    present(&mut tx, caller.tenant(), &Which::Id(id)).await?;
    tx.files().revoke_links(id).await?;
    let subject = Subject { noun: "file", id: id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "revoke_links", subject, None)).await?;
    tx.commit().await
}

/// The tenant's file that is meant, unless it is deleted.
async fn present(tx: &mut Tx, tenant: TenantId, which: &Which) -> Result<File> {
    let file = match which {
        Which::Id(id) => tx.files().lookup(tenant, *id).await?,
        Which::Path(path) => tx.files().lookup_by_path(tenant, path).await?,
    };
    file.filter(|file| file.deleted_at.is_none()).ok_or(Error::Missing(Noun::File))
}

/// How many bytes a tenant's uploads may take.
async fn quota(tx: &mut Tx, tenant: TenantId) -> Result<Option<u64>> {
    Ok(tx.interfaces().lookup(tenant).await?.and_then(|row| row.switches.quota_bytes))
}

/// Notes a read: once per caller, thing and address within ten minutes, so that turning pages is not a line each.
async fn note_read(service: &Service, caller: &Caller, action: &'static str, subject: Subject) -> Result<()> {
    let key = format!("{action}:{}:{:?}", subject.id, caller.actor());
    if !service.fetches.is_new(&key, caller.address().unwrap_or_default(), service.now()) {
        return Ok(());
    }
    let mut tx = service.store.begin().await?;
    tx.audit().append(&service.audit_line(Act::of(caller), action, subject, None)).await?;
    tx.commit().await
}
