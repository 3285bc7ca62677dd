//! Meeting rooms, open rooms with their admissions, and broadcasts: what is put in comes out again, on both engines.

use mingjian_domain::error::{Conflict, Error, Result};
use mingjian_domain::id::{BroadcastId, ParticipantId, RecordingId, RoomId};
use mingjian_domain::meeting_room::MeetingRoom;
use mingjian_domain::recording::{Speaker, SpeakerRole};
use mingjian_domain::tenant::Tenant;
use mingjian_store::{AdmissionRow, Broadcast, BroadcastTape, GatheringRow, Page, RoomRow, Store};
use time::Duration;

use crate::engine::on_both;
use crate::fixture::{Maker, NOON};

on_both! {
    a_meeting_room_reads_back_and_its_number_is_free_again_once_it_is_deleted
    an_open_room_reads_back_with_who_may_be_in_it_and_takes_them_along
    a_broadcast_is_found_by_its_code_until_it_ends_and_its_own_tapes_are_swept
    a_host_speaks_and_a_deleted_recording_is_not_found
}

fn room(make: &mut Maker, tenant: &Tenant, number: &str) -> RoomRow {
    make.now += Duration::milliseconds(1);
    let id = RoomId::mint(make.now, &mut make.random);
    RoomRow {
        room: MeetingRoom {
            id,
            tenant: tenant.id,
            number: number.to_owned(),
            name: "例会".into(),
            record_allowed: true,
            live_allowed: false,
            stays_open: false,
            created_at: NOON,
        },
        host_pin: vec![1, 2, 3],
        guest_pin: vec![4, 5],
        opened_at: None,
    }
}

fn open_row(room: &RoomRow) -> GatheringRow {
    GatheringRow {
        room: room.room.id,
        tenant: room.room.tenant,
        number: Some(room.room.number.clone()),
        name: room.room.name.clone(),
        must_record: false,
        stays_open: true,
        may_record: true,
        opened_at: NOON,
        locked_at: None,
        recording: None,
    }
}

async fn a_meeting_room_reads_back_and_its_number_is_free_again_once_it_is_deleted(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let (bank, other) = (make.bank(store, "BANK", "1").await?, make.bank(store, "OTHER", "2").await?);
    let mine = room(&mut make, &bank.tenant, "1866");
    let mut tx = store.begin().await?;
    tx.rooms().insert(&mine).await?;
    tx.commit().await?;
    let mut tx = store.begin().await?;
    let taken = tx.rooms().insert(&room(&mut make, &other.tenant, "1866")).await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::NameTaken(number))) if number == "1866"));
    drop(tx);

    let changed =
        RoomRow { host_pin: vec![9], room: MeetingRoom { name: "年会".into(), ..mine.room.clone() }, ..mine };
    let mut tx = store.begin().await?;
    tx.rooms().save(&changed).await?;
    tx.gatherings().put(&open_row(&changed)).await?;
    tx.commit().await?;
    let open = RoomRow { opened_at: Some(NOON), ..changed };
    let mut tx = store.read().await?;
    assert_eq!(tx.rooms().lookup_by_number(bank.tenant.id, "1866").await?, Some(open.clone()));
    assert_eq!(tx.rooms().lookup_any("1866").await?, Some(open.clone()));
    assert_eq!(tx.rooms().lookup_by_number(other.tenant.id, "1866").await?, None);
    assert_eq!(tx.rooms().list(bank.tenant.id, &Page::first(10)).await?.items, std::slice::from_ref(&open));
    assert_eq!(tx.rooms().list(other.tenant.id, &Page::first(10)).await?.items, []);
    drop(tx);

    let mut tx = store.begin().await?;
    tx.rooms().delete(open.room.id, NOON).await?;
    assert!(matches!(tx.rooms().delete(open.room.id, NOON).await, Err(Error::Missing(_))));
    assert_eq!(tx.rooms().lookup_any("1866").await?, None);
    assert!(tx.rooms().lookup_by_id(bank.tenant.id, open.room.id).await?.is_some(), "its recordings still know it");
    tx.rooms().insert(&room(&mut make, &other.tenant, "1866")).await?;
    tx.commit().await
}

async fn an_open_room_reads_back_with_who_may_be_in_it_and_takes_them_along(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "BANK", "1").await?;
    let row = open_row(&room(&mut make, &bank.tenant, "1866"));
    let locked = GatheringRow {
        locked_at: Some(NOON),
        recording: Some(RecordingId::mint(NOON, &mut make.random)),
        stays_open: false,
        ..row.clone()
    };
    let admission = AdmissionRow {
        participant: ParticipantId::mint(NOON, &mut make.random),
        room: row.room,
        name: "张三".into(),
        role: SpeakerRole::Host,
        ticket_hash: make.hash(),
        device_hash: None,
        admitted_at: NOON,
    };
    let mut tx = store.begin().await?;
    tx.gatherings().put(&row).await?;
    tx.gatherings().put(&locked).await?;
    tx.admissions().insert(&admission).await?;
    let bound = AdmissionRow { device_hash: Some(make.hash()), ..admission };
    tx.admissions().save(&bound).await?;
    tx.commit().await?;

    let mut tx = store.begin().await?;
    assert_eq!(tx.gatherings().lookup(row.room).await?, Some(locked.clone()));
    assert_eq!(tx.gatherings().list_open().await?, [locked]);
    assert_eq!(tx.admissions().lookup_by_ticket_hash(&bound.ticket_hash).await?, Some(bound.clone()));
    let device = bound.device_hash.expect("it was bound");
    assert_eq!(tx.admissions().lookup_by_device_hash(row.room, &device).await?, Some(bound.clone()));
    tx.gatherings().delete(row.room).await?;
    assert_eq!(tx.admissions().lookup_by_ticket_hash(&bound.ticket_hash).await?, None);
    tx.commit().await
}

async fn a_broadcast_is_found_by_its_code_until_it_ends_and_its_own_tapes_are_swept(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "BANK", "1").await?;
    let broadcast = Broadcast {
        id: BroadcastId::mint(NOON, &mut make.random),
        tenant: bank.tenant.id,
        room: RoomId::mint(NOON, &mut make.random),
        code: "0123456789abcdefghijkl".into(),
        title: "例会".into(),
        started_at: NOON,
        ended_at: None,
    };
    let mut tape = |kept, later_ms| BroadcastTape {
        broadcast: broadcast.id,
        recording: RecordingId::mint(NOON + Duration::milliseconds(later_ms), &mut make.random),
        folder: format!("live/BANK/{later_ms}"),
        started_at: NOON,
        from_ms: 3_000,
        kept,
    };
    let (kept, own) = (tape(true, 0), tape(false, 1));
    let mut tx = store.begin().await?;
    tx.broadcasts().insert(&broadcast).await?;
    tx.broadcasts().add_tape(&own).await?;
    tx.broadcasts().add_tape(&kept).await?;
    tx.broadcasts().add_tape(&kept).await?;
    assert_eq!(tx.broadcasts().lookup_by_code(&broadcast.code).await?, Some(broadcast.clone()));
    assert_eq!(tx.broadcasts().lookup_live(broadcast.room).await?, Some(broadcast.clone()));
    assert_eq!(tx.broadcasts().list_tapes(broadcast.id).await?, [kept, own.clone()]);
    assert_eq!(tx.broadcasts().list_to_sweep().await?, [], "it is still being shown");
    tx.broadcasts().end(broadcast.id, NOON).await?;
    assert_eq!(tx.broadcasts().lookup_by_code(&broadcast.code).await?, None);
    assert_eq!(tx.broadcasts().lookup_live(broadcast.room).await?, None);
    assert_eq!(tx.broadcasts().list_to_sweep().await?, std::slice::from_ref(&own), "a recording is kept");
    tx.broadcasts().mark_swept(&own, NOON).await?;
    assert_eq!(tx.broadcasts().list_to_sweep().await?, []);
    tx.commit().await
}

async fn a_host_speaks_and_a_deleted_recording_is_not_found(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "BANK", "1").await?;
    let recording = make.recording(&bank.tenant, None);
    let participant = ParticipantId::mint(NOON, &mut make.random);
    let host = Speaker { recording: recording.id, participant, name: "主持人".into(), role: SpeakerRole::Host };
    let mut tx = store.begin().await?;
    tx.recordings().insert(&recording).await?;
    tx.speakers().upsert(&host).await?;
    assert_eq!(tx.speakers().list(recording.id).await?, [host]);
    assert!(tx.recordings().lookup_row(bank.tenant.id, recording.id).await?.is_some());
    tx.recordings().delete(recording.id, NOON).await?;
    assert!(matches!(tx.recordings().delete(recording.id, NOON).await, Err(Error::Missing(_))));
    assert_eq!(tx.recordings().lookup(bank.tenant.id, recording.id).await?, None);
    assert_eq!(tx.recordings().lookup_any(recording.id).await?, None);
    assert!(tx.recordings().lookup_row(bank.tenant.id, recording.id).await?.is_none());
    let listed =
        tx.recordings().list(bank.tenant.id, &mingjian_store::RecordingFilter::default(), &Page::first(9)).await?;
    assert_eq!(listed.items, []);
    tx.commit().await
}
