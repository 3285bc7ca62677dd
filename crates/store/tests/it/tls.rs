//! The way to a PostgreSQL on another machine: encrypted, and to the right server.

use std::fs;

use mingjian_domain::error::Error;
use mingjian_store::Store;
use mingjian_testkit::engines::postgres::{self, Certificate};

/// A certificate for `name` that vouches for itself.
fn self_signed(name: &str) -> Certificate {
    let made = rcgen::generate_simple_self_signed([name.to_owned()]).expect("a certificate can be made");
    Certificate { certificate: made.cert.pem(), key: made.signing_key.serialize_pem() }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn postgres_is_reached_over_tls_and_only_the_right_one_where_that_is_asked_for() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let (own, foreign) = (self_signed("localhost"), self_signed("localhost"));
    let [own_ca, foreign_ca] = [("own.pem", &own), ("foreign.pem", &foreign)].map(|(file, certificate)| {
        let path = folder.path().join(file);
        fs::write(&path, &certificate.certificate).expect("the folder can be written");
        path.display().to_string()
    });
    let Some(server) = postgres::start_with_tls(&own) else { return };
    let named = server.fresh_database_at("localhost");
    let by_address = server.fresh_database_at("127.0.0.1");

    // The server lets nobody in without TLS, so whoever is in speaks it.
    for url in [
        named.clone(),
        format!("{named}?sslmode=require"),
        format!("{by_address}?sslmode=require"),
        format!("{named}?sslmode=verify-full&sslrootcert={own_ca}"),
        format!("{by_address}?sslmode=verify-ca&sslrootcert={own_ca}"),
    ] {
        let store = Store::open(&url).await.unwrap_or_else(|error| panic!("{url}: {error:?}"));
        store.migrate().await.expect("an empty database is brought to this version");
        store.close().await;
    }
    for url in [
        format!("{named}?sslmode=disable"),
        format!("{named}?sslmode=verify-full"),
        format!("{named}?sslmode=verify-full&sslrootcert={foreign_ca}"),
        format!("{by_address}?sslmode=verify-full&sslrootcert={own_ca}"),
    ] {
        let refused = Store::open(&url).await.err();
        assert!(matches!(refused, Some(Error::Fault(_))), "{url}: {refused:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_postgres_that_cannot_encrypt_is_refused_where_that_is_asked_for() {
    let Some(server) = postgres::start() else { return };
    let plain = server.fresh_database();
    assert!(Store::open(&plain).await.is_ok());
    let refused = Store::open(&format!("{plain}&sslmode=require")).await.err();
    assert!(matches!(refused, Some(Error::Fault(_))), "{refused:?}");
}
