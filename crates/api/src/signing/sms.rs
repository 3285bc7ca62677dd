//! `POST /api/blade-system/smsctrl/sendSmsScheme`: a link for the customer of an order, sent to a phone.

use axum::extract::State;
use axum::response::{IntoResponse, Response};
use mingjian_domain::error::Error;
use mingjian_service::schemes::{self, SchemeDraft, check_query};

use super::caller::BladeCaller;
use super::form::SmallForm;
use super::view::{SchemeView, done};
use crate::Shared;
use crate::origin::Origin;
use crate::problems::Problem;

/// `tenantId`, `phone`, `businessId`, `queueId`, `signName`, `templateId`, `query` (`name=value` joined by `&`). The order's
/// number may stand in `query` alone, as the document's link has it.
///
/// # Errors
/// Invalid naming the field; other tenant; order unknown; busy for a phone that was written to too often.
pub async fn send_sms_scheme(
    State(api): State<Shared>,
    BladeCaller(caller): BladeCaller,
    origin: Origin,
    mut form: SmallForm,
) -> Result<Response, Problem> {
    let query = form.text("query").unwrap_or_default();
    check_query(&query)?;
    let in_query = query.split('&').find_map(|pair| pair.strip_prefix("businessId="));
    let business_no = match (form.text("businessId"), in_query) {
        (Some(named), Some(other)) if named != other => {
            return Err(Error::Invalid("query:其中的 businessId 与表单的 businessId 不一致".into()).into());
        }
        (Some(named), _) => named,
        (None, Some(other)) if !other.is_empty() => other.to_owned(),
        (None, _) => return Err(Error::Invalid("businessId:必填".into()).into()),
    };
    let base = origin.base(&api.settings).ok_or_else(|| {
        Error::Invalid("无法生成链接：请求所用的域名未登记，请管理员设置 public_url 或登记该域名".into())
    })?;
    let draft = SchemeDraft {
        tenant_code: form.text("tenantId"),
        phone: form.wanted("phone")?,
        business_no,
        queue_id: form.text("queueId"),
        sign: form.text("signName"),
        template: form.text("templateId"),
        query,
        base,
    };
    let scheme = schemes::send_scheme(&api.service, &caller, draft).await?;
    let view = SchemeView { sms_id: scheme.sms_id, scheme: scheme.url, expire_time: scheme.expire_time };
    Ok(done(view).into_response())
}
