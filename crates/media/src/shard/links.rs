//! All peers of a shard, and the way out: what rooms share and pass on to each other's peers.

use std::collections::VecDeque;
use std::time::Instant;

use mingjian_domain::random::Randomness;
use mingjian_domain::room::RoomEvent;
use str0m::IceCreds;

use super::demux::Demux;
use super::{Counters, Output, PeerKey};
use crate::epoch::Epoch;
use crate::peer::{Peer, PeerConfig};
use crate::slab::Slab;
use crate::timers::Scheduled;

/// A peer and its place in the shard's queues.
pub(crate) struct Link {
    pub(crate) peer: Peer,
    pub(crate) scheduled: Scheduled,
    /// Whether it stands in the queue of those with something to do.
    waiting: bool,
    /// Whether something was written to it that goes out only when time has passed.
    pub(crate) written: bool,
    /// Forgotten as soon as its good-bye is sent.
    pub(crate) leaving: bool,
}

/// The peers of all rooms of a shard.
pub(crate) struct Links {
    peers: Slab<Link>,
    pub(crate) demux: Demux,
    waiting: VecDeque<PeerKey>,
    pub(crate) out: VecDeque<Output>,
    pub(crate) counters: Counters,
    pub(crate) config: PeerConfig,
    pub(crate) epoch: Epoch,
    pub(crate) random: Box<dyn Randomness + Send>,
    /// First characters of every ICE user name: which shard of the process it belongs to.
    prefix: char,
    next_serial: u64,
}

impl Links {
    pub(crate) fn new(config: PeerConfig, epoch: Epoch, random: Box<dyn Randomness + Send>, prefix: char) -> Self {
        Self {
            peers: Slab::default(),
            demux: Demux::default(),
            waiting: VecDeque::new(),
            out: VecDeque::new(),
            counters: Counters::default(),
            config,
            epoch,
            random,
            prefix,
            next_serial: 1,
        }
    }

    /// Credentials for a new peer: 72 and 144 random bits (RFC 8445 section 5.3 asks for 24 and 128).
    pub(crate) fn mint_credentials(&mut self) -> IceCreds {
        let mut bytes = [0_u8; 36];
        self.random.fill(&mut bytes);
        let text = |bytes: &[u8]| {
            bytes.iter().map(|byte| ICE_CHARS[usize::from(byte & 63)]).map(char::from).collect::<String>()
        };
        IceCreds { ufrag: format!("{}{}", self.prefix, text(&bytes[..12])), pass: text(&bytes[12..]) }
    }

    /// A number that rises with every peer.
    pub(crate) fn next_serial(&mut self) -> u64 {
        self.next_serial += 1;
        self.next_serial
    }

    pub(crate) fn add(&mut self, peer: Peer) -> PeerKey {
        let ufrag = peer.ufrag.clone();
        let key =
            self.peers.insert_with(|_| Link { peer, scheduled: None, waiting: false, written: false, leaving: false });
        self.demux.add(ufrag, key);
        self.wake(key);
        key
    }

    pub(crate) fn get_mut(&mut self, key: PeerKey) -> Option<&mut Link> {
        self.peers.get_mut(key)
    }

    pub(crate) fn peer(&self, key: PeerKey) -> Option<&Peer> {
        self.peers.get(key).map(|link| &link.peer)
    }

    /// The peer, to do something that makes it want to be polled.
    pub(crate) fn peer_mut(&mut self, key: PeerKey) -> Option<&mut Peer> {
        self.wake(key);
        self.peers.get_mut(key).map(|link| &mut link.peer)
    }

    /// The peer, to write to it.
    pub(crate) fn write_to(&mut self, key: PeerKey) -> Option<&mut Peer> {
        self.wake(key);
        let link = self.peers.get_mut(key)?;
        link.written = true;
        Some(&mut link.peer)
    }

    /// Puts the peer in the queue of those with something to do.
    pub(crate) fn wake(&mut self, key: PeerKey) {
        if let Some(link) = self.peers.get_mut(key)
            && !link.waiting
        {
            link.waiting = true;
            self.waiting.push_back(key);
        }
    }

    pub(crate) fn next_waiting(&mut self) -> Option<PeerKey> {
        let key = self.waiting.pop_front()?;
        if let Some(link) = self.peers.get_mut(key) {
            link.waiting = false;
        }
        Some(key)
    }

    /// Lets a peer say good-bye and forgets it afterwards.
    pub(crate) fn part(&mut self, key: PeerKey) {
        if let Some(link) = self.peers.get_mut(key) {
            link.peer.close();
            link.leaving = true;
        }
        self.wake(key);
    }

    pub(crate) fn forget(&mut self, key: PeerKey) {
        if let Some(link) = self.peers.remove(key) {
            self.demux.remove(&link.peer.ufrag, key);
        }
    }

    pub(crate) fn tell(&mut self, event: RoomEvent) {
        self.out.push_back(Output::Event(event));
    }

    /// How many peers and table entries there are.
    pub(crate) fn sizes(&self) -> (usize, usize) {
        (self.peers.len(), self.demux.len())
    }

    /// Hands a written or timed-out peer its time.
    pub(crate) fn pass_time(&mut self, key: PeerKey, now: Instant) {
        if let Some(link) = self.peers.get_mut(key) {
            link.written = false;
            link.peer.handle_timeout(now);
        }
    }
}

/// ice-char (RFC 8839 section 5.4).
const ICE_CHARS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
