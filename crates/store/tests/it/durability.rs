//! What SQLite has on disk the moment a commit returns, as a kill at that moment would leave it.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use mingjian_domain::error::{Error, Result};
use mingjian_store::Store;

use crate::engine;
use crate::fixture::Maker;

#[tokio::test]
async fn what_was_committed_survives_a_kill_and_what_was_not_does_not() -> Result<()> {
    let engine = engine::sqlite().await;
    let mut make = Maker::new();
    let (kept, lost) = (make.tenant("KEPT"), make.tenant("LOST"));
    let mut tx = engine.store.begin().await?;
    tx.tenants().insert(&kept).await?;
    tx.commit().await?;
    let mut tx = engine.store.begin().await?;
    tx.tenants().insert(&lost).await?;

    // The files as they are now, with the transaction open, are what a killed process leaves behind.
    let left = tempfile::tempdir().expect("a temporary folder can be made");
    let folder = Path::new(&engine.database).parent().expect("the file is in a folder");
    for file in fs::read_dir(folder).expect("the folder is there").map_while(std::result::Result::ok) {
        fs::copy(file.path(), left.path().join(file.file_name())).expect("the file can be copied");
    }
    drop(tx);
    let after = Store::open(&left.path().join("mingjian.db").display().to_string()).await?;
    after.migrate().await?;
    assert_eq!(after.read().await?.tenants().list().await?, [kept]);
    Ok(())
}

#[tokio::test]
async fn nobody_else_can_read_the_database_file() -> Result<()> {
    let engine = engine::sqlite().await;
    Maker::new().bank(&engine.store, "DEMOBK", "1001").await?;
    let folder = Path::new(&engine.database).parent().expect("the file is in a folder");
    let files: Vec<_> = fs::read_dir(folder).expect("the folder is there").map_while(std::result::Result::ok).collect();
    assert!(files.len() >= 2, "the file and its log: {files:?}");
    for file in files {
        let mode = file.metadata().expect("the file is there").permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_database_that_cannot_be_opened_is_an_error() {
    let broken = Store::open("/proc/no/such/folder/mingjian.db").await.map(|_| ());
    assert!(matches!(broken, Err(Error::Fault(_))), "{broken:?}");
    let no_url = Store::open("postgres://user:hidden@[").await.map(|_| ());
    assert!(matches!(&no_url, Err(Error::Invalid(sentence)) if !sentence.contains("hidden")), "{no_url:?}");
}
