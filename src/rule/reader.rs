//! Reading one entry of a pack: what phrase rules and checks have in common.

use std::sync::Arc;

use toml::Spanned;

use super::document::Strings;
use super::passage::Gaps;
use super::pattern::Pattern;
use super::row::Specs;
use super::saying::Saying;
use super::words::Words;
use super::{Pack, PackError, swallowed};

/// One entry on its way into the rules, with the mistakes that were found in it.
pub(super) struct Reader<'r> {
    pub pack: &'r Pack,
    pub id: Arc<str>,
    pub mistakes: Vec<PackError>,
    words: &'r Words,
    /// The first byte of the entry: where a mistake stands that has no better place.
    place: usize,
}

impl<'r> Reader<'r> {
    /// Begins to read an entry.
    ///
    /// # Errors
    /// The id is none.
    pub fn new(pack: &'r Pack, words: &'r Words, id: &Spanned<String>, place: usize) -> Result<Self, PackError> {
        Ok(Self { pack, id: rule_id(pack, id)?.into(), mistakes: Vec::new(), words, place })
    }

    /// A mistake of the whole entry.
    pub fn mistake(&mut self, message: impl AsRef<str>, remedy: impl Into<String>) {
        self.mistake_at(0, message, remedy);
    }

    /// A mistake at a byte of the pack; 0 where its place is not known.
    pub fn mistake_at(&mut self, at: usize, message: impl AsRef<str>, remedy: impl Into<String>) {
        let at = if at == 0 { self.place } else { at };
        self.mistakes.push(self.pack.mistake(at, format!("{}: {}", self.id, message.as_ref()), remedy));
    }

    /// Parses a list of patterns.
    pub fn patterns(&mut self, strings: &Strings, key: &str) -> Vec<Arc<Pattern>> {
        self.patterns_with(strings, key, Gaps::WithinClause)
    }

    /// The same, of which the gaps reach so far.
    pub fn patterns_with(&mut self, strings: &Strings, key: &str, gaps: Gaps) -> Vec<Arc<Pattern>> {
        let mut parsed: Vec<Arc<Pattern>> = Vec::new();
        for string in &strings.0 {
            match self.words.pattern(string.get_ref(), gaps) {
                Ok(pattern) if parsed.iter().any(|earlier| earlier.text == pattern.text) => {
                    self.mistake_at(string.span().start, format!("`{}` stands twice under {key}", pattern.text), "remove one of them");
                }
                Ok(pattern) => parsed.push(pattern),
                Err((message, remedy)) => self.mistake_at(string.span().start, message, remedy),
            }
        }
        parsed
    }

    /// Tells those of the patterns under `key` of which the exceptions under `except` leave nothing.
    pub fn check_exceptions(&mut self, said: &[Arc<Pattern>], key: &str, exceptions: &[Arc<Pattern>], except: &str) {
        for pattern in said {
            let by = pattern.node().and_then(|node| swallowed::by(node, exceptions)).map(|exception| exception.text.clone());
            if let Some(by) = by {
                self.mistake(
                    format!("`{}` under {key} is never told: every match holds what `{by}` under {except} takes out", pattern.text),
                    "remove one of them, or add words to the exception",
                );
            }
        }
    }

    /// Parses a list of sayings.
    pub fn sayings(&mut self, strings: &Strings, key: &str) -> Vec<Saying> {
        self.patterns(strings, key).iter().map(Saying::from).collect()
    }

    /// The line of a string, or of the entry where that is not known.
    pub fn line(&self, string: &Spanned<String>) -> usize {
        self.pack.line(if string.span().is_empty() { self.place } else { string.span().start })
    }

    /// The examples of an entry, with their lines.
    pub fn specs(&self, bad: &Strings, good: &Strings) -> Specs {
        let lines = |strings: &Strings| strings.0.iter().map(|string| (self.line(string), string.get_ref().clone())).collect();
        Specs { bad: lines(bad), good: lines(good) }
    }
}

/// `category/name` from a bare name or a full id.
fn rule_id(pack: &Pack, id: &Spanned<String>) -> Result<String, PackError> {
    let written = id.get_ref();
    let full = if written.contains('/') { written.clone() } else { format!("{}/{written}", pack.category()) };
    let fits = |half: &str| !half.is_empty() && half.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    match full.split_once('/') {
        Some((category, name)) if fits(category) && fits(name) => Ok(full),
        _ => Err(pack.mistake(
            id.span().start,
            format!("`{written}` is no rule id"),
            "use letters, digits and `-`, with at most one `/`: asking/name",
        )),
    }
}
