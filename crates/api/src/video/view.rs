//! What goes over the wire.

use mingjian_domain::take::{Failure, Media, State, Take};
use serde::Serialize;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// A line of `uploadStatus`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VideoView<'a> {
    pub(super) tenant_id: &'a str,
    pub(super) business_no: &'a str,
    pub(super) video_type: &'a str,
    pub(super) video_status: &'static str,
}

/// `videoStatus`: 0 waiting, 1 recording, 2 uploading, 3 uploaded, 4 failed.
pub(super) const fn status(state: &State) -> &'static str {
    match state {
        State::Waiting { .. } => "0",
        State::Recording { .. } => "1",
        State::Uploading { .. } => "2",
        State::Uploaded { .. } => "3",
        State::Failed { .. } => "4",
    }
}

/// A take, as the page shows it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TakeView {
    id: String,
    business_no: String,
    video_type: String,
    video_status: &'static str,
    /// Whether it is the one that counts.
    newest: bool,
    /// `server`, or `local` for one that a browser kept.
    source: &'static str,
    operator: String,
    again: Option<String>,
    began_at: String,
    duration_ms: Option<u64>,
    failure: Option<&'static str>,
    voided: Option<VoidedView>,
    /// Where a player gets it; none while there is nothing to play.
    play_url: Option<String>,
}

#[derive(Debug, Serialize)]
struct VoidedView {
    at: String,
    reason: String,
    by: String,
}

/// A moment as the page reads it.
pub(super) fn moment(at: OffsetDateTime) -> String {
    at.to_offset(time::UtcOffset::UTC).format(&Rfc3339).expect("a moment of our time can be written")
}

impl TakeView {
    pub(super) fn new(take: &Take, business_no: &str, newest: bool, play_url: Option<String>) -> Self {
        let (duration_ms, failure) = match &take.state {
            State::Uploaded { duration_ms, .. } => (Some(*duration_ms), None),
            State::Failed { why, .. } => (None, Some(sentence(*why))),
            State::Waiting { .. } | State::Recording { .. } | State::Uploading { .. } => (None, None),
        };
        Self {
            id: take.id.to_string(),
            business_no: business_no.to_owned(),
            video_type: take.video_type.to_string(),
            video_status: status(&take.state),
            newest,
            source: match take.state.media() {
                Media::Recording(_) => "server",
                Media::Upload(_) => "local",
            },
            operator: take.operator.user_name.clone(),
            again: take.again.clone(),
            began_at: moment(take.began_at),
            duration_ms,
            failure,
            voided: take.voided.as_ref().map(|voided| VoidedView {
                at: moment(voided.at),
                reason: voided.reason.clone(),
                by: voided.by.clone(),
            }),
            play_url,
        }
    }
}

const fn sentence(why: Failure) -> &'static str {
    match why {
        Failure::Disk => "服务器磁盘写入失败，请联系管理员后重录",
        Failure::Empty => "没有收到画面和声音，请检查设备后重录",
        Failure::UploadExpired => "本地录制没有在期限内上传完成，请重录",
    }
}
