//! The page at the counter: its HTML, its session, and the takes of its orders.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::Response;
use mingjian_domain::counter::{Right, Visit};
use mingjian_domain::take::Take;
use mingjian_service::counter::{play, scripts, takes, uploads, visits};
use mingjian_service::mask;
use serde_json::{Value, json};

use super::caller::{CounterPage, foreign_origin};
use super::view::TakeView;
use super::{cookie, success};
use crate::Shared;
use crate::caller::Anybody;
use crate::native::sessions::is_own_page;
use crate::origin::Origin;
use crate::pages;
use crate::problems::Problem;
use crate::video::params::Parameters;

/// The page itself, for anybody: the ticket in its address is used by a script, so that no preview of a link uses it up.
///
/// # Errors
/// Pages missing when the front end was not built.
pub async fn main(State(api): State<Shared>, origin: Origin) -> Result<Response, Problem> {
    pages::counter(&api, &origin)
}

/// A ticket becomes a session and its cookie.
///
/// # Errors
/// The ticket was used, is too old, or is none; a page of another site, which must not open one for anybody.
pub async fn open(
    State(api): State<Shared>,
    Anybody(origin): Anybody,
    headers: HeaderMap,
    parameters: Parameters,
) -> Result<Response, Problem> {
    if !is_own_page(&headers, &origin) {
        return Err(foreign_origin());
    }
    let opened = visits::open(&api.service, parameters.must("ticket")?, &origin.address.to_string()).await?;
    let mut response = success(view(&api, &opened.visit).await?);
    for cookie in cookie::set(opened.visit.id, &opened.token, origin.secure, &headers) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

/// What the page shows.
///
/// # Errors
/// No session, or an old one.
pub async fn find(State(api): State<Shared>, page: CounterPage) -> Result<Response, Problem> {
    Ok(success(view(&api, &page.visit).await?))
}

/// The takes alone, which the page asks for while one is on its way.
///
/// # Errors
/// As [`find`].
pub async fn list_takes(State(api): State<Shared>, page: CounterPage) -> Result<Response, Problem> {
    Ok(success(json!({ "takes": take_views(&api, &page.visit).await? })))
}

async fn view(api: &Shared, visit: &Visit) -> Result<Value, Problem> {
    let scripts: BTreeMap<String, String> = scripts::scripts_of_page(&api.service, visit)
        .await?
        .into_iter()
        .filter(|script| visit.tabs.iter().any(|tab| tab.video_type.as_str() == script.video_type))
        .map(|script| (script.video_type, script.text))
        .collect();
    let mut orders: Vec<Value> = Vec::new();
    for order in uploads::orders_of(visit) {
        let sitters: Vec<_> = visit.sitters.iter().filter(|sitter| sitter.order == order).collect();
        let Some(first) = sitters.first() else { continue };
        let people: Vec<Value> = sitters
            .iter()
            .map(|sitter| {
                json!({
                    "name": sitter.name,
                    "idNo": mask::id_no(&sitter.id_no),
                    "mobile": mask::mobile(&sitter.mobile),
                    "others": sitter.others,
                })
            })
            .collect();
        orders.push(json!({
            "businessNo": first.business_no, "productName": first.product_name, "people": people,
        }));
    }
    let tabs: Vec<Value> = visit
        .tabs
        .iter()
        .map(|tab| json!({ "videoType": tab.video_type.as_str(), "record": tab.right == Right::Record }))
        .collect();
    let csrf = visit.session.as_ref().map(|session| session.csrf_token.expose().to_owned());
    Ok(json!({
        "visit": visit.id.to_string(),
        "csrfToken": csrf,
        "operator": { "userId": visit.operator.user_id, "userName": visit.operator.user_name },
        "orders": orders,
        "tabs": tabs,
        "scripts": scripts,
        "takes": take_views(api, visit).await?,
    }))
}

async fn take_views(api: &Shared, visit: &Visit) -> Result<Vec<TakeView>, Problem> {
    let all = takes::list(&api.service, visit.tenant, &uploads::orders_of(visit)).await?;
    let shown = all.iter().filter(|take| visit.right(take.order, &take.video_type).is_some());
    let newest = |of: &Take| {
        let same = |take: &&Take| take.order == of.order && take.video_type == of.video_type;
        Take::newest_valid(all.iter().filter(same)).is_some_and(|take| take.id == of.id)
    };
    let number = |take: &Take| {
        let sitter = visit.sitters.iter().find(|sitter| sitter.order == take.order);
        sitter.map(|sitter| sitter.business_no.as_str()).unwrap_or_default()
    };
    Ok(shown
        .map(|take| {
            let play_url = take.state.is_whole().then(|| play::page_path(take.id, visit));
            TakeView::new(take, number(take), newest(take), play_url)
        })
        .collect())
}

/// One take in the page's words.
pub(super) async fn take_view(api: &Shared, visit: &Visit, take: &Take) -> Result<Option<Value>, Problem> {
    let id = take.id.to_string();
    let views = take_views(api, visit).await?;
    let mut views = views.into_iter().map(|view| serde_json::to_value(view).unwrap_or_default());
    Ok(views.find(|view| view["id"] == id))
}
