//! Opening hours: per weekday any number of spans of minutes, in the tenant's zone.

use std::fmt;
use std::str::FromStr;

use time::{Duration, OffsetDateTime, UtcOffset, Weekday};

const MINUTES_A_DAY: u16 = 24 * 60;

/// When a queue is open. As text: `always`, `never`, or spans such as `1-5 09:00-12:00, 1-5 13:30-18:00, 6 10:00-16:00`
/// with the days 1 (Monday) to 7 (Sunday).
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Hours {
    /// Day and night.
    #[default]
    Always,
    /// In these spans.
    Spans(Vec<Span>),
}

/// One span on some weekdays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// First and last weekday, 1 (Monday) to 7.
    days: (u8, u8),
    /// First minute of the day that is open.
    from: u16,
    /// First minute of the day that is not; at most 1440.
    to: u16,
}

/// The text is not opening hours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not opening hours: expected `always` or spans like `1-5 09:00-18:00`, found {0:?}")]
pub struct BadHours(String);

impl Hours {
    /// Whether the queue is open at that moment.
    #[must_use]
    pub fn is_open(&self, at: OffsetDateTime, zone: UtcOffset) -> bool {
        match self {
            Self::Always => true,
            Self::Spans(spans) => {
                let local = at.to_offset(zone);
                let minute = u16::from(local.hour()) * 60 + u16::from(local.minute());
                spans.iter().any(|span| span.falls_on(local.weekday()) && (span.from..span.to).contains(&minute))
            }
        }
    }

    /// The next moment at which the queue opens, at or after `at`; none if it never does.
    #[must_use]
    pub fn opens_at(&self, at: OffsetDateTime, zone: UtcOffset) -> Option<OffsetDateTime> {
        if self.is_open(at, zone) {
            return Some(at);
        }
        let Self::Spans(spans) = self else { return Some(at) };
        let midnight = at.to_offset(zone).replace_time(time::Time::MIDNIGHT);
        // The eighth day is today's weekday again, for a span that has begun and ended already.
        (0..=7)
            .map(|day| midnight + Duration::days(day))
            .flat_map(|day| {
                spans
                    .iter()
                    .filter(move |span| span.falls_on(day.weekday()))
                    .map(move |span| day + Duration::minutes(i64::from(span.from)))
            })
            .filter(|&opening| opening > at)
            .min()
    }
}

impl Span {
    fn falls_on(self, day: Weekday) -> bool {
        (self.days.0..=self.days.1).contains(&day.number_from_monday())
    }
}

impl FromStr for Hours {
    type Err = BadHours;

    fn from_str(text: &str) -> Result<Self, BadHours> {
        if text.trim() == "always" {
            return Ok(Self::Always);
        }
        if text.trim() == "never" {
            return Ok(Self::Spans(Vec::new()));
        }
        text.split(',')
            .map(|span| parse_span(span.trim()).ok_or_else(|| BadHours(text.to_owned())))
            .collect::<Result<_, _>>()
            .map(Self::Spans)
    }
}

fn parse_span(text: &str) -> Option<Span> {
    let (days, times) = text.split_once(' ')?;
    let (first, last) = days.split_once('-').unwrap_or((days, days));
    let days: (u8, u8) = (first.parse().ok()?, last.parse().ok()?);
    let (from, to) = times.trim().split_once('-')?;
    let (from, to) = (parse_minute(from)?, parse_minute(to)?);
    (1 <= days.0 && days.0 <= days.1 && days.1 <= 7 && from < to).then_some(Span { days, from, to })
}

fn parse_minute(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let total = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && total <= MINUTES_A_DAY).then_some(total)
}

impl fmt::Display for Hours {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Spans(spans) = self else { return f.write_str("always") };
        if spans.is_empty() {
            return f.write_str("never");
        }
        for (n, span) in spans.iter().enumerate() {
            let separator = if n == 0 { "" } else { ", " };
            let (first, last) = span.days;
            write!(f, "{separator}{first}-{last} ")?;
            write!(f, "{:02}:{:02}-{:02}:{:02}", span.from / 60, span.from % 60, span.to / 60, span.to % 60)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{datetime, offset};

    const BEIJING: UtcOffset = offset!(+8);

    fn office() -> Hours {
        "1-5 09:00-12:00, 1-5 13:30-18:00, 6 10:00-16:00".parse().expect("these are opening hours")
    }

    #[test]
    fn hours_are_in_the_tenants_zone() {
        // 2026-11-23 is a Monday; 01:00 UTC is 09:00 in Beijing.
        assert!(office().is_open(datetime!(2026-11-23 01:00 UTC), BEIJING));
        assert!(!office().is_open(datetime!(2026-11-23 00:59 UTC), BEIJING));
        assert!(!office().is_open(datetime!(2026-11-23 10:00 UTC), BEIJING));
    }

    #[test]
    fn a_closed_queue_tells_when_it_opens() {
        let at_lunch = datetime!(2026-11-23 12:10 +8);
        assert_eq!(office().opens_at(at_lunch, BEIJING), Some(datetime!(2026-11-23 13:30 +8)));
        let saturday_night = datetime!(2026-11-28 22:00 +8);
        assert_eq!(office().opens_at(saturday_night, BEIJING), Some(datetime!(2026-11-30 09:00 +8)));
        let weekly: Hours = "1 09:00-10:00".parse().expect("these are opening hours");
        assert_eq!(weekly.opens_at(datetime!(2026-11-23 11:00 +8), BEIJING), Some(datetime!(2026-11-30 09:00 +8)));
        assert_eq!(Hours::Spans(Vec::new()).opens_at(at_lunch, BEIJING), None);
    }

    #[test]
    fn hours_read_back_from_their_own_text() {
        assert_eq!(office().to_string().parse(), Ok(office()));
        assert_eq!("always".parse(), Ok(Hours::Always));
        assert_eq!(Hours::Spans(Vec::new()).to_string().parse(), Ok(Hours::Spans(Vec::new())));
        for wrong in
            ["", "9-17", "0-5 09:00-18:00", "5-1 09:00-18:00", "1-5 18:00-09:00", "1-5 09:60-18:00", "1 00:00-24:01"]
        {
            assert!(wrong.parse::<Hours>().is_err(), "{wrong}");
        }
    }
}
