//! HTTP from the outside: the real router over a real store, with a clock that the tests move and seeded randomness.

mod access;
mod callbacks;
mod contract;
mod doors;
mod echo;
mod edge;
mod golden;
mod idempotency;
mod interfaces;
mod lists;
mod meeting;
mod orders;
mod playback;
mod stage;
mod switchboard;
mod video;
mod world;
