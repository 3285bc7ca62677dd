//! A tenant's own text message gateway: its connector, asked once for each try.

use mingjian_domain::connector::Connector;

use crate::connectors::{self, No};
use crate::ports::{SendFailure, Sms, TextMessage, Texted, Web};

/// A gateway behind a connector.
pub(crate) struct Gateway<'a> {
    pub(crate) connector: Connector,
    pub(crate) web: &'a dyn Web,
}

impl Sms for Gateway<'_> {
    fn send(&self, message: TextMessage) -> Texted<'_> {
        Box::pin(async move {
            let values = [
                ("phone", message.to.as_str()),
                ("text", message.text.as_str()),
                ("sign", message.sign.as_str()),
                ("template", message.template.as_str()),
                ("link", message.link.as_str()),
                ("businessId", message.business_no.as_str()),
                ("smsId", message.id.as_str()),
                ("tenantId", message.tenant.as_str()),
            ];
            match connectors::ask(&self.connector, self.web, &values).await {
                Ok(Ok(yes)) => Ok(Some(yes.status)),
                Ok(Err(No::Failed(failure))) => Err(failure),
                Ok(Err(No::Answered { why, .. })) => Err(SendFailure::Unreachable(why)),
                Err(error) => Err(SendFailure::Forbidden(error.to_string())),
            }
        })
    }
}
