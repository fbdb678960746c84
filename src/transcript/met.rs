//! What the user said of names, paths, columns and keys, and whether the input has them: only a whole run can tell that one was
//! mistyped.

use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use super::{Conversation, FromPath, Mapping};

/// Names, columns and keys of the input that are kept, so that one that was mistyped can be told: the first by their order, so
/// that they are the same however the work is shared.
const KEPT: usize = 1000;

/// Which of the given names, columns and keys were met, by all threads of a run.
#[derive(Debug, Default)]
pub struct Met {
    /// For each name of [`ReadOptions::speakers`](super::ReadOptions::speakers).
    speakers: Vec<AtomicBool>,
    /// For each of [`ReadOptions::mappings`](super::ReadOptions::mappings).
    mappings: Vec<MetMapping>,
    /// Whether a conversation was read, with an agent or without.
    has_conversations: AtomicBool,
    paths: MetPaths,
    /// Who speaks in the input.
    names: Mutex<BTreeSet<String>>,
    /// Columns of tables and paths of JSON.
    fields: Mutex<BTreeSet<String>>,
}

/// What was met of [`ReadOptions::from_path`](super::ReadOptions::from_path).
#[derive(Debug, Default)]
struct MetPaths {
    /// Whether there was a transcript whose path might have told something.
    is_asked: AtomicBool,
    /// Whether the path of one told something.
    fits: AtomicBool,
    /// Whether what a path calls date and time could be read as that, and whether it could not.
    is_dated: AtomicBool,
    is_misdated: AtomicBool,
}

/// What was met of a mapping.
#[derive(Debug)]
struct MetMapping {
    fits: AtomicBool,
    /// Whether something seems to be meant by it, and does not fit.
    is_missed: AtomicBool,
    /// By the keys of the mapping.
    fields: Vec<(&'static str, AtomicBool)>,
}

impl Met {
    /// Nothing yet of so many names, the first of [`ReadOptions::speakers`](super::ReadOptions::speakers), and of these mappings.
    pub fn new(speakers: usize, mappings: &[Mapping]) -> Self {
        let mapping = |mapping: &Mapping| MetMapping {
            fits: AtomicBool::default(),
            is_missed: AtomicBool::default(),
            fields: mapping.paths().map(|(key, _)| (key, AtomicBool::default())).collect(),
        };
        Self {
            speakers: (0..speakers).map(|_| AtomicBool::default()).collect(),
            mappings: mappings.iter().map(mapping).collect(),
            ..Self::default()
        }
    }

    /// Whether the name with this number was met.
    pub fn has_speaker(&self, number: usize) -> bool {
        self.speakers.get(number).is_some_and(|met| met.load(Ordering::Relaxed))
    }

    /// Whether a conversation was read, with an agent or without.
    pub fn has_conversations(&self) -> bool {
        self.has_conversations.load(Ordering::Relaxed)
    }

    /// Whether [`ReadOptions::from_path`](super::ReadOptions::from_path) fits the path of a transcript; none where no transcript
    /// was read.
    pub fn fits_path(&self) -> Option<bool> {
        let MetPaths { is_asked, fits, .. } = &self.paths;
        is_asked.load(Ordering::Relaxed).then(|| fits.load(Ordering::Relaxed))
    }

    /// Whether what a path calls date and time could be read; none where nothing is called that, or nobody needed it.
    pub fn dates_path(&self) -> Option<bool> {
        let MetPaths { is_dated, is_misdated, .. } = &self.paths;
        let is_dated = is_dated.load(Ordering::Relaxed);
        (is_dated || is_misdated.load(Ordering::Relaxed)).then_some(is_dated)
    }

    /// Whether a document has the shape of the mapping with this number.
    pub fn fits(&self, number: usize) -> bool {
        self.mappings.get(number).is_some_and(|mapping| mapping.fits.load(Ordering::Relaxed))
    }

    /// Whether the column or key was met that the mapping with this number has under `key`.
    pub fn has_field(&self, number: usize, key: &str) -> bool {
        let fields = self.mappings.get(number).map_or(&[][..], |mapping| &mapping.fields);
        fields.iter().any(|(known, met)| *known == key && met.load(Ordering::Relaxed))
    }

    /// Whether there was JSON or a table that seems to be meant by the mapping with this number and that no mapping fits: one that
    /// nobody can read, or that has its text or its speaker, but not both.
    pub fn is_missed(&self, number: usize) -> bool {
        self.mappings.get(number).is_some_and(|mapping| mapping.is_missed.load(Ordering::Relaxed))
    }

    /// Names of those who speak in the input.
    pub fn names(&self) -> BTreeSet<String> {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Columns and paths of the input.
    pub fn fields(&self) -> BTreeSet<String> {
        self.fields.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn meet_speaker(&self, number: usize) {
        meet(self.speakers.get(number));
    }

    pub(super) fn meet_mapping(&self, number: usize) {
        meet(self.mappings.get(number).map(|mapping| &mapping.fits));
    }

    /// A document that no mapping fits seems to be meant by those of which `is_meant` says so.
    pub(super) fn miss(&self, mappings: &[Mapping], is_meant: impl Fn(&Mapping) -> bool) {
        let missed = self.mappings.iter().zip(mappings).filter(|(_, mapping)| is_meant(mapping));
        missed.for_each(|(met, _)| meet(Some(&met.is_missed)));
    }

    pub(super) fn meet_field(&self, number: usize, key: &str) {
        let fields = self.mappings.get(number).map_or(&[][..], |mapping| &mapping.fields);
        meet(fields.iter().find(|(known, _)| *known == key).map(|(_, met)| met));
    }

    /// A transcript came of this path.
    pub(super) fn meet_path(&self, from_path: &FromPath, path: &str) {
        let MetPaths { is_asked, fits, .. } = &self.paths;
        is_asked.store(true, Ordering::Relaxed);
        if !fits.load(Ordering::Relaxed) && from_path.fits(path) {
            fits.store(true, Ordering::Relaxed);
        }
    }

    /// What a path calls date and time could be read, or not.
    pub(super) fn meet_date(&self, is_read: bool) {
        let met = if is_read { &self.paths.is_dated } else { &self.paths.is_misdated };
        met.store(true, Ordering::Relaxed);
    }

    /// A conversation came. Keeps who speaks in it, as long as a name was not met that may be meant for one of them.
    pub(super) fn meet_conversation(&self, conversation: &Conversation) {
        self.has_conversations.store(true, Ordering::Relaxed);
        if !self.speakers.iter().all(|met| met.load(Ordering::Relaxed)) {
            keep(&self.names, conversation.turns.iter().filter_map(|turn| turn.name.as_deref()));
        }
    }

    /// Keeps the columns or paths of a document.
    pub(super) fn keep_fields(&self, fields: impl Iterator<Item = impl AsRef<str>>) {
        if !self.mappings.is_empty() {
            keep(&self.fields, fields);
        }
    }
}

fn meet(met: Option<&AtomicBool>) {
    if let Some(met) = met {
        met.store(true, Ordering::Relaxed);
    }
}

fn keep(kept: &Mutex<BTreeSet<String>>, words: impl Iterator<Item = impl AsRef<str>>) {
    let mut kept = kept.lock().unwrap_or_else(PoisonError::into_inner);
    for word in words {
        let word = word.as_ref().trim();
        if !word.is_empty() && word.len() <= 120 && !kept.contains(word) {
            kept.insert(word.to_owned());
            if kept.len() > KEPT {
                kept.pop_last();
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_kept_is_the_same_in_any_order_and_bounded() {
        let words: Vec<String> = (0..3 * KEPT).map(|number| format!("{number:05}")).collect();
        let (one, other) = (Mutex::default(), Mutex::default());
        keep(&one, words.iter().map(String::as_str));
        keep(&other, words.iter().rev().map(String::as_str));
        let (one, other) = (one.into_inner().unwrap(), other.into_inner().unwrap());
        assert_eq!((one.len(), &one), (KEPT, &other));
    }
}
