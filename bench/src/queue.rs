//! How fast a customer is assigned while thousands wait: from a seat's hanging up to the next ring on its page.
//!
//! The whole hall is measured, with a real store that syncs to disk; only the rooms do nothing, since a ring has none.

use std::sync::Arc;
use std::time::{Duration, Instant};

use mingjian_domain::id::{InterviewId, InvitationId, OrderId, PersonId};
use mingjian_domain::order::{Consent, Invitation, Order, Person, PersonRole};
use mingjian_domain::queue::Hours;
use mingjian_domain::room::RoomCommand;
use mingjian_domain::secret::Secret;
use mingjian_domain::user::Role;
use mingjian_service::hall::words::{CustomerAsk, SeatAsk, State, Tell};
use mingjian_service::hall::{CustomerHello, Hall, HallHandle, HallSettings};
use mingjian_service::links::LinkKeys;
use mingjian_service::ports::{Clock, MailboxFull, Media};
use mingjian_service::seal::SealKey;
use mingjian_service::tokens::sha256;
use mingjian_service::vault::Vault;
use mingjian_service::{ConnectionId, Service, Settings, setup};
use mingjian_store::{Objects, Store};
use mingjian_testkit::random::Seeded;
use serde::Serialize;
use time::OffsetDateTime;
use tokio::sync::mpsc;

use crate::Failure;
use crate::report::{self, Quantiles};

/// How much is waiting and how often it is measured.
#[derive(Debug, clap::Args)]
pub struct Load {
    /// Customers who wait.
    #[arg(long, default_value_t = 10_000)]
    waiting: usize,
    /// Rings that are measured.
    #[arg(long, default_value_t = 500)]
    rings: usize,
}

#[derive(Serialize)]
struct Figures {
    waiting: usize,
    rings: usize,
    assigned: Quantiles,
}

/// Wall time, as the server's.
struct Running {
    since: Instant,
    at: OffsetDateTime,
}

impl Clock for Running {
    fn now(&self) -> OffsetDateTime {
        self.at + self.since.elapsed()
    }
}

/// Rooms that nobody enters.
struct NoRooms;

impl Media for NoRooms {
    fn send(&self, _: RoomCommand) -> Result<(), MailboxFull> {
        Ok(())
    }
}

/// Measures, prints and writes it down.
///
/// # Errors
/// The store fails, or the hall does not answer.
pub fn measure(load: &Load) -> Result<(), Failure> {
    tokio::runtime::Runtime::new()?.block_on(run(load))
}

async fn run(load: &Load) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let service = open(folder.path()).await?;
    let codes = invite(&service, load.waiting).await?;
    let (hall, handle, backlog) = Hall::open(service.clone(), Arc::new(NoRooms), HallSettings::default()).await?;
    tokio::spawn(hall.run(backlog));
    println!("{} customers join the queue …", codes.len());
    for code in codes {
        wait_in_line(&handle, code).await;
    }
    let mut seat = Seat::sit_down(&service, &handle).await?;
    let mut samples = Vec::with_capacity(load.rings);
    let mut interview = seat.ring().await?;
    for _ in 0..load.rings {
        seat.ask(SeatAsk::Accept { interview }).await;
        let began = Instant::now();
        seat.ask(SeatAsk::HangUp { interview }).await;
        interview = seat.ring_after(interview).await?;
        samples.push(began.elapsed());
    }
    let figures = Figures { waiting: load.waiting, rings: load.rings, assigned: Quantiles::of(samples) };
    let Quantiles { p50_ms, p95_ms, p99_ms, max_ms } = figures.assigned;
    println!(
        "assigned while {} wait: p50 {p50_ms:.2} ms, p95 {p95_ms:.2} ms, p99 {p99_ms:.2} ms, worst {max_ms:.2} ms (bar: p99 50 ms)",
        load.waiting
    );
    report::write("queue", &figures)
}

async fn open(folder: &std::path::Path) -> Result<Arc<Service>, Failure> {
    let store = Store::open(&folder.join("db").to_string_lossy()).await?;
    store.migrate().await?;
    let objects = Objects::on_disk(&folder.join("objects"))?;
    let settings = Settings {
        link_keys: LinkKeys::new("1", [7; 32]),
        vault: Vault::new([9; 32]),
        seal_key: SealKey::from_seed(&[8; 32]),
        link_life: time::Duration::days(7),
    };
    let clock = Running { since: Instant::now(), at: OffsetDateTime::now_utc() };
    let service = Arc::new(Service::new(store, objects, Arc::new(clock), Box::new(Seeded::new(1)), settings));
    setup::add_tenant(&service, "BANK", "银行", time::UtcOffset::UTC, None).await?;
    let password = Secret::new("long-enough-password".into());
    setup::add_user(&service, "BANK", "agent", "王敏", vec![Role::Seat], &password).await?;
    setup::add_queue(&service, "BANK", "1", "面签", 0, Hours::Always, &["agent".to_owned()]).await?;
    Ok(service)
}

/// Orders and links of people who have agreed to the recording, in one transaction.
async fn invite(service: &Service, count: usize) -> Result<Vec<String>, Failure> {
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let tenant = tx.tenants().lookup_by_code("BANK").await?.ok_or("the tenant was just made")?.id;
    let queue = tx.queues().lookup_by_number(tenant, "1").await?.ok_or("the queue was just made")?.id;
    let mut codes = Vec::with_capacity(count);
    for number in 0..count {
        let person = Person {
            id: service.draw(|random| PersonId::mint(now, random)),
            role: PersonRole::Borrower,
            name: format!("客户{number}"),
            id_type: "id_card".into(),
            id_no: format!("{number:018}"),
            mobile: "13800000000".into(),
        };
        let order = Order {
            id: service.draw(|random| OrderId::mint(now, random)),
            tenant,
            business_no: format!("B{number}"),
            product_name: "华楼通".into(),
            queue,
            people: vec![person.clone()],
            details: Vec::new(),
            identity_check: false,
            created_at: now,
        };
        let code = format!("code{number:020}");
        let invitation = Invitation {
            id: service.draw(|random| InvitationId::mint(now, random)),
            tenant,
            order: order.id,
            person: person.id,
            code_hash: sha256(&code),
            created_at: now,
            expires_at: now + time::Duration::days(1),
            used_at: None,
            consent: Consent { recording_at: Some(now), face_at: None, version: Some("bench".into()) },
            return_url: None,
        };
        tx.orders().insert(&order).await?;
        tx.invitations().insert(&invitation).await?;
        codes.push(code);
    }
    tx.commit().await?;
    Ok(codes)
}

async fn wait_in_line(hall: &HallHandle, code: String) {
    let (outbox, mut tells) = mpsc::channel(256);
    let connection = hall.open(outbox).await;
    // Somebody must read what the page is told, or the hall gives the page up.
    tokio::spawn(async move { while tells.recv().await.is_some() {} });
    hall.hello_customer(connection, 1, CustomerHello { code, device: "bench".into(), takeover: false }).await;
    hall.customer(connection, 2, CustomerAsk::Enqueue).await;
}

struct Seat<'h> {
    hall: &'h HallHandle,
    connection: ConnectionId,
    tells: mpsc::Receiver<Tell>,
}

impl<'h> Seat<'h> {
    async fn sit_down(service: &Service, hall: &'h HallHandle) -> Result<Self, Failure> {
        let mut tx = service.store.read().await?;
        let user = tx.users().lookup_by_login("agent").await?.ok_or("the seat was just made")?;
        let (outbox, tells) = mpsc::channel(256);
        let connection = hall.open(outbox).await;
        hall.hello_seat(connection, 1, user.id).await;
        hall.seat(connection, 2, SeatAsk::Ready { on: true }).await;
        Ok(Self { hall, connection, tells })
    }

    async fn ask(&self, ask: SeatAsk) {
        self.hall.seat(self.connection, 3, ask).await;
    }

    async fn ring(&mut self) -> Result<InterviewId, Failure> {
        self.next_ring(None).await
    }

    async fn ring_after(&mut self, before: InterviewId) -> Result<InterviewId, Failure> {
        self.next_ring(Some(before)).await
    }

    async fn next_ring(&mut self, before: Option<InterviewId>) -> Result<InterviewId, Failure> {
        loop {
            let tell =
                tokio::time::timeout(Duration::from_secs(120), self.tells.recv()).await?.ok_or("the hall is gone")?;
            match tell {
                Tell::State(state) => {
                    if let State::Desk(desk) = *state
                        && let Some(ringing) = desk.ringing.filter(|ringing| Some(ringing.interview) != before)
                    {
                        return Ok(ringing.interview);
                    }
                }
                Tell::Error { message, .. } => return Err(message.into()),
                Tell::Ok { .. }
                | Tell::Answer { .. }
                | Tell::CheckAnswer { .. }
                | Tell::Offer { .. }
                | Tell::Quality { .. }
                | Tell::Limit { .. }
                | Tell::Mute { .. }
                | Tell::Pong
                | Tell::Close(_) => {}
            }
        }
    }
}
