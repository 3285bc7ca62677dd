//! The kinds of problems: each has a page of its own below `/problems/`, and callers may rely on its slug.

use axum::http::StatusCode;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident $status:ident $slug:literal $title:literal $detail:literal;)+) => {
        /// A kind of problem.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Kind {
            $($(#[$doc])* $name,)+
        }

        impl Kind {
            /// Every kind.
            pub const ALL: &[Self] = &[$(Self::$name),+];

            /// The last part of its `type`.
            #[must_use]
            pub const fn slug(self) -> &'static str {
                match self { $(Self::$name => $slug,)+ }
            }

            /// The HTTP status.
            #[must_use]
            pub const fn status(self) -> StatusCode {
                match self { $(Self::$name => StatusCode::$status,)+ }
            }

            /// What is the matter.
            #[must_use]
            pub const fn title(self) -> &'static str {
                match self { $(Self::$name => $title,)+ }
            }

            /// What to do about it.
            #[must_use]
            pub const fn detail(self) -> &'static str {
                match self { $(Self::$name => $detail,)+ }
            }
        }
    };
}

kinds! {
    /// The body is not what it says.
    Malformed BAD_REQUEST "malformed" "请求无法读取" "请求体应为 UTF-8 编码的 JSON 对象，请检查后重试";
    /// A field breaks a rule.
    Invalid UNPROCESSABLE_ENTITY "invalid" "请求内容不符合要求" "请按说明修改所指的字段后重试";
    /// The body is of another type.
    UnsupportedType UNSUPPORTED_MEDIA_TYPE "unsupported-type" "不支持的内容类型" "请以 Content-Type: application/json 发送 JSON";
    /// The body is too large.
    TooLarge PAYLOAD_TOO_LARGE "too-large" "请求体过大" "请减小请求体后重试";
    /// The body did not come in time.
    TooSlow REQUEST_TIMEOUT "too-slow" "请求体没有按时送达" "请检查网络后重试";
    /// The path is served, but not with this method.
    MethodNotAllowed METHOD_NOT_ALLOWED "method-not-allowed" "不支持的请求方法" "请使用 Allow 头中列出的方法";
    /// The host is not ours.
    ForeignHost MISDIRECTED_REQUEST "foreign-host" "域名不属于本系统" "请使用本系统登记的地址访问，或联系管理员登记该域名";
    /// The range lies outside of the file.
    RangeNotSatisfiable RANGE_NOT_SATISFIABLE "range-not-satisfiable" "请求的范围超出文件" "请按 Content-Range 头给出的大小重新请求";
    /// Nothing was presented.
    NoCredentials UNAUTHORIZED "no-credentials" "尚未登录" "请先登录，或在请求中带上凭证";
    /// Unknown name or wrong secret.
    WrongSecret UNAUTHORIZED "wrong-secret" "账号或密码不正确" "请核对后重试";
    /// It was right once.
    SessionExpired UNAUTHORIZED "session-expired" "登录已过期" "请重新登录";
    /// Too many wrong passwords.
    Locked TOO_MANY_REQUESTS "locked" "账号暂时锁定" "密码连续输错次数过多，请稍后再试";
    /// The role does not allow it.
    NotEntitled FORBIDDEN "not-entitled" "没有权限" "您没有此项权限，请联系管理员开通";
    /// The signature of a link is not ours.
    BadLink FORBIDDEN "bad-link" "链接无效" "请重新获取链接，不要改动其中的任何部分";
    /// A write without the page's token.
    NoCsrfToken FORBIDDEN "no-csrf-token" "页面已过期" "请刷新页面后重试";
    /// A page of another origin.
    ForeignOrigin FORBIDDEN "foreign-origin" "请求来自未登记的站点" "请从本系统页面操作";
    /// A path that is not served.
    NotFound NOT_FOUND "not-found" "没有这个地址" "请核对请求路径";
    /// No such order.
    OrderUnknown NOT_FOUND "order-unknown" "没有找到该订单" "请核对业务编号";
    /// No such queue.
    QueueUnknown NOT_FOUND "queue-unknown" "没有找到该队列" "请核对队列编号";
    /// Nobody was given that link.
    LinkUnknown NOT_FOUND "link-unknown" "链接无效" "请核对链接，或联系发送链接的工作人员";
    /// No such interview.
    InterviewUnknown NOT_FOUND "interview-unknown" "没有找到该面签" "请核对面签编号";
    /// No such recording.
    RecordingUnknown NOT_FOUND "recording-unknown" "没有找到该录制" "请核对录制编号";
    /// No such callback.
    CallbackUnknown NOT_FOUND "callback-unknown" "没有找到该回调" "请刷新列表后重试";
    /// No such tenant.
    TenantUnknown NOT_FOUND "tenant-unknown" "没有找到该租户" "请核对租户编号";
    /// No such user.
    UserUnknown NOT_FOUND "user-unknown" "没有找到该用户" "请核对账号";
    /// No such machine account.
    UnknownAccount UNAUTHORIZED "unknown-account" "接口账号不存在" "请核对接口账号";
    /// The interface is off for the tenant.
    InterfaceOff FORBIDDEN "interface-off" "接口尚未开通" "贵机构尚未开通该接口，请联系管理员在“接口”页开通";
    /// The caller's address is not listed.
    ForeignNetwork FORBIDDEN "foreign-network" "网络地址未登记" "请求来自未登记的网络地址，请联系管理员登记";
    /// Another tenant's, said only where a document has a code for it.
    OtherTenant FORBIDDEN "other-tenant" "不属于当前机构" "该资源不属于当前认证的机构，请核对认证信息";
    /// Recording is not allowed in the room.
    RecordingForbidden FORBIDDEN "recording-forbidden" "该会议不允许录制" "请联系管理员为该会议室开通录制";
    /// Broadcasting is not allowed in the room.
    LiveForbidden FORBIDDEN "live-forbidden" "该会议不允许直播" "请联系管理员为该会议室开通直播";
    /// Not a department of the caller.
    OtherDepartment FORBIDDEN "other-department" "没有该营业部的权限" "请联系管理员开通该营业部的权限";
    /// Nobody new is let into the room.
    RoomLocked FORBIDDEN "room-locked" "会议已锁定" "请联系主持人解除锁定后再加入";
    /// No such file.
    FileUnknown NOT_FOUND "file-unknown" "没有找到该文件" "请核对文件路径或编号";
    /// No such folder.
    FolderUnknown NOT_FOUND "folder-unknown" "没有找到该目录" "请核对目录路径";
    /// No such meeting room.
    RoomUnknown NOT_FOUND "room-unknown" "该会议不存在" "请核对会议短号";
    /// No such take.
    TakeUnknown NOT_FOUND "take-unknown" "没有找到该录制视频" "请核对编号";
    /// No such upload.
    UploadUnknown NOT_FOUND "upload-unknown" "没有找到该上传任务" "请重新上传";
    /// No such account in the archive.
    AccountUnknown NOT_FOUND "account-unknown" "没有找到该账户" "请核对账户号码与业务类型";
    /// No such customer in the archive.
    CustomerUnknown NOT_FOUND "customer-unknown" "没有找到该客户" "请核对证件类型与证件号码";
    /// No such department.
    DepartmentUnknown NOT_FOUND "department-unknown" "没有找到该营业部" "请核对部门编号";
    /// No such deposit.
    DepositUnknown NOT_FOUND "deposit-unknown" "没有找到该归档" "请核对归档编号";
    /// No such code.
    CodeUnknown NOT_FOUND "code-unknown" "没有这个编码" "请核对码表";
    /// No such client.
    ClientUnknown NOT_FOUND "client-unknown" "系统编号未登记" "请联系管理员颁发系统编号";
    /// No such text message.
    MessageUnknown NOT_FOUND "message-unknown" "没有找到该短信" "请刷新列表后重试";
    /// No such broadcast.
    BroadcastUnknown NOT_FOUND "broadcast-unknown" "没有找到该直播" "直播可能已经结束，请核对观看地址";
    /// No such key.
    KeyUnknown NOT_FOUND "key-unknown" "没有找到该密钥" "请刷新列表后重试";
    /// The room is being recorded.
    AlreadyRecording CONFLICT "already-recording" "该会议已开启录制" "请先关闭正在进行的录制";
    /// The room is not being recorded.
    NotRecording CONFLICT "not-recording" "该会议未开启录制" "请先开启录制";
    /// The room has not been started.
    RoomNotOpen CONFLICT "room-not-open" "该会议还未开启" "请先开启会议";
    /// The room is live.
    AlreadyLive CONFLICT "already-live" "该会议已开启直播" "请先关闭正在进行的直播";
    /// It may not be deleted.
    Held CONFLICT "held" "不能删除" "该文件在留存期内或处于保全中，不能删除";
    /// The deposit was discarded before.
    AlreadyDiscarded CONFLICT "already-discarded" "该归档此前已作废" "无需再次作废";
    /// The name belongs to several.
    AmbiguousName CONFLICT "ambiguous-name" "名称对应多个对象" "请改用编号";
    /// The ticket is used or too old.
    TicketUsed GONE "ticket-used" "链接已使用或已过期" "请从业务系统重新进入";
    /// `If-Match` names an older state.
    ChangedMeanwhile PRECONDITION_FAILED "changed-meanwhile" "内容已被他人修改" "请重新读取后再改";
    /// The key of another request.
    KeyReused UNPROCESSABLE_ENTITY "key-reused" "Idempotency-Key 已用于另一个请求" "请换一个 Idempotency-Key";
    /// The same request is being worked on.
    KeyInUse CONFLICT "key-in-use" "同一请求正在处理中" "请稍后查询结果";
    /// The file is not of a kind that is taken.
    WrongFileType UNPROCESSABLE_ENTITY "wrong-file-type" "文件类型不符合要求" "请更换文件";
    /// The name cannot be a file's.
    BadName UNPROCESSABLE_ENTITY "bad-name" "文件名或路径无效" "不能含有 .. 和控制字符，且不能超过 255 字节";
    /// The name has no suffix.
    NoSuffix UNPROCESSABLE_ENTITY "no-suffix" "文件名需要带后缀" "请带上后缀，例如 demo.mp4";
    /// The bytes ended too early.
    Interrupted BAD_REQUEST "interrupted" "没有收到完整的文件内容" "请重新上传";
    /// The bytes have another hash.
    WrongHash UNPROCESSABLE_ENTITY "wrong-hash" "内容与声明的哈希不一致" "请重新上传";
    /// The name is taken.
    NameTaken CONFLICT "name-taken" "名称或编号已被使用" "请换一个后重试";
    /// The link's time is over.
    LinkExpired GONE "link-expired" "链接已过期" "请联系发送链接的工作人员重新发送";
    /// The link has done its work.
    LinkUsed GONE "link-used" "业务已办理完毕" "该链接的业务已办理完毕，无需再次进入";
    /// The link is open on another device.
    LinkInUse CONFLICT "link-in-use" "链接正在使用" "该链接正在另一台设备上使用，请先在那台设备上退出";
    /// No consent yet.
    ConsentMissing CONFLICT "consent-missing" "尚未同意录音录像" "请先阅读并同意录音录像";
    /// The queue is closed.
    QueueClosed CONFLICT "queue-closed" "当前不在服务时间" "请在服务时间内再来";
    /// The customer waits already.
    AlreadyWaiting CONFLICT "already-waiting" "您已在排队中" "请勿重复排队";
    /// The ring is over.
    RingOver CONFLICT "ring-over" "呼叫已结束" "本次呼叫已结束或已被其他坐席接听";
    /// The seat is in a call.
    InCall CONFLICT "in-call" "您正在通话中" "请先结束当前通话";
    /// The caller is in no call.
    NotInCall CONFLICT "not-in-call" "您不在通话中" "请刷新页面后重试";
    /// The customer is in another interview.
    CustomerElsewhere CONFLICT "customer-elsewhere" "客户正在其他面签中" "请稍后再回呼";
    /// A reason is needed.
    ReasonMissing CONFLICT "reason-missing" "缺少原因" "拒绝或待补充需要填写原因";
    /// There is a verdict already.
    AlreadyDecided CONFLICT "already-decided" "已有结论" "该面签已有结论，不能更改";
    /// Not in a state for it.
    WrongState CONFLICT "wrong-state" "当前状态不能进行此操作" "请刷新后重试";
    /// The rate is used up.
    Busy TOO_MANY_REQUESTS "busy" "请求过于频繁" "请稍后再试";
    /// No room is left.
    Full INSUFFICIENT_STORAGE "full" "存储空间不足" "请联系管理员清理或扩容";
    /// The pages were not built.
    PagesMissing SERVICE_UNAVAILABLE "pages-missing" "页面尚未构建" "请在 web 目录运行 npm ci 和 npm run build,或用 ./dev run 启动";
    /// Not ready to serve.
    NotReady SERVICE_UNAVAILABLE "not-ready" "服务尚未就绪" "请稍后再试";
    /// Something inside broke.
    Fault INTERNAL_SERVER_ERROR "fault" "系统内部错误" "请稍后再试；若仍出现，请联系管理员";
}
