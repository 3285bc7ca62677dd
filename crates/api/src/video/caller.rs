//! Who calls: a business system by a signature over its parameters, or a page at the counter by its cookie.

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, Method};
use mingjian_domain::counter::Visit;
use mingjian_domain::error::{Denied, Error, Unauthenticated};
use mingjian_domain::id::TicketId;
use mingjian_domain::take::Operator;
use mingjian_service::access::Caller;
use mingjian_service::counter::proof::{Claim, Proof, prove};
use mingjian_service::counter::{Hand, visits};
use mingjian_service::tokens::{same, sha256};

use super::cookie;
use super::params::Parameters;
use crate::Shared;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::problems::{Kind, Problem};

/// Which visit a page is of, where the browser has cookies of several.
const VISIT_HEADER: &str = "x-visit";
const CSRF_HEADER: &str = "x-csrf-token";

/// Proves a business system's call. `otherwise` is the tenant of a call that names none.
pub(super) async fn system(
    api: &Shared,
    origin: &Origin,
    parameters: &Parameters,
    otherwise: Option<&str>,
) -> Result<Caller, Problem> {
    let now = api.service.now();
    let signature = parameters.one("signature")?;
    let tenant_code = match (parameters.one("tenantId")?, otherwise) {
        (Some(code), _) => code,
        (None, Some(code)) if signature.is_none() => code,
        (None, _) => return Err(Error::Invalid("tenantId:必填".into()).into()),
    };
    let proof = match signature {
        Some(signature) => Some(Proof { time: parameters.must("time")?, nonce: parameters.must("nonce")?, signature }),
        None => None,
    };
    let message = parameters.message();
    let claim = Claim { tenant_code, address: origin.address, message: &message, proof };
    match prove(&api.service, claim).await {
        Ok(caller) => Ok(caller),
        // Wrong ones are counted by address: a bank cannot be shut out by somebody who guesses.
        Err(error @ Error::Unauthenticated(why)) => {
            api.buckets.take(Whose::Stranger(origin.address.into()), now)?;
            Err(match why {
                Unauthenticated::NoCredentials => Problem::from(error)
                    .saying("请带上 time、nonce 与 signature；如需免签名调用，请联系管理员登记网络地址"),
                Unauthenticated::Expired => Problem::from(error)
                    .saying("time 与服务器时间相差超过 5 分钟，或 nonce 已使用过；请校准时钟并每次换一个 nonce"),
                Unauthenticated::WrongSecret | Unauthenticated::UnknownAccount | Unauthenticated::Locked { .. } => {
                    Problem::from(error).saying("租户或签名不正确，请核对 tenantId、AppSecret 与签名的拼接顺序")
                }
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// The user whom a business system names.
pub(super) fn operator(parameters: &Parameters) -> Result<Operator, Problem> {
    let named = |name: &str| -> Result<String, Problem> {
        let text = parameters.one(name)?.unwrap_or_default();
        if text.chars().count() > 50 || text.chars().any(char::is_control) {
            return Err(Error::Invalid(format!("{name}:最多 50 个字符，且不能包含控制字符")).into());
        }
        Ok(text.to_owned())
    };
    Ok(Operator { user_id: named("userId")?, user_name: named("userName")? })
}

/// A page at the counter that has shown its cookie and, for a write, its CSRF token.
pub struct CounterPage {
    /// What it was opened for.
    pub visit: Visit,
    /// The same, for the verbs.
    pub hand: Hand,
}

impl FromRequestParts<Shared> for CounterPage {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, api: &Shared) -> Result<Self, Problem> {
        let origin = Origin::from_request_parts(parts, api).await?;
        let query = parts.uri.query().unwrap_or_default();
        page(api, &origin, &parts.method, &parts.headers, query).await
    }
}

/// The page behind a request.
pub(super) async fn page(
    api: &Shared,
    origin: &Origin,
    method: &Method,
    headers: &HeaderMap,
    query: &str,
) -> Result<CounterPage, Problem> {
    let now = api.service.now();
    let wanted = wanted(headers, query);
    let shown = cookie::tokens(headers);
    // Without a word which one, the newest.
    let token = shown.iter().rev().find(|(id, _)| wanted.is_none_or(|wanted| wanted == *id)).map(|&(_, token)| token);
    let token = token.ok_or(Error::Unauthenticated(Unauthenticated::NoCredentials));
    let token = token.map_err(|error| Problem::from(error).saying("页面尚未打开或已过期，请从业务系统重新进入"))?;
    let visit = match visits::authenticate(&api.service, token).await {
        Err(error @ Error::Unauthenticated(_)) => {
            api.buckets.take(Whose::Stranger(origin.address.into()), now)?;
            return Err(Problem::from(error).saying("页面已过期，请从业务系统重新进入"));
        }
        found => found?,
    };
    api.buckets.take(Whose::Session(sha256(token)), now)?;
    if method != Method::GET && method != Method::HEAD {
        let sent = headers.get(CSRF_HEADER).and_then(|value| value.to_str().ok());
        let csrf = visit.session.as_ref().map(|session| session.csrf_token.expose());
        if !sent.zip(csrf).is_some_and(|(sent, csrf)| same(sent, csrf)) {
            return Err(Error::Denied(Denied::NoCsrfToken).into());
        }
    }
    let hand = Hand::Page { visit: Box::new(visit.clone()), address: origin.address.to_string() };
    Ok(CounterPage { visit, hand })
}

/// The visit that a request names: in a header, or in the query where a player asks.
fn wanted(headers: &HeaderMap, query: &str) -> Option<TicketId> {
    let header = headers.get(VISIT_HEADER).and_then(|value| value.to_str().ok());
    let named = query.split('&').find_map(|pair| pair.strip_prefix("visit="));
    header.or(named)?.parse().ok()
}

/// Whether a request shows the cookie of a page rather than the proof of a system.
pub(super) fn is_page(headers: &HeaderMap) -> bool {
    headers.contains_key(VISIT_HEADER) && !cookie::tokens(headers).is_empty()
}

/// A problem with nothing more to say, for what the routes above refuse.
pub(super) fn foreign_origin() -> Problem {
    Problem::of(Kind::ForeignOrigin)
}
