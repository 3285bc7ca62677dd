//! The steps that bring a database to this program's version: the same names for both engines, embedded in the binary.

use std::borrow::Cow;

use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};

macro_rules! steps {
    ($engine:literal: $($version:literal $name:literal),+ $(,)?) => {
        Migrator::with_migrations(vec![$(Migration::new(
            $version,
            Cow::Borrowed($name),
            MigrationType::Simple,
            include_str!(concat!("../migrations/", $engine, "/", $name, ".sql")).into_sql_str(),
            false,
        )),+])
    };
}

/// One line a step. The numbers grow, though not every one has to be there.
macro_rules! all {
    ($engine:literal) => {
        steps!(
            $engine:
            1 "0001_first",
            2 "0002_interfaces",
            3 "0003_files",
            4 "0004_archive",
            5 "0005_rooms",
            6 "0006_takes",
            7 "0007_messages",
            8 "0008_idempotency",
            9 "0009_compose",
            10 "0010_ways_back",
        )
    };
}

pub(crate) fn sqlite() -> Migrator {
    all!("sqlite")
}

pub(crate) fn postgres() -> Migrator {
    all!("postgres")
}
