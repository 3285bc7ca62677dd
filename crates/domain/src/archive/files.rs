//! A file of the archive: temporary until a deposit names it.

use time::{Duration, OffsetDateTime};

use super::sniff::Kind;
use crate::error::Refused;
use crate::id::{ArchiveFileId, TenantId};

/// How long a file waits for a deposit to name it.
pub const TEMPORARY: Duration = Duration::hours(24);
/// Longer names are refused, in bytes: what file systems take.
pub const LONGEST_NAME: usize = 255;

/// A file of the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveFile {
    /// Its id; callers see it as 32 lower-case hex digits.
    pub id: ArchiveFileId,
    /// Whose.
    pub tenant: TenantId,
    /// Where its bytes are.
    pub key: String,
    /// The name that it came with.
    pub name: String,
    /// What it is, by its content and else by its name.
    pub content_type: String,
    /// Its size.
    pub size_bytes: u64,
    /// Its SHA-256.
    pub sha256: [u8; 32],
    /// The login of who brought it.
    pub uploader: String,
    /// When it came, as the caller says or by our clock.
    pub created_at: OffsetDateTime,
    /// When it was last changed: when a deposit named it.
    pub updated_at: OffsetDateTime,
    /// When it goes unless a deposit names it; none once one has.
    pub expires_at: Option<OffsetDateTime>,
}

impl ArchiveFile {
    /// The suffix of its name, in lower case and without the dot.
    #[must_use]
    pub fn extension(&self) -> Option<String> {
        extension(&self.name)
    }

    /// Whether its time is over.
    #[must_use]
    pub fn is_expired(&self, now: OffsetDateTime) -> bool {
        self.expires_at.is_some_and(|at| at <= now)
    }

    /// Key of a new file: `arc/{tenant code}/{yyyy}/{mm}/{dd}/{id}`, the day in UTC.
    #[must_use]
    pub fn key_for(tenant_code: &str, id: ArchiveFileId, now: OffsetDateTime) -> String {
        let day = now.to_offset(time::UtcOffset::UTC).date();
        let id = id.as_uuid().simple();
        format!("arc/{tenant_code}/{:04}/{:02}/{:02}/{id}", day.year(), u8::from(day.month()), day.day())
    }
}

/// The suffix of a name, in lower case and without the dot.
#[must_use]
pub fn extension(name: &str) -> Option<String> {
    let (stem, suffix) = name.rsplit_once('.')?;
    (!stem.is_empty() && (1..=16).contains(&suffix.len())).then(|| suffix.to_lowercase())
}

/// The name of an uploaded file without the folders that some browsers send in front of it.
///
/// # Errors
/// [`Refused::BadName`] when nothing is left, for control characters, and beyond 255 bytes.
pub fn plain_name(sent: &str) -> Result<String, Refused> {
    let name = sent.rsplit(['/', '\\']).next().unwrap_or_default().trim();
    let bad = name.is_empty() || name == "." || name == ".." || name.len() > LONGEST_NAME;
    if bad || name.chars().any(char::is_control) { Err(Refused::BadName) } else { Ok(name.to_owned()) }
}

/// The content type that is noted: what the content shows, else what the name says, else bytes.
#[must_use]
pub fn content_type(head: &[u8], name: &str) -> String {
    if let Some(kind) = Kind::of(head) {
        return kind.content_type().to_owned();
    }
    let by_name = match extension(name).as_deref() {
        Some("txt" | "log") => "text/plain",
        Some("csv") => "text/csv",
        Some("json") => "application/json",
        Some("doc") => "application/msword",
        Some("xls") => "application/vnd.ms-excel",
        Some("html" | "htm") => "text/html",
        Some("svg") => "image/svg+xml",
        Some("xml") => "application/xml",
        Some("tif" | "tiff") => "image/tiff",
        _ => "application/octet-stream",
    };
    by_name.to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_in_front_of_a_name_are_left_out() {
        assert_eq!(plain_name("C:\\照片\\正面.JPG"), Ok("正面.JPG".to_owned()));
        assert_eq!(plain_name("/home/a/b.png"), Ok("b.png".to_owned()));
        assert_eq!(plain_name("全角（１）😀.pdf"), Ok("全角（１）😀.pdf".to_owned()));
    }

    #[test]
    fn a_name_of_255_bytes_is_taken_and_one_more_is_not() {
        let fits = "长".repeat(85);
        assert_eq!(fits.len(), LONGEST_NAME);
        assert!(plain_name(&fits).is_ok());
        for wrong in [fits + "a", String::new(), "..".into(), "a/".into(), "a\u{7}b".into(), "a\nb.txt".into()] {
            assert_eq!(plain_name(&wrong), Err(Refused::BadName), "{wrong:?}");
        }
    }

    #[test]
    fn content_goes_before_the_name() {
        assert_eq!(content_type(b"%PDF-1.7", "a.jpg"), "application/pdf");
        assert_eq!(content_type(b"hello", "a.txt"), "text/plain");
        assert_eq!(content_type(b"hello", "a"), "application/octet-stream");
        assert_eq!(extension("a.tar.GZ").as_deref(), Some("gz"));
        assert_eq!(extension(".hidden"), None);
    }
}
