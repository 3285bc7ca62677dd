//! The room's media: who hears and sees whom, and what is recorded of it. Machines without I/O.
//!
//! A [`shard`] owns the rooms of one media thread. Datagrams, commands and disk reports go in with `now`;
//! datagrams, disk commands and events come out. Sockets, files and sleeps belong to the driver in the `server` crate.
//!
//! - `peer`: one participant's transport, a str0m `Rtc` in RTP mode, and what is negotiated over it;
//! - `room`: who hears and sees whom, and the gate that stays shut until the recorder runs;
//! - `rewrite`, `capture`: what makes forwarded packets one continuous stream, with sound and picture in step;
//! - [`recorder`]: one more subscriber, which turns packets into fragments of MP4;
//! - [`disk`]: what the recorder asks of the disk and what the disk answers.

#![cfg_attr(not(test), deny(clippy::disallowed_methods))]

mod capture;
pub mod disk;
pub mod epoch;
mod line;
mod peer;
pub mod recorder;
mod rewrite;
mod room;
mod sdp;
pub mod shard;
mod slab;
mod timers;
