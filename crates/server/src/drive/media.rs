//! The media threads: each turns one shard with its own sockets, and a room lives on one of them.
//!
//! The rest of the server holds a [`MediaHandle`]: commands go in by value, events come out of one stream in the order in
//! which each room told them. All threads share one UDP and one TCP port. Where the kernel hands a datagram to the wrong
//! thread, it is passed on: the user name of a STUN check says whose it is, and once that thread knows the address the rest
//! follows.

mod worker;

#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::mpsc::{self, SyncSender, TrySendError};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use mingjian_domain::id::RoomId;
use mingjian_domain::random::Randomness;
use mingjian_domain::room::{RoomCommand, RoomEvent};
use mingjian_media::disk::{DiskCommand, DiskReport};
use mingjian_media::epoch::Epoch;
use mingjian_media::shard::{Counters, Shard, ShardConfig, Sizes};
use mio::{Poll, Waker};
use time::OffsetDateTime;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

use super::tcp::{Connection, TcpPort};
use super::udp::{UdpPort, kernel_drops};
use worker::{Inbox, Outbox, Ports, Worker};

/// Commands that wait for a thread. It takes them a thousand times a second at least.
const MAILBOX: usize = 4_096;

/// A thread per user-name character is the most that can be told apart.
const MAX_THREADS: usize = 64;

/// What the media threads are started with.
#[derive(Debug, Clone)]
pub struct MediaConfig {
    /// Where UDP and TCP are bound. Port 0 takes a free one.
    pub bind: SocketAddr,
    /// Under which addresses browsers reach that port: the ICE candidates. Port 0 stands for the bound port. Empty: the bound address.
    pub public: Vec<SocketAddr>,
    /// How many threads, 1 to 64.
    pub threads: usize,
    /// How many people a room holds.
    pub room_capacity: usize,
}

/// Through which a writer thread answers.
pub type DiskReports = Box<dyn Fn(DiskReport) + Send>;
/// Through which a writer thread is asked. It must not block.
pub type DiskMailbox = Box<dyn FnMut(DiskCommand) + Send>;

/// The thread's mailbox is full. The server is overloaded: say so, and try again later.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the media threads are overloaded; try again in a moment")]
pub struct MailboxFull;

/// What goes to a media thread.
enum Mail {
    Command(RoomCommand),
    /// A datagram that came to the wrong thread.
    Datagram {
        from: usize,
        source: SocketAddr,
        local: SocketAddr,
        bytes: Vec<u8>,
    },
    /// That thread knows this address: what comes from there is its.
    Follow {
        source: SocketAddr,
        to: usize,
    },
    /// A TCP connection whose peer lives there.
    Connection(Box<Connection>),
    /// Close all rooms and end.
    Stop {
        by: Instant,
    },
}

/// A thread's mailbox and what wakes it.
#[derive(Clone)]
struct Mailbox {
    mail: SyncSender<Mail>,
    waker: Arc<Waker>,
}

impl Mailbox {
    fn send(&self, mail: Mail) -> Result<(), MailboxFull> {
        self.mail.try_send(mail).map_err(|error| match error {
            TrySendError::Full(_) | TrySendError::Disconnected(_) => MailboxFull,
        })?;
        // A thread that cannot be woken wakes by itself within a moment: its timers never rest longer.
        let _ = self.waker.wake();
        Ok(())
    }
}

/// Where rooms live.
#[derive(Default)]
struct Placement {
    rooms: HashMap<RoomId, usize>,
    load: Vec<usize>,
}

/// What a thread last told about itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct ThreadState {
    /// What its shard counted.
    pub counters: Counters,
    /// What its shard holds.
    pub sizes: Option<Sizes>,
    /// Datagrams that the kernel or a slow browser would not take.
    pub refused: u64,
    /// TCP connections.
    pub tcp_connections: usize,
}

/// The way to the rooms. Cheap to clone.
#[derive(Clone)]
pub struct MediaHandle {
    mailboxes: Arc<[Mailbox]>,
    placement: Arc<Mutex<Placement>>,
    states: Arc<Mutex<Vec<ThreadState>>>,
    local: SocketAddr,
}

impl MediaHandle {
    /// Sends a command to the thread of its room. A room is placed on the thread with the fewest when it is opened.
    ///
    /// # Errors
    ///
    /// The thread's mailbox is full.
    pub fn send(&self, command: RoomCommand) -> Result<(), MailboxFull> {
        let room = room_of(&command);
        let (thread, placed) = {
            let mut placement = self.placement.lock().unwrap_or_else(PoisonError::into_inner);
            match placement.rooms.get(&room).copied() {
                Some(thread) => (thread, false),
                None if matches!(command, RoomCommand::Open { .. }) => {
                    let thread = (0..placement.load.len()).min_by_key(|thread| placement.load[*thread]).unwrap_or(0);
                    placement.rooms.insert(room, thread);
                    placement.load[thread] += 1;
                    (thread, true)
                }
                // No thread has it; any will say so.
                None => (0, false),
            }
        };
        let sent = self.mailboxes[thread].send(Mail::Command(command));
        if sent.is_err() && placed {
            self.forget(room);
        }
        sent
    }

    fn forget(&self, room: RoomId) {
        let mut placement = self.placement.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(thread) = placement.rooms.remove(&room) {
            placement.load[thread] -= 1;
        }
    }

    /// The address that UDP and TCP are bound to.
    #[must_use]
    pub const fn local(&self) -> SocketAddr {
        self.local
    }

    /// What each thread last told about itself; it does so once a second.
    #[must_use]
    pub fn states(&self) -> Vec<ThreadState> {
        self.states.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Datagrams that the kernel threw away because no thread took them in time. None where the system does not tell.
    #[must_use]
    pub fn kernel_drops(&self) -> Option<u64> {
        kernel_drops(self.local.port())
    }
}

const fn room_of(command: &RoomCommand) -> RoomId {
    match command {
        RoomCommand::Open { room, .. }
        | RoomCommand::StartRecording { room, .. }
        | RoomCommand::StopRecording { room }
        | RoomCommand::Close { room }
        | RoomCommand::Join { room, .. }
        | RoomCommand::Answer { room, .. }
        | RoomCommand::Switch { room, .. }
        | RoomCommand::Leave { room, .. } => *room,
    }
}

/// The running media threads.
pub struct Media {
    handle: MediaHandle,
    threads: Vec<JoinHandle<()>>,
}

impl Media {
    /// Starts the threads. `random` makes each one's source of randomness, fit for secrets; `disk` starts or finds the writer of each.
    ///
    /// Returns the way to the rooms and the stream of what they tell. The stream must be read: it does not hold rooms up when it is not.
    ///
    /// # Errors
    ///
    /// The port is taken or not this machine's, or the system gives no thread.
    pub fn start(
        config: &MediaConfig,
        random: &mut dyn FnMut() -> Box<dyn Randomness + Send>,
        disk: &mut dyn FnMut(DiskReports) -> DiskMailbox,
    ) -> io::Result<(Self, UnboundedReceiver<RoomEvent>)> {
        let count = config.threads.clamp(1, MAX_THREADS);
        let now = Instant::now();
        let epoch = Epoch { instant: now, unix: OffsetDateTime::now_utc() };
        let certificate = str0m::crypto::from_feature_flags()
            .dtls_provider
            .generate_certificate()
            .ok_or_else(|| io::Error::other("the crypto library makes no certificates"))?;
        let (mut sockets, tcp, local) = bind(config.bind, count, now)?;
        let mut tcp = Some(tcp);
        let public: Vec<SocketAddr> = if config.public.is_empty() {
            vec![local]
        } else {
            let with_port = |address: &SocketAddr| {
                if address.port() == 0 { SocketAddr::new(address.ip(), local.port()) } else { *address }
            };
            config.public.iter().map(with_port).collect()
        };

        let mut boxes = Vec::with_capacity(count);
        let mut inboxes = Vec::with_capacity(count);
        for _ in 0..count {
            let poll = Poll::new()?;
            let waker = Arc::new(Waker::new(poll.registry(), worker::WAKER)?);
            let (mail, inbox) = mpsc::sync_channel(MAILBOX);
            boxes.push(Mailbox { mail, waker });
            inboxes.push((poll, inbox));
        }
        let handle = MediaHandle {
            mailboxes: boxes.into(),
            placement: Arc::new(Mutex::new(Placement { rooms: HashMap::new(), load: vec![0; count] })),
            states: Arc::new(Mutex::new(vec![ThreadState::default(); count])),
            local,
        };
        let (events, stream): (UnboundedSender<RoomEvent>, _) = unbounded_channel();
        let mut threads = Vec::with_capacity(count);
        for (index, (poll, inbox)) in inboxes.into_iter().enumerate() {
            let (reports, reported) = mpsc::channel();
            let waker = handle.mailboxes[index].waker.clone();
            let disk = disk(Box::new(move |report| {
                // After the thread has ended nobody waits for reports.
                if reports.send(report).is_ok() {
                    let _ = waker.wake();
                }
            }));
            let shard = ShardConfig {
                index: u8::try_from(index).expect("at most 64 threads"),
                epoch,
                udp: public.clone(),
                tcp: public.clone(),
                certificate: certificate.clone(),
                room_capacity: config.room_capacity,
            };
            let tcp = tcp.take().unwrap_or_else(|| TcpPort::without_listener(now));
            let worker = Worker::new(
                index,
                Shard::new(shard, random()),
                Ports { udp: sockets.remove(0), tcp, poll },
                Inbox { mail: inbox, reported },
                Outbox { disk, events: events.clone(), handle: handle.clone() },
            )?;
            threads.push(thread::Builder::new().name(format!("media-{index}")).spawn(move || worker.run())?);
        }
        Ok((Self { handle, threads }, stream))
    }

    /// The way to the rooms.
    #[must_use]
    pub fn handle(&self) -> MediaHandle {
        self.handle.clone()
    }

    /// Closes all rooms, waits until their recordings are on disk, but not beyond `by`, and ends the threads.
    pub fn stop(self, by: Instant) {
        for mailbox in self.handle.mailboxes.iter() {
            while mailbox.send(Mail::Stop { by }).is_err() && Instant::now() < by {
                thread::sleep(std::time::Duration::from_millis(5));
            }
        }
        for thread in self.threads {
            if thread.join().is_err() {
                tracing::error!("a media thread has panicked");
            }
        }
    }
}

/// One UDP socket per thread and the TCP listener, all on one port.
fn bind(address: SocketAddr, count: usize, now: Instant) -> io::Result<(Vec<UdpPort>, TcpPort, SocketAddr)> {
    // A free UDP port may be taken for TCP: then another one.
    let tries = if address.port() == 0 { 32 } else { 1 };
    let mut last = io::Error::other("no port was tried");
    for _ in 0..tries {
        let first = UdpPort::bind(address, count > 1)?;
        let local = first.local();
        match TcpPort::listen(local, now) {
            Ok(listener) => {
                let mut sockets = vec![first];
                for _ in 1..count {
                    sockets.push(UdpPort::bind(local, true)?);
                }
                return Ok((sockets, listener, local));
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}
