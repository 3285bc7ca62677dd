//! Takes, visits, uploads and scripts tell one story on both engines.

use mingjian_domain::counter::{Right, Sitter, Tab, Visit, VisitSession};
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{RecordingId, TakeId, TicketId, UploadId};
use mingjian_domain::secret::Secret;
use mingjian_domain::take::{Failure, Media, Operator, State, Take, VideoType, Voided};
use mingjian_store::{Script, Store, TakeUpload};
use time::Duration;

use crate::engine::on_both;
use crate::fixture::{Bank, Maker, NOON};

on_both! {
    a_visit_is_opened_once_and_found_by_its_cookie
    a_nonce_is_used_once_per_tenant_until_it_is_forgotten
    a_take_reads_back_in_every_state
    a_type_of_an_order_is_recorded_in_one_place_at_a_time
    an_upload_reads_back_until_it_is_finished_or_expires
    types_and_scripts_belong_to_their_tenant
}

fn types() -> (VideoType, VideoType) {
    ("风控面谈".parse().expect("a type"), "签约".parse().expect("a type"))
}

async fn take(
    make: &mut Maker,
    store: &Store,
    bank: &Bank,
    number: &str,
    state: impl FnOnce(RecordingId) -> State,
) -> Result<Take> {
    let order = make.order(bank, number);
    let mut tx = store.begin().await?;
    if tx.orders().lookup_by_business_no(bank.tenant.id, number).await?.is_none() {
        tx.orders().insert(&order).await?;
    }
    let order = tx.orders().lookup_by_business_no(bank.tenant.id, number).await?.expect("an order").id;
    tx.commit().await?;
    make.now += Duration::milliseconds(1);
    let recording = RecordingId::mint(make.now, &mut make.random);
    Ok(Take {
        id: TakeId::mint(make.now, &mut make.random),
        tenant: bank.tenant.id,
        order,
        video_type: types().0,
        operator: Operator { user_id: "u1".into(), user_name: "王敏".into() },
        again: None,
        began_at: make.now,
        state: state(recording),
        voided: None,
    })
}

async fn a_visit_is_opened_once_and_found_by_its_cookie(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let order = take(&mut make, store, &bank, "A1", |recording| State::Waiting { recording }).await?.order;
    let (record, play) = types();
    let visit = Visit {
        id: TicketId::mint(NOON, &mut make.random),
        tenant: bank.tenant.id,
        operator: Operator::default(),
        sitters: vec![Sitter {
            order,
            business_no: "A1".into(),
            name: "张三".into(),
            id_no: "3402825".into(),
            mobile: String::new(),
            product_name: "华楼通".into(),
            others: vec!["50 万元".into()],
        }],
        tabs: vec![Tab { video_type: record, right: Right::Record }, Tab { video_type: play, right: Right::Play }],
        ticket_hash: make.hash(),
        created_at: NOON,
        session: None,
    };
    let mut tx = store.begin().await?;
    tx.visits().insert(&visit).await?;
    assert_eq!(tx.visits().lookup_by_ticket_hash(&visit.ticket_hash).await?, Some(visit.clone()));
    let session = |hash| VisitSession { token_hash: hash, csrf_token: Secret::new("csrf".into()), opened_at: NOON };
    let open = Visit { session: Some(session(make.hash())), ..visit.clone() };
    let late = Visit { session: Some(session(make.hash())), ..visit.clone() };
    assert!(tx.visits().open(&open).await?);
    assert!(!tx.visits().open(&late).await?, "somebody was there before");
    let hash = open.session.as_ref().expect("a session").token_hash;
    assert_eq!(tx.visits().lookup_by_token_hash(&hash).await?, Some(open));
    assert_eq!(tx.visits().delete_made_before(NOON).await?, 0);
    assert_eq!(tx.visits().delete_made_before(NOON + Duration::seconds(1)).await?, 1);
    assert_eq!(tx.visits().lookup_by_token_hash(&hash).await?, None);
    Ok(())
}

async fn a_nonce_is_used_once_per_tenant_until_it_is_forgotten(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let ours = make.bank(store, "DEMOBK", "1001").await?.tenant.id;
    let theirs = make.bank(store, "OTHERB", "2001").await?.tenant.id;
    let mut tx = store.begin().await?;
    assert!(tx.visits().use_nonce(ours, "a", NOON).await?);
    assert!(!tx.visits().use_nonce(ours, "a", NOON).await?);
    assert!(tx.visits().use_nonce(theirs, "a", NOON).await?);
    assert!(tx.visits().use_nonce(ours, "A", NOON).await?, "capitals are other letters");
    assert_eq!(tx.visits().delete_nonces_before(NOON).await?, 0);
    assert_eq!(tx.visits().delete_nonces_before(NOON + Duration::seconds(1)).await?, 3);
    assert!(tx.visits().use_nonce(ours, "a", NOON).await?);
    Ok(())
}

async fn a_take_reads_back_in_every_state(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let other = make.bank(store, "OTHERB", "2001").await?.tenant.id;
    let first = take(&mut make, store, &bank, "A1", |recording| State::Waiting { recording }).await?;
    let mut tx = store.begin().await?;
    tx.takes().insert(&first).await?;
    let Media::Recording(recording) = first.state.media() else { panic!("a recording") };
    let media = first.state.media();
    for state in [
        State::Recording { recording },
        State::Uploading { media },
        State::Uploaded { media, duration_ms: 1_500, at: NOON },
        State::Failed { media, at: NOON, why: Failure::Disk },
    ] {
        let saved = Take { state, ..first.clone() };
        tx.takes().save(&saved).await?;
        assert_eq!(tx.takes().lookup(bank.tenant.id, first.id).await?, Some(saved.clone()));
        assert_eq!(tx.takes().lookup_by_recording(recording).await?, Some(saved.clone()));
        let ended = matches!(saved.state, State::Uploaded { .. } | State::Failed { .. });
        assert_eq!(tx.takes().list_live().await?.len(), usize::from(!ended));
    }
    let voided = Voided { at: NOON, reason: "声音太小".into(), by: "王敏".into() };
    let void = Take { state: State::Uploaded { media, duration_ms: 1_500, at: NOON }, voided: Some(voided), ..first };
    tx.takes().save(&void).await?;
    assert_eq!(tx.takes().list_of_order(bank.tenant.id, void.order).await?, std::slice::from_ref(&void));
    assert_eq!(tx.takes().lookup(other, void.id).await?, None);
    assert_eq!(tx.takes().list_of_order(other, void.order).await?, []);
    let foreign = tx.takes().save(&Take { tenant: other, ..void }).await;
    assert!(matches!(foreign, Err(Error::Missing(Noun::Take))), "{foreign:?}");
    Ok(())
}

async fn a_type_of_an_order_is_recorded_in_one_place_at_a_time(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let first = take(&mut make, store, &bank, "A1", |recording| State::Recording { recording }).await?;
    let other_type = Take {
        video_type: types().1,
        ..take(&mut make, store, &bank, "A1", |recording| State::Waiting { recording }).await?
    };
    let second = take(&mut make, store, &bank, "A1", |recording| State::Waiting { recording }).await?;
    let mut tx = store.begin().await?;
    tx.takes().insert(&first).await?;
    tx.takes().insert(&other_type).await?;
    tx.takes().save(&Take { state: State::Uploading { media: first.state.media() }, ..first }).await?;
    tx.takes().insert(&second).await?;
    tx.commit().await?;
    let third = take(&mut make, store, &bank, "A1", |recording| State::Waiting { recording }).await?;
    let mut tx = store.begin().await?;
    let twice = tx.takes().insert(&third).await;
    assert!(matches!(twice, Err(Error::Conflict(Conflict::AlreadyRecording))), "{twice:?}");
    Ok(())
}

async fn an_upload_reads_back_until_it_is_finished_or_expires(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let id = UploadId::mint(NOON, &mut make.random);
    let uploading = State::Uploading { media: Media::Upload(id) };
    let take = take(&mut make, store, &bank, "A1", |_| uploading).await?;
    let upload = TakeUpload {
        id,
        tenant: bank.tenant.id,
        take: take.id,
        local_id: "0190a5f28c1e7d3a".into(),
        content_type: "video/webm".into(),
        length_bytes: 1_000,
        duration_ms: 1_500,
        sha256: None,
        object_key: "takes/DEMOBK/1.webm".into(),
        created_at: NOON,
        ends_at: NOON + Duration::days(14),
        finished_at: None,
    };
    let mut tx = store.begin().await?;
    tx.takes().insert(&take).await?;
    tx.take_uploads().insert(&upload).await?;
    assert_eq!(tx.take_uploads().lookup(bank.tenant.id, id).await?, Some(upload.clone()));
    assert_eq!(tx.take_uploads().lookup_by_local_id(bank.tenant.id, &upload.local_id).await?, Some(upload.clone()));
    assert_eq!(tx.take_uploads().list_expired(upload.ends_at - Duration::seconds(1), 9).await?, []);
    assert_eq!(tx.take_uploads().list_expired(upload.ends_at, 9).await?, std::slice::from_ref(&upload));
    tx.take_uploads().finish(id, [7; 32], NOON).await?;
    let finished = TakeUpload { sha256: Some([7; 32]), finished_at: Some(NOON), ..upload.clone() };
    assert_eq!(tx.take_uploads().lookup(bank.tenant.id, id).await?, Some(finished));
    assert_eq!(tx.take_uploads().list_expired(upload.ends_at, 9).await?, []);
    let again = tx.take_uploads().finish(id, [7; 32], NOON).await;
    assert!(matches!(again, Err(Error::Missing(Noun::Upload))), "{again:?}");
    tx.take_uploads().delete(id).await?;
    assert_eq!(tx.take_uploads().lookup(bank.tenant.id, id).await?, None);
    tx.take_uploads().insert(&upload).await?;
    tx.commit().await?;
    let mut tx = store.begin().await?;
    let twin = TakeUpload { id: UploadId::mint(NOON, &mut make.random), ..upload };
    let taken = tx.take_uploads().insert(&twin).await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::NameTaken(_)))), "{taken:?}");
    Ok(())
}

async fn types_and_scripts_belong_to_their_tenant(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let other = make.bank(store, "OTHERB", "2001").await?.tenant.id;
    let order = take(&mut make, store, &bank, "A1", |recording| State::Waiting { recording }).await?.order;
    let (first, second) = types();
    let mut tx = store.begin().await?;
    for (name, at) in [(&second, NOON), (&first, NOON + Duration::seconds(1)), (&second, NOON + Duration::seconds(2))] {
        tx.takes().ask_for(bank.tenant.id, order, name, at).await?;
    }
    assert_eq!(tx.takes().types_of_order(bank.tenant.id, order).await?, [second, first]);
    assert_eq!(tx.takes().types_of_order(other, order).await?, []);
    let script = |text: &str| Script { video_type: "签约".into(), text: text.into(), changed_at: NOON };
    tx.scripts().put(bank.tenant.id, &script("一")).await?;
    tx.scripts().put(bank.tenant.id, &script("二")).await?;
    assert_eq!(tx.scripts().list(bank.tenant.id).await?, [script("二")]);
    assert_eq!(tx.scripts().list(other).await?, []);
    Ok(())
}
