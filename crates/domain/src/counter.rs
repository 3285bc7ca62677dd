//! A visit at the counter: a business system leads an operator's browser to the recording page, once, and the page keeps
//! a session of its own afterwards.

use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};

use crate::error::Conflict;
use crate::id::{OrderId, TenantId, TicketId};
use crate::secret::Secret;
use crate::take::{Operator, VideoType};

/// What a tab of the page may do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Right {
    /// Look at the newest valid take.
    Play,
    /// Record, and look at what was recorded.
    Record,
}

/// A tab of the page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tab {
    /// Of which type.
    pub video_type: VideoType,
    /// What it may do.
    pub right: Right,
}

/// Somebody in front of the camera, as the business system named them this time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sitter {
    /// For which order.
    pub order: OrderId,
    /// Its number.
    pub business_no: String,
    /// The name.
    pub name: String,
    /// Number of the identity paper.
    pub id_no: String,
    /// Mobile number; empty where none was named.
    pub mobile: String,
    /// The product.
    pub product_name: String,
    /// Whatever else the business system wants to be seen.
    pub others: Vec<String>,
}

/// One time that a business system led a browser here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Its id; also names the page's session.
    pub id: TicketId,
    /// Whose.
    pub tenant: TenantId,
    /// Who records.
    pub operator: Operator,
    /// Whom and what the page shows.
    pub sitters: Vec<Sitter>,
    /// Its tabs, in order.
    pub tabs: Vec<Tab>,
    /// SHA-256 of the ticket in the address.
    pub ticket_hash: [u8; 32],
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// The page's session, once the ticket was used.
    pub session: Option<VisitSession>,
}

/// The session of a page at the counter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VisitSession {
    /// SHA-256 of the cookie's token.
    pub token_hash: [u8; 32],
    /// What writes must carry in a header.
    pub csrf_token: Secret,
    /// Since when.
    pub opened_at: OffsetDateTime,
}

impl Visit {
    /// How long a ticket may be on its way from the business system to the browser.
    pub const TICKET_LIFE: Duration = Duration::minutes(5);
    /// How long a page may be used and reloaded: a working day.
    pub const SESSION_LIFE: Duration = Duration::hours(12);

    /// Uses the ticket.
    ///
    /// # Errors
    /// [`Conflict::TicketUsed`] when it was used before or is too old.
    pub fn open(self, token_hash: [u8; 32], csrf_token: Secret, now: OffsetDateTime) -> Result<Self, Conflict> {
        if self.session.is_some() || now >= self.created_at + Self::TICKET_LIFE {
            return Err(Conflict::TicketUsed);
        }
        Ok(Self { session: Some(VisitSession { token_hash, csrf_token, opened_at: now }), ..self })
    }

    /// Whether the page's session still runs.
    #[must_use]
    pub fn is_open(&self, now: OffsetDateTime) -> bool {
        self.session.as_ref().is_some_and(|session| now < session.opened_at + Self::SESSION_LIFE)
    }

    /// What the page may do with that order's video type; none when it may nothing.
    #[must_use]
    pub fn right(&self, order: OrderId, video_type: &VideoType) -> Option<Right> {
        self.sitters.iter().any(|sitter| sitter.order == order).then_some(())?;
        self.tabs.iter().find(|tab| tab.video_type == *video_type).map(|tab| tab.right)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Counting;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    fn order(second: i64) -> OrderId {
        OrderId::mint(NOON + Duration::seconds(second), &mut Counting::default())
    }

    fn visit() -> Visit {
        let mut random = Counting::default();
        let tab = |name: &str, right| Tab { video_type: name.parse().expect("a video type"), right };
        Visit {
            id: TicketId::mint(NOON, &mut random),
            tenant: TenantId::mint(NOON, &mut random),
            operator: Operator::default(),
            sitters: vec![Sitter {
                order: order(0),
                business_no: "A1".into(),
                name: "张三".into(),
                id_no: "3402825".into(),
                mobile: String::new(),
                product_name: "华楼通".into(),
                others: Vec::new(),
            }],
            tabs: vec![tab("风控面谈", Right::Record), tab("信托视频", Right::Play)],
            ticket_hash: [1; 32],
            created_at: NOON,
            session: None,
        }
    }

    fn opened(at: OffsetDateTime) -> Result<Visit, Conflict> {
        visit().open([2; 32], Secret::new("csrf".into()), at)
    }

    #[test]
    fn a_ticket_opens_one_page_within_five_minutes() {
        let open = opened(NOON + Duration::seconds(299)).expect("the ticket is young");
        assert!(open.is_open(NOON + Duration::hours(1)));
        assert_eq!(open.open([3; 32], Secret::new("csrf".into()), NOON), Err(Conflict::TicketUsed));
        assert_eq!(opened(NOON + Duration::minutes(5)), Err(Conflict::TicketUsed));
    }

    #[test]
    fn a_page_may_be_reloaded_for_a_working_day() {
        let open = opened(NOON).expect("the ticket is young");
        assert!(open.is_open(NOON + Duration::hours(12) - Duration::seconds(1)));
        assert!(!open.is_open(NOON + Duration::hours(12)));
        assert!(!visit().is_open(NOON), "nobody has opened it yet");
    }

    #[test]
    fn a_page_may_do_what_its_tabs_say_with_its_own_orders() {
        let (visit, ours, theirs) = (visit(), order(0), order(1));
        let (record, play): (VideoType, VideoType) =
            ("风控面谈".parse().expect("a type"), "信托视频".parse().expect("a type"));
        assert_eq!(visit.right(ours, &record), Some(Right::Record));
        assert_eq!(visit.right(ours, &play), Some(Right::Play));
        assert_eq!(visit.right(theirs, &record), None);
        assert_eq!(visit.right(ours, &"别的".parse().expect("a type")), None);
    }
}
