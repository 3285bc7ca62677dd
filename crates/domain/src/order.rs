//! A piece of business that a customer is to be seen for, its people, and the links that they are given.

use time::{Duration, OffsetDateTime};

use crate::error::Conflict;
use crate::id::{InvitationId, OrderId, PersonId, QueueId, TenantId};

/// A piece of business.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// Its id.
    pub id: OrderId,
    /// Whose.
    pub tenant: TenantId,
    /// The business system's own number, unique per tenant.
    pub business_no: String,
    /// The product that it is about.
    pub product_name: String,
    /// Where its customers wait.
    pub queue: QueueId,
    /// Who is to be seen; the first is the main one.
    pub people: Vec<Person>,
    /// Further lines that the seat reads, such as the amount.
    pub details: Vec<Detail>,
    /// Whether an identity check is asked for.
    pub identity_check: bool,
    /// When it came.
    pub created_at: OffsetDateTime,
}

impl Order {
    /// The person with that id.
    #[must_use]
    pub fn person(&self, id: PersonId) -> Option<&Person> {
        self.people.iter().find(|person| person.id == id)
    }
}

/// A label and a value, as the business system sent them.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Detail {
    /// Such as 贷款金额.
    pub label: String,
    /// Such as 50 万元.
    pub value: String,
}

/// What somebody is to the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PersonRole {
    /// Takes the loan or buys the product.
    Borrower,
    /// Takes it together with the borrower.
    CoBorrower,
    /// Stands in for it.
    Guarantor,
    /// Is married to the borrower.
    Spouse,
}

impl PersonRole {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Borrower, Self::CoBorrower, Self::Guarantor, Self::Spouse];

    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Borrower => "borrower",
            Self::CoBorrower => "co_borrower",
            Self::Guarantor => "guarantor",
            Self::Spouse => "spouse",
        }
    }

    /// The role of that word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }
}

/// Somebody of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// Its id; in a call this person's participant has the same 128 bits, so that a reload is the same participant.
    pub id: PersonId,
    /// What it is to the order.
    pub role: PersonRole,
    /// The name.
    pub name: String,
    /// Kind of identity paper, such as `id_card`.
    pub id_type: String,
    /// Number of the paper.
    pub id_no: String,
    /// Mobile number.
    pub mobile: String,
}

/// A link for one person of an order. The code has 128 random bits; only its SHA-256 is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    /// Its id.
    pub id: InvitationId,
    /// Whose.
    pub tenant: TenantId,
    /// For what.
    pub order: OrderId,
    /// For whom.
    pub person: PersonId,
    /// SHA-256 of the code in the link.
    pub code_hash: [u8; 32],
    /// When it was given.
    pub created_at: OffsetDateTime,
    /// When it ends by itself.
    pub expires_at: OffsetDateTime,
    /// When its interview got a final verdict.
    pub used_at: Option<OffsetDateTime>,
    /// What the person agreed to.
    pub consent: Consent,
    /// Where the page leads back to when the interview is over.
    pub return_url: Option<String>,
}

/// What a person agreed to, when, and to which text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Consent {
    /// To sound and picture being recorded.
    pub recording_at: Option<OffsetDateTime>,
    /// To the face being processed.
    pub face_at: Option<OffsetDateTime>,
    /// Version of the texts that were shown.
    pub version: Option<String>,
}

impl Invitation {
    /// How long a link works unless the caller asks otherwise.
    pub const LIFETIME: Duration = Duration::days(7);

    /// Whether the link may be opened.
    ///
    /// # Errors
    /// [`Conflict::LinkUsed`] after the final verdict, [`Conflict::LinkExpired`] after its time.
    pub fn check(&self, now: OffsetDateTime) -> Result<(), Conflict> {
        if self.used_at.is_some() {
            Err(Conflict::LinkUsed)
        } else if now >= self.expires_at {
            Err(Conflict::LinkExpired)
        } else {
            Ok(())
        }
    }
}
