//! Filing materials, all or none, and taking them back.

use mingjian_domain::archive::codes::{Code, CodeTable};
use mingjian_domain::archive::files::{ArchiveFile, TEMPORARY};
use mingjian_domain::archive::{AccountKey, Deposit, Discard, Paper, Place, Source};
use mingjian_domain::error::{Conflict, Error, Noun, Result};
use mingjian_domain::id::{AccountId, ArchiveFileId, CustomerId, DepositId, RecordingId};
use mingjian_domain::recording::{Recording, State};
use mingjian_store::{Changes, DepositRow, Dimension, NewMaterial, Page, Paged, Tx};
use time::{Duration, OffsetDateTime};

use super::intake::Received;
use super::reach::{self, Reach};
use super::{LONGEST_EXTRAS, LONGEST_TEXT, LONGEST_TITLE, clients, codes, files, invalid, optional, required};
use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};

/// More materials at once are refused.
pub const MOST_MATERIALS: usize = 200;

/// Where a deposit goes.
#[derive(Clone)]
pub enum Target {
    /// To the account of that number and business type.
    Account(AccountKey),
    /// To the customer of that paper.
    Customer(Paper),
}

/// A deposit as a business system sends it. Fields are named in messages as the document names them.
pub struct DepositDraft {
    /// `title`.
    pub title: Option<String>,
    /// `businessId`.
    pub business_id: Option<String>,
    /// `extras`.
    pub extras: Option<String>,
    /// `createTime`.
    pub filed_at: Option<OffsetDateTime>,
    /// `materials`.
    pub materials: Vec<MaterialDraft>,
}

/// One material of a draft.
pub struct MaterialDraft {
    /// `code`.
    pub code: String,
    /// Its file.
    pub content: Content,
}

/// The file of a material.
pub enum Content {
    /// One that came before.
    Stored(ArchiveFileId),
    /// One that came with the deposit.
    Sent(Received),
}

/// A place with what the index needs to know of it.
#[derive(Clone, Copy)]
enum Spot {
    Account { id: AccountId, ordinal: u32 },
    Customer { id: CustomerId },
}

impl Spot {
    const fn place(self) -> Place {
        match self {
            Self::Account { id, .. } => Place::Account(id),
            Self::Customer { id } => Place::Customer(id),
        }
    }
}

/// Files materials in the name of a registered client.
///
/// # Errors
/// [`Error::Invalid`] naming the field or element; [`Error::Missing`] for an unknown client, account, customer or file;
/// [`Error::Denied`] for another department. Then nothing is filed.
pub async fn deposit(
    service: &Service,
    caller: &Caller,
    client: &str,
    target: Target,
    draft: DepositDraft,
) -> Result<DepositRow> {
    let DepositDraft { title, business_id, extras, filed_at, materials } = draft;
    if materials.is_empty() {
        return Err(invalid("materials", "不能为空"));
    }
    if materials.len() > MOST_MATERIALS {
        return Err(invalid("materials", &format!("一次最多 {MOST_MATERIALS} 份")));
    }
    let words = Words {
        title: optional("title", title, LONGEST_TITLE)?,
        business_id: optional("businessId", business_id, LONGEST_TEXT)?,
        extras: optional("extras", extras, LONGEST_EXTRAS)?,
    };
    let mut sent = Vec::new();
    let filed = file_materials(service, caller, client, target, words, filed_at, materials, &mut sent).await;
    if filed.is_err() {
        // Files that came with a deposit that is refused are nobody's: they need not wait for their day to be over.
        for file in sent {
            if let Err(error) = files::delete_temporary(service, file, service.now() + TEMPORARY).await {
                tracing::warn!(archive_file.id = %file, %error, "a file of a refused deposit is left for its day");
            }
        }
    }
    filed
}

struct Words {
    title: Option<String>,
    business_id: Option<String>,
    extras: Option<String>,
}

#[expect(clippy::too_many_arguments, reason = "one verb, cut in two so that the files of a refused deposit are known")]
async fn file_materials(
    service: &Service,
    caller: &Caller,
    client: &str,
    target: Target,
    words: Words,
    filed_at: Option<OffsetDateTime>,
    materials: Vec<MaterialDraft>,
    sent: &mut Vec<ArchiveFileId>,
) -> Result<DepositRow> {
    // What can be refused without the files is refused before they are taken in.
    let mut tx = service.store.read().await?;
    check_all(&mut tx, caller, client, &target, &materials).await?;
    drop(tx);
    let mut filed = Vec::with_capacity(materials.len());
    for material in materials {
        let file = match material.content {
            Content::Stored(id) => id,
            Content::Sent(received) => {
                let file = files::add_file(service, caller, received, filed_at).await?;
                sent.push(file.id);
                file.id
            }
        };
        filed.push(NewMaterial { code: material.code, files: vec![file] });
    }
    let mut tx = service.store.begin().await?;
    let next = tx.archive_index().lock(caller.tenant()).await?;
    clients::check(&mut tx, caller, client).await?;
    let place = find_place(&mut tx, caller, &target).await?;
    let now = service.now();
    let deposit = Deposit {
        id: service.draw(|random| DepositId::mint(now, random)),
        tenant: caller.tenant(),
        place: place.place(),
        source: Source::Client(client.to_owned()),
        title: words.title,
        business_id: words.business_id,
        extras: words.extras,
        codes: filed.iter().map(|material| material.code.clone()).collect(),
        filed_at: filed_at.unwrap_or(now),
        received_at: now,
        submitter: submitter(caller),
        discard: None,
        post_business_id: None,
        post_msg: None,
    };
    finish(service, tx, caller, next, place, deposit, filed).await
}

const fn submitter(caller: &Caller) -> Option<mingjian_domain::id::UserId> {
    match caller {
        Caller::User { user, .. } => Some(user.id),
        Caller::System { .. } => None,
    }
}

/// Writes a deposit down with everything that goes with it.
async fn finish(
    service: &Service,
    mut tx: Tx,
    caller: &Caller,
    next: u32,
    place: Spot,
    deposit: Deposit,
    materials: Vec<NewMaterial>,
) -> Result<DepositRow> {
    for &file in materials.iter().flat_map(|material| &material.files) {
        if !tx.archive_files().keep(caller.tenant(), file, service.now()).await? {
            return Err(Error::Missing(Noun::File));
        }
    }
    tx.deposits().insert(&deposit, &materials).await?;
    if let Spot::Account { ordinal, .. } = place {
        let mut changes = Changes::default();
        for code in &deposit.codes {
            changes.set(Dimension::Material, code, ordinal);
        }
        tx.archive_index().apply(caller.tenant(), changes, next).await?;
    }
    let subject = Subject { noun: "deposit", id: deposit.id.to_string() };
    let detail = serde_json::json!({"materials": materials.len()}).to_string();
    tx.audit().append(&service.audit_line(Act::of(caller), "deposit", subject, Some(detail))).await?;
    let row = tx.deposits().lookup_row(caller.tenant(), deposit.id).await?.ok_or(Error::Missing(Noun::Deposit))?;
    tx.commit().await?;
    Ok(row)
}

async fn check_all(
    tx: &mut Tx,
    caller: &Caller,
    client: &str,
    target: &Target,
    materials: &[MaterialDraft],
) -> Result<()> {
    caller.entitled(&super::WORKERS)?;
    clients::check(tx, caller, client).await?;
    let known = tx.codes().list(caller.tenant(), CodeTable::Material).await?;
    check_codes(&known, materials)?;
    find_place(tx, caller, target).await?;
    for material in materials {
        if let Content::Stored(id) = material.content {
            tx.archive_files().lookup(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::File))?;
        }
    }
    Ok(())
}

fn check_codes(known: &[Code], materials: &[MaterialDraft]) -> Result<()> {
    for (place, material) in materials.iter().enumerate() {
        codes::check(known, &format!("materials[{place}].code"), &material.code)?;
    }
    Ok(())
}

/// The account or customer, if the caller may file there.
async fn find_place(tx: &mut Tx, caller: &Caller, target: &Target) -> Result<Spot> {
    let (reach, _) = reach::of(tx, caller).await?;
    match target {
        Target::Account(key) => {
            let row = tx.accounts().lookup_by_key(caller.tenant(), key).await?.ok_or(Error::Missing(Noun::Account))?;
            reach.check(&[row.account.department])?;
            Ok(Spot::Account { id: row.account.id, ordinal: row.account.ordinal })
        }
        Target::Customer(paper) => {
            let customer = tx.customers().lookup_by_paper(caller.tenant(), paper).await?;
            let customer = customer.ok_or(Error::Missing(Noun::Customer))?;
            reach.check(&tx.customers().departments(caller.tenant(), customer.id).await?)?;
            Ok(Spot::Customer { id: customer.id })
        }
    }
}

/// Takes a deposit back. It stays, with who, when and why.
///
/// # Errors
/// [`Error::Invalid`] without a reason; [`Error::Missing`], also when it is another tenant's; [`Conflict::AlreadyDiscarded`];
/// [`Error::Denied`] for another department.
pub async fn discard(
    service: &Service,
    caller: &Caller,
    id: DepositId,
    employee: Option<String>,
    reason: &str,
) -> Result<()> {
    let reason = required("discardReason", reason, LONGEST_TITLE)?;
    let employee = optional("discardEmpCode", employee, LONGEST_TEXT)?;
    let mut tx = service.store.begin().await?;
    let next = tx.archive_index().lock(caller.tenant()).await?;
    let (reach, _) = reach::of(&mut tx, caller).await?;
    let deposit = tx.deposits().lookup(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::Deposit))?;
    let place = within_reach(&mut tx, caller, &reach, deposit.place).await?;
    if deposit.discard.is_some() {
        return Err(Conflict::AlreadyDiscarded.into());
    }
    let employee = employee.unwrap_or_else(|| files::name_of(caller).to_owned());
    tx.deposits().set_discard(id, &Discard { at: service.now(), employee, reason }).await?;
    if let Spot::Account { id: account, ordinal } = place {
        let mut changes = Changes::default();
        for code in &deposit.codes {
            if !tx.deposits().has_code(account, code).await? {
                changes.clear(Dimension::Material, code, ordinal);
            }
        }
        tx.archive_index().apply(caller.tenant(), changes, next).await?;
    }
    let subject = Subject { noun: "deposit", id: id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "discard_deposit", subject, None)).await?;
    tx.commit().await
}

async fn within_reach(tx: &mut Tx, caller: &Caller, reach: &Reach, place: Place) -> Result<Spot> {
    match place {
        Place::Account(id) => {
            let row = tx.accounts().lookup(caller.tenant(), id).await?.ok_or(Error::Missing(Noun::Account))?;
            reach.check(&[row.account.department])?;
            Ok(Spot::Account { id, ordinal: row.account.ordinal })
        }
        Place::Customer(id) => {
            reach.check(&tx.customers().departments(caller.tenant(), id).await?)?;
            Ok(Spot::Customer { id })
        }
    }
}

/// The tenant's deposits, the newest first; those of one account, if one is named.
///
/// # Errors
/// [`Error::Missing`] for an unknown account; [`Error::Denied`] for another department, and without an account for who may not
/// see all of them.
pub async fn list_deposits(
    service: &Service,
    caller: &Caller,
    account: Option<AccountId>,
    page: &Page,
) -> Result<Paged<DepositRow>> {
    let mut tx = service.store.read().await?;
    let (reach, _) = reach::of(&mut tx, caller).await?;
    match account {
        Some(id) => {
            within_reach(&mut tx, caller, &reach, Place::Account(id)).await?;
        }
        None if reach == Reach::All => {}
        None => return Err(mingjian_domain::error::Denied::OtherDepartment.into()),
    }
    tx.deposits().list(caller.tenant(), account, page).await
}

/// Files one of our own recordings at an account: its track files as one material. The bytes are shared, not copied.
///
/// # Errors
/// [`Error::Missing`] for an unknown recording or account; [`Conflict::WrongState`] while it is being recorded;
/// [`Error::Invalid`] for an unknown code; [`Error::Denied`].
pub async fn archive_recording(
    service: &Service,
    caller: &Caller,
    recording: RecordingId,
    account: AccountKey,
    code: &str,
) -> Result<DepositRow> {
    let tenant = caller.tenant();
    let mut tx = service.store.read().await?;
    let place = find_place(&mut tx, caller, &Target::Account(account.clone())).await?;
    codes::check(&tx.codes().list(tenant, CodeTable::Material).await?, "materialCode", code)?;
    let row = tx.recordings().lookup_row(tenant, recording).await?.ok_or(Error::Missing(Noun::Recording))?;
    let tracks = tx.tracks().list(recording).await?;
    let code_of_tenant = tx.tenants().lookup(tenant).await?.ok_or(Error::Missing(Noun::Tenant))?.code;
    drop(tx);
    match row.recording.state {
        State::Recording => return Err(Conflict::WrongState.into()),
        State::Stopped { .. } | State::Failed { .. } => {}
    }
    let now = service.now();
    let shared = share_tracks(service, caller, &row.recording, &tracks, &code_of_tenant).await?;
    let mut tx = service.store.begin().await?;
    let next = tx.archive_index().lock(tenant).await?;
    for file in &shared {
        files::insert_temporary(service, &mut tx, file).await?;
    }
    let deposit = Deposit {
        id: service.draw(|random| DepositId::mint(now, random)),
        tenant,
        place: place.place(),
        source: Source::Recording(recording),
        title: Some("录制归档".to_owned()),
        business_id: row.business_no,
        extras: None,
        codes: vec![code.to_owned()],
        filed_at: now,
        received_at: now,
        submitter: submitter(caller),
        discard: None,
        post_business_id: None,
        post_msg: None,
    };
    let material = NewMaterial { code: code.to_owned(), files: shared.iter().map(|file| file.id).collect() };
    finish(service, tx, caller, next, place, deposit, vec![material]).await
}

/// The track files of a recording under keys of the archive as well, so that deleting the recording leaves the archive whole.
async fn share_tracks(
    service: &Service,
    caller: &Caller,
    recording: &Recording,
    tracks: &[mingjian_domain::recording::Track],
    tenant_code: &str,
) -> Result<Vec<ArchiveFile>> {
    let now = service.now();
    let mut shared = Vec::new();
    for track in tracks {
        let Some(closed) = track.closed else { continue };
        let id = service.draw(|random| ArchiveFileId::mint(now, random));
        let file = ArchiveFile {
            id,
            tenant: recording.tenant,
            key: ArchiveFile::key_for(tenant_code, id, now),
            name: track.file.clone(),
            content_type: "video/mp4".to_owned(),
            size_bytes: closed.size_bytes,
            sha256: closed.sha256,
            uploader: files::name_of(caller).to_owned(),
            created_at: recording.started_at + Duration::milliseconds(i64::try_from(track.from_ms).unwrap_or(0)),
            updated_at: now,
            expires_at: Some(now + TEMPORARY),
        };
        let from = format!("{}/{}", recording.folder, track.file);
        let (objects, key) = (service.objects.clone(), file.key.clone());
        tokio::task::spawn_blocking(move || objects.share(&from, &key))
            .await
            .map_err(|error| Error::fault("sharing a recording's file", error))??;
        shared.push(file);
    }
    if shared.is_empty() { Err(Error::Missing(Noun::Recording)) } else { Ok(shared) }
}
