//! Files that are made of recordings. A file has its number and its name from the moment its recording stops, and is listed
//! when the MP4 is whole; the number never changes.

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::file::{Content, File, FileKind, NewFile, RecordingName, retention_of};
use mingjian_domain::id::{FileId, TenantId};
use mingjian_domain::recording::Recording;
use mingjian_store::Tx;

use crate::Service;
use crate::audit::{Act, Subject};
use crate::files::naming::free_place;

/// Announces the file of a recording. Call it in the transaction in which the recording stops; a second time it gives the same
/// number.
///
/// # Errors
/// [`Error::Missing`] for an unknown tenant; [`Error::Fault`].
pub async fn expect_file(
    service: &Service,
    tx: &mut Tx,
    recording: &Recording,
    kind: FileKind,
    name: RecordingName<'_>,
    business_no: Option<&str>,
) -> Result<FileId> {
    if let Some(known) = tx.files().lookup_by_recording(recording.tenant, recording.id).await? {
        return Ok(known.id);
    }
    let tenant = tx.tenants().lookup(recording.tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    let switches = tx.interfaces().lookup(tenant.id).await?.map(|row| row.switches).unwrap_or_default();
    let now = service.now();
    let wanted = name.path(recording.started_at.to_offset(tenant.zone));
    let (folder, name) = free_place(tx, tenant.id, wanted, now).await?;
    let new = NewFile {
        folder,
        name,
        kind,
        recording: Some(recording.id),
        business_no: business_no.map(str::to_owned),
        retention: retention_of(&switches.file_retention_days, kind, now),
        created_at: now,
    };
    let id = tx.files().insert(&new).await?;
    let subject = Subject { noun: "file", id: id.to_string() };
    let detail = serde_json::json!({ "recording": recording.id.to_string() }).to_string();
    tx.audit().append(&service.audit_line(Act::of_server(tenant.id), "expect_file", subject, Some(detail))).await?;
    Ok(id)
}

/// The MP4 of a recording is whole and lies under its key: the file is listed from now on. One of a recording that went on after it
/// stopped takes the place of the shorter one. None when the file was deleted meanwhile: then the caller takes the object away.
/// Call it in the transaction in which the film is listed; the same bytes a second time change nothing.
///
/// # Errors
/// [`Error::Missing`] when the file was never announced; [`Error::Fault`].
pub async fn complete_file(
    service: &Service,
    tx: &mut Tx,
    tenant: TenantId,
    id: FileId,
    content: &Content,
) -> Result<Option<File>> {
    let file = tx.files().lookup(tenant, id).await?.ok_or(Error::Missing(Noun::File))?;
    match &file.whole {
        _ if file.deleted_at.is_some() => return Ok(None),
        Some(whole) if whole.content == *content => return Ok(Some(file)),
        Some(_) => tx.files().replace(&file, content).await?,
        None => drop(tx.files().make_whole(&file, content, service.now()).await?),
    }
    let subject = Subject { noun: "file", id: id.to_string() };
    let detail = serde_json::json!({ "size_bytes": content.size_bytes, "sha256": hex::encode(content.sha256) });
    tx.audit()
        .append(&service.audit_line(Act::of_server(tenant), "complete_file", subject, Some(detail.to_string())))
        .await?;
    tx.files().lookup(tenant, id).await
}
