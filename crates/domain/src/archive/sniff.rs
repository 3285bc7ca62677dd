//! What a file is, by its first bytes. A name proves nothing: only what the content shows may be opened on our own origin.

/// Bytes of the beginning that are enough to tell.
pub const HEAD_BYTES: usize = 512;

/// A kind of file that is known by its first bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
    /// GIF.
    Gif,
    /// WebP.
    WebP,
    /// BMP.
    Bmp,
    /// PDF.
    Pdf,
    /// MP4, MOV and their kin.
    Mp4,
    /// `WebM` and Matroska.
    WebM,
    /// MP3.
    Mp3,
    /// WAV.
    Wav,
    /// Ogg.
    Ogg,
    /// ZIP, and the office files that are ZIPs.
    Zip,
    /// HTML.
    Html,
    /// SVG or other XML.
    Xml,
}

impl Kind {
    /// The kind whose mark stands at the beginning (WHATWG MIME Sniffing, section 6, where it has one).
    #[must_use]
    pub fn of(head: &[u8]) -> Option<Self> {
        let begins = |mark: &[u8]| head.starts_with(mark);
        let at = |place: usize, mark: &[u8]| head.get(place..place + mark.len()) == Some(mark);
        match () {
            () if begins(b"\xFF\xD8\xFF") => Some(Self::Jpeg),
            () if begins(b"\x89PNG\r\n\x1A\n") => Some(Self::Png),
            () if begins(b"GIF87a") || begins(b"GIF89a") => Some(Self::Gif),
            () if begins(b"RIFF") && at(8, b"WEBPVP") => Some(Self::WebP),
            () if begins(b"RIFF") && at(8, b"WAVE") => Some(Self::Wav),
            () if begins(b"BM") && head.len() > 14 && at(6, &[0; 4]) => Some(Self::Bmp),
            () if begins(b"%PDF-") => Some(Self::Pdf),
            () if at(4, b"ftyp") => Some(Self::Mp4),
            () if begins(b"\x1A\x45\xDF\xA3") => Some(Self::WebM),
            () if begins(b"ID3") || begins(b"\xFF\xFB") || begins(b"\xFF\xF3") => Some(Self::Mp3),
            () if begins(b"OggS\0") => Some(Self::Ogg),
            () if begins(b"PK\x03\x04") => Some(Self::Zip),
            () => Self::of_markup(head),
        }
    }

    fn of_markup(head: &[u8]) -> Option<Self> {
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let begins = |mark: &[u8]| text.get(..mark.len()).is_some_and(|start| start.eq_ignore_ascii_case(mark));
        if [&b"<!doctype html"[..], b"<html", b"<head", b"<body", b"<script", b"<iframe"]
            .iter()
            .any(|mark| begins(mark))
        {
            return Some(Self::Html);
        }
        (begins(b"<?xml") || begins(b"<svg") || begins(b"<!doctype svg")).then_some(Self::Xml)
    }

    /// The content type.
    #[must_use]
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Gif => "image/gif",
            Self::WebP => "image/webp",
            Self::Bmp => "image/bmp",
            Self::Pdf => "application/pdf",
            Self::Mp4 => "video/mp4",
            Self::WebM => "video/webm",
            Self::Mp3 => "audio/mpeg",
            Self::Wav => "audio/wav",
            Self::Ogg => "audio/ogg",
            Self::Zip => "application/zip",
            Self::Html => "text/html",
            Self::Xml => "application/xml",
        }
    }
}

/// Whether a file of that noted type may be opened on our own origin: pictures (no SVG, which can run scripts), PDF, sound and
/// film. Everything else is only handed out to be saved.
#[must_use]
pub fn may_be_shown(content_type: &str) -> bool {
    const SHOWN: [Kind; 11] = [
        Kind::Jpeg,
        Kind::Png,
        Kind::Gif,
        Kind::WebP,
        Kind::Bmp,
        Kind::Pdf,
        Kind::Mp4,
        Kind::WebM,
        Kind::Mp3,
        Kind::Wav,
        Kind::Ogg,
    ];
    SHOWN.iter().any(|kind| kind.content_type() == content_type)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_known_by_their_marks() {
        for (head, kind) in [
            (&b"\xFF\xD8\xFF\xE0"[..], Kind::Jpeg),
            (b"\x89PNG\r\n\x1A\n....", Kind::Png),
            (b"RIFF....WEBPVP8 ", Kind::WebP),
            (b"RIFF....WAVEfmt ", Kind::Wav),
            (b"....ftypisom", Kind::Mp4),
            (b"PK\x03\x04....", Kind::Zip),
            (b" \n<!DOCTYPE HTML>", Kind::Html),
            (b"\xEF\xBB\xBF<html>", Kind::Html),
            (b"<svg xmlns=''>", Kind::Xml),
        ] {
            assert_eq!(Kind::of(head), Some(kind));
        }
        for nothing in [&b""[..], b"B", b"hello", b"RIFF", b"....fty"] {
            assert_eq!(Kind::of(nothing), None);
        }
    }

    #[test]
    fn nothing_that_can_run_a_script_is_shown() {
        for content_type in ["text/html", "image/svg+xml", "application/xml", "text/plain", "application/octet-stream"]
        {
            assert!(!may_be_shown(content_type), "{content_type}");
        }
        assert!(may_be_shown("image/png") && may_be_shown("application/pdf") && may_be_shown("video/mp4"));
    }
}
