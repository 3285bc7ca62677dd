//! Tables for people, JSON for whoever compares runs.

use std::fs;
use std::path::Path;
use std::time::Duration;

use serde::Serialize;

use crate::Failure;

/// The machine that a figure was measured on.
#[derive(Debug, Clone, Serialize)]
pub struct Machine {
    cpu: String,
    cores: usize,
    kernel: String,
}

impl Machine {
    /// This one.
    pub fn this() -> Self {
        let cpuinfo = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
        let model = cpuinfo.lines().find_map(|line| line.strip_prefix("model name"));
        Self {
            cpu: model
                .map_or_else(|| "unknown".to_owned(), |name| name.trim_start_matches([':', '\t', ' ']).to_owned()),
            cores: std::thread::available_parallelism().map_or(1, usize::from),
            kernel: fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default().trim().to_owned(),
        }
    }
}

/// Quantiles of a latency, in milliseconds.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Quantiles {
    /// Half of them.
    pub p50_ms: f64,
    /// 95 of 100.
    pub p95_ms: f64,
    /// 99 of 100.
    pub p99_ms: f64,
    /// The worst.
    pub max_ms: f64,
}

impl Quantiles {
    /// Of these samples; at least one.
    ///
    /// # Panics
    /// Without samples there is nothing to report.
    pub fn of(mut samples: Vec<Duration>) -> Self {
        assert!(!samples.is_empty(), "nothing was measured");
        samples.sort_unstable();
        let at = |share: f64| {
            // The nearest rank: the smallest sample that at least this share of them do not exceed.
            let rank = (share * samples.len() as f64).ceil() as usize;
            samples[rank.clamp(1, samples.len()) - 1].as_secs_f64() * 1000.0
        };
        Self { p50_ms: at(0.5), p95_ms: at(0.95), p99_ms: at(0.99), max_ms: at(1.0) }
    }
}

/// Writes a measurement down.
///
/// # Errors
/// The disk refuses.
pub fn write<T: Serialize>(name: &str, figures: &T) -> Result<(), Failure> {
    #[derive(Serialize)]
    struct Page<'a, T> {
        machine: Machine,
        figures: &'a T,
    }
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/bench");
    fs::create_dir_all(&folder)?;
    let path = folder.join(format!("{name}.json"));
    fs::write(&path, serde_json::to_string_pretty(&Page { machine: Machine::this(), figures })?)?;
    println!("written to target/bench/{name}.json");
    Ok(())
}
