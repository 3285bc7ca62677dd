//! The archive of image material: customers with their accounts, what was deposited to them, and the files of it.
//!
//! A deposit is one act: a business system (a registered client) files a set of materials to an account or to a customer.
//! Nothing of it is ever changed; a deposit may be discarded, which takes it back, and then it stays to be seen with who, when
//! and why. Of the materials of one code at one place those of the newest deposit that is not discarded are current, the others
//! are history.

pub mod codes;
pub mod files;
pub mod sniff;

use time::{Date, OffsetDateTime};

use crate::id::{AccountId, ArchiveFileId, CustomerId, DepartmentId, DepositId, RecordingId, TenantId, UserId};

/// Whether somebody is a natural person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CustomerKind {
    /// A natural person: `0`.
    Natural,
    /// Anything else: `1`.
    Other,
}

impl CustomerKind {
    /// The digit of the document and of the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Natural => "0",
            Self::Other => "1",
        }
    }

    /// The kind of that digit.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Natural, Self::Other].into_iter().find(|kind| kind.word() == word)
    }
}

/// Whether an account is in use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AccountStatus {
    /// Closed: `0`.
    Closed,
    /// Valid: `1`.
    Valid,
}

impl AccountStatus {
    /// The digit of the document and of the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Closed => "0",
            Self::Valid => "1",
        }
    }

    /// The status of that digit.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Closed, Self::Valid].into_iter().find(|status| status.word() == word)
    }
}

/// An identity paper: what tells customers apart. Without an extra code it is empty, never absent, so that null equals empty.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Paper {
    /// A code of `ID_TYP`.
    pub id_type: String,
    /// The number.
    pub id_no: String,
    /// The extra code of brokerage customers.
    pub extra_code: String,
}

/// A customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// Its id.
    pub id: CustomerId,
    /// Whose.
    pub tenant: TenantId,
    /// What it is.
    pub kind: CustomerKind,
    /// The name.
    pub name: String,
    /// The full name of an institution.
    pub full_name: Option<String>,
    /// The department that first met it.
    pub department: DepartmentId,
    /// What tells it apart.
    pub paper: Paper,
    /// Tax registration number.
    pub tax_no: Option<String>,
    /// Business licence number.
    pub license_no: Option<String>,
    /// When it was made.
    pub created_at: OffsetDateTime,
    /// Which system added it: `counter`, or the name of the one that called.
    pub src_type: Option<String>,
    /// Money laundering risk, from the counter.
    pub aml_risk_code: Option<String>,
    /// The same as people read it.
    pub aml_risk_name: Option<String>,
}

/// A kind of account, as the counter names it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Category {
    /// The counter's code.
    pub code: String,
    /// What people read.
    pub name: String,
}

/// What the counter notes about an investor.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Label {
    /// The counter's code.
    pub code: String,
    /// What people read.
    pub name: String,
}

/// A customer's account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose.
    pub tenant: TenantId,
    /// The how-manieth of the tenant it is, from 0 and without holes: its place in the search's bitmaps.
    pub ordinal: u32,
    /// Of whom.
    pub customer: CustomerId,
    /// Where it is kept.
    pub department: DepartmentId,
    /// The number, unique with the business type.
    pub number: String,
    /// A code of `ACCT_BIZ_TYP`.
    pub biz_type: String,
    /// Whether it is in use.
    pub status: AccountStatus,
    /// The owner's name.
    pub name: String,
    /// The owner's full name.
    pub full_name: Option<String>,
    /// A code of `ACCT_CUST_TYP`.
    pub customer_type: String,
    /// The day of opening.
    pub opened_on: Date,
    /// The day it was written off.
    pub written_off_on: Option<Date>,
    /// `counter` for what the counter keeps.
    pub src_type: Option<String>,
    /// Its kind.
    pub category: Option<Category>,
    /// What the counter notes about the investor.
    pub labels: Vec<Label>,
    /// When it was made here.
    pub created_at: OffsetDateTime,
}

/// What an account is told apart by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountKey {
    /// The number.
    pub number: String,
    /// A code of `ACCT_BIZ_TYP`.
    pub biz_type: String,
}

/// A registered client: who may deposit, by its system number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Client {
    /// Whose.
    pub tenant: TenantId,
    /// The system number that stands in the URL, unique per tenant.
    pub number: String,
    /// What people read.
    pub name: String,
    /// When it was issued.
    pub issued_at: OffsetDateTime,
    /// When it was revoked.
    pub revoked_at: Option<OffsetDateTime>,
}

/// Where materials are filed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// At an account.
    Account(AccountId),
    /// At a customer.
    Customer(CustomerId),
}

/// Where a deposit came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A business system, by its system number.
    Client(String),
    /// One of our own recordings.
    Recording(RecordingId),
}

/// How a deposit was taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Discard {
    /// When.
    pub at: OffsetDateTime,
    /// The employee whom the caller named.
    pub employee: String,
    /// Why.
    pub reason: String,
}

/// What was filed at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deposit {
    /// Its id.
    pub id: DepositId,
    /// Whose.
    pub tenant: TenantId,
    /// Where.
    pub place: Place,
    /// From where.
    pub source: Source,
    /// What it is about.
    pub title: Option<String>,
    /// The number at the business system.
    pub business_id: Option<String>,
    /// Whatever the business system wants to find again.
    pub extras: Option<String>,
    /// Codes of its materials, in their order.
    pub codes: Vec<String>,
    /// When it was filed, as the caller says or by our clock.
    pub filed_at: OffsetDateTime,
    /// When it came.
    pub received_at: OffsetDateTime,
    /// Who filed it, where it was a user.
    pub submitter: Option<UserId>,
    /// How it was taken back, if it was.
    pub discard: Option<Discard>,
    /// The number of what followed at the business system.
    pub post_business_id: Option<String>,
    /// What followed.
    pub post_msg: Option<String>,
}

/// One material of a deposit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Material {
    /// Unique in the installation and counting up, since the document wants a number.
    pub number: i64,
    /// Of what.
    pub deposit: DepositId,
    /// A material code.
    pub code: String,
    /// Its files.
    pub files: Vec<ArchiveFileId>,
}
