//! Visits at the counter: found by the hash of the ticket once, by the hash of the cookie's token afterwards.

use mingjian_domain::counter::{Right, Sitter, Tab, Visit, VisitSession};
use mingjian_domain::error::{Error, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::secret::Secret;
use mingjian_domain::take::Operator;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The visits of a transaction.
pub struct Visits<'t>(pub(crate) &'t mut Tx);

/// A tab, as it is kept.
#[derive(Serialize, Deserialize)]
struct KeptTab {
    video_type: String,
    record: bool,
}

macro_rules! select {
    ($tail:literal) => {
        concat!(
            "SELECT id, tenant_id, operator_id, operator_name, sitters, tabs, ticket_hash, created_at, token_hash, \
             csrf_token, opened_at FROM counter_visits ",
            $tail
        )
    };
}

impl Visits<'_> {
    /// Adds a visit.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn insert(&mut self, visit: &Visit) -> Result<()> {
        let tabs: Vec<KeptTab> = visit
            .tabs
            .iter()
            .map(|tab| KeptTab { video_type: tab.video_type.to_string(), record: tab.right == Right::Record })
            .collect();
        let tabs = serde_json::to_string(&tabs).map_err(|error| Error::fault("writing a visit's tabs", error))?;
        let sitters =
            serde_json::to_string(&visit.sitters).map_err(|error| Error::fault("writing a visit's people", error))?;
        let session = visit.session.as_ref();
        self.0
            .execute(
                "INSERT INTO counter_visits (id, tenant_id, operator_id, operator_name, sitters, tabs, ticket_hash, \
                 created_at, token_hash, csrf_token, opened_at) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
                args![
                    visit.id,
                    visit.tenant,
                    &visit.operator.user_id,
                    &visit.operator.user_name,
                    sitters,
                    tabs,
                    visit.ticket_hash,
                    visit.created_at,
                    session.map(|session| session.token_hash),
                    session.map(|session| session.csrf_token.expose()),
                    session.map(|session| session.opened_at),
                ],
            )
            .await
            .or_fault("adding a visit")?;
        Ok(())
    }

    /// The visit of that ticket's SHA-256, also when the ticket was used or is too old: that is the domain's to tell.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_ticket_hash(&mut self, hash: &[u8; 32]) -> Result<Option<Visit>> {
        self.0.optional(select!("WHERE ticket_hash = $1"), args![hash], read).await.or_fault("reading a visit")
    }

    /// The visit of that cookie token's SHA-256, also when its time is over.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn lookup_by_token_hash(&mut self, hash: &[u8; 32]) -> Result<Option<Visit>> {
        self.0.optional(select!("WHERE token_hash = $1"), args![hash], read).await.or_fault("reading a visit")
    }

    /// Notes the page's session. Tells whether it was the first one: of two that use a ticket at once, one is.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn open(&mut self, visit: &Visit) -> Result<bool> {
        let Some(session) = &visit.session else { return Ok(false) };
        let changed = self
            .0
            .execute(
                "UPDATE counter_visits SET token_hash = $2, csrf_token = $3, opened_at = $4 \
                 WHERE id = $1 AND opened_at IS NULL",
                args![visit.id, session.token_hash, session.csrf_token.expose(), session.opened_at],
            )
            .await
            .or_fault("opening a visit")?;
        Ok(changed == 1)
    }

    /// Forgets the visits that were made before that moment, and tells how many there were.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn delete_made_before(&mut self, moment: OffsetDateTime) -> Result<u64> {
        let gone = self.0.execute("DELETE FROM counter_visits WHERE created_at < $1", args![moment]).await;
        gone.or_fault("forgetting old visits")
    }

    /// Notes a nonce of a signed call. Tells whether it was new.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn use_nonce(&mut self, tenant: TenantId, nonce: &str, now: OffsetDateTime) -> Result<bool> {
        let changed = self
            .0
            .execute(
                "INSERT INTO caller_nonces (tenant_id, nonce, used_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
                args![tenant, nonce, now],
            )
            .await
            .or_fault("noting a nonce")?;
        Ok(changed == 1)
    }

    /// Forgets the nonces that were used before that moment.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn delete_nonces_before(&mut self, moment: OffsetDateTime) -> Result<u64> {
        let gone = self.0.execute("DELETE FROM caller_nonces WHERE used_at < $1", args![moment]).await;
        gone.or_fault("forgetting old nonces")
    }
}

fn read(row: &Row) -> sqlx::Result<Visit> {
    let sitters: String = row.get("sitters")?;
    let sitters: Vec<Sitter> = serde_json::from_str(&sitters).map_err(|error| unreadable("sitters", error))?;
    let tabs: String = row.get("tabs")?;
    let tabs: Vec<KeptTab> = serde_json::from_str(&tabs).map_err(|error| unreadable("tabs", error))?;
    let tab = |kept: KeptTab| {
        let video_type = kept.video_type.parse().map_err(|_| unreadable("tabs", "not a video type"))?;
        Ok(Tab { video_type, right: if kept.record { Right::Record } else { Right::Play } })
    };
    let session = match row.get_opt("token_hash")? {
        Some(token_hash) => Some(VisitSession {
            token_hash,
            csrf_token: Secret::new(row.get("csrf_token")?),
            opened_at: row.get("opened_at")?,
        }),
        None => None,
    };
    Ok(Visit {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        operator: Operator { user_id: row.get("operator_id")?, user_name: row.get("operator_name")? },
        sitters,
        tabs: tabs.into_iter().map(tab).collect::<sqlx::Result<_>>()?,
        ticket_hash: row.get("ticket_hash")?,
        created_at: row.get("created_at")?,
        session,
    })
}
