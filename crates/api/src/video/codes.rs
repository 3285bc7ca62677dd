//! The codes of the document: `"0"` success, `"1"` failure. It has no third, so every refusal is a `"1"`; the list stands
//! here all the same, so that a new kind of refusal is looked at.

use crate::problems::Kind;

/// The code of a refusal.
pub(super) const fn of(kind: Kind) -> &'static str {
    match kind {
        Kind::Malformed
        | Kind::Invalid
        | Kind::UnsupportedType
        | Kind::TooLarge
        | Kind::TooSlow
        | Kind::MethodNotAllowed
        | Kind::ForeignHost
        | Kind::RangeNotSatisfiable
        | Kind::NoCredentials
        | Kind::WrongSecret
        | Kind::SessionExpired
        | Kind::Locked
        | Kind::NotEntitled
        | Kind::BadLink
        | Kind::NoCsrfToken
        | Kind::ForeignOrigin
        | Kind::NotFound
        | Kind::OrderUnknown
        | Kind::QueueUnknown
        | Kind::LinkUnknown
        | Kind::InterviewUnknown
        | Kind::RecordingUnknown
        | Kind::CallbackUnknown
        | Kind::TenantUnknown
        | Kind::UserUnknown
        | Kind::UnknownAccount
        | Kind::InterfaceOff
        | Kind::ForeignNetwork
        | Kind::OtherTenant
        | Kind::RecordingForbidden
        | Kind::LiveForbidden
        | Kind::OtherDepartment
        | Kind::RoomLocked
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
        | Kind::KeyUnknown
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
        | Kind::WrongState
        | Kind::Busy
        | Kind::Full
        | Kind::PagesMissing
        | Kind::NotReady
        | Kind::Fault => "1",
    }
}
