//! Builds everything; the only file that knows all crates.

use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use metrics_exporter_prometheus::PrometheusBuilder;
use mingjian_api::signal::Signal;
use mingjian_api::{ApiParts, ApiSettings};
use mingjian_domain::random::Randomness;
use mingjian_domain::room::{RoomCommand, RoomEvent};
use mingjian_domain::secret::Secret;
use mingjian_service::counter;
use mingjian_service::gathering::{GatheringHandle, Gatherings, Notice};
use mingjian_service::hall::{Hall, HallHandle, HallSettings, Turn};
use mingjian_service::links::LinkKeys;
use mingjian_service::ports::Web;
use mingjian_service::seal::SealKey;
use mingjian_service::vault::Vault;
use mingjian_service::{Service, Settings, ports};
use mingjian_store::{Objects, Store};
use sha2::{Digest, Sha256};
use time::Duration;
use tokio::sync::broadcast;
use tokio::sync::broadcast::error::RecvError;
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::JoinHandle;

use crate::clock::ServerClock;
use crate::config::{Config, folder, read_key};
use crate::drive::disk::{Disk, DiskConfig};
use crate::drive::media::{DiskReports, Media, MediaConfig, MediaHandle};
use crate::random::SystemRandom;
use crate::recovery;
use crate::web::HttpWeb;

/// What goes wrong while the server is built, in a sentence for the operator.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Links that a business system is given: `downUrl` of the recordings' documents lives a week.
const LINK_LIFE: Duration = Duration::days(7);

/// People in a room: a meeting of nine with its seat, guests and supervisors.
const ROOM_CAPACITY: usize = 16;

/// Ten seconds of a hundred rooms: a disk that is further behind is not going to catch up.
const MAILBOX_BYTES: usize = 256 << 20;

/// The database, brought to this version.
///
/// # Errors
/// It cannot be reached, or a newer program has been here.
pub async fn open_store(config: &Config) -> Result<Store, Failure> {
    let store = Store::open(&config.database).await.map_err(told)?;
    store.migrate().await.map_err(told)?;
    Ok(store)
}

/// The verbs over the database and the objects in the data folder.
///
/// # Errors
/// The objects' folder cannot be made, or the key of the sealed secrets not be read or made.
pub fn open_service(
    config: &Config,
    store: Store,
    clock: ServerClock,
    link_secret: &Secret,
) -> Result<Arc<Service>, Failure> {
    let key = match config.secret_key {
        Some(key) => key,
        None => read_key(folder::secret(&config.data, "secret_key", &mut SystemRandom)?.expose())?,
    };
    let seed = read_key(folder::secret(&config.data, "seal_key", &mut SystemRandom)?.expose())?;
    let objects = Objects::on_disk(&config.data.join("objects")).map_err(told)?.with_reserve(config.reserve_bytes());
    let settings = Settings {
        link_keys: link_keys(&config.link_keys, link_secret),
        vault: Vault::new(key),
        seal_key: SealKey::from_seed(&seed),
        link_life: LINK_LIFE,
    };
    let service = Service::new(store, objects, Arc::new(clock), Box::new(SystemRandom), settings);
    Ok(Arc::new(service.with_web(open_web(config)?)))
}

/// The one way to everybody else's servers.
///
/// # Errors
/// The TLS library cannot be set up.
pub fn open_web(config: &Config) -> Result<Arc<dyn Web>, Failure> {
    Ok(Arc::new(HttpWeb::new(config.callback_hosts.clone(), config.demo)?))
}

/// The key that signs, and those that are accepted beside it.
fn link_keys(keys: &[(String, Secret)], generated: &Secret) -> LinkKeys {
    let bytes = |key: &Secret| -> [u8; 32] { Sha256::digest(key.expose().as_bytes()).into() };
    match keys.split_first() {
        None => LinkKeys::new("1", bytes(generated)),
        Some(((id, key), others)) => {
            others.iter().fold(LinkKeys::new(id, bytes(key)), |all, (id, key)| all.and_accept(id, bytes(key)))
        }
    }
}

/// A domain error as the operator should read it: with the inner cause, which callers never see.
#[expect(clippy::needless_pass_by_value, reason = "it is handed to map_err")]
pub fn told(error: mingjian_domain::error::Error) -> Failure {
    if let mingjian_domain::error::Error::Fault(fault) = &error {
        format!("{}: {}", fault.doing(), fault.source()).into()
    } else {
        error.to_string().into()
    }
}

/// The media threads and what they tell.
pub struct MediaParts {
    /// The threads, to be stopped at the end.
    pub threads: Media,
    /// The writer, to be stopped after them.
    pub disk: Disk,
    /// The way to the rooms.
    pub rooms: Arc<dyn ports::Media>,
    /// The same, for whoever watches the threads.
    pub handle: MediaHandle,
    /// What rooms tell.
    pub events: UnboundedReceiver<RoomEvent>,
    /// Where media comes in.
    pub local: SocketAddr,
}

/// Makes whole what a kill left open, then starts the media threads, each with its writer.
///
/// # Errors
/// A recording cannot be read, or the port is taken.
pub async fn start_media(config: &Config, service: &Service) -> Result<MediaParts, Failure> {
    recovery::make_all_whole(service).await?;
    let disk = Disk::start(DiskConfig {
        root: service.objects.root().to_owned(),
        sync: config.sync,
        min_free_bytes: config.min_free_bytes,
        mailbox_bytes: MAILBOX_BYTES,
    })?;
    let media = MediaConfig {
        bind: config.rtc,
        public: config.rtc_public.clone(),
        threads: config.media_threads,
        room_capacity: ROOM_CAPACITY,
    };
    let mut random = || -> Box<dyn Randomness + Send> { Box::new(SystemRandom) };
    let mut writer = |reports: DiskReports| disk.mailbox(reports);
    let (threads, events) = Media::start(&media, &mut random, &mut writer).map_err(|error| {
        format!("media on {}: {error}; is a server running already? Else name another address with --rtc", config.rtc)
    })?;
    let handle = threads.handle();
    let local = handle.local();
    Ok(MediaParts { threads, disk, rooms: Arc::new(Rooms(handle.clone())), handle, events, local })
}

/// The media handle, as the service knows it.
struct Rooms(MediaHandle);

impl ports::Media for Rooms {
    fn send(&self, command: RoomCommand) -> Result<(), ports::MailboxFull> {
        self.0.send(command).map_err(|_| ports::MailboxFull)
    }
}

/// What is live, running.
pub struct Live {
    /// The interviews.
    pub hall: HallHandle,
    /// The rooms without a queue.
    pub gathering: GatheringHandle,
    /// Both tasks. They end when they are told to, or by a panic.
    pub tasks: [JoinHandle<()>; 2],
}

/// The hall and the gathering with everybody back where they were, running, and each fed with what its rooms tell.
///
/// # Errors
/// The store cannot be read.
pub async fn open_live(
    config: &Config,
    service: &Arc<Service>,
    rooms: Arc<dyn ports::Media>,
    mut events: UnboundedReceiver<RoomEvent>,
) -> Result<Live, Failure> {
    let turn = config.turn.clone().map(|(urls, secret)| Turn { urls, secret });
    let settings = HallSettings { turn };
    let (hall, to_hall, of_hall) = Hall::open(service.clone(), rooms.clone(), settings.clone()).await.map_err(told)?;
    let (gatherings, to_gathering, of_gathering) =
        Gatherings::open(service.clone(), rooms, settings).await.map_err(told)?;
    // Before the rooms run: what ended with the last server has ended for its takes as well.
    let notices = to_gathering.subscribe();
    counter::live::settle_all(service).await.map_err(told)?;
    tokio::spawn(settle_takes(service.clone(), notices));
    let tasks = [tokio::spawn(hall.run(of_hall)), tokio::spawn(gatherings.run(of_gathering))];
    let (hall, gathering) = (to_hall.clone(), to_gathering.clone());
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            if gathering.owns(&event) {
                gathering.room(event).await;
            } else {
                hall.room(event).await;
            }
        }
    });
    Ok(Live { hall: to_hall, gathering: to_gathering, tasks })
}

/// Brings takes in line with their recordings, also with those that end by themselves.
async fn settle_takes(service: Arc<Service>, mut notices: broadcast::Receiver<Notice>) {
    loop {
        let settled = match notices.recv().await {
            Ok(Notice::RecordingStopped { recording, .. } | Notice::RecordingFailed { recording, .. }) => {
                counter::live::settle(&service, recording).await
            }
            Ok(Notice::RecordingStarted { .. } | Notice::Closed { .. }) => continue,
            Err(RecvError::Lagged(_)) => counter::live::settle_all(&service).await,
            Err(RecvError::Closed) => return,
        };
        if let Err(error) = settled {
            tracing::error!(error = %told(error), "a take could not be brought in line with its recording");
        }
    }
}

/// The whole of HTTP.
///
/// # Errors
/// The metrics cannot be collected.
pub fn router(config: &Config, service: &Arc<Service>, live: &Live, metrics_token: Secret) -> Result<Router, Failure> {
    let recorder = PrometheusBuilder::new().install_recorder()?;
    let settings = ApiSettings {
        demo: config.demo && !config.lan,
        public_url: config.public_url.clone(),
        hosts: config.own_hosts(),
        trusted_proxies: config.trusted_proxies.clone(),
        metrics_token: Some(metrics_token),
        limits: config.limits,
        crm_paths: config.crm_paths.clone(),
    };
    Ok(mingjian_api::router(ApiParts {
        service: service.clone(),
        gathering: live.gathering.clone(),
        settings,
        metrics: Arc::new(move || recorder.render()),
        pages: mingjian_api::embedded,
        signal: Signal::new(service.clone(), live.hall.clone(), live.gathering.clone()).routes(),
    }))
}
