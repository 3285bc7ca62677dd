//! What can go wrong, free of HTTP: each face translates it once, at its own edge.
//!
//! A variant exists only where some caller must tell it from the others. The `Display` text of every variant is the
//! public sentence in Chinese; only [`Error::Fault`] has an inner one, which is for the log alone.

use std::error::Error as StdError;
use std::fmt;

use time::OffsetDateTime;

/// The result of a verb.
pub type Result<T> = std::result::Result<T, Error>;

/// A closed list of what can go wrong.
#[derive(Debug)]
pub enum Error {
    /// The input breaks a rule; the sentence names the field and says what is wanted.
    Invalid(String),
    /// The caller has not proved who it is.
    Unauthenticated(Unauthenticated),
    /// The caller is known and may not.
    Denied(Denied),
    /// There is no such thing, or not for this tenant.
    Missing(Noun),
    /// The thing is not in a state for this.
    Conflict(Conflict),
    /// What was sent cannot be taken as it is.
    Refused(Refused),
    /// The caller's quota or rate is used up until then.
    Busy {
        /// When to try again, where it is known.
        until: Option<OffsetDateTime>,
    },
    /// No room is left for it: disk or quota.
    Full,
    /// Something inside broke.
    Fault(Fault),
}

/// Why a caller is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unauthenticated {
    /// Nothing was presented.
    NoCredentials,
    /// Unknown name or wrong secret: told apart only where a document has a code for an unknown account of a machine.
    WrongSecret,
    /// No machine account of that number or name.
    UnknownAccount,
    /// It was right once.
    Expired,
    /// Too many wrong passwords; locked until then.
    Locked {
        /// When the next try is allowed.
        until: OffsetDateTime,
    },
}

/// Why a known caller may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Denied {
    /// The role does not allow it.
    NotEntitled,
    /// A write without the page's CSRF token.
    NoCsrfToken,
    /// A page of another origin.
    ForeignOrigin,
    /// The interface is not switched on for this tenant.
    InterfaceOff,
    /// The caller's address is not in the tenant's list.
    ForeignNetwork,
    /// It is another tenant's: said only where a document has a code for it.
    OtherTenant,
    /// The room must not be recorded.
    RecordingForbidden,
    /// The room must not be shown live.
    LiveForbidden,
    /// The department is not one of the caller's.
    OtherDepartment,
    /// The room is locked: nobody new is let in.
    RoomLocked,
}

/// What is missing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Noun {
    /// A path that is not served.
    Path,
    /// An order.
    Order,
    /// A queue.
    Queue,
    /// An invitation link.
    Invitation,
    /// An interview.
    Interview,
    /// A recording or one of its files.
    Recording,
    /// A callback in the outbox.
    Callback,
    /// A tenant.
    Tenant,
    /// A user.
    User,
    /// A file in the netdisk or the archive.
    File,
    /// A folder of files.
    Folder,
    /// A meeting room.
    Room,
    /// A take of a double recording.
    Take,
    /// An upload that was begun.
    Upload,
    /// A customer's account in the archive.
    Account,
    /// A customer in the archive.
    Customer,
    /// A department.
    Department,
    /// A deposit in the archive.
    Deposit,
    /// A code of a code table.
    Code,
    /// A client that may deposit: its system number.
    Client,
    /// A text message in the outbox.
    Message,
    /// A live broadcast.
    Broadcast,
    /// A key of an interface.
    Key,
}

/// Why the thing is not in a state for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Conflict {
    /// The name or number is taken.
    NameTaken(String),
    /// The link's time is over.
    LinkExpired,
    /// The link has done its work.
    LinkUsed,
    /// The link is open on another device.
    LinkInUse,
    /// No consent to the recording yet.
    ConsentMissing,
    /// The queue is closed.
    QueueClosed {
        /// When it opens, if it ever does.
        opens_at: Option<OffsetDateTime>,
    },
    /// The customer waits already.
    AlreadyWaiting,
    /// The ring is over or was another seat's.
    RingOver,
    /// The seat is in a call.
    InCall,
    /// The caller is in no call.
    NotInCall,
    /// The customer is in another interview now.
    CustomerElsewhere,
    /// A refusal or a supplement needs a reason.
    ReasonMissing,
    /// The interview has its verdict.
    AlreadyDecided,
    /// The interview is not in a state for this step.
    WrongState,
    /// The room is being recorded.
    AlreadyRecording,
    /// The room is not being recorded.
    NotRecording,
    /// The room has not been started.
    RoomNotOpen,
    /// The room is live.
    AlreadyLive,
    /// It may not be deleted before that moment, or as long as somebody holds it.
    Held {
        /// Until when, where that is known.
        until: Option<OffsetDateTime>,
        /// Why, as the one who holds it wrote it.
        reason: String,
    },
    /// The deposit was discarded before.
    AlreadyDiscarded,
    /// The name belongs to several.
    AmbiguousName(String),
    /// A one-time ticket has done its work or is too old.
    TicketUsed,
    /// Somebody changed it meanwhile: `If-Match` names an older state.
    ChangedMeanwhile,
    /// An `Idempotency-Key` came with another request before.
    KeyReused,
    /// The same request is being worked on right now.
    KeyInUse,
}

/// Why what was sent cannot be taken as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refused {
    /// More bytes than are allowed.
    TooLarge {
        /// So many are.
        limit_bytes: u64,
    },
    /// It is not of a kind that is taken here.
    WrongType,
    /// The name cannot be a file's or folder's.
    BadName,
    /// The name has no suffix.
    NoSuffix,
    /// The bytes ended too early.
    Interrupted,
    /// What came has another hash than was announced.
    WrongHash,
}

/// Something inside broke: what was being done, and what it said. Never shown to callers.
pub struct Fault {
    doing: &'static str,
    source: Box<dyn StdError + Send + Sync>,
}

impl Fault {
    /// What was being done, without repeating the source.
    #[must_use]
    pub const fn doing(&self) -> &'static str {
        self.doing
    }

    /// The inner error.
    #[must_use]
    pub fn source(&self) -> &(dyn StdError + Send + Sync) {
        self.source.as_ref()
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {:?}", self.doing, self.source)
    }
}

impl Error {
    /// A fault while `doing` something.
    pub fn fault(doing: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Fault(Fault { doing, source: source.into() })
    }
}

/// Names what was being done when a lower layer failed.
pub trait Doing<T> {
    /// Turns the lower error into a fault.
    ///
    /// # Errors
    /// The lower error, as [`Error::Fault`].
    fn doing(self, what: &'static str) -> Result<T>;
}

impl<T, E: Into<Box<dyn StdError + Send + Sync>>> Doing<T> for std::result::Result<T, E> {
    fn doing(self, what: &'static str) -> Result<T> {
        self.map_err(|source| Error::fault(what, source))
    }
}

impl From<Conflict> for Error {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(conflict)
    }
}

impl From<Unauthenticated> for Error {
    fn from(why: Unauthenticated) -> Self {
        Self::Unauthenticated(why)
    }
}

impl From<Denied> for Error {
    fn from(why: Denied) -> Self {
        Self::Denied(why)
    }
}

impl From<Refused> for Error {
    fn from(why: Refused) -> Self {
        Self::Refused(why)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Invalid(sentence) => f.write_str(sentence),
            Self::Unauthenticated(why) => why.fmt(f),
            Self::Denied(why) => why.fmt(f),
            Self::Missing(noun) => noun.fmt(f),
            Self::Conflict(why) => why.fmt(f),
            Self::Refused(why) => why.fmt(f),
            Self::Busy { .. } => f.write_str("请求过于频繁，请稍后再试"),
            Self::Full => f.write_str("存储空间不足，请联系管理员清理或扩容"),
            Self::Fault(_) => f.write_str("系统内部错误，请稍后再试；若仍出现，请联系管理员"),
        }
    }
}

impl StdError for Error {}

impl fmt::Display for Unauthenticated {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoCredentials => "请先登录，或在请求中带上凭证",
            Self::WrongSecret => "账号或密码不正确，请核对后重试",
            Self::UnknownAccount => "账号不存在，请核对接口账号",
            Self::Expired => "登录已过期，请重新登录",
            Self::Locked { .. } => "密码连续输错次数过多，账号暂时锁定，请稍后再试",
        })
    }
}

impl fmt::Display for Denied {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotEntitled => "您没有此项权限，请联系管理员开通",
            Self::NoCsrfToken => "页面已过期，请刷新后重试",
            Self::ForeignOrigin => "请求来自未登记的站点，请从本系统页面操作",
            Self::InterfaceOff => "贵机构尚未开通该接口，请联系管理员在“接口”页开通",
            Self::ForeignNetwork => "请求来自未登记的网络地址，请联系管理员登记",
            Self::OtherTenant => "该资源不属于当前认证的机构，请核对认证信息",
            Self::RecordingForbidden => "该会议不允许录制，请联系管理员开通",
            Self::LiveForbidden => "该会议不允许直播，请联系管理员开通",
            Self::OtherDepartment => "您没有该营业部的权限，请联系管理员开通",
            Self::RoomLocked => "会议已锁定，请联系主持人解除锁定后再加入",
        })
    }
}

impl fmt::Display for Noun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Path => "没有这个地址，请核对请求路径",
            Self::Order => "没有找到该订单，请核对业务编号",
            Self::Queue => "没有找到该队列，请核对队列编号",
            Self::Invitation => "链接无效，请核对链接或联系发送链接的工作人员",
            Self::Interview => "没有找到该面签",
            Self::Recording => "没有找到该录制",
            Self::Callback => "没有找到该回调",
            Self::Tenant => "没有找到该租户",
            Self::User => "没有找到该用户",
            Self::File => "没有找到该文件，请核对文件路径或编号",
            Self::Folder => "没有找到该目录，请核对目录路径",
            Self::Room => "该会议不存在，请核对会议短号",
            Self::Take => "没有找到该录制视频",
            Self::Upload => "没有找到该上传任务，请重新上传",
            Self::Account => "没有找到该账户，请核对账户号码与业务类型",
            Self::Customer => "没有找到该客户，请核对证件类型与证件号码",
            Self::Department => "没有找到该营业部，请核对部门编号",
            Self::Deposit => "没有找到该归档，请核对归档编号",
            Self::Code => "没有这个编码，请核对码表",
            Self::Client => "系统编号未登记，请联系管理员颁发",
            Self::Message => "没有找到该短信",
            Self::Broadcast => "没有找到该直播，可能已经结束",
            Self::Key => "没有找到该密钥",
        })
    }
}

impl fmt::Display for Conflict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NameTaken(name) => return write!(f, "“{name}”已被使用，请换一个"),
            Self::LinkExpired => "链接已过期，请联系发送链接的工作人员重新发送",
            Self::LinkUsed => "该链接的业务已办理完毕，无需再次进入",
            Self::LinkInUse => "该链接正在另一台设备上使用",
            Self::ConsentMissing => "请先阅读并同意录音录像",
            Self::QueueClosed { .. } => "当前不在服务时间，请在服务时间内再来",
            Self::AlreadyWaiting => "您已在排队中，请勿重复排队",
            Self::RingOver => "本次呼叫已结束或已被其他坐席接听",
            Self::InCall => "您正在通话中，请先结束当前通话",
            Self::NotInCall => "您不在通话中",
            Self::CustomerElsewhere => "客户正在其他面签中，请稍后再回呼",
            Self::ReasonMissing => "拒绝或待补充需要填写原因",
            Self::AlreadyDecided => "该面签已有结论，不能更改",
            Self::WrongState => "当前状态不能进行此操作，请刷新后重试",
            Self::AlreadyRecording => "该会议已开启录制",
            Self::NotRecording => "该会议未开启录制",
            Self::RoomNotOpen => "该会议还未开启，请先开启会议",
            Self::AlreadyLive => "该会议已开启直播",
            Self::Held { until: Some(until), reason } => {
                return write!(f, "该文件在 {} 前不能删除：{reason}", until.date());
            }
            Self::Held { until: None, reason } => return write!(f, "该文件处于保全中，不能删除：{reason}"),
            Self::AlreadyDiscarded => "该归档此前已作废",
            Self::AmbiguousName(name) => return write!(f, "有多个名为“{name}”的对象，请改用编号"),
            Self::TicketUsed => "该链接已使用或已过期，请从业务系统重新进入",
            Self::ChangedMeanwhile => "内容已被他人修改，请重新读取后再改",
            Self::KeyReused => "该 Idempotency-Key 已用于另一个请求，请换一个",
            Self::KeyInUse => "同一请求正在处理中，请稍后查询结果",
        })
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLarge { limit_bytes } => {
                return write!(f, "内容过大，上限为 {} MB", limit_bytes.div_ceil(1024 * 1024));
            }
            Self::WrongType => "文件类型不符合要求，请更换文件",
            Self::BadName => "文件名或路径无效，不能含有 .. 和控制字符，且不能超过 255 字节",
            Self::NoSuffix => "文件名需要带后缀，例如 demo.mp4",
            Self::Interrupted => "没有收到完整的文件内容，请重新上传",
            Self::WrongHash => "收到的内容与声明的哈希不一致，请重新上传",
        })
    }
}
