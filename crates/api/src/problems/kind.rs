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
