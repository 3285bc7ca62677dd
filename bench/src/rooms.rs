//! Recorded two-party interviews on a real server: rooms per core, memory, answer to first picture, stop to playable.

use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use mingjian_testkit::client::ClientConfig;
use mingjian_testkit::clip::Clip;
use mingjian_testkit::drive::Crowd;
use mingjian_testkit::server::Server;
use mingjian_testkit::server::http::Http;
use mingjian_testkit::server::page::Page;
use serde_json::{Value, json};

use crate::Failure;
use crate::load::{self, Cast, Process, Row, Subject};
use crate::report::Quantiles;

/// The address that servers and clients of a run are at.
pub const PATIENCE: Duration = Duration::from_secs(30);
const PASSWORD: &str = "bench-password";
/// Everything that starts up is over by then.
const WARM: Duration = Duration::from_secs(5);

/// What a run of our server gave.
pub struct Run {
    /// The load.
    pub row: Row,
    /// From the seat's answer to its first packet of the customer's picture.
    pub first_picture: Quantiles,
    /// From hanging up to a playlist with its end.
    pub playable: Quantiles,
}

/// One interview of the load.
pub struct Interview {
    pub customer: Side,
    pub seat: Side,
    pub business_no: String,
    pub id: Value,
    /// The code of the customer's link.
    pub code: String,
    /// The seat's session.
    pub cookie: String,
}

/// One side of it: a page and its media.
pub struct Side {
    pub page: Page,
    pub client: usize,
    offered: Option<u64>,
}

impl Side {
    pub fn turn(&mut self, crowd: &mut Crowd) {
        self.page.poll();
        if let Some(reply) = self.offered.and_then(|id| self.page.take_reply(id)) {
            self.offered = None;
            if let Some(sdp) = reply["sdp"].as_str() {
                crowd.client(self.client).accept_answer(sdp);
            }
        }
        while let Some(offer) = self.page.take_offer() {
            let answer = crowd.client(self.client).accept_offer(&offer);
            self.page.send(&json!({"type": "answer", "sdp": answer}));
        }
    }

    pub fn connect(&mut self, crowd: &mut Crowd) {
        let sdp = crowd.client(self.client).offer();
        self.offered = Some(self.page.ask(json!({"type": "offer", "sdp": sdp})));
    }
}

/// Runs `rooms` interviews on a fresh server at `address`, pinned to the first core.
///
/// # Errors
/// The server does not come up, refuses, or somebody never connects.
pub fn run(program: &Path, address: IpAddr, rooms: usize, span: Duration, clip: &Arc<Clip>) -> Result<Run, Failure> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let key = furnish(program, &data, rooms)?;
    let rtc = SocketAddr::new(address, 0).to_string();
    let server =
        Server::start(program, &data, &["--rtc", &rtc, "--rtc-public", &address.to_string(), "--min-free-mb", "64"])?;
    let process = Process(server.pid());
    process.pin(0)?;
    let idle_mb = process.resident_mb()?;
    let mut crowd = Crowd::at(address)?;
    let mut interviews: Vec<Interview> = Vec::with_capacity(rooms);
    let mut pictures = Vec::with_capacity(rooms);
    let mut early_mb = idle_mb;
    for number in 0..rooms {
        if number == load::early_rooms(rooms) {
            turn_for(&mut crowd, &mut interviews, WARM)?;
            early_mb = process.resident_mb()?;
        }
        let (interview, took) = begin(&server, &key, number, &mut crowd, clip, &mut interviews)?;
        pictures.push(took);
        interviews.push(interview);
    }
    let cast = Cast {
        publishers: interviews
            .iter()
            .flat_map(|interview| [interview.customer.client, interview.seat.client])
            .collect(),
        listeners: interviews.iter().flat_map(|interview| [interview.customer.client, interview.seat.client]).collect(),
    };
    turn_for(&mut crowd, &mut interviews, WARM)?;
    let row = load::window(
        Subject {
            server: "mingjian",
            process,
            idle_mb,
            early_mb,
            rooms,
            recorded: true,
            packets_per_second: load::packets_per_second(clip),
        },
        span,
        &mut crowd,
        &cast,
        |crowd| {
            turn_all(crowd, &mut interviews);
            Ok(())
        },
    )?;
    let playable = interviews
        .iter_mut()
        .take(20)
        .map(|interview| stop(&server, &key, interview, &mut crowd))
        .collect::<Result<_, _>>()?;
    Ok(Run { row, first_picture: Quantiles::of(pictures), playable: Quantiles::of(playable) })
}

/// A tenant with a key, a queue and as many seats as rooms, made by the program's own commands.
pub fn furnish(program: &Path, data: &Path, seats: usize) -> Result<String, Failure> {
    let logins: Vec<String> = (0..seats).map(|number| format!("seat{number}")).collect();
    command(program, data, &["tenant", "add", "BENCH", "Bench"], "")?;
    let key = command(program, data, &["tenant", "key", "BENCH", "bench"], "")?;
    for login in &logins {
        command(program, data, &["user", "add", "BENCH", login, login, "--role", "seat"], PASSWORD)?;
    }
    let mut queue = vec!["queue", "add", "BENCH", "1", "Bench"];
    queue.extend(logins.iter().flat_map(|login| ["--seat", login.as_str()]));
    command(program, data, &queue, "")?;
    Ok(key.trim().to_owned())
}

fn command(program: &Path, data: &Path, words: &[&str], input: &str) -> Result<String, Failure> {
    use std::io::Write;
    let mut child = Command::new(program)
        .args(words)
        .arg("--data")
        .arg(data)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    child.stdin.take().ok_or("no standard input")?.write_all(input.as_bytes())?;
    let output = child.wait_with_output()?;
    if output.status.success() {
        Ok(String::from_utf8(output.stdout)?)
    } else {
        Err(format!("{words:?}: {}", String::from_utf8_lossy(&output.stderr)).into())
    }
}

/// One interview up to the first picture. The others go on meanwhile.
pub fn begin(
    server: &Server,
    key: &str,
    number: usize,
    crowd: &mut Crowd,
    clip: &Arc<Clip>,
    others: &mut [Interview],
) -> Result<(Interview, Duration), Failure> {
    // With many rooms the last comes so late that the pages of the first would count as lost without a word from them.
    turn_all(crowd, others);
    let http = server.http();
    let bearer = format!("Bearer {key}");
    let business_no = format!("B{number}");
    let customer =
        json!({"name": "客户", "id_type": "id_card", "id_no": "110101199001010018", "mobile": "13800000000"});
    let order = json!({"business_no": business_no, "customer": customer, "product_name": "Bench", "queue_id": "1"});
    post(&http, "/api/v1/orders", &[("authorization", &bearer)], &order)?;
    let invited =
        post(&http, &format!("/api/v1/orders/{business_no}/invitations"), &[("authorization", &bearer)], &json!({}))?;
    let code =
        invited["url"].as_str().and_then(|url| url.rsplit('/').next()).ok_or("an invitation has a link")?.to_owned();
    let cookie = log_in(&http, &format!("seat{number}"))?;

    let mut seat = side(server, &[("cookie", &cookie)], crowd, clip)?;
    let mut customer = side(server, &[], crowd, clip)?;
    seat.page.ask(json!({"type": "hello", "as": "seat"}));
    seat.page.ask(json!({"type": "ready", "on": true}));
    customer.page.ask(json!({"type": "hello", "as": "customer", "code": &code, "device": format!("{number:032x}")}));
    customer.page.ask(json!({"type": "consent", "recording": true, "face": false}));
    customer.page.ask(json!({"type": "enqueue"}));
    let mut interview = Interview { customer, seat, business_no, id: Value::Null, code, cookie };
    until(crowd, others, &mut interview, "the seat is rung", |interview, _| {
        interview.id = interview.seat.page.state()["ringing"]["interview"].clone();
        !interview.id.is_null()
    })?;
    let id = interview.id.clone();
    let answered = Instant::now();
    interview.seat.page.ask(json!({"type": "accept", "interview": id}));
    until(crowd, others, &mut interview, "both are in the call", |interview, _| {
        interview.customer.page.phase() == "call" && !interview.seat.page.state()["call"].is_null()
    })?;
    interview.customer.connect(crowd);
    interview.seat.connect(crowd);
    let seat = interview.seat.client;
    until(crowd, others, &mut interview, "the seat sees the customer", |_, crowd| {
        crowd.client(seat).heard().iter().any(|heard| heard.track == "camera" && heard.packets > 0)
    })?;
    Ok((interview, answered.elapsed()))
}

pub fn side(
    server: &Server,
    headers: &[(&'static str, &str)],
    crowd: &mut Crowd,
    clip: &Arc<Clip>,
) -> Result<Side, Failure> {
    let page =
        Page::open(server.address(), headers).map_err(|status| format!("the WebSocket was refused: {status}"))?;
    let offset = u32::try_from(crowd.len()).unwrap_or(0).wrapping_mul(7_919);
    let clip = clip.clone();
    let client =
        crowd.add_udp(|local| ClientConfig { keep: false, rtp_offset: offset, ..ClientConfig::new(local, clip) })?;
    Ok(Side { page, client, offered: None })
}

/// From hanging up to a playlist that has its end.
pub fn stop(server: &Server, key: &str, interview: &mut Interview, crowd: &mut Crowd) -> Result<Duration, Failure> {
    let http = server.http();
    let bearer = format!("Bearer {key}");
    let began = Instant::now();
    interview.seat.page.ask(json!({"type": "hang_up", "interview": interview.id.clone()}));
    loop {
        let listed = http
            .get(&format!("/api/v1/recordings?business_no={}", interview.business_no), &[("authorization", &bearer)]);
        if listed.status == 200 {
            let listed = listed.json();
            let recording = &listed["items"][0];
            if recording["state"] == "stopped" {
                let playlist = recording["files"][0]["playlist_url"].as_str().ok_or("a recording has files")?;
                let playlist = http.get(playlist, &[]);
                if playlist.status == 200 && playlist.text().contains("#EXT-X-ENDLIST") {
                    return Ok(began.elapsed());
                }
            }
        }
        if began.elapsed() > PATIENCE {
            return Err("the recording never became playable".into());
        }
        crowd.run_for(Duration::from_millis(5))?;
        interview.seat.page.poll();
    }
}

fn log_in(http: &Http, login: &str) -> Result<String, Failure> {
    let began = Instant::now();
    loop {
        let answer = http.post("/api/v1/session", &[], &json!({"login": login, "password": PASSWORD}));
        match answer.status {
            200 => {
                let cookie = answer.header("set-cookie").and_then(|cookie| cookie.split(';').next());
                return Ok(cookie.ok_or("a login sets a cookie")?.to_owned());
            }
            // The limit for one address is for people, not for fifty of them at once.
            429 if began.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(100)),
            status => return Err(format!("login: {status} {}", answer.text()).into()),
        }
    }
}

fn post(http: &Http, path: &str, headers: &[(&str, &str)], body: &Value) -> Result<Value, Failure> {
    let began = Instant::now();
    loop {
        let answer = http.post(path, headers, body);
        match answer.status {
            201 => return Ok(answer.json()),
            429 if began.elapsed() < PATIENCE => std::thread::sleep(Duration::from_millis(100)),
            status => return Err(format!("{path}: {status} {}", answer.text()).into()),
        }
    }
}

fn turn_all(crowd: &mut Crowd, interviews: &mut [Interview]) {
    for interview in interviews {
        interview.customer.turn(crowd);
        interview.seat.turn(crowd);
    }
}

pub fn turn_for(crowd: &mut Crowd, interviews: &mut [Interview], span: Duration) -> Result<(), Failure> {
    let until = Instant::now() + span;
    while Instant::now() < until {
        crowd.run_for(Duration::from_millis(100))?;
        turn_all(crowd, interviews);
    }
    Ok(())
}

pub fn until(
    crowd: &mut Crowd,
    others: &mut [Interview],
    interview: &mut Interview,
    what: &str,
    mut is_so: impl FnMut(&mut Interview, &mut Crowd) -> bool,
) -> Result<(), Failure> {
    let began = Instant::now();
    let mut turns = 0_u32;
    loop {
        interview.customer.turn(crowd);
        interview.seat.turn(crowd);
        if is_so(interview, crowd) {
            return Ok(());
        }
        if began.elapsed() > PATIENCE {
            let (seat, customer) = (interview.seat.page.state(), interview.customer.page.state());
            return Err(format!("still not: {what}; the seat sees {seat}, the customer {customer}").into());
        }
        turns += 1;
        // The others' pages only have to ping.
        if turns.is_multiple_of(200) {
            turn_all(crowd, others);
        }
        crowd.run_for(Duration::from_millis(2))?;
    }
}

/// The release build of the server that `./dev bench` has made.
///
/// # Errors
/// It was not made.
pub fn program() -> Result<PathBuf, Failure> {
    let own = std::env::current_exe()?;
    let program = own.with_file_name("mingjian");
    if program.exists() {
        Ok(program)
    } else {
        Err(format!("{} is not there: ./dev bench builds it", program.display()).into())
    }
}
