//! What files and folders may be called.
//!
//! Repeated slashes collapse. `.` and `..`, control characters and names over 255 bytes are refused, and so is a path over
//! 1,024 bytes, which no index of a database would take.

use std::fmt;

use time::OffsetDateTime;

use super::FileKind;
use crate::error::{Refused, Result};

/// As in every file system.
const LONGEST_NAME: usize = 255;
const LONGEST_PATH: usize = 1_024;

fn check_name(name: &str) -> std::result::Result<&str, Refused> {
    let bad = name.is_empty()
        || name.len() > LONGEST_NAME
        || matches!(name, "." | "..")
        || name.chars().any(|letter| letter == '/' || letter.is_control());
    if bad { Err(Refused::BadName) } else { Ok(name) }
}

/// The name of a file inside its folder.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileName(String);

impl FileName {
    /// Reads a name.
    ///
    /// # Errors
    /// [`Refused::BadName`].
    pub fn parse(text: &str) -> Result<Self> {
        Ok(Self(check_name(text)?.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// What stands behind the last dot; none where there is no dot, or nothing before or behind it.
    #[must_use]
    pub fn suffix(&self) -> Option<&str> {
        let (stem, suffix) = self.0.rsplit_once('.')?;
        (!stem.is_empty() && !suffix.is_empty()).then_some(suffix)
    }

    /// The same with `_2`, `_3`, … before the suffix, for when a name that the server chose is taken.
    #[must_use]
    pub fn numbered(&self, number: u32) -> Self {
        let (stem, suffix) = match self.suffix() {
            Some(suffix) => (&self.0[..self.0.len() - suffix.len() - 1], &self.0[self.0.len() - suffix.len() - 1..]),
            None => (self.0.as_str(), ""),
        };
        let tail = format!("_{number}{suffix}");
        Self(format!("{}{tail}", cut(stem, LONGEST_NAME.saturating_sub(tail.len()))))
    }
}

impl fmt::Display for FileName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The path of a folder: `/`, or `/2018/` and the like.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FolderPath(String);

impl FolderPath {
    /// `/`.
    #[must_use]
    pub fn root() -> Self {
        Self("/".to_owned())
    }

    /// Reads a path; slashes at its ends may be there or not.
    ///
    /// # Errors
    /// [`Refused::BadName`].
    pub fn parse(text: &str) -> Result<Self> {
        let mut path = "/".to_owned();
        for name in text.split('/').filter(|name| !name.is_empty()) {
            path.push_str(check_name(name)?);
            path.push('/');
        }
        if path.len() > LONGEST_PATH { Err(Refused::BadName.into()) } else { Ok(Self(path)) }
    }

    /// The path, with a slash at both ends.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The last name; empty for `/`.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.trim_end_matches('/').rsplit('/').next().unwrap_or_default()
    }

    /// The folder that it is in; none for `/`.
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        let inner = self.0.strip_suffix('/')?;
        inner.rfind('/').map(|slash| Self(inner[..=slash].to_owned()))
    }
}

impl fmt::Display for FolderPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The path of a file: its folder's and its name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FilePath {
    /// Where.
    pub folder: FolderPath,
    /// What it is called there.
    pub name: FileName,
}

impl FilePath {
    /// Reads `/demo.mp4`, `/A/demo.mp4` and the like.
    ///
    /// # Errors
    /// [`Refused::BadName`], also for a path that ends with a slash.
    pub fn parse(text: &str) -> Result<Self> {
        let (folder, name) = text.rsplit_once('/').unwrap_or(("", text));
        let path = Self { folder: FolderPath::parse(folder)?, name: FileName::parse(name)? };
        if path.folder.0.len() + path.name.0.len() > LONGEST_PATH { Err(Refused::BadName.into()) } else { Ok(path) }
    }
}

impl fmt::Display for FilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.folder, self.name)
    }
}

/// What the file of a recording is named after.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RecordingName<'a> {
    /// Of a piece of business: `/<yyyy-MM-dd>/<businessNo>_<video type or kind>_<yyyyMMddHHmmss>.mp4`.
    Business {
        /// The order's number.
        business_no: &'a str,
        /// The video type of a double recording; none takes the kind's word.
        video_type: Option<&'a str>,
        /// What was recorded.
        kind: FileKind,
    },
    /// Of a meeting: `/<yyyy-MM-dd>/<number>_<HHmmss>.mp4`.
    Meeting {
        /// The room's number.
        number: &'a str,
    },
}

impl RecordingName<'_> {
    /// The path of a recording that was begun at that moment, in the tenant's zone.
    #[must_use]
    pub fn path(&self, begun_at: OffsetDateTime) -> FilePath {
        let (date, time) = (begun_at.date(), begun_at.time());
        let (year, month, day) = (date.year(), u8::from(date.month()), date.day());
        let clock = format!("{:02}{:02}{:02}", time.hour(), time.minute(), time.second());
        let name = match self {
            Self::Business { business_no, video_type, kind } => {
                let what = plain(video_type.unwrap_or(kind.word()), 64);
                format!("{}_{what}_{year:04}{month:02}{day:02}{clock}.mp4", plain(business_no, 128))
            }
            Self::Meeting { number } => format!("{}_{clock}.mp4", plain(number, 128)),
        };
        FilePath { folder: FolderPath(format!("/{year:04}-{month:02}-{day:02}/")), name: FileName(name) }
    }
}

/// A part of a name, without what no name may hold.
fn plain(text: &str, longest: usize) -> String {
    let letter = |letter: char| if letter == '/' || letter.is_control() { '_' } else { letter };
    cut(text, longest).chars().map(letter).collect()
}

/// At most so many bytes of a text, and no half letter.
fn cut(text: &str, longest: usize) -> &str {
    let mut end = text.len().min(longest);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::datetime;

    fn folder(text: &str) -> String {
        FolderPath::parse(text).map_or_else(|error| error.to_string(), |path| path.to_string())
    }

    fn file(text: &str) -> Option<String> {
        FilePath::parse(text).ok().map(|path| path.to_string())
    }

    #[test]
    fn a_folder_is_printed_with_a_slash_at_both_ends() {
        assert_eq!(folder("/"), "/");
        assert_eq!(folder(""), "/");
        assert_eq!(folder("2018"), "/2018/");
        assert_eq!(folder("//2018"), "/2018/");
        assert_eq!(folder("/二级///目录/"), "/二级/目录/");
    }

    #[test]
    fn the_name_and_the_parent_of_a_folder() {
        let path = FolderPath::parse("/a/b/").expect("a path");
        assert_eq!((path.name(), path.parent().map(|up| up.to_string())), ("b", Some("/a/".into())));
        let top = FolderPath::parse("/a").expect("a path");
        assert_eq!(top.parent(), Some(FolderPath::root()));
        assert_eq!((FolderPath::root().name(), FolderPath::root().parent()), ("", None));
    }

    #[test]
    fn what_climbs_or_controls_or_is_too_long_is_refused() {
        let long = "长".repeat(85);
        assert!(file(&format!("/{long}")).is_some(), "255 bytes");
        for bad in [
            "..",
            "/..",
            "/a/../b.mp4",
            "/../b.mp4",
            "/./b.mp4",
            "/a/",
            "",
            "/",
            "/a\u{0}.mp4",
            "/a\n.mp4",
            "/a\u{7f}.mp4",
            "/a\u{85}/b.mp4",
            &format!("/{long}x"),
            &format!("/{}b.mp4", "abcdefgh/".repeat(120)),
        ] {
            assert_eq!(file(bad), None, "{bad:?}");
        }
        for bad in ["..", "/a/..", "a/./b", "/\u{1b}/", &format!("/{}/", "x".repeat(256)), &"abcdefgh/".repeat(120)] {
            assert!(FolderPath::parse(bad).is_err(), "{bad:?}");
        }
        assert_eq!(file("/..a/...mp4"), Some("/..a/...mp4".into()), "dots alone are harmless");
    }

    #[test]
    fn a_file_lies_in_a_folder() {
        assert_eq!(file("/demo.mp4"), Some("/demo.mp4".into()));
        assert_eq!(file("demo.mp4"), Some("/demo.mp4".into()));
        assert_eq!(file("//A//demo.mp4"), Some("/A/demo.mp4".into()));
    }

    #[test]
    fn a_suffix_stands_behind_something() {
        let suffix = |name: &str| FileName::parse(name).expect("a name").suffix().map(str::to_owned);
        assert_eq!(suffix("a.MP4"), Some("MP4".into()));
        assert_eq!(suffix("a.b.mp4"), Some("mp4".into()));
        for none in ["demo", ".mp4", "demo."] {
            assert_eq!(suffix(none), None, "{none}");
        }
    }

    #[test]
    fn a_name_that_is_taken_is_numbered_before_its_suffix_and_stays_a_name() {
        let numbered = |name: &str, number| FileName::parse(name).expect("a name").numbered(number).0;
        assert_eq!(numbered("a.mp4", 2), "a_2.mp4");
        assert_eq!(numbered("demo", 12), "demo_12");
        let long = numbered(&format!("{}.mp4", "长".repeat(83)), 2);
        assert!(FileName::parse(&long).is_ok() && long.ends_with("长_2.mp4"), "{long}");
    }

    #[test]
    fn recordings_of_business_begin_with_the_business_number() {
        let begun_at = datetime!(2026-11-23 09:05:07 +8);
        let name = RecordingName::Business { business_no: "A3239239", video_type: None, kind: FileKind::Interview };
        assert_eq!(name.path(begun_at).to_string(), "/2026-11-23/A3239239_interview_20261123090507.mp4");
        let name = RecordingName::Business { business_no: "A1", video_type: Some("2"), kind: FileKind::Counter };
        assert_eq!(name.path(begun_at).to_string(), "/2026-11-23/A1_2_20261123090507.mp4");
    }

    #[test]
    fn recordings_of_meetings_begin_with_the_number_of_the_room() {
        let begun_at = datetime!(2026-01-02 23:59:00 UTC);
        assert_eq!(RecordingName::Meeting { number: "1866" }.path(begun_at).to_string(), "/2026-01-02/1866_235900.mp4");
    }

    #[test]
    fn whatever_a_business_number_holds_the_path_of_its_recording_reads_back() {
        let begun_at = datetime!(2026-11-23 12:00 UTC);
        for odd in ["../../etc", "a/b", "\u{0}", "..", &"号".repeat(300)] {
            let name = RecordingName::Business { business_no: odd, video_type: Some("/"), kind: FileKind::Counter };
            let path = name.path(begun_at);
            assert_eq!(FilePath::parse(&path.to_string()).ok(), Some(path), "{odd:?}");
        }
    }
}
