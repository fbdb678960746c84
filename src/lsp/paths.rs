//! Where a document is: the path that a URI means, or the one it would have.

use std::path::{Path, PathBuf};

use gen_lsp_types::Uri;
use percent_encoding::percent_decode_str;

/// The path of a `file:` URI.
pub(super) fn path_of(uri: &Uri) -> Option<PathBuf> {
    let rest = uri.as_ref().strip_prefix("file://")?;
    let path = rest.strip_prefix("localhost").unwrap_or(rest);
    let path = percent_decode_str(path.split(['?', '#']).next()?).decode_utf8().ok()?;
    let mut start = path.strip_prefix('/')?.chars();
    // Drives stand behind a slash: /c:/replies
    let is_on_drive = cfg!(windows) && start.next().is_some_and(|c| c.is_ascii_alphabetic()) && start.next() == Some(':');
    Some(PathBuf::from(if is_on_drive { &path[1..] } else { &path }))
}

/// The path by which a document is read: its own or, where it has none, one in `folder` with the ending of its language.
pub(super) fn standing_for(uri: &Uri, language: &str, folder: &Path) -> PathBuf {
    path_of(uri).unwrap_or_else(|| folder.join(format!("untitled.{}", ending(language))))
}

/// The ending of files in a language, by the name that editors give it.
fn ending(language: &str) -> &str {
    match language {
        "markdown" => "md",
        "jsonc" | "json5" => "json",
        "plaintext" | "text" | "" => "txt",
        // json, jsonl, yaml, toml, csv, tsv …
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_paths() {
        let path = |uri: &str| path_of(&uri.into()).map(|path| path.display().to_string());
        assert_eq!(path("file:///srv/%E8%AF%9D%E6%9C%AF/a%20b.md").as_deref(), Some("/srv/话术/a b.md"));
        assert_eq!(path("file://localhost/srv/a.md").as_deref(), Some("/srv/a.md"));
        assert_eq!(path("untitled:Untitled-1"), None);
        assert_eq!(path("file:///%FF"), None);
    }

    #[test]
    fn what_has_no_path_is_read_by_its_language() {
        let path = |language: &str| standing_for(&"untitled:Untitled-1".into(), language, Path::new("/srv")).display().to_string();
        assert_eq!(["markdown", "yaml", "plaintext"].map(path), ["/srv/untitled.md", "/srv/untitled.yaml", "/srv/untitled.txt"]);
    }
}
