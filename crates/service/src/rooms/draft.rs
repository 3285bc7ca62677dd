//! What a room is to be, as its owner says it.

use mingjian_domain::error::{Conflict, Result};
use mingjian_domain::id::{RoomId, TenantId};
use mingjian_domain::meeting_room::{DRAWN_DIGITS, MeetingRoom, check_name, check_number, check_pins};
use mingjian_domain::secret::Secret;
use mingjian_store::Tx;

use super::Pins;
use crate::Service;

/// Numbers that are drawn before it is said that there is none.
const TRIES: usize = 50;

/// What a room is to be. A number or PIN that is not named is drawn, or stays.
#[derive(Debug, Default)]
pub struct RoomDraft {
    /// What people dial.
    pub number: Option<String>,
    /// What people read.
    pub name: String,
    /// The host's PIN.
    pub host_pin: Option<Secret>,
    /// The guests' PIN.
    pub guest_pin: Option<Secret>,
    /// Whether it may be recorded.
    pub record_allowed: bool,
    /// Whether it may be shown live.
    pub live_allowed: bool,
    /// Whether it stays open without people.
    pub stays_open: bool,
}

impl RoomDraft {
    /// The room and its PINs, if they keep the rules.
    pub(super) fn check(
        self,
        service: &Service,
        id: RoomId,
        tenant: TenantId,
        number: String,
        before: Option<Pins>,
    ) -> Result<(MeetingRoom, Pins)> {
        check_number(&number)?;
        check_name(self.name.trim())?;
        let before = before.unwrap_or_else(|| drawn_pins(service));
        let pins = Pins { host: self.host_pin.unwrap_or(before.host), guest: self.guest_pin.unwrap_or(before.guest) };
        check_pins(pins.host.expose(), pins.guest.expose())?;
        let room = MeetingRoom {
            id,
            tenant,
            number,
            name: self.name.trim().to_owned(),
            record_allowed: self.record_allowed,
            live_allowed: self.live_allowed,
            stays_open: self.stays_open,
            created_at: service.now(),
        };
        Ok((room, pins))
    }
}

/// A number that nobody has.
pub(super) async fn free_number(service: &Service, tx: &mut Tx) -> Result<String> {
    for _ in 0..TRIES {
        let number = digits(service);
        if tx.rooms().lookup_any(&number).await?.is_none() {
            return Ok(number);
        }
    }
    Err(Conflict::NameTaken("随机会议短号".into()).into())
}

/// A PIN that nobody could guess in the tries that they have.
pub(crate) fn drawn_pin(service: &Service) -> Secret {
    Secret::new(digits(service))
}

fn drawn_pins(service: &Service) -> Pins {
    let host = digits(service);
    let guest = std::iter::repeat_with(|| digits(service)).find(|guest| *guest != host).unwrap_or_default();
    Pins { host: Secret::new(host), guest: Secret::new(guest) }
}

/// Random digits, the first of which is not 0.
fn digits(service: &Service) -> String {
    let mut bytes = [0; 8];
    service.draw(|random| random.fill(&mut bytes));
    let lowest = 10_u64.pow(DRAWN_DIGITS - 1);
    // 64 bits over 900,000 numbers: none is likelier than another by more than 1 in 10^13.
    (lowest + u64::from_be_bytes(bytes) % (9 * lowest)).to_string()
}
