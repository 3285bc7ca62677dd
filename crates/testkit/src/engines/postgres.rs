//! A PostgreSQL of our own: a fresh cluster in a temporary folder, reached over a Unix socket in that folder, so that
//! no port can be taken and nobody else can see it. Only where TLS is what is tested it has a port of loopback.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use super::missing;

/// Where Debian keeps the server's programs, one folder a version.
const DEBIAN: &str = "/usr/lib/postgresql";

/// Starts the server in the background, tells when it answers, and when the pipe from us closes (by `drop`, or because
/// the test died) ends it and takes its folder away. `$1` is the folder of the programs, `$2` the cluster's, `$3` the port.
const SUPERVISE: &str = r#"
"$1/postgres" -D "$2" -k "$2" -p "$3" -c fsync=off -c log_min_messages=fatal >&2 &
server=$!
tries=0
until "$1/pg_isready" -q -h "$2" -p "$3"; do
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || break
    sleep 0.05
done
[ "$tries" -lt 1200 ] && echo ready && read -r _
kill -QUIT "$server"
wait "$server"
rm -rf "$2"
"#;

/// A running server; it and its folder are gone when this is dropped.
pub struct Postgres {
    supervisor: Child,
    programs: PathBuf,
    user: Option<(u32, u32)>,
    folder: TempDir,
    port: u16,
    databases: AtomicU32,
}

/// Starts a server; none, loudly, where PostgreSQL is not installed.
///
/// # Panics
/// When it is installed and does not start; or is not installed and parts are required.
#[must_use]
pub fn start() -> Option<Postgres> {
    begin(None)
}

/// A certificate and its key, as PEM.
#[derive(Debug)]
pub struct Certificate {
    /// The certificate.
    pub certificate: String,
    /// The key.
    pub key: String,
}

/// Starts a server that is reached at loopback, over TLS with this certificate and in no other way.
///
/// # Panics
/// As [`start`].
#[must_use]
pub fn start_with_tls(certificate: &Certificate) -> Option<Postgres> {
    begin(Some(certificate))
}

/// The port of a server that is reached over its Unix socket alone is only a part of the socket's name.
const NO_PORT: u16 = 5432;

fn begin(tls: Option<&Certificate>) -> Option<Postgres> {
    let Some(programs) = programs() else {
        missing("PostgreSQL", "install it with `apt-get install postgresql`");
        return None;
    };
    let user = helper();
    let folder = tempfile::Builder::new().prefix("mj-pg-").tempdir().expect("a temporary folder can be made");
    if let Some((uid, gid)) = user {
        chown(folder.path(), Some(uid), Some(gid)).expect("root may give a folder away");
    }
    run(as_user(programs.join("initdb"), user)
        .args(["-U", "app", "-A", "trust", "-E", "UTF8", "--no-sync", "-D"])
        .arg(folder.path()));
    let port = tls.map_or(NO_PORT, |_| free_port());
    configure(folder.path(), tls, user);
    let mut supervisor = as_user("sh".into(), user)
        .args(["-c", SUPERVISE, "supervise"])
        .args([&programs, folder.path()])
        .arg(port.to_string())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("a shell can be started");
    let ready = supervisor.stdout.take().is_some_and(is_ready);
    let server = Postgres { supervisor, programs, user, folder, port, databases: AtomicU32::new(0) };
    assert!(ready, "PostgreSQL did not start; what it said is above");
    Some(server)
}

impl Postgres {
    /// Makes an empty database and gives its URL.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn fresh_database(&self) -> String {
        let name = self.create_database();
        format!("postgres://app@localhost:{}/{name}?host={}", self.port, self.folder.path().display())
    }

    /// Makes an empty database of a server with TLS and gives its URL at `host`, a name of loopback, without parameters.
    ///
    /// # Panics
    /// When the server refuses.
    #[must_use]
    pub fn fresh_database_at(&self, host: &str) -> String {
        format!("postgres://app@{host}:{}/{}", self.port, self.create_database())
    }

    fn create_database(&self) -> String {
        let name = format!("test_{}", self.databases.fetch_add(1, Ordering::Relaxed));
        run(as_user(self.programs.join("createdb"), self.user).arg("-h").arg(self.folder.path()).args([
            "-p",
            &self.port.to_string(),
            "-U",
            "app",
            &name,
        ]));
        name
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        // The supervisor reads this line, or the end of the pipe, and ends the server.
        if let Some(mut pipe) = self.supervisor.stdin.take() {
            let _gone_already = pipe.write_all(b"stop\n");
        }
        let _gone_already = self.supervisor.wait();
    }
}

/// The newest version's programs: Debian's folders, else those beside `postgres` in the search path.
fn programs() -> Option<PathBuf> {
    let debian = fs::read_dir(DEBIAN).into_iter().flatten().filter_map(Result::ok).map(|entry| entry.path());
    let mut versions: Vec<(u32, PathBuf)> = debian
        .filter_map(|path| Some((path.file_name()?.to_str()?.parse().ok()?, path.join("bin"))))
        .filter(|(_, path)| path.join("postgres").is_file() && path.join("initdb").is_file())
        .collect();
    versions.sort();
    let in_path = || std::env::split_paths(&std::env::var_os("PATH")?).find(|path| path.join("initdb").is_file());
    versions.pop().map(|(_, path)| path).or_else(in_path)
}

/// PostgreSQL refuses to run as root: then the user that its package made, or nobody. Uid and gid; none when we are not root.
fn helper() -> Option<(u32, u32)> {
    let we_are_root = fs::metadata("/proc/self").is_ok_and(|us| us.uid() == 0);
    if !we_are_root {
        return None;
    }
    let users = fs::read_to_string("/etc/passwd").unwrap_or_default();
    ["postgres", "nobody"].into_iter().find_map(|name| {
        let line = users.lines().find(|line| line.split(':').next() == Some(name))?;
        let mut fields = line.split(':').skip(2);
        Some((fields.next()?.parse().ok()?, fields.next()?.parse().ok()?))
    })
}

/// Says where the cluster listens and who may come in: over its socket everybody, over TCP only who speaks TLS.
fn configure(folder: &Path, tls: Option<&Certificate>, user: Option<(u32, u32)>) {
    let append = |file: &str, text: &str| {
        let path = folder.join(file);
        let before = fs::read_to_string(&path).expect("initdb has made it");
        fs::write(path, before + text).expect("the folder can be written");
    };
    let Some(Certificate { certificate, key }) = tls else {
        append("postgresql.conf", "listen_addresses = ''\n");
        return;
    };
    for (file, text) in [("server.crt", certificate), ("server.key", key)] {
        let path = folder.join(file);
        fs::write(&path, text).expect("the folder can be written");
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("it is ours");
        if let Some((uid, gid)) = user {
            chown(&path, Some(uid), Some(gid)).expect("root may give a file away");
        }
    }
    append("postgresql.conf", "listen_addresses = '127.0.0.1'\nssl = on\n");
    fs::write(folder.join("pg_hba.conf"), "local all all trust\nhostssl all all 127.0.0.1/32 trust\n")
        .expect("the folder can be written");
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("loopback has free ports");
    listener.local_addr().expect("it is bound").port()
}

fn as_user(program: PathBuf, user: Option<(u32, u32)>) -> Command {
    let mut command = Command::new(program);
    // Wherever the test runs may be closed to the helper user.
    command.current_dir(Path::new("/"));
    if let Some((uid, gid)) = user {
        command.uid(uid).gid(gid);
    }
    command
}

fn run(command: &mut Command) {
    let output = command.output().expect("a program that is there can be run");
    assert!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
}

fn is_ready(stdout: ChildStdout) -> bool {
    let mut line = String::new();
    BufReader::new(stdout).read_line(&mut line).is_ok_and(|_| line.trim() == "ready")
}
