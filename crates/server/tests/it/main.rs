//! The whole server, as its users and its enemies meet it: a real process, real sockets, real pictures and sound.

mod film;
mod kill;
mod stage;
