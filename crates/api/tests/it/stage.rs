//! The server in this process: a store in a temporary folder, a clock moved by hand, and a way to ask.

use std::borrow::Cow;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, Request, StatusCode, header};
use mingjian_api::limits::{Limits, Rate};
use mingjian_api::{ApiParts, ApiSettings};
use mingjian_service::demo::{Passwords, plant};
use mingjian_service::gathering::Gatherings;
use mingjian_service::hall::HallSettings;
use mingjian_service::links::LinkKeys;
use mingjian_service::ports::Clock;
use mingjian_service::seal::SealKey;
use mingjian_service::vault::Vault;
use mingjian_service::{Service, Settings};
use mingjian_store::{Objects, Store};
use mingjian_testkit::random::Seeded;
use serde_json::Value;
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};
use tower::ServiceExt;

use crate::contract;
use crate::echo::{EchoRooms, tell};

use crate::outside::Outsider;

/// When every test begins.
pub const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);
/// The native keys of the two tenants.
pub const DEMOBK: &str = "mk_demo_DEMOBK";
pub const OTHERB: &str = "mk_demo_OTHERB";

/// A clock that stands still until it is moved.
#[derive(Debug)]
pub struct HandClock(Mutex<OffsetDateTime>);

impl Clock for HandClock {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().expect("no test panics while it moves the clock")
    }
}

/// The server in this process.
pub struct Stage {
    pub service: Arc<Service>,
    pub router: Router,
    /// Everybody else's servers, as the service reaches them while somebody waits.
    pub outsider: Arc<Outsider>,
    clock: Arc<HandClock>,
    _folder: TempDir,
}

/// Limits that a test does not reach by accident, since its clock stands still.
pub const GENEROUS: Limits = {
    let rate = Rate { per_second: 1, burst: 10_000 };
    Limits { face: rate, key: rate, session: rate, stranger: rate, download: rate }
};

/// Another test's login, with its hashing, is not worth waiting for: the fixtures are planted once and copied.
static TEMPLATE: OnceLock<TempDir> = OnceLock::new();

async fn open(folder: &Path, clock: Arc<HandClock>, seed: u64, reserve: u64) -> Service {
    let store = Store::open(folder.join("mingjian.db").to_str().expect("a plain path")).await.expect("a database");
    store.migrate().await.expect("its tables");
    let objects = Objects::on_disk(&folder.join("objects")).expect("a folder").with_reserve(reserve);
    let settings = Settings {
        link_keys: LinkKeys::new("1", [7; 32]),
        vault: Vault::new([9; 32]),
        seal_key: SealKey::from_seed(&[8; 32]),
        link_life: Duration::days(7),
    };
    Service::new(store, objects, clock, Box::new(Seeded::new(seed)), settings)
}

impl Stage {
    /// A demo server with its fixtures.
    pub async fn demo() -> Self {
        Self::with(ApiSettings { demo: true, limits: GENEROUS, ..ApiSettings::default() }).await
    }

    /// The same on a disk on which nothing but recordings has room; once started again it has.
    pub async fn full() -> Self {
        Self::on(u64::MAX, ApiSettings { demo: true, limits: GENEROUS, ..ApiSettings::default() }).await
    }

    /// A server with the fixtures and these settings.
    pub async fn with(settings: ApiSettings) -> Self {
        Self::on(0, settings).await
    }

    async fn on(reserve: u64, settings: ApiSettings) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(HandClock(Mutex::new(NOON)));
        std::fs::copy(template(), folder.path().join("mingjian.db")).expect("a copy of the fixtures");
        let outsider = Arc::new(Outsider::default());
        let service = Arc::new(open(folder.path(), clock.clone(), 2, reserve).await.with_web(outsider.clone()));
        let router = Self::router(&service, settings).await;
        Self { service, router, outsider, clock, _folder: folder }
    }

    async fn router(service: &Arc<Service>, settings: ApiSettings) -> Router {
        let (rooms, events) = EchoRooms::new();
        let (gatherings, gathering, backlog) =
            Gatherings::open(service.clone(), Arc::new(rooms), HallSettings::default()).await.expect("a gathering");
        tokio::spawn(gatherings.run(backlog));
        tokio::spawn(tell(events, gathering.clone()));
        mingjian_api::router(ApiParts {
            service: service.clone(),
            gathering,
            settings,
            metrics: Arc::new(|| "up 1\n".to_owned()),
            pages: built,
            signal: Router::new().route("/panic", axum::routing::get(panics)),
        })
    }

    /// The server started again over what is on disk.
    pub async fn restarted(self) -> Self {
        self.service.store.close().await;
        let Self { outsider, clock, _folder, .. } = self;
        let service = Arc::new(open(_folder.path(), clock.clone(), 3, 0).await.with_web(outsider.clone()));
        let settings = ApiSettings { demo: true, limits: GENEROUS, ..ApiSettings::default() };
        let router = Self::router(&service, settings).await;
        Self { service, router, outsider, clock, _folder }
    }

    /// The same server behind its TLS listener.
    pub fn over_tls(self) -> Self {
        Self { router: mingjian_api::over_tls(self.router), ..self }
    }

    /// The same server behind a listener with these mounts.
    pub fn serving(self, mounts: mingjian_api::mounts::Mounts) -> Self {
        Self { router: mingjian_api::mounts::serving(self.router, mounts), ..self }
    }

    /// Moves the clock forwards.
    pub fn wait(&self, time: Duration) {
        *self.clock.0.lock().expect("no test panics while it moves the clock") += time;
    }

    /// Asks from this machine.
    pub async fn ask(&self, ask: Ask) -> Answer {
        self.ask_from("127.0.0.1:50000", ask).await
    }

    /// Asks from that address, and holds the answer against the description of its path.
    pub async fn ask_from(&self, peer: &str, ask: Ask) -> Answer {
        let asked = contract::Asked::of(&ask);
        let answer = self.ask_plainly(peer, ask).await;
        contract::hold(&asked, &answer);
        answer
    }

    /// Asks from this machine for what need not be as it is described.
    pub async fn ask_unheld(&self, ask: Ask) -> Answer {
        self.ask_plainly("127.0.0.1:50000", ask).await
    }

    async fn ask_plainly(&self, peer: &str, ask: Ask) -> Answer {
        let mut request = Request::new(Body::from(ask.body));
        *request.method_mut() = ask.method;
        *request.uri_mut() = ask.path.parse().expect("a path");
        *request.headers_mut() = ask.headers;
        let peer: SocketAddr = peer.parse().expect("an address");
        request.extensions_mut().insert(ConnectInfo(peer));
        let response = self.router.clone().oneshot(request).await.expect("the router always answers");
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, usize::MAX).await.expect("a whole answer");
        Answer { status: parts.status, headers: parts.headers, body: body.to_vec() }
    }

    /// Logs in and gives the cookie and the CSRF token.
    pub async fn log_in(&self, login: &str) -> Login {
        let answer = self.ask(log_in(login, "mingjian-demo")).await;
        assert_eq!(answer.status, 200, "{}", answer.text());
        let cookie = answer.header("set-cookie").split(';').next().expect("a cookie").to_owned();
        let csrf = answer.json()["csrf_token"].as_str().expect("a token").to_owned();
        Login { cookie, csrf }
    }
}

/// Planted in a runtime of its own, since the tests' runtimes come and go.
fn template() -> std::path::PathBuf {
    let folder = TEMPLATE.get_or_init(|| {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().to_owned();
        let planting = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
            runtime.block_on(async {
                let service = open(&path, Arc::new(HandClock(Mutex::new(NOON))), 1, 0).await;
                assert!(plant(&service, Passwords::Fixed).await.expect("the fixtures").is_some());
                assert!(plant(&service, Passwords::Fixed).await.expect("the fixtures").is_none(), "once is enough");
                service.store.close().await;
            });
        });
        planting.join().expect("the fixtures are planted");
        folder
    });
    folder.path().join("mingjian.db")
}

/// A built front end of two files.
fn built(path: &str) -> Option<Cow<'static, [u8]>> {
    match path {
        "desk.html" | "review.html" | "admin.html" | "customer.html" | "docs.html" | "meeting.html" | "watch.html"
        | "video.html" => Some(Cow::Borrowed(b"<!doctype html><title>page</title>")),
        "sdk/bridge.html" => Some(Cow::Borrowed(b"<!doctype html><title>bridge</title>")),
        "sdk/mingjian-sdk.js" => Some(Cow::Borrowed(b"var Mingjian = {}")),
        "assets/app-0a1b2c3d.js" => Some(Cow::Borrowed(b"console.log('page')")),
        _ => None,
    }
}

async fn panics() -> &'static str {
    panic!("13800000000 must not be in the answer")
}

/// A logged-in page.
pub struct Login {
    pub cookie: String,
    pub csrf: String,
}

/// A request.
#[derive(Clone)]
pub struct Ask {
    pub method: Method,
    pub path: String,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

pub fn ask(method: Method, path: impl Into<String>) -> Ask {
    let headers = HeaderMap::from_iter([(header::HOST, HeaderValue::from_static("127.0.0.1:8080"))]);
    Ask { method, path: path.into(), headers, body: Vec::new() }
}

pub fn get(path: impl Into<String>) -> Ask {
    ask(Method::GET, path)
}

pub fn post(path: impl Into<String>, body: &Value) -> Ask {
    ask(Method::POST, path).json(body.to_string())
}

pub fn log_in(login: &str, password: &str) -> Ask {
    post("/api/v1/session", &serde_json::json!({ "login": login, "password": password }))
}

impl Ask {
    pub fn with(mut self, name: &'static str, value: &str) -> Self {
        self.headers.insert(HeaderName::from_static(name), value.parse().expect("a header value"));
        self
    }

    pub fn key(self, key: &str) -> Self {
        self.with("authorization", &format!("Bearer {key}"))
    }

    pub fn page(self, login: &Login) -> Self {
        self.with("cookie", &login.cookie).with("x-csrf-token", &login.csrf)
    }

    pub fn json(self, body: impl Into<String>) -> Self {
        Self { body: body.into().into_bytes(), ..self.with("content-type", "application/json") }
    }
}

/// An answer.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.text()))
    }

    /// The header, or nothing.
    pub fn header(&self, name: &str) -> String {
        self.headers.get(name).map(|value| value.to_str().expect("text").to_owned()).unwrap_or_default()
    }

    /// Checks that it is a problem of that kind and well-formed.
    pub fn is_problem(&self, status: u16, slug: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        let problem = self.json();
        assert_eq!(problem["type"], format!("/problems/{slug}"), "{problem}");
        assert_eq!(problem["status"], status);
        for field in ["title", "detail"] {
            assert!(problem[field].as_str().is_some_and(|text| !text.is_empty()), "{problem}");
        }
    }
}
