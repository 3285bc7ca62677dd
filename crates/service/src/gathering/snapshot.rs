//! What each page of a room shows, drawn afresh from the room.

use mingjian_domain::gathering::Presence;
use mingjian_domain::id::{ParticipantId, RoomId};
use time::OffsetDateTime;

use super::handle::{Look, PersonLook};
use super::place::{Attendee, Place, directs};
use super::{Gatherings, Who};
use crate::hall::words::{GuestState, IceServer, LeftView, Me, PersonView, RoomView, State, Switched};

impl Gatherings {
    /// Shows everybody in the room what it has to show now.
    pub(super) fn show_room(&mut self, room: RoomId, now: OffsetDateTime) {
        let Some(place) = self.places.get(&room).filter(|place| !place.closing) else { return };
        let view = room_view(place);
        let mut shown = Vec::new();
        for (&participant, attendee) in &place.people {
            let Some(connection) = attendee.connection else { continue };
            let role = attendee.role;
            let room = RoomView {
                role: role.word(),
                directs: directs(role),
                may_record: directs(role) && place.row.may_record,
                ..view.clone()
            };
            let state = GuestState {
                me: Me { participant, name: attendee.name.clone(), login: None },
                ice_servers: self.ice_servers(participant, now),
                room: Some(room),
                end: None,
            };
            shown.push((connection, State::Room(state)));
        }
        for (connection, state) in shown {
            self.pages.show(connection, state);
        }
    }

    /// Shows somebody who is not in the room any more why.
    pub(super) fn show_left(&mut self, who: Who, attendee: &Attendee, why: &'static str, now: OffsetDateTime) {
        let Some(connection) = attendee.connection else { return };
        let state = GuestState {
            me: Me { participant: who.participant, name: attendee.name.clone(), login: None },
            ice_servers: Vec::new(),
            room: None,
            end: Some(LeftView { why, at: now }),
        };
        self.pages.show(connection, State::Left(state));
    }

    fn ice_servers(&self, participant: ParticipantId, now: OffsetDateTime) -> Vec<IceServer> {
        self.settings.turn.iter().map(|turn| turn.credentials(participant, now)).collect()
    }

    /// The room, as the rest of the server sees it.
    pub(super) fn look(&self, room: RoomId) -> Option<Look> {
        let place = self.places.get(&room).filter(|place| !place.closing)?;
        let people = place.machine.people().filter_map(|(participant, presence)| {
            let attendee = place.people.get(&participant)?;
            let (name, role, since) = (attendee.name.clone(), attendee.role, attendee.since);
            Some(PersonLook { participant, name, role, since, presence: presence_word(presence) })
        });
        Some(Look {
            opened_at: place.row.opened_at,
            locked_at: place.row.locked_at,
            recording: place.machine.recording(),
            is_recorded: place.machine.is_recorded(),
            has_failed: place.machine.has_failed(),
            live: place.live.as_ref().map(|live| live.code.clone()),
            people: people.collect(),
        })
    }
}

fn room_view(place: &Place) -> RoomView {
    let people = place.machine.people().filter_map(|(participant, presence)| {
        let attendee = place.people.get(&participant)?;
        let lost_at = if let Presence::Lost { since } = presence { Some(since) } else { None };
        let off: Vec<Switched> =
            place.off.get(&participant).map(|off| off.iter().copied().collect()).unwrap_or_default();
        let (name, role) = (attendee.name.clone(), attendee.role.word());
        Some(PersonView { participant, name, role, presence: presence_word(presence), lost_at, off })
    });
    RoomView {
        room: place.row.room,
        number: place.row.number.clone(),
        name: place.row.name.clone(),
        role: "guest",
        directs: false,
        may_record: false,
        open: place.has_media,
        opened_at: place.row.opened_at,
        locked: place.row.locked_at.is_some(),
        recording: recording_word(place),
        recording_since: place.plan.as_ref().filter(|_| place.machine.is_recorded()).map(|plan| plan.started_at),
        live: place.machine.is_live(),
        people: people.collect(),
    }
}

fn recording_word(place: &Place) -> &'static str {
    if place.machine.is_recorded() {
        "on"
    } else if place.machine.recording().is_some() {
        "starting"
    } else if place.machine.has_failed() {
        "failed"
    } else {
        "off"
    }
}

const fn presence_word(presence: Presence) -> &'static str {
    match presence {
        Presence::Joining => "joining",
        Presence::Here => "here",
        Presence::Lost { .. } => "lost",
        Presence::Left => "left",
    }
}
