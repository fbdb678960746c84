//! Word classes: each parsed once, in the scope where it is written, when a pattern first names it.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};

use super::document::WordClass;
use super::notation::{self, Extent, Mistake};
use super::pack_text::PackText;
use super::passage::{self, Gaps};
use super::pattern::{Class, Node, Pattern};
use super::signs::Signs;
use super::{Pack, PackError, swallowed};

/// The classes that a pack's patterns may name: its own, and behind them the shared ones.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The scope's number among all of a set of rules; 0 is the shared one.
    pub number: u16,
    classes: BTreeMap<String, ClassText>,
    shared: Option<Arc<Words>>,
    parsed: Mutex<BTreeMap<String, Option<Arc<Class>>>>,
}

/// A class as its author wrote it.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(super) struct ClassText {
    any: Vec<PackText>,
    except: Vec<PackText>,
    signs: Arc<Signs>,
}

/// The classes whose entries are being parsed, innermost first: to meet one again is recursion.
#[derive(Clone, Copy)]
struct Open<'o> {
    name: &'o str,
    /// How deep it is used within the pattern that was asked for.
    depth: usize,
    around: Option<&'o Open<'o>>,
}

/// A pattern that was parsed.
struct Parsed {
    node: Node,
    extent: Extent,
    /// The number of the scope that it names classes of.
    scope: u16,
}

impl Open<'_> {
    fn holds(&self, name: &str) -> bool {
        self.name == name || self.around.is_some_and(|around| around.holds(name))
    }
}

impl Words {
    /// The classes of `packs`, a later pack's in place of an earlier one's, with `shared` behind them.
    pub fn of_packs(number: u16, packs: &[&Pack], shared: Option<Arc<Self>>) -> Self {
        let text = |class: &WordClass| {
            let own = |strings: &super::document::Strings| strings.0.iter().map(|string| string.get_ref().clone().into()).collect();
            ClassText { any: own(&class.any), except: own(&class.except), signs: Arc::new(Signs::new(class.signs.weighed())) }
        };
        let classes = packs.iter().flat_map(|pack| &pack.document.words).map(|(name, class)| (name.clone(), text(class.get_ref())));
        Self::new(number, classes.collect(), shared)
    }

    /// Classes by name, with `shared` behind them.
    pub fn new(number: u16, classes: BTreeMap<String, ClassText>, shared: Option<Arc<Self>>) -> Self {
        Self { number, classes, shared, parsed: Mutex::default() }
    }

    /// The classes of this scope as they are written.
    pub fn classes(&self) -> &BTreeMap<String, ClassText> {
        &self.classes
    }

    /// Parses a pattern in this scope, of which the gaps reach so far.
    ///
    /// # Errors
    /// What is wrong with the pattern, and what to do.
    pub fn pattern(&self, text: &str, gaps: Gaps) -> Result<Arc<Pattern>, Mistake> {
        self.pattern_within(text, gaps, None).map(|(pattern, _)| pattern)
    }

    /// All mistakes in the classes of this scope, which are those of `packs`.
    pub fn check(&self, packs: &[&Pack]) -> Vec<PackError> {
        let mut mistakes = Vec::new();
        for pack in packs {
            for (name, class) in &pack.document.words {
                if let Err((message, remedy)) = self.class(name, 0, None) {
                    mistakes.push(pack.mistake(class.span().start, format!("word class <{name}>: {message}"), remedy));
                }
            }
        }
        mistakes
    }

    fn pattern_within(&self, text: &str, gaps: Gaps, open: Option<&Open<'_>>) -> Result<(Arc<Pattern>, Extent), Mistake> {
        let Parsed { node, extent, scope } = self.node_within(text, open)?;
        passage::check(&node, gaps).map_err(|(what, remedy)| (format!("{}: {what}", told(text)), remedy))?;
        let pattern = Pattern::new(text, node, scope)
            .map_err(|reason| (format!("{} {reason}", told(text)), "add the words that make it what it is".to_owned()))?;
        Ok((Arc::new(pattern), extent))
    }

    fn node_within(&self, text: &str, open: Option<&Open<'_>>) -> Result<Parsed, Mistake> {
        let depth = open.map_or(0, |open| open.depth);
        let mut names_own = false;
        let parsed = notation::parse(text, depth, &mut |name, depth| {
            names_own |= self.classes.contains_key(name);
            self.class(name, depth, open)
        });
        let (node, extent) = parsed.map_err(|(message, remedy)| {
            // Of patterns within each other the innermost is the one to put right.
            if message.starts_with(TOLD) { (message, remedy) } else { (format!("{}: {message}", told(text)), remedy) }
        })?;
        // What names no class of this scope means the same in all: many packs ask for an apology, which is listened for once.
        let scope = self.shared.as_ref().filter(|_| !names_own).map_or(self.number, |shared| shared.number);
        Ok(Parsed { node, extent, scope })
    }

    /// The class of a name that is used so deep within a pattern.
    fn class(&self, name: &str, depth: usize, open: Option<&Open<'_>>) -> Result<Arc<Class>, Mistake> {
        let Some(written) = self.classes.get(name) else {
            return match &self.shared {
                Some(shared) => shared.class(name, depth, open),
                None => Err((format!("there is no word class <{name}>"), self.nearest(name))),
            };
        };
        let known = self.parsed.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned();
        match known {
            Some(Some(class)) => return Ok(class),
            Some(None) => return Err((format!("<{name}> has a mistake of its own"), "put the class right first".to_owned())),
            None if open.is_some_and(|open| open.holds(name)) => {
                return Err((format!("<{name}> is made of itself"), "a word class may use other classes, never itself".to_owned()));
            }
            None => {}
        }
        let parsed = self.parse(name, written, Some(&Open { name, depth, around: open }));
        // Two threads may have parsed it at once: the results are alike.
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner).insert(name.to_owned(), parsed.as_ref().ok().cloned());
        parsed
    }

    fn parse(&self, name: &str, written: &ClassText, open: Option<&Open<'_>>) -> Result<Arc<Class>, Mistake> {
        let mut options = Vec::new();
        let mut extent = Extent::default();
        for text in &written.any {
            let Parsed { node, extent: of_entry, .. } = self.node_within(text, open)?;
            passage::check(&node, Gaps::AcrossBreaks).map_err(|(what, remedy)| (format!("{}: {what}", told(text)), remedy))?;
            extent = extent.beside(of_entry);
            extent.check()?;
            if node.is_nullable() {
                return Err((
                    format!("entry `{text}` can match nothing at all"),
                    "make the optional part optional where the class is used: [<name>]".to_owned(),
                ));
            }
            options.push(node);
        }
        if options.is_empty() {
            return Err(("has no entry".to_owned(), "write at least one pattern".to_owned()));
        }
        options.sort_by_cached_key(|option| std::cmp::Reverse(option.longest()));
        let any = if options.len() == 1 { options.remove(0) } else { Node::Choice(options) };
        let mut except = Vec::with_capacity(written.except.len());
        for text in &written.except {
            let (pattern, of_exception) = self.pattern_within(text, Gaps::WithinClause, open)?;
            extent.depth = extent.depth.max(of_exception.depth);
            except.push(pattern);
        }
        let each = if let Node::Choice(options) = &any { options.as_slice() } else { std::slice::from_ref(&any) };
        if each.iter().all(|entry| swallowed::by(entry, &except).is_some()) {
            return Err(("has no entry that its `except` leaves".to_owned(), "take out the exception that holds all of them".to_owned()));
        }
        written.signs.check()?;
        Ok(Arc::new(Class::new(name, any, except, Arc::clone(&written.signs), extent)))
    }

    fn nearest(&self, name: &str) -> String {
        match self.classes.keys().map(|known| (strsim::jaro_winkler(name, known), known)).max_by(|one, other| one.0.total_cmp(&other.0)) {
            Some((likeness, known)) if likeness > 0.8 => {
                format!("did you mean <{known}>? Classes stand under [words], here or in a pack without rules")
            }
            _ => "define it under [words], here or in a pack without rules".to_owned(),
        }
    }
}

/// How every message begins that names a pattern.
const TOLD: &str = "pattern `";

/// A pattern as a message names it: of a very long one the beginning.
fn told(pattern: &str) -> String {
    match pattern.char_indices().nth(80) {
        Some((end, _)) => format!("{TOLD}{}…`", &pattern[..end]),
        None => format!("{TOLD}{pattern}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Rules, Said, Saying};

    const SHARED: &str = "[words]\nyou = [\"你\"]\nyours = [\"<you>的\"]\n";

    fn pack(name: &str, words: &str, pattern: &str) -> Pack {
        let text = format!(
            "[pack]\ncategory = \"{name}\"\n[words]\n{words}\n[[check]]\nid = \"{name}\"\nwhen.agent = \"{pattern}\"\nprofessional = \"您\"\n"
        );
        Pack::parse(&format!("{name}.toml"), &text).expect("a pack")
    }

    /// What each check listens for.
    fn sayings(packs: Vec<Pack>) -> Vec<Saying> {
        let packs: Vec<Pack> = std::iter::once(Pack::parse("shared.toml", SHARED).expect("a pack")).chain(packs).collect();
        let rules = Rules::new(&packs).expect("rules");
        let said = rules.checks.iter().filter_map(|check| match &check.when.words.as_ref()?.said {
            Said::OneOf(sayings) => Some(sayings[0].clone()),
            Said::Anything => None,
        });
        said.collect()
    }

    #[test]
    fn what_names_no_class_of_its_own_is_the_same_in_all_packs() {
        let sayings =
            sayings(vec![pack("a", "", "<you>好"), pack("b", "other = [\"他\"]", "<you>好"), pack("c", "you = [\"妳们\"]", "<you>好")]);
        assert!(sayings[0] == sayings[1] && sayings[0] != sayings[2]);
        let literals =
            |saying: &Saying| saying.pattern().map(|pattern| pattern.clues.literals.iter().map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(
            sayings.iter().map(literals).collect::<Vec<_>>(),
            ["你好", "你好", "你们好"].map(|literal| Some(vec![literal.to_owned()]))
        );
    }

    #[test]
    fn a_shared_class_names_shared_ones_whatever_a_pack_calls_its_own() {
        let sayings = sayings(vec![pack("a", "", "<yours>"), pack("b", "you = [\"妳们\"]", "<yours>")]);
        assert_eq!(sayings[0], sayings[1]);
    }

    #[test]
    fn of_patterns_written_alike_a_users_pack_reads_its_own_words() {
        let laid = pack("z", "you = [\"阁下\"]", "<you>(好|您好)");
        let rules = crate::builtin::rules().with(&[laid]).expect("rules");
        let check = rules.checks.last().and_then(|check| check.when.words.clone()).expect("words");
        let apart = rules.alternatives.of(&check.said.sayings()[0]);
        let literals: Vec<&str> = apart.each.iter().flat_map(|each| each.pattern.clues.literals.iter()).collect();
        assert!(!literals.is_empty() && literals.iter().all(|literal| literal.contains("阁下")), "{literals:?}");
    }
}
