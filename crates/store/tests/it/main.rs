//! The contract of the store, told to both engines. PostgreSQL is a real one, started for this run.

mod archive;
mod durability;
mod engine;
mod files;
mod fixture;
mod isolation;
mod lists;
mod objects;
mod races;
mod rooms;
mod schema;
mod story;
mod takes;
mod tls;
