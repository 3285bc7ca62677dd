//! The media machines together, in virtual time.

mod bad_input;
mod call;
mod gate;
mod recorded;
mod recorder;
mod weak;
mod world;
