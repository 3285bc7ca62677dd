//! One continuous RTP stream out of whatever the publisher sends.
//!
//! A subscriber's decoder sees one sequence of numbers and times for as long as its media line lives. The publisher may
//! reload its page, change its SSRC or be replaced by somebody else in the meantime: each such change is a new
//! generation, which goes on where the last one ended.

use std::time::{Duration, Instant};

/// Rewrites sequence numbers and timestamps of one outgoing stream.
#[derive(Debug, Default)]
pub(crate) struct Rewriter {
    current: Option<Generation>,
    /// Highest sequence number sent so far.
    highest_seq: u64,
}

/// What is known of the stream that is being forwarded now.
#[derive(Debug)]
struct Generation {
    number: u64,
    /// Sequence number of its first forwarded packet. What is older was never announced to the subscriber.
    first_seq_in: u64,
    first_seq_out: u64,
    time_delta: u32,
    newest_time_out: u32,
    newest_wall: Instant,
}

impl Rewriter {
    /// The sequence number and timestamp under which a packet goes out, or none if it must not:
    /// it belongs to an older generation or lies before the first packet that was forwarded.
    ///
    /// `wall` is when the packet was captured, on the server's clock; `rate` is in ticks a second.
    pub(crate) fn rewrite(
        &mut self,
        generation: u64,
        seq: u64,
        time: u32,
        wall: Instant,
        rate: u32,
    ) -> Option<(u64, u32)> {
        match &self.current {
            Some(current) if current.number > generation => return None,
            Some(current) if current.number == generation => {}
            current => {
                let time_out = current.as_ref().map_or(time, |last| {
                    let away = wall.saturating_duration_since(last.newest_wall);
                    last.newest_time_out.wrapping_add(ticks(away, rate).max(1))
                });
                self.current = Some(Generation {
                    number: generation,
                    first_seq_in: seq,
                    first_seq_out: self.highest_seq + 1,
                    time_delta: time_out.wrapping_sub(time),
                    newest_time_out: time_out,
                    newest_wall: wall,
                });
            }
        }
        let current = self.current.as_mut().expect("set above when it was none");
        let seq_out = current.first_seq_out + seq.checked_sub(current.first_seq_in)?;
        let time_out = time.wrapping_add(current.time_delta);
        if seq_out > self.highest_seq {
            self.highest_seq = seq_out;
            current.newest_time_out = time_out;
            current.newest_wall = wall;
        }
        Some((seq_out, time_out))
    }
}

/// `span` in ticks, modulo 2^32 like every RTP timestamp (RFC 3550 section 5.1).
#[expect(clippy::cast_possible_truncation, reason = "RTP time wraps at 32 bits")]
fn ticks(span: Duration, rate: u32) -> u32 {
    (span.as_nanos() * u128::from(rate) / 1_000_000_000) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    const RATE: u32 = 90_000;

    #[test]
    fn a_stream_keeps_its_own_distances() {
        let (mut rewriter, now) = (Rewriter::default(), Instant::now());
        let (seq, time) = rewriter.rewrite(1, 50_000, 7, now, RATE).expect("first packet");
        let later = now + Duration::from_millis(40);
        assert_eq!(rewriter.rewrite(1, 50_003, 3607, later, RATE), Some((seq + 3, time + 3600)));
        assert_eq!(
            rewriter.rewrite(1, 50_001, 3607, later, RATE),
            Some((seq + 1, time + 3600)),
            "a late packet keeps its place"
        );
    }

    #[test]
    fn a_new_generation_goes_on_where_the_last_ended() {
        let (mut rewriter, now) = (Rewriter::default(), Instant::now());
        rewriter.rewrite(1, 10, 0, now, RATE);
        let (last_seq, last_time) = rewriter.rewrite(1, 11, 3000, now, RATE).expect("same generation");
        let away = Duration::from_secs(2);
        let (seq, time) = rewriter.rewrite(2, 900, 4_000_000_000, now + away, RATE).expect("new generation");
        assert_eq!((seq, time), (last_seq + 1, last_time + 180_000));
        assert_eq!(rewriter.rewrite(1, 12, 6000, now + away, RATE), None, "the old generation is over");
        assert_eq!(rewriter.rewrite(2, 899, 0, now + away, RATE), None, "before the first packet there is nothing");
    }

    #[test]
    fn time_moves_even_when_the_clock_does_not() {
        let (mut rewriter, now) = (Rewriter::default(), Instant::now());
        let (_, first) = rewriter.rewrite(1, 10, 500, now, RATE).expect("first packet");
        let (_, second) = rewriter.rewrite(2, 10, 500, now, RATE).expect("new generation");
        assert_eq!(second, first.wrapping_add(1));
    }
}
