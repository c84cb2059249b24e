//! The exchange of two entries where the volume has no atomic one.
//!
//! Every step is an exclusive rename, so that nothing can be replaced; a failed step puts the others back.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

/// A temporary name is never used twice by one process: an antivirus may still hold the former one.
static COUNTER: AtomicU64 = AtomicU64::new(0);

/// Exchanges `a` and `b` through a temporary name beside `a`.
pub(super) fn exchange(
    a: &Path,
    b: &Path,
    rename: impl Fn(&Path, &Path) -> io::Result<()>,
) -> io::Result<()> {
    let mut name = OsString::from(".gedeon-exchange-");
    name.push(format!(
        "{}-{}",
        std::process::id(),
        COUNTER.fetch_add(1, Ordering::Relaxed)
    ));
    let aside = a.with_file_name(name);
    rename(a, &aside)?;
    if let Err(error) = rename(b, a) {
        rename(&aside, a)?;
        return Err(error);
    }
    if let Err(error) = rename(&aside, b) {
        rename(a, b)?;
        rename(&aside, a)?;
        return Err(error);
    }
    Ok(())
}
