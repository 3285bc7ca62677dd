//! The words and rules of Mingjian. No async, no I/O, no clock and no randomness of its own:
//! what happens is a function of what is passed in.

pub mod id;
pub mod random;
pub mod recording;
pub mod room;
