//! Who says what where: the words of all checks, each looked for at most once in a turn.

use std::cell::RefCell;
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use crate::rule::{Said, Utterance};
use crate::transcript::Speaker;

use super::super::matcher::{Match, Matcher, Reach};
use super::super::scanner::Scanner;
use super::dialogue::{Dialogue, Spoken};

/// The number of an utterance in a [`Repertoire`].
pub(super) type Number = usize;

/// Everything that the checks of a run listen for; equal utterances are one.
#[derive(Debug, Default)]
pub(super) struct Repertoire {
    written: Vec<Utterance>,
    ready: Vec<Ready>,
    patterns: u32,
    scanner: Option<Scanner>,
}

#[derive(Debug)]
struct Ready {
    speaker: Speaker,
    /// None where anything will do.
    said: Option<Vec<Matcher>>,
    /// The scanner's number of the first of these.
    first: u32,
    except: Vec<Matcher>,
}

impl Repertoire {
    /// The number of an utterance, a new one where it is not known.
    pub fn add(&mut self, utterance: &Utterance) -> Number {
        if let Some(known) = self.written.iter().position(|known| known == utterance) {
            return known;
        }
        let ready =
            |patterns: &[crate::rule::Pattern]| patterns.iter().map(|pattern| Matcher::new(pattern, Reach::Clause)).collect::<Vec<_>>();
        let said = match &utterance.said {
            Said::Anything => None,
            Said::OneOf(patterns) => Some(ready(patterns)),
        };
        let first = self.patterns;
        self.patterns += said.as_ref().map_or(0, Vec::len) as u32;
        self.ready.push(Ready { speaker: utterance.speaker, said, first, except: ready(&utterance.except) });
        self.written.push(utterance.clone());
        self.ready.len() - 1
    }

    /// Builds the automaton, once all is added.
    pub fn finish(&mut self) {
        let mut numbered: Vec<(u32, &[String])> = Vec::new();
        for ready in &self.ready {
            let matchers = ready.said.iter().flatten().zip(ready.first..);
            numbered.extend(matchers.map(|(matcher, number)| (number, matcher.literals())));
        }
        self.scanner = Some(Scanner::new(numbered.into_iter()));
    }
}

/// Where words stand in a turn, in folded bytes.
pub(super) type Spans = Rc<[Range<usize>]>;

/// The words of a repertoire in one dialogue.
#[derive(Debug)]
pub(super) struct Hearing<'h> {
    repertoire: &'h Repertoire,
    pub dialogue: &'h Dialogue<'h>,
    /// For every spoken turn, the patterns that it may match.
    candidates: Vec<Vec<u32>>,
    heard: RefCell<HashMap<(Number, usize), Spans>>,
}

impl<'h> Hearing<'h> {
    pub fn new(repertoire: &'h Repertoire, dialogue: &'h Dialogue<'h>) -> Self {
        let candidates = |spoken: &Spoken<'_>| {
            let mut found = Vec::new();
            if let Some(scanner) = &repertoire.scanner {
                scanner.candidates(spoken.folded.as_str(), &mut found);
            }
            found
        };
        Self { repertoire, dialogue, candidates: dialogue.spoken.iter().map(candidates).collect(), heard: RefCell::default() }
    }

    /// Who says an utterance.
    pub fn speaker(&self, number: Number) -> Speaker {
        self.repertoire.ready[number].speaker
    }

    /// Whether anything at all will do.
    pub fn is_anything(&self, number: Number) -> bool {
        self.repertoire.ready[number].said.is_none()
    }

    /// Where the words of an utterance stand in a spoken turn, in folded bytes from left to right. Where anything will do
    /// it is the whole turn; a turn of the other speaker has none.
    pub fn heard(&self, number: Number, place: usize) -> Spans {
        let ready = &self.repertoire.ready[number];
        if ready.speaker != self.dialogue.spoken[place].speaker {
            return Rc::new([]);
        }
        if let Some(known) = self.heard.borrow().get(&(number, place)) {
            return Rc::clone(known);
        }
        let found: Spans = self.listen(ready, place).into();
        self.heard.borrow_mut().insert((number, place), Rc::clone(&found));
        found
    }

    /// Whether the words of an utterance stand in a spoken turn.
    pub fn is_heard(&self, number: Number, place: usize) -> bool {
        !self.heard(number, place).is_empty()
    }

    /// Whether the words of an utterance stand anywhere.
    pub fn is_heard_anywhere(&self, number: Number) -> bool {
        (0..self.dialogue.spoken.len()).any(|place| self.is_heard(number, place))
    }

    fn listen(&self, ready: &Ready, place: usize) -> Vec<Range<usize>> {
        let text = self.dialogue.spoken[place].folded.as_str();
        let Some(said) = &ready.said else {
            let whole = 0..text.len();
            let matched = Match { span: whole.clone(), written: Vec::from([whole.clone()]), captures: Vec::new() };
            return if is_excepted(ready, &matched, text) { Vec::new() } else { Vec::from([whole]) };
        };
        let candidates = &self.candidates[place];
        let mut found = Vec::new();
        for (offset, matcher) in said.iter().enumerate() {
            if candidates.binary_search(&(ready.first + offset as u32)).is_ok() {
                let matches = matcher.verified(text).into_iter();
                found.extend(
                    matches.filter(|matched| !matched.written.is_empty() && !is_excepted(ready, matched, text)).map(|matched| matched.span),
                );
            }
        }
        found.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        found
    }
}

fn is_excepted(ready: &Ready, matched: &Match, text: &str) -> bool {
    ready.except.iter().any(|except| except.matches(text).iter().any(|exception| exception.competes(matched)))
}
