//! Takes that a browser kept while the server was out of reach: announced, sent piece by piece, checked as a whole.
//!
//! The file says how much of an upload is there, so that it goes on after a restart of either side where it stopped.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::StreamExt;
use mingjian_domain::error::{Conflict, Error, Noun, Refused, Result};
use mingjian_domain::id::{OrderId, TakeId, TenantId, UploadId};
use mingjian_domain::take::{self, Media, State, Take, VideoType};
use mingjian_store::Growth;
pub use mingjian_store::TakeUpload;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};

use super::{Hand, filing, takes};
use crate::Service;
use crate::audit::Subject;

/// An hour at the browser's usual 2.5 Mbit/s is 1.1 GB.
pub const LARGEST: u64 = 4 << 30;
/// So long may a browser take to come back: over a week's holiday.
const LIFE: Duration = Duration::days(14);
/// The head of a file that tells its kind.
const HEAD_BYTES: u64 = 64;
/// How many expired uploads one call clears away.
const SWEPT_AT_ONCE: u16 = 20;

/// What a browser says of a take that it kept.
#[derive(Debug, Clone)]
pub struct Announcement {
    /// The browser's own name for it: 16 to 64 letters, digits and hyphens.
    pub local_id: String,
    /// The order's number.
    pub business_no: String,
    /// Of what.
    pub video_type: VideoType,
    /// Why the type was recorded again, where it was.
    pub again: Option<String>,
    /// When it was recorded, by the browser's clock.
    pub began_at: Option<OffsetDateTime>,
    /// How long it plays.
    pub duration_ms: u64,
    /// `video/mp4` or `video/webm`.
    pub content_type: String,
    /// Its SHA-256, where it is known already.
    pub sha256: Option<[u8; 32]>,
    /// Its length.
    pub length_bytes: u64,
}

/// Uploads that somebody is sending to right now: two at once would write over each other.
#[derive(Default)]
pub(crate) struct Busy(Mutex<HashSet<UploadId>>);

/// An upload that nobody else sends to, as long as this is kept.
pub struct Turn<'a> {
    busy: &'a Busy,
    id: UploadId,
}

impl Busy {
    fn take(&self, id: UploadId) -> Result<Turn<'_>> {
        let mut busy = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if busy.insert(id) { Ok(Turn { busy: self, id }) } else { Err(Conflict::KeyInUse.into()) }
    }
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        self.busy.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.id);
    }
}

/// An upload and how much of it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// The upload.
    pub upload: TakeUpload,
    /// So many bytes are on disk.
    pub offset: u64,
}

/// Takes an announcement in. The same one a second time finds the same upload, so that a lost answer costs nothing.
///
/// # Errors
/// [`Refused::TooLarge`], [`Refused::WrongType`]; [`Error::Invalid`]; [`Error::Missing`] for an order that is not there or
/// not the page's; [`Conflict::ReasonMissing`] when the type is recorded again without one;
/// [`mingjian_domain::error::Denied::NotEntitled`] for a page that may only look.
pub async fn announce(service: &Service, hand: &Hand, said: Announcement) -> Result<Progress> {
    sweep(service).await?;
    if said.length_bytes > LARGEST {
        return Err(Refused::TooLarge { limit_bytes: LARGEST }.into());
    }
    if said.length_bytes == 0 {
        return Err(Refused::Interrupted.into());
    }
    let mut tx = service.store.begin().await?;
    let (take, upload) = draft(service, &mut tx, hand, said).await?;
    if let Some(there) = tx.take_uploads().lookup_by_local_id(upload.tenant, &upload.local_id).await? {
        let kept = tx.takes().lookup(there.tenant, there.take).await?.ok_or(Error::Missing(Noun::Take))?;
        let same = (kept.order, &kept.video_type, there.length_bytes);
        if same != (take.order, &take.video_type, upload.length_bytes) {
            return Err(Conflict::KeyReused.into());
        }
        drop(tx);
        return progress(service, there).await;
    }
    require_reason(&mut tx, &take).await?;
    tx.takes().insert(&take).await?;
    tx.take_uploads().insert(&upload).await?;
    note(service, &mut tx, hand, &upload).await?;
    tx.commit().await?;
    Ok(Progress { upload, offset: 0 })
}

/// The rows of an announcement, not yet kept: everything that can be refused is refused here.
async fn draft(
    service: &Service,
    tx: &mut mingjian_store::Tx,
    hand: &Hand,
    said: Announcement,
) -> Result<(Take, TakeUpload)> {
    let plain = said.local_id.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !plain || !(16..=64).contains(&said.local_id.len()) {
        return Err(Error::Invalid("localId:应为 16 至 64 位的字母、数字或 -".into()));
    }
    let suffix = suffix(&said.content_type).ok_or(Refused::WrongType)?;
    let again = take::reason(said.again.as_deref())?;
    let tenant = hand.tenant();
    let now = service.now();
    let order = tx.orders().lookup_by_business_no(tenant, &said.business_no).await?;
    let order = order.ok_or(Error::Missing(Noun::Order))?.id;
    let id = service.draw(|random| TakeId::mint(now, random));
    let upload = service.draw(|random| UploadId::mint(now, random));
    let take = Take {
        id,
        tenant,
        order,
        video_type: said.video_type,
        operator: hand.operator().clone(),
        again,
        // A clock that is ahead must not make a take newer than those that will be recorded.
        began_at: said.began_at.map_or(now, |at| at.min(now)),
        state: State::Uploading { media: Media::Upload(upload) },
        voided: None,
    };
    takes::may_record(hand, &take)?;
    let tenant_code = tx.tenants().lookup(tenant).await?.ok_or(Error::Missing(Noun::Tenant))?.code;
    let upload = TakeUpload {
        id: upload,
        tenant,
        take: id,
        local_id: said.local_id,
        content_type: said.content_type,
        length_bytes: said.length_bytes,
        duration_ms: said.duration_ms,
        sha256: said.sha256,
        object_key: key(&tenant_code, id, now, suffix),
        created_at: now,
        ends_at: now + LIFE,
        finished_at: None,
    };
    Ok((take, upload))
}

async fn note(service: &Service, tx: &mut mingjian_store::Tx, hand: &Hand, upload: &TakeUpload) -> Result<()> {
    let subject = Subject { noun: "take", id: upload.take.to_string() };
    let detail = hand.detail(&serde_json::json!({ "upload": upload.id.to_string(), "bytes": upload.length_bytes }));
    tx.audit().append(&service.audit_line(hand.act(), "announce_take", subject, Some(detail))).await
}

/// A whole file on its way in: nothing of it is known before it is all there.
pub struct Whole {
    take: Take,
    upload: TakeUpload,
    growth: Growth,
}

/// Begins to receive a whole file. `named` says whether the caller has a name of its own for it.
///
/// # Errors
/// As [`announce`]; [`Conflict::NameTaken`] when there is one of that name already.
pub async fn begin_whole(service: &Service, hand: &Hand, said: Announcement, named: bool) -> Result<Whole> {
    sweep(service).await?;
    let mut tx = service.store.read().await?;
    let (take, mut upload) = draft(service, &mut tx, hand, said).await?;
    if !named {
        upload.local_id = upload.id.to_string();
    }
    if tx.take_uploads().lookup_by_local_id(upload.tenant, &upload.local_id).await?.is_some() {
        return Err(Conflict::NameTaken(upload.local_id).into());
    }
    require_reason(&mut tx, &take).await?;
    drop(tx);
    let growth = service.objects.grow(&upload.object_key, 0).await?;
    Ok(Whole { take, upload, growth })
}

impl Whole {
    /// Appends.
    ///
    /// # Errors
    /// [`Refused::TooLarge`]; [`Error::Full`]; [`Error::Fault`].
    pub async fn add(&mut self, bytes: &[u8]) -> Result<()> {
        if self.growth.size_bytes() + bytes.len() as u64 > LARGEST {
            return Err(Refused::TooLarge { limit_bytes: LARGEST }.into());
        }
        self.growth.add(bytes).await
    }

    /// Nothing comes of it.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn forget(self, service: &Service) -> Result<()> {
        service.objects.delete(&self.upload.object_key).await.map(|_| ())
    }

    /// All of it is there: it is looked at, and the take counts.
    ///
    /// # Errors
    /// [`Refused::WrongType`], [`Refused::WrongHash`], [`Refused::Interrupted`]; [`Conflict::NameTaken`] when another of that
    /// name came meanwhile; [`Error::Full`]; [`Error::Fault`]. Then nothing of it is left.
    pub async fn finish(self, service: &Service, hand: &Hand) -> Result<Take> {
        let Self { take, mut upload, growth } = self;
        let key = upload.object_key.clone();
        let done = async {
            upload.length_bytes = growth.keep().await?;
            if upload.length_bytes == 0 {
                return Err(Refused::Interrupted.into());
            }
            let sha256 = check(service, &upload).await?;
            let now = service.now();
            let mut tx = service.store.begin().await?;
            require_reason(&mut tx, &take).await?;
            tx.takes().insert(&take).await?;
            tx.take_uploads().insert(&upload).await?;
            tx.take_uploads().finish(upload.id, sha256, now).await?;
            note(service, &mut tx, hand, &upload).await?;
            let take = takes::complete(service, &mut tx, take, upload.duration_ms, now).await?;
            filing::list(service, &mut tx, &take, &upload, sha256).await?;
            tx.commit().await?;
            Ok(take)
        };
        let done = done.await;
        if done.is_err() {
            service.objects.delete(&key).await?;
        }
        done
    }
}

/// Whether a further take of the type may be made without saying why.
///
/// # Errors
/// [`Conflict::ReasonMissing`].
pub(super) async fn require_reason(tx: &mut mingjian_store::Tx, new: &Take) -> Result<()> {
    if new.again.is_some() {
        return Ok(());
    }
    let mut takes = tx.takes().list_of_order(new.tenant, new.order).await?;
    takes.retain(|take| take.video_type == new.video_type);
    if Take::needs_reason(&takes) { Err(Conflict::ReasonMissing.into()) } else { Ok(()) }
}

/// Which files are taken, by their type, and the suffix of each.
fn suffix(content_type: &str) -> Option<&'static str> {
    match content_type {
        "video/mp4" => Some("mp4"),
        "video/webm" => Some("webm"),
        _ => None,
    }
}

/// Where the bytes of a take are: ids alone, so that a path tells nothing of a person.
fn key(tenant_code: &str, take: TakeId, at: OffsetDateTime, suffix: &str) -> String {
    let day = at.to_offset(time::UtcOffset::UTC).date();
    format!("takes/{tenant_code}/{:04}/{:02}/{:02}/{take}.{suffix}", day.year(), u8::from(day.month()), day.day())
}

/// An upload that this hand may go on with, and how much of it is there.
///
/// # Errors
/// [`Error::Missing`] when there is none, it is not this hand's, or its time is over.
pub async fn find(service: &Service, hand: &Hand, id: UploadId) -> Result<Progress> {
    let tenant = hand.tenant();
    let mut tx = service.store.read().await?;
    let upload = tx.take_uploads().lookup(tenant, id).await?.ok_or(Error::Missing(Noun::Upload))?;
    let take = tx.takes().lookup(tenant, upload.take).await?.ok_or(Error::Missing(Noun::Upload))?;
    drop(tx);
    takes::may_record(hand, &take)
        .map_err(|error| if matches!(error, Error::Missing(_)) { Error::Missing(Noun::Upload) } else { error })?;
    if upload.finished_at.is_none() && service.now() >= upload.ends_at {
        return Err(Error::Missing(Noun::Upload));
    }
    progress(service, upload).await
}

async fn progress(service: &Service, upload: TakeUpload) -> Result<Progress> {
    let offset = match upload.finished_at {
        Some(_) => upload.length_bytes,
        None => service.objects.size(&upload.object_key).await?.unwrap_or(0),
    };
    Ok(Progress { upload, offset })
}

/// A piece that is being received.
pub struct Piece<'a> {
    progress: Progress,
    growth: Growth,
    _turn: Turn<'a>,
}

/// Begins to receive at `offset`.
///
/// # Errors
/// As [`find`]; [`Conflict::WrongState`] when the upload is not at that offset; [`Conflict::KeyInUse`] while another piece
/// of it is being received.
pub async fn receive<'a>(service: &'a Service, hand: &Hand, id: UploadId, offset: u64) -> Result<Piece<'a>> {
    let turn = service.uploads.take(id)?;
    let progress = find(service, hand, id).await?;
    if progress.offset != offset || progress.upload.finished_at.is_some() {
        return Err(Conflict::WrongState.into());
    }
    let growth = service.objects.grow(&progress.upload.object_key, offset).await?;
    Ok(Piece { progress, growth, _turn: turn })
}

impl Piece<'_> {
    /// So many bytes may still come.
    #[must_use]
    pub const fn room(&self) -> u64 {
        self.progress.upload.length_bytes.saturating_sub(self.growth.size_bytes())
    }

    /// Appends.
    ///
    /// # Errors
    /// [`Refused::TooLarge`] when more comes than was announced; [`Error::Full`]; [`Error::Fault`].
    pub async fn add(&mut self, bytes: &[u8]) -> Result<()> {
        if bytes.len() as u64 > self.room() {
            return Err(Refused::TooLarge { limit_bytes: self.progress.upload.length_bytes }.into());
        }
        self.growth.add(bytes).await
    }

    /// Takes back all that came with this piece.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn take_back(self) -> Result<()> {
        self.growth.take_back(self.progress.offset).await
    }

    /// Puts the piece on disk. With the last byte the whole is checked, and the take is there.
    ///
    /// # Errors
    /// [`Refused::WrongHash`] or [`Refused::WrongType`] when the whole is not what was announced: it is then to be sent anew
    /// from the first byte; [`Error::Full`]; [`Error::Fault`].
    pub async fn keep(self, service: &Service) -> Result<Progress> {
        let offset = self.growth.keep().await?;
        let Progress { upload, .. } = self.progress;
        if offset < upload.length_bytes {
            return Ok(Progress { upload, offset });
        }
        let upload = finish(service, upload).await?;
        Ok(Progress { offset: upload.length_bytes, upload })
    }
}

/// The sum that a piece says it has: `sha256 <base64>` or `sha1 <base64>`, as tus wants both.
pub enum Checksum {
    /// SHA-256.
    Sha256(Sha256, Vec<u8>),
    /// SHA-1.
    Sha1(Sha1, Vec<u8>),
}

impl Checksum {
    /// Reads `Upload-Checksum`.
    ///
    /// # Errors
    /// [`Error::Invalid`] for another algorithm, or a sum that is none.
    pub fn read(header: &str) -> Result<Self> {
        let (algorithm, sum) = header.trim().split_once(' ').unwrap_or((header, ""));
        let sum = STANDARD.decode(sum.trim()).map_err(|_| Error::Invalid("Upload-Checksum:应为 算法 base64".into()))?;
        match algorithm {
            "sha256" => Ok(Self::Sha256(Sha256::new(), sum)),
            "sha1" => Ok(Self::Sha1(Sha1::new(), sum)),
            _ => Err(Error::Invalid("Upload-Checksum:算法应为 sha256 或 sha1".into())),
        }
    }

    /// Takes bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        match self {
            Self::Sha256(sum, _) => sum.update(bytes),
            Self::Sha1(sum, _) => sum.update(bytes),
        }
    }

    /// Whether the bytes have the sum.
    #[must_use]
    pub fn holds(self) -> bool {
        match self {
            Self::Sha256(sum, wanted) => sum.finalize().as_slice() == wanted,
            Self::Sha1(sum, wanted) => sum.finalize().as_slice() == wanted,
        }
    }
}

/// All bytes are there: what they are is looked at before the take counts.
async fn finish(service: &Service, upload: TakeUpload) -> Result<TakeUpload> {
    let checked = check(service, &upload).await;
    let sha256 = match checked {
        Ok(sha256) => sha256,
        Err(error) => {
            // Nothing of it can be used: the next try begins at the first byte.
            service.objects.delete(&upload.object_key).await?;
            return Err(error);
        }
    };
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let take = tx.takes().lookup(upload.tenant, upload.take).await?.ok_or(Error::Missing(Noun::Take))?;
    tx.take_uploads().finish(upload.id, sha256, now).await?;
    let take = takes::complete(service, &mut tx, take, upload.duration_ms, now).await?;
    filing::list(service, &mut tx, &take, &upload, sha256).await?;
    tx.commit().await?;
    Ok(TakeUpload { sha256: Some(sha256), finished_at: Some(now), ..upload })
}

async fn check(service: &Service, upload: &TakeUpload) -> Result<[u8; 32]> {
    let head = service.objects.get_range(&upload.object_key, 0..HEAD_BYTES).await?.unwrap_or_default();
    if !is_of(&upload.content_type, &head) {
        return Err(Refused::WrongType.into());
    }
    let pieces = service.objects.stream(&upload.object_key, 0..upload.length_bytes).await?;
    let mut pieces = pieces.ok_or(Error::Missing(Noun::Upload))?;
    let mut sum = Sha256::new();
    while let Some(piece) = pieces.next().await {
        sum.update(&piece?);
    }
    let found: [u8; 32] = sum.finalize().into();
    match upload.sha256 {
        Some(announced) if announced != found => Err(Refused::WrongHash.into()),
        Some(_) | None => Ok(found),
    }
}

/// Whether a file begins like what it is said to be: `ftyp` (ISO/IEC 14496-12 4.3), or EBML (RFC 8794 section 11.2.1).
fn is_of(content_type: &str, head: &[u8]) -> bool {
    match content_type {
        "video/mp4" => head.get(4..8) == Some(b"ftyp"),
        "video/webm" => head.starts_with(&[0x1a, 0x45, 0xdf, 0xa3]),
        _ => false,
    }
}

/// Forgets uploads that were not finished in their time; their takes have failed.
///
/// # Errors
/// [`Error::Fault`].
pub async fn sweep(service: &Service) -> Result<()> {
    let now = service.now();
    let expired = service.store.read().await?.take_uploads().list_expired(now, SWEPT_AT_ONCE).await?;
    for upload in expired {
        let Ok(_turn) = service.uploads.take(upload.id) else { continue };
        service.objects.delete(&upload.object_key).await?;
        let mut tx = service.store.begin().await?;
        if let Some(take) = tx.takes().lookup(upload.tenant, upload.take).await?
            && !matches!(take.state, State::Uploaded { .. } | State::Failed { .. })
        {
            takes::fail(service, &mut tx, take, take::Failure::UploadExpired, now).await?;
        }
        tx.take_uploads().delete(upload.id).await?;
        tx.commit().await?;
    }
    Ok(())
}

/// The orders of a page, each once.
#[must_use]
pub fn orders_of(visit: &mingjian_domain::counter::Visit) -> Vec<OrderId> {
    let mut orders: Vec<OrderId> = Vec::new();
    for sitter in &visit.sitters {
        if !orders.contains(&sitter.order) {
            orders.push(sitter.order);
        }
    }
    orders
}

/// The upload of a take.
///
/// # Errors
/// [`Error::Missing`] when it is gone; [`Error::Fault`].
pub(super) async fn of_take(tx: &mut mingjian_store::Tx, tenant: TenantId, id: UploadId) -> Result<TakeUpload> {
    tx.take_uploads().lookup(tenant, id).await?.ok_or(Error::Missing(Noun::Take))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_first_bytes_say() {
        assert!(is_of("video/mp4", b"\0\0\0\x20ftypisom"));
        assert!(is_of("video/webm", &[0x1a, 0x45, 0xdf, 0xa3, 1]));
        assert!(!is_of("video/mp4", &[0x1a, 0x45, 0xdf, 0xa3, 1, 2, 3, 4]));
        assert!(!is_of("video/webm", b"<script>alert(1)</script>"));
        assert!(!is_of("video/mp4", b""));
        assert!(suffix("text/html").is_none() && suffix("video/mp4").is_some());
    }

    #[test]
    fn two_cannot_send_to_one_upload_at_once() {
        let busy = Busy::default();
        let id = UploadId::from_uuid(uuid::Uuid::nil());
        let turn = busy.take(id).expect("nobody sends");
        assert!(busy.take(id).is_err());
        drop(turn);
        assert!(busy.take(id).is_ok());
    }
}
