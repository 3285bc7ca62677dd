//! A face is a dialect: five documents' and our own. Every handler refuses with a [`Problem`](crate::problems::Problem),
//! and so do the router, the limits and a panic; at the edge, on the paths of a face that is not ours, [`speak`] says the
//! refusal anew as that document would. So no answer leaves in a foreign accent, whatever refused it.
//!
//! A face has `codes.rs`, an exhaustive match from [`Kind`](crate::problems::Kind) to its own codes without a wildcard arm;
//! `caller.rs`, how its callers prove who they are; `view.rs`, its wire names; and one file per resource.

use axum::extract::{Request, State};
use axum::http::{Method, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use time::OffsetDateTime;

use crate::crm::paths::named;
use crate::problems::{Inner, Refusal, Until};
use crate::{Shared, crm, meeting, netdisk, signing, video};

/// What was asked, for a face whose refusals depend on it.
pub(crate) struct Asked {
    /// How.
    pub(crate) method: Method,
    /// What.
    pub(crate) uri: Uri,
    /// The address as the caller wrote it, where it is another one of the same call.
    pub(crate) named: Uri,
    /// When.
    pub(crate) at: OffsetDateTime,
}

/// A dialect that is not ours.
pub(crate) trait Face: Sync {
    /// Says a refusal as the document would.
    fn refuse(&self, refusal: &Refusal, asked: &Asked) -> Response;
}

/// The faces by what their paths begin with. A path of none of them is our own.
const FACES: &[(&str, &dyn Face)] = &[
    ("/crm", &crm::Crm),
    (meeting::PREFIXES[0], &meeting::Meeting),
    (meeting::PREFIXES[1], &meeting::Meeting),
    (netdisk::PREFIXES[0], &netdisk::Netdisk),
    (netdisk::PREFIXES[1], &netdisk::Netdisk),
    (signing::PREFIXES[0], &signing::Signing),
    (signing::PREFIXES[1], &signing::Signing),
    ("/video", &video::Video),
];

/// The face that serves a path; none for our own.
fn of(path: &str) -> Option<&'static dyn Face> {
    let below = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    FACES.iter().find(|(prefix, _)| below(prefix)).map(|&(_, face)| face)
}

/// Whether a path belongs to a face that is not ours.
#[must_use]
pub fn is_foreign(path: &str) -> bool {
    of(path).is_some()
}

/// Runs around the router: what was refused on the way is said in the dialect of the path.
pub(crate) async fn speak(State(api): State<Shared>, request: Request, next: Next) -> Response {
    let Some(face) = of(request.uri().path()) else { return next.run(request).await };
    let asked = Asked {
        method: request.method().clone(),
        uri: request.uri().clone(),
        named: named(&request),
        at: api.service.now(),
    };
    let mut response = next.run(request).await;
    let Some(refusal) = response.extensions_mut().remove::<Refusal>() else { return response };
    let mut said = face.refuse(&refusal, &asked);
    // What the edge still needs to know, and which methods there are.
    let extensions = response.extensions_mut();
    let (inner, until) = (extensions.remove::<Inner>(), extensions.remove::<Until>());
    if let Some(inner) = inner {
        said.extensions_mut().insert(inner);
    }
    if let Some(until) = until {
        said.extensions_mut().insert(until);
    }
    if let Some(allow) = response.headers_mut().remove(header::ALLOW) {
        said.headers_mut().insert(header::ALLOW, allow);
    }
    said
}
