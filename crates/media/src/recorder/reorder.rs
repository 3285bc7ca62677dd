//! Packets of one stream, put back into order, with a bounded wait for those that are still to be repaired.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// How long a missing packet is waited for, counted from the arrival of the first packet behind it.
/// A retransmission takes one round trip and a little; three of them fit even on a slow mobile network.
pub(crate) const WAIT: Duration = Duration::from_millis(400);

/// More packets than 400 ms of any sender we let in; beyond that waiting would be a gift to an attacker.
const MOST_HELD: usize = 1024;

/// A packet with its time stamp unwrapped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ordered<P> {
    pub(crate) seq: u64,
    pub(crate) rtp: i64,
    pub(crate) marker: bool,
    pub(crate) arrival: Instant,
    pub(crate) payload: P,
}

/// The next thing in order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Step {
    /// A packet.
    Packet(Ordered<Vec<u8>>),
    /// Packets that did not come in time.
    Lost,
}

/// Where a packet belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// It is the next one: to be used at once, without a copy.
    Next,
    /// It was laid aside until those before it are there.
    Held,
    /// It came before, or too late.
    Stale,
}

/// The buffer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Reorder {
    next: Option<u64>,
    held: BTreeMap<u64, Ordered<Vec<u8>>>,
    give_up: Option<Instant>,
}

impl Reorder {
    /// Takes a packet. After [`Place::Next`] the caller uses the packet and then asks [`Reorder::step`] for those that were waiting for it.
    pub(crate) fn push(&mut self, packet: &Ordered<&[u8]>) -> Place {
        let next = *self.next.get_or_insert(packet.seq);
        if packet.seq == next {
            self.next = Some(next + 1);
            self.renew_deadline();
            return Place::Next;
        }
        if packet.seq < next || self.held.contains_key(&packet.seq) {
            return Place::Stale;
        }
        let deadline = packet.arrival + WAIT;
        self.give_up = Some(self.give_up.map_or(deadline, |earlier| earlier.min(deadline)));
        let Ordered { seq, rtp, marker, arrival, payload } = *packet;
        self.held.insert(seq, Ordered { seq, rtp, marker, arrival, payload: payload.to_vec() });
        Place::Held
    }

    /// The next packet that is in order, or the admission that some are lost once their time is up.
    pub(crate) fn step(&mut self, now: Instant) -> Option<Step> {
        let next = self.next?;
        let (&first, _) = self.held.first_key_value()?;
        if first != next {
            let overdue = self.give_up.is_some_and(|deadline| deadline <= now) || self.held.len() > MOST_HELD;
            if !overdue {
                return None;
            }
            self.next = Some(first);
            return Some(Step::Lost);
        }
        self.next = Some(next + 1);
        let (_, packet) = self.held.pop_first()?;
        self.renew_deadline();
        Some(Step::Packet(packet))
    }

    /// As [`Reorder::step`], when nothing more will come: does not wait.
    pub(crate) fn drain(&mut self) -> Option<Step> {
        let arrival = self.held.first_key_value()?.1.arrival;
        // By then the packet that came first has waited long enough, whichever it is.
        self.step(arrival + WAIT)
    }

    /// In front of a hole, waiting ends when the packet that came first behind it has waited long enough.
    fn renew_deadline(&mut self) {
        let at_hole = self.held.first_key_value().is_some_and(|(first, _)| Some(*first) != self.next);
        if at_hole || self.held.is_empty() {
            self.give_up = self.held.values().map(|packet| packet.arrival).min().map(|arrival| arrival + WAIT);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn packet(seq: u64, arrival: Instant) -> Ordered<&'static [u8]> {
        Ordered { seq, rtp: 0, marker: false, arrival, payload: b"x" }
    }

    fn seqs(reorder: &mut Reorder, now: Instant) -> Vec<Option<u64>> {
        std::iter::from_fn(|| reorder.step(now))
            .map(|step| match step {
                Step::Packet(packet) => Some(packet.seq),
                Step::Lost => None,
            })
            .collect()
    }

    #[test]
    fn packets_in_order_pass_at_once_and_twins_are_dropped() {
        let now = Instant::now();
        let mut reorder = Reorder::default();
        assert_eq!(reorder.push(&packet(7, now)), Place::Next);
        assert_eq!(reorder.push(&packet(8, now)), Place::Next);
        assert_eq!(reorder.push(&packet(8, now)), Place::Stale);
        assert_eq!(reorder.push(&packet(6, now)), Place::Stale);
        assert_eq!(seqs(&mut reorder, now), []);
    }

    #[test]
    fn a_repaired_packet_lets_those_behind_it_through() {
        let now = Instant::now();
        let mut reorder = Reorder::default();
        reorder.push(&packet(1, now));
        assert_eq!(reorder.push(&packet(4, now)), Place::Held);
        assert_eq!(reorder.push(&packet(3, now)), Place::Held);
        assert_eq!(reorder.push(&packet(3, now)), Place::Stale);
        assert_eq!(seqs(&mut reorder, now + WAIT / 2), []);
        assert_eq!(reorder.push(&packet(2, now + WAIT / 2)), Place::Next);
        assert_eq!(seqs(&mut reorder, now + WAIT / 2), [Some(3), Some(4)]);
    }

    #[test]
    fn a_missing_packet_is_given_up_when_the_one_behind_it_has_waited_long_enough() {
        let now = Instant::now();
        let mut reorder = Reorder::default();
        reorder.push(&packet(1, now));
        reorder.push(&packet(3, now));
        reorder.push(&packet(5, now + WAIT / 2));
        assert_eq!(seqs(&mut reorder, now + WAIT - Duration::from_millis(1)), []);
        assert_eq!(seqs(&mut reorder, now + WAIT), [None, Some(3)], "5 still has time");
        assert_eq!(seqs(&mut reorder, now + WAIT / 2 + WAIT), [None, Some(5)]);
    }

    #[test]
    fn a_flood_of_packets_behind_a_hole_is_not_kept() {
        let now = Instant::now();
        let mut reorder = Reorder::default();
        reorder.push(&packet(0, now));
        for seq in 0..3000 {
            reorder.push(&packet(2 + 2 * seq, now));
            while reorder.step(now).is_some() {}
        }
        assert!(reorder.held.len() <= MOST_HELD);
    }

    #[test]
    fn draining_gives_everything_in_order_without_waiting() {
        let now = Instant::now();
        let mut reorder = Reorder::default();
        reorder.push(&packet(1, now));
        reorder.push(&packet(5, now + WAIT));
        reorder.push(&packet(3, now));
        let steps: Vec<_> = std::iter::from_fn(|| reorder.drain()).collect();
        assert_eq!(steps.len(), 4, "lost, 3, lost, 5");
    }
}
