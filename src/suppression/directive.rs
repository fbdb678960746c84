//! What a suppression says: which rules, and how far it reaches.

use crate::transcript::ALL;

/// How far a comment reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scope {
    /// The text on its line; the next one, where the comment stands alone.
    Text,
    /// The text on the next line.
    Next,
    /// From here on.
    Start,
    /// No longer.
    End,
    /// The whole file.
    File,
}

/// The words for each scope; `off` and `on` are what other linters call a block.
const SCOPES: [(&str, Scope); 7] = [
    ("ignore", Scope::Text),
    ("ignore-next-line", Scope::Next),
    ("ignore-start", Scope::Start),
    ("off", Scope::Start),
    ("ignore-end", Scope::End),
    ("on", Scope::End),
    ("ignore-file", Scope::File),
];

/// What a comment says behind `phrase-lint:`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Directive {
    pub scope: Scope,
    /// Ids and categories; empty for all rules.
    pub names: Vec<String>,
}

impl Directive {
    /// Reads it; the error is a word that is none, with the one that was probably meant.
    pub(super) fn of(said: &str) -> Result<Self, (String, &'static str)> {
        let word = said.split_whitespace().next().unwrap_or_default();
        let likeness = |known: &str| strsim::jaro_winkler(word, known);
        match SCOPES.iter().find(|(known, _)| *known == word) {
            Some((_, scope)) => Ok(Self { scope: *scope, names: names(&said[word.len()..]) }),
            None => {
                let nearest = SCOPES.iter().max_by(|one, other| likeness(one.0).total_cmp(&likeness(other.0)));
                Err((word.to_owned(), nearest.map_or("ignore", |(known, _)| known)))
            }
        }
    }
}

/// The ids and categories in a text, divided by commas or spaces, up to the dash before a reason; empty for all rules.
pub(super) fn names(text: &str) -> Vec<String> {
    let mut names = Vec::new();
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | ';' | '；')).filter(|word| !word.is_empty()) {
        let reason =
            if word.starts_with('-') { Some(0) } else { word.find(['—', '–', ':', '：', '(', '（']).or_else(|| word.find("--")) };
        let name = &word[..reason.unwrap_or(word.len())];
        if name == ALL {
            // Nothing beside it means more.
            return Vec::new();
        }
        if !name.is_empty() {
            names.push(name.to_owned());
        }
        if reason.is_some() {
            break;
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_end_at_the_reason() {
        for text in ["a/b, c — 老板说的", "a/b c -- 老板", "a/b，c——老板", "a/b、c - d", "a/b,c:老板", " a/b, c ", "a/b c（老板）"]
        {
            assert_eq!(names(text), ["a/b", "c"], "{text}");
        }
        for text in ["", "all", "all, a/b", "a/b all — c", " — 老板说的", "-- x"] {
            assert!(names(text).is_empty(), "{text}");
        }
    }

    #[test]
    fn a_wrong_word_is_told_the_nearest() {
        assert_eq!(Directive::of("ignore-next a/b"), Err(("ignore-next".into(), "ignore-next-line")));
        assert_eq!(Directive::of("off"), Ok(Directive { scope: Scope::Start, names: Vec::new() }));
        assert_eq!(Directive::of("").map_err(|(word, _)| word), Err(String::new()));
    }
}
