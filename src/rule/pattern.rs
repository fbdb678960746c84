//! A parsed pattern, with its word classes resolved.

use std::sync::{Arc, OnceLock};

use serde::{Deserialize, Deserializer, Serialize, Serializer, ser};

use super::builtin::Builtin;
use super::carried::{self, Unread};
use super::clues::Clues;
use super::notation::Extent;
use super::pack_text::PackText;
use super::passage::{Gaps, Passage};
use super::program::Program;
use super::signs::Signs;

/// How many characters a gap spans at most.
pub const LONGEST_GAP: u16 = 20;

/// A pattern as a tree. It is matched on folded text; see [`crate::text::Folded`].
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Folded characters, one after another.
    Text(String),
    /// One after another.
    Sequence(Vec<Node>),
    /// One of, the longest first.
    Choice(Vec<Node>),
    /// May be there.
    Optional(Box<Node>),
    /// `…`: up to 20 characters without a break, as few as possible.
    Gap,
    /// `，`: final particles, a break, both or nothing.
    Mark,
    /// `^`: the start of a clause.
    ClauseStart,
    /// `$`: the end of a clause, with final particles.
    ClauseEnd,
    /// `^^`: the start of the turn.
    TurnStart,
    /// `$$`: the end of the turn, with final particles.
    TurnEnd,
    /// `x{tag}`.
    Tagged(Box<Node>, Arc<str>),
    /// `<name>` of a word class.
    Class(Arc<Class>),
    /// `<number>` and the other classes that are code.
    Builtin(Builtin),
}

/// A word class with its entries parsed.
#[derive(Debug)]
pub struct Class {
    /// The name in angle brackets.
    pub name: String,
    /// Any of these.
    pub any: Node,
    /// But not where one of these shares a written character.
    pub except: Vec<Arc<Pattern>>,
    /// What speaks for it and against it, where the class is all that a check listens for.
    pub signs: Arc<Signs>,
    /// How large it is, its exceptions included.
    pub(super) extent: Extent,
    /// Where it leads, with gaps that end with the clause and with others.
    passages: [Passage; 2],
}

impl Class {
    /// One of its parts.
    pub(super) fn new(name: &str, any: Node, except: Vec<Arc<Pattern>>, signs: Arc<Signs>, extent: Extent) -> Self {
        let passages = [Gaps::WithinClause, Gaps::AcrossBreaks].map(|gaps| Passage::of(&any, gaps));
        Self { name: name.to_owned(), any, except, signs, extent, passages }
    }

    /// Where it leads.
    pub(super) fn passage(&self, gaps: Gaps) -> Passage {
        self.passages[usize::from(gaps == Gaps::AcrossBreaks)]
    }
}

/// Two classes are alike where they stand for the same.
impl PartialEq for Class {
    fn eq(&self, other: &Self) -> bool {
        let except = |class: &Self| class.except.iter().map(|except| except.key()).eq(self.except.iter().map(|except| except.key()));
        self.name == other.name && self.any == other.any && except(other) && self.signs == other.signs
    }
}

/// A pattern: what tells where it may match, and the program that tells whether it does.
#[derive(Debug, Serialize, Deserialize)]
pub struct Pattern {
    /// As the pack's author wrote it; of an alternative of a saying nothing.
    pub text: PackText,
    /// Where it may match.
    pub clues: Clues,
    /// The number of the scope whose word classes it names; 0 where it names none of its own pack.
    scope: u16,
    source: Source,
    #[serde(skip)]
    program: OnceLock<Box<Program>>,
}

/// Where a pattern has its program from.
#[derive(Debug)]
enum Source {
    /// It is written from the tree.
    Tree(Node),
    /// The build wrote it.
    Carried(Unread),
}

impl Serialize for Source {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Tree(node) => carried::keep_program(&Program::of(node), serializer),
            Self::Carried(_) => Err(ser::Error::custom("the pattern is one that was stored")),
        }
    }
}

impl<'de> Deserialize<'de> for Source {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Unread::deserialize(deserializer).map(Self::Carried)
    }
}

impl Pattern {
    /// Of a tree.
    ///
    /// # Errors
    /// Those of [`Clues::of`].
    pub(super) fn new(text: &str, node: Node, scope: u16) -> Result<Self, &'static str> {
        Ok(Self { text: text.into(), clues: Clues::of(&node)?, scope, source: Source::Tree(node), program: OnceLock::new() })
    }

    /// The number of the scope whose word classes it names; 0 where it names none of its own pack.
    pub(super) fn scope(&self) -> u16 {
        self.scope
    }

    /// What tells patterns apart that are no alternatives: they are alike where they are written alike in the same scope.
    pub(super) fn key(&self) -> (u16, &str) {
        (self.scope, &self.text)
    }

    /// The tree, where the pattern was just read; one that the program carries has none.
    pub(super) fn node(&self) -> Option<&Node> {
        match &self.source {
            Source::Tree(node) => Some(node),
            Source::Carried(_) => None,
        }
    }

    /// The program.
    pub(crate) fn program(&self) -> &Program {
        let program = || match &self.source {
            Source::Tree(node) => Program::of(node),
            // Of what cannot be read nothing matches; the build wrote it, so it can.
            Source::Carried(unread) => unread.read().unwrap_or_else(|| Program::of(&Node::Choice(Vec::new()))),
        };
        self.program.get_or_init(|| Box::new(program()))
    }

    /// Whether one unanchored character is all that a match of a tree holds together: such a rule fires inside other words.
    pub(super) fn is_broad(&self) -> bool {
        let is_anchor = |node: &Node| matches!(node, Node::ClauseStart | Node::ClauseEnd | Node::TurnStart | Node::TurnEnd);
        self.node().is_some_and(|node| !node.any(&is_anchor) && node.shortest_run().longest < 2)
            && self.clues.literals.iter().any(|literal| literal.chars().count() < 2 && !literal.is_ascii())
    }
}

impl Node {
    /// The alternatives that a whole pattern is made of, each with the exceptions of the classes that it is an entry of.
    pub(super) fn alternatives(&self) -> Vec<(&Self, Vec<&Arc<Pattern>>)> {
        fn add<'n>(node: &'n Node, except: &[&'n Arc<Pattern>], each: &mut Vec<(&'n Node, Vec<&'n Arc<Pattern>>)>) {
            match node {
                Node::Choice(options) => options.iter().for_each(|option| add(option, except, each)),
                Node::Class(class) => {
                    let except: Vec<_> = except.iter().copied().chain(&class.except).collect();
                    add(&class.any, &except, each);
                }
                node => each.push((node, except.to_vec())),
            }
        }
        let mut each = Vec::new();
        add(self, &[], &mut each);
        each
    }

    /// Whether the empty text matches.
    pub fn is_nullable(&self) -> bool {
        match self {
            Self::Text(text) => text.is_empty(),
            Self::Sequence(parts) => parts.iter().all(Self::is_nullable),
            Self::Choice(options) => options.iter().any(Self::is_nullable),
            Self::Optional(_) | Self::Gap | Self::Mark | Self::ClauseStart | Self::ClauseEnd | Self::TurnStart | Self::TurnEnd => true,
            Self::Tagged(node, _) => node.is_nullable(),
            Self::Class(class) => class.any.is_nullable(),
            Self::Builtin(_) => false,
        }
    }

    /// The most written characters that a match can have.
    pub fn longest(&self) -> usize {
        match self {
            Self::Text(text) => text.chars().count(),
            Self::Sequence(parts) => parts.iter().map(Self::longest).sum(),
            Self::Choice(options) => options.iter().map(Self::longest).max().unwrap_or(0),
            Self::Optional(node) | Self::Tagged(node, _) => node.longest(),
            Self::Class(class) => class.any.longest(),
            Self::Builtin(_) => 8,
            _ => 0,
        }
    }

    /// The runs of adjacent written characters in the shortest match.
    fn shortest_run(&self) -> Run {
        match self {
            Self::Text(text) => Run::solid(text.chars().count()),
            Self::Builtin(_) => Run::solid(2),
            Self::Sequence(parts) => parts.iter().map(Self::shortest_run).fold(Run::solid(0), Run::then),
            Self::Choice(options) => {
                options.iter().map(Self::shortest_run).min_by_key(|run| (run.longest, run.head, run.tail)).unwrap_or(Run::solid(0))
            }
            Self::Tagged(inner, _) => inner.shortest_run(),
            Self::Class(class) => class.any.shortest_run(),
            Self::Gap => Run { head: 0, tail: 0, longest: 0, solid: false },
            // Behind a mark its words must follow at once: 退,货 is in hardly any other text.
            _ => Run::solid(0),
        }
    }

    /// Whether this node or one below it is as `wanted` says; word classes are looked into.
    pub fn any(&self, wanted: &dyn Fn(&Self) -> bool) -> bool {
        wanted(self)
            || match self {
                Self::Sequence(parts) | Self::Choice(parts) => parts.iter().any(|part| part.any(wanted)),
                Self::Optional(node) | Self::Tagged(node, _) => node.any(wanted),
                Self::Class(class) => class.any.any(wanted),
                _ => false,
            }
    }

    /// The tags in this pattern.
    pub fn tags(&self) -> Vec<Arc<str>> {
        fn collect(node: &Node, tags: &mut Vec<Arc<str>>) {
            match node {
                Node::Tagged(inner, tag) => {
                    if !tags.contains(tag) {
                        tags.push(Arc::clone(tag));
                    }
                    collect(inner, tags);
                }
                Node::Sequence(parts) | Node::Choice(parts) => parts.iter().for_each(|part| collect(part, tags)),
                Node::Optional(inner) => collect(inner, tags),
                Node::Class(class) => collect(&class.any, tags),
                _ => {}
            }
        }
        let mut tags = Vec::new();
        collect(self, &mut tags);
        tags
    }
}

/// How many characters stand together in a shortest match: at its start, at its end, and at most.
#[derive(Debug, Clone, Copy)]
struct Run {
    head: usize,
    tail: usize,
    longest: usize,
    /// No gap parts it.
    solid: bool,
}

impl Run {
    fn solid(length: usize) -> Self {
        Self { head: length, tail: length, longest: length, solid: true }
    }

    fn then(self, next: Self) -> Self {
        let joined = self.tail + next.head;
        Self {
            head: if self.solid { self.head + next.head } else { self.head },
            tail: if next.solid { self.tail + next.tail } else { next.tail },
            longest: self.longest.max(next.longest).max(joined),
            solid: self.solid && next.solid,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    fn is_broad(parts: Vec<Node>) -> bool {
        Pattern::new("", Node::Sequence(parts), 0).is_ok_and(|pattern| pattern.is_broad())
    }

    #[test]
    fn one_character_that_nothing_holds_is_broad() {
        assert!(is_broad(vec![text("亲")]));
        assert!(is_broad(vec![text("贵"), Node::Gap, text("吗")]));
        assert!(is_broad(vec![Node::Optional(Box::new(text("好"))), text("亲")]));
        assert!(!is_broad(vec![text("退"), Node::Mark, text("货")]));
        assert!(is_broad(vec![text("退"), Node::Mark]));
        assert!(!is_broad(vec![text("贵"), Node::Optional(Box::new(text("不"))), text("吗")]));
        assert!(!is_broad(vec![Node::ClauseStart, text("喂"), Node::ClauseEnd]));
    }

    #[test]
    fn a_pattern_needs_a_word() {
        assert!(Pattern::new("", Node::Gap, 0).is_err());
        assert!(Pattern::new("", Node::Sequence(vec![Node::Optional(Box::new(text("好"))), Node::Gap]), 0).is_err());
    }
}
