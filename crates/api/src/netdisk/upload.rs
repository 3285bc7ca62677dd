//! `netDisk/upload`: an MP4 file of at most 500 MB in a multipart form, streamed to disk as it comes.
//!
//! Callers encode `FileName` and `DirPath` before they put them into the form, so both are decoded once more. The file's part may
//! stand before the words that say who sends it: then it is not read, and the caller is told to put it last.

use axum::extract::{FromRequest, Request, State};
use axum::http::header;
use axum::response::Response;
use mingjian_domain::error::Error;
use mingjian_domain::file::{FileName, FilePath, FolderPath};
use mingjian_service::access::Caller;
use mingjian_service::files::upload::{NewUpload, Policy, begin_upload};

use super::caller::prove;
use super::jsonp;
use super::view::Envelope;
use super::words::{Words, text_of, unform};
use crate::Shared;
use crate::multipart::{Form, Part};
use crate::origin::Origin;
use crate::problems::Problem;

/// What is taken: 500 MB as the document counts them.
const POLICY: Policy = Policy { largest_bytes: 500 * 1024 * 1024, mp4_only: true };
/// A word is a name or a number.
const LARGEST_WORD: usize = 16 * 1024;
/// No call has more words.
const MOST_WORDS: usize = 32;

/// Takes a file.
///
/// # Errors
/// Those of [`prove`]; too large, of a wrong type, a bad name, a name that is taken, full, interrupted.
pub(crate) async fn upload(State(api): State<Shared>, origin: Origin, request: Request) -> Result<Response, Problem> {
    let announced_bytes = announced(&request);
    let mut form = Form::from_request(request, &api).await?;
    let mut words = Words::default();
    for _ in 0..MOST_WORDS {
        let Some(part) = form.next().await? else {
            // Who is wrong in a word learns that first.
            prove(&api, &origin, &words).await?;
            return Err(Error::Invalid("缺少 file".to_owned()).into());
        };
        let name = part.name().to_owned();
        if !name.eq_ignore_ascii_case("file") {
            words.put(&name, text_of(part.bytes(LARGEST_WORD).await?)?);
            continue;
        }
        let own_name = file_name(&part);
        let (_, caller) = match prove(&api, &origin, &words).await {
            Err(problem) if words.text("RequestId").is_none() => {
                return Err(problem.saying("缺少公共参数；请把 file 放在其他参数之后"));
            }
            proved => proved?,
        };
        let path = path_of(&words, own_name.as_deref())?;
        return receive(&api, &caller, path, announced_bytes, part).await;
    }
    Err(Error::Invalid("参数过多".to_owned()).into())
}

/// What the whole body will be, where it is told: the file is a little less.
fn announced(request: &Request) -> Option<u64> {
    /// More than the words and boundaries of any form.
    const FORM_BYTES: u64 = 1024 * 1024;
    let length: u64 = request.headers().get(header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()?;
    Some(length.saturating_sub(FORM_BYTES))
}

async fn receive(
    api: &Shared,
    caller: &Caller,
    path: FilePath,
    announced_bytes: Option<u64>,
    part: Part,
) -> Result<Response, Problem> {
    let wanted = NewUpload { path: Some(path), business_no: None, announced_bytes, policy: POLICY };
    let mut upload = begin_upload(&api.service, caller, wanted).await?;
    part.pour(&mut upload).await?;
    upload.finish(&api.service, caller).await?;
    Ok(jsonp::said(&Envelope::done(), None))
}

/// The name that the part itself has: in UTF-8, or in the bytes of an old client.
fn file_name(part: &Part) -> Option<String> {
    if let Some(name) = part.file_name() {
        return Some(name.to_owned());
    }
    const MARK: &[u8] = b"filename=\"";
    let value = part.disposition();
    let start = value.windows(MARK.len()).position(|window| window.eq_ignore_ascii_case(MARK))? + MARK.len();
    let name = value[start..].split(|&byte| byte == b'"').next()?;
    text_of(name.to_vec()).ok()
}

/// Where the file is to be. Browsers of old send the whole path of their own disk: what stands before its last separator is not
/// part of the name.
fn path_of(words: &Words, own_name: Option<&str>) -> Result<FilePath, Error> {
    let decoded = |text: &str| text_of(unform(text.as_bytes()));
    let name = match words.text("FileName") {
        Some(name) => decoded(name)?,
        None => {
            let own_name = own_name.ok_or_else(|| Error::Invalid("缺少 FileName".to_owned()))?;
            own_name.rsplit(['/', '\\']).next().unwrap_or_default().to_owned()
        }
    };
    let folder = words.text("DirPath").map(decoded).transpose()?;
    let folder = FolderPath::parse(folder.as_deref().unwrap_or("/"))
        .map_err(|_| Error::Invalid("DirPath 无效，不能含有 .. 和控制字符".to_owned()))?;
    // The name by itself first: a slash in it makes no folder.
    FilePath::parse(&format!("{folder}{}", FileName::parse(&name)?))
}
