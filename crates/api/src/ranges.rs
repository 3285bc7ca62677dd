//! Ranges of a file (RFC 9110 section 14): one range is answered, several are answered with the whole file, as section 14.2 allows.

use std::ops::Range;

/// What of a file is to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// All of it.
    Whole,
    /// These bytes.
    Part(Range<u64>),
    /// Nothing of what was asked for is in the file.
    Nothing,
}

/// Reads `Range`. What is no byte range is ignored. `unchanged` says that `If-Range`, if there is one, names this very file.
#[must_use]
pub fn wanted(range: Option<&str>, unchanged: bool, size: u64) -> Wanted {
    let spec = range.filter(|_| unchanged).and_then(|range| range.trim().strip_prefix("bytes="));
    let Some((first, last)) = spec.filter(|spec| !spec.contains(',')).and_then(|spec| spec.trim().split_once('-'))
    else {
        return Wanted::Whole;
    };
    let range = match (first.trim(), last.trim()) {
        ("", last) => number(last).map(|suffix| size.saturating_sub(suffix)..size),
        (first, "") => number(first).map(|first| first..size),
        (first, last) => number(first)
            .zip(number(last))
            .filter(|(first, last)| first <= last)
            .map(|(first, last)| first..last.saturating_add(1).min(size)),
    };
    match range {
        Some(range) if range.start < range.end => Wanted::Part(range),
        Some(_) => Wanted::Nothing,
        None => Wanted::Whole,
    }
}

/// Digits alone: `parse` would take a sign as well.
fn number(text: &str) -> Option<u64> {
    if text.bytes().all(|byte| byte.is_ascii_digit()) { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of_ten(range: &str) -> Wanted {
        wanted(Some(range), true, 10)
    }

    #[test]
    fn one_range_is_answered() {
        assert_eq!(of_ten("bytes=0-0"), Wanted::Part(0..1));
        assert_eq!(of_ten("bytes=3-"), Wanted::Part(3..10));
        assert_eq!(of_ten("bytes=3-99"), Wanted::Part(3..10));
        assert_eq!(of_ten("bytes=-4"), Wanted::Part(6..10));
        assert_eq!(of_ten("bytes=-99"), Wanted::Part(0..10));
    }

    #[test]
    fn what_lies_outside_is_said_to() {
        assert_eq!(of_ten("bytes=10-"), Wanted::Nothing);
        assert_eq!(of_ten("bytes=-0"), Wanted::Nothing);
        assert_eq!(wanted(Some("bytes=0-"), true, 0), Wanted::Nothing);
    }

    #[test]
    fn nonsense_several_ranges_and_a_changed_file_get_the_whole() {
        for range in [
            "",
            "bytes=",
            "bytes=a-b",
            "bytes=5-3",
            "bytes=+1-2",
            "bytes=0-1,3-4",
            "lines=0-1",
            "bytes=99999999999999999999-",
        ] {
            assert_eq!(of_ten(range), Wanted::Whole, "{range}");
        }
        assert_eq!(wanted(Some("bytes=0-0"), false, 10), Wanted::Whole);
        assert_eq!(wanted(None, true, 10), Wanted::Whole);
    }
}
