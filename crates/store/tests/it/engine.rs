//! A fresh, migrated store on either engine.

use std::sync::LazyLock;

use mingjian_store::Store;
use mingjian_testkit::engines::postgres::{self, Postgres};
use tempfile::TempDir;

/// One server for the whole run; it ends with the process.
static POSTGRES: LazyLock<Option<Postgres>> = LazyLock::new(postgres::start);

/// A store, and what must live as long as it.
pub struct Engine {
    pub store: Store,
    pub database: String,
    _folder: Option<TempDir>,
}

pub async fn sqlite() -> Engine {
    let folder = tempfile::tempdir().expect("a temporary folder can be made");
    let database = folder.path().join("new/mingjian.db").display().to_string();
    open(database, Some(folder)).await
}

pub async fn postgres() -> Option<Engine> {
    let database = tokio::task::spawn_blocking(|| POSTGRES.as_ref().map(Postgres::fresh_database))
        .await
        .expect("making a database does not panic");
    match database {
        Some(database) => Some(open(database, None).await),
        None => None,
    }
}

async fn open(database: String, folder: Option<TempDir>) -> Engine {
    let store = Store::open(&database).await.expect("the database opens");
    store.migrate().await.expect("the database is brought to this version");
    Engine { store, database, _folder: folder }
}

/// Runs each of these on SQLite and on PostgreSQL.
macro_rules! on_both {
    ($($name:ident)+) => {$(
        mod $name {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_sqlite() {
                let engine = crate::engine::sqlite().await;
                super::$name(&engine.store).await.expect("the story holds");
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn on_postgres() {
                if let Some(engine) = crate::engine::postgres().await {
                    super::$name(&engine.store).await.expect("the story holds");
                }
            }
        }
    )+};
}
pub(crate) use on_both;
