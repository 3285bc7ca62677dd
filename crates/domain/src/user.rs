//! People who log in, what they may do, and how a wrong password is answered.

use time::{Duration, OffsetDateTime};

use crate::error::Unauthenticated;
use crate::id::{DepartmentId, SessionId, TenantId, UserId};
use crate::secret::Secret;

/// What a user does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Takes calls.
    Seat,
    /// Sees queues and seats live.
    Supervisor,
    /// Plays recordings and judges them.
    Reviewer,
    /// Keeps the tenant's queues, seats and keys.
    TenantAdmin,
    /// Keeps the tenants.
    PlatformAdmin,
    /// Files papers in the image archive.
    Archivist,
}

impl Role {
    /// Every role.
    pub const ALL: [Self; 6] =
        [Self::Seat, Self::Supervisor, Self::Reviewer, Self::TenantAdmin, Self::PlatformAdmin, Self::Archivist];

    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Seat => "seat",
            Self::Supervisor => "supervisor",
            Self::Reviewer => "reviewer",
            Self::TenantAdmin => "tenant_admin",
            Self::PlatformAdmin => "platform_admin",
            Self::Archivist => "archivist",
        }
    }

    /// The role of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// Somebody who logs in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    /// Its id.
    pub id: UserId,
    /// Whose.
    pub tenant: TenantId,
    /// The login name, unique per installation.
    pub login: String,
    /// What people read.
    pub name: String,
    /// Where it belongs.
    pub department: Option<DepartmentId>,
    /// What it does.
    pub roles: Vec<Role>,
    /// Argon2id, as a PHC string; none for a user that only a business system lets in.
    pub password_hash: Option<Secret>,
    /// Wrong passwords so far.
    pub lockout: Lockout,
}

impl User {
    /// Whether the user has the role.
    #[must_use]
    pub fn is(&self, role: Role) -> bool {
        self.roles.contains(&role)
    }
}

/// Five wrong passwords in a row lock a person out, for a minute at first and twice as long each time, up to a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Lockout {
    /// Wrong passwords since the last right one.
    pub failures: u32,
    /// No password is looked at before this moment.
    pub locked_until: Option<OffsetDateTime>,
}

impl Lockout {
    /// Wrong passwords before the first lock, and between two locks.
    pub const PATIENCE: u32 = 5;
    /// The first lock.
    pub const FIRST: Duration = Duration::minutes(1);
    /// The longest lock.
    pub const LONGEST: Duration = Duration::days(1);

    /// Whether a password may be looked at.
    ///
    /// # Errors
    /// [`Unauthenticated::Locked`] until the lock is over.
    pub fn check(self, now: OffsetDateTime) -> Result<(), Unauthenticated> {
        match self.locked_until {
            Some(until) if now < until => Err(Unauthenticated::Locked { until }),
            _ => Ok(()),
        }
    }

    /// After one more wrong password.
    #[must_use]
    pub fn failed(self, now: OffsetDateTime) -> Self {
        let failures = self.failures.saturating_add(1);
        let locked_until = failures.is_multiple_of(Self::PATIENCE).then(|| {
            let doublings = (failures / Self::PATIENCE - 1).min(16);
            now + (Self::FIRST * 2_i32.pow(doublings)).min(Self::LONGEST)
        });
        Self { failures, locked_until: locked_until.or(self.locked_until) }
    }
}

/// A logged-in browser. The cookie holds 256 random bits; only their SHA-256 is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Its id.
    pub id: SessionId,
    /// Who is logged in.
    pub user: UserId,
    /// SHA-256 of the cookie's token.
    pub token_hash: [u8; 32],
    /// What writes must carry in `X-CSRF-Token`.
    pub csrf_token: Secret,
    /// When the password was right.
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    pub expires_at: OffsetDateTime,
}

impl Session {
    /// A working day with some to spare.
    pub const LIFETIME: Duration = Duration::hours(12);
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOON: OffsetDateTime = time::macros::datetime!(2026-11-23 12:00 UTC);

    fn after(failures: u32) -> Lockout {
        (0..failures).fold(Lockout::default(), |lockout, _| lockout.failed(NOON))
    }

    #[test]
    fn four_wrong_passwords_are_forgiven_and_the_fifth_locks_for_a_minute() {
        assert_eq!(after(4).check(NOON), Ok(()));
        let until = NOON + Duration::minutes(1);
        assert_eq!(after(5).check(NOON), Err(Unauthenticated::Locked { until }));
        assert_eq!(after(5).check(until), Ok(()));
    }

    #[test]
    fn each_further_five_double_the_lock_up_to_a_day() {
        assert_eq!(after(10).locked_until, Some(NOON + Duration::minutes(2)));
        assert_eq!(after(500).locked_until, Some(NOON + Lockout::LONGEST));
    }
}
