//! Word classes: each parsed once, in the scope where it is written.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::notation::{self, Mistake};
use super::pattern::{Class, Node, Pattern};
use super::{Pack, PackError};

/// The classes that a pack's patterns may name: its own, and behind them the shared ones.
#[derive(Debug)]
pub(super) struct Words<'p> {
    /// Where the classes of this scope are written; a later pack's hide an earlier one's.
    packs: Vec<&'p Pack>,
    shared: Option<&'p Words<'p>>,
    parsed: std::cell::RefCell<BTreeMap<String, State>>,
}

#[derive(Debug, Clone)]
enum State {
    /// Its entries are being parsed: to meet it again is recursion.
    Open,
    Parsed(Arc<Class>),
    Wrong,
}

impl<'p> Words<'p> {
    /// The classes of `packs`, with `shared` behind them.
    pub fn new(packs: Vec<&'p Pack>, shared: Option<&'p Words<'p>>) -> Self {
        Self { packs, shared, parsed: std::cell::RefCell::default() }
    }

    /// Parses a pattern in this scope.
    ///
    /// # Errors
    /// What is wrong with the pattern, and what to do.
    pub fn pattern(&self, text: &str) -> Result<Pattern, Mistake> {
        let node = self.node(text)?;
        Pattern::new(text, node)
            .map_err(|reason| (format!("pattern `{text}` {reason}"), "add the words that make it what it is".to_owned()))
    }

    /// Parses a pattern that may also be `…` alone.
    fn node(&self, text: &str) -> Result<Node, Mistake> {
        notation::parse(text, &mut |name| self.class(name)).map_err(|(message, remedy)| (format!("pattern `{text}`: {message}"), remedy))
    }

    /// All mistakes in the classes of this scope.
    pub fn check(&self) -> Vec<PackError> {
        let mut mistakes = Vec::new();
        for pack in &self.packs {
            for (name, class) in &pack.document.words {
                if let Err((message, remedy)) = self.class(name) {
                    mistakes.push(pack.mistake(class.span().start, format!("word class <{name}>: {message}"), remedy));
                }
            }
        }
        mistakes
    }

    fn class(&self, name: &str) -> Result<Arc<Class>, Mistake> {
        let state = self.parsed.borrow().get(name).cloned();
        match state {
            Some(State::Parsed(class)) => return Ok(class),
            Some(State::Open) => {
                return Err((format!("<{name}> is made of itself"), "a word class may use other classes, never itself".to_owned()));
            }
            Some(State::Wrong) => return Err((format!("<{name}> has a mistake of its own"), "put the class right first".to_owned())),
            None => {}
        }
        let Some(entry) = self.packs.iter().rev().find_map(|pack| pack.document.words.get(name)) else {
            return match self.shared {
                Some(shared) => shared.class(name),
                None => Err((format!("there is no word class <{name}>"), self.nearest(name))),
            };
        };
        self.parsed.borrow_mut().insert(name.to_owned(), State::Open);
        let parsed = self.parse(name, entry.get_ref());
        let state = parsed.as_ref().map_or(State::Wrong, |class| State::Parsed(Arc::clone(class)));
        self.parsed.borrow_mut().insert(name.to_owned(), state);
        parsed
    }

    fn parse(&self, name: &str, entry: &super::document::WordClass) -> Result<Arc<Class>, Mistake> {
        let mut options = Vec::new();
        for text in &entry.any.0 {
            let node = self.node(text.get_ref())?;
            if node.is_nullable() {
                return Err((
                    format!("entry `{}` can match nothing at all", text.get_ref()),
                    "make the optional part optional where the class is used: [<name>]".to_owned(),
                ));
            }
            options.push(node);
        }
        if options.is_empty() {
            return Err(("has no entry".to_owned(), "write at least one pattern".to_owned()));
        }
        options.sort_by_key(|option| std::cmp::Reverse(option.longest()));
        let any = if options.len() == 1 { options.remove(0) } else { Node::Choice(options) };
        let except = entry.except.0.iter().map(|text| self.pattern(text.get_ref())).collect::<Result<_, _>>()?;
        Ok(Arc::new(Class { name: name.to_owned(), any, except }))
    }

    fn nearest(&self, name: &str) -> String {
        let known = self.packs.iter().flat_map(|pack| pack.document.words.keys());
        match known.map(|known| (strsim::jaro_winkler(name, known), known)).max_by(|one, other| one.0.total_cmp(&other.0)) {
            Some((likeness, known)) if likeness > 0.8 => {
                format!("did you mean <{known}>? Classes stand under [words] here or in rules/words.toml")
            }
            _ => "define it under [words], here or in rules/words.toml".to_owned(),
        }
    }
}
