//! Many rows by one statement: what makes an import of a million bearable.

use std::fmt::Write as _;

use crate::Tx;
use crate::value::Value;

/// So many rows at a time: 20 columns of them stay far below the 32,766 arguments that SQLite takes.
const ROWS: usize = 200;

/// `VALUES ($1, $2), ($3, $4), …` behind a head.
pub(super) fn statement(head: &str, columns: usize, tail: &str) -> String {
    let mut sql = String::from(head);
    sql.push_str(" VALUES ");
    for row in 0..ROWS {
        sql.push_str(if row == 0 { "(" } else { ", (" });
        for column in 1..=columns {
            let comma = if column == 1 { "" } else { ", " };
            write!(sql, "{comma}${}", row * columns + column).expect("writing to a string does not fail");
        }
        sql.push(')');
    }
    sql.push_str(tail);
    sql
}

/// Inserts them all: in statements of [`ROWS`], and one by one what is left over.
pub(super) async fn insert<T>(
    tx: &mut Tx,
    one: &'static str,
    many: &'static str,
    items: &[T],
    args: impl Fn(&T) -> Vec<Value>,
) -> sqlx::Result<()> {
    let mut chunks = items.chunks_exact(ROWS);
    for chunk in &mut chunks {
        tx.execute(many, chunk.iter().flat_map(&args).collect()).await?;
    }
    for item in chunks.remainder() {
        tx.execute(one, args(item)).await?;
    }
    Ok(())
}
