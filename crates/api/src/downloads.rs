//! Signed links: `/d/{recording}/{part}?e=…&k=…&s=…` for what is recorded, `/d/{file}?…` for files. The signature is looked at before
//! anything else.

use axum::extract::State;
use axum::http::{HeaderMap, Method, Uri, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun};
use mingjian_domain::file::MediaType;
use mingjian_service::files::{self, fetch::Linked};
use mingjian_service::playback::{self, Fetched, Playable, Playlist, TrackFile};
use time::OffsetDateTime;

use crate::Shared;
use crate::disposition;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::params::Segments;
use crate::problems::{Kind, Problem};
use crate::sending::{Outgoing, send};

/// A playlist or a track file.
///
/// # Errors
/// A bad link when the signature is not ours, expired after its time, missing when the file is gone, a range that is not in the file.
pub async fn fetch(
    State(api): State<Shared>,
    origin: Origin,
    Segments((recording, part)): Segments<(String, String)>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let expires_at = check(&api, &origin, &uri)?;
    let playable = Playable::parse(&recording, &part)?;
    let fetched = playback::fetch(&api.service, &playable, expires_at, &origin.address.to_string()).await?;
    match fetched {
        Fetched::Playlist(playlist) => Ok(send_playlist(playlist)),
        Fetched::File(file) => {
            let mut response = send_file(&api, &file, Noun::Recording, &method, &headers).await?;
            if response.status().is_success() {
                // The name is made of ids and times: whoever sees it in a folder of downloads learns nothing about a person.
                disposition::dress(&mut response, MediaType::MP4, &part);
            }
            Ok(response)
        }
    }
}

/// A file by its number.
///
/// # Errors
/// As [`fetch`], and expired when the file's links were revoked.
pub async fn fetch_file(
    State(api): State<Shared>,
    origin: Origin,
    Segments(part): Segments<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let expires_at = check(&api, &origin, &uri)?;
    let linked = Linked::parse(&part)?;
    let file = files::fetch::fetch_file(&api.service, linked, expires_at, &origin.address.to_string()).await?;
    let content = file.whole.as_ref().ok_or(Error::Missing(Noun::File))?.content.clone();
    let bytes = TrackFile { key: content.object_key, size_bytes: content.size_bytes, sha256: Some(content.sha256) };
    let mut response = send_file(&api, &bytes, Noun::File, &method, &headers).await?;
    if response.status().is_success() {
        disposition::dress(&mut response, content.media_type, file.path.name.as_str());
    }
    Ok(response)
}

/// Counts the fetch, checks the link and tells when it expires.
fn check(api: &Shared, origin: &Origin, uri: &Uri) -> Result<OffsetDateTime, Problem> {
    api.buckets.take(Whose::Downloader(origin.address.into()), api.service.now())?;
    match api.service.check_link(uri.path(), uri.query().unwrap_or_default()) {
        Err(Error::Denied(_)) => Err(Problem::of(Kind::BadLink)),
        checked => Ok(checked?),
    }
}

fn send_playlist(playlist: Playlist) -> Response {
    let kind = (header::CONTENT_TYPE, "application/vnd.apple.mpegurl");
    ([kind, (header::CACHE_CONTROL, "no-store")], playlist.text).into_response()
}

async fn send_file(
    api: &Shared,
    file: &TrackFile,
    noun: Noun,
    method: &Method,
    headers: &HeaderMap,
) -> Result<Response, Problem> {
    let outgoing = Outgoing { key: &file.key, size_bytes: file.size_bytes, sha256: file.sha256, noun };
    send(api, &outgoing, method, headers).await
}
