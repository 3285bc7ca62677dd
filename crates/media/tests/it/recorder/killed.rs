//! What recovery makes of files that were cut short, byte by byte.

use std::collections::BTreeMap;
use std::io::Cursor;
use std::time::Duration;

use mingjian_domain::id::TrackId;
use mingjian_domain::recording::journal::Entry;
use mingjian_media::recorder::JOURNAL;
use mingjian_media::recorder::recovery::{Examined, Index, Whole, examine, rewrite};
use mingjian_testkit::clip::ClipSpec;
use mingjian_testkit::net::Weather;
use mingjian_testkit::random::Seeded;

use super::stage::{Stage, epoch};
use super::{SECOND, clip, publisher};

/// A recording in the middle of being made: its journal, its one file's name and bytes.
fn interrupted(seconds: u32) -> Option<(Vec<u8>, String, Vec<u8>)> {
    let clip = clip(&ClipSpec { width: 128, height: 96, fps: 5, key_every: 10, kbps: 20, seconds: 4, tone_hz: 440 })?;
    let mut stage = Stage::new();
    stage.join(publisher(&stage, &clip, Weather::CLEAR));
    stage.run_for(seconds * SECOND + Duration::from_millis(200));
    let (file, _) = stage.tracks().pop()?;
    Some((stage.files[JOURNAL].clone(), file.clone(), stage.files[&file].clone()))
}

fn examined(journal: &[u8], name: &str, bytes: &[u8]) -> Examined {
    let index = Index::read(journal).expect("memory can be read");
    let known = index.tracks.iter().next().map(|(track, indexed)| (*track, indexed));
    let fresh = TrackId::mint(epoch(), &mut Seeded::new(3));
    examine(name, &mut Cursor::new(bytes), bytes.len() as u64, known, fresh).expect("memory can be read")
}

fn whole(journal: &[u8], name: &str, bytes: &[u8]) -> Whole {
    match examined(journal, name, bytes) {
        Examined::Whole(whole) => *whole,
        Examined::Worthless => panic!("{} bytes should be worth something", bytes.len()),
    }
}

fn fragment_ends(journal: &[u8]) -> Vec<u64> {
    let entries = journal.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok());
    entries
        .filter_map(|entry| if let Entry::Fragment { offset, bytes, .. } = entry { Some(offset + bytes) } else { None })
        .collect()
}

#[test]
fn wherever_a_file_is_cut_all_whole_fragments_stay_and_nothing_else() {
    let Some((journal, name, bytes)) = interrupted(10) else { return };
    let ends = fragment_ends(&journal);
    assert_eq!(ends.last(), Some(&(bytes.len() as u64)));
    // Beyond what the journal vouches for, too: recovery looks at sixteen fragments, these are all.
    for cut in 0..bytes.len() {
        let expected = ends.iter().rev().find(|end| **end <= cut as u64);
        // Nearly every byte of the last two fragments, and every 101st before.
        if (cut as u64) < ends[ends.len() - 3] && cut % 101 != 0 {
            continue;
        }
        match (examined(&journal, &name, &bytes[..cut]), expected) {
            (Examined::Whole(whole), Some(end)) => assert_eq!(whole.size_bytes, *end, "cut at {cut}"),
            (Examined::Worthless, None) => {}
            (found, expected) => panic!("cut at {cut}: {found:?} instead of {expected:?}"),
        }
    }
}

#[test]
fn without_any_journal_the_file_tells_the_same() {
    let Some((journal, name, bytes)) = interrupted(10) else { return };
    let made = whole(b"", &name, &bytes);
    let known = whole(&journal, &name, &bytes);
    assert_eq!((made.size_bytes, made.sha256, made.end_ms), (known.size_bytes, known.sha256, known.end_ms));
    assert_eq!(known.missing, []);
    let mut new = Vec::new();
    rewrite(&b""[..], &BTreeMap::from([(TrackId::mint(epoch(), &mut Seeded::new(3)), made)]), &mut new)
        .expect("memory can be written");
    let entries = |text: &[u8]| -> Vec<Entry> {
        text.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok()).collect()
    };
    let plain = |entry: Entry| match entry {
        Entry::Open { participant, source, file, from_ms, init_bytes, codecs, size, .. } => {
            format!("{participant} {source:?} {file} {from_ms} {init_bytes} {codecs} {size:?}")
        }
        Entry::Fragment { offset, bytes, from_ms, duration_ms, key, chain, .. } => {
            format!("{offset} {bytes} {from_ms} {duration_ms} {key} {chain}")
        }
        Entry::Gap { .. } | Entry::Close { .. } => "end".into(),
    };
    let mut was: Vec<String> = entries(&journal).into_iter().map(plain).collect();
    was.push("end".into());
    // The number in a file's name is where it begins, so that nothing at all is lost with the journal.
    assert_eq!(entries(&new).into_iter().map(plain).collect::<Vec<_>>(), was);
}

#[test]
fn a_changed_byte_does_not_change_the_journal_s_word() {
    let Some((journal, name, mut bytes)) = interrupted(10) else { return };
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    let found = whole(&journal, &name, &bytes);
    let mut new = Vec::new();
    let index = Index::read(journal.as_slice()).expect("memory can be read");
    let track = *index.tracks.keys().next().expect("a track");
    rewrite(journal.as_slice(), &BTreeMap::from([(track, found)]), &mut new).expect("memory can be written");
    assert!(new.starts_with(&journal), "what was journalled stays as it was, so that the change is found out");
}
