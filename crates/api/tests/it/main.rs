//! HTTP from the outside: the real router over a real store, with a clock that the tests move and seeded randomness.

mod access;
mod callbacks;
mod compositions;
mod contract;
mod crm;
mod doors;
mod echo;
mod edge;
mod embeds;
mod files;
mod golden;
mod idempotency;
mod interfaces;
mod lists;
mod meeting;
mod netdisk;
mod orders;
mod outside;
mod playback;
mod revisions;
mod signing;
mod stage;
mod switchboard;
mod video;
mod world;
