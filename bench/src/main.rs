//! The load generator and the comparisons behind `./dev bench`.
//!
//! Each measurement prints a table and writes `target/bench/<name>.json`. Figures are ratios beside a peer of the same run
//! where there is one; the machine is printed with them, since absolute figures mean nothing without it.

mod archive;
mod files;
mod hour;
mod janus;
mod lists;
mod load;
mod queue;
mod report;
mod rooms;

use std::net::IpAddr;
use std::process::ExitCode;
use std::time::Duration;

use clap::{Parser, Subcommand};
use load::{Process, Row};
use mingjian_testkit::clip::{Clip, ClipSpec};
use report::Quantiles;
use serde::Serialize;

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
    /// Recorded two-party rooms on our server and on Janus, run in turn on the same core.
    Rooms(Interviews),
    /// A large upload beside cp and sha256sum, downloads beside nginx, and their memory.
    Files(files::Load),
    /// Pages of a folder of a million files, on SQLite and PostgreSQL.
    Lists(lists::Load),
    /// The search of the image archive among a million accounts, on SQLite and on PostgreSQL.
    Archive(archive::Load),
    /// An hour's recording: listed while it grows, and from its stop to playable.
    Hour(hour::Load),
}

#[derive(Debug, clap::Args)]
struct Interviews {
    /// How many at a time.
    #[arg(long, default_value_t = 50)]
    rooms: usize,
    /// Length of the measured window.
    #[arg(long, default_value_t = 30)]
    seconds: u64,
    /// How often both are run.
    #[arg(long, default_value_t = 2)]
    repeats: usize,
    /// The address of both servers and of the load. Janus does not use loopback, so a run with it needs another one.
    #[arg(long, default_value = "127.0.0.1")]
    address: IpAddr,
}

#[derive(Serialize)]
struct RoomFigures {
    rows: Vec<Row>,
    rooms_per_core: f64,
    janus_rooms_per_core: Option<f64>,
    ratio: Option<f64>,
    first_picture: Quantiles,
    playable: Quantiles,
}

fn main() -> ExitCode {
    let outcome = match Cli::parse().what {
        What::Queue(load) => queue::measure(&load),
        What::Rooms(load) => measure_rooms(&load),
        What::Files(load) => files::measure(&load),
        What::Lists(load) => lists::measure(&load),
        What::Hour(load) => hour::measure(&load),
        What::Archive(load) => archive::measure(&load),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Both servers in turn, so that what else the machine does hits both alike.
fn measure_rooms(load: &Interviews) -> Result<(), Failure> {
    let program = rooms::program()?;
    let clip = Clip::make(&ClipSpec::call())?;
    let span = Duration::from_secs(load.seconds);
    Process(std::process::id()).pin(1)?;
    let beside_janus = !load.address.is_loopback();
    if !beside_janus {
        println!("SKIPPED: Janus, which does not use loopback; ./dev bench gives the run an address of its own");
    }
    println!("{}", Row::HEAD);
    let (mut rows, mut quickest, mut playable) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..load.repeats {
        let ours = rooms::run(&program, load.address, load.rooms, span, &clip)?;
        println!("{}", ours.row);
        rows.push(ours.row);
        quickest.push(ours.first_picture);
        playable.push(ours.playable);
        if beside_janus {
            let theirs = janus::run(load.address, load.rooms, true, span, &clip)?;
            println!("{theirs}");
            rows.push(theirs);
        }
    }
    let mean = |server: &str| {
        let of: Vec<f64> = rows.iter().filter(|row| row.server == server).map(|row| row.rooms_per_core).collect();
        (!of.is_empty()).then(|| of.iter().sum::<f64>() / of.len() as f64)
    };
    let rooms_per_core = mean("mingjian").ok_or("nothing was measured")?;
    let janus_rooms_per_core = mean("janus");
    let ratio = janus_rooms_per_core.map(|theirs| rooms_per_core / theirs);
    let (first_picture, playable) = (quickest[0], playable[0]);
    println!("\nrecorded rooms per core: {rooms_per_core:.0} (bar 100)");
    if let (Some(theirs), Some(ratio)) = (janus_rooms_per_core, ratio) {
        println!("Janus: {theirs:.0}; ratio {ratio:.2} (bar 1.7)");
    }
    println!(
        "answer to first picture: p50 {:.0} ms, p95 {:.0} ms (bar: p95 1000 ms)",
        first_picture.p50_ms, first_picture.p95_ms
    );
    println!("stop to playable: p50 {:.0} ms, worst {:.0} ms (bar 1000 ms)", playable.p50_ms, playable.max_ms);
    report::write("rooms", &RoomFigures { rows, rooms_per_core, janus_rooms_per_core, ratio, first_picture, playable })
}
