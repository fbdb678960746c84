//! What a speaker says again and again; marks, emoji, final particles and 亲 aside.
//!
//! The same is a whole turn, or in any turn of a speaker a stretch of clauses of some length, one of which is long itself. Masks
//! alone say nothing.

use std::collections::BTreeSet;
use std::ops::Range;

use smallvec::SmallVec;

use crate::text::{BREAK, is_word};
use crate::transcript::Speaker;

use super::super::told::{Words, is_long};
use super::dialogue::{Dialogue, Spoken};
use super::repertoire::Repertoire;

/// Characters of the shortest stretch.
const LONG: usize = 8;

/// The most clauses of a stretch.
const MOST_CLAUSES: usize = 8;

/// A log of more turns is that of a day, not of a conversation: in it only whole turns are compared. Of a turn no more clauses are.
const MANY: usize = 2_000;

/// Something that may be said again.
#[derive(Debug)]
struct Text {
    speaker: Speaker,
    words: Words,
    /// The spoken turn.
    place: usize,
    /// Its folded bytes.
    span: Range<usize>,
}

impl Text {
    /// Alike in texts that are said again.
    fn what(&self) -> (bool, Words) {
        (self.speaker == Speaker::Agent, self.words)
    }

    /// What orders texts: those that are alike come one after the other, each turn once.
    fn key(&self) -> ((bool, Words), usize) {
        (self.what(), self.place)
    }
}

type Texts = SmallVec<[Text; 32]>;

/// The spoken turns in which their speaker says the same for the so-manieth time, in order, and nothing that one of these patterns
/// matches, by their numbers. What goes on after that is no other repetition.
pub(super) fn places(dialogue: &Dialogue<'_>, repertoire: &Repertoire, times: u32, formulas: &[usize]) -> Vec<usize> {
    let times = times as usize;
    let said = dialogue.spoken.iter().enumerate().filter(|(_, spoken)| !spoken.words.is_empty());
    let whole = |(place, spoken): (usize, &Spoken<'_>)| {
        let Spoken { speaker, words, heard, .. } = *spoken;
        Text { speaker, words, place, span: heard.whole.clone() }
    };
    let mut texts: Texts = said.map(whole).collect();
    if dialogue.spoken.len() <= MANY {
        // Little is said again, and only these turns are folded anew.
        with_repeated_clause(dialogue, times).into_iter().for_each(|place| add_stretches(dialogue, place, &mut texts));
    }
    texts.sort_unstable_by_key(Text::key);
    texts.dedup_by_key(|text| text.key());
    let (mut again, mut later) = (BTreeSet::new(), BTreeSet::new());
    for alike in texts.chunk_by(|one, other| one.what() == other.what()).filter(|alike| alike.len() >= times) {
        let Text { place, span, .. } = &alike[times - 1];
        let folded = dialogue.folded(dialogue.spoken[*place].turn);
        let is_formula = |formula: &usize| !repertoire.matches(*formula, &folded.as_str()[span.clone()]).is_empty();
        if !formulas.iter().any(is_formula) {
            again.insert(*place);
            later.extend(alike[times..].iter().map(|text| text.place));
        }
    }
    again.difference(&later).copied().collect()
}

/// The spoken turns with a long clause that their speaker says in so many turns, be it with other digits.
fn with_repeated_clause(dialogue: &Dialogue<'_>, times: usize) -> BTreeSet<usize> {
    let of = |(place, spoken): (usize, &Spoken<'_>)| {
        let is_agent = spoken.speaker == Speaker::Agent;
        let clauses = spoken.heard.long_clauses.iter();
        clauses.map(|clause| (is_agent, *clause, place)).collect::<SmallVec<[_; 8]>>()
    };
    let mut clauses: SmallVec<[(bool, u32, usize); 64]> = dialogue.spoken.iter().enumerate().flat_map(of).collect();
    clauses.sort_unstable();
    clauses.dedup();
    let alike = clauses.chunk_by(|one, other| (one.0, one.1) == (other.0, other.1)).filter(|alike| alike.len() >= times);
    alike.flatten().map(|(.., place)| *place).collect()
}

/// Adds the stretches of clauses of a spoken turn that may be said again in others.
fn add_stretches(dialogue: &Dialogue<'_>, place: usize, texts: &mut Texts) {
    let Spoken { turn, speaker, .. } = dialogue.spoken[place];
    let folded = dialogue.folded(turn);
    let starts = std::iter::once(0).chain(folded.as_str().match_indices(BREAK).map(|(at, _)| at + BREAK.len_utf8()));
    for start in starts.take(MANY) {
        let (mut words, mut characters, mut has_long, mut end) = (Words::default(), 0, false, start);
        for clause in folded.as_str()[start..].split(BREAK).take(MOST_CLAUSES) {
            end += clause.len();
            words = words.then(Words::of(clause));
            characters += clause.chars().filter(|c| is_word(*c)).count();
            has_long |= is_long(clause);
            if has_long && characters >= LONG {
                texts.push(Text { speaker, words, place, span: start..end });
            }
            end += BREAK.len_utf8();
        }
    }
}
