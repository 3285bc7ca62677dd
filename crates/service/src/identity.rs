//! Identity checks that somebody else makes: the tenant's own service is asked, or its business server says what it found out.
//!
//! Name and number come from the order, never from a page; a result that a page hands in is believed only inside a statement
//! that the business server has signed.

use mingjian_domain::connector::{Connector, ConnectorKind};
use mingjian_domain::embed::EmbedToken;
use mingjian_domain::error::{Conflict, Error, Result, Unauthenticated};
use mingjian_domain::sheet::{IdentityResult, IdentityVerdict};
use serde::Deserialize;
use serde_json::Value;
use time::{Duration, OffsetDateTime};

use crate::Service;
use crate::access::{Caller, blade};
use crate::audit::{Act, Subject};
use crate::connectors::{self, text};
use crate::interfaces::find_interface;
use crate::sheets::{self, Part};
use crate::tokens::sha256;

/// A photo of 3 MB, as the authorities take it, in base64.
const LONGEST_IMAGE: usize = 4 * 1024 * 1024;
/// A statement that is good for longer could be passed on.
const LONGEST_STATEMENT: Duration = Duration::minutes(10);

/// Asks the tenant's identity service about the main person of an order. Where there is none, the result says so.
///
/// # Errors
/// [`Error::Missing`] when there is no such order for the caller; [`Error::Invalid`] for an image that is no base64.
pub async fn check_identity(
    service: &Service,
    caller: &Caller,
    business_no: &str,
    image_base64: &str,
) -> Result<IdentityResult> {
    check_image(image_base64)?;
    let mut tx = service.store.read().await?;
    let placed = sheets::placed(&mut tx, caller, business_no).await?;
    let tenant = tx.tenants().lookup(caller.tenant()).await?.map(|tenant| tenant.code).unwrap_or_default();
    drop(tx);
    let order = placed.order;
    let connector = connectors::lookup(service, order.tenant, ConnectorKind::Identity).await?;
    let (Some(connector), Some(person)) = (connector, order.people.first()) else {
        return Ok(not_done("尚未配置身份核验服务，未进行核验"));
    };
    let values = [
        ("businessId", order.business_no.as_str()),
        ("name", person.name.as_str()),
        ("idNo", person.id_no.as_str()),
        ("imageBase64", image_base64),
        ("tenantId", tenant.as_str()),
    ];
    let result = match connectors::ask(&connector, service.web()?, &values).await? {
        Ok(yes) => read(&connector, &yes.json),
        Err(no) => not_done(&format!("身份核验服务没有给出结果：{}", no.sentence())),
    };
    let mut tx = service.store.begin().await?;
    let subject = Subject { noun: "order", id: order.id.to_string() };
    let detail = serde_json::json!({ "result": result.result.word() }).to_string();
    tx.audit().append(&service.audit_line(Act::of(caller), "check_identity", subject, Some(detail))).await?;
    tx.commit().await?;
    Ok(result)
}

fn check_image(image_base64: &str) -> Result<()> {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"+/=".contains(&byte);
    if image_base64.is_empty() || image_base64.len() > LONGEST_IMAGE || !image_base64.bytes().all(plain) {
        return Err(Error::Invalid("image_base64:应为 JPG 或 PNG 图片的 base64,不超过 3 MB".into()));
    }
    Ok(())
}

fn not_done(why: &str) -> IdentityResult {
    IdentityResult { result: IdentityVerdict::NotDone, similarity: "0.0".into(), description: why.to_owned() }
}

/// The coding of the document's Android side: 1 passed, 2 failed, 3 nobody looked.
fn verdict_of(code: &str) -> IdentityVerdict {
    match code {
        "1" => IdentityVerdict::Passed,
        "2" => IdentityVerdict::Failed,
        _ => IdentityVerdict::NotDone,
    }
}

fn read(connector: &Connector, answer: &Value) -> IdentityResult {
    let similarity = text(connector, answer, "similarity").and_then(|text| text.parse::<f64>().ok());
    IdentityResult {
        result: verdict_of(&text(connector, answer, "result").unwrap_or_default()),
        similarity: format!("{:.1}", similarity.unwrap_or(0.0).clamp(0.0, 100.0)),
        description: text(connector, answer, "description").unwrap_or_default().chars().take(200).collect(),
    }
}

/// What a statement says.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Statement {
    /// The tenant's `AppId`.
    iss: String,
    /// When it ends, in Unix seconds.
    exp: i64,
    business_id: String,
    face_result: i64,
    similarity: String,
}

/// Takes in what a business server says about a face, handed over by a page: a JSON Web Token, HS256 under the tenant's
/// `AppSecret`, with `iss` (`AppId`), `exp`, `businessId`, `faceResult` 1, 2 or 3, and `similarity`. It is believed once.
///
/// # Errors
/// [`Unauthenticated::WrongSecret`] when it is not signed by a business server of ours; [`Unauthenticated::Expired`];
/// [`Error::Invalid`] when it is good for too long; [`Conflict::TicketUsed`] the second time; [`Error::Missing`] for an order
/// that its tenant does not have.
pub async fn accept_statement(service: &Service, token: &str, address: &str) -> Result<()> {
    // Read once without belief, to know whose secret to ask.
    let app_id = unproved_issuer(token).ok_or(Unauthenticated::WrongSecret)?;
    let mut tx = service.store.read().await?;
    let tenant = tx.interfaces().lookup_by_app_id(&app_id).await?.map(|row| row.tenant);
    drop(tx);
    let interface = find_interface(service, tenant.ok_or(Unauthenticated::WrongSecret)?).await?;
    let statement: Statement = blade::open_statement(token, &interface.app_secret)?;
    let now = service.now();
    if statement.iss != interface.app_id {
        return Err(Unauthenticated::WrongSecret.into());
    }
    let expires_at = OffsetDateTime::from_unix_timestamp(statement.exp).map_err(|_| Unauthenticated::Expired)?;
    if now >= expires_at {
        return Err(Unauthenticated::Expired.into());
    }
    if expires_at > now + LONGEST_STATEMENT {
        return Err(Error::Invalid("token:有效期最长 10 分钟，请缩短 exp".into()));
    }
    let mut tx = service.store.begin().await?;
    tx.embed_tokens().delete_expired(now).await?;
    let once = EmbedToken {
        hash: sha256(token),
        tenant: interface.tenant,
        user: None,
        return_url: None,
        created_at: now,
        expires_at,
        used_at: Some(now),
    };
    match tx.embed_tokens().insert(&once).await {
        Err(Error::Conflict(_)) => return Err(Conflict::TicketUsed.into()),
        inserted => inserted?,
    }
    tx.commit().await?;
    let caller = Caller::System { tenant: interface.tenant, name: interface.app_id, address: Some(address.to_owned()) };
    let identity = IdentityResult {
        result: verdict_of(&statement.face_result.to_string()),
        similarity: statement.similarity,
        description: "业务系统的人脸识别结果".to_owned(),
    };
    sheets::put_part(service, &caller, &statement.business_id, Part::Identity(identity)).await
}

fn unproved_issuer(token: &str) -> Option<String> {
    use base64::Engine as _;
    let claims = token.split('.').nth(1).filter(|claims| claims.len() < 2_048)?;
    let claims = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(claims).ok()?;
    let claims: Value = serde_json::from_slice(&claims).ok()?;
    claims["iss"].as_str().map(str::to_owned)
}

/// Hands a photo of an order on to the tenant's photo service.
///
/// # Errors
/// [`Error::Missing`] when there is no such order for the caller; [`Error::Invalid`] when the tenant has no photo service, it did
/// not take the photo, or the image is no base64.
pub async fn push_photo(
    service: &Service,
    caller: &Caller,
    business_no: &str,
    name: &str,
    image_base64: &str,
) -> Result<()> {
    check_image(image_base64)?;
    let plain = |letter: char| letter.is_alphanumeric() || "-_.".contains(letter);
    if name.is_empty() || name.chars().count() > 100 || !name.chars().all(plain) {
        return Err(Error::Invalid("name:应为 1 至 100 个字母、数字或 - _ .".into()));
    }
    let mut tx = service.store.read().await?;
    let order = sheets::placed(&mut tx, caller, business_no).await?.order;
    let tenant = tx.tenants().lookup(caller.tenant()).await?;
    drop(tx);
    let connector = connectors::lookup(service, order.tenant, ConnectorKind::Photo).await?;
    let (Some(connector), Some(tenant)) = (connector, tenant) else {
        return Err(Error::Invalid("尚未配置照片接收地址，请管理员在“接口”页配置".into()));
    };
    let taken_at = crate::results::local(service.now(), tenant.zone);
    let values = [
        ("businessId", order.business_no.as_str()),
        ("photoName", name),
        ("imageBase64", image_base64),
        ("takenAt", taken_at.as_str()),
        ("tenantId", tenant.code.as_str()),
    ];
    if let Err(no) = connectors::ask(&connector, service.web()?, &values).await? {
        return Err(Error::Invalid(format!("照片没有推送成功：{}", no.sentence())));
    }
    let mut tx = service.store.begin().await?;
    let subject = Subject { noun: "order", id: order.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "push_photo", subject, None)).await?;
    tx.commit().await
}
