//! Lines for the audit log.

use mingjian_domain::audit::{Actor, AuditLine};
use mingjian_domain::id::{AuditId, TenantId};

use crate::Service;
use crate::access::Caller;

/// Who acts, for whom, from where.
#[derive(Debug, Clone)]
pub struct Act<'a> {
    /// Whose log; none for what concerns no tenant.
    pub tenant: Option<TenantId>,
    /// Who acts.
    pub actor: Actor,
    /// Where from.
    pub address: Option<&'a str>,
}

impl<'a> Act<'a> {
    /// A caller's own doing.
    #[must_use]
    pub fn of(caller: &'a Caller) -> Self {
        Self { tenant: Some(caller.tenant()), actor: caller.actor(), address: caller.address() }
    }

    /// The server's own doing.
    #[must_use]
    pub const fn of_server(tenant: TenantId) -> Self {
        Self { tenant: Some(tenant), actor: Actor::Server, address: None }
    }
}

/// What is acted on. Never a person's name or number: an id.
#[derive(Debug, Clone)]
pub struct Subject {
    /// The kind of thing, such as `recording`.
    pub noun: &'static str,
    /// Its id.
    pub id: String,
}

impl Service {
    /// A line of now. `detail` is JSON with facts that an auditor needs, free of personal data.
    #[must_use]
    pub fn audit_line(
        &self,
        act: Act<'_>,
        action: &'static str,
        subject: Subject,
        detail: Option<String>,
    ) -> AuditLine {
        let now = self.now();
        AuditLine {
            id: self.draw(|random| AuditId::mint(now, random)),
            tenant: act.tenant,
            at: now,
            actor: act.actor,
            action,
            subject: subject.noun,
            subject_id: subject.id,
            detail,
            address: act.address.map(str::to_owned),
        }
    }
}
