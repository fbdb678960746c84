//! Paths as a person in the current folder writes them, and as settings mean them.

use std::fs;
use std::path::{Component, Path, PathBuf, absolute};

/// A path as one in the folder `current` writes it: within it without more, above it with `..`, else in full.
///
/// Both are whole paths without links.
pub fn shown(path: &Path, current: &Path) -> PathBuf {
    if let Ok(below) = path.strip_prefix(current) {
        return below.to_owned();
    }
    let above = path.parent().filter(|folder| current.starts_with(folder));
    match (above.and_then(|folder| current.strip_prefix(folder).ok()), path.file_name()) {
        (Some(steps), Some(name)) => steps.components().map(|_| Component::ParentDir).collect::<PathBuf>().join(name),
        _ => path.to_owned(),
    }
}

/// The whole path of a file that need not exist, without links in what does.
pub(super) fn whole(path: &Path) -> PathBuf {
    let full = absolute(path).unwrap_or_else(|_| path.to_owned());
    let folder = full.parent().unwrap_or(&full);
    match (fs::canonicalize(folder), full.file_name()) {
        (Ok(folder), Some(name)) => folder.join(name),
        _ => fs::canonicalize(&full).unwrap_or_else(|_| without_steps_up(&full)),
    }
}

/// What `written` means to a file in `folder`.
pub(super) fn seen_from(folder: &Path, written: &str) -> PathBuf {
    without_steps_up(&folder.join(written))
}

/// The path with `a/..` taken out.
fn without_steps_up(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for component in path.components() {
        match component {
            Component::CurDir => {}
            Component::ParentDir if matches!(plain.components().next_back(), Some(Component::Normal(_))) => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_shown_as_they_would_be_typed() {
        let shown = |path: &str| shown(Path::new(path), Path::new("/srv/shop/replies")).display().to_string();
        assert_eq!(shown("/srv/shop/replies/phrase-lint.toml"), "phrase-lint.toml");
        assert_eq!(shown("/srv/shop/replies/chat/phrase-lint.toml"), "chat/phrase-lint.toml");
        assert_eq!(shown("/srv/phrase-lint.toml"), "../../phrase-lint.toml");
        assert_eq!(shown("/etc/phrase-lint.toml"), "/etc/phrase-lint.toml");
    }

    #[test]
    fn steps_up_are_taken() {
        let seen = |folder: &str, written: &str| seen_from(Path::new(folder), written).display().to_string();
        assert_eq!(seen("", "../house.toml"), "../house.toml");
        assert_eq!(seen("replies/chat", "../../house.toml"), "house.toml");
        assert_eq!(seen("..", "./packs/a.toml"), "../packs/a.toml");
        assert_eq!(seen("..", "../a.toml"), "../../a.toml");
        assert_eq!(seen("replies", "/etc/a.toml"), "/etc/a.toml");
    }
}
