//! Many at once: each job has one worker, nothing that was read is overwritten unseen, no number is given twice.

use std::collections::BTreeSet;

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::interview::{State, Verdict};
use mingjian_domain::job::JobState;
use mingjian_domain::user::Lockout;
use mingjian_store::{Page, Store};
use time::Duration;
use time::macros::date;
use tokio::task::JoinSet;

use crate::engine::on_both;
use crate::fixture::{Maker, NOON};

on_both! {
    each_of_400_jobs_is_claimed_by_one_of_8_workers
    a_claim_that_ran_out_is_anothers
    a_job_is_tried_again_when_it_is_due
    no_wrong_password_goes_uncounted
    one_of_two_verdicts_counts
    no_number_is_given_twice
    an_order_that_two_people_enqueue_at_once_has_one_interview
    one_of_eight_same_requests_is_worked_on
}

const KINDS: [&str; 1] = ["deliver_callback"];

/// Runs 8 tasks at once and gives back what each returned.
async fn eight<T, F>(store: &Store, task: impl Fn(Store, u32) -> F) -> Result<Vec<T>>
where
    T: Send + 'static,
    F: Future<Output = Result<T>> + Send + 'static,
{
    let mut tasks = JoinSet::new();
    for n in 0..8 {
        tasks.spawn(task(store.clone(), n));
    }
    tasks.join_all().await.into_iter().collect()
}

async fn each_of_400_jobs_is_claimed_by_one_of_8_workers(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let mut told = BTreeSet::new();
    let mut tx = store.begin().await?;
    for _ in 0..400 {
        let job = make.job(&bank.tenant, NOON);
        told.insert(job.id);
        tx.jobs().enqueue(&job).await?;
    }
    tx.commit().await?;

    let claimed = eight(store, |store, _| async move {
        let mut mine = Vec::new();
        loop {
            let mut tx = store.begin().await?;
            let job = tx.jobs().claim(&KINDS, NOON, Duration::MINUTE).await?;
            tx.commit().await?;
            match job {
                Some(job) => mine.push(job.id),
                None => return Ok(mine),
            }
        }
    })
    .await?
    .concat();
    assert_eq!(claimed.len(), 400);
    assert_eq!(BTreeSet::from_iter(claimed), told);
    Ok(())
}

async fn a_claim_that_ran_out_is_anothers(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let job = make.job(&bank.tenant, NOON);
    let mut tx = store.begin().await?;
    tx.jobs().enqueue(&job).await?;
    let slow = tx.jobs().claim(&KINDS, NOON, Duration::MINUTE).await?.expect("the job is due");
    assert_eq!((slow.work.clone(), slow.attempts), (job.work, 1));
    assert_eq!(tx.jobs().claim(&KINDS, NOON + Duration::seconds(59), Duration::MINUTE).await?, None);
    let later = NOON + Duration::MINUTE;
    let quick = tx.jobs().claim(&KINDS, later, Duration::MINUTE).await?.expect("the claim has run out");
    assert_eq!((quick.id, quick.attempts), (slow.id, 2));

    assert!(!tx.jobs().fail(&slow, later, None, "too late").await?);
    assert!(tx.jobs().finish(&quick, later, Some(200)).await?);
    assert!(!tx.jobs().finish(&quick, later, Some(200)).await?, "it is finished once");
    let list = tx.jobs().list(bank.tenant.id, KINDS[0], &Page::first(10)).await?;
    assert_eq!((list.items[0].state, list.items[0].last_status), (JobState::Done { at: later }, Some(200)));
    Ok(())
}

async fn a_job_is_tried_again_when_it_is_due(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (late, early) = (make.job(&bank.tenant, NOON + Duration::SECOND), make.job(&bank.tenant, NOON));
    let soon = NOON + Duration::minutes(5);
    let mut tx = store.begin().await?;
    tx.jobs().enqueue(&late).await?;
    tx.jobs().enqueue(&early).await?;
    assert_eq!(tx.jobs().claim(&["another_kind"], soon, Duration::MINUTE).await?, None);
    let job = tx.jobs().claim(&KINDS, soon, Duration::MINUTE).await?.expect("both are due");
    assert_eq!(job.id, early.id, "the one that has waited longest");
    assert!(tx.jobs().retry_at(&job, soon + Duration::HOUR, Some(503), "busy").await?);
    assert_eq!(tx.jobs().claim(&KINDS, soon, Duration::MINUTE).await?.map(|job| job.id), Some(late.id));
    assert_eq!(tx.jobs().claim(&KINDS, soon, Duration::MINUTE).await?, None);

    tx.jobs().retry_now(bank.tenant.id, "deliver_callback", early.id, soon).await?;
    let job = tx.jobs().claim(&KINDS, soon, Duration::MINUTE).await?.expect("it was made due");
    assert_eq!((job.id, job.attempts, job.last_status), (early.id, 2, Some(503)));
    assert_eq!(job.last_error.as_deref(), Some("busy"));
    assert!(tx.jobs().fail(&job, soon, None, "given up").await?);
    tx.jobs().retry_now(bank.tenant.id, "deliver_callback", early.id, soon).await?;
    let job = tx.jobs().claim(&KINDS, soon, Duration::MINUTE).await?.expect("it was made due once more");
    assert!(tx.jobs().finish(&job, soon, Some(204)).await?);
    let done = tx.jobs().retry_now(bank.tenant.id, "deliver_callback", early.id, soon).await;
    assert!(matches!(done, Err(Error::Conflict(Conflict::WrongState))), "{done:?}");
    let unknown = make.job(&bank.tenant, NOON).id;
    let missing = tx.jobs().retry_now(bank.tenant.id, "deliver_callback", unknown, soon).await;
    assert!(matches!(missing, Err(Error::Missing(Noun::Callback))), "{missing:?}");
    Ok(())
}

async fn no_wrong_password_goes_uncounted(store: &Store) -> Result<()> {
    let bank = Maker::new().bank(store, "DEMOBK", "1001").await?;
    eight(store, |store, _| async move {
        for _ in 0..5 {
            let mut tx = store.begin().await?;
            let user = tx.users().lookup_by_login("agent@DEMOBK").await?.expect("the user is there");
            let failures = user.lockout.failures + 1;
            tx.users().set_lockout(user.id, Lockout { failures, ..user.lockout }).await?;
            tx.commit().await?;
        }
        Ok(())
    })
    .await?;
    let user = store.read().await?.users().lookup_any(bank.seat.id).await?.expect("the user is there");
    assert_eq!(user.lockout.failures, 40);
    Ok(())
}

async fn one_of_two_verdicts_counts(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (_, mut interview) = make.business(store, &bank, "A1").await?;
    interview.state = State::Waiting.ring(bank.seat.id)?.answer(bank.seat.id, NOON)?;
    let mut tx = store.begin().await?;
    tx.interviews().save(&interview).await?;
    tx.commit().await?;

    let (tenant, id, seat) = (bank.tenant.id, interview.id, bank.seat.id);
    let decided = eight(store, |store, n| async move {
        let verdict = if n % 2 == 0 { Verdict::Pass } else { Verdict::Refuse };
        let mut tx = store.begin().await?;
        let mut interview = tx.interviews().lookup(tenant, id).await?.expect("the interview is there");
        let Ok(state) = interview.state.clone().decide(seat, verdict, Some(n.to_string()), NOON) else {
            return Ok(None);
        };
        interview.state = state;
        tx.interviews().save(&interview).await?;
        tx.commit().await?;
        Ok(Some(interview))
    })
    .await?;
    let counted: Vec<_> = decided.into_iter().flatten().collect();
    assert_eq!(counted.len(), 1);
    assert_eq!(store.read().await?.interviews().lookup(tenant, id).await?.as_ref(), counted.first());
    Ok(())
}

async fn no_number_is_given_twice(store: &Store) -> Result<()> {
    let bank = Maker::new().bank(store, "DEMOBK", "1001").await?;
    let tenant = bank.tenant.id;
    let given = eight(store, |store, _| async move {
        let mut mine = Vec::new();
        for _ in 0..10 {
            let mut tx = store.begin().await?;
            mine.push(tx.counters().next(tenant, "interview", date!(2026 - 11 - 23)).await?);
            tx.commit().await?;
        }
        Ok(mine)
    })
    .await?;
    assert_eq!(BTreeSet::from_iter(given.concat()), BTreeSet::from_iter(1..=80));
    Ok(())
}

async fn an_order_that_two_people_enqueue_at_once_has_one_interview(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let order = make.order(&bank, "A1");
    let mut tx = store.begin().await?;
    tx.orders().insert(&order).await?;
    tx.commit().await?;
    let tries: Vec<_> = (0..8).map(|n| make.interview(&order, &n.to_string())).collect();
    let added = eight(store, |store, n| {
        let interview = tries[n as usize].clone();
        async move {
            let mut tx = store.begin().await?;
            match tx.interviews().insert(&interview).await {
                Ok(()) => tx.commit().await.map(|()| 1),
                Err(Error::Conflict(Conflict::AlreadyWaiting)) => Ok(0),
                Err(other) => Err(other),
            }
        }
    })
    .await?;
    assert_eq!(added.iter().sum::<u32>(), 1);
    Ok(())
}

async fn one_of_eight_same_requests_is_worked_on(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (tenant, neighbour) = (bank.tenant.id, make.bank(store, "OTHERB", "2001").await?.tenant.id);
    let claimed = eight(store, move |store, _| async move {
        let mut tx = store.begin().await?;
        let mine = tx.kept_answers().claim(tenant, "k-1", &[1; 32], NOON).await?;
        let there = tx.kept_answers().lookup(tenant, "k-1").await?.expect("one of them has put it there");
        tx.commit().await?;
        assert!(there.answer.is_none() && there.request_hash == [1; 32]);
        Ok(mine)
    })
    .await?;
    assert_eq!(claimed.iter().filter(|&&mine| mine).count(), 1);

    let mut tx = store.begin().await?;
    assert!(tx.kept_answers().claim(neighbour, "k-1", &[2; 32], NOON).await?, "keys are each tenant's own");
    tx.kept_answers().keep(tenant, "k-1", NOON, vec![7]).await?;
    tx.kept_answers().release(tenant, "k-1", NOON).await?;
    let kept = tx.kept_answers().lookup(tenant, "k-1").await?.and_then(|kept| kept.answer);
    assert_eq!(kept, Some(vec![7]), "what is answered is not let go");
    tx.kept_answers().release(neighbour, "k-1", NOON + Duration::SECOND).await?;
    assert!(tx.kept_answers().lookup(neighbour, "k-1").await?.is_some(), "another's claim is left alone");

    tx.kept_answers().forget(NOON - Duration::HOUR, NOON + Duration::SECOND).await?;
    assert!(tx.kept_answers().lookup(neighbour, "k-1").await?.is_none(), "nobody works that long");
    assert!(tx.kept_answers().lookup(tenant, "k-1").await?.is_some());
    tx.kept_answers().forget(NOON + Duration::SECOND, NOON).await?;
    assert!(tx.kept_answers().lookup(tenant, "k-1").await?.is_none(), "a day is over");
    Ok(())
}
