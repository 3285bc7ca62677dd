//! An hour's recording: how quickly it is listed while it grows, and how quickly it is playable once it stops.
//!
//! Nobody waits an hour for it. An interview is begun on a real server, which is killed; the real recorder writes the hour in
//! virtual time into the very folder; then the server starts again, as after any kill, both come back, and the same recording goes on
//! behind the hour. What is measured is that server, with an hour's journal and files, up to the seat's hanging up.

use std::collections::HashMap;
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use mingjian_domain::id::{ParticipantId, RecordingId, RoomId};
use mingjian_domain::recording::Recording;
use mingjian_domain::recording::journal::GapReason;
use mingjian_domain::room::RecordingPlan;
use mingjian_media::disk::{DiskCommand, DiskReport};
use mingjian_media::epoch::Epoch;
use mingjian_media::recorder::{JOURNAL, Packet, Recorder, RecorderOutput, Stream};
use mingjian_testkit::clip::{Clip, ClipSpec};
use mingjian_testkit::drive::Crowd;
use mingjian_testkit::random::Seeded;
use mingjian_testkit::server::Server;
use mingjian_testkit::server::http::Http;
use serde::Serialize;
use serde_json::json;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::Failure;
use crate::load::Process;
use crate::report::{self, Quantiles};
use crate::rooms::{self, Interview};

/// How long a recording.
#[derive(Debug, clap::Args)]
pub struct Load {
    /// Length of the recording.
    #[arg(long, default_value_t = 60)]
    minutes: u64,
    /// How often the playlist is read while it grows.
    #[arg(long, default_value_t = 50)]
    polls: u32,
}

#[derive(Serialize)]
struct Figures {
    minutes: u64,
    journal_lines: usize,
    media_mb: f64,
    /// From the start of the killed server to its listening: the hour is made whole first.
    back_after_kill_ms: f64,
    /// The first reading of the playlist, when nothing of the journal is known yet.
    first_listing_ms: f64,
    /// Each further one.
    listing: Quantiles,
    /// From hanging up to a playlist with its end.
    playable_ms: f64,
    listed_minutes: f64,
    resident_mb: f64,
}

/// Measures and writes `target/bench/hour.json`.
///
/// # Errors
/// The server does not come up, refuses, or somebody never connects.
pub fn measure(load: &Load) -> Result<(), Failure> {
    let program = rooms::program()?;
    let clip = Clip::make(&ClipSpec::call())?;
    let span = Duration::from_secs(load.minutes * 60);
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let key = rooms::furnish(&program, &data, 1)?;
    let options = ["--rtc-public", "127.0.0.1", "--min-free-mb", "64"];
    let server = Server::start(&program, &data, &options)?;
    let mut crowd = Crowd::new()?;
    let (mut interview, _) = rooms::begin(&server, &key, 0, &mut crowd, &clip, &mut [])?;
    rooms::turn_for(&mut crowd, std::slice::from_mut(&mut interview), Duration::from_secs(2))?;
    let plan = plan_of(&server.http(), &key, &interview.business_no)?;
    let people = [interview.customer.page.participant().parse()?, interview.seat.page.participant().parse()?];
    server.kill();

    let path = data.join("objects").join(&plan.folder);
    write(&path, &plan, people, &clip, span)?;
    let journal_lines = fs::read_to_string(path.join(JOURNAL))?.lines().count();
    let media_bytes: u64 =
        fs::read_dir(&path)?.map(|entry| Ok(entry?.metadata()?.len())).sum::<std::io::Result<u64>>()?;

    let began = Instant::now();
    let server = Server::start(&program, &data, &options)?;
    let back_after_kill = began.elapsed();
    let mut crowd = Crowd::new()?;
    let mut interview = come_back(&server, interview, &mut crowd, &clip)?;
    let playlist = playlist_of(&server.http(), &key, &interview.business_no)?;
    let mut listings = Vec::new();
    for _ in 0..=load.polls {
        let began = Instant::now();
        let listed = server.http().get(&playlist, &[]);
        listings.push(began.elapsed());
        if listed.status != 200 || listed.text().contains("#EXT-X-ENDLIST") {
            return Err(format!("a recording that grows is not listed so: {}", listed.text()).into());
        }
        rooms::turn_for(&mut crowd, std::slice::from_mut(&mut interview), Duration::from_millis(100))?;
    }
    let playable = rooms::stop(&server, &key, &mut interview, &mut crowd)?;
    let whole = server.http().get(&playlist, &[]).text();
    let listed_s: f64 =
        whole.lines().filter_map(|line| line.strip_prefix("#EXTINF:")?.strip_suffix(',')?.parse::<f64>().ok()).sum();
    if !whole.contains("#EXT-X-ENDLIST") || listed_s < span.as_secs_f64() - 2.0 {
        return Err(format!("only {listed_s} s are listed of an hour that is stopped").into());
    }
    let first_listing_ms = listings.remove(0).as_secs_f64() * 1e3;
    let figures = Figures {
        minutes: load.minutes,
        journal_lines,
        media_mb: media_bytes as f64 / 1e6,
        back_after_kill_ms: back_after_kill.as_secs_f64() * 1e3,
        first_listing_ms,
        listing: Quantiles::of(listings),
        playable_ms: playable.as_secs_f64() * 1e3,
        listed_minutes: listed_s / 60.0,
        resident_mb: Process(server.pid()).resident_mb()?,
    };
    println!(
        "a recording of {} minutes, {journal_lines} lines of journal, {:.0} MB of media",
        load.minutes, figures.media_mb
    );
    println!("back after a kill: {:.0} ms", figures.back_after_kill_ms);
    println!(
        "its playlist while it grows: first {first_listing_ms:.1} ms, then p50 {:.1} ms, p95 {:.1} ms",
        figures.listing.p50_ms, figures.listing.p95_ms
    );
    println!(
        "stop to playable: {:.0} ms (bar 1000 ms), {:.1} minutes listed",
        figures.playable_ms, figures.listed_minutes
    );
    report::write("hour", &figures)
}

fn plan_of(http: &Http, key: &str, business_no: &str) -> Result<RecordingPlan, Failure> {
    let listed = http
        .get(&format!("/api/v1/recordings?business_no={business_no}"), &[("authorization", &format!("Bearer {key}"))])
        .json();
    let text = |name: &str| listed["items"][0][name].as_str().ok_or("the interview is being recorded");
    let recording: RecordingId = text("id")?.parse()?;
    let started_at = OffsetDateTime::parse(text("started_at")?, &Rfc3339)?;
    let folder = Recording::folder_for("BENCH", recording, started_at);
    Ok(RecordingPlan { recording, folder, started_at, paused_by: GapReason::Restart })
}

fn playlist_of(http: &Http, key: &str, business_no: &str) -> Result<String, Failure> {
    let bearer = format!("Bearer {key}");
    let listed =
        http.get(&format!("/api/v1/recordings?business_no={business_no}"), &[("authorization", &bearer)]).json();
    Ok(listed["items"][0]["files"][0]["playlist_url"].as_str().ok_or("the hour is listed")?.to_owned())
}

/// Both pages on the server that came back, in the call that goes on.
fn come_back(server: &Server, before: Interview, crowd: &mut Crowd, clip: &Arc<Clip>) -> Result<Interview, Failure> {
    let seat = rooms::side(server, &[("cookie", &before.cookie)], crowd, clip)?;
    let customer = rooms::side(server, &[], crowd, clip)?;
    let mut back = Interview { seat, customer, ..before };
    back.seat.page.ask(json!({"type": "hello", "as": "seat"}));
    let device = format!("{:032x}", 0);
    back.customer.page.ask(json!({"type": "hello", "as": "customer", "code": back.code, "device": device}));
    rooms::until(crowd, &mut [], &mut back, "both are in the call again", |back, _| {
        back.customer.page.phase() == "call" && !back.seat.page.state()["call"].is_null()
    })?;
    back.customer.connect(crowd);
    back.seat.connect(crowd);
    let seat = back.seat.client;
    rooms::until(crowd, &mut [], &mut back, "the seat sees the customer again", |_, crowd| {
        crowd.client(seat).heard().iter().any(|heard| heard.track == "camera" && heard.packets > 0)
    })?;
    Ok(back)
}

/// Two people for so long, in virtual time, by the recorder itself. As after a kill nothing is closed.
fn write(
    folder: &Path,
    plan: &RecordingPlan,
    people: [ParticipantId; 2],
    clip: &Clip,
    span: Duration,
) -> Result<(), Failure> {
    fs::remove_dir_all(folder)?;
    fs::create_dir_all(folder)?;
    let begin = Instant::now();
    let epoch = Epoch { instant: begin, unix: plan.started_at };
    let mut random = Seeded::new(1);
    let room = RoomId::mint(plan.started_at, &mut random);
    let mut recorder = Recorder::start(plan, room, epoch, Box::new(random), begin);
    recorder.handle_disk(&DiskReport::Begun { recording: plan.recording, earlier: Vec::new() }, begin);
    for person in people {
        recorder.begin_stream(person, Stream::Microphone, begin);
        recorder.begin_stream(person, Stream::Camera, begin);
    }
    let mut files: HashMap<String, BufWriter<File>> = HashMap::new();
    let mut picture_seq = 0_u64;
    let sounds = u32::try_from(span.as_millis() / 20)?;
    for tick in 0..sounds {
        let now = begin + Duration::from_millis(20) * tick;
        for person in people {
            if tick % 250 == 0 {
                let ntp = ntp(epoch.unix_at(now));
                recorder.sender_report(person, Stream::Microphone, ntp, tick.wrapping_mul(960), now);
                recorder.sender_report(person, Stream::Camera, ntp, tick.wrapping_mul(1_800), now);
            }
            let payload = &clip.sound[tick as usize % clip.sound.len()];
            let sound =
                Packet { seq: tick.into(), rtp_time: tick.wrapping_mul(960), marker: false, arrival: now, payload };
            recorder.packet(person, Stream::Microphone, sound, now);
        }
        if tick % 2 == 0 {
            let payloads = &clip.pictures[(tick / 2) as usize % clip.pictures.len()].payloads;
            for (at, payload) in payloads.iter().enumerate() {
                let (marker, rtp_time) = (at + 1 == payloads.len(), tick.wrapping_mul(1_800));
                for person in people {
                    let picture = Packet { seq: picture_seq, rtp_time, marker, arrival: now, payload };
                    recorder.packet(person, Stream::Camera, picture, now);
                }
                picture_seq += 1;
            }
        }
        if recorder.poll_timeout().is_some_and(|due| due <= now) {
            recorder.handle_timeout(now);
        }
        while let Some(output) = recorder.poll_output() {
            if let RecorderOutput::Disk(DiskCommand::Append { file, bytes, .. }) = output {
                if !files.contains_key(&file) {
                    let opened = OpenOptions::new().create(true).append(true).open(folder.join(&file))?;
                    files.insert(file.clone(), BufWriter::new(opened));
                }
                files.get_mut(&file).ok_or("it was opened")?.write_all(&bytes)?;
            }
        }
    }
    files.into_values().try_for_each(|mut file| file.flush())?;
    Ok(())
}

/// 32.32 fixed-point seconds since 1900 (RFC 3550 section 4).
fn ntp(at: OffsetDateTime) -> u64 {
    let since_1900 = at.unix_timestamp_nanos() + 2_208_988_800_000_000_000;
    u64::try_from((since_1900 << 32) / 1_000_000_000).unwrap_or(0)
}
