//! Errors as RFC 9457 problems: `{"type":"/problems/link-expired","title":"链接已过期","status":410,"detail":"…"}`.

mod kind;
pub mod page;

use std::any::Any;
use std::fmt::Write as _;
use std::sync::Arc;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Conflict, Denied, Error, Noun, Refused, Unauthenticated};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

pub use kind::Kind;

/// A problem, ready to be answered.
#[derive(Debug)]
pub struct Problem {
    kind: Kind,
    detail: Option<String>,
    /// When to try again.
    until: Option<OffsetDateTime>,
    /// When a closed queue opens.
    opens_at: Option<OffsetDateTime>,
    /// For the log alone.
    inner: Option<Inner>,
}

/// What a problem says, carried by its answer to the edge: a face that is not ours says it anew in its own dialect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// What is the matter.
    pub(crate) kind: Kind,
    /// A sentence in Chinese that says what to do.
    pub(crate) sentence: String,
}

/// What broke inside, carried by the answer to the edge, which logs it. It is never sent.
#[derive(Debug, Clone)]
pub(crate) struct Inner(pub(crate) Arc<str>);

/// When to try again, carried to the edge, which knows the time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Until(pub(crate) OffsetDateTime);

impl Problem {
    /// A problem of that kind, in its own words.
    #[must_use]
    pub const fn of(kind: Kind) -> Self {
        Self { kind, detail: None, until: None, opens_at: None, inner: None }
    }

    /// The same with a sentence that says more.
    #[must_use]
    pub fn saying(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }
}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        let kind = kind_of(&error);
        match error {
            Error::Invalid(sentence) => Self::of(kind).saying(sentence),
            Error::Unauthenticated(Unauthenticated::Locked { until }) | Error::Busy { until: Some(until) } => {
                Self { until: Some(until), ..Self::of(kind) }
            }
            Error::Conflict(Conflict::QueueClosed { opens_at }) => Self { opens_at, ..Self::of(kind) },
            Error::Conflict(Conflict::NameTaken(_) | Conflict::AmbiguousName(_) | Conflict::Held { .. })
            | Error::Refused(_) => Self::of(kind).saying(error.to_string()),
            Error::Fault(fault) => Self { inner: Some(Inner(tell(&fault).into())), ..Self::of(kind) },
            Error::Unauthenticated(_)
            | Error::Denied(_)
            | Error::Missing(_)
            | Error::Conflict(_)
            | Error::Busy { until: None }
            | Error::Full => Self::of(kind),
        }
    }
}

fn kind_of(error: &Error) -> Kind {
    match error {
        Error::Invalid(_) => Kind::Invalid,
        Error::Unauthenticated(why) => match why {
            Unauthenticated::NoCredentials => Kind::NoCredentials,
            Unauthenticated::WrongSecret => Kind::WrongSecret,
            Unauthenticated::UnknownAccount => Kind::UnknownAccount,
            Unauthenticated::Expired => Kind::SessionExpired,
            Unauthenticated::Locked { .. } => Kind::Locked,
        },
        Error::Denied(why) => match why {
            Denied::NotEntitled => Kind::NotEntitled,
            Denied::NoCsrfToken => Kind::NoCsrfToken,
            Denied::ForeignOrigin => Kind::ForeignOrigin,
            Denied::InterfaceOff => Kind::InterfaceOff,
            Denied::ForeignNetwork => Kind::ForeignNetwork,
            Denied::OtherTenant => Kind::OtherTenant,
            Denied::RecordingForbidden => Kind::RecordingForbidden,
            Denied::LiveForbidden => Kind::LiveForbidden,
            Denied::OtherDepartment => Kind::OtherDepartment,
            Denied::RoomLocked => Kind::RoomLocked,
        },
        Error::Missing(noun) => match noun {
            Noun::Path => Kind::NotFound,
            Noun::Order => Kind::OrderUnknown,
            Noun::Queue => Kind::QueueUnknown,
            Noun::Invitation => Kind::LinkUnknown,
            Noun::Interview => Kind::InterviewUnknown,
            Noun::Recording => Kind::RecordingUnknown,
            Noun::Callback => Kind::CallbackUnknown,
            Noun::Tenant => Kind::TenantUnknown,
            Noun::User => Kind::UserUnknown,
            Noun::File => Kind::FileUnknown,
            Noun::Folder => Kind::FolderUnknown,
            Noun::Room => Kind::RoomUnknown,
            Noun::Take => Kind::TakeUnknown,
            Noun::Upload => Kind::UploadUnknown,
            Noun::Account => Kind::AccountUnknown,
            Noun::Customer => Kind::CustomerUnknown,
            Noun::Department => Kind::DepartmentUnknown,
            Noun::Deposit => Kind::DepositUnknown,
            Noun::Code => Kind::CodeUnknown,
            Noun::Client => Kind::ClientUnknown,
            Noun::Message => Kind::MessageUnknown,
            Noun::Broadcast => Kind::BroadcastUnknown,
            Noun::Key => Kind::KeyUnknown,
        },
        Error::Conflict(why) => match why {
            Conflict::NameTaken(_) => Kind::NameTaken,
            Conflict::LinkExpired => Kind::LinkExpired,
            Conflict::LinkUsed => Kind::LinkUsed,
            Conflict::LinkInUse => Kind::LinkInUse,
            Conflict::ConsentMissing => Kind::ConsentMissing,
            Conflict::QueueClosed { .. } => Kind::QueueClosed,
            Conflict::AlreadyWaiting => Kind::AlreadyWaiting,
            Conflict::RingOver => Kind::RingOver,
            Conflict::InCall => Kind::InCall,
            Conflict::NotInCall => Kind::NotInCall,
            Conflict::CustomerElsewhere => Kind::CustomerElsewhere,
            Conflict::ReasonMissing => Kind::ReasonMissing,
            Conflict::AlreadyDecided => Kind::AlreadyDecided,
            Conflict::WrongState => Kind::WrongState,
            Conflict::AlreadyRecording => Kind::AlreadyRecording,
            Conflict::NotRecording => Kind::NotRecording,
            Conflict::RoomNotOpen => Kind::RoomNotOpen,
            Conflict::AlreadyLive => Kind::AlreadyLive,
            Conflict::Held { .. } => Kind::Held,
            Conflict::AlreadyDiscarded => Kind::AlreadyDiscarded,
            Conflict::AmbiguousName(_) => Kind::AmbiguousName,
            Conflict::TicketUsed => Kind::TicketUsed,
            Conflict::ChangedMeanwhile => Kind::ChangedMeanwhile,
            Conflict::KeyReused => Kind::KeyReused,
            Conflict::KeyInUse => Kind::KeyInUse,
        },
        Error::Refused(why) => match why {
            Refused::TooLarge { .. } => Kind::TooLarge,
            Refused::WrongType => Kind::WrongFileType,
            Refused::BadName => Kind::BadName,
            Refused::NoSuffix => Kind::NoSuffix,
            Refused::Interrupted => Kind::Interrupted,
            Refused::WrongHash => Kind::WrongHash,
        },
        Error::Busy { .. } => Kind::Busy,
        Error::Full => Kind::Full,
        Error::Fault(_) => Kind::Fault,
    }
}

/// The fault with its causes, each once.
fn tell(fault: &mingjian_domain::error::Fault) -> String {
    let mut text = format!("{}: {}", fault.doing(), fault.source());
    let mut cause = fault.source().source();
    while let Some(inner) = cause {
        write!(text, ": {inner}").expect("writing to a string does not fail");
        cause = inner.source();
    }
    text
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let Self { kind, detail, until, opens_at, inner } = self;
        let mut body = serde_json::json!({
            "type": format!("/problems/{}", kind.slug()),
            "title": kind.title(),
            "status": kind.status().as_u16(),
            "detail": detail.as_deref().unwrap_or(kind.detail()),
        });
        if let Some(opens_at) = opens_at.and_then(|opens_at| opens_at.format(&Rfc3339).ok()) {
            body["opens_at"] = opens_at.into();
        }
        let mut response = (kind.status(), body.to_string()).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if kind.status() == axum::http::StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer realm=\"mingjian\""));
        }
        let sentence = detail.unwrap_or_else(|| kind.detail().to_owned());
        response.extensions_mut().insert(Refusal { kind, sentence });
        if let Some(until) = until {
            response.extensions_mut().insert(Until(until));
        }
        if let Some(inner) = inner {
            response.extensions_mut().insert(inner);
        }
        response
    }
}

/// A handler panicked: that is answered like any other fault. The panic's own text may hold anything, so it is not logged here.
pub(crate) fn of_panic(_: Box<dyn Any + Send>) -> Response {
    let inner = Some(Inner("a handler panicked".into()));
    Problem { inner, ..Problem::of(Kind::Fault) }.into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_kind_has_an_address_and_words_of_its_own() {
        let slugs: HashSet<_> = Kind::ALL.iter().map(|kind| kind.slug()).collect();
        assert_eq!(slugs.len(), Kind::ALL.len());
        for kind in Kind::ALL {
            assert!(kind.status().is_client_error() || kind.status().is_server_error(), "{kind:?}");
            assert!(!kind.title().is_empty() && !kind.detail().is_empty(), "{kind:?}");
        }
    }

    #[test]
    fn a_fault_tells_callers_nothing_and_the_log_everything() {
        let error = Error::fault("reading an order", std::io::Error::other("disk gone"));
        let response = Problem::from(error).into_response();
        let inner = response.extensions().get::<Inner>().map(|inner| inner.0.to_string());
        assert_eq!(inner.as_deref(), Some("reading an order: disk gone"));
        assert_eq!(response.status(), 500);
    }
}
