//! The room's media: who hears and sees whom, and what is recorded of it. Machines without I/O.
//!
//! A [`shard`](shard::Shard) owns the rooms of one media thread. Datagrams, commands and disk reports go in with `now`;
//! datagrams, disk commands and events come out. Sockets, files and sleeps belong to the driver in the `server` crate.
//!
//! - `peer`: one participant's transport, a str0m `Rtc` in RTP mode;
//! - `room`: who hears and sees whom, and the gate that stays shut until the recorder runs;
//! - `recorder`: one more subscriber, which turns packets into fragments of MP4;
//! - `disk`: what the recorder asks of the disk and what the disk answers.

pub mod disk;
pub mod epoch;
pub mod recorder;
