//! Windows paths beyond 260 characters: the `\\?\` form, which the system does not interpret.
//!
//! Compiled on every system for its tests alone.

use std::borrow::Cow;
use std::path::Path;

/// The extended form of an absolute path; any other path is left as it is.
pub(super) fn extended(path: &Path) -> Cow<'_, Path> {
    match path.to_str().and_then(extended_text) {
        Some(text) => Cow::Owned(text.into()),
        None => Cow::Borrowed(path),
    }
}

fn extended_text(path: &str) -> Option<String> {
    if path.starts_with(r"\\?\") || path.starts_with(r"\\.\") {
        return None;
    }
    let path = path.replace('/', r"\");
    let mut start = path.chars();
    let is_drive = start.next().is_some_and(|letter| letter.is_ascii_alphabetic())
        && start.next() == Some(':')
        && start.next() == Some('\\');
    if is_drive {
        Some(format!(r"\\?\{path}"))
    } else {
        path.strip_prefix(r"\\").map(|share| format!(r"\\?\UNC\{share}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absolute_paths_take_the_extended_form_and_others_stay() {
        for (path, expected) in [
            (r"C:\GED\Alter Ce", r"\\?\C:\GED\Alter Ce"),
            ("C:/GED/Alter Ce", r"\\?\C:\GED\Alter Ce"),
            (r"\\serveur\ged\a", r"\\?\UNC\serveur\ged\a"),
            (r"\\?\C:\GED", r"\\?\C:\GED"),
            ("relative", "relative"),
        ] {
            assert_eq!(extended(Path::new(path)), Path::new(expected), "{path}");
        }
    }
}
