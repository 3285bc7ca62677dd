//! The two engines behind one face: [`Store`] opens, [`Tx`] runs one SQL text on whichever it is.
//!
//! SQLite has one writer, so that writes queue up in order instead of failing as busy, and a few readers beside it
//! (WAL lets them read the last committed state while the writer writes). PostgreSQL has one pool.

use std::fs;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use mingjian_domain::error::{Doing, Error, Result};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{PgPool, Postgres, Sqlite, SqlitePool, Transaction};

use crate::dialect::Lockable;
use crate::failure::OrFault;
use crate::migrations;
use crate::row::Row;
use crate::value::{self, Value};

/// Enough that a slow list does not hold up the others, few enough that each keeps its page cache warm.
const SQLITE_READERS: u32 = 4;
/// A tenth of PostgreSQL's default `max_connections`, so that several nodes fit.
const POSTGRES_CONNECTIONS: u32 = 10;
/// How long SQLite waits for another process, such as `mingjian migrate`, to let go of the file.
const SQLITE_BUSY: Duration = Duration::from_secs(10);

/// What survives a restart, in one of two engines.
#[derive(Clone)]
pub struct Store {
    db: Db,
}

#[derive(Clone)]
enum Db {
    Lite { writer: SqlitePool, readers: SqlitePool },
    Pg(PgPool),
}

impl Store {
    /// Opens the database: PostgreSQL for a URL that begins with `postgres://` or `postgresql://`, else the SQLite file
    /// of that path, which is made (readable by its owner alone) with its folders if it is not there.
    /// Call [`Store::migrate`] before anything else.
    ///
    /// # Errors
    /// [`Error::Invalid`] for a URL that is none; [`Error::Fault`] when the engine cannot be reached or the file not be opened.
    pub async fn open(database: &str) -> Result<Self> {
        let db = if database.starts_with("postgres://") || database.starts_with("postgresql://") {
            open_postgres(database).await?
        } else {
            open_sqlite(Path::new(database)).await?
        };
        Ok(Self { db })
    }

    /// Brings the tables to this program's version. A second time changes nothing.
    ///
    /// # Errors
    /// [`Error::Fault`] when a step fails, or when a newer program has been here.
    pub async fn migrate(&self) -> Result<()> {
        match &self.db {
            Db::Lite { writer, .. } => migrations::sqlite().run(writer).await,
            Db::Pg(pool) => migrations::postgres().run(pool).await,
        }
        .doing("bringing the database to this version")
    }

    /// Begins a transaction that may write. Nothing of it counts before [`Tx::commit`]; dropping it takes everything back.
    /// On SQLite this waits until the transaction before it is over, so it must not be held while waiting for anything else.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn begin(&self) -> Result<Tx> {
        let conn = match &self.db {
            Db::Lite { writer, .. } => writer.begin_with("BEGIN IMMEDIATE").await.map(Conn::Lite),
            Db::Pg(pool) => pool.begin().await.map(Conn::Pg),
        }
        .or_fault("beginning a transaction")?;
        Ok(Tx { conn, writes: true })
    }

    /// Begins a transaction that only reads: all its answers are of one moment, and a write in it is a fault.
    ///
    /// # Errors
    /// [`Error::Fault`].
    pub async fn read(&self) -> Result<Tx> {
        let conn = match &self.db {
            Db::Lite { readers, .. } => readers.begin().await.map(Conn::Lite),
            Db::Pg(pool) => pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await.map(Conn::Pg),
        }
        .or_fault("beginning to read")?;
        Ok(Tx { conn, writes: false })
    }

    /// Ends every connection. Transactions that are still open are waited for.
    pub async fn close(&self) {
        match &self.db {
            Db::Lite { writer, readers } => {
                readers.close().await;
                // The last one writes the WAL back into the file.
                writer.close().await;
            }
            Db::Pg(pool) => pool.close().await,
        }
    }
}

async fn open_postgres(url: &str) -> Result<Db> {
    let options = PgConnectOptions::from_str(url)
        // The parser's own message may repeat the URL, and with it the password.
        .map_err(|_| {
            Error::Invalid("数据库地址无效，应为 postgres://用户：密码@主机：端口/库名，请检查 database 配置".into())
        })?;
    let pool = PgPoolOptions::new()
        .max_connections(POSTGRES_CONNECTIONS)
        .connect_with(options.application_name("mingjian"))
        .await
        .or_fault("connecting to PostgreSQL")?;
    Ok(Db::Pg(pool))
}

async fn open_sqlite(path: &Path) -> Result<Db> {
    let path = touch(path).doing("making the database file")?;
    let options = SqliteConnectOptions::new()
        .filename(&path)
        .foreign_keys(true)
        .busy_timeout(SQLITE_BUSY)
        .journal_mode(SqliteJournalMode::Wal)
        // With WAL anything less may lose the last commits on power loss, and a verdict that was answered must stay.
        .synchronous(SqliteSynchronous::Full);
    let writer = SqlitePoolOptions::new()
        .max_connections(1)
        .connect_with(options.clone())
        .await
        .or_fault("opening the database file")?;
    let readers = SqlitePoolOptions::new()
        .max_connections(SQLITE_READERS)
        .connect_with(options.pragma("query_only", "on"))
        .await
        .or_fault("opening the database file for reading")?;
    Ok(Db::Lite { writer, readers })
}

/// Makes the file, so that SQLite does not make it readable by everybody; its `-wal` and `-shm` take over the mode.
fn touch(path: &Path) -> std::io::Result<PathBuf> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::OpenOptions::new().append(true).create(true).mode(0o600).open(path)?;
    Ok(path.to_owned())
}

/// One transaction; the repositories borrow it. After an error only dropping is left to do with it:
/// PostgreSQL answers nothing more in a transaction in which a statement has failed.
pub struct Tx {
    conn: Conn,
    writes: bool,
}

enum Conn {
    Lite(Transaction<'static, Sqlite>),
    Pg(Transaction<'static, Postgres>),
}

/// The one place that knows both drivers: the same steps on either connection.
macro_rules! on_either {
    ($tx:expr, $sql:expr, $args:expr, |$query:ident, $conn:ident| $run:expr, $wrap_lite:expr, $wrap_pg:expr) => {
        match &mut $tx.conn {
            Conn::Lite(tx) => {
                let $query = value::bind_lite(sqlx::query($sql), $args)?;
                let $conn = &mut **tx;
                $run.await.map($wrap_lite)
            }
            Conn::Pg(tx) => {
                let $query = value::bind_pg(sqlx::query($sql), $args)?;
                let $conn = &mut **tx;
                $run.await.map($wrap_pg)
            }
        }
    };
}

impl Tx {
    /// Makes everything count. When this returns, it is on disk.
    ///
    /// # Errors
    /// [`Error::Full`] when the disk is; [`Error::Fault`]. Then nothing counts.
    pub async fn commit(self) -> Result<()> {
        match self.conn {
            Conn::Lite(tx) => tx.commit().await,
            Conn::Pg(tx) => tx.commit().await,
        }
        .or_fault("committing a transaction")
    }

    /// Runs a statement and tells how many rows it changed.
    pub(crate) async fn execute(&mut self, sql: &'static str, args: Vec<Value>) -> sqlx::Result<u64> {
        on_either!(self, sql, args, |query, conn| query.execute(conn), |done| done.rows_affected(), |done| {
            done.rows_affected()
        })
    }

    /// The first row, if there is one, turned into what it means.
    pub(crate) async fn optional<T>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
        read: fn(&Row) -> sqlx::Result<T>,
    ) -> sqlx::Result<Option<T>> {
        let row =
            on_either!(self, sql, args, |query, conn| query.fetch_optional(conn), |row| row.map(Row::Lite), |row| {
                row.map(Row::Pg)
            })?;
        row.as_ref().map(read).transpose()
    }

    /// Every row, each turned into what it means.
    pub(crate) async fn all<T>(
        &mut self,
        sql: &'static str,
        args: Vec<Value>,
        read: fn(&Row) -> sqlx::Result<T>,
    ) -> sqlx::Result<Vec<T>> {
        let rows: Vec<Row> = on_either!(
            self,
            sql,
            args,
            |query, conn| query.fetch_all(conn),
            |rows| rows.into_iter().map(Row::Lite).collect(),
            |rows| rows.into_iter().map(Row::Pg).collect()
        )?;
        rows.iter().map(read).collect()
    }

    /// The first row, which nobody else may change before this transaction is over.
    pub(crate) async fn lock<T>(
        &mut self,
        sql: Lockable,
        args: Vec<Value>,
        read: fn(&Row) -> sqlx::Result<T>,
    ) -> sqlx::Result<Option<T>> {
        let sql = if self.writes && self.is_postgres() { sql.locking } else { sql.plain };
        self.optional(sql, args, read).await
    }

    /// Whether this is PostgreSQL: asked only where the dialects differ.
    pub(crate) const fn is_postgres(&self) -> bool {
        match self.conn {
            Conn::Lite(_) => false,
            Conn::Pg(_) => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn pragma(pool: &SqlitePool, sql: &'static str) -> String {
        let value: sqlx::sqlite::SqliteRow = sqlx::query(sql).fetch_one(pool).await.expect("a pragma answers");
        let raw = sqlx::Row::try_get_unchecked::<String, _>(&value, 0);
        raw.expect("a pragma's value reads as text")
    }

    #[tokio::test]
    async fn every_sqlite_connection_keeps_the_promises_of_durability() {
        let folder = tempfile::tempdir().expect("a temporary folder can be made");
        let path = folder.path().join("mingjian.db").display().to_string();
        let store = Store::open(&path).await.expect("the database opens");
        let Db::Lite { writer, readers } = &store.db else { panic!("a path is SQLite's") };
        for pool in [writer, readers] {
            assert_eq!(pragma(pool, "PRAGMA journal_mode").await, "wal");
            assert_eq!(pragma(pool, "PRAGMA synchronous").await, "2", "FULL");
            assert_eq!(pragma(pool, "PRAGMA foreign_keys").await, "1");
        }
        assert_eq!(pragma(writer, "PRAGMA query_only").await, "0");
        assert_eq!(pragma(readers, "PRAGMA query_only").await, "1");
    }
}
