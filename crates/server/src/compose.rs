//! Draws the one MP4 of a recording with ffmpeg, a separate program.
//!
//! The film is drawn in pieces of at most a minute, each from a small file with just the fragments that it needs; the sound is
//! mixed in one go; then pieces and sound are joined without being encoded again. Finished pieces are renamed into place and
//! are the only state: whoever is killed in the midst goes on with the piece that was being drawn, and the result is the same
//! to the bit, since one thread encodes. Each run works in a folder of its own below, so that one that has lost its claim and does
//! not know it yet spoils nothing. What is listed is renamed into place last, hashed and synced.
//!
//! ffmpeg ends with us: it is killed when its future is dropped, and where `setpriv` is there, when the server is killed.

mod child;
mod footage;
mod graph;

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use mingjian_domain::scene::{Film, Scene};
use mingjian_service::ports::{Alive, ComposeFailure, Composed, Composer, Composing, Composition};
use sha2::{Digest, Sha256};
use tokio::task::block_in_place;

use child::{Ffmpeg, Told};
use footage::Footage;

pub use child::{Found, find};
pub use graph::font;

/// A piece lasts a minute at most: so much is lost to a kill, and so much of the tracks is copied at a time.
const PIECE_FRAMES: u64 = 900;

/// Composes with ffmpeg.
pub struct FfmpegComposer {
    /// The folder of the objects.
    root: PathBuf,
    ffmpeg: Ffmpeg,
    font: Option<PathBuf>,
}

impl FfmpegComposer {
    /// Composes what lies below this folder, and leaves so much space on its disk.
    ///
    /// # Errors
    /// The working directory of the server is gone, and the folder is a relative path.
    pub fn new(root: &Path, min_free_bytes: u64) -> io::Result<Self> {
        Ok(Self { root: std::path::absolute(root)?, ffmpeg: Ffmpeg { min_free_bytes }, font: font() })
    }
}

impl Composer for FfmpegComposer {
    fn compose<'a>(&'a self, composition: &'a Composition, alive: &'a dyn Alive) -> Composing<'a> {
        Box::pin(async move {
            let result = self.root.join(&composition.into);
            let set = block_in_place(|| Set::open(&result, composition)).map_err(|error| told(&error, composition))?;
            let draw = Draw { composer: self, composition, alive, set: &set };
            draw.film().await?;
            block_in_place(|| settle(&set.work, &result)).map_err(|error| told(&error, composition))
        })
    }
}

/// What an I/O error means for the composition. The text is for the log.
fn told(error: &io::Error, composition: &Composition) -> ComposeFailure {
    tracing::warn!(recording.id = %composition.recording, error = %error, "a recording could not be composed");
    if error.kind() == io::ErrorKind::StorageFull {
        ComposeFailure::Full
    } else {
        ComposeFailure::Broken("读写文件失败".to_owned())
    }
}

/// The folder that a film is drawn in.
struct Set {
    /// What is finished.
    work: PathBuf,
    /// What this run is at.
    run: PathBuf,
}

/// Tells the runs of a process apart.
static RUNS: AtomicU64 = AtomicU64::new(0);

const PLAN: &str = "plan";
const JOINED: &str = "joined.mp4";

impl Set {
    /// Takes up what an earlier try has left, where it was of the very same plan, and else begins anew.
    fn open(result: &Path, composition: &Composition) -> io::Result<Self> {
        let work = result.with_extension("work");
        let plan = hex::encode(Sha256::digest(format!("{composition:?}").as_bytes()));
        if !fs::read_to_string(work.join(PLAN)).is_ok_and(|old| old == plan) {
            if work.exists() {
                fs::remove_dir_all(&work)?;
            }
            fs::create_dir_all(&work)?;
            fs::write(work.join(PLAN), plan)?;
        }
        let run = work.join(format!("run-{}-{}", std::process::id(), RUNS.fetch_add(1, Ordering::Relaxed)));
        fs::create_dir_all(&run)?;
        Ok(Self { work, run })
    }

    fn has(&self, name: &str) -> bool {
        self.work.join(name).exists()
    }

    /// What was drawn under a name of the moment is whole: it is synced and gets its own name.
    fn keep(&self, drawn: &str, name: &str) -> io::Result<()> {
        let drawn = self.run.join(drawn);
        File::open(&drawn)?.sync_all()?;
        fs::rename(drawn, self.work.join(name))
    }
}

/// One film being drawn.
struct Draw<'a> {
    composer: &'a FfmpegComposer,
    composition: &'a Composition,
    alive: &'a dyn Alive,
    set: &'a Set,
}

impl Draw<'_> {
    async fn film(&self) -> Result<(), ComposeFailure> {
        if self.set.has(JOINED) {
            return Ok(());
        }
        let footage = block_in_place(|| Footage::read(&self.composer.root.join(&self.composition.folder)))
            .map_err(|error| told(&error, self.composition))?;
        let pieces = pieces(&self.composition.film);
        for (n, piece) in pieces.iter().enumerate() {
            self.piece(n, piece, &footage).await?;
        }
        self.sound().await?;
        self.join(pieces.len()).await
    }

    async fn piece(&self, n: usize, piece: &Scene, footage: &Footage) -> Result<(), ComposeFailure> {
        let name = piece_name(n);
        if self.set.has(&name) {
            return Ok(());
        }
        let broken = |error: io::Error| told(&error, self.composition);
        let cut = block_in_place(|| footage.cut(&self.set.run, piece, self.composition)).map_err(broken)?;
        let graph = graph::picture(piece, self.composition, &cut, self.composer.font.as_deref());
        for (file, text) in &graph.files {
            fs::write(self.set.run.join(file), text).map_err(broken)?;
        }
        let drawn = "piece.drawn.mp4";
        let frames = piece.to - piece.from;
        let args = graph::picture_args(&cut, frames, drawn);
        let told = self.run(&args).await?;
        if told.frames != Some(frames) {
            tracing::warn!(recording.id = %self.composition.recording, piece = n, wanted = frames, drawn = ?told.frames, "a piece of a film has not the frames that it should");
            return Err(ComposeFailure::Broken("画面帧数不符".to_owned()));
        }
        block_in_place(|| self.set.keep(drawn, &name)).map_err(broken)
    }

    async fn sound(&self) -> Result<(), ComposeFailure> {
        if self.set.has(graph::SOUND) {
            return Ok(());
        }
        let broken = |error: io::Error| told(&error, self.composition);
        let graph = graph::sound(self.composition);
        fs::write(self.set.run.join(graph::GRAPH), &graph.text).map_err(broken)?;
        let drawn = "sound.drawn.m4a";
        let folder = self.composer.root.join(&self.composition.folder);
        self.run(&graph::sound_args(&graph, &folder, drawn)).await?;
        block_in_place(|| self.set.keep(drawn, graph::SOUND)).map_err(broken)
    }

    async fn join(&self, pieces: usize) -> Result<(), ComposeFailure> {
        let broken = |error: io::Error| told(&error, self.composition);
        let list: String = (0..pieces).map(|n| format!("file ../{}\n", piece_name(n))).collect();
        fs::write(self.set.run.join(graph::LIST), list).map_err(broken)?;
        let drawn = "joined.drawn.mp4";
        let told = self.run(&graph::join_args(drawn)).await?;
        if told.frames != Some(self.composition.film.frames) {
            return Err(ComposeFailure::Broken("合成后的帧数不符".to_owned()));
        }
        block_in_place(|| self.set.keep(drawn, JOINED)).map_err(broken)
    }

    async fn run(&self, args: &[String]) -> Result<Told, ComposeFailure> {
        self.composer.ffmpeg.run(&self.set.run, args, self.alive).await
    }
}

fn piece_name(n: usize) -> String {
    format!("piece-{n:05}.mp4")
}

/// The scenes, none longer than a piece may be.
fn pieces(film: &Film) -> Vec<Scene> {
    let cut = |scene: &Scene| {
        let (from, to) = (scene.from, scene.to);
        let starts = (from..to).step_by(usize::try_from(PIECE_FRAMES).unwrap_or(usize::MAX));
        starts
            .map(|from| Scene { from, to: to.min(from + PIECE_FRAMES), tiles: scene.tiles.clone() })
            .collect::<Vec<_>>()
    };
    film.scenes.iter().flat_map(cut).collect()
}

/// Hashes the film, syncs it, gives it its name, and clears the set away.
fn settle(work: &Path, result: &Path) -> io::Result<Composed> {
    let joined = work.join(JOINED);
    let mut file = File::open(&joined)?;
    let (mut sha256, mut size_bytes) = (Sha256::new(), 0);
    let mut buffer = vec![0; 1 << 20];
    loop {
        let read = file.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        sha256.update(&buffer[..read]);
        size_bytes += read as u64;
    }
    file.sync_all()?;
    fs::rename(&joined, result)?;
    if let Some(folder) = result.parent() {
        File::open(folder)?.sync_all()?;
    }
    fs::remove_dir_all(work)?;
    Ok(Composed { size_bytes, sha256: sha256.finalize().into() })
}

#[cfg(test)]
mod tests;
