//! One frame of a page, from JSON to the hall's words.

use mingjian_domain::id::{InterviewId, ParticipantId};
use mingjian_domain::interview::Verdict;
use mingjian_service::hall::CustomerHello;
use mingjian_service::hall::words::{CheckResult, CustomerAsk, GuestAsk, MediaAsk, SeatAsk, Switched};
use serde::Deserialize;

/// A frame that could be read.
#[derive(Debug, PartialEq)]
pub(super) enum Frame {
    Ping,
    Hello { id: u64, hello: Hello },
    Ask { id: u64, ask: Ask },
}

/// Who the page says it is.
#[derive(Debug, PartialEq)]
pub(super) enum Hello {
    Customer(CustomerHello),
    Seat,
    Guest { ticket: String, device: String },
}

/// A frame that could not be read, with its id where that much could.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Malformed {
    pub(super) id: Option<u64>,
}

/// A longer reason than anybody types is a mistake.
const REASON_CHARS: usize = 1000;
/// Codes and device marks are short random text.
const TOKEN_CHARS: usize = 128;

#[derive(Debug, PartialEq, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub(super) enum Ask {
    Consent { recording: bool, face: bool },
    Check(CheckResult),
    Enqueue,
    LeaveQueue,
    HangUp { interview: Option<InterviewId> },
    CheckOffer { sdp: String },
    Offer { sdp: String },
    Answer { sdp: String },
    Switch { source: SourceWord, on: bool },
    Ready { on: bool },
    Accept { interview: InterviewId },
    Refuse { interview: InterviewId },
    Verdict { interview: InterviewId, verdict: VerdictWord, reason: Option<String> },
    CallBack { interview: InterviewId },
    Leave,
    Mute { participant: ParticipantId },
    Remove { participant: ParticipantId },
    Lock { on: bool },
    Record { on: bool },
    End,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum SourceWord {
    Microphone,
    Camera,
    Screen,
}

#[derive(Debug, Clone, Copy, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum VerdictWord {
    Pass,
    Refuse,
    Supplement,
}

#[derive(Deserialize)]
struct Head {
    #[serde(rename = "type")]
    kind: String,
    id: Option<u64>,
}

#[derive(Deserialize)]
#[serde(tag = "as", rename_all = "snake_case")]
enum HelloWords {
    Customer {
        code: String,
        device: String,
        #[serde(default)]
        takeover: bool,
    },
    Seat,
    Guest {
        ticket: String,
        device: String,
    },
}

/// Reads a frame. Everything but `ping` and the answer to a server's offer must carry an id.
pub(super) fn parse(text: &str) -> Result<Frame, Malformed> {
    let head: Head = serde_json::from_str(text).map_err(|_| Malformed { id: None })?;
    let malformed = || Malformed { id: head.id };
    match (head.kind.as_str(), head.id) {
        ("ping", _) => Ok(Frame::Ping),
        ("hello", Some(id)) => {
            let hello = match serde_json::from_str(text).map_err(|_| malformed())? {
                HelloWords::Customer { code, device, takeover }
                    if code.len() <= TOKEN_CHARS && device.len() <= TOKEN_CHARS =>
                {
                    Hello::Customer(CustomerHello { code, device, takeover })
                }
                HelloWords::Customer { .. } => return Err(malformed()),
                HelloWords::Seat => Hello::Seat,
                HelloWords::Guest { ticket, device } if ticket.len() <= TOKEN_CHARS && device.len() <= TOKEN_CHARS => {
                    Hello::Guest { ticket, device }
                }
                HelloWords::Guest { .. } => return Err(malformed()),
            };
            Ok(Frame::Hello { id, hello })
        }
        ("answer", id) => Ok(Frame::Ask { id: id.unwrap_or(0), ask: parse_ask(text).ok_or_else(malformed)? }),
        (_, Some(id)) => Ok(Frame::Ask { id, ask: parse_ask(text).ok_or_else(malformed)? }),
        (_, None) => Err(malformed()),
    }
}

fn parse_ask(text: &str) -> Option<Ask> {
    let ask: Ask = serde_json::from_str(text).ok()?;
    let endless = matches!(&ask, Ask::Verdict { reason: Some(reason), .. } if reason.chars().count() > REASON_CHARS);
    (!endless).then_some(ask)
}

impl Ask {
    /// The ask in a customer's mouth, if a customer may ask it.
    pub(super) fn for_customer(&self) -> Option<CustomerAsk> {
        Some(match self {
            Self::Consent { recording, face } => CustomerAsk::Consent { recording: *recording, face: *face },
            Self::Check(result) => CustomerAsk::Check(result.clone()),
            Self::Enqueue => CustomerAsk::Enqueue,
            Self::LeaveQueue => CustomerAsk::LeaveQueue,
            Self::HangUp { .. } => CustomerAsk::HangUp,
            Self::CheckOffer { sdp } => CustomerAsk::CheckOffer { sdp: sdp.clone() },
            Self::Offer { .. } | Self::Answer { .. } | Self::Switch { .. } => CustomerAsk::Media(self.media()?),
            Self::Ready { .. }
            | Self::Accept { .. }
            | Self::Refuse { .. }
            | Self::Verdict { .. }
            | Self::CallBack { .. }
            | Self::Leave
            | Self::Mute { .. }
            | Self::Remove { .. }
            | Self::Lock { .. }
            | Self::Record { .. }
            | Self::End => {
                return None;
            }
        })
    }

    /// The ask in a guest's mouth, if a guest may ask it.
    pub(super) fn for_guest(&self) -> Option<GuestAsk> {
        Some(match self {
            Self::Leave => GuestAsk::Leave,
            Self::Mute { participant } => GuestAsk::Mute { participant: *participant },
            Self::Remove { participant } => GuestAsk::Remove { participant: *participant },
            Self::Lock { on } => GuestAsk::Lock { on: *on },
            Self::Record { on } => GuestAsk::Record { on: *on },
            Self::End => GuestAsk::End,
            Self::Offer { .. } | Self::Answer { .. } | Self::Switch { .. } => GuestAsk::Media(self.media()?),
            Self::Consent { .. }
            | Self::Check(_)
            | Self::Enqueue
            | Self::LeaveQueue
            | Self::HangUp { .. }
            | Self::CheckOffer { .. }
            | Self::Ready { .. }
            | Self::Accept { .. }
            | Self::Refuse { .. }
            | Self::Verdict { .. }
            | Self::CallBack { .. } => return None,
        })
    }

    /// The ask in a seat's mouth, if a seat may ask it.
    pub(super) fn for_seat(&self) -> Option<SeatAsk> {
        Some(match self {
            Self::Ready { on } => SeatAsk::Ready { on: *on },
            Self::Accept { interview } => SeatAsk::Accept { interview: *interview },
            Self::Refuse { interview } => SeatAsk::Refuse { interview: *interview },
            Self::Verdict { interview, verdict, reason } => {
                let verdict = match verdict {
                    VerdictWord::Pass => Verdict::Pass,
                    VerdictWord::Refuse => Verdict::Refuse,
                    VerdictWord::Supplement => Verdict::Supplement,
                };
                SeatAsk::Verdict { interview: *interview, verdict, reason: reason.clone() }
            }
            Self::HangUp { interview } => SeatAsk::HangUp { interview: (*interview)? },
            Self::CallBack { interview } => SeatAsk::CallBack { interview: *interview },
            Self::Offer { .. } | Self::Answer { .. } | Self::Switch { .. } => SeatAsk::Media(self.media()?),
            Self::Consent { .. }
            | Self::Check(_)
            | Self::Enqueue
            | Self::LeaveQueue
            | Self::CheckOffer { .. }
            | Self::Leave
            | Self::Mute { .. }
            | Self::Remove { .. }
            | Self::Lock { .. }
            | Self::Record { .. }
            | Self::End => return None,
        })
    }

    fn media(&self) -> Option<MediaAsk> {
        match self {
            Self::Offer { sdp } => Some(MediaAsk::Offer { sdp: sdp.clone() }),
            Self::Answer { sdp } => Some(MediaAsk::Answer { sdp: sdp.clone() }),
            Self::Switch { source, on } => {
                let source = match source {
                    SourceWord::Microphone => Switched::Microphone,
                    SourceWord::Camera => Switched::Camera,
                    SourceWord::Screen => Switched::Screen,
                };
                Some(MediaAsk::Switch { source, on: *on })
            }
            Self::Consent { .. }
            | Self::Check(_)
            | Self::Enqueue
            | Self::LeaveQueue
            | Self::HangUp { .. }
            | Self::CheckOffer { .. }
            | Self::Ready { .. }
            | Self::Accept { .. }
            | Self::Refuse { .. }
            | Self::Verdict { .. }
            | Self::CallBack { .. }
            | Self::Leave
            | Self::Mute { .. }
            | Self::Remove { .. }
            | Self::Lock { .. }
            | Self::Record { .. }
            | Self::End => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hello_says_who_the_page_is() {
        let customer = parse(r#"{"type":"hello","id":1,"as":"customer","code":"abc","device":"d","takeover":true}"#);
        let hello = CustomerHello { code: "abc".into(), device: "d".into(), takeover: true };
        assert_eq!(customer, Ok(Frame::Hello { id: 1, hello: Hello::Customer(hello) }));
        assert_eq!(parse(r#"{"type":"hello","id":2,"as":"seat"}"#), Ok(Frame::Hello { id: 2, hello: Hello::Seat }));
        let guest = parse(r#"{"type":"hello","id":3,"as":"guest","ticket":"t","device":"d"}"#);
        let hello = Hello::Guest { ticket: "t".into(), device: "d".into() };
        assert_eq!(guest, Ok(Frame::Hello { id: 3, hello }));
    }

    #[test]
    fn what_cannot_be_read_is_refused_under_its_own_id() {
        for (text, id) in [
            ("", None),
            ("[]", None),
            ("{}", None),
            (r#"{"type":"enqueue"}"#, None),
            (r#"{"type":"dance","id":7}"#, Some(7)),
            (r#"{"type":"hello","id":8,"as":"king"}"#, Some(8)),
            (r#"{"type":"verdict","id":9,"interview":"1866","verdict":"pass"}"#, Some(9)),
        ] {
            assert_eq!(parse(text), Err(Malformed { id }), "{text}");
        }
        let endless = format!(r#"{{"type":"hello","id":1,"as":"customer","code":"{}","device":"d"}}"#, "x".repeat(129));
        assert_eq!(parse(&endless), Err(Malformed { id: Some(1) }));
    }

    #[test]
    fn a_customer_cannot_ask_what_only_a_seat_may() {
        let Ok(Frame::Ask { ask, .. }) = parse(r#"{"type":"ready","id":1,"on":true}"#) else { panic!("a frame") };
        assert_eq!(ask.for_customer(), None);
        assert_eq!(ask.for_seat(), Some(SeatAsk::Ready { on: true }));
        let Ok(Frame::Ask { ask, .. }) = parse(r#"{"type":"enqueue","id":1}"#) else { panic!("a frame") };
        assert_eq!(ask.for_customer(), Some(CustomerAsk::Enqueue));
        assert_eq!(ask.for_seat(), None);
        assert_eq!(ask.for_guest(), None);
        let Ok(Frame::Ask { ask, .. }) = parse(r#"{"type":"lock","id":1,"on":true}"#) else { panic!("a frame") };
        assert_eq!(ask.for_guest(), Some(GuestAsk::Lock { on: true }));
        assert_eq!((ask.for_customer(), ask.for_seat()), (None, None));
    }
}
