//! A file on its way in. The bytes come piece by piece, whichever way a face receives them:
//!
//! ```text
//! let mut upload = begin_upload(service, caller, NewUpload { path, .. }).await?;
//! while let Some(piece) = body.next().await { upload.write(piece).await?; }
//! let file = upload.finish(service, caller).await?;       // dropped before: nothing is left of it
//! ```

use bytes::Bytes;
use mingjian_domain::error::{Conflict, Error, Noun, Refused, Result};
use mingjian_domain::file::{Content, File, FileKind, FilePath, MediaType, NewFile, is_mp4, retention_of};
use mingjian_domain::id::UploadId;
use mingjian_store::{Incoming, Received, Tx};

use super::{KEEPERS, Subject, quota};
use crate::Service;
use crate::access::Caller;
use crate::audit::Act;

/// What a caller wants to send.
#[derive(Debug, Clone)]
pub struct NewUpload {
    /// Where it is to be, where that is known by now ([`Upload::aim`] says it later); folders are made where they are missing.
    pub path: Option<FilePath>,
    /// The business that it belongs to.
    pub business_no: Option<String>,
    /// How many bytes it will have, where that is known: then it is refused before they come.
    pub announced_bytes: Option<u64>,
    /// What is taken.
    pub policy: Policy,
}

/// What a face takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Policy {
    /// At most so many bytes; what is beyond is not read.
    pub largest_bytes: u64,
    /// Whether names end with `.mp4` and bytes begin like an MP4 file.
    pub mp4_only: bool,
}

/// A file on its way in.
pub struct Upload {
    wanted: NewUpload,
    incoming: Incoming,
    /// What the quota still has room for.
    room_bytes: Option<u64>,
    looked_at: bool,
}

/// Begins an upload: everything that can be refused is refused here.
///
/// # Errors
/// [`Refused::NoSuffix`], [`Refused::WrongType`], [`Refused::TooLarge`]; [`Conflict::NameTaken`]; [`Error::Full`] when disk or
/// quota are; [`Error::Denied`] for a user who may not change files.
pub async fn begin_upload(service: &Service, caller: &Caller, wanted: NewUpload) -> Result<Upload> {
    caller.entitled(&KEEPERS)?;
    if let Some(path) = &wanted.path {
        wanted.policy.check_name(path)?;
    }
    let announced_bytes = wanted.announced_bytes.unwrap_or(0);
    wanted.policy.check_size(announced_bytes)?;
    let now = service.now();
    let mut tx = service.store.read().await?;
    let tenant = tx.tenants().lookup(caller.tenant()).await?.ok_or(Error::Missing(Noun::Tenant))?;
    if let Some(path) = &wanted.path
        && tx.files().lookup_by_path(tenant.id, path).await?.is_some()
    {
        return Err(Conflict::NameTaken(path.to_string()).into());
    }
    let used_bytes = tx.files().usage(tenant.id).await?.uploaded_bytes;
    let room_bytes = quota(&mut tx, tenant.id).await?.map(|quota| quota.saturating_sub(used_bytes));
    drop(tx);
    if room_bytes.is_some_and(|room| announced_bytes > room) {
        return Err(Error::Full);
    }
    service.objects.check_room(announced_bytes)?;
    let id = service.draw(|random| UploadId::mint(now, random));
    let day = now.to_offset(time::UtcOffset::UTC).date();
    let key = format!("files/{}/{:04}/{:02}/{:02}/{id}", tenant.code, day.year(), u8::from(day.month()), day.day());
    let incoming = service.objects.receive(&key).await?;
    Ok(Upload { wanted, incoming, room_bytes, looked_at: false })
}

impl Policy {
    fn check_name(self, path: &FilePath) -> Result<()> {
        if !self.mp4_only {
            return Ok(());
        }
        match path.name.suffix() {
            None => Err(Refused::NoSuffix.into()),
            Some(suffix) if suffix.eq_ignore_ascii_case("mp4") => Ok(()),
            Some(_) => Err(Refused::WrongType.into()),
        }
    }

    const fn check_size(self, bytes: u64) -> std::result::Result<(), Refused> {
        if bytes > self.largest_bytes { Err(Refused::TooLarge { limit_bytes: self.largest_bytes }) } else { Ok(()) }
    }
}

/// As many bytes as tell an MP4 file.
const TELLING_BYTES: usize = 8;

impl Upload {
    /// Says where it is to be, in place of what was said before: a form may name the file behind its bytes.
    ///
    /// # Errors
    /// [`Refused::NoSuffix`], [`Refused::WrongType`].
    pub fn aim(&mut self, path: FilePath) -> Result<()> {
        self.wanted.policy.check_name(&path)?;
        self.wanted.path = Some(path);
        Ok(())
    }

    /// Takes the next bytes, and waits while the disk is slower than they come. After an error nothing more is to be read.
    ///
    /// # Errors
    /// [`Refused::TooLarge`]; [`Refused::WrongType`]; [`Error::Full`] when disk or quota are.
    pub async fn write(&mut self, bytes: Bytes) -> Result<()> {
        let size_bytes = self.incoming.size_bytes() + bytes.len() as u64;
        self.wanted.policy.check_size(size_bytes)?;
        if self.room_bytes.is_some_and(|room| size_bytes > room) {
            return Err(Error::Full);
        }
        self.incoming.write(bytes).await?;
        if self.incoming.head().len() >= TELLING_BYTES { self.look() } else { Ok(()) }
    }

    fn look(&mut self) -> Result<()> {
        if !std::mem::replace(&mut self.looked_at, true) && self.wanted.policy.mp4_only && !is_mp4(self.incoming.head())
        {
            return Err(Refused::WrongType.into());
        }
        Ok(())
    }

    /// Everything has come: the file is on disk, known and listed when this returns.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when another was faster; [`Refused::WrongType`]; [`Refused::BadName`] when nobody said where it is
    /// to be; [`Error::Full`].
    pub async fn finish(mut self, service: &Service, caller: &Caller) -> Result<File> {
        self.look()?;
        let mut received = self.incoming.finish().await?;
        let mut tx = service.store.begin().await?;
        let file = register(service, &mut tx, caller, &self.wanted, &received).await?;
        // Before the commit, so that no row is without its bytes; if the commit fails, they go again.
        received.place().await?;
        match tx.commit().await {
            Ok(()) => {
                received.keep();
                Ok(file)
            }
            Err(error) => {
                received.leave_open();
                Err(error)
            }
        }
    }
}

async fn register(
    service: &Service,
    tx: &mut Tx,
    caller: &Caller,
    wanted: &NewUpload,
    received: &Received,
) -> Result<File> {
    let (tenant, now) = (caller.tenant(), service.now());
    let path = wanted.path.as_ref().ok_or(Refused::BadName)?;
    let folder = tx.folders().open(tenant, &path.folder, now).await?;
    let switches = tx.interfaces().lookup(tenant).await?.map(|row| row.switches).unwrap_or_default();
    let new = NewFile {
        folder,
        name: path.name.clone(),
        kind: FileKind::Upload,
        recording: None,
        business_no: wanted.business_no.clone(),
        retention: retention_of(&switches.file_retention_days, FileKind::Upload, now),
        created_at: now,
    };
    let content = Content {
        object_key: received.key().to_owned(),
        size_bytes: received.size_bytes,
        sha256: received.sha256,
        media_type: MediaType::of(&received.head),
    };
    let id = tx.files().insert(&new).await?;
    let file = tx.files().lookup(tenant, id).await?.ok_or(Error::Missing(Noun::File))?;
    tx.files().make_whole(&file, &content, now).await?;
    // Counted with this one, and after the row that counts is held: of two that fit alone one is refused.
    let used_bytes = tx.files().usage(tenant).await?.uploaded_bytes;
    if switches.quota_bytes.is_some_and(|quota| used_bytes > quota) {
        return Err(Error::Full);
    }
    let subject = Subject { noun: "file", id: id.to_string() };
    let detail = serde_json::json!({ "size_bytes": content.size_bytes, "sha256": hex::encode(content.sha256) });
    tx.audit().append(&service.audit_line(Act::of(caller), "upload_file", subject, Some(detail.to_string()))).await?;
    tx.files().lookup(tenant, id).await?.ok_or(Error::Missing(Noun::File))
}
