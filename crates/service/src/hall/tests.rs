//! The main job as the hall sees it, with a real store, time moved by hand, and rooms that do what the test says.

use std::sync::{Mutex, PoisonError};

use mingjian_domain::id::ParticipantId;
use mingjian_domain::interview::State as InterviewState;
use mingjian_domain::order::PersonRole;
use mingjian_domain::queue::Hours;
use mingjian_domain::recording;
use mingjian_domain::recording::journal::GapReason;
use mingjian_domain::room::{JoinId, NegotiationRefusal, RecordingFault, RoomCommand, RoomEvent};
use mingjian_domain::secret::Secret;
use mingjian_domain::user::{Role, User};
use mingjian_store::{Objects, Store};
use mingjian_testkit::random::Seeded;
use time::macros::datetime;

use super::handle::CustomerHello;
use super::words::{CustomerAsk, MediaAsk, SeatAsk, State, Tell};
use super::*;
use crate::Settings;
use crate::access::Caller;
use crate::invitations::Whom;
use crate::links::LinkKeys;
use crate::orders::{OrderDraft, PersonDraft};
use crate::ports::{Clock, MailboxFull};

const NOON: OffsetDateTime = datetime!(2026-11-23 04:00 UTC);

/// Time that stands still until it is moved.
struct Moved(Mutex<OffsetDateTime>);

impl Clock for Moved {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Rooms that keep what they are asked.
#[derive(Default)]
struct Rooms(Mutex<Vec<RoomCommand>>, std::sync::atomic::AtomicBool);

impl Rooms {
    /// From now on no command is taken.
    fn overload(&self) {
        self.1.store(true, std::sync::atomic::Ordering::Relaxed);
    }
}

impl Media for Rooms {
    fn send(&self, command: RoomCommand) -> Result<(), MailboxFull> {
        if self.1.load(std::sync::atomic::Ordering::Relaxed) {
            return Err(MailboxFull);
        }
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(command);
        Ok(())
    }
}

/// A page that a test holds.
struct Page {
    connection: ConnectionId,
    tells: mpsc::Receiver<Tell>,
}

impl Page {
    fn read(&mut self) -> Vec<Tell> {
        std::iter::from_fn(|| self.tells.try_recv().ok()).collect()
    }

    /// The newest state.
    fn state(&mut self) -> State {
        let mut states =
            self.read().into_iter().filter_map(|tell| if let Tell::State(state) = tell { Some(*state) } else { None });
        states.next_back().expect("the page was shown a state")
    }
}

struct Stage {
    _folder: tempfile::TempDir,
    clock: Arc<Moved>,
    rooms: Arc<Rooms>,
    service: Arc<Service>,
    hall: Hall,
    agent: User,
    caller: Caller,
    pages: u64,
}

impl Stage {
    async fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = Store::open(&folder.path().join("db").to_string_lossy()).await.expect("a store");
        store.migrate().await.expect("a new database");
        let clock = Arc::new(Moved(Mutex::new(NOON)));
        let objects = Objects::on_disk(&folder.path().join("objects")).expect("a folder");
        let settings = Settings {
            link_keys: LinkKeys::new("1", [7; 32]),
            vault: crate::vault::Vault::new([9; 32]),
            seal_key: crate::seal::SealKey::from_seed(&[8; 32]),
            link_life: Duration::days(7),
        };
        let service = Arc::new(Service::new(store, objects, clock.clone(), Box::new(Seeded::new(1)), settings));
        let zone = time::macros::offset!(+8);
        let callback = Some("https://bank.example/result".to_owned());
        let tenant = crate::setup::add_tenant(&service, "BANK", "银行", zone, callback).await.expect("a tenant");
        let password = Secret::new("long-enough-password".into());
        let agent = crate::setup::add_user(&service, "BANK", "agent", "王敏", vec![Role::Seat], &password)
            .await
            .expect("a seat");
        let seats = ["agent".to_owned()];
        crate::setup::add_queue(&service, "BANK", "1", "面签", 0, Hours::Always, &seats).await.expect("a queue");
        let caller = Caller::System { tenant: tenant.id, name: "test".into(), address: None };
        let rooms = Arc::new(Rooms::default());
        let (hall, _, _) = Hall::open(service.clone(), rooms.clone(), HallSettings::default()).await.expect("a hall");
        Self { _folder: folder, clock, rooms, service, hall, agent, caller, pages: 0 }
    }

    /// The same store with a new hall, as after a kill.
    async fn restart(&mut self) {
        self.rooms = Arc::new(Rooms::default());
        let (hall, _, _) =
            Hall::open(self.service.clone(), self.rooms.clone(), HallSettings::default()).await.expect("a hall");
        self.hall = hall;
    }

    /// A link for a person of a new order.
    async fn invite(&self, business_no: &str) -> Secret {
        let person = |role, name: &str| PersonDraft {
            role,
            name: name.to_owned(),
            id_type: "id_card".into(),
            id_no: "110101199001010018".into(),
            mobile: "13800000000".into(),
        };
        let order = OrderDraft {
            business_no: business_no.to_owned(),
            product_name: "华楼通".into(),
            queue_id: "1".into(),
            people: vec![person(PersonRole::Borrower, "张三"), person(PersonRole::Guarantor, "李四")],
            details: Vec::new(),
            identity_check: false,
        };
        crate::orders::create_order(&self.service, &self.caller, order).await.expect("an order");
        self.invite_person(business_no, PersonRole::Borrower).await
    }

    async fn invite_person(&self, business_no: &str, role: PersonRole) -> Secret {
        crate::invitations::create_invitation(&self.service, &self.caller, business_no, Whom::Role(role), None, None)
            .await
            .expect("an invitation")
            .code
    }

    fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    async fn pass(&mut self, seconds: i64) {
        let now = self.now() + Duration::seconds(seconds);
        *self.clock.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
        self.hall.handle_timeout(now).await;
    }

    async fn send(&mut self, message: Message) {
        let now = self.now();
        self.hall.handle(message, now).await;
    }

    async fn open(&mut self) -> Page {
        self.pages += 1;
        let connection = ConnectionId(self.pages);
        let (outbox, tells) = mpsc::channel(64);
        self.send(Message::Open { connection, outbox }).await;
        Page { connection, tells }
    }

    async fn customer(&mut self, code: &Secret, device: &str) -> Page {
        let page = self.open().await;
        let hello = CustomerHello { code: code.expose().into(), device: device.into(), takeover: false };
        self.send(Message::HelloCustomer { connection: page.connection, re: 1, hello }).await;
        page
    }

    async fn waiting_customer(&mut self, code: &Secret) -> Page {
        let page = self.customer(code, "phone").await;
        self.ask(&page, CustomerAsk::Consent { recording: true, face: false }).await;
        self.ask(&page, CustomerAsk::Enqueue).await;
        page
    }

    async fn desk(&mut self) -> Page {
        let page = self.open().await;
        let user = self.agent.id;
        self.send(Message::HelloSeat { connection: page.connection, re: 1, user }).await;
        self.seat_asks(&page, SeatAsk::Ready { on: true }).await;
        page
    }

    async fn ask(&mut self, page: &Page, ask: CustomerAsk) {
        self.send(Message::Customer { connection: page.connection, re: 2, ask }).await;
    }

    async fn seat_asks(&mut self, page: &Page, ask: SeatAsk) {
        self.send(Message::Seat { connection: page.connection, re: 3, ask }).await;
    }

    fn commands(&self) -> Vec<RoomCommand> {
        std::mem::take(&mut *self.rooms.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Customer and seat in a connected, recorded call.
    async fn call(&mut self) -> Running {
        let code = self.invite("B1").await;
        let mut customer = self.waiting_customer(&code).await;
        let mut desk = self.desk().await;
        let State::Desk(state) = desk.state() else { panic!("a desk shows a desk") };
        let interview = state.ringing.expect("the seat is rung").interview;
        self.seat_asks(&desk, SeatAsk::Accept { interview }).await;
        let opened = self.commands();
        let [RoomCommand::Open { room, record: Some(plan) }] = opened.as_slice() else { panic!("{opened:?}") };
        let (room, recording) = (*room, plan.recording);
        let State::Call(state) = customer.state() else { panic!("the customer is in the call") };
        let people: Vec<ParticipantId> =
            state.call.expect("a call").people.iter().map(|person| person.participant).collect();
        self.send(Message::Room(RoomEvent::RecordingStarted { room, recording })).await;
        for &participant in &people {
            self.send(Message::Room(RoomEvent::Connected { room, participant })).await;
        }
        desk.read();
        Running { code, customer, desk, interview, room, recording, people }
    }

    async fn stored(&self, interview: InterviewId) -> InterviewState {
        let mut tx = self.service.store.read().await.expect("a reader");
        tx.interviews().lookup_any(interview).await.expect("the store answers").expect("the interview is there").state
    }
}

struct Running {
    code: Secret,
    customer: Page,
    desk: Page,
    interview: InterviewId,
    room: RoomId,
    recording: mingjian_domain::id::RecordingId,
    /// The seat's, then the customer's.
    people: Vec<ParticipantId>,
}

#[tokio::test]
async fn a_customer_waits_is_answered_and_gets_a_verdict() {
    let mut stage = Stage::new().await;
    let mut running = stage.call().await;
    let State::Call(state) = running.customer.state() else { panic!("the customer is in the call") };
    let call = state.call.expect("a call");
    assert_eq!((call.recording, call.connected_at), ("on", Some(stage.now())));
    let pass = SeatAsk::Verdict {
        interview: running.interview,
        verdict: mingjian_domain::interview::Verdict::Pass,
        reason: None,
    };
    stage.seat_asks(&running.desk, pass).await;
    assert!(running.desk.read().contains(&Tell::Ok { re: 3 }));
    assert!(stage.commands().contains(&RoomCommand::Close { room: running.room }));
    let State::Ended(state) = running.customer.state() else { panic!("the customer sees the end") };
    let end = state.end.expect("an end");
    assert_eq!((end.why, end.verdict, end.may_return), ("verdict", Some("pass"), false));
    assert!(matches!(stage.stored(running.interview).await, InterviewState::Ended { .. }));
    // The link has done its work, and the result is on its way.
    let mut again = stage.customer(&running.code, "phone").await;
    assert!(again.read().contains(&Tell::Close(words::CloseCode::LinkOver)));
    let mut tx = stage.service.store.read().await.expect("a reader");
    let page = mingjian_store::Page { cursor: None, limit: 10 };
    let jobs = tx.jobs().list(stage.agent.tenant, "deliver_callback", &page).await.expect("the outbox");
    assert_eq!(jobs.items.len(), 1);
}

#[tokio::test]
async fn nobody_is_connected_before_the_recorder_runs() {
    let mut stage = Stage::new().await;
    let code = stage.invite("B1").await;
    let mut customer = stage.waiting_customer(&code).await;
    let mut desk = stage.desk().await;
    let State::Desk(state) = desk.state() else { panic!("a desk shows a desk") };
    let interview = state.ringing.expect("the seat is rung").interview;
    stage.seat_asks(&desk, SeatAsk::Accept { interview }).await;
    let opened = stage.commands();
    let [RoomCommand::Open { room, record: Some(plan) }] = opened.as_slice() else { panic!("{opened:?}") };
    let (room, recording) = (*room, plan.recording);
    let State::Call(state) = customer.state() else { panic!("the customer is in the call") };
    for person in state.call.expect("a call").people {
        stage.send(Message::Room(RoomEvent::Connected { room, participant: person.participant })).await;
    }
    let connected = |state: InterviewState| state.call().and_then(|call| call.connected_at);
    assert_eq!(connected(stage.stored(interview).await), None);
    stage.send(Message::Room(RoomEvent::RecordingStarted { room, recording })).await;
    assert_eq!(connected(stage.stored(interview).await), Some(stage.now()));
}

#[tokio::test]
async fn a_recorder_that_fails_ends_the_call_and_everybody_is_told() {
    let mut stage = Stage::new().await;
    let mut running = stage.call().await;
    let (room, recording) = (running.room, running.recording);
    stage.send(Message::Room(RoomEvent::RecordingFailed { room, recording, fault: RecordingFault::DiskFull })).await;
    let State::Ended(state) = running.customer.state() else { panic!("the customer sees the end") };
    assert_eq!(state.end.map(|end| end.why), Some("recording_failed"));
    let State::Desk(desk) = running.desk.state() else { panic!("a desk shows a desk") };
    assert_eq!(desk.call, None);
    assert!(stage.commands().contains(&RoomCommand::Close { room }));
    let mut tx = stage.service.store.read().await.expect("a reader");
    let kept = tx.recordings().lookup_any(recording).await.expect("the store answers").expect("the recording is kept");
    assert!(matches!(kept.state, recording::State::Failed { .. }));
}

#[tokio::test]
async fn a_customer_who_reloads_comes_back_into_the_same_call() {
    let mut stage = Stage::new().await;
    let running = stage.call().await;
    stage.send(Message::Gone { connection: running.customer.connection }).await;
    stage.pass(29).await;
    let mut back = stage.customer(&running.code, "phone").await;
    let State::Call(state) = back.state() else { panic!("the customer is in the call again") };
    assert_eq!(state.call.expect("a call").interview, running.interview);
    stage.ask(&back, CustomerAsk::Media(MediaAsk::Offer { sdp: "v=0".into() })).await;
    let joined = stage.commands();
    assert!(matches!(joined.as_slice(), [RoomCommand::Join { room, .. }] if *room == running.room), "{joined:?}");
    stage.send(Message::Room(RoomEvent::Connected { room: running.room, participant: running.people[1] })).await;
    stage.pass(60).await;
    assert!(matches!(stage.stored(running.interview).await, InterviewState::InCall(_)));
}

#[tokio::test]
async fn an_offer_is_answered_as_itself_whatever_was_refused_or_asked_meanwhile() {
    let mut stage = Stage::new().await;
    let mut running = stage.call().await;
    let (room, participant) = (running.room, running.people[1]);
    let offer = |sdp: &str| CustomerAsk::Media(MediaAsk::Offer { sdp: sdp.into() });
    let connection = running.customer.connection;
    stage.send(Message::Customer { connection, re: 10, ask: offer("first") }).await;
    stage.ask(&running.customer, CustomerAsk::Media(MediaAsk::Answer { sdp: "garbage".into() })).await;
    stage.send(Message::Customer { connection, re: 11, ask: offer("second") }).await;
    let joins: Vec<JoinId> = stage
        .commands()
        .into_iter()
        .filter_map(|command| if let RoomCommand::Join { join, .. } = command { Some(join) } else { None })
        .collect();
    running.customer.read();
    let refusal = NegotiationRefusal::Malformed("no offer is open".into());
    let refused = |join| Message::Room(RoomEvent::Refused { room, participant, join, refusal: refusal.clone() });
    stage.send(refused(None)).await;
    assert_eq!(running.customer.read(), [], "a refused answer is nobody's request");
    let answer = "v=0".to_owned();
    stage.send(Message::Room(RoomEvent::Answer { room, participant, join: joins[1], answer: answer.clone() })).await;
    assert_eq!(running.customer.read(), [Tell::Answer { re: 11, sdp: answer }]);
    stage.send(refused(Some(joins[0]))).await;
    let told = running.customer.read();
    assert!(matches!(told.as_slice(), [Tell::Error { re: Some(10), .. }]), "{told:?}");
}

#[tokio::test]
async fn an_offer_that_the_rooms_do_not_take_is_refused_at_once() {
    let mut stage = Stage::new().await;
    let mut running = stage.call().await;
    let offer = || CustomerAsk::Media(MediaAsk::Offer { sdp: "v=0".into() });
    running.customer.read();
    stage.ask(&running.customer, offer()).await;
    assert_eq!(running.customer.read(), [], "the room answers later");
    stage.rooms.overload();
    stage.ask(&running.customer, offer()).await;
    let told = running.customer.read();
    assert!(matches!(told.as_slice(), [Tell::Error { re: Some(2), code: "busy", .. }]), "{told:?}");
}

#[tokio::test]
async fn a_customer_who_stays_away_is_called_back_into_the_same_interview_and_recording() {
    let mut stage = Stage::new().await;
    let mut running = stage.call().await;
    stage.send(Message::Gone { connection: running.customer.connection }).await;
    stage.pass(30).await;
    assert!(matches!(stage.stored(running.interview).await, InterviewState::Abandoned { .. }));
    let State::Desk(desk) = running.desk.state() else { panic!("a desk shows a desk") };
    assert_eq!(desk.call.map(|call| call.state), Some("abandoned"));
    assert!(desk.recent.iter().any(|recent| recent.may_call_back));
    let (room, recording) = (running.room, running.recording);
    stage.send(Message::Room(RoomEvent::RecordingStopped { room, recording, duration_ms: 30_000 })).await;
    stage.send(Message::Room(RoomEvent::Closed { room })).await;
    stage.seat_asks(&running.desk, SeatAsk::CallBack { interview: running.interview }).await;
    stage.commands();
    stage.pass(60).await;
    let mut back = stage.customer(&running.code, "other phone").await;
    let State::Call(state) = back.state() else { panic!("the customer is in the call again") };
    assert_eq!(state.call.expect("a call").interview, running.interview);
    let opened = stage.commands();
    assert!(
        matches!(opened.as_slice(), [RoomCommand::Open { record: Some(plan), .. }]
            if plan.recording == recording && plan.paused_by == GapReason::Reconnect),
        "{opened:?}"
    );
}

#[tokio::test]
async fn a_customer_who_hangs_up_leaves_the_card_to_be_decided() {
    let mut stage = Stage::new().await;
    let mut running = stage.call().await;
    stage.ask(&running.customer, CustomerAsk::HangUp).await;
    let State::Ended(state) = running.customer.state() else { panic!("the customer sees the end") };
    assert_eq!(state.end.map(|end| (end.why, end.may_return)), Some(("hung_up", true)));
    let refuse = |reason: Option<&str>| SeatAsk::Verdict {
        interview: running.interview,
        verdict: mingjian_domain::interview::Verdict::Refuse,
        reason: reason.map(str::to_owned),
    };
    stage.seat_asks(&running.desk, refuse(None)).await;
    let told = running.desk.read();
    assert!(told.iter().any(|tell| matches!(tell, Tell::Error { code: "reason_missing", .. })), "{told:?}");
    stage.seat_asks(&running.desk, refuse(Some("证件不符"))).await;
    let State::Ended(state) = running.customer.state() else { panic!("the customer sees the verdict") };
    assert_eq!(state.end.and_then(|end| end.verdict), Some("refuse"));
}

#[tokio::test]
async fn after_a_kill_everybody_is_back_where_they_were() {
    let mut stage = Stage::new().await;
    let running = stage.call().await;
    let second = stage.invite("B2").await;
    let _waiting = stage.waiting_customer(&second).await;
    // What the server does before the hall opens: the recording that grew is made whole.
    let mut tx = stage.service.store.begin().await.expect("a writer");
    tx.recordings()
        .set_state(running.recording, recording::State::Stopped { duration_ms: 10_000 })
        .await
        .expect("the recording is there");
    tx.commit().await.expect("a commit");
    stage.pass(12).await;
    stage.restart().await;
    let opened = stage.commands();
    assert!(
        matches!(opened.as_slice(), [RoomCommand::Open { record: Some(plan), .. }]
            if plan.recording == running.recording && plan.paused_by == GapReason::Restart),
        "{opened:?}"
    );
    let mut back = stage.customer(&running.code, "phone").await;
    assert!(matches!(back.state(), State::Call(_)));
    let mut waits = stage.customer(&second, "phone").await;
    let State::Waiting(state) = waits.state() else { panic!("the second customer waits at the old place") };
    assert_eq!(state.queue.map(|queue| queue.joined_at), Some(NOON));
    // The times start anew: thirty seconds from now, not from the kill.
    stage.pass(29).await;
    assert!(matches!(stage.stored(running.interview).await, InterviewState::InCall(_)));
    stage.pass(2).await;
    assert!(matches!(stage.stored(running.interview).await, InterviewState::Abandoned { .. }));
}

#[tokio::test]
async fn several_people_of_an_order_are_in_one_interview() {
    let mut stage = Stage::new().await;
    let running = stage.call().await;
    let guarantor = stage.invite_person("B1", PersonRole::Guarantor).await;
    let mut page = stage.waiting_customer(&guarantor).await;
    let State::Call(state) = page.state() else { panic!("the guarantor is in the call") };
    let call = state.call.expect("a call");
    assert_eq!((call.interview, call.people.len()), (running.interview, 3));
    let mut tx = stage.service.store.read().await.expect("a reader");
    assert_eq!(tx.speakers().list(running.recording).await.expect("the store answers").len(), 3);
}

#[tokio::test]
async fn a_link_is_open_on_one_device_at_a_time() {
    let mut stage = Stage::new().await;
    let code = stage.invite("B1").await;
    let mut first = stage.customer(&code, "phone").await;
    first.read();
    let mut second = stage.customer(&code, "tablet").await;
    assert!(second.read().iter().any(|tell| matches!(tell, Tell::Error { code: "in_use", .. })));
    let hello = CustomerHello { code: code.expose().into(), device: "tablet".into(), takeover: true };
    stage.send(Message::HelloCustomer { connection: second.connection, re: 4, hello }).await;
    assert!(second.read().contains(&Tell::Ok { re: 4 }));
    assert!(first.read().contains(&Tell::Close(words::CloseCode::TakenOver)));
}

#[tokio::test]
async fn without_consent_nobody_waits() {
    let mut stage = Stage::new().await;
    let code = stage.invite("B1").await;
    let mut page = stage.customer(&code, "phone").await;
    stage.ask(&page, CustomerAsk::Enqueue).await;
    assert!(page.read().iter().any(|tell| matches!(tell, Tell::Error { code: "consent_missing", .. })));
    stage.ask(&page, CustomerAsk::Consent { recording: true, face: false }).await;
    stage.ask(&page, CustomerAsk::Enqueue).await;
    assert!(matches!(page.state(), State::Waiting(_)));
}

#[tokio::test]
async fn every_step_is_in_the_audit_log() {
    let mut stage = Stage::new().await;
    let running = stage.call().await;
    stage.seat_asks(&running.desk, SeatAsk::HangUp { interview: running.interview }).await;
    let mut tx = stage.service.store.read().await.expect("a reader");
    let page = mingjian_store::Page { cursor: None, limit: 50 };
    let lines = tx.audit().list(stage.agent.tenant, &page).await.expect("the log").items;
    for action in ["give_consent", "join_queue", "answer", "hung_up"] {
        assert!(lines.iter().any(|line| line.action == action), "{action} is missing in {lines:?}");
    }
    assert!(lines.iter().any(|line| line.actor == "user" && line.actor_id == Some(stage.agent.id.to_string())));
}
