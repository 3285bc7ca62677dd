//! The codes of the document, one for each kind of problem.
//!
//! 200009, a room that is booked already, is never answered: booking is not part of this interface.

use crate::problems::Kind;

/// The code of success.
pub(super) const OK: &str = "200";

/// The code of a problem.
pub(super) const fn code(kind: Kind) -> &'static str {
    match kind {
        Kind::Malformed
        | Kind::Invalid
        | Kind::UnsupportedType
        | Kind::TooLarge
        | Kind::MethodNotAllowed
        | Kind::ForeignHost
        | Kind::RangeNotSatisfiable
        | Kind::NotFound
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
        | Kind::KeyUnknown
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
        | Kind::WrongState => "400",
        Kind::NoCredentials
        | Kind::WrongSecret
        | Kind::SessionExpired
        | Kind::Locked
        | Kind::NotEntitled
        | Kind::BadLink
        | Kind::NoCsrfToken
        | Kind::ForeignOrigin
        | Kind::UnknownAccount
        | Kind::InterfaceOff
        | Kind::ForeignNetwork
        | Kind::OtherDepartment
        | Kind::RoomLocked => "403",
        Kind::TooSlow | Kind::Busy | Kind::Full | Kind::PagesMissing | Kind::NotReady | Kind::Fault => "500",
        Kind::OtherTenant => "200001",
        Kind::AlreadyLive => "200002",
        Kind::AlreadyRecording => "200003",
        Kind::RecordingForbidden => "200004",
        Kind::LiveForbidden => "200005",
        Kind::RoomNotOpen => "200006",
        Kind::NotRecording => "200007",
        Kind::RoomUnknown => "200008",
    }
}
