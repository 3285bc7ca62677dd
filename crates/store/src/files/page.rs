//! One page of a folder, as it was at a moment.

use std::collections::BTreeMap;

use mingjian_domain::error::Result;
use mingjian_domain::file::File;
use mingjian_domain::file::listing::{self, BLOCK, BlockCount};
use mingjian_domain::id::FolderId;
use time::OffsetDateTime;

use super::{Files, columns, read};
use crate::failure::OrFault;
use crate::value::args;

/// A page of a folder's files, the newest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FilesPage {
    /// How many files the listing has.
    pub total: u64,
    /// Those on the page; one that was deleted after the listing's moment says so.
    pub items: Vec<File>,
}

/// `IS NOT TRUE` rather than `deleted_at IS NULL OR …`, which would tempt a planner into another index.
macro_rules! within {
    () => {
        "folder_id = $1 AND ordinal BETWEEN $2 AND $3 AND (deleted_at <= $4) IS NOT TRUE"
    };
}

/// The join comes after the cut, so that no row that is skipped is looked up.
const RUN: &str = concat!(
    "SELECT ",
    columns!(),
    " FROM (SELECT * FROM files WHERE ",
    within!(),
    " ORDER BY ordinal DESC LIMIT $5 OFFSET $6) f JOIN folders d ON d.id = f.folder_id ORDER BY f.ordinal DESC"
);

impl Files<'_> {
    /// Files `offset` to `offset + limit` of the folder as it was at that moment, which must be
    /// [settled](mingjian_domain::file::Folder::settled_at) for pages that stay as they are.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn page(
        &mut self,
        folder: FolderId,
        as_of: OffsetDateTime,
        offset: u64,
        limit: u16,
    ) -> Result<FilesPage> {
        let Some(top) = self.top(folder, as_of).await? else { return Ok(FilesPage { total: 0, items: Vec::new() }) };
        let counts = self.counts(folder, as_of, top).await?;
        let mut items = Vec::new();
        for run in listing::runs(&counts, top, offset, limit.into()) {
            let rows = self
                .0
                .all(RUN, args![folder, run.first, run.last, as_of, run.take, run.skip], read)
                .await
                .or_fault("reading a page of files")?;
            items.extend(rows);
        }
        Ok(FilesPage { total: listing::total(&counts), items })
    }

    /// The highest ordinal of that moment.
    async fn top(&mut self, folder: FolderId, as_of: OffsetDateTime) -> Result<Option<u64>> {
        self.0
            .optional(
                "SELECT ordinal FROM files WHERE folder_id = $1 AND listed_at <= $2 ORDER BY listed_at DESC LIMIT 1",
                args![folder, as_of],
                |row| row.get("ordinal"),
            )
            .await
            .or_fault("finding where a listing begins")
    }

    /// The counts of that moment, the highest block first. That block is counted row by row, since files may have been listed in
    /// it later; of the others it is known how many are there now, and which of them were deleted later.
    async fn counts(&mut self, folder: FolderId, as_of: OffsetDateTime, top: u64) -> Result<Vec<BlockCount>> {
        let block = top / BLOCK;
        let rows = self
            .0
            .optional(
                concat!("SELECT COUNT(*) AS n FROM files WHERE ", within!()),
                args![folder, block * BLOCK, top, as_of],
                |row| row.get("n"),
            )
            .await
            .or_fault("counting the newest files")?;
        let below = self
            .0
            .all(
                "SELECT block, present FROM file_blocks WHERE folder_id = $1 AND block < $2 ORDER BY block DESC",
                args![folder, block],
                |row| Ok(BlockCount { block: row.get("block")?, rows: row.get("present")? }),
            )
            .await
            .or_fault("counting files")?;
        // Without a bound on the ordinal, which would tempt SQLite into the index of all ordinals.
        let later: BTreeMap<u64, u64> = self
            .0
            .all(
                "SELECT ordinal / 1024 AS block, COUNT(*) AS n FROM files WHERE folder_id = $1 AND deleted_at > $2 \
                 AND ordinal IS NOT NULL GROUP BY ordinal / 1024",
                args![folder, as_of],
                |row| Ok((row.get("block")?, row.get("n")?)),
            )
            .await
            .or_fault("counting files deleted later")?
            .into_iter()
            .collect();
        let mut counts = vec![BlockCount { block, rows: rows.unwrap_or(0) }];
        counts.extend(below.into_iter().map(|BlockCount { block, rows }| BlockCount {
            block,
            rows: rows + later.get(&block).copied().unwrap_or(0),
        }));
        Ok(counts)
    }
}

const _: () = assert!(BLOCK == 1_024, "the store's SQL and its table say so too");
