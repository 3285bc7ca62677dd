//! What ffmpeg is told: the filters that draw a piece, those that mix the sound, and how both are joined.
//!
//! Names of people and the clock reach ffmpeg in files of their own, never inside a filter's text: whatever a name holds, it is
//! drawn and not understood. The text items are those of the call centres that know the netdisk document: a name in each half
//! at (40, 50), the clock at (W-400, H-60), 18 pixels high.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use mingjian_domain::scene::{Area, FRAMES_PER_SECOND, Scene, Tile};
use mingjian_service::ports::{Composition, Sound};

use super::footage::{Cut, UNITS};

pub(super) const GRAPH: &str = "graph.txt";
pub(super) const SOUND: &str = "sound.m4a";
pub(super) const LIST: &str = "list.txt";

/// AAC and Opus both know this rate, and 15 frames a second fit into it.
const RATE: u64 = 48_000;
/// Fonts with Chinese letters, where Debian puts them.
const FONTS: [&str; 4] = [
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-microhei.ttc",
    "/usr/share/fonts/truetype/wqy/wqy-zenhei.ttc",
];
/// What is seen where nothing is shown, and in the place of somebody without a picture.
const GROUND: &str = "0x0E1B1A";
const EMPTY: &str = "0x1B2E2C";
const ORANGE: &str = "0xFD6F3F";
const WHITE: &str = "0xFFFFFF";
/// Letters of a name that are drawn.
const LONGEST_LABEL: usize = 24;

/// The font that texts are drawn with; without one the film has no texts.
#[must_use]
pub fn font() -> Option<PathBuf> {
    FONTS.iter().map(PathBuf::from).find(|font| font.is_file())
}

/// The filters of a piece, and the files that they read.
#[derive(Debug)]
pub(super) struct Picture {
    pub(super) files: Vec<(String, String)>,
}

/// Draws a piece.
pub(super) fn picture(piece: &Scene, composition: &Composition, cuts: &[Cut], font: Option<&Path>) -> Picture {
    let film = &composition.film;
    let (width, height) = (film.width, film.height);
    let mut files = Vec::new();
    let mut text = format!("color=c={GROUND}:s={width}x{height}:r={FRAMES_PER_SECOND},format=yuv420p");
    let shown = |n: usize| cuts.iter().any(|cut| cut.tile == n);
    for (_, Tile { area, .. }) in piece.tiles.iter().enumerate().filter(|&(n, _)| !shown(n)) {
        let Area { left, top, width, height } = area;
        add(
            &mut text,
            format_args!(",drawbox=x={}:y={}:w={}:h={}:color={EMPTY}:t=fill", left + 2, top + 2, width - 4, height - 4),
        );
    }
    text.push_str("[canvas0]");
    for (input, cut) in cuts.iter().enumerate() {
        let Area { left, top, width, height } = piece.tiles[cut.tile].area;
        add(
            &mut text,
            format_args!(
                ";\n[{input}:v]setpts=PTS+({})/{UNITS}/TB,fps=fps={FRAMES_PER_SECOND}:start_time=0,\
                 scale={width}:{height}:force_original_aspect_ratio=decrease:flags=bilinear,setsar=1,format=yuv420p[picture{input}];\n\
                 [canvas{input}][picture{input}]overlay=x={left}+({width}-w)/2:y={top}+({height}-h)/2:\
                 eof_action=repeat:format=yuv420[canvas{}]",
                cut.zero,
                input + 1
            ),
        );
    }
    add(&mut text, format_args!(";\n[canvas{}]null", cuts.len()));
    if let Some(font) = font.and_then(Path::to_str) {
        let draw = Texts { font, text: &mut text, files: &mut files };
        texts(draw, piece, composition, &shown);
    }
    text.push_str("[film]");
    files.push((GRAPH.to_owned(), text));
    Picture { files }
}

struct Texts<'a> {
    font: &'a str,
    text: &'a mut String,
    files: &'a mut Vec<(String, String)>,
}

impl Texts<'_> {
    /// Draws the letters of a file. `%{…}` is understood in ours alone.
    fn draw(&mut self, name: String, letters: String, ours: bool, size: u32, colour: &str, (x, y): (&str, &str)) {
        let (font, expansion) = (self.font, if ours { "normal" } else { "none" });
        add(
            self.text,
            format_args!(
                ",drawtext=fontfile={font}:textfile={name}:expansion={expansion}:fontsize={size}:fontcolor={colour}:\
                 x={x}:y={y}:box=1:boxcolor=0x0000007D:boxborderw=5"
            ),
        );
        self.files.push((name, letters));
    }
}

fn texts(mut draw: Texts<'_>, piece: &Scene, composition: &Composition, shown: &dyn Fn(usize) -> bool) {
    for (n, Tile { area, label, .. }) in piece.tiles.iter().enumerate() {
        let Area { left, top, width, height } = *area;
        let large = height >= 480 || width >= 640;
        let (size, x, y) = if large { (18, left + 40, top + 50) } else { (14, left + 12, top + 12) };
        let name = cut(label);
        draw.draw(format!("label-{n}.txt"), name, false, size, ORANGE, (&x.to_string(), &y.to_string()));
        if !shown(n) {
            let (x, y) = (format!("{left}+({width}-text_w)/2"), format!("{top}+({height}-text_h)/2"));
            draw.draw(
                format!("empty-{n}.txt"),
                "暂无画面".to_owned(),
                false,
                if large { 22 } else { 14 },
                WHITE,
                (&x, &y),
            );
        }
    }
    // `gmtime` of a moment that is shifted by the zone prints the zone's own clock, whatever the server's is.
    let zone = i64::from(composition.clock.offset().whole_seconds());
    let zero_ms = composition.clock.unix_timestamp_nanos() / 1_000_000 + i128::from(zone) * 1_000;
    let from_ms = zero_ms + i128::from(piece.from * 1_000 / FRAMES_PER_SECOND);
    let clock =
        format!("%{{pts:gmtime:{}.{:03}:%Y-%m-%d %H\\:%M\\:%S}}", from_ms.div_euclid(1_000), from_ms.rem_euclid(1_000));
    draw.draw("clock.txt".to_owned(), clock, true, 18, WHITE, ("w-400", "h-60"));
    if !composition.caption.is_empty() {
        draw.draw("caption.txt".to_owned(), cut(&composition.caption), false, 18, WHITE, ("40", "h-60"));
    }
}

fn cut(label: &str) -> String {
    label.chars().filter(|letter| !letter.is_control()).take(LONGEST_LABEL).collect()
}

fn add(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("writing to a string does not fail");
}

/// The arguments that draw a piece of so many frames.
pub(super) fn picture_args(cuts: &[Cut], frames: u64, into: &str) -> Vec<String> {
    let mut args = words(&["-filter_threads", "1", "-filter_complex_threads", "1", "-copyts"]);
    for cut in cuts {
        args.extend(words(&["-threads", "1", "-i", &cut.name]));
    }
    args.extend(words(&["-filter_complex_script", GRAPH, "-map", "[film]", "-frames:v", &frames.to_string(), "-an"]));
    // A key picture every two seconds, and pieces that can stand behind each other: no picture looks beyond its piece.
    args.extend(words(&[
        "-c:v", "libx264", "-preset", "veryfast", "-crf", "26", "-threads", "1", "-pix_fmt", "yuv420p",
    ]));
    args.extend(words(&["-g", "30", "-keyint_min", "30", "-sc_threshold", "0", "-flags", "+cgop"]));
    // One encoder, one avcC: nothing of it may depend on the piece.
    args.extend(words(&["-video_track_timescale", "15360", "-map_metadata", "-1", "-fflags", "+bitexact", into]));
    args
}

/// The filters that mix the sound, and the files they read.
#[derive(Debug)]
pub(super) struct Mix {
    pub(super) text: String,
    pub(super) inputs: Vec<String>,
}

/// Mixes everybody's sound: each voice is an unbroken row of silence and files, sample by sample as long as the film, and the
/// rows are added without anybody's level being touched.
pub(super) fn sound(composition: &Composition) -> Mix {
    let mut mix = Mix { text: String::new(), inputs: Vec::new() };
    let whole = composition.film.frames * RATE / FRAMES_PER_SECOND;
    let voices: Vec<&Vec<Sound>> = composition.voices.iter().filter(|sounds| !sounds.is_empty()).collect();
    for (n, sounds) in voices.iter().enumerate() {
        voice(&mut mix, n, sounds, whole);
    }
    for n in 0..voices.len() {
        add(&mut mix.text, format_args!("[voice{n}]"));
    }
    let fit = format!("apad=whole_len={whole},atrim=end_sample={whole},asetpts=N/SR/TB[sound]");
    match voices.len() {
        0 => add(&mut mix.text, format_args!("anullsrc=r={RATE}:cl=mono,{fit}")),
        1 => add(&mut mix.text, format_args!("{fit}")),
        // The limiter touches only what would be clipped, and makes up for its own delay.
        count => add(
            &mut mix.text,
            format_args!(
                "amix=inputs={count}:normalize=0:dropout_transition=0:duration=longest,alimiter=limit=0.98:level=0:latency=1,{fit}"
            ),
        ),
    }
    mix
}

fn voice(mix: &mut Mix, n: usize, sounds: &[Sound], whole: u64) {
    let at = |ms: u64| (ms * RATE / 1_000).min(whole);
    let mut parts = 0;
    let mut end = 0;
    for sound in sounds {
        let (from, to) = (at(sound.from_ms).max(end), at(sound.to_ms));
        if to <= from {
            continue;
        }
        if from > end {
            add(
                &mut mix.text,
                format_args!(
                    "anullsrc=r={RATE}:cl=mono,atrim=end_sample={},asetpts=N/SR/TB[part{n}_{parts}];\n",
                    from - end
                ),
            );
            parts += 1;
        }
        // A file's own time zero is its `from_ms`; where it overlaps with the one before, its first samples are left out.
        let (skip, length) = (from - at(sound.from_ms), to - from);
        add(
            &mut mix.text,
            format_args!(
                "[{}:a]aresample={RATE}:async=1:first_pts=0,aformat=sample_fmts=fltp:channel_layouts=mono,\
                 atrim=start_sample={skip},asetpts=N/SR/TB,apad=whole_len={length},atrim=end_sample={length},asetpts=N/SR/TB[part{n}_{parts}];\n",
                mix.inputs.len()
            ),
        );
        mix.inputs.push(sound.file.clone());
        parts += 1;
        end = to;
    }
    if parts == 0 {
        add(
            &mut mix.text,
            format_args!("anullsrc=r={RATE}:cl=mono,atrim=end_sample={whole},asetpts=N/SR/TB[voice{n}];\n"),
        );
        return;
    }
    for part in 0..parts {
        add(&mut mix.text, format_args!("[part{n}_{part}]"));
    }
    add(&mut mix.text, format_args!("concat=n={parts}:v=0:a=1[voice{n}];\n"));
}

/// The arguments that mix the sound. The track files lie in that folder.
pub(super) fn sound_args(mix: &Mix, folder: &Path, into: &str) -> Vec<String> {
    let mut args = words(&["-filter_threads", "1", "-filter_complex_threads", "1"]);
    for input in &mix.inputs {
        args.extend(words(&["-vn", "-threads", "1", "-i", &folder.join(input).to_string_lossy()]));
    }
    args.extend(words(&[
        "-filter_complex_script",
        GRAPH,
        "-map",
        "[sound]",
        "-c:a",
        "aac",
        "-b:a",
        "96k",
        "-threads",
        "1",
    ]));
    args.extend(words(&["-map_metadata", "-1", "-fflags", "+bitexact", into]));
    args
}

/// The arguments that join pieces and sound without encoding anything again; the index goes to the front.
pub(super) fn join_args(into: &str) -> Vec<String> {
    let mut args = words(&[
        "-f",
        "concat",
        "-safe",
        "0",
        "-i",
        LIST,
        "-i",
        &format!("../{SOUND}"),
        "-map",
        "0:v",
        "-map",
        "1:a",
        "-c",
        "copy",
    ]);
    args.extend(words(&["-map_metadata", "-1", "-fflags", "+bitexact", "-movflags", "+faststart", into]));
    args
}

fn words(words: &[&str]) -> Vec<String> {
    words.iter().map(|&word| word.to_owned()).collect()
}
