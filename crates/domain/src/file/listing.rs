//! A page of a folder of a million files, without walking there.
//!
//! Each file of a folder gets the folder's next *ordinal* when it is listed, dense from 0 and in the order of the moments, so
//! that "newest first" is "highest ordinal first". Per block of 1,024 ordinals the store counts those that are not deleted.
//! A listing as of a moment has the ordinals up to the last one of that moment, and per block the count with those
//! added that were deleted later. Summing a thousand counts finds the block of any row, and one short stretch
//! of ordinals is then read: the first page and the last cost the same.

/// Ordinals of a block: about the square root of a large folder, so that blocks and what is in one are as many.
pub const BLOCK: u64 = 1_024;

/// How many rows of a block a listing has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BlockCount {
    /// Ordinals from `block * BLOCK` on.
    pub block: u64,
    /// Rows.
    pub rows: u64,
}

/// A stretch of ordinals to be read, the highest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Run {
    /// The lowest ordinal.
    pub first: u64,
    /// The highest ordinal.
    pub last: u64,
    /// So many rows of it, from the highest on, are not wanted.
    pub skip: u64,
    /// So many are.
    pub take: u64,
}

/// How many rows there are.
#[must_use]
pub fn total(counts: &[BlockCount]) -> u64 {
    counts.iter().map(|count| count.rows).sum()
}

/// The stretches that hold rows `offset` to `offset + limit` of a listing. `counts` come with the highest block first and `top` is the
/// listing's highest ordinal. Blocks without rows are stepped over; at most a block's worth of rows is skipped.
#[must_use]
pub fn runs(counts: &[BlockCount], top: u64, offset: u64, limit: u64) -> Vec<Run> {
    let (mut before, mut left) = (offset, limit);
    let mut runs: Vec<Run> = Vec::new();
    for count in counts.iter().filter(|count| count.rows > 0) {
        if left == 0 {
            break;
        }
        if before >= count.rows {
            before -= count.rows;
            continue;
        }
        let take = (count.rows - before).min(left);
        let (first, last) = (count.block * BLOCK, (count.block * BLOCK + BLOCK - 1).min(top));
        match runs.last_mut() {
            Some(run) if run.first == last + 1 => {
                run.first = first;
                run.take += take;
            }
            _ => runs.push(Run { first, last, skip: before, take }),
        }
        before = 0;
        left -= take;
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// The ordinals that the runs give, read as the store reads them.
    fn read(rows: &[u64], runs: &[Run]) -> Vec<u64> {
        let within = |run: &Run| {
            let (first, last) = (run.first, run.last);
            let skip = usize::try_from(run.skip).expect("small");
            let take = usize::try_from(run.take).expect("small");
            rows.iter().rev().copied().filter(move |row| (first..=last).contains(row)).skip(skip).take(take)
        };
        runs.iter().flat_map(within).collect()
    }

    fn count(rows: &[u64]) -> Vec<BlockCount> {
        let top = rows.last().map_or(0, |row| row / BLOCK);
        let in_block = |block| rows.iter().filter(|&&row| row / BLOCK == block).count() as u64;
        (0..=top).rev().map(|block| BlockCount { block, rows: in_block(block) }).collect()
    }

    #[test]
    fn a_page_lies_in_one_block_or_over_a_joint_or_steps_over_what_is_empty() {
        let rows: Vec<u64> = (0..1_030).chain(4_000..4_010).collect();
        let counts = count(&rows);
        assert_eq!(total(&counts), 1_040);
        assert_eq!(runs(&counts, 4_009, 0, 5), [Run { first: 3_072, last: 4_009, skip: 0, take: 5 }]);
        let over = runs(&counts, 4_009, 8, 10);
        assert_eq!(
            over,
            [Run { first: 3_072, last: 4_009, skip: 8, take: 2 }, Run { first: 0, last: 2_047, skip: 0, take: 8 },]
        );
        assert_eq!(runs(&counts, 4_009, 1_040, 5), []);
    }

    proptest! {
        #[test]
        fn runs_give_what_a_walk_gives(
            rows in proptest::collection::btree_set(0_u64..6_000, 0..300),
            offset in 0_u64..320,
            limit in 0_u64..60,
        ) {
            let rows: Vec<u64> = rows.into_iter().collect();
            let counts = count(&rows);
            let runs = runs(&counts, rows.last().copied().unwrap_or(0), offset, limit);
            let (skip, take) = (usize::try_from(offset).expect("small"), usize::try_from(limit).expect("small"));
            let walk: Vec<u64> = rows.iter().rev().copied().skip(skip).take(take).collect();
            prop_assert_eq!(read(&rows, &runs), walk);
            prop_assert_eq!(total(&counts), rows.len() as u64);
            prop_assert!(runs.iter().all(|run| run.skip < BLOCK));
        }
    }
}
