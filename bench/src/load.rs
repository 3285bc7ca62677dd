//! A window of load: what a server process used in it, and whether everything that was sent in it arrived.

use std::fs;
use std::io;
use std::process::Command;
use std::time::{Duration, Instant};

use mingjian_testkit::client::Line;
use mingjian_testkit::clip::Clip;
use mingjian_testkit::drive::Crowd;
use serde::Serialize;

use crate::Failure;

/// Clock ticks of `/proc/<pid>/stat`; every Linux that we run on has 100 (`getconf CLK_TCK`).
const TICKS_PER_SECOND: f64 = 100.0;

/// Opus packets of 20 ms.
const SOUNDS_PER_SECOND: f64 = 50.0;

/// What a server used while a number of rooms ran, and what it did for that.
#[derive(Debug, Clone, Serialize)]
pub struct Row {
    /// Which server.
    pub server: &'static str,
    /// Two-party rooms.
    pub rooms: usize,
    /// Whether they were recorded.
    pub recorded: bool,
    /// Length of the window.
    pub seconds: f64,
    /// CPU seconds of the server, user and system.
    pub cpu_seconds: f64,
    /// Packets heard by listeners over packets sent by publishers. A row below 0.999 says nothing.
    pub arrival: f64,
    /// Packets sent over those that this many publishers send by their script. Below [`LEAST_OFFERED`] somebody had fallen silent.
    pub offered: f64,
    /// Rooms that one core would carry.
    pub rooms_per_core: f64,
    /// Resident memory of the server before anybody came, in MB of 1,000,000 bytes.
    pub idle_mb: f64,
    /// The same with all rooms.
    pub resident_mb: f64,
    /// What each further room adds to the resident memory: from [`early_rooms`] to all of them. What the process takes once, for the first
    /// logins and the first room, is in neither.
    pub mb_per_room: f64,
    /// CPU seconds of the load generator.
    pub client_cpu_seconds: f64,
}

impl Row {
    /// The head of the table.
    pub const HEAD: &'static str =
        "server      rooms  recorded  window  cpu s   arrival  rooms/core  idle MB   all MB  MB/room  client cpu s";
}

impl std::fmt::Display for Row {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let recorded = if self.recorded { "yes" } else { "no" };
        write!(
            f,
            "{:<11} {:>5}  {recorded:<8}  {:>5.1}s  {:>6.2}  {:.5}  {:>10.0}  {:>7.1}  {:>7.1}  {:>7.2}  {:>12.2}",
            self.server,
            self.rooms,
            self.seconds,
            self.cpu_seconds,
            self.arrival,
            self.rooms_per_core,
            self.idle_mb,
            self.resident_mb,
            self.mb_per_room,
            self.client_cpu_seconds
        )
    }
}

/// A key frame that is asked for comes before its time, so a publisher may be a little off its script.
pub const LEAST_OFFERED: f64 = 0.9;

/// How many packets a publisher of the clip sends in a second.
pub fn packets_per_second(clip: &Clip) -> f64 {
    let pictures: usize = clip.pictures.iter().map(|picture| picture.payloads.len()).sum();
    let seconds = clip.pictures.len() as f64 / f64::from(clip.fps);
    pictures as f64 / seconds + SOUNDS_PER_SECOND
}

/// A process that is watched.
#[derive(Debug, Clone, Copy)]
pub struct Process(pub u32);

impl Process {
    /// CPU seconds so far, of all threads.
    ///
    /// # Errors
    /// The process is gone.
    pub fn cpu_seconds(self) -> io::Result<f64> {
        let stat = fs::read_to_string(format!("/proc/{}/stat", self.0))?;
        // The second field is the name in brackets and may hold blanks; utime and stime are the 14th and 15th.
        let fields: Vec<&str> =
            stat.rsplit_once(')').map(|(_, rest)| rest.split_whitespace().collect()).unwrap_or_default();
        let ticks = |at: usize| fields.get(at).and_then(|field| field.parse::<f64>().ok());
        ticks(11)
            .zip(ticks(12))
            .map(|(user, system)| (user + system) / TICKS_PER_SECOND)
            .ok_or_else(|| io::Error::other("/proc has changed"))
    }

    /// Resident memory, in MB of 1,000,000 bytes.
    ///
    /// # Errors
    /// The process is gone.
    pub fn resident_mb(self) -> io::Result<f64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.0))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kib = line.and_then(|line| line.trim().trim_end_matches("kB").trim().parse::<f64>().ok());
        kib.map(|kib| kib * 1024.0 / 1e6).ok_or_else(|| io::Error::other("/proc has changed"))
    }

    /// Keeps all of its threads on one core, so that server and load do not take each other's time.
    ///
    /// # Errors
    /// `taskset` is not there.
    pub fn pin(self, core: usize) -> Result<(), Failure> {
        let pinned =
            Command::new("taskset").args(["-a", "-p", "-c", &core.to_string(), &self.0.to_string()]).output()?;
        if pinned.status.success() { Ok(()) } else { Err(String::from_utf8_lossy(&pinned.stderr).into_owned().into()) }
    }
}

/// Who sends and who listens.
pub struct Cast {
    /// Places of publishers in the crowd; each is heard by exactly one other.
    pub publishers: Vec<usize>,
    /// Places of listeners.
    pub listeners: Vec<usize>,
}

impl Cast {
    fn sent(&self, crowd: &mut Crowd) -> u64 {
        self.publishers
            .iter()
            .map(|&at| [Line::Microphone, Line::Camera].iter().map(|&line| crowd.client(at).sent(line)).sum::<u64>())
            .sum()
    }

    fn heard(&self, crowd: &mut Crowd) -> u64 {
        self.listeners.iter().map(|&at| crowd.client(at).heard().iter().map(|heard| heard.packets).sum::<u64>()).sum()
    }
}

/// After how many of `rooms` the memory is looked at for the first time.
pub const fn early_rooms(rooms: usize) -> usize {
    rooms / 5
}

/// What is measured.
#[derive(Debug, Clone, Copy)]
pub struct Subject {
    /// Which server.
    pub server: &'static str,
    /// Its process.
    pub process: Process,
    /// Its resident memory before anybody came.
    pub idle_mb: f64,
    /// Its resident memory with [`early_rooms`].
    pub early_mb: f64,
    /// Two-party rooms.
    pub rooms: usize,
    /// Whether they are recorded.
    pub recorded: bool,
    /// What each publisher sends, see [`packets_per_second`].
    pub packets_per_second: f64,
}

/// Runs the crowd for a window and measures the server. `turn` lets signalling go on every now and then.
///
/// # Errors
/// The server is gone, waiting failed, or publishers fell silent.
pub fn window(
    subject: Subject,
    span: Duration,
    crowd: &mut Crowd,
    cast: &Cast,
    mut turn: impl FnMut(&mut Crowd) -> Result<(), Failure>,
) -> Result<Row, Failure> {
    let Subject { server, process, idle_mb, early_mb, rooms, recorded, packets_per_second } = subject;
    let own = Process(std::process::id());
    let before = (process.cpu_seconds()?, own.cpu_seconds()?, cast.sent(crowd), cast.heard(crowd));
    let began = Instant::now();
    while began.elapsed() < span {
        crowd.run_for(Duration::from_millis(500))?;
        turn(crowd)?;
    }
    let seconds = began.elapsed().as_secs_f64();
    let after = (process.cpu_seconds()?, own.cpu_seconds()?, cast.sent(crowd), cast.heard(crowd));
    let cpu_seconds = after.0 - before.0;
    let resident_mb = process.resident_mb()?;
    let sent = (after.2 - before.2) as f64;
    let offered = sent / (packets_per_second * seconds * cast.publishers.len() as f64);
    if offered < LEAST_OFFERED {
        return Err(format!(
            "{server} with {rooms} rooms: only {offered:.3} of the load was there; others had lost their call"
        )
        .into());
    }
    Ok(Row {
        server,
        rooms,
        recorded,
        seconds,
        cpu_seconds,
        arrival: (after.3 - before.3) as f64 / sent,
        offered,
        rooms_per_core: rooms as f64 * seconds / cpu_seconds,
        idle_mb,
        resident_mb,
        mb_per_room: (resident_mb - early_mb) / (rooms - early_rooms(rooms)) as f64,
        client_cpu_seconds: after.1 - before.1,
    })
}
