//! A shard, its disk, a network and some browsers, in virtual time. What a driver does, without waiting for anything.

use std::collections::{BTreeMap, VecDeque};
use std::net::SocketAddr;
use std::sync::{Arc, LazyLock};
use std::time::{Duration, Instant};

use mingjian_domain::id::{ParticipantId, RecordingId, RoomId};
use mingjian_domain::room::{JoinId, RecordingFault, RecordingPlan, RoomCommand, RoomEvent};
use mingjian_media::disk::{DiskCommand, DiskReport};
use mingjian_media::epoch::Epoch;
use mingjian_media::shard::{Output, Shard, ShardConfig, Transport};
use mingjian_testkit::client::{Client, ClientConfig, Line};
use mingjian_testkit::clip::{Clip, ClipSpec};
use mingjian_testkit::net::{Network, Weather};
use mingjian_testkit::random::Seeded;
use str0m::config::DtlsCert;
use time::OffsetDateTime;

pub static CLIP: LazyLock<Arc<Clip>> = LazyLock::new(|| Clip::make(&ClipSpec::default()).expect("a clip can be made"));

static CERTIFICATE: LazyLock<DtlsCert> = LazyLock::new(|| {
    str0m::crypto::from_feature_flags().dtls_provider.generate_certificate().expect("a certificate can be made")
});

pub const SERVER: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::new(10, 0, 0, 1)), 8100);

/// How the disk behaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Disk {
    /// Answers at once.
    Quick,
    /// Takes commands and does not answer.
    Silent,
}

/// Somebody's browser and where it belongs.
pub struct Someone {
    pub client: Client,
    pub room: RoomId,
    pub id: ParticipantId,
    /// Offers of the server, answered or not.
    pub offers: Vec<String>,
    /// Whether the server's offers are answered.
    pub answering: bool,
}

/// A line that carries so much, with a queue in front of it.
pub struct Narrow {
    kbps: u32,
    free_at: Instant,
}

impl Narrow {
    /// What waits longer than this is dropped, as in a router.
    const QUEUE: Duration = Duration::from_millis(400);

    /// When a datagram is through; none when it is dropped.
    fn through(&mut self, bytes: usize, now: Instant) -> Option<Instant> {
        let begins = self.free_at.max(now);
        if begins - now > Self::QUEUE {
            return None;
        }
        self.free_at = begins + Duration::from_secs_f64(bytes as f64 * 8.0 / (f64::from(self.kbps) * 1_000.0));
        Some(self.free_at)
    }
}

type Datagram = (SocketAddr, SocketAddr, Vec<u8>);

/// Everything together.
pub struct World {
    pub now: Instant,
    pub epoch: Epoch,
    pub shard: Shard,
    pub people: Vec<Someone>,
    pub events: Vec<(Instant, RoomEvent)>,
    pub disk: Disk,
    /// What was appended to each file.
    pub files: BTreeMap<(RecordingId, String), Vec<u8>>,
    up: Network<Datagram>,
    down: Network<Datagram>,
    /// Networks that take only so much towards somebody.
    narrow: BTreeMap<SocketAddr, Narrow>,
    /// Sent to the server, for replaying.
    pub overheard: VecDeque<Datagram>,
    reports: VecDeque<DiskReport>,
    ids: Seeded,
}

impl World {
    pub fn new(weather: Weather, seed: u64) -> Self {
        Self::with_capacity(weather, seed, 16)
    }

    pub fn with_capacity(weather: Weather, seed: u64, room_capacity: usize) -> Self {
        let now = Instant::now();
        let epoch = Epoch { instant: now, unix: OffsetDateTime::UNIX_EPOCH + Duration::from_secs(1_800_000_000) };
        let config = ShardConfig {
            index: 0,
            epoch,
            udp: vec![SERVER],
            tcp: vec![SERVER],
            certificate: CERTIFICATE.clone(),
            room_capacity,
        };
        Self {
            now,
            epoch,
            shard: Shard::new(config, Box::new(Seeded::new(seed))),
            people: Vec::new(),
            events: Vec::new(),
            disk: Disk::Quick,
            files: BTreeMap::new(),
            up: Network::new(weather, seed + 1),
            down: Network::new(weather, seed + 2),
            narrow: BTreeMap::new(),
            overheard: VecDeque::new(),
            reports: VecDeque::new(),
            ids: Seeded::new(seed + 3),
        }
    }

    pub fn set_weather(&mut self, weather: Weather) {
        self.up.set_weather(weather);
        self.down.set_weather(weather);
    }

    pub fn unix(&self) -> OffsetDateTime {
        self.epoch.unix_at(self.now)
    }

    pub fn command(&mut self, command: RoomCommand) {
        self.shard.handle_command(command, self.now);
        self.drain();
    }

    /// A room that is not recorded.
    pub fn open(&mut self) -> RoomId {
        let room = RoomId::mint(self.unix(), &mut self.ids);
        self.command(RoomCommand::Open { room, record: None });
        room
    }

    /// A room that must be recorded.
    pub fn open_recorded(&mut self) -> (RoomId, RecordingId) {
        let (now, ids) = (self.unix(), &mut self.ids);
        let (room, recording) = (RoomId::mint(now, ids), RecordingId::mint(now, ids));
        let plan = RecordingPlan {
            recording,
            folder: format!("recordings/{recording}"),
            started_at: now,
            paused_by: mingjian_domain::recording::journal::GapReason::Restart,
        };
        self.command(RoomCommand::Open { room, record: Some(plan) });
        (room, recording)
    }

    /// Lets a browser into a room; returns its place in `people`.
    pub fn join(&mut self, room: RoomId) -> usize {
        self.join_with(room, |_| ())
    }

    pub fn join_with(&mut self, room: RoomId, change: impl FnOnce(&mut ClientConfig)) -> usize {
        let at = self.people.len();
        let id = ParticipantId::mint(self.unix(), &mut self.ids);
        let client = self.browser(at, 0, change);
        self.people.push(Someone { client, room, id, offers: Vec::new(), answering: true });
        self.send_offer(at);
        at
    }

    /// The page is loaded anew: the same participant with a new browser on another port.
    pub fn rejoin(&mut self, at: usize) {
        self.people[at].client = self.browser(at, 1, |config| config.rtp_offset = 77_777);
        self.people[at].offers.clear();
        self.send_offer(at);
    }

    fn browser(&mut self, at: usize, life: u8, change: impl FnOnce(&mut ClientConfig)) -> Client {
        let host = u8::try_from(at).expect("few") + 2;
        let local = SocketAddr::from(([10, 0, life, host], 40_000));
        let mut config = ClientConfig::new(local, CLIP.clone());
        config.rtp_offset = 1_000 + 7_919 * u32::from(host);
        change(&mut config);
        Client::new(config, self.now)
    }

    fn send_offer(&mut self, at: usize) {
        let offer = self.people[at].client.offer();
        let (room, participant) = (self.people[at].room, self.people[at].id);
        self.command(RoomCommand::Join { room, participant, join: JoinId(0), offer });
    }

    pub fn leave(&mut self, at: usize) {
        let (room, participant) = (self.people[at].room, self.people[at].id);
        self.command(RoomCommand::Leave { room, participant });
    }

    /// From now on somebody's network takes only so much from the server; none for everything.
    pub fn narrow(&mut self, at: usize, kbps: Option<u32>) {
        let local = self.people[at].client.local();
        match kbps {
            Some(kbps) => self.narrow.insert(local, Narrow { kbps, free_at: self.now }),
            None => self.narrow.remove(&local),
        };
    }

    /// Answers the latest offer of the server.
    pub fn answer(&mut self, at: usize) {
        let someone = &mut self.people[at];
        let offer = someone.offers.last().expect("the server has made an offer").clone();
        let answer = someone.client.accept_offer(&offer);
        let (room, participant) = (someone.room, someone.id);
        self.shard.handle_command(RoomCommand::Answer { room, participant, answer }, self.now);
    }

    pub fn fail_disk(&mut self, recording: RecordingId, fault: RecordingFault) {
        self.shard.handle_disk(&DiskReport::Failed { recording, fault }, self.now);
        self.drain();
    }

    /// The silent disk says that the recording has begun.
    pub fn begin_recording(&mut self, recording: RecordingId) {
        self.shard.handle_disk(&DiskReport::Begun { recording, earlier: Vec::new() }, self.now);
        self.drain();
    }

    pub fn run_for(&mut self, span: Duration) {
        let until = self.now + span;
        let mut stalled = 0;
        self.drain();
        loop {
            let moments = [self.shard.poll_timeout(), self.up.next_arrival(), self.down.next_arrival()];
            let clients = self.people.iter().map(|someone| someone.client.poll_timeout());
            let next = moments.into_iter().flatten().chain(clients).min().expect("a client always has a next moment");
            if next > until {
                self.now = until;
                return;
            }
            stalled = if next > self.now { 0 } else { stalled + 1 };
            assert!(stalled < 10_000, "time does not move: somebody is due again and again");
            self.now = self.now.max(next);
            self.pass_time();
            self.drain();
        }
    }

    fn pass_time(&mut self) {
        while let Some((source, destination, bytes)) = self.up.receive(self.now) {
            self.shard.handle_datagram(Transport::Udp, source, destination, &bytes, self.now);
        }
        while let Some((source, destination, bytes)) = self.down.receive(self.now) {
            if let Some(someone) = self.people.iter_mut().find(|someone| someone.client.local() == destination) {
                someone.client.handle_datagram(source, &bytes, self.now);
            }
        }
        if self.shard.poll_timeout().is_some_and(|at| at <= self.now) {
            self.shard.handle_timeout(self.now);
        }
        for someone in &mut self.people {
            if someone.client.poll_timeout() <= self.now {
                someone.client.handle_timeout(self.now);
            }
        }
    }

    /// Carries out everything that anybody wants at this moment.
    fn drain(&mut self) {
        loop {
            let mut moved = false;
            while let Some(output) = self.shard.poll_output() {
                moved = true;
                match output {
                    Output::Transmit(transmit) => {
                        let narrow = self.narrow.get_mut(&transmit.destination);
                        let through = narrow.map_or(Some(self.now), |it| it.through(transmit.bytes.len(), self.now));
                        if let Some(at) = through {
                            self.down.send((transmit.source, transmit.destination, transmit.bytes), at);
                        }
                    }
                    Output::Disk(command) => self.write(command),
                    Output::Event(event) => self.hear(event),
                }
            }
            while let Some(report) = self.reports.pop_front() {
                moved = true;
                self.shard.handle_disk(&report, self.now);
            }
            for someone in &mut self.people {
                while let Some(sent) = someone.client.poll_output() {
                    moved = true;
                    let datagram = (sent.source, sent.destination, sent.bytes);
                    if self.overheard.len() < 1_000 {
                        self.overheard.push_back(datagram.clone());
                    }
                    self.up.send(datagram, self.now);
                }
            }
            if !moved {
                return;
            }
        }
    }

    fn write(&mut self, command: DiskCommand) {
        let report = match command {
            DiskCommand::Begin { recording, .. } => DiskReport::Begun { recording, earlier: Vec::new() },
            DiskCommand::Append { recording, file, bytes } => {
                self.files.entry((recording, file)).or_default().extend(bytes);
                return;
            }
            DiskCommand::End { recording } => DiskReport::Ended { recording },
        };
        if self.disk == Disk::Quick {
            self.reports.push_back(report);
        }
    }

    fn hear(&mut self, event: RoomEvent) {
        if let RoomEvent::Answer { participant, answer, .. } = &event {
            let someone =
                self.people.iter_mut().find(|someone| someone.id == *participant).expect("an answer is for somebody");
            someone.client.accept_answer(answer);
        }
        if let RoomEvent::Offer { participant, offer, .. } = &event {
            let at =
                self.people.iter().position(|someone| someone.id == *participant).expect("an offer is for somebody");
            self.people[at].offers.push(offer.clone());
            if self.people[at].answering {
                self.answer(at);
            }
        }
        self.events.push((self.now, event));
    }

    pub fn told(&self, wanted: impl Fn(&RoomEvent) -> bool) -> usize {
        self.events.iter().filter(|(_, event)| wanted(event)).count()
    }

    /// When somebody's browser first got a packet of a source of somebody else.
    pub fn first_heard(&self, listener: usize, publisher: usize, track: &str) -> Option<Instant> {
        self.people[listener].client.heard_of(&self.people[publisher].id.to_string(), track)?.first_at
    }

    pub fn packets(&self, listener: usize, publisher: usize, track: &str) -> u64 {
        self.people[listener]
            .client
            .heard_of(&self.people[publisher].id.to_string(), track)
            .map_or(0, |heard| heard.packets)
    }

    /// Payloads of a line as they were sent, in order, for as long as the clip was not rewound.
    pub fn sent(&self, at: usize, line: Line) -> u64 {
        self.people[at].client.sent(line)
    }
}
