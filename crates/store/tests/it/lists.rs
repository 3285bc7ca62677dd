//! Lists: what a page holds, what a filter lets through, and that pages do not shift.

use mingjian_domain::error::{Error, Result};
use mingjian_domain::interview::{State, Verdict};
use mingjian_domain::order::Order;
use mingjian_store::{InterviewFilter, Page, RecordingFilter, Store};
use time::Duration;

use crate::engine::on_both;
use crate::fixture::{Maker, NOON};

on_both! {
    pages_do_not_shift_while_something_is_added
    a_last_page_that_is_full_has_no_next
    a_cursor_that_is_none_is_refused
    interviews_are_found_by_order_and_state
    recordings_are_found_by_order_customer_seat_and_time
    a_seat_sees_its_last_interviews
}

async fn pages_do_not_shift_while_something_is_added(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let mut told = Vec::new();
    for n in 0..7 {
        told.push(make.business(store, &bank, &format!("A{n}")).await?.1.id);
    }
    told.reverse();

    let mut read = Vec::new();
    let mut page = Page::first(3);
    for n in 0.. {
        let list = store.read().await?.interviews().list(bank.tenant.id, &InterviewFilter::default(), &page).await?;
        assert!(list.items.len() <= 3);
        read.extend(list.items.iter().map(|row| row.interview.id));
        make.business(store, &bank, &format!("B{n}")).await?;
        let Some(next) = list.next else { break };
        page.cursor = Some(next);
    }
    assert_eq!(read, told);
    Ok(())
}

async fn a_last_page_that_is_full_has_no_next(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let mut tx = store.begin().await?;
    for _ in 0..4 {
        tx.jobs().enqueue(&make.job(&bank.tenant, NOON)).await?;
    }
    let all = tx.jobs().list(bank.tenant.id, "deliver_callback", &Page::first(4)).await?;
    assert_eq!((all.items.len(), all.next), (4, None));
    let some = tx.jobs().list(bank.tenant.id, "deliver_callback", &Page::first(3)).await?;
    let rest = Page { cursor: some.next, limit: 3 };
    let rest = tx.jobs().list(bank.tenant.id, "deliver_callback", &rest).await?;
    assert_eq!((some.items.len(), rest.items.len(), rest.next), (3, 1, None));
    let others = tx.jobs().list(bank.tenant.id, "another_kind", &Page::first(4)).await?;
    assert_eq!(others.items, []);
    Ok(())
}

async fn a_cursor_that_is_none_is_refused(store: &Store) -> Result<()> {
    let bank = Maker::new().bank(store, "DEMOBK", "1001").await?;
    let page = Page { cursor: Some("2".into()), limit: 10 };
    let list = store.read().await?.interviews().list(bank.tenant.id, &InterviewFilter::default(), &page).await;
    assert!(matches!(list, Err(Error::Invalid(_))), "{list:?}");
    Ok(())
}

async fn interviews_are_found_by_order_and_state(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (_, waiting) = make.business(store, &bank, "A1").await?;
    let (_, mut ringing) = make.business(store, &bank, "A2").await?;
    ringing.state = State::Waiting.ring(bank.seat.id)?;
    let mut tx = store.begin().await?;
    tx.interviews().save(&ringing).await?;
    tx.commit().await?;

    let page = Page::first(10);
    let filter = |business_no: Option<&str>, state: Option<&str>| InterviewFilter {
        business_no: business_no.map(str::to_owned),
        state: state.map(str::to_owned),
        seat: None,
    };
    for (filter, found) in [
        (filter(None, None), vec![ringing.id, waiting.id]),
        (filter(Some("A1"), None), vec![waiting.id]),
        (filter(None, Some("ringing")), vec![ringing.id]),
        (filter(Some("A2"), Some("ringing")), vec![ringing.id]),
        (filter(Some("A2"), Some("waiting")), vec![]),
        (filter(Some("A3"), None), vec![]),
        (filter(None, Some("no such state")), vec![]),
        (InterviewFilter { seat: Some(bank.seat.id), ..filter(None, None) }, vec![ringing.id]),
        (InterviewFilter { seat: Some(bank.seat.id), ..filter(Some("A2"), None) }, vec![ringing.id]),
        (InterviewFilter { seat: Some(bank.seat.id), ..filter(Some("A1"), None) }, vec![]),
    ] {
        let list = store.read().await?.interviews().list(bank.tenant.id, &filter, &page).await?;
        let ids: Vec<_> = list.items.iter().map(|row| row.interview.id).collect();
        assert_eq!(ids, found, "{filter:?}");
    }
    let row = store.read().await?.interviews().lookup_row(bank.tenant.id, ringing.id).await?;
    let row = row.expect("the interview is there");
    assert_eq!((row.business_no.as_str(), row.customer_name.as_str()), ("A2", "张三"));
    assert_eq!((row.seat_name, row.queue_number.as_str()), (Some(bank.seat.name), "1001"));
    assert_eq!(row.interview, ringing);
    Ok(())
}

async fn recordings_are_found_by_order_customer_seat_and_time(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let (_, mut interview) = make.business(store, &bank, "A1").await?;
    let answered = State::Waiting.ring(bank.seat.id)?.answer(bank.seat.id, NOON)?;
    interview.state = answered.decide(bank.seat.id, Verdict::Supplement, Some("缺收入证明".into()), NOON)?;
    let recording = make.recording(&bank.tenant, Some(&interview));
    let mut odd_order: Order = make.order(&bank, "A2");
    odd_order.people[1].name = "100%_Wang!".into();
    let odd_interview = make.interview(&odd_order, "odd");
    let mut odd = make.recording(&bank.tenant, Some(&odd_interview));
    odd.started_at = recording.started_at + Duration::HOUR;
    let meeting = make.recording(&bank.tenant, None);
    let mut tx = store.begin().await?;
    tx.interviews().save(&interview).await?;
    tx.orders().insert(&odd_order).await?;
    tx.interviews().insert(&odd_interview).await?;
    for recording in [&recording, &odd, &meeting] {
        tx.recordings().insert(recording).await?;
    }
    tx.commit().await?;

    let none = RecordingFilter::default;
    let text = |text: &str| Some(text.to_owned());
    for (filter, found) in [
        (none(), vec![meeting.id, odd.id, recording.id]),
        (RecordingFilter { business_no: text("A1"), ..none() }, vec![recording.id]),
        (RecordingFilter { business_no: text("A"), ..none() }, vec![]),
        (RecordingFilter { customer: text("张"), ..none() }, vec![odd.id, recording.id]),
        (RecordingFilter { customer: text("李四"), ..none() }, vec![recording.id]),
        (RecordingFilter { customer: text("wang"), ..none() }, vec![odd.id]),
        (RecordingFilter { customer: text("0%_W"), ..none() }, vec![odd.id]),
        (RecordingFilter { customer: text("g!"), ..none() }, vec![odd.id]),
        (RecordingFilter { customer: text("张%三"), ..none() }, vec![]),
        (RecordingFilter { customer: text("_"), ..none() }, vec![odd.id]),
        (RecordingFilter { seat: text("AGENT@"), ..none() }, vec![recording.id]),
        (RecordingFilter { seat: text("坐席"), business_no: text("A1"), ..none() }, vec![recording.id]),
        (RecordingFilter { seat: text("坐席"), business_no: text("A2"), ..none() }, vec![]),
        (RecordingFilter { answered_by: Some(bank.seat.id), ..none() }, vec![recording.id]),
        (RecordingFilter { answered_by: Some(bank.seat.id), business_no: text("A2"), ..none() }, vec![]),
        (RecordingFilter { from: Some(odd.started_at), ..none() }, vec![odd.id]),
        (RecordingFilter { to: Some(odd.started_at), ..none() }, vec![meeting.id, recording.id]),
    ] {
        let list = store.read().await?.recordings().list(bank.tenant.id, &filter, &Page::first(10)).await?;
        let ids: Vec<_> = list.items.iter().map(|row| row.recording.id).collect();
        assert_eq!(ids, found, "{filter:?}");
    }

    let row = store.read().await?.recordings().lookup_row(bank.tenant.id, recording.id).await?;
    let row = row.expect("the recording is there");
    assert_eq!(row.recording, recording);
    assert_eq!((row.number, row.business_no), (Some(interview.number), text("A1")));
    assert_eq!((row.customer_name, row.seat_name), (text("张三"), Some(bank.seat.name)));
    assert_eq!((row.verdict, row.reason), (Some(Verdict::Supplement), text("缺收入证明")));
    let row = store.read().await?.recordings().lookup_row(bank.tenant.id, meeting.id).await?;
    assert_eq!(row.expect("the meeting is there").business_no, None);
    Ok(())
}

async fn a_seat_sees_its_last_interviews(store: &Store) -> Result<()> {
    let mut make = Maker::new();
    let bank = make.bank(store, "DEMOBK", "1001").await?;
    let mut told = Vec::new();
    for n in 0..4 {
        let (_, mut interview) = make.business(store, &bank, &format!("A{n}")).await?;
        interview.state = State::Waiting.ring(bank.seat.id)?;
        let mut tx = store.begin().await?;
        tx.interviews().save(&interview).await?;
        tx.commit().await?;
        told.push(interview.id);
    }
    make.business(store, &bank, "still waits").await?;
    told.reverse();
    let recent = store.read().await?.interviews().recent_of_seat(bank.seat.id, 3).await?;
    let ids: Vec<_> = recent.iter().map(|row| row.interview.id).collect();
    assert_eq!(ids, told[..3]);
    Ok(())
}
