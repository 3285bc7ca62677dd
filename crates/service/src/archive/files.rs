//! Files of the archive: kept for a day until a deposit names them, and handed out to who may see where they are filed.

use mingjian_domain::archive::files::{ArchiveFile, TEMPORARY, content_type};
use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::{ArchiveFileId, JobId};
use mingjian_domain::job::{Job, JobState, Work};
use mingjian_store::Tx;
use time::OffsetDateTime;

use super::intake::Received;
use super::reach;
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::jobs::Tried;

/// Takes a file in, for a day unless a deposit names it. `created_at` is what the caller says.
///
/// # Errors
/// [`Error::Denied`] for somebody who has nothing to do in the archive; [`Error::Full`]; [`Error::Fault`].
pub async fn add_file(
    service: &Service,
    caller: &Caller,
    received: Received,
    created_at: Option<OffsetDateTime>,
) -> Result<ArchiveFile> {
    caller.entitled(&super::WORKERS)?;
    let mut tx = service.store.read().await?;
    let tenant = tx.tenants().lookup(caller.tenant()).await?.ok_or(Error::Missing(Noun::Tenant))?;
    drop(tx);
    let now = service.now();
    let file = ArchiveFile {
        id: received.id,
        tenant: tenant.id,
        key: ArchiveFile::key_for(&tenant.code, received.id, now),
        content_type: content_type(&received.head, &received.name),
        name: received.name,
        size_bytes: received.size_bytes,
        sha256: received.sha256,
        uploader: name_of(caller).to_owned(),
        created_at: created_at.unwrap_or(now),
        updated_at: now,
        expires_at: Some(now + TEMPORARY),
    };
    // The row first: a kill between the two leaves a row whose time runs out, and never bytes that nobody knows of.
    let mut tx = service.store.begin().await?;
    insert_temporary(service, &mut tx, &file).await?;
    let subject = Subject { noun: "archive_file", id: file.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "add_archive_file", subject, None)).await?;
    tx.commit().await?;
    let (objects, key, draft) = (service.objects.clone(), file.key.clone(), received.draft);
    tokio::task::spawn_blocking(move || objects.keep(draft, &key))
        .await
        .map_err(|error| Error::fault("keeping a file of the archive", error))??;
    Ok(file)
}

/// The row, and the job that takes it away again.
pub(super) async fn insert_temporary(service: &Service, tx: &mut Tx, file: &ArchiveFile) -> Result<()> {
    tx.archive_files().insert(file).await?;
    let now = service.now();
    tx.jobs()
        .enqueue(&Job {
            id: service.draw(|random| JobId::mint(now, random)),
            tenant: file.tenant,
            work: Work::ExpireArchiveFile { file: file.id },
            created_at: now,
            state: JobState::Pending { run_at: now + TEMPORARY },
            attempts: 0,
            last_status: None,
            last_error: None,
        })
        .await
}

/// The login of a user, or the name of a business system's key.
pub(super) fn name_of(caller: &Caller) -> &str {
    match caller {
        Caller::User { user, .. } => &user.login,
        Caller::System { name, .. } => name,
    }
}

/// The job of a temporary file whose day is over.
pub(crate) async fn expire(service: &Service, file: ArchiveFileId) -> Result<Tried> {
    delete_temporary(service, file, service.now()).await?;
    Ok(Tried::Done(None))
}

/// Takes a temporary file away, row and bytes.
pub(super) async fn delete_temporary(service: &Service, file: ArchiveFileId, by: OffsetDateTime) -> Result<()> {
    let mut tx = service.store.begin().await?;
    let Some(key) = tx.archive_files().delete_temporary(file, by).await? else { return Ok(()) };
    tx.commit().await?;
    service.objects.delete(&key).await?;
    Ok(())
}

/// Finds a file and notes that it was read: one that is filed where the caller may see, or one that the caller brought itself.
///
/// # Errors
/// [`Error::Missing`], also when it is another tenant's or its time is over; [`Error::Denied`] when it is filed in other
/// departments only.
pub async fn open_file(service: &Service, caller: &Caller, id: ArchiveFileId) -> Result<ArchiveFile> {
    let mut tx = service.store.read().await?;
    let (reach, _) = reach::of(&mut tx, caller).await?;
    let file = tx.archive_files().lookup(caller.tenant(), id).await?.filter(|file| !file.is_expired(service.now()));
    let file = file.ok_or(Error::Missing(Noun::File))?;
    if file.uploader != name_of(caller) {
        reach.check(&tx.archive_files().departments(caller.tenant(), id).await?)?;
    }
    drop(tx);
    let reader = format!("{}@{}", name_of(caller), caller.address().unwrap_or_default());
    if service.fetches.is_new(&format!("archive_file:{id}"), &reader, service.now()) {
        let mut tx = service.store.begin().await?;
        let subject = Subject { noun: "archive_file", id: id.to_string() };
        tx.audit().append(&service.audit_line(Act::of(caller), "fetch_archive_file", subject, None)).await?;
        tx.commit().await?;
    }
    Ok(file)
}
