//! From the tree of a pattern to the instructions of a program.

use super::instruction::{Gap, Instruction};
use super::pattern::Node;
use super::program::{Exceptions, Part};
use super::ways::{Branch, Firsts, Ways};
use super::word_list::WordList;
use crate::text::Mask;

/// A program as it is written.
#[derive(Debug, Default)]
pub(super) struct Assembly {
    pub instructions: Vec<Instruction>,
    /// The words of all instructions but those in lists, one behind the other.
    pub words: String,
    /// Lists of words, each once.
    pub lists: Vec<WordList>,
    /// What the groups note, by their number.
    pub parts: Vec<Part>,
    pub ways: Ways,
    /// For every branch, by its number, the instructions where it goes on, by preference.
    branches: Vec<Vec<u32>>,
}

impl Assembly {
    /// Of a whole pattern.
    pub fn of(node: &Node) -> Self {
        let mut assembly = Self::default();
        assembly.write(node, true);
        assembly.instructions.push(Instruction::Match);
        assembly
    }

    /// Looks ahead: files the ways on from each branch under what may stand first there, and tells gaps where to end. Gives what
    /// a match may begin with, where a clause begins and elsewhere.
    pub fn look_ahead(&mut self) -> (Mask, Mask) {
        let firsts = self.firsts(true);
        let is_anchored = |instruction: &Instruction| matches!(instruction, Instruction::ClauseStart | Instruction::TurnStart);
        let inside = if self.instructions.iter().any(is_anchored) { self.firsts(false).swap_remove(0) } else { firsts[0].clone() };
        for (index, instruction) in self.instructions.iter_mut().enumerate() {
            match instruction {
                Instruction::Branch(branch) => {
                    let ways = self.branches[branch.number()].iter().map(|&target| (target, &firsts[target as usize]));
                    *branch = self.ways.file(ways);
                }
                Instruction::Gap(gap) => gap.behind = firsts[index + 1].mask(),
                _ => {}
            }
        }
        (firsts[0].mask(), inside.mask())
    }

    /// What may stand first from each instruction on; without `at_start`, only what may within a clause.
    fn firsts(&self, at_start: bool) -> Vec<Firsts> {
        // From the last to the first, which goes on with later ones only.
        let mut firsts: Vec<Firsts> = vec![Firsts::Any; self.instructions.len()];
        for (index, instruction) in self.instructions.iter().enumerate().rev() {
            firsts[index] = match instruction {
                Instruction::Text { start, .. } => Firsts::of(self.words[*start as usize..].chars().take(1)),
                Instruction::Words { list, is_optional } => {
                    let words = Firsts::of(self.lists[*list as usize].firsts());
                    if *is_optional { Firsts::of_any([&words, &firsts[index + 1]].into_iter()) } else { words }
                }
                Instruction::Branch(branch) => {
                    Firsts::of_any(self.branches[branch.number()].iter().map(|&target| &firsts[target as usize]))
                }
                Instruction::Jump(target) => firsts[*target].clone(),
                Instruction::ClauseStart | Instruction::TurnStart if !at_start => Firsts::of([]),
                Instruction::ClauseStart | Instruction::TurnStart | Instruction::Open(_) | Instruction::Close(_) => {
                    firsts[index + 1].clone()
                }
                Instruction::Builtin(builtin) => Firsts::of(builtin.firsts().iter().copied()),
                _ => Firsts::Any,
            };
        }
        firsts
    }

    /// `last`: nothing follows, so that a gap with a tag takes the rest of the clause.
    fn write(&mut self, node: &Node, last: bool) {
        match node {
            // An empty text asks for nothing.
            Node::Text(text) if text.is_empty() => {}
            Node::Text(text) => {
                let (start, length) = self.word(text);
                self.instructions.push(Instruction::Text { start, length });
            }
            Node::Sequence(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    self.write(part, last && index + 1 == parts.len());
                }
            }
            Node::Choice(_) | Node::Optional(_) => self.branch(node, last),
            Node::Gap => {
                let group = self.group(Part::Gap);
                self.instructions.push(Instruction::Gap(Box::new(Gap { group, behind: Mask::ANY })));
            }
            Node::Tagged(inner, tag) if last && **inner == Node::Gap => {
                // Two groups on the same text: it is a gap, and it has a name.
                self.enclosed(Part::Tag(tag.clone()), |assembly| {
                    assembly.enclosed(Part::Gap, |assembly| assembly.instructions.push(Instruction::Rest))
                });
            }
            Node::Tagged(inner, tag) => self.enclosed(Part::Tag(tag.clone()), |assembly| assembly.write(inner, last)),
            Node::Class(class) if class.except.is_empty() => self.write(&class.any, last),
            Node::Class(class) => self.enclosed(Part::Class(Exceptions(class.except.clone())), |assembly| assembly.write(&class.any, last)),
            Node::Builtin(builtin) if builtin.is_checked() => {
                self.enclosed(Part::Checked(*builtin), |assembly| assembly.instructions.push(Instruction::Builtin(*builtin)));
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
    fn branch(&mut self, node: &Node, last: bool) {
        let mut options = Vec::new();
        add_options(node, &mut options);
        let steps = steps(&options);
        match &steps[..] {
            [Step::Words(list)] => return self.list(list.clone(), false),
            [Step::Words(list), Step::Nothing] => return self.list(list.clone(), true),
            _ => {}
        }
        let number = self.branches.len();
        self.branches.push(Vec::new());
        self.instructions.push(Instruction::Branch(Branch::to_file(number)));
        let mut ways = Vec::with_capacity(steps.len());
        let (mut on, mut ends) = (Vec::new(), Vec::new());
        for step in steps {
            ways.push(self.instructions.len() as u32);
            match step {
                Step::Words(list) => self.list(list, false),
                Step::Node(node) => self.write(node, last),
                Step::Nothing => {
                    on.push(ways.len() - 1);
                    continue;
                }
            }
            ends.push(self.instructions.len());
            self.instructions.push(Instruction::Jump(0));
        }
        let behind = self.instructions.len();
        ends.into_iter().for_each(|end| self.instructions[end] = Instruction::Jump(behind));
        on.into_iter().for_each(|way| ways[way] = behind as u32);
        self.branches[number] = ways;
    }

    fn list(&mut self, list: WordList, is_optional: bool) {
        // The same comes again within a pattern.
        let known = self.lists.iter().position(|known| *known == list);
        let number = known.unwrap_or(self.lists.len());
        if known.is_none() {
            self.lists.push(list);
        }
        self.instructions.push(Instruction::Words { list: number as u32, is_optional });
    }

    fn word(&mut self, text: &str) -> (u32, u32) {
        let start = self.words.len() as u32;
        self.words.push_str(text);
        (start, text.len() as u32)
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
}

/// The options of a choice, those of choices within it in their place; none stands for nothing.
fn add_options<'n>(node: &'n Node, options: &mut Vec<Option<&'n Node>>) {
    match node {
        Node::Choice(each) => each.iter().for_each(|option| add_options(option, options)),
        Node::Optional(inner) => {
            add_options(inner, options);
            options.push(None);
        }
        Node::Class(class) if class.except.is_empty() => add_options(&class.any, options),
        node => options.push(Some(node)),
    }
}

/// One way on from a branch, or several that lead over words to the same place.
enum Step<'n> {
    Words(WordList),
    Node(&'n Node),
    Nothing,
}

/// Options by preference; words that follow one another are one step, but for those that no list can hold.
fn steps<'n>(options: &[Option<&'n Node>]) -> Vec<Step<'n>> {
    let word = |option: &Option<&'n Node>| match option {
        Some(Node::Text(text)) if !text.is_empty() => Some(text.as_str()),
        _ => None,
    };
    let step = |option: &Option<&'n Node>| match option {
        Some(Node::Text(text)) if text.is_empty() => Step::Nothing,
        Some(node) => Step::Node(node),
        None => Step::Nothing,
    };
    let mut steps = Vec::new();
    for alike in options.chunk_by(|one, other| word(one).is_some() && word(other).is_some()) {
        let words: Vec<&str> = alike.iter().filter_map(word).collect();
        match WordList::of(&words) {
            Some(list) => steps.push(Step::Words(list)),
            None => steps.extend(alike.iter().map(step)),
        }
    }
    steps
}
