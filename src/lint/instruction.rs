//! What a program is made of.

use super::ways::Branch;
use crate::rule::Builtin;
use crate::text::Mask;

/// What a group of a program notes the place of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Text of a gap, which belongs to nobody.
    Gap,
    /// The part with this tag.
    Tag(std::sync::Arc<str>),
    /// A word class with exceptions.
    Class(std::sync::Arc<crate::rule::Class>),
    /// A number whose check digit must be right.
    Checked(Builtin),
}

/// One step of a program.
#[derive(Debug)]
pub(super) enum Instruction {
    /// A stretch of the program's words.
    Text {
        start: u32,
        length: u32,
    },
    /// A branch by its number, before its ways are filed.
    Choose(usize),
    /// Go on one of several ways, the first that leads to a match.
    Branch(Branch),
    Jump(usize),
    Gap(Box<Gap>),
    /// The rest of the clause, at least one character.
    Rest,
    Mark,
    ClauseStart,
    ClauseEnd,
    TurnStart,
    TurnEnd,
    Builtin(Builtin),
    Open(usize),
    Close(usize),
    Match,
}

/// Any characters of the clause.
#[derive(Debug)]
pub(super) struct Gap {
    pub group: usize,
    /// What may stand behind it: it need not end elsewhere.
    pub behind: Mask,
}
