//! Work that outlives its transaction: claimed by one worker at a time, done, and settled.

use mingjian_domain::error::{Error, Result};
use mingjian_domain::job::{Job, Work, back_off};
use time::Duration;

use crate::Service;
use crate::ports::{Composer, Sms, Web};
use crate::{archive, callbacks, compositions, messages};

/// Longer than the longest try, so that a job is not claimed twice; a worker that dies costs this much delay.
const LEASE: Duration = Duration::seconds(60);
/// The same for a film, which takes as long as it takes: the claim is renewed several times before this is over.
pub(crate) const COMPOSE_LEASE: Duration = Duration::seconds(20);
/// What is done in a moment.
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
        Work::ComposeRecording { .. } => return Err(foreign(&job)),
        Work::ExpireArchiveFile { file } => archive::files::expire(service, *file).await?,
    };
    settle(service, &job, tried).await?;
    Ok(Ran::One)
}

/// The same for the films, which take long and have a worker of their own, so that nothing else waits for them.
///
/// # Errors
/// As [`run_once`].
pub async fn compose_once(service: &Service, composer: &dyn Composer) -> Result<Ran> {
    let mut tx = service.store.begin().await?;
    let claimed = tx.jobs().claim(&[compositions::KIND], service.now(), COMPOSE_LEASE).await?;
    let Some(job) = claimed else { return Ok(Ran::Nothing) };
    tx.commit().await?;
    let tried = match &job.work {
        Work::ComposeRecording { recording } => compositions::compose(service, composer, &job, *recording).await?,
        Work::DeliverCallback { .. }
        | Work::DeliverEvent { .. }
        | Work::SendMessage { .. }
        | Work::ExpireArchiveFile { .. } => return Err(foreign(&job)),
    };
    settle(service, &job, tried).await?;
    Ok(Ran::One)
}

/// The store gave a job of a kind that was not asked for.
fn foreign(job: &Job) -> Error {
    Error::fault("claiming a job", format!("the job {} says another kind than its row", job.id))
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
