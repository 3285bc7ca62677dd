//! Who is calling, and whether it may.
//!
//! - [`arrival`]: whose call is being worked on, for limits and the log of calls;
//! - [`login`]: a name and a password become a session;
//! - [`session`]: a cookie or an API key becomes a [`Caller`];
//! - [`blade`]: the signing face's tokens;
//! - [`password`]: Argon2id, off the event loop and a few at a time.

pub mod arrival;
pub mod blade;
pub mod login;
pub mod password;
pub mod session;
mod strangers;

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Denied, Result};
use mingjian_domain::id::{SessionId, TenantId};
use mingjian_domain::user::{Role, User};

pub use session::{authenticate_key, authenticate_session};
pub(crate) use strangers::Strangers;

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

    /// Lets a business system pass, and a user with one of these roles.
    ///
    /// # Errors
    /// [`Denied::NotEntitled`] for anybody else.
    pub fn entitled(&self, roles: &[Role]) -> Result<()> {
        match self {
            Self::System { .. } => Ok(()),
            Self::User { user, .. } if roles.iter().any(|&role| user.is(role)) => Ok(()),
            Self::User { .. } => Err(Denied::NotEntitled.into()),
        }
    }

    /// Whose interviews and recordings the caller may see.
    ///
    /// # Errors
    /// [`Denied::NotEntitled`] for a user who has nothing to do with them.
    pub fn sight(&self) -> Result<Sight> {
        const ALL: [Role; 3] = [Role::Reviewer, Role::Supervisor, Role::TenantAdmin];
        match self {
            Self::System { .. } => Ok(Sight::Tenant),
            Self::User { user, .. } if ALL.iter().any(|&role| user.is(role)) => Ok(Sight::Tenant),
            Self::User { user, .. } if user.is(Role::Seat) => Ok(Sight::Own(user.id)),
            Self::User { .. } => Err(Denied::NotEntitled.into()),
        }
    }
}

/// Whose interviews and recordings somebody may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// The whole tenant's.
    Tenant,
    /// Those in which this user was the seat.
    Own(mingjian_domain::id::UserId),
}
