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
pub(super) fn exchange(a: &Path, b: &Path, rename: impl Fn(&Path, &Path) -> io::Result<()>) -> io::Result<()> {
    let mut name = OsString::from(".gedeon-exchange-");
    name.push(format!("{}-{}", std::process::id(), COUNTER.fetch_add(1, Ordering::Relaxed)));
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

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;

    /// Exchanges two names of a folder that is a map, the `failing` rename (from 1) being refused.
    fn exchanged(failing: u32) -> (io::Result<()>, BTreeMap<PathBuf, &'static str>) {
        let names = BTreeMap::from([("/d/a".into(), "one"), ("/d/b".into(), "other")]);
        let names = RefCell::new(names);
        let count = Cell::new(0);
        let outcome = exchange(Path::new("/d/a"), Path::new("/d/b"), |from, to| {
            count.set(count.get() + 1);
            let mut names = names.borrow_mut();
            assert!(!names.contains_key(to), "a rename never replaces");
            if count.get() == failing {
                return Err(io::ErrorKind::PermissionDenied.into());
            }
            let entry = names.remove(from).expect("BUG: a name that was there");
            names.insert(to.to_path_buf(), entry);
            Ok(())
        });
        (outcome, names.into_inner())
    }

    #[test]
    fn a_refused_step_puts_everything_back() {
        let pair = |a, b| BTreeMap::from([("/d/a".into(), a), ("/d/b".into(), b)]);
        let (outcome, names) = exchanged(0);
        assert!(outcome.is_ok());
        assert_eq!(names, pair("other", "one"));
        for failing in 1..=3 {
            let (outcome, names) = exchanged(failing);
            assert_eq!(outcome.unwrap_err().kind(), io::ErrorKind::PermissionDenied);
            assert_eq!(names, pair("one", "other"), "step {failing} was refused");
        }
    }
}
