//! Listens to the turns of one speaker: every pattern that may tell something of them, behind one scanner.

use std::cell::RefCell;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;
use std::sync::Arc;

use foldhash::quality::FixedState;

use crate::rule::{self, Profile};
use crate::text::{BREAK, FACE, Folded, Spacing, is_particle, is_word};
use crate::transcript::Speaker;

use super::checks::Repertoire;
use super::clause::{Clause, Seen};
use super::courtesy::Counters;
use super::heard::Heard;
use super::matcher::{Matcher, Reach};
use super::memo::Memo;
use super::phrases::{Improper, Phrases};
use super::scanner::{Candidate, Scanner, places};

/// All that a run listens for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary<'v> {
    pub notices: &'v Notices,
    pub phrases: &'v Phrases,
    /// None where conversations are not heard as a whole.
    pub etiquette: Option<(&'v Repertoire, &'v Counters)>,
}

/// The words that say that the platform speaks.
#[derive(Debug)]
pub(super) struct Notices(Option<Matcher>);

impl Notices {
    pub fn new(known: &rule::Known) -> Self {
        Self(known.notice.as_ref().map(|pattern| Matcher::new(pattern, Reach::Clause)))
    }
}

/// Hears one speaker in one profile.
#[derive(Debug)]
pub(super) struct Listener {
    speaker: Speaker,
    /// Over the pattern of [`Notices`], those of phrases, of the repertoire and of the counters, numbered in this order.
    scanner: Scanner,
    /// The phrase patterns, by the scanner's numbers less [`PHRASES`].
    improper: Vec<Improper>,
    /// The scanner's number of the first pattern of the repertoire.
    utterances: u32,
    /// The scanner's number of the first pattern of the counters.
    counters: u32,
    /// By the scanner's numbers, how far patterns reach.
    reaches: Vec<Span>,
    turns: Memo<Heard>,
    /// By the folded text.
    clauses: Memo<Clause>,
    nothing: Arc<Heard>,
}

/// Memory of a thread that is used again for every turn.
#[derive(Debug, Default)]
struct Desk {
    folded: Folded,
    /// The literals of a clause.
    candidates: Vec<Candidate>,
    /// The literals of patterns that reach beyond a clause.
    open: Vec<Candidate>,
    seen: Vec<Seen>,
}

/// Where the literals of a pattern may stand in a turn.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    /// Nothing beyond a clause matters to the pattern.
    is_within_clause: bool,
    /// The most clauses between a literal and the first one, and the last one; none where there is no bound.
    to_turn: [Option<u8>; 2],
}

impl Span {
    fn of(matcher: &Matcher) -> Self {
        Self { is_within_clause: matcher.clues().is_within_clause, to_turn: matcher.clues().to_turn }
    }

    /// Whether a literal may stand so many clauses behind the first, and before the last.
    fn allows(self, clauses: [usize; 2]) -> bool {
        self.to_turn.iter().zip(clauses).all(|(most, clauses)| most.is_none_or(|most| clauses <= usize::from(most)))
    }
}

/// The scanner's numbers of the notices and of the first phrase pattern.
const NOTICES: u32 = 0;
const PHRASES: u32 = 1;

/// Bytes of a generation of turns, and of clauses.
const TURNS: usize = 4 << 20;
const CLAUSES: usize = 2 << 20;

impl Listener {
    pub fn new(speaker: Speaker, profile: Profile, vocabulary: Vocabulary<'_>) -> Self {
        let improper = vocabulary.phrases.improper(speaker, profile);
        let notices = vocabulary.notices.0.iter().map(|matcher| (NOTICES, matcher));
        let phrases = (PHRASES..).zip(improper.iter().map(|&improper| vocabulary.phrases.matcher(improper)));
        let utterances = PHRASES + improper.len() as u32;
        let mut patterns: Vec<(u32, &Matcher)> = notices.chain(phrases).collect();
        let mut counters = utterances;
        if let Some((repertoire, counted)) = vocabulary.etiquette {
            let alternatives = repertoire.alternatives(speaker).map(|(number, matcher)| (utterances + number, matcher));
            patterns.extend(alternatives);
            counters = patterns.last().map_or(0, |(number, _)| number + 1).max(utterances);
            if speaker == Speaker::Agent {
                patterns.extend((counters..).zip(counted.matchers()));
            }
        }
        let mut reaches = vec![Span::default(); patterns.last().map_or(0, |(number, _)| *number as usize + 1)];
        patterns.iter().for_each(|(number, matcher)| reaches[*number as usize] = Span::of(matcher));
        Self {
            speaker,
            scanner: Scanner::new(patterns.iter().map(|(number, matcher)| (*number, matcher.clues()))),
            improper,
            utterances,
            counters,
            reaches,
            turns: Memo::new(TURNS),
            clauses: Memo::new(CLAUSES),
            nothing: Arc::default(),
        }
    }

    /// What is heard in a turn.
    pub fn hear(&self, text: &str, spacing: Spacing, vocabulary: Vocabulary<'_>) -> Arc<Heard> {
        if spacing == Spacing::Segmented {
            return Arc::new(self.listen(text, spacing, vocabulary));
        }
        // Most canned replies need not be folded.
        if vocabulary.etiquette.is_none() && !self.scanner.may_be_in(text) {
            return Arc::clone(&self.nothing);
        }
        self.turns.recall(text, || self.listen(text, spacing, vocabulary))
    }

    fn listen(&self, text: &str, spacing: Spacing, vocabulary: Vocabulary<'_>) -> Heard {
        thread_local! {
            static DESK: RefCell<Desk> = RefCell::default();
        }
        DESK.with_borrow_mut(|desk| {
            desk.folded.refold(text, spacing);
            self.see(desk, vocabulary);
            self.judge(&desk.folded, &mut desk.seen, vocabulary)
        })
    }

    /// Notes the patterns that match in the folded turn, in order of their numbers.
    fn see(&self, desk: &mut Desk, vocabulary: Vocabulary<'_>) {
        let Desk { folded, candidates, open, seen } = desk;
        let turn = folded.as_str();
        open.clear();
        seen.clear();
        let mut characters = 0;
        let mut at = 0;
        // A kaomoji between two clauses is part of what divides them.
        let is_clause = |text: &&str| !text.starts_with(FACE);
        let last = turn.split(BREAK).filter(is_clause).count().saturating_sub(1);
        let mut number = 0;
        for text in turn.split(BREAK) {
            let clause = self.clauses.recall(text, || self.clause(text, candidates, vocabulary));
            seen.extend(clause.seen.iter().map(|seen| seen.shifted(at)));
            let standing = clause.open.iter().filter(|candidate| self.reaches[candidate.pattern as usize].allows([number, last - number]));
            open.extend(standing.map(|candidate| Candidate { at: candidate.at + at as u32, ..*candidate }));
            number = last.min(number + usize::from(is_clause(&text)));
            characters |= clause.characters;
            at += text.len() + BREAK.len_utf8();
        }
        open.retain(|candidate| self.scanner.may_match(candidate.pattern, characters));
        open.sort_unstable();
        self.verify(turn, open, vocabulary, seen);
        // Those of one pattern stay in order of the text.
        seen.sort_by_key(|seen| seen.pattern);
    }

    fn clause(&self, text: &str, candidates: &mut Vec<Candidate>, vocabulary: Vocabulary<'_>) -> Clause {
        let characters = self.scanner.find(text, candidates);
        let open = candidates.extract_if(.., |candidate| !self.reaches[candidate.pattern as usize].is_within_clause).collect();
        candidates.retain(|candidate| self.scanner.may_match(candidate.pattern, characters));
        let mut seen = Vec::new();
        self.verify(text, candidates, vocabulary, &mut seen);
        Clause { seen: seen.into(), open, characters }
    }

    /// Adds the matches of candidates, which are in order of their patterns.
    fn verify(&self, text: &str, candidates: &[Candidate], vocabulary: Vocabulary<'_>, seen: &mut Vec<Seen>) {
        for of_one in candidates.chunk_by(|one, other| one.pattern == other.pattern) {
            let pattern = of_one[0].pattern;
            let matches = self.matcher(pattern, vocabulary).map(|matcher| matcher.verified(text, places(of_one)));
            seen.extend(matches.into_iter().flatten().map(|matched| Seen { pattern, matched }));
        }
    }

    /// A pattern by the scanner's number.
    fn matcher<'v>(&self, number: u32, vocabulary: Vocabulary<'v>) -> Option<&'v Matcher> {
        if number == NOTICES {
            return vocabulary.notices.0.as_ref();
        }
        if number < self.utterances {
            return Some(vocabulary.phrases.matcher(self.improper[(number - PHRASES) as usize]));
        }
        let (repertoire, counters) = vocabulary.etiquette?;
        Some(if number < self.counters { repertoire.matcher(number - self.utterances) } else { counters.matcher(number - self.counters) })
    }

    /// What the patterns that match in a turn tell of it.
    fn judge(&self, turn: &Folded, seen: &mut [Seen], vocabulary: Vocabulary<'_>) -> Heard {
        let folded = turn.as_str();
        let mut heard = Heard::of_length(folded.len());
        let (notices, rest) = split(seen, NOTICES..PHRASES);
        heard.is_notice = !notices.is_empty();
        // The platform speaks, whoever it is sent as.
        let speaker = if heard.is_notice { Speaker::System } else { self.speaker };
        let (improper, rest) = split(rest, PHRASES..self.utterances);
        let is_person = matches!(speaker, Speaker::Agent | Speaker::Customer);
        if is_person {
            heard.found = vocabulary.phrases.found(&self.improper, turn, improper);
        }
        let Some((repertoire, counters)) = vocabulary.etiquette else { return heard };
        let (utterances, rest) = split(rest, self.utterances..self.counters);
        heard.note_utterances(repertoire.heard(speaker, folded.len(), utterances));
        [heard.cut_start, heard.cut_end] = repertoire.cuts(utterances);
        if is_person {
            let (counted, _) = split(rest, self.counters..u32::MAX);
            heard.counts = counters.count(counted);
            heard.words = words(folded);
        }
        heard
    }
}

/// The first, of the patterns in `numbers`, now counted from its start; and the rest.
fn split(seen: &mut [Seen], numbers: Range<u32>) -> (&[Seen], &mut [Seen]) {
    let (first, rest) = seen.split_at_mut(seen.partition_point(|seen| seen.pattern < numbers.end));
    first.iter_mut().for_each(|seen| seen.pattern -= numbers.start);
    (first, rest)
}

/// A number for what a turn says, marks, emoji and final particles aside; none where that is nothing.
fn words(folded: &str) -> Option<u64> {
    let mut hasher = FixedState::default().build_hasher();
    let mut is_any = false;
    for clause in folded.split(BREAK) {
        for c in clause.trim_end_matches(is_particle).chars() {
            if is_word(c) {
                hasher.write_u32(c.into());
                is_any = true;
            }
        }
    }
    is_any.then(|| hasher.finish())
}
