//! Every route there is. The table is the router: what is not in it is not served.

use std::sync::Arc;

use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{delete, get, post, put};
use mingjian_domain::error::{Error, Noun};
use tower_http::catch_panic::CatchPanicLayer;

use crate::limits::Buckets;
use crate::native::{callbacks, files, interviews, invitations, orders, probe, recordings, sessions};
use crate::problems::{Kind, Problem};
use crate::{Api, ApiParts, Shared, downloads, edge, face, health, origin, pages, problems};

/// A method and a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// `get`, `post`, `put` or `delete`; `get` answers HEAD as well.
    pub method: &'static str,
    /// The path, with `{names}` for its parameters.
    pub path: &'static str,
}

macro_rules! routes {
    ($($method:ident $path:literal => $handler:path;)+) => {
        /// Every route but the WebSocket's.
        pub const ROUTES: &[Route] = &[$(Route { method: stringify!($method), path: $path }),+];

        fn mount(router: Router<Shared>) -> Router<Shared> {
            router$(.route($path, $method($handler)))+
        }
    };
}

routes! {
    // The operator.
    get "/healthz" => health::alive;
    get "/readyz" => health::ready;
    get "/metrics" => health::metrics;

    // Pages: HTML for anyone; they log in inside.
    get "/" => pages::home;
    get "/desk" => pages::desk;
    get "/review" => pages::review;
    get "/admin" => pages::admin;
    get "/s/{code}" => pages::customer;
    get "/assets/{*file}" => pages::asset;
    get "/problems/{slug}" => problems::page::explain;

    // A customer, who has the code of a link and no account.
    get "/api/v1/invitations/{code}" => invitations::find_invitation;
    get "/api/v1/probe" => probe::download;
    post "/api/v1/probe" => probe::upload;

    // A user.
    post "/api/v1/session" => sessions::log_in;
    get "/api/v1/session" => sessions::find_session;
    delete "/api/v1/session" => sessions::log_out;

    // A business system, and users who may.
    post "/api/v1/orders" => orders::create_order;
    get "/api/v1/orders/{business_no}" => orders::find_order;
    post "/api/v1/orders/{business_no}/invitations" => orders::create_invitation;
    get "/api/v1/interviews" => interviews::list_interviews;
    get "/api/v1/recordings" => recordings::list_recordings;
    get "/api/v1/recordings/{id}" => recordings::find_recording;
    get "/api/v1/files" => files::list_files;
    post "/api/v1/files" => files::upload_file;
    get "/api/v1/files/usage" => files::find_usage;
    get "/api/v1/files/{id}" => files::find_file;
    delete "/api/v1/files/{id}" => files::delete_file;
    put "/api/v1/files/{id}/hold" => files::keep_file;
    post "/api/v1/files/{id}/revoke-links" => files::revoke_links;
    get "/api/v1/files/{id}/tombstone" => files::find_tombstone;
    post "/api/v1/folders" => files::create_folder;
    get "/api/v1/callbacks" => callbacks::list_callbacks;
    post "/api/v1/callbacks/{id}/retry" => callbacks::retry_callback;

    // Whoever holds a signed link.
    get "/d/{recording}/{part}" => downloads::fetch;
    get "/d/{file}" => downloads::fetch_file;
}

/// The whole of HTTP. Serve it with `into_make_service_with_connect_info::<SocketAddr>()`; on a TLS listener wrap it in
/// [`crate::over_tls`] first.
pub fn router(parts: ApiParts) -> Router {
    let ApiParts { service, settings, metrics, pages, signal } = parts;
    let buckets = Buckets::new(settings.limits);
    let api: Shared = Arc::new(Api { service, settings, metrics, pages, buckets });
    mount(Router::new())
        .merge(signal.with_state(()))
        .fallback(async || Problem::from(Error::Missing(Noun::Path)))
        .method_not_allowed_fallback(async || Problem::of(Kind::MethodNotAllowed))
        // Bodies are read piece by piece, by handlers that know their own limit.
        .layer(DefaultBodyLimit::disable())
        .layer(edge::compression())
        .layer(from_fn_with_state(api.clone(), origin::find_out))
        .layer(CatchPanicLayer::custom(problems::of_panic))
        .layer(from_fn(face::speak))
        .layer(from_fn_with_state(api.clone(), edge::dress))
        .with_state(api)
}
