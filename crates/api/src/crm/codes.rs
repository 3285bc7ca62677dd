//! The HTTP statuses of the document: 2xx is success and everything else is not. What it leaves open is as Spring would answer:
//! 400 for what is sent wrong, 401 without a valid token, 403 for another department or an unknown client, 404 for a missing account
//! or file, 409 for a double account or a second discard.

use axum::http::StatusCode;

use crate::problems::Kind;

/// The status of a kind of refusal.
pub(super) const fn of(kind: Kind) -> StatusCode {
    match kind {
        Kind::Malformed
        | Kind::Invalid
        | Kind::BadName
        | Kind::NoSuffix
        | Kind::Interrupted
        | Kind::WrongHash
        | Kind::DepartmentUnknown
        | Kind::CodeUnknown
        | Kind::KeyReused
        | Kind::WrongFileType => StatusCode::BAD_REQUEST,
        Kind::UnsupportedType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        Kind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
        Kind::TooSlow => StatusCode::REQUEST_TIMEOUT,
        Kind::MethodNotAllowed => StatusCode::METHOD_NOT_ALLOWED,
        Kind::ForeignHost => StatusCode::MISDIRECTED_REQUEST,
        Kind::RangeNotSatisfiable => StatusCode::RANGE_NOT_SATISFIABLE,
        Kind::NoCredentials | Kind::WrongSecret | Kind::SessionExpired | Kind::UnknownAccount => {
            StatusCode::UNAUTHORIZED
        }
        Kind::Locked | Kind::Busy => StatusCode::TOO_MANY_REQUESTS,
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
        | Kind::RoomLocked
        | Kind::ClientUnknown => StatusCode::FORBIDDEN,
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
        | Kind::DepositUnknown
        | Kind::MessageUnknown
        | Kind::BroadcastUnknown
        | Kind::KeyUnknown => StatusCode::NOT_FOUND,
        Kind::AlreadyRecording
        | Kind::NotRecording
        | Kind::RoomNotOpen
        | Kind::AlreadyLive
        | Kind::Held
        | Kind::AlreadyDiscarded
        | Kind::AmbiguousName
        | Kind::TicketUsed
        | Kind::ChangedMeanwhile
        | Kind::KeyInUse
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
        | Kind::WrongState => StatusCode::CONFLICT,
        Kind::Full => StatusCode::INSUFFICIENT_STORAGE,
        Kind::PagesMissing | Kind::NotReady => StatusCode::SERVICE_UNAVAILABLE,
        Kind::Fault => StatusCode::INTERNAL_SERVER_ERROR,
    }
}
