//! Work to be done, claimed by exactly one worker at a time.

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{JobId, TenantId};
use mingjian_domain::job::{Job, JobState, Work};
use time::{Duration, OffsetDateTime};

use crate::Tx;
use crate::dialect::{CLAIM_ON_POSTGRES, CLAIM_ON_SQLITE};
use crate::failure::OrFault;
use crate::page::{Page, Paged};
use crate::row::{Row, unreadable};
use crate::value::args;

/// The jobs of a transaction.
pub struct Jobs<'t>(pub(crate) &'t mut Tx);

macro_rules! columns {
    () => {
        "id, tenant_id, work, created_at, state, run_at, ended_at, attempts, last_status, last_error"
    };
}
pub(crate) use columns;

/// Columns of a state: the word, the moment of the next try and the moment of the end.
fn state_columns(state: JobState) -> (&'static str, OffsetDateTime, Option<OffsetDateTime>) {
    match state {
        JobState::Pending { run_at } => ("pending", run_at, None),
        JobState::Done { at } => ("done", at, Some(at)),
        JobState::Failed { at } => ("failed", at, Some(at)),
    }
}

impl Jobs<'_> {
    /// Adds a job, which counts once the transaction does.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn enqueue(&mut self, job: &Job) -> Result<()> {
        let work = serde_json::to_string(&job.work).map_err(|error| Error::fault("writing a job's work", error))?;
        let (state, run_at, ended_at) = state_columns(job.state);
        self.0
            .execute(
                "INSERT INTO jobs (id, tenant_id, kind, work, created_at, state, run_at, ended_at, attempts, \
                 last_status, last_error) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                args![
                    job.id,
                    job.tenant,
                    job.work.kind(),
                    work,
                    job.created_at,
                    state,
                    run_at,
                    ended_at,
                    job.attempts,
                    job.last_status,
                    &job.last_error,
                ],
            )
            .await
            .or_fault("enqueueing a job")?;
        Ok(())
    }

    /// Takes the job of one of these kinds that has been due for longest, if any is, and counts the attempt. Until
    /// `now + lease` no other worker gets it; a worker that dies loses it then.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn claim(&mut self, kinds: &[&str], now: OffsetDateTime, lease: Duration) -> Result<Option<Job>> {
        let kinds = serde_json::to_string(kinds).map_err(|error| Error::fault("naming the kinds of jobs", error))?;
        let sql = if self.0.is_postgres() { CLAIM_ON_POSTGRES } else { CLAIM_ON_SQLITE };
        self.0.optional(sql, args![kinds, now, now + lease], read).await.or_fault("claiming a job")
    }

    /// The claimed job is done. False when the claim had run out and the job is another worker's by now.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn finish(&mut self, job: &Job, now: OffsetDateTime, status: Option<u16>) -> Result<bool> {
        self.settle(job, JobState::Done { at: now }, status, None).await
    }

    /// The claimed job is to be tried again at that moment. False when the claim had run out.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn retry_at(&mut self, job: &Job, at: OffsetDateTime, status: Option<u16>, error: &str) -> Result<bool> {
        self.settle(job, JobState::Pending { run_at: at }, status, Some(error)).await
    }

    /// The claimed job is given up. False when the claim had run out.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn fail(&mut self, job: &Job, now: OffsetDateTime, status: Option<u16>, error: &str) -> Result<bool> {
        self.settle(job, JobState::Failed { at: now }, status, Some(error)).await
    }

    /// The claim on the job holds until that moment. False when it had run out and the job is another worker's by now.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn hold_until(&mut self, job: &Job, until: OffsetDateTime) -> Result<bool> {
        let changed = self
            .0
            .execute(
                "UPDATE jobs SET run_at = $3 WHERE id = $1 AND attempts = $2 AND state = 'pending'",
                args![job.id, job.attempts, until],
            )
            .await
            .or_fault("holding the claim on a job")?;
        Ok(changed == 1)
    }

    /// The number of attempts is the proof of the claim: whoever claims next has a higher one.
    async fn settle(&mut self, job: &Job, state: JobState, status: Option<u16>, error: Option<&str>) -> Result<bool> {
        let (state, run_at, ended_at) = state_columns(state);
        let changed = self
            .0
            .execute(
                "UPDATE jobs SET state = $3, run_at = $4, ended_at = $5, last_status = $6, last_error = $7 \
                 WHERE id = $1 AND attempts = $2 AND state = 'pending'",
                args![job.id, job.attempts, state, run_at, ended_at, status, error],
            )
            .await
            .or_fault("settling a job")?;
        Ok(changed == 1)
    }

    /// The tenant's jobs of that kind, the newest first.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a cursor that is none; [`Error::Fault`].
    pub async fn list(&mut self, tenant: TenantId, kind: &str, page: &Page) -> Result<Paged<Job>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM jobs WHERE tenant_id = $1 AND kind = $2 AND id < $3 ORDER BY id DESC LIMIT $4"
        );
        let jobs = self.0.all(SQL, args![tenant, kind, page.below()?, page.fetch()], read).await;
        Ok(page.cut(jobs.or_fault("listing jobs")?, |job| job.id.as_uuid()))
    }

    /// Makes the tenant's job of that kind due at once, also one that was given up.
    ///
    /// # Errors
    /// [`Error::Missing`] when the tenant has no such job; [`Conflict::WrongState`] when it is done; [`Error::Fault`].
    pub async fn retry_now(&mut self, tenant: TenantId, kind: &str, id: JobId, now: OffsetDateTime) -> Result<()> {
        let changed = self
            .0
            .execute(
                "UPDATE jobs SET state = 'pending', run_at = $3, ended_at = NULL \
                 WHERE tenant_id = $1 AND id = $2 AND state <> 'done' AND kind = $4",
                args![tenant, id, now, kind],
            )
            .await
            .or_fault("trying a job again")?;
        if changed == 1 {
            return Ok(());
        }
        let state: Option<String> = self
            .0
            .optional(
                "SELECT state FROM jobs WHERE tenant_id = $1 AND id = $2 AND kind = $3",
                args![tenant, id, kind],
                |row| row.get("state"),
            )
            .await
            .or_fault("reading a job's state")?;
        Err(state.map_or(Error::Missing(Noun::Callback), |_| Error::Conflict(Conflict::WrongState)))
    }
}

fn read(row: &Row) -> sqlx::Result<Job> {
    let work: String = row.get("work")?;
    let work: Work = serde_json::from_str(&work).map_err(|error| unreadable("work", error))?;
    let state = read_state(row)?;
    Ok(Job {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        work,
        created_at: row.get("created_at")?,
        state,
        attempts: row.get("attempts")?,
        last_status: row.get_opt("last_status")?,
        last_error: row.get_opt("last_error")?,
    })
}

/// The state of a row with the columns `state`, `run_at` and `ended_at`.
pub(crate) fn read_state(row: &Row) -> sqlx::Result<JobState> {
    let state: String = row.get("state")?;
    Ok(match state.as_str() {
        "pending" => JobState::Pending { run_at: row.get("run_at")? },
        "done" => JobState::Done { at: row.get("ended_at")? },
        "failed" => JobState::Failed { at: row.get("ended_at")? },
        _ => return Err(unreadable("state", "an unknown state")),
    })
}
