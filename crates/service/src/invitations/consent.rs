//! What a customer agrees to before the queue: the texts, and the version that is kept with the moment of consent.
//!
//! A text is never changed without a new version.

/// A text to agree to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ConsentText {
    /// Kept with the moment of consent.
    pub version: &'static str,
    /// What the person reads.
    pub text: &'static str,
}

/// The version of both texts, as it is kept on the invitation.
pub const VERSION: &str = "2026-11";

/// To sound and picture being recorded.
pub const RECORDING: ConsentText = ConsentText {
    version: VERSION,
    text: "为核实您的真实意愿并保护您的合法权益,本次视频面签将全程录音录像。\
           录制内容包括您的声音、影像、共享的画面,以及您在通话中出示的证件和资料,用于业务办理、质量检查和争议处理,\
           由本机构按法律法规和监管要求的期限保存,不会用于其他目的。\
           如您不同意,将无法通过视频办理本业务,您可以联系工作人员改为到网点办理。",
};

/// To the face being processed.
pub const FACE: ConsentText = ConsentText {
    version: VERSION,
    text: "在需要核验身份时,我们会从视频画面中提取您的人脸信息,与您的证件照片或权威机构的照片进行比对,\
           仅用于确认办理业务的是您本人。人脸信息属于敏感个人信息,我们会加密保存,并在保存期限届满后删除。\
           您可以不同意本项,改由工作人员核对证件原件等不使用人脸识别的方式确认身份,不影响您办理业务。",
};
