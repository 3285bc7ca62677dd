//! A network in virtual time. What is put in comes out later, more than once, or never; always alike for the same seed.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::time::{Duration, Instant};

use crate::random::Seeded;

/// How bad a network is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Weather {
    /// Share of datagrams that never arrive.
    pub loss: f64,
    /// Share of datagrams that arrive twice.
    pub doubled: f64,
    /// Every datagram takes this long.
    pub delay: Duration,
    /// And up to this much longer, each on its own: what was sent later may arrive before.
    pub jitter: Duration,
}

impl Weather {
    /// Everything arrives once, in order, after 10 ms.
    pub const CLEAR: Self = Self { loss: 0.0, doubled: 0.0, delay: Duration::from_millis(10), jitter: Duration::ZERO };

    /// 5 % loss, 1 % doubled, 20 ms and up to 100 ms more, out of order.
    pub const STORM: Self =
        Self { loss: 0.05, doubled: 0.01, delay: Duration::from_millis(20), jitter: Duration::from_millis(100) };
}

/// Datagrams on their way.
#[derive(Debug)]
pub struct Network<T> {
    weather: Weather,
    random: Seeded,
    /// Ordered by arrival, then by the order in which they were put in.
    flying: BinaryHeap<Reverse<(Instant, u64)>>,
    cargo: std::collections::HashMap<u64, T>,
    sent: u64,
    lost: u64,
}

impl<T: Clone> Network<T> {
    /// An empty network.
    #[must_use]
    pub fn new(weather: Weather, seed: u64) -> Self {
        Self {
            weather,
            random: Seeded::new(seed),
            flying: BinaryHeap::new(),
            cargo: std::collections::HashMap::new(),
            sent: 0,
            lost: 0,
        }
    }

    /// Changes the weather for what is put in from now on.
    pub fn set_weather(&mut self, weather: Weather) {
        self.weather = weather;
    }

    /// Puts in a datagram.
    pub fn send(&mut self, cargo: T, now: Instant) {
        if self.random.chance(self.weather.loss) {
            self.lost += 1;
            return;
        }
        if self.random.chance(self.weather.doubled) {
            self.launch(cargo.clone(), now);
        }
        self.launch(cargo, now);
    }

    fn launch(&mut self, cargo: T, now: Instant) {
        let late = self.weather.jitter.mul_f64(self.random.share());
        self.sent += 1;
        self.flying.push(Reverse((now + self.weather.delay + late, self.sent)));
        self.cargo.insert(self.sent, cargo);
    }

    /// When the next datagram arrives.
    #[must_use]
    pub fn next_arrival(&self) -> Option<Instant> {
        self.flying.peek().map(|Reverse((at, _))| *at)
    }

    /// The next datagram that has arrived by `now`.
    pub fn receive(&mut self, now: Instant) -> Option<T> {
        if self.next_arrival()? > now {
            return None;
        }
        let Reverse((_, number)) = self.flying.pop()?;
        self.cargo.remove(&number)
    }

    /// How many datagrams were lost so far.
    #[must_use]
    pub const fn lost(&self) -> u64 {
        self.lost
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fly(weather: Weather, seed: u64) -> Vec<u32> {
        let now = Instant::now();
        let mut network = Network::new(weather, seed);
        for n in 0..2_000 {
            network.send(n, now + Duration::from_millis(u64::from(n)));
        }
        std::iter::from_fn(|| network.receive(now + Duration::from_secs(60))).collect()
    }

    #[test]
    fn in_clear_weather_everything_arrives_once_and_in_order() {
        assert_eq!(fly(Weather::CLEAR, 1), (0..2_000).collect::<Vec<_>>());
    }

    #[test]
    fn a_storm_loses_doubles_and_mixes_the_same_way_each_time() {
        let arrived = fly(Weather::STORM, 1);
        let mut distinct = arrived.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert!((1_850..1_950).contains(&distinct.len()), "{} of 2,000 arrived", distinct.len());
        assert!(arrived.len() > distinct.len(), "none came twice");
        assert!(!arrived.is_sorted(), "none overtook another");
        assert_eq!(arrived, fly(Weather::STORM, 1));
        assert_ne!(arrived, fly(Weather::STORM, 2));
    }
}
