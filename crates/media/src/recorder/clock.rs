//! From a sender's media clocks to the recording's time.
//!
//! Arrivals anchor, sender reports align: the shortest delay of the last seconds maps a media clock to ours, and the reports
//! say how the sender's sound and pictures lie to each other. `docs/recording.md`, "Time", tells why.

use super::Stream;

/// The delay filter keeps the minimum of the current and of the previous bucket of this length, in microseconds.
const BUCKET_US: i64 = 5_000_000;

/// A difference this large is not jitter but a clock that was set anew.
const RESET_US: i64 = 5_000_000;

/// Sender reports that place one stream against the other further apart than this are not believed.
const BELIEVABLE_US: i64 = 2_000_000;

/// A report that differs from the one before it by more than this tells of a clock that was set.
const REPORT_STEP_US: i64 = 500_000;

/// Corrections up to this size are spread; larger ones are made at once.
const SPREAD_US: i64 = 500_000;

/// Up to this a mapping is left alone, so that pictures keep the even distance their sender gave them.
const TOLERATED_US: i64 = 8_000;

/// How fast a correction is spread: so many microseconds in a thousand.
const SPREAD_PER_MILLE: i64 = 50;

/// Media units to microseconds, without overflow for any input.
fn units_to_us(units: i64, rate: i64) -> i64 {
    (units / rate).saturating_mul(1_000_000) + (units % rate) * 1_000_000 / rate
}

/// The smallest delay of the last five to ten seconds.
#[derive(Debug, Clone, Copy)]
struct ShortestDelay {
    bucket: i64,
    current: i64,
    previous: i64,
}

impl ShortestDelay {
    fn new(delay_us: i64, now_us: i64) -> Self {
        Self { bucket: now_us.div_euclid(BUCKET_US), current: delay_us, previous: delay_us }
    }

    fn observe(&mut self, delay_us: i64, now_us: i64) {
        let bucket = now_us.div_euclid(BUCKET_US);
        if bucket > self.bucket {
            self.previous = self.current;
            self.current = delay_us;
            self.bucket = bucket;
        }
        self.current = self.current.min(delay_us);
    }

    fn shortest(self) -> i64 {
        self.current.min(self.previous)
    }
}

/// One media clock.
#[derive(Debug, Clone)]
struct Line {
    rate: i64,
    last: Option<(u32, i64)>,
    delay: Option<ShortestDelay>,
    heard_us: i64,
    /// The sender's own clock less the media clock, in microseconds.
    report: Option<i64>,
    /// What is added to the media clock now.
    applied: Option<Applied>,
}

/// A mapping in use.
#[derive(Debug, Clone, Copy)]
struct Applied {
    offset_us: i64,
    since_us: i64,
    /// Whether it is on its way to another value.
    moving: bool,
}

impl Line {
    const fn new(rate: i64) -> Self {
        Self { rate, last: None, delay: None, heard_us: i64::MIN, report: None, applied: None }
    }

    /// Unwraps a time stamp against the latest one.
    fn unwrap_time(&self, rtp_time: u32) -> i64 {
        match self.last {
            None => i64::from(rtp_time),
            Some((last, units)) => units.saturating_add(i64::from(rtp_time.wrapping_sub(last).cast_signed())),
        }
    }
}

/// The media clocks of one connection of one participant.
#[derive(Debug, Clone)]
pub(crate) struct SenderClock {
    lines: [Line; 3],
}

const fn index(stream: Stream) -> usize {
    match stream {
        Stream::Microphone => 0,
        Stream::Camera => 1,
        Stream::Screen => 2,
    }
}

/// Units per second of a stream's media clock (RFC 7587 section 4.1, RFC 6184 section 8.2.1).
const fn rate(stream: Stream) -> i64 {
    match stream {
        Stream::Microphone => 48_000,
        Stream::Camera | Stream::Screen => 90_000,
    }
}

impl SenderClock {
    /// Nothing is known.
    pub(crate) const fn new() -> Self {
        Self {
            lines: [
                Line::new(rate(Stream::Microphone)),
                Line::new(rate(Stream::Camera)),
                Line::new(rate(Stream::Screen)),
            ],
        }
    }

    /// A stream begins anew; nothing of its old mapping holds.
    pub(crate) fn begin(&mut self, stream: Stream) {
        self.lines[index(stream)] = Line::new(rate(stream));
    }

    /// A packet arrived at `arrival_us` of the recording; the answer is its media time, unwrapped.
    pub(crate) fn observe(&mut self, stream: Stream, rtp_time: u32, arrival_us: i64) -> i64 {
        let line = &mut self.lines[index(stream)];
        let units = line.unwrap_time(rtp_time);
        let delay_us = arrival_us - units_to_us(units, line.rate);
        let strayed = line.delay.is_some_and(|delay| (delay_us - delay.shortest()).abs() > RESET_US);
        if strayed {
            line.delay = None;
            line.report = None;
            line.applied = None;
        }
        line.last = Some((rtp_time, units));
        line.heard_us = line.heard_us.max(arrival_us);
        match &mut line.delay {
            Some(delay) => delay.observe(delay_us, arrival_us),
            None => line.delay = Some(ShortestDelay::new(delay_us, arrival_us)),
        }
        units
    }

    /// A sender report: at `ntp` (32.32 fixed point seconds of the sender's own clock, RFC 3550 section 6.4.1) the media clock stood at `rtp_time`.
    pub(crate) fn report(&mut self, stream: Stream, ntp: u64, rtp_time: u32) {
        let line = &self.lines[index(stream)];
        if line.last.is_none() {
            // Without a packet the time stamp cannot be unwrapped; the next report comes in a few seconds.
            return;
        }
        let seconds = i64::try_from(ntp >> 32).unwrap_or(0);
        let fraction = i64::try_from(((ntp & 0xffff_ffff) * 1_000_000) >> 32).unwrap_or(0);
        let offset = seconds * 1_000_000 + fraction - units_to_us(line.unwrap_time(rtp_time), line.rate);
        let stepped = line.report.is_some_and(|before| (offset - before).abs() > REPORT_STEP_US);
        if stepped {
            // The sender's clock was set: the other streams' reports are of the old one.
            for line in &mut self.lines {
                line.report = None;
            }
        }
        self.lines[index(stream)].report = Some(offset);
    }

    /// What ought to be added to a stream's media time, in microseconds.
    fn target(&self, stream: Stream, now_us: i64) -> i64 {
        let line = &self.lines[index(stream)];
        let own = line.delay.map_or(0, ShortestDelay::shortest);
        let Some(report) = line.report else { return own };
        let fresh = |other: &&Line| now_us.saturating_sub(other.heard_us) < 2 * BUCKET_US;
        let delays = self.lines.iter().filter(fresh).filter_map(|other| Some(other.delay?.shortest() - other.report?));
        let mine = own - report;
        let shared = delays.min().unwrap_or(mine).min(mine);
        if mine - shared > BELIEVABLE_US { own } else { report + shared }
    }

    /// The recording's time, in microseconds, of a media time that [`SenderClock::observe`] gave.
    pub(crate) fn place(&mut self, stream: Stream, units: i64, now_us: i64) -> i64 {
        let target = self.target(stream, now_us);
        let line = &mut self.lines[index(stream)];
        let (offset_us, moving) = match line.applied {
            Some(Applied { offset_us, since_us, moving }) if (target - offset_us).abs() <= SPREAD_US => {
                let off = target - offset_us;
                let most = (now_us - since_us).max(0) * SPREAD_PER_MILLE / 1000;
                let moving = off != 0 && (moving || off.abs() > TOLERATED_US);
                (if moving { offset_us + off.clamp(-most, most) } else { offset_us }, moving)
            }
            _ => (target, false),
        };
        line.applied = Some(Applied { offset_us, since_us: now_us, moving });
        // Nothing is captured after it arrived, whatever clocks say.
        units_to_us(units, line.rate).saturating_add(offset_us).min(now_us)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ntp(us: i64) -> u64 {
        let us = u64::try_from(us).expect("after 1900");
        ((us / 1_000_000) << 32) | (((us % 1_000_000) << 32) / 1_000_000)
    }

    /// Arrival jitter of up to 100 ms without a random generator.
    fn jitter_us(n: i64) -> i64 {
        (n * 7919 % 101) * 1000
    }

    fn wrapped(units: i64) -> u32 {
        u32::try_from(units.rem_euclid(1 << 32)).expect("within 32 bits")
    }

    #[test]
    fn jitter_does_not_move_the_time() {
        let mut clock = SenderClock::new();
        let (mut worst, mut last) = (0, 0);
        for n in 0..3000 {
            let arrival = 1_000_000 + n * 20_000 + jitter_us(n);
            let units = clock.observe(Stream::Microphone, wrapped(4_294_960_000 + n * 960), arrival);
            let at = clock.place(Stream::Microphone, units, arrival);
            if n > 200 {
                worst = worst.max((at - 1_000_000 - n * 20_000).abs());
                assert_eq!(at - last, 20_000, "the distance between packets stays even");
            }
            last = at;
        }
        assert!(worst <= 10_000, "strayed {worst} us, over a wrap of the time stamp");
    }

    #[test]
    fn sound_and_picture_stay_together_over_four_hours_of_a_skewed_sender() {
        let mut clock = SenderClock::new();
        let mut worst = 0;
        // The sender's wall clock is right on time, its sound crystal 200 ppm fast, its picture crystal 200 ppm slow, and pictures
        // take 60 ms longer on the way.
        for n in 0..4 * 3600 * 50_i64 {
            let capture = n * 20_000;
            let sound_units = capture * 48 / 1000 * 1_000_200 / 1_000_000;
            let arrival = capture + 30_000 + jitter_us(n);
            let sound = clock.observe(Stream::Microphone, wrapped(sound_units), arrival);
            let sound_at = clock.place(Stream::Microphone, sound, arrival);
            if n % 250 == 0 {
                clock.report(Stream::Microphone, ntp(capture + 3_900_000_000_000_000), wrapped(sound_units));
            }
            if n % 2 == 0 {
                let picture_units = capture * 90 / 1000 * 999_800 / 1_000_000;
                let arrival = capture + 90_000 + jitter_us(n + 50);
                let picture = clock.observe(Stream::Camera, wrapped(picture_units), arrival);
                let picture_at = clock.place(Stream::Camera, picture, arrival);
                if n % 250 == 100 {
                    clock.report(Stream::Camera, ntp(capture + 3_900_000_000_000_000), wrapped(picture_units));
                }
                if n > 2000 {
                    // Eight of them are tolerated on either side.
                    worst = worst.max((picture_at - sound_at).abs());
                }
            }
            if n > 2000 {
                assert!((sound_at - capture - 30_000).abs() < 15_000, "sound strayed at {n}: {}", sound_at - capture);
            }
        }
        assert!(worst < 20_000, "apart by {worst} us");
    }

    #[test]
    fn a_report_s_correction_is_spread_and_a_reset_clock_is_followed_at_once() {
        let mut clock = SenderClock::new();
        let mut last = i64::MIN;
        for n in 0..200_i64 {
            let now = n * 40_000;
            clock.observe(Stream::Microphone, wrapped(n * 1920), now + 20_000);
            let units = clock.observe(Stream::Camera, wrapped(n * 3600), now + 120_000);
            if n == 50 {
                clock.report(Stream::Microphone, ntp(now), wrapped(n * 1920));
                clock.report(Stream::Camera, ntp(now), wrapped(n * 3600));
            }
            let at = clock.place(Stream::Camera, units, now + 120_000);
            assert!(n < 2 || (38_000..=42_000).contains(&(at - last)), "pace {}", at - last);
            last = at;
        }
        assert!((last - 199 * 40_000 - 20_000).abs() < 1000, "in the end both take the shorter delay");
        let units = clock.observe(Stream::Camera, wrapped(-90_000_000), 8_200_000);
        assert_eq!(
            clock.place(Stream::Camera, units, 8_200_000),
            8_200_000,
            "the media clock jumped back by a quarter of an hour"
        );
    }

    #[test]
    fn reports_that_cannot_be_true_are_not_believed() {
        let mut clock = SenderClock::new();
        let sound = clock.observe(Stream::Microphone, 0, 1_000_000);
        let picture = clock.observe(Stream::Camera, 0, 1_010_000);
        clock.report(Stream::Microphone, ntp(5_000_000), 0);
        clock.report(Stream::Camera, ntp(65_000_000), 0);
        assert_eq!(clock.place(Stream::Microphone, sound, 1_010_000), 1_000_000);
        assert_eq!(clock.place(Stream::Camera, picture, 1_010_000), 1_010_000);
    }
}
