//! Who may be in an open room: a ticket each, which works on the device that used it first, as long as the room is open.

use mingjian_domain::error::{Conflict, Denied, Error, Result};
use mingjian_domain::id::{ParticipantId, RoomId};
use mingjian_domain::recording::SpeakerRole;
use mingjian_domain::secret::Secret;
use mingjian_store::AdmissionRow;

use super::place::directs;
use crate::Service;
use crate::audit::{Act, Subject};
use crate::tokens::sha256;

/// Longer names do not fit below a picture.
const NAME_CHARS: usize = 40;

/// Somebody who is to be let in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Admission {
    /// Where.
    pub room: RoomId,
    /// What the others read.
    pub name: String,
    /// What it is to the room.
    pub role: SpeakerRole,
    /// The device, where it is known already: who was let in on it before stays the same participant.
    pub device: Option<String>,
}

/// Somebody who was let in.
#[derive(Debug)]
pub struct Admitted {
    /// Who, in the room and in its recordings.
    pub participant: ParticipantId,
    /// What the page says `hello` with.
    pub ticket: Secret,
}

/// Lets somebody into an open room. Whoever is let in on the same device once more gets a new ticket; the old one is void.
///
/// # Errors
/// [`Error::Invalid`] for a name that is empty or too long; [`Conflict::RoomNotOpen`]; [`Denied::RoomLocked`] for somebody new
/// who does not direct it; [`Error::Fault`].
pub async fn admit(service: &Service, admission: Admission, act: Act<'_>) -> Result<Admitted> {
    let name = admission.name.trim().to_owned();
    if name.is_empty() || name.chars().count() > NAME_CHARS || name.chars().any(char::is_control) {
        return Err(Error::Invalid(format!("姓名应为 1 到 {NAME_CHARS} 个字")));
    }
    let now = service.now();
    let ticket = service.mint_code();
    let ticket_hash = sha256(ticket.expose());
    let device_hash = admission.device.as_deref().map(sha256);
    let mut tx = service.store.begin().await?;
    let open = tx.gatherings().lookup(admission.room).await?.ok_or(Conflict::RoomNotOpen)?;
    let before = match &device_hash {
        Some(hash) => tx.admissions().lookup_by_device_hash(admission.room, hash).await?,
        None => None,
    };
    let participant = if let Some(before) = before {
        let role = admission.role;
        tx.admissions().save(&AdmissionRow { name, role, ticket_hash, ..before.clone() }).await?;
        before.participant
    } else {
        if open.locked_at.is_some() && !directs(admission.role) {
            return Err(Denied::RoomLocked.into());
        }
        let participant = service.draw(|random| ParticipantId::mint(now, random));
        let (room, role) = (admission.room, admission.role);
        let row = AdmissionRow { participant, room, name, role, ticket_hash, device_hash, admitted_at: now };
        tx.admissions().insert(&row).await?;
        participant
    };
    let subject = Subject { noun: "room", id: admission.room.to_string() };
    let detail =
        serde_json::json!({ "participant": participant.to_string(), "role": admission.role.word() }).to_string();
    tx.audit().append(&service.audit_line(act, "admit", subject, Some(detail))).await?;
    tx.commit().await?;
    Ok(Admitted { participant, ticket })
}
