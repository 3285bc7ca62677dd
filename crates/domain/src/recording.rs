//! What was recorded: the recording with its tracks, and the journal that indexes their fragments.

pub mod journal;
