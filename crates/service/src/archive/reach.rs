//! Which departments somebody may see.

use std::collections::HashSet;

use mingjian_domain::error::{Denied, Result};
use mingjian_domain::id::DepartmentId;
use mingjian_domain::tenant::Department;
use mingjian_domain::user::Role;
use mingjian_store::Tx;

use super::WORKERS;
use crate::access::Caller;

/// Which departments somebody may see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// All of the tenant's.
    All,
    /// These.
    Of(HashSet<DepartmentId>),
}

impl Reach {
    /// Whether the department is among them.
    #[must_use]
    pub fn holds(&self, id: DepartmentId) -> bool {
        match self {
            Self::All => true,
            Self::Of(ids) => ids.contains(&id),
        }
    }

    /// Lets pass what is in one of these departments.
    ///
    /// # Errors
    /// [`Denied::OtherDepartment`] when none is among them.
    pub fn check(&self, ids: &[DepartmentId]) -> Result<()> {
        match self {
            Self::All => Ok(()),
            Self::Of(_) if ids.iter().any(|&id| self.holds(id)) => Ok(()),
            Self::Of(_) => Err(Denied::OtherDepartment.into()),
        }
    }
}

/// The departments of a caller: all for a business system and for a tenant admin, for an archivist its own with everything below.
///
/// # Errors
/// [`Denied::NotEntitled`] for anybody else.
pub(super) async fn of(tx: &mut Tx, caller: &Caller) -> Result<(Reach, Vec<Department>)> {
    caller.entitled(&WORKERS)?;
    let departments = tx.departments().list(caller.tenant()).await?;
    let reach = match caller {
        Caller::System { .. } => Reach::All,
        Caller::User { user, .. } if user.is(Role::TenantAdmin) => Reach::All,
        Caller::User { user, .. } => Reach::Of(user.department.map_or_else(HashSet::new, |id| below(&departments, id))),
    };
    Ok((reach, departments))
}

/// A department with everything below it.
fn below(departments: &[Department], top: DepartmentId) -> HashSet<DepartmentId> {
    let mut found = HashSet::from([top]);
    let mut look = vec![top];
    while let Some(parent) = look.pop() {
        for child in departments.iter().filter(|department| department.parent == Some(parent)) {
            // A circle, which no form makes but a hand in the database might, must not go on for ever.
            if found.insert(child.id) {
                look.push(child.id);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use mingjian_domain::id::TenantId;
    use mingjian_domain::random::Counting;
    use time::OffsetDateTime;

    fn tree() -> Vec<Department> {
        let (now, mut random) = (OffsetDateTime::UNIX_EPOCH, Counting::default());
        let tenant = TenantId::mint(now, &mut random);
        let mut department = |code: &str, parent| Department {
            id: DepartmentId::mint(now, &mut random),
            tenant,
            code: code.into(),
            name: code.into(),
            parent,
        };
        let head = department("1", None);
        let east = department("11", Some(head.id));
        let town = department("111", Some(east.id));
        let west = department("12", Some(head.id));
        vec![town, west, east, head]
    }

    #[test]
    fn a_right_on_a_parent_covers_its_children_and_no_sibling() {
        let tree = tree();
        let codes = |top: usize| {
            let ids = below(&tree, tree[top].id);
            let mut codes: Vec<_> =
                tree.iter().filter(|one| ids.contains(&one.id)).map(|one| one.code.as_str()).collect();
            codes.sort_unstable();
            codes
        };
        assert_eq!(codes(3), ["1", "11", "111", "12"]);
        assert_eq!(codes(2), ["11", "111"]);
        assert_eq!(codes(0), ["111"]);
    }

    #[test]
    fn a_circle_of_departments_ends() {
        let mut tree = tree();
        tree[3].parent = Some(tree[0].id);
        assert_eq!(below(&tree, tree[2].id).len(), 4);
    }
}
