//! Files and folders.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun, Result as Verdict};
use mingjian_domain::file::tombstone::Tombstone;
use mingjian_domain::file::{File, FileName, FilePath, Folder, FolderPath, Retention};
use mingjian_domain::id::FileId;
use mingjian_service::access::Caller;
use mingjian_service::files::upload::{NewUpload, Policy, begin_upload};
use mingjian_service::files::{self, PageWanted, Which, fetch, removal};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::Shared;
use crate::caller::Known;
use crate::etag::{IfMatch, etag};
use crate::fields::Fields;
use crate::multipart::Form;
use crate::origin::Origin;
use crate::params::{Params, Segments};
use crate::problems::{Kind, Problem};

/// Largest upload: an hour's recording of two people four times over.
const LARGEST_BYTES: u64 = 4 << 30;
/// Longest text part of an upload: a path.
const LONGEST_TEXT: usize = 2_048;
const USUAL: u32 = 20;
const MOST: u32 = 100;

/// A file, as the API shows it.
#[derive(Serialize)]
struct FileView {
    id: i64,
    path: String,
    name: String,
    kind: &'static str,
    /// `awaited` until its bytes are there, then `whole`; `deleted` in a listing of an earlier moment.
    state: &'static str,
    business_no: Option<String>,
    recording_id: Option<String>,
    size_bytes: Option<u64>,
    sha256: Option<String>,
    media_type: Option<&'static str>,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    listed_at: Option<OffsetDateTime>,
    #[serde(with = "time::serde::rfc3339::option")]
    retain_until: Option<OffsetDateTime>,
    retain_reason: Option<String>,
    #[serde(with = "time::serde::rfc3339::option")]
    held_since: Option<OffsetDateTime>,
    hold_reason: Option<String>,
    /// Signed; null while there are no bytes, or no more.
    url: Option<String>,
}

fn view(api: &Shared, caller: &Caller, base: &str, file: File) -> FileView {
    let url = fetch::link(&api.service, caller, &file).map(|link| format!("{base}{link}"));
    let state = match (&file.deleted_at, &file.whole) {
        (Some(_), _) => "deleted",
        (None, Some(_)) => "whole",
        (None, None) => "awaited",
    };
    let content = file.whole.as_ref().map(|whole| &whole.content);
    FileView {
        id: file.id.number(),
        path: file.path.to_string(),
        name: file.path.name.to_string(),
        kind: file.kind.word(),
        state,
        business_no: file.business_no,
        recording_id: file.recording.map(|id| id.to_string()),
        size_bytes: content.map(|content| content.size_bytes),
        sha256: content.map(|content| hex::encode(content.sha256)),
        media_type: content.map(|content| content.media_type.name()),
        created_at: file.created_at,
        listed_at: file.whole.as_ref().map(|whole| whole.listed_at),
        retain_until: file.retention.as_ref().map(|own| own.until),
        retain_reason: file.retention.map(|own| own.reason),
        held_since: file.hold.as_ref().map(|own| own.since),
        hold_reason: file.hold.map(|own| own.reason),
        url,
    }
}

/// A folder, as the API shows it.
#[derive(Serialize)]
struct FolderView {
    id: i64,
    path: String,
    name: String,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

impl From<Folder> for FolderView {
    fn from(folder: Folder) -> Self {
        Self {
            id: folder.id.number(),
            name: folder.path.name().to_owned(),
            path: folder.path.to_string(),
            created_at: folder.created_at,
        }
    }
}

#[derive(Serialize)]
struct ListingView {
    items: Vec<FileView>,
    folders: Vec<FolderView>,
    total: u64,
    page: u32,
    limit: u32,
    #[serde(with = "time::serde::rfc3339")]
    search_time: OffsetDateTime,
}

/// `?folder=&page=&limit=&search_time=`: one folder's files, the newest first, and the folders in it. `search_time` of an earlier answer
/// gives the pages of that moment.
///
/// # Errors
/// Missing for a folder that is not there; bad name; invalid for a page, limit or moment that is none; not entitled.
pub async fn list_files(
    State(api): State<Shared>,
    Known(caller): Known,
    origin: Origin,
    mut params: Params,
) -> Result<Response, Problem> {
    let folder = FolderPath::parse(&params.text("folder").unwrap_or_default())?;
    let page = params.integer("page", 1..=u32::MAX)?.unwrap_or(1);
    let limit = params.integer("limit", 1..=MOST)?.unwrap_or(USUAL);
    let wanted = PageWanted {
        as_of: params.moment("search_time")?,
        offset: u64::from(page - 1) * u64::from(limit),
        limit: u16::try_from(limit).unwrap_or(u16::MAX),
    };
    let listing = files::list_files(&api.service, &caller, &folder, wanted).await?;
    let base = origin.base(&api.settings).unwrap_or_default();
    let items = listing.files.items.into_iter().map(|file| view(&api, &caller, &base, file)).collect();
    let folders = listing.folders.into_iter().map(FolderView::from).collect();
    let view = ListingView { items, folders, total: listing.files.total, page, limit, search_time: listing.as_of };
    Ok(Json(view).into_response())
}

#[derive(Serialize)]
struct UsageView {
    uploaded_bytes: u64,
    recorded_bytes: u64,
    /// What uploads may take; null for as much as the disk holds.
    quota_bytes: Option<u64>,
}

/// How many bytes the tenant's files take.
///
/// # Errors
/// Not entitled.
pub async fn find_usage(State(api): State<Shared>, Known(caller): Known) -> Result<Response, Problem> {
    let (usage, quota_bytes) = files::find_usage(&api.service, &caller).await?;
    let view = UsageView { uploaded_bytes: usage.uploaded_bytes, recorded_bytes: usage.recorded_bytes, quota_bytes };
    Ok(Json(view).into_response())
}

/// `multipart/form-data`: `folder`, `name` and `business_no` may be left out; `file` comes last.
///
/// # Errors
/// Bad name; name taken; too large; full; interrupted; invalid for a part that is not known; not entitled.
pub async fn upload_file(
    State(api): State<Shared>,
    Known(caller): Known,
    origin: Origin,
    mut form: Form,
) -> Result<Response, Problem> {
    let (mut folder, mut name, mut business_no) = (FolderPath::root(), None, None);
    while let Some(part) = form.next().await? {
        match part.name() {
            "folder" => folder = FolderPath::parse(&part.text(LONGEST_TEXT).await?)?,
            "name" => name = Some(part.text(LONGEST_TEXT).await?),
            "business_no" => business_no = Some(part.text(LONGEST_TEXT).await?).filter(|text| !text.is_empty()),
            "file" => {
                let called = name.as_deref().filter(|name| !name.is_empty()).or(part.file_name());
                let path = FilePath { folder, name: FileName::parse(called.unwrap_or_default())? };
                let policy = Policy { largest_bytes: LARGEST_BYTES, mp4_only: false };
                let wanted = NewUpload { path: Some(path), business_no, announced_bytes: None, policy };
                let mut upload = begin_upload(&api.service, &caller, wanted).await?;
                part.pour(&mut upload).await?;
                if form.next().await?.is_some() {
                    return Err(Error::Invalid("file:应为表单的最后一部分".into()).into());
                }
                let file = upload.finish(&api.service, &caller).await?;
                let location = HeaderValue::try_from(format!("/api/v1/files/{}", file.id)).expect("digits");
                let base = origin.base(&api.settings).unwrap_or_default();
                let view = Json(view(&api, &caller, &base, file));
                return Ok((StatusCode::CREATED, [(header::LOCATION, location)], view).into_response());
            }
            _ => return Err(Error::Invalid("表单只能有 folder、name、business_no 和 file".into()).into()),
        }
    }
    Err(Problem::of(Kind::Invalid).saying("file:必填"))
}

fn number(id: &str) -> Verdict<FileId> {
    id.parse().map_err(|_| Error::Missing(Noun::File))
}

/// One file.
///
/// # Errors
/// Missing, also when it is another tenant's; not entitled.
pub async fn find_file(
    State(api): State<Shared>,
    Known(caller): Known,
    origin: Origin,
    Segments(id): Segments<String>,
) -> Result<Response, Problem> {
    let file = files::find_file(&api.service, &caller, &Which::Id(number(&id)?)).await?;
    answer(&api, &caller, &origin, file)
}

/// A file with the name of its state.
fn answer(api: &Shared, caller: &Caller, origin: &Origin, file: File) -> Result<Response, Problem> {
    let base = origin.base(&api.settings).unwrap_or_default();
    let tag = etag(&files::revision(&file)?);
    Ok(([tag], Json(view(api, caller, &base, file))).into_response())
}

#[derive(Serialize)]
struct TombstoneView {
    /// The text that was signed, byte for byte.
    body: String,
    /// Ed25519, in hex.
    signature: String,
    public_key: String,
}

impl From<Tombstone> for TombstoneView {
    fn from(tombstone: Tombstone) -> Self {
        Self {
            body: tombstone.body,
            signature: hex::encode(tombstone.signature),
            public_key: hex::encode(tombstone.public_key),
        }
    }
}

/// Deletes a file: `{"reason"}`. Answers its tombstone.
///
/// # Errors
/// Missing, also when it is another tenant's; held; invalid without a reason; not entitled.
pub async fn delete_file(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let which = Which::Id(number(&id)?);
    let tombstone = removal::delete_file(&api.service, &caller, &which, &fields.text("reason")?).await?;
    Ok(Json(TombstoneView::from(tombstone)).into_response())
}

/// What is left of a deleted file.
///
/// # Errors
/// Missing while it is not deleted, and when it is another tenant's; not entitled.
pub async fn find_tombstone(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
) -> Result<Response, Problem> {
    let tombstone = removal::find_tombstone(&api.service, &caller, number(&id)?).await?;
    Ok(Json(TombstoneView::from(tombstone)).into_response())
}

/// `{"hold_reason"?, "retain_until"?, "retain_reason"?}`: holds the file, or lets it go where there is no reason; a retention that is not
/// named stays as it is.
///
/// # Errors
/// Missing, also when it is another tenant's; held when its retention would become shorter; invalid; not entitled.
pub async fn keep_file(
    State(api): State<Shared>,
    Known(caller): Known,
    origin: Origin,
    Segments(id): Segments<String>,
    IfMatch(expected): IfMatch,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let hold_reason = fields.opt_text("hold_reason")?;
    let retention = match fields.opt_text("retain_until")? {
        None => None,
        Some(text) => {
            let until = OffsetDateTime::parse(&text, &Rfc3339);
            let until =
                until.map_err(|_| fields.complain("retain_until", "应为带时区的时间，例如 2031-11-23T00:00:00Z"))?;
            Some(Retention { until, reason: fields.text("retain_reason")? })
        }
    };
    let file = files::keep_file(&api.service, &caller, number(&id)?, &expected, retention, hold_reason).await?;
    answer(&api, &caller, &origin, file)
}

/// Makes every link to the file that was given out so far useless.
///
/// # Errors
/// Missing, also when it is another tenant's; not entitled.
pub async fn revoke_links(
    State(api): State<Shared>,
    Known(caller): Known,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    files::revoke_links(&api.service, &caller, number(&id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Makes a folder: `{"path"}`.
///
/// # Errors
/// Bad name; name taken; not entitled.
pub async fn create_folder(
    State(api): State<Shared>,
    Known(caller): Known,
    mut fields: Fields,
) -> Result<Response, Problem> {
    let path = FolderPath::parse(&fields.text("path")?)?;
    let folder = files::create_folder(&api.service, &caller, &path).await?;
    Ok((StatusCode::CREATED, Json(FolderView::from(folder))).into_response())
}
