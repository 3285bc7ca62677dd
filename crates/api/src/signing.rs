//! 远程视频面签: the interface of the signing document, `/api/blade-system` and `/api/blade-auth`. Every answer is an R,
//! `{code, success, data, msg}`, with the code as HTTP status too. `docs/faces/signing.md` tells what the document leaves open.

mod caller;
pub(crate) mod codes;
mod form;
pub mod sms;
pub mod token;
mod view;

use axum::http::header;
use axum::response::{IntoResponse, Response};

use crate::face::{Asked, Face};
use crate::problems::Refusal;

/// Paths below which this dialect is spoken.
pub(crate) const PREFIXES: [&str; 2] = ["/api/blade-system", "/api/blade-auth"];

/// Every code of the face, for whoever tests that each can be met.
pub const CODES: [u16; 9] = [200, 400, 401, 403, 404, 405, 415, 429, 500];

/// The dialect.
pub(crate) struct Signing;

impl Face for Signing {
    fn refuse(&self, refusal: &Refusal, _: &Asked) -> Response {
        let code = codes::code(refusal.kind);
        let mut response = view::refusal(code, &said(refusal)).into_response();
        if code == codes::Code::Unauthorized {
            let challenge = header::HeaderValue::from_static("Bearer realm=\"blade-auth\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

/// R has one sentence: what is the matter stands in it, not only what to do.
fn said(refusal: &Refusal) -> String {
    if refusal.sentence == refusal.kind.detail() && refusal.sentence.starts_with('请') {
        format!("{}，{}", refusal.kind.title(), refusal.sentence)
    } else {
        refusal.sentence.clone()
    }
}
