//! The commands of the program.

mod doctor;
mod operator;

use std::path::PathBuf;
use std::sync::Arc;

use clap::{Args, Parser, Subcommand};
use mingjian_domain::secret::Secret;
use mingjian_service::Service;

use crate::config::{Config, Options};
use crate::lifecycle;
use crate::parts::{self, Failure};

/// 明鉴: sees a customer by video, records it, keeps it and proves it.
#[derive(Debug, Parser)]
#[command(name = "mingjian", version, about)]
pub struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Runs the server. A flag that is given twice counts as it was given last.
    #[command(args_override_self = true)]
    Serve(Setup),
    /// Runs the jobs of a server's database, on this or another machine: callbacks, for now.
    Work(Setup),
    /// Brings the database to this program's version.
    Migrate(Setup),
    /// Checks the installation and says what is wrong.
    Doctor(Setup),
    /// Tenants and their keys.
    #[command(subcommand)]
    Tenant(operator::Tenants),
    /// People who log in.
    #[command(subcommand)]
    User(operator::Users),
    /// Queues and their seats.
    #[command(subcommand)]
    Queue(operator::Queues),
}

/// What every command is set up with.
#[derive(Debug, Args)]
struct Setup {
    /// A TOML file with these options as keys.
    #[arg(long, env = "MINGJIAN_CONFIG")]
    config: Option<PathBuf>,
    #[command(flatten)]
    options: Options,
}

impl Setup {
    fn read(self) -> Result<Config, Failure> {
        Config::from_options(self.options.with_file(self.config.as_deref())?)
    }
}

/// Runs the command.
///
/// # Errors
/// What went wrong, in a sentence for the operator.
pub async fn run(cli: Cli) -> Result<(), Failure> {
    match cli.command {
        Command::Serve(setup) => lifecycle::serve(setup.read()?).await,
        Command::Work(setup) => lifecycle::work(setup.read()?).await,
        Command::Migrate(setup) => {
            parts::open_store(&setup.read()?).await?;
            println!("the database is up to date");
            Ok(())
        }
        Command::Doctor(setup) => doctor::examine(&setup.read()?).await,
        Command::Tenant(command) => command.run().await,
        Command::User(command) => command.run().await,
        Command::Queue(command) => command.run().await,
    }
}

/// A service for a command that runs and ends. It may run beside the server: the database is shared, the data folder is not touched.
async fn open_service(setup: Setup) -> Result<Arc<Service>, Failure> {
    let config = setup.read()?;
    let store = parts::open_store(&config).await?;
    parts::open_service(&config, store, crate::clock::ServerClock::start(), &Secret::new(String::new()))
}
