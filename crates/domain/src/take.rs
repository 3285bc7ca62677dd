//! A take: one recording of one video type of an order, made at the counter (双录).
//!
//! ```text
//! waiting -> recording -> uploading -> uploaded      recorded here: the room's recorder has it from the first frame on
//!            uploading -> uploaded                   recorded in the browser while the server was out of reach
//!   any step before the end -> failed
//! ```
//!
//! Of a video type the newest valid take counts: one that is not voided, and rather one that did not fail. A take that is
//! whole voids the ones before it; until then the old one counts, so that a second try that fails takes nothing away.

use std::fmt;
use std::str::FromStr;

use time::OffsetDateTime;

use crate::error::{Conflict, Error};
use crate::id::{OrderId, RecordingId, TakeId, TenantId, UploadId};

/// What is recorded, such as 风控面谈: a tab of the page and a part of the file's name.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct VideoType(String);

impl VideoType {
    /// Longest name in characters: with a business number and a time it must fit into a file name of 255 bytes.
    pub const LONGEST: usize = 32;

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for VideoType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for VideoType {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let name = text.trim();
        if name.is_empty() || name.chars().count() > Self::LONGEST {
            return Err(Error::Invalid(format!("视频类型应为 1 至 {} 个字符", Self::LONGEST)));
        }
        if !is_file_word(name) {
            return Err(Error::Invalid("视频类型不能包含控制字符和 / \\ : * ? \" < > |，也不能以 . 开头".into()));
        }
        Ok(Self(name.to_owned()))
    }
}

/// Whether a text may stand in a file's name on every system that a bank keeps files on.
#[must_use]
pub fn is_file_word(text: &str) -> bool {
    !text.starts_with('.') && !text.chars().any(|c| c.is_control() || "/\\:*?\"<>|".contains(c) || is_invisible(c))
}

/// Characters that nobody sees and that turn what stands beside them around: a name must read as it is.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
}

/// Who recorded, as the business system named them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Operator {
    /// The business system's id of the user; empty where it named none.
    pub user_id: String,
    /// The name; empty where it named none.
    pub user_name: String,
}

/// Where the bytes of a take come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Media {
    /// A room and its recorder.
    Recording(RecordingId),
    /// A browser that kept them until the server was there again.
    Upload(UploadId),
}

/// How far a take is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// The room is asked to record.
    Waiting {
        /// What it will be recorded as.
        recording: RecordingId,
    },
    /// It grows.
    Recording {
        /// What it is recorded as.
        recording: RecordingId,
    },
    /// The last of it is still on its way.
    Uploading {
        /// From where.
        media: Media,
    },
    /// All of it is on disk and can be played.
    Uploaded {
        /// From where it came.
        media: Media,
        /// How long it plays.
        duration_ms: u64,
        /// Since when it is whole.
        at: OffsetDateTime,
    },
    /// Nothing that could be played came of it.
    Failed {
        /// From where it was to come.
        media: Media,
        /// Since when.
        at: OffsetDateTime,
        /// Why.
        why: Failure,
    },
}

/// Why nothing came of a take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// The disk refused it.
    Disk,
    /// Neither picture nor sound arrived.
    Empty,
    /// The upload was not finished in its time.
    UploadExpired,
}

impl Failure {
    /// Every reason.
    pub const ALL: [Self; 3] = [Self::Disk, Self::Empty, Self::UploadExpired];

    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Disk => "disk",
            Self::Empty => "empty",
            Self::UploadExpired => "upload_expired",
        }
    }

    /// The reason of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|why| why.word() == word)
    }
}

impl State {
    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::Recording { .. } => "recording",
            Self::Uploading { .. } => "uploading",
            Self::Uploaded { .. } => "uploaded",
            Self::Failed { .. } => "failed",
        }
    }

    /// Where the bytes come from.
    #[must_use]
    pub const fn media(&self) -> Media {
        match self {
            Self::Waiting { recording } | Self::Recording { recording } => Media::Recording(*recording),
            Self::Uploading { media } | Self::Uploaded { media, .. } | Self::Failed { media, .. } => *media,
        }
    }

    /// Whether a room is at work on it.
    #[must_use]
    pub const fn is_live(&self) -> bool {
        matches!(self, Self::Waiting { .. } | Self::Recording { .. })
    }

    /// Whether it can be played.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        matches!(self, Self::Uploaded { .. })
    }

    /// The recorder runs: now, or again after a restart.
    ///
    /// # Errors
    /// [`Conflict::WrongState`] once it was stopped.
    pub const fn started(self) -> Result<Self, Conflict> {
        match self {
            Self::Waiting { recording } | Self::Recording { recording } => Ok(Self::Recording { recording }),
            Self::Uploading { .. } | Self::Uploaded { .. } | Self::Failed { .. } => Err(Conflict::WrongState),
        }
    }

    /// Somebody asked to stop; the last fragment is not on disk yet.
    ///
    /// # Errors
    /// [`Conflict::NotRecording`] when no room is at work on it.
    pub const fn stopping(self) -> Result<Self, Conflict> {
        match self {
            Self::Waiting { recording } | Self::Recording { recording } => {
                Ok(Self::Uploading { media: Media::Recording(recording) })
            }
            Self::Uploading { .. } | Self::Uploaded { .. } | Self::Failed { .. } => Err(Conflict::NotRecording),
        }
    }

    /// The last byte is on disk. A take without a single millisecond has failed.
    ///
    /// # Errors
    /// [`Conflict::WrongState`] when it ended before.
    pub const fn whole(self, duration_ms: u64, at: OffsetDateTime) -> Result<Self, Conflict> {
        match self {
            Self::Uploaded { .. } | Self::Failed { .. } => Err(Conflict::WrongState),
            Self::Waiting { .. } | Self::Recording { .. } | Self::Uploading { .. } => {
                let media = self.media();
                Ok(if duration_ms == 0 && matches!(media, Media::Recording(_)) {
                    Self::Failed { media, at, why: Failure::Empty }
                } else {
                    Self::Uploaded { media, duration_ms, at }
                })
            }
        }
    }

    /// Nothing comes of it.
    ///
    /// # Errors
    /// [`Conflict::WrongState`] when it ended before.
    pub const fn failed(self, why: Failure, at: OffsetDateTime) -> Result<Self, Conflict> {
        match self {
            Self::Uploaded { .. } | Self::Failed { .. } => Err(Conflict::WrongState),
            Self::Waiting { .. } | Self::Recording { .. } | Self::Uploading { .. } => {
                let media = self.media();
                Ok(Self::Failed { media, at, why })
            }
        }
    }
}

/// Why a take does not count any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Voided {
    /// Since when.
    pub at: OffsetDateTime,
    /// Why, as people read it.
    pub reason: String,
    /// Who said so, as people read it; empty where a business system named nobody.
    pub by: String,
}

/// One take.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Take {
    /// Its id.
    pub id: TakeId,
    /// Whose.
    pub tenant: TenantId,
    /// For which order.
    pub order: OrderId,
    /// Of what.
    pub video_type: VideoType,
    /// Who recorded.
    pub operator: Operator,
    /// Why the type was recorded again, where it was.
    pub again: Option<String>,
    /// When the recording began.
    pub began_at: OffsetDateTime,
    /// How far it is.
    pub state: State,
    /// Why it does not count any more, if it does not.
    pub voided: Option<Voided>,
}

impl Take {
    /// Longest reason in characters.
    pub const LONGEST_REASON: usize = 200;

    /// The take that counts for a video type. `takes` are all of one type, in any order.
    pub fn newest_valid<'a>(takes: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        let valid = takes.into_iter().filter(|take| take.voided.is_none());
        // Not failed beats failed, then newer beats older: by when it was recorded, not by when it arrived.
        valid.max_by_key(|take| (!matches!(take.state, State::Failed { .. }), take.began_at, take.id))
    }

    /// The takes that a newer one of the same type has made superfluous, once it is whole.
    pub fn superseded<'a>(takes: impl IntoIterator<Item = &'a Self>) -> Vec<TakeId> {
        let mut whole: Vec<&Self> =
            takes.into_iter().filter(|take| take.voided.is_none() && take.state.is_whole()).collect();
        whole.sort_unstable_by_key(|take| (take.began_at, take.id));
        whole.pop();
        whole.into_iter().map(|take| take.id).collect()
    }

    /// Whether another recording of this type needs a reason: there is one already that could be played.
    pub fn needs_reason<'a>(takes: impl IntoIterator<Item = &'a Self>) -> bool {
        takes.into_iter().any(|take| take.voided.is_none() && take.state.is_whole())
    }

    /// Whether a room is at work on one of these.
    pub fn live<'a>(takes: impl IntoIterator<Item = &'a Self>) -> Option<&'a Self> {
        takes.into_iter().find(|take| take.voided.is_none() && take.state.is_live())
    }

    /// Takes it out of what counts. Its files stay.
    ///
    /// # Errors
    /// [`Conflict::AlreadyRecording`] while a room is at work on it; [`Conflict::WrongState`] when it was voided before.
    pub fn void(self, voided: Voided) -> Result<Self, Conflict> {
        if self.state.is_live() {
            return Err(Conflict::AlreadyRecording);
        }
        if self.voided.is_some() {
            return Err(Conflict::WrongState);
        }
        Ok(Self { voided: Some(voided), ..self })
    }
}

/// A reason as it is kept: trimmed, none where nothing is left.
///
/// # Errors
/// [`Error::Invalid`] when it is too long or holds control characters.
pub fn reason(text: Option<&str>) -> Result<Option<String>, Error> {
    let Some(text) = text.map(str::trim).filter(|text| !text.is_empty()) else { return Ok(None) };
    if text.chars().count() > Take::LONGEST_REASON {
        return Err(Error::Invalid(format!("原因最多 {} 个字符", Take::LONGEST_REASON)));
    }
    if text.chars().any(|c| c.is_control() || is_invisible(c)) {
        return Err(Error::Invalid("原因不能包含控制字符".into()));
    }
    Ok(Some(text.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Counting;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    fn recording() -> RecordingId {
        RecordingId::mint(NOON, &mut Counting::default())
    }

    fn take(second: i64, state: State) -> Take {
        let at = NOON + time::Duration::seconds(second);
        let mut random = Counting::default();
        Take {
            id: TakeId::mint(at, &mut random),
            tenant: TenantId::mint(NOON, &mut random),
            order: OrderId::mint(NOON, &mut random),
            video_type: "风控面谈".parse().expect("a video type"),
            operator: Operator::default(),
            again: None,
            began_at: at,
            state,
            voided: None,
        }
    }

    fn whole() -> State {
        State::Uploaded { media: Media::Recording(recording()), duration_ms: 1, at: NOON }
    }

    fn failed() -> State {
        State::Failed { media: Media::Recording(recording()), at: NOON, why: Failure::Disk }
    }

    fn voided() -> Voided {
        Voided { at: NOON, reason: "声音太小".into(), by: "王敏".into() }
    }

    #[test]
    fn a_take_goes_from_waiting_to_whole() {
        let recording = recording();
        let state = State::Waiting { recording }.started().expect("the recorder may start");
        assert_eq!(state, State::Recording { recording });
        assert_eq!(state.clone().started(), Ok(state.clone()), "a restart of the server starts it again");
        let state = state.stopping().expect("it may be stopped");
        assert_eq!(state.word(), "uploading");
        let state = state.whole(1_500, NOON).expect("it may be whole");
        assert_eq!(state, State::Uploaded { media: Media::Recording(recording), duration_ms: 1_500, at: NOON });
    }

    #[test]
    fn what_has_ended_does_not_go_on() {
        for state in [whole(), failed()] {
            assert_eq!(state.clone().started(), Err(Conflict::WrongState));
            assert_eq!(state.clone().stopping(), Err(Conflict::NotRecording));
            assert_eq!(state.clone().whole(1, NOON), Err(Conflict::WrongState));
            assert_eq!(state.failed(Failure::Disk, NOON), Err(Conflict::WrongState));
        }
        let stopping = State::Uploading { media: Media::Recording(recording()) };
        assert_eq!(stopping.clone().started(), Err(Conflict::WrongState));
        assert_eq!(stopping.stopping(), Err(Conflict::NotRecording));
    }

    #[test]
    fn a_recording_of_nothing_has_failed_but_an_upload_knows_its_length_late() {
        let recording = recording();
        let upload = UploadId::mint(NOON, &mut Counting::default());
        let empty = State::Waiting { recording }.whole(0, NOON);
        assert_eq!(empty, Ok(State::Failed { media: Media::Recording(recording), at: NOON, why: Failure::Empty }));
        assert!(State::Uploading { media: Media::Upload(upload) }.whole(0, NOON).is_ok_and(|state| state.is_whole()));
    }

    #[test]
    fn the_newest_valid_take_counts() {
        let (old, new) = (take(0, whole()), take(60, whole()));
        assert_eq!(Take::newest_valid([&new, &old]), Some(&new));
        let void = new.clone().void(voided()).expect("it may be voided");
        assert_eq!(Take::newest_valid([&void, &old]), Some(&old));
        assert_eq!(Take::newest_valid([&void]), None);
        assert_eq!(Take::newest_valid([]), None);
    }

    #[test]
    fn a_second_try_that_fails_takes_nothing_away() {
        let (old, second) = (take(0, whole()), take(60, failed()));
        assert_eq!(Take::newest_valid([&old, &second]), Some(&old));
        assert_eq!(Take::newest_valid([&second]), Some(&second), "a failure is told where there is nothing else");
    }

    #[test]
    fn a_whole_take_makes_the_ones_before_it_superfluous_also_when_it_arrives_late() {
        let (first, second) = (take(0, whole()), take(60, whole()));
        let growing = take(120, State::Recording { recording: recording() });
        assert_eq!(Take::superseded([&second, &first, &growing]), [first.id]);
        let late = Take { began_at: NOON - time::Duration::hours(1), ..take(180, whole()) };
        assert_eq!(Take::superseded([&second, &late]), [late.id]);
        assert_eq!(Take::newest_valid([&second, &late]), Some(&second));
        assert_eq!(Take::superseded([&second]), []);
    }

    #[test]
    fn recording_again_needs_a_reason_only_where_something_would_be_replaced() {
        assert!(Take::needs_reason([&take(0, whole())]));
        assert!(!Take::needs_reason([&take(0, failed())]));
        assert!(!Take::needs_reason([&take(0, whole()).void(voided()).expect("it may be voided")]));
    }

    #[test]
    fn a_take_that_is_being_recorded_or_was_voided_cannot_be_voided() {
        let live = take(0, State::Waiting { recording: recording() });
        assert_eq!(Take::live([&live]), Some(&live));
        assert_eq!(live.void(voided()), Err(Conflict::AlreadyRecording));
        let void = take(0, whole()).void(voided()).expect("it may be voided");
        assert_eq!(void.void(voided()), Err(Conflict::WrongState));
    }

    #[test]
    fn a_video_type_can_stand_in_a_file_name() {
        for good in ["风控面谈", "fengkong", "Risk Interview", "客服签约(1)", "a_b"] {
            assert!(good.parse::<VideoType>().is_ok_and(|name| name.as_str() == good), "{good}");
        }
        let long = "长".repeat(33);
        for bad in ["", " ", "a/b", "..", ".a", "a\\b", "a:b", "a\u{7}b", "a\u{202e}b", "<b>", long.as_str()] {
            assert!(bad.parse::<VideoType>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_reason_is_trimmed_and_short() {
        assert_eq!(reason(Some(" 声音太小 ")).expect("a reason"), Some("声音太小".into()));
        assert_eq!(reason(Some("  ")).expect("no reason"), None);
        assert!(reason(Some(&"长".repeat(201))).is_err());
        assert!(reason(Some("a\nb")).is_err());
    }
}
