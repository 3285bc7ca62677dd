//! What tests are made of: seeded randomness, a lossy network in virtual time, real pictures and sound, and a scripted
//! WebRTC client. Nothing here stands in for a part of the product.
//!
//! - [`random`]: random bytes from a seed;
//! - [`net`]: datagrams that are lost, late, doubled and out of order, always the same for the same seed;
//! - [`clip`]: H.264 and Opus made by ffmpeg, ready as RTP payloads;
//! - [`client`]: a browser's part of a call as a machine without I/O;
//! - [`drive`]: the same client over real sockets;
//! - [`server`]: the whole program as a process, spoken to over HTTP and WebSocket.

pub mod client;
pub mod clip;
pub mod drive;
pub mod engines;
pub mod net;
pub mod random;
pub mod server;
