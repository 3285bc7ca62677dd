//! How a tenant's own servers are asked: the text message gateway, the order, product and identity services, and where photos go.
//!
//! A connector is a request with holes: `{businessId}` in its URL or body stands for a value of the moment. Which holes there
//! are is fixed per kind, and where a value may stand is fixed as well: never in scheme or host.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::id::TenantId;
use crate::secret::Secret;

/// What a connector is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ConnectorKind {
    /// Sends text messages.
    Sms,
    /// Tells an order.
    Order,
    /// Tells a product.
    Product,
    /// Checks an identity: name, number and photo.
    Identity,
    /// Takes photos.
    Photo,
}

impl ConnectorKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [Self::Sms, Self::Order, Self::Product, Self::Identity, Self::Photo];

    /// The word in the API and in the store.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sms => "sms",
            Self::Order => "order",
            Self::Product => "product",
            Self::Identity => "identity",
            Self::Photo => "photo",
        }
    }

    /// Reads the word back.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.word() == word)
    }

    /// The holes that its templates may have.
    #[must_use]
    pub const fn holes(self) -> &'static [&'static str] {
        match self {
            Self::Sms => &["phone", "text", "sign", "template", "link", "businessId", "smsId", "tenantId"],
            Self::Order => &["businessId", "queueId", "tenantId"],
            Self::Product => &["businessId", "productId", "productName", "tenantId"],
            Self::Identity => &["businessId", "name", "idNo", "imageBase64", "tenantId"],
            Self::Photo => &["businessId", "photoName", "imageBase64", "takenAt", "tenantId"],
        }
    }

    /// The fields that are read from an answer, with the JSON pointer (RFC 6901) of each where the tenant names none:
    /// the shapes of `order.json` and `product.json`.
    #[must_use]
    pub const fn fields(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Sms | Self::Photo => &[],
            Self::Order => &[
                ("business_no", "/data/businessId"),
                ("assist_no", "/data/assistId"),
                ("status", "/data/status"),
                ("queue_id", "/data/queueId"),
                ("product_id", "/data/productId"),
                ("product_name", "/data/productName"),
                ("borrower_name", "/data/borrower/name"),
                ("borrower_id_no", "/data/borrower/idNo"),
                ("borrower_mobile", "/data/borrower/phone"),
                ("guarantors", "/data/guarantors"),
                ("enterprise", "/data/enterprise"),
                ("enterprise_guarantors", "/data/enterpriseGuarantors"),
                ("risk_video_url", "/data/riskVideoUrl"),
                ("signature_url", "/data/signatureUrl"),
                ("details", "/data/extra"),
            ],
            Self::Product => &[("products", "/data")],
            Self::Identity => {
                &[("result", "/data/result"), ("similarity", "/data/similarity"), ("description", "/data/description")]
            }
        }
    }
}

/// How a connector asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Verb {
    /// Reads.
    Get,
    /// Sends.
    Post,
    /// Writes.
    Put,
}

/// What a connector sends as its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", content = "template", rename_all = "snake_case")]
pub enum BodyTemplate {
    /// Nothing.
    None,
    /// JSON whose texts may have holes.
    Json(String),
    /// `name=value&…` whose values may have holes.
    Form(String),
}

/// What an answer must say to count as a yes, beside a status below 300.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Accepted {
    /// Where in the JSON.
    pub pointer: String,
    /// What stands there, one of these.
    pub values: Vec<String>,
}

/// A connector of a tenant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connector {
    /// Whose.
    pub tenant: TenantId,
    /// What for.
    pub kind: ConnectorKind,
    /// What is not secret of it.
    pub settings: ConnectorSettings,
    /// Headers; their values are secrets and are kept sealed.
    pub headers: Vec<(String, Secret)>,
}

/// What is not secret of a connector.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorSettings {
    /// How it asks.
    pub method: Verb,
    /// Where, with holes behind the host alone.
    pub url: String,
    /// What it sends.
    pub body: BodyTemplate,
    /// How long a try may take.
    pub timeout_ms: u32,
    /// Tries within one call. Text messages are tried once by a call, since their job tries again.
    pub tries: u8,
    /// Fields whose JSON pointer is another than the usual one.
    #[serde(default)]
    pub fields: BTreeMap<String, String>,
    /// What an answer must say.
    #[serde(default)]
    pub accepted: Option<Accepted>,
    /// Text messages: the texts by the carrier's template, with the holes `{sign}` and `{link}`.
    #[serde(default)]
    pub texts: BTreeMap<String, String>,
    /// Text messages: the signature where the caller names none.
    #[serde(default)]
    pub sign: Option<String>,
}

impl ConnectorSettings {
    /// Where in an answer a field stands.
    #[must_use]
    pub fn pointer(&self, kind: ConnectorKind, field: &str) -> Option<&str> {
        let usual = || kind.fields().iter().find(|(name, _)| *name == field).map(|&(_, pointer)| pointer);
        self.fields.get(field).map(String::as_str).or_else(usual)
    }
}
