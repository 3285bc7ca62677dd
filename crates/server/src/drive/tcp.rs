//! ICE over TCP: one listener, and connections that carry datagrams behind a length of two bytes (RFC 4571).
//!
//! A browser connects because it checks a candidate, so a connection must show a check that some peer vouches for within
//! ten seconds, or it is closed. What a slow browser does not take is dropped, like datagrams on a full line.

use std::collections::{HashMap, VecDeque};
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use mingjian_media::shard::Transmit;
use mio::event::Event;
use mio::net::{TcpListener, TcpStream};
use mio::{Interest, Registry, Token};
use socket2::{Domain, Protocol, Socket, Type};

/// A connection nobody vouches for is closed after this.
const PROVE_WITHIN: Duration = Duration::from_secs(10);

/// How often connections are looked through for such.
const SWEEP_EVERY: Duration = Duration::from_secs(1);

/// More connections than this are turned away.
const MAX_CONNECTIONS: usize = 4_096;

/// What waits for a slow browser: about two seconds of picture and sound.
const MAX_WAITING_BYTES: usize = 256 << 10;

/// A longer frame is no WebRTC: the connection is closed.
const MAX_FRAME: usize = 2_048;

/// The listener is no connection; connections count up from here.
const FIRST_CONNECTION: usize = 16;

/// A listener, on the first thread only, and the connections of a media thread.
pub(super) struct TcpPort {
    listener: Option<TcpListener>,
    connections: HashMap<Token, Connection>,
    by_peer: HashMap<SocketAddr, Token>,
    next_token: usize,
    next_sweep: Instant,
    /// Datagrams that a slow browser did not take in time.
    pub(super) refused: u64,
}

/// A browser's connection.
pub(super) struct Connection {
    stream: TcpStream,
    peer: SocketAddr,
    local: SocketAddr,
    /// Bytes of a frame that is not whole yet.
    partial: Vec<u8>,
    waiting: VecDeque<u8>,
    /// Since when nobody vouches for it.
    unproven_since: Option<Instant>,
}

/// What to do with a frame that came.
pub(super) enum Verdict {
    /// It was taken here.
    Taken,
    /// Its peer lives in this shard: the connection goes there.
    Elsewhere(u8),
}

impl TcpPort {
    /// No listener: connections come from another thread.
    pub(super) fn without_listener(now: Instant) -> Self {
        Self {
            listener: None,
            connections: HashMap::new(),
            by_peer: HashMap::new(),
            next_token: FIRST_CONNECTION,
            next_sweep: now + SWEEP_EVERY,
            refused: 0,
        }
    }

    /// Listens on `address`.
    ///
    /// # Errors
    ///
    /// The address is taken or not this machine's.
    pub(super) fn listen(address: SocketAddr, now: Instant) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::STREAM, Some(Protocol::TCP))?;
        // After a restart the port is wanted at once, although old connections linger.
        socket.set_reuse_address(true)?;
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        socket.listen(1_024)?;
        Ok(Self { listener: Some(TcpListener::from_std(socket.into())), ..Self::without_listener(now) })
    }

    /// Tells the poll of the listener, if there is one.
    pub(super) fn register(&mut self, registry: &Registry, token: Token) -> io::Result<()> {
        self.listener.as_mut().map_or(Ok(()), |listener| registry.register(listener, token, Interest::READABLE))
    }

    /// Takes new connections.
    pub(super) fn accept(&mut self, registry: &Registry, now: Instant) {
        while let Some(Ok((stream, peer))) = self.listener.as_ref().map(TcpListener::accept) {
            if self.connections.len() >= MAX_CONNECTIONS {
                tracing::debug!("a TCP connection was turned away: there are {MAX_CONNECTIONS}");
                continue;
            }
            let Ok(local) = stream.local_addr() else { continue };
            // Delay is worse than small segments.
            if stream.set_nodelay(true).is_err() {
                continue;
            }
            let connection = Connection {
                stream,
                peer,
                local,
                partial: Vec::new(),
                waiting: VecDeque::new(),
                unproven_since: Some(now),
            };
            self.adopt(connection, registry);
        }
    }

    /// Takes over a connection.
    pub(super) fn adopt(&mut self, mut connection: Connection, registry: &Registry) -> Option<Token> {
        let token = Token(self.next_token);
        self.next_token += 1;
        registry.register(&mut connection.stream, token, Interest::READABLE | Interest::WRITABLE).ok()?;
        self.by_peer.insert(connection.peer, token);
        self.connections.insert(token, connection);
        Some(token)
    }

    /// Something happened on a connection. Frames go to `take` as (source, local address, datagram).
    /// Returns a connection that belongs to another shard.
    pub(super) fn ready(
        &mut self,
        event: &Event,
        registry: &Registry,
        take: impl FnMut(SocketAddr, SocketAddr, &[u8]) -> Verdict,
    ) -> Option<(u8, Connection)> {
        if event.is_writable() {
            let fine =
                self.connections.get_mut(&event.token()).is_none_or(|connection| connection.write_waiting().is_ok());
            if !fine {
                self.close(event.token(), registry);
                return None;
            }
        }
        if event.is_readable() { self.read(event.token(), registry, take) } else { None }
    }

    /// Reads what is there, and first what was read before the connection came to this thread.
    pub(super) fn read(
        &mut self,
        token: Token,
        registry: &Registry,
        mut take: impl FnMut(SocketAddr, SocketAddr, &[u8]) -> Verdict,
    ) -> Option<(u8, Connection)> {
        let connection = self.connections.get_mut(&token)?;
        match connection.read(&mut take) {
            Ok(None) => None,
            Ok(Some(shard)) => {
                let mut connection = self.close(token, registry)?;
                // What was sent on the old registration is sent again on the new one: readiness is told on registering.
                connection.waiting.clear();
                Some((shard, connection))
            }
            Err(_) => {
                self.close(token, registry);
                None
            }
        }
    }

    fn close(&mut self, token: Token, registry: &Registry) -> Option<Connection> {
        let mut connection = self.connections.remove(&token)?;
        if self.by_peer.get(&connection.peer) == Some(&token) {
            self.by_peer.remove(&connection.peer);
        }
        // The registration ends with the descriptor in any case; a connection that moves to another thread must not keep two.
        let _ = registry.deregister(&mut connection.stream);
        Some(connection)
    }

    /// Sends a datagram to the browser that is connected from its destination.
    pub(super) fn send(&mut self, transmit: &Transmit, registry: &Registry) {
        let Some(token) = self.by_peer.get(&transmit.destination).copied() else {
            self.refused += 1;
            return;
        };
        let Some(connection) = self.connections.get_mut(&token) else { return };
        match connection.write_frame(&transmit.bytes) {
            Ok(true) => {}
            Ok(false) => self.refused += 1,
            Err(_) => {
                self.close(token, registry);
            }
        }
    }

    /// When [`Self::sweep`] is next.
    pub(super) const fn next_sweep(&self) -> Instant {
        self.next_sweep
    }

    /// Closes connections for which nobody has vouched for too long.
    pub(super) fn sweep(&mut self, registry: &Registry, now: Instant, vouched_for: impl Fn(SocketAddr) -> bool) {
        if now < self.next_sweep {
            return;
        }
        self.next_sweep = now + SWEEP_EVERY;
        let mut overdue = Vec::new();
        for (token, connection) in &mut self.connections {
            if vouched_for(connection.peer) {
                connection.unproven_since = None;
            } else if now.saturating_duration_since(*connection.unproven_since.get_or_insert(now)) >= PROVE_WITHIN {
                overdue.push(*token);
            }
        }
        for token in overdue {
            self.close(token, registry);
        }
    }

    /// How many connections there are.
    pub(super) fn len(&self) -> usize {
        self.connections.len()
    }
}

impl Connection {
    /// Reads until nothing is left or a frame belongs elsewhere. Such a frame stays for the one who takes the connection over.
    fn read(&mut self, take: &mut impl FnMut(SocketAddr, SocketAddr, &[u8]) -> Verdict) -> io::Result<Option<u8>> {
        let mut chunk = [0_u8; 16 << 10];
        loop {
            let mut done = 0;
            while let Some((frame, rest)) = frame(&self.partial[done..])? {
                match take(self.peer, self.local, frame) {
                    Verdict::Taken => done = self.partial.len() - rest,
                    Verdict::Elsewhere(shard) => {
                        self.partial.drain(..done);
                        return Ok(Some(shard));
                    }
                }
            }
            self.partial.drain(..done);
            match self.stream.read(&mut chunk) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(count) => self.partial.extend_from_slice(&chunk[..count]),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(None),
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
    }

    /// False when too much is waiting already: the datagram is dropped whole.
    fn write_frame(&mut self, datagram: &[u8]) -> io::Result<bool> {
        let Ok(length) = u16::try_from(datagram.len()) else { return Ok(false) };
        if self.waiting.len() + datagram.len() + 2 > MAX_WAITING_BYTES {
            return Ok(false);
        }
        self.waiting.extend(length.to_be_bytes());
        self.waiting.extend(datagram);
        self.write_waiting()?;
        Ok(true)
    }

    fn write_waiting(&mut self) -> io::Result<()> {
        while !self.waiting.is_empty() {
            match self.stream.write(self.waiting.make_contiguous()) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(count) => drop(self.waiting.drain(..count)),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => return Ok(()),
                // Not connected yet is told as writable later.
                Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::NotConnected) => {
                    return Ok(());
                }
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

/// The first frame and how many bytes follow it; none while it is not whole.
fn frame(bytes: &[u8]) -> io::Result<Option<(&[u8], usize)>> {
    let [high, low, rest @ ..] = bytes else { return Ok(None) };
    let length = usize::from(u16::from_be_bytes([*high, *low]));
    if length > MAX_FRAME {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(rest.get(..length).map(|frame| (frame, rest.len() - length)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_cut_where_their_lengths_say() {
        assert_eq!(frame(&[0, 2, 7, 8, 0]).expect("valid"), Some((&[7, 8][..], 1)));
        assert_eq!(frame(&[0, 2, 7]).expect("not whole"), None);
        assert_eq!(frame(&[0]).expect("not whole"), None);
        assert!(frame(&[255, 255]).is_err(), "no WebRTC frame is that long");
    }
}
