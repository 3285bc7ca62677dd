//! Links for the people of orders, found by the hash of the code in the link.

use mingjian_domain::error::Result;
use mingjian_domain::id::{InvitationId, OrderId};
use mingjian_domain::order::{Consent, Invitation};
use time::OffsetDateTime;

use crate::Tx;
use crate::dialect::lockable;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The invitations of a transaction.
pub struct Invitations<'t>(pub(crate) &'t mut Tx);

macro_rules! select {
    () => {
        "SELECT i.id, i.tenant_id, i.order_id, i.person_id, i.code_hash, i.created_at, i.expires_at, i.used_at, \
         i.consent_recording_at, i.consent_face_at, i.consent_version, i.return_url FROM invitations i "
    };
}

impl Invitations<'_> {
    /// Adds an invitation.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault), also when the person is not one of the order's or the order
    /// another tenant's.
    pub async fn insert(&mut self, invitation: &Invitation) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO invitations (id, tenant_id, order_id, person_id, code_hash, created_at, expires_at, \
                 used_at, consent_recording_at, consent_face_at, consent_version, return_url) \
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
                args![
                    invitation.id,
                    invitation.tenant,
                    invitation.order,
                    invitation.person,
                    invitation.code_hash,
                    invitation.created_at,
                    invitation.expires_at,
                    invitation.used_at,
                    invitation.consent.recording_at,
                    invitation.consent.face_at,
                    &invitation.consent.version,
                    &invitation.return_url,
                ],
            )
            .await
            .or_fault("adding an invitation")?;
        Ok(())
    }

    /// The invitation whose code has that SHA-256, of whichever tenant: the code itself is the customer's proof.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_code_hash(&mut self, hash: &[u8; 32]) -> Result<Option<Invitation>> {
        self.0
            .optional(concat!(select!(), "WHERE i.code_hash = $1"), args![hash], read)
            .await
            .or_fault("reading an invitation by its code")
    }

    /// The invitation of that id, of whichever tenant: for the server itself, never with an id that a caller named.
    /// In a transaction that writes, nobody else changes it meanwhile.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_any(&mut self, id: InvitationId) -> Result<Option<Invitation>> {
        self.0
            .lock(lockable!(select!(), "WHERE i.id = $1"; "i"), args![id], read)
            .await
            .or_fault("reading an invitation")
    }

    /// Notes what the person agreed to.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn set_consent(&mut self, id: InvitationId, consent: &Consent) -> Result<()> {
        self.0
            .execute(
                "UPDATE invitations SET consent_recording_at = $2, consent_face_at = $3, consent_version = $4 \
                 WHERE id = $1",
                args![id, consent.recording_at, consent.face_at, &consent.version],
            )
            .await
            .or_fault("noting a consent")?;
        Ok(())
    }

    /// The links of the order have done their work. One that had already keeps its moment.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn mark_used_of_order(&mut self, order: OrderId, now: OffsetDateTime) -> Result<()> {
        self.0
            .execute("UPDATE invitations SET used_at = $2 WHERE order_id = $1 AND used_at IS NULL", args![order, now])
            .await
            .or_fault("using up the links of an order")?;
        Ok(())
    }
}

fn read(row: &Row) -> sqlx::Result<Invitation> {
    Ok(Invitation {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        order: row.get("order_id")?,
        person: row.get("person_id")?,
        code_hash: row.get("code_hash")?,
        created_at: row.get("created_at")?,
        expires_at: row.get("expires_at")?,
        used_at: row.get_opt("used_at")?,
        consent: Consent {
            recording_at: row.get_opt("consent_recording_at")?,
            face_at: row.get_opt("consent_face_at")?,
            version: row.get_opt("consent_version")?,
        },
        return_url: row.get_opt("return_url")?,
    })
}
