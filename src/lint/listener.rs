//! Listens to the turns of one speaker: every pattern that may tell something of them, behind one scanner.

use std::cell::RefCell;
use std::hash::{BuildHasher, Hasher};
use std::ops::Range;
use std::sync::Arc;

use foldhash::quality::FixedState;

use crate::rule::{self, Pattern, Profile};
use crate::text::{BREAK, Folded, PARTICLES, Spacing, is_word};
use crate::transcript::Speaker;

use super::checks::Repertoire;
use super::courtesy::Counters;
use super::heard::Heard;
use super::matcher::{Matcher, Reach};
use super::memo::Memo;
use super::phrases::{Improper, Phrases};
use super::scanner::{Candidate, Scanner, Sought, places};

/// All that a run listens for.
#[derive(Debug, Clone, Copy)]
pub(super) struct Vocabulary<'v> {
    pub known: &'v Known,
    pub phrases: &'v Phrases,
    /// None where conversations are not heard as a whole.
    pub etiquette: Option<(&'v Repertoire, &'v Counters)>,
}

/// The words that say what a turn is.
#[derive(Debug)]
pub(super) struct Known([Option<Matcher>; 3]);

impl Known {
    pub fn new(known: &rule::Known) -> Self {
        let ready = |pattern: &Option<Arc<Pattern>>| pattern.as_ref().map(|pattern| Matcher::new(pattern, Reach::Clause));
        Self([&known.notice, &known.cut_start, &known.cut_end].map(ready))
    }
}

/// Hears one speaker in one profile.
#[derive(Debug)]
pub(super) struct Listener {
    speaker: Speaker,
    /// Over the patterns of [`Known`], of phrases, of the repertoire and of the counters, numbered in this order.
    scanner: Scanner,
    /// The phrase patterns, by the scanner's numbers less [`PHRASES`].
    improper: Vec<Improper>,
    /// The scanner's number of the first pattern of the repertoire.
    utterances: u32,
    /// The scanner's number of the first pattern of the counters.
    counters: u32,
    memo: Memo,
    nothing: Arc<Heard>,
}

/// The scanner's number of the first phrase pattern.
const PHRASES: u32 = 3;

impl Listener {
    pub fn new(speaker: Speaker, profile: Profile, vocabulary: Vocabulary<'_>) -> Self {
        let improper = vocabulary.phrases.improper(speaker, profile);
        let known = (0..).zip(&vocabulary.known.0).filter_map(|(number, matcher)| Some((number, matcher.as_ref()?.sought())));
        let phrases = (PHRASES..).zip(improper.iter().map(|&improper| vocabulary.phrases.matcher(improper).sought()));
        let utterances = PHRASES + improper.len() as u32;
        let mut patterns: Vec<(u32, Sought<'_>)> = known.chain(phrases).collect();
        let mut counters = utterances;
        if let Some((repertoire, counted)) = vocabulary.etiquette {
            let alternatives = repertoire.alternatives(speaker).map(|(number, matcher)| (utterances + number, matcher.sought()));
            patterns.extend(alternatives);
            counters = patterns.last().map_or(0, |(number, _)| number + 1).max(utterances);
            if speaker == Speaker::Agent {
                patterns.extend((counters..).zip(counted.matchers().map(Matcher::sought)));
            }
        }
        Self {
            speaker,
            scanner: Scanner::new(patterns.into_iter()),
            improper,
            utterances,
            counters,
            memo: Memo::new(),
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
        self.memo.recall(text, || self.listen(text, spacing, vocabulary))
    }

    fn listen(&self, text: &str, spacing: Spacing, vocabulary: Vocabulary<'_>) -> Heard {
        thread_local! {
            // Memory that is used again for every turn.
            static DESK: RefCell<(Folded, Vec<Candidate>)> = RefCell::default();
        }
        DESK.with_borrow_mut(|(folded, candidates)| {
            folded.refold(text, spacing);
            self.scanner.find(folded.as_str(), candidates);
            self.listen_to(folded, candidates, vocabulary)
        })
    }

    fn listen_to(&self, turn: &Folded, candidates: &mut [Candidate], vocabulary: Vocabulary<'_>) -> Heard {
        let folded = turn.as_str();
        let mut heard = Heard::of_length(folded.len());
        let (known, rest) = split(candidates, 0..PHRASES);
        for of_one in known.chunk_by(|one, other| one.pattern == other.pattern) {
            let number = of_one[0].pattern as usize;
            let matcher = vocabulary.known.0[number].as_ref();
            if matcher.is_some_and(|matcher| !matcher.verified(folded, places(of_one)).is_empty()) {
                *[&mut heard.is_notice, &mut heard.cut_start, &mut heard.cut_end][number] = true;
            }
        }
        if heard.is_notice || !matches!(self.speaker, Speaker::Agent | Speaker::Customer) {
            return heard;
        }
        let (improper, rest) = split(rest, PHRASES..self.utterances);
        heard.found = vocabulary.phrases.found(&self.improper, turn, improper);
        if let Some((repertoire, counters)) = vocabulary.etiquette {
            let (utterances, rest) = split(rest, self.utterances..self.counters);
            heard.note_utterances(repertoire.heard(self.speaker, folded, utterances));
            let (counted, _) = split(rest, self.counters..u32::MAX);
            heard.counts = counters.count(folded, counted);
            heard.words = words(folded);
        }
        heard
    }
}

/// The first candidates, of the patterns in `numbers`, now counted from its start; and the rest.
fn split(candidates: &mut [Candidate], numbers: Range<u32>) -> (&[Candidate], &mut [Candidate]) {
    let (first, rest) = candidates.split_at_mut(candidates.partition_point(|candidate| candidate.pattern < numbers.end));
    first.iter_mut().for_each(|candidate| candidate.pattern -= numbers.start);
    (first, rest)
}

/// A number for what a turn says, marks, emoji and final particles aside; none where that is nothing.
fn words(folded: &str) -> Option<u64> {
    let mut hasher = FixedState::default().build_hasher();
    let mut is_any = false;
    let clauses = folded.split(BREAK).map(|clause| clause.trim_end_matches(|c| PARTICLES.contains(c)));
    for c in clauses.flat_map(str::chars).filter(|c| is_word(*c)) {
        hasher.write_u32(c.into());
        is_any = true;
    }
    is_any.then(|| hasher.finish())
}
