//! Who is calling, and whether it may.

use mingjian_domain::audit::Actor;
use mingjian_domain::id::{SessionId, TenantId};
use mingjian_domain::user::User;

/// Who is calling.
#[derive(Debug, Clone)]
pub enum Caller {
    /// A logged-in user's page.
    User {
        /// Who.
        user: Box<User>,
        /// The session.
        session: SessionId,
        /// Where from.
        address: Option<String>,
    },
    /// A business system with a native API key.
    System {
        /// Whose key.
        tenant: TenantId,
        /// The key's name.
        name: String,
        /// Where from.
        address: Option<String>,
    },
}

impl Caller {
    /// Whose things the caller may see.
    #[must_use]
    pub fn tenant(&self) -> TenantId {
        match self {
            Self::User { user, .. } => user.tenant,
            Self::System { tenant, .. } => *tenant,
        }
    }

    /// The caller, for the audit log.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match self {
            Self::User { user, .. } => Actor::User(user.id),
            Self::System { name, .. } => Actor::System(name.clone()),
        }
    }

    /// Where the call came from, for the audit log.
    #[must_use]
    pub fn address(&self) -> Option<&str> {
        match self {
            Self::User { address, .. } | Self::System { address, .. } => address.as_deref(),
        }
    }
}
