//! What callers send: texts that may come as numbers, flags that may come as texts, and ids of 32 hex digits.

use mingjian_domain::archive::{AccountKey, AccountStatus, CustomerKind};
use mingjian_domain::error::{Error, Result};
use mingjian_domain::id::{ArchiveFileId, DepositId};

use crate::fields::{Fields, TextOrInteger};

/// A text, or a whole number taken as one.
pub(super) fn text(fields: &mut Fields, name: &str) -> Result<String> {
    opt_text(fields, name)?.ok_or_else(|| fields.complain(name, "必填"))
}

/// The same for what may be absent; blank counts as absent.
pub(super) fn opt_text(fields: &mut Fields, name: &str) -> Result<Option<String>> {
    let text = fields.opt_text_or_integer(name)?.map(|value| match value {
        TextOrInteger::Text(text) => text,
        TextOrInteger::Integer(number) => number.to_string(),
    });
    Ok(text.map(|text| text.trim().to_owned()).filter(|text| !text.is_empty()))
}

/// `accountNo` and `accountBizType`.
pub(super) fn account_key(fields: &mut Fields) -> Result<AccountKey> {
    Ok(AccountKey { number: text(fields, "accountNo")?, biz_type: text(fields, "accountBizType")? })
}

/// `0` or `1`.
pub(crate) fn customer_kind(name: &str, word: &str) -> Result<CustomerKind> {
    CustomerKind::from_word(word.trim()).ok_or_else(|| Error::Invalid(format!("{name}:应为 0(自然人)或 1(非自然人)")))
}

/// `0` or `1`.
pub(crate) fn account_status(name: &str, word: &str) -> Result<AccountStatus> {
    AccountStatus::from_word(word.trim()).ok_or_else(|| Error::Invalid(format!("{name}:应为 0(销户)或 1(有效)")))
}

/// A flag as the query writes it: `true` or `1`.
pub(super) fn flag(text: Option<&str>) -> bool {
    text.is_some_and(|text| text.eq_ignore_ascii_case("true") || text == "1")
}

/// A file's id.
pub(crate) fn file_id(text: &str) -> Option<ArchiveFileId> {
    of_32_digits(text).and_then(|text| text.parse().ok())
}

/// A deposit's id.
pub(super) fn deposit_id(text: &str) -> Option<DepositId> {
    of_32_digits(text).and_then(|text| text.parse().ok())
}

fn of_32_digits(text: &str) -> Option<&str> {
    let lower = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    (text.len() == 32 && text.bytes().all(lower)).then_some(text)
}
