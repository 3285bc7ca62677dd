//! A bank with people and business, made from a seed.

use mingjian_domain::audit::{Actor, AuditLine};
use mingjian_domain::error::Result;
use mingjian_domain::id::{
    AuditId, InterviewId, InvitationId, JobId, OrderId, ParticipantId, PersonId, QueueId, RecordingId, RoomId,
    SessionId, TenantId, TrackId, UserId,
};
use mingjian_domain::interview::{Interview, State};
use mingjian_domain::job::{Job, JobState, Work};
use mingjian_domain::order::{Consent, Detail, Invitation, Order, Person, PersonRole};
use mingjian_domain::queue::{Hours, Queue};
use mingjian_domain::random::Randomness;
use mingjian_domain::recording::journal::Source;
use mingjian_domain::recording::{Recording, State as RecordingState, Track};
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::{CallbackTarget, Tenant};
use mingjian_domain::user::{Lockout, Role, Session, User};
use mingjian_store::Store;
use mingjian_testkit::random::Seeded;
use time::macros::{datetime, offset};
use time::{Duration, OffsetDateTime};

/// With microseconds, so that a store that drops them is found out.
pub const NOON: OffsetDateTime = datetime!(2026-11-23 12:00:00.123456 UTC);

/// Makes things; each is a millisecond younger than the one before.
pub struct Maker {
    pub random: Seeded,
    pub now: OffsetDateTime,
}

/// A tenant with a seat and a queue, in the store.
pub struct Bank {
    pub tenant: Tenant,
    pub seat: User,
    pub queue: Queue,
}

impl Maker {
    pub fn new() -> Self {
        Self { random: Seeded::new(1), now: NOON }
    }

    fn tick(&mut self) -> OffsetDateTime {
        self.now += Duration::milliseconds(1);
        self.now
    }

    pub fn hash(&mut self) -> [u8; 32] {
        let mut hash = [0; 32];
        self.random.fill(&mut hash);
        hash
    }

    pub fn tenant(&mut self, code: &str) -> Tenant {
        let now = self.tick();
        Tenant {
            id: TenantId::mint(now, &mut self.random),
            code: code.to_owned(),
            name: format!("{code} 银行"),
            zone: offset!(+8),
            callback: Some(CallbackTarget {
                url: "https://bank.example/results".into(),
                secret: Secret::new("callback-key".into()),
            }),
            created_at: now,
        }
    }

    pub fn user(&mut self, tenant: &Tenant, login: &str) -> User {
        let now = self.tick();
        User {
            id: UserId::mint(now, &mut self.random),
            tenant: tenant.id,
            login: login.to_owned(),
            name: format!("坐席 {login}"),
            department: None,
            roles: vec![Role::Seat, Role::Reviewer],
            password_hash: Some(Secret::new("$argon2id$…".into())),
            lockout: Lockout::default(),
        }
    }

    pub fn session(&mut self, user: &User) -> Session {
        let now = self.tick();
        Session {
            id: SessionId::mint(now, &mut self.random),
            user: user.id,
            token_hash: self.hash(),
            csrf_token: Secret::new("csrf".into()),
            created_at: now,
            expires_at: now + Session::LIFETIME,
        }
    }

    pub fn queue(&mut self, tenant: &Tenant, number: &str) -> Queue {
        let now = self.tick();
        Queue {
            id: QueueId::mint(now, &mut self.random),
            tenant: tenant.id,
            number: number.to_owned(),
            name: "个贷面签".into(),
            priority: 5,
            hours: "1-5 09:00-12:00, 6 10:00-16:00".parse::<Hours>().expect("these are opening hours"),
        }
    }

    pub fn order(&mut self, bank: &Bank, business_no: &str) -> Order {
        let now = self.tick();
        let mut person = |role, name: &str| Person {
            id: PersonId::mint(now, &mut self.random),
            role,
            name: name.to_owned(),
            id_type: "id_card".into(),
            id_no: "330100199001011234".into(),
            mobile: "13800001234".into(),
        };
        let people = vec![person(PersonRole::Borrower, "张三"), person(PersonRole::Spouse, "李四")];
        Order {
            id: OrderId::mint(now, &mut self.random),
            tenant: bank.tenant.id,
            business_no: business_no.to_owned(),
            product_name: "华楼通".into(),
            queue: bank.queue.id,
            people,
            details: vec![Detail { label: "贷款金额".into(), value: "50 万元".into() }],
            identity_check: true,
            created_at: now,
        }
    }

    pub fn invitation(&mut self, order: &Order) -> Invitation {
        let now = self.tick();
        Invitation {
            id: InvitationId::mint(now, &mut self.random),
            tenant: order.tenant,
            order: order.id,
            person: order.people[0].id,
            code_hash: self.hash(),
            created_at: now,
            expires_at: now + Invitation::LIFETIME,
            used_at: None,
            consent: Consent::default(),
            return_url: Some("https://bank.example/done".into()),
        }
    }

    pub fn interview(&mut self, order: &Order, number: &str) -> Interview {
        let now = self.tick();
        Interview {
            id: InterviewId::mint(now, &mut self.random),
            tenant: order.tenant,
            order: order.id,
            queue: order.queue,
            number: number.to_owned(),
            room: RoomId::mint(now, &mut self.random),
            joined_at: now,
            wait_ms: None,
            recording: None,
            check: None,
            state: State::Waiting,
        }
    }

    pub fn recording(&mut self, tenant: &Tenant, interview: Option<&Interview>) -> Recording {
        let now = self.tick();
        let id = RecordingId::mint(now, &mut self.random);
        Recording {
            id,
            tenant: tenant.id,
            interview: interview.map(|interview| interview.id),
            room: RoomId::mint(now, &mut self.random),
            folder: Recording::folder_for(&tenant.code, id, now),
            started_at: now,
            state: RecordingState::Recording,
        }
    }

    pub fn track(&mut self, recording: &Recording, file: &str) -> Track {
        let now = self.tick();
        Track {
            id: TrackId::mint(now, &mut self.random),
            recording: recording.id,
            participant: ParticipantId::mint(now, &mut self.random),
            source: Source::Camera,
            file: file.to_owned(),
            from_ms: 250,
            closed: None,
        }
    }

    pub fn job(&mut self, tenant: &Tenant, run_at: OffsetDateTime) -> Job {
        let now = self.tick();
        Job {
            id: JobId::mint(now, &mut self.random),
            tenant: tenant.id,
            work: Work::DeliverCallback {
                url: "https://bank.example/results".into(),
                body: r#"{"b":1,"a":"张三 \u0000"}"#.into(),
                business_no: "A1".into(),
            },
            created_at: now,
            state: JobState::Pending { run_at },
            attempts: 0,
            last_status: None,
            last_error: None,
        }
    }

    pub fn audit_line(&mut self, tenant: Option<TenantId>, actor: Actor) -> AuditLine {
        let now = self.tick();
        AuditLine {
            id: AuditId::mint(now, &mut self.random),
            tenant,
            at: now,
            actor,
            action: "create_order",
            subject: "order",
            subject_id: "A1".into(),
            detail: Some(r#"{"people":2}"#.into()),
            address: Some("127.0.0.1".into()),
        }
    }

    /// Puts a tenant with one seat and one queue into the store.
    pub async fn bank(&mut self, store: &Store, code: &str, number: &str) -> Result<Bank> {
        let tenant = self.tenant(code);
        let seat = self.user(&tenant, &format!("agent@{code}"));
        let queue = self.queue(&tenant, number);
        let mut tx = store.begin().await?;
        tx.tenants().insert(&tenant).await?;
        tx.users().insert(&seat).await?;
        tx.queues().insert(&queue).await?;
        tx.commit().await?;
        Ok(Bank { tenant, seat, queue })
    }

    /// Puts an order with a waiting interview into the store.
    pub async fn business(&mut self, store: &Store, bank: &Bank, business_no: &str) -> Result<(Order, Interview)> {
        let order = self.order(bank, business_no);
        let interview = self.interview(&order, &format!("20261123-{business_no}"));
        let mut tx = store.begin().await?;
        tx.orders().insert(&order).await?;
        tx.interviews().insert(&interview).await?;
        tx.commit().await?;
        Ok((order, interview))
    }
}
