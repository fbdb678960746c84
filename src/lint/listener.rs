//! Listens to the turns of one speaker: every pattern that may tell something of them, behind one scanner.

use std::cell::RefCell;
use std::ops::Range;
use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;

use crate::rule::{self, Clues, ENOUGH, Profile};
use crate::text::{BREAK, FACE, Folded, Spacing};
use crate::transcript::Speaker;

use super::checks::Repertoire;
use super::clause::{Clause, Seen};
use super::courtesy::Counters;
use super::heard::{Heard, HeardTurn};
use super::matcher::{Matcher, Reach};
use super::memo::Memo;
use super::phrases::{BySigns, Improper, Phrases};
use super::scales::Scales;
use super::scanner::{Candidate, Scanner, places};
use super::told::{Told, Weight, Words, is_long};

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
    /// Over those of them that read digits; made when a digit comes.
    sighted: OnceLock<Scanner>,
    /// The phrase patterns, by the scanner's numbers less [`PHRASES`].
    improper: Vec<Improper>,
    /// Over the signs of the repertoire, then those of phrase rows.
    scales: Scales,
    /// The patterns of the repertoire that have signs.
    weighed: Vec<usize>,
    /// The phrase rows that have signs, by their index.
    weighed_rows: Vec<usize>,
    /// The scanner's number of the first pattern of the repertoire.
    utterances: u32,
    /// The scanner's number of the first pattern of the counters.
    counters: u32,
    /// By the scanner's numbers, where patterns look.
    looks: Vec<Look>,
    /// Turns, by the text.
    turns: Memo<HeardTurn>,
    /// Turns with digits, by the folded text with 0 in the place of each. What they tell where no pattern that reads digits matches;
    /// none where exceptions might read them.
    blind: Memo<Option<Arc<Heard>>>,
    /// By the folded text, with 0 in the place of every digit.
    clauses: Memo<Arc<Clause>>,
    nothing: HeardTurn,
}

/// Memory of a thread that is used again for every turn.
#[derive(Debug, Default)]
struct Desk {
    folded: Folded,
    /// The folded turn with 0 in the place of every digit.
    blind: String,
    /// The clauses of the turn, with the byte where each begins.
    clauses: Vec<(usize, Arc<Clause>)>,
    bench: Bench,
}

/// What is found in a turn beside what its clauses hold.
#[derive(Debug, Default)]
struct Bench {
    /// The literals of a clause.
    candidates: Vec<Candidate>,
    /// The literals of patterns that reach beyond a clause.
    open: Vec<Candidate>,
    seen: Vec<Seen>,
}

/// Where a clause stands in its turn.
#[derive(Debug, Clone, Copy)]
struct Standing {
    /// The byte where it begins.
    at: usize,
    /// How many clauses stand before it, and behind it.
    clauses: [usize; 2],
}

/// Where a pattern looks.
#[derive(Debug, Clone, Copy, Default)]
struct Look {
    /// Nothing beyond a clause matters to it.
    is_within_clause: bool,
    /// It matters to it which digits there are.
    reads_digits: bool,
    /// The most clauses between a literal and the first one, and the last one; none where there is no bound.
    to_turn: [Option<u8>; 2],
}

impl Look {
    fn of(matcher: &Matcher) -> Self {
        let &Clues { is_within_clause, reads_digits, to_turn, .. } = matcher.clues();
        Self { is_within_clause, reads_digits, to_turn }
    }

    /// Whether a literal may stand so many clauses behind the first, and before the last.
    fn allows(self, clauses: [usize; 2]) -> bool {
        self.to_turn.iter().zip(clauses).all(|(most, clauses)| most.is_none_or(|most| clauses <= usize::from(most)))
    }
}

/// The scanner's numbers of the notices and of the first phrase pattern.
const NOTICES: u32 = 0;
const PHRASES: u32 = 1;

/// Bytes of a generation of turns, of what those with digits have in common, and of clauses.
const TURNS: usize = 5 << 20;
const BLIND: usize = 3 << 20;
const CLAUSES: usize = 3 << 20;

impl Listener {
    pub fn new(speaker: Speaker, profile: Profile, vocabulary: Vocabulary<'_>) -> Self {
        let improper = vocabulary.phrases.improper(speaker, profile);
        let (utterances, counters, patterns) = patterns(speaker, &improper, vocabulary);
        let mut looks = vec![Look::default(); patterns.last().map_or(0, |(number, _)| *number as usize + 1)];
        patterns.iter().for_each(|(number, matcher)| looks[*number as usize] = Look::of(matcher));
        let scanner = Scanner::new(patterns.iter().map(|(number, matcher)| (*number, matcher.clues())));
        let of_repertoire = vocabulary.etiquette.into_iter().flat_map(|(repertoire, _)| repertoire.signs(speaker));
        let (weighed, sets): (Vec<usize>, Vec<_>) = of_repertoire.unzip();
        let (weighed_rows, sets_of_rows): (Vec<usize>, Vec<_>) = vocabulary.phrases.signs(speaker, profile).unzip();
        Self {
            speaker,
            scales: Scales::new(sets.into_iter().chain(sets_of_rows)),
            weighed,
            weighed_rows,
            scanner,
            sighted: OnceLock::new(),
            improper,
            utterances,
            counters,
            looks,
            turns: Memo::choosy(TURNS),
            blind: Memo::choosy(BLIND),
            clauses: Memo::new(CLAUSES),
            nothing: HeardTurn::default(),
        }
    }

    /// What is heard in a turn.
    pub fn hear(&self, text: &str, spacing: Spacing, vocabulary: Vocabulary<'_>) -> HeardTurn {
        let is_segmented = spacing == Spacing::Segmented;
        // Without signs most canned replies need not be folded.
        let is_weighed = vocabulary.etiquette.is_some() || !self.weighed_rows.is_empty();
        if !is_segmented && !is_weighed && !self.scanner.may_be_in(text) {
            return self.nothing.clone();
        }
        if is_segmented {
            return self.listen(text, spacing, vocabulary);
        }
        self.turns.recall(text, || self.listen(text, spacing, vocabulary))
    }

    fn listen(&self, text: &str, spacing: Spacing, vocabulary: Vocabulary<'_>) -> HeardTurn {
        thread_local! {
            static DESK: RefCell<Desk> = RefCell::default();
        }
        DESK.with_borrow_mut(|desk| {
            desk.folded.refold(text, spacing);
            desk.clauses.clear();
            desk.bench.seen.clear();
            let words = desk.folded.as_str();
            let said = if has_digits(words) {
                self.hear_blind(desk, vocabulary)
            } else {
                let Desk { folded, clauses, bench, .. } = desk;
                self.see(folded.as_str(), false, clauses, bench, vocabulary);
                let words = clauses.iter().fold(Words::default(), |words, (_, clause)| words.then(clause.words));
                HeardTurn { heard: Arc::new(self.judge(folded, clauses, &mut bench.seen, vocabulary)), words }
            };
            desk.clauses.clear();
            said
        })
    }

    /// What is heard in the folded turn, which has digits: that of all that differ from it in these, and what is read in its own.
    fn hear_blind(&self, desk: &mut Desk, vocabulary: Vocabulary<'_>) -> HeardTurn {
        let Desk { folded, blind, clauses, bench } = desk;
        let blind = blinded(folded.as_str(), blind);
        let words = self.sight(folded.as_str(), bench, vocabulary);
        if bench.seen.is_empty() {
            let known = self.blind.recall(blind, || {
                self.see(blind, true, clauses, bench, vocabulary);
                let improper = PHRASES..self.utterances;
                let seen = clauses.iter().flat_map(|(_, clause)| &clause.seen).chain(&bench.seen);
                // What forbids these may read digits.
                let is_all =
                    !seen.into_iter().any(|seen| improper.contains(&seen.pattern)) && self.told_by_signs(folded, clauses).is_empty();
                is_all.then(|| Arc::new(self.judge(folded, clauses, &mut bench.seen, vocabulary)))
            });
            if let Some(heard) = known {
                return HeardTurn { heard, words };
            }
        }
        if clauses.is_empty() {
            self.see(blind, true, clauses, bench, vocabulary);
        }
        HeardTurn { heard: Arc::new(self.judge(folded, clauses, &mut bench.seen, vocabulary)), words }
    }

    /// What the folded turn tells in which this was seen beside what its clauses hold.
    fn judge(&self, turn: &Folded, clauses: &[(usize, Arc<Clause>)], seen: &mut Vec<Seen>, vocabulary: Vocabulary<'_>) -> Heard {
        let mut heard = self.judge_clauses(turn, clauses, seen, vocabulary);
        let long = clauses.iter().filter(|(_, clause)| clause.is_long);
        heard.long_clauses = long.map(|(_, clause)| clause.words.hash()).collect();
        heard
    }

    fn judge_clauses(&self, turn: &Folded, clauses: &[(usize, Arc<Clause>)], seen: &mut Vec<Seen>, vocabulary: Vocabulary<'_>) -> Heard {
        let mut told = Told::default();
        let by_signs = self.told_by_signs(turn, clauses);
        if !seen.is_empty() || !by_signs.is_empty() || clauses.iter().any(|(_, clause)| !clause.is_all_told) {
            for (at, clause) in clauses {
                seen.extend(clause.seen.iter().map(|seen| seen.shifted(*at)));
            }
            seen.sort_by_key(|seen| seen.pattern);
            clauses.iter().for_each(|(at, clause)| told.add_weights(&clause.told, *at));
            return self.judge_whole(turn, seen, told.weights, by_signs, vocabulary);
        }
        for (at, clause) in clauses {
            told.add(&clause.told, *at);
        }
        heard(self.speaker, told, turn.as_str().len(), vocabulary)
    }

    /// The phrase rows of which the signs weigh enough in a turn, quotes aside.
    fn told_by_signs(&self, turn: &Folded, clauses: &[(usize, Arc<Clause>)]) -> Vec<BySigns> {
        let weights = |place: usize| clauses.iter().map(move |(_, clause)| i64::from(clause.weights[place]));
        let mut rows: SmallVec<[usize; 4]> = SmallVec::new();
        if clauses.len() <= TOGETHER {
            // Nearly all turns: row by row beside each other, which is several at a time.
            let mut sums: SmallVec<[i64; 32]> = SmallVec::from_elem(0, self.weighed_rows.len());
            for (_, clause) in clauses {
                sums.iter_mut().zip(&clause.weights).for_each(|(sum, weight)| *sum += i64::from(*weight));
            }
            rows.extend((0..sums.len()).filter(|&place| sums[place] >= ENOUGH));
        } else {
            rows.extend((0..self.weighed_rows.len()).filter(|&place| heaviest(weights(place)).0 >= ENOUGH));
        }
        if rows.is_empty() {
            return Vec::new();
        }
        let ends = clauses.iter().skip(1).map(|(next, _)| next - BREAK.len_utf8()).chain([turn.as_str().len()]);
        let spans: Vec<Range<usize>> = clauses.iter().zip(ends).map(|((start, _), end)| *start..end).collect();
        let is_quoted: Vec<bool> = spans.iter().map(|span| turn.is_quoted(span)).collect();
        let told = |place: usize| {
            let said: Vec<i64> = weights(place).zip(&is_quoted).map(|(weight, is_quoted)| if *is_quoted { 0 } else { weight }).collect();
            let (weight, together) = heaviest(said.iter().copied());
            // Of several that weigh as much the first.
            let most = together.rev().max_by_key(|&number| said[number])?;
            Some(BySigns { row: self.weighed_rows[place], weight, clause: spans[most].clone() })
        };
        rows.into_iter().filter_map(told).filter(|told| told.weight >= ENOUGH).collect()
    }

    /// Notes the clauses of a turn, and the patterns that match and reach beyond one; where its digits are blinded, but for those
    /// that read them.
    fn see(&self, turn: &str, is_blind: bool, clauses: &mut Vec<(usize, Arc<Clause>)>, bench: &mut Bench, vocabulary: Vocabulary<'_>) {
        let Bench { candidates, open, seen } = bench;
        open.clear();
        let mut characters = 0;
        for (text, standing) in standings(turn) {
            let clause = self.known_clause(text, candidates, vocabulary);
            let is_blind_to = |candidate: &&Candidate| is_blind && self.looks[candidate.pattern as usize].reads_digits;
            self.open(clause.open.iter().filter(|candidate| !is_blind_to(candidate)), standing, open);
            characters |= clause.characters;
            clauses.push((standing.at, clause));
        }
        self.verify_open(turn, open, characters, seen, vocabulary);
    }

    /// Notes what the patterns that read digits find in a turn that has some; what stays within a clause without digits is known of
    /// this clause. Gives what is said, word by word.
    fn sight(&self, turn: &str, bench: &mut Bench, vocabulary: Vocabulary<'_>) -> Words {
        let Bench { candidates, open, seen } = bench;
        open.clear();
        let mut characters = 0;
        let mut words = Words::default();
        for (text, standing) in standings(turn) {
            if !has_digits(text) {
                let clause = self.known_clause(text, candidates, vocabulary);
                self.open(clause.open.iter().filter(|candidate| self.looks[candidate.pattern as usize].reads_digits), standing, open);
                characters |= clause.characters;
                words = words.then(clause.words);
                continue;
            }
            words = words.then(Words::of(text));
            let own = self.sighted(vocabulary).find(text, candidates);
            characters |= own;
            let beyond: SmallVec<[Candidate; 8]> = self.beyond(candidates).collect();
            self.open(&beyond, standing, open);
            candidates.retain(|candidate| self.scanner.may_match(candidate.pattern, own));
            let first = seen.len();
            self.verify(text, candidates, vocabulary, seen);
            seen[first..].iter_mut().for_each(|seen| *seen = seen.shifted(standing.at));
        }
        self.verify_open(turn, open, characters, seen, vocabulary);
        words
    }

    /// Adds the matches of patterns that reach beyond a clause, of which these literals stand in a turn with these characters.
    fn verify_open(&self, turn: &str, open: &mut Vec<Candidate>, characters: u128, seen: &mut Vec<Seen>, vocabulary: Vocabulary<'_>) {
        open.retain(|candidate| self.scanner.may_match(candidate.pattern, characters));
        open.sort_unstable();
        self.verify(turn, open, vocabulary, seen);
    }

    /// Takes out the literals of patterns that reach beyond a clause.
    fn beyond<'c>(&'c self, candidates: &'c mut Vec<Candidate>) -> impl Iterator<Item = Candidate> + 'c {
        candidates.extract_if(.., |candidate| !self.looks[candidate.pattern as usize].is_within_clause)
    }

    /// Leaves out literals of a clause that are part of no match, whatever stands around the clause. Most are; but a long clause hardly
    /// comes again, and where a literal stands there often, to ask for each takes longer than to look.
    fn drop_vain(&self, clause: &str, candidates: &mut SmallVec<[Candidate; 8]>, vocabulary: Vocabulary<'_>) {
        const LONGEST: usize = 200;
        const MOST: usize = 3;
        if clause.len() > LONGEST {
            return;
        }
        let often: SmallVec<[u32; 4]> = candidates
            .chunk_by(|one, other| one.pattern == other.pattern)
            .filter(|of_one| of_one.len() > MOST)
            .map(|of_one| of_one[0].pattern)
            .collect();
        let may_match = |candidate: &mut Candidate| {
            let matcher = self.matcher(candidate.pattern, vocabulary);
            often.contains(&candidate.pattern) || matcher.is_none_or(|matcher| matcher.may_write(clause, candidate.at as usize))
        };
        candidates.retain(may_match);
    }

    /// Adds the literals of a clause that may tell of patterns which reach beyond it.
    fn open<'c>(&self, candidates: impl IntoIterator<Item = &'c Candidate>, standing: Standing, open: &mut Vec<Candidate>) {
        let near = candidates.into_iter().filter(|candidate| self.looks[candidate.pattern as usize].allows(standing.clauses));
        open.extend(near.map(|candidate| Candidate { at: candidate.at + standing.at as u32, ..*candidate }));
    }

    /// What a clause holds, be it that it was heard before.
    fn known_clause(&self, text: &str, candidates: &mut Vec<Candidate>, vocabulary: Vocabulary<'_>) -> Arc<Clause> {
        self.clauses.recall(text, || Arc::new(self.clause(text, candidates, vocabulary)))
    }

    /// What a clause holds, but for the patterns that read digits where it has any.
    fn clause(&self, text: &str, candidates: &mut Vec<Candidate>, vocabulary: Vocabulary<'_>) -> Clause {
        let characters = self.scanner.find(text, candidates);
        if has_digits(text) {
            candidates.retain(|candidate| !self.looks[candidate.pattern as usize].reads_digits);
        }
        let mut open: SmallVec<[Candidate; 8]> = self.beyond(candidates).collect();
        self.drop_vain(text, &mut open, vocabulary);
        candidates.retain(|candidate| self.scanner.may_match(candidate.pattern, characters));
        let mut seen = Vec::new();
        self.verify(text, candidates, vocabulary, &mut seen);
        let mut own = seen.clone();
        let parts = self.parts(&mut own);
        let is_all_told = parts.notices.is_empty() && (parts.improper.is_empty() || !is_person(self.speaker));
        let mut told = told(self.speaker, &parts, vocabulary);
        let weights = self.scales.weigh(text);
        let (of_repertoire, of_rows) = weights.split_at(self.weighed.len());
        let weight = |(&pattern, &weight): (&usize, &i32)| Weight { pattern, weight: i64::from(weight), clause: 0..text.len() };
        told.weights = self.weighed.iter().zip(of_repertoire).filter(|(_, weight)| **weight != 0).map(weight).collect();
        Clause {
            seen: seen.into(),
            open: open.into_boxed_slice(),
            characters,
            told,
            weights: of_rows.iter().map(|&weight| weight.clamp(i16::MIN.into(), i16::MAX.into()) as i16).collect(),
            words: Words::of(text),
            is_long: is_long(text),
            is_all_told,
        }
    }

    /// Adds the matches of candidates, which are in order of their patterns.
    fn verify(&self, text: &str, candidates: &[Candidate], vocabulary: Vocabulary<'_>, seen: &mut Vec<Seen>) {
        for of_one in candidates.chunk_by(|one, other| one.pattern == other.pattern) {
            let pattern = of_one[0].pattern;
            let matches = self.matcher(pattern, vocabulary).map(|matcher| matcher.verified(text, places(of_one)));
            seen.extend(matches.into_iter().flatten().map(|matched| Seen { pattern, matched }));
        }
    }

    /// Over the patterns that read digits.
    fn sighted(&self, vocabulary: Vocabulary<'_>) -> &Scanner {
        self.sighted.get_or_init(|| {
            let (.., patterns) = patterns(self.speaker, &self.improper, vocabulary);
            let sighted = patterns.iter().filter(|(_, matcher)| matcher.clues().reads_digits);
            Scanner::new(sighted.map(|(number, matcher)| (*number, matcher.clues())))
        })
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

    /// What the patterns that match anywhere in a turn, and the signs in its clauses, tell of it.
    fn judge_whole(
        &self,
        turn: &Folded,
        seen: &mut [Seen],
        weights: Vec<Weight>,
        by_signs: Vec<BySigns>,
        vocabulary: Vocabulary<'_>,
    ) -> Heard {
        let parts = self.parts(seen);
        let is_notice = !parts.notices.is_empty();
        // The platform speaks, whoever it is sent as.
        let speaker = if is_notice { Speaker::System } else { self.speaker };
        let told = Told { weights, ..told(speaker, &parts, vocabulary) };
        let mut heard = heard(speaker, told, turn.as_str().len(), vocabulary);
        heard.is_notice = is_notice;
        if is_person(speaker) {
            heard.found = vocabulary.phrases.found(&self.improper, turn, parts.improper, by_signs).into();
        }
        heard
    }

    /// The patterns that match, by what they are, each kind now numbered from 0.
    fn parts<'s>(&self, seen: &'s mut [Seen]) -> Parts<'s> {
        let (notices, rest) = split(seen, NOTICES..PHRASES);
        let (improper, rest) = split(rest, PHRASES..self.utterances);
        let (utterances, rest) = split(rest, self.utterances..self.counters);
        let (counted, _) = split(rest, self.counters..u32::MAX);
        Parts { notices, improper, utterances, counted }
    }
}

/// All patterns that may tell something of what a speaker says, with their numbers, ascending; before them the number of the
/// first of the repertoire, and of the first of the counters.
fn patterns<'v>(speaker: Speaker, improper: &[Improper], vocabulary: Vocabulary<'v>) -> (u32, u32, Vec<(u32, &'v Matcher)>) {
    let notices = vocabulary.notices.0.iter().map(|matcher| (NOTICES, matcher));
    let phrases = (PHRASES..).zip(improper.iter().map(|&improper| vocabulary.phrases.matcher(improper)));
    let utterances = PHRASES + improper.len() as u32;
    let mut patterns: Vec<(u32, &Matcher)> = notices.chain(phrases).collect();
    let mut counters = utterances;
    if let Some((repertoire, counted)) = vocabulary.etiquette {
        patterns.extend(repertoire.alternatives(speaker).map(|(number, matcher)| (utterances + number, matcher)));
        counters = patterns.last().map_or(0, |(number, _)| number + 1).max(utterances);
        if speaker == Speaker::Agent {
            patterns.extend((counters..).zip(counted.matchers()));
        }
    }
    (utterances, counters, patterns)
}

/// The most clauses in a row over which the signs of a phrase row are added up: what is said in them belongs together, while in a turn
/// as long as a book something adds up to anything.
const TOGETHER: usize = 8;

/// Of the clauses in a row that weigh most together their weight, and which they are.
fn heaviest(weights: impl Iterator<Item = i64> + Clone) -> (i64, Range<usize>) {
    let mut sum = 0;
    let mut most = (i64::MIN, 0..0);
    let left = std::iter::repeat_n(0, TOGETHER).chain(weights.clone());
    for (number, (weight, left)) in weights.zip(left).enumerate() {
        sum += weight - left;
        // All of a short turn: what speaks against it counts wherever it stands.
        let end = number + 1;
        if sum > most.0 || end <= TOGETHER {
            most = (sum, end.saturating_sub(TOGETHER)..end);
        }
    }
    most
}

/// The clauses of a folded turn and where they stand.
fn standings(turn: &str) -> impl Iterator<Item = (&str, Standing)> {
    // A kaomoji between two clauses is part of what divides them.
    let is_clause = |text: &str| !text.starts_with(FACE);
    let last = clauses(turn).filter(|text| is_clause(text)).count().saturating_sub(1);
    let (mut at, mut number) = (0, 0);
    clauses(turn).map(move |text| {
        let standing = Standing { at, clauses: [number, last - number] };
        number = last.min(number + usize::from(is_clause(text)));
        at += text.len() + BREAK.len_utf8();
        (text, standing)
    })
}

/// The stretches of a folded turn between breaks.
fn clauses(turn: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(turn);
    std::iter::from_fn(move || {
        let text = rest?;
        let (clause, behind) = match memchr::memchr(BREAK as u8, text.as_bytes()) {
            Some(end) => (&text[..end], Some(&text[end + BREAK.len_utf8()..])),
            None => (text, None),
        };
        rest = behind;
        Some(clause)
    })
}

/// Looks at all bytes, several at a time.
fn has_digits(text: &str) -> bool {
    text.bytes().fold(false, |found, byte| found | byte.is_ascii_digit())
}

/// A folded turn with 0 in the place of every digit, in memory that is there.
fn blinded<'b>(turn: &str, blind: &'b mut String) -> &'b str {
    blind.clear();
    for (number, text) in turn.split(|c: char| c.is_ascii_digit()).enumerate() {
        if number > 0 {
            blind.push('0');
        }
        blind.push_str(text);
    }
    blind
}

/// The patterns that match in a stretch of text.
struct Parts<'s> {
    notices: &'s [Seen],
    improper: &'s [Seen],
    utterances: &'s [Seen],
    counted: &'s [Seen],
}

/// What the patterns that match in a stretch of text tell to checks and counters.
fn told(speaker: Speaker, parts: &Parts<'_>, vocabulary: Vocabulary<'_>) -> Told {
    let Some((repertoire, counters)) = vocabulary.etiquette else { return Told::default() };
    let mut told = repertoire.told(speaker, parts.utterances);
    if is_person(speaker) {
        told.counts = counters.count(parts.counted);
    }
    told
}

/// A turn of so many folded bytes that tells this.
fn heard(speaker: Speaker, mut told: Told, length: usize, vocabulary: Vocabulary<'_>) -> Heard {
    if let Some((repertoire, _)) = vocabulary.etiquette {
        repertoire.weigh(speaker, &mut told);
    }
    Heard::new(told, length)
}

/// Whether it is a person who speaks.
fn is_person(speaker: Speaker) -> bool {
    matches!(speaker, Speaker::Agent | Speaker::Customer)
}

/// The first, of the patterns in `numbers`, now counted from its start; and the rest.
fn split(seen: &mut [Seen], numbers: Range<u32>) -> (&[Seen], &mut [Seen]) {
    let (first, rest) = seen.split_at_mut(seen.partition_point(|seen| seen.pattern < numbers.end));
    first.iter_mut().for_each(|seen| seen.pattern -= numbers.start);
    (first, rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lint::{RuleSet, Selection};

    /// A literal that the clause shows to be part of nothing tells of no match.
    #[test]
    fn only_literals_that_no_match_writes_are_dropped() {
        let rules = crate::builtin::rules_with_examples(Vec::new()).expect("the packs");
        let specs = rules.phrases.iter().map(|row| &row.specs).chain(rules.checks.iter().map(|row| &row.specs));
        let examples = specs.flat_map(|specs| specs.bad.iter().chain(&specs.good)).flat_map(|(_, text)| text.lines());
        let rule_set = RuleSet::new(&crate::builtin::rules(), &Selection::default());
        let vocabulary = rule_set.vocabulary(Profile::Chat);
        let listeners = [Speaker::Agent, Speaker::Customer].map(|speaker| Listener::new(speaker, Profile::Chat, vocabulary));
        let (mut candidates, mut dropped, mut found) = (Vec::new(), 0, 0);
        for (turn, listener) in examples.flat_map(|text| listeners.iter().map(move |listener| (text, listener))) {
            // Said in one breath with another clause before and behind.
            let turn = Folded::new(&format!("好的，{turn}。您稍等"), Spacing::Breaks);
            let (mut all, mut kept) = (Vec::new(), Vec::new());
            for (text, standing) in standings(turn.as_str()) {
                listener.scanner.find(text, &mut candidates);
                let mut open: SmallVec<[Candidate; 8]> = listener.beyond(&mut candidates).collect();
                listener.open(&open, standing, &mut all);
                listener.drop_vain(text, &mut open, vocabulary);
                listener.open(&open, standing, &mut kept);
            }
            dropped += all.len() - kept.len();
            let seen = [all, kept].map(|mut candidates| {
                let mut seen = Vec::new();
                candidates.sort_unstable();
                listener.verify(turn.as_str(), &candidates, vocabulary, &mut seen);
                seen
            });
            found += seen[0].len();
            assert_eq!(seen[0], seen[1], "{turn:?}");
        }
        assert!(dropped > 10_000 && found > 1_000, "{dropped} {found}");
    }

    /// What is remembered of a clause serves clauses with other digits.
    #[test]
    fn patterns_that_do_not_read_digits_match_whatever_these_are() {
        let rules = crate::builtin::rules_with_examples(Vec::new()).expect("the packs");
        let specs = rules.phrases.iter().map(|row| &row.specs).chain(rules.checks.iter().map(|row| &row.specs));
        let examples = specs.flat_map(|specs| specs.bad.iter().chain(&specs.good)).flat_map(|(_, text)| text.lines());
        let folded = examples.map(|text| Folded::new(text, Spacing::Breaks)).filter(|turn| has_digits(turn.as_str()));
        let turns: Vec<String> = folded.map(|turn| turn.as_str().to_owned()).collect();
        let rule_set = RuleSet::new(&crate::builtin::rules(), &Selection::default());
        let vocabulary = rule_set.vocabulary(Profile::Chat);
        let (mut blind, mut sighted, mut found) = (0, 0, 0);
        for speaker in [Speaker::Agent, Speaker::Customer] {
            for (_, matcher) in patterns(speaker, &vocabulary.phrases.improper(speaker, Profile::Chat), vocabulary).2 {
                if matcher.clues().reads_digits {
                    sighted += 1;
                    continue;
                }
                blind += 1;
                for turn in &turns {
                    let matches = matcher.matches(turn);
                    found += matches.len();
                    assert_eq!(matches, matcher.matches(blinded(turn, &mut String::new())), "{matcher:?} {turn}");
                }
            }
        }
        assert!(turns.len() > 150 && sighted > 50 && blind > 1000 && found > 500, "{} {sighted} {blind} {found}", turns.len());
    }
}
