//! The front end, embedded from `web/app/dist`. A page is the same for everybody: what it may show is asked for by the page itself.

use std::borrow::Cow;

use axum::body::Body;
use axum::extract::State;
use axum::http::{HeaderName, HeaderValue, header};
use axum::response::{IntoResponse, Redirect, Response};
use mingjian_domain::error::{Error, Noun};
use rust_embed::RustEmbed;

use crate::Shared;
use crate::edge::Compressible;
use crate::origin::Origin;
use crate::params::Segments;
use crate::problems::{Kind, Problem};

/// In a debug build the files are read from the folder at each request, so that a page can be built anew beside a running server.
#[derive(RustEmbed)]
#[folder = "../../web/app/dist"]
struct Dist;

/// A file of the built front end, by its path below `dist`.
pub type ReadPage = fn(&str) -> Option<Cow<'static, [u8]>>;

/// The files that are embedded in this program.
#[must_use]
pub fn embedded(path: &str) -> Option<Cow<'static, [u8]>> {
    Dist::get(path).map(|file| file.data)
}

/// `/` leads to the desk.
pub async fn home() -> Redirect {
    Redirect::temporary("/desk")
}

/// The seat's page.
///
/// # Errors
/// Pages missing when the front end was not built; the other pages likewise.
pub async fn desk(State(api): State<Shared>, origin: Origin) -> Result<Response, Problem> {
    page(&api, &origin, "desk.html")
}

/// The reviewer's page.
///
/// # Errors
/// As [`desk`].
pub async fn review(State(api): State<Shared>, origin: Origin) -> Result<Response, Problem> {
    page(&api, &origin, "review.html")
}

/// The tenant admin's page.
///
/// # Errors
/// As [`desk`].
pub async fn admin(State(api): State<Shared>, origin: Origin) -> Result<Response, Problem> {
    page(&api, &origin, "admin.html")
}

/// The pages that show the description of the native API.
///
/// # Errors
/// As [`desk`].
pub async fn docs(State(api): State<Shared>, origin: Origin) -> Result<Response, Problem> {
    page(&api, &origin, "docs.html")
}

/// The customer's page, for any code: whether it is one is told by the page.
///
/// # Errors
/// As [`desk`].
pub async fn customer(State(api): State<Shared>, origin: Origin) -> Result<Response, Problem> {
    page(&api, &origin, "customer.html")
}

/// The page of a meeting room, for any number.
///
/// # Errors
/// As [`desk`].
pub async fn meeting(State(api): State<Shared>, origin: Origin) -> Result<Response, Problem> {
    page(&api, &origin, "meeting.html")
}

/// The page of whoever watches live, for any code.
///
/// # Errors
/// As [`desk`].
pub async fn watch(State(api): State<Shared>, origin: Origin) -> Result<Response, Problem> {
    page(&api, &origin, "watch.html")
}

/// The page of the counter's double recording.
///
/// # Errors
/// As [`desk`].
pub(crate) fn counter(api: &Shared, origin: &Origin) -> Result<Response, Problem> {
    page(api, origin, "video.html")
}

fn page(api: &Shared, origin: &Origin, file: &str) -> Result<Response, Problem> {
    let html = (api.pages)(file).ok_or(Problem::of(Kind::PagesMissing))?;
    let mut response = Response::new(Body::from(bytes_of(html)));
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::CONTENT_SECURITY_POLICY, policy(origin));
    let devices = HeaderValue::from_static(
        "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), autoplay=(self), geolocation=(), payment=(), usb=()",
    );
    headers.insert(HeaderName::from_static("permissions-policy"), devices);
    response.extensions_mut().insert(Compressible);
    Ok(response)
}

/// Everything from this server and nothing else. Safari before 15.4 does not count a WebSocket as `'self'`, so it is named.
fn policy(origin: &Origin) -> HeaderValue {
    let plain = |host: &&str| host.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._:[]".contains(&byte));
    let socket =
        origin.host.as_deref().filter(plain).map(|host| format!(" ws://{host} wss://{host}")).unwrap_or_default();
    let text = format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self' data:; \
         media-src 'self' blob:; worker-src 'self' blob:; connect-src 'self'{socket}; manifest-src 'self'; \
         base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(text).expect("the host was checked")
}

/// A script, a style or a picture, with the hash of its content in its name: it never changes.
///
/// # Errors
/// Not found when there is none of that name.
pub async fn asset(State(api): State<Shared>, Segments(file): Segments<String>) -> Result<Response, Problem> {
    let data = (api.pages)(&format!("assets/{file}")).ok_or(Problem::from(Error::Missing(Noun::Path)))?;
    let kind = (header::CONTENT_TYPE, content_type(&file));
    let cache = (header::CACHE_CONTROL, "public, max-age=31536000, immutable");
    let mut response = ([kind, cache], bytes_of(data)).into_response();
    response.extensions_mut().insert(Compressible);
    Ok(response)
}

/// The browser SDK under its fixed name, and the page that lets a WebView reach it. The name does not change with the content,
/// so browsers ask again each time.
///
/// # Errors
/// Not found when there is none of that name; pages missing when the front end was not built.
pub async fn sdk(
    State(api): State<Shared>,
    origin: Origin,
    Segments(file): Segments<String>,
) -> Result<Response, Problem> {
    if file == "bridge" {
        return page(&api, &origin, "sdk/bridge.html");
    }
    let data = (api.pages)(&format!("sdk/{file}")).filter(|_| file.ends_with(".js"));
    let data = data.ok_or(Problem::from(Error::Missing(Noun::Path)))?;
    let mut response = ([(header::CONTENT_TYPE, content_type(&file))], bytes_of(data)).into_response();
    response.extensions_mut().insert(Compressible);
    Ok(response)
}

fn bytes_of(data: Cow<'static, [u8]>) -> bytes::Bytes {
    match data {
        Cow::Borrowed(data) => bytes::Bytes::from_static(data),
        Cow::Owned(data) => bytes::Bytes::from(data),
    }
}

/// What a build of the front end holds; anything else is bytes.
fn content_type(file: &str) -> &'static str {
    match file.rsplit('.').next().unwrap_or_default() {
        "js" | "mjs" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "webp" => "image/webp",
        "woff2" => "font/woff2",
        "json" => "application/json",
        "wasm" => "application/wasm",
        _ => "application/octet-stream",
    }
}
