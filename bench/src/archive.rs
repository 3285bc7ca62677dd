//! The search of the image archive among a million accounts with three materials each, on either engine: the first page and a deep one.

use std::time::{Duration, Instant};

use mingjian_domain::archive::files::ArchiveFile;
use mingjian_domain::archive::{Account, AccountStatus, Client, Customer, CustomerKind, Deposit, Paper, Place, Source};
use mingjian_domain::id::{AccountId, ArchiveFileId, CustomerId, DepartmentId, DepositId, TenantId};
use mingjian_domain::tenant::{Department, Tenant};
use mingjian_store::{AccountFilter, Changes, Dimension, NewMaterial, Store};
use mingjian_testkit::engines::postgres;
use mingjian_testkit::random::Seeded;
use serde::Serialize;
use time::macros::{date, datetime};
use time::{OffsetDateTime, UtcOffset};

use crate::Failure;
use crate::report::{self, Quantiles};

const NOON: OffsetDateTime = datetime!(2026-11-23 12:00 UTC);
/// In one transaction.
const BATCH: u32 = 20_000;
const DEPARTMENTS: usize = 200;
const CODES: [&str; 8] =
    ["ID_FRONT", "ID_BACK", "HEAD_PHOTO", "SITE_PHOTO", "CONTRACT", "SIGNATURE", "RISK_NOTICE", "INTERVIEW_VIDEO"];
const PAGE: u32 = 20;

/// How much.
#[derive(Debug, clap::Args)]
pub struct Load {
    /// Accounts.
    #[arg(long, default_value_t = 1_000_000)]
    accounts: u32,
    /// How often each search is asked.
    #[arg(long, default_value_t = 100)]
    times: usize,
}

#[derive(Serialize)]
struct Figures {
    accounts: u32,
    engines: Vec<Engine>,
}

#[derive(Serialize)]
struct Engine {
    engine: &'static str,
    built_in_s: f64,
    searches: Vec<Search>,
    materials_of_one: Quantiles,
}

#[derive(Serialize)]
struct Search {
    what: &'static str,
    total: u64,
    first: Quantiles,
    deep: Quantiles,
}

/// Builds both archives and asks them.
///
/// # Errors
/// What an engine refuses.
pub fn measure(load: &Load) -> Result<(), Failure> {
    tokio::runtime::Runtime::new()?.block_on(both(load))
}

async fn both(load: &Load) -> Result<(), Failure> {
    let mut engines = Vec::new();
    let folder = tempfile::tempdir()?;
    let path = folder.path().join("archive.db").display().to_string();
    engines.push(one("SQLite", &path, load).await?);
    drop(folder);
    match tokio::task::spawn_blocking(postgres::start).await? {
        Some(server) => {
            let (server, database) = tokio::task::spawn_blocking(move || {
                let database = server.fresh_database();
                (server, database)
            })
            .await?;
            engines.push(one("PostgreSQL", &database, load).await?);
            tokio::task::spawn_blocking(move || drop(server)).await?;
        }
        None => println!("no PostgreSQL here: only SQLite was measured"),
    }
    println!("\n{} accounts, 3 materials each, pages of {PAGE}; milliseconds", load.accounts);
    println!(
        "{:<11} {:<44} {:>9} {:>9} {:>9} {:>9} {:>9}",
        "engine", "search", "total", "first p50", "p99", "deep p50", "p99"
    );
    for engine in &engines {
        for search in &engine.searches {
            println!(
                "{:<11} {:<44} {:>9} {:>9.1} {:>9.1} {:>9.1} {:>9.1}",
                engine.engine,
                search.what,
                search.total,
                search.first.p50_ms,
                search.first.p99_ms,
                search.deep.p50_ms,
                search.deep.p99_ms
            );
        }
        let one = &engine.materials_of_one;
        println!(
            "{:<11} {:<44} {:>9} {:>9.1} {:>9.1}",
            engine.engine, "materials of one account", 3, one.p50_ms, one.p99_ms
        );
        println!("{:<11} built in {:.0} s", engine.engine, engine.built_in_s);
    }
    report::write("archive", &Figures { accounts: load.accounts, engines })
}

async fn one(engine: &'static str, database: &str, load: &Load) -> Result<Engine, Failure> {
    let store = Store::open(database).await?;
    store.migrate().await?;
    let begun = Instant::now();
    let archive = build(&store, load.accounts).await?;
    let built_in_s = begun.elapsed().as_secs_f64();
    let mut searches = Vec::new();
    for (what, filter) in archive.searches() {
        let total = archive.ask(&store, &filter, 0).await?.0;
        let deep = total.saturating_sub(u64::from(PAGE) * 2);
        searches.push(Search {
            what,
            total,
            first: archive.time(&store, &filter, 0, load.times).await?,
            deep: archive.time(&store, &filter, deep, load.times).await?,
        });
    }
    let materials_of_one = archive.time_materials(&store, load.times).await?;
    store.close().await;
    Ok(Engine { engine, built_in_s, searches, materials_of_one })
}

struct Archive {
    tenant: TenantId,
    departments: Vec<DepartmentId>,
    some: Vec<AccountId>,
}

async fn build(store: &Store, accounts: u32) -> Result<Archive, Failure> {
    let mut random = Seeded::new(1);
    let tenant = Tenant {
        id: TenantId::mint(NOON, &mut random),
        code: "BANK".into(),
        name: "银行".into(),
        zone: UtcOffset::UTC,
        callback: None,
        created_at: NOON,
    };
    let file = ArchiveFileId::mint(NOON, &mut random);
    let mut tx = store.begin().await?;
    tx.tenants().insert(&tenant).await?;
    tx.clients()
        .insert(&Client {
            tenant: tenant.id,
            number: "bench".into(),
            name: "bench".into(),
            issued_at: NOON,
            revoked_at: None,
        })
        .await?;
    // One file of all: what is measured is rows, not bytes.
    tx.archive_files()
        .insert(&ArchiveFile {
            id: file,
            tenant: tenant.id,
            key: "arc/bench".into(),
            name: "正面.png".into(),
            content_type: "image/png".into(),
            size_bytes: 1,
            sha256: [0; 32],
            uploader: "bench".into(),
            created_at: NOON,
            updated_at: NOON,
            expires_at: None,
        })
        .await?;
    let mut departments = Vec::new();
    for number in 0..DEPARTMENTS {
        let id = DepartmentId::mint(NOON, &mut random);
        let (code, name) = (format!("{number:04}"), format!("营业部{number}"));
        tx.departments().insert(&Department { id, tenant: tenant.id, code, name, parent: None }).await?;
        departments.push(id);
    }
    tx.commit().await?;

    let mut archive = Archive { tenant: tenant.id, departments, some: Vec::new() };
    let mut first = 0;
    while first < accounts {
        let next = (first + BATCH).min(accounts);
        archive.fill(store, &mut random, first..next, file).await?;
        first = next;
    }
    Ok(archive)
}

impl Archive {
    async fn fill(
        &mut self,
        store: &Store,
        random: &mut Seeded,
        ordinals: std::ops::Range<u32>,
        file: ArchiveFileId,
    ) -> Result<(), Failure> {
        let mut changes = Changes::default();
        let (mut customers, mut accounts, mut deposits) = (Vec::new(), Vec::new(), Vec::new());
        let (first, next) = (ordinals.start, ordinals.end);
        for ordinal in ordinals {
            // One a millisecond, as ids grow with time: drawn for one moment they would go all over the indexes.
            let at = NOON + time::Duration::milliseconds(ordinal.into());
            let department = self.departments[usize::try_from(random.below(DEPARTMENTS as u64))?];
            let customer = Customer {
                id: CustomerId::mint(at, random),
                tenant: self.tenant,
                kind: CustomerKind::Natural,
                name: format!("客户{ordinal}"),
                full_name: None,
                department,
                paper: Paper { id_type: "1".into(), id_no: format!("{ordinal:018}"), extra_code: String::new() },
                tax_no: None,
                license_no: None,
                created_at: NOON,
                src_type: Some("counter".into()),
                aml_risk_code: None,
                aml_risk_name: None,
            };
            let days = i64::try_from(random.below(3_650))?;
            let account = Account {
                id: AccountId::mint(at, random),
                tenant: self.tenant,
                ordinal,
                customer: customer.id,
                department,
                number: format!("8{ordinal:09}"),
                biz_type: random.below(5).to_string(),
                status: AccountStatus::Valid,
                name: customer.name.clone(),
                full_name: None,
                customer_type: random.below(5).to_string(),
                opened_on: date!(2016 - 01 - 01) + time::Duration::days(days),
                written_off_on: None,
                src_type: Some("counter".into()),
                category: None,
                labels: Vec::new(),
                created_at: NOON,
            };
            changes.set_department(department, ordinal);
            changes.set(Dimension::BizType, &account.biz_type, ordinal);
            changes.set(Dimension::CustomerType, &account.customer_type, ordinal);
            changes.open(ordinal, account.opened_on);
            let begin = usize::try_from(random.below(CODES.len() as u64))?;
            let codes: Vec<_> = (0..3).map(|place| CODES[(begin + place * 3) % CODES.len()].to_owned()).collect();
            for code in &codes {
                changes.set(Dimension::Material, code, ordinal);
            }
            let materials =
                codes.iter().map(|code| NewMaterial { code: code.clone(), files: vec![file] }).collect::<Vec<_>>();
            let deposit = Deposit {
                id: DepositId::mint(at, random),
                tenant: self.tenant,
                place: Place::Account(account.id),
                source: Source::Client("bench".into()),
                title: None,
                business_id: None,
                extras: None,
                codes,
                filed_at: NOON,
                received_at: NOON,
                submitter: None,
                discard: None,
                post_business_id: None,
                post_msg: None,
            };
            if ordinal.is_multiple_of(997) {
                self.some.push(account.id);
            }
            customers.push(customer);
            accounts.push(account);
            deposits.push((deposit, materials));
        }
        let mut tx = store.begin().await?;
        tx.archive_index().lock(self.tenant).await?;
        tx.customers().insert_all(&customers).await?;
        tx.accounts().insert_all(&accounts).await?;
        tx.deposits().insert_all(&deposits, i64::from(first) * 3 + 1).await?;
        tx.archive_index().apply(self.tenant, changes, next).await?;
        tx.commit().await?;
        Ok(())
    }

    fn searches(&self) -> Vec<(&'static str, AccountFilter)> {
        let words = |words: &[&str]| words.iter().map(|&word| word.to_owned()).collect::<Vec<_>>();
        let all = AccountFilter::default();
        vec![
            ("everything", all.clone()),
            ("with a code", AccountFilter { material_codes: words(&["ID_FRONT"]), ..all.clone() }),
            (
                "with any of 3, without 2",
                AccountFilter {
                    material_codes: words(&["ID_FRONT", "CONTRACT", "SIGNATURE"]),
                    excluded_material_codes: words(&["INTERVIEW_VIDEO", "RISK_NOTICE"]),
                    ..all.clone()
                },
            ),
            (
                "opened in 5 of 10 years",
                AccountFilter {
                    opened_from: Some(date!(2018 - 01 - 01)),
                    opened_to: Some(date!(2022 - 12 - 31)),
                    ..all.clone()
                },
            ),
            (
                "in 100 of 200 departments",
                AccountFilter { departments: Some(self.departments[..DEPARTMENTS / 2].to_vec()), ..all },
            ),
            (
                "all of it at once",
                AccountFilter {
                    material_codes: words(&["ID_FRONT", "CONTRACT", "SIGNATURE"]),
                    excluded_material_codes: words(&["INTERVIEW_VIDEO"]),
                    opened_from: Some(date!(2018 - 01 - 01)),
                    opened_to: Some(date!(2022 - 12 - 31)),
                    departments: Some(self.departments[..DEPARTMENTS / 2].to_vec()),
                    biz_types: words(&["0", "1", "2"]),
                    customer_types: words(&["0", "1", "2"]),
                    among: None,
                },
            ),
        ]
    }

    /// A page as call 9 answers it: the total and the rows.
    async fn ask(&self, store: &Store, filter: &AccountFilter, skip: u64) -> Result<(u64, usize), Failure> {
        let mut tx = store.read().await?;
        let found = tx.archive_index().search(self.tenant, filter, skip, PAGE).await?;
        let rows = tx.accounts().list_at(self.tenant, &found.ordinals).await?;
        if rows.len() != found.ordinals.len() {
            return Err("a page has fewer rows than places".into());
        }
        Ok((found.total, rows.len()))
    }

    async fn time(&self, store: &Store, filter: &AccountFilter, skip: u64, times: usize) -> Result<Quantiles, Failure> {
        let mut samples = Vec::with_capacity(times);
        for _ in 0..times {
            let begun = Instant::now();
            self.ask(store, filter, skip).await?;
            samples.push(begun.elapsed());
        }
        Ok(Quantiles::of(samples))
    }

    async fn time_materials(&self, store: &Store, times: usize) -> Result<Quantiles, Failure> {
        let mut samples: Vec<Duration> = Vec::new();
        for &account in self.some.iter().cycle().take(times) {
            let begun = Instant::now();
            let mut tx = store.read().await?;
            let rows = tx.materials().list(self.tenant, Place::Account(account)).await?;
            if rows.len() != 3 {
                return Err("an account has other than three materials".into());
            }
            drop(tx);
            samples.push(begun.elapsed());
        }
        Ok(Quantiles::of(samples))
    }
}
