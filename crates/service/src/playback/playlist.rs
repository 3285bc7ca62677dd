//! Playlists as text (RFC 8216): pure functions of what the journal holds.

use std::fmt::Write as _;

use mingjian_domain::id::ParticipantId;
use mingjian_domain::recording::journal::Source;
use time::format_description::StaticFormatDescription;
use time::macros::format_description;
use time::{Duration, OffsetDateTime, UtcOffset};

use super::index::{File, LONGEST_MS};

/// Byte ranges of initialisation segments need version 6 (RFC 8216 section 7).
const HEADER: &str = "#EXTM3U\n#EXT-X-VERSION:7\n";
const MOMENT: StaticFormatDescription =
    format_description!("[year]-[month]-[day]T[hour]:[minute]:[second].[subsecond digits:3]Z");

/// What one playlist holds of a participant. Files with and without pictures cannot follow each other in one playlist: players
/// choose their decoders by the first file. So what was recorded while there was no picture is a stream of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stream {
    /// Camera and microphone.
    Camera,
    /// The microphone alone, from files that were begun while there was no picture.
    Microphone,
    /// A shared screen.
    Screen,
}

impl Stream {
    /// Every stream.
    pub const ALL: [Self; 3] = [Self::Camera, Self::Microphone, Self::Screen];

    /// The stream of a file that shows `source`.
    #[must_use]
    pub const fn of(source: Source, has_picture: bool) -> Self {
        match (source, has_picture) {
            (Source::Camera, true) => Self::Camera,
            (Source::Camera, false) => Self::Microphone,
            (Source::Screen, _) => Self::Screen,
        }
    }

    /// Whether there is something to see in it.
    #[must_use]
    pub const fn has_picture(self) -> bool {
        match self {
            Self::Camera | Self::Screen => true,
            Self::Microphone => false,
        }
    }

    /// The word in addresses and in the API.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Camera => "camera",
            Self::Microphone => "microphone",
            Self::Screen => "screen",
        }
    }
}

/// The word of a source in the API.
#[must_use]
pub const fn source_word(source: Source) -> &'static str {
    Stream::of(source, true).word()
}

/// The multivariant playlist: one variant per participant and stream, in the order of their beginnings, those with pictures first. `address` gives
/// the address of a media playlist.
#[must_use]
pub fn multivariant(files: &[File], address: impl Fn(ParticipantId, Stream) -> String) -> String {
    let mut variants: Vec<(ParticipantId, Stream)> = Vec::new();
    for file in files.iter().filter(|file| !file.segments.is_empty()) {
        if !variants.contains(&(file.participant, file.stream())) {
            variants.push((file.participant, file.stream()));
        }
    }
    // Players that take the first variant should show a picture.
    variants.sort_by_key(|&(_, stream)| stream == Stream::Microphone);
    let mut text = HEADER.to_owned();
    for (participant, stream) in variants {
        let own = || files.iter().filter(|file| file.participant == participant && file.stream() == stream);
        let bandwidth =
            own().flat_map(|file| &file.segments).map(|segment| segment.bytes * 8_000 / segment.duration_ms).max();
        let mut codecs: Vec<&str> = own().flat_map(|file| file.codecs.split(',')).collect();
        codecs.sort_unstable();
        codecs.dedup();
        let size = own().filter_map(|file| file.size).max();
        let bandwidth = bandwidth.unwrap_or(0).max(1);
        write_line(&mut text, format_args!("#EXT-X-STREAM-INF:BANDWIDTH={bandwidth},CODECS=\"{}\"", codecs.join(",")));
        if let Some((width, height)) = size {
            text.pop();
            write_line(&mut text, format_args!(",RESOLUTION={width}x{height}"));
        }
        write_line(&mut text, format_args!("{}", address(participant, stream)));
    }
    text
}

/// The media playlist of one participant and stream: all of its files, one after the other. `address` gives the address of a file.
#[must_use]
pub fn media(files: &[&File], started_at: OffsetDateTime, ended: bool, address: impl Fn(&str) -> String) -> String {
    let mut text = HEADER.to_owned();
    let longest = files.iter().flat_map(|file| &file.segments).map(|segment| segment.duration_ms).max().unwrap_or(0);
    // The same from the first segment to the last, as it must be; a single fragment that is longer than any of ours cannot be cut.
    let target = (longest.max(LONGEST_MS) + 500) / 1_000;
    write_line(&mut text, format_args!("#EXT-X-TARGETDURATION:{target}"));
    write_line(&mut text, format_args!("#EXT-X-MEDIA-SEQUENCE:0"));
    write_line(&mut text, format_args!("#EXT-X-PLAYLIST-TYPE:EVENT"));
    let mut first = true;
    for file in files.iter().filter(|file| !file.segments.is_empty()) {
        let address = address(&file.name);
        if !std::mem::take(&mut first) {
            write_line(&mut text, format_args!("#EXT-X-DISCONTINUITY"));
        }
        write_line(&mut text, format_args!("#EXT-X-MAP:URI=\"{address}\",BYTERANGE=\"{}@0\"", file.init_bytes));
        for segment in &file.segments {
            if segment.after_hole {
                write_line(&mut text, format_args!("#EXT-X-DISCONTINUITY"));
            }
            let from_ms = i64::try_from(segment.from_ms).unwrap_or(i64::MAX);
            let date = (started_at + Duration::milliseconds(from_ms)).to_offset(UtcOffset::UTC).format(MOMENT);
            write_line(
                &mut text,
                format_args!("#EXT-X-PROGRAM-DATE-TIME:{}", date.expect("the format has no part that a date lacks")),
            );
            let (seconds, ms) = (segment.duration_ms / 1_000, segment.duration_ms % 1_000);
            write_line(&mut text, format_args!("#EXTINF:{seconds}.{ms:03},"));
            write_line(&mut text, format_args!("#EXT-X-BYTERANGE:{}@{}", segment.bytes, segment.offset));
            write_line(&mut text, format_args!("{address}"));
        }
    }
    if ended {
        write_line(&mut text, format_args!("#EXT-X-ENDLIST"));
    }
    text
}

fn write_line(text: &mut String, line: std::fmt::Arguments<'_>) {
    text.write_fmt(line).and_then(|()| text.write_char('\n')).expect("writing to a string does not fail");
}

#[cfg(test)]
mod tests;
