//! 5: uploading a file, streamed to disk; 8: fetching one.

use axum::Json;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::http::{HeaderMap, Method, header};
use axum::response::{IntoResponse, Response};
use bytes::BytesMut;
use mingjian_domain::archive::files::ArchiveFile;
use mingjian_domain::error::{Error, Noun, Refused};
use mingjian_service::archive::files;
use mingjian_service::archive::intake::{Intake, LARGEST_FILE, Received};
use time::{OffsetDateTime, UtcOffset};

use super::caller::Clerk;
use super::view::FileView;
use super::{dates, read};
use crate::Shared;
use crate::fields::PATIENCE;
use crate::handout::hand_out;
use crate::params::{Params, Segments};
use crate::problems::{Kind, Problem};

/// Written to disk at once: what comes is gathered up to this, since each write is a hop to another thread.
const PIECE: usize = 256 * 1024;
/// Longest other part of the form, in bytes.
const LONGEST_PART: usize = 1024;

/// 5: `multipart/form-data` with `file` and, if wanted, `createTime`.
///
/// # Errors
/// 400 naming the part; 413 for more than 2 GB; 415 for what is no form.
pub(crate) async fn upload(State(api): State<Shared>, clerk: Clerk, request: Request) -> Result<Response, Problem> {
    let not_a_form = |_| Problem::of(Kind::UnsupportedType).saying("请以 multipart/form-data 上传，文件放在 file 部分");
    let mut form = Multipart::from_request(request, &()).await.map_err(not_a_form)?;
    let (mut received, mut created_at) = (None, None);
    while let Some(part) = within(form.next_field()).await? {
        match part.name().unwrap_or_default() {
            "file" if received.is_some() => return Err(Error::Invalid("file:一次只能上传一个文件".into()).into()),
            "file" => received = Some(take_in(&api, part).await?),
            "createTime" => created_at = read_moment(&small(part).await?, clerk.zone)?,
            // The document prints `isTemp` where a Java bean would say `temp`. Before a deposit names it, every file is.
            name @ ("isTemp" | "temp") => {
                let name = name.to_owned();
                if small(part).await?.trim().eq_ignore_ascii_case("false") {
                    return Err(Error::Invalid(format!("{name}:文件在归档之前都是临时文件，请归档后再使用")).into());
                }
            }
            _ => {
                small(part).await?;
            }
        }
    }
    let received = received.ok_or_else(|| Error::Invalid("file:必填".into()))?;
    let file: ArchiveFile = files::add_file(&api.service, &clerk.caller, received, created_at).await?;
    Ok(Json(FileView::of(file, clerk.zone)).into_response())
}

fn read_moment(text: &str, zone: UtcOffset) -> mingjian_domain::error::Result<Option<OffsetDateTime>> {
    if text.trim().is_empty() { Ok(None) } else { dates::read("createTime", text, zone).map(Some) }
}

/// What the form says next; a caller that falls silent is given up.
async fn within<T>(next: impl Future<Output = Result<T, MultipartError>>) -> Result<T, Problem> {
    match tokio::time::timeout(PATIENCE, next).await {
        Ok(Ok(part)) => Ok(part),
        Ok(Err(_)) => Err(Error::Refused(Refused::Interrupted).into()),
        Err(_) => Err(Problem::of(Kind::TooSlow)),
    }
}

/// A part that is not the file.
async fn small(mut part: Field<'_>) -> Result<String, Problem> {
    let mut bytes = Vec::new();
    while let Some(piece) = within(part.chunk()).await? {
        if bytes.len() + piece.len() > LONGEST_PART {
            let name = part.name().unwrap_or_default();
            return Err(Error::Invalid(format!("{name}:过长")).into());
        }
        bytes.extend_from_slice(&piece);
    }
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

/// Writes the file to disk as it comes.
async fn take_in(api: &Shared, mut part: Field<'_>) -> Result<Received, Problem> {
    let name = name_of(&part).ok_or(Error::Refused(Refused::BadName))?;
    // A name that cannot be is told before two gigabytes of it come.
    mingjian_domain::archive::files::plain_name(&name).map_err(Error::Refused)?;
    let service = api.service.clone();
    let mut intake = off_loop(move || Intake::begin(&service, LARGEST_FILE)).await?;
    let mut gathered = BytesMut::with_capacity(PIECE);
    loop {
        let piece = within(part.chunk()).await?;
        let last = piece.is_none();
        gathered.extend_from_slice(&piece.unwrap_or_default());
        if gathered.len() >= PIECE || last {
            let bytes = gathered.split();
            intake = off_loop(move || intake.write(&bytes).map(|()| intake)).await?;
        }
        if last {
            return Ok(off_loop(move || intake.finish(&name)).await?);
        }
    }
}

/// Runs what waits for the disk where it holds nobody up.
async fn off_loop<T: Send + 'static>(
    work: impl FnOnce() -> mingjian_domain::error::Result<T> + Send + 'static,
) -> mingjian_domain::error::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(|error| Error::fault("taking a file in", error))?
}

/// The file's name as it was sent: in UTF-8, or in the GBK of a Chinese Windows.
fn name_of(part: &Field<'_>) -> Option<String> {
    if let Some(name) = part.file_name() {
        return Some(name.to_owned());
    }
    let disposition = part.headers().get(header::CONTENT_DISPOSITION)?.as_bytes();
    let (text, _, wrong) = encoding_rs::GBK.decode(disposition);
    let (_, rest) = text.split_once("filename=\"")?;
    let (name, _) = rest.split_once('"')?;
    (!wrong).then(|| name.to_owned())
}

/// 8: the file's bytes, to be saved, or with `preview=true` to be shown where that is harmless.
///
/// # Errors
/// 403 for a file of other departments; 404; 416 for a range that is not in the file.
pub(crate) async fn download(
    State(api): State<Shared>,
    clerk: Clerk,
    Segments(id): Segments<String>,
    mut params: Params,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let id = read::file_id(&id).ok_or(Error::Missing(Noun::File))?;
    let file = files::open_file(&api.service, &clerk.caller, id).await?;
    let preview = read::flag(params.text("preview").as_deref());
    hand_out(&api, &file, preview, &method, &headers).await
}
