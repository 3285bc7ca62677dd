//! Words of the recorder, as columns hold them.

use mingjian_domain::recording::journal::{GapReason, Source};

pub(crate) const fn of_source(source: Source) -> &'static str {
    match source {
        Source::Camera => "camera",
        Source::Screen => "screen",
    }
}

pub(crate) fn source(word: &str) -> Option<Source> {
    [Source::Camera, Source::Screen].into_iter().find(|&source| of_source(source) == word)
}

pub(crate) const fn of_reason(reason: GapReason) -> &'static str {
    match reason {
        GapReason::Loss => "loss",
        GapReason::CameraOff => "camera_off",
        GapReason::Reconnect => "reconnect",
        GapReason::Restart => "restart",
    }
}

pub(crate) fn reason(word: &str) -> Option<GapReason> {
    [GapReason::Loss, GapReason::CameraOff, GapReason::Reconnect, GapReason::Restart]
        .into_iter()
        .find(|&reason| of_reason(reason) == word)
}
