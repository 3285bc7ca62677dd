//! One media thread's worth of rooms, as a machine.
//!
//! The driver hands in datagrams, commands, disk reports and the passing of time, then takes everything out of
//! [`Shard::poll_output`] until it is empty, and sleeps until [`Shard::poll_timeout`]. It may hand in a whole batch of
//! datagrams first: what rooms write to their peers is sent when output is polled, so a batch costs each peer one round.

mod contract;
pub(crate) mod demux;
pub(crate) mod links;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use mingjian_domain::id::{ParticipantId, RecordingId, RoomId};
use mingjian_domain::random::Randomness;
use mingjian_domain::room::{JoinId, NegotiationRefusal, RecordingPlan, RoomCommand, RoomEvent};
use str0m::net::{Protocol, Receive};

use crate::disk::DiskReport;
use crate::peer::{PeerConfig, PeerEvent, Polled};
use crate::room::Room;
use crate::slab::{Key, Slab};
use crate::timers::{Scheduled, Timers};
pub use contract::{Counters, Output, ShardConfig, Sizes, Transmit, Transport};
pub use demux::checked_ufrag;
use links::Links;

/// The key of a peer in its shard.
pub(crate) type PeerKey = Key;
/// The key of a room in its shard.
pub(crate) type RoomKey = Key;

/// One media thread's worth of rooms.
pub struct Shard {
    rooms: Slab<Place>,
    by_id: HashMap<RoomId, RoomKey>,
    by_recording: HashMap<RecordingId, RoomKey>,
    links: Links,
    timers: Timers<Owner>,
    touched: Vec<RoomKey>,
    udp: Vec<SocketAddr>,
    tcp: Vec<SocketAddr>,
    room_capacity: usize,
    now: Instant,
}

/// A room and its place in the shard's queues.
struct Place {
    room: Room,
    scheduled: Scheduled,
    touched: bool,
}

/// Whose deadline it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    Peer(PeerKey),
    Room(RoomKey),
}

/// The characters that begin ICE user names, in the order of shards.
const SHARD_CHARS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Which shard of the process a STUN check is for, by the user name in it. Nothing is verified here.
#[must_use]
pub fn shard_of(datagram: &[u8]) -> Option<u8> {
    let first = *checked_ufrag(datagram)?.as_bytes().first()?;
    SHARD_CHARS.iter().position(|known| *known == first).and_then(|at| u8::try_from(at).ok())
}

impl Shard {
    /// A shard without rooms. `random` must be fit for secrets: ICE passwords are made from it.
    #[must_use]
    pub fn new(config: ShardConfig, random: Box<dyn Randomness + Send>) -> Self {
        let prefix = char::from(SHARD_CHARS[usize::from(config.index & 63)]);
        let peers = PeerConfig::new(config.certificate, config.udp.clone(), config.tcp.clone());
        Self {
            rooms: Slab::default(),
            by_id: HashMap::new(),
            by_recording: HashMap::new(),
            links: Links::new(peers, config.epoch, random, prefix),
            timers: Timers::default(),
            touched: Vec::new(),
            udp: config.udp,
            tcp: config.tcp,
            room_capacity: config.room_capacity,
            now: config.epoch.instant,
        }
    }

    /// Takes a datagram that came from `source` to the socket's address `local`.
    pub fn handle_datagram(
        &mut self,
        transport: Transport,
        source: SocketAddr,
        local: SocketAddr,
        bytes: &[u8],
        now: Instant,
    ) {
        self.now = self.now.max(now);
        self.links.counters.received += 1;
        let Some(destination) = self.candidate_for(transport, local) else {
            self.links.counters.unusable += 1;
            return;
        };
        let protocol = match transport {
            Transport::Udp => Protocol::Udp,
            Transport::Tcp => Protocol::Tcp,
        };
        let known = self.links.demux.by_address(transport, source);
        let key = if demux::is_stun(bytes) { self.links.demux.by_check(bytes) } else { known };
        let Some(key) = key else {
            self.links.counters.unknown += 1;
            return;
        };
        if known != Some(key) {
            // A check that was overheard and is sent again under the address of another peer must not take that address over.
            let held = known.is_some_and(|other| self.links.peer(other).is_some_and(|peer| peer.holds(now, source)));
            if held {
                self.links.counters.unknown += 1;
                return;
            }
            // Only whoever knows the ICE password may claim an address.
            let vouched = Receive::new(protocol, source, destination, bytes)
                .is_ok_and(|check| self.links.peer(key).is_some_and(|peer| peer.vouches_for(now, check)));
            if !vouched {
                self.links.counters.unknown += 1;
                return;
            }
            self.links.demux.bind(transport, source, key);
        }
        let Ok(datagram) = Receive::new(protocol, source, destination, bytes) else {
            self.links.counters.unusable += 1;
            return;
        };
        self.with_peer(key, |shard| {
            let Some(link) = shard.links.get_mut(key) else { return };
            if link.peer.receive(shard.now, datagram).is_err() {
                shard.links.counters.unusable += 1;
            }
            shard.links.wake(key);
            shard.poll_peer(key, Until::Packet);
        });
    }

    /// Works with a peer. Should a datagram of its browser bring a machine to panic, then this peer is cut off and nobody else:
    /// the calls of a whole thread must not hang on one browser.
    fn with_peer(&mut self, key: PeerKey, act: impl FnOnce(&mut Self)) {
        if catch_unwind(AssertUnwindSafe(|| act(self))).is_err() {
            tracing::error!("a peer was cut off: its transport has panicked");
            self.links.counters.panics += 1;
            if let Some(link) = self.links.get_mut(key) {
                link.peer.break_off();
            }
            self.links.wake(key);
        }
    }

    /// The candidate that a datagram to `local` was meant for. Behind a translated address or a wildcard socket `local` is none of ours:
    /// then the first of its family, since all candidates lead to the same socket.
    fn candidate_for(&self, transport: Transport, local: SocketAddr) -> Option<SocketAddr> {
        let candidates = match transport {
            Transport::Udp => &self.udp,
            Transport::Tcp => &self.tcp,
        };
        let exact = candidates.iter().find(|candidate| **candidate == local);
        exact.or_else(|| candidates.iter().find(|candidate| candidate.is_ipv4() == local.is_ipv4())).copied()
    }

    /// Does what the rest of the server asks.
    pub fn handle_command(&mut self, command: RoomCommand, now: Instant) {
        self.now = self.now.max(now);
        let now = self.now;
        match command {
            RoomCommand::Open { room, record } => self.open(room, record.as_ref()),
            RoomCommand::StartRecording { room, plan } => self.start_recording(room, &plan),
            RoomCommand::StopRecording { room } => self.in_room(room, |room, links| room.stop_recording(links, now)),
            RoomCommand::Close { room } => self.in_room(room, |room, links| room.close(links, now)),
            RoomCommand::Join { room, participant, join, offer } => {
                self.in_room_or_refuse(room, participant, Some(join), |room, links| {
                    room.join(participant, join, &offer, links, now);
                });
            }
            RoomCommand::Answer { room, participant, answer } => {
                self.in_room_or_refuse(room, participant, None, |room, links| {
                    room.answer(participant, &answer, links, now);
                });
            }
            RoomCommand::Switch { room, participant, source, on } => {
                self.in_room(room, |room, links| room.switch(participant, source, on, links, now));
            }
            RoomCommand::Leave { room, participant } => {
                self.in_room(room, |room, links| room.leave(participant, links, now));
            }
        }
    }

    fn open(&mut self, id: RoomId, record: Option<&RecordingPlan>) {
        if !self.by_id.contains_key(&id) {
            let capacity = self.room_capacity;
            let key = self.rooms.insert_with(|key| Place {
                room: Room::new(id, key, capacity, record.is_some()),
                scheduled: None,
                touched: false,
            });
            self.by_id.insert(id, key);
            self.links.tell(RoomEvent::Opened { room: id });
            if let Some(plan) = record {
                self.start_recording(id, plan);
            }
        }
    }

    fn start_recording(&mut self, room: RoomId, plan: &RecordingPlan) {
        if let Some(key) = self.by_id.get(&room) {
            self.by_recording.insert(plan.recording, *key);
        }
        let now = self.now;
        self.in_room(room, |room, links| room.start_recording(plan, links, now));
    }

    /// Takes what the writer thread says.
    pub fn handle_disk(&mut self, report: &DiskReport, now: Instant) {
        self.now = self.now.max(now);
        let now = self.now;
        let Some(key) = self.by_recording.get(&report.recording()).copied() else { return };
        if let Some(place) = self.rooms.get_mut(key) {
            place.room.handle_disk(report, &mut self.links, now);
            if place.room.recording() != Some(report.recording()) {
                self.by_recording.remove(&report.recording());
            }
        }
        self.touch(key);
    }

    /// Lets time pass.
    pub fn handle_timeout(&mut self, now: Instant) {
        self.now = self.now.max(now);
        while let Some((owner, at)) = self.timers.pop(self.now) {
            match owner {
                Owner::Peer(key) => {
                    let Some(link) = self.links.get_mut(key).filter(|link| link.scheduled == Some(at)) else {
                        continue;
                    };
                    link.scheduled = None;
                    match link.peer.deadline() {
                        Some(deadline) if deadline > self.now => {
                            self.timers.schedule(owner, deadline, &mut link.scheduled);
                        }
                        Some(_) => {
                            link.written = true;
                            self.links.wake(key);
                        }
                        None => {}
                    }
                }
                Owner::Room(key) => {
                    let Some(place) = self.rooms.get_mut(key).filter(|place| place.scheduled == Some(at)) else {
                        continue;
                    };
                    place.scheduled = None;
                    self.touch(key);
                }
            }
        }
    }

    /// When [`Self::handle_timeout`] must be called next, if all output has been taken.
    #[must_use]
    pub fn poll_timeout(&self) -> Option<Instant> {
        self.timers.next()
    }

    /// The next thing to do.
    pub fn poll_output(&mut self) -> Option<Output> {
        if self.links.out.is_empty() {
            self.flush();
        }
        self.links.out.pop_front()
    }

    /// Gives every peer and room that has something to do its turn, until there is output or none has.
    fn flush(&mut self) {
        loop {
            while let Some(key) = self.links.next_waiting() {
                self.with_peer(key, |shard| {
                    if shard.links.get_mut(key).is_some_and(|link| link.written) {
                        shard.links.pass_time(key, shard.now);
                    }
                    shard.poll_peer(key, Until::Idle);
                });
            }
            let Some(key) = self.touched.pop() else { return };
            self.settle(key);
        }
    }

    /// A room after something happened in it.
    fn settle(&mut self, key: RoomKey) {
        let Some(place) = self.rooms.get_mut(key) else { return };
        place.touched = false;
        if place.room.poll_timeout().is_some_and(|at| at <= self.now) {
            place.room.handle_timeout(&mut self.links, self.now);
        }
        if place.room.is_over() {
            let id = place.room.id();
            self.rooms.remove(key);
            self.by_id.remove(&id);
            self.by_recording.retain(|_, of| *of != key);
            self.links.tell(RoomEvent::Closed { room: id });
        } else if let Some(at) = place.room.poll_timeout() {
            self.timers.schedule(Owner::Room(key), at, &mut place.scheduled);
        }
    }

    /// Takes what a peer has. After a datagram that ends with its packet, if it held one: the rest can wait for the whole batch.
    fn poll_peer(&mut self, key: PeerKey, until: Until) {
        loop {
            let Some(link) = self.links.get_mut(key) else { return };
            match link.peer.poll(self.now) {
                Polled::Transmit(transmit) => {
                    let transport = match transmit.proto {
                        Protocol::Udp => Transport::Udp,
                        Protocol::Tcp | Protocol::SslTcp | Protocol::Tls => Transport::Tcp,
                    };
                    self.links.out.push_back(Output::Transmit(Transmit {
                        transport,
                        source: transmit.source,
                        destination: transmit.destination,
                        bytes: transmit.contents.into(),
                    }));
                }
                Polled::Event(event) => {
                    let room = link.peer.room;
                    let done = until == Until::Packet && matches!(event, PeerEvent::Packet { .. });
                    if let Some(place) = self.rooms.get_mut(room) {
                        place.room.handle_peer(key, event, &mut self.links, self.now);
                    }
                    self.touch(room);
                    if done {
                        return;
                    }
                }
                Polled::Idle => {
                    if link.leaving {
                        self.links.forget(key);
                    } else if let Some(at) = link.peer.deadline() {
                        self.timers.schedule(Owner::Peer(key), at, &mut link.scheduled);
                    }
                    return;
                }
            }
        }
    }

    fn touch(&mut self, key: RoomKey) {
        if let Some(place) = self.rooms.get_mut(key)
            && !place.touched
        {
            place.touched = true;
            self.touched.push(key);
        }
    }

    fn in_room(&mut self, room: RoomId, act: impl FnOnce(&mut Room, &mut Links)) {
        let Some(key) = self.by_id.get(&room).copied() else { return };
        if let Some(place) = self.rooms.get_mut(key) {
            act(&mut place.room, &mut self.links);
        }
        self.touch(key);
    }

    fn in_room_or_refuse(
        &mut self,
        room: RoomId,
        participant: ParticipantId,
        join: Option<JoinId>,
        act: impl FnOnce(&mut Room, &mut Links),
    ) {
        let refusal = if !self.by_id.contains_key(&room) {
            NegotiationRefusal::RoomNotOpen
        } else if catch_unwind(AssertUnwindSafe(|| self.in_room(room, act))).is_err() {
            // As with datagrams: a browser's text must not end the calls of others.
            self.links.counters.panics += 1;
            NegotiationRefusal::Malformed("it cannot be understood".to_owned())
        } else {
            return;
        };
        self.links.tell(RoomEvent::Refused { room, participant, join, refusal });
    }

    /// Closes every room, as before the program ends.
    pub fn close_rooms(&mut self, now: Instant) {
        let rooms: Vec<RoomId> = self.by_id.keys().copied().collect();
        for room in rooms {
            self.handle_command(RoomCommand::Close { room }, now);
        }
    }

    /// Whether an address has proved to be a peer's.
    #[must_use]
    pub fn knows(&self, transport: Transport, source: SocketAddr) -> bool {
        self.links.demux.by_address(transport, source).is_some()
    }

    /// Counts since the shard was made.
    #[must_use]
    pub const fn counters(&self) -> &Counters {
        &self.links.counters
    }

    /// How much the shard holds.
    #[must_use]
    pub fn sizes(&self) -> Sizes {
        let (peers, demux_entries) = self.links.sizes();
        Sizes { rooms: self.by_id.len(), peers, demux_entries }
    }
}

/// How far a peer is polled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    Packet,
    Idle,
}
