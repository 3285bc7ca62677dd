//! How much a publisher may send so that its weakest listener can take it.
//!
//! A server that forwards packets cannot make a picture smaller. Where a listener's network takes less than it is sent, the pictures
//! would stall and the sound with them; so the publishers are told to send less, and more again as the network allows.
//! The recording keeps what is sent, so nobody is told to send less than what is still worth keeping.

/// Sound is never limited, and this much of a listener's network is kept for each voice: Opus of 32 kbit/s with its headers.
const VOICE_KBPS: u32 = 45;

/// Below this a face at 640x480 cannot be told any more.
const LEAST_PICTURE_KBPS: u32 = 150;

/// Measurements in a row, two seconds each, that must find a network too narrow before anybody is told: one alone may be a hiccup.
const STRAINED: u8 = 2;

/// What one listener's network takes.
#[derive(Debug, Default)]
pub(super) struct Downlink {
    /// None while it takes everything.
    budget_kbps: Option<u32>,
    strained: u8,
}

impl Downlink {
    /// Takes a measurement: the bandwidth that is estimated and what was sent meanwhile.
    pub(super) fn measured(&mut self, estimate_kbps: u32, sent_kbps: u32) {
        // An estimate is of the order of what was sent when little is sent, so only one below it says anything.
        let strained = estimate_kbps < sent_kbps * 9 / 10;
        self.strained = if strained { self.strained.saturating_add(1) } else { 0 };
        let safe = estimate_kbps * 17 / 20;
        self.budget_kbps = match self.budget_kbps {
            None => (self.strained >= STRAINED).then_some(safe),
            Some(budget) if estimate_kbps < budget => Some(safe),
            Some(budget) if estimate_kbps > budget * 23 / 20 => {
                // What is not used any more limits nobody.
                let idle = sent_kbps < budget * 4 / 5;
                (!idle).then(|| safe.min(budget * 5 / 4).max(budget))
            }
            unchanged => unchanged,
        };
    }

    /// What each of so many pictures may be for this listener, beside so many voices; none while it takes everything.
    pub(super) fn share_kbps(&self, pictures: u32, voices: u32) -> Option<u32> {
        let budget = self.budget_kbps?;
        let for_pictures = budget.saturating_sub(VOICE_KBPS * voices);
        Some((for_pictures / pictures.max(1)).max(LEAST_PICTURE_KBPS))
    }
}

/// Whether a publisher is to be told: small steps are not worth a word.
pub(super) fn differs(told: Option<u32>, now: Option<u32>) -> bool {
    match (told, now) {
        (Some(told), Some(now)) => told.abs_diff(now) * 20 > told,
        (told, now) => told != now,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_network_that_takes_everything_limits_nobody() {
        let mut downlink = Downlink::default();
        for (estimate, sent) in [(1_000, 0), (1_400, 850), (800, 850), (600, 850), (900, 850)] {
            downlink.measured(estimate, sent);
            assert_eq!(downlink.share_kbps(1, 1), None, "one bad measurement is a hiccup");
        }
    }

    #[test]
    fn a_narrow_one_limits_and_is_followed_down_and_up_until_it_does_not_bind_any_more() {
        let mut downlink = Downlink::default();
        downlink.measured(400, 850);
        downlink.measured(400, 850);
        assert_eq!(downlink.share_kbps(1, 1), Some(295), "400 * 0.85, less a voice");
        downlink.measured(300, 340);
        assert_eq!(downlink.share_kbps(1, 1), Some(210));
        downlink.measured(280, 255);
        assert_eq!(downlink.share_kbps(1, 1), Some(210), "as narrow as it was said to be");
        let mut steps = 0;
        let mut sent = 255;
        while let Some(share) = downlink.share_kbps(1, 1) {
            // The browser sends as much as it may, up to its own 900, and the estimate runs ahead of it by half.
            sent = (share + VOICE_KBPS).min(945);
            downlink.measured(sent * 3 / 2, sent);
            steps += 1;
            assert!(steps < 20, "it never comes free");
        }
        assert!((5..12).contains(&steps), "{steps} steps up, {sent} at the end");
    }

    #[test]
    fn pictures_share_what_the_voices_leave_but_stay_worth_keeping() {
        let narrow = |budget| Downlink { budget_kbps: Some(budget), strained: 0 };
        assert_eq!(narrow(1_000).share_kbps(2, 2), Some(455));
        assert_eq!(narrow(100).share_kbps(1, 1), Some(LEAST_PICTURE_KBPS));
        assert_eq!(narrow(100).share_kbps(0, 3), Some(LEAST_PICTURE_KBPS));
    }

    #[test]
    fn only_a_step_that_can_be_seen_is_told() {
        assert!(differs(None, Some(300)) && differs(Some(300), None) && differs(Some(300), Some(270)));
        assert!(!differs(Some(300), Some(310)) && !differs(None, None));
    }
}
