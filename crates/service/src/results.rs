//! A verdict as the signing document tells it: what the buttons 通过, 拒绝 and 待补充 give out.

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::InterviewId;
use mingjian_domain::interview::{Outcome, State, Verdict};
use mingjian_domain::order::Order;
use mingjian_domain::queue::Queue;
use mingjian_domain::tenant::Tenant;
use mingjian_store::{InterviewRow, Tx};
use serde::Serialize;
use time::macros::format_description;
use time::{OffsetDateTime, UtcOffset};

use crate::Service;
use crate::access::{Caller, Sight};

/// What 通过 gives out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Pass {
    business_id: String,
    assist_id: String,
    queue_id: String,
    /// Where the customer is, where it told so.
    sign_address: String,
    latitude_longitude: String,
    /// From joining the queue to the answer, in seconds.
    wait_time: i64,
    photos: Vec<String>,
    video_path: String,
    video_name: String,
    /// From the connection to the end, in seconds.
    video_duration: i64,
    agent_user_name: String,
    operate_time: String,
}

/// What 拒绝 and 待补充 give out.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    #[serde(rename = "type")]
    kind: &'static str,
    business_id: String,
    assist_id: String,
    reason: String,
    sign_address: String,
    wait_time: i64,
    queue_id: String,
}

/// Either.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub enum Details {
    /// 通过.
    Pass(Pass),
    /// 拒绝 or 待补充.
    Refusal(Refusal),
}

/// The word of the event and its details; none while there is no verdict.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn event_of(
    tx: &mut Tx,
    tenant: &Tenant,
    order: &Order,
    queue: &Queue,
    row: &InterviewRow,
) -> Result<Option<(&'static str, Details)>> {
    let interview = &row.interview;
    let State::Ended { call, outcome: Outcome::Verdict { verdict, reason }, at } = &interview.state else {
        return Ok(None);
    };
    let assist_id = tx.sheets().lookup(tenant.id, order.id).await?.and_then(|sheet| sheet.assist_no);
    let assist_id = assist_id.unwrap_or_default();
    let wait_time = interview.wait_ms.unwrap_or(0).div_euclid(1_000);
    let refusal = |kind: &'static str| Refusal {
        kind,
        business_id: order.business_no.clone(),
        assist_id: assist_id.clone(),
        reason: reason.clone().unwrap_or_default(),
        sign_address: String::new(),
        wait_time,
        queue_id: queue.number.clone(),
    };
    Ok(Some(match verdict {
        Verdict::Refuse => ("INTERVIEW_REFUSE", Details::Refusal(refusal("refuse"))),
        Verdict::Supplement => ("INTERVIEW_SUPPLEMENT", Details::Refusal(refusal("supplement"))),
        Verdict::Pass => {
            let recording = tx.recordings().lookup_by_interview(tenant.id, interview.id).await?;
            let (video_path, video_name) = recording
                .map(|recording| video_of(&order.business_no, "remote", recording.started_at, tenant.zone))
                .unwrap_or_default();
            let seat = match call {
                Some(call) => tx.users().lookup(tenant.id, call.seat).await?,
                None => None,
            };
            let connected_at = call.and_then(|call| call.connected_at);
            let pass = Pass {
                business_id: order.business_no.clone(),
                assist_id: assist_id.clone(),
                queue_id: queue.number.clone(),
                sign_address: String::new(),
                latitude_longitude: String::new(),
                wait_time,
                photos: Vec::new(),
                video_path,
                video_name,
                video_duration: connected_at.map_or(0, |from| (*at - from).whole_seconds()),
                agent_user_name: seat.map(|seat| user_name(&seat.login, &tenant.code)).unwrap_or_default(),
                operate_time: local(*at, tenant.zone),
            };
            ("INTERVIEW_PASS", Details::Pass(pass))
        }
    }))
}

/// A login as the business system knows it: without the tenant that was put behind it where another tenant has the name.
#[must_use]
pub fn user_name(login: &str, tenant_code: &str) -> String {
    login.strip_suffix(tenant_code).and_then(|name| name.strip_suffix('@')).unwrap_or(login).to_owned()
}

/// A moment as the documents print it, in the tenant's zone.
#[must_use]
pub fn local(at: OffsetDateTime, zone: UtcOffset) -> String {
    let printed = at.to_offset(zone).format(format_description!("[year]-[month]-[day] [hour]:[minute]:[second]"));
    printed.expect("every moment can be printed")
}

/// Folder and name of a recording among the files: `/2026-11-23/` and `A3239239_remote_20261123200000.mp4`.
fn video_of(business_no: &str, kind: &str, started_at: OffsetDateTime, zone: UtcOffset) -> (String, String) {
    let at = local(started_at, zone);
    let digits: String = at.chars().filter(char::is_ascii_digit).collect();
    (format!("/{}/", &at[..10]), format!("{business_no}_{kind}_{digits}.mp4"))
}

/// The details of an interview's verdict, for the page of the seat that gave it and for whoever may see the interview.
///
/// # Errors
/// [`Error::Missing`] when there is no such interview for the caller, or no verdict yet.
pub async fn find_result(service: &Service, caller: &Caller, id: InterviewId) -> Result<Details> {
    let sight = caller.sight()?;
    let mut tx = service.store.read().await?;
    let row = tx.interviews().lookup_row(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::Interview))?;
    let interview = &row.interview;
    if let Sight::Own(seat) = sight
        && interview.state.call().is_none_or(|call| call.seat != seat)
    {
        return Err(Error::Missing(Noun::Interview));
    }
    let tenant = tx.tenants().lookup(interview.tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    let order = tx.orders().lookup(tenant.id, interview.order).await?.ok_or(Error::Missing(Noun::Order))?;
    let queue = tx.queues().lookup(tenant.id, interview.queue).await?.ok_or(Error::Missing(Noun::Queue))?;
    let event = event_of(&mut tx, &tenant, &order, &queue, &row).await?;
    event.map(|(_, details)| details).ok_or(Error::Missing(Noun::Interview))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_recording_is_named_by_its_order_and_the_clock_of_its_tenant() {
        let at = time::macros::datetime!(2026-11-23 20:00:01.5 UTC);
        let named = video_of("A1", "remote", at, time::macros::offset!(+8));
        assert_eq!(named, ("/2026-11-24/".to_owned(), "A1_remote_20261124040001.mp4".to_owned()));
    }

    #[test]
    fn a_login_is_told_as_its_business_system_knows_it() {
        assert_eq!(user_name("agent9@DEMOBK", "DEMOBK"), "agent9");
        assert_eq!(user_name("agent9", "DEMOBK"), "agent9");
        assert_eq!(user_name("agent9@OTHERB", "DEMOBK"), "agent9@OTHERB");
    }
}
