//! Text messages: counted per phone and tenant, written in the transaction that makes them necessary, sent by a job, listed.
//!
//! A tenant's own gateway is a connector; whoever has none gets the messages as files in the outbox of the installation.

mod gateway;

use mingjian_domain::connector::ConnectorKind;
use mingjian_domain::error::{Doing, Error, Noun, Result};
use mingjian_domain::id::{MessageId, TenantId};
use mingjian_domain::job::{Job, JobState, Work};
use mingjian_domain::message::Message;
use mingjian_domain::order::Order;
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::Tenant;
use mingjian_domain::user::Role;
use mingjian_store::{MessageRow, Page, Paged, Tx};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::jobs::{Outside, Tried};
use crate::ports::{SendFailure, Sms, TextMessage};
use crate::tokens::sha256;
use crate::{Service, connectors, mask};

use gateway::Gateway;

/// What a phone shows where the tenant has no text of its own.
const TEXT: &str = "【{sign}】您好，请点击 {link} 办理视频面签，请勿将链接转发他人。";

/// A message to be sent.
#[derive(Clone)]
pub struct Draft<'a> {
    /// The phone.
    pub to: &'a str,
    /// The link that it is about.
    pub link: &'a str,
    /// The signature, where the caller names one.
    pub sign: Option<&'a str>,
    /// The carrier's template, where the caller names one.
    pub template: Option<&'a str>,
}

/// What is sealed of a message.
#[derive(Serialize, Deserialize)]
struct Content {
    to: String,
    text: String,
    sign: String,
    template: String,
    link: String,
}

fn about(id: MessageId) -> String {
    format!("message:{id}")
}

/// Counts the message, keeps it and enqueues its job, all in the open transaction.
///
/// # Errors
/// [`Error::Busy`] with the moment of the next try when the phone was just written to, or often enough today, or the tenant's
/// quota is used up; [`Error::Fault`].
pub(crate) async fn enqueue(
    service: &Service,
    tx: &mut Tx,
    tenant: &Tenant,
    order: &Order,
    draft: &Draft<'_>,
) -> Result<Message> {
    let now = service.now();
    let local = now.to_offset(tenant.zone);
    let tomorrow = (local + Duration::days(1)).replace_time(time::Time::MIDNIGHT);
    let quota = tx.interfaces().lookup(tenant.id).await?.and_then(|row| row.switches.messages_a_day);
    let over = || Err(Error::Busy { until: Some(tomorrow) });
    // Counting first holds the counter's row: of two messages at the same moment the second sees the first.
    if tx.counters().next(tenant.id, "messages", local.date()).await? > quota.unwrap_or(Message::QUOTA) {
        return over();
    }
    let to_hash = sha256(&service.keyed("phone", draft.to));
    let name = format!("messages_to:{}", hex::encode(&to_hash[..16]));
    if tx.counters().next(tenant.id, &name, local.date()).await? > Message::MOST_A_DAY {
        return over();
    }
    if let Some(last) = tx.messages().last_to(tenant.id, &to_hash).await?
        && now < last + Message::PAUSE
    {
        return Err(Error::Busy { until: Some(last + Message::PAUSE) });
    }
    let settings = tx.connectors().lookup(tenant.id, ConnectorKind::Sms).await?.map(|row| row.settings);
    let template = draft.template.unwrap_or_default();
    let sign = draft.sign.map(str::to_owned);
    let sign = sign.or_else(|| settings.as_ref()?.sign.clone()).unwrap_or_else(|| tenant.name.clone());
    let text = settings.as_ref().and_then(|settings| settings.texts.get(template)).map_or(TEXT, String::as_str);
    let values = [("sign", sign.as_str()), ("link", draft.link)];
    let content = Content {
        to: draft.to.to_owned(),
        text: connectors::template::fill(text, &values, connectors::template::plain),
        sign: sign.clone(),
        template: template.to_owned(),
        link: draft.link.to_owned(),
    };
    let id = service.draw(|random| MessageId::mint(now, random));
    let content = Secret::new(serde_json::to_string(&content).doing("writing a text message")?);
    let message = Message {
        id,
        tenant: tenant.id,
        order: order.id,
        to_masked: mask::mobile(draft.to),
        to_hash,
        sealed: service.seal(&content, &about(id)),
        created_at: now,
    };
    let job = Job {
        id: message.job(),
        tenant: tenant.id,
        work: Work::SendMessage { message: id },
        created_at: now,
        state: JobState::Pending { run_at: now },
        attempts: 0,
        last_status: None,
        last_error: None,
    };
    tx.jobs().enqueue(&job).await?;
    tx.messages().insert(&message).await?;
    Ok(message)
}

/// One try.
pub(crate) async fn send(service: &Service, outside: Outside<'_>, tenant: TenantId, id: MessageId) -> Result<Tried> {
    let mut tx = service.store.read().await?;
    let row = tx.messages().lookup(tenant, id).await?.ok_or(Error::Missing(Noun::Message))?;
    let code = tx.tenants().lookup(tenant).await?.ok_or(Error::Missing(Noun::Tenant))?.code;
    drop(tx);
    let content = open(service, &row.message)?;
    let message = TextMessage {
        id: id.to_string(),
        tenant: code,
        to: content.to,
        text: content.text,
        sign: content.sign,
        template: content.template,
        link: content.link,
        business_no: row.business_no,
    };
    let sent = match connectors::lookup(service, tenant, ConnectorKind::Sms).await? {
        Some(connector) => Gateway { connector, web: outside.web }.send(message).await,
        None => outside.sms.send(message).await,
    };
    Ok(match sent {
        Ok(status) => Tried::Done(status),
        Err(SendFailure::Forbidden(why)) => Tried::Fail(None, why),
        Err(SendFailure::Unreachable(why)) => Tried::Retry(None, why),
    })
}

fn open(service: &Service, message: &Message) -> Result<Content> {
    let content = service.unseal(&message.sealed, &about(message.id))?;
    serde_json::from_str(content.expose()).doing("reading a text message")
}

/// A message in the outbox.
#[derive(Debug, Clone, Serialize)]
pub struct MessageView {
    /// Its id.
    pub id: String,
    /// Of the order that it is about.
    pub business_no: String,
    /// The phone, masked.
    pub to: String,
    /// `pending`, `sent`, `failed`.
    pub state: &'static str,
    /// Tries so far.
    pub attempts: u32,
    /// When it is tried next.
    #[serde(with = "time::serde::rfc3339::option")]
    pub next_attempt_at: Option<OffsetDateTime>,
    /// What the last try said.
    pub last_error: Option<String>,
    /// When it was made.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
}

impl From<MessageRow> for MessageView {
    fn from(row: MessageRow) -> Self {
        let (state, next_attempt_at) = match row.state {
            JobState::Pending { run_at } => ("pending", Some(run_at)),
            JobState::Done { .. } => ("sent", None),
            JobState::Failed { .. } => ("failed", None),
        };
        Self {
            id: row.message.id.to_string(),
            business_no: row.business_no,
            to: row.message.to_masked,
            state,
            attempts: row.attempts,
            next_attempt_at,
            last_error: row.last_error,
            created_at: row.message.created_at,
        }
    }
}

/// A message with its text.
#[derive(Debug, Clone, Serialize)]
pub struct WholeMessageView {
    /// What lists show.
    #[serde(flatten)]
    pub message: MessageView,
    /// What the phone shows, with the link: whoever may read this may make links as well.
    pub text: String,
}

/// The outbox of text messages, the newest first.
///
/// # Errors
/// [`mingjian_domain::error::Denied::NotEntitled`] for a user who is no tenant admin; [`Error::Invalid`] for a cursor that is none.
pub async fn list_messages(service: &Service, caller: &Caller, page: &Page) -> Result<Paged<MessageView>> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.read().await?;
    Ok(tx.messages().list(caller.tenant(), page).await?.map(MessageView::from))
}

/// One message with its text.
///
/// # Errors
/// [`Error::Missing`]; [`mingjian_domain::error::Denied::NotEntitled`] for a user who is no tenant admin.
pub async fn find_message(service: &Service, caller: &Caller, id: MessageId) -> Result<WholeMessageView> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.begin().await?;
    let row = tx.messages().lookup(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::Message))?;
    let content = open(service, &row.message)?;
    let subject = Subject { noun: "message", id: id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "read_message", subject, None)).await?;
    tx.commit().await?;
    Ok(WholeMessageView { text: content.text, message: row.into() })
}

/// Makes a message due at once, also one that was given up.
///
/// # Errors
/// [`Error::Missing`]; [`mingjian_domain::error::Conflict::WrongState`] for one that was sent;
/// [`mingjian_domain::error::Denied::NotEntitled`] for a user who is no tenant admin.
pub async fn retry_message(service: &Service, caller: &Caller, id: MessageId) -> Result<()> {
    caller.entitled(&[Role::TenantAdmin])?;
    let mut tx = service.store.begin().await?;
    tx.messages().retry_now(caller.tenant(), id, service.now()).await?;
    let subject = Subject { noun: "message", id: id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "retry_message", subject, None)).await?;
    tx.commit().await
}
