//! Which peer a datagram is for.
//!
//! All rooms share one UDP and one TCP port. A datagram from a known address goes to the peer of that address; a STUN
//! check names its peer in USERNAME (RFC 8445 section 7.2.2), and once its password has proved right its address is known.
//! Everything else is dropped after two look-ups, so a flood of garbage costs no memory and little time.

use std::collections::{HashMap, VecDeque};
use std::net::SocketAddr;

use crate::shard::{PeerKey, Transport};

/// A browser checks each pair of addresses; more than this many at once is not one browser on one machine.
const ADDRESSES_PER_PEER: usize = 16;

/// The tables from addresses and ICE user names to peers.
#[derive(Debug, Default)]
pub(crate) struct Demux {
    by_address: HashMap<(Transport, SocketAddr), PeerKey>,
    by_ufrag: HashMap<String, PeerKey>,
    addresses: HashMap<PeerKey, VecDeque<(Transport, SocketAddr)>>,
}

impl Demux {
    /// The peer whose address this is.
    pub(crate) fn by_address(&self, transport: Transport, source: SocketAddr) -> Option<PeerKey> {
        self.by_address.get(&(transport, source)).copied()
    }

    /// The peer that a STUN check names.
    pub(crate) fn by_check(&self, datagram: &[u8]) -> Option<PeerKey> {
        self.by_ufrag.get(checked_ufrag(datagram)?).copied()
    }

    /// A peer that can be named from now on.
    pub(crate) fn add(&mut self, ufrag: String, peer: PeerKey) {
        self.by_ufrag.insert(ufrag, peer);
    }

    /// The address has proved to be the peer's.
    pub(crate) fn bind(&mut self, transport: Transport, source: SocketAddr, peer: PeerKey) {
        let before = self.by_address.insert((transport, source), peer);
        if before == Some(peer) {
            return;
        }
        if let Some(list) = before.and_then(|other| self.addresses.get_mut(&other)) {
            list.retain(|known| *known != (transport, source));
        }
        let list = self.addresses.entry(peer).or_default();
        list.push_back((transport, source));
        if list.len() > ADDRESSES_PER_PEER
            && let Some(oldest) = list.pop_front()
        {
            self.by_address.remove(&oldest);
        }
    }

    /// The peer is gone.
    pub(crate) fn remove(&mut self, ufrag: &str, peer: PeerKey) {
        self.by_ufrag.remove(ufrag);
        for address in self.addresses.remove(&peer).unwrap_or_default() {
            self.by_address.remove(&address);
        }
    }

    /// Entries in all tables, for watching that they do not grow.
    pub(crate) fn len(&self) -> usize {
        self.by_address.len() + self.by_ufrag.len()
    }
}

/// Whether a datagram is STUN: the first two bits are zero and the cookie stands at its place (RFC 8489 section 5).
pub(crate) fn is_stun(datagram: &[u8]) -> bool {
    datagram.len() >= 20 && datagram[0] < 4 && datagram[4..8] == [0x21, 0x12, 0xa4, 0x42]
}

/// The part of USERNAME before the colon in a STUN binding request: the user name fragment of the one that is checked.
///
/// None for anything else. Nothing is verified here.
#[must_use]
pub fn checked_ufrag(datagram: &[u8]) -> Option<&str> {
    const BINDING_REQUEST: [u8; 2] = [0, 1];
    const USERNAME: u16 = 6;
    if !is_stun(datagram) || datagram[..2] != BINDING_REQUEST {
        return None;
    }
    let mut rest = &datagram[20..];
    while let [t0, t1, l0, l1, tail @ ..] = rest {
        let length = usize::from(u16::from_be_bytes([*l0, *l1]));
        if u16::from_be_bytes([*t0, *t1]) == USERNAME {
            let name = std::str::from_utf8(tail.get(..length)?).ok()?;
            return name.split_once(':').map(|(ours, _)| ours);
        }
        rest = tail.get(length.next_multiple_of(4)..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slab::Slab;

    fn check(username: &str) -> Vec<u8> {
        let mut stun = vec![0, 1, 0, 0, 0x21, 0x12, 0xa4, 0x42];
        stun.extend([7; 12]);
        // PRIORITY first, so that the walk over attributes is walked.
        stun.extend([0, 0x24, 0, 4, 1, 2, 3, 4]);
        stun.extend([0, 6, 0, u8::try_from(username.len()).expect("short")]);
        stun.extend(username.as_bytes());
        stun.resize(stun.len().next_multiple_of(4), 0);
        stun
    }

    #[test]
    fn a_check_names_the_one_it_checks() {
        assert_eq!(checked_ufrag(&check("ours:theirs")), Some("ours"));
        assert_eq!(checked_ufrag(&check("no colon")), None);
        let whole = check("ours:theirs");
        for cut in 0..whole.len() - 1 {
            assert_eq!(checked_ufrag(&whole[..cut]), None, "cut at {cut}");
        }
    }

    #[test]
    fn a_peer_cannot_hold_more_than_its_share_of_addresses() {
        let mut keys = Slab::default();
        let peer = keys.insert_with(|_| ());
        let mut demux = Demux::default();
        demux.add("ours".to_owned(), peer);
        for port in 1..=1000 {
            demux.bind(Transport::Udp, SocketAddr::from(([127, 0, 0, 1], port)), peer);
        }
        assert_eq!(demux.len(), ADDRESSES_PER_PEER + 1);
        assert_eq!(demux.by_address(Transport::Udp, SocketAddr::from(([127, 0, 0, 1], 1000))), Some(peer));
        demux.remove("ours", peer);
        assert_eq!(demux.len(), 0);
    }

    #[test]
    fn an_address_that_changes_hands_is_not_taken_away_with_its_old_owner() {
        let mut keys = Slab::default();
        let (old, new) = (keys.insert_with(|_| ()), keys.insert_with(|_| ()));
        let mut demux = Demux::default();
        let address = SocketAddr::from(([127, 0, 0, 1], 9));
        demux.bind(Transport::Udp, address, old);
        demux.bind(Transport::Udp, address, new);
        demux.remove("old", old);
        assert_eq!(demux.by_address(Transport::Udp, address), Some(new));
        assert_eq!(demux.by_address(Transport::Tcp, address), None, "the same port over TCP is another address");
    }
}
