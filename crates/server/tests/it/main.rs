//! The whole server, as its users and its enemies meet it: a real process, real sockets, real pictures and sound.

mod comeback;
mod compose;
mod disk_full;
mod film;
mod flood;
mod isolation;
mod kill;
mod outgoing;
mod playback;
mod signalling;
mod stage;
