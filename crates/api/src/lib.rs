//! HTTP: translation only. What a request means is decided in the service; here it is read, and the answer is dressed.
//!
//! - [`router`]: every route there is, in one table;
//! - [`problems`]: every error there is, as RFC 9457 problems;
//! - [`origin`]: where a request comes from and how it named us; [`caller`]: who sends it; [`limits`]: how often it may;
//! - [`native`]: `/api/v1`; [`openapi`]: its description; [`signal`]: its WebSocket; [`downloads`]: signed links; [`pages`]: the embedded front end;
//! - [`mounts`]: which faces a listener serves; [`calls`]: the last calls of each tenant;
//! - [`idempotency`] and [`etag`]: twice is once, and nobody overwrites unseen;
//! - [`crm`]: the image archive; [`handout`]: its files on their way out; [`sending`]: bytes and ranges, for whatever is sent;
//! - [`face`]: how a refusal is said on the paths of the five documents;
//! - [`edge`]: what happens to every request: headers, log line, metrics.

mod caller;
mod calls;
mod crm;
mod disposition;
mod downloads;
mod edge;
mod etag;
mod face;
mod fields;
mod handout;
mod health;
mod idempotency;
pub mod limits;
mod lives;
mod meeting;
pub mod mounts;
mod multipart;
mod native;
mod netdisk;
pub mod openapi;
mod origin;
mod pages;
mod params;
mod problems;
mod ranges;
mod router;
mod sending;
mod session;
pub mod signal;
mod signing;
mod video;

use std::net::IpAddr;
use std::sync::Arc;

use mingjian_domain::secret::Secret;
use mingjian_service::Service;
use mingjian_service::gathering::GatheringHandle;

pub use crm::paths::CrmPaths;
pub use face::is_foreign;
pub use origin::over_tls;
pub use pages::{ReadPage, embedded};
pub use router::{ROUTES, Route, router};
pub use signing::CODES as SIGNING_CODES;

/// What the HTTP side is set up with.
#[derive(Debug, Clone, Default)]
pub struct ApiSettings {
    /// Whether this is the demo: then requests that name a foreign host are refused, and `/metrics` is open.
    pub demo: bool,
    /// Scheme and host of absolute links, such as `https://video.bank.example`; none takes those of the request.
    pub public_url: Option<String>,
    /// Further hosts that this server answers to, with or without a port.
    pub hosts: Vec<String>,
    /// Proxies whose `X-Forwarded-*` headers are read.
    pub trusted_proxies: Vec<IpAddr>,
    /// What `/metrics` asks for as a bearer token outside the demo; none closes it.
    pub metrics_token: Option<Secret>,
    /// How often somebody may ask.
    pub limits: limits::Limits,
    /// Other addresses for the calls of the image archive.
    pub crm_paths: CrmPaths,
}

/// Prints the metrics in Prometheus' text format.
pub type PrintMetrics = Arc<dyn Fn() -> String + Send + Sync>;

/// What the HTTP side is made of.
pub struct ApiParts {
    /// The verbs.
    pub service: Arc<Service>,
    /// The rooms without a queue.
    pub gathering: GatheringHandle,
    /// The set-up.
    pub settings: ApiSettings,
    /// Prints the metrics.
    pub metrics: PrintMetrics,
    /// The front end: [`embedded`].
    pub pages: ReadPage,
    /// The routes of the WebSocket: `signal::Signal::routes()`.
    pub signal: axum::Router,
}

/// What every handler has at hand.
pub(crate) struct Api {
    pub(crate) service: Arc<Service>,
    pub(crate) gathering: GatheringHandle,
    pub(crate) settings: ApiSettings,
    pub(crate) metrics: PrintMetrics,
    pub(crate) pages: ReadPage,
    pub(crate) buckets: limits::Buckets,
    pub(crate) calls: calls::Calls,
}

/// The state of every handler.
pub(crate) type Shared = Arc<Api>;
