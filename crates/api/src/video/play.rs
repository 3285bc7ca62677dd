//! `GET /video/play/{id}`: the file of a take, whole or in ranges. For the page with its session, for whoever holds a signed
//! link (`e`, `k`, `s`, as under `/d/`), and for the business system by its signature, in which the id counts as `id`.

use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Method, Uri, header};
use axum::response::Response;
use mingjian_domain::error::{Denied, Error, Noun};
use mingjian_domain::id::TakeId;
use mingjian_domain::take::Operator;
use mingjian_service::counter::Hand;
use mingjian_service::counter::play::{self, Viewer};

use super::caller::{page, system};
use super::params::Parameters;
use crate::Shared;
use crate::disposition::SANDBOX;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::params::Segments;
use crate::problems::{Kind, Problem};
use crate::sending::{Outgoing, send};

/// The file.
///
/// # Errors
/// Missing, also when it is not the caller's to see; not whole yet; no or wrong proof of the caller; a range outside.
pub async fn fetch(
    State(api): State<Shared>,
    origin: Origin,
    Segments(id): Segments<String>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    let viewer = viewer(&api, &origin, &method, &uri, &headers, parameters.and("id", &id)).await?;
    let take: TakeId = id.parse().map_err(|_| Error::Missing(Noun::Take))?;
    let file = play::open(&api.service, &viewer, take).await?;
    let suffix = if file.content_type == "video/webm" { "webm" } else { "mp4" };
    let name = format!("{take}.{suffix}");
    let outgoing = Outgoing { key: &file.key, size_bytes: file.size_bytes, sha256: file.sha256, noun: Noun::Take };
    let mut response = send(&api, &outgoing, &method, &headers).await?;
    if response.status().is_success() {
        let value = |text| HeaderValue::try_from(text).expect("a type and an id are a header value");
        let out = response.headers_mut();
        out.insert(header::CONTENT_TYPE, value(file.content_type));
        out.insert(header::CONTENT_SECURITY_POLICY, SANDBOX);
        // Made of the id: whoever sees it in a folder of downloads learns nothing about a person.
        out.insert(header::CONTENT_DISPOSITION, value(format!("inline; filename=\"{name}\"")));
    }
    Ok(response)
}

async fn viewer(
    api: &Shared,
    origin: &Origin,
    method: &Method,
    uri: &Uri,
    headers: &HeaderMap,
    parameters: Parameters,
) -> Result<Viewer, Problem> {
    let query = uri.query().unwrap_or_default();
    if parameters.one("s")?.is_some() {
        api.buckets.take(Whose::Downloader(origin.address.into()), api.service.now())?;
        return match api.service.check_link(uri.path(), query) {
            Ok(expires_at) => Ok(Viewer::Link { expires_at, address: origin.address.to_string() }),
            Err(Error::Denied(Denied::NotEntitled)) => Err(Problem::of(Kind::BadLink)),
            Err(error) => Err(error.into()),
        };
    }
    if parameters.one("tenantId")?.is_some() {
        let caller = system(api, origin, &parameters, None).await?;
        let hand = Hand::System { caller, operator: Operator::default() };
        return Ok(Viewer::Hand(Box::new(hand)));
    }
    Ok(Viewer::Hand(Box::new(page(api, origin, method, headers, query).await?.hand)))
}
