//! Where SQLite and PostgreSQL must be told different things. Everything else is one text for both.

/// A question whose row is locked by a transaction that writes. SQLite's one writer holds the whole file already;
/// on PostgreSQL two transactions would otherwise both read the old state and both write their own new one.
#[derive(Clone, Copy)]
pub(crate) struct Lockable {
    pub(crate) plain: &'static str,
    pub(crate) locking: &'static str,
}

/// Builds a [`Lockable`] from its parts; the last names the table alias to lock.
macro_rules! lockable {
    ($($part:expr),+ ; $table:literal) => {
        $crate::dialect::Lockable {
            plain: concat!($($part),+),
            locking: concat!($($part),+, " FOR UPDATE OF ", $table),
        }
    };
}
pub(crate) use lockable;

/// Takes the oldest job that is due. `$1` kinds as a JSON list, `$2` now, `$3` the end of the claim.
/// The one writer of SQLite cannot meet another claim; on PostgreSQL rows that another worker is just claiming are skipped.
pub(crate) const CLAIM_ON_SQLITE: &str = concat!(
    "UPDATE jobs SET run_at = $3, attempts = attempts + 1 WHERE id = (SELECT id FROM jobs WHERE state = 'pending' ",
    "AND run_at <= $2 AND kind IN (SELECT value FROM json_each($1)) ORDER BY run_at, id LIMIT 1) RETURNING ",
    crate::jobs::columns!()
);

/// The same for PostgreSQL.
pub(crate) const CLAIM_ON_POSTGRES: &str = concat!(
    "UPDATE jobs SET run_at = $3, attempts = attempts + 1 WHERE id = (SELECT id FROM jobs WHERE state = 'pending' ",
    "AND run_at <= $2 AND kind IN (SELECT jsonb_array_elements_text($1::jsonb)) ",
    "ORDER BY run_at, id LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING ",
    crate::jobs::columns!()
);

/// Accounts of the tenant `$1` whose ordinals are in the JSON list `$2`.
pub(crate) const ACCOUNTS_AT_ON_SQLITE: &str =
    concat!(crate::archive::select_rows!(), "a.ordinal IN (SELECT value FROM json_each($2)) ORDER BY a.ordinal");

/// The same for PostgreSQL. Each member of an array is looked up in the index, whatever the statistics say of the table.
pub(crate) const ACCOUNTS_AT_ON_POSTGRES: &str = concat!(
    crate::archive::select_rows!(),
    "a.ordinal = ANY (ARRAY(SELECT value::bigint FROM jsonb_array_elements_text($2::jsonb))) ORDER BY a.ordinal"
);

/// Bitmaps of the tenant `$1` in the dimension `$2` whose values are in the JSON list `$3`.
pub(crate) const BITS_ON_SQLITE: &str = "SELECT bits FROM archive_bits WHERE tenant_id = $1 AND dimension = $2 \
     AND value IN (SELECT value FROM json_each($3)) ORDER BY shard";

/// The same for PostgreSQL, as above.
pub(crate) const BITS_ON_POSTGRES: &str = "SELECT bits FROM archive_bits WHERE tenant_id = $1 AND dimension = $2 \
     AND value = ANY (ARRAY(SELECT jsonb_array_elements_text($3::jsonb))) ORDER BY shard";
