//! Engines that the product is tested against: real ones, as processes of this machine, in folders that go away again.
//!
//! An engine that is not installed makes [`start`](postgres::start) give none and say so loudly; where the variable `CI` or
//! `MINGJIAN_REQUIRE_PARTS` is set it is a failure instead, so that nothing passes unseen.

pub mod postgres;

use std::env;

/// Says that a part is missing.
///
/// # Panics
/// Where missing parts are failures.
fn missing(what: &str, cure: &str) {
    let required = ["CI", "MINGJIAN_REQUIRE_PARTS"].into_iter().any(|name| env::var_os(name).is_some());
    assert!(!required, "{what} is missing: {cure}");
    eprintln!("\n*** SKIPPED: {what} is missing: {cure} ***\n");
}
