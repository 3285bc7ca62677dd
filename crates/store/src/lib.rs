//! What survives a restart: rows in SQLite or PostgreSQL, and objects on disk.
//!
//! ```text
//! let store = Store::open("/data/mingjian.db").await?;       // or postgres://…
//! store.migrate().await?;
//!
//! let mut tx = store.begin().await?;                         // may write; `store.read()` for one that only reads
//! tx.orders().insert(&order).await?;
//! tx.audit().append(&line).await?;
//! tx.commit().await?;                                        // on disk when this returns; dropped, nothing of it counts
//! ```
//!
//! One file per aggregate, one SQL text for both engines; `dialect.rs` holds the few that differ. Rules that hold
//! for all of them:
//!
//! - `lookup` gives an `Option`. What belongs to a tenant is asked for with the tenant; `lookup_any`, `list_all`,
//!   `list_open` and `list_growing` are for the server itself, never with an id that a caller named.
//! - After an error a transaction is good for nothing but being dropped.
//! - Moments are kept to the microsecond, and what is finer is cut off.
//! - Lists come newest first, in pages ([`Page`], [`Paged`]) that do not shift when something is added.
//! - Transactions are short: SQLite has one writer, so nothing else is waited for inside of one.
//! - In a transaction that writes, `interviews().lookup…`, `interviews().open_of_order`, `users().lookup_by_login`,
//!   `invitations().lookup_any`, `files().lookup` and `folders().lookup` keep everybody else from changing that row until the end: read, ask the domain, save.
//!
//! | repository | what it can do |
//! |---|---|
//! | [`tenants`](Tx::tenants) | `insert` `set_callback(id, callback)` `lookup(id)` `lookup_by_code(code)` `list()` |
//! | [`departments`](Tx::departments) | `insert` `list(tenant)` |
//! | [`api_keys`](Tx::api_keys) | `insert` `lookup_by_hash(hash)` `list(tenant)`: not those taken back; `revoke(tenant, hash, now)` |
//! | [`interfaces`](Tx::interfaces) | `put` `set_switches(tenant, switches)` `next_numbers()` `list_all()` `lookup(tenant)` `lookup_to_change(tenant)` `lookup_by_comp_id(id)` `lookup_by_app_id(id)` `lookup_by_meeting_hash(hash)` |
//! | [`users`](Tx::users) | `insert` `lookup(tenant, id)` `lookup_any(id)` `lookup_by_login(login)` `set_lockout(id, lockout)` `set_password_hash(id, hash)` `list(tenant)` |
//! | [`sessions`](Tx::sessions) | `insert` `lookup_by_token_hash(hash)` → (session, user) `delete(id)` `delete_expired(now)` |
//! | [`queue_notes`](Tx::queue_notes) | `put(queue, note)` `lookup(queue)` |
//! | [`queues`](Tx::queues) | `insert` `save` `delete(id)` `is_used(id)` `lookup(tenant, id)` `lookup_by_number(tenant, number)` `list(tenant)` `list_all()` |
//! | [`memberships`](Tx::memberships) | `set` `list_of_seat(seat)` `list_all()` |
//! | [`orders`](Tx::orders) | `insert` `lookup(tenant, id)` `lookup_by_business_no(tenant, no)` `lookup_any(id)` |
//! | [`invitations`](Tx::invitations) | `insert` `lookup_by_code_hash(hash)` `lookup_any(id)` `set_consent(id, consent)` `mark_used_of_order(order, now)` |
//! | [`interviews`](Tx::interviews) | `insert` `save` `lookup(tenant, id)` `lookup_any(id)` `lookup_row(tenant, id)` `open_of_order(order)` `list_open()` `list(tenant, filter, page)` `recent_of_seat(seat, limit)` |
//! | [`rooms`](Tx::rooms) | `insert` `save` `delete(id, now)` `lookup_by_number(tenant, number)` `lookup_any(number)` `lookup_by_id(tenant, id)` `list(tenant, page)` |
//! | [`broadcasts`](Tx::broadcasts) | `insert` `end(id, now)` `lookup_live(room)` `lookup_by_code(code)` `add_tape` `list_tapes(id)` `list_to_sweep()` `mark_swept(tape, now)` |
//! | [`gatherings`](Tx::gatherings) | `put` `lookup(room)` `list_open()` `delete(room)` |
//! | [`admissions`](Tx::admissions) | `insert` `save` `lookup_by_ticket_hash(hash)` `lookup_by_device_hash(room, hash)` `delete(participant)` |
//! | [`counters`](Tx::counters) | `next(tenant, name, day)` |
//! | [`recordings`](Tx::recordings) | `insert` `set_state(id, state)` `delete(id, now)` `lookup(tenant, id)` `lookup_any(id)` `lookup_row(tenant, id)` `lookup_by_interview(tenant, interview)` `list_growing()` `list(tenant, filter, page)` |
//! | [`tracks`](Tx::tracks) | `insert` `close(id, closed)` `delete(id)` `list(recording)` `lookup_any(id)` |
//! | [`speakers`](Tx::speakers) | `upsert` `list(recording)` |
//! | [`gaps`](Tx::gaps), [`marks`](Tx::marks) | `insert` `list(recording)` |
//! | [`folders`](Tx::folders) | `insert` `open(tenant, path, now)`: made where it is missing; `lookup(tenant, id)` `lookup_by_path(tenant, path)` `list(parent, after, limit)` |
//! | [`files`](Tx::files) | `insert` → its number; `make_whole(file, content, now)`: listed from then on; `replace(file, content)` `delete(file, now)` `page(folder, as_of, offset, limit)` `lookup(tenant, id)` `lookup_any(id)` `lookup_by_path(tenant, path)` `lookup_by_recording(tenant, recording)` `set_keeping` `revoke_links(id)` `usage(tenant)` `has_object(key)` |
//! | [`tombstones`](Tx::tombstones) | `insert` `lookup(tenant, file)` |
//! | [`visits`](Tx::visits) | `insert` `lookup_by_ticket_hash(hash)` `open(visit)` `lookup_by_token_hash(hash)` `delete_made_before(moment)`; nonces of signed calls: `use_nonce` `delete_nonces_before(moment)` |
//! | [`takes`](Tx::takes) | `insert` `save` `lookup(tenant, id)` `lookup_any(id)` `lookup_by_recording(recording)` `list_of_order(tenant, order)` `list_live()`; asked-for types: `ask_for` `types_of_order(tenant, order)` |
//! | [`take_uploads`](Tx::take_uploads) | `insert` `lookup(tenant, id)` `lookup_by_local_id(tenant, id)` `finish` `list_expired(now, limit)` `delete(id)` |
//! | [`scripts`](Tx::scripts) | `put(tenant, script)` `list(tenant)` |
//! | [`jobs`](Tx::jobs) | `enqueue` `claim(kinds, now, lease)`; with the claimed job `hold_until` `finish` `retry_at` `fail`; `list(tenant, kind, page)` `retry_now(tenant, kind, id, now)` |
//! | [`kept_answers`](Tx::kept_answers) | `claim(tenant, key, hash, now)` `lookup(tenant, key)` `keep(tenant, key, claimed_at, answer)` `release(tenant, key, claimed_at)` `forget(kept_since, worked_since)` |
//! | [`messages`](Tx::messages) | `insert` `lookup(tenant, id)` `last_to(tenant, hash)` `list(tenant, page)` `retry_now(tenant, id, now)` |
//! | [`connectors`](Tx::connectors) | `put` `lookup(tenant, kind)` `list(tenant)` `delete(tenant, kind)` |
//! | [`sheets`](Tx::sheets) | `put(tenant, order, sheet, now)` `lookup(tenant, order)` |
//! | [`embed_tokens`](Tx::embed_tokens) | `insert` `lookup_by_hash(hash)` `mark_used(hash, now)` `delete_expired(now)` |
//! | [`films`](Tx::films) | `ask(tenant, recording, job)` `put` `lookup(recording)` `delete(recording)` |
//! | [`codes`](Tx::codes) | `begin(tenant)` `put` `remove` `list(tenant, table)` `list_with_removed(tenant, table)` |
//! | [`clients`](Tx::clients) | `insert` `revoke(tenant, number, now)` `lookup(tenant, number)` `list(tenant)` |
//! | [`customers`](Tx::customers) | `insert` `insert_all` `save` `lookup_by_paper(tenant, paper)` `departments(tenant, id)` |
//! | [`accounts`](Tx::accounts) | `insert` `insert_all` `save` `lookup(tenant, id)` `lookup_by_key(tenant, key)` `list_at(tenant, ordinals)` |
//! | [`archive_index`](Tx::archive_index) | `lock(tenant)` → next ordinal, `apply(tenant, changes, next)` `count(tenant)` `search(tenant, filter, skip, limit)` |
//! | [`archive_files`](Tx::archive_files) | `insert` `keep(tenant, id, now)` `delete_temporary(id, by)` `lookup(tenant, id)` `departments(tenant, id)` |
//! | [`deposits`](Tx::deposits) | `insert` `insert_all` `set_discard` `lookup(tenant, id)` `lookup_row(tenant, id)` `has_code(account, code)` `list(tenant, account, page)` |
//! | [`materials`](Tx::materials) | `list(tenant, place)` |
//! | [`audit`](Tx::audit) | `append` `list(tenant, page)` |
//!
//! Bytes are in [`Objects`]: `size` `read` `get_range` `stream` `put_new` `delete`, `receive` for what comes piece by piece
//! ([`Incoming`], [`Received`]), `grow` for what comes over days, `leave` and `settle` for what goes with its row,
//! `draft`/`keep` and `share` for the archive, and `root`/`path_of` for the recorder.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod api_keys;
mod archive;
mod audit;
mod broadcasts;
mod connectors;
mod counters;
mod db;
mod departments;
mod dialect;
mod embed_tokens;
mod failure;
mod files;
mod films;
mod folders;
mod gatherings;
mod interfaces;
mod interviews;
mod invitations;
mod jobs;
mod kept_answers;
mod memberships;
mod messages;
mod migrations;
mod objects;
mod orders;
mod page;
mod queue_notes;
mod queues;
mod recordings;
mod rooms;
mod row;
mod scripts;
mod sessions;
mod sheets;
mod takes;
mod tenants;
mod timeline;
mod tracks;
mod users;
mod value;
mod visits;
mod words;

pub use api_keys::ApiKeys;
pub use archive::{
    AccountFilter, AccountRow, Accounts, ArchiveFiles, ArchiveIndex, Changes, Clients, Codes, Customers, DepositRow,
    Deposits, Dimension, Found, MaterialRow, Materials, NewMaterial,
};
pub use audit::{Audit, AuditRow};
pub use broadcasts::{Broadcast, BroadcastTape, Broadcasts};
pub use connectors::{ConnectorRow, Connectors};
pub use counters::Counters;
pub use db::{Store, Tx};
pub use departments::Departments;
pub use embed_tokens::EmbedTokens;
pub use files::{FileUsage, Files, FilesPage, Tombstones};
pub use films::{Film, Films};
pub use folders::Folders;
pub use gatherings::{AdmissionRow, Admissions, GatheringRow, Gatherings};
pub use interfaces::{InterfaceRow, Interfaces};
pub use interviews::{InterviewFilter, InterviewRow, Interviews};
pub use invitations::Invitations;
pub use jobs::Jobs;
pub use kept_answers::{KeptAnswer, KeptAnswers};
pub use memberships::Memberships;
pub use messages::{MessageRow, Messages};
pub use objects::{Draft, Growth, Incoming, Objects, Received};
pub use orders::Orders;
pub use page::{Page, Paged};
pub use queue_notes::{QueueNote, QueueNotes};
pub use queues::Queues;
pub use recordings::{RecordingFilter, RecordingRow, Recordings};
pub use rooms::{RoomRow, Rooms};
pub use scripts::{Script, Scripts};
pub use sessions::Sessions;
pub use sheets::Sheets;
pub use takes::{TakeUpload, TakeUploads, Takes};
pub use tenants::Tenants;
pub use timeline::{Gaps, Marks, Speakers};
pub use tracks::Tracks;
pub use users::Users;
pub use visits::Visits;

macro_rules! repositories {
    ($($(#[$doc:meta])* $name:ident: $repository:ident;)+) => {
        impl Tx {
            $($(#[$doc])*
            pub fn $name(&mut self) -> $repository<'_> {
                $repository(self)
            })+
        }
    };
}

repositories! {
    /// The tenants.
    tenants: Tenants;
    /// The departments.
    departments: Departments;
    /// The keys of the native API.
    api_keys: ApiKeys;
    /// Credentials and switches of the tenants' interfaces.
    interfaces: Interfaces;
    /// How the tenants' own servers are asked.
    connectors: Connectors;
    /// One-time tokens of business systems.
    embed_tokens: EmbedTokens;
    /// Text messages.
    messages: Messages;
    /// What a seat reads of an order beside its people.
    sheets: Sheets;
    /// The users.
    users: Users;
    /// The logged-in browsers.
    sessions: Sessions;
    /// The queues.
    queues: Queues;
    /// What is noted of queues.
    queue_notes: QueueNotes;
    /// Which seats are at which queues.
    memberships: Memberships;
    /// The orders with their people.
    orders: Orders;
    /// The links for the people of orders.
    invitations: Invitations;
    /// The interviews.
    interviews: Interviews;
    /// The meeting rooms.
    rooms: Rooms;
    /// The rooms that are or were shown live.
    broadcasts: Broadcasts;
    /// The rooms without a queue that are open.
    gatherings: Gatherings;
    /// Who may be in them.
    admissions: Admissions;
    /// Numbers that count up.
    counters: Counters;
    /// The recordings.
    recordings: Recordings;
    /// Their track files.
    tracks: Tracks;
    /// Who is in them.
    speakers: Speakers;
    /// Where something is missing in them.
    gaps: Gaps;
    /// What happened in them.
    marks: Marks;
    /// The folders of files.
    folders: Folders;
    /// The files.
    files: Files;
    /// What is left of deleted files.
    tombstones: Tombstones;
    /// The composed films of recordings.
    films: Films;
    /// Who was led to the counter's page.
    visits: Visits;
    /// The takes of double recordings.
    takes: Takes;
    /// The uploads of takes that a browser kept.
    take_uploads: TakeUploads;
    /// What is read out while a type is recorded.
    scripts: Scripts;
    /// Work to be done.
    jobs: Jobs;
    /// Requests with an `Idempotency-Key`.
    kept_answers: KeptAnswers;
    /// The audit log.
    audit: Audit;
    /// The code tables of the archive.
    codes: Codes;
    /// The registered clients of the archive.
    clients: Clients;
    /// The customers of the archive.
    customers: Customers;
    /// Their accounts.
    accounts: Accounts;
    /// What the search for accounts runs on.
    archive_index: ArchiveIndex;
    /// The files of the archive.
    archive_files: ArchiveFiles;
    /// What was filed at once.
    deposits: Deposits;
    /// What is filed where.
    materials: Materials;
}
