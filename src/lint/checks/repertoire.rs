//! The words of all checks, and who says which of them in a turn. Equal patterns are one: many checks ask for an apology.

use std::cell::{OnceCell, RefCell};
use std::hash::BuildHasher;
use std::rc::Rc;
use std::sync::Arc;

use foldhash::fast::FixedState;
use hashbrown::HashTable;
use smallvec::SmallVec;

use crate::rule::{self, Alternatives, ENOUGH, Said, Saying, Signs, Utterance};
use crate::transcript::Speaker;

use super::super::clause::Seen;
use super::super::matcher::{Match, Matcher, Reach};
use super::super::stretches::Stretches;
use super::super::told::{Number, Told};

/// Everything that the checks of a run listen for.
#[derive(Debug)]
pub(in crate::lint) struct Repertoire {
    known: Arc<Alternatives>,
    utterances: Vec<ReadyUtterance>,
    patterns: Vec<ReadyPattern>,
    /// The numbers of patterns by what is written.
    numbers: HashTable<usize>,
    hasher: FixedState,
    /// For every pattern, the utterances that it is one of.
    meaning: Vec<Vec<Number>>,
    /// For every pattern, the utterances that it is an exception of.
    excepting: Vec<Vec<Number>>,
    /// For every alternative of every pattern, the pattern.
    whose: Vec<u32>,
    /// The patterns that have signs, and these.
    signs: Vec<(usize, Arc<Signs>)>,
    /// The utterances for which anything at all will do.
    anything: Vec<Number>,
    /// The patterns of a log that begins mid-way and of one that stops mid-way, whoever says them.
    cuts: [Option<usize>; 2],
}

#[derive(Debug)]
struct ReadyUtterance {
    written: Utterance,
    /// The numbers of its patterns; none where anything will do.
    said: Option<Vec<usize>>,
    /// The numbers of the patterns of which none may share a written character with it.
    except: Vec<usize>,
}

/// A pattern, taken apart into its alternatives.
#[derive(Debug)]
struct ReadyPattern {
    written: Saying,
    /// The number of the first among all alternatives.
    first: u32,
    each: Vec<ReadyAlternative>,
    /// Whether none of them has exceptions.
    is_plain: bool,
}

#[derive(Debug)]
struct ReadyAlternative {
    matcher: Matcher,
    /// The numbers of the exceptions of the classes that it is an entry of.
    except: Arc<[usize]>,
}

impl Repertoire {
    /// Of nothing yet.
    pub fn new(known: &Arc<Alternatives>) -> Self {
        let known = Arc::clone(known);
        let (numbers, hasher) = (HashTable::new(), FixedState::default());
        Self {
            known,
            numbers,
            hasher,
            utterances: Vec::new(),
            patterns: Vec::new(),
            meaning: Vec::new(),
            excepting: Vec::new(),
            whose: Vec::new(),
            signs: Vec::new(),
            anything: Vec::new(),
            cuts: [None; 2],
        }
    }

    /// The number of an utterance, a new one where it is not known.
    pub fn add(&mut self, utterance: &Utterance) -> Number {
        if let Some(known) = self.utterances.iter().position(|known| known.written == *utterance) {
            return known;
        }
        let said = match &utterance.said {
            Said::Anything => None,
            Said::OneOf(sayings) => Some(self.add_sayings(sayings)),
        };
        let except = self.add_sayings(&utterance.except);
        let number = self.utterances.len();
        match &said {
            None => self.anything.push(number),
            Some(patterns) => patterns.iter().for_each(|&pattern| self.meaning[pattern].push(number)),
        }
        except.iter().for_each(|&pattern| self.excepting[pattern].push(number));
        self.utterances.push(ReadyUtterance { written: utterance.clone(), said, except });
        number
    }

    /// Adds the words of a log that begins mid-way and of one that stops mid-way.
    pub fn add_cuts(&mut self, cuts: [&Option<Saying>; 2]) {
        self.cuts = cuts.map(|cut| cut.as_ref().map(|saying| self.add_saying(saying)));
    }

    /// The numbers of patterns, new ones where they are not known.
    pub fn add_sayings(&mut self, sayings: &[Saying]) -> Vec<usize> {
        sayings.iter().map(|saying| self.add_saying(saying)).collect()
    }

    fn add_saying(&mut self, saying: &Saying) -> usize {
        let hash = self.hasher.hash_one(saying);
        if let Some(known) = self.numbers.find(hash, |&known| self.patterns[known].written == *saying) {
            return *known;
        }
        let known = Arc::clone(&self.known);
        // The entries of a class share their exceptions.
        let mut last: Option<(Arc<[Saying]>, Arc<_>)> = None;
        let alternative = |known: rule::Alternative| {
            let shared = last.as_ref().filter(|(sayings, _)| Arc::ptr_eq(sayings, &known.except)).map(|(_, except)| Arc::clone(except));
            let except = shared.unwrap_or_else(|| self.add_sayings(&known.except).into());
            last = Some((known.except, Arc::clone(&except)));
            ReadyAlternative { matcher: Matcher::new(&known.pattern, Reach::Clause), except }
        };
        let rule::Apart { each, signs } = known.of(saying);
        let each: Vec<ReadyAlternative> = each.into_iter().map(alternative).collect();
        let number = self.patterns.len();
        if !signs.is_empty() {
            self.signs.push((number, signs));
        }
        let first = self.whose.len() as u32;
        self.whose.resize(self.whose.len() + each.len(), number as u32);
        let is_plain = each.iter().all(|alternative| alternative.except.is_empty());
        self.patterns.push(ReadyPattern { written: saying.clone(), first, each, is_plain });
        self.numbers.insert_unique(hash, number, |&known| self.hasher.hash_one(&self.patterns[known].written));
        self.meaning.push(Vec::new());
        self.excepting.push(Vec::new());
        number
    }

    /// The alternatives that may mean something where a speaker says them, with their numbers. The platform may speak as anybody.
    pub fn alternatives(&self, speaker: Speaker) -> impl Iterator<Item = (u32, &Matcher)> {
        let mut wanted = vec![false; self.patterns.len()];
        let own = self.utterances.iter().filter(|utterance| [speaker, Speaker::System].contains(&utterance.written.speaker));
        let mut open: Vec<usize> = own.flat_map(|utterance| utterance.said.iter().flatten().chain(&utterance.except)).copied().collect();
        open.extend(self.cuts.iter().flatten());
        while let Some(pattern) = open.pop() {
            if !std::mem::replace(&mut wanted[pattern], true) {
                let excepts = self.patterns[pattern].each.chunk_by(|one, other| Arc::ptr_eq(&one.except, &other.except));
                open.extend(excepts.flat_map(|alike| &*alike[0].except));
            }
        }
        let patterns = self.patterns.iter().zip(wanted).filter(|(_, wanted)| *wanted);
        patterns.flat_map(|(pattern, _)| (pattern.first..).zip(pattern.each.iter().map(|alternative| &alternative.matcher)))
    }

    /// An alternative by its number.
    pub fn matcher(&self, number: u32) -> &Matcher {
        let ReadyPattern { first, each, .. } = &self.patterns[self.whose[number as usize] as usize];
        &each[(number - first) as usize].matcher
    }

    /// All matches of a pattern in a text of which nothing is known.
    pub fn matches(&self, pattern: usize, folded: &str) -> Vec<Match> {
        let mut found = Vec::new();
        for alternative in &self.patterns[pattern].each {
            let matches = alternative.matcher.matches(folded).into_iter().filter(|matched| !matched.written.is_empty());
            found.extend(matches.filter(|matched| {
                let mut exceptions = alternative.except.iter().flat_map(|&except| self.matches(except, folded));
                !exceptions.any(|exception| exception.competes(matched))
            }));
        }
        found
    }

    /// How many utterances there are: their numbers are below that.
    pub fn len(&self) -> usize {
        self.utterances.len()
    }

    /// Who says an utterance.
    pub fn speaker(&self, number: Number) -> Speaker {
        self.utterances[number].written.speaker
    }

    /// Whether anything at all will do.
    pub fn is_anything(&self, number: Number) -> bool {
        self.utterances[number].said.is_none()
    }

    /// What a stretch of text tells that a speaker says. `seen` are the alternatives that match.
    pub fn told(&self, speaker: Speaker, seen: &[Seen]) -> Told {
        let mut told = Told::default();
        if seen.is_empty() {
            return told;
        }
        let turn = Turn::new(self, seen);
        for seen in seen.chunk_by(|one, other| self.whose[one.pattern as usize] == self.whose[other.pattern as usize]) {
            let pattern = self.whose[seen[0].pattern as usize] as usize;
            let meanings = self.meant(pattern, speaker);
            if meanings.clone().next().is_none() {
                continue;
            }
            let standing;
            let found: &mut dyn Iterator<Item = &Match> = if self.patterns[pattern].is_plain {
                &mut seen.iter().map(|seen| &seen.matched).filter(|matched| !matched.written.is_empty())
            } else {
                standing = turn.found(pattern);
                &mut standing.iter().flat_map(|found| found.all.iter().copied())
            };
            for matched in found {
                let meant = meanings.clone().filter(|&number| !turn.is_excepted(matched, &self.utterances[number].except));
                told.utterances.extend(meant.map(|number| (number, matched.span.clone())));
            }
        }
        self.note_exceptions(speaker, &turn, &mut told);
        let is_found = |pattern: usize| turn.found(pattern).is_some_and(|found| !found.all.is_empty());
        [told.cut_start, told.cut_end] = self.cuts.map(|cut| cut.is_some_and(is_found));
        told
    }

    /// The patterns with signs that are listened for in a speaker, and the signs.
    pub fn signs(&self, speaker: Speaker) -> impl Iterator<Item = (usize, &Signs)> {
        // The platform may speak as anybody.
        let is_asked =
            move |pattern: usize| [speaker, Speaker::System].iter().any(|&speaker| self.meant(pattern, speaker).next().is_some());
        self.signs.iter().filter(move |(pattern, _)| is_asked(*pattern)).map(|(pattern, signs)| (*pattern, &**signs))
    }

    /// Adds the utterances of a speaker for which anything would do but not what is said, and where the exceptions stand of those that
    /// signs may tell. Most turns hold an exception of none.
    fn note_exceptions(&self, speaker: Speaker, turn: &Turn<'_>, told: &mut Told) {
        for &pattern in &turn.patterns {
            let own = self.excepting[pattern].iter().copied().filter(|&number| self.speaker(number) == speaker);
            let mut own = own.filter(|&number| self.is_anything(number) || self.has_signs(number)).peekable();
            let Some(found) = own.peek().and_then(|_| turn.found(pattern)).filter(|found| !found.all.is_empty()) else { continue };
            for number in own {
                if self.has_signs(number) {
                    let written = found.all.iter().flat_map(|matched| matched.written.iter().cloned());
                    told.excepted.extend(written.map(|span| (number, span)));
                } else if !told.refused.contains(&number) {
                    told.refused.push(number);
                }
            }
        }
    }

    /// Whether signs may tell an utterance.
    fn has_signs(&self, number: Number) -> bool {
        self.signs.iter().any(|(pattern, _)| self.meaning[*pattern].contains(&number))
    }

    /// Adds to what a whole turn of a speaker tells the utterances for which the signs in it weigh enough, at the clause where they
    /// weigh most; clauses with an exception aside. Then the weights have done their work.
    pub fn weigh(&self, speaker: Speaker, told: &mut Told) {
        let weights = std::mem::take(&mut told.weights);
        let meant = self.signs.iter().flat_map(|(pattern, _)| self.meant(*pattern, speaker).map(|number| (*pattern, number)));
        for (pattern, number) in meant {
            if told.utterances.iter().any(|(known, _)| *known == number) {
                continue;
            }
            let excepted = Stretches::of(told.excepted.iter().filter(|(known, _)| *known == number).map(|(_, span)| span.clone()));
            let counted = || weights.iter().filter(|weight| weight.pattern == pattern && !excepted.meet(&weight.clause));
            // Of several that weigh as much the first.
            let most = counted().rev().max_by_key(|weight| weight.weight);
            if let Some(most) = most.filter(|_| counted().map(|weight| weight.weight).sum::<i64>() >= ENOUGH) {
                told.utterances.push((number, most.clause.clone()));
            }
        }
    }

    /// The utterances of a speaker that a pattern is one of.
    fn meant(&self, pattern: usize, speaker: Speaker) -> impl Iterator<Item = Number> + Clone {
        self.meaning[pattern].iter().copied().filter(move |&number| self.speaker(number) == speaker)
    }

    /// The utterances of a speaker for which anything at all will do.
    pub fn anything(&self, speaker: Speaker) -> impl Iterator<Item = Number> {
        self.anything.iter().copied().filter(move |&number| self.speaker(number) == speaker)
    }
}

/// All matches of a pattern in a turn.
struct Matches<'t> {
    all: Vec<&'t Match>,
    /// What they have written.
    written: OnceCell<Stretches>,
}

/// A turn in which patterns are looked for, each once.
struct Turn<'t> {
    repertoire: &'t Repertoire,
    seen: &'t [Seen],
    /// The patterns of which an alternative matches, ascending.
    patterns: SmallVec<[usize; 16]>,
    found: RefCell<Vec<(usize, Rc<Matches<'t>>)>>,
}

impl<'t> Turn<'t> {
    fn new(repertoire: &'t Repertoire, seen: &'t [Seen]) -> Self {
        let mut patterns: SmallVec<[usize; 16]> = seen.iter().map(|seen| repertoire.whose[seen.pattern as usize] as usize).collect();
        patterns.dedup();
        Self { repertoire, seen, patterns, found: RefCell::default() }
    }

    /// The matches of a pattern; none, at once, where no alternative of it matches.
    fn found(&self, pattern: usize) -> Option<Rc<Matches<'t>>> {
        let ReadyPattern { first, each, .. } = &self.repertoire.patterns[pattern];
        let from = self.seen.partition_point(|seen| seen.pattern < *first);
        let alternative = |seen: &Seen| each.get((seen.pattern - first) as usize);
        self.seen.get(from).and_then(alternative)?;
        if let Some((_, known)) = self.found.borrow().iter().find(|(known, _)| *known == pattern) {
            return Some(Rc::clone(known));
        }
        let own = self.seen[from..].iter().map_while(|seen| Some((&seen.matched, alternative(seen)?)));
        let stands = |(matched, of): &(&Match, &ReadyAlternative)| !matched.written.is_empty() && !self.is_excepted(matched, &of.except);
        let all = own.filter(stands).map(|(matched, _)| matched).collect();
        let found = Rc::new(Matches { all, written: OnceCell::new() });
        self.found.borrow_mut().push((pattern, Rc::clone(&found)));
        Some(found)
    }

    /// Whether a match shares a written character with one of these patterns' matches.
    fn is_excepted(&self, matched: &Match, except: &[usize]) -> bool {
        // There are dozens of exceptions, and few patterns match.
        let mut found = self.patterns.iter().filter(|pattern| except.contains(pattern)).filter_map(|&pattern| self.found(pattern));
        found.any(|found| found.written.get_or_init(|| Stretches::written(found.all.iter().copied())).compete(matched))
    }
}
