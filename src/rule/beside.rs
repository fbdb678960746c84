//! What stands directly beside a literal in a match: `我<now>去` is not where 去 has neither 我 nor a word for now before it.

use serde::{Deserialize, Serialize};

use super::builtin::Builtin;
use super::pattern::Node;
use crate::text::{BEFORE_CLAUSE, BREAK, Mask, PARTICLES};

/// The characters beside the literals of a pattern. The start and the end of a text count as breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Beside {
    /// What one of its literals may stand behind.
    pub before: Mask,
    /// What may follow one of its literals.
    pub behind: Mask,
}

impl Beside {
    /// Anything at all.
    pub const ANY: Self = Self { before: Mask::ANY, behind: Mask::ANY };
}

/// The characters at one end of what a node matches.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Edge {
    pub characters: Mask,
    /// Whether the node may match nothing, so that what stands beside it is seen.
    pub is_open: bool,
}

impl Edge {
    /// Of a node that matches nothing.
    pub const OPEN: Self = Self { characters: Mask::NONE, is_open: true };
    const ANY: Self = Self { characters: Mask::ANY, is_open: false };

    fn of(characters: impl IntoIterator<Item = char>) -> Self {
        let characters = Mask::of(characters);
        // An empty text has no character at its ends.
        Self { characters, is_open: characters == Mask::NONE }
    }

    fn open(self) -> Self {
        Self { is_open: true, ..self }
    }

    /// The end of one of two nodes.
    pub fn or(self, other: Self) -> Self {
        Self { characters: self.characters.or(other.characters), is_open: self.is_open || other.is_open }
    }

    /// With what is seen through it where it is open.
    pub fn then(self, beyond: impl FnOnce() -> Self) -> Self {
        if !self.is_open {
            return self;
        }
        let beyond = beyond();
        Self { characters: self.characters.or(beyond.characters), is_open: beyond.is_open }
    }

    /// What may be seen, where nobody knows what stands around.
    pub fn seen(self) -> Mask {
        if self.is_open { Mask::ANY } else { self.characters }
    }
}

/// One end of a match.
#[derive(Debug, Clone, Copy, PartialEq)]
enum End {
    First,
    Last,
}

/// What the match of parts in a row begins with.
pub(super) fn first(parts: &[Node]) -> Edge {
    End::First.of_row(parts)
}

/// What the match of parts in a row ends with.
pub(super) fn last(parts: &[Node]) -> Edge {
    End::Last.of_row(parts)
}

impl End {
    fn of_row(self, parts: &[Node]) -> Edge {
        let inwards = |edge: Edge, part| edge.then(|| self.of(part));
        match self {
            Self::First => parts.iter().fold(Edge::OPEN, inwards),
            Self::Last => parts.iter().rev().fold(Edge::OPEN, inwards),
        }
    }

    fn of(self, node: &Node) -> Edge {
        let particles = || PARTICLES.chars();
        match (node, self) {
            (Node::Text(text), Self::First) => Edge::of(text.chars().next()),
            (Node::Text(text), Self::Last) => Edge::of(text.chars().next_back()),
            (Node::Sequence(parts), _) => self.of_row(parts),
            (Node::Choice(options), _) => options.iter().map(|option| self.of(option)).reduce(Edge::or).unwrap_or(Edge::OPEN),
            (Node::Optional(inner), _) => self.of(inner).open(),
            (Node::Tagged(inner, _), _) => self.of(inner),
            (Node::Class(class), _) => self.of(&class.any),
            (Node::Gap, _) => Edge::ANY,
            (Node::Mark, _) => Edge::of(particles().chain([BREAK])).open(),
            (Node::ClauseStart | Node::TurnStart, Self::First) => Edge::OPEN,
            (Node::ClauseStart | Node::TurnStart, Self::Last) => Edge { characters: *BEFORE_CLAUSE, is_open: false },
            (Node::ClauseEnd | Node::TurnEnd, Self::First) => Edge::of(particles().chain([BREAK])),
            (Node::ClauseEnd | Node::TurnEnd, Self::Last) => Edge::of(particles()).open(),
            (Node::Builtin(builtin), Self::First) => Edge::of(builtin.firsts().iter().copied()),
            (Node::Builtin(builtin), Self::Last) => end_of(*builtin),
        }
    }
}

/// Numbers are digits from end to end; what the others end with is known to their expressions only.
fn end_of(builtin: Builtin) -> Edge {
    match builtin {
        Builtin::Number => Edge::of(DIGITS.chars().chain("零一二三四五六七八九十两百千万亿几半".chars())),
        Builtin::Phone | Builtin::BankCard => Edge::of(DIGITS.chars()),
        _ => Edge::ANY,
    }
}

const DIGITS: &str = "0123456789";

/// What stands beside that of its triggers, on both sides, which begins a long number or follows what may stand before it.
pub(super) fn beside_trigger(builtin: Builtin) -> [Edge; 2] {
    let letters = || 'a'..='z';
    let left = match builtin {
        // Perhaps behind 86.
        Builtin::Phone => Mask::all_but(letters().chain(DIGITS.chars().filter(|&digit| digit != '6'))),
        Builtin::BankCard => Mask::all_but(letters().chain(DIGITS.chars())),
        // The century stands behind digits.
        Builtin::IdCard => Mask::all_but(letters()),
        _ => return [Edge::ANY; 2],
    };
    [Edge { characters: left, is_open: false }, Edge::of(DIGITS.chars())]
}

#[cfg(test)]
mod tests {
    use super::super::literal::required;
    use super::*;

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    fn optional(text: &str) -> Node {
        Node::Optional(Box::new(self::text(text)))
    }

    fn beside(parts: Vec<Node>) -> Beside {
        required(&Node::Sequence(parts)).expect("a literal").beside()
    }

    #[test]
    fn what_is_written_around_a_literal_stands_beside_it() {
        let words = beside(vec![Node::Choice(vec![text("你"), text("我")]), optional("就"), Node::Builtin(Builtin::Number), text("投诉")]);
        assert!(words.before.may_hold('3') && words.before.may_hold('十') && !words.before.may_hold('就'));
        assert!(words.behind.is_any());
        let head =
            beside(vec![text("投诉"), optional("一"), Node::Choice(vec![text("吗"), Node::Sequence(vec![optional("了"), text("呗")])])]);
        assert!(head.before.is_any());
        assert!("一吗了呗".chars().all(|c| head.behind.may_hold(c)) && !head.behind.may_hold('投'));
        assert_eq!(beside(vec![text("我"), Node::Gap, text("投诉"), Node::Gap, text("你")]), Beside::ANY);
    }

    #[test]
    fn anchors_say_what_stands_beside() {
        let clause = beside(vec![Node::ClauseStart, text("投诉"), Node::ClauseEnd]);
        assert!("\n亲嗯呀".chars().all(|c| clause.before.may_hold(c)) && !clause.before.may_hold('要'));
        assert!("\n哦呀".chars().all(|c| clause.behind.may_hold(c)) && !clause.behind.may_hold('你'));
        let marked = beside(vec![text("好"), Node::Mark, text("投诉")]);
        assert!("好\n呀".chars().all(|c| marked.before.may_hold(c)) && !marked.before.may_hold('要'));
    }

    #[test]
    fn of_a_choice_each_has_its_own() {
        let options = vec![Node::Sequence(vec![text("要"), Node::Builtin(Builtin::Number), text("投诉")]), text("差评")];
        assert!(required(&Node::Choice(options.clone())).expect("literals").beside().before.is_any());
        let behind = beside(vec![text("给"), Node::Choice(options)]);
        assert!(behind.before.may_hold('给') && behind.before.may_hold('3') && !behind.before.may_hold('不'));
    }
}
