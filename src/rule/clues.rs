//! What tells where a pattern may match, before it is tried.

use serde::{Deserialize, Serialize};

use super::beside::Beside;
use super::literal::{self, Literals};
use super::needs::Needs;
use super::pattern::Node;

/// What is known of all matches of a pattern.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Clues {
    /// Folded strings, one of which is in every match.
    pub literals: Literals,
    /// The most characters that a match has before such a string; none where there is no such bound.
    pub before: Option<u16>,
    /// What stands beside such a string.
    pub beside: Beside,
    /// What else is in every match.
    pub needs: Needs,
    /// Whether a match stays within a clause and nothing beyond it matters.
    pub is_within_clause: bool,
    /// Whether a digit in the place of another may change what matches.
    pub reads_digits: bool,
    /// The most breaks between such a string and the start, and the end, of the turn; none where a match may stand anywhere.
    pub to_turn: [Option<u8>; 2],
}

impl Clues {
    /// Those that a tree gives.
    ///
    /// # Errors
    /// A sentence that says why no text can be told from a match: the pattern matches nothing, only a gap, or a word that is a book.
    pub(super) fn of(node: &Node) -> Result<Self, &'static str> {
        if node.is_nullable() {
            return Err("can match nothing at all");
        }
        let required = literal::required(node).ok_or("has no word that every match holds")?;
        Ok(Self {
            literals: Literals::of(&required.literals).ok_or("holds a word of more than 65,535 bytes")?,
            before: required.before,
            beside: required.beside(),
            needs: Needs::of(node),
            is_within_clause: !node.any(&reaches_beyond_clause),
            reads_digits: node.any(&reads_digits),
            to_turn: required.to_turn(),
        })
    }
}

/// Whether this node itself tells digits apart.
fn reads_digits(node: &Node) -> bool {
    match node {
        Node::Text(text) => text.contains(|c: char| c.is_ascii_digit()),
        Node::Builtin(builtin) => builtin.reads_digits(),
        Node::Class(class) => class.except.iter().any(|except| except.clues.reads_digits),
        _ => false,
    }
}

/// Whether this node itself asks for something beyond the clause.
fn reaches_beyond_clause(node: &Node) -> bool {
    match node {
        Node::Mark | Node::TurnStart | Node::TurnEnd => true,
        // Groups of digits are divided by spaces, and the number ends where nothing like it follows.
        Node::Builtin(builtin) => builtin.crosses_breaks(),
        Node::Class(class) => class.except.iter().any(|except| !except.clues.is_within_clause),
        _ => false,
    }
}
