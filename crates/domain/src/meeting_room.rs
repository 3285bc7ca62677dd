//! A meeting room: a number that people dial, two PINs, and what is allowed in it. Whether it is open is the gathering's.

use time::OffsetDateTime;

use crate::error::{Error, Result};
use crate::id::{RoomId, TenantId};
use crate::recording::SpeakerRole;

/// A room of a tenant that people dial.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MeetingRoom {
    /// Its id, which is that of the room with the media each time it is open.
    pub id: RoomId,
    /// Whose.
    pub tenant: TenantId,
    /// What people dial; unique on the whole server.
    pub number: String,
    /// What people read.
    pub name: String,
    /// Whether it may be recorded.
    pub record_allowed: bool,
    /// Whether it may be shown live.
    pub live_allowed: bool,
    /// Whether it stays open without people.
    pub stays_open: bool,
    /// Since when there is such a room.
    pub created_at: OffsetDateTime,
}

/// Digits of a number or PIN that is drawn for whoever names none.
pub const DRAWN_DIGITS: u32 = 6;

/// Checks a number: 3 to 20 digits.
///
/// # Errors
/// [`Error::Invalid`] naming the field.
pub fn check_number(number: &str) -> Result<()> {
    let plain = number.bytes().all(|byte| byte.is_ascii_digit());
    if plain && (3..=20).contains(&number.len()) {
        Ok(())
    } else {
        Err(Error::Invalid("number:会议短号应为 3 至 20 位数字".into()))
    }
}

/// Checks a name: 1 to 60 characters.
///
/// # Errors
/// [`Error::Invalid`] naming the field.
pub fn check_name(name: &str) -> Result<()> {
    let length = name.chars().count();
    if (1..=60).contains(&length) && !name.chars().any(char::is_control) {
        Ok(())
    } else {
        Err(Error::Invalid("name:会议名称应为 1 至 60 个字".into()))
    }
}

/// Checks the two PINs: 4 to 12 digits each, and not the same, since they tell who hosts.
///
/// # Errors
/// [`Error::Invalid`] naming the field.
pub fn check_pins(host: &str, guest: &str) -> Result<()> {
    for (field, pin) in [("host_pin", host), ("guest_pin", guest)] {
        let plain = pin.bytes().all(|byte| byte.is_ascii_digit());
        if !plain || !(4..=12).contains(&pin.len()) {
            return Err(Error::Invalid(format!("{field}:密码应为 4 至 12 位数字")));
        }
    }
    if host == guest {
        Err(Error::Invalid("guest_pin:主持人密码与参会密码不能相同".into()))
    } else {
        Ok(())
    }
}

/// What the holder of a PIN is in the room. `same` compares in constant time; both PINs are compared whatever the first one gives.
#[must_use]
pub fn role_of(pin: &str, host: &str, guest: &str, same: impl Fn(&str, &str) -> bool) -> Option<SpeakerRole> {
    let (is_host, is_guest) = (same(host, pin), same(guest, pin));
    match (is_host, is_guest) {
        (true, _) => Some(SpeakerRole::Host),
        (false, true) => Some(SpeakerRole::Guest),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_pins_are_digits_and_the_pins_differ() {
        assert!(check_number("1866").is_ok() && check_pins("100866", "200866").is_ok() && check_name("例会").is_ok());
        for number in ["", "18", "18a6", "１８６６", "123456789012345678901"] {
            assert!(check_number(number).is_err(), "{number}");
        }
        for (host, guest) in [("100866", "100866"), ("1", "200866"), ("100866", ""), ("abcdef", "200866")] {
            assert!(check_pins(host, guest).is_err(), "{host} {guest}");
        }
        assert!(check_name("").is_err() && check_name("a\nb").is_err() && check_name(&"长".repeat(61)).is_err());
    }

    #[test]
    fn a_pin_says_who_one_is() {
        let role = |pin| role_of(pin, "100866", "200866", |left, right| left == right);
        assert_eq!(role("100866"), Some(SpeakerRole::Host));
        assert_eq!(role("200866"), Some(SpeakerRole::Guest));
        assert_eq!(role("300866"), None);
        assert_eq!(role(""), None);
    }
}
