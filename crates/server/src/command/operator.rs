//! Tenants, users and queues from the command line. Passwords are read from standard input, never from the arguments,
//! which every user of the machine could see.

use std::io::{BufRead, IsTerminal};

use clap::Subcommand;
use mingjian_domain::queue::Hours;
use mingjian_domain::secret::Secret;
use mingjian_domain::user::Role;
use mingjian_service::{interfaces, setup};
use time::UtcOffset;

use super::{Setup, open_service};
use crate::parts::Failure;

/// Tenants and their keys.
#[derive(Debug, Subcommand)]
pub enum Tenants {
    /// Makes a tenant.
    Add {
        /// The code that callers use, such as DEMOBK.
        code: String,
        /// What people read.
        name: String,
        /// Hours east of UTC that its opening hours and numbers are in.
        #[arg(long, default_value_t = 8, allow_hyphen_values = true)]
        zone: i8,
        /// Where results are sent.
        #[arg(long)]
        callback_url: Option<String>,
        #[command(flatten)]
        setup: Setup,
    },
    /// Sets where results are sent and prints the secret that signs them, once; without a URL none are sent.
    Callback {
        /// The tenant's code.
        code: String,
        /// An https URL, or http for hosts that `callback_hosts` lists.
        url: Option<String>,
        #[command(flatten)]
        setup: Setup,
    },
    /// Makes new credentials for the tenant's business systems at the interfaces of the documents, in place of those it had,
    /// and prints them, once.
    Interface {
        /// The tenant's code.
        code: String,
        #[command(flatten)]
        setup: Setup,
    },
    /// Lists the tenants.
    List {
        #[command(flatten)]
        setup: Setup,
    },
    /// Makes a key for the native API and prints it, once.
    Key {
        /// The tenant's code.
        code: String,
        /// What the key is for.
        name: String,
        #[command(flatten)]
        setup: Setup,
    },
}

/// People who log in.
#[derive(Debug, Subcommand)]
pub enum Users {
    /// Makes a user; the password is the first line of standard input.
    Add {
        /// The tenant's code.
        tenant: String,
        /// The login name.
        login: String,
        /// What people read.
        name: String,
        /// What it does: seat, supervisor, reviewer, tenant_admin, platform_admin, archivist.
        #[arg(long = "role", required = true, value_parser = parse_role)]
        roles: Vec<Role>,
        #[command(flatten)]
        setup: Setup,
    },
    /// Sets a password anew, from the first line of standard input, and ends a lockout.
    Passwd {
        /// The login name.
        login: String,
        #[command(flatten)]
        setup: Setup,
    },
}

/// Queues and their seats. A running server sees a new queue after its next start.
#[derive(Debug, Subcommand)]
pub enum Queues {
    /// Makes a queue.
    Add {
        /// The tenant's code.
        tenant: String,
        /// The number that callers use, such as 1001.
        number: String,
        /// What people read.
        name: String,
        /// Logins of its seats, the first one is rung first.
        #[arg(long = "seat")]
        seats: Vec<String>,
        /// Higher is served first.
        #[arg(long, default_value_t = 0)]
        priority: u8,
        /// When it is open: always, or spans like "1-5 09:00-12:00, 1-5 13:30-18:00" (1 is Monday).
        #[arg(long, default_value = "always")]
        hours: Hours,
        #[command(flatten)]
        setup: Setup,
    },
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::from_word(word).ok_or_else(|| format!("roles are {}", Role::ALL.map(Role::word).join(", ")))
}

impl Tenants {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add { code, name, zone, callback_url, setup } => {
                let zone = UtcOffset::from_hms(zone, 0, 0)?;
                let tenant = setup::add_tenant(&*open_service(setup).await?, &code, &name, zone, callback_url).await?;
                println!("tenant {} {}", tenant.code, tenant.id);
                if let Some(target) = tenant.callback {
                    println!("callback secret (told once): {}", target.secret.expose());
                }
            }
            Self::Callback { code, url, setup } => {
                match setup::set_callback(&*open_service(setup).await?, &code, url).await? {
                    Some(target) => println!("callback secret (told once): {}", target.secret.expose()),
                    None => println!("no results are sent any more"),
                }
            }
            Self::Interface { code, setup } => {
                let made = interfaces::issue_interface(&*open_service(setup).await?, &code).await?;
                println!("entId      {}", made.ent_id);
                println!("CompID     {}", made.comp_id);
                println!("CompSecret {}", made.comp_secret.expose());
                println!("AppId      {}", made.app_id);
                println!("AppSecret  {}", made.app_secret.expose());
                println!("API ID     {}", made.api_id);
                println!("API KEY    {}", made.api_key.expose());
            }
            Self::List { setup } => {
                for tenant in setup::list_tenants(&*open_service(setup).await?).await? {
                    println!("{}\t{}", tenant.code, tenant.name);
                }
            }
            Self::Key { code, name, setup } => {
                let key = setup::add_key(&*open_service(setup).await?, &code, &name).await?;
                println!("{}", key.expose());
            }
        }
        Ok(())
    }
}

impl Users {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add { tenant, login, name, roles, setup } => {
                let service = open_service(setup).await?;
                let user = setup::add_user(&service, &tenant, &login, &name, roles, &read_password()?).await?;
                println!("user {} {}", user.login, user.id);
            }
            Self::Passwd { login, setup } => {
                setup::set_password(&*open_service(setup).await?, &login, &read_password()?).await?;
                println!("the password of {login} is set");
            }
        }
        Ok(())
    }
}

impl Queues {
    /// Runs the command.
    pub async fn run(self) -> Result<(), Failure> {
        match self {
            Self::Add { tenant, number, name, seats, priority, hours, setup } => {
                let service = open_service(setup).await?;
                let queue = setup::add_queue(&service, &tenant, &number, &name, priority, hours, &seats).await?;
                println!("queue {} {}", queue.number, queue.id);
            }
        }
        Ok(())
    }
}

fn read_password() -> Result<Secret, Failure> {
    let input = std::io::stdin();
    if input.is_terminal() {
        eprintln!("Password (shown while typed; pipe it in to hide it):");
    }
    let mut line = String::new();
    input.lock().read_line(&mut line)?;
    Ok(Secret::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}
