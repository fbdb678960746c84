//! Says which patterns a turn may match: the required literals of all of them, looked for in one pass.
//!
//! Every literal is filed under one window of two characters, the rarest it has. A bitmap of 16 KiB, which stays in the
//! first-level cache, says of a window whether any literal is filed there; of nearly all windows of real talk it says
//! no. The automata of the `aho-corasick` crate were measured against this: over 10,000 of these literals they took
//! 12 ms to build, more than the rest of a small run, and fall out of the cache. The same pass also runs over text
//! that is not yet folded, so that a turn in which nothing stands is never folded at all.

use foldhash::HashMap;

use crate::rule::window::{hash, is_single, unit, window};
use crate::rule::{Clues, KnownLiterals, Lexicon, Literal, Needs, Numbers, Own, stands_at};
use crate::text::{BREAK, FACE, Glance, Mask, glance};

/// Finds, in one pass over a text, the patterns of which a literal is there.
#[derive(Debug)]
pub struct Scanner {
    /// A bit for every hash of two adjacent characters.
    pairs: Box<[u64]>,
    /// A bit for every character that is a literal of its own.
    singles: Box<[u64]>,
    /// The literals of the built-in packs, which were filed when the program was built.
    lexicon: &'static Lexicon,
    /// Of these, one behind the other, the patterns that require it.
    owners: Vec<Owner>,
    /// For every literal of the lexicon, by its number, where its owners begin; one more tells where the last end.
    first_owners: Vec<u32>,
    strangers: Strangers,
    /// The sets of characters that literals stand beside, each once.
    masks: Vec<Mask>,
    /// By the number of the pattern, what else a match needs.
    needs: Vec<Needs>,
}

/// A literal that stands in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// The number of a pattern that requires it.
    pub pattern: u32,
    /// The byte of the text where it begins.
    pub at: u32,
}

/// Literals that the lexicon does not hold: those of packs from disk.
#[derive(Debug, Default)]
struct Strangers {
    /// In order of their windows.
    each: Vec<Stranger>,
    /// By window, the first of them and the one behind the last.
    windows: HashMap<u32, (u32, u32)>,
}

#[derive(Debug)]
struct Stranger {
    text: Box<str>,
    /// Bytes of it up to the end of the window.
    end: usize,
    owners: Box<[Owner]>,
}

impl Strangers {
    /// The literals under a window.
    #[inline]
    fn under(&self, window: u32) -> &[Stranger] {
        if self.each.is_empty() {
            return &[];
        }
        self.windows.get(&window).map_or(&[], |&(first, end)| &self.each[first as usize..end as usize])
    }
}

/// A pattern that requires a literal, and the numbers of the masks of what stands before and behind it.
#[derive(Debug, Clone, Copy, Default)]
struct Owner {
    pattern: u32,
    before: u16,
    behind: u16,
}

/// The places of candidates.
pub fn places(candidates: &[Candidate]) -> impl Iterator<Item = usize> + Clone {
    candidates.iter().map(|candidate| candidate.at as usize)
}

/// Bits of the bitmap of windows.
const BITS: usize = 1 << 17;

/// Sets of characters, each with a number.
#[derive(Default)]
struct Masks {
    each: Vec<Mask>,
    numbers: HashMap<Mask, u16>,
}

impl Masks {
    fn number(&mut self, mask: Mask) -> u16 {
        // More sets than numbers are as if they held all: the first number is theirs.
        if self.each.is_empty() {
            self.each.push(Mask::ANY);
            self.numbers.insert(Mask::ANY, 0);
        }
        // Beside most literals anything may stand.
        if mask.is_any() {
            return 0;
        }
        let Ok(next) = u16::try_from(self.each.len()) else { return self.numbers.get(&mask).copied().unwrap_or(0) };
        *self.numbers.entry(mask).or_insert_with(|| {
            self.each.push(mask);
            next
        })
    }
}

impl Scanner {
    /// Files the literals of every pattern under the pattern's number.
    pub fn new<'p>(patterns: impl Iterator<Item = (u32, &'p Clues)>) -> Self {
        let mut masks = Masks::default();
        let mut needs: Vec<Needs> = Vec::new();
        let mut lexicon: &'static Lexicon = Lexicon::EMPTY;
        let mut carried: Vec<(Owner, Numbers)> = Vec::new();
        let mut own: Vec<(&Own, Owner)> = Vec::new();
        for (pattern, clues) in patterns {
            let owner = Owner { pattern, before: masks.number(clues.beside.before), behind: masks.number(clues.beside.behind) };
            match &clues.literals.0 {
                // There is one lexicon in the program.
                KnownLiterals::Carried(known, numbers) => {
                    lexicon = known;
                    carried.push((owner, *numbers));
                }
                KnownLiterals::Own(literals) => own.extend(literals.iter().map(|literal| (literal, owner))),
            }
            if needs.len() <= pattern as usize {
                needs.resize(pattern as usize + 1, Needs::default());
            }
            needs[pattern as usize] = clues.needs;
        }
        let (owners, first_owners) = owners(lexicon, &carried);
        let mut scanner = Self {
            pairs: vec![0; BITS / 64].into(),
            singles: vec![0; (1 << 16) / 64].into(),
            lexicon,
            owners,
            first_owners,
            strangers: Strangers::default(),
            masks: masks.each,
            needs,
        };
        for (number, Literal { window, .. }) in lexicon.literals().enumerate() {
            if scanner.first_owners[number] < scanner.first_owners[number + 1] {
                scanner.expect(window);
            }
        }
        own.sort_by(|(one, _), (other, _)| (one.window, &one.text).cmp(&(other.window, &other.text)));
        own.chunk_by(|(one, _), (other, _)| one.text == other.text).for_each(|alike| scanner.file(alike));
        scanner
    }

    /// Files a literal that the lexicon does not hold, with all its owners; those of one window come one after the other.
    fn file(&mut self, alike: &[(&Own, Owner)]) {
        let Own { text, window, end } = alike[0].0;
        self.expect(*window);
        let Strangers { each, windows } = &mut self.strangers;
        let number = each.len() as u32;
        each.push(Stranger { text: text.clone(), end: usize::from(*end), owners: alike.iter().map(|(_, owner)| *owner).collect() });
        windows.entry(*window).or_insert((number, number)).1 = number + 1;
    }

    /// Notes that a literal is filed under a window.
    fn expect(&mut self, window: u32) {
        let bits = if is_single(window) { &mut self.singles } else { &mut self.pairs };
        let place = if is_single(window) { window as usize } else { hash(window) % BITS };
        bits[place / 64] |= 1 << (place % 64);
    }

    /// The patterns that `folded` may match, ascending: a literal is there, and what else a match needs. Each with the places of its
    /// literals, ascending.
    pub fn candidates(&self, folded: &str) -> Vec<Candidate> {
        let mut found = Vec::new();
        let characters = self.find(folded, &mut found);
        found.retain(|candidate| self.may_match(candidate.pattern, characters));
        found
    }

    /// The patterns of which a literal is in `folded`, ascending, each with the places of its literals, ascending; in memory that is
    /// there. Gives the hash of the characters by which [`Scanner::may_match`] tells more.
    pub fn find(&self, folded: &str, found: &mut Vec<Candidate>) -> u128 {
        found.clear();
        let mut previous = 0;
        let mut characters = 0;
        for (at, c) in folded.char_indices() {
            characters |= Needs::bit(c);
            let end = at + c.len_utf8();
            let unit = unit(c);
            let pair = window(previous, unit);
            if self.may_hold_pair(pair) {
                self.look(folded, end, pair, found);
            }
            if self.holds_single(unit) {
                self.look(folded, end, window(0, unit), found);
            }
            previous = unit;
        }
        found.sort_unstable();
        found.dedup();
        characters
    }

    /// Whether a text with these characters holds what a match of a pattern needs. A no is never wrong.
    #[inline]
    pub fn may_match(&self, pattern: u32, characters: u128) -> bool {
        self.needs[pattern as usize].may_be_met(characters)
    }

    /// Whether a text that is not folded may hold a candidate. Never wrong when it says no.
    pub fn may_be_in(&self, written: &str) -> bool {
        let mut previous = 0;
        let mut last: Option<char> = None;
        let mut characters = written.chars();
        while let Some(c) = characters.next() {
            match glance(last, c, characters.as_str()) {
                Glance::Character(folded) => {
                    let unit = unit(folded);
                    let pair = window(previous, unit);
                    if self.holds_single(unit) || self.may_hold_pair(pair) && self.holds(pair) {
                        return true;
                    }
                    previous = unit;
                }
                Glance::Break { may_be_face } => {
                    if may_be_face && self.wants_faces() {
                        return true;
                    }
                    previous = 0;
                }
                Glance::Joint => {}
                Glance::Odd => return true,
            }
            last = Some(c);
        }
        false
    }

    /// Whether a literal is a kaomoji, which only folding can tell; it stands alone.
    fn wants_faces(&self) -> bool {
        self.holds_single(unit(FACE))
    }

    #[inline]
    fn may_hold_pair(&self, window: u32) -> bool {
        let place = hash(window) % BITS;
        self.pairs[place / 64] & 1 << (place % 64) != 0
    }

    #[inline]
    fn holds_single(&self, unit: u16) -> bool {
        let place = usize::from(unit);
        self.singles[place / 64] & 1 << (place % 64) != 0
    }

    /// Whether a pattern requires a literal under a window.
    fn holds(&self, window: u32) -> bool {
        self.lexicon.under(window).any(|(number, _)| !self.owners_of(number).is_empty()) || !self.strangers.under(window).is_empty()
    }

    /// The patterns that require a literal of the lexicon.
    #[inline]
    fn owners_of(&self, number: u32) -> &[Owner] {
        let number = number as usize;
        &self.owners[self.first_owners[number] as usize..self.first_owners[number + 1] as usize]
    }

    fn look(&self, folded: &str, end: usize, window: u32, found: &mut Vec<Candidate>) {
        for (number, Literal { start, length, end: before, .. }) in self.lexicon.under(window) {
            let owners = self.owners_of(number);
            if !owners.is_empty() {
                let literal = &self.lexicon.text().as_bytes()[start as usize..start as usize + usize::from(length)];
                self.note(folded, end.checked_sub(usize::from(before)), literal, owners, found);
            }
        }
        for Stranger { text, end: before, owners } in self.strangers.under(window) {
            self.note(folded, end.checked_sub(*before), text.as_bytes(), owners, found);
        }
    }

    /// Notes the patterns that require a literal, where it stands at a byte and may be part of a match there.
    fn note(&self, folded: &str, start: Option<usize>, literal: &[u8], owners: &[Owner], found: &mut Vec<Candidate>) {
        let Some(start) = start.filter(|&start| stands_at(folded.as_bytes(), start, literal)) else { return };
        let before = folded[..start].chars().next_back().unwrap_or(BREAK);
        let behind = folded[start + literal.len()..].chars().next().unwrap_or(BREAK);
        let may_match = |owner: &&Owner| {
            self.masks[usize::from(owner.before)].may_hold(before) && self.masks[usize::from(owner.behind)].may_hold(behind)
        };
        found.extend(owners.iter().filter(may_match).map(|owner| Candidate { pattern: owner.pattern, at: start as u32 }));
    }
}

/// The owners of all literals of the lexicon, by its numbers, and where those of each begin; one more tells where the last end.
fn owners(lexicon: &Lexicon, carried: &[(Owner, Numbers)]) -> (Vec<Owner>, Vec<u32>) {
    let mut firsts = vec![0; lexicon.literals().len() + 1];
    let numbers = || carried.iter().flat_map(|(owner, numbers)| numbers.iter().map(move |number| (number as usize, *owner)));
    numbers().for_each(|(number, _)| firsts[number] += 1);
    let mut count = 0;
    for first in &mut firsts {
        count += std::mem::replace(first, count);
    }
    let mut next = firsts.clone();
    let mut owners = vec![Owner::default(); count as usize];
    for (number, owner) in numbers() {
        owners[next[number] as usize] = owner;
        next[number] += 1;
    }
    (owners, firsts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rule::{Beside, Literals};
    use crate::text::{Folded, Spacing};
    use proptest::prelude::*;

    fn scanner(patterns: &[&[&str]]) -> Scanner {
        let clues = |literals: &&[&str]| Clues {
            literals: Literals::of(&literals.iter().copied().map(str::to_owned).collect::<Vec<_>>()).expect("literals"),
            before: None,
            beside: Beside::ANY,
            needs: Needs::default(),
            is_within_clause: true,
            reads_digits: false,
            to_turn: [None; 2],
        };
        let clues: Vec<Clues> = patterns.iter().map(clues).collect();
        Scanner::new((0..).zip(&clues))
    }

    fn candidates(scanner: &Scanner, text: &str) -> Vec<u32> {
        let mut patterns: Vec<u32> = scanner.candidates(text).iter().map(|candidate| candidate.pattern).collect();
        patterns.dedup();
        patterns
    }

    #[test]
    fn overlapping_literals_are_all_found() {
        let scanner = scanner(&[&["你"], &["你叫", "您叫"], &["必须"], &["\u{2}"], &["什么事情"]]);
        assert_eq!(candidates(&scanner, "请问你叫什么"), [0, 1]);
        assert_eq!(candidates(&scanner, "您好"), [] as [u32; 0]);
        assert_eq!(candidates(&scanner, "好\n\u{2}"), [3]);
        assert_eq!(candidates(&scanner, "有什么事情"), [4]);
        let places = scanner.candidates("你叫你");
        assert_eq!(places.iter().map(|found| (found.pattern, found.at)).collect::<Vec<_>>(), [(0, 0), (0, 6), (1, 0)]);
        assert_eq!(candidates(&Scanner::new(std::iter::empty()), "您好"), [] as [u32; 0]);
    }

    proptest! {
        /// What folding would show is never passed over, whatever noise stands between.
        #[test]
        fn a_no_is_never_wrong(text in "(你|妳|请|請|稍|后|後|候|甚|什|麼|么|事|情|ｗ|Ｗ|i|-|f|,|,|，|。| |　|[0-9]|%|:|：|\u{200B}|\u{301}|\\(|\\)|（|）|duì|[a-z]|\\^_\\^|T_T|\\[数字x\\]|XX|\\*|\\*\\*|_|<b>|</b>|&nbsp;|#E-s1|😀){0,16}") {
            let scanner = scanner(&[&["你请", "您请"], &["请稍后"], &["什么事情"], &["必须"], &["wi-f"], &["1,2", "50%", "1:3"], &["后"], &["\u{2}"]]);
            let folded = Folded::new(&text, Spacing::Breaks);
            if !candidates(&scanner, folded.as_str()).is_empty() {
                prop_assert!(scanner.may_be_in(&text), "{text:?} folds to {:?}", folded.as_str());
            }
        }
    }
}
