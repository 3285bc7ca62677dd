//! Customers of the archive.

use std::sync::LazyLock;

use mingjian_domain::archive::{Customer, CustomerKind, Paper};
use mingjian_domain::error::{Conflict, Result};
use mingjian_domain::id::{CustomerId, DepartmentId, TenantId};

use super::many;
use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::{Value, args};

/// The customers of a transaction.
pub struct Customers<'t>(pub(crate) &'t mut Tx);

macro_rules! insert_into {
    () => {
        "INSERT INTO archive_customers (id, tenant_id, kind, name, full_name, department_id, id_type, id_no, extra_code, \
         tax_no, license_no, created_at, src_type, aml_risk_code, aml_risk_name)"
    };
}
const INSERT: &str =
    concat!(insert_into!(), " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)");
static INSERT_MANY: LazyLock<String> = LazyLock::new(|| many::statement(insert_into!(), 15, ""));

/// The columns of a customer `c`, for whoever joins it.
macro_rules! columns {
    () => {
        "c.id AS c_id, c.tenant_id AS c_tenant_id, c.kind AS c_kind, c.name AS c_name, c.full_name AS c_full_name, \
         c.department_id AS c_department_id, c.id_type AS c_id_type, c.id_no AS c_id_no, \
         c.extra_code AS c_extra_code, c.tax_no AS c_tax_no, c.license_no AS c_license_no, \
         c.created_at AS c_created_at, c.src_type AS c_src_type, c.aml_risk_code AS c_aml_risk_code, \
         c.aml_risk_name AS c_aml_risk_name"
    };
}
pub(crate) use columns;

fn values(customer: &Customer) -> Vec<Value> {
    args![
        customer.id,
        customer.tenant,
        customer.kind.word(),
        &customer.name,
        &customer.full_name,
        customer.department,
        &customer.paper.id_type,
        &customer.paper.id_no,
        &customer.paper.extra_code,
        &customer.tax_no,
        &customer.license_no,
        customer.created_at,
        &customer.src_type,
        &customer.aml_risk_code,
        &customer.aml_risk_name,
    ]
}

impl Customers<'_> {
    /// Adds a customer.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the tenant has one of that paper; [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, customer: &Customer) -> Result<()> {
        let inserted = self.0.execute(INSERT, values(customer)).await;
        // The number of a paper is nobody's to read in a message.
        inserted.or_conflict(|| Conflict::NameTaken(customer.paper.id_type.clone()), "adding a customer")?;
        Ok(())
    }

    /// Adds many customers at once.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault), also when the tenant has one of those papers.
    pub async fn insert_all(&mut self, customers: &[Customer]) -> Result<()> {
        many::insert(self.0, INSERT, &INSERT_MANY, customers, values).await.or_fault("adding customers")
    }

    /// Saves everything that may change: name, numbers and what the counter notes.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn save(&mut self, customer: &Customer) -> Result<()> {
        self.0
            .execute(
                "UPDATE archive_customers SET kind = $2, name = $3, full_name = $4, tax_no = $5, license_no = $6, \
                 src_type = $7, aml_risk_code = $8, aml_risk_name = $9 WHERE id = $1",
                args![
                    customer.id,
                    customer.kind.word(),
                    &customer.name,
                    &customer.full_name,
                    &customer.tax_no,
                    &customer.license_no,
                    &customer.src_type,
                    &customer.aml_risk_code,
                    &customer.aml_risk_name,
                ],
            )
            .await
            .or_fault("saving a customer")?;
        Ok(())
    }

    /// The tenant's customer of that paper.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_paper(&mut self, tenant: TenantId, paper: &Paper) -> Result<Option<Customer>> {
        const SQL: &str = concat!(
            "SELECT ",
            columns!(),
            " FROM archive_customers c WHERE c.tenant_id = $1 AND c.id_type = $2 AND c.id_no = $3 AND c.extra_code = $4"
        );
        let args = args![tenant, &paper.id_type, &paper.id_no, &paper.extra_code];
        self.0.optional(SQL, args, read).await.or_fault("reading a customer by its paper")
    }

    /// Every department in which the customer has an account, and the one that first met it.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn departments(&mut self, tenant: TenantId, id: CustomerId) -> Result<Vec<DepartmentId>> {
        self.0
            .all(
                "SELECT department_id FROM archive_customers WHERE tenant_id = $1 AND id = $2 \
                 UNION SELECT department_id FROM archive_accounts WHERE tenant_id = $1 AND customer_id = $2",
                args![tenant, id],
                |row| row.get("department_id"),
            )
            .await
            .or_fault("reading a customer's departments")
    }
}

pub(super) fn read(row: &Row) -> sqlx::Result<Customer> {
    Ok(Customer {
        id: row.get("c_id")?,
        tenant: row.get("c_tenant_id")?,
        kind: row.word("c_kind", CustomerKind::from_word)?,
        name: row.get("c_name")?,
        full_name: row.get_opt("c_full_name")?,
        department: row.get("c_department_id")?,
        paper: Paper {
            id_type: row.get("c_id_type")?,
            id_no: row.get("c_id_no")?,
            extra_code: row.get("c_extra_code")?,
        },
        tax_no: row.get_opt("c_tax_no")?,
        license_no: row.get_opt("c_license_no")?,
        created_at: row.get("c_created_at")?,
        src_type: row.get_opt("c_src_type")?,
        aml_risk_code: row.get_opt("c_aml_risk_code")?,
        aml_risk_name: row.get_opt("c_aml_risk_name")?,
    })
}
