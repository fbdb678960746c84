//! The machine that runs a program over folded text.

use std::ops::Range;

use smallvec::SmallVec;

use super::entity;
use crate::rule::{Builtin, Gap, Instruction, LONGEST_GAP, Program, Shelf, stands_at};
use crate::text::{BREAK, opens_clause, skip_particles};

/// How far a gap reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Within a clause.
    Clause,
    /// Across breaks, as the patterns of `unless` do.
    Sentence,
}

/// A program with what it does not tell by itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Machine<'p> {
    pub program: &'p Program,
    /// The most characters that a match has before its literal; none where there is no such bound.
    pub before: Option<u16>,
    pub reach: Reach,
}

/// Where a program matched: the whole, and every group that took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub whole: Range<usize>,
    /// Ascending by their numbers.
    pub groups: Groups,
}

/// Groups by their numbers, with the bytes that each noted; most matches have a few, of the hundreds of a program.
pub(super) type Groups = SmallVec<[(usize, Range<usize>); 4]>;

/// A choice that can be taken back.
#[derive(Debug)]
enum Choice {
    /// Go on with this instruction at this byte.
    Resume(usize, usize),
    /// Go on over another word: the instruction, where it stands, the words that are left.
    Over(usize, usize, Shelf),
    /// Let a gap take one character more: its instruction, where it stands, how many it has.
    Stretch(usize, usize, u16),
    /// Give a group back the place it had.
    Restore(usize, (usize, usize)),
}

const NOWHERE: (usize, usize) = (usize::MAX, usize::MAX);

/// The memory of a run, kept between runs.
#[derive(Debug, Default)]
pub(super) struct Memory {
    choices: Vec<Choice>,
    /// By their numbers; between runs all are nowhere.
    groups: Vec<(usize, usize)>,
    /// A bit for every pair of an instruction with several ways on and a place that led nowhere.
    tried: Vec<u64>,
}

impl Memory {
    /// For runs of a program with so many groups.
    fn prepare(&mut self, groups: usize) {
        // A run that somebody stopped midway left its choices.
        if !self.choices.is_empty() {
            self.choices.clear();
            self.groups.fill(NOWHERE);
        }
        if self.groups.len() < groups {
            self.groups.resize(groups, NOWHERE);
        }
    }

    /// Takes the groups that a run noted which led to a match. One that fails takes them back itself.
    fn take(&mut self) -> Groups {
        let mut noted = Groups::new();
        for choice in self.choices.drain(..) {
            if let Choice::Restore(group, _) = choice {
                let (start, end) = std::mem::replace(&mut self.groups[group], NOWHERE);
                if (start, end) != NOWHERE {
                    noted.push((group, start..end));
                }
            }
        }
        noted.retain(|(_, place)| place.end != usize::MAX);
        noted.sort_unstable_by_key(|(group, _)| *group);
        noted
    }
}

impl Machine<'_> {
    /// The first match that begins at byte `from` or behind it. `literals` are the places of the pattern's literals,
    /// ascending: a match begins so far before one that it can reach it.
    pub fn find(&self, text: &str, from: usize, literals: impl Iterator<Item = usize>, memory: &mut Memory) -> Option<Found> {
        memory.prepare(self.program.parts.len());
        let mut at = from;
        let last = match self.program.instructions[0] {
            Instruction::TurnStart => memchr::memchr(b'\n', text.as_bytes()).unwrap_or(text.len()),
            _ => text.len(),
        };
        for literal in literals.filter(|&literal| literal >= from) {
            at = self.before.map_or(at, |before| at.max(back_by(text, literal, before)));
            while at <= literal.min(last) {
                let c = text[at..].chars().next()?;
                if self.may_begin(text, at, c)
                    && let Some(end) = self.run(text, (0, at), None, memory)
                {
                    return Some(Found { whole: at..end, groups: memory.take() });
                }
                at += c.len_utf8();
            }
        }
        None
    }

    /// Whether a match may write the literal at byte `literal` of a clause, whatever stands around the clause. A no is never wrong. It
    /// takes time by the square of the clause's length.
    pub fn may_write(&self, clause: &str, literal: usize, memory: &mut Memory) -> bool {
        let instructions = &self.program.instructions;
        // A match may lead from the midst of one clause into that of another.
        let crosses = |instruction: &Instruction| matches!(instruction, Instruction::Builtin(builtin) if builtin.crosses_breaks());
        if self.reach == Reach::Sentence || instructions.iter().any(crosses) {
            return true;
        }
        memory.prepare(self.program.parts.len());
        let from = self.before.map_or(0, |before| back_by(clause, literal, before));
        let starts = clause[from..].char_indices().map(|(at, c)| (from + at, c)).take_while(|(at, _)| *at <= literal);
        let mut starts = starts.filter(|(at, c)| self.may_begin(clause, *at, *c));
        // Nothing but a mark leads from one clause into the next.
        let mut marks = (1..).zip(instructions).filter(|(_, instruction)| matches!(instruction, Instruction::Mark));
        let is_written = starts.any(|(at, _)| self.run(clause, (0, at), Some(literal), memory).is_some())
            || marks.any(|(next, _)| self.run(clause, (next, 0), Some(literal), memory).is_some());
        memory.take();
        is_written
    }

    /// Whether a match may begin with this character, which stands at byte `at`.
    fn may_begin(&self, text: &str, at: usize, c: char) -> bool {
        self.program.inside.may_hold(c) || self.program.first.may_hold(c) && opens_clause(text, at)
    }

    /// The end of a match that goes on from an instruction at a byte. With the byte of a literal the text is one clause of many: the
    /// match must write that literal, and where it may go on in the next clause, it ends.
    fn run(&self, text: &str, start: (usize, usize), literal: Option<usize>, memory: &mut Memory) -> Option<usize> {
        memory.tried.clear();
        let bytes = text.as_bytes();
        let (mut next, mut at) = start;
        let mut steps = 0;
        loop {
            steps += 1;
            let passed = match &self.program.instructions[next] {
                Instruction::Match if literal.is_none_or(|literal| at > literal) => return Some(at),
                Instruction::Match => None,
                Instruction::Text { start, length } => {
                    let word = self.program.word((*start, *length));
                    stands_at(bytes, at, word).then(|| (next + 1, at + word.len()))
                }
                Instruction::Jump(target) => Some((*target, at)),
                Instruction::Words { list, is_optional } => {
                    // Few patterns come here: with many branches the same place may be tried in many ways.
                    if steps > 200 && self.was_tried(next, at, text.len(), &mut memory.tried) {
                        None
                    } else {
                        if *is_optional {
                            memory.choices.push(Choice::Resume(next + 1, at));
                        }
                        let first = text[at..].chars().next();
                        first.and_then(|c| self.over(next, at, self.program.lists[*list as usize].shelf(c), text, memory))
                    }
                }
                Instruction::Branch(branch) => {
                    if steps > 200 && self.was_tried(next, at, text.len(), &mut memory.tried) {
                        None
                    } else {
                        // The first way is taken, the others are kept.
                        let mut open = self.program.ways.open(*branch, text[at..].chars().next());
                        let taken = open.next();
                        memory.choices.extend(open.rev().map(|target| Choice::Resume(target, at)));
                        taken.map(|target| (target, at))
                    }
                }
                Instruction::Gap(gap) => {
                    memory.choices.push(Choice::Restore(gap.group, memory.groups[gap.group]));
                    memory.groups[gap.group] = (at, at);
                    memory.choices.push(Choice::Stretch(next, at, 0));
                    Some((next + 1, at))
                }
                Instruction::Rest => {
                    let end = at + clause_rest(&bytes[at..]);
                    (end > at && !literal.is_some_and(|literal| (at..end).contains(&literal))).then_some((next + 1, end))
                }
                Instruction::Mark => {
                    let behind = skip_particles(text, at);
                    if literal.is_some() && behind == text.len() {
                        return Some(behind);
                    }
                    let end = skip_break(text, behind);
                    // A face in the break goes with it, or what follows begins with it.
                    let face = behind + BREAK.len_utf8();
                    for shorter in [at, behind, face] {
                        if shorter < end {
                            memory.choices.push(Choice::Resume(next + 1, shorter));
                        }
                    }
                    Some((next + 1, end))
                }
                Instruction::ClauseStart => opens_clause(text, at).then_some((next + 1, at)),
                Instruction::ClauseEnd => {
                    Some(skip_particles(text, at)).filter(|&end| end == bytes.len() || bytes[end] == b'\n').map(|end| (next + 1, end))
                }
                Instruction::TurnStart => (opens_clause(text, at) && !text[..at].contains('\n')).then_some((next + 1, at)),
                Instruction::TurnEnd => {
                    Some(skip_particles(text, at)).filter(|&end| matches!(&bytes[end..], b"" | b"\n\x02")).map(|end| (next + 1, end))
                }
                Instruction::Builtin(builtin) => {
                    let end = entity::end(*builtin, text, at);
                    // What follows may be a numeral too: <number>万 is 三万.
                    if let Some(numerals) = end.and_then(|end| text.get(at..end)).filter(|_| *builtin == Builtin::Number) {
                        let shorter = numerals.char_indices().skip(1).filter(|(_, c)| !c.is_ascii());
                        memory.choices.extend(shorter.map(|(length, _)| Choice::Resume(next + 1, at + length)));
                    }
                    end.map(|end| (next + 1, end))
                }
                Instruction::Open(group) => {
                    memory.choices.push(Choice::Restore(*group, memory.groups[*group]));
                    memory.groups[*group] = (at, usize::MAX);
                    Some((next + 1, at))
                }
                Instruction::Close(group) => {
                    memory.choices.push(Choice::Restore(*group, memory.groups[*group]));
                    memory.groups[*group].1 = at;
                    Some((next + 1, at))
                }
            };
            (next, at) = match passed {
                Some(state) => state,
                None => self.back(text, literal, memory)?,
            };
        }
    }

    /// Takes back choices up to one that leaves another way to go.
    fn back(&self, text: &str, literal: Option<usize>, memory: &mut Memory) -> Option<(usize, usize)> {
        loop {
            match memory.choices.pop()? {
                Choice::Resume(next, at) => return Some((next, at)),
                Choice::Over(index, at, shelf) => {
                    if let Some(state) = self.over(index, at, shelf, text, memory) {
                        return Some(state);
                    }
                }
                Choice::Restore(group, place) => memory.groups[group] = place,
                Choice::Stretch(index, at, taken) => {
                    let Instruction::Gap(gap) = &self.program.instructions[index] else { continue };
                    if let Some((at, taken)) = self.stretched(gap, text, at, taken, literal) {
                        memory.choices.push(Choice::Stretch(index, at, taken));
                        memory.groups[gap.group].1 = at;
                        return Some((index + 1, at));
                    }
                }
            }
        }
    }

    /// Over the first of the words left that stands at a byte; the others are kept.
    fn over(&self, index: usize, at: usize, mut shelf: Shelf, text: &str, memory: &mut Memory) -> Option<(usize, usize)> {
        let Instruction::Words { list, .. } = &self.program.instructions[index] else { return None };
        let length = self.program.lists[*list as usize].take(&mut shelf, text.as_bytes(), at)?;
        if !shelf.is_empty() {
            memory.choices.push(Choice::Over(index, at, shelf));
        }
        Some((index + 1, at + length))
    }

    /// The next place where a gap that reaches to `at` may end, and how many characters it then holds: not that of the literal.
    fn stretched(&self, gap: &Gap, text: &str, mut at: usize, mut taken: u16, literal: Option<usize>) -> Option<(usize, u16)> {
        let mut rest = text[at..].chars();
        let mut next = rest.next();
        loop {
            let c = next?;
            let ends_clause = self.reach == Reach::Clause && matches!(c, '\n' | '\u{2}');
            if taken == LONGEST_GAP || ends_clause || literal == Some(at) {
                return None;
            }
            (at, taken) = (at + c.len_utf8(), taken + 1);
            next = rest.next();
            if next.map_or_else(|| gap.behind.is_any(), |c| gap.behind.may_hold(c)) {
                return Some((at, taken));
            }
        }
    }

    fn was_tried(&self, instruction: usize, at: usize, length: usize, tried: &mut Vec<u64>) -> bool {
        if tried.is_empty() {
            tried.resize((self.program.instructions.len() * (length + 1)).div_ceil(64), 0);
        }
        let place = instruction * (length + 1) + at;
        let seen = tried[place / 64] & 1 << (place % 64) != 0;
        tried[place / 64] |= 1 << (place % 64);
        seen
    }
}

/// The byte so many characters before `at`, or the start.
fn back_by(text: &str, at: usize, characters: u16) -> usize {
    match characters {
        0 => at,
        _ => text[..at].char_indices().rev().nth(usize::from(characters) - 1).map_or(0, |(start, _)| start),
    }
}

/// Behind one break, with a kaomoji that stands in it.
fn skip_break(text: &str, at: usize) -> usize {
    let rest = &text.as_bytes()[at..];
    at + if rest.starts_with(b"\n\x02\n") { 3 } else { usize::from(rest.starts_with(b"\n")) }
}

/// The bytes up to the end of the clause.
fn clause_rest(rest: &[u8]) -> usize {
    rest.iter().position(|byte| matches!(byte, b'\n' | 2)).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::super::matcher::Matcher;
    use super::*;
    use crate::rule::{Pack, Rules};
    use proptest::prelude::*;

    /// A part of a pattern, told in the plainest way.
    #[derive(Debug, Clone)]
    enum Part {
        Word(String),
        Choice(Vec<Vec<Self>>),
        Optional(Vec<Vec<Self>>),
    }

    impl Part {
        /// As a pack writes it.
        fn written(&self) -> String {
            let options = |options: &[Vec<Self>]| options.iter().map(|parts| written(parts)).collect::<Vec<_>>().join("|");
            match self {
                Self::Word(word) => word.clone(),
                Self::Choice(each) => format!("({})", options(each)),
                Self::Optional(each) => format!("[{}]", options(each)),
            }
        }

        /// Where it may end in a text, by preference.
        fn ends(&self, text: &str, at: usize) -> Vec<usize> {
            let options = |options: &[Vec<Self>]| options.iter().flat_map(|parts| ends(parts, text, at)).collect::<Vec<_>>();
            match self {
                Self::Word(word) => text[at..].starts_with(word.as_str()).then_some(at + word.len()).into_iter().collect(),
                Self::Choice(each) => options(each),
                Self::Optional(each) => [options(each), vec![at]].concat(),
            }
        }
    }

    fn written(parts: &[Part]) -> String {
        parts.iter().map(Part::written).collect()
    }

    fn ends(parts: &[Part], text: &str, at: usize) -> Vec<usize> {
        let step = |ends: Vec<usize>, part: &Part| ends.into_iter().flat_map(|at| part.ends(text, at)).collect();
        parts.iter().fold(vec![at], step)
    }

    /// The first match: of what begins first the way that is preferred.
    fn first(parts: &[Part], text: &str) -> Option<Range<usize>> {
        text.char_indices().find_map(|(start, _)| ends(parts, text, start).first().map(|end| start..*end))
    }

    fn matcher(pattern: &str) -> Option<Matcher> {
        let pack = format!("[pack]\ncategory = \"t\"\n[[phrase]]\nid = \"t\"\nimproper = \"{pattern}\"\nprofessional = \"您\"\n");
        let rules = Rules::new(&[Pack::parse("t.toml", &pack).ok()?]).ok()?;
        Some(Matcher::new(&rules.phrases[0].improper[0], Reach::Clause))
    }

    fn parts() -> impl Strategy<Value = Vec<Part>> {
        let word = || "[甲乙丙]{1,3}".prop_map(Part::Word);
        let part = word().prop_recursive(3, 40, 5, move |inner| {
            let options = || proptest::collection::vec(proptest::collection::vec(inner.clone(), 1..3), 1..6);
            // Words beside each other are a list.
            let words = proptest::collection::vec(word().prop_map(|word| vec![word]), 2..8);
            prop_oneof![
                options().prop_map(Part::Choice),
                options().prop_map(Part::Optional),
                words.clone().prop_map(Part::Choice),
                words.prop_map(Part::Optional)
            ]
        });
        proptest::collection::vec(part, 1..5)
    }

    proptest! {
        #[test]
        fn the_way_that_is_preferred_is_taken(parts in parts(), text in "[甲乙丙]{0,8}丁?[甲乙丙]{0,4}丁?") {
            let parts = [parts, vec![Part::Word("丁".to_owned())]].concat();
            let matcher = matcher(&written(&parts));
            prop_assume!(matcher.is_some());
            let found = matcher.into_iter().flat_map(|matcher| matcher.matches(&text)).next().map(|found| found.span);
            prop_assert_eq!(found, first(&parts, &text), "{}", written(&parts));
        }
    }

    #[test]
    fn what_leads_nowhere_is_not_tried_in_every_way() {
        let word = |word: &str| Part::Word(word.to_owned());
        let parts = |count: usize| {
            [vec![Part::Optional(vec![vec![word("甲")], vec![word("甲甲")], vec![word("甲甲甲")]]); count], vec![word("丁")]].concat()
        };
        for text in ["甲甲甲甲甲甲甲甲甲甲", "甲甲甲甲甲甲甲甲甲甲丁"] {
            let found = matcher(&written(&parts(8))).expect("a pattern").matches(text);
            assert_eq!(found.first().map(|found| found.span.clone()), first(&parts(8), text));
        }
        // Ways by the thousand million million.
        let long = "甲".repeat(200);
        let matcher = matcher(&written(&parts(60))).expect("a pattern");
        assert!(matcher.matches(&long).is_empty());
        assert_eq!(matcher.matches(&format!("{long}丁")).len(), 181);
    }
}
