//! An institution on this server, its departments and its keys.

use time::{OffsetDateTime, UtcOffset};

use crate::id::{DepartmentId, TenantId};
use crate::secret::Secret;

/// One institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its id.
    pub id: TenantId,
    /// The name that callers use, such as `DEMOBK`; unique per installation.
    pub code: String,
    /// What people read.
    pub name: String,
    /// The zone that its opening hours, numbers and file names are in.
    pub zone: UtcOffset,
    /// Where results go, and the key that signs them.
    pub callback: Option<CallbackTarget>,
    /// When it was made.
    pub created_at: OffsetDateTime,
}

/// Where a tenant wants its results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallbackTarget {
    /// An http or https URL.
    pub url: String,
    /// The HMAC-SHA256 key.
    pub secret: Secret,
}

/// A branch or desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Department {
    /// Its id.
    pub id: DepartmentId,
    /// Whose.
    pub tenant: TenantId,
    /// Unique per tenant, such as `0001`.
    pub code: String,
    /// What people read.
    pub name: String,
    /// The department above.
    pub parent: Option<DepartmentId>,
}

/// A native API key. The key itself is shown once; only its SHA-256 is kept, since it has 128 random bits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKey {
    /// SHA-256 of the key.
    pub hash: [u8; 32],
    /// Whose.
    pub tenant: TenantId,
    /// What it is for.
    pub name: String,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// When it was taken back.
    pub revoked_at: Option<OffsetDateTime>,
}
