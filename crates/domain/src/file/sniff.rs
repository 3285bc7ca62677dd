//! What bytes look like, by how they begin: never by what somebody calls them.

use std::fmt;

/// The media type of a file's bytes, one of those that are told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct MediaType(&'static str);

/// Signatures as in the WHATWG's "MIME Sniffing" section 6, the boxes of ISO/IEC 14496-12 4.3, and RIFF's form types.
/// The first that fits counts: offset, bytes, type.
const SIGNATURES: &[(usize, &[u8], &str)] = &[
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBPVP", "image/webp"),
    (0, b"BM", "image/bmp"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (4, b"ftypheic", "image/heic"),
    (4, b"ftypavif", "image/avif"),
    (4, b"ftypM4A ", "audio/mp4"),
    (4, b"ftypqt  ", "video/quicktime"),
    (4, b"ftyp", "video/mp4"),
    (0, b"\x1a\x45\xdf\xa3", "video/webm"),
    (0, b"OggS\0", "audio/ogg"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
];

impl MediaType {
    /// Whatever else.
    pub const UNKNOWN: Self = Self("application/octet-stream");
    /// What recordings are made into.
    pub const MP4: Self = Self("video/mp4");
    /// As many bytes as are looked at.
    pub const HEAD_BYTES: usize = 16;

    /// The type of bytes that begin so.
    #[must_use]
    pub fn of(head: &[u8]) -> Self {
        let fits = |&&(offset, bytes, _): &&(usize, &[u8], &str)| {
            head.get(offset..).is_some_and(|rest| rest.starts_with(bytes))
        };
        SIGNATURES.iter().find(fits).map_or(Self::UNKNOWN, |&(.., name)| Self(name))
    }

    /// The type of that name, as a store reads it back; unknown for a name that this program does not know.
    #[must_use]
    pub fn from_name(name: &str) -> Self {
        SIGNATURES.iter().find(|(.., known)| *known == name).map_or(Self::UNKNOWN, |&(.., name)| Self(name))
    }

    /// The name, as HTTP knows it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0
    }

    /// Whether a browser may show it on our origin: pictures, sound, films and PDF. No type here can hold a script that a
    /// browser would run; SVG and HTML are unknown.
    #[must_use]
    pub fn is_shown(self) -> bool {
        ["image/", "audio/", "video/", "application/pdf"].iter().any(|front| self.0.starts_with(front))
    }
}

impl fmt::Display for MediaType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

/// Whether bytes begin as those of an MP4 file: with a box `ftyp`.
#[must_use]
pub fn is_mp4(head: &[u8]) -> bool {
    head.get(4..8) == Some(b"ftyp")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_known_by_how_they_begin() {
        assert_eq!(MediaType::of(b"\0\0\0\x20ftypisom\0\0\0\0"), MediaType::MP4);
        assert_eq!(MediaType::of(b"\xff\xd8\xff\xe0\0\x10JFIF").name(), "image/jpeg");
        assert_eq!(MediaType::of(b"RIFF\0\0\0\0WEBPVP8 ").name(), "image/webp");
        assert_eq!(MediaType::of(b"RIFF\0\0\0\0WAVEfmt ").name(), "audio/wav");
        assert_eq!(MediaType::of(b"%PDF-1.7").name(), "application/pdf");
        assert_eq!(MediaType::of(b"PK\x03\x04").name(), "application/zip");
    }

    #[test]
    fn what_could_hold_a_script_is_unknown_and_not_shown() {
        for head in [&b"<svg xmlns="[..], b"<!doctype html>", b"<?xml version", b"", b"MZ", b"\0\0\0"] {
            assert_eq!(MediaType::of(head), MediaType::UNKNOWN);
        }
        assert!(!MediaType::UNKNOWN.is_shown() && !MediaType::of(b"PK\x03\x04").is_shown());
        assert!(MediaType::MP4.is_shown() && MediaType::of(b"%PDF-1.7").is_shown());
    }

    #[test]
    fn every_type_reads_back_from_its_name() {
        for (_, _, name) in SIGNATURES {
            assert_eq!(MediaType::from_name(name).name(), *name);
        }
        assert_eq!(MediaType::from_name("text/html"), MediaType::UNKNOWN);
    }

    #[test]
    fn an_mp4_begins_with_its_kind() {
        assert!(is_mp4(b"\0\0\0\x18ftypmp42"));
        assert!(is_mp4(b"\0\0\0\x14ftypqt  "));
        assert!(!is_mp4(b"ftyp") && !is_mp4(b"") && !is_mp4(b"\0\0\0\x18moov"));
    }
}
