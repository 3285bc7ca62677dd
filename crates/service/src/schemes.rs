//! The short link of the signing document: an invitation of our own, sent to a phone.

use mingjian_domain::error::{Denied, Error, Noun, Result};
use mingjian_domain::order::Invitation;
use mingjian_domain::user::Role;

use crate::Service;
use crate::access::Caller;
use crate::audit::{Act, Subject};
use crate::invitations;
use crate::messages::{self, Draft};
use crate::results::local;
use crate::sheets::pull_order;

/// What a link carries beside its code, as WeChat's URL Scheme allows it: letters, digits and these marks.
const MARKS: &str = "!#$&'()*+,/:;=?@-._~%";
const LONGEST_QUERY: usize = 1_024;

/// A link that is to be sent.
pub struct SchemeDraft {
    /// The tenant as the caller names it.
    pub tenant_code: Option<String>,
    /// The phone.
    pub phone: String,
    /// The order.
    pub business_no: String,
    /// The queue, where the caller names one.
    pub queue_id: Option<String>,
    /// The signature in front of the text.
    pub sign: Option<String>,
    /// The carrier's template.
    pub template: Option<String>,
    /// What the link carries beside its code.
    pub query: String,
    /// Scheme and host of our links.
    pub base: String,
}

/// A link on its way.
pub struct Scheme {
    /// Id of the message.
    pub sms_id: String,
    /// The link.
    pub url: String,
    /// When it ends, in the tenant's zone.
    pub expire_time: String,
}

/// Checks the characters and the length of what a link carries.
///
/// # Errors
/// [`Error::Invalid`] saying what is wanted.
pub fn check_query(query: &str) -> Result<()> {
    if query.len() > LONGEST_QUERY {
        return Err(Error::Invalid(format!("query:最多 {LONGEST_QUERY} 个字符，请缩短后重试")));
    }
    if !query.chars().all(|letter| letter.is_ascii_alphanumeric() || MARKS.contains(letter)) {
        return Err(Error::Invalid(format!("query:只能包含英文字母、数字和 {MARKS}，不支持汉字")));
    }
    Ok(())
}

fn check_phone(phone: &str) -> Result<()> {
    let digits = phone.strip_prefix('+').unwrap_or(phone);
    if (5..=15).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit()) {
        Ok(())
    } else {
        Err(Error::Invalid("phone:应为 5 至 15 位数字，可带国家码前缀 +".into()))
    }
}

fn check_name(text: Option<&str>, field: &str) -> Result<()> {
    let good = |text: &str| text.chars().count() <= 32 && !text.chars().any(char::is_control);
    if text.is_none_or(good) {
        Ok(())
    } else {
        Err(Error::Invalid(format!("{field}:最多 32 个字符，不能包含控制字符")))
    }
}

/// Makes a link for the person of the order who has that phone, the main one where nobody has, and sends it there. An order that
/// is not known yet is asked for at the tenant's order service.
///
/// # Errors
/// [`Error::Invalid`] naming the field; [`Denied::OtherTenant`] when the caller names another tenant than its own;
/// [`Error::Missing`] when there is no such order; [`Error::Busy`] when the phone was written to too often.
pub async fn send_scheme(service: &Service, caller: &Caller, draft: SchemeDraft) -> Result<Scheme> {
    caller.entitled(&[Role::TenantAdmin])?;
    check_phone(&draft.phone)?;
    check_query(&draft.query)?;
    check_name(draft.sign.as_deref(), "signName")?;
    check_name(draft.template.as_deref(), "templateId")?;
    let mut tx = service.store.read().await?;
    let tenant = tx.tenants().lookup(caller.tenant()).await?.ok_or(Error::Missing(Noun::Tenant))?;
    if let Some(named) = &draft.tenant_code {
        let number = tx.interfaces().lookup(tenant.id).await?.map(|row| row.ent_id.to_string());
        if *named != tenant.code && Some(named) != number.as_ref() {
            return Err(Denied::OtherTenant.into());
        }
    }
    let known = tx.orders().lookup_by_business_no(tenant.id, &draft.business_no).await?;
    drop(tx);
    let order = match known {
        Some(order) => order,
        None => pull_order(service, caller, &draft.business_no, draft.queue_id.as_deref()).await?.placed.order,
    };
    let mut tx = service.store.begin().await?;
    if let Some(number) = &draft.queue_id {
        let queue = tx.queues().lookup_by_number(tenant.id, number).await?;
        if queue.is_none_or(|queue| queue.id != order.queue) {
            return Err(Error::Invalid("queueId:与订单的队列不符，请核对队列编号".into()));
        }
    }
    let bare = draft.phone.trim_start_matches('+');
    let person = order.people.iter().find(|person| person.mobile.trim_start_matches('+') == bare);
    let person = person.or_else(|| order.people.first()).ok_or(Error::Missing(Noun::Order))?;
    let invited = invitations::invite(service, &mut tx, caller, &order, person, Invitation::LIFETIME, None).await?;
    let query = if draft.query.is_empty() { String::new() } else { format!("?{}", draft.query) };
    let url = format!("{}/s/{}{query}", draft.base, invited.code.expose());
    let text = Draft { to: &draft.phone, link: &url, sign: draft.sign.as_deref(), template: draft.template.as_deref() };
    let message = messages::enqueue(service, &mut tx, &tenant, &order, &text).await?;
    let subject = Subject { noun: "message", id: message.id.to_string() };
    tx.audit().append(&service.audit_line(Act::of(caller), "send_message", subject, None)).await?;
    tx.commit().await?;
    Ok(Scheme { sms_id: message.id.to_string(), url, expire_time: local(invited.invitation.expires_at, tenant.zone) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_carries_what_wechat_lets_it() {
        check_query("businessId=A1&x=%E5%BC%A0!#$&'()*+,/:;=?@-._~").expect("every mark");
        check_query(&"a".repeat(1_024)).expect("as long as may be");
        check_query("").expect("nothing");
        for query in ["name=张三", "a b", "a\"b", "a<b", "a\\b", "a\nb", "a|b"] {
            assert!(check_query(query).is_err(), "{query}");
        }
        assert!(check_query(&"a".repeat(1_025)).is_err());
    }

    #[test]
    fn a_phone_is_digits() {
        for (phone, good) in
            [("13800000000", true), ("+8613800000000", true), ("1234", false), ("138 0000", false), ("", false)]
        {
            assert_eq!(check_phone(phone).is_ok(), good, "{phone}");
        }
    }
}
