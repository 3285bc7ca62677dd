//! HTTP from the outside: the real router over a real store, with a clock that the tests move and seeded randomness.

mod access;
mod callbacks;
mod doors;
mod edge;
mod files;
mod golden;
mod interfaces;
mod lists;
mod orders;
mod playback;
mod stage;
mod world;
