//! When a packet was captured, on the server's clock.
//!
//! A browser stamps its microphone and its camera with two unrelated RTP clocks and ties both to one NTP clock of its own
//! by sender reports (RFC 3550 section 6.4.1). One offset between that NTP clock and ours, shared by all streams of a
//! participant, therefore keeps sound and picture together wherever they are sent on to. Before the first report a
//! stream is placed by its earliest arrival.

use std::time::{Duration, Instant};

use crate::line::STREAMS;
use crate::recorder::Stream;

/// A publisher's clock that differs by more than this from what was believed has been set, not drifted.
const STEP: i64 = 5_000_000_000;

/// One 64th of the distance is followed with each report, which comes about once a second: a skew of 200 ppm lags by 13 ms, alike in sound and picture.
const SMOOTHING: i64 = 64;

/// The streams of one connection on the server's clock. All numbers are nanoseconds since `origin`.
#[derive(Debug)]
pub(crate) struct CaptureClock {
    origin: Instant,
    /// Server time minus the publisher's Unix time, by the report that travelled fastest.
    offset: Option<i64>,
    lines: [Option<Line>; STREAMS.len()],
}

#[derive(Debug, Clone, Copy)]
struct Line {
    rtp_time: u32,
    at: i64,
    reported: bool,
}

impl CaptureClock {
    /// A clock that knows nothing yet. `origin` is any moment not long before the first packet.
    pub(crate) const fn new(origin: Instant) -> Self {
        Self { origin, offset: None, lines: [None; STREAMS.len()] }
    }

    /// A stream began anew: its RTP clock has nothing to do with the one before.
    pub(crate) fn forget(&mut self, stream: Stream) {
        self.lines[stream.index()] = None;
    }

    /// A sender report of `stream`: `rtp_time` was at `unix_ns` on the publisher's clock.
    pub(crate) fn report(&mut self, stream: Stream, unix_ns: i64, rtp_time: u32, received: Instant) {
        let candidate = self.since_origin(received) - unix_ns;
        let offset = match self.offset {
            Some(known) if candidate > known && candidate - known < STEP => known + (candidate - known) / SMOOTHING,
            _ => candidate,
        };
        self.offset = Some(offset);
        self.lines[stream.index()] = Some(Line { rtp_time, at: offset + unix_ns, reported: true });
    }

    /// When the packet with `rtp_time` that came at `arrival` was captured; never later than it came.
    pub(crate) fn captured(&mut self, stream: Stream, rtp_time: u32, arrival: Instant) -> Instant {
        let arrived = self.since_origin(arrival);
        let line = &mut self.lines[stream.index()];
        let at = match line {
            None => {
                *line = Some(Line { rtp_time, at: arrived, reported: false });
                arrived
            }
            Some(line) => {
                let distance = rtp_time.wrapping_sub(line.rtp_time).cast_signed();
                let mut at = line.at + i64::from(distance) * 1_000_000_000 / i64::from(stream.clock_rate());
                if !line.reported && (arrived < at || arrived - at > STEP) {
                    at = arrived;
                    *line = Line { rtp_time, at, reported: false };
                }
                at.min(arrived)
            }
        };
        match u64::try_from(at) {
            Ok(after) => self.origin + Duration::from_nanos(after),
            Err(_) => self.origin,
        }
    }

    fn since_origin(&self, at: Instant) -> i64 {
        i64::try_from(at.saturating_duration_since(self.origin).as_nanos()).unwrap_or(i64::MAX / 2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The publisher's clock shows this when ours shows `origin`.
    const THEIRS: i64 = 1_700_000_000_000_000_000;
    const MS: i64 = 1_000_000;

    fn ms(n: u64) -> Duration {
        Duration::from_millis(n)
    }

    #[test]
    fn before_the_first_report_the_earliest_arrival_counts() {
        let origin = Instant::now();
        let mut clock = CaptureClock::new(origin);
        assert_eq!(clock.captured(Stream::Camera, 0, origin + ms(80)), origin + ms(80));
        assert_eq!(
            clock.captured(Stream::Camera, 3600, origin + ms(90)),
            origin + ms(90),
            "it came sooner than the line said"
        );
        assert_eq!(
            clock.captured(Stream::Camera, 7200, origin + ms(150)),
            origin + ms(130),
            "jitter does not move the line"
        );
    }

    #[test]
    fn reports_put_sound_and_picture_of_one_moment_at_one_moment() {
        let origin = Instant::now();
        let mut clock = CaptureClock::new(origin);
        // Both were captured at 1000 ms; the picture took 70 ms longer to arrive.
        clock.report(Stream::Microphone, THEIRS + 900 * MS, 43_200, origin + ms(920));
        clock.report(Stream::Camera, THEIRS + 950 * MS, 500_000, origin + ms(1040));
        let sound = clock.captured(Stream::Microphone, 48_000, origin + ms(1020));
        let picture = clock.captured(Stream::Camera, 504_500, origin + ms(1090));
        let apart = if picture > sound { picture - sound } else { sound - picture };
        assert!(apart < ms(3), "apart by {apart:?}");
    }

    #[test]
    fn a_packet_is_never_captured_after_it_came() {
        let origin = Instant::now();
        let mut clock = CaptureClock::new(origin);
        clock.report(Stream::Camera, THEIRS, 0, origin + ms(200));
        assert_eq!(clock.captured(Stream::Camera, 90_000, origin + ms(300)), origin + ms(300));
    }

    #[test]
    fn a_clock_that_was_set_is_followed_at_once() {
        let origin = Instant::now();
        let mut clock = CaptureClock::new(origin);
        clock.report(Stream::Microphone, THEIRS, 0, origin + ms(10));
        clock.report(Stream::Microphone, THEIRS - 3_600_000 * MS, 48_000, origin + ms(1010));
        assert_eq!(clock.captured(Stream::Microphone, 48_000, origin + ms(1020)), origin + ms(1010));
    }
}
