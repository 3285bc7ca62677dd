//! Real sockets on loopback, real threads, real time: that what the machines want is what happens.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use mingjian_domain::id::{ParticipantId, RoomId};
use mingjian_domain::random::Randomness;
use mingjian_domain::room::{JoinId, RoomCommand, RoomEvent};
use mingjian_testkit::client::ClientConfig;
use mingjian_testkit::clip::{Clip, ClipSpec};
use mingjian_testkit::drive::Crowd;
use mingjian_testkit::random::Seeded;
use time::OffsetDateTime;
use tokio::sync::mpsc::UnboundedReceiver;

use super::{Media, MediaConfig, MediaHandle};

/// Running media threads and the clients that meet on them.
struct Stage {
    media: Media,
    handle: MediaHandle,
    events: UnboundedReceiver<RoomEvent>,
    told: Vec<RoomEvent>,
    crowd: Crowd,
    people: Vec<(RoomId, ParticipantId)>,
    ids: Seeded,
}

/// How a client reaches the server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Udp,
    Tcp,
}

impl Stage {
    fn new(threads: usize) -> Self {
        let config =
            MediaConfig { bind: SocketAddr::from(([127, 0, 0, 1], 0)), public: Vec::new(), threads, room_capacity: 16 };
        let mut seed = 0;
        let mut random = || -> Box<dyn Randomness + Send> {
            seed += 1;
            Box::new(Seeded::new(seed))
        };
        // The rooms of these tests are not recorded: nothing is asked of a disk.
        let mut disk = |_| -> super::DiskMailbox {
            Box::new(|command| panic!("no room is recorded, but the disk was asked for {command:?}"))
        };
        let (media, events) = Media::start(&config, &mut random, &mut disk).expect("a free port");
        let handle = media.handle();
        Self {
            media,
            handle,
            events,
            told: Vec::new(),
            crowd: Crowd::new().expect("a poll"),
            people: Vec::new(),
            ids: Seeded::new(7),
        }
    }

    fn open(&mut self) -> RoomId {
        let room = RoomId::mint(OffsetDateTime::now_utc(), &mut self.ids);
        self.handle.send(RoomCommand::Open { room, record: None }).expect("room in the mailbox");
        room
    }

    fn join(&mut self, room: RoomId, way: Way) -> usize {
        let clip = Clip::make(&ClipSpec::default()).expect("a clip can be made");
        let config = |local| ClientConfig::new(local, clip);
        let at = match way {
            Way::Udp => self.crowd.add_udp(config),
            Way::Tcp => self.crowd.add_tcp(self.handle.local(), config),
        }
        .expect("a socket");
        let participant = ParticipantId::mint(OffsetDateTime::now_utc(), &mut self.ids);
        self.people.push((room, participant));
        let offer = self.crowd.client(at).offer();
        self.handle.send(RoomCommand::Join { room, participant, join: JoinId(0), offer }).expect("room in the mailbox");
        at
    }

    /// Lets everybody run until `done`, which must come within ten seconds.
    fn until(&mut self, what: &str, done: impl Fn(&mut Self) -> bool) {
        let deadline = Instant::now() + Duration::from_secs(10);
        while !done(self) {
            assert!(Instant::now() < deadline, "after ten seconds still not: {what}");
            self.crowd.run_for(Duration::from_millis(10)).expect("the crowd runs");
            while let Ok(event) = self.events.try_recv() {
                self.signal(&event);
                self.told.push(event);
            }
        }
    }

    fn signal(&mut self, event: &RoomEvent) {
        if let RoomEvent::Answer { participant, answer, .. } = event {
            let at = self.place_of(*participant);
            self.crowd.client(at).accept_answer(answer);
        }
        if let RoomEvent::Offer { room, participant, offer } = event {
            let at = self.place_of(*participant);
            let answer = self.crowd.client(at).accept_offer(offer);
            self.handle
                .send(RoomCommand::Answer { room: *room, participant: *participant, answer })
                .expect("room in the mailbox");
        }
    }

    fn place_of(&self, participant: ParticipantId) -> usize {
        self.people.iter().position(|(_, id)| *id == participant).expect("it is for somebody")
    }

    fn packets(&mut self, listener: usize, publisher: usize, track: &str) -> u64 {
        let publisher = self.people[publisher].1.to_string();
        self.crowd.client(listener).heard_of(&publisher, track).map_or(0, |heard| heard.packets)
    }

    fn see_each_other(&mut self, one: usize, two: usize) {
        self.until("both see and hear each other for a second", |stage| {
            [(one, two), (two, one)]
                .into_iter()
                .all(|(a, b)| stage.packets(a, b, "camera") > 30 && stage.packets(a, b, "microphone") > 50)
        });
    }
}

#[test]
fn two_people_meet_over_udp() {
    let mut stage = Stage::new(1);
    let room = stage.open();
    let (one, two) = (stage.join(room, Way::Udp), stage.join(room, Way::Udp));
    stage.see_each_other(one, two);
    stage.media.stop(Instant::now() + Duration::from_secs(5));
}

#[test]
fn somebody_behind_a_firewall_meets_others_over_tcp() {
    let mut stage = Stage::new(1);
    let room = stage.open();
    let (one, two) = (stage.join(room, Way::Tcp), stage.join(room, Way::Udp));
    stage.see_each_other(one, two);
    stage.until("the connection is told of", |stage| stage.handle.states()[0].tcp_connections == 1);
    stage.media.stop(Instant::now() + Duration::from_secs(5));
}

#[test]
fn rooms_are_spread_over_threads_and_every_datagram_finds_its_room() {
    let mut stage = Stage::new(2);
    let rooms = [stage.open(), stage.open(), stage.open()];
    let mut pairs = Vec::new();
    for room in rooms {
        pairs.push((stage.join(room, Way::Udp), stage.join(room, Way::Tcp)));
        pairs.push((stage.join(room, Way::Udp), stage.join(room, Way::Udp)));
    }
    for (one, two) in pairs {
        stage.see_each_other(one, two);
    }
    stage.until("both threads have rooms", |stage| {
        stage.handle.states().iter().all(|state| state.sizes.is_some_and(|sizes| sizes.rooms >= 1))
    });
    stage.media.stop(Instant::now() + Duration::from_secs(5));
}

#[test]
fn stopping_closes_every_room_and_says_good_bye() {
    let mut stage = Stage::new(1);
    let room = stage.open();
    let (one, two) = (stage.join(room, Way::Udp), stage.join(room, Way::Udp));
    stage.see_each_other(one, two);
    let Stage { media, mut events, mut crowd, .. } = stage;
    media.stop(Instant::now() + Duration::from_secs(5));
    let mut closed = false;
    while let Ok(event) = events.try_recv() {
        closed |= matches!(event, RoomEvent::Closed { .. });
    }
    assert!(closed);
    crowd.run_for(Duration::from_millis(200)).expect("the crowd runs");
    assert!(crowd.client(one).is_closed() && crowd.client(two).is_closed());
}

#[test]
fn connections_that_never_speak_disturb_nobody_and_are_closed() {
    let mut stage = Stage::new(1);
    let silent: Vec<TcpStream> =
        (0..200).map(|_| TcpStream::connect(stage.handle.local()).expect("it listens")).collect();
    let mut garbled = TcpStream::connect(stage.handle.local()).expect("it listens");
    garbled.write_all(&[0xff; 4_000]).expect("it is open");
    let room = stage.open();
    let (one, two) = (stage.join(room, Way::Tcp), stage.join(room, Way::Udp));
    stage.see_each_other(one, two);
    stage.until("all are counted, but for the garbled one", |stage| stage.handle.states()[0].tcp_connections == 201);
    let before = stage.packets(two, one, "camera");
    let opened = Instant::now();
    while opened.elapsed() < Duration::from_secs(12) {
        stage.crowd.run_for(Duration::from_millis(500)).expect("the crowd runs");
    }
    stage.until("only the one who speaks is left", |stage| stage.handle.states()[0].tcp_connections == 1);
    assert!(stage.packets(two, one, "camera") > before + 200, "and the call went on");
    drop(silent);
    stage.media.stop(Instant::now() + Duration::from_secs(5));
}
