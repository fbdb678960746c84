//! Patterns taken apart into their alternatives: a word class of a hundred entries is not run where the literal of one was
//! found, and every entry has literals of its own.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::clues::Clues;
use super::pack_text::PackText;
use super::pattern::{Node, Pattern};
use super::stored::Carried;
use super::words::Words;

/// One of the alternatives of a pattern.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// What it is by itself.
    pub pattern: Arc<Pattern>,
    /// The exceptions of the word classes that it is an entry of.
    pub except: Vec<Arc<Pattern>>,
}

/// Alternatives of patterns. Those that the program carries were told apart when it was built, which takes longer than all else
/// that a small run does.
#[derive(Debug, Default)]
pub struct Alternatives {
    stored: Option<&'static Carried>,
    /// Where stored patterns find their classes.
    scopes: Vec<Arc<Words>>,
    /// By pattern, ascending by scope and text; read when first asked for.
    read: OnceLock<Vec<(Arc<Pattern>, Vec<Alternative>)>>,
}

/// Alternatives with their numbers among those of a tree.
type Numbered = Vec<(u32, Alternative)>;

/// The form in which they are stored: patterns, and of each its alternatives.
#[derive(Default, Serialize, Deserialize)]
struct Table {
    patterns: Vec<Arc<Pattern>>,
    alternatives: Vec<Vec<StoredAlternative>>,
}

#[derive(Serialize, Deserialize)]
struct StoredAlternative {
    /// Its number among the alternatives of the tree.
    number: u32,
    clues: Clues,
    /// The numbers of patterns.
    except: Vec<u32>,
}

impl Alternatives {
    /// Those of these patterns and of the exceptions in them, as bytes for [`Alternatives::stored`].
    ///
    /// # Errors
    /// None that is known: the types have a form as bytes.
    pub(super) fn to_bytes(patterns: impl Iterator<Item = Arc<Pattern>>) -> Result<Vec<u8>, postcard::Error> {
        let mut all: Vec<(Arc<Pattern>, Numbered)> = Vec::new();
        let mut open: Vec<Arc<Pattern>> = patterns.collect();
        while let Some(pattern) = open.pop() {
            if all.iter().any(|(known, _)| *known == pattern) {
                continue;
            }
            let alternatives = take_apart(&pattern);
            open.extend(alternatives.iter().flat_map(|(_, alternative)| alternative.except.iter().cloned()));
            all.push((pattern, alternatives));
        }
        all.sort_by(|(one, _), (other, _)| one.key().cmp(&other.key()));
        let place = |pattern: &Arc<Pattern>| all.partition_point(|(known, _)| known.key() < pattern.key()) as u32;
        let mut table = Table::default();
        for (pattern, alternatives) in &all {
            table.patterns.push(Arc::clone(pattern));
            let alternative = |(number, alternative): &(u32, Alternative)| StoredAlternative {
                number: *number,
                clues: alternative.pattern.clues.clone(),
                except: alternative.except.iter().map(place).collect(),
            };
            table.alternatives.push(alternatives.iter().map(alternative).collect());
        }
        postcard::to_allocvec(&table)
    }

    /// Those that [`Alternatives::to_bytes`] gave.
    pub(super) fn stored(stored: &'static Carried, scopes: Vec<Arc<Words>>) -> Self {
        Self { stored: Some(stored), scopes, read: OnceLock::new() }
    }

    /// The alternatives of a pattern.
    pub fn of(&self, pattern: &Arc<Pattern>) -> Vec<Alternative> {
        let read = self.read.get_or_init(|| self.read());
        match read.binary_search_by(|(known, _)| known.key().cmp(&pattern.key())) {
            Ok(place) => read[place].1.clone(),
            Err(_) => take_apart(pattern).into_iter().map(|(_, alternative)| alternative).collect(),
        }
    }

    /// What is stored; nothing where it cannot be read, and patterns are taken apart when they are asked for.
    fn read(&self) -> Vec<(Arc<Pattern>, Vec<Alternative>)> {
        let bytes = |stored: &'static Carried| PackText::parts_of(stored.texts, || postcard::from_bytes(stored.alternatives)).ok();
        let Table { mut patterns, alternatives } = self.stored.and_then(bytes).unwrap_or_default();
        patterns.iter_mut().filter_map(Arc::get_mut).for_each(|pattern| pattern.attach(&self.scopes));
        let read = |(whole, alternatives): (&Arc<Pattern>, Vec<StoredAlternative>)| {
            let alternative = |stored: StoredAlternative| Alternative {
                pattern: Arc::new(Pattern::part_of(whole, stored.number, stored.clues)),
                except: stored.except.iter().filter_map(|&number| patterns.get(number as usize).cloned()).collect(),
            };
            (Arc::clone(whole), alternatives.into_iter().map(alternative).collect())
        };
        patterns.iter().zip(alternatives).map(read).collect()
    }
}

/// The alternatives of a pattern, with their numbers. Of a pattern that requires literals every alternative does.
fn take_apart(pattern: &Arc<Pattern>) -> Numbered {
    let nodes = pattern.node().alternatives();
    let alternative = |(number, (node, except)): (u32, (&Node, Vec<&Arc<Pattern>>))| {
        let part = Pattern::part_of(pattern, number, Clues::of(node).ok()?);
        Some((number, Alternative { pattern: Arc::new(part), except: except.into_iter().cloned().collect() }))
    };
    (0..).zip(nodes).filter_map(alternative).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Pack, Rules};

    fn pattern(text: &str) -> Arc<Pattern> {
        let words = "[words]\nyes = { any = [\"好\", \"<fine>\"], except = [\"好的\"] }\nfine = { any = [\"行\", \"可以[了]\"], except = [\"不行\"] }\n";
        let pack = format!("[pack]\ncategory = \"t\"\n{words}[[phrase]]\nid = \"t\"\nimproper = \"{text}\"\nprofessional = \"您\"\n");
        let rules = Rules::new(&[Pack::parse("t.toml", &pack).expect("a pack")]).expect("rules");
        Arc::clone(&rules.phrases[0].improper[0])
    }

    fn told(alternatives: &[Alternative]) -> Vec<(String, Vec<String>)> {
        let literals = |pattern: &Pattern| pattern.clues.literals.iter().collect::<Vec<_>>().join("|");
        let except = |alternative: &Alternative| alternative.except.iter().map(|except| except.text.to_string()).collect();
        alternatives.iter().map(|alternative| (literals(&alternative.pattern), except(alternative))).collect()
    }

    #[test]
    fn choices_and_classes_are_taken_apart_with_their_exceptions() {
        let alternatives = told(&Alternatives::default().of(&pattern("(<yes>|对$)")));
        let expected = [("可以", vec!["好的", "不行"]), ("行", vec!["好的", "不行"]), ("好", vec!["好的"]), ("对", vec![])];
        let mut expected: Vec<(String, Vec<String>)> =
            expected.into_iter().map(|(literals, except)| (literals.to_owned(), except.into_iter().map(str::to_owned).collect())).collect();
        let mut alternatives = alternatives;
        alternatives.sort();
        expected.sort();
        assert_eq!(alternatives, expected);
    }

    #[test]
    fn what_is_stored_is_what_was_taken_apart() {
        let pattern = pattern("(<yes>|对$)");
        let (bytes, texts) = PackText::gathered(|| Alternatives::to_bytes([Arc::clone(&pattern)].into_iter()).expect("bytes"));
        let carried = Box::leak(Box::new(Carried { rules: &[], alternatives: bytes.leak(), texts: texts.leak() }));
        let stored = Alternatives::stored(carried, Vec::new());
        assert_eq!(told(&stored.of(&pattern)), told(&Alternatives::default().of(&pattern)));
        // The pattern, and its two exceptions.
        assert_eq!(stored.read.get().map(Vec::len), Some(3));
    }
}
