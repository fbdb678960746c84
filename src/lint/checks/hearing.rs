//! Who says what where: the words of all checks, each looked for at most once in a turn.

use std::cell::{OnceCell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use crate::rule::{Node, Pattern, Said, Utterance};
use crate::text::BREAK;
use crate::transcript::Speaker;

use super::super::matcher::{Match, Matcher, Reach};
use super::super::program::PARTICLES;
use super::super::scanner::{Candidate, Scanner, places};
use super::dialogue::{Dialogue, Spoken};

/// The number of an utterance in a [`Repertoire`].
pub(super) type Number = usize;

/// Everything that the checks of a run listen for. Equal patterns are one: many checks ask for an apology.
#[derive(Debug, Default)]
pub(super) struct Repertoire {
    utterances: Vec<Ready>,
    patterns: Vec<Alternatives>,
    scanner: Option<Scanner>,
}

#[derive(Debug)]
struct Ready {
    written: Utterance,
    /// The numbers of its patterns; none where anything will do.
    said: Option<Vec<usize>>,
    /// The numbers of the patterns of which none may share a written character with it.
    except: Vec<usize>,
}

/// A pattern, taken apart into its alternatives: a class of a hundred entries is not run where the literal of one was
/// found.
#[derive(Debug)]
struct Alternatives {
    written: Arc<Pattern>,
    /// The scanner's number of the first.
    first: u32,
    each: Vec<Alternative>,
}

#[derive(Debug)]
struct Alternative {
    matcher: Matcher,
    /// The numbers of the exceptions of the classes that it is an entry of.
    except: Vec<usize>,
}

impl Repertoire {
    /// The number of an utterance, a new one where it is not known.
    pub fn add(&mut self, utterance: &Utterance) -> Number {
        if let Some(known) = self.utterances.iter().position(|known| known.written == *utterance) {
            return known;
        }
        let said = match &utterance.said {
            Said::Anything => None,
            Said::OneOf(patterns) => Some(self.add_patterns(patterns)),
        };
        let except = self.add_patterns(&utterance.except);
        self.utterances.push(Ready { written: utterance.clone(), said, except });
        self.utterances.len() - 1
    }

    fn add_patterns(&mut self, patterns: &[Arc<Pattern>]) -> Vec<usize> {
        patterns.iter().map(|pattern| self.add_pattern(pattern)).collect()
    }

    fn add_pattern(&mut self, pattern: &Arc<Pattern>) -> usize {
        if let Some(known) = self.patterns.iter().position(|known| known.written == *pattern) {
            return known;
        }
        let mut each = Vec::new();
        self.take_apart(pattern, pattern.node(), &[], &mut each);
        let first = self.patterns.last().map_or(0, |last| last.first + last.each.len() as u32);
        self.patterns.push(Alternatives { written: Arc::clone(pattern), first, each });
        self.patterns.len() - 1
    }

    /// Adds the alternatives of a node that is a whole pattern.
    fn take_apart(&mut self, pattern: &Arc<Pattern>, node: &Node, except: &[usize], each: &mut Vec<Alternative>) {
        match node {
            Node::Choice(options) => options.iter().for_each(|option| self.take_apart(pattern, option, except, each)),
            Node::Class(class) => {
                let except = [except, &self.add_patterns(&class.except)].concat();
                self.take_apart(pattern, &class.any, &except, each);
            }
            // Of a pattern that requires literals every alternative does.
            node => {
                each.extend(pattern.part(node.clone()).map(|alternative| Alternative {
                    matcher: Matcher::new(&Arc::new(alternative), Reach::Clause),
                    except: except.to_vec(),
                }))
            }
        }
    }

    /// Makes the scanner, once all is added.
    pub fn finish(&mut self) {
        let mut numbered: Vec<(u32, &[String])> = Vec::new();
        for pattern in &self.patterns {
            let each = pattern.each.iter().zip(pattern.first..);
            numbered.extend(each.map(|(alternative, number)| (number, alternative.matcher.literals())));
        }
        self.scanner = Some(Scanner::new(numbered.into_iter()));
    }
}

/// The matches of a pattern in a turn.
type Matches = Rc<[Match]>;

/// Where words stand in a turn, in folded bytes.
pub(super) type Spans = Vec<Range<usize>>;

/// The words of a repertoire in one dialogue.
#[derive(Debug)]
pub(super) struct Hearing<'h> {
    repertoire: &'h Repertoire,
    pub dialogue: &'h Dialogue<'h>,
    /// For every spoken turn, the alternatives that it may match.
    candidates: Vec<Vec<Candidate>>,
    /// By the numbers of a pattern and a spoken turn.
    found: RefCell<HashMap<(usize, usize), Matches>>,
    /// What every spoken turn says, without marks; worked out when first asked for.
    words: OnceCell<Vec<String>>,
}

impl<'h> Hearing<'h> {
    pub fn new(repertoire: &'h Repertoire, dialogue: &'h Dialogue<'h>) -> Self {
        let candidates = |spoken: &Spoken<'_>| {
            let scanner = repertoire.scanner.as_ref();
            scanner.map_or_else(Vec::new, |scanner| scanner.candidates(spoken.folded.as_str()))
        };
        Self {
            repertoire,
            dialogue,
            candidates: dialogue.spoken.iter().map(candidates).collect(),
            found: RefCell::default(),
            words: OnceCell::new(),
        }
    }

    /// Who says an utterance.
    pub fn speaker(&self, number: Number) -> Speaker {
        self.repertoire.utterances[number].written.speaker
    }

    /// Whether anything at all will do.
    pub fn is_anything(&self, number: Number) -> bool {
        self.repertoire.utterances[number].said.is_none()
    }

    /// Where the words of an utterance stand in a spoken turn, in folded bytes from left to right. Where anything will do
    /// it is the whole turn; a turn of the other speaker has none.
    pub fn heard(&self, number: Number, place: usize) -> Spans {
        let ready = &self.repertoire.utterances[number];
        if ready.written.speaker != self.dialogue.spoken[place].speaker {
            return Vec::new();
        }
        let Some(said) = &ready.said else {
            let whole = 0..self.dialogue.spoken[place].folded.as_str().len();
            let matched = Match { span: whole.clone(), written: Vec::from([whole.clone()]), captures: Vec::new() };
            return if self.is_excepted(&matched, &ready.except, place) { Vec::new() } else { Vec::from([whole]) };
        };
        let mut spans: Vec<Range<usize>> = Vec::new();
        for found in said.iter().filter_map(|&pattern| self.found(pattern, place)) {
            let meant = found.iter().filter(|matched| !self.is_excepted(matched, &ready.except, place));
            spans.extend(meant.map(|matched| matched.span.clone()));
        }
        spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
        spans
    }

    /// How often the speaker has said the text of a turn up to there; marks, emoji and final particles aside. Masks
    /// alone say nothing.
    pub fn times_said(&self, place: usize) -> u32 {
        let turns = &self.dialogue.spoken;
        let words = self.words.get_or_init(|| turns.iter().map(words).collect());
        if words[place].is_empty() {
            return 0;
        }
        (0..=place).filter(|&other| turns[other].speaker == turns[place].speaker && words[other] == words[place]).count() as u32
    }

    /// Whether the words of an utterance stand in a spoken turn.
    pub fn is_heard(&self, number: Number, place: usize) -> bool {
        !self.heard(number, place).is_empty()
    }

    /// Whether the words of an utterance stand anywhere.
    pub fn is_heard_anywhere(&self, number: Number) -> bool {
        (0..self.dialogue.spoken.len()).any(|place| self.is_heard(number, place))
    }

    /// The matches of a pattern in a spoken turn; none, at once, where no literal of it is there.
    fn found(&self, pattern: usize, place: usize) -> Option<Matches> {
        let Alternatives { first, each, .. } = &self.repertoire.patterns[pattern];
        let candidates = &self.candidates[place];
        let from = candidates.partition_point(|candidate| candidate.pattern < *first);
        let alternative = |candidate: &Candidate| each.get((candidate.pattern - first) as usize);
        candidates.get(from).and_then(alternative)?;
        if let Some(known) = self.found.borrow().get(&(pattern, place)) {
            return Some(Rc::clone(known));
        }
        let text = self.dialogue.spoken[place].folded.as_str();
        let mut found = Vec::new();
        for candidates in candidates[from..].chunk_by(|one, other| one.pattern == other.pattern) {
            let Some(alternative) = alternative(&candidates[0]) else { break };
            let matches = alternative.matcher.verified(text, places(candidates)).into_iter();
            found.extend(matches.filter(|matched| !matched.written.is_empty() && !self.is_excepted(matched, &alternative.except, place)));
        }
        let found: Matches = found.into();
        self.found.borrow_mut().insert((pattern, place), Rc::clone(&found));
        Some(found)
    }

    /// Whether a match shares a written character with one of these patterns' matches.
    fn is_excepted(&self, matched: &Match, except: &[usize], place: usize) -> bool {
        let found = except.iter().filter_map(|&pattern| self.found(pattern, place));
        found.into_iter().any(|exceptions| exceptions.iter().any(|exception| exception.competes(matched)))
    }
}

/// The words of a turn, without marks, emoji and final particles.
fn words(spoken: &Spoken<'_>) -> String {
    let clauses = spoken.folded.as_str().split(BREAK);
    let words = clauses.flat_map(|clause| clause.trim_end_matches(|c| PARTICLES.contains(c)).chars());
    words.filter(|c| c.is_alphanumeric()).collect()
}
