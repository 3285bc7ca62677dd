//! The words and rules of Mingjian. No async, no I/O, no clock and no randomness of its own:
//! what happens is a function of what is passed in.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

pub mod archive;
pub mod audit;
pub mod connector;
pub mod counter;
pub mod embed;
pub mod error;
pub mod file;
pub mod floor;
pub mod gathering;
pub mod id;
pub mod interface;
pub mod interview;
pub mod job;
pub mod meeting_room;
pub mod message;
pub mod order;
pub mod queue;
pub mod random;
pub mod recording;
pub mod room;
pub mod scene;
pub mod secret;
pub mod sheet;
pub mod take;
pub mod tenant;
pub mod user;
