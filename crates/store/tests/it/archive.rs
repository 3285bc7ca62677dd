//! The archive on both engines: rows read back as they were written, and a search finds what a plain look at every account finds.

use std::collections::{BTreeMap, BTreeSet};

use mingjian_domain::archive::codes::{Code, CodeTable};
use mingjian_domain::archive::files::{ArchiveFile, TEMPORARY};
use mingjian_domain::archive::{
    Account, AccountKey, AccountStatus, Category, Client, Customer, CustomerKind, Deposit, Discard, Label, Paper,
    Place, Source,
};
use mingjian_domain::error::{Conflict, Error, Result};
use mingjian_domain::id::{AccountId, ArchiveFileId, CustomerId, DepartmentId, DepositId, TenantId};
use mingjian_domain::random::Randomness;
use mingjian_domain::tenant::Department;
use mingjian_store::{AccountFilter, Changes, Dimension, NewMaterial, Page, Store, Tx};
use mingjian_testkit::random::Seeded;
use time::macros::date;
use time::{Date, Duration};

use crate::engine::on_both;
use crate::fixture::{Maker, NOON};

on_both! {
    an_account_with_its_customer_reads_back
    a_deposit_is_filed_read_back_and_taken_back
    a_temporary_file_goes_when_its_day_is_over_unless_it_is_kept
    codes_are_added_renamed_removed_and_added_again
    a_search_finds_what_a_look_at_every_account_finds
    accounts_made_at_the_same_time_get_places_of_their_own
    many_rows_at_once_are_the_same_as_one_by_one
}

/// A tenant with departments and a client.
struct Shelf {
    tenant: TenantId,
    departments: Vec<DepartmentId>,
    random: Seeded,
}

impl Shelf {
    async fn new(store: &Store, code: &str) -> Result<Self> {
        let mut maker = Maker::new();
        // Another tenant's ids must differ.
        for byte in code.bytes() {
            for _ in 0..byte {
                maker.hash();
            }
        }
        let tenant = maker.tenant(code);
        let mut random = Seeded::new(code.bytes().map(u64::from).sum());
        let mut tx = store.begin().await?;
        tx.tenants().insert(&tenant).await?;
        tx.codes().begin(tenant.id).await?;
        let client = Client {
            tenant: tenant.id,
            number: "demo-service".into(),
            name: "业务系统".into(),
            issued_at: NOON,
            revoked_at: None,
        };
        tx.clients().insert(&client).await?;
        let mut departments = Vec::new();
        for number in 1..=4 {
            let department = Department {
                id: DepartmentId::mint(NOON, &mut random),
                tenant: tenant.id,
                code: format!("{number:04}"),
                name: format!("营业部{number}"),
                parent: departments.first().copied(),
            };
            tx.departments().insert(&department).await?;
            departments.push(department.id);
        }
        tx.commit().await?;
        Ok(Self { tenant: tenant.id, departments, random })
    }

    fn customer(&mut self, id_no: &str) -> Customer {
        Customer {
            id: CustomerId::mint(NOON, &mut self.random),
            tenant: self.tenant,
            kind: CustomerKind::Natural,
            name: "张三".into(),
            full_name: None,
            department: self.departments[0],
            paper: Paper { id_type: "1".into(), id_no: id_no.into(), extra_code: String::new() },
            tax_no: None,
            license_no: Some("L1".into()),
            created_at: NOON,
            src_type: Some("counter".into()),
            aml_risk_code: None,
            aml_risk_name: None,
        }
    }

    fn account(&mut self, customer: &Customer, ordinal: u32, number: &str) -> Account {
        Account {
            id: AccountId::mint(NOON, &mut self.random),
            tenant: self.tenant,
            ordinal,
            customer: customer.id,
            department: self.departments[1],
            number: number.into(),
            biz_type: "0".into(),
            status: AccountStatus::Valid,
            name: "张三".into(),
            full_name: Some("张三丰".into()),
            customer_type: "0".into(),
            opened_on: date!(2020 - 02 - 29),
            written_off_on: None,
            src_type: None,
            category: Some(Category { code: "A".into(), name: "甲".into() }),
            labels: vec![Label { code: "L".into(), name: "新客".into() }],
            created_at: NOON,
        }
    }

    fn file(&mut self, name: &str) -> ArchiveFile {
        let id = ArchiveFileId::mint(NOON, &mut self.random);
        ArchiveFile {
            id,
            tenant: self.tenant,
            key: ArchiveFile::key_for("T", id, NOON),
            name: name.into(),
            content_type: "image/png".into(),
            size_bytes: 7,
            sha256: [3; 32],
            uploader: "mt1".into(),
            created_at: NOON,
            updated_at: NOON,
            expires_at: Some(NOON + TEMPORARY),
        }
    }

    fn deposit(&mut self, account: &Account, codes: &[&str]) -> Deposit {
        Deposit {
            id: DepositId::mint(NOON, &mut self.random),
            tenant: self.tenant,
            place: Place::Account(account.id),
            source: Source::Client("demo-service".into()),
            title: Some("开户".into()),
            business_id: None,
            extras: None,
            codes: codes.iter().map(|&code| code.to_owned()).collect(),
            filed_at: NOON,
            received_at: NOON,
            submitter: None,
            discard: None,
            post_business_id: None,
            post_msg: None,
        }
    }
}

fn index(changes: &mut Changes, account: &Account) {
    changes.set_department(account.department, account.ordinal);
    changes.set(Dimension::BizType, &account.biz_type, account.ordinal);
    changes.set(Dimension::CustomerType, &account.customer_type, account.ordinal);
    changes.open(account.ordinal, account.opened_on);
}

async fn add(tx: &mut Tx, customer: &Customer, account: &Account) -> Result<()> {
    tx.archive_index().lock(account.tenant).await?;
    tx.customers().insert(customer).await?;
    tx.accounts().insert(account).await?;
    let mut changes = Changes::default();
    index(&mut changes, account);
    tx.archive_index().apply(account.tenant, changes, account.ordinal + 1).await
}

async fn an_account_with_its_customer_reads_back(store: &Store) -> Result<()> {
    let mut shelf = Shelf::new(store, "DEMOBK").await?;
    let customer = shelf.customer("X1");
    let account = shelf.account(&customer, 0, "88880001");
    let mut tx = store.begin().await?;
    add(&mut tx, &customer, &account).await?;
    tx.commit().await?;

    let key = AccountKey { number: "88880001".into(), biz_type: "0".into() };
    let mut tx = store.read().await?;
    let row = tx.accounts().lookup_by_key(shelf.tenant, &key).await?.expect("it is there");
    assert_eq!((&row.account, &row.customer), (&account, &customer));
    assert_eq!((row.department_code.as_str(), row.parent_code.as_deref()), ("0002", Some("0001")));
    assert_eq!(row.customer_department_code, "0001");
    assert_eq!(tx.accounts().lookup(shelf.tenant, account.id).await?.as_ref(), Some(&row));
    assert_eq!(tx.customers().lookup_by_paper(shelf.tenant, &customer.paper).await?.as_ref(), Some(&customer));
    assert_eq!(tx.customers().departments(shelf.tenant, customer.id).await?.len(), 2);
    for (text, found) in [("8888", 1), ("张", 1), ("88880001", 1), ("8889", 0), ("三", 0)] {
        let ordinals = tx.accounts().ordinals_beginning_with(shelf.tenant, text, 10).await?;
        assert_eq!(ordinals.len(), found, "{text}");
    }
    let elsewhere = Shelf::new(store, "OTHERB").await?;
    let mut tx = store.read().await?;
    assert_eq!(tx.accounts().lookup_by_key(elsewhere.tenant, &key).await?, None);
    assert_eq!(tx.accounts().lookup(elsewhere.tenant, account.id).await?, None);
    drop(tx);

    let twin = shelf.account(&customer, 1, "88880001");
    let taken = store.begin().await?.accounts().insert(&twin).await;
    assert!(matches!(taken, Err(Error::Conflict(Conflict::NameTaken(_)))));
    let changed = Account {
        status: AccountStatus::Closed,
        written_off_on: Some(date!(2024 - 01 - 01)),
        department: shelf.departments[2],
        category: None,
        labels: Vec::new(),
        ..account
    };
    let renamed = Customer { aml_risk_code: Some("低".into()), ..customer };
    let mut tx = store.begin().await?;
    tx.accounts().save(&changed).await?;
    tx.customers().save(&renamed).await?;
    let row = tx.accounts().lookup(shelf.tenant, changed.id).await?.expect("it is there");
    assert_eq!((row.account, row.customer), (changed, renamed));
    Ok(())
}

async fn a_deposit_is_filed_read_back_and_taken_back(store: &Store) -> Result<()> {
    let mut shelf = Shelf::new(store, "DEMOBK").await?;
    let customer = shelf.customer("X1");
    let account = shelf.account(&customer, 0, "88880001");
    let (front, back) = (shelf.file("正面.png"), shelf.file("反面😀.png"));
    let deposit = shelf.deposit(&account, &["ID_FRONT", "ID_BACK"]);
    let material = |code: &str, file: &ArchiveFile| NewMaterial { code: code.into(), files: vec![file.id] };
    let mut tx = store.begin().await?;
    add(&mut tx, &customer, &account).await?;
    for file in [&front, &back] {
        tx.archive_files().insert(file).await?;
        assert!(tx.archive_files().keep(shelf.tenant, file.id, NOON).await?);
    }
    tx.deposits().insert(&deposit, &[material("ID_FRONT", &front), material("ID_BACK", &back)]).await?;
    tx.commit().await?;

    let mut tx = store.begin().await?;
    assert_eq!(tx.deposits().lookup(shelf.tenant, deposit.id).await?.as_ref(), Some(&deposit));
    let row = tx.deposits().lookup_row(shelf.tenant, deposit.id).await?.expect("it is there");
    assert_eq!((row.account, row.name.as_str()), (Some(("88880001".into(), "0".into())), "张三"));
    assert_eq!(row.client_name.as_deref(), Some("业务系统"));
    let materials = tx.materials().list(shelf.tenant, Place::Account(account.id)).await?;
    assert_eq!(materials.len(), 2);
    assert!(materials[0].material.number < materials[1].material.number);
    assert_eq!(materials[1].files[0].name, "反面😀.png");
    assert_eq!(materials[1].files[0].expires_at, None);
    assert!(tx.materials().list(shelf.tenant, Place::Customer(customer.id)).await?.is_empty());
    assert_eq!(tx.archive_files().departments(shelf.tenant, front.id).await?, [account.department]);
    assert!(tx.deposits().has_code(account.id, "ID_FRONT").await?);
    assert!(!tx.deposits().has_code(account.id, "CONTRACT").await?);
    for (of, found) in [(None, 1), (Some(account.id), 1)] {
        assert_eq!(tx.deposits().list(shelf.tenant, of, &Page::first(10)).await?.items.len(), found);
    }

    let discard = Discard { at: NOON + Duration::hours(1), employee: "e1".into(), reason: "传错".into() };
    tx.deposits().set_discard(deposit.id, &discard).await?;
    let taken_back = Deposit { discard: Some(discard.clone()), ..deposit };
    assert_eq!(tx.deposits().lookup(shelf.tenant, taken_back.id).await?.as_ref(), Some(&taken_back));
    assert!(!tx.deposits().has_code(account.id, "ID_FRONT").await?);
    let materials = tx.materials().list(shelf.tenant, Place::Account(account.id)).await?;
    assert_eq!(materials[0].discard.as_ref(), Some(&discard));
    Ok(())
}

async fn a_temporary_file_goes_when_its_day_is_over_unless_it_is_kept(store: &Store) -> Result<()> {
    let mut shelf = Shelf::new(store, "DEMOBK").await?;
    let (kept, left) = (shelf.file("a.png"), shelf.file("b.png"));
    let late = NOON + TEMPORARY;
    let mut tx = store.begin().await?;
    for file in [&kept, &left] {
        tx.archive_files().insert(file).await?;
        assert_eq!(tx.archive_files().lookup(shelf.tenant, file.id).await?.as_ref(), Some(file));
    }
    assert!(tx.archive_files().keep(shelf.tenant, kept.id, late - Duration::seconds(1)).await?);
    assert!(!tx.archive_files().keep(shelf.tenant, left.id, late).await?, "its day is over");
    assert_eq!(tx.archive_files().delete_temporary(left.id, late - Duration::seconds(1)).await?, None, "not yet");
    assert_eq!(tx.archive_files().delete_temporary(left.id, late).await?, Some(left.key));
    assert_eq!(tx.archive_files().delete_temporary(kept.id, late).await?, None);
    assert!(tx.archive_files().lookup(shelf.tenant, kept.id).await?.is_some());
    Ok(())
}

async fn codes_are_added_renamed_removed_and_added_again(store: &Store) -> Result<()> {
    let shelf = Shelf::new(store, "DEMOBK").await?;
    let table = CodeTable::Material;
    let beginning = table.beginning().len();
    let mut tx = store.begin().await?;
    let first = tx.codes().list(shelf.tenant, table).await?;
    assert_eq!((first.len(), first[0].code.as_str()), (beginning, "ID_FRONT"));
    let code = |name: &str| Code { code: "VOICE".into(), name: name.into() };
    tx.codes().put(shelf.tenant, table, &code("录音")).await?;
    tx.codes().put(shelf.tenant, table, &code("电话录音")).await?;
    assert_eq!(tx.codes().list(shelf.tenant, table).await?.last(), Some(&code("电话录音")));
    assert!(tx.codes().remove(shelf.tenant, table, "VOICE", NOON).await?);
    assert!(!tx.codes().remove(shelf.tenant, table, "VOICE", NOON).await?);
    assert_eq!(tx.codes().list(shelf.tenant, table).await?.len(), beginning);
    assert_eq!(tx.codes().list_with_removed(shelf.tenant, table).await?.len(), beginning + 1);
    tx.codes().put(shelf.tenant, table, &code("录音")).await?;
    assert_eq!(tx.codes().list(shelf.tenant, table).await?.len(), beginning + 1);
    Ok(())
}

/// What the model knows of an account.
struct Known {
    department: DepartmentId,
    biz_type: &'static str,
    customer_type: &'static str,
    opened_on: Date,
    codes: BTreeSet<&'static str>,
}

const CODES: [&str; 4] = ["ID_FRONT", "ID_BACK", "CONTRACT", "OTHER"];
const BIZ_TYPES: [&str; 3] = ["0", "1", "9"];

fn pick<T: Copy>(random: &mut Seeded, from: &[T]) -> T {
    let mut byte = [0];
    random.fill(&mut byte);
    from[usize::from(byte[0]) % from.len()]
}

fn some<T: Copy>(random: &mut Seeded, from: &[T]) -> Vec<T> {
    from.iter().copied().filter(|_| pick(random, &[true, false, false])).collect()
}

/// Three times as many as a chunk of days holds, in random order of change; nothing here is written but the index itself.
async fn a_search_finds_what_a_look_at_every_account_finds(store: &Store) -> Result<()> {
    const ACCOUNTS: u32 = 9_000;
    let shelf = Shelf::new(store, "DEMOBK").await?;
    let random = &mut Seeded::new(7);
    let day =
        |random: &mut Seeded| date!(2020 - 01 - 01) + Duration::days(i64::from(pick(random, &[0_u8, 1, 2, 50, 200])));
    let mut known = BTreeMap::new();
    let mut tx = store.begin().await?;
    tx.archive_index().lock(shelf.tenant).await?;
    let mut changes = Changes::default();
    for ordinal in 0..ACCOUNTS {
        let account = Known {
            department: pick(random, &shelf.departments),
            biz_type: pick(random, &BIZ_TYPES),
            customer_type: pick(random, &["0", "1"]),
            opened_on: day(random),
            codes: some(random, &CODES).into_iter().collect(),
        };
        changes.set_department(account.department, ordinal);
        changes.set(Dimension::BizType, account.biz_type, ordinal);
        changes.set(Dimension::CustomerType, account.customer_type, ordinal);
        changes.open(ordinal, account.opened_on);
        for code in &account.codes {
            changes.set(Dimension::Material, code, ordinal);
        }
        known.insert(ordinal, account);
    }
    tx.archive_index().apply(shelf.tenant, changes, ACCOUNTS).await?;
    tx.commit().await?;

    for round in 0..40 {
        let mut tx = store.begin().await?;
        let next = tx.archive_index().lock(shelf.tenant).await?;
        assert_eq!(next, ACCOUNTS);
        let mut changes = Changes::default();
        for _ in 0..20 {
            let mut bytes = [0; 2];
            random.fill(&mut bytes);
            let ordinal = u32::from(u16::from_le_bytes(bytes)) % ACCOUNTS;
            let account = known.get_mut(&ordinal).expect("every ordinal is known");
            let code = pick(random, &CODES);
            if account.codes.insert(code) {
                changes.set(Dimension::Material, code, ordinal);
            } else {
                account.codes.remove(code);
                changes.clear(Dimension::Material, code, ordinal);
            }
            let moved = pick(random, &shelf.departments);
            if moved != account.department {
                changes.clear_department(account.department, ordinal);
                changes.set_department(moved, ordinal);
                account.department = moved;
            }
            account.opened_on = day(random);
            changes.open(ordinal, account.opened_on);
        }
        tx.archive_index().apply(shelf.tenant, changes, next).await?;
        tx.commit().await?;

        let days: Vec<_> = [0, 1, 2, 30, 50, 201].map(|days| date!(2020 - 01 - 01) + Duration::days(days)).into();
        let end = |random: &mut Seeded| pick(random, &[true, false]).then(|| pick(random, &days));
        let text = |words: Vec<&str>| words.into_iter().map(str::to_owned).collect::<Vec<_>>();
        let filter = AccountFilter {
            material_codes: text(some(random, &CODES)),
            excluded_material_codes: text(some(random, &CODES)),
            opened_from: end(random),
            opened_to: end(random),
            departments: pick(random, &[true, false]).then(|| some(random, &shelf.departments)),
            biz_types: text(some(random, &BIZ_TYPES)),
            customer_types: text(some(random, &["0", "1"])),
            among: None,
        };
        let has = |codes: &[String], account: &Known| {
            codes.iter().filter(|code| account.codes.contains(code.as_str())).count()
        };
        let passes = |account: &Known| {
            (filter.material_codes.is_empty() || has(&filter.material_codes, account) > 0)
                && has(&filter.excluded_material_codes, account) == 0
                && filter.opened_from.is_none_or(|from| from <= account.opened_on)
                && filter.opened_to.is_none_or(|to| account.opened_on <= to)
                && filter.departments.as_ref().is_none_or(|ids| ids.contains(&account.department))
                && (filter.biz_types.is_empty() || filter.biz_types.iter().any(|known| known == account.biz_type))
                && (filter.customer_types.is_empty()
                    || filter.customer_types.iter().any(|known| known == account.customer_type))
        };
        let wanted: Vec<_> = known.iter().filter(|(_, account)| passes(account)).map(|(&ordinal, _)| ordinal).collect();
        let mut tx = store.read().await?;
        for skip in [0, wanted.len() / 2, wanted.len().saturating_sub(1), wanted.len()] {
            let found = tx.archive_index().search(shelf.tenant, &filter, skip as u64, 10).await?;
            assert_eq!(found.total, wanted.len() as u64, "round {round}: {filter:?}");
            let page: Vec<_> = wanted.iter().copied().skip(skip).take(10).collect();
            assert_eq!(found.ordinals, page, "round {round}, behind {skip}: {filter:?}");
        }
    }
    Ok(())
}

async fn accounts_made_at_the_same_time_get_places_of_their_own(store: &Store) -> Result<()> {
    let mut shelf = Shelf::new(store, "DEMOBK").await?;
    let tenant = shelf.tenant;
    let making = (0..8).map(|number| {
        let customer = shelf.customer(&format!("X{number}"));
        let account = shelf.account(&customer, 0, &format!("9{number}"));
        let store = store.clone();
        tokio::spawn(async move {
            let mut tx = store.begin().await?;
            let ordinal = tx.archive_index().lock(tenant).await?;
            add(&mut tx, &customer, &Account { ordinal, ..account }).await?;
            tx.commit().await
        })
    });
    for made in making.collect::<Vec<_>>() {
        made.await.expect("it does not panic")?;
    }
    let filter = AccountFilter { biz_types: vec!["0".into()], ..AccountFilter::default() };
    let mut tx = store.read().await?;
    let found = tx.archive_index().search(tenant, &filter, 0, 100).await?;
    assert_eq!((found.total, found.ordinals.clone()), (8, (0..8).collect()));
    let rows = tx.accounts().list_at(tenant, &found.ordinals).await?;
    assert_eq!(rows.iter().map(|row| row.account.number.clone()).collect::<BTreeSet<_>>().len(), 8);
    Ok(())
}

async fn many_rows_at_once_are_the_same_as_one_by_one(store: &Store) -> Result<()> {
    const MANY: u32 = 450;
    let mut shelf = Shelf::new(store, "DEMOBK").await?;
    let file = shelf.file("a.png");
    let (mut customers, mut accounts, mut deposits) = (Vec::new(), Vec::new(), Vec::new());
    for ordinal in 0..MANY {
        let customer = shelf.customer(&format!("X{ordinal}"));
        let account = shelf.account(&customer, ordinal, &format!("{ordinal}"));
        let material = NewMaterial { code: "OTHER".into(), files: vec![file.id] };
        deposits.push((shelf.deposit(&account, &["OTHER"]), vec![material]));
        customers.push(customer);
        accounts.push(account);
    }
    let mut tx = store.begin().await?;
    tx.archive_files().insert(&file).await?;
    tx.customers().insert_all(&customers).await?;
    tx.accounts().insert_all(&accounts).await?;
    tx.deposits().insert_all(&deposits, 1).await?;
    tx.commit().await?;
    let mut tx = store.read().await?;
    for ordinal in [0, 199, 200, MANY - 1] {
        let place = ordinal as usize;
        let rows = tx.accounts().list_at(shelf.tenant, &[ordinal]).await?;
        assert_eq!((&rows[0].account, &rows[0].customer), (&accounts[place], &customers[place]));
        let materials = tx.materials().list(shelf.tenant, Place::Account(accounts[place].id)).await?;
        assert_eq!((materials.len(), materials[0].files[0].id), (1, file.id));
        assert_eq!(materials[0].material.number, i64::from(ordinal) + 1);
    }
    Ok(())
}
