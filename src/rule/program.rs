//! A pattern as a list of instructions, for a machine to run over folded text.
//!
//! Patterns are small trees without repetition, thousands of them, and each is run over a few short turns only. A
//! regular-expression engine spends its effort where this has none to spend: compiling 3,000 of them took a
//! quarter of a second, and matching alternatives of whole words byte by byte took 75 % of a run. Those that the program carries
//! were written when it was built: to parse and write those of a small run took a third of its time.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Pattern;
use super::assembly::Assembly;
use super::builtin::Builtin;
use super::instruction::Instruction;
use super::pack_text::PackText;
use super::pattern::Node;
use super::ways::Ways;
use super::word_list::WordList;
use crate::text::Mask;

/// A pattern as instructions.
#[derive(Debug, Serialize, Deserialize)]
pub struct Program {
    /// One behind the other; the last is a match.
    pub instructions: Vec<Instruction>,
    /// The words of all instructions but those in lists, one behind the other.
    words: PackText,
    /// By their numbers.
    pub lists: Vec<WordList>,
    /// What the groups note, by their number.
    pub parts: Vec<Part>,
    /// Where branches go on.
    pub ways: Ways,
    /// What a match may begin with.
    pub first: Mask,
    /// The same for a match that does not begin with a clause.
    pub inside: Mask,
}

/// What a group of a program notes the place of.
#[derive(Debug, Serialize, Deserialize)]
pub enum Part {
    /// Text of a gap, which belongs to nobody.
    Gap,
    /// The part with this tag.
    Tag(Arc<str>),
    /// A word class, and what it is not part of.
    Class(Exceptions),
    /// A number whose check digit must be right.
    Checked(Builtin),
}

/// The exceptions of a word class: many patterns name the same class, so they are stored once.
#[derive(Debug)]
pub struct Exceptions(pub Vec<Arc<Pattern>>);

impl Program {
    /// Of a tree.
    pub(super) fn of(node: &Node) -> Self {
        let mut assembly = Assembly::of(node);
        let (first, inside) = assembly.look_ahead();
        let Assembly { instructions, words, lists, parts, ways, .. } = assembly;
        Self { instructions, words: words.into(), lists, parts, ways, first, inside }
    }

    /// A word by its first byte among the words and its length.
    #[inline]
    pub fn word(&self, (start, length): (u32, u32)) -> &[u8] {
        &self.words.as_bytes()[start as usize..(start + length) as usize]
    }

    /// The bytes of the word that is all of the pattern, where it is one.
    pub fn word_length(&self) -> Option<usize> {
        match self.instructions[..] {
            [Instruction::Text { length, .. }, Instruction::Match] => Some(length as usize),
            _ => None,
        }
    }
}
