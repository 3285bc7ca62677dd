//! Scripted clients over real sockets, any number of them on one thread.
//!
//! Signalling is left to the test: it takes a client by its place, carries its offer to the server by whatever way the
//! server has, and lets the crowd run on.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{Duration, Instant};

use mio::net::{TcpStream, UdpSocket};
use mio::{Events, Interest, Poll, Token};

use crate::client::{Client, ClientConfig, Sent};

/// Clients and their sockets.
pub struct Crowd {
    local: IpAddr,
    poll: Poll,
    members: Vec<Member>,
    timers: BinaryHeap<Reverse<(Instant, usize)>>,
}

struct Member {
    client: Client,
    wire: Wire,
    scheduled: Option<Instant>,
    /// Copies of what it sends, while somebody asks for them.
    tap: Option<Vec<Vec<u8>>>,
}

enum Wire {
    Udp(UdpSocket),
    Tcp { stream: TcpStream, server: SocketAddr, partial: Vec<u8>, waiting: Vec<u8> },
}

impl Crowd {
    /// Nobody yet.
    ///
    /// # Errors
    ///
    /// The system gives no poll.
    pub fn new() -> io::Result<Self> {
        Self::at(Ipv4Addr::LOCALHOST.into())
    }

    /// Nobody yet; everybody over UDP will be at this address of the machine.
    ///
    /// # Errors
    ///
    /// The system gives no poll.
    pub fn at(local: IpAddr) -> io::Result<Self> {
        Ok(Self { local, poll: Poll::new()?, members: Vec::new(), timers: BinaryHeap::new() })
    }

    /// Adds a client with a UDP socket of its own. `config` gets its address. Returns its place.
    ///
    /// # Errors
    ///
    /// No port is free.
    pub fn add_udp(&mut self, config: impl FnOnce(SocketAddr) -> ClientConfig) -> io::Result<usize> {
        let socket = UdpSocket::bind(SocketAddr::new(self.local, 0))?;
        let local = socket.local_addr()?;
        let client = Client::new(config(local), Instant::now());
        let mut wire = Wire::Udp(socket);
        self.register(&mut wire)?;
        Ok(self.push(client, wire))
    }

    /// Adds a client that is connected to the server's TCP port.
    ///
    /// # Errors
    ///
    /// The server does not listen there.
    pub fn add_tcp(
        &mut self,
        server: SocketAddr,
        config: impl FnOnce(SocketAddr) -> ClientConfig,
    ) -> io::Result<usize> {
        let stream = std::net::TcpStream::connect(server)?;
        stream.set_nonblocking(true)?;
        stream.set_nodelay(true)?;
        let local = stream.local_addr()?;
        let client = Client::new(ClientConfig { tcp: true, ..config(local) }, Instant::now());
        let mut wire =
            Wire::Tcp { stream: TcpStream::from_std(stream), server, partial: Vec::new(), waiting: Vec::new() };
        self.register(&mut wire)?;
        Ok(self.push(client, wire))
    }

    fn register(&self, wire: &mut Wire) -> io::Result<()> {
        let token = Token(self.members.len());
        match wire {
            Wire::Udp(socket) => self.poll.registry().register(socket, token, Interest::READABLE),
            Wire::Tcp { stream, .. } => {
                self.poll.registry().register(stream, token, Interest::READABLE | Interest::WRITABLE)
            }
        }
    }

    fn push(&mut self, client: Client, wire: Wire) -> usize {
        self.members.push(Member { client, wire, scheduled: None, tap: None });
        self.members.len() - 1
    }

    /// A client by its place.
    ///
    /// # Panics
    ///
    /// There is none.
    pub fn client(&mut self, at: usize) -> &mut Client {
        &mut self.members[at].client
    }

    /// Keeps copies of everything that a client sends from now on.
    pub fn tap(&mut self, at: usize) {
        self.members[at].tap = Some(Vec::new());
    }

    /// Gives the copies and keeps no more.
    pub fn untap(&mut self, at: usize) -> Vec<Vec<u8>> {
        self.members[at].tap.take().unwrap_or_default()
    }

    /// Sends something from a client's own address that the client knows nothing of.
    pub fn send_as(&mut self, at: usize, destination: SocketAddr, bytes: &[u8]) {
        let member = &mut self.members[at];
        member.wire.send(&Sent { source: member.client.local(), destination, bytes: bytes.to_vec() });
    }

    /// How many clients there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.members.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// Lets everybody take part in the call for this long, in real time.
    ///
    /// # Errors
    ///
    /// Waiting failed; what fails on one socket only is that client's loss.
    pub fn run_for(&mut self, span: Duration) -> io::Result<()> {
        let until = Instant::now() + span;
        // Signalling may have given anybody something to do.
        for at in 0..self.members.len() {
            self.turn(at, Instant::now(), true);
        }
        let mut events = Events::with_capacity(1_024);
        loop {
            let now = Instant::now();
            if now >= until {
                return Ok(());
            }
            let next = self.timers.peek().map_or(until, |Reverse((at, _))| (*at).min(until));
            if let Err(error) = self.poll.poll(&mut events, Some(next.saturating_duration_since(now)))
                && error.kind() != io::ErrorKind::Interrupted
            {
                return Err(error);
            }
            for event in &events {
                let Token(at) = event.token();
                let now = Instant::now();
                self.members[at].receive(now);
                self.turn(at, now, false);
            }
            let now = Instant::now();
            while let Some(Reverse((due, at))) = self.timers.peek().copied().filter(|Reverse((due, _))| *due <= now) {
                self.timers.pop();
                if self.members[at].scheduled == Some(due) {
                    self.members[at].scheduled = None;
                    self.turn(at, now, true);
                }
            }
        }
    }

    fn turn(&mut self, at: usize, now: Instant, time: bool) {
        let member = &mut self.members[at];
        if time && member.client.poll_timeout() <= now {
            member.client.handle_timeout(now);
        }
        while let Some(sent) = member.client.poll_output() {
            member.wire.send(&sent);
            if let Some(tap) = &mut member.tap {
                tap.push(sent.bytes);
            }
        }
        let next = member.client.poll_timeout();
        if member.scheduled.is_none_or(|known| next < known) {
            member.scheduled = Some(next);
            self.timers.push(Reverse((next, at)));
        }
    }
}

impl Member {
    fn receive(&mut self, now: Instant) {
        let mut buffer = [0_u8; 4_096];
        match &mut self.wire {
            Wire::Udp(socket) => {
                while let Ok((count, source)) = socket.recv_from(&mut buffer) {
                    self.client.handle_datagram(source, &buffer[..count], now);
                }
            }
            Wire::Tcp { stream, server, partial, waiting } => {
                while let Ok(count @ 1..) = stream.read(&mut buffer) {
                    partial.extend_from_slice(&buffer[..count]);
                }
                while let [high, low, rest @ ..] = &partial[..] {
                    let length = usize::from(u16::from_be_bytes([*high, *low]));
                    let Some(frame) = rest.get(..length) else { break };
                    self.client.handle_datagram(*server, frame, now);
                    partial.drain(..length + 2);
                }
                flush(stream, waiting);
            }
        }
    }
}

impl Wire {
    fn send(&mut self, sent: &Sent) {
        match self {
            // Full buffers lose datagrams, as a network does.
            Self::Udp(socket) => drop(socket.send_to(&sent.bytes, sent.destination)),
            Self::Tcp { stream, waiting, .. } => {
                let Ok(length) = u16::try_from(sent.bytes.len()) else { return };
                waiting.extend(length.to_be_bytes());
                waiting.extend(&sent.bytes);
                flush(stream, waiting);
            }
        }
    }
}

fn flush(stream: &mut TcpStream, waiting: &mut Vec<u8>) {
    while let Ok(count @ 1..) = stream.write(waiting) {
        waiting.drain(..count);
        if waiting.is_empty() {
            return;
        }
    }
}
