//! The load generator and the comparisons behind `./dev bench`.
//!
//! Each measurement prints a table and writes `target/bench/<name>.json`. Figures are ratios beside a peer of the same run
//! where there is one; the machine is printed with them, since absolute figures mean nothing without it.

mod queue;
mod report;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Debug, Parser)]
#[command(name = "mingjian-bench", about = "Measures Mingjian")]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// How fast a customer is assigned while ten thousand wait.
    Queue(queue::Load),
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().what {
        What::Queue(load) => queue::measure(&load),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}
