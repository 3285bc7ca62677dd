//! `Upload-Metadata`: names with base64 values, comma-joined.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use mingjian_domain::error::{Error, Refused, Result};
use mingjian_service::counter::uploads::Announcement;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Reads what a browser says of a take that it kept.
///
/// # Errors
/// [`Error::Invalid`] naming what is missing or wrong; [`Refused::WrongType`].
pub(super) fn read(text: &str, length_bytes: u64) -> Result<Announcement> {
    let mut pairs = BTreeMap::new();
    for pair in text.split(',').map(str::trim).filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once(' ').unwrap_or((pair, ""));
        let value = STANDARD.decode(value.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
        let value = value.ok_or_else(|| Error::Invalid(format!("Upload-Metadata {name}:应为 UTF-8 文字的 base64")))?;
        if pairs.insert(name, value).is_some() {
            return Err(Error::Invalid(format!("Upload-Metadata {name}:只能有一个值")));
        }
    }
    announcement(|name| pairs.get(name).map(String::as_str), length_bytes)
}

/// Puts the named values together, wherever they stood.
///
/// # Errors
/// As [`read`].
pub(super) fn announcement<'a>(value: impl Fn(&str) -> Option<&'a str>, length_bytes: u64) -> Result<Announcement> {
    let value = |name: &str| value(name).map(str::trim).filter(|text| !text.is_empty());
    let must = |name: &str| value(name).ok_or_else(|| Error::Invalid(format!("{name}:必填")));
    let began_at = value("startedAt").map(|text| {
        OffsetDateTime::parse(text, &Rfc3339)
            .map_err(|_| Error::Invalid("startedAt:应为带时区的时间，例如 2026-11-23T09:00:00Z".into()))
    });
    let duration_ms = value("durationMs").map(|text| {
        text.parse().ok().filter(|&ms| ms <= LONGEST_MS).ok_or_else(|| Error::Invalid("durationMs:应为毫秒数".into()))
    });
    let sha256 = value("sha256").map(|text| {
        let bytes = hex::decode(text).ok().and_then(|bytes| bytes.try_into().ok());
        bytes.ok_or_else(|| Error::Invalid("sha256:应为 64 位十六进制".into()))
    });
    Ok(Announcement {
        local_id: must("localId")?.to_owned(),
        business_no: must("businessNo")?.to_owned(),
        video_type: must("videoType")?.parse()?,
        again: value("reason").map(str::to_owned),
        began_at: began_at.transpose()?,
        duration_ms: duration_ms.transpose()?.unwrap_or(0),
        content_type: content_type(must("filetype")?)?,
        sha256: sha256.transpose()?,
        length_bytes,
    })
}

/// A day: a browser that says more is wrong.
const LONGEST_MS: u64 = 24 * 60 * 60 * 1_000;

/// The kind without its codecs.
fn content_type(text: &str) -> Result<String> {
    let essence = text.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    if ["video/mp4", "video/webm"].contains(&essence.as_str()) { Ok(essence) } else { Err(Refused::WrongType.into()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(pairs: &[(&str, &str)]) -> String {
        let pairs: Vec<String> =
            pairs.iter().map(|(name, value)| format!("{name} {}", STANDARD.encode(value))).collect();
        pairs.join(",")
    }

    const NEEDED: [(&str, &str); 4] = [
        ("localId", "0190a5f28c1e7d3a9b4f"),
        ("businessNo", "A3239239"),
        ("videoType", "风控面谈"),
        ("filetype", "video/webm;codecs=vp8,opus"),
    ];

    #[test]
    fn what_a_browser_says_is_read() {
        let sum = "ab".repeat(32);
        let more = [("startedAt", "2026-11-23T20:00:00+08:00"), ("durationMs", "1500"), ("sha256", sum.as_str())];
        let said = read(&header(&[&NEEDED[..], &more].concat()), 7).expect("metadata");
        assert_eq!((said.business_no.as_str(), said.video_type.as_str()), ("A3239239", "风控面谈"));
        assert_eq!((said.content_type.as_str(), said.duration_ms, said.length_bytes), ("video/webm", 1_500, 7));
        assert_eq!(said.began_at, Some(time::macros::datetime!(2026-11-23 12:00 UTC)));
        assert_eq!(said.sha256, Some([0xab; 32]));
        assert_eq!(read(&header(&NEEDED), 7).expect("metadata").sha256, None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (pairs, name) in [
            (&NEEDED[1..], "localId"),
            (&NEEDED[..3], "filetype"),
            (&[&NEEDED[..], &[("startedAt", "noon")]].concat()[..], "startedAt"),
            (&[&NEEDED[..], &[("durationMs", "-1")]].concat()[..], "durationMs"),
            (&[&NEEDED[..], &[("sha256", "abc")]].concat()[..], "sha256"),
            (&[&NEEDED[..], &NEEDED[..1]].concat()[..], "localId"),
        ] {
            let complaint = read(&header(pairs), 7).expect_err(name).to_string();
            assert!(complaint.contains(name), "{complaint}");
        }
        assert!(read("localId !!!", 7).is_err());
        assert!(read("", 7).is_err());
    }

    #[test]
    fn only_videos_are_taken() {
        assert!(content_type("video/mp4;codecs=avc1.42E01E").is_ok_and(|kind| kind == "video/mp4"));
        for kind in ["text/html", "image/svg+xml", "video/quicktime", ""] {
            assert!(content_type(kind).is_err(), "{kind}");
        }
    }
}
