//! What a match holds beside its literal: a few groups of characters, of each of which at least one is there.
//!
//! Most places where a literal stands are no match, because the rest of the pattern is missing. The characters of a turn,
//! hashed to 128 bits, tell this of four patterns in five without a look at the pattern, which lies far away in memory.

use serde::{Deserialize, Serialize};

use super::pattern::Node;
use crate::text::{frequency, raw};

/// More groups than this are not kept: the rarest tell the most.
const MOST: usize = 4;

/// For every group the hashes of its characters.
///
/// A group that is 0 asks for nothing; so do the default's.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Needs(#[serde(with = "raw")] [u128; MOST]);

/// Characters one of which every match of a node holds, and how frequent they are together.
#[derive(Debug, Clone)]
struct Group {
    characters: Vec<char>,
    share: f64,
}

impl Needs {
    /// Of the pattern with this tree.
    pub(super) fn of(node: &Node) -> Self {
        let mut groups = Vec::new();
        add(node, &mut groups);
        groups.sort_by(|one, other| one.share.total_cmp(&other.share));
        let mut needs = Self::default();
        for (place, group) in needs.0.iter_mut().zip(groups) {
            *place = group.characters.iter().fold(0, |bits, &c| bits | Self::bit(c));
        }
        needs
    }

    /// The bit of a character in the hash of a text.
    #[inline]
    pub fn bit(c: char) -> u128 {
        1 << ((c as u32).wrapping_mul(0x9E37_79B1) >> 25)
    }

    /// Whether a text with these characters may hold a match. A no is never wrong.
    #[inline]
    pub fn may_be_met(&self, characters: u128) -> bool {
        self.0.iter().all(|&group| group == 0 || group & characters != 0)
    }
}

/// Adds a group for every part that no match is without.
fn add(node: &Node, groups: &mut Vec<Group>) {
    match node {
        Node::Sequence(parts) => parts.iter().for_each(|part| add(part, groups)),
        Node::Tagged(inner, _) => add(inner, groups),
        Node::Class(class) => add(&class.any, groups),
        Node::Text(text) => {
            let rarest = text.chars().map(|c| Group { characters: vec![c], share: frequency(c) });
            groups.extend(rarest.min_by(|one, other| one.share.total_cmp(&other.share)));
        }
        Node::Choice(options) => groups.extend(of_choice(options)),
        // These may match nothing, or what no list of characters can hold.
        Node::Optional(_)
        | Node::Builtin(_)
        | Node::Gap
        | Node::Mark
        | Node::ClauseStart
        | Node::ClauseEnd
        | Node::TurnStart
        | Node::TurnEnd => {}
    }
}

/// One character of every option; none where an option needs none.
fn of_choice(options: &[Node]) -> Option<Group> {
    let mut characters = Vec::new();
    for option in options {
        let mut groups = Vec::new();
        add(option, &mut groups);
        let best = groups.into_iter().min_by(|one, other| one.share.total_cmp(&other.share))?;
        characters.extend(best.characters);
    }
    characters.sort_unstable();
    characters.dedup();
    let share = characters.iter().map(|&c| frequency(c)).sum();
    Some(Group { characters, share })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(text: &str) -> Node {
        Node::Text(text.to_owned())
    }

    fn may_hold(needs: Needs, text: &str) -> bool {
        needs.may_be_met(text.chars().fold(0, |bits, c| bits | Needs::bit(c)))
    }

    #[test]
    fn every_part_is_needed_and_of_a_choice_one() {
        let choice = Node::Choice(vec![text("投诉"), Node::Sequence(vec![text("差"), Node::Gap, text("评")])]);
        let needs = Needs::of(&Node::Sequence(vec![text("你"), Node::Optional(Box::new(text("就"))), Node::Gap, choice.clone()]));
        assert!(may_hold(needs, "你去投诉") && may_hold(needs, "你给差评"));
        assert!(!may_hold(needs, "您去投诉") && !may_hold(needs, "你去看看"));
        let or_nothing = Node::Choice(vec![choice, Node::Builtin(super::super::Builtin::Number)]);
        assert_eq!(Needs::of(&or_nothing), Needs::default());
        assert!(may_hold(Needs::default(), "好"));
    }
}
