//! Both engines end with the same tables, columns and indexes, and a newer program's database is left alone.

use std::collections::BTreeSet;

use mingjian_domain::audit::Actor;
use mingjian_domain::error::{Error, Result};
use mingjian_store::Store;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, PgConnection, Row, SqliteConnection};

use crate::engine::{self, on_both};
use crate::fixture::Maker;

on_both! { a_second_migration_changes_nothing }

type Columns = BTreeSet<(String, String, bool)>;

async fn lite(database: &str) -> SqliteConnection {
    SqliteConnectOptions::new().filename(database).connect().await.expect("the file opens")
}

async fn pg(database: &str) -> PgConnection {
    PgConnection::connect(database).await.expect("the server answers")
}

/// Table, column, and whether it may be NULL.
async fn columns_of_sqlite(conn: &mut SqliteConnection) -> sqlx::Result<Columns> {
    let rows = sqlx::query(
        "SELECT t.name, c.name, c.\"notnull\" = 0 AND c.pk = 0 FROM sqlite_schema t JOIN pragma_table_info(t.name) c \
         WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite!_%' ESCAPE '!' AND t.name <> '_sqlx_migrations'",
    )
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}

async fn columns_of_postgres(conn: &mut PgConnection) -> sqlx::Result<Columns> {
    let rows = sqlx::query(
        "SELECT table_name::text, column_name::text, is_nullable = 'YES' FROM information_schema.columns \
         WHERE table_schema = 'public' AND table_name <> '_sqlx_migrations'",
    )
    .fetch_all(conn)
    .await?;
    rows.iter().map(|row| Ok((row.try_get(0)?, row.try_get(1)?, row.try_get(2)?))).collect()
}

#[tokio::test]
async fn both_engines_have_the_same_tables_columns_and_named_indexes() -> sqlx::Result<()> {
    let sqlite = engine::sqlite().await;
    let Some(postgres) = engine::postgres().await else { return Ok(()) };
    let (mut lite, mut pg) = (lite(&sqlite.database).await, pg(&postgres.database).await);
    let columns = columns_of_sqlite(&mut lite).await?;
    assert!(columns.contains(&("orders".into(), "business_no".into(), false)), "{columns:?}");
    assert!(columns.contains(&("interviews".into(), "verdict".into(), true)), "{columns:?}");
    assert_eq!(columns, columns_of_postgres(&mut pg).await?);

    // Keys that PostgreSQL names after the table, and SQLite after itself, are left out.
    let of_sqlite = "SELECT name FROM sqlite_schema WHERE type = 'index' AND sql IS NOT NULL";
    let of_postgres = "SELECT indexname::text FROM pg_indexes WHERE schemaname = 'public' \
                       AND indexname NOT LIKE '%!_pkey' ESCAPE '!' AND indexname NOT LIKE '%!_key' ESCAPE '!'";
    let named: BTreeSet<String> = sqlx::query_scalar(of_sqlite).fetch_all(&mut lite).await?.into_iter().collect();
    assert!(named.contains("interviews_live"), "{named:?}");
    assert_eq!(named, sqlx::query_scalar(of_postgres).fetch_all(&mut pg).await?.into_iter().collect());
    Ok(())
}

#[tokio::test]
async fn every_table_of_sqlite_is_strict_and_every_reference_holds() -> sqlx::Result<()> {
    let engine = engine::sqlite().await;
    let mut conn = lite(&engine.database).await;
    let lax: Vec<String> = sqlx::query_scalar(
        "SELECT name FROM pragma_table_list WHERE type = 'table' AND strict = 0 AND schema = 'main' \
         AND name NOT IN ('sqlite_schema', 'sqlite_sequence', '_sqlx_migrations')",
    )
    .fetch_all(&mut conn)
    .await?;
    assert_eq!(lax, [""; 0]);
    // Names a parent key that is not unique, which SQLite tells only when a row is written.
    sqlx::query("PRAGMA foreign_key_check").fetch_all(&mut conn).await?;
    Ok(())
}

async fn a_second_migration_changes_nothing(store: &Store) -> Result<()> {
    let bank = Maker::new().bank(store, "DEMOBK", "1001").await?;
    store.migrate().await?;
    assert_eq!(store.read().await?.tenants().list().await?, [bank.tenant]);
    Ok(())
}

#[tokio::test]
async fn a_database_of_a_newer_program_is_left_alone() -> sqlx::Result<()> {
    let engine = engine::sqlite().await;
    sqlx::query(
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
         VALUES (9999, 'from the future', 1, x'00', 0)",
    )
    .execute(&mut lite(&engine.database).await)
    .await?;
    assert!(matches!(engine.store.migrate().await, Err(Error::Fault(_))));
    Ok(())
}

#[tokio::test]
async fn an_audit_line_cannot_be_changed_on_sqlite() -> Result<()> {
    let engine = engine::sqlite().await;
    append_one(&engine.store).await?;
    let mut conn = lite(&engine.database).await;
    let changed = sqlx::query("UPDATE audit_lines SET action = 'nothing'").execute(&mut conn).await;
    assert!(changed.is_err_and(|error| error.to_string().contains("never changed")));
    Ok(())
}

#[tokio::test]
async fn an_audit_line_cannot_be_changed_on_postgres() -> Result<()> {
    let Some(engine) = engine::postgres().await else { return Ok(()) };
    append_one(&engine.store).await?;
    let mut conn = pg(&engine.database).await;
    let changed = sqlx::query("UPDATE audit_lines SET action = 'nothing'").execute(&mut conn).await;
    assert!(changed.is_err_and(|error| error.to_string().contains("never changed")));
    Ok(())
}

async fn append_one(store: &Store) -> Result<()> {
    let line = Maker::new().audit_line(None, Actor::Server);
    let mut tx = store.begin().await?;
    tx.audit().append(&line).await?;
    tx.commit().await
}
