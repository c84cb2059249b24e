//! Windows paths beyond 260 characters: the `\\?\` form, which the system does not interpret.
//!
//! Compiled on every system for its tests alone.

use std::borrow::Cow;
use std::path::{Path, PathBuf};

/// The extended form of an absolute path; any other path is left as it is.
pub(super) fn extended(path: &Path) -> Cow<'_, Path> {
    match path.to_str().and_then(extended_text) {
        Some(text) => Cow::Owned(text.into()),
        None => Cow::Borrowed(path),
    }
}

/// The form that other programs and people take: the reverse of [`extended`].
pub(super) fn ordinary(path: PathBuf) -> PathBuf {
    let text = path.to_str().and_then(|text| text.strip_prefix(r"\\?\"));
    match text.map(|text| (text, text.strip_prefix(r"UNC\"))) {
        Some((_, Some(share))) => PathBuf::from(format!(r"\\{share}")),
        Some((text, None)) if extended_text(text).is_some() => PathBuf::from(text),
        _ => path,
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

    #[test]
    fn the_ordinary_form_is_what_the_extended_one_was_made_from() {
        for path in [r"C:\GED\Alter Ce", r"\\serveur\ged\a", "relative"] {
            assert_eq!(ordinary(extended(Path::new(path)).into_owned()), Path::new(path));
        }
        let volume = r"\\?\Volume{4c1b02c1-d990-11dc-99ae-806e6f6e6963}\GED";
        assert_eq!(ordinary(volume.into()), Path::new(volume), "a volume without a letter has no other form");
    }
}
