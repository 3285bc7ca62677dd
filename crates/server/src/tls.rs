//! The certificate of HTTPS: the operator's, or one of our own that browsers warn about once.

use std::fs;
use std::net::IpAddr;
use std::path::Path;

use axum_server::tls_rustls::RustlsConfig;

use crate::config::Config;
use crate::config::folder::Folder;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The certificate and key to serve HTTPS with.
///
/// # Errors
/// Files that cannot be read, in a sentence for the operator.
pub async fn load(config: &Config, folder: &Folder) -> Result<RustlsConfig, Failure> {
    let (cert, key) = match &config.tls {
        Some((cert, key)) => (cert.clone(), key.clone()),
        None => {
            let (cert, key) = (folder.join("self-signed.crt"), folder.join("self-signed.key"));
            if !(cert.exists() && key.exists()) {
                make_self_signed(config, &cert, &key)?;
            }
            (cert, key)
        }
    };
    RustlsConfig::from_pem_file(&cert, &key)
        .await
        .map_err(|error| format!("the certificate {} with the key {}: {error}", cert.display(), key.display()).into())
}

fn make_self_signed(config: &Config, cert: &Path, key: &Path) -> Result<(), Failure> {
    let mut names = vec!["localhost".to_owned(), IpAddr::from([127, 0, 0, 1]).to_string()];
    names.extend(config.rtc_public.iter().map(|address| address.ip().to_string()));
    names.extend(config.hosts.iter().cloned());
    names.dedup();
    let made = rcgen::generate_simple_self_signed(names)?;
    fs::write(cert, made.cert.pem())?;
    fs::write(key, made.signing_key.serialize_pem())?;
    fs::set_permissions(key, std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
    Ok(())
}
