//! What a customer's page may know of its link before it joins.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use mingjian_service::invitations::{self, consent};
use mingjian_service::mask;
use serde::Serialize;
use time::OffsetDateTime;

use crate::Shared;
use crate::caller::Anybody;
use crate::params::Segments;
use crate::problems::Problem;

#[derive(Serialize)]
struct InvitationView {
    tenant_name: String,
    product_name: String,
    business_no: String,
    name: String,
    state: &'static str,
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
    queue: QueueView,
    consents: ConsentsView,
    identity_check: bool,
    return_url: Option<String>,
}

#[derive(Serialize)]
struct QueueView {
    name: String,
    open: bool,
    #[serde(with = "time::serde::rfc3339::option")]
    opens_at: Option<OffsetDateTime>,
}

#[derive(Serialize)]
struct ConsentsView {
    recording: ConsentView,
    face: ConsentView,
}

#[derive(Serialize)]
struct ConsentView {
    version: &'static str,
    text: &'static str,
}

impl From<consent::ConsentText> for ConsentView {
    fn from(text: consent::ConsentText) -> Self {
        Self { version: text.version, text: text.text }
    }
}

/// The invitation behind a code.
///
/// # Errors
/// Link unknown, expired, used; busy for an address that asks too often.
pub async fn find_invitation(
    State(api): State<Shared>,
    Anybody(_): Anybody,
    Segments(code): Segments<String>,
) -> Result<Response, Problem> {
    let opened = invitations::open(&api.service, &code).await?;
    let (now, zone) = (api.service.now(), opened.tenant.zone);
    let open = opened.queue.hours.is_open(now, zone);
    let opens_at = if open { None } else { opened.queue.hours.opens_at(now, zone) };
    let view = InvitationView {
        name: mask::name(&opened.person().name),
        return_url: opened.invitation.return_url.clone(),
        tenant_name: opened.tenant.name,
        product_name: opened.order.product_name,
        business_no: opened.order.business_no,
        state: "open",
        expires_at: opened.invitation.expires_at,
        queue: QueueView { name: opened.queue.name, open, opens_at },
        consents: ConsentsView { recording: consent::RECORDING.into(), face: consent::FACE.into() },
        identity_check: opened.order.identity_check,
    };
    Ok(Json(view).into_response())
}
