//! Files: a large upload beside `cp` and `sha256sum`, downloads beside nginx, and what either costs the server in memory.
//!
//! Everything is on one disk and in one run. The client is the same for both servers: one connection, a buffer of 256 KiB. An
//! upload is answered when its bytes are on disk, so beside the bare `cp` stands one that is followed by `sync`.

use std::fs::{self, File};
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use mingjian_testkit::random::Seeded;
use mingjian_testkit::server::Server;
use serde::Serialize;

use crate::Failure;
use crate::report;
use crate::rooms;

const PIECE: usize = 256 * 1024;
/// What a peer's time may be of ours.
const BAR: f64 = 0.7;
/// What a transfer may add to the server's memory.
const MEMORY_BAR_MB: f64 = 32.0;

#[derive(Debug, clap::Args)]
pub struct Load {
    /// Size of the file.
    #[arg(long, default_value_t = 500)]
    megabytes: usize,
    /// How often each is repeated; the best of each counts.
    #[arg(long, default_value_t = 3)]
    repeats: usize,
    /// How often the file is downloaded for the server's memory.
    #[arg(long, default_value_t = 10)]
    downloads: usize,
}

#[derive(Serialize)]
struct Figures {
    megabytes: usize,
    upload_s: f64,
    copy_and_hash_s: f64,
    copy_sync_and_hash_s: f64,
    upload_ratio: f64,
    upload_ratio_with_sync: f64,
    download_s: f64,
    nginx_s: Option<f64>,
    download_ratio: Option<f64>,
    upload_memory_mb: f64,
    download_memory_mb: f64,
    downloaded_megabytes: usize,
}

/// Measures and prints.
///
/// # Errors
/// The server or a program refuses.
pub fn measure(load: &Load) -> Result<(), Failure> {
    let program = rooms::program()?;
    let folder = tempfile::tempdir_in(Path::new(env!("CARGO_MANIFEST_DIR")).join("../target"))?;
    let data = folder.path().join("data");
    let key = rooms::furnish(&program, &data, 1)?;
    let server = Server::start(&program, &data, &["--min-free-mb", "64"])?;
    let film = folder.path().join("film.mp4");
    make_film(&film, load.megabytes)?;

    let idle = Peak::of(server.pid())?;
    let (mut upload, mut copy, mut copy_sync, mut link) = (Duration::MAX, Duration::MAX, Duration::MAX, String::new());
    for n in 0..load.repeats {
        upload = upload.min(timed(|| {
            link = send(&server, &key, &film, n)?;
            Ok(())
        })?);
        let copied = folder.path().join("copy.mp4");
        copy = copy.min(timed(|| copy_and_hash(&film, &copied, false))?);
        copy_sync = copy_sync.min(timed(|| copy_and_hash(&film, &copied, true))?);
        fs::remove_file(&copied)?;
    }
    let upload_memory_mb = idle.growth_mb()?;
    let address = server.address();
    let nginx = Nginx::start(folder.path())?;
    let (mut ours, mut theirs) = (Duration::MAX, Duration::MAX);
    for _ in 0..load.repeats {
        ours = ours.min(timed(|| fetch(address, &link, load.megabytes))?);
        if let Some(nginx) = &nginx {
            theirs = theirs.min(timed(|| fetch(nginx.address, "/film.mp4", load.megabytes))?);
        }
    }
    let before = Peak::of(server.pid())?;
    for _ in 0..load.downloads {
        fetch(address, &link, load.megabytes)?;
    }
    let download_memory_mb = before.growth_mb()?;

    let seconds = |time: Duration| time.as_secs_f64();
    let figures = Figures {
        megabytes: load.megabytes,
        upload_s: seconds(upload),
        copy_and_hash_s: seconds(copy),
        copy_sync_and_hash_s: seconds(copy_sync),
        upload_ratio: seconds(copy) / seconds(upload),
        upload_ratio_with_sync: seconds(copy_sync) / seconds(upload),
        download_s: seconds(ours),
        nginx_s: nginx.as_ref().map(|_| seconds(theirs)),
        download_ratio: nginx.as_ref().map(|_| seconds(theirs) / seconds(ours)),
        upload_memory_mb,
        download_memory_mb,
        downloaded_megabytes: load.megabytes * load.downloads,
    };
    println!(
        "upload of {} MB: {:.2} s; cp and sha256sum {:.2} s, ratio {:.2} (bar {BAR}); with sync {:.2} s, ratio {:.2}",
        figures.megabytes,
        figures.upload_s,
        figures.copy_and_hash_s,
        figures.upload_ratio,
        figures.copy_sync_and_hash_s,
        figures.upload_ratio_with_sync
    );
    match (figures.nginx_s, figures.download_ratio) {
        (Some(nginx), Some(ratio)) => {
            println!("download: {:.2} s; nginx {nginx:.2} s, ratio {ratio:.2} (bar {BAR})", figures.download_s);
        }
        _ => println!("download: {:.2} s; SKIPPED: nginx, which is not installed", figures.download_s),
    }
    println!(
        "memory: uploads added {upload_memory_mb:.1} MB, {} MB of downloads {download_memory_mb:.1} MB (bar {MEMORY_BAR_MB} MB each)",
        figures.downloaded_megabytes
    );
    report::write("files", &figures)
}

fn timed(act: impl FnOnce() -> Result<(), Failure>) -> Result<Duration, Failure> {
    let began = Instant::now();
    act()?;
    Ok(began.elapsed())
}

/// Bytes that no disk can shorten, behind what an MP4 file begins with.
fn make_film(path: &Path, megabytes: usize) -> Result<(), Failure> {
    let mut piece = vec![0; 1_000_000];
    mingjian_domain::random::Randomness::fill(&mut Seeded::new(3), &mut piece);
    piece[..12].copy_from_slice(b"\0\0\0\x20ftypisom");
    let mut file = File::create(path)?;
    for _ in 0..megabytes {
        file.write_all(&piece)?;
    }
    Ok(file.sync_all()?)
}

fn copy_and_hash(from: &Path, to: &Path, sync: bool) -> Result<(), Failure> {
    run(Command::new("cp").args([from, to]))?;
    if sync {
        run(Command::new("sync").arg(to))?;
    }
    run(Command::new("sha256sum").arg(to).stdout(Stdio::null()))
}

fn run(command: &mut Command) -> Result<(), Failure> {
    if command.status()?.success() { Ok(()) } else { Err(format!("{command:?} failed").into()) }
}

/// Sends the file as a form and gives the path of its link.
fn send(server: &Server, key: &str, film: &Path, number: usize) -> Result<String, Failure> {
    let head = format!(
        "--limit\r\nContent-Disposition: form-data; name=\"folder\"\r\n\r\n/bench\r\n--limit\r\n\
         Content-Disposition: form-data; name=\"file\"; filename=\"{number}.mp4\"\r\n\r\n"
    );
    let tail = "\r\n--limit--\r\n";
    let mut film = File::open(film)?;
    let length = head.len() as u64 + film.metadata()?.len() + tail.len() as u64;
    let address = server.address();
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(
        format!(
            "POST /api/v1/files HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\nauthorization: Bearer {key}\r\n\
             content-type: multipart/form-data; boundary=limit\r\ncontent-length: {length}\r\n\r\n{head}"
        )
        .as_bytes(),
    )?;
    let mut piece = vec![0; PIECE];
    loop {
        let read = film.read(&mut piece)?;
        if read == 0 {
            break;
        }
        stream.write_all(&piece[..read])?;
    }
    stream.write_all(tail.as_bytes())?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let body = answer.split_once("\r\n\r\n").map_or("", |(_, body)| body);
    let start = body.find("\"url\":\"").map(|at| &body[at + 7..]).ok_or_else(|| answer.clone())?;
    let url = start.split('"').next().unwrap_or_default();
    url.find("/d/").map(|at| url[at..].to_owned()).ok_or_else(|| answer.clone().into())
}

/// Downloads and throws away.
fn fetch(address: SocketAddr, path: &str, megabytes: usize) -> Result<(), Failure> {
    let mut stream = TcpStream::connect(address)?;
    stream.write_all(format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n").as_bytes())?;
    let mut piece = vec![0; PIECE];
    let mut total = 0;
    loop {
        match stream.read(&mut piece)? {
            0 => break,
            read => total += read,
        }
    }
    if total > megabytes * 1_000_000 { Ok(()) } else { Err(format!("only {total} bytes came").into()) }
}

/// Memory since a moment: the kernel keeps the highest value, which can be set back.
struct Peak {
    pid: u32,
    before_mb: f64,
}

impl Peak {
    fn of(pid: u32) -> Result<Self, Failure> {
        // 5 sets the highest value back to the present one (proc_pid_clear_refs(5)).
        fs::write(format!("/proc/{pid}/clear_refs"), "5")?;
        Ok(Self { pid, before_mb: highest_mb(pid)? })
    }

    fn growth_mb(&self) -> Result<f64, Failure> {
        Ok(highest_mb(self.pid)? - self.before_mb)
    }
}

fn highest_mb(pid: u32) -> Result<f64, Failure> {
    let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("/proc has changed")?;
    Ok(line.trim().trim_end_matches("kB").trim().parse::<f64>()? * 1024.0 / 1e6)
}

/// nginx with its own configuration, on a free port; gone when this is dropped.
struct Nginx {
    child: Child,
    address: SocketAddr,
}

impl Nginx {
    fn start(root: &Path) -> Result<Option<Self>, Failure> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let config = root.join("nginx.conf");
        let place = root.display();
        // Root's workers would be another user, who may not read a temporary folder.
        fs::write(
            &config,
            format!(
                "user root;\nworker_processes 1;\ndaemon off;\npid {place}/nginx.pid;\nerror_log {place}/nginx.log;\n\
                 events {{}}\nhttp {{\n  access_log off;\n  sendfile on;\n  server {{ listen {address}; root {place}; }}\n}}\n"
            ),
        )?;
        let program = ["/usr/sbin/nginx", "/usr/bin/nginx"].into_iter().find(|path| Path::new(path).is_file());
        let Some(program) = program else { return Ok(None) };
        let child = Command::new(program).arg("-p").arg(root).arg("-c").arg(&config).stderr(Stdio::null()).spawn()?;
        let nginx = Self { child, address };
        for _ in 0..100 {
            if TcpStream::connect(address).is_ok() {
                return Ok(Some(nginx));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err("nginx did not come up".into())
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master ends its worker when it is asked to, not when it is killed.
        let asked = Command::new("kill").arg(self.child.id().to_string()).status();
        if asked.is_ok_and(|status| status.success()) {
            drop(self.child.wait());
        }
    }
}
