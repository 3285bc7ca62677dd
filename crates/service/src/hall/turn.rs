//! Credentials for the TURN server beside us: a user name that says until when, and its HMAC (the REST scheme that coturn calls `use-auth-secret`).

use base64::Engine;
use hmac::{KeyInit, Mac};
use mingjian_domain::id::ParticipantId;
use mingjian_domain::secret::Secret;
use time::{Duration, OffsetDateTime};

use super::words::IceServer;

/// Where the TURN server is, and the secret that it shares with us.
#[derive(Debug, Clone)]
pub struct Turn {
    /// URLs such as `turn:turn.example.com:3478?transport=udp`.
    pub urls: Vec<String>,
    /// coturn's `static-auth-secret`.
    pub secret: Secret,
}

impl Turn {
    /// A call may last this long on one set of credentials.
    const LIFETIME: Duration = Duration::hours(12);

    /// Credentials for one participant. They change once an hour, so that a page's state does not change with every second.
    #[must_use]
    pub fn credentials(&self, participant: ParticipantId, now: OffsetDateTime) -> IceServer {
        let hour = now.unix_timestamp() / 3600 * 3600;
        let username = format!("{}:{participant}", hour + Self::LIFETIME.whole_seconds());
        let mut mac = hmac::Hmac::<sha1::Sha1>::new_from_slice(self.secret.expose().as_bytes())
            .expect("HMAC takes a key of any length");
        mac.update(username.as_bytes());
        let credential = base64::engine::general_purpose::STANDARD.encode(mac.finalize().into_bytes());
        IceServer { urls: self.urls.clone(), username, credential }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_what_coturn_computes() {
        let turn = Turn { urls: vec!["turn:127.0.0.1:3478".into()], secret: Secret::new("north".into()) };
        let nobody = ParticipantId::from_uuid(uuid::Uuid::nil());
        let server = turn.credentials(nobody, OffsetDateTime::UNIX_EPOCH);
        assert_eq!(server.username, "43200:00000000-0000-0000-0000-000000000000");
        // printf '43200:00000000-0000-0000-0000-000000000000' | openssl dgst -sha1 -hmac north -binary | base64
        assert_eq!(server.credential, "+dYaeZ41xxXndAEyJUWIxxRMzus=");
    }
}
