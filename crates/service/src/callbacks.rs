//! Results on their way to the business system: enqueued in the transaction of the verdict, signed and sent by a job,
//! listed in the outbox.
//!
//! `Mingjian-Signature: t=<unix seconds>,v1=<64 hex>`, where v1 is HMAC-SHA256 over `t.body` with the tenant's secret; each
//! try is signed anew, so that the receiver can refuse what is old.

use std::time::Duration;

use mingjian_domain::error::{Doing, Error, Noun, Result};
use mingjian_domain::id::{JobId, TenantId};
use mingjian_domain::interface::ResultsAs;
use mingjian_domain::interview::Interview;
use mingjian_domain::job::{Job, JobState, Work};
use mingjian_domain::order::Order;
use mingjian_domain::queue::Queue;
use mingjian_domain::secret::Secret;
use mingjian_domain::user::Role;
use mingjian_store::{InterviewRow, Page, Paged, Tx};
use serde::Serialize;
use time::OffsetDateTime;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::interfaces::{self, md5_hex};
use crate::interviews::InterviewView;
use crate::jobs::Tried;
use crate::ports::{Errand, Method, SendFailure, Web};
use crate::results;
use crate::tokens::hmac_hex;

/// The word of these jobs.
const KIND: &str = "deliver_callback";
/// For the whole of a try, from the name to the status.
const TIME: Duration = Duration::from_secs(10);

/// What is sent: the interview as the list shows it, and what a result has beyond it.
#[derive(Serialize)]
struct Body {
    /// The delivery, the same for every try.
    delivery_id: String,
    /// What happened.
    event: &'static str,
    #[serde(flatten)]
    interview: InterviewView,
    product_name: String,
    queue_name: String,
    /// From the connection to the end.
    duration_ms: Option<i64>,
    recording_ids: Vec<String>,
}

/// Enqueues the result of an interview that has just been saved as ended. Call it in that same transaction.
/// A tenant without a callback URL wants none.
///
/// # Errors
/// [`Error::Missing`] when the interview was not saved; [`Error::Fault`].
pub async fn enqueue_result(service: &Service, tx: &mut Tx, interview: &Interview) -> Result<()> {
    let tenant = tx.tenants().lookup(interview.tenant).await?.ok_or(Error::Missing(Noun::Tenant))?;
    let Some(target) = tenant.callback.clone() else { return Ok(()) };
    let now = service.now();
    let id = service.draw(|random| JobId::mint(now, random));
    let row =
        tx.interviews().lookup_row(interview.tenant, interview.id).await?.ok_or(Error::Missing(Noun::Interview))?;
    let order = tx.orders().lookup(interview.tenant, interview.order).await?.ok_or(Error::Missing(Noun::Order))?;
    let queue = tx.queues().lookup(interview.tenant, interview.queue).await?.ok_or(Error::Missing(Noun::Queue))?;
    let work = if wants_documents(tx, interview.tenant).await? {
        // Only a verdict is a result there: a customer who hangs up has none.
        let Some((event, details)) = results::event_of(tx, &tenant, &order, &queue, &row).await? else {
            return Ok(());
        };
        let details = serde_json::to_string(&details).doing("writing a callback")?;
        Work::DeliverEvent { url: target.url, event: event.to_owned(), details, business_no: order.business_no }
    } else {
        own_work(id, target.url, order, queue, row)?
    };
    let state = JobState::Pending { run_at: now };
    let job =
        Job { id, tenant: tenant.id, work, created_at: now, state, attempts: 0, last_status: None, last_error: None };
    tx.jobs().enqueue(&job).await
}

/// Whether the tenant wants its results in the shape of the signing document.
async fn wants_documents(tx: &mut Tx, tenant: TenantId) -> Result<bool> {
    Ok(tx.interfaces().lookup(tenant).await?.is_some_and(|row| match row.switches.results_as {
        ResultsAs::Native => false,
        ResultsAs::Signing => true,
    }))
}

/// A result in our own shape.
fn own_work(id: JobId, url: String, order: Order, queue: Queue, row: InterviewRow) -> Result<Work> {
    let view = InterviewView::from(row);
    let duration_ms = view
        .connected_at
        .zip(view.ended_at)
        .and_then(|(from, to)| i64::try_from((to - from).whole_milliseconds()).ok());
    let body = Body {
        delivery_id: id.to_string(),
        event: "interview_ended",
        product_name: order.product_name,
        queue_name: queue.name,
        duration_ms,
        recording_ids: view.recording_id.iter().cloned().collect(),
        interview: view,
    };
    Ok(Work::DeliverCallback {
        url,
        body: serde_json::to_string(&body).doing("writing a callback")?,
        business_no: order.business_no,
    })
}

/// The value of `Mingjian-Signature` for a body that is sent at that moment.
#[must_use]
pub fn signature(secret: &Secret, sent_at: OffsetDateTime, body: &str) -> String {
    let t = sent_at.unix_timestamp();
    format!("t={t},v1={}", hmac_hex(secret.expose().as_bytes(), format!("{t}.{body}").as_bytes()))
}

/// One try. Any 2xx takes it; everything else may be better later, but for an address that may not be called.
pub(crate) async fn deliver(service: &Service, web: &dyn Web, job: &Job, url: &str, body: &str) -> Result<Tried> {
    let mut tx = service.store.read().await?;
    let target = tx.tenants().lookup(job.tenant).await?.and_then(|tenant| tenant.callback);
    drop(tx);
    let Some(target) = target else {
        return Ok(Tried::Fail(None, "租户已取消回调地址".into()));
    };
    post(service, web, job, url, body, &target.secret).await
}

/// Posts a body that is signed with this key.
async fn post(service: &Service, web: &dyn Web, job: &Job, url: &str, body: &str, key: &Secret) -> Result<Tried> {
    let header = |name: &str, value: String| (name.to_owned(), Secret::new(value));
    let errand = Errand {
        method: Method::Post,
        url: url.to_owned(),
        headers: vec![
            header("Content-Type", "application/json".to_owned()),
            header("Mingjian-Signature", signature(key, service.now(), body)),
            // The same for every try, so that the receiver can tell a repetition.
            header("Mingjian-Delivery", job.id.to_string()),
        ],
        body: body.as_bytes().to_vec(),
        time: TIME,
        tries: 1,
        most_bytes: 0,
    };
    Ok(match web.run(errand).await {
        Ok(answer) if (200..300).contains(&answer.status) => Tried::Done(Some(answer.status)),
        Ok(answer) => Tried::Retry(Some(answer.status), format!("对方返回 HTTP {}", answer.status)),
        Err(SendFailure::Forbidden(why)) => Tried::Fail(None, why),
        Err(SendFailure::Unreachable(why)) => Tried::Retry(None, why),
    })
}

/// One try of an event in the shape of the documents: `Signature` is the MD5 of `CompID&CompSecret&Time`, and `Time` is that
/// of this try, so that the receiver can refuse what is old.
pub(crate) async fn deliver_event(
    service: &Service,
    web: &dyn Web,
    job: &Job,
    url: &str,
    event: &str,
    details: &str,
) -> Result<Tried> {
    let interface = match interfaces::find_interface(service, job.tenant).await {
        Err(Error::Denied(_)) => return Ok(Tried::Fail(None, "租户没有接口账号，无法签名".into())),
        found => found?,
    };
    let time = service.now().unix_timestamp();
    let signature = md5_hex(&[&interface.comp_id.to_string(), interface.comp_secret.expose(), &time.to_string()]);
    // The details stand in it as they were written.
    let body = format!(r#"{{"EventType":"{event}","Time":{time},"Signature":"{signature}","Details":{details}}}"#);
    // The netdisk's events have an address of their own, and go out whether the tenant wants results or not: where it has no key for
    // those, the secret that the receiver knows anyway is the key.
    if interface.switches.netdisk_callback_url.as_deref() == Some(url) {
        let mut tx = service.store.read().await?;
        let callback = tx.tenants().lookup(job.tenant).await?.and_then(|tenant| tenant.callback);
        drop(tx);
        let key = callback.as_ref().map_or(&interface.comp_secret, |callback| &callback.secret);
        return post(service, web, job, url, &body, key).await;
    }
    deliver(service, web, job, url, &body).await
}

/// A callback in the outbox.
#[derive(Debug, Clone, Serialize)]
pub struct CallbackView {
    /// Its id.
    pub id: String,
    /// Of the order that it is about.
    pub business_no: String,
    /// Where to.
    pub url: String,
    /// `pending`, `delivered`, `failed`.
    pub state: &'static str,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next.
    #[serde(with = "time::serde::rfc3339::option")]
    pub next_attempt_at: Option<OffsetDateTime>,
    /// HTTP status of the last try.
    pub last_status: Option<u16>,
    /// What the last try said.
    pub last_error: Option<String>,
    /// When it was enqueued.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl From<Job> for CallbackView {
    fn from(job: Job) -> Self {
        let (url, business_no) = match job.work {
            Work::DeliverCallback { url, business_no, .. } | Work::DeliverEvent { url, business_no, .. } => {
                (url, business_no)
            }
            // The list is of callbacks alone.
            Work::SendMessage { .. } | Work::ComposeRecording { .. } | Work::ExpireArchiveFile { .. } => {
                (String::new(), String::new())
            }
        };
        let (state, next_attempt_at) = match job.state {
            JobState::Pending { run_at } => ("pending", Some(run_at)),
            JobState::Done { .. } => ("delivered", None),
            JobState::Failed { .. } => ("failed", None),
        };
        Self {
            id: job.id.to_string(),
            business_no,
            url,
            state,
            attempts: job.attempts,
            next_attempt_at,
            last_status: job.last_status,
            last_error: job.last_error,
            created_at: job.created_at,
        }
    }
}

/// The outbox, the newest first.
///
/// # Errors
/// [`mingjian_domain::error::Denied::NotEntitled`] for a user who is no tenant admin; [`Error::Invalid`] for a cursor that is none.
pub async fn list_callbacks(service: &Service, caller: &Caller, page: &Page) -> Result<Paged<CallbackView>> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.read().await?;
    Ok(tx.jobs().list(caller.tenant(), KIND, page).await?.map(CallbackView::from))
}

/// Makes a callback due at once, also one that was given up.
///
/// # Errors
/// [`Error::Missing`]; [`mingjian_domain::error::Conflict::WrongState`] for one that was delivered;
/// [`mingjian_domain::error::Denied::NotEntitled`] for a user who is no tenant admin.
pub async fn retry_callback(service: &Service, caller: &Caller, id: JobId) -> Result<()> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.begin().await?;
    tx.jobs().retry_now(caller.tenant(), KIND, id, service.now()).await?;
    let subject = Subject { noun: "callback", id: id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "retry_callback", subject, None)).await?;
    tx.commit().await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_signature_covers_moment_and_body() {
        let secret = Secret::new("whsec".into());
        let at = time::macros::datetime!(2026-11-23 12:00 UTC);
        let signed = signature(&secret, at, "{}");
        // printf '1795435200.{}' | openssl dgst -sha256 -hmac whsec
        assert_eq!(signed, "t=1795435200,v1=3b22a676bcee65f53f6b4e968bb37b315754fc7743b07c2aed2f24253a98651f");
        assert_ne!(signature(&secret, at, "{ }"), signed);
        assert_ne!(signature(&secret, at + time::Duration::seconds(1), "{}"), signed);
    }
}
