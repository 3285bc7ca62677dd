//! Nothing of one tenant is found, listed or changed by way of another; beside each refusal stands the owner's success.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::id::DepartmentId;
use mingjian_domain::queue::Membership;
use mingjian_domain::tenant::Department;
use mingjian_store::{InterviewFilter, Page, RecordingFilter, Store};

use crate::engine::on_both;
use crate::fixture::{Maker, NOON};

on_both! {
    no_lookup_finds_what_is_another_tenants
    no_list_shows_what_is_another_tenants
    no_change_reaches_what_is_another_tenants
    the_engine_itself_refuses_to_tie_two_tenants_together
    two_tenants_may_have_the_same_business_number
}

async fn no_lookup_finds_what_is_another_tenants(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let ours = make.bank(store, "DEMOBK", "1001").await?;
    let theirs = make.bank(store, "OTHERB", "2001").await?;
    let (order, interview) = make.business(store, &theirs, "B0001").await?;
    let recording = make.recording(&theirs.tenant, Some(&interview));
    let mut tx = store.begin().await?;
    tx.recordings().insert(&recording).await?;

    for (tenant, found) in [(theirs.tenant.id, true), (ours.tenant.id, false)] {
        assert_eq!(tx.users().lookup(tenant, theirs.seat.id).await?.is_some(), found, "user");
        assert_eq!(tx.queues().lookup(tenant, theirs.queue.id).await?.is_some(), found, "queue");
        assert_eq!(tx.queues().lookup_by_number(tenant, "2001").await?.is_some(), found, "queue by number");
        assert_eq!(tx.orders().lookup(tenant, order.id).await?.is_some(), found, "order");
        assert_eq!(tx.orders().lookup_by_business_no(tenant, "B0001").await?.is_some(), found, "order by number");
        assert_eq!(tx.interviews().lookup(tenant, interview.id).await?.is_some(), found, "interview");
        assert_eq!(tx.interviews().lookup_row(tenant, interview.id).await?.is_some(), found, "interview row");
        assert_eq!(tx.recordings().lookup(tenant, recording.id).await?.is_some(), found, "recording");
        assert_eq!(tx.recordings().lookup_row(tenant, recording.id).await?.is_some(), found, "recording row");
        let by_interview = tx.recordings().lookup_by_interview(tenant, interview.id).await?;
        assert_eq!(by_interview.is_some(), found, "recording by interview");
    }
    Ok(())
}

async fn no_list_shows_what_is_another_tenants(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let ours = make.bank(store, "DEMOBK", "1001").await?;
    let theirs = make.bank(store, "OTHERB", "2001").await?;
    let (_, interview) = make.business(store, &theirs, "B0001").await?;
    let mut tx = store.begin().await?;
    tx.recordings().insert(&make.recording(&theirs.tenant, Some(&interview))).await?;
    tx.jobs().enqueue(&make.job(&theirs.tenant, NOON)).await?;
    tx.audit().append(&make.audit_line(Some(theirs.tenant.id), Actor::Server)).await?;
    let department = Department {
        id: DepartmentId::mint(NOON, &mut make.random),
        tenant: theirs.tenant.id,
        code: "0002".into(),
        name: "分行".into(),
        parent: None,
    };
    tx.departments().insert(&department).await?;

    let page = Page::first(10);
    let of_order = InterviewFilter { business_no: Some("B0001".into()), ..InterviewFilter::default() };
    let recordings_of_order = RecordingFilter { business_no: Some("B0001".into()), ..RecordingFilter::default() };
    for (tenant, shown) in [(theirs.tenant.id, 1), (ours.tenant.id, 0)] {
        assert_eq!(tx.departments().list(tenant).await?.len(), shown, "departments");
        let interviews = tx.interviews().list(tenant, &InterviewFilter::default(), &page).await?;
        assert_eq!(interviews.items.len(), shown, "interviews");
        assert_eq!(tx.interviews().list(tenant, &of_order, &page).await?.items.len(), shown, "interviews of an order");
        let recordings = tx.recordings().list(tenant, &RecordingFilter::default(), &page).await?;
        assert_eq!(recordings.items.len(), shown, "recordings");
        let recordings = tx.recordings().list(tenant, &recordings_of_order, &page).await?;
        assert_eq!(recordings.items.len(), shown, "recordings of an order");
        assert_eq!(tx.jobs().list(tenant, "deliver_callback", &page).await?.items.len(), shown, "jobs");
        assert_eq!(tx.audit().list(tenant, &page).await?.items.len(), shown, "audit lines");
    }
    let logins = |users: Vec<mingjian_domain::user::User>| users.into_iter().map(|user| user.login).collect::<Vec<_>>();
    assert_eq!(logins(tx.users().list(ours.tenant.id).await?), ["agent@DEMOBK"]);
    assert_eq!(tx.queues().list(ours.tenant.id).await?, [ours.queue]);
    Ok(())
}

async fn no_change_reaches_what_is_another_tenants(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let ours = make.bank(store, "DEMOBK", "1001").await?;
    let theirs = make.bank(store, "OTHERB", "2001").await?;
    let (_, mut interview) = make.business(store, &theirs, "B0001").await?;
    let job = make.job(&theirs.tenant, NOON);
    let mut tx = store.begin().await?;
    tx.jobs().enqueue(&job).await?;
    let foreign = tx.jobs().retry_now(ours.tenant.id, "deliver_callback", job.id, NOON).await;
    assert!(matches!(foreign, Err(Error::Missing(Noun::Callback))), "{foreign:?}");
    tx.jobs().retry_now(theirs.tenant.id, "deliver_callback", job.id, NOON).await?;

    interview.tenant = ours.tenant.id;
    let foreign = tx.interviews().save(&interview).await;
    assert!(matches!(foreign, Err(Error::Missing(Noun::Interview))), "{foreign:?}");
    interview.tenant = theirs.tenant.id;
    tx.interviews().save(&interview).await
}

async fn the_engine_itself_refuses_to_tie_two_tenants_together(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let ours = make.bank(store, "DEMOBK", "1001").await?;
    let theirs = make.bank(store, "OTHERB", "2001").await?;
    let (_, their_interview) = make.business(store, &theirs, "B0001").await?;

    let mut order = make.order(&ours, "A1");
    order.queue = theirs.queue.id;
    let mut tx = store.begin().await?;
    assert!(matches!(tx.orders().insert(&order).await, Err(Error::Fault(_))));

    let seat_elsewhere = Membership { queue: theirs.queue.id, seat: ours.seat.id, priority: 1 };
    drop(tx);
    let mut tx = store.begin().await?;
    assert!(matches!(tx.memberships().set(&seat_elsewhere).await, Err(Error::Fault(_))));

    drop(tx);
    let mut tx = store.begin().await?;
    let recording = make.recording(&ours.tenant, Some(&their_interview));
    assert!(matches!(tx.recordings().insert(&recording).await, Err(Error::Fault(_))));

    order.queue = ours.queue.id;
    drop(tx);
    let mut tx = store.begin().await?;
    tx.orders().insert(&order).await?;
    tx.memberships().set(&Membership { queue: ours.queue.id, ..seat_elsewhere }).await?;
    tx.recordings().insert(&make.recording(&theirs.tenant, Some(&their_interview))).await
}

async fn two_tenants_may_have_the_same_business_number(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let ours = make.bank(store, "DEMOBK", "1001").await?;
    let theirs = make.bank(store, "OTHERB", "2001").await?;
    let (mine, _) = make.business(store, &ours, "A1").await?;
    let (other, _) = make.business(store, &theirs, "A1").await?;
    let mut tx = store.read().await?;
    assert_eq!(tx.orders().lookup_by_business_no(ours.tenant.id, "A1").await?, Some(mine));
    assert_eq!(tx.orders().lookup_by_business_no(theirs.tenant.id, "A1").await?, Some(other));
    Ok(())
}
