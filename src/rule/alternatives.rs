//! Sayings taken apart into their alternatives: a word class of a hundred entries is not run where the literal of one was
//! found, and every entry has literals of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Serialize};

use super::carried::Carried;
use super::pattern::{Node, Pattern};
use super::saying::Saying;
use super::signs::Signs;

/// One of the alternatives of a saying.
#[derive(Debug, Clone)]
pub struct Alternative {
    /// What it is by itself.
    pub pattern: Arc<Pattern>,
    /// The exceptions of the word classes that it is an entry of. Those of one class share them: hundreds of entries with dozens of
    /// exceptions took a tenth of a small run.
    pub except: Arc<[Saying]>,
}

/// A saying, taken apart.
#[derive(Debug, Clone, Default)]
pub struct Apart {
    /// Any of these says it.
    pub each: Vec<Alternative>,
    /// So do signs that weigh enough in a turn.
    pub signs: Arc<Signs>,
}

/// Alternatives of sayings. Those that the program carries were told apart when it was built, which takes longer than all else
/// that a small run does.
#[derive(Debug, Default)]
pub struct Alternatives {
    carried: Option<&'static Carried>,
    /// By saying, ascending by scope and text; read when first asked for.
    read: OnceLock<Vec<(Saying, Apart)>>,
}

/// The form in which they are stored: sayings, and of each its alternatives.
#[derive(Default, Serialize, Deserialize)]
struct Table {
    sayings: Vec<Saying>,
    /// Every list of exceptions, by the numbers of sayings.
    excepts: Vec<Vec<u32>>,
    alternatives: Vec<Vec<StoredAlternative>>,
    /// The signs of those sayings that have some, by their number.
    signs: BTreeMap<u32, Arc<Signs>>,
}

#[derive(Serialize, Deserialize)]
struct StoredAlternative {
    pattern: Arc<Pattern>,
    /// The number of the list of its exceptions.
    except: u32,
}

impl Alternatives {
    /// Those of these sayings and of the exceptions in them, as bytes for [`Alternatives::carried`].
    ///
    /// # Errors
    /// A saying was itself read from what a program carries.
    pub(super) fn to_bytes(sayings: impl Iterator<Item = Saying>) -> Result<Vec<u8>, postcard::Error> {
        let mut all: Vec<(Saying, Apart)> = Vec::new();
        let mut open: Vec<Saying> = sayings.collect();
        while let Some(saying) = open.pop() {
            if all.iter().any(|(known, _)| *known == saying) {
                continue;
            }
            let apart = take_apart(&saying).ok_or(postcard::Error::SerializeSeqLengthUnknown)?;
            open.extend(apart.each.iter().flat_map(|alternative| alternative.except.iter().cloned()));
            all.push((saying, apart));
        }
        all.sort_by(|(one, _), (other, _)| one.key().cmp(&other.key()));
        let place = |saying: &Saying| all.partition_point(|(known, _)| known.key() < saying.key()) as u32;
        let mut excepts: Vec<Vec<u32>> = Vec::new();
        let mut stored = |alternative: &Alternative| {
            let except: Vec<u32> = alternative.except.iter().map(place).collect();
            let number = excepts.iter().position(|known| *known == except).unwrap_or(excepts.len());
            if number == excepts.len() {
                excepts.push(except);
            }
            StoredAlternative { pattern: Arc::clone(&alternative.pattern), except: number as u32 }
        };
        let alternatives = all.iter().map(|(_, apart)| apart.each.iter().map(&mut stored).collect()).collect();
        let signs = (0..).zip(&all).filter(|(_, (_, apart))| !apart.signs.is_empty());
        let signs = signs.map(|(number, (_, apart))| (number, Arc::clone(&apart.signs))).collect();
        postcard::to_allocvec(&Table { sayings: all.iter().map(|(saying, _)| saying.clone()).collect(), excepts, alternatives, signs })
    }

    /// Those that [`Alternatives::to_bytes`] gave.
    pub(super) fn carried(carried: &'static Carried) -> Self {
        Self { carried: Some(carried), read: OnceLock::new() }
    }

    /// What a saying is made of.
    pub fn of(&self, saying: &Saying) -> Apart {
        let read = self.read.get_or_init(|| self.read());
        match read.binary_search_by(|(known, _)| known.key().cmp(&saying.key())) {
            Ok(place) => read[place].1.clone(),
            Err(_) => take_apart(saying).unwrap_or_default(),
        }
    }

    /// What is stored; nothing where it cannot be read.
    fn read(&self) -> Vec<(Saying, Apart)> {
        let table = |carried: &'static Carried| carried.read(carried.stored().alternatives).ok();
        let Table { sayings, excepts, alternatives, mut signs } = self.carried.and_then(table).unwrap_or_default();
        let except = |numbers: Vec<u32>| numbers.iter().filter_map(|&number| sayings.get(number as usize).cloned()).collect();
        let excepts: Vec<Arc<[Saying]>> = excepts.into_iter().map(except).collect();
        let alternative = |stored: StoredAlternative| Alternative {
            pattern: stored.pattern,
            except: excepts.get(stored.except as usize).cloned().unwrap_or_default(),
        };
        let mut apart = |(number, each): (u32, Vec<StoredAlternative>)| Apart {
            each: each.into_iter().map(alternative).collect(),
            signs: signs.remove(&number).unwrap_or_default(),
        };
        let all: Vec<Apart> = (0..).zip(alternatives).map(&mut apart).collect();
        sayings.into_iter().zip(all).collect()
    }
}

/// The alternatives of a saying that was just read. Of a pattern that requires literals every alternative does.
fn take_apart(saying: &Saying) -> Option<Apart> {
    let pattern = saying.pattern()?;
    let node = pattern.node()?;
    let alternative = |(node, except): (&Node, Vec<&Arc<Pattern>>)| {
        let part = Pattern::new("", node.clone(), pattern.scope()).ok()?;
        Some(Alternative { pattern: Arc::new(part), except: except.into_iter().map(Saying::from).collect() })
    };
    let signs = if let Node::Class(class) = node { Arc::clone(&class.signs) } else { Arc::default() };
    Some(Apart { each: node.alternatives().into_iter().filter_map(alternative).collect(), signs })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{KnownSigns, Pack, Rules, SignKey, carried};

    fn saying(text: &str) -> Saying {
        let words = "[words]\nyes = { any = [\"好\", \"<fine>\"], except = [\"好的\"], signs = { 120 = [\"就這樣\", \"然$\"], -40 = \"不\" } }\nfine = { any = [\"行\", \"可以[了]\"], except = [\"不行\"] }\n";
        let pack = format!("[pack]\ncategory = \"t\"\n{words}[[phrase]]\nid = \"t\"\nimproper = \"{text}\"\nprofessional = \"您\"\n");
        let rules = Rules::new(&[Pack::parse("t.toml", &pack).expect("a pack")]).expect("rules");
        Saying::from(&rules.phrases[0].improper[0])
    }

    fn told(Apart { each: alternatives, .. }: &Apart) -> Vec<(String, Vec<String>)> {
        let literals = |pattern: &Pattern| pattern.clues.literals.iter().collect::<Vec<_>>().join("|");
        let except = |alternative: &Alternative| alternative.except.iter().map(|except| except.text.to_string()).collect();
        alternatives.iter().map(|alternative| (literals(&alternative.pattern), except(alternative))).collect()
    }

    #[test]
    fn choices_and_classes_are_taken_apart_with_their_exceptions() {
        let alternatives = told(&Alternatives::default().of(&saying("(<yes>|对$)")));
        let expected = [("可以", vec!["好的", "不行"]), ("行", vec!["好的", "不行"]), ("好", vec!["好的"]), ("对", vec![])];
        let mut expected: Vec<(String, Vec<String>)> =
            expected.into_iter().map(|(literals, except)| (literals.to_owned(), except.into_iter().map(str::to_owned).collect())).collect();
        let mut alternatives = alternatives;
        alternatives.sort();
        expected.sort();
        assert_eq!(alternatives, expected);
    }

    #[test]
    fn only_a_class_that_stands_alone_has_signs() {
        let signs = |text: &str| Alternatives::default().of(&saying(text)).signs;
        assert_eq!(signs("<yes>").words().collect::<Vec<_>>(), [("不", -40), ("就这样", 120), ("然$", 120)]);
        assert!(signs("(<yes>|对$)").is_empty() && signs("<yes>$").is_empty());
    }

    #[test]
    fn what_is_stored_is_what_was_taken_apart() {
        let saying = saying("<yes>");
        let alternatives = || Alternatives::to_bytes([saying.clone()].into_iter());
        let carried = Carried::leaked(carried::write(|| Ok([Vec::new(), alternatives()?, Vec::new()])).expect("bytes"));
        let stored = Alternatives::carried(carried);
        let (read, apart) = (stored.of(&saying), Alternatives::default().of(&saying));
        assert_eq!((told(&read), read.signs.is_empty()), (told(&apart), apart.signs.is_empty()));
        let KnownSigns::Carried(table, set) = read.signs.0 else { panic!("{:?}", read.signs) };
        assert!(apart.signs.words().count() == 3);
        assert!(apart.signs.words().all(|(word, weight)| table.weights(SignKey::of(word)).eq([(set, weight)])));
        // The saying, and its two exceptions.
        assert_eq!(stored.read.get().map(Vec::len), Some(3));
    }
}
