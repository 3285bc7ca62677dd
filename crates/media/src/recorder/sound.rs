//! The row of Opus packets of one participant: without a break, so that the number of samples is the time.

use super::opus::SILENCE_SAMPLES;

/// Deviation at which the row is put right in any case, in samples of 48 kHz: 20 ms.
const FORCED: i64 = 960;

/// Deviation at which it is put right in a quiet place: 15 ms.
const IN_QUIET: i64 = 720;

/// What to do with a packet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Placement {
    /// So many silent packets go before it.
    pub(crate) silences: u32,
    /// Whether it is written; left out it makes up for the sender's fast clock, or it came too late.
    pub(crate) keep: bool,
}

/// Where the row stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SoundRow {
    end: i64,
    usual_bytes: usize,
}

/// Microseconds of the recording in samples of 48 kHz.
pub(crate) const fn samples_at(us: i64) -> i64 {
    us.div_euclid(1000) * 48 + us.rem_euclid(1000) * 48 / 1000
}

impl SoundRow {
    /// A row that begins at `at_us` of the recording.
    pub(crate) const fn starting(at_us: i64) -> Self {
        Self { end: samples_at(at_us), usual_bytes: 0 }
    }

    /// Where the next packet will stand, in samples of 48 kHz from the recording's zero.
    pub(crate) const fn end(&self) -> i64 {
        self.end
    }

    /// Decides about a packet of `samples` samples and `bytes` bytes that belongs to `at_us`.
    pub(crate) fn place(&mut self, at_us: i64, samples: u32, bytes: usize) -> Placement {
        let ahead = samples_at(at_us) - self.end;
        // An encoder spends few bits on quiet.
        let quiet = bytes * 2 <= self.usual_bytes;
        self.usual_bytes = if self.usual_bytes == 0 { bytes } else { (self.usual_bytes * 31 + bytes) / 32 };
        let silences = if ahead >= FORCED {
            // To the nearest whole packet: never further off than half of one.
            u32::try_from((ahead + i64::from(SILENCE_SAMPLES) / 2) / i64::from(SILENCE_SAMPLES)).unwrap_or(u32::MAX)
        } else {
            u32::from(quiet && ahead >= IN_QUIET)
        };
        let late = -ahead;
        let leave_out =
            late >= FORCED.max(i64::from(samples) / 2 + 1) || (quiet && late >= IN_QUIET && samples == SILENCE_SAMPLES);
        if leave_out {
            return Placement { silences: 0, keep: false };
        }
        self.end += i64::from(silences) * i64::from(SILENCE_SAMPLES) + i64::from(samples);
        Placement { silences, keep: true }
    }

    /// Goes on with silence until `to_us`, as far as whole packets reach; says how many.
    pub(crate) fn fill(&mut self, to_us: i64) -> u32 {
        let missing = (samples_at(to_us) - self.end).max(0) / i64::from(SILENCE_SAMPLES);
        self.end += missing * i64::from(SILENCE_SAMPLES);
        u32::try_from(missing).unwrap_or(u32::MAX)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Placement = Placement { silences: 0, keep: true };

    #[test]
    fn a_hole_is_filled_to_the_nearest_packet() {
        let mut row = SoundRow::starting(1_000_000);
        assert_eq!(row.place(1_000_000, 960, 60), PLAIN);
        assert_eq!(row.place(1_125_000, 960, 60), Placement { silences: 5, keep: true });
        assert_eq!(row.end(), samples_at(1_000_000) + 7 * 960);
        assert_eq!(row.fill(1_150_000), 0, "not a whole packet");
        assert_eq!(row.fill(1_241_000), 5);
    }

    #[test]
    fn a_skewed_clock_never_takes_the_row_further_than_one_packet_from_the_truth() {
        for ppm in [-200_i64, 200] {
            let mut row = SoundRow::starting(0);
            let (mut changed, mut n) = (0, 0_i64);
            while n < 4 * 3600 * 50 {
                let truth = n * 20_000 + n * 20_000 * ppm / 1_000_000;
                let before = row.end();
                let placement = row.place(truth, 960, 60);
                changed += i64::from(placement.silences) + i64::from(!placement.keep);
                assert!((before - samples_at(truth)).abs() <= 960, "at packet {n}");
                n += 1;
            }
            assert!((143..=144).contains(&changed), "2.88 s in four hours, 20 ms at a time, not {changed}");
        }
    }

    #[test]
    fn drift_is_taken_up_where_it_is_quiet() {
        let mut row = SoundRow::starting(0);
        for n in 0..100 {
            assert_eq!(row.place(n * 20_000, 960, 80), PLAIN);
        }
        assert_eq!(row.place(2_000_000 + 16_000, 960, 80), PLAIN, "somebody is speaking");
        assert_eq!(row.place(2_020_000 + 16_000, 960, 10), Placement { silences: 1, keep: true });
        assert_eq!(row.place(2_040_000 + 3_000, 960, 10), Placement { silences: 0, keep: false });
    }
}
