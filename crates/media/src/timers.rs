//! Deadlines of many things, so that only those that are due are looked at.
//!
//! A packet moves the deadline of its peer, hundreds of times a second, nearly always into the future. The heap is not
//! told of that: an entry stays where it is, and when it comes up its owner says whether it is really due. Each owner
//! remembers the entry that counts, so there is about one entry per owner, and no search.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::Instant;

/// The entry of an owner that counts; older ones in the heap are void.
pub(crate) type Scheduled = Option<Instant>;

/// A heap of deadlines.
#[derive(Debug)]
pub(crate) struct Timers<K: Ord> {
    heap: BinaryHeap<Reverse<(Instant, K)>>,
}

impl<K: Ord> Default for Timers<K> {
    fn default() -> Self {
        Self { heap: BinaryHeap::new() }
    }
}

impl<K: Ord + Copy> Timers<K> {
    /// Makes sure that `key` comes up at `at` or before.
    pub(crate) fn schedule(&mut self, key: K, at: Instant, scheduled: &mut Scheduled) {
        if scheduled.is_none_or(|known| at < known) {
            *scheduled = Some(at);
            self.heap.push(Reverse((at, key)));
        }
    }

    /// When the next entry comes up.
    pub(crate) fn next(&self) -> Option<Instant> {
        self.heap.peek().map(|Reverse((at, _))| *at)
    }

    /// Takes an entry that has come up: its owner, and the moment by which the owner knows whether the entry counts.
    pub(crate) fn pop(&mut self, now: Instant) -> Option<(K, Instant)> {
        let Reverse((at, key)) = *self.heap.peek()?;
        if at > now {
            return None;
        }
        self.heap.pop();
        Some((key, at))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_later_deadline_costs_no_entry_and_an_earlier_one_does() {
        let (mut timers, mut scheduled, now) = (Timers::default(), None, Instant::now());
        let at = |ms| now + Duration::from_millis(ms);
        timers.schedule('a', at(20), &mut scheduled);
        timers.schedule('a', at(30), &mut scheduled);
        assert_eq!(timers.heap.len(), 1);
        timers.schedule('a', at(10), &mut scheduled);
        assert_eq!((timers.next(), scheduled), (Some(at(10)), Some(at(10))));
        assert_eq!(timers.pop(at(9)), None);
        assert_eq!(timers.pop(at(10)), Some(('a', at(10))));
    }
}
