//! ffmpeg as a child: nice, bound to us, and given up when it hangs.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use mingjian_service::ports::{Alive, ComposeFailure};
use tokio::process::Command;

use crate::drive::disk::free_bytes;

/// What the film needs ffmpeg to have.
const ENCODERS: [&str; 2] = ["libx264", "aac"];

/// How often the claim on the job is renewed while ffmpeg runs.
const BEAT: Duration = Duration::from_secs(5);
/// The mix of an eight hours' recording takes some ten minutes; what takes longer than this hangs.
const LONGEST: Duration = Duration::from_hours(2);
/// Beside live calls it only gets what they leave.
const NICENESS: &str = "10";
/// Of what ffmpeg complains, so much is logged.
const COMPLAINT: usize = 600;

/// What it told at the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Told {
    /// Pictures written.
    pub(super) frames: Option<u64>,
}

/// Runs ffmpeg.
pub(super) struct Ffmpeg {
    pub(super) min_free_bytes: u64,
}

impl Ffmpeg {
    /// Runs it in a folder.
    pub(super) async fn run(&self, folder: &Path, args: &[String], alive: &dyn Alive) -> Result<Told, ComposeFailure> {
        if free_bytes(folder).is_ok_and(|free| free < self.min_free_bytes) {
            return Err(ComposeFailure::Full);
        }
        let mut words = bound_to_us();
        words.extend(
            ["ffmpeg", "-nostdin", "-hide_banner", "-v", "error", "-progress", "pipe:1", "-y"].map(str::to_owned),
        );
        let mut command = Command::new(&words[0]);
        command.args(&words[1..]).args(args).current_dir(folder);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        let child = command.spawn().map_err(|error| {
            tracing::warn!(error = %error, "ffmpeg could not be started");
            ComposeFailure::Broken("没有找到 ffmpeg，请安装".to_owned())
        })?;
        let output = child.wait_with_output();
        tokio::pin!(output);
        let mut beat = tokio::time::interval(BEAT);
        let by = tokio::time::Instant::now() + LONGEST;
        let output = loop {
            tokio::select! {
                output = &mut output => break output,
                _ = beat.tick() => if !alive.renew().await { return Err(ComposeFailure::Lost) },
                () = tokio::time::sleep_until(by) => return Err(ComposeFailure::Broken("ffmpeg 超时".to_owned())),
            }
        };
        let output = output.map_err(|error| ComposeFailure::Broken(error.to_string()))?;
        if output.status.success() {
            return Ok(Told { frames: frames(&String::from_utf8_lossy(&output.stdout)) });
        }
        let complaint: String = String::from_utf8_lossy(&output.stderr).chars().take(COMPLAINT).collect();
        tracing::warn!(status = %output.status, complaint = complaint.trim(), "ffmpeg failed");
        if complaint.contains("No space left on device") {
            return Err(ComposeFailure::Full);
        }
        Err(ComposeFailure::Broken(format!("ffmpeg 未完成（{}）", output.status)))
    }
}

/// The words in front of the program: it dies with us, and yields to live calls.
fn bound_to_us() -> Vec<String> {
    let mut words = Vec::new();
    if on_path("setpriv").is_some() {
        words.extend(["setpriv", "--pdeathsig", "KILL"].map(str::to_owned));
    }
    if on_path("nice").is_some() {
        words.extend(["nice", "-n", NICENESS].map(str::to_owned));
    }
    words
}

fn on_path(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path).map(|folder| folder.join(program)).find(|file| file.is_file())
}

/// The last `frame=` of a progress report.
fn frames(progress: &str) -> Option<u64> {
    progress.lines().rev().find_map(|line| line.strip_prefix("frame=")?.trim().parse().ok())
}

/// What there is of ffmpeg.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// Everything.
    Whole,
    /// It cannot be started.
    None,
    /// It lacks these encoders.
    Lacks(Vec<&'static str>),
}

/// Looks whether ffmpeg can do what a film needs.
#[must_use]
pub fn find() -> Found {
    let asked = std::process::Command::new("ffmpeg").args(["-hide_banner", "-encoders"]).stdin(Stdio::null()).output();
    let Ok(output) = asked else { return Found::None };
    let text = String::from_utf8_lossy(&output.stdout);
    let has = |wanted: &str| text.lines().any(|line| line.split_whitespace().nth(1) == Some(wanted));
    let lacks: Vec<_> = ENCODERS.into_iter().filter(|encoder| !has(encoder)).collect();
    if lacks.is_empty() { Found::Whole } else { Found::Lacks(lacks) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_report_counts() {
        assert_eq!(frames("frame=10\nprogress=continue\nframe=   25\nprogress=end\n"), Some(25));
        assert_eq!(frames("progress=end\n"), None);
    }
}
