//! Deleting: the bytes go, the row stays, and a signed tombstone says who, when and why.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::file::File;
use mingjian_domain::file::tombstone::Tombstone;
use mingjian_domain::id::FileId;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use super::{KEEPERS, LONGEST_REASON, READERS, Which, note_read, present};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// Deletes a file. Links to it and its bytes are gone when this returns.
///
/// # Errors
/// [`Error::Missing`]; [`mingjian_domain::error::Conflict::Held`] with the reason and, where it is known, the moment;
/// [`Error::Invalid`] for a reason that is none; [`Error::Denied`] for a user who may not change files.
pub async fn delete_file(service: &Service, caller: &Caller, which: &Which, reason: &str) -> Result<Tombstone> {
    caller.entitled(&KEEPERS)?;
    if reason.trim().is_empty() || reason.chars().count() > LONGEST_REASON {
        return Err(Error::Invalid(format!("reason:应为 1 至 {LONGEST_REASON} 个字的删除原因")));
    }
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let named = present(&mut tx, caller.tenant(), which).await?;
    // Once more by its number, which holds the row where there is more than one writer.
    let file = present(&mut tx, caller.tenant(), &Which::Id(named.id)).await?;
    file.check_deletable(now)?;
    let tenant = tx.tenants().lookup(file.tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    let deleted_at = tx.files().delete(&file, now).await?;
    // A film is the file of its recording, and goes with it.
    if let Some(recording) = file.recording {
        tx.films().delete(recording).await?;
    }
    let tombstone = carve(service, &tenant.code, &file, caller, deleted_at, reason)?;
    tx.tombstones().insert(&tombstone).await?;
    let subject = Subject { noun: "file", id: file.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "delete_file", subject, None)).await?;
    let key = file.whole.as_ref().map(|whole| whole.content.object_key.as_str());
    if let Some(key) = key {
        service.objects.leave(key).await?;
    }
    tx.commit().await?;
    if let Some(key) = key {
        service.objects.settle(key, false)?;
    }
    Ok(tombstone)
}

/// The tombstone of a deleted file.
///
/// # Errors
/// [`Error::Missing`] when the tenant has no deleted file of that number; [`Error::Denied`] for a user who may not read files.
pub async fn find_tombstone(service: &Service, caller: &Caller, id: FileId) -> Result<Tombstone> {
    caller.entitled(&READERS)?;
    let mut tx = service.store.read().await?;
    let tombstone = tx.tombstones().lookup(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::File))?;
    drop(tx);
    note_read(service, caller, "find_tombstone", Subject { noun: "file", id: id.to_string() }).await?;
    Ok(tombstone)
}

fn carve(
    service: &Service,
    tenant_code: &str,
    file: &File,
    caller: &Caller,
    deleted_at: OffsetDateTime,
    reason: &str,
) -> Result<Tombstone> {
    let moment =
        |moment: OffsetDateTime| moment.format(&Rfc3339).map_err(|error| Error::fault("writing a tombstone", error));
    let (kind, id) = match caller.actor() {
        Actor::User(id) => ("user", Some(id.to_string())),
        Actor::System(name) => ("system", Some(name)),
        Actor::Person(id) => ("person", Some(id.to_string())),
        Actor::Link => ("link", None),
        Actor::Stranger => ("stranger", None),
        Actor::Server => ("server", None),
    };
    let content = file.whole.as_ref().map(|whole| &whole.content);
    let body = serde_json::json!({
        "type": "mingjian-tombstone-1",
        "tenant": tenant_code,
        "file_id": file.id.number(),
        "path": file.path.to_string(),
        "kind": file.kind.word(),
        "recording_id": file.recording.map(|id| id.to_string()),
        "business_no": file.business_no,
        "size_bytes": content.map(|content| content.size_bytes),
        "sha256": content.map(|content| hex::encode(content.sha256)),
        "listed_at": file.whole.as_ref().map(|whole| moment(whole.listed_at)).transpose()?,
        "deleted_at": moment(deleted_at)?,
        "deleted_by": { "kind": kind, "id": id },
        "reason": reason,
    })
    .to_string();
    let key = service.seal_key();
    let (signature, public_key) = (key.sign(body.as_bytes()), key.public_key());
    Ok(Tombstone { file: file.id, tenant: file.tenant, body, signature, public_key })
}

/// Ends what was on its way in or out when the server ended last. Call it once, before anything is uploaded.
///
/// # Errors
/// [`Error::Fault`].
pub async fn settle_objects(service: &Service) -> Result<()> {
    for key in service.objects.leftovers()? {
        let mut tx = service.store.read().await?;
        let known = tx.files().has_object(&key).await?;
        drop(tx);
        service.objects.settle(&key, known)?;
        tracing::info!(object.key = key, object.known = known, "an object that was on its way is settled");
    }
    Ok(())
}
