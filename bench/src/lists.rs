//! Lists: pages of a folder of a million files, on SQLite and on a PostgreSQL of our own, through the verb that every face uses.
//!
//! One file of a hundred is deleted. The first page is what a page opens with; deep pages are drawn from the whole folder; both
//! are asked for as of now and as of the moment before the deletions, which the verb then has to add again.

use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use mingjian_domain::file::{FolderPath, listing::BLOCK};
use mingjian_domain::id::{FolderId, TenantId};
use mingjian_service::access::Caller;
use mingjian_service::files::{PageWanted, list_files};
use mingjian_service::links::LinkKeys;
use mingjian_service::ports::Clock;
use mingjian_service::seal::SealKey;
use mingjian_service::vault::Vault;
use mingjian_service::{Service, Settings, setup};
use mingjian_store::{Objects, Store};
use mingjian_testkit::engines::postgres;
use mingjian_testkit::random::Seeded;
use serde::Serialize;
use sqlx::{Connection, PgConnection, SqliteConnection};
use time::OffsetDateTime;

use crate::Failure;
use crate::report::{self, Quantiles};

/// The bar of a first and of a deep page.
const BAR_MS: f64 = 20.0;

#[derive(Debug, clap::Args)]
pub struct Load {
    /// How many files the folder has.
    #[arg(long, default_value_t = 1_000_000)]
    files: u64,
    /// How often each page is asked for.
    #[arg(long, default_value_t = 500)]
    pages: usize,
}

#[derive(Serialize)]
struct Figures {
    files: u64,
    rows: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    engine: &'static str,
    page: &'static str,
    as_of: &'static str,
    took: Quantiles,
}

/// Measures and prints.
///
/// # Errors
/// A database refuses, or a listing is not what was put in.
pub fn measure(load: &Load) -> Result<(), Failure> {
    tokio::runtime::Runtime::new()?.block_on(run(load))
}

async fn run(load: &Load) -> Result<(), Failure> {
    let folder = tempfile::tempdir()?;
    let mut rows = Vec::new();
    let file = folder.path().join("lists.db").to_string_lossy().into_owned();
    rows.extend(on_engine("sqlite", &file, folder.path(), load).await?);
    match tokio::task::spawn_blocking(postgres::start).await? {
        Some(server) => {
            let database = server.fresh_database();
            rows.extend(on_engine("postgres", &database, folder.path(), load).await?);
        }
        None => println!("SKIPPED: PostgreSQL, which is not installed"),
    }
    report::write("lists", &Figures { files: load.files, rows })
}

async fn on_engine(engine: &'static str, database: &str, folder: &Path, load: &Load) -> Result<Vec<Row>, Failure> {
    let store = Store::open(database).await?;
    store.migrate().await?;
    let settings = Settings {
        link_keys: LinkKeys::new("1", [7; 32]),
        vault: Vault::new([9; 32]),
        seal_key: SealKey::from_seed(&[8; 32]),
        link_life: time::Duration::days(7),
    };
    let objects = Objects::on_disk(&folder.join("objects"))?;
    let service = Service::new(store, objects, Arc::new(SystemClock), Box::new(Seeded::new(1)), settings);
    let tenant = setup::add_tenant(&service, "BANK", "银行", time::UtcOffset::UTC, None).await?.id;
    let mut tx = service.store.begin().await?;
    let root = tx.folders().open(tenant, &FolderPath::root(), BEGIN).await?;
    tx.commit().await?;
    let began = Instant::now();
    if engine == "sqlite" {
        fill_sqlite(database, tenant, root.id, load.files).await?;
    } else {
        fill_postgres(database, tenant, root.id, load.files).await?;
    }
    println!("{engine}: {} files put in within {:.1} s", load.files, began.elapsed().as_secs_f64());

    let caller = Caller::System { tenant, name: "bench".into(), address: Some("127.0.0.1".into()) };
    // Every number that ends with 07.
    let deleted = (load.files + 92) / 100;
    let mut random = Seeded::new(2);
    let mut rows = Vec::new();
    for (when, as_of, total) in [("now", None, load.files - deleted), ("earlier", Some(last(load.files)), load.files)] {
        for (page, deep) in [("first", false), ("deep", true)] {
            let mut samples = Vec::with_capacity(load.pages);
            for _ in 0..load.pages {
                let offset = if deep { random.below(total.saturating_sub(50).max(1)) } else { 0 };
                let wanted = PageWanted { as_of, offset, limit: 50 };
                let began = Instant::now();
                let listing = list_files(&service, &caller, &FolderPath::root(), wanted).await?;
                samples.push(began.elapsed());
                let items = listing.files.items.len() as u64;
                if listing.files.total != total || items != 50.min(total - offset) {
                    return Err(format!("{} of {total} files, {items} on the page", listing.files.total).into());
                }
            }
            let took = Quantiles::of(samples);
            println!(
                "{engine:9} {page:6} page, as of {when:8} p50 {:7.2} ms  p99 {:7.2} ms  worst {:7.2} ms  (bar: p99 {BAR_MS} ms)",
                took.p50_ms, took.p99_ms, took.max_ms
            );
            rows.push(Row { engine, page, as_of: when, took });
        }
    }
    service.store.close().await;
    Ok(rows)
}

struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> OffsetDateTime {
        OffsetDateTime::now_utc()
    }
}

const BEGIN: OffsetDateTime = time::macros::datetime!(2025-01-01 00:00 UTC);

/// The moment of the last file: one a second.
fn last(files: u64) -> OffsetDateTime {
    BEGIN + time::Duration::seconds(i64::try_from(files).unwrap_or(i64::MAX) - 1)
}

async fn fill_sqlite(database: &str, tenant: TenantId, folder: FolderId, files: u64) -> Result<(), Failure> {
    let mut db = SqliteConnection::connect(&format!("sqlite://{database}")).await?;
    let count = i64::try_from(files)?;
    let mut tx = db.begin().await?;
    sqlx::query(
        "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < $3) \
         INSERT INTO files (tenant_id, folder_id, name, kind, created_at, ordinal, listed_at, object_key, size_bytes, \
         sha256, media_type, link_revision, deleted_at) \
         SELECT $1, $2, 'demo' || i || '.mp4', 'upload', t, i, t, 'files/bench/' || i, 1000, zeroblob(32), 'video/mp4', 0, \
         CASE WHEN i % 100 = 7 THEN strftime('%Y-%m-%dT%H:%M:%S', '2025-01-01', $3 || ' seconds') || '.000000Z' END \
         FROM (SELECT i, strftime('%Y-%m-%dT%H:%M:%S', '2025-01-01', i || ' seconds') || '.000000Z' AS t FROM n)",
    )
    .bind(tenant.as_uuid())
    .bind(folder.number())
    .bind(count)
    .execute(&mut *tx)
    .await?;
    for sql in [COUNT, NOTE_SQLITE] {
        sqlx::query(sql).bind(folder.number()).bind(count).bind(i64::try_from(BLOCK)?).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    sqlx::query("ANALYZE").execute(&mut db).await?;
    Ok(())
}

const COUNT: &str = "INSERT INTO file_blocks (folder_id, block, present) SELECT folder_id, ordinal / $3, COUNT(*) \
                     FROM files WHERE folder_id = $1 AND deleted_at IS NULL AND ordinal < $2 GROUP BY folder_id, ordinal / $3";
const NOTE_SQLITE: &str = "UPDATE folders SET listed = $2, changed_at = strftime('%Y-%m-%dT%H:%M:%S', '2025-01-01', \
                           $2 || ' seconds') || '.000000Z' WHERE id = $1 AND $3 > 0";
const NOTE_POSTGRES: &str = "UPDATE folders SET listed = $2, changed_at = timestamptz '2025-01-01 00:00:00+00' \
                             + $2 * interval '1 second' WHERE id = $1 AND $3::bigint > 0";

async fn fill_postgres(database: &str, tenant: TenantId, folder: FolderId, files: u64) -> Result<(), Failure> {
    let mut db = PgConnection::connect(database).await?;
    let count = i64::try_from(files)?;
    let mut tx = db.begin().await?;
    sqlx::query(
        "INSERT INTO files (tenant_id, folder_id, name, kind, created_at, ordinal, listed_at, object_key, size_bytes, \
         sha256, media_type, link_revision, deleted_at) \
         SELECT $1, $2, 'demo' || i || '.mp4', 'upload', t, i, t, 'files/bench/' || i, 1000, \
         decode(repeat('00', 32), 'hex'), 'video/mp4', 0, \
         CASE WHEN i % 100 = 7 THEN timestamptz '2025-01-01 00:00:00+00' + $3 * interval '1 second' END \
         FROM (SELECT i, timestamptz '2025-01-01 00:00:00+00' + i * interval '1 second' AS t \
         FROM generate_series(0, $3 - 1) i) n",
    )
    .bind(tenant.as_uuid())
    .bind(folder.number())
    .bind(count)
    .execute(&mut *tx)
    .await?;
    for sql in [COUNT, NOTE_POSTGRES] {
        sqlx::query(sql).bind(folder.number()).bind(count).bind(i64::try_from(BLOCK)?).execute(&mut *tx).await?;
    }
    tx.commit().await?;
    sqlx::query("VACUUM ANALYZE").execute(&mut db).await?;
    Ok(())
}
