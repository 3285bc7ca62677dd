//! What the server prints when it is up: where it listens, and for a demo how to go on from there.

use std::net::SocketAddr;

use mingjian_domain::order::PersonRole;
use mingjian_service::access::Caller;
use mingjian_service::demo::Planted;
use mingjian_service::invitations::{self, Whom};
use mingjian_service::{Service, setup};

use crate::config::Config;
use crate::parts::{Failure, told};

/// Where HTTP is served.
#[derive(Debug, Clone)]
pub struct Addresses {
    /// In the clear.
    pub http: SocketAddr,
    /// With TLS.
    pub https: Option<SocketAddr>,
    /// In the clear, for a part of what is served.
    pub further: Vec<SocketAddr>,
}

/// The order of the demo that a first visitor is sent to.
const FIRST_ORDER: &str = "A3239239";

/// Prints it. Programs that start the server read the `listening` lines, so they come first and stay as they are.
///
/// # Errors
/// The demo's link could not be made.
pub async fn started(
    config: &Config,
    service: &Service,
    addresses: &Addresses,
    rtc: SocketAddr,
    planted: Option<&Planted>,
) -> Result<(), Failure> {
    println!("listening http://{}", addresses.http);
    if let Some(https) = addresses.https {
        println!("listening https://{https}");
    }
    for address in &addresses.further {
        println!("listening http://{address} (in part)");
    }
    println!("listening rtc {rtc}");
    if !config.demo {
        return Ok(());
    }
    let base = base(config, addresses);
    let code = first_link(service).await?;
    println!();
    println!("明鉴 demo");
    println!("  a customer's link   {base}/s/{code}");
    println!("  desk                {base}/desk");
    println!("  review              {base}/review");
    println!("  administration      {base}/admin");
    println!("  the API, described  {base}/api/docs");
    match planted {
        Some(planted) if config.lan => {
            println!("\n  new passwords, shown once:");
            for account in &planted.accounts {
                println!("    {:<12} {}", account.login, account.password.expose());
            }
            for key in &planted.keys {
                println!("    API key {:<8} {}", key.tenant, key.key.expose());
            }
        }
        _ if config.lan => println!("\n  the passwords were shown when this data folder was made"),
        _ => println!(
            "\n  accounts: agent1, agent2 (seats), supervisor1, reviewer1, admin1, root; password mingjian-demo"
        ),
    }
    Ok(())
}

/// What people type: for phones the https address of this machine, since browsers give the camera to https only.
fn base(config: &Config, addresses: &Addresses) -> String {
    if let Some(url) = &config.public_url {
        return url.clone();
    }
    match (config.lan, addresses.https, config.rtc_public.first()) {
        (true, Some(https), Some(public)) => format!("https://{}", SocketAddr::new(public.ip(), https.port())),
        _ => format!("http://{}", addresses.http),
    }
}

async fn first_link(service: &Service) -> Result<String, Failure> {
    let tenants = setup::list_tenants(service).await.map_err(told)?;
    let tenant = tenants.first().ok_or("the demo has no tenant")?.id;
    let caller = Caller::System { tenant, name: "demo".to_owned(), address: None };
    let whom = Whom::Role(PersonRole::Borrower);
    let invited =
        invitations::create_invitation(service, &caller, FIRST_ORDER, whom, None, None).await.map_err(told)?;
    Ok(invited.code.expose().to_owned())
}
