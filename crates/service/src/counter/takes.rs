//! Takes: what is there, what counts, what is voided, and what happens when one is whole.

use std::collections::BTreeMap;

use mingjian_domain::error::{Conflict, Denied, Error, Noun, Result};
use mingjian_domain::id::{OrderId, TakeId, TenantId};
use mingjian_domain::take::{self, Failure, Media, Take, VideoType, Voided};
use mingjian_store::Tx;
use time::OffsetDateTime;

use super::{Hand, filing};
use crate::Service;
use crate::audit::{Act, Subject};

/// How far a video type of an order is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Standing {
    /// The type.
    pub video_type: VideoType,
    /// The take that counts; none while nothing was recorded.
    pub take: Option<Take>,
}

/// How far the video types of an order are: those that are asked for, and those of which there is a take that counts. An
/// unknown order has none.
///
/// # Errors
/// [`Error::Fault`].
pub async fn standing(
    service: &Service,
    tenant: TenantId,
    business_no: &str,
    video_type: Option<&VideoType>,
) -> Result<Vec<Standing>> {
    let mut tx = service.store.read().await?;
    let Some(order) = tx.orders().lookup_by_business_no(tenant, business_no).await? else { return Ok(Vec::new()) };
    let asked = tx.takes().types_of_order(tenant, order.id).await?;
    let takes = by_type(tx.takes().list_of_order(tenant, order.id).await?);
    let known = asked.iter().chain(takes.keys().filter(|name| !asked.contains(name)));
    let wanted = known.filter(|name| video_type.is_none_or(|wanted| wanted == *name));
    let standing = wanted
        .map(|name| Standing { video_type: name.clone(), take: takes.get(name).and_then(Take::newest_valid).cloned() });
    // A type that was never asked for and whose every take is void is not valid data.
    Ok(standing.filter(|standing| standing.take.is_some() || asked.contains(&standing.video_type)).collect())
}

/// Takes by their type.
fn by_type(takes: Vec<Take>) -> BTreeMap<VideoType, Vec<Take>> {
    let mut types: BTreeMap<VideoType, Vec<Take>> = BTreeMap::new();
    for take in takes {
        types.entry(take.video_type.clone()).or_default().push(take);
    }
    types
}

/// Every take of the page's orders, the oldest first.
///
/// # Errors
/// [`Error::Fault`].
pub async fn list(service: &Service, tenant: TenantId, orders: &[OrderId]) -> Result<Vec<Take>> {
    let mut tx = service.store.read().await?;
    let mut takes = Vec::new();
    for &order in orders {
        takes.extend(tx.takes().list_of_order(tenant, order).await?);
    }
    Ok(takes)
}

/// Which takes are to be voided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Which {
    /// This one.
    One(TakeId),
    /// The one that counts, of this type of this order.
    Newest {
        /// The order's number.
        business_no: String,
        /// The type.
        video_type: VideoType,
    },
}

/// Takes a take out of what counts. Its files stay.
///
/// # Errors
/// [`Error::Missing`] when there is no such take, or none that counts; [`Conflict::ReasonMissing`];
/// [`Conflict::AlreadyRecording`] while it is being recorded; [`Denied::NotEntitled`] for a page that may only look at it.
pub async fn invalidate(service: &Service, hand: &Hand, which: &Which, reason: Option<&str>) -> Result<Take> {
    let reason = take::reason(reason)?.ok_or(Conflict::ReasonMissing)?;
    let tenant = hand.tenant();
    let mut tx = service.store.begin().await?;
    let found = match which {
        Which::One(id) => tx.takes().lookup(tenant, *id).await?,
        Which::Newest { business_no, video_type } => {
            match tx.orders().lookup_by_business_no(tenant, business_no).await? {
                Some(order) => {
                    let mut takes = tx.takes().list_of_order(tenant, order.id).await?;
                    takes.retain(|take| take.video_type == *video_type);
                    Take::newest_valid(&takes).cloned()
                }
                None => None,
            }
        }
    };
    let found = found.ok_or(Error::Missing(Noun::Take))?;
    may_record(hand, &found)?;
    if found.voided.is_some() {
        return Err(Error::Missing(Noun::Take));
    }
    let void = found.void(Voided { at: service.now(), reason, by: hand.operator().user_name.clone() })?;
    tx.takes().save(&void).await?;
    let subject = Subject { noun: "take", id: void.id.to_string() };
    let detail = hand.detail(&serde_json::json!({ "reason": void.voided.as_ref().map(|voided| &voided.reason) }));
    tx.audit().append(&service.audit_line(hand.act(), "void_take", subject, Some(detail))).await?;
    tx.commit().await?;
    Ok(void)
}

/// Whether this hand may record what the take is of. A page that may not even look at it is told that there is none.
///
/// # Errors
/// [`Error::Missing`]; [`Denied::NotEntitled`].
pub(super) fn may_record(hand: &Hand, take: &Take) -> Result<()> {
    let Hand::Page { visit, .. } = hand else { return Ok(()) };
    match visit.right(take.order, &take.video_type) {
        Some(mingjian_domain::counter::Right::Record) => Ok(()),
        Some(mingjian_domain::counter::Right::Play) => Err(Denied::NotEntitled.into()),
        None => Err(Error::Missing(Noun::Take)),
    }
}

/// A take is whole: what it makes superfluous is voided in the same transaction.
///
/// # Errors
/// [`Conflict::WrongState`] when it ended before; [`Error::Fault`].
pub(crate) async fn complete(
    service: &Service,
    tx: &mut Tx,
    take: Take,
    duration_ms: u64,
    now: OffsetDateTime,
) -> Result<Take> {
    let whole = Take { state: take.state.whole(duration_ms, now)?, ..take };
    tx.takes().save(&whole).await?;
    let mut takes = tx.takes().list_of_order(whole.tenant, whole.order).await?;
    takes.retain(|other| other.video_type == whole.video_type);
    let superseded = Take::superseded(&takes);
    let because = takes.iter().filter(|other| !superseded.contains(&other.id)).max_by_key(|take| take.began_at);
    let (why, by) = because.map_or((None, String::new()), |take| (take.again.clone(), take.operator.user_name.clone()));
    for old in takes.into_iter().filter(|take| superseded.contains(&take.id)) {
        let reason = why.as_ref().map_or_else(|| "已重新录制".to_owned(), |why| format!("已重新录制：{why}"));
        let void = old.void(Voided { at: now, reason, by: by.clone() })?;
        tx.takes().save(&void).await?;
        note(service, tx, &void, "supersede_take").await?;
    }
    note(service, tx, &whole, "finish_take").await?;
    if let (true, Media::Recording(recording)) = (whole.state.is_whole(), whole.state.media()) {
        filing::expect(service, tx, &whole, recording).await?;
    }
    Ok(whole)
}

/// Nothing comes of a take.
///
/// # Errors
/// [`Conflict::WrongState`] when it ended before; [`Error::Fault`].
pub(crate) async fn fail(service: &Service, tx: &mut Tx, take: Take, why: Failure, now: OffsetDateTime) -> Result<()> {
    let failed = Take { state: take.state.failed(why, now)?, ..take };
    tx.takes().save(&failed).await?;
    note(service, tx, &failed, "fail_take").await
}

async fn note(service: &Service, tx: &mut Tx, take: &Take, action: &'static str) -> Result<()> {
    let subject = Subject { noun: "take", id: take.id.to_string() };
    let media = match take.state.media() {
        Media::Recording(id) => serde_json::json!({ "recording": id.to_string() }),
        Media::Upload(id) => serde_json::json!({ "upload": id.to_string() }),
    };
    let line = service.audit_line(Act::of_server(take.tenant), action, subject, Some(media.to_string()));
    tx.audit().append(&line).await
}
