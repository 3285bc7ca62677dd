//! `netDisk/query` and `netDisk/delete`.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri, header};
use axum::response::Response;
use mingjian_domain::error::{Error, Noun};
use mingjian_domain::file::{File, FilePath, Folder, FolderPath};
use mingjian_domain::id::FileId;
use mingjian_service::access::Caller;
use mingjian_service::files::fetch::link;
use mingjian_service::files::removal::delete_file;
use mingjian_service::files::{PageWanted, Which, find_file, list_files};
use mingjian_service::interfaces::zone_of;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{OffsetDateTime, PrimitiveDateTime, UtcOffset};

use super::caller::{admit_page, prove};
use super::jsonp;
use super::view::{DirLine, Envelope, FileLine, Listing};
use super::words::Words;
use crate::Shared;
use crate::origin::Origin;
use crate::problems::Problem;

/// Files on a page, where the caller wants none or a number out of range.
const USUAL: i64 = 20;
const MOST: i64 = 50;

const SECONDS: StaticFormatDescription = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
const MICROSECONDS: StaticFormatDescription =
    format_description!("[year]-[month]-[day] [hour]:[minute]:[second].[subsecond digits:6]");

/// The reason in the tombstone of what is deleted through this face, which has no word for one.
const REASON: &str = "业务系统通过录像管理接口删除";

/// Lists a folder, or finds one file.
///
/// # Errors
/// Those of [`prove`]; invalid for a word that is none.
pub(crate) async fn query(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    let listing = answer(&api, &origin, &caller, &words).await?;
    Ok(jsonp::said(&listing, None))
}

/// The same for old pages, which ask by GET and may want a script. Off where the tenant lists no origins.
///
/// # Errors
/// The same; the interface is off; a foreign origin.
pub(crate) async fn query_of_page(
    State(api): State<Shared>,
    origin: Origin,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let words = Words::of_query(uri.query().unwrap_or_default())?;
    let callback = jsonp::of(&words)?;
    let (interface, caller) = prove(&api, &origin, &words).await?;
    let page = admit_page(&interface, &headers, callback.is_some())?;
    let listing = answer(&api, &origin, &caller, &words).await?;
    let mut response = jsonp::said(&listing, callback.as_deref());
    if let Some(page) = page.and_then(|page| HeaderValue::try_from(page).ok()) {
        response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, page);
        response.headers_mut().insert(header::VARY, HeaderValue::from_static("origin"));
    }
    Ok(response)
}

async fn answer(api: &Shared, origin: &Origin, caller: &Caller, words: &Words) -> Result<Envelope, Error> {
    let zone = zone_of(&api.service, caller.tenant()).await?;
    let base = origin.base(&api.settings).unwrap_or_default();
    let shown = Shown { api, caller, zone, base: &base };
    let (page, size) = page_of(words)?;
    let as_of = words.text("SearchTime").map(|text| read_moment(text, zone)).transpose()?;
    let listing = match words.text("FileName") {
        Some(name) => shown.one(name, as_of).await?,
        None => {
            let limit = u16::try_from(size).unwrap_or(u16::MAX);
            let offset = u64::try_from((page - 1).saturating_mul(size)).unwrap_or(0);
            shown.folder(words.text("FilePath").unwrap_or("/"), PageWanted { as_of, offset, limit }).await?
        }
    };
    let data = serde_json::to_value(listing).map_err(|error| Error::fault("writing a listing", error))?;
    Ok(Envelope::holding(data))
}

/// `PageNumber` and `PageSize`; what is out of range is the usual.
///
/// # Errors
/// [`Error::Invalid`] for what is no number.
pub(super) fn page_of(words: &Words) -> Result<(i64, i64), Error> {
    let number = |key: &str, usual: i64, most: i64| {
        Ok::<i64, Error>(words.integer(key)?.filter(|number| (1..=most).contains(number)).unwrap_or(usual))
    };
    Ok((number("PageNumber", 1, i64::MAX / MOST)?, number("PageSize", USUAL, MOST)?))
}

/// `yyyy-MM-dd HH:mm:ss` in the tenant's zone.
pub(super) fn print_seconds(at: OffsetDateTime, zone: UtcOffset) -> String {
    print(at, zone, SECONDS)
}

fn print(at: OffsetDateTime, zone: UtcOffset, format: StaticFormatDescription) -> String {
    at.to_offset(zone).format(format).expect("a moment of our own can be printed")
}

/// How things are shown to a caller.
struct Shown<'a> {
    api: &'a Shared,
    caller: &'a Caller,
    zone: UtcOffset,
    base: &'a str,
}

impl Shown<'_> {
    async fn folder(&self, path: &str, page: PageWanted) -> Result<Listing, Error> {
        let path = FolderPath::parse(path)?;
        let found = match list_files(&self.api.service, self.caller, &path, page).await {
            // A folder that is not there holds nothing: the callers look at the length of the list.
            Err(Error::Missing(Noun::Folder)) => return Ok(self.nothing(page.as_of)),
            found => found?,
        };
        Ok(Listing {
            file_list: found.files.items.iter().map(|file| self.file(file)).collect(),
            dir_data: found.folders.iter().map(dir).collect(),
            file_num: found.files.total,
            search_time: self.print(found.as_of, MICROSECONDS),
        })
    }

    async fn one(&self, name: &str, as_of: Option<OffsetDateTime>) -> Result<Listing, Error> {
        let which = Which::Path(FilePath::parse(name)?);
        let file = match find_file(&self.api.service, self.caller, &which).await {
            Err(Error::Missing(Noun::File)) => None,
            found => Some(found?),
        };
        // One that is announced and not yet whole is not listed in its folder either.
        let file = file.filter(|file| file.whole.is_some());
        let lines: Vec<FileLine> = file.iter().map(|file| self.file(file)).collect();
        Ok(Listing { file_num: lines.len() as u64, file_list: lines, ..self.nothing(as_of) })
    }

    fn nothing(&self, as_of: Option<OffsetDateTime>) -> Listing {
        let now = self.api.service.now();
        let search_time = self.print(as_of.map_or(now, |as_of| as_of.min(now)), MICROSECONDS);
        Listing { file_list: Vec::new(), dir_data: Vec::new(), file_num: 0, search_time }
    }

    fn file(&self, file: &File) -> FileLine {
        let whole = file.whole.as_ref();
        FileLine {
            id: file.id.number(),
            file_name: file.path.name.to_string(),
            file_path: file.path.folder.to_string(),
            file_size: whole.map_or(0, |whole| whole.content.size_bytes).to_string(),
            down_url: link(&self.api.service, self.caller, file)
                .map_or_else(String::new, |path| format!("{}{path}", self.base)),
            ctime: self.print(whole.map_or(file.created_at, |whole| whole.listed_at), SECONDS),
        }
    }

    fn print(&self, at: OffsetDateTime, format: StaticFormatDescription) -> String {
        print(at, self.zone, format)
    }
}

fn dir(folder: &Folder) -> DirLine {
    DirLine {
        dir_id: folder.id.number(),
        parent_id: folder.parent.map_or(0, mingjian_domain::id::FolderId::number),
        dir_path: folder.path.to_string(),
        dir_name: folder.path.name().to_owned(),
    }
}

/// `yyyy-MM-dd HH:mm:ss`, with six digits behind the second or without.
fn read_moment(text: &str, zone: UtcOffset) -> Result<OffsetDateTime, Error> {
    let read = PrimitiveDateTime::parse(text, MICROSECONDS);
    // Without digits the whole second is meant.
    let read = read.or_else(|_| PrimitiveDateTime::parse(&format!("{text}.999999"), MICROSECONDS));
    let at = read.ok().and_then(|at| at.assume_offset(zone).checked_to_offset(UtcOffset::UTC));
    at.ok_or_else(|| Error::Invalid("SearchTime 应原样使用上一次返回的 searchTime".to_owned()))
}

/// Deletes a file, named by its number or its path; the number wins.
///
/// # Errors
/// Those of [`prove`]; missing, also when it is another tenant's; held, with the reason and the date.
pub(crate) async fn delete(State(api): State<Shared>, origin: Origin, words: Words) -> Result<Response, Problem> {
    let (_, caller) = prove(&api, &origin, &words).await?;
    let which = match (words.integer("FileID")?, words.text("FileName")) {
        (Some(number), _) => Which::Id(FileId::from_number(number)),
        (None, Some(name)) => Which::Path(FilePath::parse(name)?),
        (None, None) => return Err(Error::Invalid("FileName 和 FileID 必须传其中一个".to_owned()).into()),
    };
    delete_file(&api.service, &caller, &which, REASON).await?;
    Ok(jsonp::said(&Envelope::bare(), None))
}

#[cfg(test)]
mod tests {
    use time::macros::{datetime, offset};

    use super::*;

    #[test]
    fn a_moment_is_read_as_it_was_printed_and_with_seconds_alone() {
        let read = |text| read_moment(text, offset!(+8)).ok();
        assert_eq!(read("2026-11-25 15:00:00.123456"), Some(datetime!(2026-11-25 07:00:00.123456 UTC)));
        assert_eq!(read("2026-11-25 15:00:00"), Some(datetime!(2026-11-25 07:00:00.999999 UTC)));
        for broken in [
            "2026-11-25",
            "2026-11-25T15:00:00",
            "now",
            "2026-13-01 00:00:00",
            "2026-11-25 15:00:00.1",
            "2026-11-25 15:00:00 ",
        ] {
            assert_eq!(read(broken), None, "{broken}");
        }
    }
}
