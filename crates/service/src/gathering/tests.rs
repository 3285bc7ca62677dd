//! Rooms without a queue as the gathering sees them, with a real store, time moved by hand, and media that do what the test says.

use std::sync::{Mutex, PoisonError};

use mingjian_domain::recording::journal::GapReason;
use mingjian_domain::recording::{SpeakerRole, State as RecordingState};
use mingjian_domain::room::{RecordingFault, RecordingPlan, RoomEvent};
use mingjian_store::{Objects, Store};
use mingjian_testkit::random::Seeded;
use time::macros::datetime;
use tokio::sync::oneshot;

use super::people::Hello;
use super::*;
use crate::Settings;
use crate::hall::words::{GuestAsk, GuestState, MediaAsk, RoomView, State, Switched, Tell};
use crate::links::LinkKeys;
use crate::pages::ConnectionId;
use crate::ports::{Clock, MailboxFull};
use crate::vault::Vault;

const NOON: OffsetDateTime = datetime!(2026-11-25 04:00 UTC);

/// Time that stands still until it is moved.
struct Moved(Mutex<OffsetDateTime>);

impl Clock for Moved {
    fn now(&self) -> OffsetDateTime {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Media that keep what they are asked.
#[derive(Default)]
struct Rooms(Mutex<Vec<RoomCommand>>);

impl Media for Rooms {
    fn send(&self, command: RoomCommand) -> Result<(), MailboxFull> {
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

    fn room(&mut self) -> RoomView {
        let state = self.state();
        let State::Room(GuestState { room: Some(room), .. }) = state else {
            panic!("the page is in the room, but shows {state:?}")
        };
        room
    }

    fn why_left(&mut self) -> &'static str {
        let state = self.state();
        let State::Left(GuestState { end: Some(end), .. }) = state else {
            panic!("the page is out of the room, but shows {state:?}")
        };
        end.why
    }
}

struct Stage {
    _folder: tempfile::TempDir,
    clock: Arc<Moved>,
    rooms: Arc<Rooms>,
    service: Arc<Service>,
    gatherings: Gatherings,
    handle: GatheringHandle,
    tenant: TenantId,
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
            vault: Vault::new([9; 32]),
            seal_key: crate::seal::SealKey::from_seed(&[8; 32]),
            link_life: Duration::days(7),
        };
        let service = Arc::new(Service::new(store, objects, clock.clone(), Box::new(Seeded::new(1)), settings));
        let zone = time::macros::offset!(+8);
        let tenant = crate::setup::add_tenant(&service, "BANK", "银行", zone, None).await.expect("a tenant").id;
        let rooms = Arc::new(Rooms::default());
        let (gatherings, handle, _) =
            Gatherings::open(service.clone(), rooms.clone(), HallSettings::default()).await.expect("a gathering");
        Self { _folder: folder, clock, rooms, service, gatherings, handle, tenant, pages: 0 }
    }

    /// The same store with a new gathering, as after a kill. What the server does before: recordings are made whole.
    async fn restart(&mut self) {
        let mut tx = self.service.store.begin().await.expect("a writer");
        for growing in tx.recordings().list_growing().await.expect("the store answers") {
            let whole = RecordingState::Stopped { duration_ms: 10_000 };
            tx.recordings().set_state(growing.id, whole).await.expect("the recording is there");
        }
        tx.commit().await.expect("a commit");
        self.rooms = Arc::new(Rooms::default());
        let (gatherings, handle, _) =
            Gatherings::open(self.service.clone(), self.rooms.clone(), HallSettings::default())
                .await
                .expect("a gathering");
        (self.gatherings, self.handle) = (gatherings, handle);
    }

    fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    async fn pass(&mut self, time: Duration) {
        let now = self.now() + time;
        *self.clock.0.lock().unwrap_or_else(PoisonError::into_inner) = now;
        self.gatherings.handle_timeout(now).await;
    }

    async fn send(&mut self, message: Message) {
        let now = self.now();
        self.gatherings.handle(message, now).await;
    }

    async fn tell(&mut self, event: RoomEvent) {
        self.send(Message::Room(event)).await;
    }

    fn commands(&self) -> Vec<RoomCommand> {
        std::mem::take(&mut *self.rooms.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    async fn open(&mut self, must_record: bool) -> RoomId {
        let now = self.now();
        let room = self.service.draw(|random| RoomId::mint(now, random));
        self.open_again(room, must_record).await.expect("the room opens");
        room
    }

    async fn open_again(&mut self, room: RoomId, must_record: bool) -> Result<(), Error> {
        let spec = RoomSpec {
            room,
            tenant: self.tenant,
            number: Some("1866".into()),
            name: "例会".into(),
            must_record,
            may_record: true,
            stays_open: false,
        };
        let (done, answer) = oneshot::channel();
        self.send(Message::Open { spec, actor: Actor::Server, done }).await;
        answer.await.expect("an answer")
    }

    async fn close(&mut self, room: RoomId) {
        let (done, answer) = oneshot::channel();
        self.send(Message::Close { room, actor: Actor::Server, done }).await;
        answer.await.expect("an answer").expect("the room closes");
    }

    async fn admit(&self, room: RoomId, name: &str, role: SpeakerRole) -> Result<Admitted, Error> {
        let admission = Admission { room, name: name.into(), role, device: None };
        admit(&self.service, admission, Act::of_server(self.tenant)).await
    }

    /// A page with a ticket of its own.
    async fn page(&mut self, room: RoomId, name: &str, role: SpeakerRole) -> (ParticipantId, Page) {
        let admitted = self.admit(room, name, role).await.expect("somebody is let in");
        let page = self.hello(admitted.ticket.expose(), name).await;
        (admitted.participant, page)
    }

    async fn hello(&mut self, ticket: &str, device: &str) -> Page {
        self.pages += 1;
        let connection = ConnectionId(self.pages);
        let (outbox, tells) = mpsc::channel(64);
        self.send(Message::Page { connection, outbox }).await;
        let hello = Hello { ticket: ticket.into(), device: device.into() };
        self.send(Message::Hello { connection, re: 1, hello }).await;
        Page { connection, tells }
    }

    async fn ask(&mut self, page: &Page, ask: GuestAsk) {
        self.send(Message::Ask { connection: page.connection, re: 2, ask }).await;
    }

    fn mint(&self) -> RecordingId {
        self.gatherings.mint_recording(self.now())
    }

    async fn start(&mut self, room: RoomId) -> (RecordingId, oneshot::Receiver<Result<RecordingId, Error>>) {
        let (done, answer) = oneshot::channel();
        let recording = self.mint();
        self.send(Message::StartRecording { room, recording, actor: Actor::Server, done }).await;
        (recording, answer)
    }

    async fn stop(&mut self, room: RoomId) -> oneshot::Receiver<Result<RecordingId, Error>> {
        let (done, answer) = oneshot::channel();
        self.send(Message::StopRecording { room, actor: Actor::Server, done }).await;
        answer
    }

    /// A recording that grows, in a room that may be unrecorded.
    async fn recorded(&mut self, room: RoomId) -> RecordingId {
        let (recording, mut answer) = self.start(room).await;
        self.tell(RoomEvent::RecordingStarted { room, recording }).await;
        assert_eq!(answer.try_recv().expect("an answer").expect("it is recorded"), recording);
        recording
    }

    async fn stored(&self, recording: RecordingId) -> RecordingState {
        let mut tx = self.service.store.read().await.expect("a reader");
        tx.recordings().lookup_any(recording).await.expect("the store answers").expect("the recording is there").state
    }
}

fn plan_of(commands: &[RoomCommand]) -> &RecordingPlan {
    match commands {
        [RoomCommand::StartRecording { plan, .. } | RoomCommand::Open { record: Some(plan), .. }] => plan,
        other => panic!("one recording is begun, but: {other:?}"),
    }
}

#[tokio::test]
async fn people_with_tickets_see_each_other_and_who_is_recorded() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    assert_eq!(stage.commands(), [RoomCommand::Open { room, record: None }]);
    let (host, mut one) = stage.page(room, "主持人", SpeakerRole::Host).await;
    let (guest, mut two) = stage.page(room, "张三", SpeakerRole::Guest).await;
    let seen = one.room();
    assert_eq!((seen.role, seen.directs, seen.open, seen.recording), ("host", true, true, "off"));
    assert_eq!(seen.people.len(), 2);
    assert!(!two.room().directs);
    stage.ask(&two, GuestAsk::Media(MediaAsk::Offer { sdp: "v=0".into() })).await;
    let asked = stage.commands();
    let [RoomCommand::Join { participant, join, .. }] = asked.as_slice() else { panic!("{asked:?}") };
    assert_eq!(*participant, guest);
    let answer = |join| RoomEvent::Answer { room, participant: guest, join, answer: "answer".into() };
    stage.tell(answer(JoinId(join.0 + 1))).await;
    assert_eq!(two.read(), [], "it is the answer to another offer");
    stage.tell(answer(*join)).await;
    assert!(two.read().contains(&Tell::Answer { re: 2, sdp: "answer".into() }));
    stage.tell(RoomEvent::Connected { room, participant: guest }).await;
    let presence = |room: RoomView, who| room.people.into_iter().find(|person| person.participant == who);
    assert_eq!(presence(one.room(), guest).map(|person| person.presence), Some("here"));

    let recording = stage.recorded(room).await;
    assert_eq!((one.room().recording, two.room().recording), ("on", "on"));
    assert_eq!(plan_of(&stage.commands()).recording, recording);
    let mut tx = stage.service.store.read().await.expect("a reader");
    let speakers = tx.speakers().list(recording).await.expect("the store answers");
    let roles: BTreeSet<_> = speakers.iter().map(|speaker| (speaker.participant, speaker.role)).collect();
    assert_eq!(roles, BTreeSet::from([(host, SpeakerRole::Host), (guest, SpeakerRole::Guest)]));
}

#[tokio::test]
async fn a_stop_is_answered_when_the_last_fragment_is_on_disk() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    let mut notices = stage.handle.subscribe();
    let recording = stage.recorded(room).await;
    let (_, mut again) = stage.start(room).await;
    assert!(matches!(again.try_recv(), Ok(Err(Error::Conflict(Conflict::AlreadyRecording)))));
    let mut stopped = stage.stop(room).await;
    assert!(stopped.try_recv().is_err(), "not yet");
    assert!(stage.commands().contains(&RoomCommand::StopRecording { room }));
    stage.tell(RoomEvent::RecordingStopped { room, recording, duration_ms: 1_500 }).await;
    assert_eq!(stopped.try_recv().expect("an answer").expect("it has stopped"), recording);
    assert_eq!(stage.stored(recording).await, RecordingState::Stopped { duration_ms: 1_500 });
    let mut none = stage.stop(room).await;
    assert!(matches!(none.try_recv(), Ok(Err(Error::Conflict(Conflict::NotRecording)))));
    assert_eq!(notices.try_recv().ok(), Some(Notice::RecordingStarted { room, recording }));
    assert_eq!(notices.try_recv().ok(), Some(Notice::RecordingStopped { room, recording, duration_ms: 1_500 }));
}

#[tokio::test]
async fn a_room_that_must_be_recorded_has_media_only_on_tape() {
    let mut stage = Stage::new().await;
    let room = stage.open(true).await;
    assert_eq!(stage.commands(), []);
    let (_, mut page) = stage.page(room, "王敏", SpeakerRole::Seat).await;
    assert!(!page.room().open);
    stage.ask(&page, GuestAsk::Media(MediaAsk::Offer { sdp: "v=0".into() })).await;
    assert!(page.read().iter().any(|tell| matches!(tell, Tell::Error { code: "not_in_call", .. })));
    for _ in 0..2 {
        let recording = stage.recorded(room).await;
        let opened = stage.commands();
        assert!(matches!(opened.as_slice(), [RoomCommand::Open { record: Some(_), .. }]), "{opened:?}");
        let seen = page.room();
        assert_eq!((seen.open, seen.recording), (true, "on"));
        let mut stopped = stage.stop(room).await;
        assert_eq!(stage.commands(), [RoomCommand::Close { room }]);
        assert!(!page.room().open);
        stage.tell(RoomEvent::RecordingStopped { room, recording, duration_ms: 900 }).await;
        assert!(stopped.try_recv().is_ok_and(|stopped| stopped.is_ok()));
        stage.tell(RoomEvent::Closed { room }).await;
    }
    assert!(stage.handle.owns(&RoomEvent::Opened { room }), "the room itself is still open");
}

#[tokio::test]
async fn a_take_that_is_begun_while_the_last_one_is_written_begins_after_it() {
    let mut stage = Stage::new().await;
    let room = stage.open(true).await;
    let first = stage.recorded(room).await;
    stage.stop(room).await;
    stage.commands();
    let (second, mut begun) = stage.start(room).await;
    stage.tell(RoomEvent::RecordingStopped { room, recording: first, duration_ms: 900 }).await;
    assert_eq!(stage.commands(), [], "the room is still closing");
    stage.tell(RoomEvent::Closed { room }).await;
    assert_eq!(plan_of(&stage.commands()).recording, second);
    stage.tell(RoomEvent::RecordingStarted { room, recording: second }).await;
    assert!(begun.try_recv().is_ok_and(|begun| begun.is_ok()));
}

#[tokio::test]
async fn a_disk_that_refuses_is_told_and_the_next_try_is_free() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    let (_, mut page) = stage.page(room, "主持人", SpeakerRole::Host).await;
    let mut notices = stage.handle.subscribe();
    let (recording, mut answer) = stage.start(room).await;
    stage.tell(RoomEvent::RecordingFailed { room, recording, fault: RecordingFault::DiskFull }).await;
    assert!(matches!(answer.try_recv(), Ok(Err(Error::Full))));
    assert!(matches!(stage.stored(recording).await, RecordingState::Failed { .. }));
    assert_eq!(page.room().recording, "failed");
    assert_eq!(notices.try_recv().ok(), Some(Notice::RecordingFailed { room, recording }));
    stage.recorded(room).await;
    assert_eq!(page.room().recording, "on");
}

#[tokio::test]
async fn a_ticket_works_on_the_device_that_used_it_first() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    let admitted = stage.admit(room, "张三", SpeakerRole::Guest).await.expect("somebody is let in");
    let ticket = admitted.ticket.expose().to_owned();
    let mut first = stage.hello(&ticket, "phone").await;
    first.room();
    let mut other = stage.hello(&ticket, "tablet").await;
    let told = other.read();
    assert!(told.iter().any(|tell| matches!(tell, Tell::Error { code: "ticket_used", .. })), "{told:?}");
    assert!(told.contains(&Tell::Close(CloseCode::LinkOver)));
    let mut again = stage.hello(&ticket, "phone").await;
    assert_eq!(again.room().people.len(), 1);
    assert!(first.read().contains(&Tell::Close(CloseCode::TakenOver)));
    let mut forged = stage.hello("nobody's", "phone").await;
    assert!(forged.read().contains(&Tell::Close(CloseCode::Unknown)));
}

#[tokio::test]
async fn who_directs_may_mute_part_and_lock_and_a_guest_may_not() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    let (_, mut host) = stage.page(room, "主持人", SpeakerRole::Host).await;
    let (guest, mut page) = stage.page(room, "张三", SpeakerRole::Guest).await;
    let waiting = stage.admit(room, "李四", SpeakerRole::Guest).await.expect("somebody is let in");
    for ask in [
        GuestAsk::Mute { participant: guest },
        GuestAsk::Remove { participant: guest },
        GuestAsk::Lock { on: true },
        GuestAsk::Record { on: true },
        GuestAsk::End,
    ] {
        stage.ask(&page, ask.clone()).await;
        let told = page.read();
        assert!(told.iter().any(|tell| matches!(tell, Tell::Error { code: "not_entitled", .. })), "{ask:?}: {told:?}");
    }
    stage.ask(&host, GuestAsk::Mute { participant: guest }).await;
    assert!(page.read().contains(&Tell::Mute { source: Switched::Microphone }));
    let off = host.room().people.into_iter().find(|person| person.participant == guest).map(|person| person.off);
    assert_eq!(off, Some(vec![Switched::Microphone]));
    stage.ask(&page, GuestAsk::Media(MediaAsk::Switch { source: Switched::Microphone, on: true })).await;
    let off = host.room().people.into_iter().find(|person| person.participant == guest).map(|person| person.off);
    assert_eq!(off, Some(vec![]), "whose it is may turn it on again");

    stage.ask(&host, GuestAsk::Lock { on: true }).await;
    let locked = stage.admit(room, "王五", SpeakerRole::Guest).await;
    assert!(matches!(locked, Err(Error::Denied(mingjian_domain::error::Denied::RoomLocked))));
    assert!(stage.admit(room, "赵六", SpeakerRole::Host).await.is_ok());
    let mut before = stage.hello(waiting.ticket.expose(), "phone").await;
    assert!(before.room().locked, "who was let in before may come");

    stage.commands();
    stage.ask(&host, GuestAsk::Remove { participant: guest }).await;
    assert_eq!(page.why_left(), "removed");
    assert_eq!(stage.commands(), [RoomCommand::Leave { room, participant: guest }]);
    stage.ask(&host, GuestAsk::End).await;
    assert_eq!((host.why_left(), before.why_left()), ("ended", "ended"));
    assert_eq!(stage.commands(), [RoomCommand::Close { room }]);
}

#[tokio::test]
async fn somebody_who_stays_away_is_parted_and_comes_back_with_the_same_ticket() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    let admitted = stage.admit(room, "张三", SpeakerRole::Guest).await.expect("somebody is let in");
    let (_, mut host) = stage.page(room, "主持人", SpeakerRole::Host).await;
    let page = stage.hello(admitted.ticket.expose(), "phone").await;
    stage.send(Message::Gone { connection: page.connection }).await;
    assert_eq!(host.room().people.len(), 2);
    stage.commands();
    stage.pass(Duration::seconds(30)).await;
    assert_eq!(host.room().people.len(), 1);
    let participant = admitted.participant;
    assert_eq!(stage.commands(), [RoomCommand::Leave { room, participant }]);
    let mut back = stage.hello(admitted.ticket.expose(), "phone").await;
    assert_eq!(back.room().people.len(), 2);
}

#[tokio::test]
async fn a_room_that_nobody_is_in_for_half_an_hour_is_closed_and_its_recording_ends() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    let recording = stage.recorded(room).await;
    stage.commands();
    stage.pass(Duration::minutes(30)).await;
    assert_eq!(stage.commands(), [RoomCommand::Close { room }]);
    stage.tell(RoomEvent::RecordingStopped { room, recording, duration_ms: 0 }).await;
    stage.tell(RoomEvent::Closed { room }).await;
    assert_eq!(stage.stored(recording).await, RecordingState::Stopped { duration_ms: 0 });
    assert!(!stage.handle.owns(&RoomEvent::Opened { room }));
    stage.restart().await;
    assert_eq!(stage.commands(), [], "it is not opened again");
}

#[tokio::test]
async fn a_room_that_is_opened_while_it_closes_is_open_again_after_that() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    stage.close(room).await;
    stage.commands();
    let spec = RoomSpec {
        room,
        tenant: stage.tenant,
        number: None,
        name: "例会".into(),
        must_record: false,
        may_record: true,
        stays_open: false,
    };
    let (done, mut opened) = oneshot::channel();
    stage.send(Message::Open { spec, actor: Actor::Server, done }).await;
    assert!(opened.try_recv().is_err(), "not yet");
    stage.tell(RoomEvent::Closed { room }).await;
    assert!(opened.try_recv().is_ok_and(|opened| opened.is_ok()));
    assert_eq!(stage.commands(), [RoomCommand::Open { room, record: None }]);
}

#[tokio::test]
async fn after_a_kill_what_is_wanted_goes_on_and_what_is_not_stays_as_it_is() {
    let mut stage = Stage::new().await;
    let (meeting, counter, quiet) = (stage.open(false).await, stage.open(true).await, stage.open(false).await);
    let admitted = stage.admit(meeting, "张三", SpeakerRole::Guest).await.expect("somebody is let in");
    stage.hello(admitted.ticket.expose(), "phone").await;
    let (first, second, third) =
        (stage.recorded(meeting).await, stage.recorded(counter).await, stage.recorded(quiet).await);
    stage.stop(quiet).await;
    stage.pass(Duration::seconds(12)).await;
    stage.restart().await;
    let commands = stage.commands();
    let plans: Vec<_> = commands
        .iter()
        .filter_map(|command| {
            if let RoomCommand::StartRecording { plan, .. } | RoomCommand::Open { record: Some(plan), .. } = command {
                Some(plan)
            } else {
                None
            }
        })
        .collect();
    let begun: BTreeSet<_> = plans.iter().map(|plan| plan.recording).collect();
    assert_eq!(begun, BTreeSet::from([first, second]), "{commands:?}");
    assert!(plans.iter().all(|plan| plan.paused_by == GapReason::Restart && plan.started_at == NOON), "{plans:?}");
    assert_eq!(stage.stored(first).await, RecordingState::Recording);
    assert_eq!(stage.stored(third).await, RecordingState::Stopped { duration_ms: 10_000 });
    let mut back = stage.hello(admitted.ticket.expose(), "phone").await;
    assert_eq!(back.room().recording, "starting");
    stage.tell(RoomEvent::RecordingStarted { room: meeting, recording: first }).await;
    assert_eq!(back.room().recording, "on");
}

#[tokio::test]
async fn what_rooms_tell_finds_its_way_by_room_and_recording() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    let recording = stage.recorded(room).await;
    let now = stage.now();
    let (elsewhere, other, participant) = stage
        .service
        .draw(|random| (RoomId::mint(now, random), RecordingId::mint(now, random), ParticipantId::mint(now, random)));
    let track = stage.service.draw(|random| mingjian_domain::id::TrackId::mint(now, random));
    let gone = |room| RoomEvent::Disconnected { room, participant };
    let closed =
        |recording| RoomEvent::TrackClosed { recording, track, size_bytes: 1, duration_ms: 1, sha256: [0; 32] };
    assert!(stage.handle.owns(&gone(room)) && stage.handle.owns(&closed(recording)));
    assert!(!stage.handle.owns(&gone(elsewhere)) && !stage.handle.owns(&closed(other)));
}

#[tokio::test]
async fn every_step_is_in_the_audit_log() {
    let mut stage = Stage::new().await;
    let room = stage.open(false).await;
    let (_, host) = stage.page(room, "主持人", SpeakerRole::Host).await;
    stage.recorded(room).await;
    stage.stop(room).await;
    stage.ask(&host, GuestAsk::Lock { on: true }).await;
    stage.close(room).await;
    let mut tx = stage.service.store.read().await.expect("a reader");
    let page = mingjian_store::Page { cursor: None, limit: 50 };
    let lines = tx.audit().list(stage.tenant, &page).await.expect("the log").items;
    for action in ["open_room", "admit", "start_recording", "stop_recording", "lock_room", "close_room"] {
        assert!(lines.iter().any(|line| line.action == action), "{action} is missing in {lines:?}");
    }
}
