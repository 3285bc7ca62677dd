//! `/CLOUDROOM-API` and its younger name `/CLOUDMEETING-API`: the face of the document 录像管理 and of its family (queues and
//! rooms), for callers that know that video platform. `docs/faces/netdisk.md` tells what the document leaves open.
//!
//! Every answer is HTTP 200 with `{RspCode, RspDesc, Data}`; codes are texts. Keys come in any case, since callers spell them
//! in two. `netDisk/query` is also answered to pages by GET and JSONP, where the tenant lists their origins.

mod caller;
mod codes;
pub(crate) mod files;
mod jsonp;
pub(crate) mod queues;
pub(crate) mod rooms;
mod upload;
mod view;
mod words;

pub(crate) use upload::upload;

use axum::response::Response;

use crate::face::{Asked, Face};
use crate::problems::Refusal;
use codes::Call;
use view::Envelope;

/// What its paths begin with.
pub(crate) const PREFIXES: [&str; 2] = ["/CLOUDROOM-API", "/CLOUDMEETING-API"];

/// The dialect.
pub(crate) struct Netdisk;

impl Face for Netdisk {
    fn refuse(&self, refusal: &Refusal, asked: &Asked) -> Response {
        let envelope = Envelope::refused(codes::of(refusal.kind, Call::at(asked.uri.path())), &refusal.sentence);
        jsonp::said(&envelope, jsonp::name(&asked.method, &asked.uri).as_deref())
    }
}
