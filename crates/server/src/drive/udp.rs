//! One UDP socket of a media thread: many datagrams for one call into the kernel, in both directions.

use std::io::{self, IoSliceMut};
use std::net::SocketAddr;
use std::time::Duration;

use mingjian_media::shard::Transmit;
use mio::net::UdpSocket;
use quinn_udp::{BATCH_SIZE, RecvMeta, UdpSockRef, UdpSocketState};
use rustix::net::sockopt::{set_socket_recv_buffer_size_force, set_socket_send_buffer_size_force};
use socket2::{Domain, Protocol, Socket, Type};

/// Asked of the kernel: a tenth of a second of 50 recorded rooms, each packet counted with what the kernel needs around it. Without
/// the right to exceed `net.core.rmem_max`, by default 208 KiB, it gives no more than that, which is 6 ms.
const BUFFER_BYTES: usize = 4 << 20;

/// The largest datagram that is taken whole. WebRTC keeps below 1,500.
const DATAGRAM: usize = 2_048;

/// At most this many bytes go out in one call: the kernel's limit for a group is 64 KiB with headers.
const GROUP_BYTES: usize = 60_000;

/// A UDP socket with its buffers.
pub(super) struct UdpPort {
    socket: UdpSocket,
    state: UdpSocketState,
    local: SocketAddr,
    buffers: Vec<Vec<u8>>,
    metas: Vec<RecvMeta>,
    queue: Vec<Transmit>,
    group: Vec<u8>,
    /// Datagrams that the kernel would not take.
    pub(super) refused: u64,
}

impl UdpPort {
    /// Binds to `address`. With `shared` several sockets of this process can be bound to the same address and share what comes.
    ///
    /// # Errors
    ///
    /// The address is taken or not this machine's.
    pub(super) fn bind(address: SocketAddr, shared: bool) -> io::Result<Self> {
        let socket = Socket::new(Domain::for_address(address), Type::DGRAM, Some(Protocol::UDP))?;
        if shared {
            socket.set_reuse_port(true)?;
        }
        // A smaller buffer than asked for is no reason not to start.
        if set_socket_recv_buffer_size_force(&socket, BUFFER_BYTES).is_err() {
            socket.set_recv_buffer_size(BUFFER_BYTES)?;
        }
        if set_socket_send_buffer_size_force(&socket, BUFFER_BYTES).is_err() {
            socket.set_send_buffer_size(BUFFER_BYTES)?;
        }
        // The kernel doubles what it is asked for, and tells the double.
        let granted = socket.recv_buffer_size()? / 2;
        if granted < BUFFER_BYTES {
            tracing::warn!(
                granted_bytes = granted,
                wanted_bytes = BUFFER_BYTES,
                "the UDP buffer is small: raise net.core.rmem_max, or packets are lost under load"
            );
        }
        socket.set_nonblocking(true)?;
        socket.bind(&address.into())?;
        let socket = UdpSocket::from_std(socket.into());
        let local = socket.local_addr()?;
        let state = UdpSocketState::new(UdpSockRef::from(&socket))?;
        let size = DATAGRAM * state.gro_segments().max(1);
        Ok(Self {
            socket,
            state,
            local,
            buffers: vec![vec![0; size]; BATCH_SIZE],
            metas: vec![RecvMeta::default(); BATCH_SIZE],
            queue: Vec::new(),
            group: Vec::new(),
            refused: 0,
        })
    }

    /// The address it is bound to.
    pub(super) const fn local(&self) -> SocketAddr {
        self.local
    }

    /// For registering with the poll.
    pub(super) const fn source(&mut self) -> &mut UdpSocket {
        &mut self.socket
    }

    /// Hands what has come to `take`, as (source, local address, datagram). Returns how many; 0 when nothing is left.
    pub(super) fn receive(&mut self, mut take: impl FnMut(SocketAddr, SocketAddr, &[u8])) -> usize {
        let mut slices: Vec<IoSliceMut<'_>> = self.buffers.iter_mut().map(|buffer| IoSliceMut::new(buffer)).collect();
        let messages = match self.state.recv(UdpSockRef::from(&self.socket), &mut slices, &mut self.metas) {
            Ok(messages) => messages,
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => return 0,
            Err(error) => {
                // An ICMP error of an earlier datagram; the socket goes on.
                tracing::debug!(%error, "UDP receive");
                return 0;
            }
        };
        let mut datagrams = 0;
        for (meta, buffer) in self.metas.iter().zip(&self.buffers).take(messages) {
            let local = SocketAddr::new(meta.dst_ip.unwrap_or(self.local.ip()), self.local.port());
            for datagram in buffer[..meta.len].chunks(meta.stride.max(1)) {
                datagrams += 1;
                take(meta.addr, local, datagram);
            }
        }
        datagrams
    }

    /// Puts a datagram in line for [`Self::flush`].
    pub(super) fn send(&mut self, transmit: Transmit) {
        self.queue.push(transmit);
    }

    /// Sends what is in line. Datagrams of one size for one browser that follow each other, as those of a picture do, go out in one call.
    pub(super) fn flush(&mut self) {
        let queue = std::mem::take(&mut self.queue);
        let mut rest = &queue[..];
        while let [first, ..] = rest {
            let size = first.bytes.len();
            let most = self.state.max_gso_segments().min(GROUP_BYTES / size.max(1)).max(1);
            let mut count = 1;
            // A shorter datagram may end a group, a longer one cannot be in it.
            while count < most
                && rest[count - 1].bytes.len() == size
                && let Some(next) = rest.get(count)
                && next.destination == first.destination
                && next.bytes.len() <= size
            {
                count += 1;
            }
            let (group, after) = rest.split_at(count);
            if let [single] = group {
                self.transmit(single.destination, None, &single.bytes);
            } else {
                let mut together = std::mem::take(&mut self.group);
                together.clear();
                group.iter().for_each(|transmit| together.extend_from_slice(&transmit.bytes));
                self.transmit(first.destination, Some(size), &together);
                self.group = together;
            }
            rest = after;
        }
        // The allocation is kept for the next round.
        self.queue = queue;
        self.queue.clear();
    }

    fn transmit(&mut self, destination: SocketAddr, segment_size: Option<usize>, contents: &[u8]) {
        let transmit = quinn_udp::Transmit { destination, ecn: None, contents, segment_size, src_ip: None };
        if let Err(error) = self.state.try_send(UdpSockRef::from(&self.socket), &transmit) {
            // Full buffers, unreachable browsers: as lost on the way, which the transport repairs.
            self.refused += segment_size.map_or(1, |size| contents.len().div_ceil(size)) as u64;
            tracing::trace!(%error, "UDP send");
        }
    }
}

/// Datagrams that the kernel threw away because nobody took them in time, on all sockets of this port. None where `/proc` does not tell.
pub(super) fn kernel_drops(port: u16) -> Option<u64> {
    let mut found = None;
    for table in ["/proc/net/udp", "/proc/net/udp6"] {
        for line in std::fs::read_to_string(table).unwrap_or_default().lines().skip(1) {
            let mut columns = line.split_whitespace();
            let local =
                columns.nth(1).and_then(|local| local.rsplit_once(':')).map(|(_, port)| u16::from_str_radix(port, 16));
            if local == Some(Ok(port)) {
                found = Some(
                    found.unwrap_or(0) + columns.next_back().and_then(|drops| drops.parse::<u64>().ok()).unwrap_or(0),
                );
            }
        }
    }
    found
}

/// How long a thread under load may let datagrams gather before it takes them all at once. Measured: a quarter less work for the same load
/// at the price of this much delay.
pub(super) const GATHER: Duration = Duration::from_millis(1);

#[cfg(test)]
mod tests {
    use mingjian_media::shard::Transport;

    use super::*;

    #[test]
    fn datagrams_of_all_sizes_arrive_as_they_were_sent() {
        let mut here = UdpPort::bind(SocketAddr::from(([127, 0, 0, 1], 0)), false).expect("a free port");
        let there = std::net::UdpSocket::bind("127.0.0.1:0").expect("a free port");
        there.set_read_timeout(Some(Duration::from_secs(5))).expect("a timeout");
        let destination = there.local_addr().expect("bound");
        let sizes = [1_100, 1_100, 1_100, 300, 1_100, 80, 80, 90, 1, 1_100];
        for (n, size) in sizes.into_iter().enumerate() {
            let bytes = vec![u8::try_from(n).expect("few"); size];
            here.send(Transmit { transport: Transport::Udp, source: here.local(), destination, bytes });
        }
        here.flush();
        let mut buffer = [0; 2_000];
        for (n, size) in sizes.into_iter().enumerate() {
            let got = there.recv(&mut buffer).expect("it arrives");
            assert_eq!((got, usize::from(buffer[0])), (size, n));
        }
        there.send_to(b"back", here.local()).expect("sent");
        let mut took = Vec::new();
        while took.is_empty() {
            here.receive(|source, local, bytes| took.push((source, local, bytes.to_vec())));
        }
        assert_eq!(took, [(destination, here.local(), b"back".to_vec())]);
        assert_eq!(kernel_drops(here.local().port()), Some(0));
    }
}
