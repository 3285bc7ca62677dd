//! The server's offers: one media line per source of every other participant.
//!
//! One offer is open at a time; what changes meanwhile is in the next one. A line whose publisher left is turned off and
//! used again for the next source of the same kind, so that a long meeting does not collect lines.

use std::time::Duration;

use mingjian_domain::id::ParticipantId;
use mingjian_domain::room::NegotiationRefusal;
use str0m::change::SdpAnswer;
use str0m::media::{Direction, MediaKind, Mid, Pt};
use str0m::rtp::Ssrc;

use super::Peer;
use crate::recorder::Stream;
use crate::rewrite::Rewriter;
use crate::sdp;

/// A browser asks again for a lost packet for about a second; what is older helps nobody any more.
const REPAIR_FOR: Duration = Duration::from_millis(1_500);
const REPAIR_PACKETS: usize = 512;

/// At most half of what is sent may be repair. Above the share str0m forgets what it was asked for, and where packets overtake each
/// other much is asked for in vain; still it is a limit for a browser that asks for everything again and again.
const REPAIR_SHARE: f32 = 0.5;

/// An answer that cannot be used is met with a fresh offer this often.
const MAX_REFUSED_ANSWERS: u8 = 3;

/// A source that a participant is to get.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Wish {
    pub(crate) publisher: ParticipantId,
    pub(crate) stream: Stream,
}

/// One outgoing media line.
#[derive(Debug)]
pub(crate) struct Slot {
    pub(crate) mid: Mid,
    pub(crate) stream: Stream,
    /// Whose source it carries or is to carry; none while the line is off.
    pub(crate) publisher: Option<ParticipantId>,
    /// How packets are addressed, once the browser has agreed.
    pub(crate) live: Option<(Ssrc, Pt)>,
    state: State,
    pub(crate) rewriter: Rewriter,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    /// In the open offer for the first time.
    New,
    /// In the open offer, turned on or off.
    Changing,
    /// As agreed.
    Settled,
    /// The browser did not want it.
    Rejected,
}

impl Peer {
    /// The offer that brings the lines in step with `wishes`; none if they are, or while an earlier one is open.
    pub(crate) fn negotiate(&mut self, wishes: &[Wish]) -> Option<String> {
        if self.open_offer.is_some() || self.refused_answers >= MAX_REFUSED_ANSWERS {
            return None;
        }
        let mut api = self.rtc.sdp_api();
        for slot in &mut self.slots {
            let wanted =
                slot.publisher.is_none_or(|publisher| wishes.contains(&Wish { publisher, stream: slot.stream }));
            if !wanted {
                slot.publisher = None;
                slot.live = None;
                if slot.state == State::Settled {
                    slot.state = State::Changing;
                    api.set_direction(slot.mid, Direction::Inactive);
                }
            }
        }
        for wish in wishes {
            let served =
                self.slots.iter().any(|slot| slot.publisher == Some(wish.publisher) && slot.stream == wish.stream);
            if served {
                continue;
            }
            let idle = |slot: &&mut Slot| {
                slot.publisher.is_none() && slot.stream == wish.stream && slot.state == State::Settled
            };
            if let Some(slot) = self.slots.iter_mut().find(idle) {
                slot.publisher = Some(wish.publisher);
                slot.state = State::Changing;
                api.set_direction(slot.mid, Direction::SendOnly);
                continue;
            }
            let kind = if wish.stream.is_video() { MediaKind::Video } else { MediaKind::Audio };
            let (stream_id, track_id) = (wish.publisher.to_string(), wish.stream.track_id().to_owned());
            let mid = api.add_media(kind, Direction::SendOnly, Some(stream_id), Some(track_id), None);
            self.slots.push(Slot {
                mid,
                stream: wish.stream,
                publisher: Some(wish.publisher),
                live: None,
                state: State::New,
                rewriter: Rewriter::default(),
            });
        }
        let (offer, pending) = api.apply()?;
        self.open_offer = Some(pending);
        let owners: Vec<_> =
            self.slots.iter().filter_map(|slot| Some((slot.mid, slot.publisher?.to_string()))).collect();
        Some(sdp::with_stream_ids(&offer.to_sdp_string(), &owners))
    }

    /// Takes the browser's answer to the open offer. Afterwards the slots say what may be sent.
    ///
    /// # Errors
    ///
    /// No offer is open, or the text is not an answer to it; then the offer is void and the next one is made afresh.
    pub(crate) fn accept_answer(&mut self, answer: &str) -> Result<(), NegotiationRefusal> {
        let Some(pending) = self.open_offer.take() else {
            return Err(NegotiationRefusal::Malformed("no offer is open".to_owned()));
        };
        let accepted = match SdpAnswer::from_sdp_string(answer) {
            Ok(answer) => self.rtc.sdp_api().accept_answer(pending, answer).map_err(|error| error.to_string()),
            Err(error) => Err(error.to_string()),
        };
        if let Err(error) = accepted {
            self.refused_answers += 1;
            self.slots.retain(|slot| slot.state != State::New);
            // Nothing was agreed: what was to be turned on stays off. Without `apply` this changes our side only.
            let mut api = self.rtc.sdp_api();
            for slot in self.slots.iter_mut().filter(|slot| slot.state == State::Changing) {
                slot.state = State::Settled;
                slot.publisher = None;
                api.set_direction(slot.mid, Direction::Inactive);
            }
            return Err(NegotiationRefusal::Malformed(error));
        }
        self.refused_answers = 0;
        for at in 0..self.slots.len() {
            self.settle(at);
        }
        Ok(())
    }

    /// What came of a slot in the answer.
    fn settle(&mut self, at: usize) {
        let slot = &mut self.slots[at];
        match slot.state {
            State::New | State::Changing => slot.state = State::Settled,
            State::Settled | State::Rejected => return,
        }
        if slot.publisher.is_none() {
            return;
        }
        let payload = self
            .rtc
            .media(slot.mid)
            .filter(|media| media.direction().is_sending())
            .and_then(|media| media.remote_pts().first().copied());
        let mut api = self.rtc.direct_api();
        let (Some(pt), Some(tx)) = (payload, api.stream_tx_by_mid(slot.mid, None)) else {
            slot.state = State::Rejected;
            return;
        };
        // Publishers pace what they send; pacing it again would only add delay.
        tx.set_unpaced(true);
        if slot.stream.is_video() && slot.live.is_none() {
            tx.set_rtx_cache(REPAIR_PACKETS, REPAIR_FOR, Some(REPAIR_SHARE));
        }
        slot.live = Some((tx.ssrc(), pt));
    }

    /// The outgoing lines.
    pub(crate) fn slots(&self) -> &[Slot] {
        &self.slots
    }
}
