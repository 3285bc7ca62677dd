//! One queue on the floor: who waits in it, which seats are free for it, and how long the wait may be.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use time::{Duration, OffsetDateTime};

use super::Floor;
use super::seat::Seat;
use crate::id::{InterviewId, QueueId, UserId};

/// The place of one ticket: the moment of joining, then the id.
pub(super) type Place = (OffsetDateTime, InterviewId);

/// The order in which free seats are rung: highest priority, then longest idle.
pub(super) type Turn = (Reverse<u8>, OffsetDateTime, UserId);

#[derive(Debug)]
pub(super) struct Line {
    /// Higher is served first.
    pub(super) priority: u8,
    /// Everybody who waits, lost and ringing ones included.
    pub(super) order: BTreeSet<Place>,
    /// Those for whom a seat may be rung now.
    pub(super) callable: BTreeSet<Place>,
    /// The seats of the queue with their priority in it.
    pub(super) members: BTreeMap<UserId, u8>,
    /// Those that may be rung now.
    pub(super) free: BTreeSet<Turn>,
    /// Moving average of the service time.
    pub(super) service: Duration,
}

/// How one customer stands in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Standing {
    /// From 1.
    pub position: usize,
    /// How many wait in all.
    pub waiting: usize,
    /// How long it may take; none while nobody serves the queue.
    pub estimate: Option<Duration>,
    /// Whether a seat is being rung.
    pub ringing: bool,
}

impl Line {
    /// Each service time moves the average by an eighth: one odd call moves it little, a change of day within an hour.
    const WEIGHT: i32 = 8;

    pub(super) fn served_in(&mut self, took: Duration) {
        self.service += (took - self.service) / Self::WEIGHT;
    }
}

impl Floor {
    /// Puts a queue on the floor, or changes its priority.
    pub fn open_line(&mut self, queue: QueueId, priority: u8) {
        let service = self.rules.first_service;
        self.lines.entry(queue).and_modify(|line| line.priority = priority).or_insert_with(|| Line {
            priority,
            order: BTreeSet::new(),
            callable: BTreeSet::new(),
            members: BTreeMap::new(),
            free: BTreeSet::new(),
            service,
        });
    }

    /// Makes a seat a member of a queue, with its priority there.
    pub fn add_member(&mut self, queue: QueueId, seat: UserId, priority: u8) {
        self.unlist_seat(seat);
        if let Some(line) = self.lines.get_mut(&queue) {
            line.members.insert(seat, priority);
            self.seats.entry(seat).or_default().queues.insert(queue);
        }
        self.list_seat(seat);
    }

    /// How every ticket of a queue stands, in order.
    pub fn standings(&self, queue: QueueId) -> impl Iterator<Item = (InterviewId, Standing)> + '_ {
        let line = self.lines.get(&queue);
        let waiting = line.map_or(0, |line| line.order.len());
        let per_place = line.and_then(|line| self.per_place(line));
        line.into_iter().flat_map(|line| line.order.iter()).enumerate().map(move |(n, &(_, interview))| {
            let position = n + 1;
            let estimate = per_place.map(|each| each * i32::try_from(position).unwrap_or(i32::MAX));
            (interview, Standing { position, waiting, estimate, ringing: self.is_ringing(interview) })
        })
    }

    /// How one ticket stands.
    #[must_use]
    pub fn standing(&self, interview: InterviewId) -> Option<Standing> {
        let queue = self.tickets.get(&interview)?.queue;
        self.standings(queue).find(|&(id, _)| id == interview).map(|(_, standing)| standing)
    }

    /// How many wait in a queue, and since when the first of them.
    #[must_use]
    pub fn load(&self, queue: QueueId) -> (usize, Option<OffsetDateTime>) {
        self.lines.get(&queue).map_or((0, None), |line| (line.order.len(), line.order.first().map(|&(since, _)| since)))
    }

    /// How long the queue takes to move up by one place; none while nobody serves it.
    fn per_place(&self, line: &Line) -> Option<Duration> {
        let serving = line.members.keys().filter(|seat| self.seats.get(seat).is_some_and(Seat::serves)).count();
        (serving > 0).then(|| line.service / i32::try_from(serving).unwrap_or(i32::MAX))
    }
}
