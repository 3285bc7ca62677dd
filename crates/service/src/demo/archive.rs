//! What is in the archive of the demo: a client that may deposit, and accounts that hold nothing yet.

use mingjian_domain::archive::{Account, AccountStatus, Client, Customer, CustomerKind, Paper};
use mingjian_domain::error::Result;
use mingjian_domain::id::{AccountId, CustomerId};
use mingjian_domain::tenant::{Department, Tenant};
use mingjian_store::{Changes, Tx};

use super::cast::Shelf;
use crate::Service;
use crate::archive::accounts::index;

pub(super) async fn plant(
    service: &Service,
    tx: &mut Tx,
    tenant: &Tenant,
    department: &Department,
    shelf: &Shelf,
) -> Result<()> {
    let now = service.now();
    let (number, name) = shelf.client;
    let client = Client {
        tenant: tenant.id,
        number: number.to_owned(),
        name: name.to_owned(),
        issued_at: now,
        revoked_at: None,
    };
    tx.clients().insert(&client).await?;
    let (mut next, mut changes) = (tx.archive_index().lock(tenant.id).await?, Changes::default());
    for holder in shelf.accounts {
        let customer = Customer {
            id: service.draw(|random| CustomerId::mint(now, random)),
            tenant: tenant.id,
            kind: CustomerKind::Natural,
            name: holder.name.to_owned(),
            full_name: None,
            department: department.id,
            paper: Paper { id_type: "1".to_owned(), id_no: holder.id_no.to_owned(), extra_code: String::new() },
            tax_no: None,
            license_no: None,
            created_at: now,
            src_type: Some("counter".to_owned()),
            aml_risk_code: None,
            aml_risk_name: None,
        };
        let account = Account {
            id: service.draw(|random| AccountId::mint(now, random)),
            tenant: tenant.id,
            ordinal: next,
            customer: customer.id,
            department: department.id,
            number: holder.number.to_owned(),
            biz_type: "0".to_owned(),
            status: AccountStatus::Valid,
            name: holder.name.to_owned(),
            full_name: None,
            customer_type: "0".to_owned(),
            opened_on: now.to_offset(tenant.zone).date(),
            written_off_on: None,
            src_type: Some("counter".to_owned()),
            category: None,
            labels: Vec::new(),
            created_at: now,
        };
        tx.customers().insert(&customer).await?;
        tx.accounts().insert(&account).await?;
        index(&mut changes, &account);
        next += 1;
    }
    tx.archive_index().apply(tenant.id, changes, next).await
}
