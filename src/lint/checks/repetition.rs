//! What somebody says again and again; marks, emoji, final particles and 亲 aside.
//!
//! The same is a whole turn, or in any turn of a speaker a stretch of clauses of some length, one of which is long itself. Masks
//! alone say nothing.

use std::cmp::Reverse;
use std::collections::BTreeSet;
use std::ops::Range;

use smallvec::SmallVec;

use crate::text::{BREAK, is_word};
use crate::transcript::Speaker;

use super::super::memo::Memo;
use super::super::stretches::Stretches;
use super::super::told::{Words, is_long};
use super::dialogue::{Dialogue, Spoken};
use super::repertoire::Repertoire;

/// Characters of the shortest stretch.
const LONG: usize = 8;

/// The most clauses of a stretch.
const MOST_CLAUSES: usize = 8;

/// A log of more turns is that of a day, not of a conversation: in it only whole turns are compared. Of a turn no more clauses are.
const MANY: usize = 2_000;

/// What may be said again and again.
#[derive(Debug)]
pub(super) struct Formulas {
    /// The numbers of its patterns.
    patterns: Vec<usize>,
    /// By the folded text, whether one of them matches: what is said again in one conversation is in the next as well.
    known: Memo<bool>,
}

/// Bytes of a generation of known formulas.
const FORMULAS: usize = 128 << 10;

impl Formulas {
    /// Of patterns by their numbers.
    pub fn new(patterns: Vec<usize>) -> Self {
        Self { patterns, known: Memo::new(FORMULAS) }
    }

    /// Whether a folded text is one.
    fn hold(&self, repertoire: &Repertoire, folded: &str) -> bool {
        let is_one = || self.patterns.iter().any(|&pattern| !repertoire.matches(pattern, folded).is_empty());
        !self.patterns.is_empty() && self.known.recall(folded, is_one)
    }
}

/// Something that may be said again.
#[derive(Debug)]
struct Text {
    words: Words,
    /// The spoken turn.
    place: usize,
    /// Its folded bytes.
    span: Range<usize>,
}

impl Text {
    /// What orders texts: those that are alike come one after the other, each turn once.
    fn key(&self) -> (Words, usize) {
        (self.words, self.place)
    }
}

type Texts = SmallVec<[Text; 32]>;

/// The spoken turns in which a speaker says the same for the so-manieth time, in order, and no formula. What goes on after that is no
/// other repetition.
pub(super) fn places(dialogue: &Dialogue<'_>, repertoire: &Repertoire, speaker: Speaker, times: u32, formulas: &Formulas) -> Vec<usize> {
    let times = times as usize;
    let own = || dialogue.spoken.iter().enumerate().filter(move |(_, spoken)| spoken.speaker == speaker && !spoken.words.is_empty());
    let repeated = Repeated::of(own(), times);
    // Little is said again: mostly this is all.
    if !repeated.is_any {
        return Vec::new();
    }
    let whole = |(place, spoken): (usize, &Spoken<'_>)| Text { words: spoken.words, place, span: spoken.heard.whole.clone() };
    let mut texts: Texts = own().map(whole).collect();
    if dialogue.spoken.len() <= MANY {
        repeated.within.into_iter().for_each(|place| add_stretches(dialogue, place, &mut texts));
    }
    texts.sort_unstable_by_key(Text::key);
    texts.dedup_by_key(|text| text.key());
    let (mut again, mut later) = (Vec::new(), Vec::new());
    for alike in texts.chunk_by(|one, other| one.words == other.words).filter(|alike| alike.len() >= times) {
        let text = &alike[times - 1];
        let folded = dialogue.folded(dialogue.spoken[text.place].turn);
        if !formulas.hold(repertoire, &folded.as_str()[text.span.clone()]) {
            again.push((text.place, &text.span));
            later.extend(alike[times..].iter().map(|text| (text.place, &text.span)));
        }
    }
    later.sort_unstable_by_key(|(place, span)| (*place, span.start));
    // Those that hold others before these.
    again.sort_unstable_by_key(|(place, span)| (*place, span.start, Reverse(span.end)));
    let of_turns = again.chunk_by(|one, other| one.0 == other.0);
    of_turns
        .map(|again| (again[0].0, again))
        .filter(|(place, again)| is_new(again, of_place(&later, *place)))
        .map(|(place, _)| place)
        .collect()
}

/// A text that is repeated: the spoken turn and its folded bytes.
type Again<'t> = (usize, &'t Range<usize>);

/// Those of a spoken turn, of texts in order.
fn of_place<'l, 't>(texts: &'l [Again<'t>], place: usize) -> &'l [Again<'t>] {
    let first = texts.partition_point(|(other, _)| *other < place);
    let behind = texts.partition_point(|(other, _)| *other <= place);
    &texts[first..behind]
}

/// Whether something in a turn comes to its time beside what goes on there, and beside longer texts that hold some of this.
fn is_new(again: &[Again<'_>], later: &[Again<'_>]) -> bool {
    let later = Stretches::of(later.iter().map(|(_, span)| (*span).clone()));
    // Up to where texts reach that hold something of what goes on.
    let mut old = 0;
    for (_, span) in again {
        if later.meet(span) {
            old = old.max(span.end);
        } else if span.end > old {
            return true;
        }
    }
    false
}

/// What may be said again, by hashes of whole turns and of their long clauses, be it with other digits.
struct Repeated {
    /// Anything is.
    is_any: bool,
    /// The spoken turns with a clause that is.
    within: BTreeSet<usize>,
}

impl Repeated {
    /// In so many of these turns.
    fn of<'s>(spoken: impl Iterator<Item = (usize, &'s Spoken<'s>)>, times: usize) -> Self {
        let mut repeated = Self { is_any: false, within: BTreeSet::new() };
        let mut whole: SmallVec<[Hashed; 32]> = SmallVec::new();
        let mut clauses: SmallVec<[Hashed; 64]> = SmallVec::new();
        for (place, spoken) in spoken {
            whole.push((spoken.words.hash(), place));
            clauses.extend(spoken.heard.long_clauses.iter().map(|&clause| (clause, place)));
        }
        repeated.is_any = !alike(&mut whole, times).is_empty();
        for place in alike(&mut clauses, times) {
            repeated.is_any = true;
            repeated.within.insert(place);
        }
        repeated
    }
}

/// A hash, and the spoken turn.
type Hashed = (u32, usize);

/// The turns that share a hash with others, so many together.
fn alike(hashes: &mut [Hashed], times: usize) -> SmallVec<[usize; 16]> {
    // Mostly none do: that is cheaper to see by their last bits than in their order.
    let mut seen = [0u64; 64];
    let mut comes_again = |hash: u32| {
        let (word, bit) = (&mut seen[hash as usize / 64 % 64], 1 << (hash % 64));
        let again = *word & bit != 0;
        *word |= bit;
        again
    };
    if times > 1 && !hashes.iter().any(|(hash, _)| comes_again(*hash)) {
        return SmallVec::new();
    }
    hashes.sort_unstable();
    let alike = hashes.chunk_by(|one, other| one.0 == other.0).filter(|alike| alike.len() >= times);
    alike.flatten().map(|(_, place)| *place).collect()
}

/// Adds the stretches of clauses of a spoken turn that may be said again in others.
fn add_stretches(dialogue: &Dialogue<'_>, place: usize, texts: &mut Texts) {
    let folded = dialogue.folded(dialogue.spoken[place].turn);
    let starts = std::iter::once(0).chain(folded.as_str().match_indices(BREAK).map(|(at, _)| at + BREAK.len_utf8()));
    for start in starts.take(MANY) {
        let (mut words, mut characters, mut has_long, mut end) = (Words::default(), 0, false, start);
        for clause in folded.as_str()[start..].split(BREAK).take(MOST_CLAUSES) {
            end += clause.len();
            words = words.then(Words::of(clause));
            characters += clause.chars().filter(|c| is_word(*c)).count();
            has_long |= is_long(clause);
            if has_long && characters >= LONG {
                texts.push(Text { words, place, span: start..end });
            }
            end += BREAK.len_utf8();
        }
    }
}
