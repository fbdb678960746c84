//! One pattern at work: all its matches in a folded text, with what exceptions and check digits forbid left out.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, OnceLock};

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use memchr::memmem;
use smallvec::SmallVec;

use super::entity;
pub(super) use super::machine::Reach;
use super::machine::{Found, Machine, Memory};
use super::stretches::Stretches;
use crate::rule::{Clues, Literals, Part, Pattern};

/// A pattern that can be looked for.
#[derive(Debug)]
pub struct Matcher {
    pattern: Arc<Pattern>,
    reach: Reach,
    /// By the number of the program's group, the exceptions of a word class; made when one is first asked for.
    exceptions: OnceLock<Box<[Vec<Self>]>>,
    /// How often its literals were looked for without a scanner.
    looks: AtomicU32,
    /// Made when that was often.
    automaton: OnceLock<Option<Box<AhoCorasick>>>,
}

/// What exceptions of word classes have written in a text, by the number of the class's group and their own.
type Excepted = BTreeMap<(usize, usize), Stretches>;

/// Stretches of the folded text, in bytes; most matches have one.
pub(super) type Written = SmallVec<[Range<usize>; 1]>;

/// A match, in bytes of the folded text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// From the first to the last matched character.
    pub span: Range<usize>,
    /// The characters that the pattern writes, without its gaps.
    pub written: Written,
    /// What the tags matched.
    pub captures: Vec<(Arc<str>, Range<usize>)>,
}

impl Match {
    /// Of a stretch of which every character is written.
    pub fn whole(span: Range<usize>) -> Self {
        Self { written: Written::from_iter([span.clone()]), span, captures: Vec::new() }
    }

    /// The same, so many bytes farther on.
    pub fn shifted(&self, by: usize) -> Self {
        let shifted = |span: &Range<usize>| span.start + by..span.end + by;
        Self {
            span: shifted(&self.span),
            written: self.written.iter().map(shifted).collect(),
            captures: self.captures.iter().map(|(tag, span)| (Arc::clone(tag), shifted(span))).collect(),
        }
    }

    /// How many written bytes the match has. Han characters all have three, so this counts characters.
    pub fn weight(&self) -> usize {
        self.written.iter().map(Range::len).sum()
    }

    /// Whether two matches share a written character.
    pub fn competes(&self, other: &Self) -> bool {
        self.written.iter().any(|one| other.written.iter().any(|two| one.start < two.end && two.start < one.end))
    }
}

thread_local! {
    static MEMORY: RefCell<Memory> = RefCell::default();
}

impl Matcher {
    /// Makes a pattern ready.
    pub fn new(pattern: &Arc<Pattern>, reach: Reach) -> Self {
        Self { pattern: Arc::clone(pattern), reach, exceptions: OnceLock::new(), looks: AtomicU32::new(0), automaton: OnceLock::new() }
    }

    /// What tells where it may match.
    pub fn clues(&self) -> &Clues {
        &self.pattern.clues
    }

    /// Whether the pattern is in `folded`.
    pub fn is_in(&self, folded: &str) -> bool {
        !self.matches(folded).is_empty()
    }

    /// All matches in `folded`, whether they overlap or not.
    pub fn matches(&self, folded: &str) -> Vec<Match> {
        let mut places = Vec::new();
        match self.automaton() {
            Some(automaton) => places.extend(automaton.find_overlapping_iter(folded).map(|found| found.start())),
            None => self.pattern.clues.literals.iter().for_each(|literal| add_places(folded, literal, &mut places)),
        }
        places.sort_unstable();
        self.verified(folded, places.iter().copied())
    }

    /// What looks for all literals at once, where that pays: to make it takes as long as a dozen looks for one after the other.
    fn automaton(&self) -> Option<&AhoCorasick> {
        const FEW: u32 = 16;
        if self.looks.load(Ordering::Relaxed) < FEW {
            self.looks.fetch_add(1, Ordering::Relaxed);
            return None;
        }
        self.automaton.get_or_init(|| automaton(&self.pattern.clues.literals)).as_deref()
    }

    /// All matches in `folded`, for a caller who has seen its literals there and gives their places, ascending.
    pub fn verified(&self, folded: &str, mut literals: impl Iterator<Item = usize> + Clone) -> Vec<Match> {
        let mut found = Vec::new();
        if literals.clone().next().is_none() {
            return found;
        }
        let program = self.pattern.program();
        // Where the literal is all there is, its places are the matches.
        if let Some(length) = program.word_length() {
            return literals.map(|at| Match::whole(at..at + length)).collect();
        }
        // An exception is looked for while its class's match is read: then the memory is free again.
        let machine = self.machine();
        let mut excepted = Excepted::new();
        let mut at = 0;
        while let Some(raw) = MEMORY.with_borrow_mut(|memory| machine.find(folded, at, literals.clone(), memory)) {
            let matched = self.read(&raw, folded, &mut excepted);
            // What begins within this match is looked for too: a gap may hold another one.
            let from = matched.as_ref().and_then(|matched| matched.written.first()).map_or(raw.whole.start, |first| first.start);
            at = next_boundary(folded, from.max(raw.whole.start));
            while literals.clone().next().is_some_and(|literal| literal < at) {
                literals.next();
            }
            found.extend(matched);
        }
        found
    }

    /// The same question as [`Machine::may_write`].
    pub fn may_write(&self, clause: &str, literal: usize) -> bool {
        MEMORY.with_borrow_mut(|memory| self.machine().may_write(clause, literal, memory))
    }

    fn machine(&self) -> Machine<'_> {
        Machine { program: self.pattern.program(), before: self.pattern.clues.before, reach: self.reach }
    }

    /// The exceptions of the word class that a group of the program is.
    fn exceptions(&self, group: usize) -> &[Self] {
        let of_part = |part: &Part| match part {
            Part::Class(exceptions) => exceptions.0.iter().map(|pattern| Self::new(pattern, self.reach)).collect(),
            _ => Vec::new(),
        };
        &self.exceptions.get_or_init(|| self.pattern.program().parts.iter().map(of_part).collect())[group]
    }

    /// The match that the groups tell of; none where an exception or a check digit forbids it.
    fn read(&self, found: &Found, folded: &str, excepted: &mut Excepted) -> Option<Match> {
        let span = trimmed(folded, found.whole.clone());
        let mut gaps: Vec<Range<usize>> = Vec::new();
        let mut captures = Vec::new();
        let parts = &self.pattern.program().parts;
        for (group, place) in found.groups.iter().cloned() {
            match &parts[group] {
                Part::Gap => gaps.push(place),
                Part::Tag(tag) => captures.push((Arc::clone(tag), place)),
                Part::Checked(builtin) => {
                    if !entity::check(*builtin).is_some_and(|is_right| is_right(&folded[place])) {
                        return None;
                    }
                }
                Part::Class(_) => {
                    let around = clauses(folded, &place);
                    let within = Match::whole(place.start - around.start..place.end - around.start);
                    let is_excepted = |(number, except): (usize, &Self)| {
                        // Most exceptions see no more than the clause. What others find is kept: a long turn has many matches.
                        if except.clues().is_within_clause {
                            return except.matches(&folded[around.clone()]).iter().any(|exception| exception.competes(&within));
                        }
                        let found = || Stretches::written(&except.matches(folded));
                        excepted.entry((group, number)).or_insert_with(found).meet(&place)
                    };
                    if self.exceptions(group).iter().enumerate().any(is_excepted) {
                        return None;
                    }
                }
            }
        }
        gaps.sort_unstable_by_key(|gap| gap.start);
        let mut written = Written::new();
        let mut from = span.start;
        for gap in gaps.iter().filter(|gap| !gap.is_empty()) {
            if gap.start > from {
                written.push(from..gap.start);
            }
            from = from.max(gap.end);
        }
        if span.end > from {
            written.push(from..span.end);
        }
        Some(Match { span, written, captures })
    }
}

/// Without the breaks at its ends: marks around a match are not part of it.
fn trimmed(folded: &str, whole: Range<usize>) -> Range<usize> {
    let text = &folded[whole.clone()];
    let start = whole.start + (text.len() - text.trim_start_matches('\n').len());
    let end = whole.end - (text.len() - text.trim_end_matches('\n').len());
    start..end.max(start)
}

/// The clauses that a stretch stands in, as one stretch.
fn clauses(folded: &str, stretch: &Range<usize>) -> Range<usize> {
    let bytes = folded.as_bytes();
    let start = memchr::memrchr(b'\n', &bytes[..stretch.start]).map_or(0, |mark| mark + 1);
    let end = memchr::memchr(b'\n', &bytes[stretch.end..]).map_or(folded.len(), |mark| stretch.end + mark);
    start..end
}

/// Adds the places of a literal.
fn add_places(folded: &str, literal: &str, places: &mut Vec<usize>) {
    let mut from = 0;
    while let Some(offset) = memmem::find(&folded.as_bytes()[from..], literal.as_bytes()) {
        places.push(from + offset);
        from = next_boundary(folded, from + offset);
    }
}

/// Looks for many literals at once; none where they are so few that one by one is as fast.
fn automaton(literals: &Literals) -> Option<Box<AhoCorasick>> {
    const FEW: usize = 4;
    literals.iter().nth(FEW)?;
    // There are hundreds of these, each for a moment: small counts for more than fast.
    AhoCorasick::builder().kind(Some(AhoCorasickKind::ContiguousNFA)).build(literals.iter()).ok().map(Box::new)
}

fn next_boundary(text: &str, at: usize) -> usize {
    let mut next = at + 1;
    while next < text.len() && !text.is_char_boundary(next) {
        next += 1;
    }
    next
}
