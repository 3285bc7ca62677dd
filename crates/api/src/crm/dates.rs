//! Moments as the document writes them: `yyyy-MM-dd HH:mm:ss` in the tenant's zone. (It says `yyyy-mm-dd hh:mi:ss`, which is how
//! Oracle would write that mask.)

use mingjian_domain::error::{Error, Result};
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{Date, OffsetDateTime, PrimitiveDateTime, UtcOffset};

const MOMENT: StaticFormatDescription = format_description!("[year]-[month]-[day] [hour]:[minute]:[second]");
const DAY: StaticFormatDescription = format_description!("[year]-[month]-[day]");
const TIME: StaticFormatDescription = format_description!("[hour]:[minute]:[second]");

/// `yyyy-MM-dd HH:mm:ss`.
pub(super) fn print(at: OffsetDateTime, zone: UtcOffset) -> String {
    at.to_offset(zone).format(MOMENT).unwrap_or_default()
}

/// `yyyy-MM-dd`.
pub(super) fn print_day(day: Date) -> String {
    day.format(DAY).unwrap_or_default()
}

/// `HH:mm:ss`.
pub(super) fn print_time(at: OffsetDateTime, zone: UtcOffset) -> String {
    at.to_offset(zone).format(TIME).unwrap_or_default()
}

/// Reads `yyyy-MM-dd HH:mm:ss`.
///
/// # Errors
/// [`Error::Invalid`] naming the field.
pub(super) fn read(field: &str, text: &str, zone: UtcOffset) -> Result<OffsetDateTime> {
    let moment = PrimitiveDateTime::parse(text.trim(), MOMENT).map(|moment| moment.assume_offset(zone));
    let wrong = |_| Error::Invalid(format!("{field}:应为 yyyy-MM-dd HH:mm:ss 格式的时间，例如 2026-11-23 09:30:00"));
    moment.map_err(wrong)
}

/// Reads `yyyy-MM-dd`.
///
/// # Errors
/// [`Error::Invalid`] naming the field.
pub(crate) fn read_day(field: &str, text: &str) -> Result<Date> {
    Date::parse(text.trim(), DAY)
        .map_err(|_| Error::Invalid(format!("{field}:应为 yyyy-MM-dd 格式的日期，例如 2026-11-23")))
}

#[cfg(test)]
mod tests {
    use time::macros::{datetime, offset};

    use super::*;

    #[test]
    fn a_moment_reads_back_in_its_zone() {
        let at = read("createTime", "2026-11-23 09:30:00", offset!(+8)).expect("a moment");
        assert_eq!(at, datetime!(2026-11-23 01:30 UTC));
        assert_eq!(print(at, offset!(+8)), "2026-11-23 09:30:00");
        assert_eq!(print_time(at, offset!(+8)), "09:30:00");
        assert_eq!(print_day(at.date()), "2026-11-23");
    }

    #[test]
    fn what_is_no_moment_is_told_by_its_field() {
        for wrong in ["", "2026-11-23", "2026-11-23T09:30:00", "2026-13-01 00:00:00", "2026-11-23 24:00:00", "１"] {
            let told = read("createTime", wrong, offset!(+8)).expect_err("no moment").to_string();
            assert!(told.starts_with("createTime:"), "{told}");
        }
        assert!(read_day("start", "2026-02-30").is_err());
    }
}
