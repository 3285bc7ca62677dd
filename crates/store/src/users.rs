//! Users, with their roles and lockouts.

use mingjian_domain::error::{Conflict, Result};
use mingjian_domain::id::{TenantId, UserId};
use mingjian_domain::secret::Secret;
use mingjian_domain::user::{Lockout, Role, User};

use crate::Tx;
use crate::dialect::lockable;
use crate::failure::OrFault;
use crate::row::{Row, unreadable};
use crate::value::args;

/// The users of a transaction.
pub struct Users<'t>(pub(crate) &'t mut Tx);

/// The columns of a user `u`, as `user_` and their name, so that other questions can join them.
macro_rules! columns {
    () => {
        "u.id AS user_id, u.tenant_id AS user_tenant_id, u.login AS user_login, u.name AS user_name, \
         u.department_id AS user_department_id, u.roles AS user_roles, u.password_hash AS user_password_hash, \
         u.failures AS user_failures, u.locked_until AS user_locked_until"
    };
}
pub(crate) use columns;

impl Users<'_> {
    /// Adds a user.
    ///
    /// # Errors
    /// [`Conflict::NameTaken`] when the login is; [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn insert(&mut self, user: &User) -> Result<()> {
        let roles: Vec<_> = user.roles.iter().map(|role| role.word()).collect();
        self.0
            .execute(
                "INSERT INTO users (id, tenant_id, login, name, department_id, roles, password_hash, failures, \
                 locked_until) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
                args![
                    user.id,
                    user.tenant,
                    &user.login,
                    &user.name,
                    user.department,
                    roles.join(","),
                    user.password_hash.as_ref().map(Secret::expose),
                    user.lockout.failures,
                    user.lockout.locked_until,
                ],
            )
            .await
            .or_conflict(|| Conflict::NameTaken(user.login.clone()), "adding a user")?;
        Ok(())
    }

    /// The tenant's user of that id.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup(&mut self, tenant: TenantId, id: UserId) -> Result<Option<User>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM users u WHERE u.tenant_id = $1 AND u.id = $2");
        self.0.optional(SQL, args![tenant, id], read).await.or_fault("reading a user")
    }

    /// The user of that id, of whichever tenant: for the server itself, never with an id that a caller named.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_any(&mut self, id: UserId) -> Result<Option<User>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM users u WHERE u.id = $1");
        self.0.optional(SQL, args![id], read).await.or_fault("reading a user")
    }

    /// The user of that login, which is unique over all tenants. In a transaction that writes, nobody else changes the
    /// user meanwhile, so that no wrong password goes uncounted.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn lookup_by_login(&mut self, login: &str) -> Result<Option<User>> {
        let sql = lockable!("SELECT ", columns!(), " FROM users u WHERE u.login = $1"; "u");
        self.0.lock(sql, args![login], read).await.or_fault("reading a user by the login")
    }

    /// Notes wrong passwords.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn set_lockout(&mut self, id: UserId, lockout: Lockout) -> Result<()> {
        self.0
            .execute(
                "UPDATE users SET failures = $2, locked_until = $3 WHERE id = $1",
                args![id, lockout.failures, lockout.locked_until],
            )
            .await
            .or_fault("noting wrong passwords")?;
        Ok(())
    }

    /// Sets another password, as a PHC string.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn set_password_hash(&mut self, id: UserId, hash: &Secret) -> Result<()> {
        self.0
            .execute("UPDATE users SET password_hash = $2 WHERE id = $1", args![id, hash.expose()])
            .await
            .or_fault("setting a password")?;
        Ok(())
    }

    /// The tenant's users, by login.
    ///
    /// # Errors
    /// [`Fault`](mingjian_domain::error::Error::Fault).
    pub async fn list(&mut self, tenant: TenantId) -> Result<Vec<User>> {
        const SQL: &str = concat!("SELECT ", columns!(), " FROM users u WHERE u.tenant_id = $1 ORDER BY u.login");
        self.0.all(SQL, args![tenant], read).await.or_fault("listing the users")
    }
}

pub(crate) fn read(row: &Row) -> sqlx::Result<User> {
    let roles: String = row.get("user_roles")?;
    let roles = roles.split(',').filter(|word| !word.is_empty());
    Ok(User {
        id: row.get("user_id")?,
        tenant: row.get("user_tenant_id")?,
        login: row.get("user_login")?,
        name: row.get("user_name")?,
        department: row.get_opt("user_department_id")?,
        roles: roles
            .map(|word| Role::from_word(word).ok_or_else(|| unreadable("user_roles", "an unknown role")))
            .collect::<sqlx::Result<_>>()?,
        password_hash: row.get_opt("user_password_hash")?.map(Secret::new),
        lockout: Lockout { failures: row.get("user_failures")?, locked_until: row.get_opt("user_locked_until")? },
    })
}
