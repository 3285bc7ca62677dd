//! Work that outlives its transaction: claimed by one worker at a time, done, and settled.

use mingjian_domain::error::Result;
use mingjian_domain::job::{Job, Work, back_off};
use time::Duration;

use crate::Service;
use crate::ports::{Sms, Web};
use crate::{archive, callbacks, messages};

/// Longer than the longest try, so that a job is not claimed twice; a worker that dies costs this much delay.
const LEASE: Duration = Duration::seconds(60);
/// What this worker can do.
const KINDS: [&str; 3] = ["deliver_callback", "send_message", "expire_archive_file"];
/// Longer complaints of a receiver are cut.
const LONGEST_COMPLAINT: usize = 500;

/// What jobs reach outside with.
#[derive(Clone, Copy)]
pub struct Outside<'a> {
    /// Everybody else's servers.
    pub web: &'a dyn Web,
    /// Text messages of tenants without a gateway of their own.
    pub sms: &'a dyn Sms,
}

/// Whether there was something to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ran {
    /// Nothing is due.
    Nothing,
    /// One job was tried; there may be more.
    One,
}

/// How a try ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Tried {
    /// Done, with the HTTP status where there was one.
    Done(Option<u16>),
    /// To be tried again.
    Retry(Option<u16>, String),
    /// Trying again cannot help.
    Fail(Option<u16>, String),
}

/// Claims the job that has been due for longest, tries it, and notes how that went. The caller repeats this while it
/// answers [`Ran::One`], and rests a second after [`Ran::Nothing`].
///
/// # Errors
/// [`mingjian_domain::error::Error::Fault`] of the store; the job is then due again when its claim runs out.
pub async fn run_once(service: &Service, outside: Outside<'_>) -> Result<Ran> {
    let mut tx = service.store.begin().await?;
    let Some(job) = tx.jobs().claim(&KINDS, service.now(), LEASE).await? else { return Ok(Ran::Nothing) };
    tx.commit().await?;
    let tried = match &job.work {
        Work::DeliverCallback { url, body, .. } => callbacks::deliver(service, outside.web, &job, url, body).await?,
        Work::DeliverEvent { url, event, details, .. } => {
            callbacks::deliver_event(service, outside.web, &job, url, event, details).await?
        }
        Work::SendMessage { message } => messages::send(service, outside, job.tenant, *message).await?,
        Work::ExpireArchiveFile { file } => archive::files::expire(service, *file).await?,
    };
    settle(service, &job, tried).await?;
    Ok(Ran::One)
}

async fn settle(service: &Service, job: &Job, tried: Tried) -> Result<()> {
    let now = service.now();
    let mut tx = service.store.begin().await?;
    // A claim that ran out meanwhile is another worker's to settle: then these change nothing.
    match tried {
        Tried::Done(status) => {
            tx.jobs().finish(job, now, status).await?;
            tracing::info!(job.id = %job.id, job.attempts = job.attempts, "job done");
        }
        Tried::Retry(status, error) => match back_off(job.attempts) {
            Some(wait) => {
                tx.jobs().retry_at(job, now + wait, status, cut(&error)).await?;
                tracing::warn!(job.id = %job.id, job.attempts = job.attempts, job.error = cut(&error), "job to be tried again");
            }
            None => give_up(&mut tx, job, now, status, &error).await?,
        },
        Tried::Fail(status, error) => give_up(&mut tx, job, now, status, &error).await?,
    }
    tx.commit().await
}

async fn give_up(
    tx: &mut mingjian_store::Tx,
    job: &Job,
    now: time::OffsetDateTime,
    status: Option<u16>,
    error: &str,
) -> Result<()> {
    tx.jobs().fail(job, now, status, cut(error)).await?;
    tracing::error!(job.id = %job.id, job.attempts = job.attempts, job.error = cut(error), "job given up");
    Ok(())
}

fn cut(text: &str) -> &str {
    match text.char_indices().nth(LONGEST_COMPLAINT) {
        Some((end, _)) => &text[..end],
        None => text,
    }
}
