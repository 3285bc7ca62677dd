//! What a seat reads beside the order itself: the product, the enterprise, who stands in for the borrower, and what the
//! business system calls the case. Sent by the business system, or pulled from it.

use serde::{Deserialize, Serialize};

/// Everything that is known of an order beside its people and details.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderSheet {
    /// The auxiliary number (辅助编号): `assistId`, `contractID`.
    pub assist_no: Option<String>,
    /// The risk video that is played into the call.
    pub risk_video_url: Option<String>,
    /// The contract to be signed.
    pub signature_url: Option<String>,
    /// The product.
    pub product: Option<ProductSheet>,
    /// The enterprise that borrows.
    pub enterprise: Option<Enterprise>,
    /// People who stand in for the borrower.
    pub guarantors: Vec<Guarantor>,
    /// Enterprises that stand in for the borrower.
    pub enterprise_guarantors: Vec<Enterprise>,
    /// What the business system says of the borrower's identity check.
    pub identity: Option<IdentityResult>,
}

/// A product as the seat explains it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProductSheet {
    /// The business system's own number.
    pub product_id: String,
    /// The name.
    pub product_name: String,
    /// What it is.
    pub intro: String,
    /// Such as R3.
    pub risk_level: String,
    /// Played into the call.
    pub risk_video_url: Option<String>,
    /// Read out one by one.
    pub risk_tips: Vec<String>,
    /// Read out by the customer.
    pub statement: String,
    /// Pictures.
    pub images: Vec<String>,
}

/// An enterprise.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Enterprise {
    /// The name.
    pub name: String,
    /// 统一社会信用代码.
    pub credit_code: String,
    /// 法定代表人.
    pub legal_person: String,
}

/// Somebody who stands in for the borrower, as far as the seat reads it. Who is to be seen is a person of the order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Guarantor {
    /// The name.
    pub name: String,
    /// Number of the identity paper.
    pub id_no: String,
    /// Mobile number.
    pub mobile: String,
}

/// What somebody found out about an identity. Its numbers differ from platform to platform and are translated at the edge.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum IdentityVerdict {
    /// It is the person.
    Passed,
    /// It is not.
    Failed,
    /// Nobody looked.
    NotDone,
}

impl IdentityVerdict {
    /// Every verdict.
    pub const ALL: [Self; 3] = [Self::Passed, Self::Failed, Self::NotDone];

    /// The word in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Failed => "failed",
            Self::NotDone => "not_done",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|verdict| verdict.word() == word)
    }
}

/// The result of an identity check.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentityResult {
    /// What was found out.
    pub result: IdentityVerdict,
    /// Likeness of the faces, `0.0` to `100.0`.
    pub similarity: String,
    /// A sentence for people.
    pub description: String,
}
