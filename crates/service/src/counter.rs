//! Double recording at the counter (双录): a business system leads an operator's browser to the page once; the page records
//! takes of the order's video types through a room and its recorder, or by itself while the server is out of reach.
//!
//! - [`proof`]: whether a call really comes from the tenant's business system;
//! - [`visits`]: a ticket for the address, then a session for the page;
//! - [`orders`]: the order that the call names, made from its fields where it is unknown;
//! - [`takes`]: what is there, what counts, what is voided;
//! - [`live`]: a take through a room, from the first frame to the last;
//! - [`uploads`]: a take that a browser kept, piece by piece;
//! - `filing`: takes among the tenant's files;
//! - [`play`]: the bytes of a take;
//! - [`scripts`]: what is read out while a type is recorded.

pub(crate) mod filing;
pub mod live;
pub mod orders;
pub mod play;
pub mod proof;
pub mod scripts;
pub mod takes;
pub mod uploads;
pub mod visits;

use mingjian_domain::audit::Actor;
use mingjian_domain::counter::Visit;
use mingjian_domain::id::TenantId;
use mingjian_domain::take::Operator;

use crate::access::Caller;
use crate::audit::Act;

/// Who does something with takes: a page at the counter, or the business system itself.
#[derive(Debug, Clone)]
pub enum Hand {
    /// A page with its session.
    Page {
        /// What it was opened for.
        visit: Box<Visit>,
        /// Where from.
        address: String,
    },
    /// A business system that has proved who it is.
    System {
        /// Who.
        caller: Caller,
        /// The user whom it names.
        operator: Operator,
    },
}

impl Hand {
    /// Whose takes.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        match self {
            Self::Page { visit, .. } => visit.tenant,
            Self::System { caller, .. } => caller.tenant(),
        }
    }

    /// The user behind it.
    #[must_use]
    pub const fn operator(&self) -> &Operator {
        match self {
            Self::Page { visit, .. } => &visit.operator,
            Self::System { operator, .. } => operator,
        }
    }

    /// For the audit log.
    #[must_use]
    pub fn act(&self) -> Act<'_> {
        match self {
            Self::Page { visit, address } => {
                Act { tenant: Some(visit.tenant), actor: Actor::System("video".to_owned()), address: Some(address) }
            }
            Self::System { caller, .. } => Act::of(caller),
        }
    }

    /// What the audit log must tell besides: the business system's id of the user, never a name.
    #[must_use]
    pub fn detail(&self, more: &serde_json::Value) -> String {
        serde_json::json!({ "operator": self.operator().user_id, "facts": more }).to_string()
    }
}
