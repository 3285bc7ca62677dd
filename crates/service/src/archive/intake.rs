//! A file on its way in: written to disk as it comes, hashed, counted, and looked at.

use mingjian_domain::archive::files::plain_name;
use mingjian_domain::archive::sniff::HEAD_BYTES;
use mingjian_domain::error::{Error, Refused, Result};
use mingjian_domain::id::ArchiveFileId;
use mingjian_store::Draft;
use sha2::{Digest, Sha256};

use crate::Service;

/// The largest file: a long interview in good quality is about half of it.
pub const LARGEST_FILE: u64 = 2 << 30;

/// A file on its way in. Its calls wait for the disk: not for an event loop.
pub struct Intake {
    id: ArchiveFileId,
    draft: Draft,
    hash: Sha256,
    head: Vec<u8>,
    size_bytes: u64,
    largest: u64,
}

/// A file that came whole.
pub struct Received {
    pub(super) id: ArchiveFileId,
    pub(super) draft: Draft,
    pub(super) sha256: [u8; 32],
    pub(super) head: Vec<u8>,
    pub(super) size_bytes: u64,
    pub(super) name: String,
}

impl Intake {
    /// Begins one, of at most `largest` bytes.
    ///
    /// # Errors
    /// [`Error::Full`]; [`Error::Fault`].
    pub fn begin(service: &Service, largest: u64) -> Result<Self> {
        let id = service.draw(|random| ArchiveFileId::mint(service.now(), random));
        let draft = service.objects.draft(&id.as_uuid().simple().to_string())?;
        Ok(Self { id, draft, hash: Sha256::new(), head: Vec::new(), size_bytes: 0, largest })
    }

    /// Takes the next bytes.
    ///
    /// # Errors
    /// [`Refused::TooLarge`]; [`Error::Full`]; [`Error::Fault`].
    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.size_bytes += bytes.len() as u64;
        if self.size_bytes > self.largest {
            return Err(Refused::TooLarge { limit_bytes: self.largest }.into());
        }
        let wanted = HEAD_BYTES.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..wanted]);
        self.hash.update(bytes);
        self.draft.write(bytes)
    }

    /// All bytes came; what it is called may come later.
    pub fn rest(&mut self) {
        self.draft.rest();
    }

    /// All came. The name is left without the folders in front of it.
    ///
    /// # Errors
    /// [`Refused::BadName`]; [`Error::Invalid`] for a file of no bytes.
    pub fn finish(mut self, name: &str) -> Result<Received> {
        self.draft.rest();
        let name = plain_name(name)?;
        if self.size_bytes == 0 {
            return Err(Error::Invalid("文件内容为空，请检查后重新上传".into()));
        }
        Ok(Received {
            id: self.id,
            draft: self.draft,
            sha256: self.hash.finalize().into(),
            head: self.head,
            size_bytes: self.size_bytes,
            name,
        })
    }
}
