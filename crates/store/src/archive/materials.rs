//! The materials of an account or a customer, with their files, history included.

use std::collections::HashMap;

use mingjian_domain::archive::files::ArchiveFile;
use mingjian_domain::archive::{Discard, Material, Place, Source};
use mingjian_domain::error::Result;
use mingjian_domain::id::TenantId;
use time::OffsetDateTime;

use super::files;
use crate::Tx;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The materials of a transaction.
pub struct Materials<'t>(pub(crate) &'t mut Tx);

/// A material with what is shown of its deposit and its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MaterialRow {
    /// The material.
    pub material: Material,
    /// Its files, in their order.
    pub files: Vec<ArchiveFile>,
    /// Where it is filed.
    pub place: Place,
    /// From where.
    pub source: Source,
    /// Name of the client, where it came from one.
    pub client_name: Option<String>,
    /// Title of the deposit.
    pub title: Option<String>,
    /// Login and name of who filed it, where that was a user.
    pub submitter: Option<(String, String)>,
    /// When it was filed.
    pub filed_at: OffsetDateTime,
    /// When it came.
    pub received_at: OffsetDateTime,
    /// How its deposit was taken back, if it was.
    pub discard: Option<Discard>,
}

macro_rules! select_rows {
    ($place:literal) => {
        concat!(
            "SELECT m.number, m.deposit_id, m.code, d.account_id, d.customer_id, d.client, d.recording_id, d.title, \
             d.filed_at, d.received_at, d.discarded_at, d.discard_employee, d.discard_reason, l.name AS client_name, \
             u.login AS submitter_login, u.name AS submitter_name \
             FROM archive_deposits d JOIN archive_materials m ON m.deposit_id = d.id \
             LEFT JOIN archive_clients l ON l.tenant_id = d.tenant_id AND l.number = d.client \
             LEFT JOIN users u ON u.id = d.submitter_id WHERE d.tenant_id = $1 AND ",
            $place,
            " = $2 ORDER BY m.number"
        )
    };
}
macro_rules! select_files {
    ($place:literal) => {
        concat!(
            "SELECT mf.material, ",
            files::columns!(),
            " FROM archive_deposits d JOIN archive_materials m ON m.deposit_id = d.id \
             JOIN archive_material_files mf ON mf.material = m.number JOIN archive_files f ON f.id = mf.file_id \
             WHERE d.tenant_id = $1 AND ",
            $place,
            " = $2 ORDER BY mf.material, mf.position"
        )
    };
}

impl Materials<'_> {
    /// Everything that was ever filed there, in the order in which it came.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, tenant: TenantId, place: Place) -> Result<Vec<MaterialRow>> {
        let doing = "reading the materials of a place";
        let (rows, of_files) = match place {
            Place::Account(id) => (
                self.0.all(select_rows!("d.account_id"), args![tenant, id], read).await.or_fault(doing)?,
                self.0.all(select_files!("d.account_id"), args![tenant, id], read_file).await.or_fault(doing)?,
            ),
            Place::Customer(id) => (
                self.0.all(select_rows!("d.customer_id"), args![tenant, id], read).await.or_fault(doing)?,
                self.0.all(select_files!("d.customer_id"), args![tenant, id], read_file).await.or_fault(doing)?,
            ),
        };
        let mut files: HashMap<i64, Vec<ArchiveFile>> = HashMap::new();
        for (material, file) in of_files {
            files.entry(material).or_default().push(file);
        }
        let with_files = |mut row: MaterialRow| {
            row.files = files.remove(&row.material.number).unwrap_or_default();
            row.material.files = row.files.iter().map(|file| file.id).collect();
            row
        };
        Ok(rows.into_iter().map(with_files).collect())
    }
}

fn read_file(row: &Row) -> sqlx::Result<(i64, ArchiveFile)> {
    Ok((row.get("material")?, files::read(row)?))
}

/// The material without its files.
fn read(row: &Row) -> sqlx::Result<MaterialRow> {
    let place = match (row.get_opt("account_id")?, row.get_opt("customer_id")?) {
        (Some(account), _) => Place::Account(account),
        (None, Some(customer)) => Place::Customer(customer),
        (None, None) => return Err(unreadable("account_id", "neither an account nor a customer")),
    };
    let source = match row.get_opt("client")? {
        Some(number) => Source::Client(number),
        None => Source::Recording(row.get("recording_id")?),
    };
    let discard = match row.get_opt("discarded_at")? {
        Some(at) => Some(Discard { at, employee: row.get("discard_employee")?, reason: row.get("discard_reason")? }),
        None => None,
    };
    let login: Option<String> = row.get_opt("submitter_login")?;
    Ok(MaterialRow {
        material: Material {
            number: row.get("number")?,
            deposit: row.get("deposit_id")?,
            code: row.get("code")?,
            files: Vec::new(),
        },
        files: Vec::new(),
        place,
        source,
        client_name: row.get_opt("client_name")?,
        title: row.get_opt("title")?,
        submitter: match login {
            Some(login) => Some((login, row.get("submitter_name")?)),
            None => None,
        },
        filed_at: row.get("filed_at")?,
        received_at: row.get("received_at")?,
        discard,
    })
}
