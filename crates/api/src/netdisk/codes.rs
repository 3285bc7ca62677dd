//! From what is the matter to the codes of the document. 0 to 5 mean the same everywhere, from 6 on each call has its own.

use crate::problems::Kind;

/// A call, as far as its codes are its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Call {
    /// `netDisk/upload`.
    Upload,
    /// `queue/add`.
    AddQueue,
    /// `queue/modify` and `queue/delete`, which may name a queue by its name.
    NameQueue,
    /// Everything else, also what is not served.
    Plain,
}

impl Call {
    /// The call at a path.
    pub(super) fn at(path: &str) -> Self {
        let rest = super::PREFIXES.iter().find_map(|prefix| path.strip_prefix(prefix)).unwrap_or_default();
        match rest {
            "/netDisk/upload" => Self::Upload,
            "/queue/add" => Self::AddQueue,
            "/queue/modify" | "/queue/delete" => Self::NameQueue,
            _ => Self::Plain,
        }
    }
}

/// A code and the document's words for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Code {
    /// The number, which is sent as a text.
    pub(super) number: u8,
    /// The document's words.
    pub(super) words: &'static str,
}

const fn code(number: u8, words: &'static str) -> Code {
    Code { number, words }
}

pub(super) const DONE: Code = code(0, "请求成功");
const NOT_ENTITLED: Code = code(1, "用户所属企业没有接口API权限");
const NO_ACCOUNT: Code = code(2, "账号不存在");
const WRONG_SECRET: Code = code(3, "密码错误");
const WRONG_PARAMETER: Code = code(4, "未获取到正确参数");
const UNKNOWN: Code = code(5, "未知错误");
const WRONG_TYPE: Code = code(6, "无效文件类型");
const TOO_LARGE: Code = code(7, "文件大小超过500M");
const NO_STREAM: Code = code(8, "获取数据流失败");
const EXISTS: Code = code(9, "文件已存在");
const NO_SPACE: Code = code(10, "容量不足，上传失败");
const NO_SUFFIX: Code = code(11, "文件名错误，需要带后缀");
const QUEUE_EXISTS: Code = code(6, "队列名称已存在");
const QUEUE_AMBIGUOUS: Code = code(6, "无法确定唯一队列");
/// Of the calls about rooms: the room is not named.
pub(super) const ROOM_PARAMETER: Code = code(6, "缺少必传参数");

/// The code of a kind of problem in a call.
pub(super) const fn of(kind: Kind, call: Call) -> Code {
    match kind {
        Kind::InterfaceOff
        | Kind::NotEntitled
        | Kind::ForeignOrigin
        | Kind::ForeignHost
        | Kind::ForeignNetwork
        | Kind::OtherTenant
        | Kind::OtherDepartment
        | Kind::RoomLocked
        | Kind::RecordingForbidden
        | Kind::LiveForbidden => NOT_ENTITLED,
        Kind::UnknownAccount => NO_ACCOUNT,
        Kind::WrongSecret | Kind::SessionExpired | Kind::Locked => WRONG_SECRET,
        Kind::WrongFileType => match call {
            Call::Upload => WRONG_TYPE,
            Call::AddQueue | Call::NameQueue | Call::Plain => WRONG_PARAMETER,
        },
        Kind::TooLarge => match call {
            Call::Upload => TOO_LARGE,
            Call::AddQueue | Call::NameQueue | Call::Plain => WRONG_PARAMETER,
        },
        Kind::Interrupted | Kind::TooSlow | Kind::WrongHash => match call {
            Call::Upload => NO_STREAM,
            Call::AddQueue | Call::NameQueue | Call::Plain => WRONG_PARAMETER,
        },
        Kind::NameTaken => match call {
            Call::Upload => EXISTS,
            Call::AddQueue => QUEUE_EXISTS,
            // Another queue has the new name: to the caller it would no longer be the only one.
            Call::NameQueue => QUEUE_AMBIGUOUS,
            Call::Plain => UNKNOWN,
        },
        Kind::Full => match call {
            Call::Upload => NO_SPACE,
            Call::AddQueue | Call::NameQueue | Call::Plain => UNKNOWN,
        },
        Kind::NoSuffix | Kind::BadName => match call {
            Call::Upload => NO_SUFFIX,
            Call::AddQueue | Call::NameQueue | Call::Plain => WRONG_PARAMETER,
        },
        Kind::AmbiguousName => match call {
            Call::NameQueue => QUEUE_AMBIGUOUS,
            Call::Upload | Call::AddQueue | Call::Plain => WRONG_PARAMETER,
        },
        // What was sent is not what the call wants, or names nothing of this tenant.
        Kind::NoCredentials
        | Kind::Malformed
        | Kind::Invalid
        | Kind::UnsupportedType
        | Kind::MethodNotAllowed
        | Kind::RangeNotSatisfiable
        | Kind::NotFound
        | Kind::BadLink
        | Kind::NoCsrfToken
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
        | Kind::KeyUnknown
        | Kind::KeyReused => WRONG_PARAMETER,
        // It is understood, and cannot be done now or at all; the sentence says why.
        Kind::Held
        | Kind::Busy
        | Kind::Fault
        | Kind::AlreadyRecording
        | Kind::NotRecording
        | Kind::RoomNotOpen
        | Kind::AlreadyLive
        | Kind::AlreadyDiscarded
        | Kind::TicketUsed
        | Kind::ChangedMeanwhile
        | Kind::KeyInUse
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
        | Kind::PagesMissing
        | Kind::NotReady => UNKNOWN,
    }
}
