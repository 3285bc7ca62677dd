//! The loops: what turns the machines of `media`. Sockets, files and sleeps of a call are here and nowhere else.
//!
//! - [`media`]: the media threads and the handle through which the rest of the server talks to rooms;
//! - [`disk`]: the threads that write recordings; [`recover`]: what makes a folder whole after a crash;
//! - `udp`, `tcp`: the two ways in which datagrams come and go.

pub mod disk;
pub mod media;
pub mod recover;
mod tcp;
mod udp;
