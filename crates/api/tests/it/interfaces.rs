//! Machines prove themselves with what the demo's manual says, and with nothing else.

use mingjian_domain::error::{Denied, Error, Unauthenticated};
use mingjian_domain::interface::{FaceName, Switches};
use mingjian_service::interfaces::{
    Account, Proof, find_interface, issue_interface, md5_hex, prove_company, prove_meeting,
};
use mingjian_store::Page;

use crate::stage::Stage;

const HERE: &str = "127.0.0.1";

fn proof<'a>(account: Account<'a>, secret: &'a str) -> Proof<'a> {
    Proof { account, secret, address: HERE }
}

#[tokio::test]
async fn a_company_and_an_app_are_proved_by_the_documents_recipe() {
    let stage = Stage::demo().await;
    let secret = md5_hex(&["1", "1"]);
    let (interface, caller) =
        prove_company(&stage.service, FaceName::Netdisk, proof(Account::Company(1), &secret)).await.expect("DEMOBK");
    assert_eq!((interface.ent_id, caller.tenant()), (52, interface.tenant));
    let secret = md5_hex(&["demo-secret"]);
    let app = prove_company(&stage.service, FaceName::Netdisk, proof(Account::App("demo-app"), &secret)).await;
    assert_eq!(app.expect("DEMOBK").0.tenant, interface.tenant);

    for (account, secret) in [(Account::Company(1), "1"), (Account::App("demo-app"), "")] {
        let refused = prove_company(&stage.service, FaceName::Netdisk, proof(account, secret)).await;
        assert!(matches!(refused, Err(Error::Unauthenticated(Unauthenticated::WrongSecret))), "{account:?}");
    }
    let unknown = prove_company(&stage.service, FaceName::Netdisk, proof(Account::Company(99), &secret)).await;
    assert!(matches!(unknown, Err(Error::Unauthenticated(Unauthenticated::UnknownAccount))));
    // The company's own log tells of it; what named no company is in the server's.
    let mut tx = stage.service.store.read().await.expect("a store");
    let lines = tx.audit().list(interface.tenant, &Page::first(50)).await.expect("its lines").items;
    assert_eq!(lines.iter().filter(|row| row.action == "refuse_machine").count(), 1, "once within ten minutes");
}

#[tokio::test]
async fn a_meeting_key_is_taken_literally_and_as_md5() {
    let stage = Stage::demo().await;
    let (literal, _) = prove_meeting(&stage.service, "800", HERE).await.expect("the literal key");
    let (hashed, _) = prove_meeting(&stage.service, &md5_hex(&["demo", "demo-key"]), HERE).await.expect("the MD5");
    assert_eq!(literal, hashed);
    let (other, _) = prove_meeting(&stage.service, "801", HERE).await.expect("the other bank's");
    assert_ne!(other.tenant, literal.tenant);
    for wrong in ["", "8000", "demo-key"] {
        let refused = prove_meeting(&stage.service, wrong, HERE).await;
        assert!(matches!(refused, Err(Error::Unauthenticated(Unauthenticated::WrongSecret))), "{wrong}");
    }
}

#[tokio::test]
async fn a_face_that_is_off_lets_nobody_in() {
    let stage = Stage::demo().await;
    let (interface, _) = prove_meeting(&stage.service, "800", HERE).await.expect("it is on");
    let mut tx = stage.service.store.begin().await.expect("a transaction");
    let switches = Switches { off: [FaceName::Meeting].into(), ..interface.switches };
    tx.interfaces().set_switches(interface.tenant, &switches).await.expect("the switches");
    tx.commit().await.expect("a commit");
    let refused = prove_meeting(&stage.service, "800", HERE).await;
    assert!(matches!(refused, Err(Error::Denied(Denied::InterfaceOff))));
    let secret = md5_hex(&["1", "1"]);
    let netdisk = prove_company(&stage.service, FaceName::Netdisk, proof(Account::Company(1), &secret)).await;
    assert!(netdisk.is_ok(), "the others are still on");
}

#[tokio::test]
async fn new_credentials_replace_the_old_and_keep_the_numbers() {
    let stage = Stage::demo().await;
    let (old, _) = prove_meeting(&stage.service, "800", HERE).await.expect("the old key");
    let new = issue_interface(&stage.service, "DEMOBK").await.expect("new credentials");
    assert_eq!((new.ent_id, new.comp_id, &new.app_id), (old.ent_id, old.comp_id, &old.app_id));
    assert!(prove_meeting(&stage.service, "800", HERE).await.is_err(), "the old key is gone");
    let key = md5_hex(&[&new.api_id, new.api_key.expose()]);
    assert_eq!(prove_meeting(&stage.service, &key, HERE).await.expect("the new key").0, new);
    assert_eq!(find_interface(&stage.service, new.tenant).await.expect("as it is kept"), new);
    assert!(matches!(issue_interface(&stage.service, "NOBODY").await, Err(Error::Missing(_))));
}
