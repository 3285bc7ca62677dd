//! The archive of image material, and the index that its search runs on.
//!
//! Accounts are numbered per tenant, from 0 and without holes. For each thing that a search asks for (a material code, a
//! department, a business type, a customer type) there is a bitmap of the accounts that have it, and beside them the days of
//! opening in the same order. A search joins bitmaps; its total is a count of bits and its page is a place among them, so a deep
//! page costs what the first one does. The bitmaps are rows like any other: changed in the transaction of the change itself, under
//! the tenant's row of `archive_tenants`, so several servers over one PostgreSQL agree.

mod accounts;
mod clients;
mod codes;
mod customers;
mod deposits;
mod files;
mod index;
mod many;
mod materials;
mod search;

pub(crate) use accounts::select_rows;
pub use accounts::{AccountRow, Accounts};
pub use clients::Clients;
pub use codes::Codes;
pub use customers::Customers;
pub(crate) use customers::columns as customer_columns;
pub use deposits::{DepositRow, Deposits, NewMaterial};
pub use files::ArchiveFiles;
pub use index::{ArchiveIndex, Changes, Dimension};
pub use materials::{MaterialRow, Materials};
pub use search::{AccountFilter, Found};
