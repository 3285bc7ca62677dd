//! Logging in and out.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Denied, Error};
use mingjian_domain::secret::Secret;
use mingjian_domain::user::{Session, User};
use mingjian_service::access::Caller;
use mingjian_service::access::login;
use serde::Serialize;

use crate::Shared;
use crate::caller::{Anybody, Page};
use crate::fields::Fields;
use crate::origin::Origin;
use crate::problems::Problem;
use crate::session::{clear_cookie, set_cookie};

/// Who is logged in, with what its writes must carry.
#[derive(Serialize)]
pub(super) struct SessionView {
    user: UserView,
    csrf_token: String,
}

#[derive(Serialize)]
struct UserView {
    id: String,
    login: String,
    name: String,
    roles: Vec<&'static str>,
    tenant: NamedView,
    queues: Vec<NamedView>,
}

#[derive(Serialize)]
struct NamedView {
    id: String,
    name: String,
}

pub(super) async fn view(api: &Shared, user: &User, session: &Session) -> Result<SessionView, Problem> {
    let profile = login::profile(&api.service, user).await?;
    Ok(SessionView {
        user: UserView {
            id: user.id.to_string(),
            login: user.login.clone(),
            name: user.name.clone(),
            roles: user.roles.iter().map(|role| role.word()).collect(),
            tenant: NamedView { id: profile.tenant.code, name: profile.tenant.name },
            queues: profile.queues.into_iter().map(|queue| NamedView { id: queue.number, name: queue.name }).collect(),
        },
        csrf_token: session.csrf_token.expose().to_owned(),
    })
}

/// A name and a password become a session and its cookie.
///
/// # Errors
/// Wrong secret, locked, busy; foreign origin for a page of another site, which must not log anybody in.
pub async fn log_in(
    State(api): State<Shared>,
    Anybody(origin): Anybody,
    headers: HeaderMap,
    mut fields: Fields,
) -> Result<Response, Problem> {
    if !is_own_page(&headers, &origin) {
        return Err(Error::Denied(Denied::ForeignOrigin).into());
    }
    let (name, password) = (fields.text("login")?, Secret::new(fields.text("password")?));
    let address = origin.address.to_string();
    let logged_in = login::log_in(&api.service, name.trim(), &password, Some(&address)).await?;
    let view = view(&api, &logged_in.user, &logged_in.session).await?;
    Ok(([(header::SET_COOKIE, set_cookie(&logged_in.token, origin.secure))], Json(view)).into_response())
}

/// A browser names the page's origin; programs that name none have no user to be tricked.
pub(crate) fn is_own_page(headers: &HeaderMap, origin: &Origin) -> bool {
    let named = headers.get(header::ORIGIN).and_then(|value| value.to_str().ok());
    let host = named.and_then(|named| named.split_once("://")).map(|(_, host)| host.to_ascii_lowercase());
    named.is_none() || (host.is_some() && host == origin.host)
}

/// Who is logged in.
///
/// # Errors
/// No credentials, expired.
pub async fn find_session(State(api): State<Shared>, page: Page) -> Result<Response, Problem> {
    let Caller::User { user, .. } = &page.caller else {
        return Err(Error::Denied(Denied::NotEntitled).into());
    };
    Ok(Json(view(&api, user, &page.session).await?).into_response())
}

/// Ends the session.
///
/// # Errors
/// No credentials, expired, no CSRF token.
pub async fn log_out(State(api): State<Shared>, origin: Origin, page: Page) -> Result<Response, Problem> {
    login::log_out(&api.service, &page.caller).await?;
    Ok((StatusCode::NO_CONTENT, [(header::SET_COOKIE, clear_cookie(origin.secure))]).into_response())
}
