//! Departments of tenants.

use mingjian_domain::error::{Conflict, Result};
use mingjian_domain::id::TenantId;
use mingjian_domain::tenant::Department;

use crate::Tx;
use crate::failure::OrFault;
use crate::row::Row;
use crate::value::args;

/// The departments of a transaction.
pub struct Departments<'t>(pub(crate) &'t mut Tx);

impl Departments<'_> {
    /// Adds a department.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the tenant has one of that code;
    /// [`Fault`](mingjian_domain::error::Error::Fault), also when the one above is another tenant's.
    pub async fn insert(&mut self, department: &Department) -> Result<()> {
        self.0
            .execute(
                "INSERT INTO departments (id, tenant_id, code, name, parent_id) VALUES ($1, $2, $3, $4, $5)",
                args![department.id, department.tenant, &department.code, &department.name, department.parent],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(department.code.clone()), "adding a department")?;
        Ok(())
    }

    /// The tenant's departments, by code.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, tenant: TenantId) -> Result<Vec<Department>> {
        self.0
            .all(
                "SELECT id, tenant_id, code, name, parent_id FROM departments WHERE tenant_id = $1 ORDER BY code",
                args![tenant],
                read,
            )
            .await
            .or_fault("listing the departments")
    }
}

fn read(row: &Row) -> sqlx::Result<Department> {
    Ok(Department {
        id: row.get("id")?,
        tenant: row.get("tenant_id")?,
        code: row.get("code")?,
        name: row.get("name")?,
        parent: row.get_opt("parent_id")?,
    })
}
