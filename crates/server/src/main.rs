//! The program: parses, builds, runs, drains.

mod announce;
mod clock;
mod command;
mod compose;
mod config;
mod drive;
mod gauges;
mod lifecycle;
mod parts;
mod random;
mod recovery;
mod spool;
mod tls;
mod web;

use std::process::ExitCode;

use clap::Parser;

use command::Cli;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    // One crypto provider for DTLS and TLS alike; a second call, in a test, finds it installed.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let cli = Cli::parse();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    let outcome = match runtime {
        Ok(runtime) => runtime.block_on(command::run(cli)),
        Err(error) => Err(format!("the async runtime could not be started: {error}").into()),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mingjian: {error}");
            ExitCode::FAILURE
        }
    }
}
