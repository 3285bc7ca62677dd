//! Films as an outside player sees them. The people in them flash and beep once a second.

use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::Command;

use mingjian_domain::id::{ParticipantId, RecordingId, TrackId};
use mingjian_domain::random::Counting;
use mingjian_domain::recording::SpeakerRole;
use mingjian_domain::recording::journal::{Entry, Source};
use mingjian_domain::scene::{Person, Stretch};
use mingjian_service::ports::{Renewed, Sound};
use tempfile::TempDir;
use time::macros::datetime;

use super::*;

/// A recording of ten seconds: one person is there all the time, another from 3.5 s to 7.5 s.
struct Recorded {
    folder: TempDir,
    composition: Composition,
}

const ONE_HZ: u32 = 440;
const TWO_HZ: u32 = 1_320;

impl Recorded {
    fn make() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut random = Counting::default();
        let at = datetime!(2026-11-25 07:30:00.250 UTC);
        let mut journal = Vec::new();
        let files = folder.path().join("rec");
        fs::create_dir_all(&files).expect("a folder");
        let mut person = |name: &str, role, from_ms: u64, seconds: u64, hz| {
            let participant = ParticipantId::mint(at, &mut random);
            let track = TrackId::mint(at, &mut random);
            let file = format!("{participant}-{from_ms:010}.mp4");
            film(&files.join(&file), seconds, hz);
            write_journal(&mut journal, &files.join(&file), (track, participant), from_ms);
            let to_ms = from_ms + seconds * 1_000;
            let camera = vec![Stretch { track, from_ms, to_ms }];
            let sounds = vec![Sound { file, from_ms, to_ms }];
            (Person { participant, name: name.to_owned(), role, camera, screen: Vec::new() }, sounds)
        };
        let (one, one_sounds) = person("坐席：王敏", SpeakerRole::Seat, 0, 10, ONE_HZ);
        // Whatever a name holds, it is drawn and not understood.
        let (two, two_sounds) = person("客户：%{pts}':\\,;[x]\u{1F600}", SpeakerRole::Customer, 3_500, 4, TWO_HZ);
        fs::write(files.join("journal.jsonl"), journal).expect("a journal");
        let composition = Composition {
            recording: RecordingId::mint(at, &mut random),
            folder: "rec".to_owned(),
            into: "rec/composed/10000.mp4".to_owned(),
            film: Film::of(10_000, &[one, two]),
            voices: vec![one_sounds, two_sounds],
            clock: at.to_offset(time::macros::offset!(+8)),
            caption: "示例银行  A3239239".to_owned(),
        };
        Self { folder, composition }
    }

    async fn compose(&self, alive: &dyn Alive) -> Result<Composed, ComposeFailure> {
        let composer = FfmpegComposer::new(self.folder.path(), 0).expect("a folder");
        composer.compose(&self.composition, alive).await
    }

    fn result(&self) -> PathBuf {
        self.folder.path().join(&self.composition.into)
    }

    fn until(&self, finished: &str) -> Until {
        Until(Some(self.result().with_extension("work").join(finished)))
    }

    fn work(&self) -> BTreeSet<String> {
        let entries = fs::read_dir(self.result().with_extension("work")).into_iter().flatten().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }
}

/// White and a beep in the first fifth of every second, in fragments of a second.
fn film(path: &Path, seconds: u64, hz: u32) {
    let picture =
        format!("color=black:s=320x240:r=25:d={seconds},drawbox=color=white:t=fill:enable='lt(mod(t,1),0.2)'");
    let sound = format!("aevalsrc='if(lt(mod(t,1),0.2),0.5*sin(2*PI*{hz}*t),0)':s=48000:d={seconds}");
    let args = ["-f", "lavfi", "-i", &picture, "-f", "lavfi", "-i", &sound];
    let coded = "-pix_fmt yuv420p -c:v libx264 -profile:v baseline -g 25 -keyint_min 25 -sc_threshold 0 -c:a libopus -b:a 48k -threads 1";
    let boxed = "-movflags +frag_keyframe+empty_moov+default_base_moof -f mp4";
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-y"])
        .args(args)
        .args(coded.split(' ').chain(boxed.split(' ')))
        .arg(path)
        .output()
        .expect("ffmpeg is installed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

/// The journal as the recorder writes it: the beginning of the file, and each `moof` with its `mdat`.
fn write_journal(journal: &mut Vec<u8>, path: &Path, (track, participant): (TrackId, ParticipantId), from_ms: u64) {
    let bytes = fs::read(path).expect("the film was made");
    let mut boxes = Vec::new();
    let mut at = 0;
    while at + 8 <= bytes.len() {
        let size = u32::from_be_bytes(bytes[at..at + 4].try_into().expect("four bytes")) as usize;
        boxes.push((bytes[at + 4..at + 8].to_vec(), at as u64, size as u64));
        at += size;
    }
    let (_, init_bytes, _) = *boxes.iter().find(|(kind, ..)| kind == b"moof").expect("a fragment");
    let file = path.file_name().expect("a name").to_string_lossy().into_owned();
    let (codecs, size) = ("avc1.42c01e,opus".to_owned(), Some((320, 240)));
    let mut lines =
        vec![Entry::Open { track, participant, source: Source::Camera, file, from_ms, init_bytes, codecs, size }];
    let moofs = boxes.iter().filter(|(kind, ..)| kind == b"moof");
    for (n, ((_, offset, moof), (_, _, mdat))) in
        moofs.zip(boxes.iter().filter(|(kind, ..)| kind == b"mdat")).enumerate()
    {
        lines.push(Entry::Fragment {
            track,
            offset: *offset,
            bytes: moof + mdat,
            from_ms: from_ms + n as u64 * 1_000,
            duration_ms: 1_000,
            key: true,
            chain: String::new(),
        });
    }
    for line in lines {
        writeln!(journal, "{}", serde_json::to_string(&line).expect("JSON")).expect("memory");
    }
}

/// Holds the claim until a piece of the work is finished: the one after it is then drawn for nothing.
struct Until(Option<PathBuf>);

impl Alive for Until {
    fn renew(&self) -> Renewed<'_> {
        Box::pin(std::future::ready(!self.0.as_ref().is_some_and(|finished| finished.exists())))
    }
}

fn for_ever() -> Until {
    Until(None)
}

/// Raw bytes of what ffmpeg makes of the film.
fn decoded(film: &Path, args: &str) -> Vec<u8> {
    let output = Command::new("ffmpeg")
        .args(["-nostdin", "-v", "error", "-xerror", "-i"])
        .arg(film)
        .args(args.split(' '))
        .arg("-")
        .output()
        .expect("ffmpeg is installed");
    assert!(output.status.success() && output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    output.stdout
}

const WIDTH: usize = 1280;
const HEIGHT: usize = 480;

/// How bright the middle of each half is, picture by picture: away from the texts.
fn brightness(film: &Path) -> Vec<[u8; 2]> {
    let pictures = decoded(film, "-f rawvideo -pix_fmt gray");
    assert_eq!(pictures.len() % (WIDTH * HEIGHT), 0);
    let at = |picture: &[u8], x: usize| picture[(HEIGHT / 2 - 60) * WIDTH + x];
    pictures.chunks(WIDTH * HEIGHT).map(|picture| [at(picture, 320), at(picture, 960)]).collect()
}

/// The moments in ms at which a tone sets in.
fn beeps(film: &Path, hz: u32) -> Vec<f64> {
    let bytes = decoded(film, "-f f32le -ac 1 -ar 48000");
    let samples: Vec<f64> =
        bytes.chunks(4).map(|chunk| f64::from(f32::from_le_bytes(chunk.try_into().expect("four bytes")))).collect();
    const STEP: usize = 240;
    let strength = |window: &[f64]| {
        let (mut cosine, mut sine) = (0.0, 0.0);
        for (n, sample) in window.iter().enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a window has some hundred samples")]
            let angle = std::f64::consts::TAU * f64::from(hz) * n as f64 / 48_000.0;
            cosine += sample * angle.cos();
            sine += sample * angle.sin();
        }
        #[expect(clippy::cast_precision_loss, reason = "a window has some hundred samples")]
        let length = window.len() as f64;
        2.0 * cosine.hypot(sine) / length
    };
    // Windows of 10 ms hold whole waves of neither tone, so they are told apart by a good margin.
    let heard: Vec<bool> = samples.windows(2 * STEP).step_by(STEP).map(|window| strength(window) > 0.2).collect();
    let sets_in = heard.windows(2).enumerate().filter(|(_, pair)| !pair[0] && pair[1]).map(|(n, _)| n + 1);
    #[expect(clippy::cast_precision_loss, reason = "seconds fit")]
    sets_in.chain(heard.first().filter(|&&heard| heard).map(|_| 0)).map(|n| n as f64 * 5.0).collect()
}

/// The moments in ms at which a half turns white.
fn flashes(brightness: &[[u8; 2]], half: usize) -> Vec<f64> {
    let white: Vec<bool> = brightness.iter().map(|halves| halves[half] > 180).collect();
    let turns = white.windows(2).enumerate().filter(|(_, pair)| !pair[0] && pair[1]).map(|(n, _)| n + 1);
    #[expect(clippy::cast_precision_loss, reason = "seconds fit")]
    turns.chain(white.first().filter(|&&white| white).map(|_| 0)).map(|n| n as f64 * 1_000.0 / 15.0).collect()
}

fn sorted(mut moments: Vec<f64>) -> Vec<f64> {
    moments.sort_by(f64::total_cmp);
    moments
}

#[tokio::test(flavor = "multi_thread")]
async fn a_film_shows_both_in_their_places_and_keeps_lips_and_voice_together() {
    let recorded = Recorded::make();
    let composed = recorded.compose(&for_ever()).await.expect("a film");
    let bytes = fs::read(recorded.result()).expect("it is there");
    assert_eq!(composed.size_bytes, bytes.len() as u64);
    assert_eq!(composed.sha256, <[u8; 32]>::from(Sha256::digest(&bytes)));
    let index = bytes.windows(4).position(|window| window == b"moov").expect("an index");
    assert!(index < 64, "the index is in front: {index}");

    let brightness = brightness(&recorded.result());
    assert_eq!(brightness.len(), 150);
    let empty = |frames: std::ops::Range<usize>| brightness[frames].iter().all(|halves| (20..60).contains(&halves[1]));
    assert!(empty(0..52) && empty(113..150), "who is not there has an empty place: {brightness:?}");
    for (half, hz, first_ms, count) in [(0, ONE_HZ, 0.0, 10), (1, TWO_HZ, 3_500.0, 4)] {
        let (seen, heard) = (sorted(flashes(&brightness, half)), sorted(beeps(&recorded.result(), hz)));
        assert_eq!((seen.len(), heard.len()), (count, count), "{seen:?} {heard:?}");
        for (n, (seen, heard)) in seen.iter().zip(&heard).enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "ten seconds")]
            let truth = first_ms + n as f64 * 1_000.0;
            assert!((seen - heard).abs() <= 40.0, "seen at {seen}, heard at {heard}");
            assert!((seen - truth).abs() <= 40.0 && (heard - truth).abs() <= 12.0, "{truth}: {seen}, {heard}");
        }
    }
    assert!(
        recorded.work().is_empty() && !recorded.result().with_extension("work").exists(),
        "nothing is left lying about"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_composer_that_is_stopped_in_the_midst_goes_on_to_the_very_same_film() {
    let recorded = Recorded::make();
    let whole = recorded.compose(&for_ever()).await.expect("a film");
    let bytes = fs::read(recorded.result()).expect("it is there");
    fs::remove_file(recorded.result()).expect("it is ours");
    for finished in ["piece-00000.mp4", "piece-00002.mp4", "sound.m4a"] {
        let lost = recorded.compose(&recorded.until(finished)).await;
        assert_eq!(lost, Err(ComposeFailure::Lost), "after {finished}");
        assert!(!recorded.result().exists(), "nothing half is seen under its name");
    }
    let kept = recorded.work();
    assert!(kept.contains("piece-00000.mp4") && kept.contains("piece-00002.mp4"), "{kept:?}");
    let again = recorded.compose(&for_ever()).await.expect("a film");
    assert_eq!(again, whole);
    assert!(fs::read(recorded.result()).expect("it is there") == bytes, "the same to the bit");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_left_of_another_plan_is_not_used() {
    let mut recorded = Recorded::make();
    assert_eq!(recorded.compose(&recorded.until("piece-00000.mp4")).await, Err(ComposeFailure::Lost));
    let film = &mut recorded.composition.film;
    for tile in film.scenes.iter_mut().flat_map(|scene| &mut scene.tiles) {
        tile.picture = None;
    }
    recorded.composition.voices.clear();
    recorded.compose(&for_ever()).await.expect("a film of nobody");
    let brightness = brightness(&recorded.result());
    assert!(brightness.iter().all(|halves| halves.iter().all(|half| (20..60).contains(half))), "{brightness:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_track_that_is_gone_is_told_and_nothing_is_listed() {
    let recorded = Recorded::make();
    let track = recorded.folder.path().join("rec").join(&recorded.composition.voices[0][0].file);
    fs::write(&track, b"not a film").expect("it is ours");
    let failed = recorded.compose(&for_ever()).await;
    assert!(matches!(failed, Err(ComposeFailure::Broken(_))), "{failed:?}");
    assert!(!recorded.result().exists());
    fs::remove_file(&track).expect("it is ours");
    assert!(recorded.compose(&for_ever()).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_as_such() {
    let recorded = Recorded::make();
    let composer = FfmpegComposer::new(recorded.folder.path(), u64::MAX).expect("a folder");
    assert_eq!(composer.compose(&recorded.composition, &for_ever()).await, Err(ComposeFailure::Full));
}

#[test]
fn this_machine_can_make_films() {
    assert_eq!(find(), Found::Whole);
}

#[test]
fn a_long_scene_is_cut_into_pieces_of_a_minute() {
    let scene = |from, to| Scene { from, to, tiles: Vec::new() };
    let film = Film { width: 2, height: 2, frames: 2_000, scenes: vec![scene(0, 100), scene(100, 2_000)] };
    let cuts: Vec<_> = pieces(&film).iter().map(|piece| (piece.from, piece.to)).collect();
    assert_eq!(cuts, [(0, 100), (100, 1_000), (1_000, 1_900), (1_900, 2_000)]);
}
