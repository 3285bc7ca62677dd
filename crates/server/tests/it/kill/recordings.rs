//! The heart of the promise: SIGKILL at seeded moments of running calls, several times in the life of each recording.
//!
//! Two lanes run side by side, each a server with three calls. A lane draws a moment after the first packet, kills, looks at
//! what lies on the disk as it lies there, starts the server again and lets everybody come back. What it costs is measured in
//! media time: the last picture and the last sound that each client sent, less the last that an outside player finds.

use std::collections::HashSet;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use mingjian_testkit::client::Line;
use mingjian_testkit::random::Seeded;
use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::film::{self, Film};
use crate::kill::table::{Loss, Table};
use crate::stage::{Bank, Call, DEMOBK, OTHERB, Stage};

const SEED: u64 = 20_261_123;
/// What a kill may cost.
const PROMISE_MS: f64 = 1_000.0;
const LANES: u64 = 2;
/// Kills in the life of one recording.
const KILLS_EACH: usize = 5;
const SEATS: [(&str, Bank); 3] = [("agent1", DEMOBK), ("agent2", DEMOBK), ("agent9", OTHERB)];

#[test]
fn a_kill_at_any_moment_costs_at_most_a_second_and_every_file_plays() {
    let kills = if std::env::var_os("MINGJIAN_FULL").is_some() { 1_000 } else { 20 };
    let lanes: Vec<_> = (0..LANES).map(|lane| thread::spawn(move || run_lane(SEED + lane, kills / 2))).collect();
    let mut table = Table::default();
    for lane in lanes {
        table.extend(lane.join().expect("the lane holds"));
    }
    println!("{table}");
    assert!(table.worst_ms() <= PROMISE_MS, "a kill cost more than a second:\n{table}");
    assert_eq!(table.kills, kills);
    assert!(table.losses.len() > 5 * kills, "nearly everybody of the six was sending at each kill");
}

/// A call with what is known of its recording.
struct Take {
    bank: Bank,
    call: Call,
    recording: String,
    started_at: OffsetDateTime,
    /// Files of earlier lives of the server.
    known: HashSet<PathBuf>,
    /// When the server was killed, from the recording's beginning.
    killed_ms: Vec<i64>,
}

/// What a client knew at the kill, times counted from the recording's beginning.
struct Knew {
    participant: String,
    first_ms: f64,
    picture_ms: Option<f64>,
    sound_ms: Option<f64>,
}

/// A file as the kill left it and as the next start left it.
struct Pair {
    killed: PathBuf,
    recovered: PathBuf,
}

/// For each recording its files, and what playing each of them gave.
type Played = Vec<Vec<(Result<Film, String>, Pair)>>;

/// A kill whose files are still being played.
struct Pending {
    knew: Vec<Vec<Knew>>,
    player: thread::JoinHandle<Played>,
}

fn run_lane(seed: u64, kills: usize) -> Table {
    let mut random = Seeded::new(seed);
    let mut stage = Stage::new(&[]);
    let seats: Vec<_> = SEATS.iter().map(|(login, bank)| (stage.seat(login), *bank)).collect();
    let mut table = Table::default();
    let mut begun = 0;
    while begun < kills {
        let mut takes: Vec<Take> = seats.iter().map(|&(seat, bank)| begin(&mut stage, bank, seat)).collect();
        let mut pending = None;
        for _ in 0..KILLS_EACH.min(kills - begun) {
            begun += 1;
            // The first packets of this life have just been sent: the calls were begun or taken up again a moment ago.
            stage.run_for(moment(&mut random));
            pending = Some(kill_once(&mut stage, &mut takes, pending, &mut table));
        }
        table.extend(pending.map(settle).unwrap_or_default());
        for take in &takes {
            finish(&mut stage, take);
        }
    }
    table
}

/// Many early, while connections come up and files are opened; the others while everything flows.
fn moment(random: &mut Seeded) -> Duration {
    let (from, to) = match random.below(4) {
        0 => (0, 400),
        1 => (400, 1_500),
        _ => (1_500, 4_000),
    };
    Duration::from_millis(from + random.below(to - from))
}

fn begin(stage: &mut Stage, bank: Bank, seat: usize) -> Take {
    let call = stage.ringed_call(&bank, seat);
    let recording = stage.recording(&bank, &call.business_no);
    let started_at =
        recording["started_at"].as_str().and_then(|at| OffsetDateTime::parse(at, &Rfc3339).ok()).expect("a moment");
    stage.connect(call.seat);
    stage.connect(call.customer);
    let (seat, customer) = (call.seat, call.customer);
    stage.until("a first packet", |stage| {
        stage.sent(seat, Line::Microphone) + stage.sent(customer, Line::Microphone) > 0
    });
    let recording = recording["id"].as_str().expect("an id").to_owned();
    Take { bank, call, recording, started_at, known: HashSet::new(), killed_ms: Vec::new() }
}

fn kill_once(stage: &mut Stage, takes: &mut [Take], before: Option<Pending>, table: &mut Table) -> Pending {
    let participants: Vec<_> = takes
        .iter()
        .map(|take| [take.call.seat, take.call.customer].map(|who| stage.page(who).participant().to_owned()))
        .collect();
    // From here on nobody sends: the clients run on this thread.
    let (now, wall) = (Instant::now(), OffsetDateTime::now_utc());
    let knew: Vec<Vec<Knew>> = takes
        .iter()
        .zip(&participants)
        .map(|(take, participants)| knew(stage, take, participants, now, wall))
        .collect();
    stage.take_server().kill();
    for take in takes.iter_mut() {
        let killed_ms = (wall - take.started_at).whole_milliseconds();
        take.killed_ms.push(i64::try_from(killed_ms).expect("a test lasts minutes"));
    }
    let left: Vec<Vec<Pair>> = takes.iter_mut().map(|take| set_aside(stage, take)).collect();
    table.extend(before.map(settle).unwrap_or_default());
    // An outside player looks at the files as they lie there, while the server comes up and the calls go on.
    let player = thread::spawn(move || {
        let watch = |pair: Pair| (film::watch(&pair.killed), pair);
        left.into_iter().map(|pairs| pairs.into_iter().map(watch).collect()).collect()
    });
    stage.start();
    for take in takes.iter() {
        goes_on(stage, take);
        listed_whole(stage, take);
    }
    for take in takes.iter() {
        stage.come_back(&take.call);
    }
    let seats: Vec<usize> = takes.iter().map(|take| take.call.seat).collect();
    stage.until("a first packet after the restart", |stage| {
        seats.iter().any(|&seat| stage.sent(seat, Line::Microphone) > 0)
    });
    Pending { knew, player }
}

/// What a kill cost, once the player has seen what it left.
fn settle(pending: Pending) -> Table {
    let watched = pending.player.join().expect("the player does not panic");
    let mut table = Table { kills: 1, losses: Vec::new() };
    for (watched, knew) in watched.into_iter().zip(pending.knew) {
        let films = what_is_left(watched);
        table.losses.extend(knew.iter().filter_map(|knew| measure(knew, &films)));
    }
    table
}

/// What the two clients of a call sent last.
fn knew(stage: &mut Stage, take: &Take, participants: &[String; 2], now: Instant, wall: OffsetDateTime) -> Vec<Knew> {
    let ms = |at: Instant| (wall - take.started_at - (now - at)).as_seconds_f64() * 1_000.0;
    let people = [take.call.seat, take.call.customer].into_iter().zip(participants);
    let of = |(who, participant): (usize, &String)| {
        let client = stage.client(who)?;
        let first_ms = ms(client.connected_at()?);
        let picture_ms = client.last_captured(Line::Camera).map(ms);
        let sound_ms = client.last_captured(Line::Microphone).map(ms);
        Some(Knew { participant: participant.clone(), first_ms, picture_ms, sound_ms })
    };
    people.filter_map(of).collect()
}

/// Copies the files of the life that has just ended, before recovery can touch them.
fn set_aside(stage: &Stage, take: &mut Take) -> Vec<Pair> {
    let Some(folder) = stage.folder_of(&take.recording) else { return Vec::new() };
    let mut pairs = Vec::new();
    for recovered in film::track_files(&folder) {
        if !take.known.insert(recovered.clone()) {
            continue;
        }
        let killed = stage.aside().join(recovered.file_name().expect("a file"));
        std::fs::copy(&recovered, &killed).expect("the file can be copied");
        pairs.push(Pair { killed, recovered });
    }
    pairs
}

/// The films that are left after recovery. What a kill left must have played as it lay there, and recovery may only have cut
/// what was not whole.
fn what_is_left(watched: Vec<(Result<Film, String>, Pair)>) -> Vec<(String, u64, Film)> {
    let mut films = Vec::new();
    for (film, Pair { killed, recovered }) in watched {
        let (before, after) = (std::fs::read(&killed).expect("it was copied"), std::fs::read(&recovered).ok());
        std::fs::remove_file(&killed).expect("it is ours");
        let (participant, from_ms) = film::read_name(&recovered);
        match after {
            // Without a whole fragment there is nothing to play. What that costs is measured all the same.
            None => continue,
            Some(after) if after == before => {
                films.push((participant, from_ms, film.expect("a file plays as the kill left it")));
            }
            Some(after) => {
                assert!(before.starts_with(&after), "{} was changed and not only cut", recovered.display());
                films.push((participant, from_ms, film::watch(&recovered).expect("a file plays after recovery")));
            }
        }
    }
    films
}

/// What the kill cost a participant: nothing in a file means that everything since the connection came up is lost.
fn measure(knew: &Knew, films: &[(String, u64, Film)]) -> Option<Loss> {
    let own = || films.iter().filter(|(participant, ..)| *participant == knew.participant);
    #[expect(clippy::cast_precision_loss, reason = "milliseconds of a test fit")]
    let last = |packets: fn(&Film) -> &[film::Packet]| {
        own().filter_map(|(_, from_ms, film)| Some(*from_ms as f64 + Film::last_ms(packets(film))?)).reduce(f64::max)
    };
    let (picture, sound) = (last(|film| &film.pictures), last(|film| &film.sounds));
    Some(Loss {
        sent_ms: knew.sound_ms? - knew.first_ms,
        picture_ms: knew.picture_ms? - picture.unwrap_or(knew.first_ms),
        sound_ms: knew.sound_ms? - sound.unwrap_or(knew.first_ms),
        missing_sounds: own().map(|(.., film)| missing_sounds(film)).sum(),
    })
}

/// Sounds of 20 ms that should lie between the first and the last of a file and do not.
fn missing_sounds(film: &Film) -> usize {
    let (Some(first), Some(last)) = (film.sounds.first(), film.sounds.last()) else { return 0 };
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a test lasts seconds, and time does not run backwards"
    )]
    let there_should_be = ((last.at_ms - first.at_ms) / 20.0).round() as usize + 1;
    there_should_be.saturating_sub(film.sounds.len())
}

/// After the restart it is the same recording of the same interview.
fn goes_on(stage: &Stage, take: &Take) {
    let recording = stage.recording(&take.bank, &take.call.business_no);
    let (id, state) = (recording["id"].as_str(), recording["state"].as_str());
    assert_eq!((id, state), (Some(take.recording.as_str()), Some("recording")), "{recording:#}");
    let interviews = stage.interviews(&take.bank, &take.call.business_no);
    let states: Vec<_> =
        interviews.iter().map(|interview| (interview["state"].as_str(), interview["recording_id"].as_str())).collect();
    assert_eq!(states, [(Some("in_call"), Some(take.recording.as_str()))]);
}

/// The time without a server is marked for everybody of whom something was recorded before.
fn gaps_are_marked(take: &Take, recording: &Value) {
    let gaps = recording["gaps"].as_array().expect("a list");
    for &killed_ms in &take.killed_ms {
        let before = files(recording).iter().filter(|file| file["from_ms"].as_i64() < Some(killed_ms));
        let recorded: HashSet<&str> = before.filter_map(|file| file["participant"]["id"].as_str()).collect();
        for participant in recorded {
            let marked = gaps.iter().any(|gap| {
                // A picture is written with the time until its successor, which may lie a moment ahead of the kill.
                let (from, to) = (gap["from_ms"].as_i64(), gap["to_ms"].as_i64());
                let covers = from <= Some(killed_ms + 50) && to >= Some(killed_ms);
                gap["participant"] == participant && gap["reason"] == "restart" && covers
            });
            assert!(marked, "{participant} has no gap around {killed_ms} ms: {gaps:#?}");
        }
    }
}

/// Every file of the earlier lives is listed as it lies on the disk.
fn listed_whole(stage: &Stage, take: &Take) {
    let recording = stage.recording(&take.bank, &take.call.business_no);
    let listed: HashSet<String> =
        files(&recording).iter().filter(|file| file["sha256"].is_string()).map(name_of).collect();
    for path in take.known.iter().filter(|path| path.exists()) {
        let name = path.file_name().and_then(|name| name.to_str()).expect("our own names");
        assert!(listed.contains(name), "{name} is listed as closed: {recording:#}");
    }
}

fn files(recording: &Value) -> &[Value] {
    recording["files"].as_array().expect("a list")
}

fn name_of(file: &Value) -> String {
    let url = file["url"].as_str().expect("a url");
    url.split('?').next().and_then(|path| path.rsplit('/').next()).expect("a name").to_owned()
}

/// The verdict ends it: stopped, every file fetched as it is listed, and all of it plays as one.
fn finish(stage: &mut Stage, take: &Take) {
    stage.until_both_hear(&take.call);
    stage.decide(&take.call, "pass");
    let recording = stage.until_recording(&take.bank, &take.call.business_no, "stopped");
    assert_eq!(
        (recording["id"].as_str(), recording["verdict"].as_str()),
        (Some(take.recording.as_str()), Some("pass"))
    );
    gaps_are_marked(take, &recording);
    let folder = stage.folder_of(&take.recording).expect("it has files");
    let on_disk: HashSet<String> = film::track_files(&folder)
        .iter()
        .map(|path| path.file_name().expect("a file").to_string_lossy().into_owned())
        .collect();
    let listed: HashSet<String> = files(&recording).iter().map(name_of).collect();
    assert_eq!(listed, on_disk);
    let mut playlists = HashSet::new();
    for file in files(&recording) {
        let fetched = stage.server().http().get(file["url"].as_str().expect("a url"), &[]);
        assert_eq!(fetched.status, 200);
        assert_eq!(fetched.body, std::fs::read(folder.join(name_of(file))).expect("it is on the disk"));
        assert_eq!(file["size_bytes"], fetched.body.len());
        assert_eq!(file["sha256"].as_str(), Some(film::sha256(&fetched.body).as_str()));
        let playlist = file["playlist_url"].as_str().expect("a url").to_owned();
        playlists.insert((file["source"] == "camera", playlist));
    }
    // Sound that came before the first picture, as on a busy machine, is a stream of its own.
    assert_eq!(playlists.iter().filter(|(camera, _)| *camera).count(), 2, "one with pictures per participant");
    for (_, playlist) in playlists {
        film::play(&playlist).expect("the whole recording plays as one");
    }
    for path in film::track_files(&folder).into_iter().filter(|path| !take.known.contains(path)) {
        film::watch(&path).expect("a file that was closed in peace plays");
    }
}
