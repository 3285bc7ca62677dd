//! One media thread: wait, take everything that is there, let the shard think, send everything it wants.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::PoisonError;
use std::sync::mpsc::Receiver;
use std::time::{Duration, Instant};

use mingjian_domain::room::RoomEvent;
use mingjian_media::disk::DiskReport;
use mingjian_media::shard::{Output, Shard, Transport, shard_of};
use mio::{Events, Interest, Poll, Token};
use tokio::sync::mpsc::UnboundedSender;

use super::{DiskMailbox, Mail, MediaHandle, ThreadState};
use crate::drive::tcp::{Connection, TcpPort, Verdict};
use crate::drive::udp::{GATHER, UdpPort};

pub(super) const WAKER: Token = Token(0);
const UDP: Token = Token(1);
const LISTENER: Token = Token(2);

/// After this many reads the shard gets its turn before the next are made: what it sends must not wait for a flood to end.
const READS_PER_ROUND: usize = 16;

/// From this many datagrams a second on, a round waits for more to gather. Three recorded rooms make a thousand.
const BUSY_PER_SECOND: usize = 4_000;

/// A foreign address that was silent for this long is forgotten.
const FORGET_AFTER: Duration = Duration::from_secs(60);

/// A thread without deadlines still looks up this often.
const REST_AT_MOST: Duration = Duration::from_millis(500);

/// What a thread listens to.
pub(super) struct Ports {
    pub(super) udp: UdpPort,
    pub(super) tcp: TcpPort,
    pub(super) poll: Poll,
}

/// What a thread is told.
pub(super) struct Inbox {
    pub(super) mail: Receiver<Mail>,
    pub(super) reported: Receiver<DiskReport>,
}

/// Whom a thread tells.
pub(super) struct Outbox {
    pub(super) disk: DiskMailbox,
    pub(super) events: UnboundedSender<RoomEvent>,
    pub(super) handle: MediaHandle,
}

/// One media thread.
pub(super) struct Worker {
    index: usize,
    shard: Shard,
    ports: Ports,
    inbox: Inbox,
    outbox: Outbox,
    /// Addresses whose peers live on other threads.
    foreign: HashMap<SocketAddr, (usize, Instant)>,
    /// Whether the socket may hold more than was read.
    udp_ready: bool,
    rate: Rate,
    stop_by: Option<Instant>,
    next_report: Instant,
}

impl Worker {
    pub(super) fn new(index: usize, shard: Shard, mut ports: Ports, inbox: Inbox, outbox: Outbox) -> io::Result<Self> {
        let registry = ports.poll.registry();
        registry.register(ports.udp.source(), UDP, Interest::READABLE)?;
        ports.tcp.register(registry, LISTENER)?;
        let now = Instant::now();
        let rate = Rate { since: now, datagrams: 0, busy: false };
        Ok(Self {
            index,
            shard,
            ports,
            inbox,
            outbox,
            foreign: HashMap::new(),
            udp_ready: false,
            rate,
            stop_by: None,
            next_report: now,
        })
    }

    /// Works until it is told to stop.
    pub(super) fn run(mut self) {
        let mut events = Events::with_capacity(256);
        loop {
            let now = Instant::now();
            if self.is_done(now) {
                return;
            }
            if self.rate.busy {
                std::thread::sleep(GATHER);
            }
            let wait = if self.udp_ready { Duration::ZERO } else { self.rest(Instant::now()) };
            if let Err(error) = self.ports.poll.poll(&mut events, Some(wait))
                && error.kind() != io::ErrorKind::Interrupted
            {
                tracing::error!(%error, "waiting for datagrams failed");
            }
            self.round(&events);
        }
    }

    /// How long nothing needs to be done.
    fn rest(&self, now: Instant) -> Duration {
        let next = self.shard.poll_timeout().map_or(now + REST_AT_MOST, |at| at.min(now + REST_AT_MOST));
        next.min(self.ports.tcp.next_sweep()).min(self.next_report).saturating_duration_since(now)
    }

    fn is_done(&self, now: Instant) -> bool {
        self.stop_by.is_some_and(|by| {
            let sizes = self.shard.sizes();
            (sizes.rooms == 0 && sizes.peers == 0) || now >= by
        })
    }

    fn round(&mut self, events: &Events) {
        let now = Instant::now();
        self.take_mail(now);
        for event in events {
            match event.token() {
                WAKER => {}
                UDP => self.udp_ready = true,
                LISTENER => self.ports.tcp.accept(self.ports.poll.registry(), now),
                _ => {
                    let moved = {
                        let Self { shard, ports, index, .. } = self;
                        ports.tcp.ready(event, ports.poll.registry(), take_frame(shard, *index, now))
                    };
                    self.hand_over(moved);
                }
            }
        }
        if self.udp_ready {
            self.read_udp();
        }
        let now = Instant::now();
        self.ports.tcp.sweep(self.ports.poll.registry(), now, |peer| self.shard.knows(Transport::Tcp, peer));
        if self.shard.poll_timeout().is_some_and(|at| at <= now) {
            self.shard.handle_timeout(now);
        }
        self.carry_out();
        self.report(now);
    }

    fn take_mail(&mut self, now: Instant) {
        while let Ok(report) = self.inbox.reported.try_recv() {
            self.shard.handle_disk(&report, now);
        }
        while let Ok(mail) = self.inbox.mail.try_recv() {
            match mail {
                Mail::Command(command) => self.shard.handle_command(command, now),
                Mail::Datagram { from, source, local, bytes } => {
                    let known = self.shard.knows(Transport::Udp, source);
                    self.shard.handle_datagram(Transport::Udp, source, local, &bytes, now);
                    if !known && self.shard.knows(Transport::Udp, source) {
                        // A full mailbox only means that the next check is passed on, too.
                        let _ = self.outbox.handle.mailboxes[from].send(Mail::Follow { source, to: self.index });
                    }
                }
                Mail::Follow { source, to } => {
                    self.foreign.insert(source, (to, now));
                }
                Mail::Connection(connection) => self.take_over(*connection, now),
                Mail::Stop { by } => {
                    self.stop_by = Some(by);
                    self.shard.close_rooms(now);
                }
            }
        }
    }

    fn read_udp(&mut self) {
        let Self { shard, ports, outbox, foreign, index, rate, .. } = self;
        for _ in 0..READS_PER_ROUND {
            let now = Instant::now();
            let threads = outbox.handle.mailboxes.len();
            let taken = ports.udp.receive(|source, local, bytes| {
                if threads > 1 && !shard.knows(Transport::Udp, source) {
                    let named = shard_of(bytes).map(usize::from).filter(|shard| *shard < threads);
                    let followed = foreign.get_mut(&source).map(|(to, seen)| {
                        *seen = now;
                        *to
                    });
                    if let Some(to) = named.or(followed).filter(|to| to != index) {
                        // What a full mailbox does not take is lost, as on a full line.
                        let _ = outbox.handle.mailboxes[to].send(Mail::Datagram {
                            from: *index,
                            source,
                            local,
                            bytes: bytes.to_vec(),
                        });
                        return;
                    }
                }
                shard.handle_datagram(Transport::Udp, source, local, bytes, now);
            });
            rate.datagrams += taken;
            if taken == 0 {
                self.udp_ready = false;
                return;
            }
        }
    }

    fn take_over(&mut self, connection: Connection, now: Instant) {
        let Self { shard, ports, index, .. } = self;
        let registry = ports.poll.registry();
        let Some(token) = ports.tcp.adopt(connection, registry) else { return };
        let moved = ports.tcp.read(token, registry, take_frame(shard, *index, now));
        self.hand_over(moved);
    }

    /// Passes a connection to the thread where its peer lives.
    fn hand_over(&self, moved: Option<(u8, Connection)>) {
        let Some((shard, connection)) = moved else { return };
        // A shard that does not exist, or whose mailbox is full: the connection ends here, and the browser tries again.
        if let Some(mailbox) = self.outbox.handle.mailboxes.get(usize::from(shard)) {
            let _ = mailbox.send(Mail::Connection(Box::new(connection)));
        }
    }

    fn carry_out(&mut self) {
        while let Some(output) = self.shard.poll_output() {
            match output {
                Output::Transmit(transmit) => match transmit.transport {
                    Transport::Udp => self.ports.udp.send(transmit),
                    Transport::Tcp => self.ports.tcp.send(&transmit, self.ports.poll.registry()),
                },
                Output::Disk(command) => (self.outbox.disk)(command),
                Output::Event(event) => {
                    if let RoomEvent::Closed { room } = event {
                        self.outbox.handle.forget(room);
                    }
                    // Nobody listens any more when the server ends.
                    let _ = self.outbox.events.send(event);
                }
            }
        }
        self.ports.udp.flush();
    }

    /// Once a second: what is counted, and whether there is much to do.
    fn report(&mut self, now: Instant) {
        self.rate.observe(now);
        if now < self.next_report {
            return;
        }
        self.next_report = now + Duration::from_secs(1);
        self.foreign.retain(|_, (_, seen)| now.saturating_duration_since(*seen) < FORGET_AFTER);
        let state = ThreadState {
            counters: *self.shard.counters(),
            sizes: Some(self.shard.sizes()),
            refused: self.ports.udp.refused + self.ports.tcp.refused,
            tcp_connections: self.ports.tcp.len(),
        };
        self.outbox.handle.states.lock().unwrap_or_else(PoisonError::into_inner)[self.index] = state;
    }
}

/// What a thread does with a frame from a TCP connection.
fn take_frame(shard: &mut Shard, index: usize, now: Instant) -> impl FnMut(SocketAddr, SocketAddr, &[u8]) -> Verdict {
    move |peer, local, frame| match shard_of(frame) {
        Some(other) if usize::from(other) != index && !shard.knows(Transport::Tcp, peer) => Verdict::Elsewhere(other),
        _ => {
            shard.handle_datagram(Transport::Tcp, peer, local, frame, now);
            Verdict::Taken
        }
    }
}

/// How many datagrams come, looked at ten times a second.
struct Rate {
    since: Instant,
    datagrams: usize,
    busy: bool,
}

impl Rate {
    fn observe(&mut self, now: Instant) {
        let span = now.saturating_duration_since(self.since);
        if span >= Duration::from_millis(100) {
            let per_second = self.datagrams as u128 * 1_000 / span.as_millis();
            self.busy = per_second >= BUSY_PER_SECOND as u128;
            self.since = now;
            self.datagrams = 0;
        }
    }
}
