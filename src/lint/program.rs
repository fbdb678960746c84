//! A pattern as a list of instructions, and the machine that runs it over folded text.
//!
//! Patterns are small trees without repetition, thousands of them, and each is run over a few short turns only. A
//! regular-expression engine spends its effort where this has none to spend: compiling the 3,000 patterns takes a
//! quarter of a second, and matching alternatives of whole words byte by byte took 75 % of a run. Here a pattern is
//! ready at once, and an alternative that does not begin at a place costs one comparison.

use std::ops::Range;

use super::entity;
use crate::rule::{Builtin, LONGEST_GAP, Node, Pattern};

/// Final particles, which say nothing but a mood. Not 吗 么 了 的: these change the sentence.
pub(super) const PARTICLES: &str = "啊呀呢吧嘛哦噢喔啦咯喽啰喇哈哟呦嘞耶诶欸哇呐哒嗷唷捏㗎㖞";

/// What stands before the first word of a clause without being part of what is said: a form of address, a filler. Agents
/// write them with a mark behind, or without (亲等一下, 嗯嗯你姓什么), and calls have no marks at all.
const LEAD_INS: [&str; 47] = [
    "亲爱的",
    "亲爱哒",
    "亲爱滴",
    "亲亲",
    "亲",
    "先生",
    "小姐",
    "女士",
    "大哥",
    "大姐",
    "阿姨",
    "美女",
    "帅哥",
    "您好",
    "你好",
    "喂喂",
    "喂",
    "哈喽",
    "嗨",
    "嘿",
    "嗯嗯",
    "嗯",
    "恩恩",
    "恩",
    "哦哦",
    "哦",
    "噢",
    "喔",
    "呃",
    "啊",
    "诶",
    "欸",
    "哎呀",
    "哎",
    "唉",
    "那么",
    "那个",
    "那",
    "好的",
    "好滴",
    "好嘞",
    "好吧",
    "行吧",
    "收到",
    "是的",
    "对的",
    "ok",
];

/// With one of these behind it 亲 is no form of address.
const KIN: &str = "自友属人戚子切密生临手口眼身测肤情朋笔民近昵吻睐和权事家娘爸妈哥姐弟妹";

/// How far a gap reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Within a clause.
    Clause,
    /// Across breaks, as the patterns of `unless` do.
    Sentence,
}

/// What a group of a program notes the place of.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Part {
    /// Text of a gap, which belongs to nobody.
    Gap,
    /// The part with this tag.
    Tag(std::sync::Arc<str>),
    /// A word class with exceptions.
    Class(std::sync::Arc<crate::rule::Class>),
    /// A number whose check digit must be right.
    Checked(Builtin),
}

/// A pattern, ready to run.
#[derive(Debug)]
pub(super) struct Program {
    instructions: Vec<Instruction>,
    /// What the groups note, by their number.
    parts: Vec<Part>,
    /// A bit for the hash of every character that a match may begin with; all bits where it may be any.
    first: u64,
    /// The same for a match that does not begin with a clause.
    inside: u64,
    /// The most characters that a match has before its literal; none where there is no such bound.
    before: Option<u16>,
    reach: Reach,
}

#[derive(Debug)]
enum Instruction {
    Text {
        word: Box<str>,
        /// Its last byte, which tells words apart better than the first and spares most looks at the word itself.
        last: u8,
    },
    /// Go on at one of these, the first that leads to a match.
    Branch(Vec<Way>),
    Jump(usize),
    Gap(usize),
    /// The rest of the clause, at least one character.
    Rest,
    Mark,
    ClauseStart,
    ClauseEnd,
    TurnStart,
    TurnEnd,
    Builtin(Builtin),
    Open(usize),
    Close(usize),
    Match,
}

/// One way to go on from a branch.
#[derive(Debug)]
struct Way {
    /// A bit for the hash of every character that it may begin with; all bits where it may be any.
    first: u64,
    target: usize,
}

/// Where a program matched: the whole, and every group that took part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Found {
    pub whole: Range<usize>,
    pub groups: Vec<Option<Range<usize>>>,
}

/// A choice that can be taken back.
#[derive(Debug)]
enum Choice {
    /// Go on with this instruction at this byte.
    Resume(usize, usize),
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
    groups: Vec<(usize, usize)>,
    /// A bit for every pair of a branch and a place that led nowhere.
    tried: Vec<u64>,
}

impl Program {
    pub fn new(pattern: &Pattern, reach: Reach) -> Self {
        let mut program = Self { instructions: Vec::new(), parts: Vec::new(), first: 0, inside: 0, before: pattern.before, reach };
        program.write(pattern.node(), true);
        program.instructions.push(Instruction::Match);
        program.first = program.first_of(0, true, 0);
        program.inside = program.first_of(0, false, 0);
        // Branches look ahead too; a later one never lies before the branch that leads to it.
        for index in (0..program.instructions.len()).rev() {
            if let Instruction::Branch(ways) = &program.instructions[index] {
                let firsts: Vec<u64> = ways.iter().map(|way| program.first_of(way.target, true, 0)).collect();
                if let Instruction::Branch(ways) = &mut program.instructions[index] {
                    ways.iter_mut().zip(firsts).for_each(|(way, first)| way.first = first);
                }
            }
        }
        program
    }

    /// What the groups note, by their number.
    pub fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// The first match that begins at byte `from` or behind it. `literals` are the places of the pattern's literals,
    /// ascending: a match begins so far before one that it can reach it.
    pub fn find(&self, text: &str, from: usize, literals: impl Iterator<Item = usize>, memory: &mut Memory) -> Option<Found> {
        let mut at = from;
        for literal in literals.filter(|&literal| literal >= from) {
            at = self.before.map_or(at, |before| at.max(back_by(text, literal, before)));
            while at <= literal {
                let c = text[at..].chars().next()?;
                let here = bit(c);
                if (self.inside & here != 0 || self.first & here != 0 && opens_clause(text, at))
                    && let Some(end) = self.run(text, at, memory)
                {
                    let groups = memory.groups.iter().map(|&(start, end)| (end != usize::MAX).then_some(start..end)).collect();
                    return Some(Found { whole: at..end, groups });
                }
                at += c.len_utf8();
            }
        }
        None
    }

    /// The end of a match that begins at `start`.
    fn run(&self, text: &str, start: usize, memory: &mut Memory) -> Option<usize> {
        memory.choices.clear();
        memory.groups.clear();
        memory.groups.resize(self.parts.len(), NOWHERE);
        memory.tried.clear();
        let bytes = text.as_bytes();
        let (mut next, mut at) = (0, start);
        let mut steps = 0;
        loop {
            steps += 1;
            let passed = match &self.instructions[next] {
                Instruction::Match => return Some(at),
                Instruction::Text { word, last } => {
                    let end = at + word.len();
                    let stands = bytes.get(end - 1) == Some(last) && bytes.get(at..end) == Some(word.as_bytes());
                    stands.then_some((next + 1, end))
                }
                Instruction::Jump(target) => Some((*target, at)),
                Instruction::Branch(targets) => {
                    // Few patterns come here: with many branches the same place may be tried in many ways.
                    if steps > 200 && self.was_tried(next, at, text.len(), &mut memory.tried) {
                        None
                    } else {
                        // One bit spares most ways; the first that is left is taken, the others are kept.
                        let here = text[at..].chars().next().map_or(0, bit);
                        let mut open = targets.iter().filter(|way| way.first & here != 0 || way.first == u64::MAX);
                        let taken = open.next().map(|way| (way.target, at));
                        memory.choices.extend(open.rev().map(|way| Choice::Resume(way.target, at)));
                        taken
                    }
                }
                Instruction::Gap(group) => {
                    memory.choices.push(Choice::Restore(*group, memory.groups[*group]));
                    memory.groups[*group] = (at, at);
                    memory.choices.push(Choice::Stretch(next, at, 0));
                    Some((next + 1, at))
                }
                Instruction::Rest => {
                    let end = at + clause_rest(&bytes[at..]);
                    (end > at).then_some((next + 1, end))
                }
                Instruction::Mark => {
                    let behind = skip_particles(text, at);
                    let end = skip_break(text, behind);
                    for shorter in [at, behind] {
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
                Instruction::Builtin(builtin) => entity::end(*builtin, text, at).map(|end| (next + 1, end)),
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
                None => self.back(text, memory)?,
            };
        }
    }

    /// Takes back choices up to one that leaves another way to go.
    fn back(&self, text: &str, memory: &mut Memory) -> Option<(usize, usize)> {
        loop {
            match memory.choices.pop()? {
                Choice::Resume(next, at) => return Some((next, at)),
                Choice::Restore(group, place) => memory.groups[group] = place,
                Choice::Stretch(gap, at, taken) => {
                    let Some(c) = text[at..].chars().next() else { continue };
                    let bounded = self.reach == Reach::Clause && matches!(c, '\n' | '\u{2}');
                    if taken == LONGEST_GAP || bounded {
                        continue;
                    }
                    let at = at + c.len_utf8();
                    memory.choices.push(Choice::Stretch(gap, at, taken + 1));
                    if let Instruction::Gap(group) = self.instructions[gap] {
                        memory.groups[group].1 = at;
                    }
                    return Some((gap + 1, at));
                }
            }
        }
    }

    fn was_tried(&self, branch: usize, at: usize, length: usize, tried: &mut Vec<u64>) -> bool {
        if tried.is_empty() {
            tried.resize((self.instructions.len() * (length + 1)).div_ceil(64), 0);
        }
        let place = branch * (length + 1) + at;
        let seen = tried[place / 64] & 1 << (place % 64) != 0;
        tried[place / 64] |= 1 << (place % 64);
        seen
    }

    /// `last`: nothing follows, so that a gap with a tag takes the rest of the clause.
    fn write(&mut self, node: &Node, last: bool) {
        match node {
            Node::Text(text) => {
                // An empty text asks for nothing.
                self.instructions.extend(text.bytes().last().map(|last| Instruction::Text { word: text.as_str().into(), last }));
            }
            Node::Sequence(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    self.write(part, last && index + 1 == parts.len());
                }
            }
            Node::Choice(options) => self.branch(options.iter().map(Some), last),
            Node::Optional(inner) => self.branch([Some(&**inner), None].into_iter(), last),
            Node::Gap => {
                let group = self.group(Part::Gap);
                self.instructions.push(Instruction::Gap(group));
            }
            Node::Tagged(inner, tag) if last && **inner == Node::Gap => {
                // Two groups on the same text: it is a gap, and it has a name.
                self.enclosed(Part::Tag(tag.clone()), |program| {
                    program.enclosed(Part::Gap, |program| program.instructions.push(Instruction::Rest))
                });
            }
            Node::Tagged(inner, tag) => self.enclosed(Part::Tag(tag.clone()), |program| program.write(inner, last)),
            Node::Class(class) if class.except.is_empty() => self.write(&class.any, last),
            Node::Class(class) => self.enclosed(Part::Class(class.clone()), |program| program.write(&class.any, last)),
            Node::Builtin(builtin) if entity::check(*builtin).is_some() => {
                self.enclosed(Part::Checked(*builtin), |program| program.instructions.push(Instruction::Builtin(*builtin)));
            }
            Node::Builtin(builtin) => self.instructions.push(Instruction::Builtin(*builtin)),
            Node::Mark => self.instructions.push(Instruction::Mark),
            Node::ClauseStart => self.instructions.push(Instruction::ClauseStart),
            Node::ClauseEnd => self.instructions.push(Instruction::ClauseEnd),
            Node::TurnStart => self.instructions.push(Instruction::TurnStart),
            Node::TurnEnd => self.instructions.push(Instruction::TurnEnd),
        }
    }

    /// One of several, or nothing; each goes on behind the last.
    fn branch<'n>(&mut self, options: impl Iterator<Item = Option<&'n Node>>, last: bool) {
        let branch = self.instructions.len();
        self.instructions.push(Instruction::Branch(Vec::new()));
        let (mut targets, mut ends) = (Vec::new(), Vec::new());
        for option in options {
            targets.push(Way { first: u64::MAX, target: self.instructions.len() });
            if let Some(node) = option {
                self.write(node, last);
            }
            ends.push(self.instructions.len());
            self.instructions.push(Instruction::Jump(0));
        }
        let behind = self.instructions.len();
        for end in ends {
            self.instructions[end] = Instruction::Jump(behind);
        }
        self.instructions[branch] = Instruction::Branch(targets);
    }

    fn enclosed(&mut self, part: Part, write: impl FnOnce(&mut Self)) {
        let group = self.group(part);
        self.instructions.push(Instruction::Open(group));
        write(self);
        self.instructions.push(Instruction::Close(group));
    }

    fn group(&mut self, part: Part) -> usize {
        self.parts.push(part);
        self.parts.len() - 1
    }

    /// A bit for the hash of every character that may stand first from an instruction on; all bits where any may.
    /// Without `at_start` only what may begin within a clause.
    fn first_of(&self, from: usize, at_start: bool, depth: usize) -> u64 {
        match &self.instructions[from] {
            _ if depth > 30 => u64::MAX,
            Instruction::Text { word, .. } => word.chars().next().map_or(u64::MAX, bit),
            Instruction::Branch(ways) => {
                let mut all = 0;
                for way in ways {
                    all |= self.first_of(way.target, at_start, depth + 1);
                    if all == u64::MAX {
                        break;
                    }
                }
                all
            }
            Instruction::Jump(target) => self.first_of(*target, at_start, depth + 1),
            Instruction::ClauseStart | Instruction::TurnStart if !at_start => 0,
            Instruction::ClauseStart | Instruction::TurnStart | Instruction::Open(_) | Instruction::Close(_) => {
                self.first_of(from + 1, at_start, depth + 1)
            }
            _ => u64::MAX,
        }
    }
}

/// A character's bit among 64.
#[inline]
fn bit(c: char) -> u64 {
    1 << ((c as u32).wrapping_mul(0x9E37_79B1) >> 26)
}

/// The byte so many characters before `at`, or the start.
fn back_by(text: &str, at: usize, characters: u16) -> usize {
    match characters {
        0 => at,
        _ => text[..at].char_indices().rev().nth(usize::from(characters) - 1).map_or(0, |(start, _)| start),
    }
}

/// Whether a clause begins here, or nothing but lead-ins stand before.
fn opens_clause(text: &str, at: usize) -> bool {
    // Three of the longest, with particles.
    const FAR: usize = 36;
    let mut place = text.as_bytes()[..at].iter().rposition(|&byte| byte == b'\n').map_or(0, |mark| mark + 1);
    if at - place > FAR {
        return false;
    }
    while place < at {
        match behind_lead_in(text, place) {
            Some(behind) => place = behind,
            None => return false,
        }
    }
    place == at
}

/// Behind a lead-in and its particles.
fn behind_lead_in(text: &str, at: usize) -> Option<usize> {
    let rest = &text[at..];
    // Most clauses begin with none of them: their first characters tell.
    const FIRST: &str = "亲先小女大阿美帅您你喂哈嗨嘿嗯恩哦噢喔呃啊诶欸哎唉那好行收是对o";
    if !rest.starts_with(|c| FIRST.contains(c)) {
        return None;
    }
    let word = LEAD_INS.into_iter().find(|word| rest.starts_with(word))?;
    let behind = &rest[word.len()..];
    if word == "亲" && behind.starts_with(|c| KIN.contains(c)) && !behind.starts_with("自己") {
        return None;
    }
    Some(skip_particles(text, at + word.len()))
}

fn skip_particles(text: &str, at: usize) -> usize {
    at + text[at..].find(|c| !PARTICLES.contains(c)).unwrap_or(text.len() - at)
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
