//! The codes of R, which are those of Spring Blade's `ResultCode`, with 429 for who asks too often.

use axum::http::StatusCode;

use crate::problems::Kind;

/// A code of R.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// 200 操作成功.
    Ok,
    /// 400 业务异常.
    Bad,
    /// 401 请求未授权.
    Unauthorized,
    /// 403 请求被拒绝.
    Forbidden,
    /// 404 没找到请求.
    NotFound,
    /// 405 不支持当前请求方法.
    Method,
    /// 415 不支持当前媒体类型.
    MediaType,
    /// 429: not in Blade's table; the rate of the caller or of a phone.
    TooMany,
    /// 500 服务器异常.
    Fault,
}

impl Code {
    /// The HTTP status, which is the code as well.
    pub const fn status(self) -> StatusCode {
        match self {
            Self::Ok => StatusCode::OK,
            Self::Bad => StatusCode::BAD_REQUEST,
            Self::Unauthorized => StatusCode::UNAUTHORIZED,
            Self::Forbidden => StatusCode::FORBIDDEN,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Method => StatusCode::METHOD_NOT_ALLOWED,
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooMany => StatusCode::TOO_MANY_REQUESTS,
            Self::Fault => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

/// The code of a refusal.
pub const fn code(kind: Kind) -> Code {
    match kind {
        Kind::MethodNotAllowed => Code::Method,
        Kind::UnsupportedType => Code::MediaType,
        Kind::NoCredentials | Kind::WrongSecret | Kind::SessionExpired | Kind::UnknownAccount => Code::Unauthorized,
        Kind::NotEntitled
        | Kind::BadLink
        | Kind::NoCsrfToken
        | Kind::ForeignOrigin
        | Kind::InterfaceOff
        | Kind::ForeignNetwork
        | Kind::OtherTenant
        | Kind::RecordingForbidden
        | Kind::LiveForbidden
        | Kind::OtherDepartment
        | Kind::RoomLocked => Code::Forbidden,
        Kind::NotFound
        | Kind::OrderUnknown
        | Kind::QueueUnknown
        | Kind::LinkUnknown
        | Kind::InterviewUnknown
        | Kind::RecordingUnknown
        | Kind::CallbackUnknown
        | Kind::TenantUnknown
        | Kind::UserUnknown
        | Kind::FileUnknown
        | Kind::FolderUnknown
        | Kind::RoomUnknown
        | Kind::TakeUnknown
        | Kind::UploadUnknown
        | Kind::AccountUnknown
        | Kind::CustomerUnknown
        | Kind::DepartmentUnknown
        | Kind::DepositUnknown
        | Kind::CodeUnknown
        | Kind::ClientUnknown
        | Kind::MessageUnknown
        | Kind::BroadcastUnknown
        | Kind::KeyUnknown => Code::NotFound,
        Kind::Locked | Kind::Busy => Code::TooMany,
        Kind::Full | Kind::PagesMissing | Kind::NotReady | Kind::Fault => Code::Fault,
        Kind::Malformed
        | Kind::Invalid
        | Kind::TooLarge
        | Kind::TooSlow
        | Kind::ForeignHost
        | Kind::RangeNotSatisfiable
        | Kind::AlreadyRecording
        | Kind::NotRecording
        | Kind::RoomNotOpen
        | Kind::AlreadyLive
        | Kind::Held
        | Kind::AlreadyDiscarded
        | Kind::AmbiguousName
        | Kind::TicketUsed
        | Kind::ChangedMeanwhile
        | Kind::KeyReused
        | Kind::KeyInUse
        | Kind::WrongFileType
        | Kind::BadName
        | Kind::NoSuffix
        | Kind::Interrupted
        | Kind::WrongHash
        | Kind::NameTaken
        | Kind::LinkExpired
        | Kind::LinkUsed
        | Kind::LinkInUse
        | Kind::ConsentMissing
        | Kind::QueueClosed
        | Kind::AlreadyWaiting
        | Kind::RingOver
        | Kind::InCall
        | Kind::NotInCall
        | Kind::CustomerElsewhere
        | Kind::ReasonMissing
        | Kind::AlreadyDecided
        | Kind::WrongState => Code::Bad,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_code_of_the_table() {
        for &kind in Kind::ALL {
            let number = code(kind).status().as_u16();
            assert!(super::super::CODES.contains(&number) && number != 200, "{kind:?}");
        }
    }
}
