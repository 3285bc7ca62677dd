//! The demo: two institutions with users, queues, keys and orders, made once in a new data folder.
//!
//! Every name, number and mobile here is invented: the ID numbers have a right check character and a district code (999999)
//! that does not exist, the mobiles are of a range that is not given out.

mod archive;
mod cast;

use mingjian_domain::error::Result;
use mingjian_domain::id::{DepartmentId, OrderId, PersonId, QueueId, RoomId, TenantId, UserId};
use mingjian_domain::interface::{Interface, Switches};
use mingjian_domain::meeting_room::MeetingRoom;
use mingjian_domain::order::{Detail, Order, Person, PersonRole};
use mingjian_domain::queue::{Hours, Membership, Queue};
use mingjian_domain::secret::Secret;
use mingjian_domain::tenant::{ApiKey, Department, Tenant};
use mingjian_domain::user::{Lockout, User};
use mingjian_store::{GatheringRow, Script};
use time::macros::offset;

use crate::Service;
use crate::access::password::hash_password;
use crate::tokens::sha256;
use crate::{interfaces, rooms};

/// Which secrets the demo gets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Passwords {
    /// Those that are written in the manual: only for a server that nobody else can reach.
    Fixed,
    /// New ones, of 128 random bits each.
    Random,
}

/// What a person must be told to try the demo.
#[derive(Debug)]
pub struct Planted {
    /// Who can log in, in the order of the manual.
    pub accounts: Vec<Account>,
    /// The native API keys.
    pub keys: Vec<Key>,
}

/// Somebody who can log in.
#[derive(Debug)]
pub struct Account {
    /// Code of the tenant.
    pub tenant: &'static str,
    /// The login.
    pub login: &'static str,
    /// What people read.
    pub name: &'static str,
    /// The password.
    pub password: Secret,
}

/// A native API key.
#[derive(Debug)]
pub struct Key {
    /// Code of the tenant.
    pub tenant: &'static str,
    /// What stands behind `Bearer`.
    pub key: Secret,
}

/// Makes the demo's institutions, all or none. None when they are there already: their secrets are then those of the first time.
///
/// # Errors
/// [`mingjian_domain::error::Error::Fault`].
pub async fn plant(service: &Service, passwords: Passwords) -> Result<Option<Planted>> {
    let mut tx = service.store.read().await?;
    let there = tx.tenants().lookup_by_code(cast::TENANTS[0].code).await?.is_some();
    drop(tx);
    if there {
        return Ok(None);
    }
    let mut planted = Planted { accounts: Vec::new(), keys: Vec::new() };
    let mut hashes = Vec::new();
    for user in cast::TENANTS.iter().flat_map(|tenant| tenant.users.iter().map(move |user| (tenant.code, user))) {
        let (tenant, user) = user;
        let password = match passwords {
            Passwords::Fixed => Secret::new(cast::PASSWORD.to_owned()),
            Passwords::Random => service.mint_code(),
        };
        hashes.push(hash_password(service, &password).await?);
        planted.accounts.push(Account { tenant, login: user.login, name: user.name, password });
    }
    let mut hashes = hashes.into_iter();
    let mut tx = service.store.begin().await?;
    for cast in &cast::TENANTS {
        let key = match passwords {
            Passwords::Fixed => Secret::new(format!("mk_demo_{}", cast.code)),
            Passwords::Random => Secret::new(format!("mk_{}", service.mint_code().expose())),
        };
        let users = hashes.by_ref().take(cast.users.len()).collect();
        let tenant = plant_tenant(service, &mut tx, cast, &key, users, passwords).await?;
        interfaces::put(service, &mut tx, &interface(service, tenant, &cast.machine, passwords)).await?;
        if cast.code == cast::TENANTS[0].code {
            plant_scripts(service, &mut tx, tenant).await?;
        }
        planted.keys.push(Key { tenant: cast.code, key });
    }
    tx.commit().await?;
    Ok(Some(planted))
}

/// What the tenant's business systems prove themselves with. The switches are those of the manual: calls without a signature
/// and GET from pages are for trying things out on this machine alone.
fn interface(service: &Service, tenant: TenantId, cast: &cast::Machine, passwords: Passwords) -> Interface {
    let secret = |fixed: &str| match passwords {
        Passwords::Fixed => Secret::new(fixed.to_owned()),
        Passwords::Random => service.mint_token(),
    };
    let switches = match passwords {
        Passwords::Fixed => Switches {
            video_unsigned_from: ["127.0.0.0/8", "::1"]
                .iter()
                .filter(|_| cast.bare_calls)
                .filter_map(|network| network.parse().ok())
                .collect(),
            return_origins: ["http://127.0.0.1", "http://localhost"].map(str::to_owned).to_vec(),
            netdisk_get_from: Some(["http://127.0.0.1", "http://localhost"].map(str::to_owned).to_vec()),
            ..Switches::default()
        },
        Passwords::Random => Switches::default(),
    };
    Interface {
        tenant,
        ent_id: cast.ent_id,
        comp_id: cast.comp_id,
        comp_secret: secret(cast.comp_secret),
        app_id: cast.app_id.to_owned(),
        app_secret: secret(cast.app_secret),
        meeting_auth: match passwords {
            Passwords::Fixed => Some(secret(cast.meeting_auth)),
            Passwords::Random => None,
        },
        api_id: cast.api_id.to_owned(),
        api_key: secret(cast.api_key),
        switches,
    }
}

/// What is read out at the counter of the first tenant.
async fn plant_scripts(service: &Service, tx: &mut mingjian_store::Tx, tenant: TenantId) -> Result<()> {
    for (video_type, text) in cast::SCRIPTS {
        let script = Script { video_type: video_type.to_owned(), text: text.to_owned(), changed_at: service.now() };
        tx.scripts().put(tenant, &script).await?;
    }
    Ok(())
}

async fn plant_tenant(
    service: &Service,
    tx: &mut mingjian_store::Tx,
    cast: &cast::Institution,
    key: &Secret,
    hashes: Vec<Secret>,
    passwords: Passwords,
) -> Result<TenantId> {
    let now = service.now();
    let tenant = Tenant {
        id: service.draw(|random| TenantId::mint(now, random)),
        code: cast.code.to_owned(),
        name: cast.name.to_owned(),
        zone: offset!(+8),
        callback: None,
        created_at: now,
    };
    tx.tenants().insert(&tenant).await?;
    tx.codes().begin(tenant.id).await?;
    let hash = sha256(key.expose());
    tx.api_keys()
        .insert(&ApiKey { hash, tenant: tenant.id, name: "demo".to_owned(), created_at: now, revoked_at: None })
        .await?;
    let department = Department {
        id: service.draw(|random| DepartmentId::mint(now, random)),
        tenant: tenant.id,
        code: cast.department.0.to_owned(),
        name: cast.department.1.to_owned(),
        parent: None,
    };
    tx.departments().insert(&department).await?;
    archive::plant(service, tx, &tenant, &department, &cast.archive).await?;
    let mut seats = Vec::new();
    for (user, hash) in cast.users.iter().zip(hashes) {
        let id = service.draw(|random| UserId::mint(now, random));
        seats.push((user.login, id));
        tx.users()
            .insert(&User {
                id,
                tenant: tenant.id,
                login: user.login.to_owned(),
                name: user.name.to_owned(),
                department: Some(department.id),
                roles: user.roles.to_vec(),
                password_hash: Some(hash),
                lockout: Lockout::default(),
            })
            .await?;
    }
    for line in cast.queues {
        let queue = Queue {
            id: service.draw(|random| QueueId::mint(now, random)),
            tenant: tenant.id,
            number: line.number.to_owned(),
            name: line.name.to_owned(),
            priority: 0,
            hours: Hours::Always,
        };
        tx.queues().insert(&queue).await?;
        for &(_, seat) in seats.iter().filter(|(login, _)| line.seats.contains(login)) {
            tx.memberships().set(&Membership { queue: queue.id, seat, priority: 0 }).await?;
        }
        for order in cast.orders.iter().filter(|order| order.queue == line.number) {
            let person = Person {
                id: service.draw(|random| PersonId::mint(now, random)),
                role: PersonRole::Borrower,
                name: order.customer.to_owned(),
                id_type: "id_card".to_owned(),
                id_no: order.id_no.to_owned(),
                mobile: order.mobile.to_owned(),
            };
            let detail = |&(label, value): &(&str, &str)| Detail { label: label.to_owned(), value: value.to_owned() };
            tx.orders()
                .insert(&Order {
                    id: service.draw(|random| OrderId::mint(now, random)),
                    tenant: tenant.id,
                    business_no: order.business_no.to_owned(),
                    product_name: order.product.to_owned(),
                    queue: queue.id,
                    people: vec![person],
                    details: order.details.iter().map(detail).collect(),
                    identity_check: order.identity_check,
                    created_at: now,
                })
                .await?;
        }
    }
    plant_rooms(service, tx, cast, tenant.id, passwords).await?;
    Ok(tenant.id)
}

/// The meeting rooms. Those that are started stay open without people, so that they can be tried at any time.
async fn plant_rooms(
    service: &Service,
    tx: &mut mingjian_store::Tx,
    cast: &cast::Institution,
    tenant: TenantId,
    passwords: Passwords,
) -> Result<()> {
    let now = service.now();
    for meeting in cast.rooms {
        let pin = |fixed: &str| match passwords {
            Passwords::Fixed => Secret::new(fixed.to_owned()),
            Passwords::Random => rooms::drawn_pin(service),
        };
        let room = MeetingRoom {
            id: service.draw(|random| RoomId::mint(now, random)),
            tenant,
            number: meeting.number.to_owned(),
            name: meeting.name.to_owned(),
            record_allowed: meeting.allowed,
            live_allowed: meeting.allowed,
            stays_open: meeting.started,
            created_at: now,
        };
        tx.rooms().insert(&rooms::seal(service, room.clone(), &pin(cast::HOST_PIN), &pin(cast::GUEST_PIN))).await?;
        if meeting.started {
            let row = GatheringRow {
                room: room.id,
                tenant,
                number: Some(room.number),
                name: room.name,
                must_record: false,
                stays_open: room.stays_open,
                may_record: room.record_allowed,
                opened_at: now,
                locked_at: None,
                recording: None,
            };
            tx.gatherings().put(&row).await?;
        }
    }
    Ok(())
}
