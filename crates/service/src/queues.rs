//! Queues as an admin or a business system sets them up. The hall reads a queue anew each time somebody joins it.

use std::collections::BTreeMap;

use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::QueueId;
use mingjian_domain::interview::State;
use mingjian_domain::queue::{Hours, Queue};
use mingjian_domain::user::Role;
use mingjian_store::{QueueNote, Tx};
use time::OffsetDateTime;
use uuid::Timestamp;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// Who may change queues.
const KEEPERS: [Role; 1] = [Role::TenantAdmin];
/// Letters of a name and of a description, as the documents limit them.
const LONGEST_NAME: usize = 64;
const LONGEST_DESCRIPTION: usize = 200;
/// The first number of an installation that has none.
const FIRST_NUMBER: u64 = 1_001;

/// Which queue is meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WhichQueue {
    /// By its number.
    Number(String),
    /// By its name, which must be one queue's alone.
    Name(String),
}

/// What a queue is to be; what is none stays as it is, or is what is usual.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueWishes {
    /// What people read.
    pub name: Option<String>,
    /// Higher is served first.
    pub priority: Option<u8>,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it is for every project.
    pub for_all: Option<bool>,
}

/// A queue with all that is known of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct QueueState {
    /// The queue.
    pub queue: Queue,
    /// What is noted of it.
    pub note: QueueNote,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Seats that are at it.
    pub seats: usize,
    /// Customers who wait.
    pub waiting: usize,
    /// Those who are being connected.
    pub ringing: usize,
    /// Those who talk.
    pub talking: usize,
    /// Since when the one waits who waits longest.
    pub waits_since: Option<OffsetDateTime>,
}

/// Makes a queue, always open, with a number of its own.
///
/// # Errors
/// [`Conflict::NameTaken`] when the tenant has one of that name; [`Error::Invalid`] for a name or description that is none;
/// [`Error::Denied`] for a user who is no tenant admin.
pub async fn add_queue(service: &Service, caller: &Caller, wishes: &QueueWishes) -> Result<QueueState> {
    caller.entitled(&KEEPERS)?;
    check(wishes)?;
    let name = wishes.name.clone().ok_or_else(|| Error::Invalid("缺少队列名称".to_owned()))?;
    let now = service.now();
    let mut tx = service.store.begin().await?;
    let all = tx.queues().list_all().await?;
    if all.iter().any(|queue| queue.tenant == caller.tenant() && queue.name == name) {
        return Err(Conflict::NameTaken(name).into());
    }
    let highest = all.iter().filter_map(|queue| queue.number.parse::<u64>().ok()).max();
    let number = highest.map_or(FIRST_NUMBER, |highest| highest + 1).to_string();
    let queue = Queue {
        id: service.draw(|random| QueueId::mint(now, random)),
        tenant: caller.tenant(),
        number,
        name,
        priority: wishes.priority.unwrap_or(0),
        hours: Hours::Always,
    };
    tx.queues().insert(&queue).await?;
    let note = QueueNote {
        description: wishes.description.clone().unwrap_or_default(),
        for_all: wishes.for_all.unwrap_or(false),
        changed_at: None,
    };
    tx.queue_notes().put(queue.id, &note).await?;
    line(service, &mut tx, caller, "add_queue", &queue).await?;
    tx.commit().await?;
    Ok(QueueState {
        created_at: made_at(queue.id),
        queue,
        note,
        seats: 0,
        waiting: 0,
        ringing: 0,
        talking: 0,
        waits_since: None,
    })
}

/// Changes a queue.
///
/// # Errors
/// [`Error::Missing`]; [`Conflict::AmbiguousName`]; [`Conflict::NameTaken`]; [`Error::Invalid`]; [`Error::Denied`].
pub async fn modify_queue(service: &Service, caller: &Caller, which: &WhichQueue, wishes: &QueueWishes) -> Result<()> {
    caller.entitled(&KEEPERS)?;
    check(wishes)?;
    let mut tx = service.store.begin().await?;
    let queue = find(&mut tx, caller, which).await?;
    if let Some(name) = &wishes.name {
        let others = tx.queues().list(caller.tenant()).await?;
        if others.iter().any(|other| other.id != queue.id && other.name == *name) {
            return Err(Conflict::NameTaken(name.clone()).into());
        }
    }
    let changed = Queue {
        name: wishes.name.clone().unwrap_or_else(|| queue.name.clone()),
        priority: wishes.priority.unwrap_or(queue.priority),
        ..queue
    };
    tx.queues().save(&changed).await?;
    let note = tx.queue_notes().lookup(changed.id).await?;
    let note = QueueNote {
        description: wishes.description.clone().unwrap_or(note.description),
        for_all: wishes.for_all.unwrap_or(note.for_all),
        changed_at: Some(service.now()),
    };
    tx.queue_notes().put(changed.id, &note).await?;
    line(service, &mut tx, caller, "modify_queue", &changed).await?;
    tx.commit().await
}

/// Deletes a queue in which nobody has ever been: what was recorded in a queue keeps its queue.
///
/// # Errors
/// [`Error::Missing`]; [`Conflict::AmbiguousName`]; [`Conflict::WrongState`] for one that was used; [`Error::Denied`].
pub async fn delete_queue(service: &Service, caller: &Caller, which: &WhichQueue) -> Result<()> {
    caller.entitled(&KEEPERS)?;
    let mut tx = service.store.begin().await?;
    let queue = find(&mut tx, caller, which).await?;
    if tx.queues().is_used(queue.id).await? {
        return Err(Conflict::WrongState.into());
    }
    tx.queues().delete(queue.id).await?;
    line(service, &mut tx, caller, "delete_queue", &queue).await?;
    tx.commit().await
}

/// The tenant's queues as they are now, by number.
///
/// # Errors
/// [`Error::Denied`] for a user who has nothing to do with queues.
pub async fn list_queues(service: &Service, caller: &Caller) -> Result<Vec<QueueState>> {
    caller.entitled(&[Role::TenantAdmin, Role::Supervisor])?;
    let mut tx = service.store.read().await?;
    let queues = tx.queues().list(caller.tenant()).await?;
    let mut seats: BTreeMap<QueueId, usize> = BTreeMap::new();
    for membership in tx.memberships().list_all().await? {
        *seats.entry(membership.queue).or_default() += 1;
    }
    let open = tx.interviews().list_open().await?;
    let mut states = Vec::with_capacity(queues.len());
    for queue in queues {
        let mut state = QueueState {
            note: tx.queue_notes().lookup(queue.id).await?,
            created_at: made_at(queue.id),
            seats: seats.get(&queue.id).copied().unwrap_or(0),
            waiting: 0,
            ringing: 0,
            talking: 0,
            waits_since: None,
            queue,
        };
        for interview in open.iter().filter(|interview| interview.queue == state.queue.id) {
            match interview.state {
                State::Waiting => {
                    state.waiting += 1;
                    let since = state.waits_since.map_or(interview.joined_at, |since| since.min(interview.joined_at));
                    state.waits_since = Some(since);
                }
                State::Ringing { .. } => state.ringing += 1,
                State::InCall(_) => state.talking += 1,
                State::Abandoned { .. } | State::Ended { .. } => {}
            }
        }
        states.push(state);
    }
    Ok(states)
}

fn check(wishes: &QueueWishes) -> Result<()> {
    let name = wishes.name.as_deref().map(|name| (name, name.trim().is_empty(), LONGEST_NAME, "队列名称"));
    let description = wishes.description.as_deref().map(|text| (text, false, LONGEST_DESCRIPTION, "队列描述"));
    for (text, is_empty, longest, what) in name.into_iter().chain(description) {
        if is_empty || text.chars().count() > longest || text.chars().any(char::is_control) {
            return Err(Error::Invalid(format!("{what}最多 {longest} 个字，不能为空或含有控制字符")));
        }
    }
    Ok(())
}

async fn find(tx: &mut Tx, caller: &Caller, which: &WhichQueue) -> Result<Queue> {
    let missing = || Error::Missing(Noun::Queue);
    match which {
        WhichQueue::Number(number) => tx.queues().lookup_by_number(caller.tenant(), number).await?.ok_or_else(missing),
        WhichQueue::Name(name) => {
            let queues = tx.queues().list(caller.tenant()).await?;
            let mut named = queues.into_iter().filter(|queue| queue.name == *name);
            let first = named.next().ok_or_else(missing)?;
            if named.next().is_some() { Err(Conflict::AmbiguousName(name.clone()).into()) } else { Ok(first) }
        }
    }
}

async fn line(service: &Service, tx: &mut Tx, caller: &Caller, action: &'static str, queue: &Queue) -> Result<()> {
    let subject = Subject { noun: "queue", id: queue.id.to_string() };
    let detail = serde_json::json!({ "number": queue.number }).to_string();
    tx.audit().append(&service.audit_line(Act::of(caller), action, subject, Some(detail))).await
}

/// A queue's id tells when it was made (RFC 9562 section 5.7).
fn made_at(id: QueueId) -> OffsetDateTime {
    let (seconds, nanos) = id.as_uuid().get_timestamp().as_ref().map_or((0, 0), Timestamp::to_unix);
    let at = i64::try_from(seconds).ok().and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
    at.unwrap_or(OffsetDateTime::UNIX_EPOCH) + time::Duration::nanoseconds(nanos.into())
}
