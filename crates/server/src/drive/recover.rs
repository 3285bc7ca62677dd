//! Makes the folder of a recording whole after a crash: the part that touches files. What it decides is in `media::recorder::recovery`.

use std::collections::BTreeMap;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;

use mingjian_domain::id::TrackId;
use mingjian_domain::random::Randomness;
use mingjian_domain::recording::journal::Entry;
use mingjian_media::recorder::JOURNAL;
use mingjian_media::recorder::recovery::{self, Examined, Index, Recovered, RecoveredTrack, Whole};
use time::OffsetDateTime;

/// The journal while it is being written anew; one that is found was left by an interrupted recovery and is worth nothing.
const NEW_JOURNAL: &str = "journal.jsonl.new";

/// Cuts what is not whole, removes files without a fragment, mends the journal, closes every track, and says what there is.
/// Everything is synced. It can be interrupted at any point and run again, and changes nothing in a folder that is whole.
///
/// No recorder may be writing to the folder. `now` and `random` make ids for tracks whose opening line was lost.
///
/// # Errors
///
/// The folder or a file in it cannot be read or written.
pub fn recover(folder: &Path, now: OffsetDateTime, random: &mut dyn Randomness) -> io::Result<Recovered> {
    let journal_path = folder.join(JOURNAL);
    if !journal_path.exists() {
        File::create(&journal_path)?;
    }
    let index = Index::read(BufReader::new(File::open(&journal_path)?))?;
    let mut whole: BTreeMap<TrackId, Whole> = BTreeMap::new();
    let mut names: Vec<String> = fs::read_dir(folder)?
        .map(|entry| Ok(entry?.file_name().to_string_lossy().into_owned()))
        .collect::<io::Result<_>>()?;
    names.retain(|name| recovery::read_name(name).is_some());
    names.sort_unstable();
    for name in names {
        let path = folder.join(&name);
        let mut file = OpenOptions::new().read(true).write(true).open(&path)?;
        let length = file.metadata()?.len();
        let known =
            index.tracks.iter().find(|(_, indexed)| indexed.file == name).map(|(track, indexed)| (*track, indexed));
        let track = known.map_or_else(|| TrackId::mint(now, random), |(track, _)| track);
        match recovery::examine(&name, &mut file, length, known, track)? {
            Examined::Worthless => fs::remove_file(&path)?,
            Examined::Whole(found) => {
                if found.size_bytes < length {
                    file.set_len(found.size_bytes)?;
                }
                file.sync_all()?;
                whole.insert(track, *found);
            }
        }
    }
    replace_journal(folder, &journal_path, &whole)?;
    Ok(recovered(whole))
}

/// Writes the journal anew beside the old one and puts it in its place in one move.
fn replace_journal(folder: &Path, journal_path: &Path, whole: &BTreeMap<TrackId, Whole>) -> io::Result<()> {
    let new_path = folder.join(NEW_JOURNAL);
    let mut new = BufWriter::new(File::create(&new_path)?);
    recovery::rewrite(BufReader::new(File::open(journal_path)?), whole, &mut new)?;
    new.flush()?;
    new.get_ref().sync_all()?;
    fs::rename(&new_path, journal_path)?;
    File::open(folder)?.sync_all()
}

fn recovered(whole: BTreeMap<TrackId, Whole>) -> Recovered {
    let mut recovered = Recovered::default();
    for (track, whole) in whole {
        if let Entry::Open { participant, source, file, from_ms, .. } = whole.open {
            recovered.end_ms = recovered.end_ms.max(whole.end_ms);
            let duration_ms = whole.end_ms.saturating_sub(from_ms);
            recovered.tracks.push(RecoveredTrack {
                track,
                participant,
                source,
                file,
                from_ms,
                duration_ms,
                size_bytes: whole.size_bytes,
                sha256: whole.sha256,
            });
        }
    }
    recovered
}

#[cfg(test)]
mod tests;
