//! A real server: the program itself as a process of its own, on free loopback ports, in a folder of the test's.
//!
//! It is ended by its own process id: [`Server::kill`] as a power cut would, [`Server::stop`] as an operator would.

pub mod http;
pub mod page;

use std::fs::{File, OpenOptions};
use std::io::{self, BufRead, BufReader};
use std::net::SocketAddr;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use http::Http;

/// How long a debug build on a busy machine may take to come up or to go down.
const PATIENCE: Duration = Duration::from_secs(60);
/// How much of its log is shown when a test fails.
const LOG_TAIL: usize = 60;

/// A running `mingjian serve`.
pub struct Server {
    child: Child,
    log: PathBuf,
    http: SocketAddr,
    rtc: SocketAddr,
}

impl Server {
    /// Starts `program serve` on the folder `data` and waits until it listens. `options` are further flags.
    ///
    /// # Errors
    ///
    /// It does not come up; the text is the end of its log.
    pub fn start(program: &Path, data: &Path, options: &[&str]) -> io::Result<Self> {
        let log = data.with_extension("log");
        let mut child = command(program, data, options, &log)?.spawn()?;
        let lines = read_lines(&mut child);
        match addresses(&lines) {
            Some((http, rtc)) => Ok(Self { child, log, http, rtc }),
            None => {
                child.kill()?;
                let ended = child.wait()?;
                Err(io::Error::other(format!("the server did not come up ({ended}):\n{}", tail(&log))))
            }
        }
    }

    /// Starts it and kills it so long after, whatever it is doing by then.
    ///
    /// # Errors
    ///
    /// It cannot be started.
    pub fn start_and_kill(program: &Path, data: &Path, options: &[&str], after: Duration) -> io::Result<()> {
        let mut child = command(program, data, options, &data.with_extension("log"))?.stdout(Stdio::null()).spawn()?;
        std::thread::sleep(after);
        child.kill()?;
        child.wait().map(drop)
    }

    /// Where it serves HTTP and the WebSocket.
    #[must_use]
    pub const fn address(&self) -> SocketAddr {
        self.http
    }

    /// Where it takes media, on UDP and on TCP.
    #[must_use]
    pub const fn rtc(&self) -> SocketAddr {
        self.rtc
    }

    /// A caller of its HTTP.
    #[must_use]
    pub const fn http(&self) -> Http {
        Http::new(self.http)
    }

    /// Its process id.
    #[must_use]
    pub fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Whether it still runs.
    pub fn is_running(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }

    /// SIGKILL, and waits until it is gone.
    ///
    /// # Panics
    ///
    /// It was gone already, of itself: the test has failed.
    pub fn kill(mut self) {
        self.child.kill().expect("our own child can be killed");
        let ended = self.child.wait().expect("our own child can be waited for");
        assert_eq!(
            ended.signal(),
            Some(9),
            "it should have run until it was killed, but: {ended}\n{}",
            tail(&self.log)
        );
    }

    /// SIGTERM, and waits until it is gone. Gives how it ended and how long that took.
    ///
    /// # Panics
    ///
    /// It is still there after a minute.
    pub fn stop(mut self) -> (ExitStatus, Duration) {
        let begun = Instant::now();
        let pid = self.child.id().to_string();
        let sent = Command::new("kill").args(["-TERM", &pid]).status().expect("`kill` is there");
        assert!(sent.success(), "SIGTERM could not be sent");
        loop {
            if let Some(ended) = self.child.try_wait().expect("our own child can be asked") {
                return (ended, begun.elapsed());
            }
            assert!(begun.elapsed() < PATIENCE, "a minute after SIGTERM it still runs:\n{}", tail(&self.log));
            std::thread::sleep(Duration::from_millis(5));
        }
    }

    /// Resident memory in bytes.
    ///
    /// # Panics
    ///
    /// The server is gone.
    #[must_use]
    pub fn resident_bytes(&self) -> u64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("the kernel says so");
        let kib = line.trim().trim_end_matches("kB").trim().parse::<u64>().expect("a number");
        kib * 1024
    }

    /// Everything it has logged, over all of its lives in this folder.
    #[must_use]
    pub fn log(&self) -> String {
        std::fs::read(&self.log).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).unwrap_or_default()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // After `kill` and `stop` it is gone and both calls do nothing.
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("--- the end of the server's log ---\n{}", tail(&self.log));
        }
    }
}

fn command(program: &Path, data: &Path, options: &[&str], log: &Path) -> io::Result<Command> {
    let mut command = Command::new(program);
    command.args(["serve", "--data"]).arg(data);
    command.args(["--http", "127.0.0.1:0", "--https", "off", "--rtc", "127.0.0.1:0"]).args(options);
    // The settings of whoever runs the tests are not those of the test.
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("MINGJIAN_")) {
        command.env_remove(name);
    }
    let log = OpenOptions::new().create(true).append(true).open(log)?;
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(log);
    Ok(command)
}

/// What the child prints, line by line, from a thread that reads on until the child is gone, so that it never blocks.
fn read_lines(child: &mut Child) -> mpsc::Receiver<String> {
    let stdout = BufReader::new(child.stdout.take().expect("it was asked for"));
    let (sender, lines) = mpsc::channel();
    std::thread::spawn(move || {
        for line in stdout.lines().map_while(Result::ok) {
            // Nobody listens any more once it is up.
            let _ = sender.send(line);
        }
    });
    lines
}

/// The addresses that it says it listens on.
fn addresses(lines: &mpsc::Receiver<String>) -> Option<(SocketAddr, SocketAddr)> {
    let deadline = Instant::now() + PATIENCE;
    let mut http = None;
    loop {
        let line = lines.recv_timeout(deadline.saturating_duration_since(Instant::now())).ok()?;
        let Some(listening) = line.strip_prefix("listening ") else { continue };
        if let Some(address) = listening.strip_prefix("http://") {
            http = address.parse().ok();
        } else if let Some(address) = listening.strip_prefix("rtc ") {
            return http.zip(address.parse().ok());
        }
    }
}

fn tail(log: &Path) -> String {
    let text = File::open(log).and_then(io::read_to_string).unwrap_or_default();
    let lines: Vec<&str> = text.lines().collect();
    lines[lines.len().saturating_sub(LOG_TAIL)..].join("\n")
}
