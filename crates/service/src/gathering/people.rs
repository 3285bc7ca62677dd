//! Pages: who comes in, what they ask, and who is gone.

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Conflict, Denied, Error, Noun, Result};
use mingjian_domain::id::{ParticipantId, RoomId};
use mingjian_domain::recording::Speaker;
use mingjian_domain::room::RoomCommand;
use mingjian_store::AdmissionRow;
use time::OffsetDateTime;

use super::place::{Asker, Attendee, directs};
use super::{Gatherings, Who};
use crate::hall::words::{CloseCode, GuestAsk, MediaAsk, Switched, Tell};
use crate::netdisk_events::Event;
use crate::pages::ConnectionId;
use crate::tokens::sha256;

/// A page's first words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Hello {
    /// The ticket.
    pub(super) ticket: String,
    /// Which browser tab it is.
    pub(super) device: String,
}

impl Gatherings {
    pub(super) async fn hello(&mut self, connection: ConnectionId, hello: Hello) -> Result<()> {
        let admission = self.take_ticket(&hello).await?;
        let (room, participant) = (admission.room, admission.participant);
        let now = self.service.now();
        let place = self.place_mut(room)?;
        let before = place.people.remove(&participant);
        let since = before.as_ref().map_or(now, |attendee| attendee.since);
        let (name, role) = (admission.name, admission.role);
        place.people.insert(participant, Attendee { name, role, since, connection: Some(connection), offer: None });
        place.machine.enter(participant);
        match before {
            None => self.announce(room, |room| Event::Joined { room, participant: participant.to_string() }),
            Some(attendee) => {
                if let Some(other) = attendee.connection {
                    self.pages.close(other, CloseCode::TakenOver);
                }
            }
        }
        self.pages.introduce(connection, Who { room, participant });
        self.stale.insert(room);
        self.add_speaker(room, participant).await
    }

    /// The ticket's admission. The first device that shows it is the only one.
    async fn take_ticket(&self, hello: &Hello) -> Result<AdmissionRow> {
        let service = self.service.clone();
        let device_hash = Some(sha256(&hello.device));
        let mut tx = service.store.begin().await?;
        let found = tx.admissions().lookup_by_ticket_hash(&sha256(&hello.ticket)).await?;
        let mut admission = found.ok_or(Error::Missing(Noun::Invitation))?;
        match admission.device_hash {
            None => {
                admission.device_hash = device_hash;
                tx.admissions().save(&admission).await?;
                tx.commit().await?;
            }
            Some(_) if admission.device_hash == device_hash => {}
            Some(_) => return Err(Conflict::TicketUsed.into()),
        }
        Ok(admission)
    }

    /// Somebody who comes while it is being recorded is in the recording.
    async fn add_speaker(&self, room: RoomId, participant: ParticipantId) -> Result<()> {
        let Some(place) = self.places.get(&room) else { return Ok(()) };
        let (Some(recording), Some(attendee)) = (place.machine.recording(), place.people.get(&participant)) else {
            return Ok(());
        };
        let speaker = Speaker { recording, participant, name: attendee.name.clone(), role: attendee.role };
        let mut tx = self.service.store.begin().await?;
        tx.speakers().upsert(&speaker).await?;
        tx.commit().await
    }

    /// Answers a hello; a page that may not come in is told why, then closed.
    pub(super) fn answer_hello(&mut self, connection: ConnectionId, re: u64, outcome: Result<()>) {
        let close = match &outcome {
            Ok(()) => None,
            Err(Error::Conflict(_)) => Some(CloseCode::LinkOver),
            Err(_) => Some(CloseCode::Unknown),
        };
        self.reply(connection, re, outcome);
        if let Some(code) = close {
            self.pages.close(connection, code);
        }
    }

    pub(super) fn reply(&mut self, connection: ConnectionId, re: u64, outcome: Result<()>) {
        let tell = match outcome {
            Ok(()) => Tell::Ok { re },
            Err(error) => {
                if let Error::Fault(fault) = &error {
                    tracing::error!(doing = fault.doing(), error = %fault.source(), "a page's request failed");
                }
                Tell::refusal(Some(re), &error)
            }
        };
        self.pages.tell(connection, tell);
    }

    pub(super) async fn guest_asks(&mut self, connection: ConnectionId, re: u64, ask: GuestAsk, now: OffsetDateTime) {
        let Some(who) = self.pages.who(connection) else { return };
        self.stale.insert(who.room);
        let outcome = match ask {
            GuestAsk::Media(ask) => {
                self.media_asks(connection, re, who, ask);
                return;
            }
            GuestAsk::Leave => self.leave(who, now),
            GuestAsk::Mute { participant } => self.mute(who, participant).await,
            GuestAsk::Remove { participant } => self.remove(who, participant, now).await,
            GuestAsk::Lock { on } => self.lock(who, on, now).await,
            GuestAsk::End => self.end(who).await,
            GuestAsk::Record { on } => {
                let asker = Asker::Page(connection, re);
                match self.may_record(who) {
                    Ok(()) if on => {
                        let recording = self.mint_recording(now);
                        self.start_recording(who.room, recording, Actor::Link, asker, now).await;
                        return;
                    }
                    Ok(()) => {
                        self.stop_recording(who.room, Actor::Link, asker, now).await;
                        return;
                    }
                    Err(error) => Err(error),
                }
            }
        };
        self.reply(connection, re, outcome);
    }

    fn media_asks(&mut self, connection: ConnectionId, re: u64, who: Who, ask: MediaAsk) {
        let Who { room, participant } = who;
        let place = self.places.get_mut(&room).filter(|place| place.has_media && !place.closing);
        let Some(place) = place.filter(|place| place.people.contains_key(&participant)) else {
            self.reply(connection, re, Err(Conflict::NotInCall.into()));
            return;
        };
        match ask {
            MediaAsk::Offer { sdp } => {
                self.last_join.0 += 1;
                let join = self.last_join;
                if let Some(attendee) = place.people.get_mut(&participant) {
                    attendee.offer = Some((join, connection, re));
                }
                let sent = self.command(RoomCommand::Join { room, participant, join, offer: sdp });
                if sent.is_err() {
                    self.reply(connection, re, sent);
                }
            }
            MediaAsk::Answer { sdp } => {
                // It waits for no reply; one that is lost is offered again.
                let _ = self.command(RoomCommand::Answer { room, participant, answer: sdp });
            }
            MediaAsk::Switch { source, on } => {
                let off = place.off.entry(participant).or_default();
                if on {
                    off.remove(&source)
                } else {
                    off.insert(source)
                };
                let sent = match source.picture() {
                    Some(source) => self.command(RoomCommand::Switch { room, participant, source, on }),
                    None => Ok(()),
                };
                self.reply(connection, re, sent);
            }
        }
    }

    /// Somebody goes, and may come back with the same ticket.
    fn leave(&mut self, who: Who, now: OffsetDateTime) -> Result<()> {
        self.part(who, "left", now);
        Ok(())
    }

    /// Takes somebody out of the room and shows its page why.
    pub(super) fn part(&mut self, who: Who, why: &'static str, now: OffsetDateTime) {
        let Some(place) = self.places.get_mut(&who.room) else { return };
        place.machine.leave(who.participant, now);
        place.off.remove(&who.participant);
        let attendee = place.people.remove(&who.participant);
        let has_media = place.has_media;
        if has_media {
            // A room that cannot be told notices by itself that the transport is gone.
            let _ = self.command(RoomCommand::Leave { room: who.room, participant: who.participant });
        }
        if let Some(attendee) = attendee {
            self.announce(who.room, |room| Event::Left { room, participant: who.participant.to_string() });
            self.show_left(who, &attendee, why, now);
        }
        self.stale.insert(who.room);
    }

    /// The one who asks, if it directs the room.
    fn director(&mut self, who: Who) -> Result<&mut super::Place> {
        let place = self.place_mut(who.room)?;
        match place.people.get(&who.participant) {
            Some(attendee) if directs(attendee.role) => Ok(place),
            Some(_) => Err(Denied::NotEntitled.into()),
            None => Err(Conflict::NotInCall.into()),
        }
    }

    fn may_record(&mut self, who: Who) -> Result<()> {
        if self.director(who)?.row.may_record { Ok(()) } else { Err(Denied::RecordingForbidden.into()) }
    }

    /// Asks somebody's page to turn its microphone off; whose it is may turn it on again.
    async fn mute(&mut self, who: Who, participant: ParticipantId) -> Result<()> {
        let place = self.director(who)?;
        let attendee = place.people.get(&participant).ok_or(Conflict::NotInCall)?;
        let (connection, tenant) = (attendee.connection, place.row.tenant);
        place.off.entry(participant).or_default().insert(Switched::Microphone);
        self.note_direction(tenant, who, "mute_participant", participant).await?;
        if let Some(connection) = connection {
            self.pages.tell(connection, Tell::Mute { source: Switched::Microphone });
        }
        Ok(())
    }

    /// Parts somebody; the ticket does not work any more.
    async fn remove(&mut self, who: Who, participant: ParticipantId, now: OffsetDateTime) -> Result<()> {
        let place = self.director(who)?;
        if !place.people.contains_key(&participant) {
            return Err(Conflict::NotInCall.into());
        }
        let tenant = place.row.tenant;
        let service = self.service.clone();
        let mut tx = service.store.begin().await?;
        tx.admissions().delete(participant).await?;
        tx.commit().await?;
        self.note_direction(tenant, who, "remove_participant", participant).await?;
        self.part(Who { room: who.room, participant }, "removed", now);
        Ok(())
    }

    async fn lock(&mut self, who: Who, on: bool, now: OffsetDateTime) -> Result<()> {
        let place = self.director(who)?;
        let mut row = place.row.clone();
        row.locked_at = on.then_some(row.locked_at.unwrap_or(now));
        let tenant = row.tenant;
        let action = if on { "lock_room" } else { "unlock_room" };
        let service = self.service.clone();
        let mut tx = service.store.begin().await?;
        tx.gatherings().put(&row).await?;
        tx.audit().append(&self.line(tenant, Actor::Link, action, who.room)).await?;
        tx.commit().await?;
        self.place_mut(who.room)?.row = row;
        Ok(())
    }

    async fn end(&mut self, who: Who) -> Result<()> {
        self.director(who)?;
        self.close_room(who.room, Actor::Link, "ended").await
    }

    async fn note_direction(
        &self,
        tenant: mingjian_domain::id::TenantId,
        who: Who,
        action: &'static str,
        whom: ParticipantId,
    ) -> Result<()> {
        let mut line = self.line(tenant, Actor::Link, action, who.room);
        let (by, whom) = (who.participant.to_string(), whom.to_string());
        line.detail = Some(serde_json::json!({ "by": by, "participant": whom }).to_string());
        let mut tx = self.service.store.begin().await?;
        tx.audit().append(&line).await?;
        tx.commit().await
    }

    /// A page's connection is gone: whoever it was may come back.
    pub(super) fn page_gone(&mut self, connection: ConnectionId, now: OffsetDateTime) {
        let Some(who) = self.pages.remove(connection) else { return };
        let Some(place) = self.places.get_mut(&who.room) else { return };
        let attendee = place.people.get_mut(&who.participant);
        let Some(attendee) = attendee.filter(|attendee| attendee.connection == Some(connection)) else { return };
        attendee.connection = None;
        attendee.offer = None;
        place.machine.lost(who.participant, now);
        self.stale.insert(who.room);
    }
}
