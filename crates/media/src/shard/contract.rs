//! What goes into a shard and comes out of it.

use std::net::SocketAddr;

use mingjian_domain::room::RoomEvent;
use str0m::config::DtlsCert;

use crate::disk::DiskCommand;
use crate::epoch::Epoch;

/// How a datagram travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Transport {
    /// UDP.
    Udp,
    /// TCP, each datagram behind a length of two bytes (RFC 4571). Here it comes and goes without the length.
    Tcp,
}

/// A datagram to send.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Transmit {
    /// Over what.
    pub transport: Transport,
    /// The candidate address it is sent from.
    pub source: SocketAddr,
    /// Where to.
    pub destination: SocketAddr,
    /// The datagram.
    pub bytes: Vec<u8>,
}

/// What a shard wants done.
#[derive(Debug, Clone, PartialEq)]
pub enum Output {
    /// A datagram to send.
    Transmit(Transmit),
    /// A step for the writer thread.
    Disk(DiskCommand),
    /// A fact for the rest of the server.
    Event(RoomEvent),
}

/// What a shard is made with.
#[derive(Debug)]
pub struct ShardConfig {
    /// Which shard of the process this is, below 64. It is the first character of its ICE user names, see [`shard_of`](super::shard_of).
    pub index: u8,
    /// The same moment on both clocks.
    pub epoch: Epoch,
    /// UDP addresses under which browsers reach the server: its ICE candidates.
    pub udp: Vec<SocketAddr>,
    /// TCP addresses, likewise.
    pub tcp: Vec<SocketAddr>,
    /// The certificate of all DTLS connections.
    pub certificate: DtlsCert,
    /// How many people a room holds.
    pub room_capacity: usize,
}

/// Counts since the shard was made.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counters {
    /// Datagrams handed in.
    pub received: u64,
    /// Of these, dropped because their source is not known and they prove nothing.
    pub unknown: u64,
    /// Of these, dropped because they are no STUN, DTLS, RTP or RTCP, or the transport could not use them.
    pub unusable: u64,
    /// Media packets written to listeners.
    pub forwarded: u64,
    /// Key frames asked of publishers.
    pub keyframes_asked: u64,
    /// Times that a browser's datagram or text brought a machine to panic. Anything but 0 is a bug to be found.
    pub panics: u64,
}

/// How much a shard holds, for placing rooms and for watching that nothing grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Sizes {
    /// Rooms that are open or being closed.
    pub rooms: usize,
    /// Connections, those of people who are being parted included.
    pub peers: usize,
    /// Entries in the tables that tell datagrams apart.
    pub demux_entries: usize,
}
