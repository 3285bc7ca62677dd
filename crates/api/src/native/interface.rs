//! What a tenant admin sees and sets of the tenant's interfaces: credentials, addresses, switches, native keys, the last calls.

use std::collections::BTreeMap;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::{Error, Noun, Result as Verdict};
use mingjian_domain::file::{FileKind, RetentionDays};
use mingjian_domain::interface::{FaceName, Interface, Network, ResultsAs, Switches};
use mingjian_domain::tenant::ApiKey;
use mingjian_service::interfaces::switchboard::{self, Credential};
use mingjian_service::revision::Revision;
use serde::Serialize;
use time::OffsetDateTime;

use super::ListView;
use crate::Shared;
use crate::caller::Page;
use crate::calls::Call;
use crate::etag::{IfMatch, etag};
use crate::fields::Fields;
use crate::mounts;
use crate::origin::Origin;
use crate::params::Segments;
use crate::problems::Problem;

#[derive(Serialize)]
struct InterfaceView {
    ent_id: i64,
    credentials: Vec<CredentialView>,
    faces: Vec<FaceView>,
    switches: SwitchesView,
}

/// An account with as much of its secret as tells which one it is.
#[derive(Serialize)]
struct CredentialView {
    kind: &'static str,
    account: String,
    secret_hint: String,
    /// The meeting face's literal key.
    literal_hint: Option<String>,
}

#[derive(Serialize)]
struct FaceView {
    name: &'static str,
    on: bool,
    base_urls: Vec<String>,
}

#[derive(Serialize)]
struct SwitchesView {
    off: Vec<&'static str>,
    video_unsigned_from: Vec<String>,
    netdisk_get_from: Option<Vec<String>>,
    meeting_origins: Vec<String>,
    netdisk_callback_url: Option<String>,
    return_origins: Vec<String>,
    results_as: &'static str,
    messages_a_day: Option<u32>,
    quota_bytes: Option<u64>,
    file_retention_days: BTreeMap<&'static str, u32>,
}

/// The last two characters of a long secret; a short one shows nothing of itself.
fn hint(secret: &str) -> String {
    let shown = if secret.chars().count() >= 16 { 2 } else { 0 };
    let end: String = secret.chars().skip(secret.chars().count() - shown).collect();
    format!("••••••{end}")
}

fn view(interface: Interface, base: &str) -> InterfaceView {
    let credential = |kind: Credential, account: String, secret: &str, literal: Option<&str>| CredentialView {
        kind: kind.word(),
        account,
        secret_hint: hint(secret),
        literal_hint: literal.map(hint),
    };
    let literal = interface.meeting_auth.as_ref().map(mingjian_domain::secret::Secret::expose);
    let switches = interface.switches;
    let face = |face: FaceName| FaceView {
        name: face.word(),
        on: switches.is_on(face),
        base_urls: mounts::prefixes(face).map(|prefix| format!("{base}{prefix}")).collect(),
    };
    InterfaceView {
        ent_id: interface.ent_id,
        credentials: vec![
            credential(Credential::Company, interface.comp_id.to_string(), interface.comp_secret.expose(), None),
            credential(Credential::App, interface.app_id, interface.app_secret.expose(), None),
            credential(Credential::Meeting, interface.api_id, interface.api_key.expose(), literal),
        ],
        faces: FaceName::ALL.into_iter().map(face).collect(),
        switches: SwitchesView {
            off: switches.off.iter().map(|face| face.word()).collect(),
            video_unsigned_from: switches.video_unsigned_from.iter().copied().map(String::from).collect(),
            netdisk_get_from: switches.netdisk_get_from,
            meeting_origins: switches.meeting_origins,
            netdisk_callback_url: switches.netdisk_callback_url,
            return_origins: switches.return_origins,
            results_as: switches.results_as.word(),
            messages_a_day: switches.messages_a_day,
            quota_bytes: switches.quota_bytes,
            file_retention_days: switches.file_retention_days.iter().map(|(kind, &days)| (kind.word(), days)).collect(),
        },
    }
}

fn read_switches(mut fields: Fields) -> Verdict<Switches> {
    let mut off = std::collections::BTreeSet::new();
    for word in fields.texts("off")?.unwrap_or_default() {
        let words = FaceName::ALL.map(FaceName::word).join("、");
        let face = FaceName::from_word(&word).filter(|&face| face != FaceName::Native);
        off.insert(face.ok_or_else(|| fields.complain("off", &format!("应为 {words} 之一，native 不能停用")))?);
    }
    let mut networks = Vec::new();
    for text in fields.texts("video_unsigned_from")?.unwrap_or_default() {
        let network: Result<Network, _> = text.parse();
        networks.push(network.map_err(|wrong| fields.complain("video_unsigned_from", &wrong.to_string()))?);
    }
    let results_as = match fields.opt_text("results_as")? {
        None => ResultsAs::default(),
        Some(word) => {
            ResultsAs::from_word(&word).ok_or_else(|| fields.complain("results_as", "应为 native 或 signing"))?
        }
    };
    let messages = fields.opt_integer("messages_a_day")?.map(u32::try_from).transpose();
    let quota = fields.opt_integer("quota_bytes")?.map(u64::try_from).transpose();
    Ok(Switches {
        off,
        video_unsigned_from: networks,
        netdisk_get_from: fields.texts("netdisk_get_from")?,
        meeting_origins: fields.texts("meeting_origins")?.unwrap_or_default(),
        netdisk_callback_url: fields.opt_text("netdisk_callback_url")?,
        return_origins: fields.texts("return_origins")?.unwrap_or_default(),
        results_as,
        messages_a_day: messages.map_err(|_| fields.complain("messages_a_day", "应为不小于 0 的整数"))?,
        quota_bytes: quota.map_err(|_| fields.complain("quota_bytes", "应为不小于 0 的整数"))?,
        file_retention_days: read_retention(fields.opt_object("file_retention_days")?)?,
    })
}

/// Days by the kind of file.
fn read_retention(fields: Option<Fields>) -> Verdict<RetentionDays> {
    let mut days = RetentionDays::new();
    let Some(mut fields) = fields else { return Ok(days) };
    for kind in FileKind::ALL {
        if let Some(given) = fields.opt_integer(kind.word())? {
            let given = u32::try_from(given).map_err(|_| fields.complain(kind.word(), "应为正整数"))?;
            days.insert(kind, given);
        }
    }
    // A kind with a slip of the pen would else have no date, unseen.
    match fields.names().next() {
        Some(unknown) => {
            let kinds = FileKind::ALL.map(FileKind::word).join("、");
            Err(fields.complain(unknown, &format!("没有这种文件，应为 {kinds} 之一")))
        }
        None => Ok(days),
    }
}

fn answer(api: &Shared, origin: &Origin, interface: Interface, revision: &Revision) -> Response {
    let base = origin.base(&api.settings).unwrap_or_default();
    ([etag(revision)], Json(view(interface, &base))).into_response()
}

/// The tenant's interface.
///
/// # Errors
/// Not entitled; interface off when the tenant has none.
pub async fn show_interface(State(api): State<Shared>, origin: Origin, page: Page) -> Result<Response, Problem> {
    let (interface, revision) = switchboard::show_interface(&api.service, &page.caller).await?;
    Ok(answer(&api, &origin, interface, &revision))
}

/// Replaces the switches: `{"off"?, "video_unsigned_from"?, "netdisk_get_from"?, …}`; what is left out is off or empty.
///
/// # Errors
/// Not entitled; invalid naming the field; changed meanwhile.
pub async fn set_switches(
    State(api): State<Shared>,
    origin: Origin,
    page: Page,
    IfMatch(expected): IfMatch,
    fields: Fields,
) -> Result<Response, Problem> {
    let switches = read_switches(fields)?;
    let (interface, revision) = switchboard::set_switches(&api.service, &page.caller, &expected, switches).await?;
    Ok(answer(&api, &origin, interface, &revision))
}

#[derive(Serialize)]
struct ReissuedView {
    kind: &'static str,
    secret: String,
}

/// Makes a credential anew and tells it once.
///
/// # Errors
/// Not entitled; key unknown for a kind that is none.
pub async fn reissue_credential(
    State(api): State<Shared>,
    page: Page,
    Segments(kind): Segments<String>,
) -> Result<Response, Problem> {
    let kind = Credential::from_word(&kind).ok_or(Error::Missing(Noun::Key))?;
    let secret = switchboard::reissue_credential(&api.service, &page.caller, kind).await?;
    Ok(Json(ReissuedView { kind: kind.word(), secret: secret.expose().to_owned() }).into_response())
}

#[derive(Serialize)]
struct KeyView {
    id: String,
    name: String,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
}

impl From<ApiKey> for KeyView {
    fn from(key: ApiKey) -> Self {
        Self { id: hex::encode(key.hash), name: key.name, created_at: key.created_at }
    }
}

#[derive(Serialize)]
struct IssuedView {
    #[serde(flatten)]
    key: KeyView,
    secret: String,
}

/// The native keys in use, the newest first. There are at most a hundred, so they are one page.
///
/// # Errors
/// Not entitled.
pub async fn list_keys(State(api): State<Shared>, page: Page) -> Result<Response, Problem> {
    let keys = switchboard::list_keys(&api.service, &page.caller).await?;
    let items = keys.into_iter().map(KeyView::from).collect();
    Ok(Json(ListView { items, next: None }).into_response())
}

/// Makes a native key, `{"name"}`, and tells it once.
///
/// # Errors
/// Not entitled; invalid for a name that is none.
pub async fn issue_key(State(api): State<Shared>, page: Page, mut fields: Fields) -> Result<Response, Problem> {
    let (key, secret) = switchboard::issue_key(&api.service, &page.caller, &fields.text("name")?).await?;
    let view = IssuedView { key: key.into(), secret: secret.expose().to_owned() };
    let location = format!("/api/v1/interface/keys/{}", view.key.id);
    Ok((StatusCode::CREATED, [(header::LOCATION, location)], Json(view)).into_response())
}

/// Takes a native key back.
///
/// # Errors
/// Not entitled; key unknown, also when it is another tenant's.
pub async fn revoke_key(
    State(api): State<Shared>,
    page: Page,
    Segments(id): Segments<String>,
) -> Result<StatusCode, Problem> {
    switchboard::revoke_key(&api.service, &page.caller, &id).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// The last calls of the tenant's business systems, the newest first, as this server remembers them since its start.
///
/// # Errors
/// Not entitled.
pub async fn list_calls(State(api): State<Shared>, page: Page) -> Result<Response, Problem> {
    let tenant = switchboard::switchboard_of(&page.caller)?;
    let items: Vec<Call> = api.calls.of(tenant);
    Ok(Json(ListView { items, next: None }).into_response())
}
