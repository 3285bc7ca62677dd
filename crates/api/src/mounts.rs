//! Which faces a listener serves. A face that is not mounted where a request came in answers like a path that nobody serves.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::{Next, map_response};
use axum::response::{IntoResponse, Response};
use axum::{Extension, Router};
use mingjian_domain::error::{Error, Noun};
use mingjian_domain::interface::FaceName;

use crate::problems::Problem;

/// The faces by what their paths begin with.
const PREFIXES: [(&str, FaceName); 9] = [
    ("/video", FaceName::Video),
    ("/CLOUDROOM-API", FaceName::Netdisk),
    ("/CLOUDMEETING-API", FaceName::Netdisk),
    ("/crm", FaceName::Crm),
    ("/api/blade-system", FaceName::Signing),
    ("/api/blade-auth", FaceName::Signing),
    ("/meeting", FaceName::Meeting),
    ("/api/getmeetinginfo", FaceName::Meeting),
    ("/api/v1", FaceName::Native),
];

/// What the paths of a face begin with.
pub(crate) fn prefixes(face: FaceName) -> impl Iterator<Item = &'static str> {
    PREFIXES.iter().filter(move |(_, of)| *of == face).map(|(prefix, _)| *prefix)
}

/// The face that a path belongs to, if it is one's.
pub(crate) fn face_of(path: &str) -> Option<FaceName> {
    let below = |prefix: &str| path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
    PREFIXES.iter().find(|(prefix, _)| below(prefix)).map(|&(_, face)| face)
}

/// What a listener serves beside what every one does: `/healthz`, `/readyz`, `/metrics` and signed links.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mounts {
    /// The faces.
    pub faces: BTreeSet<FaceName>,
    /// The pages and what they are made of.
    pub pages: bool,
}

impl Mounts {
    /// Everything there is.
    #[must_use]
    pub fn all() -> Self {
        Self { faces: FaceName::ALL.into(), pages: true }
    }

    fn serve(&self, path: &str) -> bool {
        const ALWAYS: [&str; 4] = ["/healthz", "/readyz", "/metrics", "/d"];
        match face_of(path) {
            Some(face) => self.faces.contains(&face),
            None => {
                self.pages
                    || ALWAYS.iter().any(|open| {
                        path.strip_prefix(open).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
                    })
            }
        }
    }
}

/// The router as a listener with these mounts serves it.
pub fn serving(router: Router, mounts: Mounts) -> Router {
    let whole = Router::new().fallback_service(router);
    whole.layer(map_response(tell_no_methods)).layer(Extension(Arc::new(mounts)))
}

/// A path that is not mounted is still in the table of routes, which tells the methods that it would take.
async fn tell_no_methods(mut response: Response) -> Response {
    if response.status() == StatusCode::NOT_FOUND {
        response.headers_mut().remove(header::ALLOW);
    }
    response
}

/// Runs around the faces: what is not mounted is not there.
pub(crate) async fn check(request: Request, next: Next) -> Response {
    let mounts = request.extensions().get::<Arc<Mounts>>();
    if mounts.is_some_and(|mounts| !mounts.serve(request.uri().path())) {
        return Problem::from(Error::Missing(Noun::Path)).into_response();
    }
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_of_the_face_that_it_begins_with() {
        assert_eq!(face_of("/video/redirect"), Some(FaceName::Video));
        assert_eq!(face_of("/CLOUDMEETING-API/netDisk/query"), Some(FaceName::Netdisk));
        assert_eq!(face_of("/api/v1"), Some(FaceName::Native));
        assert_eq!(face_of("/videos"), None);
        assert_eq!(face_of("/api/docs"), None);
        for face in FaceName::ALL {
            assert!(prefixes(face).next().is_some(), "{face:?}");
        }
    }

    #[test]
    fn what_is_not_mounted_is_not_served() {
        let mounts = Mounts { faces: [FaceName::Meeting].into(), pages: false };
        for path in ["/meeting/openRecord", "/healthz", "/d/1/2"] {
            assert!(mounts.serve(path), "{path}");
        }
        for path in ["/api/v1/orders", "/desk", "/crm/login/jwt", "/", "/download"] {
            assert!(!mounts.serve(path), "{path}");
            assert!(Mounts::all().serve(path), "{path}");
        }
    }
}
