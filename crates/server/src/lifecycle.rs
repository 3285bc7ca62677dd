//! Running and stopping: a first signal stops softly, a second one at once.
//!
//! A soft stop tells the pages to come back, lets requests finish, and waits until the last fragment is on disk. Nothing
//! depends on it: whatever it leaves undone the next start does, as after a kill.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum_server::Handle;
use mingjian_api::mounts::{Mounts, serving};
use mingjian_service::jobs::{self, Outside, Ran};
use mingjian_service::ports::Web;
use mingjian_service::{Service, demo, files};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinHandle;

use crate::clock::ServerClock;
use crate::compose::FfmpegComposer;
use crate::config::Config;
use crate::config::folder::{Birth, Folder};
use crate::parts::{self, Failure, Live, told};
use crate::random::SystemRandom;
use crate::spool::Spool;
use crate::{announce, gauges, tls};

/// How long a soft stop may take before it becomes a hard one.
const SOFT: Duration = Duration::from_secs(15);
/// How long a worker rests when no job is due.
const REST: Duration = Duration::from_secs(1);

/// Runs the server until it is told to stop.
///
/// # Errors
/// Why it could not start, in a sentence for the operator.
pub async fn serve(config: Config) -> Result<(), Failure> {
    log(&config);
    if config.rtc_public.is_empty() {
        return Err(crate::config::NO_ADDRESS.into());
    }
    let birth = match (config.demo, config.lan) {
        (_, true) => Birth::Lan,
        (true, false) => Birth::Demo,
        (false, false) => Birth::Plain,
    };
    let folder = Folder::open(&config.data, birth)?;
    let store = parts::open_store(&config).await?;
    let clock = ServerClock::start();
    let service = parts::open_service(&config, store, clock, &folder.secret("link_key", &mut SystemRandom)?)?;
    files::removal::settle_objects(&service).await.map_err(told)?;
    let planted = match birth {
        Birth::Plain => None,
        Birth::Demo => demo::plant(&service, demo::Passwords::Fixed).await.map_err(told)?,
        Birth::Lan => demo::plant(&service, demo::Passwords::Random).await.map_err(told)?,
    };
    let media = parts::start_media(&config, &service).await?;
    let mut live = parts::open_live(&config, &service, media.rooms, media.events).await?;
    let worker = start_worker(&config, &service)?;
    let films = start_composer(&config, &service)?;
    let metrics_token = match &config.metrics_token {
        Some(token) => token.clone(),
        None => folder.secret("metrics_token", &mut SystemRandom)?,
    };
    let gauges = tokio::spawn(gauges::keep(media.handle.clone()));
    let router = parts::router(&config, &service, &live, metrics_token)?;
    let listeners = listen(&config, &folder, router).await?;
    announce::started(&config, &service, &listeners.addresses, media.local, planted.as_ref()).await?;

    let [hall, gathering] = &mut live.tasks;
    tokio::select! {
        stopped = wait_for_stop() => stopped?,
        // Only a panic ends it before. A server without a hall would look alive and answer nobody: the next start takes everybody back.
        ended = hall => return Err(format!("the hall has ended ({ended:?}): start the server again, calls go on").into()),
        ended = gathering => {
            return Err(format!("the gathering has ended ({ended:?}): start the server again, meetings go on").into());
        }
    }
    tracing::info!("stopping: pages are told to come back, recordings are finished");
    tokio::spawn(async {
        if wait_for_stop().await.is_ok() {
            std::process::exit(130);
        }
    });
    worker.abort();
    films.abort();
    gauges.abort();
    stop(&live, &listeners).await;
    let by = Instant::now() + SOFT;
    let (threads, disk) = (media.threads, media.disk);
    let stopped = tokio::task::spawn_blocking(move || {
        threads.stop(by);
        disk.stop();
    });
    stopped.await?;
    live.tasks.iter().for_each(JoinHandle::abort);
    service.store.close().await;
    Ok(())
}

/// Runs jobs until it is told to stop.
///
/// # Errors
/// Why it could not start, in a sentence for the operator.
pub async fn work(config: Config) -> Result<(), Failure> {
    log(&config);
    let store = parts::open_store(&config).await?;
    let link_secret = mingjian_domain::secret::Secret::new(String::new());
    let service = parts::open_service(&config, store, ServerClock::start(), &link_secret)?;
    let worker = start_worker(&config, &service)?;
    let films = start_composer(&config, &service)?;
    println!("working");
    wait_for_stop().await?;
    worker.abort();
    films.abort();
    service.store.close().await;
    Ok(())
}

/// Runs the jobs in the background.
fn start_worker(config: &Config, service: &Arc<Service>) -> Result<JoinHandle<()>, Failure> {
    let web = parts::open_web(config)?;
    let spool = Spool::new(config.data.join("outbox"));
    Ok(tokio::spawn(work_on(service.clone(), web, spool)))
}

/// Makes films in the background, one at a time: they get what live calls leave, and two at once would each take twice as long.
fn start_composer(config: &Config, service: &Arc<Service>) -> Result<JoinHandle<()>, Failure> {
    let composer = FfmpegComposer::new(service.objects.root(), config.reserve_bytes())?;
    let service = service.clone();
    Ok(tokio::spawn(async move {
        loop {
            rest_after(jobs::compose_once(&service, &composer).await).await;
        }
    }))
}

async fn work_on(service: Arc<Service>, web: Arc<dyn Web>, spool: Spool) {
    let outside = Outside { web: &*web, sms: &spool };
    loop {
        rest_after(jobs::run_once(&service, outside).await).await;
    }
}

async fn rest_after(ran: mingjian_domain::error::Result<Ran>) {
    match ran {
        Ok(Ran::One) => {}
        Ok(Ran::Nothing) => tokio::time::sleep(REST).await,
        Err(error) => {
            tracing::error!(error = %told(error), "a job could not be run");
            tokio::time::sleep(REST).await;
        }
    }
}

struct Listeners {
    handle: Handle<SocketAddr>,
    addresses: announce::Addresses,
}

async fn listen(config: &Config, folder: &Folder, router: Router) -> Result<Listeners, Failure> {
    let handle = Handle::new();
    let bind = |address: SocketAddr| {
        std::net::TcpListener::bind(address)
            .and_then(|listener| listener.set_nonblocking(true).map(|()| listener))
            .map_err(|error| format!("{address}: {error}; is a server running already? Else name another address"))
    };
    let http = bind(config.http)?;
    let mut addresses = announce::Addresses { http: http.local_addr()?, https: None, further: Vec::new() };
    let serve_plainly = |listener: std::net::TcpListener, mounts: &Mounts| -> std::io::Result<()> {
        let server = axum_server::from_tcp(listener)?.handle(handle.clone());
        let router = serving(router.clone(), mounts.clone());
        tokio::spawn(server.serve(router.into_make_service_with_connect_info::<SocketAddr>()));
        Ok(())
    };
    serve_plainly(http, &config.http_mounts)?;
    for listener in &config.listen {
        let bound = bind(listener.address)?;
        addresses.further.push(bound.local_addr()?);
        serve_plainly(bound, &listener.mounts)?;
    }
    if let Some(address) = config.https {
        let https = bind(address)?;
        addresses.https = Some(https.local_addr()?);
        let server = axum_server::from_tcp_rustls(https, tls::load(config, folder).await?)?.handle(handle.clone());
        let router = serving(mingjian_api::over_tls(router), config.https_mounts.clone());
        tokio::spawn(server.serve(router.into_make_service_with_connect_info::<SocketAddr>()));
    }
    Ok(Listeners { handle, addresses })
}

async fn stop(live: &Live, listeners: &Listeners) {
    live.hall.stop().await;
    live.gathering.stop().await;
    listeners.handle.graceful_shutdown(Some(Duration::from_secs(2)));
}

/// The first of the signals that an operator or a service manager sends.
async fn wait_for_stop() -> Result<(), Failure> {
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    Ok(())
}

/// The log goes to standard error, one line an event; JSON when it is read by a machine.
fn log(config: &Config) {
    let filter = tracing_subscriber::EnvFilter::try_from_env("MINGJIAN_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("info,str0m=warn,sqlx=warn"));
    // A log that cannot be written, on a full disk say, must not end a thread: telling so would go the same way, and panic.
    let log = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).log_internal_errors(false);
    if config.demo { log.init() } else { log.json().init() }
}
