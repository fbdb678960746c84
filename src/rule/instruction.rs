//! What a program is made of.

use serde::{Deserialize, Serialize};

use super::builtin::Builtin;
use super::ways::Branch;
use crate::text::Mask;

/// One step of a program.
#[derive(Debug, Serialize, Deserialize)]
pub enum Instruction {
    /// A stretch of the program's words.
    Text {
        start: u32,
        length: u32,
    },
    /// A word of one of the program's lists; where it is optional, none at last.
    Words {
        /// By its number among the program's lists.
        list: u32,
        is_optional: bool,
    },
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
#[derive(Debug, Serialize, Deserialize)]
pub struct Gap {
    pub group: usize,
    /// What may stand behind it: it need not end elsewhere.
    pub behind: Mask,
}
