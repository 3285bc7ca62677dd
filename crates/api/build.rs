//! The pages are embedded from `web/app/dist`. Before they are built for the first time the folder is made, so that the
//! server compiles without them; it then says what to do instead of showing a page.

use std::path::Path;

fn main() -> std::io::Result<()> {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../web/app/dist");
    std::fs::create_dir_all(&dist)?;
    println!("cargo::rerun-if-changed={}", dist.display());
    Ok(())
}
