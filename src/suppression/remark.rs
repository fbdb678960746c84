//! What an author of suppressions should know of them.

use std::fmt;

/// Something about a suppression.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Remark {
    /// The line on which the suppression stands (in a workbook, the row), from 1, where known.
    pub line: Option<usize>,
    /// What there is to say.
    pub what: What,
}

/// What there is to say about a suppression.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum What {
    /// It hides nothing of this rule or category; of none that is named, nothing at all.
    Unused(Option<String>),
    /// It names a rule that there is not, and maybe meant another.
    Unknown(String, Option<String>),
    /// It begins with a word that is none; the nearest is the other.
    Misspelt(String, &'static str),
    /// The colon behind its name is missing, so that it says nothing.
    NoColon,
    /// It stands where nothing is a comment; how it is written there.
    NotHere(&'static str),
    /// A block is opened and never closed.
    Unclosed,
    /// A block is closed that was never opened.
    Unopened,
    /// It names no rule and so hides all of them.
    All,
}

impl Remark {
    /// Whether the suppression could go, or does not do what it should.
    pub fn is_mistake(&self) -> bool {
        self.what != What::All
    }
}

impl fmt::Display for Remark {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.what {
            What::Unused(Some(name)) => write!(f, "unused suppression: nothing of {name} is hidden here; take it out"),
            What::Unused(None) => f.write_str("unused suppression: nothing is hidden here; take it out"),
            What::Unknown(name, Some(nearest)) => write!(f, "suppression of `{name}`, which is no rule; did you mean `{nearest}`?"),
            What::Unknown(name, None) => {
                write!(
                    f,
                    "suppression of `{name}`, which is no rule; `phrase-lint rules list` names all, and a reason stands behind a dash (—)"
                )
            }
            What::Misspelt(word, nearest) if word.is_empty() => write!(f, "this suppression says nothing; write {nearest}"),
            What::Misspelt(word, nearest) => write!(f, "this suppression begins with `{word}`, which is unknown; did you mean {nearest}?"),
            What::NoColon => f.write_str("this suppression lacks its colon and hides nothing; write `phrase-lint: ignore …`"),
            What::NotHere(how) => write!(f, "this suppression is no comment here and hides nothing; {how}"),
            What::Unclosed => f.write_str("this suppression is never closed and reaches to the end of the file; write ignore-end"),
            What::Unopened => f.write_str("this suppression ends what never began; write ignore-start before it, or take it out"),
            What::All => f.write_str("this suppression hides all rules; name those that are meant"),
        }
    }
}
