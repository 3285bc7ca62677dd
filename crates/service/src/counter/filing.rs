//! Takes among the tenant's files: a recording's file is announced when the take is whole and listed when its one film is; what
//! a browser sent is listed at once.

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::file::{Content, FileKind, FileName, MediaType, NewFile, RecordingName, retention_of};
use mingjian_domain::id::RecordingId;
use mingjian_domain::take::Take;
use mingjian_store::{TakeUpload, Tx};

use crate::Service;
use crate::audit::{Act, Subject};
use crate::files::naming::free_place;
use crate::files::recorded::expect_file;

/// The file of a take that was recorded here.
///
/// # Errors
/// [`Error::Missing`] when order or recording are gone; [`Error::Fault`].
pub(crate) async fn expect(service: &Service, tx: &mut Tx, take: &Take, recording: RecordingId) -> Result<()> {
    let order = tx.orders().lookup(take.tenant, take.order).await?.ok_or(Error::Missing(Noun::Order))?;
    let made = tx.recordings().lookup(take.tenant, recording).await?.ok_or(Error::Missing(Noun::Recording))?;
    let name = name_of(&order.business_no, take);
    expect_file(service, tx, &made, FileKind::Counter, name, Some(&order.business_no)).await.map(|_| ())
}

fn name_of<'a>(business_no: &'a str, take: &'a Take) -> RecordingName<'a> {
    RecordingName::Business { business_no, video_type: Some(take.video_type.as_str()), kind: FileKind::Counter }
}

/// The file of a take that a browser sent: listed from now on, under the bytes' own key.
///
/// # Errors
/// [`Error::Missing`] when the order is gone; [`Error::Fault`].
pub(super) async fn list(
    service: &Service,
    tx: &mut Tx,
    take: &Take,
    upload: &TakeUpload,
    sha256: [u8; 32],
) -> Result<()> {
    let now = service.now();
    let order = tx.orders().lookup(take.tenant, take.order).await?.ok_or(Error::Missing(Noun::Order))?;
    let tenant = tx.tenants().lookup(take.tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    let switches = tx.interfaces().lookup(tenant.id).await?.map(|row| row.switches).unwrap_or_default();
    let mut path = name_of(&order.business_no, take).path(take.began_at.to_offset(tenant.zone));
    if upload.content_type == "video/webm" {
        let stem = path.name.as_str().trim_end_matches(".mp4");
        path.name = FileName::parse(&format!("{stem}.webm"))?;
    }
    let (folder, name) = free_place(tx, tenant.id, path, now).await?;
    let new = NewFile {
        folder,
        name,
        kind: FileKind::Counter,
        recording: None,
        business_no: Some(order.business_no),
        retention: retention_of(&switches.file_retention_days, FileKind::Counter, now),
        created_at: now,
    };
    let id = tx.files().insert(&new).await?;
    let file = tx.files().lookup(tenant.id, id).await?.ok_or(Error::Missing(Noun::File))?;
    let content = Content {
        object_key: upload.object_key.clone(),
        size_bytes: upload.length_bytes,
        sha256,
        media_type: MediaType::from_name(&upload.content_type),
    };
    tx.files().make_whole(&file, &content, now).await?;
    let subject = Subject { noun: "file", id: id.to_string() };
    let detail = serde_json::json!({ "take": take.id.to_string() }).to_string();
    tx.audit().append(&service.audit_line(Act::of_server(tenant.id), "upload_file", subject, Some(detail))).await
}
