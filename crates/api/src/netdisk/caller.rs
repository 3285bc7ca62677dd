//! Who calls: `CompID` with `SecretKey`, or the older pair `UserName` with `UserPswd`. Both are MD5 sums, whose case does not matter.

use axum::http::HeaderMap;
use mingjian_domain::error::{Denied, Error, Unauthenticated};
use mingjian_domain::interface::{FaceName, Interface};
use mingjian_service::access::Caller;
use mingjian_service::interfaces::{Account, Proof, prove_company};

use super::words::Words;
use crate::Shared;
use crate::limits::Whose;
use crate::origin::Origin;
use crate::problems::Problem;

/// The project that every enterprise has; the demos of the document call it so.
const DEFAULT_PROJECT: &str = "默认";

/// Proves the caller by the words that every call has.
///
/// # Errors
/// Invalid for a word that is missing or wrong; an unknown account; a wrong secret; the interface is off; busy.
pub(super) async fn prove(api: &Shared, origin: &Origin, words: &Words) -> Result<(Interface, Caller), Problem> {
    words.required("RequestId")?;
    let company = words.integer("CompID")?;
    let (account, secret) = match company {
        Some(company) => (Account::Company(company), words.required("SecretKey")?),
        None => match words.text("UserName") {
            Some(name) => (Account::App(name), words.required("UserPswd")?),
            None => return Err(Error::Invalid("缺少 CompID 与 SecretKey".to_owned()).into()),
        },
    };
    let (now, address) = (api.service.now(), origin.address.to_string());
    let secret = secret.to_ascii_lowercase();
    let proof = Proof { account, secret: &secret, address: &address };
    let (interface, caller) = match prove_company(&api.service, FaceName::Netdisk, proof).await {
        // Wrong secrets are counted by address: a bank cannot be shut out by somebody who guesses.
        Err(error @ Error::Unauthenticated(_)) => {
            api.buckets.take(Whose::Stranger(origin.address.into()), now)?;
            return Err(error.into());
        }
        proved => proved?,
    };
    let project = words.text("AppId").filter(|project| *project != DEFAULT_PROJECT);
    if project.is_some_and(|project| project != interface.app_id) {
        return Err(Error::Unauthenticated(Unauthenticated::UnknownAccount).into());
    }
    Ok((interface, caller))
}

/// Whether a page may ask by GET, and the origin that it is of. A script tag says only where its page is from; one that says
/// nothing at all is not let in.
///
/// # Errors
/// The interface is off; a foreign origin.
pub(super) fn admit_page(interface: &Interface, headers: &HeaderMap, is_script: bool) -> Result<Option<String>, Error> {
    let Some(listed) = &interface.switches.netdisk_get_from else {
        return Err(Denied::InterfaceOff.into());
    };
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let origin = text("origin").or_else(|| text("referer")).map(origin_of);
    match origin {
        Some(origin) if listed.iter().any(|entry| matches(entry, &origin)) => Ok(Some(origin)),
        None if !is_script => Ok(None),
        Some(_) | None => Err(Denied::ForeignOrigin.into()),
    }
}

/// Scheme, host and port of an address, in lower case.
fn origin_of(address: &str) -> String {
    let address = address.to_ascii_lowercase();
    let Some((scheme, rest)) = address.split_once("://") else { return address };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    format!("{scheme}://{authority}")
}

/// An entry without a port takes every port of that host.
fn matches(entry: &str, origin: &str) -> bool {
    let entry = entry.trim_end_matches('/').to_ascii_lowercase();
    if entry == origin {
        return true;
    }
    let rest = origin.strip_prefix(&entry).and_then(|rest| rest.strip_prefix(':'));
    rest.is_some_and(|port| !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_matched_whole() {
        assert!(matches("https://bank.example", "https://bank.example"));
        assert!(matches("https://bank.example/", "https://bank.example:8443"));
        for foreign in [
            "https://bank.example.evil.example",
            "https://bank.example:evil",
            "http://bank.example",
            "https://evilbank.example",
            "null",
            "",
        ] {
            assert!(!matches("https://bank.example", foreign), "{foreign}");
        }
        assert!(!matches("https://bank.example:8443", "https://bank.example"));
        assert_eq!(origin_of("HTTPS://Bank.Example:1/a?b#c"), "https://bank.example:1");
        // What stands before an @ is no host.
        assert!(!matches("https://bank.example", &origin_of("https://bank.example@evil.example/")));
        assert!(!matches("https://bank.example", &origin_of("https://bank.example:80@evil.example/")));
    }
}
