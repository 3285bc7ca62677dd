//! Other addresses for the nine calls. The document's Postman file is public nowhere, so the paths that an institution's programs
//! call may differ from ours: `crm_paths` in the configuration maps the number of a call to a path.
//!
//! A request to such a path is turned into one to our own before it is routed: the table of routes stays as it is.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::Router;
use axum::extract::Request;
use axum::http::Uri;
use axum::http::uri::PathAndQuery;
use tower::{Service, ServiceExt};

/// Our own paths, by the document's number. 7 is asked by POST and GET at one path.
const OWN: [&str; 9] = [
    "/crm/login/jwt",
    "/crm/dms/services/{serviceId}/accesses/account",
    "/crm/dms/accesses/discard",
    "/crm/accounts",
    "/crm/dms/files",
    "/crm/dms/services/{serviceId}/accesses/customer",
    "/crm/dms/materials/account",
    "/crm/dms/files/{fileId}/file",
    "/crm/dms/accounts/page",
];

/// Other addresses for some of the calls.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CrmPaths(Vec<Alias>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Alias {
    theirs: Vec<String>,
    own: &'static str,
}

/// The path that was asked for, before it was turned into ours.
#[derive(Clone)]
struct Named(Uri);

impl CrmPaths {
    /// Reads the map of the configuration: the number of a call, 1 to 9, to a path that has the same `{name}`s in it as ours.
    ///
    /// # Errors
    /// What is wrong with it, in a sentence for the operator.
    pub fn read(map: &BTreeMap<String, String>) -> Result<Self, String> {
        let mut aliases = Vec::new();
        for (number, path) in map {
            let place = number.parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let own = place.and_then(|place| OWN.get(place));
            let own = *own.ok_or_else(|| format!("crm_paths: {number:?} is none of the calls 1 to 9"))?;
            let wanted = own.split('/').find(|part| part.starts_with('{'));
            let named: Vec<_> = path.split('/').filter(|part| part.contains(['{', '}'])).collect();
            if !path.starts_with('/') || path.contains(['?', '#', ' ']) || named != Vec::from_iter(wanted) {
                let hint = wanted.map_or_else(String::new, |name| format!(", and holds {name} once"));
                return Err(format!("crm_paths: {number} is a path such as {own}{hint}, not {path:?}"));
            }
            aliases.push(Alias { theirs: path.split('/').map(str::to_owned).collect(), own });
        }
        Ok(Self(aliases))
    }

    /// The router behind these addresses.
    pub(crate) fn before(self, router: Router) -> Router {
        if self.0.is_empty() {
            return router;
        }
        Router::new().fallback_service(Rewrite { paths: Arc::new(self), router })
    }

    fn own(&self, path: &str) -> Option<String> {
        let parts: Vec<_> = path.split('/').collect();
        self.0.iter().find_map(|alias| alias.own(&parts))
    }
}

impl Alias {
    fn own(&self, parts: &[&str]) -> Option<String> {
        if parts.len() != self.theirs.len() {
            return None;
        }
        let mut own = self.own.to_owned();
        for (theirs, part) in self.theirs.iter().zip(parts) {
            if theirs.starts_with('{') {
                own = own.replace(theirs, part);
            } else if theirs != part {
                return None;
            }
        }
        Some(own)
    }
}

/// Turns a request to one of the other addresses into one to ours.
#[derive(Clone)]
struct Rewrite {
    paths: Arc<CrmPaths>,
    router: Router,
}

impl Service<Request> for Rewrite {
    type Response = axum::response::Response;
    type Error = Infallible;
    type Future = std::pin::Pin<Box<dyn Future<Output = Result<Self::Response, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, mut request: Request) -> Self::Future {
        let uri = request.uri().clone();
        if let Some(own) = self.paths.own(uri.path()) {
            let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
            let mut parts = uri.clone().into_parts();
            // A part of a path that was one before is one again.
            if let Ok(own) = format!("{own}{query}").parse::<PathAndQuery>() {
                parts.path_and_query = Some(own);
                if let Ok(own) = Uri::from_parts(parts) {
                    *request.uri_mut() = own;
                    request.extensions_mut().insert(Named(uri));
                }
            }
        }
        Box::pin(self.router.clone().oneshot(request))
    }
}

/// The address as the caller wrote it.
pub(crate) fn named(request: &Request) -> Uri {
    request.extensions().get::<Named>().map_or_else(|| request.uri().clone(), |Named(uri)| uri.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(map: &[(&str, &str)]) -> Result<CrmPaths, String> {
        CrmPaths::read(&map.iter().map(|&(number, path)| (number.to_owned(), path.to_owned())).collect())
    }

    #[test]
    fn an_address_of_theirs_becomes_ours_with_its_names() {
        let paths = paths(&[("1", "/bpm/api/login"), ("2", "/bpm/access/{serviceId}/acct")]).expect("good paths");
        assert_eq!(paths.own("/bpm/api/login").as_deref(), Some("/crm/login/jwt"));
        assert_eq!(
            paths.own("/bpm/access/demo-service/acct").as_deref(),
            Some("/crm/dms/services/demo-service/accesses/account")
        );
        assert_eq!(paths.own("/bpm/access/acct"), None);
        assert_eq!(paths.own("/crm/accounts"), None, "ours needs no turning");
    }

    #[test]
    fn a_map_that_leads_nowhere_is_refused_at_the_start() {
        for wrong in [
            ("0", "/a"),
            ("10", "/a"),
            ("one", "/a"),
            ("1", "a"),
            ("1", "/a/{serviceId}"),
            ("2", "/a"),
            ("2", "/{serviceId}/{serviceId}"),
            ("8", "/files/{id}"),
            ("4", "/a?b=c"),
        ] {
            let told = paths(&[wrong]).expect_err("it is wrong");
            assert!(told.starts_with("crm_paths:"), "{told}");
        }
    }
}
