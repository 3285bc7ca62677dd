//! What is put in comes out again, and what must not be is refused, the same on both engines.

use std::fmt::Debug;

use mingjian_domain::audit::Actor;
use mingjian_domain::connector::{BodyTemplate, ConnectorKind, ConnectorSettings, Verb};
use mingjian_domain::embed::EmbedToken;
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{DepartmentId, MessageId, PersonId, RecordingId};
use mingjian_domain::interface::{FaceName, Switches};
use mingjian_domain::interview::{Interview, Outcome, State, Verdict};
use mingjian_domain::job::Work;
use mingjian_domain::message::Message;
use mingjian_domain::order::{Consent, Order};
use mingjian_domain::queue::{Hours, Membership, Queue};
use mingjian_domain::recording::journal::{GapReason, Source};
use mingjian_domain::recording::{Closed, Gap, Mark, Speaker, SpeakerRole, State as RecordingState};
use mingjian_domain::secret::Secret;
use mingjian_domain::sheet::OrderSheet;
use mingjian_domain::tenant::{ApiKey, Department, Tenant};
use mingjian_domain::user::{Lockout, User};
use mingjian_store::{ConnectorRow, InterfaceRow, Page, Store};
use time::macros::date;
use time::{Duration, OffsetDateTime};

use crate::engine::on_both;
use crate::fixture::{Maker, NOON};

on_both! {
    a_tenant_reads_back_and_its_code_is_taken
    an_interface_is_found_by_each_of_its_accounts
    departments_and_keys_belong_to_their_tenant
    a_user_reads_back_and_its_login_is_taken
    a_session_is_found_by_its_token_until_it_ends
    queues_and_their_seats_read_back
    an_order_reads_back_with_its_people
    an_invitation_notes_consent_and_use
    an_interview_reads_back_in_every_state
    an_order_is_seen_in_one_place_at_a_time
    a_recording_reads_back_with_all_that_lies_on_its_timeline
    counters_begin_anew_each_day
    a_message_reads_back_with_its_job_and_is_its_tenants_alone
    a_connector_is_replaced_and_taken_away
    a_sheet_is_replaced_and_its_tenants_alone
    a_one_time_token_is_used_once_and_forgotten
    audit_lines_read_back_newest_first
    what_is_dropped_never_happened
    a_transaction_that_reads_cannot_write
    text_that_cannot_be_kept_is_refused
    what_is_finer_than_a_microsecond_is_cut_off
}

fn assert_taken<T: Debug>(result: &Result<T>, name: &str) {
    assert!(matches!(result, Err(Error::Conflict(Conflict::NameTaken(taken))) if taken == name), "{result:?}");
}

async fn a_tenant_reads_back_and_its_code_is_taken(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let first = make.tenant("DEMOBK");
    let second = Tenant { callback: None, zone: time::macros::offset!(-3:30), ..make.tenant("AOTHER") };
    let mut tx = store.begin().await?;
    tx.tenants().insert(&first).await?;
    tx.tenants().insert(&second).await?;
    tx.commit().await?;

    let mut tx = store.read().await?;
    assert_eq!(tx.tenants().lookup(first.id).await?, Some(first.clone()));
    assert_eq!(tx.tenants().lookup_by_code("AOTHER").await?, Some(second.clone()));
    assert_eq!(tx.tenants().lookup_by_code("demobk").await?, None);
    assert_eq!(tx.tenants().list().await?, [second.clone(), first.clone()]);
    drop(tx);

    let mut tx = store.begin().await?;
    tx.tenants().set_callback(second.id, first.callback.as_ref()).await?;
    tx.tenants().set_callback(first.id, None).await?;
    assert_eq!(tx.tenants().lookup(second.id).await?.and_then(|tenant| tenant.callback), first.callback);
    assert_eq!(tx.tenants().lookup(first.id).await?.and_then(|tenant| tenant.callback), None);
    let unknown = tx.tenants().set_callback(make.tenant("NEW").id, None).await;
    assert!(matches!(unknown, Err(Error::Missing(Noun::Tenant))), "{unknown:?}");
    assert_taken(&tx.tenants().insert(&make.tenant("DEMOBK")).await, "DEMOBK");
    Ok(())
}

async fn an_interface_is_found_by_each_of_its_accounts(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let (first, second) = (make.tenant("DEMOBK"), make.tenant("OTHERB"));
    let row = |tenant: &Tenant, number: i64, auth: Option<u8>| InterfaceRow {
        tenant: tenant.id,
        ent_id: 51 + number,
        comp_id: number,
        app_id: format!("app-{number}"),
        api_id: "api".into(),
        meeting_auth_hash: auth.map(|byte| [byte; 32]),
        meeting_key_hash: [u8::try_from(100 + number).expect("a small number"); 32],
        sealed: vec![1, 2, 0, 255],
        switches: Switches { off: [FaceName::Crm].into(), ..Switches::default() },
    };
    let (one, two) = (row(&first, 1, Some(1)), row(&second, 2, None));
    let mut tx = store.begin().await?;
    tx.tenants().insert(&first).await?;
    tx.tenants().insert(&second).await?;
    assert_eq!(tx.interfaces().next_numbers().await?, (1, 1));
    tx.interfaces().put(&one).await?;
    tx.interfaces().put(&two).await?;
    tx.interfaces().put(&two).await?;
    tx.commit().await?;

    let mut tx = store.begin().await?;
    let mut interfaces = tx.interfaces();
    assert!(interfaces.lookup(first.id).await?.as_ref() == Some(&one));
    assert!(interfaces.lookup_by_comp_id(2).await?.as_ref() == Some(&two));
    assert!(interfaces.lookup_by_comp_id(3).await?.is_none());
    assert!(interfaces.lookup_by_app_id("app-1").await?.as_ref() == Some(&one));
    assert!(interfaces.lookup_by_app_id("APP-1").await?.is_none());
    assert!(interfaces.lookup_by_meeting_hash(&[1; 32]).await?.as_ref() == Some(&one));
    assert!(interfaces.lookup_by_meeting_hash(&[102; 32]).await?.as_ref() == Some(&two));
    assert!(interfaces.lookup_by_meeting_hash(&[3; 32]).await?.is_none());
    assert_eq!(interfaces.next_numbers().await?, (54, 3));
    interfaces.set_switches(first.id, &Switches::default()).await?;
    assert_eq!(interfaces.lookup(first.id).await?.map(|row| row.switches), Some(Switches::default()));
    let taken = interfaces.put(&InterfaceRow { comp_id: 1, ..two }).await;
    assert_taken(&taken, "app-2");
    Ok(())
}

async fn departments_and_keys_belong_to_their_tenant(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let head = Department {
        id: DepartmentId::mint(NOON, &mut make.random),
        tenant: bank.tenant.id,
        code: "0001".into(),
        name: "总行".into(),
        parent: None,
    };
    let branch = Department {
        id: DepartmentId::mint(NOON, &mut make.random),
        code: "0002".into(),
        parent: Some(head.id),
        ..head.clone()
    };
    let key =
        ApiKey { hash: make.hash(), tenant: bank.tenant.id, name: "core".into(), created_at: NOON, revoked_at: None };
    let old = ApiKey { hash: make.hash(), revoked_at: Some(NOON), ..key.clone() };
    let mut tx = store.begin().await?;
    tx.departments().insert(&head).await?;
    tx.departments().insert(&branch).await?;
    tx.api_keys().insert(&key).await?;
    tx.api_keys().insert(&old).await?;
    tx.commit().await?;

    let mut tx = store.read().await?;
    assert_eq!(tx.departments().list(bank.tenant.id).await?, [head.clone(), branch]);
    assert_eq!(tx.api_keys().lookup_by_hash(&key.hash).await?, Some(key));
    assert_eq!(tx.api_keys().lookup_by_hash(&old.hash).await?, None);

    drop(tx);
    let mut tx = store.begin().await?;
    let twin = Department { id: DepartmentId::mint(NOON, &mut make.random), ..head };
    assert_taken(&tx.departments().insert(&twin).await, "0001");
    Ok(())
}

async fn a_user_reads_back_and_its_login_is_taken(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let guest = User { roles: Vec::new(), password_hash: None, ..make.user(&bank.tenant, "guest") };
    let lockout = Lockout { failures: 5, locked_until: Some(NOON) };
    let mut tx = store.begin().await?;
    tx.users().insert(&guest).await?;
    tx.users().set_lockout(bank.seat.id, lockout).await?;
    tx.users().set_password_hash(bank.seat.id, &Secret::new("another".into())).await?;
    tx.commit().await?;

    let seat = User { lockout, password_hash: Some(Secret::new("another".into())), ..bank.seat };
    let mut tx = store.read().await?;
    assert_eq!(tx.users().lookup(bank.tenant.id, seat.id).await?, Some(seat.clone()));
    assert_eq!(tx.users().lookup_any(guest.id).await?, Some(guest.clone()));
    assert_eq!(tx.users().lookup_by_login("agent@DEMOBK").await?, Some(seat.clone()));
    assert_eq!(tx.users().lookup_by_login("nobody").await?, None);
    assert_eq!(tx.users().list(bank.tenant.id).await?, [seat, guest]);

    drop(tx);
    let mut tx = store.begin().await?;
    let twin = make.user(&bank.tenant, "guest");
    assert_taken(&tx.users().insert(&twin).await, "guest");
    Ok(())
}

async fn a_session_is_found_by_its_token_until_it_ends(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (first, second, third) = (make.session(&bank.seat), make.session(&bank.seat), make.session(&bank.seat));
    let mut tx = store.begin().await?;
    for session in [&first, &second, &third] {
        tx.sessions().insert(session).await?;
    }
    assert_eq!(tx.sessions().lookup_by_token_hash(&first.token_hash).await?, Some((first.clone(), bank.seat)));

    tx.sessions().delete(third.id).await?;
    assert_eq!(tx.sessions().lookup_by_token_hash(&third.token_hash).await?, None);
    assert_eq!(tx.sessions().delete_expired(first.expires_at).await?, 1);
    assert_eq!(tx.sessions().lookup_by_token_hash(&first.token_hash).await?, None);
    assert!(tx.sessions().lookup_by_token_hash(&second.token_hash).await?.is_some());
    Ok(())
}

async fn queues_and_their_seats_read_back(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1002").await?;
    let always = Queue { hours: Hours::Always, ..make.queue(&bank.tenant, "1001") };
    let never = Queue { hours: Hours::Spans(Vec::new()), ..make.queue(&bank.tenant, "1003") };
    let there = Membership { queue: bank.queue.id, seat: bank.seat.id, priority: 1 };
    let mut tx = store.begin().await?;
    tx.queues().insert(&always).await?;
    tx.queues().insert(&never).await?;
    tx.memberships().set(&there).await?;
    tx.memberships().set(&Membership { priority: 9, ..there }).await?;
    tx.commit().await?;

    let mut tx = store.read().await?;
    assert_eq!(tx.queues().lookup(bank.tenant.id, bank.queue.id).await?, Some(bank.queue.clone()));
    assert_eq!(tx.queues().lookup_by_number(bank.tenant.id, "1001").await?, Some(always.clone()));
    let all = [always, bank.queue, never.clone()];
    assert_eq!(tx.queues().list(bank.tenant.id).await?, all);
    assert_eq!(tx.queues().list_all().await?, all);
    assert_eq!(tx.memberships().list_of_seat(bank.seat.id).await?, [Membership { priority: 9, ..there }]);
    assert_eq!(tx.memberships().list_all().await?, [Membership { priority: 9, ..there }]);

    drop(tx);
    let mut tx = store.begin().await?;
    assert_taken(&tx.queues().insert(&make.queue(&bank.tenant, "1003")).await, "1003");
    drop(tx);
    let mut tx = store.begin().await?;
    let unknown = make.queue(&bank.tenant, "1004").id;
    let nowhere = tx.memberships().set(&Membership { queue: unknown, ..there }).await;
    assert!(matches!(nowhere, Err(Error::Missing(Noun::Queue))), "{nowhere:?}");
    Ok(())
}

async fn an_order_reads_back_with_its_people(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let order = make.order(&bank, "A1");
    let bare = Order { details: Vec::new(), identity_check: false, ..make.order(&bank, "A2") };
    let mut tx = store.begin().await?;
    tx.orders().insert(&order).await?;
    tx.orders().insert(&bare).await?;
    tx.commit().await?;

    let mut tx = store.read().await?;
    assert_eq!(tx.orders().lookup(bank.tenant.id, order.id).await?, Some(order.clone()));
    assert_eq!(tx.orders().lookup_by_business_no(bank.tenant.id, "A2").await?, Some(bare));
    assert_eq!(tx.orders().lookup_any(order.id).await?, Some(order));
    assert_eq!(tx.orders().lookup_by_business_no(bank.tenant.id, "A3").await?, None);

    drop(tx);
    let mut tx = store.begin().await?;
    assert_taken(&tx.orders().insert(&make.order(&bank, "A1")).await, "A1");
    Ok(())
}

async fn an_invitation_notes_consent_and_use(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (order, _) = make.business(store, &bank, "A1").await?;
    let mut invitation = make.invitation(&order);
    let mut tx = store.begin().await?;
    tx.invitations().insert(&invitation).await?;
    assert_eq!(tx.invitations().lookup_by_code_hash(&invitation.code_hash).await?, Some(invitation.clone()));

    invitation.consent = Consent { recording_at: Some(NOON), face_at: None, version: Some("2026-11".into()) };
    tx.invitations().set_consent(invitation.id, &invitation.consent).await?;
    tx.invitations().mark_used_of_order(order.id, NOON).await?;
    tx.invitations().mark_used_of_order(order.id, NOON + Duration::HOUR).await?;
    invitation.used_at = Some(NOON);
    assert_eq!(tx.invitations().lookup_any(invitation.id).await?, Some(invitation.clone()));
    tx.commit().await?;

    let mut tx = store.begin().await?;
    let mut stranger = make.invitation(&order);
    stranger.person = PersonId::mint(NOON, &mut make.random);
    assert!(matches!(tx.invitations().insert(&stranger).await, Err(Error::Fault(_))));
    Ok(())
}

/// Every state that the steps of an interview can reach.
fn every_state(seat: &User) -> std::result::Result<Vec<State>, Conflict> {
    let ringing = State::Waiting.ring(seat.id)?;
    let answered = ringing.clone().answer(seat.id, NOON)?;
    let connected = answered.clone().connect(NOON + Duration::MILLISECOND)?;
    let abandoned = connected.clone().abandon(NOON + Duration::MINUTE)?;
    let left = State::Waiting.end(Outcome::LeftQueue, NOON)?;
    let hung_up = connected.clone().end(Outcome::HungUp, NOON)?;
    let failed = answered.clone().end(Outcome::RecordingFailed, NOON)?;
    let passed = connected.clone().decide(seat.id, Verdict::Pass, None, NOON)?;
    let refused = abandoned.clone().decide(seat.id, Verdict::Refuse, Some("证件过期".into()), NOON)?;
    Ok(vec![State::Waiting, ringing, answered, connected, abandoned, left, hung_up, failed, passed, refused])
}

async fn an_interview_reads_back_in_every_state(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (order, interview) = make.business(store, &bank, "A1").await?;
    for state in every_state(&bank.seat)? {
        let saved = Interview {
            wait_ms: Some(42_000),
            recording: Some(RecordingId::mint(NOON, &mut make.random)),
            check: Some(r#"{"loss":0.0}"#.into()),
            state,
            ..interview.clone()
        };
        let mut tx = store.begin().await?;
        tx.interviews().save(&saved).await?;
        tx.commit().await?;

        let mut tx = store.read().await?;
        let is_open = !matches!(saved.state, State::Ended { .. });
        let open = is_open.then(|| saved.clone());
        assert_eq!(tx.interviews().open_of_order(order.id).await?, open);
        assert_eq!(tx.interviews().list_open().await?, Vec::from_iter(open));
        assert_eq!(tx.interviews().lookup(bank.tenant.id, interview.id).await?, Some(saved));
    }

    let mut tx = store.begin().await?;
    let unknown = tx.interviews().save(&make.interview(&order, "never added")).await;
    assert!(matches!(unknown, Err(Error::Missing(Noun::Interview))), "{unknown:?}");
    Ok(())
}

async fn an_order_is_seen_in_one_place_at_a_time(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (order, mut first) = make.business(store, &bank, "A1").await?;
    let mut tx = store.begin().await?;
    let twice = tx.interviews().insert(&make.interview(&order, "2")).await;
    assert!(matches!(twice, Err(Error::Conflict(Conflict::AlreadyWaiting))), "{twice:?}");
    drop(tx);

    // An abandoned one leaves the place free, and cannot come back while another has it.
    first.state = first.state.ring(bank.seat.id)?.answer(bank.seat.id, NOON)?.abandon(NOON)?;
    let second = make.interview(&order, "3");
    let mut tx = store.begin().await?;
    tx.interviews().save(&first).await?;
    tx.interviews().insert(&second).await?;
    assert_eq!(tx.interviews().open_of_order(order.id).await?, Some(second));
    tx.commit().await?;
    first.state = first.state.resume(bank.seat.id)?;
    let mut tx = store.begin().await?;
    let back = tx.interviews().save(&first).await;
    assert!(matches!(back, Err(Error::Conflict(Conflict::CustomerElsewhere))), "{back:?}");
    drop(tx);

    // A number that is taken is another matter.
    let other = make.order(&bank, "A2");
    let mut tx = store.begin().await?;
    tx.orders().insert(&other).await?;
    let same_number = tx.interviews().insert(&make.interview(&other, &first.number)).await;
    assert!(matches!(same_number, Err(Error::Fault(_))), "{same_number:?}");
    Ok(())
}

async fn a_recording_reads_back_with_all_that_lies_on_its_timeline(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (_, interview) = make.business(store, &bank, "A1").await?;
    let mut recording = make.recording(&bank.tenant, Some(&interview));
    let mut track = make.track(&recording, "1.mp4");
    let participant = track.participant;
    let screen =
        mingjian_domain::recording::Track { source: Source::Screen, from_ms: 0, ..make.track(&recording, "2.mp4") };
    let speaker = Speaker { recording: recording.id, participant, name: "张三".into(), role: SpeakerRole::Customer };
    let mut gap = Gap {
        recording: recording.id,
        participant,
        source: Source::Camera,
        from_ms: 1_000,
        to_ms: 1_500,
        reason: GapReason::Loss,
    };
    let mark = Mark { recording: recording.id, at_ms: 7, kind: "joined".into(), text: "张三 进入".into() };
    let mut tx = store.begin().await?;
    tx.recordings().insert(&recording).await?;
    assert_eq!(tx.recordings().list_growing().await?, [recording.clone()]);
    tx.tracks().insert(&track).await?;
    tx.tracks().insert(&screen).await?;
    tx.speakers().upsert(&Speaker { name: "客户".into(), ..speaker.clone() }).await?;
    tx.speakers().upsert(&speaker).await?;
    tx.gaps().insert(&gap).await?;
    (gap.to_ms, gap.reason) = (2_000, GapReason::Restart);
    tx.gaps().insert(&gap).await?;
    tx.marks().insert(&mark).await?;
    tx.marks().insert(&mark).await?;
    let closed = Closed { duration_ms: 60_000, size_bytes: 1 << 40, sha256: make.hash() };
    tx.tracks().close(track.id, &closed).await?;
    tx.recordings().set_state(recording.id, RecordingState::Stopped { duration_ms: 60_250 }).await?;
    tx.commit().await?;

    track.closed = Some(closed);
    recording.state = RecordingState::Stopped { duration_ms: 60_250 };
    let mut tx = store.read().await?;
    assert_eq!(tx.recordings().list_growing().await?, []);
    assert_eq!(tx.recordings().lookup(bank.tenant.id, recording.id).await?, Some(recording.clone()));
    assert_eq!(tx.recordings().lookup_any(recording.id).await?, Some(recording.clone()));
    assert_eq!(tx.recordings().lookup_by_interview(bank.tenant.id, interview.id).await?, Some(recording.clone()));
    assert_eq!(tx.tracks().list(recording.id).await?, [screen.clone(), track.clone()]);
    assert_eq!(tx.tracks().lookup_any(track.id).await?, Some(track.clone()));
    assert_eq!(tx.speakers().list(recording.id).await?, [speaker]);
    assert_eq!(tx.gaps().list(recording.id).await?, [gap]);
    assert_eq!(tx.marks().list(recording.id).await?, [mark]);

    drop(tx);
    let mut tx = store.begin().await?;
    assert_taken(&tx.tracks().insert(&make.track(&recording, "2.mp4")).await, "2.mp4");
    drop(tx);
    let mut tx = store.begin().await?;
    tx.tracks().delete(screen.id).await?;
    tx.tracks().delete(screen.id).await?;
    assert_eq!(tx.tracks().list(recording.id).await?, [track]);
    let unknown = make.track(&recording, "3.mp4");
    assert!(matches!(tx.tracks().close(unknown.id, &closed).await, Err(Error::Missing(Noun::Recording))));
    Ok(())
}

async fn counters_begin_anew_each_day(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let other = make.bank(store, "OTHERB", "2001").await?;
    let mut tx = store.begin().await?;
    assert_eq!(tx.counters().next(bank.tenant.id, "interview", date!(2026 - 11 - 23)).await?, 1);
    assert_eq!(tx.counters().next(bank.tenant.id, "interview", date!(2026 - 11 - 23)).await?, 2);
    assert_eq!(tx.counters().next(bank.tenant.id, "interview", date!(2026 - 11 - 24)).await?, 1);
    assert_eq!(tx.counters().next(bank.tenant.id, "order", date!(2026 - 11 - 23)).await?, 1);
    assert_eq!(tx.counters().next(other.tenant.id, "interview", date!(2026 - 11 - 23)).await?, 1);
    Ok(())
}

async fn a_message_reads_back_with_its_job_and_is_its_tenants_alone(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let other = make.bank(store, "OTHERB", "2001").await?;
    let (order, _) = make.business(store, &bank, "A1").await?;
    let mut messages = Vec::new();
    let mut tx = store.begin().await?;
    for n in 0..2 {
        let mut job = make.job(&bank.tenant, NOON);
        let id = MessageId::from_uuid(job.id.as_uuid());
        job.work = Work::SendMessage { message: id };
        let message = Message {
            id,
            tenant: bank.tenant.id,
            order: order.id,
            to_masked: "138****1234".into(),
            to_hash: [7; 32],
            sealed: vec![1, 0, 255],
            created_at: NOON + Duration::seconds(n),
        };
        tx.jobs().enqueue(&job).await?;
        tx.messages().insert(&message).await?;
        messages.push(message);
    }
    tx.commit().await?;
    let [first, second] = &messages[..] else { panic!("two messages") };

    let mut tx = store.begin().await?;
    let row = tx.messages().lookup(bank.tenant.id, first.id).await?.expect("it is there");
    assert_eq!((&row.message, row.business_no.as_str(), row.attempts), (first, "A1", 0));
    assert_eq!(tx.messages().lookup(other.tenant.id, first.id).await?, None);
    assert_eq!(tx.messages().last_to(bank.tenant.id, &[7; 32]).await?, Some(second.created_at));
    assert_eq!(tx.messages().last_to(other.tenant.id, &[7; 32]).await?, None);
    let page = tx.messages().list(bank.tenant.id, &Page::first(1)).await?;
    assert_eq!((&page.items[0].message, page.next.is_some()), (second, true));
    assert!(tx.messages().list(other.tenant.id, &Page::first(9)).await?.items.is_empty());
    tx.messages().retry_now(bank.tenant.id, first.id, NOON).await?;
    let foreign = tx.messages().retry_now(other.tenant.id, first.id, NOON).await;
    assert!(matches!(foreign, Err(Error::Missing(Noun::Message))), "{foreign:?}");
    Ok(())
}

async fn a_connector_is_replaced_and_taken_away(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let other = make.bank(store, "OTHERB", "2001").await?;
    let row = ConnectorRow {
        tenant: bank.tenant.id,
        kind: ConnectorKind::Sms,
        settings: ConnectorSettings {
            method: Verb::Post,
            url: "https://sms.example/{phone}".into(),
            body: BodyTemplate::Json("{}".into()),
            timeout_ms: 5_000,
            tries: 1,
            fields: [].into(),
            accepted: None,
            texts: [("SMS_1".into(), "{link}".into())].into(),
            sign: None,
        },
        sealed: vec![1, 0, 255],
    };
    let mut tx = store.begin().await?;
    tx.connectors().put(&row).await?;
    let newer = ConnectorRow { sealed: vec![2], ..row };
    tx.connectors().put(&newer).await?;
    assert_eq!(tx.connectors().lookup(bank.tenant.id, ConnectorKind::Sms).await?, Some(newer.clone()));
    assert_eq!(tx.connectors().lookup(bank.tenant.id, ConnectorKind::Order).await?, None);
    assert_eq!(tx.connectors().list(bank.tenant.id).await?, [newer]);
    assert!(tx.connectors().list(other.tenant.id).await?.is_empty());
    assert!(!tx.connectors().delete(other.tenant.id, ConnectorKind::Sms).await?);
    assert!(tx.connectors().delete(bank.tenant.id, ConnectorKind::Sms).await?);
    assert!(tx.connectors().list(bank.tenant.id).await?.is_empty());
    Ok(())
}

async fn a_sheet_is_replaced_and_its_tenants_alone(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let other = make.bank(store, "OTHERB", "2001").await?;
    let (order, _) = make.business(store, &bank, "A1").await?;
    let sheet = OrderSheet { assist_no: Some("F1".into()), ..OrderSheet::default() };
    let mut tx = store.begin().await?;
    tx.sheets().put(bank.tenant.id, order.id, &OrderSheet::default(), NOON).await?;
    tx.sheets().put(bank.tenant.id, order.id, &sheet, NOON).await?;
    assert_eq!(tx.sheets().lookup(bank.tenant.id, order.id).await?, Some(sheet));
    assert_eq!(tx.sheets().lookup(other.tenant.id, order.id).await?, None);
    Ok(())
}

async fn a_one_time_token_is_used_once_and_forgotten(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let token = EmbedToken {
        hash: make.hash(),
        tenant: bank.tenant.id,
        user: Some(bank.seat.id),
        return_url: Some("https://bank.example/".into()),
        created_at: NOON,
        expires_at: NOON + EmbedToken::LIFETIME,
        used_at: None,
    };
    let mut tx = store.begin().await?;
    tx.embed_tokens().insert(&token).await?;
    assert_eq!(tx.embed_tokens().lookup_by_hash(&token.hash).await?, Some(token.clone()));
    tx.embed_tokens().mark_used(&token.hash, NOON).await?;
    let used = EmbedToken { used_at: Some(NOON), ..token.clone() };
    assert_eq!(tx.embed_tokens().lookup_by_hash(&token.hash).await?, Some(used));
    assert_eq!(tx.embed_tokens().delete_expired(NOON).await?, 0);
    assert_eq!(tx.embed_tokens().delete_expired(token.expires_at).await?, 1);
    assert_eq!(tx.embed_tokens().lookup_by_hash(&token.hash).await?, None);
    tx.embed_tokens().insert(&token).await?;
    let twice = tx.embed_tokens().insert(&token).await;
    assert!(matches!(twice, Err(Error::Conflict(Conflict::TicketUsed))), "{twice:?}");
    Ok(())
}

async fn audit_lines_read_back_newest_first(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let order = make.order(&bank, "A1");
    let actors = [
        (Actor::User(bank.seat.id), "user", Some(bank.seat.id.to_string())),
        (Actor::System("core".into()), "system", Some("core".into())),
        (Actor::Person(order.people[0].id), "person", Some(order.people[0].id.to_string())),
        (Actor::Link, "link", None),
        (Actor::Stranger, "stranger", None),
        (Actor::Server, "server", None),
    ];
    let mut tx = store.begin().await?;
    for (actor, _, _) in &actors {
        let line = make.audit_line(Some(bank.tenant.id), actor.clone());
        tx.audit().append(&line).await?;
    }
    tx.audit().append(&make.audit_line(None, Actor::Server)).await?;
    let last = make.audit_line(Some(bank.tenant.id), Actor::Server);
    tx.audit().append(&last).await?;
    tx.commit().await?;

    let lines = store.read().await?.audit().list(bank.tenant.id, &Page::first(100)).await?;
    let read: Vec<_> = lines.items.iter().map(|line| (line.actor.as_str(), line.actor_id.clone())).collect();
    let mut told: Vec<_> = actors.iter().map(|(_, word, id)| (*word, id.clone())).collect();
    told.push(("server", None));
    told.reverse();
    assert_eq!(read, told);
    let newest = &lines.items[0];
    assert_eq!((newest.id, newest.at), (last.id, last.at));
    assert_eq!((newest.action.as_str(), newest.subject.as_str()), (last.action, last.subject));
    assert_eq!((&newest.detail, &newest.address), (&last.detail, &last.address));
    Ok(())
}

async fn what_is_dropped_never_happened(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let (dropped, kept) = (make.tenant("DROPPED"), make.tenant("KEPT"));
    let mut tx = store.begin().await?;
    tx.tenants().insert(&dropped).await?;
    assert_eq!(store.read().await?.tenants().list().await?, [], "nobody sees what is not committed");
    drop(tx);
    let mut tx = store.begin().await?;
    tx.tenants().insert(&kept).await?;
    tx.commit().await?;
    assert_eq!(store.read().await?.tenants().list().await?, [kept]);
    Ok(())
}

async fn a_transaction_that_reads_cannot_write(store: &Store) -> Result<()> {
    let tenant = Maker::new().tenant("DEMOBK");
    let mut tx = store.read().await?;
    assert!(matches!(tx.tenants().insert(&tenant).await, Err(Error::Fault(_))));
    drop(tx);
    let mut tx = store.begin().await?;
    tx.tenants().insert(&tenant).await
}

async fn text_that_cannot_be_kept_is_refused(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let nul = Tenant { name: "示例\0银行".into(), ..make.tenant("NUL") };
    let odd = Tenant { name: "'; DROP TABLE tenants; -- $1 \u{1f600}".into(), ..make.tenant("ODD") };
    let mut tx = store.begin().await?;
    assert!(matches!(tx.tenants().insert(&nul).await, Err(Error::Invalid(_))));
    drop(tx);
    let mut tx = store.begin().await?;
    tx.tenants().insert(&odd).await?;
    assert_eq!(tx.tenants().lookup(odd.id).await?, Some(odd));
    Ok(())
}

async fn what_is_finer_than_a_microsecond_is_cut_off(store: &Store) -> Result<()> {
    let fine: OffsetDateTime = NOON + Duration::nanoseconds(999);
    let tenant = Tenant { created_at: fine.to_offset(time::macros::offset!(+8)), ..Maker::new().tenant("DEMOBK") };
    let mut tx = store.begin().await?;
    tx.tenants().insert(&tenant).await?;
    assert_eq!(tx.tenants().lookup(tenant.id).await?.map(|tenant| tenant.created_at), Some(NOON));
    Ok(())
}
