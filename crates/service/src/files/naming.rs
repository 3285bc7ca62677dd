//! Names for files that we name ourselves.

use mingjian_domain::error::{Error, Noun, Result};
use mingjian_domain::file::{FileName, FilePath, Folder};
use mingjian_domain::id::TenantId;
use mingjian_store::Tx;
use time::OffsetDateTime;

/// The folder of a path, made where it is missing, and a name that is free in it: where the wanted one is taken, `_2` and so on is
/// put in. The folder is held until the end of the transaction, so that the name stays free.
///
/// # Errors
/// [`Error::Fault`].
pub(crate) async fn free_place(
    tx: &mut Tx,
    tenant: TenantId,
    mut path: FilePath,
    now: OffsetDateTime,
) -> Result<(Folder, FileName)> {
    let folder = tx.folders().open(tenant, &path.folder, now).await?;
    let folder = tx.folders().lookup(tenant, folder.id).await?.ok_or(Error::Missing(Noun::Folder))?;
    let wanted = path.name.clone();
    let mut number = 1;
    while tx.files().lookup_by_path(tenant, &path).await?.is_some() {
        number += 1;
        path.name = wanted.numbered(number);
    }
    Ok((folder, path.name))
}
