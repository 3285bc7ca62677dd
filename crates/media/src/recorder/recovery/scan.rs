//! How much of a track file is whole.

use std::io::{self, Read, Seek, SeekFrom};

use mingjian_domain::id::TrackId;
use mingjian_domain::recording::journal::Entry;
use sha2::{Digest, Sha256};
use shiguredo_mp4::boxes::{MoofBox, MoovBox, SampleEntry};
use shiguredo_mp4::{Decode, codec_string};

use super::super::boxes::{PICTURES, Run, SOUND, Sample};
use super::super::outbox::ms;
use super::super::track::{Span, hex};
use super::journal::{Indexed, Mark};
use super::read_name;

/// A box that claims to be larger was not written by the recorder.
const LARGEST_BOX: u64 = 64 << 20;

/// A track file that stays.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Whole {
    /// So many bytes of it are whole.
    pub size_bytes: u64,
    /// SHA-256 of those bytes.
    pub sha256: [u8; 32],
    /// Where its media end in the recording.
    pub end_ms: u64,
    /// Its opening line, from the journal or, if it is not there, made from the file.
    pub open: Entry,
    /// Whether that line is in the journal.
    pub open_is_journalled: bool,
    /// Length of its initialisation segment.
    pub init_bytes: u64,
    /// Up to here the journal's own lines hold.
    pub journalled: u64,
    /// Fragments that the journal lacks.
    pub missing: Vec<Entry>,
    /// The line that closes it; none when the journal's own holds.
    pub close: Option<Entry>,
}

/// What there is to say of a track file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Examined {
    /// There is not one whole fragment in it.
    Worthless,
    /// There is.
    Whole(Box<Whole>),
}

/// Looks at the file `name` of `length` bytes. `fresh` is the id it gets when the journal does not know it.
///
/// The journal's word is taken for all but its latest fragments of the file; those and everything behind them are read.
///
/// # Errors
///
/// It cannot be read.
pub fn examine(
    name: &str,
    file: &mut (impl Read + Seek),
    length: u64,
    known: Option<(TrackId, &Indexed)>,
    fresh: TrackId,
) -> io::Result<Examined> {
    let Some(init) = Init::read(file, length)? else { return Ok(Examined::Worthless) };
    let Some((open, track, from_ms)) = opening(name, &init, known, fresh) else { return Ok(Examined::Worthless) };
    let marks: Vec<Mark> = known.map(|(_, indexed)| indexed.marks.iter().copied().collect()).unwrap_or_default();
    let mut scan = Scan {
        track,
        zero_ms: from_ms,
        has_pictures: init.size.is_some(),
        at: init.bytes,
        shown_ms: from_ms,
        end_ms: from_ms,
        chain: [0; 32],
        found: Vec::new(),
    };
    // From the earliest of the latest fragments on, if the journal reaches back far enough; the fragment before it hands over chain and time.
    if let [before, rest @ ..] = marks.as_slice()
        && rest.first().is_some_and(|mark| mark.offset + mark.bytes <= length)
    {
        scan.at = before.offset + before.bytes;
        scan.shown_ms = before.end_ms;
        scan.end_ms = before.end_ms;
        scan.chain = before.chain;
    }
    let begun_at = scan.at;
    scan.run(file, length, &marks)?;
    if scan.at == begun_at && begun_at != init.bytes {
        // What the journal vouched for is not there: believe nothing of it.
        let (at, shown_ms) = (init.bytes, from_ms);
        scan = Scan { at, shown_ms, end_ms: from_ms, chain: [0; 32], found: Vec::new(), ..scan };
        scan.run(file, length, &marks)?;
    }
    if scan.at == init.bytes {
        return Ok(Examined::Worthless);
    }
    let journalled = known.map_or(init.bytes, |(_, indexed)| indexed.journalled).min(scan.at).max(init.bytes);
    let is_journalled = |entry: &Entry| matches!(entry, Entry::Fragment { offset, .. } if *offset < journalled);
    let missing: Vec<Entry> = scan.found.into_iter().filter(|entry| !is_journalled(entry)).collect();
    let closed = known.and_then(|(_, indexed)| indexed.closed).and_then(|(bytes, sha256)| Some((bytes, sha256?)));
    let (sha256, close) = match closed {
        Some((bytes, sha256)) if bytes == scan.at && bytes == length && missing.is_empty() => (sha256, None),
        _ => {
            let sha256 = hash(file, scan.at)?;
            (sha256, Some(Entry::Close { track, bytes: scan.at, sha256: Some(hex(&sha256)) }))
        }
    };
    Ok(Examined::Whole(Box::new(Whole {
        size_bytes: scan.at,
        sha256,
        end_ms: scan.end_ms,
        open,
        open_is_journalled: known.is_some(),
        init_bytes: init.bytes,
        journalled,
        missing,
        close,
    })))
}

/// The opening line: the journal's, or one made of the file's name and beginning.
fn opening(
    name: &str,
    init: &Init,
    known: Option<(TrackId, &Indexed)>,
    fresh: TrackId,
) -> Option<(Entry, TrackId, u64)> {
    if let Some((track, indexed)) = known {
        return (indexed.init_bytes == init.bytes).then(|| (indexed.open.clone(), track, indexed.from_ms));
    }
    let (participant, source, from_ms) = read_name(name)?;
    let open = Entry::Open {
        track: fresh,
        participant,
        source,
        file: name.to_owned(),
        from_ms,
        init_bytes: init.bytes,
        codecs: init.codecs.clone(),
        size: init.size,
    };
    Some((open, fresh, from_ms))
}

/// SHA-256 of the first `length` bytes.
fn hash(file: &mut (impl Read + Seek), length: u64) -> io::Result<[u8; 32]> {
    file.seek(SeekFrom::Start(0))?;
    let mut sha256 = Sha256::new();
    let mut rest = file.take(length);
    let mut buffer = vec![0; 1 << 18];
    loop {
        let count = rest.read(&mut buffer)?;
        if count == 0 {
            return Ok(sha256.finalize().into());
        }
        sha256.update(&buffer[..count]);
    }
}

/// Reads the whole box of `kind` at `at` of a file of `length` bytes; none when it is not there in full.
fn read_box(file: &mut (impl Read + Seek), at: u64, length: u64, kind: &[u8; 4]) -> io::Result<Option<Vec<u8>>> {
    if at + 8 > length {
        return Ok(None);
    }
    let mut header = [0; 8];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut header)?;
    let size = u64::from(u32::from_be_bytes([header[0], header[1], header[2], header[3]]));
    if header[4..] != *kind || !(8..=LARGEST_BOX).contains(&size) || at + size > length {
        return Ok(None);
    }
    let mut bytes = header.to_vec();
    bytes.resize(usize::try_from(size).expect("at most 64 MB"), 0);
    file.read_exact(&mut bytes[8..])?;
    Ok(Some(bytes))
}

/// The beginning of a file.
struct Init {
    bytes: u64,
    codecs: String,
    size: Option<(u16, u16)>,
}

impl Init {
    fn read(file: &mut (impl Read + Seek), length: u64) -> io::Result<Option<Self>> {
        let Some(ftyp) = read_box(file, 0, length, b"ftyp")? else { return Ok(None) };
        let at = ftyp.len() as u64;
        let Some(moov) = read_box(file, at, length, b"moov")? else { return Ok(None) };
        let bytes = at + moov.len() as u64;
        let Ok((moov, _)) = MoovBox::decode(&moov) else { return Ok(None) };
        let entries: Vec<&SampleEntry> =
            moov.trak_boxes.iter().flat_map(|trak| &trak.mdia_box.minf_box.stbl_box.stsd_box.entries).collect();
        let codecs: Vec<String> = entries
            .iter()
            .filter_map(|entry| codec_string::from_sample_entry(entry).ok())
            .map(|codec| codec.replace("Opus", "opus"))
            .collect();
        let size = entries.iter().find_map(|entry| {
            if let SampleEntry::Avc1(avc1) = entry { Some((avc1.visual.width, avc1.visual.height)) } else { None }
        });
        Ok(Some(Self { bytes, codecs: codecs.join(","), size }))
    }
}

/// Goes from fragment to fragment.
struct Scan {
    track: TrackId,
    zero_ms: u64,
    has_pictures: bool,
    at: u64,
    shown_ms: u64,
    end_ms: u64,
    chain: [u8; 32],
    found: Vec<Entry>,
}

impl Scan {
    fn run(&mut self, file: &mut (impl Read + Seek), length: u64, marks: &[Mark]) -> io::Result<()> {
        while let Some(moof) = read_box(file, self.at, length, b"moof")? {
            let Some(mdat) = read_box(file, self.at + moof.len() as u64, length, b"mdat")? else { break };
            let Some([pictures, sound]) = runs(&moof, &mdat) else { break };
            self.take(&pictures, &sound, &moof, &mdat, marks);
        }
        Ok(())
    }

    fn take(&mut self, pictures: &Run, sound: &Run, moof: &[u8], mdat: &[u8], marks: &[Mark]) {
        let us = |ms: u64| i64::try_from(ms).unwrap_or(i64::MAX / 1000) * 1000;
        let zero_us = us(self.zero_ms);
        let span = Span::of(pictures, sound, self.has_pictures, us(self.shown_ms) - zero_us);
        let bytes = (moof.len() + mdat.len()) as u64;
        // The journal's own word stands, so that a file that was changed meanwhile is found out and not covered up.
        let vouched = marks.iter().find(|mark| mark.offset == self.at && mark.bytes == bytes).map(|mark| mark.chain);
        self.chain = vouched.unwrap_or_else(|| {
            Sha256::new_with_prefix(self.chain).chain_update(moof).chain_update(mdat).finalize().into()
        });
        let from_ms = ms(zero_us + span.from_us);
        self.shown_ms = ms(zero_us + span.end_us);
        self.end_ms = self.end_ms.max(ms(zero_us + span.media_end_us));
        self.found.push(Entry::Fragment {
            track: self.track,
            offset: self.at,
            bytes,
            from_ms,
            duration_ms: self.shown_ms - from_ms.min(self.shown_ms),
            key: span.key,
            chain: hex(&self.chain),
        });
        self.at += bytes;
    }
}

/// The samples of a fragment; none unless they fill the `mdat` to the byte and every picture is made of whole NAL units.
fn runs(moof: &[u8], mdat: &[u8]) -> Option<[Run; 2]> {
    let (decoded, size) = MoofBox::decode(moof).ok()?;
    let mut next = moof.len() + 8;
    let mut runs = [Run::default(), Run::default()];
    for traf in &decoded.traf_boxes {
        let run = match traf.tfhd_box.track_id {
            PICTURES => &mut runs[0],
            SOUND => &mut runs[1],
            _ => return None,
        };
        let [trun] = traf.trun_boxes.as_slice() else { return None };
        if usize::try_from(trun.data_offset?).ok()? != next || !run.samples.is_empty() {
            return None;
        }
        run.at = Some(traf.tfdt_box.as_ref()?.base_media_decode_time).filter(|at| *at < 1 << 48)?;
        for sample in &trun.samples {
            let from = next - moof.len();
            next += usize::try_from(sample.size?).ok()?;
            let bytes = mdat.get(from..next - moof.len())?;
            if traf.tfhd_box.track_id == PICTURES && !is_whole_picture(bytes) {
                return None;
            }
            run.samples.push(Sample {
                duration: sample.duration?,
                size: sample.size?,
                key: !sample.flags?.sample_is_non_sync_sample(),
            });
        }
    }
    let full = size == moof.len() && next == moof.len() + mdat.len() && runs.iter().any(|run| !run.samples.is_empty());
    full.then_some(runs)
}

/// Whether NAL units fill the sample. Blocks of a file that were allocated and never written are zeros.
fn is_whole_picture(mut bytes: &[u8]) -> bool {
    if bytes.is_empty() {
        return false;
    }
    while let Some((length, rest)) = bytes.split_first_chunk::<4>() {
        match usize::try_from(u32::from_be_bytes(*length)) {
            Ok(length @ 1..) if length <= rest.len() && rest[0] != 0 => bytes = &rest[length..],
            _ => return false,
        }
    }
    bytes.is_empty()
}
