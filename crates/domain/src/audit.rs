//! Who did what to what, when. Written in the transaction of the change itself.

use time::OffsetDateTime;

use crate::id::{AuditId, PersonId, TenantId, UserId};

/// Who acted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Actor {
    /// A logged-in user.
    User(UserId),
    /// A business system, by the name of its key.
    System(String),
    /// A customer, by the link.
    Person(PersonId),
    /// The holder of a signed link.
    Link,
    /// Nobody yet: somebody who tried to log in.
    Stranger,
    /// The server itself.
    Server,
}

/// One line of the audit log. Free of personal data: subjects are ids, details are facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuditLine {
    /// Its id.
    pub id: AuditId,
    /// Whose; none for what concerns the whole server.
    pub tenant: Option<TenantId>,
    /// When.
    pub at: OffsetDateTime,
    /// Who.
    pub actor: Actor,
    /// The verb, such as `start_recording`.
    pub action: &'static str,
    /// The kind of thing, such as `recording`.
    pub subject: &'static str,
    /// The thing's id or number.
    pub subject_id: String,
    /// Facts that an auditor needs, as JSON text.
    pub detail: Option<String>,
    /// Where the request came from, where there was one.
    pub address: Option<String>,
}
