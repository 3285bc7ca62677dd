//! Why a request was not carried out: a word for the program, a sentence for the person.

use mingjian_domain::error::{Conflict, Denied, Error, Noun, Unauthenticated};
use mingjian_domain::room::NegotiationRefusal;

use super::Tell;

impl Tell {
    /// The refusal of a request.
    #[must_use]
    pub fn refusal(re: Option<u64>, error: &Error) -> Self {
        let opens_at = match error {
            Error::Conflict(Conflict::QueueClosed { opens_at }) => *opens_at,
            Error::Conflict(_)
            | Error::Invalid(_)
            | Error::Unauthenticated(_)
            | Error::Denied(_)
            | Error::Missing(_)
            | Error::Refused(_)
            | Error::Busy { .. }
            | Error::Full
            | Error::Fault(_) => None,
        };
        Self::Error { re, code: code(error), message: error.to_string(), opens_at }
    }

    /// The refusal of an offer.
    #[must_use]
    pub fn negotiation_refusal(re: Option<u64>, refusal: &NegotiationRefusal) -> Self {
        let (code, message) = match refusal {
            NegotiationRefusal::RoomNotOpen => ("not_in_call", Conflict::NotInCall.to_string()),
            NegotiationRefusal::RoomFull => ("room_full", "房间人数已满，请稍后再试".into()),
            NegotiationRefusal::NoH264 => {
                ("no_h264", "当前浏览器不支持 H.264 视频，请换用 Chrome、Edge、Safari 或更新浏览器后重试".into())
            }
            NegotiationRefusal::NoOpus => {
                ("no_opus", "当前浏览器不支持 Opus 音频，请换用 Chrome、Edge 或 Safari 后重试".into())
            }
            NegotiationRefusal::Malformed(_) => ("malformed", "连接参数无效，请刷新页面后重试".into()),
        };
        Self::Error { re, code, message, opens_at: None }
    }
}

/// The protocol's word for an error.
fn code(error: &Error) -> &'static str {
    match error {
        Error::Invalid(_) => "invalid",
        Error::Unauthenticated(why) => match why {
            Unauthenticated::NoCredentials | Unauthenticated::WrongSecret | Unauthenticated::UnknownAccount => {
                "not_logged_in"
            }
            Unauthenticated::Expired => "login_expired",
            Unauthenticated::Locked { .. } => "locked",
        },
        Error::Denied(why) => match why {
            Denied::NotEntitled | Denied::InterfaceOff | Denied::OtherTenant | Denied::OtherDepartment => {
                "not_entitled"
            }
            Denied::RoomLocked => "room_locked",
            Denied::RecordingForbidden => "recording_forbidden",
            Denied::LiveForbidden => "live_forbidden",
            Denied::ForeignNetwork => "foreign_network",
            Denied::NoCsrfToken => "no_csrf_token",
            Denied::ForeignOrigin => "foreign_origin",
        },
        Error::Missing(Noun::Invitation) => "link_unknown",
        Error::Missing(Noun::Room) => "room_unknown",
        Error::Missing(
            Noun::Path
            | Noun::Order
            | Noun::Queue
            | Noun::Interview
            | Noun::Recording
            | Noun::Callback
            | Noun::Tenant
            | Noun::User
            | Noun::File
            | Noun::Folder
            | Noun::Take
            | Noun::Upload
            | Noun::Account
            | Noun::Customer
            | Noun::Department
            | Noun::Deposit
            | Noun::Code
            | Noun::Client
            | Noun::Message
            | Noun::Broadcast
            | Noun::Key,
        ) => "missing",
        Error::Conflict(why) => conflict_code(why),
        Error::Refused(_) => "refused",
        Error::Busy { .. } => "busy",
        Error::Full => "full",
        Error::Fault(_) => "fault",
    }
}

fn conflict_code(why: &Conflict) -> &'static str {
    match why {
        Conflict::NameTaken(_) => "name_taken",
        Conflict::LinkExpired => "link_expired",
        Conflict::LinkUsed => "link_used",
        Conflict::LinkInUse => "in_use",
        Conflict::ConsentMissing => "consent_missing",
        Conflict::QueueClosed { .. } => "queue_closed",
        Conflict::AlreadyWaiting => "already_waiting",
        Conflict::RingOver => "ring_over",
        Conflict::InCall => "in_call",
        Conflict::NotInCall => "not_in_call",
        Conflict::CustomerElsewhere => "customer_elsewhere",
        Conflict::ReasonMissing => "reason_missing",
        Conflict::AlreadyDecided => "already_decided",
        Conflict::WrongState | Conflict::ChangedMeanwhile | Conflict::KeyReused | Conflict::KeyInUse => "wrong_state",
        Conflict::AlreadyRecording => "already_recording",
        Conflict::NotRecording => "not_recording",
        Conflict::RoomNotOpen => "room_not_open",
        Conflict::AlreadyLive => "already_live",
        Conflict::Held { .. } => "held",
        Conflict::AlreadyDiscarded => "already_discarded",
        Conflict::AmbiguousName(_) => "ambiguous_name",
        Conflict::TicketUsed => "ticket_used",
    }
}
